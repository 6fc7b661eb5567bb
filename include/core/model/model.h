// SPDX-License-Identifier: MIT
// The immutable snapshot of everything that a policy says: zones, record sets, health checks, clients,
// latency rows, knobs. Built by builder.h of parts that models share (parts.h), frozen; any thread may read
// it.
//
//   model -> zone_index (hash of a zone's name) -> zone
//         -> zones[] -> names (hash of a record set's name) -> name_node -> record_group[] -> record_set[]
//         -> health_checks[]   record_set.health_check is an index here
//         -> places[], client_prefixes[]   place indices
#ifndef NEARWELL_CORE_MODEL_MODEL_H
#define NEARWELL_CORE_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "core/dns/name.h"
#include "core/model/alarm.h"
#include "core/model/health_check.h"
#include "core/model/part.h"
#include "core/model/region.h"
#include "core/model/resource.h"

// F2: which field of a ResourceRecordSet selects the policy.
enum routing_policy_id {
    ROUTING_SIMPLE,
    ROUTING_WEIGHTED,
    ROUTING_LATENCY,
    ROUTING_FAILOVER,
    ROUTING_GEOLOCATION,
    ROUTING_GEOPROXIMITY,
    ROUTING_MULTIVALUE,
    ROUTING_CIDR,
};
enum { ROUTING_POLICIES = 8, MEMBERS_MAX = 100 }; // L4

struct zone;
struct name_node;
struct record_group;

// An area of geolocation routing (G1), so that two of them compare as five bytes.
enum geo_area_kind { GEO_DEFAULT, GEO_CONTINENT, GEO_COUNTRY, GEO_SUBDIVISION };
struct geo_area {
    uint8_t kind;  // enum geo_area_kind
    char codes[4]; // "EU", "DE", "USCA"; zeros behind, all zeros for the default
};

// Geoproximity (X1-X3).
struct geo_position {
    float latitude; // degrees
    float longitude;
    int8_t bias; // -99..99
};

// A block of a CIDR collection (I1). LocationNames are numbered per collection; CIDR_DEFAULT is "*".
#define CIDR_DEFAULT UINT32_MAX
struct cidr_block {
    struct ip_prefix prefix;
    uint32_t location;
};
struct cidr_collection {
    const char *id;
    const char *name;
    const struct cidr_block *blocks; // longest prefix first, so that the first that covers a network is I3's
    const char *const *locations;    // names by number
    uint32_t block_count;
    uint32_t location_count;
};

struct resource;

// AliasTarget (T1): a group of the same zone or an AWS resource, never both.
struct alias_target {
    const struct record_group *group; // of the target's name and the alias's type; NULL: dangling (T5)
    const struct resource *resource;
    const struct record_set *addresses; // the resource's of the alias's type; NULL: it has none, NODATA
    const uint8_t *name;                // folded wire form
    uint8_t name_len;
    bool evaluate_target_health;
};

// One ResourceRecordSet: one (Name, Type, SetIdentifier). An alias has no records and an alias_target.
struct record_set {
    const char *set_identifier; // NULL for simple records
    const uint8_t *records;     // record_count wire RRs, owner a pointer to the question (0xc00c): see below
    const struct alias_target *alias; // NULL for non-alias records
    union {
        const struct geo_position *position; // ROUTING_GEOPROXIMITY
        struct geo_area area;                // ROUTING_GEOLOCATION
        struct {
            uint16_t collection; // index in the model
            uint32_t location;   // or CIDR_DEFAULT
        } cidr;                  // ROUTING_CIDR
        uint8_t weight;          // ROUTING_WEIGHTED
        bool secondary;          // ROUTING_FAILOVER
    } routing;
    uint32_t records_len;
    uint32_t ttl;          // seconds; of an alias: unused, its target's counts (T3)
    uint32_t health_check; // index, or HEALTH_CHECK_NONE
    uint16_t record_count;
    uint8_t region;      // ROUTING_LATENCY: region id; REGION_NONE otherwise
    bool dangling_check; // HealthCheckId names no check of this model (H10)
};

// The records of a set one by one: at starts at 0; false at the end. Route 53's resource record is
// owner pointer, type, class, TTL, rdata length, rdata: RECORD_HEADER bytes before the rdata.
enum { RECORD_HEADER = 12 };
static inline bool record_set_next(const struct record_set *record_set, size_t *at, struct bytes *rdata)
{
    if (*at >= record_set->records_len) {
        return false;
    }
    const uint8_t *record = record_set->records + *at;
    size_t len = (size_t)record[RECORD_HEADER - 2] << 8 | record[RECORD_HEADER - 1];
    *rdata = (struct bytes){record + RECORD_HEADER, len};
    *at += RECORD_HEADER + len;
    return true;
}

// An AWS resource that aliases lead to.
enum { RESOURCE_ADDRESS_TYPES = 2 };
struct resource {
    enum resource_type type;
    const char *name;           // in lower case, without "dualstack." and the final dot
    const char *hosted_zone_id; // the service's
    bool healthy;               // Q3, as the policy says: core/health may know better
    struct record_set addresses[RESOURCE_ADDRESS_TYPES]; // A, AAAA; record_count 0: none
};

// All record sets that share Name and Type, in byte order of their SetIdentifier (R7).
struct record_group {
    const struct name_node *node;
    const struct record_set *members;
    uint16_t member_count;
    uint16_t type;
    uint8_t policy; // enum routing_policy_id; homogeneous, F3
};

struct name_node {
    const uint8_t *name; // folded wire form
    const struct zone *zone;
    const struct name_node *wildcard;   // the node "*." + this name, NULL when there is none (D9)
    const struct name_node *delegation; // the topmost cut at or above, below the apex (D12); NULL when none
    const struct record_group *groups;  // ascending by type
    uint16_t group_count;               // 0: empty non-terminal (D6)
    uint8_t name_len;
    uint8_t labels;
};

// A VPC: whoever is in it sees the private zones associated with it (D21), and is where its Region is (E3).
struct vpc {
    const char *id;
    uint8_t region;
    uint32_t place;                 // of the Region; an index of the model
    const struct zone_index *zones; // those private zones; NULL when there is none
};

// Addresses of clients that are in a VPC.
struct vpc_block {
    struct ip_prefix prefix;
    uint32_t vpc; // index in the model
};

// A hosted zone, compiled by itself and shared by the models that have it.
struct zone {
    struct part part;
    struct dns_name name;           // folded
    const struct name_index *names; // see name_index.h
    const struct name_node *apex;
    const struct record_group *ns;  // at the apex; NULL when the policy has none
    const struct record_group *soa; // at the apex; never NULL: the builder adds one (D8)
    const char *id;
    bool private_zone; // only VPCs see it
    uint32_t vpc_count;
    const struct vpc *vpcs; // that it is associated with: id and region
    const char *comment;    // NULL when none
    uint32_t record_set_count;
    uint32_t name_count;
    uint32_t routed_group_count;
    const struct record_group *const *routed_groups; // those that are not simple
    // What its record sets refer to; NULL when none does.
    const struct collection_list *collections;
    const struct resource_list *resources;
    const uint32_t *checks; // indices, ascending, each once
    uint32_t check_count;
};

// A place that a client can be in: design.md, "Latency table".
struct place {
    const char *name;        // "DE", "US-CA", "continent:EU", "us-east-1", or the user's own
    const char *label;       // for people: "Germany"; NULL when none
    const char *continent;   // "EU"; NULL when unknown
    const char *country;     // "DE"; NULL when unknown
    const char *subdivision; // "CA"; NULL when unknown
    uint8_t region;          // for a place that is an AWS region; REGION_NONE otherwise
    bool located;            // latitude and longitude are known
    float latitude;
    float longitude;
    struct geo_area areas[3]; // subdivision, country, continent; kind GEO_DEFAULT where unknown
    const char *source;       // of the row: "measured", "near", "model", ...; NULL when none
    double people;            // who live here, in any unit: the weight of the place in a population
    const float *ms; // REGION_COUNT round trips in milliseconds, NAN where there is none; NULL: no row
};
#define PLACE_NONE UINT32_MAX

// What a site (a region, or the SetIdentifier of what stands in one place) can bear, in percent of all
// clients.
struct site_capacity {
    const char *site;
    double percent;
};

// What changes in the latency table at some time, cell by cell, on top of what was in force before (LT2).
struct latency_change {
    uint32_t place;
    const float *ms; // REGION_COUNT, NAN where nothing changes
};
struct latency_version {
    wall_time valid_from;
    uint32_t count;
    const struct latency_change *changes;
};

// Who says where addresses are, in the order in which they are asked: the first that has a block around an
// address decides, by its longest. What operators write comes before what databases say.
enum client_source {
    CLIENT_SOURCE_POLICY,   // Clients
    CLIENT_SOURCE_FILE,     // ClientFiles
    CLIENT_SOURCE_TABLE,    // Prefixes of the latency table
    CLIENT_SOURCE_DATABASE, // LocationDatabases: this for the first, one more for the second, ...
};
enum { LOCATION_DATABASES_MAX = 16, CLIENT_SOURCES_MAX = CLIENT_SOURCE_DATABASE + LOCATION_DATABASES_MAX };

struct client_prefix {
    struct ip_prefix prefix;
    uint8_t source; // enum client_source
    uint32_t place;
};

// What geolocation and IP-based routing answer a client that none of their record sets is for (G5, I5).
enum simulator_no_match { NO_MATCH_NODATA, NO_MATCH_NXDOMAIN, NO_MATCH_REFUSED };

// What a location makes of an endpoint that no report of reaches it (A6).
enum simulator_without_reports { WITHOUT_REPORTS_LAST, WITHOUT_REPORTS_HEALTHY, WITHOUT_REPORTS_UNHEALTHY };

enum { LOCATIONS_MAX = 8, LOCATION_NAME_MAX = 31 };

// Simulator: section 15 of the semantics reference. Route 53's behaviour is the default of each.
struct simulator_settings {
    uint8_t checkers_per_region;        // A4
    uint16_t checkers;                  // 0: a fleet by region; n: n checkers without regions
    uint8_t healthy_percent;            // A1: strictly more than this share
    uint64_t seed;                      // P4, R7
    duration health_check_config_delay; // H15
    duration aggregation_delay;         // A9
    duration record_delay;              // B4: changes through the API
    duration removed_region_linger;     // A8
    duration metric_delay;              // S11: a period counts so long after its end
    bool treat_missing_data;            // S11: the alarm's TreatMissingData counts
    bool even_phases;                   // P4: the checkers of a check are spread evenly over the interval
    bool first_result_decides;          // H5: a new checker's first result is its verdict
    bool updates_reseed;                // H14: another endpoint starts its checkers afresh
    bool added_checkers_healthy;        // A7: whatever the status of the check is
    bool dangling_checks_unhealthy;     // H10
    uint8_t without_reports;            // A6: enum simulator_without_reports
    struct probe_habits probe_habits;   // of all checks
    uint8_t location_count;             // A5: 0 is one location without a name
    char locations[LOCATIONS_MAX][LOCATION_NAME_MAX + 1];
    bool special_use_set; // AllowSpecialUseAddresses was given
    bool allow_special_use_addresses;
    bool free_intervals;
    uint8_t ecs_scope_v4; // E5
    uint8_t ecs_scope_v6;
    bool cname_chasing;         // D5
    bool minimal_any;           // D15, RFC 8482
    bool unmapped_located;      // E7, G4: geolocation takes unmapped clients where latency routing does
    bool coarse_unmapped;       // E8: a subnet that reaches beyond the block of its address is in none
    bool cidr_straight_default; // I4: from an unhealthy location to "*", without its larger blocks
    bool random_ties;           // R7: equal candidates by chance, not by SetIdentifier
    bool fold_replies;          // D11: names come back in lower case
    uint8_t no_match;           // G5, I5: enum simulator_no_match
    uint8_t unknown_zone_rcode; // D14
    bool private_geoproximity;  // X4
};

struct model {
    const char *source;              // file name, or NULL
    uint64_t digest;                 // of the policy's text: the same text, the same digest
    const char *latency_source;      // what the latency rows came from, for people
    const struct zone *const *zones; // in the order of the policy
    const struct health_check *health_checks;
    const struct place *places;
    const struct client_prefix *client_prefixes; // unordered
    const struct cidr_collection *cidr_collections;
    const struct resource *resources;
    const struct site_capacity *capacities;
    uint32_t capacity_count;
    const struct alarm *alarms;
    uint32_t alarm_count;
    uint32_t resource_count;
    uint32_t cidr_collection_count;
    uint32_t zone_count;
    uint32_t health_check_count;
    uint32_t place_count;
    uint32_t client_prefix_count;
    uint32_t record_set_count; // of all zones, as all below
    uint32_t name_count;
    uint32_t routed_group_count;
    const struct record_group *const *routed_groups; // all groups that are not simple, for reports
    uint32_t default_client;                         // place index, LT5
    uint32_t fallback_place; // the latency table's default row; PLACE_NONE when it has none
    const struct latency_version *latency_versions; // earliest first
    uint32_t latency_version_count;
    struct simulator_settings simulator;
    const struct zone_index *zone_index; // of the public zones; see name_index.h
    uint32_t vpc_count;
    const struct vpc *vpcs; // all that VPCs or a zone names
    uint32_t vpc_block_count;
    const struct vpc_block *vpc_blocks; // unordered
    // The parts that the above points into, and that other models may share.
    const struct check_list *check_list;
    const struct place_list *place_list;
    const struct collection_list *collection_list;
    const struct resource_list *resource_list;
    struct arena *arena; // the rest
};

void model_destroy(struct model *model);           // NULL is fine
size_t model_footprint(const struct model *model); // bytes, with all its parts

uint32_t model_find_health_check(const struct model *model, struct bytes id); // HEALTH_CHECK_NONE
const struct alarm *model_find_alarm(const struct model *model, const char *region, const char *name); // NULL
// RESOURCE_NONE; ASCII case, the final dot and "dualstack." in front make no difference.
uint32_t model_find_resource(const struct model *model, struct bytes name);
uint32_t model_find_place(const struct model *model, struct bytes name); // PLACE_NONE; ASCII case ignored
const struct vpc *model_find_vpc(const struct model *model, struct bytes id);            // NULL
const struct record_group *name_node_group(const struct name_node *node, uint16_t type); // NULL

// NULL: it has none of that type.
const struct record_set *resource_addresses(const struct resource *resource, uint16_t type);

const char *routing_policy_name(enum routing_policy_id policy); // "latency"

#endif
