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

void fleet_clear_line(struct delay_line *line)
{
    for (struct delayed *delayed; (delayed = line_take(line, MONO_NEVER)) != NULL;) {
        free(delayed);
    }
}

void fleet_clear_delays(struct fleet *fleet, struct check *check)
{
    fleet_clear_line(&check->coming_settings);
    for (uint32_t location = 0; location < fleet->location_count; location++) {
        fleet_clear_line(&fleet_outlook(check, location)->coming_statuses);
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

// Keeps those of other checks and of locations that there are.
static void forget(struct fleet *fleet, uint32_t slot, uint32_t location_count)
{
    size_t kept = fleet->news_first;
    for (size_t i = fleet->news_first; i < fleet->news_count; i++) {
        if (fleet->news[i].check != slot && fleet->news[i].location < location_count) {
            fleet->news[kept++] = fleet->news[i];
        }
    }
    fleet->news_count = kept;
}

void fleet_forget_news(struct fleet *fleet, uint32_t slot)
{
    forget(fleet, slot, LOCATIONS_MAX);
}

void fleet_forget_news_beyond(struct fleet *fleet, uint32_t location_count)
{
    forget(fleet, UINT32_MAX, location_count);
}

static struct health_change describe(const struct fleet *fleet, const struct check *check, uint32_t location,
                                     const struct happening *happening)
{
    const struct outlook *outlook = fleet_outlook_of(check, location);
    struct health_change change = {
        .check = check->slot,
        .location = (uint8_t)location,
        .healthy = outlook->final,
        .raw = check->active.disabled || outlook->raw,
        .cause = happening->cause,
        .checkers_healthy = outlook->healthy,
        .reporting = outlook->reporting,
        .needed = fleet_needed(fleet, check, location),
        .evidence_region = happening->region,
        .at = happening->at,
        .wall = happening->wall,
    };
    if (happening->evidence != NULL) {
        change.evidence = *happening->evidence;
    }
    return change;
}

bool fleet_verdict(const struct check *check, const struct outlook *outlook)
{
    enum override_verdict verdict = check->override != NULL ? check->override->verdict : OVERRIDE_AUTO;
    return verdict == OVERRIDE_AUTO ? outlook->arrived : verdict == OVERRIDE_HEALTHY;
}

// The last step: what answers use from now on.
static void publish(struct fleet *fleet, struct check *check, uint32_t location, struct health_change *change)
{
    struct outlook *outlook = fleet_outlook(check, location);
    bool used = fleet_verdict(check, outlook);
    if (used == outlook->used) {
        return;
    }
    outlook->used = used;
    outlook->since = change->wall;
    status_table_set(fleet->locations[location].table, check->index, used);
    fleet->generation++;
    change->healthy = used;
    tell(fleet, change);
    fleet_tell_parents(fleet, check, location, change->at, change->wall);
}

void fleet_use(struct fleet *fleet, struct check *check, const struct happening *happening)
{
    for (uint32_t location = 0; location < fleet->location_count; location++) {
        struct health_change change = describe(fleet, check, location, happening);
        publish(fleet, check, location, &change);
    }
}

static void settle_at(struct fleet *fleet, struct check *check, uint32_t location,
                      const struct happening *happening)
{
    struct outlook *outlook = fleet_outlook(check, location);
    bool final = check_final(outlook->raw, check->active.disabled, check->active.inverted);
    if (final == outlook->final) {
        return;
    }
    outlook->final = final;
    struct health_change change = describe(fleet, check, location, happening);
    if (fleet->simulator.aggregation_delay <= 0 && outlook->coming_statuses.first == NULL) {
        outlook->arrived = final;
        publish(fleet, check, location, &change);
        return;
    }
    mono_time due = mono_add(happening->at, fleet->simulator.aggregation_delay);
    struct delayed *delayed = line_add(&outlook->coming_statuses, due);
    delayed->change = change;
    queue_push(&fleet->changes, delayed->due, check->slot);
}

void fleet_settle(struct fleet *fleet, struct check *check, const struct happening *happening)
{
    for (uint32_t location = 0; location < fleet->location_count; location++) {
        settle_at(fleet, check, location, happening);
    }
}

void fleet_recount_at(struct fleet *fleet, struct check *check, uint32_t location,
                      const struct happening *happening)
{
    struct outlook *outlook = fleet_outlook(check, location);
    if (fleet_is_calculated(check)) {
        fleet_count_children(fleet, check, location);
    } else if (outlook->reporting == 0 && health_check_type_is_endpoint(check->config->type) &&
               fleet->simulator.without_reports != WITHOUT_REPORTS_LAST) { // A6
        outlook->raw = fleet->simulator.without_reports == WITHOUT_REPORTS_HEALTHY;
    } else {
        outlook->raw = check_aggregate(outlook->healthy, outlook->reporting, fleet->simulator.healthy_percent,
                                       outlook->raw);
    }
    settle_at(fleet, check, location, happening);
}

void fleet_recount(struct fleet *fleet, struct check *check, const struct happening *happening)
{
    if (check->watch != NULL) {
        fleet_read_metric(fleet, check, happening->at, happening->wall);
        fleet_settle(fleet, check, happening);
        return;
    }
    for (uint32_t location = 0; location < fleet->location_count; location++) {
        fleet_recount_at(fleet, check, location, happening);
    }
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

static bool status_due(const struct fleet *fleet, const struct check *check, mono_time now)
{
    for (uint32_t location = 0; location < fleet->location_count; location++) {
        if (line_due(&fleet_outlook_of(check, location)->coming_statuses, now)) {
            return true;
        }
    }
    return false;
}

bool fleet_effect_due(const struct fleet *fleet, const struct check *check, mono_time now)
{
    return line_due(&check->coming_settings, now) || status_due(fleet, check, now) ||
           override_due(check, now) || lingering_due(check, now) || fleet_metric_due(check, now);
}

static void take_statuses(struct fleet *fleet, struct check *check, uint32_t location, mono_time now,
                          wall_time wall)
{
    struct outlook *outlook = fleet_outlook(check, location);
    for (struct delayed *delayed; (delayed = line_take(&outlook->coming_statuses, now)) != NULL;) {
        outlook->arrived = delayed->change.healthy;
        delayed->change.at = now;
        delayed->change.wall = wall;
        publish(fleet, check, location, &delayed->change);
        free(delayed);
    }
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
    for (uint32_t location = 0; location < fleet->location_count; location++) {
        take_statuses(fleet, check, location, now, wall);
    }
}
