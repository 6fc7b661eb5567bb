// SPDX-License-Identifier: MIT
// A resolution and its trace as JSON and as text for people. Pure; any thread.
#ifndef NEARWELL_CORE_ROUTING_EXPLAIN_H
#define NEARWELL_CORE_ROUTING_EXPLAIN_H

#include <jansson.h>

#include "base/buffer.h"
#include "core/routing/resolve.h"

enum { EXPLAIN_SCHEMA_VERSION = 1 };

// Asks resolve() with a trace and tells the outcome. The result is the caller's (json_decref).
// Keys: schema_version, name, type, rcode, outcome, answer{type, values, ttl, set_identifier, region,
// fail_open} or null, client{...}, zone, zone_id, private_zone, owner, wildcard, policy, candidates[] in the
// order of the walk, each with outcome, rule, status, evidence (what the status was made of) and
// would_be_chosen_if, candidates_truncated, rules[], and with a version of the latency table in force
// latency_valid_from.
json_t *explain(const struct view *view, const struct dns_name *name, uint16_t type,
                const struct client *client, struct random *roll);

// The values of a record set in presentation form, in the order of the policy. The caller owns the array.
json_t *explain_values(uint16_t type, const struct record_set *record_set);

// The same JSON as sentences.
void explain_text(const json_t *explanation, struct buffer *out);

#endif
