// SPDX-License-Identifier: MIT
// CloudWatch alarms, and the health checks that watch what they watch: S9-S11. An alarm that no health check
// can watch is no error until one does, so that a whole account's alarms can be pasted.
#include <stdio.h>

#include "context.h"
#include "reading.h"

enum { ALARM_KEY = 64 + 1 + 4 * 256 + 1, NAMES_MAX = 4096 };

// Regions hold no blank, so no two alarms share a key.
static struct bytes key_of(const char *region, const char *name, char out[ALARM_KEY])
{
    snprintf(out, ALARM_KEY, "%s %s", region, name);
    return bytes_of(out);
}

static const struct alarm *find_alarm(const struct policy_context *context, const char *region,
                                      const char *name)
{
    char key[ALARM_KEY];
    return map_get(context->alarms, key_of(region, name, key));
}

// S10, and what nearwell cannot look back on; NULL when a health check can watch it.
static const char *why_unsupported(const struct policy_alarm *from)
{
    const struct schema_node *node = &from->node;
    int64_t most = from->period >= ALARM_LONG_PERIOD ? ALARM_LONG_SPAN_MAX : ALARM_SPAN_MAX;
    if (policy_given(node, ALARM_METRICS) || policy_given(node, ALARM_THRESHOLD_METRIC_ID)) {
        return "it uses metric math";
    }
    if (policy_given(node, ALARM_EXTENDED_STATISTIC)) {
        return "it uses an extended statistic";
    }
    if (!policy_given(node, ALARM_NAMESPACE) || !policy_given(node, ALARM_METRIC_NAME) ||
        !policy_given(node, ALARM_STATISTIC) || !policy_given(node, ALARM_PERIOD) ||
        !policy_given(node, ALARM_EVALUATION_PERIODS) || !policy_given(node, ALARM_THRESHOLD) ||
        !policy_given(node, ALARM_COMPARISON_OPERATOR)) {
        return "it lacks one of Namespace, MetricName, Statistic, Period, EvaluationPeriods, Threshold and "
               "ComparisonOperator";
    }
    if (from->comparison_operator >= METRIC_COMPARISONS) {
        return "it uses anomaly detection";
    }
    if (from->period < 60) {
        return "its metric is of high resolution: Period is below 60 seconds";
    }
    if (from->period % 60 != 0) {
        return "its Period is not a multiple of 60 seconds";
    }
    if (policy_given(node, ALARM_DATAPOINTS_TO_ALARM) &&
        from->datapoints_to_alarm != from->evaluation_periods) {
        return "it is an M-out-of-N alarm: DatapointsToAlarm differs from EvaluationPeriods";
    }
    if (from->period * from->evaluation_periods > most) {
        return "it looks back on more than a day, or a week when its Period is an hour or more";
    }
    return NULL;
}

static void read_dimensions(struct policy_context *context, const struct policy_alarm *from,
                            struct metric_id *to)
{
    const struct policy_dimension *dimensions = from->dimensions.items;
    size_t count = from->dimensions.count;
    struct metric_dimension *list = arena_new(context->reader.arena, struct metric_dimension, count);
    if (count > METRIC_DIMENSIONS_MAX) {
        REFUSE(context, &from->node, "Dimensions", "a metric has at most %d dimensions, not %zu",
               METRIC_DIMENSIONS_MAX, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        list[i] = (struct metric_dimension){dimensions[i].name, dimensions[i].value};
        for (size_t k = 0; k < i && list[i].name != NULL; k++) {
            if (list[k].name != NULL && strcmp(list[k].name, list[i].name) == 0) {
                REFUSE(context, &dimensions[i].node, "Name", "dimension '%s' is given twice", list[i].name);
            }
        }
    }
    to->dimensions = list;
    to->dimension_count = (uint32_t)count;
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static void read_settings(struct policy_context *context, const struct policy_alarm *from,
                          struct alarm_settings *to)
{
    *to = (struct alarm_settings){
        .metric.space = or_empty(from->space),
        .metric.name = or_empty(from->metric_name),
        .statistic = (uint8_t)from->statistic,
        .comparison = (uint8_t)from->comparison_operator,
        .missing = (uint8_t)from->treat_missing_data,
        .evaluation_periods = (uint32_t)from->evaluation_periods,
        .period = (uint32_t)from->period,
        .threshold = from->threshold,
    };
    read_dimensions(context, from, &to->metric);
}

// arn:aws:cloudwatch:us-east-1:123456789012:alarm:NAME
static const char *region_of(struct policy_context *context, const char *arn)
{
    struct bytes rest = bytes_of(arn != NULL ? arn : "");
    struct bytes part = {0};
    for (unsigned i = 0; i < 4; i++) {
        if (!bytes_split(&rest, ':', &part)) {
            return NULL;
        }
    }
    if (part.len == 0) {
        return NULL;
    }
    char *region = arena_alloc(context->reader.arena, part.len + 1, 1);
    memcpy(region, part.data, part.len);
    return region;
}

static void read_alarm(struct policy_context *context, const struct policy_alarm *from, struct alarm *to)
{
    to->name = or_empty(from->name);
    to->region = from->region != NULL ? from->region : region_of(context, from->arn);
    to->unsupported = why_unsupported(from);
    read_settings(context, from, &to->settings);
    if (to->region == NULL) {
        REFUSE(context, &from->node, "", "missing field 'Region', and no AlarmArn that tells it");
        to->region = "";
    } else if (from->name != NULL) {
        char key[ALARM_KEY];
        if (!map_put(context->alarms, key_of(to->region, to->name, key), to)) {
            REFUSE(context, &from->node, "AlarmName", "another alarm in %s has the name '%s' already",
                   to->region, to->name);
        }
    }
}

void policy_read_alarms(struct policy_context *context)
{
    size_t count = context->file->alarms.count;
    const struct policy_alarm *alarms = context->file->alarms.items;
    struct alarm *list = arena_new(context->reader.arena, struct alarm, count);
    const char **names = arena_new(context->reader.arena, const char *, NAMES_MAX + 1);
    for (size_t i = 0; i < count; i++) {
        read_alarm(context, &alarms[i], &list[i]);
        if (i < NAMES_MAX) {
            names[i] = list[i].name;
        }
    }
    context->alarm_names = names;
    context->spec->alarms = list;
    context->spec->alarm_count = (uint32_t)count;
}

// --- health checks that watch them -------------------------------------------------------------------------

// The check came with the settings that it once copied, as Route 53 lists it.
static void read_copy(struct policy_context *context, const struct policy_alarm *from, struct alarm_watch *to)
{
    const char *why = why_unsupported(from);
    struct alarm_settings *settings = arena_new(context->reader.arena, struct alarm_settings, 1);
    if (from->node.given == from->node.valid && why != NULL) {
        REFUSE(context, &from->node, "", "a health check cannot watch this: %s", why);
    }
    read_settings(context, from, settings);
    to->settings = settings;
    to->copied = true;
}

// An alarm of that name elsewhere, or one of a similar name.
static void hint_at(struct policy_context *context, const char *name, char out[POLICY_HINT])
{
    for (uint32_t i = 0; i < context->spec->alarm_count; i++) {
        if (strcmp(context->spec->alarms[i].name, name) == 0) {
            snprintf(out, POLICY_HINT, "; there is one in %s", context->spec->alarms[i].region);
            return;
        }
    }
    policy_hint(context, name, context->alarm_names, out);
}

static void read_now(struct policy_context *context, const struct policy_alarm_identifier *from,
                     struct alarm_watch *to)
{
    const struct alarm *alarm = find_alarm(context, from->region, from->name);
    if (alarm == NULL) {
        char hint[POLICY_HINT];
        hint_at(context, from->name, hint);
        REFUSE(context, &from->node, "Name", "Alarms has no alarm '%s' in %s%s", from->name, from->region,
               hint);
    } else if (alarm->unsupported != NULL) {
        REFUSE(context, &from->node, "Name", "a health check cannot watch the alarm '%s': %s", from->name,
               alarm->unsupported);
    } else {
        to->settings = &alarm->settings;
        if (context->options->trap_warnings && alarm->settings.missing != MISSING_DATA_MISSING &&
            !context->spec->simulator.treat_missing_data) {
            schema_finding(context->reader.diagnostics, DIAGNOSTIC_WARNING, &from->node, "Name",
                           "TreatMissingData '%s' of the alarm is ignored, as by Route 53 (S11); "
                           "Simulator.TreatMissingData makes it count",
                           missing_data_names()[alarm->settings.missing]);
        }
    }
}

void policy_read_alarm_watch(struct policy_context *context, const struct policy_alarm_identifier *from,
                             const struct policy_alarm *copy, struct alarm_watch *to)
{
    to->region = from->region;
    to->name = from->name;
    if (copy != NULL) {
        read_copy(context, copy, to);
    } else if (from->region != NULL && from->name != NULL) {
        read_now(context, from, to);
    }
}
