// SPDX-License-Identifier: MIT
// The table of record types: number, name and the codec between Route 53's presentation form (dev guide:
// "Supported DNS record types") and wire rdata. Types outside the table are opaque (RFC 3597).
// Pure; any thread.
#ifndef NEARWELL_CORE_DNS_RRTYPE_H
#define NEARWELL_CORE_DNS_RRTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"

enum dns_rrtype {
    DNS_TYPE_A = 1,
    DNS_TYPE_NS = 2,
    DNS_TYPE_CNAME = 5,
    DNS_TYPE_SOA = 6,
    DNS_TYPE_PTR = 12,
    DNS_TYPE_MX = 15,
    DNS_TYPE_TXT = 16,
    DNS_TYPE_AAAA = 28,
    DNS_TYPE_SRV = 33,
    DNS_TYPE_NAPTR = 35,
    DNS_TYPE_OPT = 41,
    DNS_TYPE_DS = 43,
    DNS_TYPE_SSHFP = 44,
    DNS_TYPE_TLSA = 52,
    DNS_TYPE_SVCB = 64,
    DNS_TYPE_HTTPS = 65,
    DNS_TYPE_SPF = 99,
    DNS_TYPE_IXFR = 251,
    DNS_TYPE_AXFR = 252,
    DNS_TYPE_MAILB = 253,
    DNS_TYPE_MAILA = 254,
    DNS_TYPE_ANY = 255,
    DNS_TYPE_CAA = 257,
};

enum { DNS_RDATA_MAX = 65535, DNS_TYPE_TEXT = 12 };

// "A", "HTTPS", or "TYPE65280" (RFC 3597 section 5); ASCII case ignored.
bool dns_rrtype_parse(struct bytes name, uint16_t *out);
void dns_rrtype_format(uint16_t type, char out[DNS_TYPE_TEXT]);

// True for the 17 types that a Route 53 record may have (semantics reference, table 5.1).
bool dns_rrtype_in_route53(uint16_t type);
size_t dns_rrtype_count(void);    // the 17, for listings
uint16_t dns_rrtype_at(size_t i); // in alphabetical order of their names

// One value ("10 mail.example.com.") to wire rdata with uncompressed names, names folded to lower case.
// Errors carry Route 53's code and text where one is known (semantics reference, table 5.3), for example
// "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '192.0.2.300'".
// Where this leaves the general rule: on failure out is scratch, since 64 KiB are not copied for nothing.
bool dns_rdata_parse(uint16_t type, struct bytes text, uint8_t out[DNS_RDATA_MAX], size_t *len,
                     struct error *error);

// Wire rdata to presentation form, names with final dot, TXT quoted and escaped (rule D17). Malformed or
// unknown rdata is printed as \# length hex. Appends to out.
void dns_rdata_format(uint16_t type, struct bytes rdata, struct buffer *out);

// Offset of the host name that deserves additional-section addresses (rule D4: MX, CNAME, NS, SRV), or
// false. The name runs to the end of the rdata for these types.
bool dns_rdata_target(uint16_t type, struct bytes rdata, size_t *offset);

#endif
