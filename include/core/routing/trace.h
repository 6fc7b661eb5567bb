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

enum { TRACE_CANDIDATES_MAX = 256, TRACE_ROOT = UINT16_MAX };

enum trace_outcome {
    TRACE_CHOSEN,         // also an alias to an AWS resource, whose addresses answer
    TRACE_UNHEALTHY,      // considered in its turn and refused (R1)
    TRACE_NOT_REACHED,    // an earlier candidate was chosen
    TRACE_NOT_APPLICABLE, // the policy does not offer it to this client
    TRACE_ENTERED,        // an alias: its target answers
    TRACE_BACKED_OUT,     // an alias whose target has nothing healthy (T6, Q3), or dangles (T5)
};

struct trace_candidate {
    const struct record_group *group;
    const struct record_set *record_set;
    enum trace_outcome outcome;
    uint8_t depth;   // 0 for the group that was asked for, 1 for its aliases' targets, ...
    uint16_t parent; // the candidate whose alias led here; TRACE_ROOT at depth 0
    bool checked;    // has a health check that exists
    bool healthy;    // by that check alone
    bool has_latency;
    struct latency_cell latency;
    bool has_weight;
    uint8_t weight;
    uint32_t draw;    // weighted: the number drawn when its turn came, below
    uint32_t draw_of; // this; 0: nothing was drawn for it
    bool has_area;
    struct geo_area area;
    bool has_distance;
    bool has_region_distance; // LT4: km is from the VPC's Region to the candidate's
    int8_t bias;
    float km;
    float biased_km;
};

struct trace {
    struct trace_candidate candidates[TRACE_CANDIDATES_MAX];
    unsigned count;
    bool truncated;
    bool inside;      // the walk is below a candidate:
    uint16_t parent;  // this one
    uint32_t draw;    // the last draw
    uint32_t draw_of; // 0: none was made
    bool located;     // the location was consulted (R6)
    bool nowhere;     // and geolocation found the client in no block (G4, E7)
    struct client_location location;
    bool fail_open; // R3
};

#endif
