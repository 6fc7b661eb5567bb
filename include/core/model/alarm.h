// SPDX-License-Identifier: MIT
// What a CloudWatch alarm says about a metric, and so what a health check of type CLOUDWATCH_METRIC watches
// (S9, S10; API: CloudWatchAlarmConfiguration, AlarmIdentifier). Values only; how the metric is doing is
// core/health's. Immutable once in a model; any thread.
#ifndef NEARWELL_CORE_MODEL_ALARM_H
#define NEARWELL_CORE_MODEL_ALARM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

// S10. The order is that of metric_statistic_names().
enum metric_statistic {
    METRIC_AVERAGE,
    METRIC_MINIMUM,
    METRIC_MAXIMUM,
    METRIC_SUM,
    METRIC_SAMPLE_COUNT,
};
enum { METRIC_STATISTICS = 5 };

// What of (statistic, threshold) breaches the threshold.
enum metric_comparison {
    METRIC_GREATER_OR_EQUAL,
    METRIC_GREATER,
    METRIC_LESS,
    METRIC_LESS_OR_EQUAL,
};
enum { METRIC_COMPARISONS = 4 };

// TreatMissingData: what a period without data counts as (S11).
enum missing_data {
    MISSING_DATA_MISSING, // nothing: CloudWatch's default
    MISSING_DATA_IGNORE,  // as it was
    MISSING_DATA_BREACHING,
    MISSING_DATA_NOT_BREACHING,
};
enum { MISSING_DATA_KINDS = 4 };

enum { METRIC_DIMENSIONS_MAX = 30 };

struct metric_dimension {
    const char *name;
    const char *value;
};

// Which metric: dimensions in any order, each name once.
struct metric_id {
    const char *space; // "AWS/ApplicationELB"
    const char *name;
    const struct metric_dimension *dimensions;
    uint32_t dimension_count;
};

struct alarm_settings {
    struct metric_id metric;
    uint8_t statistic;  // enum metric_statistic
    uint8_t comparison; // enum metric_comparison
    uint8_t missing;    // enum missing_data
    uint32_t evaluation_periods;
    uint32_t period; // seconds, a multiple of 60
    double threshold;
};

// One of the policy's section Alarms.
struct alarm {
    const char *region; // "us-east-1"
    const char *name;
    struct alarm_settings settings;
    const char *unsupported; // why no health check can watch it (S10); NULL: one can
};

// AlarmIdentifier, and the settings that the alarm has, or had when they were copied.
struct alarm_watch {
    const char *region;
    const char *name;
    const struct alarm_settings *settings;
    bool copied; // they are the check's own (CloudWatchAlarmConfiguration), whatever the alarm has now
};

// Longest time that an alarm looks back on, seconds: a day, a week when its period is an hour or more.
enum { ALARM_SPAN_MAX = 86400, ALARM_LONG_PERIOD = 3600, ALARM_LONG_SPAN_MAX = 7 * 86400 };
enum { ALARM_PERIODS_MAX = ALARM_LONG_SPAN_MAX / 60 };

// A copy in the arena, strings included.
void alarm_settings_copy(struct arena *arena, const struct alarm_settings *from, struct alarm_settings *to);
// Whether they say the same, dimensions in the same order.
bool alarm_settings_equal(const struct alarm_settings *a, const struct alarm_settings *b);

// NULL-terminated, in the order of the enums.
const char *const *metric_statistic_names(void);  // "Average", ...
const char *const *metric_comparison_names(void); // "GreaterThanOrEqualToThreshold", ...
const char *const *missing_data_names(void);      // "missing", ...

#endif
