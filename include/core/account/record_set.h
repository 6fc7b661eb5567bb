// SPDX-License-Identifier: MIT
// Record sets as an account keeps them: in the order of ListResourceRecordSets by their keys alone, and with
// names as Route 53 prints them. Pure; any thread. Source: API reference 1.7 and 1.8.
#ifndef NEARWELL_CORE_ACCOUNT_RECORD_SET_H
#define NEARWELL_CORE_ACCOUNT_RECORD_SET_H

#include <jansson.h>

#include "base/buffer.h"
#include "core/dns/name.h"

enum { ACCOUNT_KEY_LIMIT = 8192, ACCOUNT_TEXT_LIMIT = 16 << 20 };

// "Z1 com.example.www. A blue": zone, name with its labels reversed, type, SetIdentifier. Blanks are in none
// of the first three, and sort before everything that is, so keys in byte order are record sets in Route
// 53's. type and identifier may be NULL from the end, for keys to seek and prefixes to count. Appends to out.
void account_record_set_key(struct buffer *out, const char *zone_id, const struct dns_name *name,
                            const char *type, const char *identifier);
void account_zone_prefix(struct buffer *out, const char *zone_id);           // "Z1 "
void account_reversed_name(struct buffer *out, const struct dns_name *name); // "com.example.www."

// "_tp-ID.example.com.", and "_tp-ID-1.example.com." and so on: the names of the record sets that a traffic
// policy instance is made of. At the first of them, which has no number, its decisions begin.
void account_traffic_name(struct buffer *out, const char *instance_id, size_t number, const char *zone_name);

// One ResourceRecordSet, whose names are valid, as compact JSON: members in the order of the service model,
// Name and AliasTarget.DNSName in lower case with escapes and final dot, nothing that says nothing.
void account_record_set_text(struct buffer *out, const json_t *record_set);

// The NS and SOA that Route 53 gives a new zone (D8), with the name servers of this seed. The caller owns
// both.
void account_default_record_sets(const char *zone_name, const char *name_servers_seed, json_t **ns,
                                 json_t **soa);

// Any value, compact and with its members in their order.
void account_object_text(struct buffer *out, const json_t *value);

static inline struct bytes buffer_bytes(const struct buffer *buffer)
{
    return (struct bytes){(const uint8_t *)buffer_string(buffer), buffer->len};
}

#endif
