// SPDX-License-Identifier: MIT
#include "core/admin/drain.h"

#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/xalloc.h"

static void add_check(struct drain_target *target, uint32_t check)
{
    uint32_t at = target->count;
    while (at > 0 && target->checks[at - 1] > check) {
        at--;
    }
    if (at > 0 && target->checks[at - 1] == check) {
        return;
    }
    target->checks = xreallocarray(target->checks, target->count + 1, sizeof *target->checks);
    memmove(&target->checks[at + 1], &target->checks[at], (target->count - at) * sizeof *target->checks);
    target->checks[at] = check;
    target->count++;
}

static void add_uncovered(struct drain_target *target, const struct record_group *group)
{
    target->uncovered =
        xreallocarray(target->uncovered, target->uncovered_count + 1, sizeof(struct record_group *));
    target->uncovered[target->uncovered_count++] = group;
}

static void find_region(const struct model *model, struct drain_target *target)
{
    for (uint32_t g = 0; g < model->routed_group_count; g++) {
        const struct record_group *group = model->routed_groups[g];
        for (unsigned m = 0; group->policy == ROUTING_LATENCY && m < group->member_count; m++) {
            const struct record_set *member = &group->members[m];
            if (member->region != target->region) {
                continue;
            }
            if (member->health_check != HEALTH_CHECK_NONE) {
                add_check(target, member->health_check);
            } else {
                add_uncovered(target, group);
            }
        }
    }
}

static bool unknown(const char *word, struct error *error)
{
    const char *nearest = suggest_nearest(word, region_codes());
    return error_set(error, "'%s' is neither an AWS region nor the id or name of a health check%s%s%s", word,
                     nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                     nearest != NULL ? "'?" : "");
}

static bool find_check(const struct model *model, const char *word, struct drain_target *target,
                       struct error *error)
{
    uint32_t check = model_find_health_check(model, bytes_of(word));
    if (check != HEALTH_CHECK_NONE) {
        add_check(target, check);
        return true;
    }
    for (uint32_t i = 0; i < model->health_check_count; i++) {
        const char *name = model->health_checks[i].name;
        if (name != NULL && strcmp(name, word) == 0) {
            add_check(target, i);
        }
    }
    if (target->count > 1) {
        return error_set(error, "%u health checks are named '%s'; give an id", target->count, word);
    }
    return target->count == 1 || unknown(word, error);
}

bool drain_target_find(const struct model *model, const char *word, struct drain_target *out,
                       struct error *error)
{
    struct drain_target target = {.region = region_find(bytes_of(word))};
    bool ok;
    if (target.region == REGION_NONE) {
        ok = find_check(model, word, &target, error);
    } else {
        find_region(model, &target);
        ok = target.count > 0 ||
             error_set(error, "no latency record of %s has a health check%s", word,
                       target.uncovered_count > 0 ? ", and only health checks take clients elsewhere" : "");
    }
    if (ok) {
        *out = target;
    } else {
        drain_target_free(&target);
    }
    return ok;
}

void drain_target_free(struct drain_target *target)
{
    free(target->checks);
    free(target->uncovered);
}
