// SPDX-License-Identifier: MIT
// What the fleet probes when, and what updates of the policy do to it, in virtual time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/model/region.h"
#include "support/virtual_fleet.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct virtual_result black_hole(struct virtual_fleet *world, const struct probe_order *order)
{
    (void)world;
    (void)order;
    return (struct virtual_result){DURATION_S(4), OBSERVED_CONNECT_TIMEOUT};
}

static struct virtual_result helpless(struct virtual_fleet *world, const struct probe_order *order)
{
    (void)world;
    (void)order;
    return (struct virtual_result){0, OBSERVED_INTERNAL};
}

static struct checker_state checker_of(const struct virtual_fleet *world, uint32_t check, uint32_t checker)
{
    struct checker_state state;
    fleet_checker_state(world->fleet, check, checker, &state);
    return state;
}

// A4: two checkers in each of the regions, or n without.
static void test_a_check_has_two_checkers_in_each_of_its_regions(void **state)
{
    (void)state;
    static const struct {
        uint8_t regions;
        uint8_t per_region;
        uint16_t checkers;
        uint32_t count;
        uint8_t first_region; // index of the checker region; 8: none
    } cases[] = {
        {0xff, 2, 0, 16, 0}, {0x0e, 2, 0, 6, 1},   {0xff, 4, 0, 32, 0},
        {0xff, 2, 1, 1, 8},  {0x0e, 2, 50, 50, 8},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct virtual_fleet world;
        virtual_fleet_init(&world);
        world.checks[0].regions = cases[i].regions;
        world.model.simulator.checkers_per_region = cases[i].per_region;
        world.model.simulator.checkers = cases[i].checkers;
        virtual_fleet_apply(&world);
        assert_int_equal(virtual_state(&world, 0).checkers, cases[i].count);
        uint8_t region = cases[i].first_region == 8 ? REGION_NONE : checker_region_at(cases[i].first_region);
        assert_int_equal(checker_of(&world, 0, 0).region, region);
        virtual_fleet_free(&world);
    }
}

// P4: within the first interval, spread evenly, the same for a seed, and of each check for itself.
static void test_first_probes_are_spread_over_the_interval_by_the_seed(void **state)
{
    (void)state;
    unsigned buckets[10] = {0};
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct virtual_fleet world;
        struct virtual_fleet other;
        virtual_fleet_init(&world);
        virtual_fleet_init(&other);
        world.model.simulator.seed = other.model.simulator.seed = seed;
        other.checks[1] = other.checks[0];
        other.checks[0] = virtual_check("another");
        other.model.health_check_count = 2;
        virtual_fleet_apply(&world);
        virtual_fleet_apply(&other);
        for (uint32_t i = 0; i < 16; i++) {
            mono_time due = fleet_next(world.fleet);
            struct probe_order order;
            struct probe_order twin;
            assert_in_range(due.ns, 0, DURATION_S(30) - 1);
            buckets[due.ns / DURATION_S(3)]++;
            assert_false(fleet_take_due(world.fleet, (mono_time){due.ns - 1}, &order));
            assert_true(fleet_take_due(world.fleet, due, &order));
            do {
                assert_true(fleet_take_due(other.fleet, due, &twin));
            } while (twin.check != 1);
            assert_int_equal(order.checker, twin.checker);
        }
        assert_int_equal(fleet_next(world.fleet).ns, MONO_NEVER.ns);
        virtual_fleet_free(&world);
        virtual_fleet_free(&other);
    }
    for (unsigned i = 0; i < 10; i++) {
        assert_in_range(buckets[i], 250, 390); // 320 expected
    }
}

// P2, P3: 30 s after an answer, 34 s apart when the endpoint is a black hole.
static void test_the_interval_runs_from_the_end_of_a_probe_to_the_next(void **state)
{
    (void)state;
    static const struct {
        virtual_endpoint endpoint;
        uint64_t probes;
    } cases[] = {{virtual_refuses, 1 + 340 / 30}, {black_hole, 340 / 34}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct virtual_fleet world;
        virtual_fleet_init(&world);
        world.endpoint = cases[i].endpoint;
        world.model.simulator.checkers = 1;
        virtual_fleet_apply(&world);
        mono_time first = fleet_next(world.fleet);
        virtual_fleet_run(&world, mono_add(first, DURATION_S(340)));
        assert_int_equal(virtual_state(&world, 0).probes, cases[i].probes);
        virtual_fleet_free(&world);
    }
}

// Seconds from a hard change to the change of status, over many seeds.
struct figures {
    double mean;
    double least;
    double most;
};

static duration hard_change;

static struct virtual_result until_change(struct virtual_fleet *world, const struct probe_order *order)
{
    bool up = (world->now.ns < hard_change) != (order->config->port == 81);
    return (struct virtual_result){0, up ? OBSERVED_SUCCESS : OBSERVED_CONNECT_REFUSED};
}

static struct figures measure(int interval, uint8_t threshold, bool recovers)
{
    enum { SEEDS = 150 };
    struct figures figures = {0, 1e9, 0};
    hard_change = DURATION_S(interval * threshold + 2 * interval);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct virtual_fleet world;
        virtual_fleet_init(&world);
        world.endpoint = until_change;
        world.model.simulator.seed = seed;
        world.checks[0].port = recovers ? 81 : 80;
        world.checks[0].request_interval = DURATION_S(interval);
        world.checks[0].failure_threshold = threshold;
        virtual_fleet_apply(&world);
        virtual_fleet_run(&world, (mono_time){hard_change - 1});
        world.change_count = 0;
        virtual_fleet_run(&world, (mono_time){hard_change + DURATION_S(interval * threshold + 1)});
        assert_int_equal(world.change_count, 1);
        assert_int_equal(world.changes[0].healthy, recovers);
        double seconds = duration_seconds(world.changes[0].at.ns - hard_change);
        figures.mean += seconds / SEEDS;
        figures.least = seconds < figures.least ? seconds : figures.least;
        figures.most = seconds > figures.most ? seconds : figures.most;
        virtual_fleet_free(&world);
    }
    return figures;
}

// A11: the table of section 3. The mean of 150 runs is within 3 % of the interval.
static void test_going_down_needs_fourteen_verdicts_and_coming_back_three(void **state)
{
    (void)state;
    static const struct {
        int interval;
        uint8_t threshold;
    } cases[] = {{10, 1}, {10, 3}, {30, 1}, {30, 2}, {30, 3}, {30, 10}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        double base = (cases[i].threshold - 1) * cases[i].interval;
        double spread = cases[i].interval;
        struct figures down = measure(cases[i].interval, cases[i].threshold, false);
        assert_true(down.mean > base + spread * (14.0 / 17 - 0.03));
        assert_true(down.mean < base + spread * (14.0 / 17 + 0.03));
        assert_true(down.most <= base + spread);
        struct figures up = measure(cases[i].interval, cases[i].threshold, true);
        assert_true(up.mean > base + spread * (3.0 / 17 - 0.03));
        assert_true(up.mean < base + spread * (3.0 / 17 + 0.03));
        assert_true(up.least >= base);
    }
}

static void test_the_first_round_is_done_when_every_checker_has_reported(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_init(&world);
    assert_true(fleet_first_round_done(world.fleet));
    world.checks[1] = virtual_check("off");
    world.checks[1].disabled = true;
    world.checks[2] = virtual_check("sum");
    world.checks[2].type = HEALTH_CHECK_CALCULATED;
    world.model.health_check_count = 3;
    virtual_fleet_apply(&world);
    for (uint32_t i = 0; i < 16; i++) {
        assert_false(fleet_first_round_done(world.fleet));
        virtual_fleet_run(&world, fleet_next(world.fleet));
    }
    assert_true(fleet_first_round_done(world.fleet));
    world.checks[1].disabled = false;
    virtual_fleet_apply(&world);
    assert_false(fleet_first_round_done(world.fleet));
    world.model.health_check_count = 1;
    virtual_fleet_apply(&world);
    assert_true(fleet_first_round_done(world.fleet));
    virtual_fleet_free(&world);
}

// S1, H14, H5
static void test_a_disabled_check_is_not_probed_and_starts_afresh_when_enabled(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_begin(&world, virtual_refuses);
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    assert_false(virtual_healthy(&world, 0));
    world.checks[0].disabled = true;
    virtual_fleet_apply(&world);
    assert_true(virtual_healthy(&world, 0));
    assert_true(virtual_state(&world, 0).raw);
    assert_int_equal(fleet_next(world.fleet).ns, MONO_NEVER.ns);
    uint64_t probes = virtual_state(&world, 0).probes;
    virtual_fleet_run(&world, VIRTUAL_AT(1000));
    assert_int_equal(virtual_state(&world, 0).probes, probes);
    world.checks[0].disabled = false;
    virtual_fleet_apply(&world);
    assert_int_equal(virtual_state(&world, 0).checkers_healthy, 16);
    virtual_fleet_run(&world, VIRTUAL_AT(1000 + 59));
    assert_true(virtual_healthy(&world, 0));
    virtual_fleet_run(&world, VIRTUAL_AT(1000 + 91));
    assert_false(virtual_healthy(&world, 0));
    assert_string_equal(world.changes[1].cause, "disabled");
    virtual_fleet_free(&world);
}

static struct probe_order take(struct virtual_fleet *world)
{
    struct probe_order order;
    world->now = fleet_next(world->fleet);
    assert_true(fleet_take_due(world->fleet, world->now, &order));
    return order;
}

static bool give(struct virtual_fleet *world, const struct probe_order *order, enum observation_reason reason)
{
    struct observation observation = {.reason = (uint8_t)reason, .http = true, .http_status = 200};
    return fleet_observe(world->fleet, order, &observation, world->now, virtual_wall(world->now));
}

// H14: which updates make the result of a probe under way worthless.
static void test_only_a_changed_endpoint_discards_probes_under_way(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_init(&world);
    struct health_check original = world.checks[0];
    struct health_check updates[] = {original, original, original, original, original, original,
                                     original, original, original, original, original};
    updates[1].inverted = true;
    updates[2].failure_threshold = 1;
    updates[3].regions = 0x0f;
    updates[4].measure_latency = true;
    updates[5].ip_address.bytes[3]++;
    updates[6].port++;
    updates[7].fully_qualified_domain_name = "api.example.com";
    updates[8].resource_path = "/other";
    updates[9].enable_sni = true;
    updates[10].disabled = true;
    virtual_fleet_free(&world);
    for (size_t i = 0; i < COUNT(updates); i++) {
        struct health_check before = original;
        struct model model;
        virtual_fleet_begin(&world, NULL);
        world.checks[0] = before;
        struct probe_order failing = take(&world);
        assert_true(give(&world, &failing, OBSERVED_CONNECT_REFUSED));
        struct probe_order order = take(&world);
        while (order.checker > 7) { // one that stays when regions go
            assert_true(give(&world, &order, OBSERVED_SUCCESS));
            order = take(&world);
        }
        model = world.model;
        model.health_checks = &updates[i];
        fleet_apply(world.fleet, &model, world.now, virtual_wall(world.now));
        bool moved = i >= 5 && i <= 9;
        assert_int_equal(give(&world, &order, OBSERVED_CONNECT_REFUSED), !moved && i != 10);
        assert_int_equal(checker_of(&world, 0, order.checker).against, !moved && i != 10 && i != 2);
        assert_int_equal(checker_of(&world, 0, order.checker).healthy, i != 2);
        if (failing.checker < 8 && failing.checker != order.checker) {
            assert_int_equal(checker_of(&world, 0, failing.checker).against, !moved);
        }
        if (moved) { // its checker asks the new endpoint at once
            assert_int_equal(fleet_next(world.fleet).ns, world.now.ns);
            struct probe_order again = take(&world);
            assert_int_equal(again.checker, order.checker);
            assert_ptr_equal(again.config, &updates[i]);
            assert_true(give(&world, &again, OBSERVED_SUCCESS));
            assert_false(give(&world, &again, OBSERVED_SUCCESS)); // once only
        }
        virtual_fleet_free(&world);
    }
}

static void test_orders_of_removed_and_replaced_checks_are_ignored(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_begin(&world, NULL);
    struct probe_order order = take(&world);
    world.checks[0] = virtual_check("another"); // takes the place of the first
    virtual_fleet_apply(&world);
    assert_false(give(&world, &order, OBSERVED_SUCCESS));
    order = take(&world);
    world.checks[0].type = HEALTH_CHECK_TCP; // another type is another check
    virtual_fleet_apply(&world);
    assert_false(give(&world, &order, OBSERVED_SUCCESS));
    world.model.health_check_count = 0;
    virtual_fleet_apply(&world);
    assert_false(give(&world, &order, OBSERVED_SUCCESS));
    assert_int_equal(fleet_next(world.fleet).ns, MONO_NEVER.ns);
    assert_int_equal(fleet_status(world.fleet)->count, 0);
    struct probe_order nonsense = {.token = UINT64_MAX};
    assert_false(give(&world, &nonsense, OBSERVED_SUCCESS));
    virtual_fleet_free(&world);
}

static void test_a_reload_keeps_unchanged_checks_whatever_their_place(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_begin(&world, virtual_refuses);
    virtual_fleet_run(&world, VIRTUAL_AT(95));
    struct probe_order order = take(&world);
    mono_time next = fleet_next(world.fleet);
    uint64_t probes = virtual_state(&world, 0).probes;
    uint64_t generation = fleet_generation(world.fleet);
    virtual_fleet_apply(&world);
    assert_int_equal(fleet_generation(world.fleet), generation);
    world.checks[1] = world.checks[0];
    world.checks[0] = virtual_check("new");
    world.model.health_check_count = 2;
    virtual_fleet_apply(&world);
    assert_true(fleet_generation(world.fleet) > generation);
    assert_true(virtual_healthy(&world, 0));
    assert_false(virtual_healthy(&world, 1));
    assert_int_equal(virtual_state(&world, 1).probes, probes);
    assert_true(give(&world, &order, OBSERVED_CONNECT_REFUSED));
    assert_int_equal(virtual_state(&world, 1).probes, probes + 1);
    do { // the old check's next probe is where it was
        order = take(&world);
    } while (order.check != 1);
    assert_int_equal(world.now.ns, next.ns);
    virtual_fleet_free(&world);
}

// A7
static void test_checkers_of_added_regions_start_with_the_status_of_the_check(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_init(&world);
    world.endpoint = virtual_refuses;
    world.checks[0].regions = 0x07;
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(100));
    assert_int_equal(virtual_state(&world, 0).checkers_healthy, 0);
    world.checks[0].regions = 0xff;
    virtual_fleet_apply(&world);
    assert_int_equal(virtual_state(&world, 0).checkers, 16);
    assert_int_equal(virtual_state(&world, 0).checkers_healthy, 0);
    for (uint32_t i = 0; i < 16; i++) {
        assert_int_equal(checker_of(&world, 0, i).region, checker_region_at(i / 2));
        assert_int_equal(checker_of(&world, 0, i).observed, i < 6);
    }
    virtual_fleet_run(&world, VIRTUAL_AT(130));
    assert_true(checker_of(&world, 0, 15).observed);
    virtual_fleet_free(&world);
}

// A8: while they linger they probe and count.
static void test_checkers_of_removed_regions_linger_as_long_as_the_knob_says(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_init(&world);
    world.model.simulator.removed_region_linger = DURATION_S(100);
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(50));
    world.checks[0].regions = 0x07;
    virtual_fleet_apply(&world);
    assert_int_equal(virtual_state(&world, 0).checkers, 16);
    world.endpoint = virtual_refuses;
    virtual_fleet_run(&world, (mono_time){DURATION_S(150) - 1});
    assert_int_equal(virtual_state(&world, 0).checkers, 16);
    assert_int_equal(virtual_state(&world, 0).checkers_healthy, 0);
    virtual_fleet_run(&world, VIRTUAL_AT(150));
    assert_int_equal(virtual_state(&world, 0).checkers, 6);
    assert_int_equal(fleet_status(world.fleet)->count, 1);
    world.checks[0].regions = 0x0f; // a region that comes back brings new checkers
    virtual_fleet_apply(&world);
    world.checks[0].regions = 0x07;
    virtual_fleet_apply(&world);
    world.checks[0].regions = 0x0f; // one that still lingers is taken back
    virtual_fleet_apply(&world);
    assert_int_equal(virtual_state(&world, 0).checkers, 8);
    virtual_fleet_run(&world, VIRTUAL_AT(400));
    assert_int_equal(virtual_state(&world, 0).checkers, 8);
    virtual_fleet_free(&world);
}

// Without lingering, those that go take their verdicts along at once.
static void test_removing_the_healthy_regions_turns_a_check_unhealthy(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_begin(&world, NULL);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 16; i++) {
            struct probe_order order = take(&world);
            give(&world, &order, order.checker < 6 ? OBSERVED_CONNECT_REFUSED : OBSERVED_SUCCESS);
        }
    }
    assert_true(virtual_healthy(&world, 0));
    world.checks[0].regions = 0x07;
    virtual_fleet_apply(&world);
    assert_false(virtual_healthy(&world, 0));
    struct health_change change;
    assert_true(fleet_next_change(world.fleet, &change));
    assert_string_equal(change.cause, "policy");
    assert_int_equal(change.reporting, 6);
    assert_int_equal(change.needed, 2);
    virtual_fleet_free(&world);
}

static void test_a_new_share_of_healthy_checkers_applies_at_once(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_begin(&world, NULL);
    for (unsigned i = 0; i < 48; i++) {
        struct probe_order order = take(&world);
        give(&world, &order, order.checker < 10 ? OBSERVED_CONNECT_REFUSED : OBSERVED_SUCCESS);
    }
    assert_true(virtual_healthy(&world, 0));
    world.model.simulator.healthy_percent = 50;
    virtual_fleet_apply(&world);
    assert_false(virtual_healthy(&world, 0));
    virtual_fleet_free(&world);
}

// The prober's own trouble is no evidence, but the schedule goes on.
static void test_trouble_of_the_prober_leaves_the_verdict_alone(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_begin(&world, helpless);
    virtual_fleet_run(&world, VIRTUAL_AT(1000));
    assert_int_equal(world.change_count, 0);
    assert_true(virtual_state(&world, 0).probes > 16 * 32);
    assert_true(fleet_first_round_done(world.fleet));
    struct checker_state checker = checker_of(&world, 0, 0);
    assert_int_equal(checker.last.reason, OBSERVED_INTERNAL);
    assert_true(checker.healthy && checker.against == 0 && !checker.failed);
    virtual_fleet_free(&world);
}

static void test_the_last_failure_outlives_later_successes(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_begin(&world, NULL);
    world.model.simulator.checkers = 1;
    virtual_fleet_apply(&world);
    struct probe_order order = take(&world);
    give(&world, &order, OBSERVED_CONNECT_REFUSED);
    mono_time failed = world.now;
    order = take(&world);
    give(&world, &order, OBSERVED_SUCCESS);
    struct checker_state checker = checker_of(&world, 0, 0);
    assert_true(observation_success(&checker.last));
    assert_int_equal(checker.at.ns, virtual_wall(world.now).ns);
    assert_true(checker.failed);
    assert_int_equal(checker.last_failure.reason, OBSERVED_CONNECT_REFUSED);
    assert_int_equal(checker.failed_at.ns, virtual_wall(failed).ns);
    virtual_fleet_free(&world);
}

// A check without checkers keeps the status it starts with: A6.
static void test_a_check_that_nobody_probes_is_healthy(void **state)
{
    (void)state;
    static const enum health_check_type types[] = {HEALTH_CHECK_CALCULATED, HEALTH_CHECK_RECOVERY_CONTROL};
    for (size_t i = 0; i < COUNT(types); i++) {
        struct virtual_fleet world;
        virtual_fleet_init(&world);
        world.checks[0].type = types[i];
        virtual_fleet_apply(&world);
        assert_true(virtual_healthy(&world, 0));
        assert_int_equal(virtual_state(&world, 0).checkers, 0);
        assert_int_equal(fleet_next(world.fleet).ns, MONO_NEVER.ns);
        world.checks[0].inverted = true;
        virtual_fleet_apply(&world);
        assert_false(virtual_healthy(&world, 0));
        virtual_fleet_free(&world);
    }
}

// H14: the interval is no checker state, but what was due comes at other times.
static void test_a_changed_interval_starts_new_phases_and_keeps_verdicts(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_begin(&world, virtual_refuses);
    virtual_fleet_run(&world, VIRTUAL_AT(100));
    world.checks[0].request_interval = DURATION_S(10);
    virtual_fleet_apply(&world);
    assert_false(virtual_healthy(&world, 0));
    uint64_t probes = virtual_state(&world, 0).probes;
    virtual_fleet_run(&world, VIRTUAL_AT(110));
    assert_int_equal(virtual_state(&world, 0).probes, probes + 16);
    virtual_fleet_free(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_check_has_two_checkers_in_each_of_its_regions),
        cmocka_unit_test(test_first_probes_are_spread_over_the_interval_by_the_seed),
        cmocka_unit_test(test_the_interval_runs_from_the_end_of_a_probe_to_the_next),
        cmocka_unit_test(test_going_down_needs_fourteen_verdicts_and_coming_back_three),
        cmocka_unit_test(test_the_first_round_is_done_when_every_checker_has_reported),
        cmocka_unit_test(test_a_disabled_check_is_not_probed_and_starts_afresh_when_enabled),
        cmocka_unit_test(test_only_a_changed_endpoint_discards_probes_under_way),
        cmocka_unit_test(test_orders_of_removed_and_replaced_checks_are_ignored),
        cmocka_unit_test(test_a_reload_keeps_unchanged_checks_whatever_their_place),
        cmocka_unit_test(test_checkers_of_added_regions_start_with_the_status_of_the_check),
        cmocka_unit_test(test_checkers_of_removed_regions_linger_as_long_as_the_knob_says),
        cmocka_unit_test(test_removing_the_healthy_regions_turns_a_check_unhealthy),
        cmocka_unit_test(test_a_new_share_of_healthy_checkers_applies_at_once),
        cmocka_unit_test(test_trouble_of_the_prober_leaves_the_verdict_alone),
        cmocka_unit_test(test_the_last_failure_outlives_later_successes),
        cmocka_unit_test(test_a_check_that_nobody_probes_is_healthy),
        cmocka_unit_test(test_a_changed_interval_starts_new_phases_and_keeps_verdicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
