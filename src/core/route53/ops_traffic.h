// SPDX-License-Identifier: MIT
// What the operations of traffic policies and of their instances know of each other.
#ifndef NEARWELL_CORE_ROUTE53_OPS_TRAFFIC_H
#define NEARWELL_CORE_ROUTE53_OPS_TRAFFIC_H

#include "ops.h"

// The version that two members of the input name; NULL: refused as NoSuchTrafficPolicy.
json_t *ops_required_traffic_policy(struct call *call, const char *id_member, const char *version_member);

// Whether the instance was made of this version.
bool ops_is_instance_of(const json_t *instance, const char *policy_id, json_int_t version);
bool ops_has_instances(const struct call *call, const char *policy_id, json_int_t version);

#endif
