// SPDX-License-Identifier: MIT
// Why each candidate stayed or went: filled by a decision when the caller wants to know, NULL on the hot
// path. Of fixed size: a decision that has more to tell sets truncated. One owner.
#ifndef NEARWELL_CORE_ROUTING_TRACE_H
#define NEARWELL_CORE_ROUTING_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/location/client.h"
#include "core/location/latency_table.h"
#include "core/model/model.h"

enum { TRACE_CANDIDATES_MAX = 256 };

enum trace_outcome {
    TRACE_CHOSEN,
    TRACE_UNHEALTHY,      // considered in its turn and refused (R1)
    TRACE_NOT_REACHED,    // an earlier candidate was chosen
    TRACE_NOT_APPLICABLE, // the policy does not offer it to this client
};

struct trace_candidate {
    const struct record_group *group;
    const struct record_set *record_set;
    enum trace_outcome outcome;
    bool checked; // has a health check that exists
    bool healthy;
    bool has_latency;
    struct latency_cell latency;
};

struct trace {
    struct trace_candidate candidates[TRACE_CANDIDATES_MAX];
    unsigned count;
    bool truncated;
    bool located; // the location was consulted (R6)
    struct client_location location;
    bool fail_open; // R3
};

#endif
