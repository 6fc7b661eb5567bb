// SPDX-License-Identifier: MIT
// Queries as they come (RFC 1035 section 4, RFC 6891, RFC 7871), parsed once into a value that later code
// need not check again. Pure; any thread.
#ifndef NEARWELL_CORE_DNS_MESSAGE_H
#define NEARWELL_CORE_DNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "core/dns/name.h"

enum {
    DNS_HEADER_LEN = 12,
    DNS_FLAG_QR = 0x8000,
    DNS_FLAG_AA = 0x0400,
    DNS_FLAG_TC = 0x0200,
    DNS_FLAG_RD = 0x0100,
    DNS_FLAG_RA = 0x0080,
    DNS_CLASS_IN = 1,
    DNS_CLASS_ANY = 255,
    DNS_OPCODE_QUERY = 0,
    DNS_UDP_MIN = 512,  // rule D1
    DNS_UDP_MAX = 4096, // rule D1
};

enum dns_rcode {
    DNS_RCODE_NOERROR = 0,
    DNS_RCODE_FORMERR = 1,
    DNS_RCODE_SERVFAIL = 2,
    DNS_RCODE_NXDOMAIN = 3,
    DNS_RCODE_NOTIMP = 4,
    DNS_RCODE_REFUSED = 5,
    DNS_RCODE_BADVERS = 16, // through EDNS only
};

const char *dns_rcode_name(unsigned rcode); // "NOERROR"; "RCODE11" style names are not needed: "UNKNOWN"

// EDNS client subnet (RFC 7871 section 6).
struct dns_client_subnet {
    bool present;
    struct ip_address address; // bits beyond source are zero
    uint8_t source;            // SOURCE PREFIX-LENGTH, 0 is "do not use my address"
};

struct dns_query {
    uint16_t id;
    uint16_t flags;       // as received
    uint8_t opcode;       // 0-15
    uint8_t rcode;        // DNS_RCODE_NOERROR, or why the query gets no answer: FORMERR, NOTIMP, BADVERS
    bool question;        // name, type, class and question_len are valid, so a reply may repeat them
    struct dns_name name; // as received: case kept
    uint16_t type;
    uint16_t class;
    size_t question_len; // bytes of the question section, which starts at DNS_HEADER_LEN
    bool edns;           // an OPT record was there: the reply carries one too
    uint16_t udp_size;   // what the client takes over UDP: at least 512
    struct dns_client_subnet subnet;
};

// False: so short, or itself a reply, that nothing may be sent back. True: answer it; rcode says whether
// it was well-formed. Checked: one question, no compression in it, sections as counted, at most one OPT with
// root owner, EDNS version 0 (else BADVERS), the subnet option's family, lengths and zero bits (rule E6, else
// FORMERR), trailing bytes (else FORMERR). A multi-question or malformed message gets FORMERR, opcode other
// than QUERY gets NOTIMP.
bool dns_query_parse(const uint8_t *data, size_t len, struct dns_query *out);

// Builds a query, for `nearwell query`, tests and benches. subnet->present false leaves the option out.
// Returns the length, 0 when it does not fit.
size_t dns_query_write(uint8_t *out, size_t room, uint16_t id, const struct dns_name *name, uint16_t type,
                       bool edns, const struct dns_client_subnet *subnet);

// One resource record of a reply.
struct dns_record {
    struct dns_name name;
    uint16_t type;
    uint16_t class;
    uint32_t ttl;
    struct bytes rdata; // borrowed from the message; names inside may be compressed
    size_t rdata_at;    // offset in the message
};

// A reply taken apart, for `nearwell query` and tests. Bounded by the message itself.
struct dns_reply {
    uint16_t id;
    uint16_t flags;
    uint16_t rcode; // with the extended bits of OPT
    uint16_t counts[4];
    bool edns;
    struct dns_client_subnet subnet;
    uint8_t subnet_scope;
    size_t records_at; // offset of the first answer record
};

bool dns_reply_parse(const uint8_t *data, size_t len, struct dns_reply *out);
// The record at *at, which moves to the next one. False at the end or on malformed bytes.
bool dns_reply_next(const uint8_t *data, size_t len, size_t *at, struct dns_record *out);
// The rdata with its names uncompressed, so that dns_rdata_format can print it. False on malformed bytes.
bool dns_record_rdata(const uint8_t *data, size_t len, const struct dns_record *record, uint8_t *out,
                      size_t room, size_t *out_len);

#endif
