// SPDX-License-Identifier: MIT
#include "propagation.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/model/parts.h"
#include "internal.h"

static void due(mono_time now, void *context)
{
    struct daemon *daemon = context;
    propagation_run(daemon, now);
    daemon_run_health(daemon, now);
}

void propagation_open(struct daemon *daemon)
{
    daemon->propagation.timer = loop_timer_create(daemon->loop, due, daemon);
}

void propagation_close(struct daemon *daemon)
{
    propagation_clear(daemon);
    loop_timer_destroy(daemon->propagation.timer);
    free(daemon->propagation.waiting);
}

void propagation_clear(struct daemon *daemon)
{
    struct propagation *propagation = &daemon->propagation;
    for (size_t i = 0; i < propagation->count; i++) {
        model_destroy(propagation->waiting[i].model);
    }
    propagation->count = 0;
}

const struct model *propagation_latest(const struct daemon *daemon)
{
    const struct propagation *propagation = &daemon->propagation;
    return propagation->count > 0 ? propagation->waiting[propagation->count - 1].model
                                  : daemon->current->model;
}

mono_time propagation_next(const struct daemon *daemon)
{
    return daemon->propagation.count > 0 ? daemon->propagation.waiting[0].due : MONO_NEVER;
}

static void arm(struct daemon *daemon)
{
    if (daemon->manual == NULL && daemon->propagation.count > 0) {
        loop_timer_set(daemon->propagation.timer, propagation_next(daemon));
    }
}

void propagation_run(struct daemon *daemon, mono_time now)
{
    struct propagation *propagation = &daemon->propagation;
    size_t done = 0;
    while (done < propagation->count && !mono_before(now, propagation->waiting[done].due)) {
        daemon_take_model(daemon, propagation->waiting[done++].model, now);
    }
    if (done == 0) {
        return;
    }
    propagation->count -= done;
    memmove(propagation->waiting, propagation->waiting + done,
            propagation->count * sizeof *propagation->waiting);
    arm(daemon);
}

static void wait_for(struct daemon *daemon, struct model *model, mono_time until)
{
    struct propagation *propagation = &daemon->propagation;
    if (propagation->count == propagation->room) {
        propagation->room = propagation->room > 0 ? propagation->room * 2 : 16;
        propagation->waiting =
            xreallocarray(propagation->waiting, propagation->room, sizeof *propagation->waiting);
    }
    propagation->waiting[propagation->count++] = (struct propagating){until, model};
    arm(daemon);
}

// Record sets name checks by index, so other models can take a list of checks that has all of theirs at their
// place.
static bool extends(const struct check_list *list, const struct check_list *older)
{
    bool same = list->count >= older->count;
    for (uint32_t i = 0; same && i < older->count; i++) {
        same = strcmp(list->checks[i].id, older->checks[i].id) == 0;
    }
    return same;
}

// All else of a change that does not wait would be lost when the checks alone overtake.
static bool changes_checks_alone(const struct model *model, const struct model *before)
{
    bool same = model->zone_count == before->zone_count &&
                model->collection_list == before->collection_list &&
                model->resource_list == before->resource_list && model->place_list == before->place_list;
    for (uint32_t i = 0; same && i < model->zone_count; i++) {
        same = model->zones[i] == before->zones[i];
    }
    return same;
}

// The checks of a change that does not wait, for everything that does.
static void overtake(struct daemon *daemon, struct model *model, mono_time now)
{
    const struct model_change checks = {.checks = model->check_list};
    struct propagation *propagation = &daemon->propagation;
    for (size_t i = 0; i < propagation->count; i++) {
        struct model *before = propagation->waiting[i].model;
        propagation->waiting[i].model = model_derive(before, &checks);
        model_destroy(before);
    }
    struct model *derived = model_derive(daemon->current->model, &checks);
    model_destroy(model);
    daemon_take_model(daemon, derived, now);
}

void propagate(struct daemon *daemon, struct model *model, bool delayed, mono_time now)
{
    const struct propagation *propagation = &daemon->propagation;
    duration delay = delayed ? model->simulator.record_delay : 0;
    mono_time until = mono_add(now, delay);
    if (delay == 0 && propagation->count == 0) {
        daemon_take_model(daemon, model, now);
    } else if (!delayed && changes_checks_alone(model, propagation_latest(daemon)) &&
               extends(model->check_list, daemon->current->model->check_list)) {
        overtake(daemon, model, now);
    } else {
        // A deletion of a check comes after the records that used it, and all else in its turn.
        mono_time last = propagation->count > 0 ? propagation->waiting[propagation->count - 1].due : until;
        wait_for(daemon, model, mono_before(until, last) ? last : until);
    }
}
