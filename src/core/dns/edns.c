// SPDX-License-Identifier: MIT
#include "core/dns/edns.h"

#include <string.h>

#include "core/dns/reader.h"
#include "core/dns/rrtype.h"

enum {
    OPT_LEN = 11,          // root owner, type, class, TTL, length
    OPTION_HEADER_LEN = 4, // code, length
    SUBNET_HEADER_LEN = 4, // family, source, scope
    FAMILY_NONE = 0,       // "do not use my address", without saying which kind
    FAMILY_IPV4 = 1,
    FAMILY_IPV6 = 2,
};

static size_t address_len(uint8_t source)
{
    return (source + 7U) / 8U;
}

// --- write -------------------------------------------------------------------------------------------------

static size_t options_len(const struct dns_client_subnet *subnet)
{
    return subnet->present ? OPTION_HEADER_LEN + SUBNET_HEADER_LEN + address_len(subnet->source) : 0;
}

size_t dns_edns_size(const struct dns_query *query)
{
    return query->edns ? OPT_LEN + options_len(&query->subnet) : 0;
}

static uint8_t *put_u16(uint8_t *out, unsigned value)
{
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
    return out + 2;
}

static void put_subnet(uint8_t *out, const struct dns_client_subnet *subnet, uint8_t scope)
{
    unsigned family = subnet->address.family == 4   ? FAMILY_IPV4
                      : subnet->address.family == 6 ? FAMILY_IPV6
                                                    : FAMILY_NONE;
    size_t len = address_len(subnet->source);
    out = put_u16(out, DNS_OPTION_CLIENT_SUBNET);
    out = put_u16(out, (unsigned)(SUBNET_HEADER_LEN + len));
    out = put_u16(out, family);
    *out++ = subnet->source;
    *out++ = scope;
    memcpy(out, subnet->address.bytes, len);
}

void dns_edns_write(struct dns_writer *writer, const struct dns_query *query, unsigned rcode, uint8_t scope)
{
    uint8_t *out = query->edns ? dns_writer_take(writer, dns_edns_size(query)) : NULL;
    if (out == NULL) {
        return;
    }
    *out++ = 0;
    out = put_u16(out, DNS_TYPE_OPT);
    out = put_u16(out, DNS_UDP_MAX);
    *out++ = (uint8_t)(rcode >> 4);
    *out++ = DNS_EDNS_VERSION;
    out = put_u16(out, 0);
    out = put_u16(out, (unsigned)options_len(&query->subnet));
    if (query->subnet.present) {
        put_subnet(out, &query->subnet, scope);
    }
}

// --- read --------------------------------------------------------------------------------------------------

// RFC 7871 section 6: no more address bytes than source needs, and zero bits after it.
static bool address_fits(struct bytes address, uint8_t source)
{
    unsigned used = source % 8U;
    return address.len == address_len(source) &&
           (used == 0 || (address.data[address.len - 1] & (0xffU >> used)) == 0);
}

static bool read_subnet(struct bytes option, struct dns_client_subnet *out, uint8_t *scope)
{
    if (option.len < SUBNET_HEADER_LEN) {
        return false;
    }
    uint16_t family = dns_u16_at(option, 0);
    uint8_t source = option.data[2];
    uint8_t scope_read = option.data[3];
    struct bytes address = {option.data + SUBNET_HEADER_LEN, option.len - SUBNET_HEADER_LEN};
    uint8_t most = family == FAMILY_IPV4 ? 32 : family == FAMILY_IPV6 ? 128 : 0;
    if (family > FAMILY_IPV6 || source > most || scope_read > most || !address_fits(address, source)) {
        return false;
    }
    *out = (struct dns_client_subnet){.present = true, .source = source};
    out->address.family = family == FAMILY_IPV4 ? 4 : family == FAMILY_IPV6 ? 6 : 0;
    memcpy(out->address.bytes, address.data, address.len);
    *scope = scope_read;
    return true;
}

bool dns_edns_read_options(struct bytes rdata, struct dns_client_subnet *out, uint8_t *scope)
{
    struct bytes subnet = {NULL, 0};
    struct dns_reader reader;
    dns_reader_init(&reader, rdata.data, rdata.len);
    while (dns_reader_left(&reader) > 0) {
        uint16_t code = dns_reader_u16(&reader);
        struct bytes option = dns_reader_bytes(&reader, dns_reader_u16(&reader));
        if (reader.failed || (code == DNS_OPTION_CLIENT_SUBNET && subnet.data != NULL)) {
            return false;
        }
        if (code == DNS_OPTION_CLIENT_SUBNET) {
            subnet = option;
        }
    }
    if (subnet.data != NULL) {
        return read_subnet(subnet, out, scope);
    }
    *out = (struct dns_client_subnet){.present = false};
    *scope = 0;
    return true;
}
