// SPDX-License-Identifier: MIT
#include "core/search/failures.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/health/check.h"

enum { PARTITIONS = 1 << CHECKER_REGION_COUNT };

struct quorum {
    uint64_t healthy[PARTITIONS / 64]; // bit per set of checker regions that are cut off
};

enum trouble { TROUBLE_NONE, TROUBLE_FAILED, TROUBLE_DRAINED };

struct health_effects {
    const struct atlas *atlas;
    uint32_t count;         // checks in use, calculated ones last
    uint32_t *checks;       // indices in the model
    struct quorum *quorums; // of each; of no use to calculated ones
    uint8_t *failed;        // of each check of the model, in the set at hand: enum trouble
};

static bool is_calculated(const struct model *model, uint32_t check)
{
    return model->health_checks[check].type == HEALTH_CHECK_CALCULATED;
}

// --- what can fail -----------------------------------------------------------------------------------------

struct failure *failures_list(const struct atlas *atlas, unsigned kinds, uint32_t *count)
{
    const struct model *model = atlas->view->model;
    size_t room = (size_t)atlas->site_count + model->health_check_count + CHECKER_REGION_COUNT;
    struct failure *list = xcalloc(room, sizeof *list);
    bool probed = false;
    *count = 0;
    for (uint32_t i = 0; kinds & 1U << FAILURE_SITE && i < atlas->site_count; i++) {
        list[(*count)++] = (struct failure){FAILURE_SITE, i};
    }
    for (uint32_t i = 0; i < model->health_check_count; i++) {
        probed |= atlas->check_used[i] && health_check_type_is_endpoint(model->health_checks[i].type);
        if (kinds & 1U << FAILURE_CHECK && atlas->check_used[i] && !is_calculated(model, i)) {
            list[(*count)++] = (struct failure){FAILURE_CHECK, i};
        }
    }
    bool regions = probed && model->simulator.checkers == 0;
    for (uint32_t i = 0; kinds & 1U << FAILURE_PARTITION && regions && i < CHECKER_REGION_COUNT; i++) {
        list[(*count)++] = (struct failure){FAILURE_PARTITION, i};
    }
    return list;
}

const char *failure_name(const struct atlas *atlas, const struct failure *failure)
{
    switch (failure->kind) {
    case FAILURE_SITE:
        return atlas->sites[failure->index].name;
    case FAILURE_CHECK:
    case FAILURE_DRAIN:
        return atlas->view->model->health_checks[failure->index].id;
    case FAILURE_PARTITION:
        return region_at(checker_region_at(failure->index))->code;
    }
    return "";
}

const char *failure_kind_name(enum failure_kind kind)
{
    static const char *const names[] = {"site", "check", "partition", "drain"};
    return names[kind];
}

// --- what follows ------------------------------------------------------------------------------------------

// A1, with the checkers of the check's regions (A4) but for those cut off.
static struct quorum count_quorums(const struct model *model, const struct health_check *check)
{
    struct quorum quorum = {{0}};
    const struct simulator_settings *simulator = &model->simulator;
    for (unsigned cut = 0; cut < PARTITIONS; cut++) {
        uint32_t all = (uint32_t)__builtin_popcount(check->regions) * simulator->checkers_per_region;
        uint32_t left = (uint32_t)__builtin_popcount(check->regions & ~cut) * simulator->checkers_per_region;
        if (simulator->checkers > 0) {
            all = left = simulator->checkers;
        }
        bool healthy = check_aggregate(left, all, simulator->healthy_percent, true);
        quorum.healthy[cut / 64] |= (uint64_t)healthy << (cut % 64);
    }
    return quorum;
}

static void use_checks(struct health_effects *effects, bool calculated)
{
    const struct model *model = effects->atlas->view->model;
    for (uint32_t i = 0; i < model->health_check_count; i++) {
        if (effects->atlas->check_used[i] && is_calculated(model, i) == calculated) {
            effects->quorums[effects->count] = count_quorums(model, &model->health_checks[i]);
            effects->checks[effects->count++] = i;
        }
    }
}

struct health_effects *health_effects_create(const struct atlas *atlas)
{
    struct health_effects *effects = xcalloc(1, sizeof *effects);
    size_t room = atlas->view->model->health_check_count + (size_t)1;
    effects->atlas = atlas;
    effects->checks = xcalloc(room, sizeof *effects->checks);
    effects->quorums = xcalloc(room, sizeof *effects->quorums);
    effects->failed = xcalloc(room, sizeof *effects->failed);
    use_checks(effects, false); // children first (S8)
    use_checks(effects, true);
    return effects;
}

void health_effects_destroy(struct health_effects *effects)
{
    if (effects != NULL) {
        free(effects->checks);
        free(effects->quorums);
        free(effects->failed);
        free(effects);
    }
}

static bool children_healthy(const struct health_check *check, const struct status_table *status)
{
    uint32_t healthy = 0;
    for (unsigned i = 0; i < check->child_count; i++) {
        healthy += status_table_healthy(status, check->children[i]); // H10: a dangling one counts
    }
    return check_calculate(healthy, check->health_threshold);
}

static bool raw_status(const struct health_effects *effects, uint32_t number, uint64_t dead, unsigned cut,
                       const struct status_table *status)
{
    uint32_t index = effects->checks[number];
    const struct health_check *check = &effects->atlas->view->model->health_checks[index];
    uint64_t sites = effects->atlas->check_sites[index];
    if (check->type == HEALTH_CHECK_CALCULATED) {
        return children_healthy(check, status);
    }
    if (effects->failed[index] == TROUBLE_FAILED || (sites != 0 && (sites & ~dead) == 0)) {
        return false;
    }
    return !health_check_type_is_endpoint(check->type) ||
           (effects->quorums[number].healthy[cut / 64] >> (cut % 64) & 1) != 0;
}

static void set_trouble(struct health_effects *effects, const struct failure *failures, unsigned count,
                        bool on)
{
    for (unsigned i = 0; i < count; i++) {
        if (failures[i].kind == FAILURE_CHECK || failures[i].kind == FAILURE_DRAIN) {
            uint8_t trouble = failures[i].kind == FAILURE_CHECK ? TROUBLE_FAILED : TROUBLE_DRAINED;
            effects->failed[failures[i].index] = on ? trouble : TROUBLE_NONE;
        }
    }
}

uint64_t health_effects_apply(struct health_effects *effects, const struct failure *failures, unsigned count,
                              struct status_table *status)
{
    const struct model *model = effects->atlas->view->model;
    uint64_t dead = 0;
    unsigned cut = 0;
    set_trouble(effects, failures, count, true);
    for (unsigned i = 0; i < count; i++) {
        dead |= failures[i].kind == FAILURE_SITE ? UINT64_C(1) << failures[i].index : 0;
        cut |= failures[i].kind == FAILURE_PARTITION ? 1U << failures[i].index : 0;
    }
    for (uint32_t i = 0; i < effects->count; i++) {
        uint32_t index = effects->checks[i];
        const struct health_check *check = &model->health_checks[index];
        bool raw = raw_status(effects, i, dead, cut, status);
        bool final = check_final(raw, check->disabled, check->inverted); // S3
        status_table_set(status, index, final && effects->failed[index] != TROUBLE_DRAINED);
    }
    set_trouble(effects, failures, count, false);
    return dead;
}
