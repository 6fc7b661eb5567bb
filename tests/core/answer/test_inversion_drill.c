// SPDX-License-Identifier: MIT
// EX1, EX4 and EX22 as clients see them: the fleet, the statuses and answer() together in virtual time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/health/fleet.h"
#include "support/packet_dsl.h"

struct drill {
    struct test_view *view;
    struct fleet *fleet;
    bool endpoints_answer;
};

static const char policy[] = "zone Z1 example.com.\n"
                             "latency www.example.com. A 60 us-east-1 192.0.2.10 hc-e\n"
                             "latency www.example.com. A 60 eu-west-1 198.51.100.20 hc-w\n"
                             "check hc-e\n"
                             "check hc-w\n"
                             "place US us-east-1=10 eu-west-1=80\n"
                             "place EU us-east-1=90 eu-west-1=25\n";

static mono_time seconds(double s)
{
    return (mono_time){duration_from_seconds(s)};
}

static wall_time wall(mono_time at)
{
    return (wall_time){at.ns};
}

static struct drill begin(const char *text)
{
    struct drill drill = {.view = test_view_create(text), .fleet = fleet_create(), .endpoints_answer = true};
    fleet_apply(drill.fleet, drill.view->model, seconds(0), wall(seconds(0)));
    return drill;
}

static void end(struct drill *drill)
{
    fleet_destroy(drill->fleet);
    test_view_destroy(drill->view);
}

// Every probe that falls due until then is answered or refused at once, and the statuses are published.
static void run(struct drill *drill, double until)
{
    mono_time next;
    while ((next = fleet_next(drill->fleet)).ns <= seconds(until).ns) {
        struct probe_order order;
        fleet_advance(drill->fleet, next, wall(next));
        while (fleet_take_due(drill->fleet, next, &order)) {
            struct observation observation = {.reason = drill->endpoints_answer ? OBSERVED_SUCCESS
                                                                                : OBSERVED_CONNECT_REFUSED,
                                              .http = true};
            fleet_observe(drill->fleet, &order, &observation, next, wall(next));
        }
    }
    fleet_advance(drill->fleet, seconds(until), wall(seconds(until)));
    for (uint32_t i = 0; i < drill->view->model->health_check_count; i++) {
        status_table_set(drill->view->status, i, status_table_healthy(fleet_status(drill->fleet), i));
    }
}

static void invert(struct drill *drill, const char *check, bool inverted, double at)
{
    struct override override = {.has_inverted = true, .inverted = inverted, .until = MONO_NEVER};
    uint32_t index = model_find_health_check(drill->view->model, bytes_of(check));
    assert_true(fleet_set_override(drill->fleet, index, &override, seconds(at), wall(seconds(at))));
}

#define EAST "NOERROR aa | www.example.com. 60 A 192.0.2.10 | NS*4 |"
#define WEST "NOERROR aa | www.example.com. 60 A 198.51.100.20 | NS*4 |"

static void expect(struct drill *drill, double at, const char *us, const char *eu)
{
    run(drill, at);
    assert_string_equal(ask(drill->view, "www.example.com A +place=US"), us);
    assert_string_equal(ask(drill->view, "www.example.com A +place=EU"), eu);
}

// EX1, S4, LT1.
static void test_ex1_the_inverted_region_is_left_and_returned_to(void **state)
{
    (void)state;
    struct drill drill = begin(policy);
    expect(&drill, 99, EAST, WEST);
    invert(&drill, "hc-e", true, 100);
    expect(&drill, 100, WEST, WEST);
    expect(&drill, 130, WEST, WEST);
    invert(&drill, "hc-e", false, 400);
    expect(&drill, 400, EAST, WEST);
    end(&drill);
}

// EX1 in the realistic profile: H15 20 s and A9 5 s.
static void test_ex1_realistic_delays_move_the_answer_after_twenty_five_seconds(void **state)
{
    (void)state;
    struct drill drill = begin("knob config-delay 20\nknob aggregation-delay 5\n"
                               "zone Z1 example.com.\n"
                               "latency www.example.com. A 60 us-east-1 192.0.2.10 hc-e\n"
                               "latency www.example.com. A 60 eu-west-1 198.51.100.20 hc-w\n"
                               "check hc-e\ncheck hc-w\n"
                               "place US us-east-1=10 eu-west-1=80\n"
                               "place EU us-east-1=90 eu-west-1=25\n");
    run(&drill, 99);
    invert(&drill, "hc-e", true, 100);
    expect(&drill, 124.999, EAST, WEST);
    expect(&drill, 125, WEST, WEST);
    end(&drill);
}

// EX4, R3.
static void test_ex4_both_regions_inverted_answer_as_in_steady_state(void **state)
{
    (void)state;
    struct drill drill = begin(policy);
    invert(&drill, "hc-e", true, 10);
    invert(&drill, "hc-w", true, 10);
    expect(&drill, 20, EAST, WEST);
    end(&drill);
}

// EX22, H4, H5: dead from the beginning, served until about t=85.
static void test_ex22_a_new_check_of_a_dead_endpoint_is_believed_at_first(void **state)
{
    (void)state;
    struct drill drill = begin("zone Z1 example.com.\n"
                               "latency www.example.com. A 60 us-east-1 192.0.2.10 hc-e\n"
                               "latency www.example.com. A 60 eu-west-1 198.51.100.20\n"
                               "check hc-e\n"
                               "place US us-east-1=10 eu-west-1=80\n"
                               "place EU us-east-1=90 eu-west-1=25\n");
    drill.endpoints_answer = false;
    expect(&drill, 60, EAST, WEST); // no verdict falls before the third failure
    expect(&drill, 90, WEST, WEST); // and all have by then
    end(&drill);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ex1_the_inverted_region_is_left_and_returned_to),
        cmocka_unit_test(test_ex1_realistic_delays_move_the_answer_after_twenty_five_seconds),
        cmocka_unit_test(test_ex4_both_regions_inverted_answer_as_in_steady_state),
        cmocka_unit_test(test_ex22_a_new_check_of_a_dead_endpoint_is_believed_at_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
