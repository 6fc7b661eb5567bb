// SPDX-License-Identifier: MIT
// Calculated checks: who their children are and how many of them are healthy (S6-S8, H10).
#include <stdlib.h>

#include "base/xalloc.h"
#include "fleet_state.h"

bool fleet_is_calculated(const struct check *check)
{
    return check->config->type == HEALTH_CHECK_CALCULATED;
}

uint32_t fleet_needed(const struct fleet *fleet, const struct check *check, uint32_t location)
{
    if (fleet_is_calculated(check)) {
        return check->config->health_threshold;
    }
    uint32_t reporting = fleet_outlook_of(check, location)->reporting;
    return reporting > 0 ? check_needed(reporting, fleet->simulator.healthy_percent) : 0;
}

void fleet_count_children(const struct fleet *fleet, struct check *check, uint32_t location)
{
    const struct health_check *config = check->config;
    struct outlook *outlook = fleet_outlook(check, location);
    outlook->reporting = config->child_count;
    outlook->healthy = 0;
    for (uint32_t i = 0; i < config->child_count; i++) {
        uint32_t child = config->children[i];
        outlook->healthy += child < fleet->count ? fleet_outlook(fleet->checks[child], location)->used
                                                 : !fleet->simulator.dangling_checks_unhealthy; // H10
    }
    outlook->raw = check_calculate(outlook->healthy, config->health_threshold);
}

void fleet_unlink_children(struct fleet *fleet)
{
    free(fleet->parents);
    free(fleet->first_parent);
    fleet->parents = NULL;
    fleet->first_parent = NULL;
}

// Counts into first_parent[child + 1], sums up, then fills from the front of each child's share.
void fleet_link_children(struct fleet *fleet)
{
    uint32_t *first = xcalloc((size_t)fleet->count + 2, sizeof *first);
    for (uint32_t i = 0; i < fleet->count; i++) {
        const struct health_check *config = fleet->checks[i]->config;
        for (uint32_t c = 0; c < config->child_count; c++) {
            if (config->children[c] < fleet->count) {
                first[config->children[c] + 2]++;
            }
        }
    }
    for (uint32_t i = 0; i < fleet->count; i++) {
        first[i + 2] += first[i + 1];
    }
    fleet->parents = xcalloc((size_t)first[fleet->count + 1] + 1, sizeof *fleet->parents);
    for (uint32_t i = 0; i < fleet->count; i++) {
        const struct health_check *config = fleet->checks[i]->config;
        for (uint32_t c = 0; c < config->child_count; c++) {
            if (config->children[c] < fleet->count) {
                fleet->parents[first[config->children[c] + 1]++] = i;
            }
        }
    }
    fleet->first_parent = first;
}

void fleet_tell_parents(struct fleet *fleet, const struct check *child, uint32_t location, mono_time at,
                        wall_time wall)
{
    struct happening happening = {"child", at, wall, NULL, REGION_NONE};
    if (fleet->parents == NULL) { // a model is being applied, which counts children at its end
        return;
    }
    for (uint32_t i = fleet->first_parent[child->index]; i < fleet->first_parent[child->index + 1]; i++) {
        fleet_recount_at(fleet, fleet->checks[fleet->parents[i]], location, &happening);
    }
}
