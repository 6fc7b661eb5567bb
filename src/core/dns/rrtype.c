// SPDX-License-Identifier: MIT
#include "core/dns/rrtype.h"

#include <stdio.h>

#include "rdata.h"

// --- what the fields of a record must be together ----------------------------------------------------------

// sizes[t] is the length of a digest of type t, 0 when any will do.
static bool digest_fits(struct bytes rdata, size_t type_at, size_t digest_at, const uint8_t *sizes,
                        size_t count)
{
    uint8_t type = rdata.data[type_at];
    uint8_t size = type < count ? sizes[type] : 0;
    return size == 0 || rdata.len - digest_at == size;
}

static bool ds_holds(struct bytes rdata)
{
    static const uint8_t sizes[] = {[1] = 20, [2] = 32, [3] = 32, [4] = 48};
    return digest_fits(rdata, 3, 4, sizes, sizeof sizes);
}

static bool sshfp_holds(struct bytes rdata)
{
    static const uint8_t sizes[] = {[1] = 20, [2] = 32};
    return digest_fits(rdata, 1, 2, sizes, sizeof sizes);
}

static bool tlsa_holds(struct bytes rdata)
{
    static const uint8_t sizes[] = {[1] = 32, [2] = 64};
    return digest_fits(rdata, 2, 3, sizes, sizeof sizes);
}

// RFC 3403 section 4.1: a regular expression or a replacement, not both.
static bool naptr_holds(struct bytes rdata)
{
    size_t service_at = 5U + rdata.data[4];
    size_t regexp_at = service_at + 1U + rdata.data[service_at];
    size_t replacement_at = regexp_at + 1U + rdata.data[regexp_at];
    return rdata.data[regexp_at] == 0 || rdata.data[replacement_at] == 0;
}

static bool service_holds(struct bytes rdata)
{
    size_t at = 2;
    while (rdata.data[at] != 0) {
        at += rdata.data[at] + 1U;
    }
    return svcb_consistent((struct bytes){rdata.data + at + 1, rdata.len - at - 1});
}

static const struct rdata_rule ds_rule = {ds_holds, "IllegalDigest",
                                          "Digest does not have the length of its type"};
static const struct rdata_rule sshfp_rule = {sshfp_holds, "IllegalFingerprint",
                                             "Fingerprint does not have the length of its type"};
static const struct rdata_rule tlsa_rule = {tlsa_holds, "IllegalData",
                                            "Data does not have the length of its matching type"};
static const struct rdata_rule naptr_rule = {
    naptr_holds, "RegexpAndReplacementError",
    "NAPTR record can have only one field in regexp and replacement"};
static const struct rdata_rule service_rule = {
    service_holds, "InconsistentParameters",
    "Parameters named in mandatory should be present, and alpn with no-default-alpn"};

// --- the table ---------------------------------------------------------------------------------------------

enum { NO_TARGET = -1 };

// clang-format off
// In the order of their names. All of these, and only these, may be in a hosted zone (table 5.1).
static const struct rrtype types[] = {
    {DNS_TYPE_A, "A", NO_TARGET, NULL, {{RDATA_IPV4, "IPv4Address"}}},
    {DNS_TYPE_AAAA, "AAAA", NO_TARGET, NULL, {{RDATA_IPV6, "IPv6Address"}}},
    {DNS_TYPE_CAA, "CAA", NO_TARGET, NULL,
     {{RDATA_U8, "Flags"}, {RDATA_TAG, "Tag"}, {RDATA_TEXT, "Value"}}},
    {DNS_TYPE_CNAME, "CNAME", 0, NULL, {{RDATA_NAME, "Target"}}},
    {DNS_TYPE_DS, "DS", NO_TARGET, &ds_rule,
     {{RDATA_U16, "KeyTag"}, {RDATA_U8, "Algorithm"}, {RDATA_U8, "DigestType"}, {RDATA_HEX, "Digest"}}},
    {DNS_TYPE_HTTPS, "HTTPS", NO_TARGET, &service_rule,
     {{RDATA_U16, "Priority"}, {RDATA_NAME, "Target"}, {RDATA_PARAMS, "Parameters"}}},
    {DNS_TYPE_MX, "MX", 2, NULL, {{RDATA_U16, "Priority"}, {RDATA_NAME, "Target"}}},
    {DNS_TYPE_NAPTR, "NAPTR", NO_TARGET, &naptr_rule,
     {{RDATA_U16, "Order"}, {RDATA_U16, "Preference"}, {RDATA_STRING, "Flags"}, {RDATA_STRING, "Service"},
      {RDATA_STRING, "Regexp"}, {RDATA_NAME, "Replacement"}}},
    {DNS_TYPE_NS, "NS", 0, NULL, {{RDATA_NAME, "Target"}}},
    {DNS_TYPE_PTR, "PTR", NO_TARGET, NULL, {{RDATA_NAME, "Target"}}},
    {DNS_TYPE_SOA, "SOA", NO_TARGET, NULL,
     {{RDATA_NAME, "PrimaryServer"}, {RDATA_NAME, "Mailbox"}, {RDATA_U32, "Serial"}, {RDATA_U32, "Refresh"},
      {RDATA_U32, "Retry"}, {RDATA_U32, "Expire"}, {RDATA_U32, "Minimum"}}},
    {DNS_TYPE_SPF, "SPF", NO_TARGET, NULL, {{RDATA_STRINGS, "Strings"}}},
    {DNS_TYPE_SRV, "SRV", 6, NULL,
     {{RDATA_U16, "Priority"}, {RDATA_U16, "Weight"}, {RDATA_U16, "Port"}, {RDATA_NAME, "Target"}}},
    {DNS_TYPE_SSHFP, "SSHFP", NO_TARGET, &sshfp_rule,
     {{RDATA_U8, "Algorithm"}, {RDATA_U8, "Type"}, {RDATA_HEX, "Fingerprint"}}},
    {DNS_TYPE_SVCB, "SVCB", NO_TARGET, &service_rule,
     {{RDATA_U16, "Priority"}, {RDATA_NAME, "Target"}, {RDATA_PARAMS, "Parameters"}}},
    {DNS_TYPE_TLSA, "TLSA", NO_TARGET, &tlsa_rule,
     {{RDATA_U8, "CertificateUsage"}, {RDATA_U8, "Selector"}, {RDATA_U8, "MatchingType"}, {RDATA_HEX, "Data"}}},
    {DNS_TYPE_TXT, "TXT", NO_TARGET, NULL, {{RDATA_STRINGS, "Strings"}}},
};
// clang-format on

// Names that appear in queries only.
static const struct {
    uint16_t number;
    const char *name;
} query_types[] = {
    {DNS_TYPE_OPT, "OPT"},     {DNS_TYPE_IXFR, "IXFR"},   {DNS_TYPE_AXFR, "AXFR"},
    {DNS_TYPE_MAILB, "MAILB"}, {DNS_TYPE_MAILA, "MAILA"}, {DNS_TYPE_ANY, "ANY"},
};

enum {
    TYPES = sizeof types / sizeof types[0],
    QUERY_TYPES = sizeof query_types / sizeof query_types[0],
};

const struct rrtype *rrtype_find(uint16_t number)
{
    for (size_t i = 0; i < TYPES; i++) {
        if (types[i].number == number) {
            return &types[i];
        }
    }
    return NULL;
}

static bool same_word(struct bytes text, const char *word)
{
    size_t i = 0;
    while (i < text.len && word[i] != '\0' && ascii_lower(text.data[i]) == ascii_lower((uint8_t)word[i])) {
        i++;
    }
    return i == text.len && word[i] == '\0';
}

bool dns_rrtype_parse(struct bytes name, uint16_t *out)
{
    for (size_t i = 0; i < TYPES; i++) {
        if (same_word(name, types[i].name)) {
            *out = types[i].number;
            return true;
        }
    }
    for (size_t i = 0; i < QUERY_TYPES; i++) {
        if (same_word(name, query_types[i].name)) {
            *out = query_types[i].number;
            return true;
        }
    }
    const size_t prefix = sizeof "TYPE" - 1;
    uint32_t number;
    if (name.len <= prefix || !same_word((struct bytes){name.data, prefix}, "TYPE") ||
        !bytes_parse_u32((struct bytes){name.data + prefix, name.len - prefix}, UINT16_MAX, &number)) {
        return false;
    }
    *out = (uint16_t)number;
    return true;
}

void dns_rrtype_format(uint16_t type, char out[DNS_TYPE_TEXT])
{
    const struct rrtype *row = rrtype_find(type);
    const char *name = row != NULL ? row->name : NULL;
    for (size_t i = 0; i < QUERY_TYPES && name == NULL; i++) {
        if (query_types[i].number == type) {
            name = query_types[i].name;
        }
    }
    if (name != NULL) {
        memcpy(out, name, strlen(name) + 1); // all are short
    } else {
        snprintf(out, DNS_TYPE_TEXT, "TYPE%u", type);
    }
}

bool dns_rrtype_in_route53(uint16_t type)
{
    return rrtype_find(type) != NULL;
}

size_t dns_rrtype_count(void)
{
    return TYPES;
}

uint16_t dns_rrtype_at(size_t i)
{
    return types[i].number;
}

bool dns_rdata_target(uint16_t type, struct bytes rdata, size_t *offset)
{
    const struct rrtype *row = rrtype_find(type);
    if (row == NULL || row->target_at < 0 || (size_t)row->target_at >= rdata.len) {
        return false;
    }
    *offset = (size_t)row->target_at;
    return true;
}
