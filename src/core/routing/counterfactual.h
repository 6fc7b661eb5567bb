// SPDX-License-Identifier: MIT
// What would have to be different for a candidate to be chosen: read off a trace, whose candidates of one
// group stand in the policy's order of preference.
#ifndef NEARWELL_CORE_ROUTING_COUNTERFACTUAL_H
#define NEARWELL_CORE_ROUTING_COUNTERFACTUAL_H

#include <stdbool.h>

#include "core/routing/trace.h"

enum { COUNTERFACTUAL_CHECKS_MAX = MEMBERS_MAX };

struct counterfactual {
    bool possible;      // false: already chosen, left to chance, behind an alias, or nothing would help
    bool own_check;     // its own health check would have to be healthy
    unsigned unhealthy; // these health checks would have to be unhealthy
    uint32_t checks[COUNTERFACTUAL_CHECKS_MAX];
    bool nearer; // latency: or its round trip shorter by more than this
    float nearer_ms;
};

void counterfactual_find(const struct trace *trace, unsigned index, struct counterfactual *out);

#endif
