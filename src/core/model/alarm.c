// SPDX-License-Identifier: MIT
#include "core/model/alarm.h"

#include <stddef.h>
#include <string.h>

void alarm_settings_copy(struct arena *arena, const struct alarm_settings *from, struct alarm_settings *to)
{
    uint32_t count = from->metric.dimension_count;
    struct metric_dimension *dimensions = arena_new(arena, struct metric_dimension, count);
    for (uint32_t i = 0; i < count; i++) {
        dimensions[i].name = arena_strdup(arena, from->metric.dimensions[i].name);
        dimensions[i].value = arena_strdup(arena, from->metric.dimensions[i].value);
    }
    *to = *from;
    to->metric.space = arena_strdup(arena, from->metric.space);
    to->metric.name = arena_strdup(arena, from->metric.name);
    to->metric.dimensions = dimensions;
}

static bool same_metric(const struct metric_id *a, const struct metric_id *b)
{
    bool same = strcmp(a->space, b->space) == 0 && strcmp(a->name, b->name) == 0 &&
                a->dimension_count == b->dimension_count;
    for (uint32_t i = 0; same && i < a->dimension_count; i++) {
        same = strcmp(a->dimensions[i].name, b->dimensions[i].name) == 0 &&
               strcmp(a->dimensions[i].value, b->dimensions[i].value) == 0;
    }
    return same;
}

bool alarm_settings_equal(const struct alarm_settings *a, const struct alarm_settings *b)
{
    return same_metric(&a->metric, &b->metric) && a->statistic == b->statistic &&
           a->comparison == b->comparison && a->missing == b->missing &&
           a->evaluation_periods == b->evaluation_periods && a->period == b->period &&
           a->threshold == b->threshold;
}

const char *const *metric_statistic_names(void)
{
    static const char *const names[METRIC_STATISTICS + 1] = {
        [METRIC_AVERAGE] = "Average", [METRIC_MINIMUM] = "Minimum",          [METRIC_MAXIMUM] = "Maximum",
        [METRIC_SUM] = "Sum",         [METRIC_SAMPLE_COUNT] = "SampleCount",
    };
    return names;
}

const char *const *metric_comparison_names(void)
{
    static const char *const names[METRIC_COMPARISONS + 1] = {
        [METRIC_GREATER_OR_EQUAL] = "GreaterThanOrEqualToThreshold",
        [METRIC_GREATER] = "GreaterThanThreshold",
        [METRIC_LESS] = "LessThanThreshold",
        [METRIC_LESS_OR_EQUAL] = "LessThanOrEqualToThreshold",
    };
    return names;
}

const char *const *missing_data_names(void)
{
    static const char *const names[MISSING_DATA_KINDS + 1] = {
        [MISSING_DATA_MISSING] = "missing",
        [MISSING_DATA_IGNORE] = "ignore",
        [MISSING_DATA_BREACHING] = "breaching",
        [MISSING_DATA_NOT_BREACHING] = "notBreaching",
    };
    return names;
}
