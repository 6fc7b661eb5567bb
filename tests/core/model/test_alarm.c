// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/model/alarm.h"

static const struct metric_dimension api = {"Service", "api"};
static const struct metric_dimension web = {"Service", "web"};

static struct alarm_settings above_80(void)
{
    return (struct alarm_settings){
        .metric = {"App", "Errors", &api, 1},
        .statistic = METRIC_AVERAGE,
        .comparison = METRIC_GREATER,
        .evaluation_periods = 3,
        .period = 60,
        .threshold = 80,
    };
}

static void test_settings_are_equal_when_each_of_them_is(void **state)
{
    (void)state;
    struct alarm_settings same = above_80();
    struct alarm_settings others[10];
    const size_t count = sizeof others / sizeof others[0];
    for (size_t i = 0; i < count; i++) {
        others[i] = above_80();
    }
    others[0].metric.space = "Web";
    others[1].metric.name = "Latency";
    others[2].metric.dimensions = &web;
    others[3].metric.dimension_count = 0;
    others[4].statistic = METRIC_SUM;
    others[5].comparison = METRIC_LESS;
    others[6].missing = MISSING_DATA_BREACHING;
    others[7].evaluation_periods = 2;
    others[8].period = 120;
    others[9].threshold = 95;
    struct arena *arena = arena_create();
    struct alarm_settings copy;
    alarm_settings_copy(arena, &same, &copy);
    assert_true(alarm_settings_equal(&same, &copy));
    for (size_t i = 0; i < count; i++) {
        assert_false(alarm_settings_equal(&same, &others[i]));
        assert_false(alarm_settings_equal(&others[i], &same));
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settings_are_equal_when_each_of_them_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
