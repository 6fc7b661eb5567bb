// SPDX-License-Identifier: MIT
// Metrics and what alarms make of them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/health/metric.h"

#define MINUTES(n) DURATION_S(60 * (n))
// A time that is a multiple of an hour since 1970.
#define START INT64_C(1700000000000000000) / DURATION_S(3600) * DURATION_S(3600)

static const struct metric_id errors = {.space = "App", .name = "Errors"};

static wall_time at_minute(double minute)
{
    return (wall_time){START + duration_from_seconds(minute * 60)};
}

static struct metric_datum value_at(double minute, double value)
{
    return (struct metric_datum){errors, at_minute(minute), 1, value, value, value};
}

static bool put(struct metric_store *store, double minute, double value, double now)
{
    struct metric_datum datum = value_at(minute, value);
    return metric_store_add(store, &datum, at_minute(now));
}

static struct alarm_settings above_80(void)
{
    return (struct alarm_settings){.metric = errors,
                                   .statistic = METRIC_AVERAGE,
                                   .comparison = METRIC_GREATER,
                                   .evaluation_periods = 3,
                                   .period = 60,
                                   .threshold = 80};
}

// S11: '9' is a period of 90, '1' one of 10, '.' one without data; the last three count.
static void test_all_breaching_is_alarm_any_other_ok_and_a_gap_is_not_enough(void **state)
{
    (void)state;
    static const struct {
        const char *periods;
        enum metric_evaluation missing;
        enum metric_evaluation ignored;
        enum metric_evaluation breaching;
        enum metric_evaluation not_breaching;
    } cases[] = {
        {"...", METRIC_INSUFFICIENT, METRIC_INSUFFICIENT, METRIC_ALARM, METRIC_OK},
        {"999", METRIC_ALARM, METRIC_ALARM, METRIC_ALARM, METRIC_ALARM},
        {"111", METRIC_OK, METRIC_OK, METRIC_OK, METRIC_OK},
        {"199", METRIC_OK, METRIC_OK, METRIC_OK, METRIC_OK},
        {"991", METRIC_OK, METRIC_OK, METRIC_OK, METRIC_OK},
        {".99", METRIC_INSUFFICIENT, METRIC_INSUFFICIENT, METRIC_ALARM, METRIC_OK},
        {"9..", METRIC_INSUFFICIENT, METRIC_INSUFFICIENT, METRIC_ALARM, METRIC_OK},
        {"..1", METRIC_OK, METRIC_OK, METRIC_OK, METRIC_OK},
        {"1999", METRIC_ALARM, METRIC_ALARM, METRIC_ALARM, METRIC_ALARM},
        {"9991", METRIC_OK, METRIC_OK, METRIC_OK, METRIC_OK},
    };
    struct alarm_settings settings = above_80();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct metric_store *store = metric_store_create();
        struct metric_series *series = metric_store_watch(store, &errors);
        unsigned minutes = 0;
        for (const char *p = cases[i].periods; *p != '\0'; p++, minutes++) {
            if (*p != '.') {
                assert_true(put(store, minutes + 0.5, *p == '9' ? 90 : 10, minutes + 0.5));
            }
        }
        const enum metric_evaluation wanted[MISSING_DATA_KINDS] = {
            [MISSING_DATA_MISSING] = cases[i].missing,
            [MISSING_DATA_IGNORE] = cases[i].ignored,
            [MISSING_DATA_BREACHING] = cases[i].breaching,
            [MISSING_DATA_NOT_BREACHING] = cases[i].not_breaching,
        };
        for (unsigned missing = 0; missing < MISSING_DATA_KINDS; missing++) {
            struct metric_reading reading;
            metric_evaluate(series, &settings, 0, missing, at_minute(minutes), &reading);
            if (reading.evaluation != wanted[missing]) {
                fail_msg("%s, %s: %s", cases[i].periods, missing_data_names()[missing],
                         metric_evaluation_name(reading.evaluation));
            }
        }
        metric_store_unwatch(store, series);
        metric_store_destroy(store);
    }
}

// S10: statistics and operators; a period of five minutes holds what came in its minutes, in any order.
static void test_every_statistic_and_operator_is_that_of_the_whole_period(void **state)
{
    (void)state;
    static const struct {
        enum metric_statistic statistic;
        double value;
    } cases[] = {{METRIC_AVERAGE, 4},
                 {METRIC_MINIMUM, -2},
                 {METRIC_MAXIMUM, 10},
                 {METRIC_SUM, 16},
                 {METRIC_SAMPLE_COUNT, 4}};
    static const struct {
        enum metric_comparison comparison;
        bool below; // breached when the value is below the threshold, at it, above it
        bool at;
        bool above;
    } operators[] = {{METRIC_GREATER_OR_EQUAL, false, true, true},
                     {METRIC_GREATER, false, false, true},
                     {METRIC_LESS, true, false, false},
                     {METRIC_LESS_OR_EQUAL, true, true, false}};
    struct metric_store *store = metric_store_create();
    struct metric_series *series = metric_store_watch(store, &errors);
    put(store, 4.9, 10, 5);
    put(store, 0, -2, 5);
    put(store, 2, 3, 5);
    put(store, 2.5, 5, 5);
    put(store, 5, 1000, 5); // the next period
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t k = 0; k < sizeof operators / sizeof operators[0]; k++) {
            struct alarm_settings settings = above_80();
            struct metric_reading reading;
            settings.period = 300;
            settings.evaluation_periods = 1;
            settings.statistic = (uint8_t)cases[i].statistic;
            settings.comparison = (uint8_t)operators[k].comparison;
            const bool wanted[] = {operators[k].below, operators[k].at, operators[k].above};
            for (int shift = -1; shift <= 1; shift++) {
                settings.threshold = cases[i].value - shift;
                metric_evaluate(series, &settings, 0, MISSING_DATA_MISSING, at_minute(5), &reading);
                assert_true(reading.value == cases[i].value);
                assert_true(reading.value_at.ns == at_minute(5).ns);
                assert_int_equal(reading.evaluation == METRIC_ALARM, wanted[shift + 1]);
            }
        }
    }
    metric_store_unwatch(store, series);
    metric_store_destroy(store);
}

// S11: only complete periods; with a delay they are complete so much later.
static void test_a_period_counts_when_it_is_over(void **state)
{
    (void)state;
    static const struct {
        double now; // minutes
        double delay;
        uint32_t present;
        double next;
    } cases[] = {
        {10.5, 0, 0, 11},     {10.999, 0, 0, 11},     {11, 0, 1, 12},
        {13.999, 0, 1, 14},   {14, 0, 0, 15},         {11, 0.5, 0, 11.5},
        {11.5, 0.5, 1, 12.5}, {14.499, 0.5, 1, 14.5}, {14.5, 0.5, 0, 15.5},
    };
    struct metric_store *store = metric_store_create();
    struct metric_series *series = metric_store_watch(store, &errors);
    struct alarm_settings settings = above_80();
    put(store, 10.2, 90, 10.2);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        duration delay = duration_from_seconds(cases[i].delay * 60);
        wall_time now = at_minute(cases[i].now);
        struct metric_reading reading;
        metric_evaluate(series, &settings, delay, MISSING_DATA_MISSING, now, &reading);
        assert_int_equal(reading.present, cases[i].present);
        assert_int_equal(metric_next(&settings, delay, now).ns, at_minute(cases[i].next).ns);
    }
    metric_store_unwatch(store, series);
    metric_store_destroy(store);
}

// Late data finds its minute; what is too old or too far ahead is not kept.
static void test_data_may_come_late_early_and_out_of_order(void **state)
{
    (void)state;
    struct metric_store *store = metric_store_create();
    struct metric_series *series = metric_store_watch(store, &errors);
    struct alarm_settings settings = above_80();
    struct metric_reading reading;
    double week = 7 * 24 * 60;
    uint64_t before = metric_series_version(series);
    assert_true(put(store, 2, 90, 3));
    assert_true(put(store, 0, 90, 3));
    assert_true(put(store, 1, 90, 3));
    assert_true(metric_series_version(series) > before);
    metric_evaluate(series, &settings, 0, MISSING_DATA_MISSING, at_minute(3), &reading);
    assert_int_equal(reading.evaluation, METRIC_ALARM);
    assert_true(put(store, 4, 10, 3));
    metric_evaluate(series, &settings, 0, MISSING_DATA_MISSING, at_minute(3), &reading);
    assert_int_equal(reading.evaluation, METRIC_ALARM);
    metric_evaluate(series, &settings, 0, MISSING_DATA_MISSING, at_minute(5), &reading);
    assert_int_equal(reading.evaluation, METRIC_OK);
    assert_true(put(store, 3 - week, 1, 3));
    assert_false(put(store, 2.99 - week, 1, 3));
    assert_true(put(store, 123, 1, 3));
    assert_false(put(store, 123.1, 1, 3));
    metric_store_unwatch(store, series);
    metric_store_destroy(store);
}

static void test_a_metric_is_its_namespace_name_and_dimensions_in_any_order(void **state)
{
    (void)state;
    static const struct metric_dimension ab[] = {{"a", "1"}, {"b", "2"}};
    static const struct metric_dimension ba[] = {{"b", "2"}, {"a", "1"}};
    static const struct metric_dimension other[] = {{"a", "1"}, {"b", "3"}};
    static const struct metric_id same[] = {{"App", "Errors", ab, 2}, {"App", "Errors", ba, 2}};
    static const struct metric_id others[] = {
        {"App", "Errors", ab, 1}, {"App", "Errors", other, 2}, {"App", "Errors", NULL, 0},
        {"Ap", "pErrors", ab, 2}, {"App", "errors", ab, 2},
    };
    struct metric_store *store = metric_store_create();
    struct metric_series *first = metric_store_watch(store, &same[0]);
    assert_ptr_equal(first, metric_store_watch(store, &same[1]));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_ptr_not_equal(first, metric_store_watch(store, &others[i]));
    }
    metric_store_destroy(store);
}

// Strangers' data cannot fill the memory, nor push out what is watched.
static void test_metrics_that_nothing_watches_make_room_for_others(void **state)
{
    (void)state;
    struct metric_store *store = metric_store_create();
    struct metric_series *watched = metric_store_watch(store, &errors);
    struct alarm_settings settings = above_80();
    struct metric_reading reading;
    settings.evaluation_periods = 1;
    assert_true(put(store, 0, 90, 1));
    for (unsigned i = 0; i < METRIC_UNWATCHED_MAX + 10; i++) {
        char name[16];
        snprintf(name, sizeof name, "m%u", i);
        struct metric_datum datum = value_at(i / 1000.0, 1);
        datum.metric.name = name;
        assert_true(metric_store_add(store, &datum, at_minute(1)));
    }
    metric_evaluate(watched, &settings, 0, MISSING_DATA_MISSING, at_minute(1), &reading);
    assert_int_equal(reading.evaluation, METRIC_ALARM);
    struct metric_series *oldest = metric_store_watch(store, &(struct metric_id){"App", "m0", NULL, 0});
    struct metric_series *newest = metric_store_watch(store, &(struct metric_id){"App", "m1030", NULL, 0});
    assert_int_equal(metric_series_version(oldest), 0);
    assert_int_equal(metric_series_version(newest), 1);
    metric_store_destroy(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_breaching_is_alarm_any_other_ok_and_a_gap_is_not_enough),
        cmocka_unit_test(test_every_statistic_and_operator_is_that_of_the_whole_period),
        cmocka_unit_test(test_a_period_counts_when_it_is_over),
        cmocka_unit_test(test_data_may_come_late_early_and_out_of_order),
        cmocka_unit_test(test_a_metric_is_its_namespace_name_and_dimensions_in_any_order),
        cmocka_unit_test(test_metrics_that_nothing_watches_make_room_for_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
