// SPDX-License-Identifier: MIT
// The worked examples of the semantics reference that are about health alone, to the tick.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/health/check.h"
#include "support/virtual_fleet.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void assert_change(const struct virtual_fleet *world, size_t number, double seconds, bool healthy,
                          const char *cause)
{
    assert_in_range(number, 0, world->change_count - 1);
    const struct health_change *change = &world->changes[number];
    assert_int_equal(change->at.ns, duration_from_seconds(seconds));
    assert_int_equal(change->wall.ns, virtual_wall(change->at).ns);
    assert_int_equal(change->healthy, healthy);
    assert_string_equal(change->cause, cause);
}

static void set_inverted(struct virtual_fleet *world, bool inverted)
{
    world->checks[0].inverted = inverted;
    world->checks[0].version++;
    virtual_fleet_apply(world);
}

// EX1: HC-E is check 0, HC-W check 1.
static void begin_drill(struct virtual_fleet *world)
{
    virtual_fleet_init(world);
    world->checks[1] = virtual_check("check-1");
    world->model.health_check_count = 2;
    virtual_fleet_apply(world);
    virtual_fleet_run(world, VIRTUAL_AT(100));
    assert_int_equal(world->change_count, 0);
}

// EX1, S4, H17
static void test_ex1_an_inverted_check_turns_unhealthy_at_once_and_its_checkers_do_not(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin_drill(&world);
    set_inverted(&world, true);
    assert_false(virtual_healthy(&world, 0));
    assert_true(virtual_healthy(&world, 1));
    virtual_fleet_run(&world, VIRTUAL_AT(130));
    for (uint32_t i = 0; i < 16; i++) {
        struct checker_state checker;
        fleet_checker_state(world.fleet, 0, i, &checker);
        assert_true(checker.observed && observation_success(&checker.last) && checker.healthy);
    }
    virtual_fleet_run(&world, VIRTUAL_AT(400));
    set_inverted(&world, false);
    assert_true(virtual_healthy(&world, 0));
    virtual_fleet_run(&world, VIRTUAL_AT(500));
    assert_int_equal(world.change_count, 2);
    assert_change(&world, 0, 100, false, "inverted");
    assert_change(&world, 1, 400, true, "inverted");
    assert_true(world.changes[0].raw);
    virtual_fleet_free(&world);
}

// EX1 in the realistic profile: H15 20 s and A9 5 s add up.
static void test_ex1_in_the_realistic_profile_an_inversion_shows_after_twenty_five_seconds(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin_drill(&world);
    world.model.simulator.health_check_config_delay = DURATION_S(20);
    world.model.simulator.aggregation_delay = DURATION_S(5);
    set_inverted(&world, true);
    virtual_fleet_run(&world, (mono_time){DURATION_S(125) - 1});
    assert_true(virtual_healthy(&world, 0));
    virtual_fleet_run(&world, VIRTUAL_AT(125));
    assert_false(virtual_healthy(&world, 0));
    assert_int_equal(world.change_count, 1);
    assert_change(&world, 0, 125, false, "inverted");
    virtual_fleet_free(&world);
}

static struct virtual_result dies_at_200(struct virtual_fleet *world, const struct probe_order *order)
{
    struct virtual_result result = {0, OBSERVED_SUCCESS};
    if (!virtual_fleet_pin(world, order, &result) && order->check == 0 && world->now.ns >= DURATION_S(200)) {
        result.reason = OBSERVED_CONNECT_REFUSED;
    }
    return result;
}

// EX3, S5: the 14th verdict flips within 90 s of the failure.
static void test_ex3_an_inverted_check_of_an_endpoint_that_dies_turns_healthy(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin_drill(&world);
    world.endpoint = dies_at_200;
    set_inverted(&world, true);
    virtual_fleet_run(&world, VIRTUAL_AT(300));
    assert_true(virtual_healthy(&world, 0));
    assert_int_equal(world.change_count, 2);
    assert_in_range(world.changes[1].at.ns, DURATION_S(260), DURATION_S(290));
    virtual_fleet_free(&world);
}

// EX3, S3, S5
static void test_disabled_and_inverted_pins_a_check_unhealthy(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin_drill(&world);
    world.endpoint = dies_at_200;
    world.checks[0].disabled = true;
    set_inverted(&world, true);
    virtual_fleet_run(&world, VIRTUAL_AT(600));
    assert_false(virtual_healthy(&world, 0));
    assert_int_equal(world.change_count, 1);
    virtual_fleet_free(&world);
}

// EX4, health part: final is unhealthy for both while raw stays healthy.
static void test_ex4_both_regions_inverted_are_both_unhealthy(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin_drill(&world);
    world.checks[1].inverted = true;
    set_inverted(&world, true);
    for (uint32_t i = 0; i < 2; i++) {
        struct check_state check;
        fleet_check_state(world.fleet, i, &check);
        assert_false(virtual_healthy(&world, i));
        assert_true(check.raw && check.inverted && !check.healthy);
    }
    virtual_fleet_free(&world);
}

// The outage begins at 60 s of virtual time and ends 600 s later.
static bool out(const struct virtual_fleet *world)
{
    return world->now.ns >= DURATION_S(60) && world->now.ns < DURATION_S(660);
}

static struct virtual_result refusing(struct virtual_fleet *world, const struct probe_order *order)
{
    struct virtual_result result = {0, OBSERVED_SUCCESS};
    if (!virtual_fleet_pin(world, order, &result) && out(world)) {
        result.reason = OBSERVED_CONNECT_REFUSED;
    }
    return result;
}

static struct virtual_result black_hole(struct virtual_fleet *world, const struct probe_order *order)
{
    struct virtual_result result = {0, OBSERVED_SUCCESS};
    if (!virtual_fleet_pin(world, order, &result) && out(world)) {
        result = (struct virtual_result){DURATION_S(4), OBSERVED_CONNECT_TIMEOUT};
    }
    return result;
}

// EX5, A11
static void test_ex5_a_refusing_endpoint_is_unhealthy_with_the_fourteenth_verdict(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_init(&world);
    world.endpoint = refusing;
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(1000));
    assert_int_equal(world.change_count, 2);
    assert_change(&world, 0, 60 + 84.375, false, "observation");
    assert_int_equal(world.changes[0].checkers_healthy, 2);
    assert_int_equal(world.changes[0].reporting, 16);
    assert_int_equal(world.changes[0].needed, 3);
    assert_int_equal(world.changes[0].evidence.reason, OBSERVED_CONNECT_REFUSED);
    assert_change(&world, 1, 60 + 663.75, true, "observation");
    assert_int_equal(world.changes[1].checkers_healthy, 3);
    virtual_fleet_free(&world);
}

// EX5, P3
static void test_ex5_a_black_hole_is_unhealthy_twelve_seconds_later(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_init(&world);
    world.endpoint = black_hole;
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(600));
    assert_int_equal(world.change_count, 1);
    assert_change(&world, 0, 60 + 96.375, false, "observation");
    virtual_fleet_free(&world);
}

// EX6
static void test_ex6_the_share_of_healthy_checkers_must_exceed_eighteen_percent(void **state)
{
    (void)state;
    static const struct {
        uint32_t healthy;
        uint32_t reporting;
        bool status;
    } cases[] = {
        {3, 16, true}, {2, 16, false}, {9, 50, false}, {10, 50, true},
        {2, 6, true},  {1, 6, false},  {1, 5, true},   {0, 5, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(check_aggregate(cases[i].healthy, cases[i].reporting, 18, true), cases[i].status);
        assert_int_equal(check_aggregate(cases[i].healthy, cases[i].reporting, 18, false), cases[i].status);
    }
}

// EX22: seconds from creation on a dead endpoint to the first change.
static double time_to_change(uint64_t seed, bool inverted)
{
    struct virtual_fleet world;
    virtual_fleet_init(&world);
    world.endpoint = virtual_refuses;
    world.model.simulator.seed = seed;
    world.checks[0].inverted = inverted;
    virtual_fleet_apply(&world);
    assert_int_equal(virtual_healthy(&world, 0), !inverted);
    virtual_fleet_run(&world, VIRTUAL_AT(300));
    assert_int_equal(world.change_count, 1);
    assert_int_equal(world.changes[0].healthy, inverted);
    double seconds = virtual_seconds(world.changes[0].at);
    virtual_fleet_free(&world);
    return seconds;
}

// EX22, H4, H5, P4: 60 s + 30 s * 14/17 on average, 90 s at most.
static void test_ex22_a_new_check_of_a_dead_endpoint_changes_after_about_85_seconds(void **state)
{
    (void)state;
    enum { SEEDS = 300 };
    double sum = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        double seconds = time_to_change(seed, false);
        assert_true(seconds > 60 && seconds < 90);
        assert_true(seconds == time_to_change(seed, true));
        sum += seconds;
    }
    assert_true(sum / SEEDS > 84.2 && sum / SEEDS < 85.2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ex1_an_inverted_check_turns_unhealthy_at_once_and_its_checkers_do_not),
        cmocka_unit_test(test_ex1_in_the_realistic_profile_an_inversion_shows_after_twenty_five_seconds),
        cmocka_unit_test(test_ex3_an_inverted_check_of_an_endpoint_that_dies_turns_healthy),
        cmocka_unit_test(test_disabled_and_inverted_pins_a_check_unhealthy),
        cmocka_unit_test(test_ex4_both_regions_inverted_are_both_unhealthy),
        cmocka_unit_test(test_ex5_a_refusing_endpoint_is_unhealthy_with_the_fourteenth_verdict),
        cmocka_unit_test(test_ex5_a_black_hole_is_unhealthy_twelve_seconds_later),
        cmocka_unit_test(test_ex6_the_share_of_healthy_checkers_must_exceed_eighteen_percent),
        cmocka_unit_test(test_ex22_a_new_check_of_a_dead_endpoint_changes_after_about_85_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
