// SPDX-License-Identifier: MIT
// The reply under construction: sections in order, counts, what fits.
#ifndef NEARWELL_CORE_ANSWER_REPLY_H
#define NEARWELL_CORE_ANSWER_REPLY_H

#include "core/answer/answer.h"
#include "core/dns/message.h"
#include "core/dns/writer.h"
#include "core/routing/resolve.h"

enum reply_section { REPLY_ANSWER, REPLY_AUTHORITY, REPLY_ADDITIONAL };

struct reply {
    const struct dns_query *query;
    struct decide_context *context;
    struct dns_writer writer;
    uint16_t counts[3]; // by enum reply_section
    uint16_t flags;     // AA, TC
    unsigned rcode;
    bool fail_open; // R3, for the counters
};

// The pointer that names the ancestor of the question's name that is len bytes long.
static inline uint16_t reply_owner(const struct reply *reply, unsigned len)
{
    return (uint16_t)(0xc000U | (DNS_HEADER_LEN + reply->query->name.len - len));
}
#define REPLY_QUESTION_OWNER ((uint16_t)(0xc000U | DNS_HEADER_LEN))

// All records of a decision under one owner pointer, in random order (R10, D16). All or nothing: false, and
// no change, when they do not fit.
bool reply_records(struct reply *reply, enum reply_section section, uint16_t owner,
                   const struct decision *decision);

// A or AAAA or both for the hosts of this zone that the records between from and the writer's end name (D4,
// D12 glue). What does not fit is left out. below_cut: names below a delegation count too.
void reply_targets(struct reply *reply, const struct zone *zone, size_t from, size_t to, bool below_cut);

// negative.c: the SOA with the negative caching time (D3, D7); the zone's NS (D2); a referral (D12).
void reply_soa(struct reply *reply, const struct zone *zone);
void reply_zone_ns(struct reply *reply, const struct zone *zone);
void reply_referral(struct reply *reply, const struct resolution *resolution);

#endif
