// SPDX-License-Identifier: MIT
// One routing policy: the order in which it offers the members of a group to a client. Health is not its
// business: decide.c refuses what is unhealthy and asks for the next (R1).
#ifndef NEARWELL_CORE_ROUTING_POLICY_H
#define NEARWELL_CORE_ROUTING_POLICY_H

#include "base/random.h"
#include "core/routing/decide.h"

// Which members were offered already: bit per index.
struct cursor {
    uint64_t offered[2];
};

static inline bool cursor_offered(const struct cursor *cursor, unsigned member)
{
    return (cursor->offered[member / 64] >> (member % 64) & 1) != 0;
}

static inline bool cursor_fresh(const struct cursor *cursor)
{
    return cursor->offered[0] == 0 && cursor->offered[1] == 0;
}

static inline const struct record_set *cursor_offer(struct cursor *cursor, const struct record_group *group,
                                                    unsigned member)
{
    cursor->offered[member / 64] |= UINT64_C(1) << (member % 64);
    return &group->members[member];
}

struct routing_policy {
    // The best member not offered yet, now marked as offered; NULL when no further one applies to this
    // client.
    const struct record_set *(*next)(struct decide_context *context, const struct record_group *group,
                                     struct cursor *cursor);
    // What the policy knows of a candidate, for explanations. NULL: nothing but the record set itself.
    void (*describe)(struct decide_context *context, const struct record_set *record_set,
                     struct trace_candidate *candidate);
    unsigned answers; // record sets that make one answer: 1, but for multivalue (L19)
};

extern const struct routing_policy routing_simple;
extern const struct routing_policy routing_weighted;
extern const struct routing_policy routing_latency;
extern const struct routing_policy routing_failover;
extern const struct routing_policy routing_geolocation;
extern const struct routing_policy routing_geoproximity;
extern const struct routing_policy routing_multivalue;
extern const struct routing_policy routing_cidr;

#endif
