// SPDX-License-Identifier: MIT
// Checks of metrics in virtual time. Wall time 0 of virtual_wall is 20 s into a minute: periods end at 40 s,
// 100 s, 160 s, ... of virtual time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/virtual_fleet.h"

static struct alarm_settings settings;

static void begin(struct virtual_fleet *world)
{
    virtual_fleet_init(world);
    settings = (struct alarm_settings){.metric = {.space = "App", .name = "Errors"},
                                       .statistic = METRIC_AVERAGE,
                                       .comparison = METRIC_GREATER,
                                       .evaluation_periods = 3,
                                       .period = 60,
                                       .threshold = 80};
    world->checks[0] = (struct health_check){.id = "metric",
                                             .version = 1,
                                             .type = HEALTH_CHECK_CLOUDWATCH_METRIC,
                                             .alarm = {"eu-west-1", "errors", &settings, false},
                                             .insufficient_data = INSUFFICIENT_DATA_LAST_KNOWN};
    virtual_fleet_apply(world);
}

static void put(struct virtual_fleet *world, double seconds, double value)
{
    struct metric_datum datum = {
        {.space = "App", .name = "Errors"}, virtual_wall(VIRTUAL_AT(seconds)), 1, value, value, value};
    assert_int_equal(fleet_put_metrics(world->fleet, &datum, 1, world->now, virtual_wall(world->now)), 1);
}

// This value in each of these minutes, as it comes; runs to the end of the last.
static void feed(struct virtual_fleet *world, unsigned from, unsigned to, double value)
{
    for (unsigned minute = from; minute < to; minute++) {
        virtual_fleet_run(world, VIRTUAL_AT(40 + 60.0 * minute + 30));
        put(world, 40 + 60.0 * minute + 30, value);
    }
    virtual_fleet_run(world, VIRTUAL_AT(40 + 60.0 * to));
}

static enum metric_evaluation evaluation(const struct virtual_fleet *world)
{
    struct metric_state state;
    assert_true(fleet_metric_state(world->fleet, 0, &state));
    return state.reading.evaluation;
}

// EX16, S9-S11, H4: up to the end of the third period it is healthy, in the gap it stays as it was.
static void test_ex16_a_metric_turns_its_check_and_a_gap_leaves_it(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world);
    assert_true(virtual_healthy(&world, 0));
    feed(&world, 0, 2, 90);
    virtual_fleet_run(&world, VIRTUAL_AT(219));
    assert_true(virtual_healthy(&world, 0));
    feed(&world, 2, 3, 90);
    assert_false(virtual_healthy(&world, 0));
    assert_int_equal(world.change_count, 1);
    assert_int_equal(world.changes[0].at.ns, DURATION_S(220));
    assert_int_equal(world.changes[0].wall.ns, virtual_wall(VIRTUAL_AT(220)).ns);
    assert_string_equal(world.changes[0].cause, "metric");
    virtual_fleet_run(&world, VIRTUAL_AT(3600));
    assert_int_equal(evaluation(&world), METRIC_INSUFFICIENT);
    assert_false(virtual_healthy(&world, 0));
    feed(&world, 60, 61, 10);
    assert_true(virtual_healthy(&world, 0));
    virtual_fleet_free(&world);
}

// EX16, S10: the alarm changes in the policy; the check keeps what it copied until it asks again.
static void test_ex16_an_edited_alarm_counts_when_the_check_asks_for_it_again(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world);
    feed(&world, 0, 3, 90);
    assert_false(virtual_healthy(&world, 0));
    settings.threshold = 95;
    virtual_fleet_apply(&world);
    feed(&world, 3, 6, 90);
    assert_false(virtual_healthy(&world, 0));
    struct metric_state held;
    assert_true(fleet_metric_state(world.fleet, 0, &held));
    assert_true(held.settings->threshold == 80);
    world.checks[0].version = 2;
    virtual_fleet_apply(&world);
    assert_true(virtual_healthy(&world, 0));
    virtual_fleet_free(&world);
}

// S10: the ways in which a model says that the alarm was asked for again.
static void test_settings_are_copied_anew_for_another_alarm_or_when_the_check_s_own_differ(void **state)
{
    (void)state;
    for (unsigned way = 0; way < 4; way++) {
        struct virtual_fleet world;
        begin(&world);
        feed(&world, 0, 3, 90);
        settings.threshold = 95;
        world.checks[0].alarm.name = way == 1 ? "other" : "errors";
        world.checks[0].alarm.region = way == 2 ? "us-east-1" : "eu-west-1";
        world.checks[0].alarm.copied = way == 3;
        virtual_fleet_apply(&world);
        assert_int_equal(virtual_healthy(&world, 0), way > 0);
        virtual_fleet_free(&world);
    }
}

// S10: what the check found while it was enabled is still there.
static void test_an_update_leaves_the_reading_of_a_check_with_settings_of_its_own(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world);
    world.checks[0].alarm.copied = true;
    feed(&world, 0, 3, 90);
    world.checks[0].disabled = true;
    virtual_fleet_apply(&world);
    world.checks[0].version = 2;
    virtual_fleet_apply(&world);
    assert_int_equal(evaluation(&world), METRIC_ALARM);
    virtual_fleet_free(&world);
}

// EX16, S9
static void test_ex16_insufficient_data_health_status_decides_in_a_gap(void **state)
{
    (void)state;
    static const struct {
        enum insufficient_data status;
        double value; // before the gap
        bool before;
        bool in_gap;
    } cases[] = {
        {INSUFFICIENT_DATA_HEALTHY, 90, false, true},     {INSUFFICIENT_DATA_UNHEALTHY, 10, true, false},
        {INSUFFICIENT_DATA_LAST_KNOWN, 90, false, false}, {INSUFFICIENT_DATA_LAST_KNOWN, 10, true, true},
        {INSUFFICIENT_DATA_UNHEALTHY, 90, false, false},  {INSUFFICIENT_DATA_HEALTHY, 10, true, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct virtual_fleet world;
        begin(&world);
        world.checks[0].insufficient_data = (uint8_t)cases[i].status;
        virtual_fleet_apply(&world);
        feed(&world, 0, 3, cases[i].value);
        assert_int_equal(virtual_healthy(&world, 0), cases[i].before);
        virtual_fleet_run(&world, VIRTUAL_AT(3600));
        assert_int_equal(virtual_healthy(&world, 0), cases[i].in_gap);
        virtual_fleet_free(&world);
    }
}

// S13: inverted twice or not, what is remembered is the status before it.
static void test_last_known_status_is_the_one_before_inversion(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world);
    world.checks[0].inverted = true;
    virtual_fleet_apply(&world);
    assert_false(virtual_healthy(&world, 0)); // H4
    feed(&world, 0, 3, 90);
    assert_true(virtual_healthy(&world, 0));
    virtual_fleet_run(&world, VIRTUAL_AT(3600));
    assert_true(virtual_healthy(&world, 0));
    world.checks[0].inverted = false;
    virtual_fleet_apply(&world);
    assert_false(virtual_healthy(&world, 0));
    virtual_fleet_free(&world);
}

// S1, S3: nothing is read while disabled; what came meanwhile counts once it is enabled.
static void test_a_disabled_check_reads_no_data(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world);
    world.checks[0].disabled = true;
    virtual_fleet_apply(&world);
    feed(&world, 0, 3, 90);
    assert_true(virtual_healthy(&world, 0));
    assert_int_equal(evaluation(&world), METRIC_INSUFFICIENT);
    assert_int_equal(fleet_next(world.fleet).ns, MONO_NEVER.ns);
    world.checks[0].disabled = false;
    virtual_fleet_apply(&world);
    assert_false(virtual_healthy(&world, 0));
    virtual_fleet_free(&world);
}

// S11: late data is read when it comes, not at the end of the next period.
static void test_late_data_counts_when_it_comes(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world);
    feed(&world, 0, 1, 90);
    virtual_fleet_run(&world, VIRTUAL_AT(230));
    put(&world, 170, 90);
    assert_true(virtual_healthy(&world, 0));
    put(&world, 110, 90);
    assert_false(virtual_healthy(&world, 0));
    virtual_fleet_free(&world);
}

// S11, the knob MetricDelaySeconds: data that is always late leaves no gap at the end of a period.
static void test_with_a_metric_delay_a_period_counts_later(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world);
    world.model.simulator.metric_delay = DURATION_S(10);
    virtual_fleet_apply(&world);
    feed(&world, 0, 3, 90);
    assert_true(virtual_healthy(&world, 0));
    virtual_fleet_run(&world, VIRTUAL_AT(230));
    assert_false(virtual_healthy(&world, 0));
    virtual_fleet_free(&world);
}

// S11, the knob TreatMissingData, both ways.
static void test_treat_missing_data_counts_when_the_knob_says_so(void **state)
{
    (void)state;
    static const struct {
        enum missing_data missing;
        enum insufficient_data insufficient;
        bool ignored; // status in a gap after 10, 10, 10
        bool counted;
    } cases[] = {
        {MISSING_DATA_MISSING, INSUFFICIENT_DATA_UNHEALTHY, false, false},
        {MISSING_DATA_IGNORE, INSUFFICIENT_DATA_UNHEALTHY, false, true},
        {MISSING_DATA_BREACHING, INSUFFICIENT_DATA_HEALTHY, true, false},
        {MISSING_DATA_NOT_BREACHING, INSUFFICIENT_DATA_UNHEALTHY, false, true},
    };
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
        struct virtual_fleet world;
        begin(&world);
        settings.missing = (uint8_t)cases[i / 2].missing;
        world.checks[0].insufficient_data = (uint8_t)cases[i / 2].insufficient;
        world.checks[0].version = 2;
        world.model.simulator.treat_missing_data = i % 2;
        virtual_fleet_apply(&world);
        feed(&world, 0, 3, 10);
        assert_true(virtual_healthy(&world, 0));
        virtual_fleet_run(&world, VIRTUAL_AT(3600));
        assert_int_equal(virtual_healthy(&world, 0), i % 2 ? cases[i / 2].counted : cases[i / 2].ignored);
        virtual_fleet_free(&world);
    }
}

// S7: a parent counts it like any other child.
static void test_a_calculated_check_may_have_a_metric_as_its_child(void **state)
{
    (void)state;
    static const uint32_t children[] = {0};
    struct virtual_fleet world;
    begin(&world);
    world.checks[1] = (struct health_check){.id = "parent",
                                            .version = 1,
                                            .type = HEALTH_CHECK_CALCULATED,
                                            .health_threshold = 1,
                                            .child_count = 1,
                                            .children = children};
    world.model.health_check_count = 2;
    virtual_fleet_apply(&world);
    feed(&world, 0, 3, 90);
    assert_false(virtual_healthy(&world, 1));
    virtual_fleet_free(&world);
}

// Data is there before the check that asks for it.
static void test_a_new_check_finds_data_that_came_before_it(void **state)
{
    (void)state;
    struct virtual_fleet world;
    begin(&world);
    feed(&world, 0, 3, 90);
    world.checks[1] = world.checks[0];
    world.checks[1].id = "later";
    world.model.health_check_count = 2;
    virtual_fleet_apply(&world);
    assert_false(virtual_healthy(&world, 1));
    world.model.health_check_count = 0;
    virtual_fleet_apply(&world);
    assert_int_equal(fleet_next(world.fleet).ns, MONO_NEVER.ns);
    virtual_fleet_free(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ex16_a_metric_turns_its_check_and_a_gap_leaves_it),
        cmocka_unit_test(test_ex16_an_edited_alarm_counts_when_the_check_asks_for_it_again),
        cmocka_unit_test(test_settings_are_copied_anew_for_another_alarm_or_when_the_check_s_own_differ),
        cmocka_unit_test(test_an_update_leaves_the_reading_of_a_check_with_settings_of_its_own),
        cmocka_unit_test(test_ex16_insufficient_data_health_status_decides_in_a_gap),
        cmocka_unit_test(test_last_known_status_is_the_one_before_inversion),
        cmocka_unit_test(test_a_disabled_check_reads_no_data),
        cmocka_unit_test(test_late_data_counts_when_it_comes),
        cmocka_unit_test(test_with_a_metric_delay_a_period_counts_later),
        cmocka_unit_test(test_treat_missing_data_counts_when_the_knob_says_so),
        cmocka_unit_test(test_a_calculated_check_may_have_a_metric_as_its_child),
        cmocka_unit_test(test_a_new_check_finds_data_that_came_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
