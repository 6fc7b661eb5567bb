// SPDX-License-Identifier: MIT
// What a policy file and a latency table say, field by field, as read through the field tables and before
// any rule that spans fields. Each enum numbers the bits of its struct's node (given, valid).
// Route 53's own objects have all of its fields, also those that are refused for now.
#ifndef NEARWELL_CORE_POLICY_FIELDS_H
#define NEARWELL_CORE_POLICY_FIELDS_H

#include "core/json/schema.h"

// --- record sets (semantics reference, table 5.1) ----------------------------------------------------------

enum {
    ALIAS_TARGET_HOSTED_ZONE_ID,
    ALIAS_TARGET_DNS_NAME,
    ALIAS_TARGET_EVALUATE_TARGET_HEALTH,
};
struct policy_alias_target {
    struct schema_node node;
    const char *hosted_zone_id;
    const char *dns_name;
    bool evaluate_target_health;
};

enum { GEO_LOCATION_CONTINENT_CODE, GEO_LOCATION_COUNTRY_CODE, GEO_LOCATION_SUBDIVISION_CODE };
struct policy_geo_location {
    struct schema_node node;
    uint32_t continent_code; // index of geo_continents()
    const char *country_code;
    const char *subdivision_code;
};

enum { COORDINATES_LATITUDE, COORDINATES_LONGITUDE };
struct policy_coordinates {
    struct schema_node node;
    const char *latitude; // strings in the API
    const char *longitude;
};

enum {
    GEO_PROXIMITY_AWS_REGION,
    GEO_PROXIMITY_LOCAL_ZONE_GROUP,
    GEO_PROXIMITY_COORDINATES,
    GEO_PROXIMITY_BIAS,
};
struct policy_geo_proximity_location {
    struct schema_node node;
    uint32_t aws_region; // region id
    const char *local_zone_group;
    struct policy_coordinates *coordinates;
    int64_t bias;
};

enum { CIDR_ROUTING_COLLECTION_ID, CIDR_ROUTING_LOCATION_NAME };
struct policy_cidr_routing_config {
    struct schema_node node;
    const char *collection_id;
    const char *location_name;
};

enum { RESOURCE_RECORD_VALUE };
struct policy_resource_record {
    struct schema_node node;
    const char *value;
};

enum {
    RECORD_SET_NAME,
    RECORD_SET_TYPE,
    RECORD_SET_SET_IDENTIFIER,
    RECORD_SET_WEIGHT,
    RECORD_SET_REGION,
    RECORD_SET_GEO_LOCATION,
    RECORD_SET_GEO_PROXIMITY_LOCATION,
    RECORD_SET_FAILOVER,
    RECORD_SET_MULTI_VALUE_ANSWER,
    RECORD_SET_CIDR_ROUTING_CONFIG,
    RECORD_SET_TTL,
    RECORD_SET_RESOURCE_RECORDS,
    RECORD_SET_ALIAS_TARGET,
    RECORD_SET_HEALTH_CHECK_ID,
    RECORD_SET_TRAFFIC_POLICY_INSTANCE_ID,
};
struct policy_record_set {
    struct schema_node node;
    const char *name;
    const char *type;
    const char *set_identifier;
    int64_t weight;
    uint32_t region; // region id
    struct policy_geo_location *geo_location;
    struct policy_geo_proximity_location *geo_proximity_location;
    uint32_t failover; // 0 PRIMARY, 1 SECONDARY
    bool multi_value_answer;
    struct policy_cidr_routing_config *cidr_routing_config;
    int64_t ttl;
    struct schema_objects resource_records; // struct policy_resource_record
    struct policy_alias_target *alias_target;
    const char *health_check_id;
    const char *traffic_policy_instance_id;
};

enum { ZONE_CONFIG_COMMENT, ZONE_CONFIG_PRIVATE_ZONE };
struct policy_zone_config {
    struct schema_node node;
    const char *comment;
    bool private_zone;
};

enum { VPC_ID, VPC_REGION, VPC_CIDR_BLOCKS };
enum { POLICY_VPC_BLOCKS_MAX = 1000 };
struct policy_vpc {
    struct schema_node node;
    const char *id;
    uint32_t region;                   // region id
    struct schema_strings cidr_blocks; // of VPCs, not of a zone's
};

enum { ZONE_ID, ZONE_NAME, ZONE_CALLER_REFERENCE, ZONE_CONFIG, ZONE_RECORD_SETS, ZONE_VPCS };
struct policy_zone {
    struct schema_node node;
    const char *id;
    const char *name;
    const char *caller_reference;
    struct policy_zone_config *config;
    struct schema_objects record_sets; // struct policy_record_set
    struct schema_objects vpcs;        // struct policy_vpc
};

// --- CIDR collections (semantics reference, section 7.7) ---------------------------------------------------

enum { CIDR_BLOCK_CIDR_BLOCK, CIDR_BLOCK_LOCATION_NAME };
struct policy_cidr_block {
    struct schema_node node;
    const char *cidr_block;
    const char *location_name;
};

enum {
    CIDR_COLLECTION_ID,
    CIDR_COLLECTION_NAME,
    CIDR_COLLECTION_ARN,
    CIDR_COLLECTION_VERSION,
    CIDR_COLLECTION_BLOCKS,
};
struct policy_cidr_collection {
    struct schema_node node;
    const char *id;
    const char *name;
    const char *arn;
    int64_t version;
    struct schema_objects blocks; // struct policy_cidr_block
};

// --- AWS resources that aliases lead to (semantics reference, Q3, T1-T3)
// -------------------------------------

enum { RESOURCE_RECORDS_A, RESOURCE_RECORDS_AAAA };
struct policy_resource_records {
    struct schema_node node;
    struct schema_strings a;
    struct schema_strings aaaa;
};

enum {
    RESOURCE_DNS_NAME,
    RESOURCE_HOSTED_ZONE_ID,
    RESOURCE_TYPE,
    RESOURCE_RESOURCE_RECORDS,
    RESOURCE_TTL,
    RESOURCE_HEALTHY,
};
struct policy_resource {
    struct schema_node node;
    const char *dns_name;
    const char *hosted_zone_id;
    uint32_t type; // enum resource_type
    struct policy_resource_records *resource_records;
    int64_t ttl;
    bool healthy;
};

// --- health checks (semantics reference, table 1.1) --------------------------------------------------------

enum { DIMENSION_NAME, DIMENSION_VALUE };
struct policy_dimension {
    struct schema_node node;
    const char *name;
    const char *value;
};

enum {
    ALARM_NAMESPACE, // these nine are also CloudWatchAlarmConfiguration
    ALARM_METRIC_NAME,
    ALARM_DIMENSIONS,
    ALARM_STATISTIC,
    ALARM_PERIOD,
    ALARM_EVALUATION_PERIODS,
    ALARM_THRESHOLD,
    ALARM_COMPARISON_OPERATOR,
    ALARM_TREAT_MISSING_DATA,
    ALARM_NAME,
    ALARM_REGION,
    ALARM_ARN,
    ALARM_DATAPOINTS_TO_ALARM,
    ALARM_EXTENDED_STATISTIC,
    ALARM_METRICS,
    ALARM_THRESHOLD_METRIC_ID,
};
struct policy_alarm {
    struct schema_node node;
    const char *space;
    const char *metric_name;
    struct schema_objects dimensions; // struct policy_dimension
    uint32_t statistic;               // enum metric_statistic
    int64_t period;                   // seconds
    int64_t evaluation_periods;
    double threshold;
    uint32_t comparison_operator; // enum metric_comparison; beyond it: anomaly detection
    const char *name;
    const char *region;
    const char *arn;
    int64_t datapoints_to_alarm;
    uint32_t treat_missing_data; // enum missing_data
    const char *extended_statistic;
};

enum { ALARM_IDENTIFIER_REGION, ALARM_IDENTIFIER_NAME };
struct policy_alarm_identifier {
    struct schema_node node;
    const char *region;
    const char *name;
};

enum {
    CHECK_TYPE,
    CHECK_IP_ADDRESS,
    CHECK_PORT,
    CHECK_RESOURCE_PATH,
    CHECK_FULLY_QUALIFIED_DOMAIN_NAME,
    CHECK_SEARCH_STRING,
    CHECK_REQUEST_INTERVAL,
    CHECK_FAILURE_THRESHOLD,
    CHECK_MEASURE_LATENCY,
    CHECK_INVERTED,
    CHECK_DISABLED,
    CHECK_HEALTH_THRESHOLD,
    CHECK_CHILD_HEALTH_CHECKS,
    CHECK_ENABLE_SNI,
    CHECK_REGIONS,
    CHECK_ALARM_IDENTIFIER,
    CHECK_INSUFFICIENT_DATA_HEALTH_STATUS,
    CHECK_ROUTING_CONTROL_ARN,
};
struct policy_health_check_config {
    struct schema_node node;
    uint32_t type; // enum health_check_type
    const char *ip_address;
    int64_t port;
    const char *resource_path;
    const char *fully_qualified_domain_name;
    const char *search_string;
    double request_interval; // seconds
    int64_t failure_threshold;
    bool measure_latency;
    bool inverted;
    bool disabled;
    int64_t health_threshold;
    struct schema_strings child_health_checks;
    bool enable_sni;
    struct schema_strings regions;
    struct policy_alarm_identifier *alarm_identifier;
    uint32_t insufficient_data_health_status;
    const char *routing_control_arn;
};

enum {
    HEALTH_CHECK_ID,
    HEALTH_CHECK_NAME,
    HEALTH_CHECK_CALLER_REFERENCE,
    HEALTH_CHECK_CONFIG,
    HEALTH_CHECK_VERSION,
    HEALTH_CHECK_ALARM_CONFIGURATION,
};
struct policy_health_check {
    struct schema_node node;
    const char *id;
    const char *name;
    const char *caller_reference;
    struct policy_health_check_config *config;
    int64_t version;
    struct policy_alarm *alarm_configuration; // only the nine settings
};

// --- latency tables ----------------------------------------------------------------------------------------

enum { PROVENANCE_WHAT, PROVENANCE_SOURCE, PROVENANCE_DATE, PROVENANCE_METHOD, PROVENANCE_LICENSE };
struct latency_provenance {
    struct schema_node node;
    const char *what;
    const char *source;
    const char *date;
    const char *method;
    const char *license;
};

enum {
    PLACE_LABEL,
    PLACE_COUNTRY,
    PLACE_SUBDIVISION,
    PLACE_CONTINENT,
    PLACE_LATITUDE,
    PLACE_LONGITUDE,
    PLACE_SOURCE,
    PLACE_MILLISECONDS,
};
struct latency_place {
    struct schema_node node; // the key is the place's name
    const char *label;
    const char *country;
    const char *subdivision;
    const char *continent;
    double latitude;
    double longitude;
    const char *source;
    json_t *milliseconds; // array in the order of Regions, or object by region
};

enum { VERSION_PLACE_MILLISECONDS }; // in a version, of struct latency_place

enum { VERSION_VALID_FROM, VERSION_PLACES };
struct latency_version_text {
    struct schema_node node;
    const char *valid_from;
    struct schema_objects places; // struct latency_place
};

enum { PREFIX_CIDR, PREFIX_PLACE };
struct policy_prefix {
    struct schema_node node;
    const char *cidr;
    const char *place;
};

enum {
    LATENCY_PROVENANCE,
    LATENCY_UNIT,
    LATENCY_EXTENDS,
    LATENCY_REGIONS,
    LATENCY_DEFAULT,
    LATENCY_PLACES,
    LATENCY_PREFIXES,
    LATENCY_VERSIONS,
};
struct latency_text {
    struct schema_node node;
    struct schema_objects provenance; // struct latency_provenance
    uint32_t unit;
    const char *extends;
    struct schema_strings regions;
    const char *default_place;
    struct schema_objects places;   // struct latency_place
    struct schema_objects prefixes; // struct policy_prefix
    struct schema_objects versions; // struct latency_version_text
};

// --- the policy --------------------------------------------------------------------------------------------

enum {
    SIMULATOR_CHECKERS_PER_REGION,
    SIMULATOR_CHECKERS,
    SIMULATOR_HEALTHY_PERCENT,
    SIMULATOR_SEED,
    SIMULATOR_HEALTH_CHECK_CONFIG_DELAY,
    SIMULATOR_AGGREGATION_DELAY,
    SIMULATOR_RECORD_DELAY,
    SIMULATOR_REMOVED_REGION_LINGER,
    SIMULATOR_METRIC_DELAY,
    SIMULATOR_TREAT_MISSING_DATA,
    SIMULATOR_LOCATIONS,
    SIMULATOR_PROBE_PHASES,
    SIMULATOR_NEW_CHECKERS,
    SIMULATOR_CHANGED_ENDPOINT,
    SIMULATOR_ADDED_CHECKERS,
    SIMULATOR_WITHOUT_REPORTS,
    SIMULATOR_DANGLING_CHECKS,
    SIMULATOR_BODY_WINDOW,
    SIMULATOR_ENDPOINT_ADDRESS,
    SIMULATOR_USER_AGENT_REF,
    SIMULATOR_ALLOW_SPECIAL_USE_ADDRESSES,
    SIMULATOR_FREE_INTERVALS,
    SIMULATOR_ECS_SCOPE_V4,
    SIMULATOR_ECS_SCOPE_V6,
    SIMULATOR_CNAME_CHASING,
    SIMULATOR_MINIMAL_ANY,
    SIMULATOR_UNMAPPED_GEOLOCATION,
    SIMULATOR_COARSE_SUBNETS,
    SIMULATOR_CIDR_FALLBACK,
    SIMULATOR_NO_MATCH_ANSWER,
    SIMULATOR_TIES,
    SIMULATOR_REPLY_CASE,
    SIMULATOR_UNKNOWN_ZONE,
    SIMULATOR_RESOURCE_TTL,
    SIMULATOR_DANGLING_ALIASES,
    SIMULATOR_PRIVATE_GEOPROXIMITY,
};
struct policy_simulator {
    struct schema_node node;
    int64_t checkers_per_region;
    int64_t checkers;
    int64_t healthy_percent;
    int64_t seed;
    double health_check_config_delay; // seconds
    double aggregation_delay;
    double record_delay;
    double removed_region_linger;
    double metric_delay;
    bool treat_missing_data;
    struct schema_strings locations;
    uint32_t probe_phases;
    uint32_t new_checkers;
    uint32_t changed_endpoint;
    uint32_t added_checkers;
    uint32_t without_reports;
    uint32_t dangling_checks;
    uint32_t body_window;
    uint32_t endpoint_address;
    uint32_t user_agent_ref;
    bool allow_special_use_addresses;
    bool free_intervals;
    int64_t ecs_scope_v4;
    int64_t ecs_scope_v6;
    bool cname_chasing;
    bool minimal_any;
    uint32_t unmapped_geolocation; // 0 Default, 1 Located
    uint32_t coarse_subnets;       // 0 Address, 1 Unmapped
    uint32_t cidr_fallback;        // 0 Covering, 1 Default
    uint32_t no_match_answer;      // enum simulator_no_match
    uint32_t ties;                 // 0 SetIdentifier, 1 Random
    uint32_t reply_case;           // 0 Asked, 1 Lower
    uint32_t unknown_zone;         // index of policy_unknown_zone_rcodes
    int64_t resource_ttl;          // seconds
    bool dangling_aliases;
    bool private_geoproximity;
};

// A latency table is a file's name or stands in the policy itself.
struct policy_latency {
    const char *file;
    struct latency_text *table;
};

// A population is a file's name or stands in the policy itself.
enum { POPULATION_PROVENANCE, POPULATION_PLACES };
struct population_text {
    struct schema_node node;
    struct schema_objects provenance; // struct latency_provenance
    json_t *places;                   // numbers by name
};
struct policy_population {
    const char *file;
    struct population_text *table;
};

enum {
    POLICY_HOSTED_ZONES,
    POLICY_HEALTH_CHECKS,
    POLICY_ALARMS,
    POLICY_CIDR_COLLECTIONS,
    POLICY_RESOURCES,
    POLICY_LATENCY_TABLE,
    POLICY_CLIENTS,
    POLICY_VPCS,
    POLICY_CLIENT_FILES,
    POLICY_LOCATION_DATABASES,
    POLICY_DEFAULT_CLIENT,
    POLICY_POPULATION,
    POLICY_CAPACITIES,
    POLICY_SIMULATOR,
    POLICY_PUSH,
};
struct policy_file {
    struct schema_node node;
    struct schema_objects zones;            // struct policy_zone
    struct schema_objects health_checks;    // struct policy_health_check
    struct schema_objects alarms;           // struct policy_alarm
    struct schema_objects cidr_collections; // struct policy_cidr_collection
    struct schema_objects resources;        // struct policy_resource
    struct policy_latency latency;
    struct schema_objects clients; // struct policy_prefix
    struct schema_objects vpcs;    // struct policy_vpc
    struct schema_strings client_files;
    struct schema_strings location_databases;
    const char *default_client;
    struct policy_population population;
    json_t *capacities; // numbers by name
    struct policy_simulator *simulator;
};

extern const struct schema_table policy_schema;                     // struct policy_file
extern const struct schema_table policy_latency_schema;             // struct latency_text
extern const struct schema_table policy_population_schema;          // struct population_text
extern const struct schema_table policy_zone_schema;                // struct policy_zone
extern const struct schema_table policy_vpc_schema;                 // struct policy_vpc
extern const struct schema_table policy_health_check_schema;        // struct policy_health_check
extern const struct schema_table policy_alarm_schema;               // struct policy_alarm
extern const struct schema_table policy_alarm_configuration_schema; // struct policy_alarm
extern const struct schema_table policy_cidr_collection_schema;     // struct policy_cidr_collection
extern const struct schema_table policy_resource_schema;            // struct policy_resource
extern const struct schema_table policy_simulator_schema;           // struct policy_simulator

extern const uint8_t policy_unknown_zone_rcodes[]; // of each choice of UnknownZone

const char *const *policy_health_check_types(void); // in the order of enum health_check_type

#endif
