// SPDX-License-Identifier: MIT
// What would have to be different for a candidate to be chosen: other health of checks and resources, on the
// whole way from the group that was asked for, or less distance. Read off a trace, whose candidates of one
// group stand in the policy's order of preference, and off the model where the walk did not go.
#ifndef NEARWELL_CORE_ROUTING_COUNTERFACTUAL_H
#define NEARWELL_CORE_ROUTING_COUNTERFACTUAL_H

#include <stdbool.h>

#include "core/routing/trace.h"
#include "core/routing/view.h"

enum { COUNTERFACTUAL_CHANGES_MAX = 256 };

struct counterfactual_change {
    uint32_t slot; // of the status table: a check, or behind them a resource
    bool healthy;  // what it would have to be, and is not
};

struct counterfactual {
    bool possible;      // by health alone
    double probability; // that it is then chosen: 1 but for weighted and multivalue routing
    unsigned count;
    struct counterfactual_change changes[COUNTERFACTUAL_CHANGES_MAX];
    bool nearer;     // as health is now it would be enough to be nearer by more than this:
    float nearer_by; // milliseconds, or for geoproximity biased kilometres
};

// For a candidate that is chosen or entered nothing has to change. The client is the one of the trace.
void counterfactual_find(const struct view *view, const struct client *client, const struct trace *trace,
                         unsigned index, struct counterfactual *out);

#endif
