// SPDX-License-Identifier: MIT
// What checking a traffic policy's document and making record sets of it have in common.
#ifndef NEARWELL_CORE_ROUTE53_TRAFFIC_RULES_H
#define NEARWELL_CORE_ROUTE53_TRAFFIC_RULES_H

#include "traffic_document.h"

#define TRAFFIC_S3_WEBSITE "s3-website" // where names of buckets' websites begin

enum traffic_rule_kind {
    TRAFFIC_FAILOVER,
    TRAFFIC_GEO,
    TRAFFIC_LATENCY,
    TRAFFIC_GEOPROXIMITY,
    TRAFFIC_MULTIVALUE,
    TRAFFIC_WEIGHTED,
};

struct traffic_rule_type {
    const char *name; // RuleType
    enum traffic_rule_kind kind;
    const char *lists[2];   // what has the branches, by either name; or
    const char *members[2]; // a member for each
    const char *required;   // of a branch; NULL: nothing
};

const struct traffic_rule_type *traffic_rule_type_of(const json_t *rule); // NULL: there is no such type
size_t traffic_branch_count(const json_t *rule, const struct traffic_rule_type *type);
const json_t *traffic_branch_at(const json_t *rule, const struct traffic_rule_type *type, size_t place);

const char *traffic_text(const json_t *object, const char *member); // NULL: none, or no text
// Documents have true as well as "true"; out stays as it is when there is none. False: it is something else.
bool traffic_flag(const json_t *object, const char *member, bool *out);
bool traffic_is_value(const json_t *endpoint); // not an AWS service

#endif
