// SPDX-License-Identifier: MIT
// IP addresses, prefixes and endpoints: parse, format, mask, compare. Pure values; any thread.
#ifndef NEARWELL_BASE_IP_H
#define NEARWELL_BASE_IP_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

struct ip_address {
    uint8_t family;    // 4 or 6; 0 is "none"
    uint8_t bytes[16]; // network order; IPv4 uses the first four, the rest is zero
};

struct ip_prefix {
    struct ip_address address; // bits beyond length are zero
    uint8_t length;            // bits: 0-32 or 0-128
};

struct ip_endpoint {
    struct ip_address address;
    uint16_t port; // host order
};

enum { IP_TEXT = 48, IP_PREFIX_TEXT = 52, IP_ENDPOINT_TEXT = 56 };

bool ip_parse(struct bytes text, struct ip_address *out); // no scope ids, no IPv4 shorthand
void ip_format(const struct ip_address *address, char out[IP_TEXT]);
bool ip_equal(const struct ip_address *a, const struct ip_address *b);
uint8_t ip_bits(const struct ip_address *address); // 32 or 128

// "192.0.2.0/24"; a bare address is a /32 or /128. Bits set beyond the length are an error.
bool ip_prefix_parse(struct bytes text, struct ip_prefix *out, struct error *error);
void ip_prefix_format(const struct ip_prefix *prefix, char out[IP_PREFIX_TEXT]);
struct ip_prefix ip_prefix_of(const struct ip_address *address, uint8_t length); // masks
bool ip_prefix_contains(const struct ip_prefix *prefix, const struct ip_address *address);
bool ip_prefix_equal(const struct ip_prefix *a, const struct ip_prefix *b);

// "127.0.0.1:53", "[::1]:53"; the port may be 0, meaning that the kernel chooses.
bool ip_endpoint_parse(struct bytes text, struct ip_endpoint *out, struct error *error);
void ip_endpoint_format(const struct ip_endpoint *endpoint, char out[IP_ENDPOINT_TEXT]);
socklen_t ip_endpoint_to_sockaddr(const struct ip_endpoint *endpoint, struct sockaddr_storage *out);
bool ip_endpoint_from_sockaddr(const struct sockaddr *from,
                               struct ip_endpoint *out); // maps ::ffff:a.b.c.d to IPv4

bool ip_is_loopback(const struct ip_address *address);

// The ranges that Route 53 refuses as endpoints: RFC 5735, RFC 6598, RFC 5156. Returns the name of the
// range ("private use", "loopback", ...) or NULL for a global address.
const char *ip_special_use(const struct ip_address *address);

#endif
