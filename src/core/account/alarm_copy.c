// SPDX-License-Identifier: MIT
#include "core/account/alarm_copy.h"

#include <string.h>

#include "core/account/record_set.h"
#include "sections.h"

#define SETTINGS "CloudWatchAlarmConfiguration"

static const json_t *identifier_of(const json_t *check)
{
    return json_object_get(json_object_get(check, "HealthCheckConfig"), "AlarmIdentifier");
}

static struct bytes id_of(const json_t *check)
{
    return bytes_of(json_string_value(json_object_get(check, "Id")));
}

static bool is(const json_t *text, const char *value)
{
    return json_is_string(text) && strcmp(json_string_value(text), value) == 0;
}

// One that a health check can watch; NULL: there is none.
static const struct alarm *find_alarm(const struct account_edit *edit, const json_t *identifier)
{
    const struct model_spec *spec = policy_spec(sections_policy(edit));
    for (uint32_t i = 0; i < spec->alarm_count; i++) {
        const struct alarm *alarm = &spec->alarms[i];
        if (is(json_object_get(identifier, "Region"), alarm->region) &&
            is(json_object_get(identifier, "Name"), alarm->name)) {
            return alarm->unsupported == NULL ? alarm : NULL;
        }
    }
    return NULL;
}

static json_t *print_settings(const struct alarm_settings *settings)
{
    json_t *dimensions = json_array();
    for (uint32_t i = 0; i < settings->metric.dimension_count; i++) {
        const struct metric_dimension *dimension = &settings->metric.dimensions[i];
        json_array_append_new(dimensions,
                              json_pack("{s:s,s:s}", "Name", dimension->name, "Value", dimension->value));
    }
    return json_pack("{s:I,s:f,s:s,s:I,s:s,s:s,s:s,s:o,s:s}", "EvaluationPeriods",
                     (json_int_t)settings->evaluation_periods, "Threshold", settings->threshold,
                     "ComparisonOperator", metric_comparison_names()[settings->comparison], "Period",
                     (json_int_t)settings->period, "MetricName", settings->metric.name, "Namespace",
                     settings->metric.space, "Statistic", metric_statistic_names()[settings->statistic],
                     "Dimensions", dimensions, "TreatMissingData", missing_data_names()[settings->missing]);
}

void account_copy_alarm(struct account_edit *edit, const json_t *check)
{
    const json_t *identifier = identifier_of(check);
    const struct alarm *alarm = find_alarm(edit, identifier);
    if (alarm == NULL) {
        account_drop_alarm_copy(edit, id_of(check));
        return;
    }
    json_t *copy =
        json_pack("{s:O,s:o}", "AlarmIdentifier", identifier, SETTINGS, print_settings(&alarm->settings));
    struct buffer text;
    buffer_init(&text, ACCOUNT_TEXT_LIMIT);
    account_object_text(&text, copy);
    account_edit_put(edit, ACCOUNT_ALARM_COPY, id_of(check), buffer_bytes(&text));
    buffer_free(&text);
    json_decref(copy);
}

void account_drop_alarm_copy(struct account_edit *edit, struct bytes check_id)
{
    struct account_object held;
    if (account_find(edit, ACCOUNT_ALARM_COPY, check_id, &held)) {
        account_edit_delete(edit, ACCOUNT_ALARM_COPY, check_id);
    }
}

json_t *account_alarm_settings(const struct account_edit *edit, const json_t *check)
{
    const json_t *identifier = identifier_of(check);
    json_t *settings = json_incref(json_object_get(check, SETTINGS));
    struct account_object held;
    if (settings == NULL && identifier != NULL &&
        account_find(edit, ACCOUNT_ALARM_COPY, id_of(check), &held)) {
        json_t *copy = sections_parse(held.text);
        bool same = json_equal(json_object_get(copy, "AlarmIdentifier"), identifier);
        settings = same ? json_incref(json_object_get(copy, SETTINGS)) : NULL;
        json_decref(copy);
    }
    return settings;
}
