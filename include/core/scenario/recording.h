// SPDX-License-Identifier: MIT
// A recording of what a daemon took in and what it made of it: one event a line, appended as it happens.
//
//   1f0c9a3e {"Event":"Start","At":0,"Version":1,"Wall":1795687200000000000,"Program":"0.1.0"}
//   b5510d27 {"Event":"File","At":0,"Path":"policies/three-regions.json","Text":"{...}"}
//   88e03c12 {"Event":"Policy","At":0,"Path":"policies/three-regions.json"}
//   0a77c1de {"Event":"Observation","At":1875000000,"Check":"3f7c...","Checker":3,"Reason":"Success",...}
//   4c02be91 {"Event":"Verdict","At":84375000000,"Check":"3f7c...","Healthy":false,"Cause":"observation"}
//
// A line is the checksum of its JSON (the low half of its FNV-1a hash, eight hex digits), a space, the JSON
// and a line feed. At is nanoseconds since the start and never goes back. What is at the end without a line
// feed was cut off by a crash and is no error. Pure; any thread. Strings are borrowed from whoever made the
// event.
#ifndef NEARWELL_CORE_SCENARIO_RECORDING_H
#define NEARWELL_CORE_SCENARIO_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"
#include "core/health/observation.h"
#include "core/routing/view.h"

enum { RECORDING_VERSION = 1 };

enum recording_kind {
    RECORDING_START,       // version, wall, program, seed if it wins over the policy's: the first line
    RECORDING_FILE,        // path, text: a file that the next policy is made of
    RECORDING_POLICY,      // path: in force from here on; "" is the empty account
    RECORDING_OBSERVATION, // check, checker, observation: one that fleet_observe took
    RECORDING_VERDICT,     // check, healthy, cause: a final status changed; written when it was noticed
    RECORDING_OVERRIDE,    // check, text (override_row_print; "" ends it): what was set in the fleet
    RECORDING_CONTROL,     // check, healthy: a routing control is on
    RECORDING_METRICS,     // text: a metric request (core/admin/metric_request.h) that was accepted
    RECORDING_RESOURCE,    // path (its name), text (override_row_print of its verdict; "" ends it)
    RECORDING_REPORTS, // path (the location), check (the checker region), healthy: reports reach it, or not
    RECORDING_CALL,    // path (the operation), text (its input as JSON): an API edit that was applied
    RECORDING_QUERY,   // a sampled query and the digest of its answer
    RECORDING_END,     // text: why; the last line of a recording that was ended in good order
};

struct recording_event {
    uint8_t kind; // enum recording_kind
    bool healthy;
    bool seeded;  // seed of a start counts
    mono_time at; // since the start
    uint32_t version;
    uint32_t checker;
    wall_time wall;
    const char *program;
    const char *path;
    const char *text;
    const char *check; // id
    const char *cause;
    uint64_t digest;
    struct observation observation;
    // of a query
    const char *name;
    uint16_t type;
    const char *place; // "": none was named
    struct ip_address source;
    struct ip_prefix subnet; // family 0: none
    uint64_t seed;           // the answer was made with a roll of random_seed(seed); or of a start
};

// One line with its line feed. What JSON cannot hold, text that is not UTF-8, is replaced by '?'.
void recording_encode(const struct recording_event *event, struct buffer *out);

// line without its line feed. Strings come from the arena.
bool recording_decode(struct bytes line, struct recording_event *out, struct arena *arena,
                      struct error *error);

// The answer to the event's query as a number: kind, record sets, values, TTL. The same view and seed, the
// same digest.
uint64_t recording_answer_digest(const struct view *view, const struct recording_event *query);

#endif
