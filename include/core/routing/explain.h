// SPDX-License-Identifier: MIT
// A resolution and its trace as JSON and as text for people. Pure; any thread.
#ifndef NEARWELL_CORE_ROUTING_EXPLAIN_H
#define NEARWELL_CORE_ROUTING_EXPLAIN_H

#include <jansson.h>

#include "base/buffer.h"
#include "core/routing/resolve.h"

enum { EXPLAIN_SCHEMA_VERSION = 1 };

// Asks resolve() with a trace and tells the outcome. The result is the caller's (json_decref).
// Keys: schema_version, name, type, client{...}, rcode, answer{values, ttl, set_identifier, region,
// fail_open}, policy, candidates[], rules[].
json_t *explain(const struct view *view, const struct dns_name *name, uint16_t type,
                const struct client *client, struct random *roll);

// The same JSON as sentences.
void explain_text(const json_t *explanation, struct buffer *out);

#endif
