// SPDX-License-Identifier: MIT
// The policy itself; its parts are in fields_dns.c, fields_health.c and fields_latency.c.
#include "fields.h"

#include "core/dns/message.h"
#include "core/model/model.h"
#include "fields_parts.h"

enum { CLIENT_FILES_MAX = 64 };

static void read_latency(const struct schema_reader *reader, struct schema_node *node,
                         const struct schema_field *field, json_t *value, void *out)
{
    struct policy_latency *latency = out;
    if (json_is_string(value) && json_string_length(value) > 0) {
        latency->file = json_string_value(value);
    } else if (json_is_object(value)) {
        latency->table = arena_new(reader->arena, struct latency_text, 1);
        latency->table->node = (struct schema_node){.parent = node, .field = field};
        schema_read(reader, &policy_latency_schema, value, latency->table);
    } else {
        char found[SCHEMA_TEXT];
        schema_describe(value, found);
        schema_finding(reader->diagnostics, DIAGNOSTIC_ERROR, node, field->name,
                       "%s must be a file's name or a latency table, not %s", field->name, found);
    }
}

static void read_population(const struct schema_reader *reader, struct schema_node *node,
                            const struct schema_field *field, json_t *value, void *out)
{
    struct policy_population *population = out;
    if (json_is_string(value) && json_string_length(value) > 0) {
        population->file = json_string_value(value);
    } else if (json_is_object(value)) {
        population->table = arena_new(reader->arena, struct population_text, 1);
        population->table->node = (struct schema_node){.parent = node, .field = field};
        schema_read(reader, &policy_population_schema, value, population->table);
    } else {
        char found[SCHEMA_TEXT];
        schema_describe(value, found);
        schema_finding(reader->diagnostics, DIAGNOSTIC_ERROR, node, field->name,
                       "%s must be a file's name or a population, not %s", field->name, found);
    }
}

#define CHOICES(name, ...)                                                                                   \
    static const char *const *name(void)                                                                     \
    {                                                                                                        \
        static const char *const names[] = {__VA_ARGS__, NULL};                                              \
        return names;                                                                                        \
    }
CHOICES(unmapped_geolocations, "Default", "Located")
CHOICES(coarse_subnets, "Address", "Unmapped")
CHOICES(cidr_fallbacks, "Covering", "Default")
CHOICES(no_match_answers, "NODATA", "NXDOMAIN", "REFUSED")
CHOICES(ties, "SetIdentifier", "Random")
CHOICES(reply_cases, "Asked", "Lower")
CHOICES(unknown_zones, "REFUSED", "NXDOMAIN", "SERVFAIL")
CHOICES(probe_phases, "Random", "Even")
CHOICES(new_checkers, "Healthy", "FirstResult")
CHOICES(changed_endpoints, "KeepVerdicts", "Reseed")
CHOICES(added_checkers, "Status", "Healthy")
CHOICES(without_reports, "LastStatus", "Healthy", "Unhealthy")
CHOICES(dangling_checks, "Healthy", "Unhealthy")
CHOICES(body_windows, "Decoded", "Encoded")
CHOICES(endpoint_addresses, "Any", "First")
CHOICES(user_agent_refs, "Derived", "Id")
#undef CHOICES

const uint8_t policy_unknown_zone_rcodes[] = {DNS_RCODE_REFUSED, DNS_RCODE_NXDOMAIN, DNS_RCODE_SERVFAIL};

#define AT(member) .offset = offsetof(struct policy_simulator, member)

static const struct schema_field simulator_fields[] = {
    [SIMULATOR_CHECKERS_PER_REGION] = {"CheckersPerRegion", "Checkers in each checker region", SCHEMA_INTEGER,
                                       AT(checkers_per_region), .least = 1, .most = 32, .defaulted = true,
                                       .fallback = 2},
    [SIMULATOR_CHECKERS] = {"Checkers",
                            "So many checkers without regions, for a controller that probes for itself; 0: a "
                            "fleet by region",
                            SCHEMA_INTEGER, AT(checkers), .least = 0, .most = 256, .defaulted = true},
    [SIMULATOR_HEALTHY_PERCENT] = {"HealthyPercent",
                                   "A check is healthy when more than this share of its checkers say so",
                                   SCHEMA_INTEGER, AT(healthy_percent), .least = 0, .most = 99,
                                   .defaulted = true, .fallback = 18},
    [SIMULATOR_SEED] = {"Seed", "Seed of all chance: probe phases, the order of values", SCHEMA_INTEGER,
                        AT(seed), .least = 0, .most = 9007199254740991.0, .defaulted = true, .fallback = 1},
    [SIMULATOR_HEALTH_CHECK_CONFIG_DELAY] = {"HealthCheckConfigDelaySeconds",
                                             "How long a changed health check takes to reach the checkers",
                                             SCHEMA_NUMBER, AT(health_check_config_delay), .least = 0,
                                             .most = 3600, .defaulted = true},
    [SIMULATOR_AGGREGATION_DELAY] = {"AggregationDelaySeconds",
                                     "How long a checker's verdict takes to count in the status",
                                     SCHEMA_NUMBER, AT(aggregation_delay), .least = 0, .most = 3600,
                                     .defaulted = true},
    [SIMULATOR_RECORD_DELAY] =
        {"RecordDelaySeconds",
         "How long a change of records through the API takes to reach DNS, PENDING until then", SCHEMA_NUMBER,
         AT(record_delay), .least = 0, .most = 3600, .defaulted = true},
    [SIMULATOR_REMOVED_REGION_LINGER] =
        {"RemovedRegionLingerSeconds", "How long the checkers of a region that a check no longer uses go on",
         SCHEMA_NUMBER, AT(removed_region_linger), .least = 0, .most = 86400, .defaulted = true},
    [SIMULATOR_METRIC_DELAY] = {"MetricDelaySeconds",
                                "How long after its end a period of a metric counts, for data that is late",
                                SCHEMA_NUMBER, AT(metric_delay), .least = 0, .most = 3600, .defaulted = true},
    [SIMULATOR_TREAT_MISSING_DATA] = {"TreatMissingData",
                                      "An alarm's TreatMissingData counts for the checks that watch it",
                                      SCHEMA_BOOL, AT(treat_missing_data), .defaulted = true},
    [SIMULATOR_LOCATIONS] = {"Locations",
                             "Names of the Route 53 locations that decide on their own; DNS is answered from "
                             "the first",
                             SCHEMA_STRINGS, AT(locations), .least = 1, .most = LOCATIONS_MAX},
    [SIMULATOR_PROBE_PHASES] = {"ProbePhases",
                                "When in the interval checkers start: at Random, from the seed, or spread "
                                "Even",
                                SCHEMA_ENUM, AT(probe_phases), .choices = probe_phases, .defaulted = true},
    [SIMULATOR_NEW_CHECKERS] = {"NewCheckers",
                                "A new check's checkers start Healthy and need FailureThreshold results to "
                                "change that, or have the verdict of their FirstResult",
                                SCHEMA_ENUM, AT(new_checkers), .choices = new_checkers, .defaulted = true},
    [SIMULATOR_CHANGED_ENDPOINT] = {"ChangedEndpoint",
                                    "Checkers of a check whose endpoint changed KeepVerdicts, or Reseed: "
                                    "start as those of a new check",
                                    SCHEMA_ENUM, AT(changed_endpoint), .choices = changed_endpoints,
                                    .defaulted = true},
    [SIMULATOR_ADDED_CHECKERS] = {"AddedCheckers",
                                  "Checkers of a region that was added start with the check's Status, or "
                                  "Healthy",
                                  SCHEMA_ENUM, AT(added_checkers), .choices = added_checkers,
                                  .defaulted = true},
    [SIMULATOR_WITHOUT_REPORTS] = {"WithoutReports", "What a check is at a location that no report reaches",
                                   SCHEMA_ENUM, AT(without_reports), .choices = without_reports,
                                   .defaulted = true},
    [SIMULATOR_DANGLING_CHECKS] = {"DanglingChecks", "What an id counts as whose health check was deleted",
                                   SCHEMA_ENUM, AT(dangling_checks), .choices = dangling_checks,
                                   .defaulted = true},
    [SIMULATOR_BODY_WINDOW] = {"BodyWindow",
                               "The 5120 bytes that are searched are counted Decoded, or Encoded as received",
                               SCHEMA_ENUM, AT(body_window), .choices = body_windows, .defaulted = true},
    [SIMULATOR_ENDPOINT_ADDRESS] = {"EndpointAddress",
                                    "Which address of an endpoint by name is probed: Any of them, each time "
                                    "anew, or the First",
                                    SCHEMA_ENUM, AT(endpoint_address), .choices = endpoint_addresses,
                                    .defaulted = true},
    [SIMULATOR_USER_AGENT_REF] = {"UserAgentRef",
                                  "ref in the User-Agent of probes: a UUID Derived from the check's id, or "
                                  "the Id itself",
                                  SCHEMA_ENUM, AT(user_agent_ref), .choices = user_agent_refs,
                                  .defaulted = true},
    [SIMULATOR_ALLOW_SPECIAL_USE_ADDRESSES] =
        {"AllowSpecialUseAddresses",
         "Health checks may probe loopback, private and documentation "
         "addresses; by default only while every listener is on loopback",
         SCHEMA_BOOL, AT(allow_special_use_addresses)},
    [SIMULATOR_FREE_INTERVALS] = {"FreeIntervals", "RequestInterval may be any number of seconds from 0.05",
                                  SCHEMA_BOOL, AT(free_intervals), .defaulted = true},
    [SIMULATOR_ECS_SCOPE_V4] = {"EcsScopeV4", "Most bits of an IPv4 client subnet that an answer depends on",
                                SCHEMA_INTEGER, AT(ecs_scope_v4), .least = 0, .most = 32, .defaulted = true,
                                .fallback = 24},
    [SIMULATOR_ECS_SCOPE_V6] = {"EcsScopeV6", "Most bits of an IPv6 client subnet that an answer depends on",
                                SCHEMA_INTEGER, AT(ecs_scope_v6), .least = 0, .most = 128, .defaulted = true,
                                .fallback = 48},
    [SIMULATOR_CNAME_CHASING] = {"CnameChasing", "Answers follow CNAME records inside our zones", SCHEMA_BOOL,
                                 AT(cname_chasing), .defaulted = true},
    [SIMULATOR_PRIVATE_GEOPROXIMITY] = {"PrivateGeoproximity",
                                        "Private hosted zones may have geoproximity record sets", SCHEMA_BOOL,
                                        AT(private_geoproximity), .defaulted = true},
    [SIMULATOR_MINIMAL_ANY] = {"MinimalAny", "Queries for ANY get one record set (RFC 8482)", SCHEMA_BOOL,
                               AT(minimal_any), .defaulted = true},
    [SIMULATOR_UNMAPPED_GEOLOCATION] =
        {"UnmappedGeolocation",
         "What geolocation makes of clients in no block: the Default record, or where latency routing has "
         "them Located; by default Located if DefaultClient is given",
         SCHEMA_ENUM, AT(unmapped_geolocation), .choices = unmapped_geolocations},
    [SIMULATOR_COARSE_SUBNETS] = {"CoarseSubnets",
                                  "A client subnet that reaches beyond the block of its network address is "
                                  "where that Address is, or Unmapped",
                                  SCHEMA_ENUM, AT(coarse_subnets), .choices = coarse_subnets,
                                  .defaulted = true},
    [SIMULATOR_CIDR_FALLBACK] = {"CidrFallback",
                                 "What IP-based routing tries after an unhealthy location: those of larger "
                                 "Covering blocks, or at once the Default",
                                 SCHEMA_ENUM, AT(cidr_fallback), .choices = cidr_fallbacks,
                                 .defaulted = true},
    [SIMULATOR_NO_MATCH_ANSWER] = {"NoMatchAnswer",
                                   "Answer of geolocation and IP-based routing when no record is for the "
                                   "client",
                                   SCHEMA_ENUM, AT(no_match_answer), .choices = no_match_answers,
                                   .defaulted = true},
    [SIMULATOR_TIES] = {"Ties", "Which of several equally near record sets answers", SCHEMA_ENUM, AT(ties),
                        .choices = ties, .defaulted = true},
    [SIMULATOR_REPLY_CASE] = {"ReplyCase", "Names in replies are as Asked or in Lower case", SCHEMA_ENUM,
                              AT(reply_case), .choices = reply_cases, .defaulted = true},
    [SIMULATOR_UNKNOWN_ZONE] = {"UnknownZone", "Answer for names in none of our zones", SCHEMA_ENUM,
                                AT(unknown_zone), .choices = unknown_zones, .defaulted = true},
    [SIMULATOR_RESOURCE_TTL] = {"ResourceTTL", "Seconds, of Resources without a TTL of their own",
                                SCHEMA_INTEGER, AT(resource_ttl), .least = 0, .most = 2147483647,
                                .defaulted = true, .fallback = 60},
    [SIMULATOR_DANGLING_ALIASES] = {"DanglingAliases",
                                    "Aliases may lead to names of their zone that do not exist, as after the "
                                    "target was deleted",
                                    SCHEMA_BOOL, AT(dangling_aliases), .defaulted = true},
};
#undef AT

const struct schema_table policy_simulator_schema = {
    "Simulator", "Where AWS is silent: nearwell's knobs, with Route 53's behaviour as default",
    sizeof(struct policy_simulator), simulator_fields, TABLE_COUNT(simulator_fields)};

#define AT(member) .offset = offsetof(struct policy_file, member)

static const struct schema_field policy_fields[] = {
    [POLICY_HOSTED_ZONES] = {"HostedZones", "Hosted zones and their record sets, as Route 53 lists them",
                             SCHEMA_OBJECTS, AT(zones), .table = &policy_zone_schema},
    [POLICY_HEALTH_CHECKS] = {"HealthChecks", "Health checks, as Route 53 lists them", SCHEMA_OBJECTS,
                              AT(health_checks), .table = &policy_health_check_schema},
    [POLICY_ALARMS] = {"Alarms", "CloudWatch alarms, as CloudWatch lists them, for checks of their metrics",
                       SCHEMA_OBJECTS, AT(alarms), .table = &policy_alarm_schema},
    [POLICY_CIDR_COLLECTIONS] = {"CidrCollections", "CIDR collections, for IP-based routing", SCHEMA_OBJECTS,
                                 AT(cidr_collections), .table = &policy_cidr_collection_schema},
    [POLICY_RESOURCES] = {"Resources", "AWS resources that aliases lead to, as nearwell is to imitate them",
                          SCHEMA_OBJECTS, AT(resources), .table = &policy_resource_schema},
    [POLICY_LATENCY_TABLE] = {"LatencyTable",
                              "Milliseconds from places to regions: a file's name, relative to this file, or "
                              "the table itself; by default the built-in one",
                              SCHEMA_CUSTOM, AT(latency), .read = read_latency,
                              .table = &policy_latency_schema,
                              .shape = "{\"anyOf\": [{\"type\": \"string\", \"minLength\": 1}, "
                                       "{\"$ref\": \"latency.schema.json\"}]}"},
    [POLICY_CLIENTS] = {"Clients", "Which clients are where; they win over all other sources", SCHEMA_OBJECTS,
                        AT(clients), .table = &policy_prefix_schema},
    [POLICY_VPCS] = {"VPCs", "Which clients are in which VPC, and so see its private hosted zones",
                     SCHEMA_OBJECTS, AT(vpcs), .table = &policy_vpc_schema},
    [POLICY_CLIENT_FILES] = {"ClientFiles",
                             "Files, relative to this one, with a CIDR block and a place a line; they win "
                             "over the latency table's prefixes and over databases",
                             SCHEMA_STRINGS, AT(client_files), .most = CLIENT_FILES_MAX},
    [POLICY_LOCATION_DATABASES] = {"LocationDatabases",
                                   "MaxMind DB files, relative to this one, of countries or cities; asked "
                                   "in this order for clients that no other source knows",
                                   SCHEMA_STRINGS, AT(location_databases), .most = LOCATION_DATABASES_MAX},
    [POLICY_DEFAULT_CLIENT] = {"DefaultClient",
                               "Place of clients that no prefix covers; by default us-east-1", SCHEMA_STRING,
                               AT(default_client), .least = 1, .most = 64},
    [POLICY_POPULATION] = {"Population",
                           "Where the clients of the world are, for what counts them (search, blast, "
                           "scenarios): a file's name, relative to this file, or the population itself; by "
                           "default the built-in one",
                           SCHEMA_CUSTOM, AT(population), .read = read_population,
                           .table = &policy_population_schema,
                           .shape = "{\"anyOf\": [{\"type\": \"string\", \"minLength\": 1}, "
                                    "{\"$ref\": \"population.schema.json\"}]}"},
    [POLICY_CAPACITIES] = {"Capacities",
                           "What each region, or other site, can bear, in percent of all clients",
                           SCHEMA_CUSTOM, AT(capacities), .read = policy_read_numbers,
                           .shape = NUMBERS_SHAPE},
    [POLICY_SIMULATOR] = {"Simulator", "nearwell's knobs", SCHEMA_OBJECT, AT(simulator),
                          .table = &policy_simulator_schema},
    [POLICY_PUSH] = {"Push", "How decisions reach the real Route 53", SCHEMA_IGNORED,
                     .shape = "{\"type\": \"object\"}", .unsupported = "Push is not supported yet"},
    {"$schema", "For editors", SCHEMA_IGNORED, .shape = "{\"type\": \"string\"}"},
    {"Comment", "For people", .kind = SCHEMA_IGNORED},
};
#undef AT

const struct schema_table policy_schema = {
    "Policy", "What nearwell answers and what it probes, in Route 53's own field names and shapes",
    sizeof(struct policy_file), policy_fields, TABLE_COUNT(policy_fields)};
