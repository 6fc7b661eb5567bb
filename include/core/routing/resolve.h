// SPDX-License-Identifier: MIT
// The one resolver function: a question, a client and a view to what Route 53 would answer, as pointers into
// the model. answer() turns it into bytes, explain into sentences. Pure; allocates nothing; any thread.
#ifndef NEARWELL_CORE_ROUTING_RESOLVE_H
#define NEARWELL_CORE_ROUTING_RESOLVE_H

#include "core/dns/name.h"
#include "core/routing/decide.h"

enum resolution_kind {
    RESOLVED_ANSWER,   // group and decision are valid; for a CNAME the group is the CNAME's (D5)
    RESOLVED_NODATA,   // the name exists, the type does not, or no member applies (D6, G5)
    RESOLVED_NXDOMAIN, // D6
    RESOLVED_REFERRAL, // group is the NS group at the cut (D12)
    RESOLVED_REFUSED,  // in no zone of ours (D14)
};

struct resolution {
    enum resolution_kind kind;
    const struct zone *zone;          // NULL for REFUSED
    const struct name_node *node;     // the node that matched; the closest encloser for NXDOMAIN
    const struct record_group *group; // NULL but for ANSWER and REFERRAL
    bool wildcard;                    // node is a wildcard that synthesised the name
    struct decision decision;
};

// name in any case. type may be anything but ANY, whose answer is made of one resolution per type (D15).
void resolve(struct decide_context *context, const struct dns_name *name, uint16_t type,
             struct resolution *out);

// The same from one zone alone, private or not, whatever else the model has: REFUSED when the name is
// outside. A cut below its apex is a referral and DS at its apex is its own (D6, D9, D10, D12, N1).
void resolve_in_zone(struct decide_context *context, const struct zone *zone, const struct dns_name *name,
                     uint16_t type, struct resolution *out);

// The first half of resolve: what the name is to us. Fills kind (ANSWER when there is a node to ask), zone,
// node, wildcard and, for a REFERRAL, group.
void resolve_name(struct decide_context *context, const struct dns_name *name, uint16_t type,
                  struct resolution *out);

// The second half, once the node is known: the group for type at node, or its CNAME (D5), decided.
void resolve_at(struct decide_context *context, const struct name_node *node, uint16_t type,
                struct resolution *out);

const char *
resolution_kind_name(enum resolution_kind kind); // "NOERROR", "NODATA", "NXDOMAIN", "REFERRAL", "REFUSED"

#endif
