// SPDX-License-Identifier: MIT
// The field tables of a CloudWatch alarm, as `aws cloudwatch describe-alarms` lists it, and of the copy of
// its settings that a health check carries (API: CloudWatchAlarmConfiguration).
#include "core/model/alarm.h"
#include "fields.h"
#include "fields_parts.h"

// The first of metric_comparison_names() and those of anomaly detection, which no health check can watch.
static const char *const *comparisons(void)
{
    static const char *const names[] = {"GreaterThanOrEqualToThreshold",
                                        "GreaterThanThreshold",
                                        "LessThanThreshold",
                                        "LessThanOrEqualToThreshold",
                                        "LessThanLowerOrGreaterThanUpperThreshold",
                                        "LessThanLowerThreshold",
                                        "GreaterThanUpperThreshold",
                                        NULL};
    return names;
}

#define AT(member) .offset = offsetof(struct policy_dimension, member)
static const struct schema_field dimension_fields[] = {
    [DIMENSION_NAME] = {"Name", "What it is", SCHEMA_STRING, AT(name), .least = 1, .most = 255,
                        .required = true},
    [DIMENSION_VALUE] = {"Value", "Which one", SCHEMA_STRING, AT(value), .least = 1, .most = 1024,
                         .required = true},
};
#undef AT

static const struct schema_table dimension_schema = {"Dimension", "A dimension of the metric",
                                                     sizeof(struct policy_dimension), dimension_fields,
                                                     TABLE_COUNT(dimension_fields)};

#define AT(member) .offset = offsetof(struct policy_alarm, member)

// What an alarm and the copy of its settings have in common. An alarm need not have all of it.
#define SETTINGS(must)                                                                                       \
    [ALARM_NAMESPACE] = {"Namespace", "Of the metric", SCHEMA_STRING,     AT(space),                         \
                         .least = 1,  .most = 255,     .required = (must)},                                  \
    [ALARM_METRIC_NAME] = {"MetricName", "Of the metric", SCHEMA_STRING,     AT(metric_name),                \
                           .least = 1,   .most = 255,     .required = (must)},                               \
    [ALARM_DIMENSIONS] = {"Dimensions", "Of the metric: all of them, in any order", SCHEMA_OBJECTS,          \
                          AT(dimensions), .table = &dimension_schema},                                       \
    [ALARM_STATISTIC] = {"Statistic",        "What of the data of a period counts",                          \
                         SCHEMA_ENUM,        AT(statistic),                                                  \
                         .required = (must), .choices = metric_statistic_names},                             \
    [ALARM_PERIOD] = {"Period",   "Seconds, a multiple of 60", SCHEMA_INTEGER,    AT(period),                \
                      .least = 1, .most = ALARM_LONG_SPAN_MAX, .required = (must)},                          \
    [ALARM_EVALUATION_PERIODS] = {"EvaluationPeriods", "How many periods count",                             \
                                  SCHEMA_INTEGER,      AT(evaluation_periods),                               \
                                  .least = 1,          .most = ALARM_PERIODS_MAX,                            \
                                  .required = (must)},                                                       \
    [ALARM_THRESHOLD] = {"Threshold", "What the statistic is compared with", SCHEMA_NUMBER, AT(threshold),   \
                         .required = (must)},                                                                \
    [ALARM_COMPARISON_OPERATOR] = {"ComparisonOperator", "When the threshold is breached",                   \
                                   SCHEMA_ENUM,          AT(comparison_operator),                            \
                                   .required = (must),   .choices = comparisons},                            \
    [ALARM_TREAT_MISSING_DATA] = {"TreatMissingData",                                                        \
                                  "Ignored, unless Simulator.TreatMissingData says otherwise",               \
                                  SCHEMA_ENUM,                                                               \
                                  AT(treat_missing_data),                                                    \
                                  .defaulted = true,                                                         \
                                  .fallback = MISSING_DATA_MISSING,                                          \
                                  .choices = missing_data_names}

static const struct schema_field configuration_fields[] = {SETTINGS(true)};

const struct schema_table policy_alarm_configuration_schema = {
    "CloudWatchAlarmConfiguration", "The settings of the alarm when the check copied them",
    sizeof(struct policy_alarm), configuration_fields, TABLE_COUNT(configuration_fields)};

static const struct schema_field alarm_fields[] = {
    SETTINGS(false),
    [ALARM_NAME] = {"AlarmName", "What AlarmIdentifier names", SCHEMA_STRING, AT(name), .least = 1,
                    .most = 256, .required = true},
    [ALARM_REGION] = {"Region", "Where it is; by default as AlarmArn says", SCHEMA_STRING, AT(region),
                      .least = 1, .most = 64},
    [ALARM_ARN] = {"AlarmArn", "As CloudWatch lists it", SCHEMA_STRING, AT(arn), .least = 1, .most = 1600},
    [ALARM_DATAPOINTS_TO_ALARM] = {"DatapointsToAlarm",
                                   "As many as EvaluationPeriods: health checks know no M-out-of-N alarms",
                                   SCHEMA_INTEGER, AT(datapoints_to_alarm), .least = 1,
                                   .most = ALARM_PERIODS_MAX},
    [ALARM_EXTENDED_STATISTIC] = {"ExtendedStatistic", "Health checks cannot watch such an alarm",
                                  SCHEMA_STRING, AT(extended_statistic), .least = 1, .most = 256},
    [ALARM_METRICS] = {"Metrics", "Health checks cannot watch such an alarm", .kind = SCHEMA_IGNORED},
    [ALARM_THRESHOLD_METRIC_ID] = {"ThresholdMetricId", "Health checks cannot watch such an alarm",
                                   .kind = SCHEMA_IGNORED},
    {"AlarmDescription", "For people", .kind = SCHEMA_IGNORED},
    {"StateValue", "Accepted, not used: the data decides", .kind = SCHEMA_IGNORED},
    {"StateReason", "Accepted, not used", .kind = SCHEMA_IGNORED},
    {"StateReasonData", "Accepted, not used", .kind = SCHEMA_IGNORED},
    {"StateUpdatedTimestamp", "Accepted, not used", .kind = SCHEMA_IGNORED},
    {"StateTransitionedTimestamp", "Accepted, not used", .kind = SCHEMA_IGNORED},
    {"EvaluationState", "Accepted, not used", .kind = SCHEMA_IGNORED},
    {"AlarmConfigurationUpdatedTimestamp", "Accepted, not used", .kind = SCHEMA_IGNORED},
    {"ActionsEnabled", "Accepted, not used", .kind = SCHEMA_IGNORED},
    {"OKActions", "Accepted, not used", .kind = SCHEMA_IGNORED},
    {"AlarmActions", "Accepted, not used", .kind = SCHEMA_IGNORED},
    {"InsufficientDataActions", "Accepted, not used", .kind = SCHEMA_IGNORED},
    {"Unit", "Accepted, not used: data of every unit counts", .kind = SCHEMA_IGNORED},
    {"EvaluateLowSampleCountPercentile", "Accepted, not used", .kind = SCHEMA_IGNORED},
};
#undef AT

const struct schema_table policy_alarm_schema = {"Alarm", "A CloudWatch alarm, as CloudWatch lists it",
                                                 sizeof(struct policy_alarm), alarm_fields,
                                                 TABLE_COUNT(alarm_fields)};
