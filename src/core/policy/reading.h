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

// At the record set's tail: "Invalid request: ... in Change with [Action=CREATE, Name=...]", as the API tells
// what is wrong with the shape of one. A record set of a file is one that is being created.
void policy_refuse_change(const struct policy_reading *reading, const char *tail, const char *format, ...)
    __attribute__((format(printf, 3, 4))); // zones.c

// Digits, letters, "-" and "_": names of CIDR collections and their locations (L16).
bool policy_is_cidr_name(const char *name); // cidr_collections.c

// Which policy, and that policy's own field. Needs no type.
void policy_read_routing(struct policy_reading *reading); // routing.c
// Table 5.2: what the policy demands of the rest. The type is known.
void policy_check_routing(struct policy_reading *reading); // routing.c
void policy_read_alias(struct policy_reading *reading);    // aliases.c; the type is known

// The resource of that name and zone, and what is wrong with the alias to it; RESOURCE_NONE: there is none,
// which is not reported yet.
uint32_t policy_read_alias_resource(struct policy_reading *reading,
                                    const struct alias_spec *alias); // resources.c
// An alias that leads to nothing known.
void policy_refuse_resource(struct policy_context *context, const struct policy_alias_target *from,
                            const struct dns_name *target,
                            const char *own_zone); // resources.c; NULL: unknown

#endif
