// SPDX-License-Identifier: MIT
// The field tables of scenario files: reading, "did you mean", JSON Schema.
#include "fields.h"

static void keep_object(const struct schema_reader *reader, struct schema_node *node,
                        const struct schema_field *field, json_t *value, void *out)
{
    if (json_is_object(value)) {
        *(json_t **)out = value;
        return;
    }
    char found[SCHEMA_TEXT];
    schema_describe(value, found);
    schema_finding(reader->diagnostics, DIAGNOSTIC_ERROR, node, field->name, "%s must be an object, not %s",
                   field->name, found);
}

static void keep_policy(const struct schema_reader *reader, struct schema_node *node,
                        const struct schema_field *field, json_t *value, void *out)
{
    if (json_is_object(value) || json_string_length(value) > 0) {
        *(json_t **)out = value;
        return;
    }
    char found[SCHEMA_TEXT];
    schema_describe(value, found);
    schema_finding(reader->diagnostics, DIAGNOSTIC_ERROR, node, field->name,
                   "%s must be a file's name or a policy, not %s", field->name, found);
}

enum { DURATION_TEXT = 32, NAME_TEXT = 1024, ID_TEXT = 64, PERIODS = 100000 };
#define OBJECT_SHAPE "{\"type\": \"object\"}"

// --- events ------------------------------------------------------------------------------------------------

#define AT(member) .offset = offsetof(struct call_fields, member)
static const struct schema_field call_fields[] = {
    [CALL_OPERATION] = {"Operation", "Of the Route 53 API: UpdateHealthCheck, ...", SCHEMA_STRING,
                        AT(operation), .least = 1, .most = 64, .required = true},
    [CALL_INPUT] = {"Input", "As aws route53 takes it with --cli-input-json", SCHEMA_CUSTOM, AT(input),
                    .read = keep_object, .shape = OBJECT_SHAPE, .required = true},
    [CALL_REFUSED] = {"Refused", "The error code that it is expected to fail with; without it, to succeed",
                      SCHEMA_STRING, AT(refused), .least = 1, .most = 64},
};
#undef AT
static const struct schema_table call_schema = {
    "Call", "A call of the Route 53 API", sizeof(struct call_fields), call_fields, TABLE_COUNT(call_fields)};

#define AT(member) .offset = offsetof(struct shift_fields, member)
static const struct schema_field shift_fields[] = {
    [SHIFT_REGION] = {"Region", "The column; by default all", SCHEMA_STRING, AT(region), .least = 1,
                      .most = 64},
    [SHIFT_PLACE] = {"Place", "The row; by default all", SCHEMA_STRING, AT(place), .least = 1, .most = 64},
    [SHIFT_FACTOR] = {"Factor", "Multiplies", SCHEMA_NUMBER, AT(factor), .least = 0, .most = 1000,
                      .defaulted = true, .fallback = 1},
    [SHIFT_MILLISECONDS] = {"Milliseconds", "Is added then", SCHEMA_NUMBER, AT(milliseconds), .least = -10000,
                            .most = 10000, .defaulted = true},
};
#undef AT
static const struct schema_table shift_schema = {"Latency", "A shift of the latency table",
                                                 sizeof(struct shift_fields), shift_fields,
                                                 TABLE_COUNT(shift_fields)};

#define AT(member) .offset = offsetof(struct resource_fields, member)
static const struct schema_field resource_fields[] = {
    [RESOURCE_EVENT_DNS_NAME] = {"DNSName", "Of one of the policy's Resources", SCHEMA_STRING, AT(dns_name),
                                 .least = 1, .most = NAME_TEXT, .required = true},
    [RESOURCE_EVENT_HEALTHY] = {"Healthy", "What EvaluateTargetHealth finds", SCHEMA_BOOL, AT(healthy),
                                .required = true},
};
#undef AT
static const struct schema_table resource_schema = {"Resource", "The health of an AWS resource",
                                                    sizeof(struct resource_fields), resource_fields,
                                                    TABLE_COUNT(resource_fields)};

#define AT(member) .offset = offsetof(struct reports_fields, member)
static const struct schema_field reports_fields[] = {
    [REPORTS_LOCATION] = {"Location", "Where they are missing: one of Simulator.Locations; by default all",
                          SCHEMA_STRING, AT(location), .least = 1, .most = 64},
    [REPORTS_CHECKER_REGIONS] = {"CheckerRegions", "Whose reports", SCHEMA_STRINGS, AT(checker_regions),
                                 .least = 1, .most = 8, .choices = endpoint_checker_regions,
                                 .required = true},
};
#undef AT
static const struct schema_table reports_schema = {"ReportsLost", "A partition between checkers and Route 53",
                                                   sizeof(struct reports_fields), reports_fields,
                                                   TABLE_COUNT(reports_fields)};

#define AT(member) .offset = offsetof(struct chance_fields, member)
static const struct schema_field chance_fields[] = {
    [CHANCE_BETWEEN_FAILURES] = {"MeanTimeBetweenFailures", "From a repair to the next failure",
                                 SCHEMA_STRING, AT(between_failures), .least = 2, .most = DURATION_TEXT,
                                 .required = true},
    [CHANCE_TO_REPAIR] = {"MeanTimeToRepair", "From a failure to its repair", SCHEMA_STRING, AT(to_repair),
                          .least = 2, .most = DURATION_TEXT, .required = true},
};
#undef AT
static const struct schema_table chance_schema = {"Chance", "Exponential times from the seed",
                                                  sizeof(struct chance_fields), chance_fields,
                                                  TABLE_COUNT(chance_fields)};

#define AT(member) .offset = offsetof(struct event_fields, member)
static const struct schema_field event_fields[] = {
    [EVENT_AT] = {"At", "Time since the start: 90s, 10m, 1h30m", SCHEMA_STRING, AT(at), .least = 2,
                  .most = DURATION_TEXT, .required = true},
    [EVENT_LABEL] = {"Label", "For expectations that come After it, and for the timeline", SCHEMA_STRING,
                     AT(label), .least = 1, .most = 128},
    [EVENT_EVERY] = {"Every", "Happens again after this time, Times in all", SCHEMA_STRING, AT(every),
                     .least = 2, .most = DURATION_TEXT},
    [EVENT_TIMES] = {"Times", "How often, with Every; by default to the end", SCHEMA_INTEGER, AT(times),
                     .least = 1, .most = PERIODS},
    [EVENT_FOR] =
        {"For", "Ends by itself after this time; for Fault, Outage, Latency, Resource, ReportsLost and Drain",
         SCHEMA_STRING, AT(lasts), .least = 2, .most = DURATION_TEXT},
    [EVENT_CHANCE] = {"Chance", "Comes and goes by chance, from At to the end, in place of Every and For",
                      SCHEMA_OBJECT, AT(chance), .table = &chance_schema},
    [EVENT_COMMENT] = {"Comment", "For people", .kind = SCHEMA_IGNORED},
    [EVENT_ENDPOINT] = {"Endpoint", "Host and port of the Fault, host, or *", SCHEMA_STRING, AT(endpoint),
                        .least = 1, .most = 300},
    [EVENT_SITE] = {"Site", "Region or SetIdentifier whose endpoints all have the Fault", SCHEMA_STRING,
                    AT(site), .least = 1, .most = 128},
    [EVENT_FAULT] = {"Fault", "What is wrong with the Endpoint or the Site", SCHEMA_OBJECT, AT(fault),
                     .table = &endpoint_fault_schema},
    [EVENT_OUTAGE] = {"Outage",
                      "A region that goes out: its endpoints, its checkers, and with us-east-1 the "
                      "control plane of the API",
                      SCHEMA_STRING, AT(outage), .least = 1, .most = 64},
    [EVENT_CALL] = {"Call", "A call of the Route 53 API", SCHEMA_OBJECT, AT(call), .table = &call_schema},
    [EVENT_POLICY] = {"Policy", "A policy file that replaces the one in force", SCHEMA_STRING, AT(policy),
                      .least = 1, .most = NAME_TEXT},
    [EVENT_LATENCY] = {"Latency", "A shift of the latency table", SCHEMA_OBJECT, AT(latency),
                       .table = &shift_schema},
    [EVENT_HEALTH_CHECK_ID] = {"HealthCheckId", "The health check of the Override", SCHEMA_STRING,
                               AT(health_check_id), .least = 1, .most = ID_TEXT},
    [EVENT_OVERRIDE] = {"Override", "As POST /admin/health-checks/ID takes it; also a RoutingControl",
                        SCHEMA_CUSTOM, AT(override), .read = keep_object, .shape = OBJECT_SHAPE},
    [EVENT_RESOURCE] = {"Resource", "The health of an AWS resource", SCHEMA_OBJECT, AT(resource),
                        .table = &resource_schema},
    [EVENT_METRICS] = {"Metrics", "Metric data as CloudWatch's PutMetricData takes it, of now", SCHEMA_CUSTOM,
                       AT(metrics), .read = keep_object, .shape = OBJECT_SHAPE},
    [EVENT_REPORTS_LOST] = {"ReportsLost", "Reports of checkers no longer reach a Route 53 location (A5)",
                            SCHEMA_OBJECT, AT(reports_lost), .table = &reports_schema},
    [EVENT_DRAIN] = {"Drain", "A region, or a health check, that clients are led away from", SCHEMA_STRING,
                     AT(drain), .least = 1, .most = 256},
    [EVENT_RELEASE] = {"Release", "Ends a Drain", SCHEMA_STRING, AT(release), .least = 1, .most = 256},
    [EVENT_API] = {"Api",
                   "How the Route 53 API misbehaves to each Call from now on, as POST /admin/api takes it",
                   SCHEMA_OBJECT, AT(api), .table = &api_faults_schema},
};
#undef AT
static const struct schema_table event_schema = {
    "Event",
    "Something that happens: one of Fault, Outage, Call, Policy, Latency, Override, Resource, Metrics, "
    "ReportsLost, Drain, Release, Api",
    sizeof(struct event_fields), event_fields, TABLE_COUNT(event_fields)};

// --- expectations ------------------------------------------------------------------------------------------

static const char *const *rcodes(void)
{
    static const char *const names[] = {"NOERROR", "NODATA", "NXDOMAIN", "REFERRAL", "REFUSED", NULL};
    return names;
}

static const char *const *statuses(void)
{
    static const char *const names[] = {"Healthy", "Unhealthy", NULL};
    return names;
}

static const char *const *nevers(void)
{
    static const char *const names[] = {"FailOpen", "DeadSite", "Overload", NULL};
    return names;
}

#define AT(member) .offset = offsetof(struct answer_fields, member)
static const struct schema_field answer_fields[] = {
    [ANSWER_REGION] = {"Region", "Of the record set that answers", SCHEMA_STRING, AT(region), .least = 1,
                       .most = 64},
    [ANSWER_SET_IDENTIFIER] = {"SetIdentifier", "Of the record set that answers, or of an alias on the way",
                               SCHEMA_STRING, AT(set_identifier), .least = 1, .most = 128},
    [ANSWER_VALUES] = {"Values", "All of them, in any order", SCHEMA_STRINGS, AT(values), .least = 0,
                       .most = 400},
    [ANSWER_RCODE] = {"Rcode", "NOERROR unless given", SCHEMA_ENUM, AT(rcode), .choices = rcodes,
                      .defaulted = true},
    [ANSWER_FAIL_OPEN] = {"FailOpen", "Was it the last resort, with everything unhealthy?", SCHEMA_BOOL,
                          AT(fail_open)},
    [ANSWER_TTL] = {"TTL", "Seconds", SCHEMA_INTEGER, AT(ttl), .least = 0, .most = 2147483647},
};
#undef AT
static const struct schema_table answer_schema = {"Answer", "What comes back", sizeof(struct answer_fields),
                                                  answer_fields, TABLE_COUNT(answer_fields)};

#define AT(member) .offset = offsetof(struct share_fields, member)
static const struct schema_field share_fields[] = {
    [SHARE_LEAST] = {"Least", "Percent of clients", SCHEMA_NUMBER, AT(least), .least = 0, .most = 100,
                     .defaulted = true},
    [SHARE_MOST] = {"Most", "Percent of clients", SCHEMA_NUMBER, AT(most), .least = 0, .most = 100,
                    .defaulted = true, .fallback = 100},
};
#undef AT
static const struct schema_table share_schema = {"Share", "Percent of clients", sizeof(struct share_fields),
                                                 share_fields, TABLE_COUNT(share_fields)};

#define AT(member) .offset = offsetof(struct expectation_fields, member)
static const struct schema_field expectation_fields[] = {
    [EXPECT_AT] = {"At", "Holds at this time", SCHEMA_STRING, AT(at), .least = 2, .most = DURATION_TEXT},
    [EXPECT_FROM] = {"From", "Holds from this time to Until, by default from the start", SCHEMA_STRING,
                     AT(from), .least = 2, .most = DURATION_TEXT},
    [EXPECT_UNTIL] = {"Until", "By default the end", SCHEMA_STRING, AT(until), .least = 2,
                      .most = DURATION_TEXT},
    [EXPECT_AFTER] = {"After", "Comes true after this time or this event, Within a time", SCHEMA_STRING,
                      AT(after), .least = 1, .most = 128},
    [EXPECT_WITHIN] = {"Within", "So soon after After", SCHEMA_STRING, AT(within), .least = 2,
                       .most = DURATION_TEXT},
    [EXPECT_NAME] = {"Name", "Of the question; by default the scenario's", SCHEMA_STRING, AT(name),
                     .least = 1, .most = NAME_TEXT},
    [EXPECT_TYPE] = {"Type", "Of the question; by default the scenario's", SCHEMA_STRING, AT(type),
                     .least = 1, .most = 16},
    [EXPECT_CLIENT] = {"Client", "Who asks: a place, a client subnet or an address", SCHEMA_STRING,
                       AT(client), .least = 1, .most = 64},
    [EXPECT_CLIENTS] = {"Clients", "Each of them asks", SCHEMA_STRINGS, AT(clients), .least = 1,
                        .most = 100000},
    [EXPECT_EVERYWHERE] = {"Everywhere", "Clients in every place of the population ask", SCHEMA_BOOL,
                           AT(everywhere)},
    [EXPECT_ANSWER] = {"Answer", "What comes back", SCHEMA_OBJECT, AT(answer), .table = &answer_schema},
    [EXPECT_EXPLANATION] = {"Explanation", "A part of what nearwell explain says", SCHEMA_STRING,
                            AT(explanation), .least = 1, .most = 1024},
    [EXPECT_SHARE] = {"Share", "Percent of the population that each site gets", SCHEMA_MAP, AT(share),
                      .table = &share_schema, .least = 1, .most = 100},
    [EXPECT_HEALTH_CHECK_ID] = {"HealthCheckId", "The health check of Status and CheckersHealthy",
                                SCHEMA_STRING, AT(health_check_id), .least = 1, .most = ID_TEXT},
    [EXPECT_STATUS] = {"Status", "The final status", SCHEMA_ENUM, AT(status), .choices = statuses},
    [EXPECT_CHECKERS_HEALTHY] = {"CheckersHealthy", "How many checkers say healthy", SCHEMA_INTEGER,
                                 AT(checkers_healthy), .least = 0, .most = 10000},
    [EXPECT_NEVER] = {"Never",
                      "FailOpen: no answer is the last resort. DeadSite: no client is sent to an endpoint "
                      "that cannot serve, LongerThan at a stretch. Overload: no site has more clients "
                      "than its capacity",
                      SCHEMA_ENUM, AT(never), .choices = nevers},
    [EXPECT_LONGER_THAN] = {"LongerThan", "With DeadSite", SCHEMA_STRING, AT(longer_than), .least = 2,
                            .most = DURATION_TEXT},
    [EXPECT_COMMENT] = {"Comment", "For people", .kind = SCHEMA_IGNORED},
};
#undef AT
static const struct schema_table expectation_schema = {
    "Expectation", "What must hold: at a time, throughout, or within a time after something",
    sizeof(struct expectation_fields), expectation_fields, TABLE_COUNT(expectation_fields)};

// --- the file ----------------------------------------------------------------------------------------------

static const char *const *phases(void)
{
    static const char *const names[] = {"Spread", "Random", NULL};
    return names;
}

#define AT(member) .offset = offsetof(struct scenario_fields, member)
static const struct schema_field scenario_file_fields[] = {
    [SCENARIO_DESCRIPTION] = {"Description", "What it teaches", SCHEMA_STRING, AT(description), .least = 1,
                              .most = 4096, .required = true},
    [SCENARIO_POLICY] = {"Policy", "A policy's file name, relative to this file, or the policy itself",
                         SCHEMA_CUSTOM, AT(policy), .read = keep_policy, .required = true,
                         .shape = "{\"anyOf\": [{\"type\": \"string\", \"minLength\": 1}, "
                                  "{\"$ref\": \"../policies/policy.schema.json\"}]}"},
    [SCENARIO_SEED] = {"Seed", "Of all chance; by default the policy's Simulator.Seed", SCHEMA_INTEGER,
                       AT(seed), .least = 0, .most = 9007199254740991.0},
    [SCENARIO_START] = {"Start", "The time of day at 0: 2026-01-01T00:00:00Z, which is the default",
                        SCHEMA_STRING, AT(start), .least = 20, .most = 40},
    [SCENARIO_END] = {"End", "Time since the start; by default that of the last event or expectation",
                      SCHEMA_STRING, AT(end), .least = 2, .most = DURATION_TEXT},
    [SCENARIO_PHASES] =
        {"Phases",
         "When checkers probe. Spread: evenly, checker i of n i/n of an interval after its multiples. "
         "Random: by the seed",
         SCHEMA_ENUM, AT(phases), .choices = phases, .defaulted = true},
    [SCENARIO_NAME] = {"Name", "Of the question, where an expectation has none", SCHEMA_STRING, AT(name),
                       .least = 1, .most = NAME_TEXT},
    [SCENARIO_TYPE] = {"Type", "Of the question, where an expectation has none; by default A", SCHEMA_STRING,
                       AT(type), .least = 1, .most = 16},
    [SCENARIO_EVENTS] = {"Events", "What happens", SCHEMA_OBJECTS, AT(events), .table = &event_schema},
    [SCENARIO_EXPECTATIONS] = {"Expectations", "What must come of it", SCHEMA_OBJECTS, AT(expectations),
                               .table = &expectation_schema},
    [SCENARIO_CLIENT_CLASSES] = {"ClientClasses",
                                 "Kinds of clients, whose caches lie between the answers and what they feel",
                                 SCHEMA_OBJECTS, AT(client_classes), .table = &scenario_class_schema},
    [SCENARIO_RESOLVERS] = {"Resolvers",
                            "What these clients ask; by default resolvers nearby that do as answers say",
                            SCHEMA_OBJECTS, AT(resolvers), .table = &scenario_resolver_schema},
    {"$schema", "For editors", SCHEMA_IGNORED, .shape = "{\"type\": \"string\"}"},
    {"Comment", "For people", .kind = SCHEMA_IGNORED},
};
#undef AT

const struct schema_table scenario_schema = {
    "Scenario", "Who is up when, who asks what, and what must come back", sizeof(struct scenario_fields),
    scenario_file_fields, TABLE_COUNT(scenario_file_fields)};
