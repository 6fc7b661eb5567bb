// SPDX-License-Identifier: MIT
// Which zone answers, and one zone asked by itself.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/dns/rrtype.h"
#include "core/routing/explain.h"
#include "core/routing/resolve.h"
#include "support/model_dsl.h"

// "NOERROR 192.0.2.1", "NXDOMAIN": what the whole model says to a question, or the zone with this number.
enum { WHOLE = -1 };

static const char *ask(const struct test_view *view, int zone, const char *name_text, const char *type_text)
{
    static char text[128];
    struct client client = {.place = 0};
    struct random roll;
    struct dns_name name;
    uint16_t type;
    struct resolution resolution;
    random_seed(&roll, 1);
    struct decide_context context = {.view = &view->view, .client = &client, .roll = &roll};
    assert_true(dns_name_parse(bytes_of(name_text), &name, NULL));
    assert_true(dns_rrtype_parse(bytes_of(type_text), &type));
    if (zone == WHOLE) {
        resolve(&context, &name, type, &resolution);
    } else {
        resolve_in_zone(&context, view->model->zones[zone], &name, type, &resolution);
    }
    snprintf(text, sizeof text, "%s", resolution_kind_name(resolution.kind));
    if (resolution.kind == RESOLVED_ANSWER) {
        json_t *values = explain_values(resolution.group->type, resolution.decision.record_sets[0]);
        snprintf(text, sizeof text, "NOERROR %s", json_string_value(json_array_get(values, 0)));
        json_decref(values);
    }
    return text;
}

// D23
static void test_of_two_zones_with_one_name_the_first_answers_and_each_by_itself(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "record www.example.com. A 60 192.0.2.1\n"
                                              "zone Z2 example.com.\n"
                                              "record www.example.com. A 60 192.0.2.2\n"
                                              "record only.example.com. A 60 192.0.2.3\n");
    assert_string_equal(ask(view, WHOLE, "www.example.com", "A"), "NOERROR 192.0.2.1");
    assert_string_equal(ask(view, WHOLE, "only.example.com", "A"), "NXDOMAIN"); // never mixed
    assert_string_equal(ask(view, 0, "www.example.com", "A"), "NOERROR 192.0.2.1");
    assert_string_equal(ask(view, 1, "www.example.com", "A"), "NOERROR 192.0.2.2");
    assert_string_equal(ask(view, 1, "only.example.com", "A"), "NOERROR 192.0.2.3");
    test_view_destroy(view);
}

// D6, D9, D10, D12: the rules of names hold in one zone as they do over DNS, and other zones have no part in
// it.
static void test_one_zone_answers_by_the_rules_of_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *type;
        const char *answer;
    } cases[] = {
        {"www.example.com", "A", "NOERROR 192.0.2.1"},
        {"WWW.Example.com", "A", "NOERROR 192.0.2.1"},
        {"www.example.com", "AAAA", "NODATA"},
        {"example.com", "A", "NODATA"},
        {"b.example.com", "A", "NODATA"},
        {"x.example.com", "A", "NOERROR 192.0.2.2"}, // D9
        {"x.b.example.com", "A", "NXDOMAIN"},        // D10
        {"c.sub.example.com", "A", "REFERRAL"},      // D12
        {"sub.example.com", "DS", "NODATA"},
        {"in.example.com", "A", "NOERROR 192.0.2.5"}, // a zone of its own, but not here
        {"example.org", "A", "REFUSED"},
        {"com", "NS", "REFUSED"},
        {"notexample.com", "A", "REFUSED"},
    };
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "record www.example.com. A 60 192.0.2.1\n"
                                              "record *.example.com. A 60 192.0.2.2\n"
                                              "record a.b.example.com. A 60 192.0.2.3\n"
                                              "record sub.example.com. NS 60 ns.example.org.\n"
                                              "record c.sub.example.com. A 60 192.0.2.4\n"
                                              "record in.example.com. A 60 192.0.2.5\n"
                                              "zone Z2 in.example.com.\n"
                                              "zone Z3 example.org.\n");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (strcmp(ask(view, 0, cases[i].name, cases[i].type), cases[i].answer) != 0) {
            fail_msg("%s %s: %s, not %s", cases[i].name, cases[i].type,
                     ask(view, 0, cases[i].name, cases[i].type), cases[i].answer);
        }
    }
    assert_string_equal(ask(view, WHOLE, "in.example.com", "A"), "NODATA"); // D14
    test_view_destroy(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_two_zones_with_one_name_the_first_answers_and_each_by_itself),
        cmocka_unit_test(test_one_zone_answers_by_the_rules_of_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
