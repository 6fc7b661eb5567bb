// SPDX-License-Identifier: MIT
// Domain names in uncompressed wire form (RFC 1035 section 3.1): length-prefixed labels, root at the end.
// A struct dns_name only ever holds a valid name. Pure values; any thread.
#ifndef NEARWELL_CORE_DNS_NAME_H
#define NEARWELL_CORE_DNS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

enum { DNS_NAME_MAX = 255, DNS_LABEL_MAX = 63, DNS_NAME_TEXT = 1024 };

struct dns_name {
    uint8_t len; // bytes of wire in use, root label included: 1 for the root
    uint8_t wire[DNS_NAME_MAX];
};

// Text in Route 53's form (rule D18): absolute with or without the final dot, \ooo octal escapes, \c for
// any other character. Case is kept. Errors say what is wrong with which label.
bool dns_name_parse(struct bytes text, struct dns_name *out, struct error *error);

// As Route 53 prints names (rule D18): lower case, final dot, everything outside a-z 0-9 - _ as \ooo.
// The root is ".".
void dns_name_format(const struct dns_name *name, char out[DNS_NAME_TEXT]);
// For people and logs: as above, but case and the printable ASCII characters stay, so "*" is "*".
void dns_name_format_plain(const struct dns_name *name, char out[DNS_NAME_TEXT]);

void dns_name_fold(struct dns_name *name); // ASCII lower case in place (RFC 4343)
bool dns_name_equal(const struct dns_name *a, const struct dns_name *b);        // ignores ASCII case
unsigned dns_name_labels(const struct dns_name *name);                          // without the root: 0 for "."
bool dns_name_parent(const struct dns_name *name, struct dns_name *out);        // false for the root
bool dns_name_within(const struct dns_name *name, const struct dns_name *zone); // equal or below
bool dns_name_is_wildcard(const struct dns_name *name); // leftmost label is exactly "*"

// "*." + parent; false when that would be too long.
bool dns_name_wildcard_of(const struct dns_name *parent, struct dns_name *out);

// Order of ListResourceRecordSets (rule D19): by labels reversed, case ignored. <0, 0, >0.
int dns_name_compare(const struct dns_name *a, const struct dns_name *b);

// Wire bytes of an uncompressed name at the start of data; checks lengths. For names inside rdata and
// names frozen in the model.
bool dns_name_from_wire(struct bytes data, struct dns_name *out);

#endif
