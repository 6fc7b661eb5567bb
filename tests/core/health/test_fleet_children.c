// SPDX-License-Identifier: MIT
// Calculated checks in virtual time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "support/virtual_fleet.h"

// Checks 1 to 3 are the children of check 0; check 3 is made unhealthy by an inversion of a live endpoint.
static const uint32_t children[] = {1, 2, 3};

static void begin(struct virtual_fleet *world, uint16_t threshold)
{
    virtual_fleet_init(world);
    world->checks[0] = (struct health_check){.id = "parent",
                                             .version = 1,
                                             .type = HEALTH_CHECK_CALCULATED,
                                             .health_threshold = threshold,
                                             .child_count = 3,
                                             .children = children};
    world->checks[1] = virtual_check("c1");
    world->checks[2] = virtual_check("c2");
    world->checks[2].disabled = true;
    world->checks[3] = virtual_check("c3");
    world->checks[3].inverted = true;
    world->model.health_check_count = 4;
}

// EX15, S1-S3, S6-S8: what a policy says at start, and the same when it comes later.
static void test_ex15_a_calculated_check_counts_the_final_statuses_of_its_children(void **state)
{
    (void)state;
    static const struct {
        uint16_t threshold;
        bool invert_c2;
        bool inverted; // the parent
        bool disabled;
        bool healthy;
        uint32_t children;
    } cases[] = {
        {2, false, false, false, true, 2},  {2, true, false, false, false, 1},
        {4, false, false, false, false, 2}, {3, false, false, false, false, 2},
        {0, false, false, false, true, 2},  {0, false, true, false, false, 2},
        {4, true, false, true, true, 1},    {4, true, true, true, false, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned later = 0; later < 2; later++) {
            struct virtual_fleet world;
            begin(&world, 1);
            if (later) {
                virtual_fleet_apply(&world);
                virtual_fleet_run(&world, VIRTUAL_AT(100));
            }
            world.checks[0].health_threshold = cases[i].threshold;
            world.checks[0].inverted = cases[i].inverted;
            world.checks[0].disabled = cases[i].disabled;
            world.checks[2].inverted = cases[i].invert_c2;
            virtual_fleet_apply(&world);
            virtual_fleet_run(&world, VIRTUAL_AT(200));
            struct check_state parent = virtual_state(&world, 0);
            assert_int_equal(virtual_healthy(&world, 0), cases[i].healthy);
            assert_int_equal(parent.healthy, cases[i].healthy);
            assert_int_equal(parent.checkers_healthy, cases[i].children);
            assert_int_equal(parent.reporting, 3);
            assert_int_equal(parent.needed, cases[i].threshold);
            assert_int_equal(parent.checkers, 0); // H16
            virtual_fleet_free(&world);
        }
    }
}

static struct virtual_result c1_refuses(struct virtual_fleet *world, const struct probe_order *order)
{
    (void)world;
    bool c1 = strcmp(order->config->id, "c1") == 0;
    return (struct virtual_result){0, c1 ? OBSERVED_CONNECT_REFUSED : OBSERVED_SUCCESS};
}

// S8: no threshold of results, no interval: the same moment.
static void test_a_child_that_fails_takes_its_parent_along_at_once(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world, 2);
    world.endpoint = c1_refuses;
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    assert_int_equal(world.change_count, 2);
    assert_int_equal(world.changes[0].check, 1);
    assert_string_equal(world.changes[0].cause, "observation");
    assert_int_equal(world.changes[1].check, 0);
    assert_string_equal(world.changes[1].cause, "child");
    assert_false(world.changes[1].healthy);
    assert_int_equal(world.changes[1].at.ns, world.changes[0].at.ns);
    assert_int_equal(world.changes[1].wall.ns, world.changes[0].wall.ns);
    assert_int_equal(world.changes[1].checkers_healthy, 1);
    assert_int_equal(world.changes[1].reporting, 3);
    assert_int_equal(world.changes[1].needed, 2);
    assert_int_equal(world.changes[1].evidence_region, REGION_NONE);
    virtual_fleet_free(&world);
}

// A9 holds for a parent as for any other check, on top of its child's.
static void test_the_aggregation_delay_is_the_parent_s_too(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world, 2);
    world.endpoint = c1_refuses;
    world.model.simulator.aggregation_delay = DURATION_S(5);
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    assert_int_equal(world.change_count, 2);
    assert_int_equal(world.changes[1].at.ns - world.changes[0].at.ns, DURATION_S(5));
    virtual_fleet_free(&world);
}

// S7: what a child's status is used as, an operator's word included, is what its parent counts.
static void test_an_override_of_a_child_reaches_its_parent(void **state)
{
    (void)state;
    struct virtual_fleet world;
    struct override down = {.verdict = OVERRIDE_UNHEALTHY, .until = VIRTUAL_AT(150)};
    begin(&world, 2);
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(100));
    assert_true(fleet_set_override(world.fleet, 1, &down, world.now, virtual_wall(world.now)));
    assert_false(virtual_healthy(&world, 0));
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    assert_true(virtual_healthy(&world, 0));
    assert_int_equal(world.change_count, 4);
    assert_string_equal(world.changes[3].cause, "child");
    assert_int_equal(world.changes[3].at.ns, DURATION_S(150));
    virtual_fleet_free(&world);
}

// Checks are matched by id, children by their index in the new model: moving them about changes nothing.
static void test_a_new_model_may_order_children_and_parents_anew(void **state)
{
    (void)state;
    static const uint32_t moved[] = {2, 0, 1};
    struct virtual_fleet world;
    begin(&world, 2);
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(100));
    struct health_check parent = world.checks[0];
    parent.children = moved;
    world.checks[0] = world.checks[2];
    world.checks[2] = world.checks[1];
    world.checks[1] = world.checks[3];
    world.checks[3] = parent;
    virtual_fleet_apply(&world);
    assert_int_equal(world.change_count, 0);
    assert_true(virtual_healthy(&world, 3));
    world.checks[0].inverted = true; // c2, disabled
    virtual_fleet_apply(&world);
    assert_false(virtual_healthy(&world, 3));
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    assert_int_equal(world.change_count, 2);
    assert_string_equal(world.changes[1].cause, "child");
    virtual_fleet_free(&world);
}

// L11; H10 for a child that is none.
static void test_a_check_may_have_255_children(void **state)
{
    (void)state;
    static uint32_t many[255];
    struct virtual_fleet world;
    begin(&world, 255);
    for (size_t i = 0; i < 255; i++) {
        many[i] = i % 2 == 0 ? 1 : HEALTH_CHECK_NONE;
    }
    world.checks[0].children = many;
    world.checks[0].child_count = 255;
    world.endpoint = c1_refuses;
    virtual_fleet_apply(&world);
    assert_true(virtual_healthy(&world, 0));
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    assert_false(virtual_healthy(&world, 0));
    assert_int_equal(virtual_state(&world, 0).checkers_healthy, 127);
    virtual_fleet_free(&world);
}

// Type is frozen in Route 53: another type under the same id is another check.
static void test_an_endpoint_check_may_become_calculated_and_back(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world, 3);
    struct health_check calculated = world.checks[0];
    world.checks[0] = virtual_check("parent");
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(100));
    world.checks[0] = calculated;
    virtual_fleet_apply(&world);
    assert_false(virtual_healthy(&world, 0));
    assert_true(fleet_first_round_done(world.fleet));
    virtual_fleet_run(&world, VIRTUAL_AT(150));
    world.checks[0] = virtual_check("parent");
    virtual_fleet_apply(&world);
    assert_true(virtual_healthy(&world, 0));
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    assert_int_equal(world.change_count, 2);
    assert_string_equal(world.changes[0].cause, "policy");
    virtual_fleet_free(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ex15_a_calculated_check_counts_the_final_statuses_of_its_children),
        cmocka_unit_test(test_a_child_that_fails_takes_its_parent_along_at_once),
        cmocka_unit_test(test_the_aggregation_delay_is_the_parent_s_too),
        cmocka_unit_test(test_an_override_of_a_child_reaches_its_parent),
        cmocka_unit_test(test_a_new_model_may_order_children_and_parents_anew),
        cmocka_unit_test(test_a_check_may_have_255_children),
        cmocka_unit_test(test_an_endpoint_check_may_become_calculated_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
