// SPDX-License-Identifier: MIT
// Route 53 locations that see different reports (A5).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/model/region.h"
#include "support/virtual_fleet.h"

static void name_locations(struct virtual_fleet *world, unsigned count)
{
    static const char *const names[] = {"us", "eu", "ap"};
    world->model.simulator.location_count = (uint8_t)count;
    memset(world->model.simulator.locations, 0, sizeof world->model.simulator.locations);
    for (unsigned i = 0; i < count; i++) {
        snprintf(world->model.simulator.locations[i], LOCATION_NAME_MAX, "%s", names[i]);
    }
}

// Checkers of the two American regions alone see the endpoint.
static struct virtual_result seen_from_america(struct virtual_fleet *world, const struct probe_order *order)
{
    struct checker_state checker;
    fleet_checker_state(world->fleet, order->check, order->checker, &checker);
    bool seen = strncmp(region_at(checker.region)->code, "us-", 3) == 0;
    return (struct virtual_result){0, seen ? OBSERVED_SUCCESS : OBSERVED_CONNECT_REFUSED};
}

static void begin(struct virtual_fleet *world, unsigned locations, virtual_endpoint endpoint)
{
    virtual_fleet_init(world);
    world->endpoint = endpoint != NULL ? endpoint : world->endpoint;
    name_locations(world, locations);
    virtual_fleet_apply(world);
}

static void cut(struct virtual_fleet *world, uint32_t location, const char *region, bool reach)
{
    assert_true(fleet_set_reports(world->fleet, location, region_find(bytes_of(region)), reach, world->now,
                                  virtual_wall(world->now)));
}

static void cut_america(struct virtual_fleet *world, uint32_t location, bool reach)
{
    cut(world, location, "us-east-1", reach);
    cut(world, location, "us-west-1", reach);
    cut(world, location, "us-west-2", reach);
}

static bool healthy_at(const struct virtual_fleet *world, uint32_t location, uint32_t check)
{
    struct check_state state;
    bool healthy = status_table_healthy(fleet_status_at(world->fleet, location), check);
    fleet_check_state_at(world->fleet, location, check, &state);
    assert_int_equal(state.healthy, healthy);
    return healthy;
}

// A3, A5: 6 of 16 checkers see the endpoint, which is plenty; where their reports do not arrive it is 0
// of 10.
static void test_locations_disagree_when_different_reports_reach_them(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world, 2, seen_from_america);
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    assert_true(healthy_at(&world, 0, 0) && healthy_at(&world, 1, 0));
    cut_america(&world, 1, false);
    assert_true(healthy_at(&world, 0, 0));
    assert_false(healthy_at(&world, 1, 0));
    struct check_state seen;
    fleet_check_state_at(world.fleet, 1, 0, &seen);
    assert_int_equal(seen.reporting, 10);
    assert_int_equal(seen.checkers_healthy, 0);
    assert_int_equal(seen.needed, 2);
    assert_int_equal(virtual_state(&world, 0).reporting, 16);
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    assert_int_equal(world.change_count, 1);
    assert_int_equal(world.changes[0].location, 1);
    assert_string_equal(world.changes[0].cause, "reports");
    assert_int_equal(world.changes[0].reporting, 12); // 2 of 12 were too few already
    assert_int_equal(world.changes[0].checkers_healthy, 2);
    cut_america(&world, 1, true);
    assert_true(healthy_at(&world, 1, 0));
    assert_true(fleet_reports_reach(world.fleet, 1, region_find(bytes_of("us-east-1"))));
    virtual_fleet_free(&world);
}

// A6
static void test_a_location_that_no_report_reaches_keeps_the_last_status(void **state)
{
    (void)state;
    for (unsigned down = 0; down < 2; down++) {
        struct virtual_fleet world;
        begin(&world, 2, down ? virtual_refuses : NULL);
        virtual_fleet_run(&world, VIRTUAL_AT(200));
        for (unsigned i = 0; i < CHECKER_REGION_COUNT; i++) {
            cut(&world, 1, region_at(checker_region_at(i))->code, false);
        }
        struct check_state seen;
        fleet_check_state_at(world.fleet, 1, 0, &seen);
        assert_int_equal(seen.reporting, 0);
        assert_int_equal(seen.needed, 0);
        assert_int_equal(healthy_at(&world, 1, 0), !down);
        world.endpoint = virtual_refuses;
        virtual_fleet_run(&world, VIRTUAL_AT(400));
        assert_false(healthy_at(&world, 0, 0));
        assert_int_equal(healthy_at(&world, 1, 0), !down);
        virtual_fleet_free(&world);
    }
}

// S7: a parent counts its children as its location sees them.
static void test_calculated_checks_are_each_location_s_own(void **state)
{
    (void)state;
    static const uint32_t children[] = {0};
    struct virtual_fleet world;
    virtual_fleet_init(&world);
    world.endpoint = seen_from_america;
    world.checks[1] = (struct health_check){.id = "parent",
                                            .version = 1,
                                            .type = HEALTH_CHECK_CALCULATED,
                                            .health_threshold = 1,
                                            .child_count = 1,
                                            .children = children};
    world.model.health_check_count = 2;
    name_locations(&world, 3);
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    cut_america(&world, 2, false);
    assert_true(healthy_at(&world, 0, 1) && healthy_at(&world, 1, 1));
    assert_false(healthy_at(&world, 2, 1));
    virtual_fleet_free(&world);
}

// A9 runs at each location for itself.
static void test_the_aggregation_delay_holds_at_each_location(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world, 2, seen_from_america);
    world.model.simulator.aggregation_delay = DURATION_S(5);
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    cut_america(&world, 1, false);
    virtual_fleet_run(&world, VIRTUAL_AT(204));
    assert_true(healthy_at(&world, 1, 0));
    virtual_fleet_run(&world, VIRTUAL_AT(205));
    assert_false(healthy_at(&world, 1, 0));
    assert_true(healthy_at(&world, 0, 0));
    virtual_fleet_free(&world);
}

// Overrides, settings and switches are the same everywhere.
static void test_what_is_imposed_on_a_check_holds_at_every_location(void **state)
{
    (void)state;
    struct virtual_fleet world;
    struct override override = {.verdict = OVERRIDE_UNHEALTHY, .until = MONO_NEVER};
    begin(&world, 3, virtual_refuses);
    fleet_set_override(world.fleet, 0, &override, world.now, virtual_wall(world.now));
    for (uint32_t location = 0; location < 3; location++) {
        assert_false(healthy_at(&world, location, 0));
    }
    world.checks[0].inverted = true;
    virtual_fleet_apply(&world);
    fleet_set_override(world.fleet, 0, &(struct override){.until = MONO_NEVER}, world.now,
                       virtual_wall(world.now));
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    for (uint32_t location = 0; location < 3; location++) {
        assert_true(healthy_at(&world, location, 0));
    }
    virtual_fleet_free(&world);
}

// A reload that names other locations begins without a partition; new ones begin as the first is.
static void test_locations_come_and_go_with_the_policy(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world, 1, seen_from_america);
    assert_int_equal(fleet_location_count(world.fleet), 1);
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    cut_america(&world, 0, false);
    assert_false(healthy_at(&world, 0, 0));
    virtual_fleet_apply(&world);
    assert_false(fleet_reports_reach(world.fleet, 0, region_find(bytes_of("us-east-1"))));
    name_locations(&world, 3);
    virtual_fleet_apply(&world);
    assert_int_equal(fleet_location_count(world.fleet), 3);
    assert_int_equal(fleet_find_location(world.fleet, "ap"), 2);
    assert_int_equal(fleet_find_location(world.fleet, "sa"), LOCATION_NONE);
    assert_string_equal(fleet_location_name(world.fleet, 1), "eu");
    for (uint32_t location = 0; location < 3; location++) {
        assert_true(fleet_reports_reach(world.fleet, location, region_find(bytes_of("us-east-1"))));
        assert_true(healthy_at(&world, location, 0));
    }
    cut_america(&world, 2, false);
    name_locations(&world, 2);
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(300));
    world.model.health_check_count = 0;
    name_locations(&world, 3);
    virtual_fleet_apply(&world);
    assert_false(fleet_set_reports(world.fleet, 3, REGION_NONE, false, world.now, virtual_wall(world.now)));
    assert_false(fleet_set_reports(world.fleet, 0, region_find(bytes_of("eu-central-1")), false, world.now,
                                   virtual_wall(world.now)));
    virtual_fleet_free(&world);
}

// A5 for a controller that probes for itself: its checkers have no region.
static void test_reports_of_checkers_without_a_region_can_be_cut_off_too(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world, 2, virtual_refuses);
    world.model.simulator.checkers = 1;
    virtual_fleet_apply(&world);
    assert_true(fleet_set_reports(world.fleet, 1, REGION_NONE, false, world.now, virtual_wall(world.now)));
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    assert_false(healthy_at(&world, 0, 0));
    assert_true(healthy_at(&world, 1, 0));
    virtual_fleet_free(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_locations_disagree_when_different_reports_reach_them),
        cmocka_unit_test(test_a_location_that_no_report_reaches_keeps_the_last_status),
        cmocka_unit_test(test_calculated_checks_are_each_location_s_own),
        cmocka_unit_test(test_the_aggregation_delay_holds_at_each_location),
        cmocka_unit_test(test_what_is_imposed_on_a_check_holds_at_every_location),
        cmocka_unit_test(test_locations_come_and_go_with_the_policy),
        cmocka_unit_test(test_reports_of_checkers_without_a_region_can_be_cut_off_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
