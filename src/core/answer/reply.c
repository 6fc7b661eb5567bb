// SPDX-License-Identifier: MIT
#include "reply.h"

#include "core/dns/reader.h"
#include "core/dns/rrtype.h"
#include "core/model/name_index.h"

enum { OWNER_POINTER_MAX = 0x3fff, SHUFFLED_MAX = 400 }; // L3

// One value needs no order: its record goes out as it was frozen, but for the owner.
static void write_set_in_order(struct dns_writer *writer, uint16_t owner, const struct record_set *set)
{
    size_t at = 0;
    size_t start = writer->len;
    struct bytes rdata;
    dns_writer_bytes(writer, set->records, set->records_len);
    if (owner == REPLY_QUESTION_OWNER || writer->full) {
        return;
    }
    for (size_t record = 0; record_set_next(set, &at, &rdata); record = at) {
        dns_writer_patch_u16(writer, start + record, owner);
    }
}

// One number of 64 bits is enough for several draws: what a draw leaves over is the next one's. With at most
// 400 values no order is likelier than another by more than 2^-29.
enum { DRAWS_EACH = 4 };

static unsigned draw(uint64_t *chance, unsigned below)
{
    unsigned __int128 product = (unsigned __int128)*chance * below;
    *chance = (uint64_t)product;
    return (unsigned)(product >> 64);
}

static void write_set_shuffled(struct dns_writer *writer, uint16_t owner, const struct record_set *set,
                               struct random *roll)
{
    struct {
        uint32_t start;
        uint32_t end;
    } records[SHUFFLED_MAX];
    unsigned count = 0;
    uint64_t chance = 0;
    size_t at = 0;
    struct bytes rdata;
    for (size_t start = 0; count < SHUFFLED_MAX && record_set_next(set, &at, &rdata); start = at) {
        records[count].start = (uint32_t)start;
        records[count++].end = (uint32_t)at;
    }
    uint8_t *out = dns_writer_take(writer, at);
    for (unsigned i = 0; i < count && out != NULL; i++) { // a draw without replacement: D16
        chance = i % DRAWS_EACH == 0 ? random_next(roll) : chance;
        unsigned pick = i + draw(&chance, count - i);
        size_t len = records[pick].end - records[pick].start;
        memcpy(out, set->records + records[pick].start, len);
        out[0] = (uint8_t)(owner >> 8);
        out[1] = (uint8_t)owner;
        out += len;
        records[pick] = records[i];
    }
}

// F7: members of one answer may differ in TTL; the smallest counts for all (RFC 2181 section 5.2).
static void level_ttls(struct dns_writer *writer, size_t from, uint32_t ttl)
{
    for (size_t at = from; at < writer->len;) {
        const uint8_t *record = writer->data + at;
        dns_writer_patch_u16(writer, at + 6, (uint16_t)(ttl >> 16));
        dns_writer_patch_u16(writer, at + 8, (uint16_t)ttl);
        at += RECORD_HEADER + ((size_t)record[RECORD_HEADER - 2] << 8 | record[RECORD_HEADER - 1]);
    }
}

bool reply_records(struct reply *reply, enum reply_section section, uint16_t owner,
                   const struct decision *decision)
{
    struct dns_writer *writer = &reply->writer;
    size_t before = writer->len;
    unsigned records = 0;
    for (unsigned i = 0; i < decision->count; i++) {
        const struct record_set *set = decision->record_sets[i];
        if (set->record_count > 1) {
            write_set_shuffled(writer, owner, set, reply->context->roll);
        } else {
            write_set_in_order(writer, owner, set);
        }
        records += set->record_count;
    }
    if (writer->full) {
        dns_writer_rewind(writer, before);
        return false;
    }
    if (decision->count > 1) {
        level_ttls(writer, before, decision->ttl);
    }
    reply->counts[section] = (uint16_t)(reply->counts[section] + records);
    return true;
}

static const struct name_node *target_node(const struct zone *zone, const struct dns_name *name,
                                           bool below_cut)
{
    if (below_cut) {
        return zone_find_node(zone, name);
    }
    struct name_lookup found = zone_find_name(zone, name, false);
    return found.match == NAME_EXACT || found.match == NAME_WILDCARD ? found.node : NULL;
}

static void target_addresses(struct reply *reply, const struct zone *zone, uint16_t owner,
                             const struct dns_name *name, bool below_cut)
{
    static const uint16_t types[] = {DNS_TYPE_A, DNS_TYPE_AAAA};
    const struct name_node *node = target_node(zone, name, below_cut);
    for (size_t i = 0; node != NULL && i < sizeof types / sizeof types[0]; i++) {
        const struct record_group *group = name_node_group(node, types[i]);
        struct decision decision;
        if (group != NULL) {
            decide(reply->context, group, &decision); // D4: routing applies to additional addresses too
            reply_records(reply, REPLY_ADDITIONAL, owner, &decision);
        }
    }
}

void reply_targets(struct reply *reply, const struct zone *zone, size_t from, size_t to, bool below_cut)
{
    struct dns_reader reader;
    dns_reader_init(&reader, reply->writer.data, to);
    dns_reader_skip(&reader, from);
    while (dns_reader_left(&reader) > 0 && !reader.failed) {
        dns_reader_skip(&reader, 2); // our records start with an owner pointer
        uint16_t type = dns_reader_u16(&reader);
        dns_reader_skip(&reader, 6);
        size_t len = dns_reader_u16(&reader);
        size_t at = reader.at;
        struct bytes rdata = dns_reader_bytes(&reader, len);
        size_t offset;
        struct dns_name name;
        if (!reader.failed && dns_rdata_target(type, rdata, &offset) && at + offset <= OWNER_POINTER_MAX &&
            dns_name_from_wire((struct bytes){rdata.data + offset, rdata.len - offset}, &name)) {
            target_addresses(reply, zone, (uint16_t)(0xc000U | (at + offset)), &name, below_cut);
        }
    }
}
