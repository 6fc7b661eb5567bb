// SPDX-License-Identifier: MIT
// The checkers of one check: which there are, when they start, stop and leave.
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/model/region.h"
#include "fleet_state.h"
#include "schedule.h"

void fleet_schedule(struct fleet *fleet, struct check *check, uint32_t checker, mono_time due)
{
    check->checkers[checker].due = due;
    queue_push(&fleet->probes, due, (uint64_t)check->slot << 32 | checker);
}

// A checker's number, which its phase comes from: its region and its place among those of the region, so
// that other regions can come and go.
static uint32_t next_number(const struct check *check, uint32_t checker, uint32_t number)
{
    uint8_t region = check->checkers[checker].region;
    if (checker > 0 && check->checkers[checker - 1].region == region) {
        return number + 1;
    }
    return region == REGION_NONE ? 0 : (uint32_t)(region + 1) << 16;
}

void fleet_start_checkers(struct fleet *fleet, struct check *check, mono_time now)
{
    if (check->active.disabled || !health_check_type_is_endpoint(check->config->type)) {
        return;
    }
    uint32_t number = 0;
    for (uint32_t i = 0; i < check->count + check->lingering; i++) {
        number = next_number(check, i, number);
        if (check->checkers[i].due.ns == MONO_NEVER.ns && check->checkers[i].ticket == 0) {
            duration interval = check->config->request_interval;
            duration phase = fleet->simulator.even_phases
                                 ? interval / (check->count + check->lingering) * i
                                 : schedule_phase(fleet->simulator.seed, check->config->id, number, interval);
            fleet_schedule(fleet, check, i, mono_add(now, phase));
        }
    }
}

void fleet_stop_checkers(struct check *check)
{
    for (uint32_t i = 0; i < check->count + check->lingering; i++) {
        check->checkers[i].due = MONO_NEVER;
        check->checkers[i].ticket = 0;
    }
}

void fleet_reseed(struct fleet *fleet, struct check *check, mono_time now)
{
    fleet_stop_checkers(check);
    for (uint32_t i = 0; i < check->count + check->lingering; i++) {
        check->checkers[i].verdict = (struct checker_verdict){.healthy = true};
        check->checkers[i].fresh = true;
    }
    fleet_count_verdicts(fleet, check);
    fleet_start_checkers(fleet, check, now);
}

void fleet_count_waiting(struct fleet *fleet, struct check *check)
{
    fleet->waiting -= check->waiting;
    check->waiting = 0;
    if (!check->active.disabled) {
        for (uint32_t i = 0; i < check->count; i++) {
            check->waiting += !check->checkers[i].observed;
        }
    }
    fleet->waiting += check->waiting;
}

static uint32_t wanted_count(const struct fleet *fleet, const struct health_check *config)
{
    if (!health_check_type_is_endpoint(config->type)) {
        return 0;
    }
    if (fleet->simulator.checkers > 0) {
        return fleet->simulator.checkers;
    }
    return (uint32_t)__builtin_popcount(config->regions) * fleet->simulator.checkers_per_region;
}

// Old and new array while checkers are moved over.
struct fitting {
    struct checker *old;
    bool *taken;
    uint32_t old_count;
    bool healthy; // new ones are, whatever the status
    bool changed;
};

static void fit_region(struct fitting *fitting, struct check *check, uint8_t region, uint32_t count)
{
    uint32_t from = 0;
    for (uint32_t i = 0; i < count; i++) {
        while (from < fitting->old_count && (fitting->taken[from] || fitting->old[from].region != region)) {
            from++;
        }
        struct checker *into = &check->checkers[check->count++];
        if (from < fitting->old_count) {
            *into = fitting->old[from];
            fitting->taken[from] = true;
            continue;
        }
        // A7. Of a check that is not aggregated, disabled or new, the status is healthy.
        bool healthy = fitting->healthy || check->active.disabled || check->first.raw;
        *into = (struct checker){.due = MONO_NEVER,
                                 .region = region,
                                 .verdict.healthy = healthy,
                                 .fresh = fitting->old_count == 0};
        fitting->changed = true;
    }
}

static void keep_lingering(struct fleet *fleet, struct fitting *fitting, struct check *check,
                           uint32_t old_in_use, mono_time now)
{
    mono_time *leaves = xcalloc((size_t)fitting->old_count + 1, sizeof *leaves);
    check->lingering = 0;
    for (uint32_t i = 0; i < fitting->old_count; i++) {
        if (fitting->taken[i]) {
            fitting->changed |= i >= old_in_use;
            continue;
        }
        bool lingered = i >= old_in_use;
        mono_time until =
            lingered ? check->leaves[i - old_in_use] : mono_add(now, fleet->simulator.removed_region_linger);
        fitting->changed |= !lingered;
        if (mono_before(now, until)) {
            leaves[check->lingering] = until;
            check->checkers[check->count + check->lingering++] = fitting->old[i];
            queue_push(&fleet->changes, until, check->slot);
        }
    }
    free(check->leaves);
    check->leaves = leaves;
}

// Hints name a place in the array, and checkers may have moved.
static void hint_all(struct fleet *fleet, struct check *check)
{
    for (uint32_t i = 0; i < check->count + check->lingering; i++) {
        if (check->checkers[i].due.ns != MONO_NEVER.ns) {
            fleet_schedule(fleet, check, i, check->checkers[i].due);
        }
    }
}

bool fleet_fit_checkers(struct fleet *fleet, struct check *check, mono_time now)
{
    uint32_t old_in_use = check->count;
    struct fitting fitting = {.old = check->checkers,
                              .old_count = check->count + check->lingering,
                              .healthy = fleet->simulator.added_checkers_healthy};
    uint32_t wanted = wanted_count(fleet, check->config);
    fitting.taken = xcalloc((size_t)fitting.old_count + 1, sizeof *fitting.taken);
    check->checkers = xcalloc((size_t)wanted + fitting.old_count + 1, sizeof *check->checkers);
    check->count = 0;
    if (wanted > 0 && fleet->simulator.checkers > 0) {
        fit_region(&fitting, check, REGION_NONE, wanted);
    }
    for (unsigned i = 0; wanted > 0 && fleet->simulator.checkers == 0 && i < CHECKER_REGION_COUNT; i++) {
        if (check->config->regions >> i & 1) {
            fit_region(&fitting, check, checker_region_at(i), fleet->simulator.checkers_per_region);
        }
    }
    keep_lingering(fleet, &fitting, check, old_in_use, now);
    free(fitting.old);
    free(fitting.taken);
    fleet_count_verdicts(fleet, check);
    hint_all(fleet, check);
    fleet_start_checkers(fleet, check, now);
    fleet_count_waiting(fleet, check);
    return fitting.changed;
}

void fleet_dismiss_lingering(struct fleet *fleet, struct check *check, mono_time now)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < check->lingering; i++) {
        if (mono_before(now, check->leaves[i])) {
            check->leaves[kept] = check->leaves[i];
            check->checkers[check->count + kept++] = check->checkers[check->count + i];
        }
    }
    check->lingering = kept;
    fleet_count_verdicts(fleet, check);
    hint_all(fleet, check);
}
