// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/search/blast.h"
#include "core/search/failures.h"
#include "support/model_dsl.h"

#define PLACES                                                                                               \
    "place US us-east-1=10 eu-west-1=80 ap-northeast-1=160\n"                                                \
    "place DE us-east-1=90 eu-west-1=25 ap-northeast-1=230\n"                                                \
    "place JP us-east-1=150 eu-west-1=210 ap-northeast-1=5\n"
#define THREE                                                                                                \
    "zone Z1 example.com.\n"                                                                                 \
    "latency api.example.com. A 60 us-east-1 192.0.2.1 e\n"                                                  \
    "latency api.example.com. A 60 eu-west-1 192.0.2.2 w\n"                                                  \
    "latency api.example.com. A 60 ap-northeast-1 192.0.2.3 n\n"                                             \
    "check e\ncheck w\ncheck n\n" PLACES

// One side: a policy, with one check drained or none.
struct side {
    struct test_view *view;
    struct population *population;
    struct atlas *atlas;
    struct status_table *status;
    struct blast_side blast;
};

static void open_side(struct side *side, const char *text, const char *drained)
{
    side->view = test_view_create(text);
    const struct model *model = side->view->model;
    side->population = population_create(model);
    side->atlas = atlas_create(&side->view->view, side->population, NULL, NULL);
    assert_non_null(side->atlas);
    side->status = status_table_create(model->health_check_count, true);
    struct health_effects *effects = health_effects_create(side->atlas);
    struct failure pin = {FAILURE_DRAIN,
                          drained != NULL ? model_find_health_check(model, bytes_of(drained)) : 0};
    health_effects_apply(effects, &pin, drained != NULL, side->status);
    health_effects_destroy(effects);
    side->blast = (struct blast_side){side->atlas, side->status};
}

static void close_side(struct side *side)
{
    free(side->status);
    atlas_destroy(side->atlas);
    population_destroy(side->population);
    test_view_destroy(side->view);
}

// The only name, between two policies.
static json_t *compare(const char *before, const char *after, const char *drained)
{
    struct side sides[2];
    open_side(&sides[0], before, NULL);
    open_side(&sides[1], after, drained);
    json_t *report = blast_json(&sides[0].blast, &sides[1].blast);
    close_side(&sides[0]);
    close_side(&sides[1]);
    return report;
}

static const json_t *name_of(const json_t *report)
{
    return json_array_get(json_object_get(report, "names"), 0);
}

static double real(const json_t *json, const char *key)
{
    assert_true(json_is_number(json_object_get(json, key)));
    return json_number_value(json_object_get(json, key));
}

static void assert_near(double value, double wanted)
{
    if (!(fabs(value - wanted) < 1e-9)) {
        fail_msg("%.12f is not %.12f", value, wanted);
    }
}

static void assert_flow(const json_t *flow, const char *from, const char *to, double percent, double before,
                        double after)
{
    assert_string_equal(json_string_value(json_object_get(flow, "from")), from);
    assert_string_equal(json_string_value(json_object_get(flow, "to")), to);
    assert_near(real(flow, "percent"), percent);
    assert_near(real(flow, "before_ms"), before);
    assert_near(real(flow, "after_ms"), after);
}

// DE goes from 25 to 90 ms, the others stay.
static void test_a_drain_moves_those_who_were_there(void **state)
{
    (void)state;
    json_t *report = compare(THREE, THREE, "w");
    const json_t *name = name_of(report);
    const json_t *flows = json_object_get(name, "flows");
    assert_near(real(name, "moved_percent"), 100.0 / 3);
    assert_near(real(name, "before_ms"), (10 + 25 + 5) / 3.0);
    assert_near(real(name, "after_ms"), (10 + 90 + 5) / 3.0);
    assert_int_equal(json_array_size(flows), 1);
    assert_flow(json_array_get(flows, 0), "eu-west-1", "us-east-1", 100.0 / 3, 25, 90);
    const json_t *place = json_array_get(json_object_get(name, "places"), 0);
    assert_string_equal(json_string_value(json_object_get(place, "place")), "DE");
    json_decref(report);
}

// W1: weights 6 : 3 : 1 become 0 : 3 : 1, so b and c take what a had as 3 to 1: 60 % moves, 45 and 15.
static void test_shares_move_from_what_has_too_much_to_what_wants(void **state)
{
    (void)state;
    static const char before[] = "zone Z1 example.com.\n"
                                 "weighted api.example.com. A 60 a:6 192.0.2.1 a\n"
                                 "weighted api.example.com. A 60 b:3 192.0.2.2 b\n"
                                 "weighted api.example.com. A 60 c:1 192.0.2.3 c\n"
                                 "check a\ncheck b\ncheck c\n" PLACES;
    json_t *report = compare(before, before, "a");
    const json_t *name = name_of(report);
    const json_t *flows = json_object_get(name, "flows");
    assert_near(real(name, "moved_percent"), 60);
    assert_int_equal(json_array_size(flows), 2);
    assert_near(real(json_array_get(flows, 0), "percent"), 45);
    assert_near(real(json_array_get(flows, 1), "percent"), 15);
    assert_true(json_is_null(json_object_get(name, "before_ms"))); // "a:6" is no AWS region
    json_decref(report);
}

// Places are matched by name: JP is not known to the new policy, and FR not to the old one.
static void test_two_policies_are_compared_where_both_know_the_place(void **state)
{
    (void)state;
    json_t *report = compare(THREE,
                             "zone Z1 example.com.\n"
                             "latency api.example.com. A 60 us-east-1 192.0.2.1\n"
                             "latency new.example.com. A 60 us-east-1 192.0.2.1\n"
                             "place DE us-east-1=95\nplace FR us-east-1=85\nplace US us-east-1=12\n",
                             NULL);
    const json_t *names = json_object_get(report, "names");
    assert_int_equal(json_integer_value(json_object_get(report, "places")), 2);
    assert_int_equal(json_integer_value(json_object_get(report, "places_left_out")), 1);
    assert_int_equal(json_array_size(names), 2);
    assert_flow(json_array_get(json_object_get(name_of(report), "flows"), 0), "eu-west-1", "us-east-1",
                100.0 / 3, 25, 95);
    assert_near(real(name_of(report), "after_ms"), (95 + 12) / 2.0);
    assert_string_equal(json_string_value(json_object_get(json_array_get(names, 1), "only")), "after");
    json_decref(report);
}

static void test_the_same_policy_moves_nobody(void **state)
{
    (void)state;
    json_t *report = compare(THREE, THREE, NULL);
    assert_near(real(name_of(report), "moved_percent"), 0);
    assert_int_equal(json_array_size(json_object_get(name_of(report), "flows")), 0);
    assert_int_equal(json_array_size(json_object_get(name_of(report), "places")), 0);
    json_decref(report);
}

static void test_the_text_says_who_moves_where_at_what_cost(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text, 65536);
    json_t *report = compare(THREE, THREE, "w");
    blast_text(report, &text);
    assert_string_equal(buffer_string(&text),
                        "clients in 3 places\n"
                        "api.example.com. A: 33.3 % of clients move\n"
                        "  the average client: +22 ms, from 13 to 35\n"
                        "  eu-west-1        to us-east-1         33.3 %  +65 ms, from 25 to 90\n"
                        "  who loses most:\n"
                        "    DE        33.3 %  eu-west-1 to us-east-1, +65 ms, from 25 to 90\n"
                        "  load:\n"
                        "    ap-northeast-1    33.3 % to  33.3 %\n"
                        "    eu-west-1         33.3 % to   0.0 %\n"
                        "    us-east-1         33.3 % to  66.7 %\n");
    buffer_free(&text);
    json_decref(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_drain_moves_those_who_were_there),
        cmocka_unit_test(test_shares_move_from_what_has_too_much_to_what_wants),
        cmocka_unit_test(test_two_policies_are_compared_where_both_know_the_place),
        cmocka_unit_test(test_the_same_policy_moves_nobody),
        cmocka_unit_test(test_the_text_says_who_moves_where_at_what_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
