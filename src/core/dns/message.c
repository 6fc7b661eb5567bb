// SPDX-License-Identifier: MIT
#include "core/dns/message.h"

#include "core/dns/edns.h"
#include "core/dns/reader.h"
#include "core/dns/rrtype.h"
#include "core/dns/writer.h"

#include "rdata.h"

enum { QUESTION, ANSWER, AUTHORITY, ADDITIONAL };
enum { RECORD_FIXED_LEN = 10 }; // type, class, TTL, length of rdata

const char *dns_rcode_name(unsigned rcode)
{
    static const char *const names[] = {
        [DNS_RCODE_NOERROR] = "NOERROR",   [DNS_RCODE_FORMERR] = "FORMERR", [DNS_RCODE_SERVFAIL] = "SERVFAIL",
        [DNS_RCODE_NXDOMAIN] = "NXDOMAIN", [DNS_RCODE_NOTIMP] = "NOTIMP",   [DNS_RCODE_REFUSED] = "REFUSED",
        [DNS_RCODE_BADVERS] = "BADVERS",
    };
    const char *name = rcode < sizeof names / sizeof names[0] ? names[rcode] : NULL;
    return name != NULL ? name : "UNKNOWN";
}

// What the class and TTL of an OPT record mean (RFC 6891 section 6.1).
static uint16_t opt_udp_size(uint16_t class)
{
    return class > DNS_UDP_MIN ? class : DNS_UDP_MIN;
}

static uint8_t opt_rcode(uint32_t ttl)
{
    return (uint8_t)(ttl >> 24);
}

static uint8_t opt_version(uint32_t ttl)
{
    return (uint8_t)(ttl >> 16);
}

// --- queries -----------------------------------------------------------------------------------------------

static bool read_question(struct dns_reader *reader, struct dns_query *query)
{
    struct bytes name = {reader->data + reader->at, dns_reader_left(reader)};
    if (!dns_name_from_wire(name, &query->name)) {
        return false;
    }
    dns_reader_skip(reader, query->name.len);
    struct bytes numbers = dns_reader_bytes(reader, 4);
    if (reader->failed) {
        return false;
    }
    query->type = dns_u16_at(numbers, 0);
    query->class = dns_u16_at(numbers, 2);
    query->question_len = query->name.len + 4U;
    return true;
}

static void clear_question(struct dns_query *query)
{
    query->name.len = 1;
    query->name.wire[0] = 0;
    query->type = 0;
    query->class = 0;
    query->question_len = 0;
}

// Owners in queries say nothing, so pointers in them are not followed.
static void skip_name(struct dns_reader *reader)
{
    for (;;) {
        uint8_t len = dns_reader_u8(reader);
        if (len == 0) { // the root, or the end of the message
            return;
        }
        if (len >= 0xc0) {
            dns_reader_skip(reader, 1);
            return;
        }
        if (len > DNS_LABEL_MAX) {
            dns_reader_fail(reader);
            return;
        }
        dns_reader_skip(reader, len);
    }
}

static uint8_t read_opt(struct dns_query *query, uint16_t class, uint32_t ttl, struct bytes options)
{
    uint8_t scope = 0;
    query->edns = true;
    query->udp_size = opt_udp_size(class);
    if (opt_version(ttl) > DNS_EDNS_VERSION) {
        return DNS_RCODE_BADVERS;
    }
    if (!dns_edns_read_options(options, &query->subnet, &scope)) {
        return DNS_RCODE_FORMERR;
    }
    if (scope != 0) { // RFC 7871 section 6: zero in queries
        query->subnet.present = false;
        return DNS_RCODE_FORMERR;
    }
    return DNS_RCODE_NOERROR;
}

// The records behind the question, and nothing behind them.
static uint8_t read_records(struct dns_reader *reader, struct dns_query *query, unsigned before_additional,
                            unsigned additional)
{
    uint8_t rcode = DNS_RCODE_NOERROR;
    for (unsigned i = 0; i < before_additional + additional; i++) {
        size_t owner_at = reader->at;
        skip_name(reader);
        size_t owner_len = reader->at - owner_at;
        struct bytes fixed = dns_reader_bytes(reader, RECORD_FIXED_LEN);
        if (reader->failed) {
            return DNS_RCODE_FORMERR;
        }
        struct bytes rdata = dns_reader_bytes(reader, dns_u16_at(fixed, 8));
        if (reader->failed) {
            return DNS_RCODE_FORMERR;
        }
        if (dns_u16_at(fixed, 0) != DNS_TYPE_OPT) {
            continue;
        }
        if (query->edns || owner_len != 1 || i < before_additional) {
            return DNS_RCODE_FORMERR;
        }
        rcode = read_opt(query, dns_u16_at(fixed, 2), dns_u32_at(fixed, 4), rdata);
        if (rcode == DNS_RCODE_FORMERR) {
            return rcode;
        }
    }
    return dns_reader_left(reader) == 0 ? rcode : DNS_RCODE_FORMERR;
}

static unsigned count_of(struct bytes header, size_t section)
{
    return dns_u16_at(header, 4 + 2 * section);
}

bool dns_query_parse(const uint8_t *data, size_t len, struct dns_query *out)
{
    struct dns_reader reader;
    dns_reader_init(&reader, data, len);
    struct bytes header = dns_reader_bytes(&reader, DNS_HEADER_LEN);
    if (reader.failed || (dns_u16_at(header, 2) & DNS_FLAG_QR) != 0) {
        return false;
    }
    uint16_t flags = dns_u16_at(header, 2);
    out->id = dns_u16_at(header, 0);
    out->flags = flags;
    out->opcode = flags >> 11 & 0xf;
    out->edns = false;
    out->udp_size = DNS_UDP_MIN;
    out->subnet.present = false;
    out->question = count_of(header, QUESTION) == 1 && read_question(&reader, out);
    if (!out->question) {
        clear_question(out);
    }
    if (out->opcode != DNS_OPCODE_QUERY) {
        out->rcode = DNS_RCODE_NOTIMP;
    } else if (!out->question) {
        out->rcode = DNS_RCODE_FORMERR;
    } else {
        unsigned before_additional = count_of(header, ANSWER) + count_of(header, AUTHORITY);
        out->rcode = read_records(&reader, out, before_additional, count_of(header, ADDITIONAL));
    }
    return true;
}

size_t dns_query_write(uint8_t *out, size_t room, uint16_t id, const struct dns_name *name, uint16_t type,
                       bool edns, const struct dns_client_subnet *subnet)
{
    struct dns_query query = {.edns = edns};
    if (subnet != NULL) {
        query.subnet = *subnet;
    }
    struct dns_writer writer;
    dns_writer_init(&writer, out, room);
    dns_writer_u16(&writer, id);
    dns_writer_u16(&writer, DNS_FLAG_RD);
    dns_writer_u16(&writer, 1);
    dns_writer_u16(&writer, 0);
    dns_writer_u16(&writer, 0);
    dns_writer_u16(&writer, edns);
    dns_writer_bytes(&writer, name->wire, name->len);
    dns_writer_u16(&writer, type);
    dns_writer_u16(&writer, DNS_CLASS_IN);
    dns_edns_write(&writer, &query, DNS_RCODE_NOERROR, 0);
    return writer.full ? 0 : writer.len;
}

// --- replies -----------------------------------------------------------------------------------------------

static bool read_reply_opt(const struct dns_record *record, struct dns_reply *reply)
{
    if (reply->edns || record->name.len != 1) {
        return false;
    }
    reply->edns = true;
    reply->rcode = (uint16_t)(reply->rcode | opt_rcode(record->ttl) << 4);
    return dns_edns_read_options(record->rdata, &reply->subnet, &reply->subnet_scope);
}

bool dns_reply_parse(const uint8_t *data, size_t len, struct dns_reply *out)
{
    struct dns_reader reader;
    struct dns_reply reply = {0};
    dns_reader_init(&reader, data, len);
    reply.id = dns_reader_u16(&reader);
    reply.flags = dns_reader_u16(&reader);
    reply.rcode = reply.flags & 0xf;
    for (size_t i = 0; i < 4; i++) {
        reply.counts[i] = dns_reader_u16(&reader);
    }
    for (unsigned i = 0; i < reply.counts[QUESTION] && !reader.failed; i++) {
        struct dns_name name;
        dns_reader_name(&reader, &name);
        dns_reader_skip(&reader, 4);
    }
    reply.records_at = reader.at;
    if (reader.failed || (reply.flags & DNS_FLAG_QR) == 0) {
        return false;
    }
    unsigned additional_from = (unsigned)reply.counts[ANSWER] + reply.counts[AUTHORITY];
    size_t at = reply.records_at;
    for (unsigned i = 0; i < additional_from + reply.counts[ADDITIONAL]; i++) {
        struct dns_record record;
        if (!dns_reply_next(data, len, &at, &record)) {
            return false;
        }
        if (record.type == DNS_TYPE_OPT && (i < additional_from || !read_reply_opt(&record, &reply))) {
            return false;
        }
    }
    if (at != len) {
        return false;
    }
    *out = reply;
    return true;
}

bool dns_reply_next(const uint8_t *data, size_t len, size_t *at, struct dns_record *out)
{
    struct dns_reader reader;
    struct dns_record record;
    dns_reader_init(&reader, data, len);
    dns_reader_skip(&reader, *at);
    dns_reader_name(&reader, &record.name);
    record.type = dns_reader_u16(&reader);
    record.class = dns_reader_u16(&reader);
    record.ttl = dns_reader_u32(&reader);
    uint16_t rdata_len = dns_reader_u16(&reader);
    record.rdata_at = reader.at;
    record.rdata = dns_reader_bytes(&reader, rdata_len);
    if (reader.failed) {
        return false;
    }
    *out = record;
    *at = reader.at;
    return true;
}

bool dns_record_rdata(const uint8_t *data, size_t len, const struct dns_record *record, uint8_t *out,
                      size_t room, size_t *out_len)
{
    size_t end = record->rdata_at + record->rdata.len;
    if (end > len) {
        return false;
    }
    struct dns_reader reader;
    struct dns_writer writer;
    dns_reader_init(&reader, data, end);
    dns_reader_skip(&reader, record->rdata_at);
    dns_writer_init(&writer, out, room);
    if (!rdata_copy(record->type, &reader, &writer)) {
        return false;
    }
    *out_len = writer.len;
    return true;
}
