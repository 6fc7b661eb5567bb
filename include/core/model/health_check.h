// SPDX-License-Identifier: MIT
// A health check as configured (API: HealthCheckConfig; semantics reference, table 1.1). Values only; how it
// is doing is core/health's. Immutable once in a model; any thread.
#ifndef NEARWELL_CORE_MODEL_HEALTH_CHECK_H
#define NEARWELL_CORE_MODEL_HEALTH_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/time.h"
#include "core/model/alarm.h"

// H1. The order is that of the API.
enum health_check_type {
    HEALTH_CHECK_HTTP,
    HEALTH_CHECK_HTTPS,
    HEALTH_CHECK_HTTP_STR_MATCH,
    HEALTH_CHECK_HTTPS_STR_MATCH,
    HEALTH_CHECK_TCP,
    HEALTH_CHECK_CALCULATED,
    HEALTH_CHECK_CLOUDWATCH_METRIC,
    HEALTH_CHECK_RECOVERY_CONTROL,
};
enum { HEALTH_CHECK_TYPES = 8 };

// What a CLOUDWATCH_METRIC check is while its metric does not say (S9).
enum insufficient_data {
    INSUFFICIENT_DATA_HEALTHY,
    INSUFFICIENT_DATA_UNHEALTHY,
    INSUFFICIENT_DATA_LAST_KNOWN,
};

// How probes go where AWS is silent; the same for all checks of a policy.
struct probe_habits {
    bool encoded_window; // P12: the 5120 bytes are counted as received
    bool first_address;  // P17: the first of an endpoint's addresses, not any
    bool plain_ref;      // P23: ref is the check's id, not a UUID made of it
};

struct health_check {
    const char *id;
    const char *name;             // for people; NULL when none was given
    const char *caller_reference; // NULL when none was given
    uint64_t version;             // HealthCheckVersion, H6
    enum health_check_type type;
    struct ip_address ip_address; // family 0: endpoint given by name only (P16)
    uint16_t port;
    const char *resource_path;               // starts with "/"; NULL for types without
    const char *fully_qualified_domain_name; // NULL when none
    const char *search_string;               // *_STR_MATCH; NULL otherwise
    duration request_interval;
    uint8_t failure_threshold; // 1-10
    bool measure_latency;
    bool inverted;
    bool disabled;
    bool enable_sni;
    struct probe_habits habits;
    uint8_t regions; // bit i: checker_region_at(i) takes part; 0xff by default
    // CALCULATED
    uint16_t health_threshold;
    uint16_t child_count;
    const uint32_t *children; // indices of the same model; HEALTH_CHECK_NONE for a dangling id (H10)
    // CLOUDWATCH_METRIC
    struct alarm_watch alarm;
    uint8_t insufficient_data; // enum insufficient_data
};

#define HEALTH_CHECK_NONE UINT32_MAX

const char *health_check_type_name(enum health_check_type type);
bool health_check_type_is_endpoint(enum health_check_type type); // probed over the network

#endif
