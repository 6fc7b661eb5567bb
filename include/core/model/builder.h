// SPDX-License-Identifier: MIT
// What a policy file or an API change says, in Route 53's own fields, before it is frozen into a model. The
// structs are what field tables (core/json/schema.h) fill; they are checked by core/policy/validate.h. One
// owner, one thread; strings and arrays are borrowed until model_build, or what of parts.h is called,
// returns: they copy what they keep.
#ifndef NEARWELL_CORE_MODEL_BUILDER_H
#define NEARWELL_CORE_MODEL_BUILDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/ip.h"
#include "core/dns/name.h"
#include "core/model/model.h"

struct resource_record_spec {
    const uint8_t *rdata; // wire form
    uint32_t rdata_len;
};

struct alias_spec {
    const char *hosted_zone_id;
    struct dns_name target; // folded
    bool evaluate_target_health;
    uint32_t resource; // index in the spec; RESOURCE_NONE: target is a name of the alias's own zone
};

struct record_set_spec {
    struct dns_name name; // folded
    uint16_t type;
    uint8_t policy;                 // enum routing_policy_id
    uint8_t region;                 // ROUTING_LATENCY; REGION_NONE otherwise
    uint8_t weight;                 // ROUTING_WEIGHTED
    bool secondary;                 // ROUTING_FAILOVER
    struct geo_area area;           // ROUTING_GEOLOCATION
    struct geo_position position;   // ROUTING_GEOPROXIMITY: a region's or the coordinates given
    const char *cidr_collection;    // ROUTING_CIDR: id
    const char *cidr_location;      // ROUTING_CIDR: name, "*" for the default
    const struct alias_spec *alias; // NULL for non-alias records
    const char *set_identifier;
    const char *health_check_id; // NULL when none
    uint32_t ttl;
    uint32_t record_count;
    const struct resource_record_spec *records;
};

struct vpc_spec {
    const char *id;
    uint8_t region;
    uint32_t block_count; // of clients in it; 0 in a zone's list
    const struct ip_prefix *blocks;
};

struct zone_spec {
    const char *id;
    struct dns_name name; // folded
    const char *comment;
    bool private_zone;
    uint32_t vpc_count; // 0 in a public zone
    const struct vpc_spec *vpcs;
    uint32_t record_set_count;
    const struct record_set_spec *record_sets;
};

struct health_check_spec {
    struct health_check config; // children not filled
    uint32_t child_count;
    const char *const *child_ids;
};

struct resource_spec {
    enum resource_type type;
    bool healthy;
    struct dns_name name;       // folded, without "dualstack."
    const char *hosted_zone_id; // the service's
    struct record_set_spec
        addresses[RESOURCE_ADDRESS_TYPES]; // type, ttl and records; in the order of A, AAAA
};

struct place_spec {
    struct place place; // ms: REGION_COUNT values or NULL
};

struct latency_change_spec {
    const char *place; // name
    const float *ms;   // REGION_COUNT, NAN where nothing changes
};

struct latency_version_spec {
    wall_time valid_from;
    uint32_t change_count;
    const struct latency_change_spec *changes;
};

struct cidr_block_spec {
    struct ip_prefix prefix;
    const char *location;
};

struct cidr_collection_spec {
    const char *id;
    const char *name;
    uint32_t block_count;
    const struct cidr_block_spec *blocks;
};

struct client_spec {
    struct ip_prefix prefix;
    const char *place; // name
    uint8_t source;    // enum client_source
};

struct model_spec {
    const char *source;
    uint64_t digest;
    const char *latency_source;
    uint32_t zone_count;
    const struct zone_spec *zones;
    uint32_t health_check_count;
    const struct health_check_spec *health_checks;
    uint32_t cidr_collection_count;
    const struct cidr_collection_spec *cidr_collections;
    uint32_t resource_count;
    const struct resource_spec *resources;
    uint32_t alarm_count;
    const struct alarm *alarms;
    uint32_t place_count;
    const struct place_spec *places;
    uint32_t client_count;
    const struct client_spec *clients;
    uint32_t vpc_count;
    const struct vpc_spec *vpcs;
    uint32_t capacity_count;
    const struct site_capacity *capacities;
    uint32_t latency_version_count;
    const struct latency_version_spec *latency_versions; // earliest first
    const char *default_client;                          // place name; NULL: us-east-1 (LT5)
    const char *fallback_place; // name of the latency table's default row; NULL when it has none
    struct simulator_settings simulator;
};

extern const struct simulator_settings simulator_defaults; // Route 53's behaviour

// The spec must be valid (core/policy/validate.h): names within their zones, no duplicate record sets, known
// places. A zone without SOA or NS gets Route 53's (D8). A region that places lack becomes a place of its
// own, without a row. Never fails on a valid spec; breaks of the contract are asserted.
struct model *model_build(const struct model_spec *spec);

#endif
