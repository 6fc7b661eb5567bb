// SPDX-License-Identifier: MIT
// From a verdict or a setting to the status that answers use, through two delay lines (H15, A9).
#include <stdlib.h>

#include "base/xalloc.h"
#include "fleet_state.h"

static struct delayed *line_add(struct delay_line *line, mono_time due)
{
    struct delayed *delayed = xcalloc(1, sizeof *delayed);
    // A delay that was shortened must not let a later change overtake an earlier one.
    delayed->due = line->last != NULL && mono_before(due, line->last->due) ? line->last->due : due;
    if (line->last != NULL) {
        line->last->next = delayed;
    } else {
        line->first = delayed;
    }
    line->last = delayed;
    return delayed;
}

static struct delayed *line_take(struct delay_line *line, mono_time now)
{
    struct delayed *delayed = line->first;
    if (delayed == NULL || mono_before(now, delayed->due)) {
        return NULL;
    }
    line->first = delayed->next;
    if (line->first == NULL) {
        line->last = NULL;
    }
    return delayed;
}

static bool line_due(const struct delay_line *line, mono_time now)
{
    return line->first != NULL && !mono_before(now, line->first->due);
}

void fleet_clear_delays(struct check *check)
{
    for (struct delayed *delayed; (delayed = line_take(&check->coming_settings, MONO_NEVER)) != NULL;) {
        free(delayed);
    }
    for (struct delayed *delayed; (delayed = line_take(&check->coming_statuses, MONO_NEVER)) != NULL;) {
        free(delayed);
    }
}

static void tell(struct fleet *fleet, const struct health_change *change)
{
    if (fleet->news_first == fleet->news_count) {
        fleet->news_first = fleet->news_count = 0;
    }
    if (fleet->news_count == fleet->news_room) {
        fleet->news_room = fleet->news_room > 0 ? fleet->news_room * 2 : 16;
        fleet->news = xreallocarray(fleet->news, fleet->news_room, sizeof *fleet->news);
    }
    fleet->news[fleet->news_count++] = *change;
}

void fleet_forget_news(struct fleet *fleet, uint32_t slot)
{
    size_t kept = fleet->news_first;
    for (size_t i = fleet->news_first; i < fleet->news_count; i++) {
        if (fleet->news[i].check != slot) {
            fleet->news[kept++] = fleet->news[i];
        }
    }
    fleet->news_count = kept;
}

static struct health_change describe(const struct fleet *fleet, const struct check *check,
                                     const struct happening *happening)
{
    struct health_change change = {
        .check = check->slot,
        .healthy = check->final,
        .raw = check->active.disabled || check->raw,
        .cause = happening->cause,
        .checkers_healthy = check->healthy,
        .reporting = fleet_reporting(check),
        .needed = fleet_needed(fleet, check),
        .evidence_region = happening->region,
        .at = happening->at,
        .wall = happening->wall,
    };
    if (happening->evidence != NULL) {
        change.evidence = *happening->evidence;
    }
    return change;
}

// The last step: what answers use from now on.
static void publish(struct fleet *fleet, struct check *check, struct health_change *change)
{
    enum override_verdict verdict = check->override != NULL ? check->override->verdict : OVERRIDE_AUTO;
    bool used = verdict == OVERRIDE_AUTO ? check->arrived : verdict == OVERRIDE_HEALTHY;
    if (used == check->used) {
        return;
    }
    check->used = used;
    check->since = change->wall;
    status_table_set(fleet->table, check->index, used);
    fleet->generation++;
    change->healthy = used;
    tell(fleet, change);
    fleet_tell_parents(fleet, check, change->at, change->wall);
}

void fleet_use(struct fleet *fleet, struct check *check, const struct happening *happening)
{
    struct health_change change = describe(fleet, check, happening);
    publish(fleet, check, &change);
}

void fleet_settle(struct fleet *fleet, struct check *check, const struct happening *happening)
{
    bool final = check_final(check->raw, check->active.disabled, check->active.inverted);
    if (final == check->final) {
        return;
    }
    check->final = final;
    struct health_change change = describe(fleet, check, happening);
    if (fleet->simulator.aggregation_delay <= 0 && check->coming_statuses.first == NULL) {
        check->arrived = final;
        publish(fleet, check, &change);
        return;
    }
    mono_time due = mono_add(happening->at, fleet->simulator.aggregation_delay);
    struct delayed *delayed = line_add(&check->coming_statuses, due);
    delayed->change = change;
    queue_push(&fleet->changes, delayed->due, check->slot);
}

void fleet_recount(struct fleet *fleet, struct check *check, const struct happening *happening)
{
    if (fleet_is_calculated(check)) {
        fleet_count_children(fleet, check);
    } else if (check->watch != NULL) {
        fleet_read_metric(fleet, check, happening->at, happening->wall);
    } else {
        check->raw = check_aggregate(check->healthy, fleet_reporting(check), fleet->simulator.healthy_percent,
                                     check->raw);
    }
    fleet_settle(fleet, check, happening);
}

static const char *cause_of(const struct settings *before, const struct settings *after)
{
    if (before->inverted != after->inverted) {
        return "inverted";
    }
    return before->disabled != after->disabled ? "disabled" : "policy";
}

static void put_in_force(struct fleet *fleet, struct check *check, const struct settings *settings,
                         const struct happening *happening)
{
    struct settings before = check->active;
    struct happening settled = *happening;
    if (settled.cause == NULL) {
        settled.cause = cause_of(&before, settings);
    }
    check->active = *settings;
    if (settings->disabled && !before.disabled) {
        fleet_stop_checkers(check);
    } else if (before.disabled && !settings->disabled) {
        fleet_reseed(fleet, check, happening->at);
    }
    fleet_count_waiting(fleet, check);
    fleet_recount(fleet, check, &settled);
}

static bool same_settings(const struct settings *a, const struct settings *b)
{
    return a->inverted == b->inverted && a->disabled == b->disabled &&
           a->failure_threshold == b->failure_threshold;
}

void fleet_want(struct fleet *fleet, struct check *check, const struct settings *settings,
                const struct happening *happening)
{
    if (same_settings(settings, &check->wanted)) {
        return;
    }
    check->wanted = *settings;
    if (fleet->simulator.health_check_config_delay <= 0 && check->coming_settings.first == NULL) {
        put_in_force(fleet, check, settings, happening);
        return;
    }
    mono_time due = mono_add(happening->at, fleet->simulator.health_check_config_delay);
    struct delayed *delayed = line_add(&check->coming_settings, due);
    delayed->settings = *settings;
    delayed->cause = happening->cause;
    queue_push(&fleet->changes, delayed->due, check->slot);
}

static bool lingering_due(const struct check *check, mono_time now)
{
    for (uint32_t i = 0; i < check->lingering; i++) {
        if (!mono_before(now, check->leaves[i])) {
            return true;
        }
    }
    return false;
}

static bool override_due(const struct check *check, mono_time now)
{
    return check->override != NULL && !mono_before(now, check->override->until);
}

bool fleet_effect_due(const struct check *check, mono_time now)
{
    return line_due(&check->coming_settings, now) || line_due(&check->coming_statuses, now) ||
           override_due(check, now) || lingering_due(check, now) || fleet_metric_due(check, now);
}

void fleet_take_effect(struct fleet *fleet, struct check *check, mono_time now, wall_time wall)
{
    struct happening happening = {NULL, now, wall, NULL, REGION_NONE};
    if (override_due(check, now)) {
        fleet_end_override(fleet, check, &happening);
    }
    for (struct delayed *delayed; (delayed = line_take(&check->coming_settings, now)) != NULL;) {
        happening.cause = delayed->cause;
        put_in_force(fleet, check, &delayed->settings, &happening);
        free(delayed);
    }
    if (lingering_due(check, now)) {
        fleet_dismiss_lingering(fleet, check, now);
        happening.cause = "policy";
        fleet_recount(fleet, check, &happening);
    }
    if (fleet_metric_due(check, now)) {
        happening.cause = "metric";
        fleet_recount(fleet, check, &happening);
    }
    for (struct delayed *delayed; (delayed = line_take(&check->coming_statuses, now)) != NULL;) {
        check->arrived = delayed->change.healthy;
        delayed->change.at = now;
        delayed->change.wall = wall;
        publish(fleet, check, &delayed->change);
        free(delayed);
    }
}
