// SPDX-License-Identifier: MIT
// The document of a traffic policy: a tree of rules whose leaves are endpoints. Pure; any thread.
// Source: "Traffic policy document format" of the Route 53 API.
#ifndef NEARWELL_CORE_ROUTE53_TRAFFIC_DOCUMENT_H
#define NEARWELL_CORE_ROUTE53_TRAFFIC_DOCUMENT_H

#include <jansson.h>

#include "base/error.h"
#include "shapes.h"

// Whether every reference leads to a rule or an endpoint, the start too, and no rule leads back to itself.
// type gets the record type, a constant. What single values may be is core/policy's to judge, once they are
// record sets.
bool traffic_document_check(const char *text, const char **type, struct error *error);

// A traffic policy instance, and where it is. Borrowed.
struct traffic_instance {
    const char *id;
    const char *zone_id;
    const char *zone_name; // with the final dot
    json_int_t ttl;        // seconds; of all that is no alias
};

// The record sets that a document, which must be a good one, stands for, in groups: [{"Rule": "r",
// "ResourceRecordSets": [...]}], the start first. A group's name is account_traffic_name of its place. A
// start that is an endpoint has no Rule. An alias to an AWS service has no HostedZoneId: the account knows
// the policy's Resources. The caller owns it.
json_t *traffic_document_groups(const char *text, const struct traffic_instance *instance);

#endif
