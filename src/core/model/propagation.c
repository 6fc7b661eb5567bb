// SPDX-License-Identifier: MIT
#include "core/model/propagation.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/model/parts.h"

void propagation_clear(struct propagation *propagation)
{
    for (size_t i = 0; i < propagation->count; i++) {
        model_destroy(propagation->waiting[i].model);
    }
    free(propagation->waiting);
    *propagation = (struct propagation){0};
}

const struct model *propagation_latest(const struct propagation *propagation, const struct model *current)
{
    return propagation->count > 0 ? propagation->waiting[propagation->count - 1].model : current;
}

mono_time propagation_next(const struct propagation *propagation)
{
    return propagation->count > 0 ? propagation->waiting[0].due : MONO_NEVER;
}

struct model *propagation_arrive(struct propagation *propagation, mono_time now)
{
    if (propagation->count == 0 || mono_before(now, propagation_next(propagation))) {
        return NULL;
    }
    struct model *arrived = propagation->waiting[0].model;
    propagation->count--;
    memmove(propagation->waiting, propagation->waiting + 1,
            propagation->count * sizeof *propagation->waiting);
    return arrived;
}

static void wait_for(struct propagation *propagation, struct model *model, mono_time until)
{
    if (propagation->count == propagation->room) {
        propagation->room = propagation->room > 0 ? propagation->room * 2 : 16;
        propagation->waiting =
            xreallocarray(propagation->waiting, propagation->room, sizeof *propagation->waiting);
    }
    propagation->waiting[propagation->count++] = (struct propagating){until, model};
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

// The checks of a change that does not wait, for everything that does, and for what is in force.
static struct model *overtake(struct propagation *propagation, const struct model *current,
                              struct model *model)
{
    const struct model_change checks = {.checks = model->check_list};
    for (size_t i = 0; i < propagation->count; i++) {
        struct model *before = propagation->waiting[i].model;
        propagation->waiting[i].model = model_derive(before, &checks);
        model_destroy(before);
    }
    struct model *derived = model_derive(current, &checks);
    model_destroy(model);
    return derived;
}

struct model *propagation_submit(struct propagation *propagation, const struct model *current,
                                 struct model *model, bool delayed, mono_time now)
{
    duration delay = delayed ? model->simulator.record_delay : 0;
    mono_time until = mono_add(now, delay);
    if (delay == 0 && propagation->count == 0) {
        return model;
    }
    if (!delayed && changes_checks_alone(model, propagation_latest(propagation, current)) &&
        extends(model->check_list, current->check_list)) {
        return overtake(propagation, current, model);
    }
    // A deletion of a check comes after the records that used it, and all else in its turn.
    mono_time last = propagation->count > 0 ? propagation->waiting[propagation->count - 1].due : until;
    wait_for(propagation, model, mono_before(until, last) ? last : until);
    return NULL;
}
