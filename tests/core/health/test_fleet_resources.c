// SPDX-License-Identifier: MIT
// The health of AWS resources, set at run time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/virtual_fleet.h"

static struct resource resources[3];

static void begin(struct virtual_fleet *world)
{
    virtual_fleet_init(world);
    resources[0] = (struct resource){.type = RESOURCE_ALB, .name = "a.elb.example", .healthy = true};
    resources[1] = (struct resource){.type = RESOURCE_ELB, .name = "b.elb.example", .healthy = false};
    resources[2] = (struct resource){.type = RESOURCE_CLOUDFRONT, .name = "c.example", .healthy = true};
    world->model.resources = resources;
    world->model.resource_count = 3;
    virtual_fleet_apply(world);
}

// They come behind the one check.
static bool healthy(const struct virtual_fleet *world, uint32_t resource)
{
    return status_table_healthy(fleet_status(world->fleet), world->model.health_check_count + resource);
}

static bool set(struct virtual_fleet *world, uint32_t resource, bool is_healthy, double until)
{
    struct resource_override override = {.healthy = is_healthy, .until = MONO_NEVER};
    if (until > 0) {
        override.until = VIRTUAL_AT(until);
    }
    return fleet_set_resource(world->fleet, resource, &override, world->now, virtual_wall(world->now));
}

// Q3
static void test_a_resource_is_as_the_policy_says_until_it_is_set(void **state)
{
    (void)state;
    struct virtual_fleet world;
    struct resource_change change;
    begin(&world);
    assert_true(healthy(&world, 0) && !healthy(&world, 1) && healthy(&world, 2));
    uint64_t before = fleet_generation(world.fleet);
    assert_true(set(&world, 0, false, 0));
    assert_true(set(&world, 1, true, 0));
    assert_true(!healthy(&world, 0) && healthy(&world, 1));
    assert_int_equal(fleet_generation(world.fleet), before + 2);
    assert_false(fleet_resource_override(world.fleet, 0)->healthy);
    assert_true(fleet_next_resource_change(world.fleet, &change));
    assert_int_equal(change.resource, 0);
    assert_false(change.healthy);
    assert_string_equal(change.cause, "override");
    assert_true(fleet_next_resource_change(world.fleet, &change));
    assert_false(fleet_next_resource_change(world.fleet, &change));
    assert_true(fleet_set_resource(world.fleet, 0, NULL, world.now, virtual_wall(world.now)));
    assert_true(healthy(&world, 0));
    assert_null(fleet_resource_override(world.fleet, 0));
    virtual_fleet_free(&world);
}

// Q3: those that always count as healthy.
static void test_only_resources_whose_health_counts_can_be_set(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world);
    assert_false(set(&world, 2, false, 0));
    assert_false(set(&world, 3, false, 0));
    assert_true(healthy(&world, 2));
    virtual_fleet_free(&world);
}

static void test_what_is_set_of_a_resource_expires_to_the_tick(void **state)
{
    (void)state;
    struct virtual_fleet world;
    struct resource_change change;
    begin(&world);
    set(&world, 0, false, 100);
    while (fleet_next_resource_change(world.fleet, &change)) {
    }
    virtual_fleet_run(&world, (mono_time){DURATION_S(100) - 1});
    assert_false(healthy(&world, 0));
    virtual_fleet_run(&world, VIRTUAL_AT(100));
    assert_true(healthy(&world, 0));
    assert_true(fleet_next_resource_change(world.fleet, &change));
    assert_string_equal(change.cause, "override ended");
    assert_int_equal(change.at.ns, DURATION_S(100));
    assert_int_equal(change.wall.ns, virtual_wall(VIRTUAL_AT(100)).ns);
    virtual_fleet_free(&world);
}

// The switch is on top of what each policy says, and goes with the resource's name.
static void test_what_is_set_outlives_a_reload_and_goes_with_the_resource(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world);
    set(&world, 0, false, 0);
    world.checks[1] = virtual_check("check-1");
    world.model.health_check_count = 2;
    resources[0].name = "b.elb.example";
    resources[1].name = "a.elb.example";
    resources[1].healthy = true;
    virtual_fleet_apply(&world);
    assert_true(healthy(&world, 0));
    assert_false(healthy(&world, 1));
    assert_non_null(fleet_resource_override(world.fleet, 1));
    world.model.resource_count = 1;
    virtual_fleet_apply(&world);
    world.model.resource_count = 2;
    virtual_fleet_apply(&world);
    assert_true(healthy(&world, 1));
    virtual_fleet_free(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_resource_is_as_the_policy_says_until_it_is_set),
        cmocka_unit_test(test_only_resources_whose_health_counts_can_be_set),
        cmocka_unit_test(test_what_is_set_of_a_resource_expires_to_the_tick),
        cmocka_unit_test(test_what_is_set_outlives_a_reload_and_goes_with_the_resource),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
