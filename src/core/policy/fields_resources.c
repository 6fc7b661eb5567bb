// SPDX-License-Identifier: MIT
// The field tables of an AWS resource: what an alias needs to know of it.
#include "core/model/resource.h"
#include "fields.h"
#include "fields_parts.h"

#define AT(member) .offset = offsetof(struct policy_resource_records, member)
static const struct schema_field records_fields[] = {
    [RESOURCE_RECORDS_A] = {"A", "IPv4 addresses", SCHEMA_STRINGS, AT(a), .least = 0, .most = 100},
    [RESOURCE_RECORDS_AAAA] = {"AAAA", "IPv6 addresses", SCHEMA_STRINGS, AT(aaaa), .least = 0, .most = 100},
};
#undef AT

static const struct schema_table records_schema = {"ResourceRecords", "Addresses by record type",
                                                   sizeof(struct policy_resource_records), records_fields,
                                                   TABLE_COUNT(records_fields)};

#define AT(member) .offset = offsetof(struct policy_resource, member)
static const struct schema_field resource_fields[] = {
    [RESOURCE_DNS_NAME] = {"DNSName", "What aliases name in DNSName, with or without dualstack. in front",
                           SCHEMA_STRING, AT(dns_name), .least = 1, .most = 1024, .required = true},
    [RESOURCE_HOSTED_ZONE_ID] = {"HostedZoneId", "The service's hosted zone, which aliases name",
                                 SCHEMA_STRING, AT(hosted_zone_id), .least = 1, .most = 32, .required = true},
    [RESOURCE_TYPE] = {"Type", "Which service it is", SCHEMA_ENUM, AT(type), .required = true,
                       .choices = resource_type_names},
    [RESOURCE_RESOURCE_RECORDS] = {"ResourceRecords", "What it answers", SCHEMA_OBJECT, AT(resource_records),
                                   .required = true, .table = &records_schema},
    [RESOURCE_TTL] = {"TTL", "Seconds that resolvers may keep the answer", SCHEMA_INTEGER, AT(ttl),
                      .least = 0, .most = 2147483647, .defaulted = true, .fallback = 60},
    [RESOURCE_HEALTHY] = {"Healthy", "What EvaluateTargetHealth finds", SCHEMA_BOOL, AT(healthy),
                          .defaulted = true, .fallback = 1},
};
#undef AT

const struct schema_table policy_resource_schema = {"Resource", "An AWS resource, imitated",
                                                    sizeof(struct policy_resource), resource_fields,
                                                    TABLE_COUNT(resource_fields)};
