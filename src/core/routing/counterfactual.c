// SPDX-License-Identifier: MIT
#include "counterfactual.h"

#include <string.h>

// Where the same policy asked twice gives the same order.
static bool by_order(const struct record_group *group)
{
    return group->policy == ROUTING_LATENCY || group->policy == ROUTING_FAILOVER ||
           group->policy == ROUTING_GEOLOCATION || group->policy == ROUTING_GEOPROXIMITY ||
           group->policy == ROUTING_CIDR;
}

static bool plain(const struct trace_candidate *candidate, const struct record_group *group)
{
    return candidate->depth == 0 && candidate->group == group && candidate->record_set->alias == NULL;
}

static bool listed(const struct counterfactual *found, uint32_t check)
{
    for (unsigned i = 0; i < found->unhealthy; i++) {
        if (found->checks[i] == check) {
            return true;
        }
    }
    return false;
}

// A healthy candidate before ours must fall; that takes a check of its own.
static bool must_fall(struct counterfactual *found, const struct trace_candidate *before,
                      const struct trace_candidate *ours)
{
    uint32_t check = before->record_set->health_check;
    if (!before->checked || (ours->checked && check == ours->record_set->health_check)) {
        return false;
    }
    if (!listed(found, check)) {
        found->checks[found->unhealthy++] = check;
    }
    return true;
}

// LT3: what puts Beijing first in China is not its latency.
static bool chosen_by_country(const struct trace_candidate *candidate)
{
    return strcmp(region_at(candidate->record_set->region)->code, "cn-north-1") == 0;
}

void counterfactual_find(const struct trace *trace, unsigned index, struct counterfactual *out)
{
    const struct trace_candidate *ours = &trace->candidates[index];
    struct counterfactual found = {.own_check = !ours->healthy};
    *out = (struct counterfactual){.possible = false};
    if (ours->outcome == TRACE_CHOSEN || ours->outcome == TRACE_NOT_APPLICABLE || !by_order(ours->group) ||
        !plain(ours, trace->candidates[0].group) || trace->truncated) {
        return;
    }
    for (unsigned i = 0; i < index; i++) {
        const struct trace_candidate *before = &trace->candidates[i];
        if (!plain(before, ours->group) || (before->healthy && !must_fall(&found, before, ours))) {
            return;
        }
    }
    // When all is down fail-open takes the first, so one that is to win must itself be up.
    found.possible = true;
    const struct trace_candidate *first = NULL;
    for (unsigned i = 0; i < index && first == NULL; i++) {
        first = trace->candidates[i].healthy ? &trace->candidates[i] : NULL;
    }
    if (ours->has_latency && ours->healthy && first != NULL && !chosen_by_country(first)) {
        found.nearer = true;
        found.nearer_ms = ours->latency.ms - first->latency.ms;
    }
    *out = found;
}
