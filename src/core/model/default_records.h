// SPDX-License-Identifier: MIT
// The NS and SOA records that Route 53 gives a new zone (rule D8), derived from the zone's id.
#ifndef NEARWELL_CORE_MODEL_DEFAULT_RECORDS_H
#define NEARWELL_CORE_MODEL_DEFAULT_RECORDS_H

#include "core/model/builder.h"
#include "core/model/name_servers.h"

// Room for the rdata that the two record sets point into: keep it as long as them.
struct default_records {
    struct dns_name servers[NAME_SERVERS];
    uint8_t soa[2 * DNS_NAME_MAX + 20];
    struct resource_record_spec ns_records[NAME_SERVERS];
    struct resource_record_spec soa_record;
    struct record_set_spec ns_set;
    struct record_set_spec soa_set;
};

void default_records_fill(struct default_records *records, const struct zone_spec *zone);

#endif
