// SPDX-License-Identifier: MIT
// Aliases to AWS resources, as answers and explanations.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/dns/rrtype.h"
#include "core/routing/explain.h"
#include "support/packet_dsl.h"

struct question {
    const char *text;
    const char *answer;
};

static void expect_answers(const char *model, const struct question *cases, size_t count)
{
    struct test_view *view = test_view_create(model);
    for (size_t i = 0; i < count; i++) {
        const char *got = ask(view, cases[i].text);
        if (strcmp(got, cases[i].answer) != 0) {
            fail_msg("%s\n  expected %s\n  got      %s", cases[i].text, cases[i].answer, got);
        }
    }
    test_view_destroy(view);
}
#define EXPECT_ANSWERS(model, cases) expect_answers(model, cases, sizeof(cases) / sizeof((cases)[0]))

#define UP_AND_DOWN                                                                                          \
    "resource up.example.net. A 60 192.0.2.1\n"                                                              \
    "resource down.example.net. A 60 192.0.2.2 unhealthy\n"                                                  \
    "zone Z1 example.com.\n"

// T2: the name asked for and the alias's type, no trace of the target; T3: the resource's TTL; T4.
static void test_the_answer_is_the_resources_under_the_name_asked_for(void **state)
{
    (void)state;
    static const struct question cases[] = {
        {"example.com A", "NOERROR aa | example.com. 60 A 192.0.2.1 | NS*4 |"},
        {"example.com AAAA", "NOERROR aa | example.com. 20 AAAA 2001:db8::1 | NS*4 |"},
        {"any.example.com A", "NOERROR aa | any.example.com. 60 A 192.0.2.1 | NS*4 |"},
        {"via.example.com A", "NOERROR aa | via.example.com. 60 A 192.0.2.1 | NS*4 |"},
        // its own type only, unlike a CNAME
        {"example.com TXT", "NOERROR aa | | SOA*1 |"},
    };
    EXPECT_ANSWERS("resource elb.example.net. A 60 192.0.2.1\n"
                   "resource elb.example.net. AAAA 20 2001:db8::1\n"
                   "zone Z1 example.com.\n"
                   "record example.com. A 0 resource=elb.example.net\n"
                   "record example.com. AAAA 0 blindresource=elb.example.net\n"
                   "record *.example.com. A 0 resource=elb.example.net\n"
                   "record via.example.com. A 0 alias=example.com\n",
                   cases);
}

// R10: one record set with several values; their order is chance, as everywhere (core/answer).
static void test_all_addresses_of_a_resource_answer_together(void **state)
{
    (void)state;
    static const struct question cases[] = {
        {"www.example.com A",
         "NOERROR aa | www.example.com. 60 A 192.0.2.1, www.example.com. 60 A 192.0.2.2 | NS*4 |"},
    };
    EXPECT_ANSWERS("resource elb.example.net. A 60 192.0.2.1\n"
                   "resource elb.example.net. A 60 192.0.2.2\n"
                   "zone Z1 example.com.\n"
                   "record www.example.com. A 0 resource=elb.example.net\n",
                   cases);
}

// Q1, Q3, T6: with EvaluateTargetHealth a dead load balancer passes its turn on, at any depth.
static void test_a_dead_load_balancer_is_backed_out_of(void **state)
{
    (void)state;
    static const struct question cases[] = {
        {"both.example.com A", "NOERROR aa | both.example.com. 60 A 192.0.2.1 | NS*4 |"},
        {"blind.example.com A", "NOERROR aa | blind.example.com. 60 A 192.0.2.2 | NS*4 |"}, // T7
        {"tree.example.com A", "NOERROR aa | tree.example.com. 60 A 192.0.2.9 | NS*4 |"},
        {"cut.example.com A", "NOERROR aa | cut.example.com. 60 A 192.0.2.2 | NS*4 |"}, // T7, T10
    };
    EXPECT_ANSWERS(UP_AND_DOWN "failover both.example.com. A 0 primary resource=down.example.net\n"
                               "failover both.example.com. A 0 secondary resource=up.example.net\n"
                               "failover blind.example.com. A 0 primary blindresource=down.example.net\n"
                               "failover blind.example.com. A 0 secondary resource=up.example.net\n"
                               "weighted pool.example.com. A 0 a:1 resource=down.example.net\n"
                               "failover tree.example.com. A 0 primary alias=pool.example.com\n"
                               "failover tree.example.com. A 60 secondary 192.0.2.9\n"
                               "failover cut.example.com. A 0 primary blind=pool.example.com\n"
                               "failover cut.example.com. A 60 secondary 192.0.2.9\n",
                   cases);
}

// T8: a health check on the alias and the resource, both.
static void test_check_and_resource_must_both_be_healthy(void **state)
{
    (void)state;
    struct test_view *view =
        test_view_create(UP_AND_DOWN "failover www.example.com. A 0 primary resource=up.example.net hc\n"
                                     "failover www.example.com. A 60 secondary 192.0.2.9\n"
                                     "check hc\n");
    assert_string_equal(ask(view, "www.example.com A"),
                        "NOERROR aa | www.example.com. 60 A 192.0.2.1 | NS*4 |");
    test_view_set(view, "hc", false);
    assert_string_equal(ask(view, "www.example.com A"),
                        "NOERROR aa | www.example.com. 60 A 192.0.2.9 | NS*4 |");
    test_view_destroy(view);
}

// R2, R3, T10: when nothing is healthy the first choice answers.
static void test_all_resources_dead_is_fail_open(void **state)
{
    (void)state;
    static const struct question cases[] = {
        {"one.example.com A", "NOERROR aa | one.example.com. 60 A 192.0.2.2 | NS*4 |"},
        {"two.example.com A", "NOERROR aa | two.example.com. 60 A 192.0.2.2 | NS*4 |"},
        {"tree.example.com A", "NOERROR aa | tree.example.com. 60 A 192.0.2.2 | NS*4 |"},
    };
    EXPECT_ANSWERS(UP_AND_DOWN "resource dead.example.net. A 60 192.0.2.3 unhealthy\n"
                               "record one.example.com. A 0 resource=down.example.net\n"
                               "failover two.example.com. A 0 primary resource=down.example.net\n"
                               "failover two.example.com. A 0 secondary resource=dead.example.net\n"
                               "failover tree.example.com. A 0 primary alias=two.example.com\n"
                               "failover tree.example.com. A 0 secondary resource=dead.example.net\n",
                   cases);
}

// T2: healthy, and without the type: the answer is that there is none; another member's is not looked for.
static void test_a_type_that_the_resource_lacks_is_no_data(void **state)
{
    (void)state;
    static const struct question cases[] = {
        {"www.example.com AAAA", "NOERROR aa | | SOA*1 |"},
        {"pair.example.com AAAA", "NOERROR aa | | SOA*1 |"},
        {"dead.example.com AAAA", "NOERROR aa | dead.example.com. 60 AAAA 2001:db8::9 | NS*4 |"},
        {"gone.example.com AAAA", "NOERROR aa | | SOA*1 |"}, // by fail-open too
    };
    EXPECT_ANSWERS(UP_AND_DOWN "record www.example.com. AAAA 0 resource=up.example.net\n"
                               "failover pair.example.com. AAAA 0 primary resource=up.example.net\n"
                               "failover pair.example.com. AAAA 60 secondary 2001:db8::9\n"
                               "failover dead.example.com. AAAA 0 primary resource=down.example.net\n"
                               "failover dead.example.com. AAAA 60 secondary 2001:db8::9\n"
                               "record gone.example.com. AAAA 0 resource=down.example.net\n",
                   cases);
}

// W1, R1: shares among load balancers, the dead one's go to the others.
static void test_weights_spread_over_healthy_load_balancers(void **state)
{
    (void)state;
    enum { DRAWS = 4000 };
    struct test_view *view =
        test_view_create(UP_AND_DOWN "resource more.example.net. A 60 192.0.2.3\n"
                                     "weighted www.example.com. A 0 a:1 resource=up.example.net\n"
                                     "weighted www.example.com. A 0 b:2 resource=down.example.net\n"
                                     "weighted www.example.com. A 0 c:3 resource=more.example.net\n");
    int up = 0;
    int more = 0;
    for (int i = 0; i < DRAWS; i++) {
        const char *got = ask(view, "www.example.com A");
        up += strstr(got, "192.0.2.1") != NULL;
        more += strstr(got, "192.0.2.3") != NULL;
    }
    assert_int_equal(up + more, DRAWS);
    assert_in_range(up, DRAWS / 4 - DRAWS / 20, DRAWS / 4 + DRAWS / 20);
    test_view_destroy(view);
}

static void test_an_explanation_names_the_resource_and_its_health(void **state)
{
    (void)state;
    struct test_view *view =
        test_view_create(UP_AND_DOWN "failover www.example.com. A 0 primary resource=down.example.net\n"
                                     "failover www.example.com. A 0 secondary resource=up.example.net\n");
    struct client client = {.place = PLACE_NONE};
    struct random roll;
    struct dns_name name;
    struct buffer text;
    random_seed(&roll, 1);
    buffer_init(&text, 10000);
    assert_true(dns_name_parse(bytes_of("www.example.com"), &name, NULL));
    json_t *json = explain(&view->view, &name, DNS_TYPE_A, &client, &roll);
    json_t *first = json_array_get(json_object_get(json, "candidates"), 0);
    json_t *target = json_object_get(first, "alias_target");
    json_t *resource = json_object_get(target, "resource");
    assert_string_equal(json_string_value(json_object_get(first, "outcome")), "backed out");
    assert_true(json_is_false(json_object_get(target, "dangling")));
    assert_string_equal(json_string_value(json_object_get(resource, "type")), "ELB");
    assert_true(json_is_false(json_object_get(resource, "healthy")));
    json_t *second = json_array_get(json_object_get(json, "candidates"), 1);
    assert_string_equal(json_string_value(json_object_get(second, "outcome")), "chosen");
    explain_text(json, &text);
    assert_non_null(strstr(buffer_string(&text),
                           "-> alias down.example.net., its health counts: ELB, unhealthy, 192.0.2.2\n"));
    assert_non_null(strstr(buffer_string(&text),
                           "-> alias up.example.net., its health counts: ELB, healthy, 192.0.2.1\n"));
    assert_non_null(strstr(buffer_string(&text), "rules       O1, T6, Q3, T2\n"));
    buffer_free(&text);
    json_decref(json);
    test_view_destroy(view);
}

// Q3: what is set at run time is in the status table, behind the checks; a table without it leaves the
// policy's word.
static void test_a_resource_is_as_the_status_table_says(void **state)
{
    (void)state;
    struct test_view *view =
        test_view_create(UP_AND_DOWN "failover www.example.com. A 0 primary resource=up.example.net\n"
                                     "failover www.example.com. A 0 secondary resource=down.example.net\n");
    assert_non_null(strstr(ask(view, "www.example.com A"), "192.0.2.1"));
    struct status_table *status = status_table_create(2, false);
    view->view.status = status;
    status_table_set(status, 1, true);
    assert_non_null(strstr(ask(view, "www.example.com A"), "192.0.2.2"));
    struct client client = {.place = PLACE_NONE};
    struct random roll;
    struct dns_name name;
    struct buffer text;
    random_seed(&roll, 1);
    buffer_init(&text, 10000);
    assert_true(dns_name_parse(bytes_of("www.example.com"), &name, NULL));
    json_t *json = explain(&view->view, &name, DNS_TYPE_A, &client, &roll);
    explain_text(json, &text);
    assert_non_null(strstr(buffer_string(&text), "ELB, unhealthy (set, against the policy), 192.0.2.1\n"));
    json_decref(json);
    buffer_free(&text);
    free(status);
    test_view_destroy(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_answer_is_the_resources_under_the_name_asked_for),
        cmocka_unit_test(test_all_addresses_of_a_resource_answer_together),
        cmocka_unit_test(test_a_dead_load_balancer_is_backed_out_of),
        cmocka_unit_test(test_check_and_resource_must_both_be_healthy),
        cmocka_unit_test(test_all_resources_dead_is_fail_open),
        cmocka_unit_test(test_a_type_that_the_resource_lacks_is_no_data),
        cmocka_unit_test(test_weights_spread_over_healthy_load_balancers),
        cmocka_unit_test(test_an_explanation_names_the_resource_and_its_health),
        cmocka_unit_test(test_a_resource_is_as_the_status_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
