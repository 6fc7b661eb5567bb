// SPDX-License-Identifier: MIT
// Answers without an answer: NXDOMAIN and NODATA (RFC 2308), referrals (RFC 1034 section 4.3.2).
#include <assert.h>

#include "core/dns/rrtype.h"
#include "reply.h"

static uint32_t last_u32(struct bytes rdata)
{
    const uint8_t *at = rdata.data + rdata.len - 4;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

void reply_soa(struct reply *reply, const struct zone *zone)
{
    const struct record_set *soa = &zone->soa->members[0];
    struct dns_writer *writer = &reply->writer;
    size_t before = writer->len;
    size_t at = 0;
    struct bytes rdata;
    bool found = record_set_next(soa, &at, &rdata);
    assert(found); // the builder gives every zone one
    uint32_t minimum = last_u32(rdata);
    dns_writer_u16(writer, reply_owner(reply, zone->name.len));
    dns_writer_u16(writer, DNS_TYPE_SOA);
    dns_writer_u16(writer, DNS_CLASS_IN);
    dns_writer_u32(writer, soa->ttl < minimum ? soa->ttl : minimum); // D7
    dns_writer_u16(writer, (uint16_t)rdata.len);
    dns_writer_bytes(writer, rdata.data, rdata.len);
    if (writer->full) {
        dns_writer_rewind(writer, before);
        reply->flags |= DNS_FLAG_TC;
        return;
    }
    reply->counts[REPLY_AUTHORITY]++;
}

static struct decision all_of(const struct record_group *group)
{
    return (struct decision){.record_sets = {&group->members[0]}, .count = 1, .ttl = group->members[0].ttl};
}

void reply_zone_ns(struct reply *reply, const struct zone *zone)
{
    if (zone->ns != NULL) {
        struct decision decision = all_of(zone->ns);
        reply_records(reply, REPLY_AUTHORITY, reply_owner(reply, zone->name.len),
                      &decision); // D2: or without
    }
}

void reply_referral(struct reply *reply, const struct resolution *resolution)
{
    struct decision decision = all_of(resolution->group);
    size_t from = reply->writer.len;
    if (!reply_records(reply, REPLY_AUTHORITY, reply_owner(reply, resolution->node->name_len), &decision)) {
        reply->flags |= DNS_FLAG_TC;
        return;
    }
    reply_targets(reply, resolution->zone, from, reply->writer.len, true);
}
