// SPDX-License-Identifier: MIT
// Checks of metrics: what they watch, and what the data says now (S9-S11, S13).
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "fleet_state.h"

// A copy of the alarm's settings, the check's own: the alarm may change without it (S10).
struct metric_watch {
    struct arena *arena; // of the copy
    struct alarm_watch alarm;
    struct alarm_settings settings;
    uint64_t version; // HealthCheckVersion when it was made
    struct metric_series *series;
    uint64_t seen; // version of the series
    struct metric_reading reading;
    bool last; // LastKnownStatus, before an inversion (S13)
    mono_time due;
};

void fleet_free_watch(struct fleet *fleet, struct check *check)
{
    struct metric_watch *watch = check->watch;
    if (watch != NULL) {
        metric_store_unwatch(fleet->metrics, watch->series);
        arena_destroy(watch->arena);
        free(watch);
        check->watch = NULL;
    }
}

static void copy_settings(struct fleet *fleet, struct check *check, bool last)
{
    const struct health_check *config = check->config;
    struct metric_watch *watch = xcalloc(1, sizeof *watch);
    watch->arena = arena_create();
    watch->alarm.region = arena_strdup(watch->arena, config->alarm.region);
    watch->alarm.name = arena_strdup(watch->arena, config->alarm.name);
    alarm_settings_copy(watch->arena, config->alarm.settings, &watch->settings);
    watch->version = config->version;
    watch->series = metric_store_watch(fleet->metrics, &watch->settings.metric);
    watch->last = last;
    watch->due = MONO_NEVER;
    fleet_free_watch(fleet, check);
    check->watch = watch;
}

// S10. An account knows when the alarm was asked for, and its checks have the settings of that time as their
// own. A policy by itself says it with another alarm or another HealthCheckVersion.
static bool asked_again(const struct metric_watch *watch, const struct health_check *config)
{
    const struct alarm_watch *alarm = &config->alarm;
    bool same_alarm =
        strcmp(alarm->region, watch->alarm.region) == 0 && strcmp(alarm->name, watch->alarm.name) == 0;
    return !same_alarm || (alarm->copied ? !alarm_settings_equal(alarm->settings, &watch->settings)
                                         : config->version != watch->version);
}

void fleet_follow_alarm(struct fleet *fleet, struct check *check)
{
    if (check->watch == NULL) {
        copy_settings(fleet, check, true);
    } else if (asked_again(check->watch, check->config)) {
        copy_settings(fleet, check, check->watch->last);
    }
}

// S9: LastKnownStatus without a history is healthy.
static bool without_data(const struct metric_watch *watch, const struct health_check *config,
                         enum missing_data missing)
{
    if (missing == MISSING_DATA_IGNORE || config->insufficient_data == INSUFFICIENT_DATA_LAST_KNOWN) {
        return watch->last;
    }
    return config->insufficient_data == INSUFFICIENT_DATA_HEALTHY;
}

void fleet_read_metric(struct fleet *fleet, struct check *check, mono_time now, wall_time wall)
{
    struct metric_watch *watch = check->watch;
    duration delay = fleet->simulator.metric_delay;
    enum missing_data missing =
        fleet->simulator.treat_missing_data ? watch->settings.missing : MISSING_DATA_MISSING;
    watch->seen = metric_series_version(watch->series);
    if (check->active.disabled) { // S1
        watch->due = MONO_NEVER;
        return;
    }
    metric_evaluate(watch->series, &watch->settings, delay, missing, wall, &watch->reading);
    bool raw = watch->reading.evaluation == METRIC_OK;
    if (watch->reading.evaluation == METRIC_INSUFFICIENT) {
        raw = without_data(watch, check->config, missing);
    } else {
        watch->last = raw;
    }
    for (uint32_t location = 0; location < fleet->location_count; location++) {
        fleet_outlook(check, location)->raw = raw;
    }
    mono_time due = mono_add(now, metric_next(&watch->settings, delay, wall).ns - wall.ns);
    if (due.ns != watch->due.ns) {
        watch->due = due;
        queue_push(&fleet->changes, due, check->slot);
    }
}

bool fleet_metric_due(const struct check *check, mono_time now)
{
    return check->watch != NULL && !mono_before(now, check->watch->due);
}

size_t fleet_put_metrics(struct fleet *fleet, const struct metric_datum *data, size_t count, mono_time now,
                         wall_time wall)
{
    struct happening happening = {"metric", now, wall, NULL, REGION_NONE};
    size_t kept = 0;
    fleet_advance(fleet, now, wall);
    for (size_t i = 0; i < count; i++) {
        kept += metric_store_add(fleet->metrics, &data[i], wall);
    }
    for (uint32_t i = 0; kept > 0 && i < fleet->count; i++) {
        struct check *check = fleet->checks[i];
        if (check->watch != NULL && check->watch->seen != metric_series_version(check->watch->series)) {
            fleet_recount(fleet, check, &happening);
        }
    }
    return kept;
}

bool fleet_metric_state(const struct fleet *fleet, uint32_t index, struct metric_state *out)
{
    const struct metric_watch *watch = index < fleet->count ? fleet->checks[index]->watch : NULL;
    if (watch == NULL) {
        return false;
    }
    *out = (struct metric_state){
        .region = watch->alarm.region,
        .name = watch->alarm.name,
        .settings = &watch->settings,
        .reading = watch->reading,
        .last_known = watch->last,
    };
    return true;
}
