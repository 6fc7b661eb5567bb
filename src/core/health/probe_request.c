// SPDX-License-Identifier: MIT
// What a probe sends: the request target, Host and User-Agent.
#include <stdio.h>

#include "base/random.h"
#include "core/health/probe.h"

static uint16_t default_port(enum health_check_type type)
{
    return type == HEALTH_CHECK_HTTPS || type == HEALTH_CHECK_HTTPS_STR_MATCH ? 443 : 80;
}

void probe_host_header(const struct health_check *check, char out[PROBE_HOST_TEXT])
{
    char ip[IP_TEXT];
    const char *name = check->fully_qualified_domain_name;
    if (name == NULL) {
        ip_format(&check->ip_address, ip);
        name = ip;
    }
    bool bracketed = name == ip && check->ip_address.family == 6;
    int len = snprintf(out, PROBE_HOST_TEXT, bracketed ? "[%.255s]" : "%.255s", name);
    if (check->port != default_port(check->type)) {
        snprintf(out + len, (size_t)(PROBE_HOST_TEXT - len), ":%u", check->port);
    }
}

void probe_user_agent(const struct health_check *check, char out[PROBE_USER_AGENT_TEXT])
{
    struct random random;
    if (check->habits.plain_ref) {
        snprintf(out, PROBE_USER_AGENT_TEXT,
                 "Amazon-Route53-Health-Check-Service (ref %.64s; report http://amzn.to/1vsZADi)", check->id);
        return;
    }
    random_seed(&random, bytes_hash(bytes_of(check->id)));
    uint64_t high = random_next(&random);
    uint64_t low = random_next(&random);
    // The layout of an RFC 4122 UUID made from a name: version 5, variant 10.
    high = (high & ~UINT64_C(0xf000)) | UINT64_C(0x5000);
    low = (low & ~(UINT64_C(3) << 62)) | UINT64_C(2) << 62;
    snprintf(out, PROBE_USER_AGENT_TEXT,
             "Amazon-Route53-Health-Check-Service (ref %08llx-%04llx-%04llx-%04llx-%012llx; "
             "report http://amzn.to/1vsZADi)",
             (unsigned long long)(high >> 32), (unsigned long long)(high >> 16 & 0xffff),
             (unsigned long long)(high & 0xffff), (unsigned long long)(low >> 48),
             (unsigned long long)(low & UINT64_C(0xffffffffffff)));
}

// What would end the target on the request line or is not ASCII; all else goes out as it was written.
static bool needs_escape(uint8_t c)
{
    return c <= ' ' || c >= 0x7f || c == '#';
}

void probe_request_target(const struct health_check *check, char out[PROBE_TARGET_TEXT])
{
    static const char hex[] = "0123456789ABCDEF";
    const char *path = check->resource_path != NULL ? check->resource_path : "/";
    size_t len = 0;
    if (path[0] != '/') {
        out[len++] = '/';
    }
    for (; *path != '\0' && len + 4 <= PROBE_TARGET_TEXT; path++) {
        uint8_t c = (uint8_t)*path;
        if (needs_escape(c)) {
            out[len++] = '%';
            out[len++] = hex[c >> 4];
            out[len++] = hex[c & 15];
        } else {
            out[len++] = (char)c;
        }
    }
    out[len] = '\0';
}
