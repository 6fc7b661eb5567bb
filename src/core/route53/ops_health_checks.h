// SPDX-License-Identifier: MIT
#ifndef NEARWELL_CORE_ROUTE53_OPS_HEALTH_CHECKS_H
#define NEARWELL_CORE_ROUTE53_OPS_HEALTH_CHECKS_H

#include "ops.h"

// HealthCheck as Route 53 prints it. Does not take the check.
json_t *ops_print_health_check(const struct call *call, const json_t *check);
json_int_t ops_health_check_version(const json_t *check);

// Where the checkers are that Route 53 probes from: the address of one, always the same for the same region
// and number. Source: AWS's ip-ranges.json, service ROUTE53_HEALTHCHECKS, one of the two ranges per region.
struct ip_address ops_checker_address(uint8_t region, uint32_t number);

#endif
