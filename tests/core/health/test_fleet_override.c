// SPDX-License-Identifier: MIT
// Delays and overrides of the fleet in virtual time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/virtual_fleet.h"

static void set_inverted(struct virtual_fleet *world, double seconds, bool inverted)
{
    virtual_fleet_run(world, VIRTUAL_AT(seconds));
    world->checks[0].inverted = inverted;
    virtual_fleet_apply(world);
}

static void assert_changes(const struct virtual_fleet *world, const double *seconds, size_t count)
{
    assert_int_equal(world->change_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(world->changes[i].at.ns, duration_from_seconds(seconds[i]));
        assert_int_equal(world->changes[i].healthy, i % 2 == 1);
    }
}

// H15, A9: a delay line, not a filter.
static void test_delayed_changes_arrive_one_by_one_in_order(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_init(&world);
    world.model.simulator.health_check_config_delay = DURATION_S(20);
    world.model.simulator.aggregation_delay = DURATION_S(5);
    virtual_fleet_apply(&world);
    set_inverted(&world, 100, true);
    set_inverted(&world, 102, false);
    set_inverted(&world, 104, true);
    world.model.simulator.health_check_config_delay = 0; // must not overtake
    world.model.simulator.aggregation_delay = 0;
    set_inverted(&world, 106, false);
    virtual_fleet_run(&world, VIRTUAL_AT(300));
    assert_int_equal(fleet_next(world.fleet).ns > DURATION_S(300), 1);
    assert_changes(&world, (const double[]){120, 122, 124, 124}, 4);
    virtual_fleet_free(&world);
}

// A9 for verdicts; the change tells the time of taking effect and the evidence of then.
static void test_a_change_of_verdicts_reaches_answers_after_the_aggregation_delay(void **state)
{
    (void)state;
    struct virtual_fleet at_once;
    struct virtual_fleet delayed;
    virtual_fleet_begin(&at_once, virtual_refuses);
    virtual_fleet_init(&delayed);
    delayed.endpoint = virtual_refuses;
    delayed.model.simulator.aggregation_delay = DURATION_S(5);
    virtual_fleet_apply(&delayed);
    virtual_fleet_run(&at_once, VIRTUAL_AT(200));
    virtual_fleet_run(&delayed, VIRTUAL_AT(200));
    assert_int_equal(delayed.change_count, 1);
    assert_int_equal(delayed.changes[0].at.ns - at_once.changes[0].at.ns, DURATION_S(5));
    assert_int_equal(delayed.changes[0].wall.ns, virtual_wall(delayed.changes[0].at).ns);
    assert_int_equal(delayed.changes[0].checkers_healthy, 2);
    assert_int_equal(delayed.changes[0].evidence_region, at_once.changes[0].evidence_region);
    assert_int_equal(virtual_state(&delayed, 0).since.ns, delayed.changes[0].wall.ns);
    virtual_fleet_free(&at_once);
    virtual_fleet_free(&delayed);
}

// One big step of time does the same as many small ones.
static void test_delayed_changes_keep_their_times_when_time_jumps(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_init(&world);
    world.checks[0].disabled = true; // no probes
    world.model.simulator.health_check_config_delay = DURATION_S(20);
    world.model.simulator.aggregation_delay = DURATION_S(5);
    virtual_fleet_apply(&world);
    world.checks[0].inverted = true;
    virtual_fleet_apply(&world);
    assert_int_equal(fleet_next(world.fleet).ns, DURATION_S(20));
    fleet_advance(world.fleet, VIRTUAL_AT(1000), virtual_wall(VIRTUAL_AT(1000)));
    struct health_change change;
    assert_true(fleet_next_change(world.fleet, &change));
    assert_int_equal(change.at.ns, DURATION_S(25));
    assert_int_equal(change.wall.ns, virtual_wall(VIRTUAL_AT(25)).ns);
    assert_false(fleet_next_change(world.fleet, &change));
    virtual_fleet_free(&world);
}

static void impose(struct virtual_fleet *world, double seconds, struct override override)
{
    virtual_fleet_run(world, VIRTUAL_AT(seconds));
    override.since = virtual_wall(world->now);
    if (override.until.ns == 0) {
        override.until = MONO_NEVER;
    }
    assert_true(fleet_set_override(world->fleet, 0, &override, world->now, virtual_wall(world->now)));
    virtual_fleet_run(world, VIRTUAL_AT(seconds));
}

static void assert_told(const struct virtual_fleet *world, size_t number, double seconds, bool healthy,
                        const char *cause)
{
    assert_true(number < world->change_count);
    assert_int_equal(world->changes[number].at.ns, duration_from_seconds(seconds));
    assert_int_equal(world->changes[number].healthy, healthy);
    assert_string_equal(world->changes[number].cause, cause);
}

static void test_an_imposed_verdict_is_final_until_it_ends(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_begin(&world, virtual_refuses);
    impose(&world, 10, (struct override){.verdict = OVERRIDE_UNHEALTHY, .reason = "drill"});
    assert_false(virtual_healthy(&world, 0));
    assert_string_equal(fleet_override(world.fleet, 0)->reason, "drill");
    impose(&world, 20, (struct override){.verdict = OVERRIDE_HEALTHY});
    virtual_fleet_run(&world, VIRTUAL_AT(500)); // the endpoint is dead, and probed
    assert_true(virtual_healthy(&world, 0));
    assert_false(virtual_state(&world, 0).raw);
    impose(&world, 500, (struct override){.verdict = OVERRIDE_AUTO});
    assert_null(fleet_override(world.fleet, 0));
    assert_false(virtual_healthy(&world, 0));
    assert_int_equal(world.change_count, 3);
    assert_told(&world, 0, 10, false, "override");
    assert_told(&world, 1, 20, true, "override");
    assert_told(&world, 2, 500, false, "override ended");
    virtual_fleet_free(&world);
}

static void test_an_override_of_inverted_and_disabled_counts_instead_of_the_policy(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_begin(&world, NULL);
    impose(&world, 10, (struct override){.has_inverted = true, .inverted = true});
    assert_false(virtual_healthy(&world, 0));
    assert_true(virtual_state(&world, 0).inverted);
    world.checks[0].inverted = true; // the policy comes to say the same
    virtual_fleet_apply(&world);
    impose(&world, 20, (struct override){.has_inverted = true, .inverted = false});
    assert_true(virtual_healthy(&world, 0));
    impose(&world, 30,
           (struct override){.has_inverted = true, .inverted = true, .has_disabled = true, .disabled = true});
    assert_false(virtual_healthy(&world, 0));
    assert_int_equal(fleet_next(world.fleet).ns, MONO_NEVER.ns);
    impose(&world, 40, (struct override){.has_disabled = true, .disabled = true});
    assert_false(virtual_healthy(&world, 0)); // S3, by the policy's Inverted
    impose(&world, 50, (struct override){0});
    assert_false(virtual_healthy(&world, 0));
    assert_false(virtual_state(&world, 0).disabled);
    assert_int_equal(world.change_count, 3);
    assert_told(&world, 0, 10, false, "inverted");
    assert_told(&world, 1, 20, true, "inverted");
    assert_told(&world, 2, 30, false, "inverted");
    virtual_fleet_free(&world);
}

// H15 for what updates a check; a verdict is nearwell's own and knows no delay.
static void test_only_overrides_of_settings_are_delayed(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_init(&world);
    world.model.simulator.health_check_config_delay = DURATION_S(20);
    world.model.simulator.aggregation_delay = DURATION_S(5);
    virtual_fleet_apply(&world);
    impose(&world, 10, (struct override){.has_inverted = true, .inverted = true});
    assert_true(virtual_healthy(&world, 0));
    impose(&world, 50, (struct override){0});
    impose(&world, 100, (struct override){.verdict = OVERRIDE_UNHEALTHY, .until = VIRTUAL_AT(160)});
    virtual_fleet_run(&world, VIRTUAL_AT(300));
    assert_int_equal(world.change_count, 4);
    assert_told(&world, 0, 35, false, "inverted");
    assert_told(&world, 1, 75, true, "override ended");
    assert_told(&world, 2, 100, false, "override");
    assert_told(&world, 3, 160, true, "override ended");
    virtual_fleet_free(&world);
}

static void test_an_override_survives_reloads_and_expires_in_time(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_begin(&world, NULL);
    impose(&world, 10, (struct override){.verdict = OVERRIDE_UNHEALTHY, .until = VIRTUAL_AT(7210)});
    world.checks[1] = world.checks[0];
    world.checks[0] = virtual_check("other");
    world.checks[1].resource_path = "/new";
    world.model.health_check_count = 2;
    virtual_fleet_apply(&world);
    assert_null(fleet_override(world.fleet, 0));
    assert_non_null(fleet_override(world.fleet, 1));
    world.checks[1].type = HEALTH_CHECK_TCP;
    virtual_fleet_apply(&world);
    assert_false(virtual_healthy(&world, 1));
    virtual_fleet_run(&world, (mono_time){DURATION_S(7210) - 1});
    assert_false(virtual_healthy(&world, 1));
    virtual_fleet_run(&world, VIRTUAL_AT(7210));
    assert_true(virtual_healthy(&world, 1));
    assert_null(fleet_override(world.fleet, 1));
    assert_int_equal(world.change_count, 2);
    assert_told(&world, 1, 7210, true, "override ended");
    assert_int_equal(world.changes[1].check, 1);
    virtual_fleet_free(&world);
}

static void test_an_override_that_is_over_already_leaves_no_trace(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_begin(&world, NULL);
    virtual_fleet_run(&world, VIRTUAL_AT(100));
    impose(&world, 100, (struct override){.verdict = OVERRIDE_UNHEALTHY, .until = VIRTUAL_AT(50)});
    assert_null(fleet_override(world.fleet, 0));
    assert_true(virtual_healthy(&world, 0));
    struct override any = {.verdict = OVERRIDE_HEALTHY};
    assert_false(fleet_set_override(world.fleet, 1, &any, world.now, virtual_wall(world.now)));
    assert_null(fleet_override(world.fleet, 1));
    virtual_fleet_free(&world);
}

static void set_switch(struct virtual_fleet *world, uint32_t check, bool on)
{
    assert_true(fleet_set_routing_control(world->fleet, check, on, world->now, virtual_wall(world->now)));
}

// S12, S3: On at first, no probes, no damping; a new model leaves the switch as it is.
static void test_a_recovery_control_follows_its_switch(void **state)
{
    (void)state;
    struct virtual_fleet world;
    virtual_fleet_init(&world);
    world.checks[1] = (struct health_check){.id = "switch", .type = HEALTH_CHECK_RECOVERY_CONTROL};
    world.model.health_check_count = 2;
    virtual_fleet_apply(&world);
    virtual_fleet_run(&world, VIRTUAL_AT(100));
    assert_true(virtual_healthy(&world, 1));
    assert_int_equal(virtual_state(&world, 1).probes, 0);
    assert_true(fleet_first_round_done(world.fleet));
    set_switch(&world, 1, false);
    assert_false(virtual_healthy(&world, 1));
    virtual_fleet_apply(&world);
    assert_false(virtual_healthy(&world, 1));
    world.checks[1].inverted = true;
    virtual_fleet_apply(&world);
    assert_true(virtual_healthy(&world, 1));
    set_switch(&world, 1, true);
    assert_false(virtual_healthy(&world, 1));
    virtual_fleet_run(&world, VIRTUAL_AT(200));
    assert_int_equal(world.change_count, 3);
    assert_string_equal(world.changes[0].cause, "routing control");
    assert_int_equal(world.changes[0].reporting, 0);
    assert_false(fleet_set_routing_control(world.fleet, 0, false, world.now, virtual_wall(world.now)));
    assert_false(fleet_set_routing_control(world.fleet, 2, false, world.now, virtual_wall(world.now)));
    virtual_fleet_free(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_recovery_control_follows_its_switch),
        cmocka_unit_test(test_delayed_changes_arrive_one_by_one_in_order),
        cmocka_unit_test(test_a_change_of_verdicts_reaches_answers_after_the_aggregation_delay),
        cmocka_unit_test(test_delayed_changes_keep_their_times_when_time_jumps),
        cmocka_unit_test(test_an_imposed_verdict_is_final_until_it_ends),
        cmocka_unit_test(test_an_override_of_inverted_and_disabled_counts_instead_of_the_policy),
        cmocka_unit_test(test_only_overrides_of_settings_are_delayed),
        cmocka_unit_test(test_an_override_survives_reloads_and_expires_in_time),
        cmocka_unit_test(test_an_override_that_is_over_already_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
