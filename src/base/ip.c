// SPDX-License-Identifier: MIT
#include "base/ip.h"

#include <arpa/inet.h>
#include <endian.h>
#include <stdio.h>
#include <string.h>

bool ip_parse(struct bytes text, struct ip_address *out)
{
    char copy[INET6_ADDRSTRLEN];
    if (text.len == 0 || text.len >= sizeof copy) {
        return false;
    }
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    struct ip_address address = {0};
    if (inet_pton(AF_INET, copy, address.bytes) == 1) {
        address.family = 4;
    } else if (inet_pton(AF_INET6, copy, address.bytes) == 1) {
        address.family = 6;
    } else {
        return false;
    }
    *out = address;
    return true;
}

void ip_format(const struct ip_address *address, char out[IP_TEXT])
{
    if (inet_ntop(address->family == 4 ? AF_INET : AF_INET6, address->bytes, out, IP_TEXT) == NULL) {
        out[0] = '\0';
    }
}

uint8_t ip_bits(const struct ip_address *address)
{
    return address->family == 4 ? 32 : 128;
}

bool ip_equal(const struct ip_address *a, const struct ip_address *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static void mask_word(const uint8_t *bytes, unsigned length, uint8_t *out)
{
    uint64_t mask = length >= 64 ? UINT64_MAX : ~(UINT64_MAX >> length);
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    word &= htobe64(mask);
    memcpy(out, &word, sizeof word);
}

struct ip_prefix ip_prefix_of(const struct ip_address *address, uint8_t length)
{
    struct ip_prefix prefix = {.address.family = address->family, .length = length};
    mask_word(address->bytes, length, prefix.address.bytes);
    mask_word(address->bytes + 8, length > 64 ? length - 64U : 0, prefix.address.bytes + 8);
    return prefix;
}

bool ip_prefix_contains(const struct ip_prefix *prefix, const struct ip_address *address)
{
    if (prefix->address.family != address->family) {
        return false;
    }
    struct ip_prefix masked = ip_prefix_of(address, prefix->length);
    return ip_equal(&masked.address, &prefix->address);
}

bool ip_prefix_equal(const struct ip_prefix *a, const struct ip_prefix *b)
{
    return a->length == b->length && ip_equal(&a->address, &b->address);
}

bool ip_prefix_parse(struct bytes text, struct ip_prefix *out, struct error *error)
{
    int shown = text.len > 64 ? 64 : (int)text.len;
    struct bytes rest = text;
    struct bytes host;
    bytes_split(&rest, '/', &host);
    struct ip_address address;
    if (!ip_parse(host, &address)) {
        return error_set(error, "'%.*s' is not an IP address or CIDR block", shown, (const char *)text.data);
    }
    uint32_t length = ip_bits(&address);
    if (rest.data != NULL && !bytes_parse_u32(rest, ip_bits(&address), &length)) {
        return error_set(error, "'%.*s' needs a prefix length from 0 to %u after the slash", shown,
                         (const char *)text.data, ip_bits(&address));
    }
    struct ip_prefix prefix = ip_prefix_of(&address, (uint8_t)length);
    if (!ip_equal(&prefix.address, &address)) {
        char should[IP_PREFIX_TEXT];
        ip_prefix_format(&prefix, should);
        return error_set(error, "'%.*s' has bits set beyond its prefix length; did you mean '%s'?", shown,
                         (const char *)text.data, should);
    }
    *out = prefix;
    return true;
}

void ip_prefix_format(const struct ip_prefix *prefix, char out[IP_PREFIX_TEXT])
{
    char address[IP_TEXT];
    ip_format(&prefix->address, address);
    snprintf(out, IP_PREFIX_TEXT, "%s/%u", address, prefix->length);
}

bool ip_endpoint_parse(struct bytes text, struct ip_endpoint *out, struct error *error)
{
    int shown = text.len > 64 ? 64 : (int)text.len;
    struct bytes host;
    struct bytes digits;
    const uint8_t *colon = text.len > 0 ? memrchr(text.data, ':', text.len) : NULL;
    bool bracketed = text.len > 0 && text.data[0] == '[';
    struct ip_endpoint endpoint;
    uint32_t port;
    if (colon == NULL) {
        return error_set(error, "'%.*s' is not ADDRESS:PORT, for example 127.0.0.1:5300 or [::1]:5300", shown,
                         (const char *)text.data);
    }
    host = (struct bytes){text.data, (size_t)(colon - text.data)};
    digits = (struct bytes){colon + 1, text.len - host.len - 1};
    if (bracketed && host.len >= 2 && host.data[host.len - 1] == ']') {
        host = (struct bytes){host.data + 1, host.len - 2};
    }
    if (!ip_parse(host, &endpoint.address) || (endpoint.address.family == 6) != bracketed) {
        return error_set(error, "'%.*s' does not start with an IP address (IPv6 in brackets)", shown,
                         (const char *)text.data);
    }
    if (!bytes_parse_u32(digits, 65535, &port)) {
        return error_set(error, "'%.*s' does not end with a port from 0 to 65535", shown,
                         (const char *)text.data);
    }
    endpoint.port = (uint16_t)port;
    *out = endpoint;
    return true;
}

void ip_endpoint_format(const struct ip_endpoint *endpoint, char out[IP_ENDPOINT_TEXT])
{
    char address[IP_TEXT];
    ip_format(&endpoint->address, address);
    snprintf(out, IP_ENDPOINT_TEXT, endpoint->address.family == 6 ? "[%s]:%u" : "%s:%u", address,
             endpoint->port);
}

socklen_t ip_endpoint_to_sockaddr(const struct ip_endpoint *endpoint, struct sockaddr_storage *out)
{
    memset(out, 0, sizeof *out);
    if (endpoint->address.family == 4) {
        struct sockaddr_in *in = (struct sockaddr_in *)out;
        in->sin_family = AF_INET;
        in->sin_port = htons(endpoint->port);
        memcpy(&in->sin_addr, endpoint->address.bytes, 4);
        return sizeof *in;
    }
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(endpoint->port);
    memcpy(&in6->sin6_addr, endpoint->address.bytes, 16);
    return sizeof *in6;
}

bool ip_endpoint_from_sockaddr(const struct sockaddr *from, struct ip_endpoint *out)
{
    struct ip_endpoint endpoint = {0};
    if (from->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)from;
        endpoint.address.family = 4;
        memcpy(endpoint.address.bytes, &in->sin_addr, 4);
        endpoint.port = ntohs(in->sin_port);
    } else if (from->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)from;
        endpoint.port = ntohs(in6->sin6_port);
        if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
            endpoint.address.family = 4;
            memcpy(endpoint.address.bytes, (const uint8_t *)&in6->sin6_addr + 12, 4);
        } else {
            endpoint.address.family = 6;
            memcpy(endpoint.address.bytes, &in6->sin6_addr, 16);
        }
    } else {
        return false;
    }
    *out = endpoint;
    return true;
}

// RFC 5735, RFC 6598 and RFC 5156, the most specific first.
static const struct {
    const char *prefix;
    const char *name;
} special_ranges[] = {
    {"0.0.0.0/8", "this network"},
    {"10.0.0.0/8", "private use"},
    {"100.64.0.0/10", "shared address space"},
    {"127.0.0.0/8", "loopback"},
    {"169.254.0.0/16", "link local"},
    {"172.16.0.0/12", "private use"},
    {"192.0.0.0/24", "IETF protocol assignments"},
    {"192.0.2.0/24", "documentation"},
    {"192.88.99.0/24", "6to4 relay anycast"},
    {"192.168.0.0/16", "private use"},
    {"198.18.0.0/15", "benchmarking"},
    {"198.51.100.0/24", "documentation"},
    {"203.0.113.0/24", "documentation"},
    {"224.0.0.0/4", "multicast"},
    {"240.0.0.0/4", "reserved"},
    {"::/128", "unspecified"},
    {"::1/128", "loopback"},
    {"::ffff:0:0/96", "IPv4-mapped"},
    {"::/96", "IPv4-compatible"},
    {"fe80::/10", "link local"},
    {"fec0::/10", "site local"},
    {"fc00::/7", "unique local"},
    {"2001:db8::/32", "documentation"},
    {"2002::/16", "6to4"},
    {"2001::/32", "Teredo"},
    {"5f00::/8", "6bone"},
    {"3ffe::/16", "6bone"},
    {"2001:10::/28", "ORCHID"},
    {"ff00::/8", "multicast"},
};

const char *ip_special_use(const struct ip_address *address)
{
    for (size_t i = 0; i < sizeof special_ranges / sizeof special_ranges[0]; i++) {
        struct ip_prefix prefix;
        if (ip_prefix_parse(bytes_of(special_ranges[i].prefix), &prefix, NULL) &&
            ip_prefix_contains(&prefix, address)) {
            return special_ranges[i].name;
        }
    }
    return NULL;
}

bool ip_is_loopback(const struct ip_address *address)
{
    static const uint8_t six[16] = {[15] = 1};
    return address->family == 4 ? address->bytes[0] == 127 : memcmp(address->bytes, six, sizeof six) == 0;
}
