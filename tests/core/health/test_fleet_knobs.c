// SPDX-License-Identifier: MIT
// What AWS does not say about checkers and their verdicts: each knob both ways.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/health/probe.h"
#include "core/model/region.h"
#include "support/virtual_fleet.h"

// H5: 16 checkers, 30 s x 3, a dead endpoint: the fourteenth verdict falls in the third round, or in the
// first.
static void test_a_new_checker_s_first_result_may_be_its_verdict(void **state)
{
    (void)state;
    for (unsigned first = 0; first < 2; first++) {
        struct virtual_fleet world;
        virtual_fleet_init(&world);
        world.endpoint = virtual_refuses;
        world.model.simulator.first_result_decides = first;
        virtual_fleet_apply(&world);
        virtual_fleet_run(&world, VIRTUAL_AT(200));
        assert_int_equal(world.change_count, 1);
        assert_in_range(world.changes[0].at.ns, DURATION_S(first ? 0 : 60), DURATION_S(first ? 30 : 90));
        virtual_fleet_free(&world);
    }
}

static struct virtual_result fails_once(struct virtual_fleet *world, const struct probe_order *order)
{
    struct checker_state checker;
    fleet_checker_state(world->fleet, order->check, order->checker, &checker);
    bool second = checker.observed && !checker.failed;
    return (struct virtual_result){0, second ? OBSERVED_CONNECT_REFUSED : OBSERVED_SUCCESS};
}

// H5: only the first; the next ones need FailureThreshold.
static void test_later_results_need_the_threshold_in_any_case(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_init(&world);
    world.endpoint = fails_once;
    world.model.simulator.first_result_decides = true;
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    assert_int_equal(world.change_count, 0);
    virtual_fleet_free(&world);
}

// P4: evenly, checker i of 16 starts at i * 30 s / 16.
static void test_phases_may_be_spread_evenly(void **state)
{
    (void)state;
    for (unsigned even = 0; even < 2; even++) {
        struct virtual_fleet world;
        unsigned in_place = 0;
        virtual_fleet_init(&world);
        world.model.simulator.even_phases = even;
        virtual_fleet_apply(&world);
        for (uint32_t i = 0; i < 16; i++) {
            struct probe_order order;
            mono_time due = fleet_next(world.fleet);
            assert_true(fleet_take_due(world.fleet, due, &order));
            in_place += order.checker == i && due.ns == i * DURATION_MS(1875);
        }
        assert_int_equal(in_place == 16, even);
        virtual_fleet_free(&world);
    }
}

// H14: the verdicts about the endpoint before, or none.
static void test_another_endpoint_keeps_verdicts_or_reseeds(void **state)
{
    (void)state;
    for (unsigned reseed = 0; reseed < 2; reseed++) {
        struct virtual_fleet world;
        virtual_fleet_begin(&world, virtual_refuses);
        world.model.simulator.updates_reseed = reseed;
        virtual_fleet_run(&world, VIRTUAL_AT(200));
        assert_false(virtual_healthy(&world, 0));
        world.checks[0].port = 81;
        virtual_fleet_apply(&world);
        assert_int_equal(virtual_healthy(&world, 0), reseed);
        assert_int_equal(virtual_state(&world, 0).checkers_healthy, reseed ? 16 : 0);
        virtual_fleet_run(&world, VIRTUAL_AT(500));
        assert_false(virtual_healthy(&world, 0));
        virtual_fleet_free(&world);
    }
}

// A7
static void test_added_checkers_start_with_the_status_or_healthy(void **state)
{
    (void)state;
    for (unsigned healthy = 0; healthy < 2; healthy++) {
        struct virtual_fleet world;
        virtual_fleet_init(&world);
        world.endpoint = virtual_refuses;
        world.checks[0].regions = 0x07;
        world.model.simulator.added_checkers_healthy = healthy;
        virtual_fleet_apply(&world);
        virtual_fleet_run(&world, VIRTUAL_AT(200));
        assert_false(virtual_healthy(&world, 0));
        world.checks[0].regions = 0xff;
        virtual_fleet_apply(&world);
        assert_int_equal(virtual_state(&world, 0).checkers_healthy, healthy ? 10 : 0);
        assert_int_equal(virtual_healthy(&world, 0), healthy);
        virtual_fleet_free(&world);
    }
}

// A6
static void test_without_reports_a_check_is_as_the_knob_says(void **state)
{
    (void)state;
    static const struct {
        enum simulator_without_reports knob;
        bool down; // before the reports end
        bool healthy;
    } cases[] = {
        {WITHOUT_REPORTS_LAST, false, true},       {WITHOUT_REPORTS_LAST, true, false},
        {WITHOUT_REPORTS_HEALTHY, true, true},     {WITHOUT_REPORTS_HEALTHY, false, true},
        {WITHOUT_REPORTS_UNHEALTHY, false, false}, {WITHOUT_REPORTS_UNHEALTHY, true, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct virtual_fleet world;
        virtual_fleet_init(&world);
        if (cases[i].down) {
            world.endpoint = virtual_refuses;
        }
        world.model.simulator.without_reports = (uint8_t)cases[i].knob;
        virtual_fleet_apply(&world);
        virtual_fleet_run(&world, VIRTUAL_AT(200));
        for (unsigned region = 0; region < CHECKER_REGION_COUNT; region++) {
            fleet_set_reports(world.fleet, 0, checker_region_at(region), false, world.now,
                              virtual_wall(world.now));
        }
        assert_int_equal(virtual_healthy(&world, 0), cases[i].healthy);
        virtual_fleet_free(&world);
    }
}

// H10, as a child.
static void test_a_child_that_is_gone_counts_as_the_knob_says(void **state)
{
    (void)state;
    static const uint32_t children[] = {HEALTH_CHECK_NONE};
    for (unsigned unhealthy = 0; unhealthy < 2; unhealthy++) {
        struct virtual_fleet world;
        virtual_fleet_init(&world);
        world.checks[0] = (struct health_check){.id = "parent",
                                                .version = 1,
                                                .type = HEALTH_CHECK_CALCULATED,
                                                .health_threshold = 1,
                                                .child_count = 1,
                                                .children = children};
        world.model.simulator.dangling_checks_unhealthy = unhealthy;
        virtual_fleet_apply(&world);
        assert_int_equal(virtual_healthy(&world, 0), !unhealthy);
        virtual_fleet_free(&world);
    }
}

// P23
static void test_ref_may_be_the_check_s_id(void **state)
{
    (void)state;
    struct health_check check = virtual_check("3f7c1d52-8a64-4e0b-9c1f-6b2d5e8a7001");
    char text[PROBE_USER_AGENT_TEXT];
    probe_user_agent(&check, text);
    assert_null(strstr(text, check.id));
    check.habits.plain_ref = true;
    probe_user_agent(&check, text);
    assert_string_equal(text,
                        "Amazon-Route53-Health-Check-Service (ref 3f7c1d52-8a64-4e0b-9c1f-6b2d5e8a7001; "
                        "report http://amzn.to/1vsZADi)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_checker_s_first_result_may_be_its_verdict),
        cmocka_unit_test(test_later_results_need_the_threshold_in_any_case),
        cmocka_unit_test(test_phases_may_be_spread_evenly),
        cmocka_unit_test(test_another_endpoint_keeps_verdicts_or_reseeds),
        cmocka_unit_test(test_added_checkers_start_with_the_status_or_healthy),
        cmocka_unit_test(test_without_reports_a_check_is_as_the_knob_says),
        cmocka_unit_test(test_a_child_that_is_gone_counts_as_the_knob_says),
        cmocka_unit_test(test_ref_may_be_the_check_s_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
