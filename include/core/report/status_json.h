// SPDX-License-Identifier: MIT
// The state of everything as JSON: design.md, /status. Pure; control thread.
#ifndef NEARWELL_CORE_REPORT_STATUS_JSON_H
#define NEARWELL_CORE_REPORT_STATUS_JSON_H

#include <jansson.h>

#include "core/health/fleet.h"
#include "core/report/counters.h"
#include "core/routing/view.h"

// Beyond so many answers or health checks the list is cut (answers_truncated) or told without the
// observations of each checker (observations_omitted): status_check_json has them for one check.
enum { STATUS_SCHEMA_VERSION = 1, STATUS_ANSWERS_MAX = 5000, STATUS_OBSERVED_CHECKS_MAX = 1000 };

// A certificate that expires sooner is worth a warning.
enum { STATUS_CERTIFICATE_DAYS = 14 };

struct status_input {
    wall_time now;
    wall_time started;
    const char *version;
    bool ready;
    // the policy in force, and why the last attempt to replace it failed
    const char *policy_source; // NULL: none, an empty account
    wall_time policy_loaded;
    uint64_t policy_generation; // 1 for the first
    const char *reload_error;   // NULL when the last load went well
    wall_time reload_failed;
    const struct view *view;
    const struct fleet *fleet;
    struct dns_totals dns;
    size_t probes_active;
};

// What of the answers to show: NULL is all.
struct status_filter {
    const char *name;
    const char *type;
    const char *place; // or a VPC's id
};

// The result is the caller's.
json_t *status_json(const struct status_input *input, const struct status_filter *filter);
json_t *status_check_json(const struct status_input *input, uint32_t check);    // one entry of health_checks
json_t *status_resource_json(const struct status_input *input, uint32_t index); // one entry of resources

#endif
