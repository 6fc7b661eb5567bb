// SPDX-License-Identifier: MIT
// The field tables of a hosted zone and its record sets: semantics reference, table 5.1; API: HostedZone,
// ResourceRecordSet.
#include "core/model/region.h"
#include "fields.h"
#include "fields_parts.h"
#include "geo_codes.h"

static const char *const *failover_roles(void)
{
    static const char *const names[] = {"PRIMARY", "SECONDARY", NULL};
    return names;
}

#define AT(member) .offset = offsetof(struct policy_alias_target, member)
static const struct schema_field alias_fields[] = {
    [ALIAS_TARGET_HOSTED_ZONE_ID] = {"HostedZoneId", "This hosted zone, or the one of the resource",
                                     SCHEMA_STRING, AT(hosted_zone_id), .least = 1, .most = 32,
                                     .required = true},
    [ALIAS_TARGET_DNS_NAME] = {"DNSName", "Name of the target", SCHEMA_STRING, AT(dns_name), .least = 1,
                               .most = 1024, .required = true},
    [ALIAS_TARGET_EVALUATE_TARGET_HEALTH] = {"EvaluateTargetHealth", "The target's health counts",
                                             SCHEMA_BOOL, AT(evaluate_target_health), .required = true},
};
#undef AT

static const struct schema_table alias_schema = {"AliasTarget", "What answers instead",
                                                 sizeof(struct policy_alias_target), alias_fields,
                                                 TABLE_COUNT(alias_fields)};

#define AT(member) .offset = offsetof(struct policy_geo_location, member)
static const struct schema_field geo_fields[] = {
    [GEO_LOCATION_CONTINENT_CODE] = {"ContinentCode", "Clients of a continent", SCHEMA_ENUM,
                                     AT(continent_code), .choices = geo_continents},
    [GEO_LOCATION_COUNTRY_CODE] = {"CountryCode", "ISO 3166-1 code, or * for the default", SCHEMA_STRING,
                                   AT(country_code), .least = 1, .most = 2,
                                   .shape = "{\"pattern\": \"^([A-Z]{2}|[*])$\"}"},
    [GEO_LOCATION_SUBDIVISION_CODE] = {"SubdivisionCode", "State of the US, or oblast of Ukraine",
                                       SCHEMA_STRING, AT(subdivision_code), .least = 1, .most = 3},
};
#undef AT

static const struct schema_table geo_schema = {"GeoLocation", "Clients that this record set is for",
                                               sizeof(struct policy_geo_location), geo_fields,
                                               TABLE_COUNT(geo_fields)};

#define AT(member) .offset = offsetof(struct policy_coordinates, member)
static const struct schema_field coordinates_fields[] = {
    [COORDINATES_LATITUDE] = {"Latitude", "Degrees north, two decimals", SCHEMA_STRING, AT(latitude),
                              .least = 1, .most = 6, .required = true},
    [COORDINATES_LONGITUDE] = {"Longitude", "Degrees east, two decimals", SCHEMA_STRING, AT(longitude),
                               .least = 1, .most = 7, .required = true},
};
#undef AT

static const struct schema_table coordinates_schema = {"Coordinates", "A point",
                                                       sizeof(struct policy_coordinates), coordinates_fields,
                                                       TABLE_COUNT(coordinates_fields)};

#define AT(member) .offset = offsetof(struct policy_geo_proximity_location, member)
static const struct schema_field proximity_fields[] = {
    [GEO_PROXIMITY_AWS_REGION] = {"AWSRegion", "An AWS region", SCHEMA_ENUM, AT(aws_region),
                                  .choices = region_codes},
    [GEO_PROXIMITY_LOCAL_ZONE_GROUP] = {"LocalZoneGroup", "An AWS local zone group", SCHEMA_STRING,
                                        AT(local_zone_group), .least = 1, .most = 64,
                                        .unsupported = "local zones (LocalZoneGroup) are not known here; "
                                                       "Coordinates can say where the resource is"},
    [GEO_PROXIMITY_COORDINATES] = {"Coordinates", "A point", SCHEMA_OBJECT, AT(coordinates),
                                   .table = &coordinates_schema},
    [GEO_PROXIMITY_BIAS] = {"Bias", "Grows or shrinks the area", SCHEMA_INTEGER, AT(bias), .least = -99,
                            .most = 99},
};
#undef AT

static const struct schema_table proximity_schema = {"GeoProximityLocation", "Where the resource is",
                                                     sizeof(struct policy_geo_proximity_location),
                                                     proximity_fields, TABLE_COUNT(proximity_fields)};

#define AT(member) .offset = offsetof(struct policy_cidr_routing_config, member)
static const struct schema_field cidr_fields[] = {
    [CIDR_ROUTING_COLLECTION_ID] = {"CollectionId", "Id of the CIDR collection", SCHEMA_STRING,
                                    AT(collection_id), .least = 1, .most = 36, .required = true},
    [CIDR_ROUTING_LOCATION_NAME] = {"LocationName", "Location of the collection, or * for the default",
                                    SCHEMA_STRING, AT(location_name), .least = 1, .most = 16,
                                    .required = true},
};
#undef AT

static const struct schema_table cidr_schema = {"CidrRoutingConfig", "Clients that this record set is for",
                                                sizeof(struct policy_cidr_routing_config), cidr_fields,
                                                TABLE_COUNT(cidr_fields)};

#define AT(member) .offset = offsetof(struct policy_resource_record, member)
static const struct schema_field record_fields[] = {
    [RESOURCE_RECORD_VALUE] = {"Value", "In the form that Route 53 uses for the type", SCHEMA_STRING,
                               AT(value), .least = 0, .most = 4000, .required = true},
};
#undef AT

static const struct schema_table record_schema = {"ResourceRecord", "One value",
                                                  sizeof(struct policy_resource_record), record_fields,
                                                  TABLE_COUNT(record_fields)};

#define AT(member) .offset = offsetof(struct policy_record_set, member)
static const struct schema_field record_set_fields[] = {
    [RECORD_SET_NAME] = {"Name",
                         "Absolute name, with or without the final dot, octal escapes as Route 53 prints",
                         SCHEMA_STRING, AT(name), .least = 1, .most = 1024, .required = true},
    [RECORD_SET_TYPE] = {"Type", "Record type", SCHEMA_STRING, AT(type), .required = true,
                         .shape = "{\"anyOf\": [{\"enum\": [\"A\", \"AAAA\", \"CAA\", \"CNAME\", \"DS\", "
                                  "\"HTTPS\", \"MX\", \"NAPTR\", \"NS\", \"PTR\", \"SOA\", \"SPF\", \"SRV\", "
                                  "\"SSHFP\", \"SVCB\", \"TLSA\", \"TXT\"]}, "
                                  "{\"pattern\": \"^TYPE[0-9]{1,5}$\"}]}"},
    [RECORD_SET_SET_IDENTIFIER] = {"SetIdentifier",
                                   "Tells record sets of one name and type apart; for all routing but simple",
                                   SCHEMA_STRING, AT(set_identifier), .least = 1, .most = 128},
    [RECORD_SET_WEIGHT] = {"Weight", "Share of the answers, for weighted routing", SCHEMA_INTEGER, AT(weight),
                           .least = 0, .most = 255},
    [RECORD_SET_REGION] = {"Region", "Where the resource is, for latency routing", SCHEMA_ENUM, AT(region),
                           .choices = region_codes},
    [RECORD_SET_GEO_LOCATION] = {"GeoLocation", "Clients, for geolocation routing", SCHEMA_OBJECT,
                                 AT(geo_location), .table = &geo_schema},
    [RECORD_SET_GEO_PROXIMITY_LOCATION] = {"GeoProximityLocation",
                                           "Where the resource is, for geoproximity routing", SCHEMA_OBJECT,
                                           AT(geo_proximity_location), .table = &proximity_schema},
    [RECORD_SET_FAILOVER] = {"Failover", "Role, for failover routing", SCHEMA_ENUM, AT(failover),
                             .choices = failover_roles},
    [RECORD_SET_MULTI_VALUE_ANSWER] = {"MultiValueAnswer", "Multivalue answer routing", SCHEMA_BOOL,
                                       AT(multi_value_answer)},
    [RECORD_SET_CIDR_ROUTING_CONFIG] = {"CidrRoutingConfig", "Clients, for IP-based routing", SCHEMA_OBJECT,
                                        AT(cidr_routing_config), .table = &cidr_schema},
    [RECORD_SET_TTL] = {"TTL", "Seconds that resolvers may keep the answer", SCHEMA_INTEGER, AT(ttl),
                        .least = 0, .most = 2147483647},
    [RECORD_SET_RESOURCE_RECORDS] = {"ResourceRecords", "The values", SCHEMA_OBJECTS, AT(resource_records),
                                     .least = 1, .most = 400, .table = &record_schema},
    [RECORD_SET_ALIAS_TARGET] = {"AliasTarget",
                                 "What answers instead: record sets of this zone, or a resource of Resources",
                                 SCHEMA_OBJECT, AT(alias_target), .table = &alias_schema},
    [RECORD_SET_HEALTH_CHECK_ID] = {"HealthCheckId",
                                    "Id of the health check that decides whether this answers", SCHEMA_STRING,
                                    AT(health_check_id), .least = 0, .most = 64},
    [RECORD_SET_TRAFFIC_POLICY_INSTANCE_ID] = {"TrafficPolicyInstanceId",
                                               "Set by traffic policies, through the API", SCHEMA_STRING,
                                               AT(traffic_policy_instance_id), .least = 1, .most = 36,
                                               .unsupported =
                                                   "traffic policy records (TrafficPolicyInstanceId) are "
                                                   "made by CreateTrafficPolicyInstance, not by a file"},
};
#undef AT

static const struct schema_table record_set_schema = {
    "ResourceRecordSet", "A record set, as Route 53 lists it", sizeof(struct policy_record_set),
    record_set_fields, TABLE_COUNT(record_set_fields)};

#define AT(member) .offset = offsetof(struct policy_zone_config, member)
static const struct schema_field zone_config_fields[] = {
    [ZONE_CONFIG_COMMENT] = {"Comment", "For people", SCHEMA_STRING, AT(comment), .least = 0, .most = 256},
    [ZONE_CONFIG_PRIVATE_ZONE] = {"PrivateZone", "A private hosted zone", SCHEMA_BOOL, AT(private_zone),
                                  .defaulted = true},
};
#undef AT

static const struct schema_table zone_config_schema = {"Config", "Comment and kind of a hosted zone",
                                                       sizeof(struct policy_zone_config), zone_config_fields,
                                                       TABLE_COUNT(zone_config_fields)};

#define VPC_SHAPE  "{\"pattern\": \"^vpc-[0-9a-z]+$\"}"
#define AT(member) .offset = offsetof(struct policy_vpc, member)
static const struct schema_field vpc_fields[] = {
    [VPC_ID] = {"VPCId", "\"vpc-1a2b3c4d\"", SCHEMA_STRING, AT(id), .least = 5, .most = 63, .required = true,
                .shape = VPC_SHAPE},
    [VPC_REGION] = {"VPCRegion", "The AWS region that it is in", SCHEMA_ENUM, AT(region),
                    .choices = region_codes, .required = true},
    [VPC_CIDR_BLOCKS] = {"CidrBlocks", "Addresses of the clients in it", SCHEMA_STRINGS, AT(cidr_blocks),
                         .most = POLICY_VPC_BLOCKS_MAX},
};
#undef AT

const struct schema_table policy_vpc_schema = {"VPC", "A VPC, and which clients are in it",
                                               sizeof(struct policy_vpc), vpc_fields,
                                               TABLE_COUNT(vpc_fields)};

// What GetHostedZone prints: without the clients.
static const struct schema_table zone_vpc_schema = {"HostedZoneVPC", "A VPC that sees a private hosted zone",
                                                    sizeof(struct policy_vpc), vpc_fields, VPC_CIDR_BLOCKS};

#define AT(member) .offset = offsetof(struct policy_zone, member)
static const struct schema_field zone_fields[] = {
    [ZONE_ID] = {"Id", "\"Z1EXAMPLE\", or \"/hostedzone/Z1EXAMPLE\" as the API prints it", SCHEMA_STRING,
                 AT(id), .least = 1, .most = 44, .required = true},
    [ZONE_NAME] = {"Name", "The zone's apex", SCHEMA_STRING, AT(name), .least = 1, .most = 1024,
                   .required = true},
    [ZONE_CALLER_REFERENCE] = {"CallerReference", "As given when it was created", SCHEMA_STRING,
                               AT(caller_reference), .least = 1, .most = 128},
    [ZONE_CONFIG] = {"Config", "Comment and kind", SCHEMA_OBJECT, AT(config), .table = &zone_config_schema},
    [ZONE_RECORD_SETS] = {"ResourceRecordSets", "Record sets; SOA and NS of the apex are added when absent",
                          SCHEMA_OBJECTS, AT(record_sets), .table = &record_set_schema},
    [ZONE_VPCS] = {"VPCs", "The VPCs that see it, which makes it private", SCHEMA_OBJECTS, AT(vpcs),
                   .table = &zone_vpc_schema},
    {"ResourceRecordSetCount", "Accepted, not used", .kind = SCHEMA_IGNORED},
    {"LinkedService", "Accepted, not used", .kind = SCHEMA_IGNORED},
    {"Features", "Accepted, not used", .kind = SCHEMA_IGNORED},
};
#undef AT

const struct schema_table policy_zone_schema = {"HostedZone", "A hosted zone, as Route 53 lists it",
                                                sizeof(struct policy_zone), zone_fields,
                                                TABLE_COUNT(zone_fields)};
