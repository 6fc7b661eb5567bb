// SPDX-License-Identifier: MIT
#include "core/policy/request_rates.h"

#include <stdio.h>

#include "base/map.h"
#include "base/xalloc.h"

static unsigned checker_count(const struct simulator_settings *simulator, const struct health_check *check)
{
    unsigned regions = (unsigned)__builtin_popcount(check->regions);
    return simulator->checkers > 0 ? simulator->checkers : regions * simulator->checkers_per_region;
}

// Host names are the same in any case.
static void name_endpoint(const struct health_check *check, char out[REQUEST_ENDPOINT_TEXT])
{
    if (check->ip_address.family != 0) {
        struct ip_endpoint endpoint = {check->ip_address, check->port};
        ip_endpoint_format(&endpoint, out);
        return;
    }
    snprintf(out, REQUEST_ENDPOINT_TEXT, "%s:%u", check->fully_qualified_domain_name, check->port);
    for (char *c = out; *c != '\0'; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    }
}

struct request_rate *request_rates(const struct model_spec *spec, size_t *count)
{
    struct request_rate *rates = NULL;
    struct map *known = map_create(); // by endpoint, to its number + 1
    *count = 0;
    for (uint32_t i = 0; i < spec->health_check_count; i++) {
        const struct health_check *check = &spec->health_checks[i].config;
        if (!health_check_type_is_endpoint(check->type) || check->disabled) {
            continue;
        }
        struct request_rate rate = {.first_check = i};
        name_endpoint(check, rate.endpoint);
        size_t number = (size_t)(uintptr_t)map_get(known, bytes_of(rate.endpoint));
        if (number == 0) {
            rates = xreallocarray(rates, *count + 1, sizeof *rates);
            rates[(*count)++] = rate;
            number = *count;
            map_put(known, bytes_of(rate.endpoint), (void *)(uintptr_t)number);
        }
        rates[number - 1].checks++;
        rates[number - 1].per_second +=
            checker_count(&spec->simulator, check) / duration_seconds(check->request_interval);
    }
    map_destroy(known);
    return rates;
}
