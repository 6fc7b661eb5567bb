// SPDX-License-Identifier: MIT
// One record set while it is read: what the file says, and the spec that is made of it.
#ifndef NEARWELL_CORE_POLICY_READING_H
#define NEARWELL_CORE_POLICY_READING_H

#include "context.h"
#include "core/dns/rrtype.h"

struct policy_reading {
    struct policy_context *context;
    const struct zone_spec *zone;
    bool zone_named; // false: the zone's own name is wrong, so no name can be held against it
    const struct policy_record_set *from;
    struct record_set_spec *to;
    char type[DNS_TYPE_TEXT];
};

// In spec->area.kind: the file names no area that exists. Such specs are never built.
enum { GEO_UNREAD = UINT8_MAX };

static inline bool policy_given(const struct schema_node *node, unsigned field)
{
    return node->given & schema_bit(field);
}

static inline bool policy_readable(const struct schema_node *node, unsigned field)
{
    return node->valid & schema_bit(field);
}

// Digits, letters, "-" and "_": names of CIDR collections and their locations (L16).
bool policy_is_cidr_name(const char *name); // cidr_collections.c

// Which policy, and that policy's own field. Needs no type.
void policy_read_routing(struct policy_reading *reading); // routing.c
// Table 5.2: what the policy demands of the rest. The type is known.
void policy_check_routing(struct policy_reading *reading); // routing.c
void policy_read_alias(struct policy_reading *reading);    // aliases.c; the type is known

#endif
