// SPDX-License-Identifier: MIT
// The field tables of a health check: semantics reference, table 1.1; API: HealthCheck, HealthCheckConfig.
#include "core/model/health_check.h"
#include "core/model/region.h"
#include "fields.h"
#include "fields_parts.h"

const char *const *policy_health_check_types(void)
{
    static const char *const names[] = {"HTTP", "HTTPS",      "HTTP_STR_MATCH",    "HTTPS_STR_MATCH",
                                        "TCP",  "CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL",
                                        NULL};
    return names;
}

static const char *const *checker_regions(void)
{
    static const char *const names[] = {"us-east-1",      "us-west-1",      "us-west-2",
                                        "sa-east-1",      "eu-west-1",      "ap-southeast-1",
                                        "ap-southeast-2", "ap-northeast-1", NULL};
    return names;
}

static const char *const *insufficient_data_statuses(void)
{
    static const char *const names[] = {"Healthy", "Unhealthy", "LastKnownStatus", NULL};
    return names;
}

#define AT(member) .offset = offsetof(struct policy_alarm_identifier, member)
static const struct schema_field alarm_fields[] = {
    [ALARM_IDENTIFIER_REGION] = {"Region", "The alarm's region", SCHEMA_STRING, AT(region), .least = 1,
                                 .most = 64, .required = true},
    [ALARM_IDENTIFIER_NAME] = {"Name", "The alarm's name", SCHEMA_STRING, AT(name), .least = 1, .most = 256,
                               .required = true},
};
#undef AT

static const struct schema_table alarm_schema = {"AlarmIdentifier", "A CloudWatch alarm",
                                                 sizeof(struct policy_alarm_identifier), alarm_fields,
                                                 TABLE_COUNT(alarm_fields)};

#define AT(member) .offset = offsetof(struct policy_health_check_config, member)
static const struct schema_field config_fields[] = {
    [CHECK_TYPE] = {"Type", "How the endpoint is checked", SCHEMA_ENUM, AT(type), .required = true,
                    .choices = policy_health_check_types},
    [CHECK_IP_ADDRESS] = {"IPAddress", "Address to probe; without it FullyQualifiedDomainName is resolved",
                          SCHEMA_STRING, AT(ip_address), .least = 0, .most = 45},
    [CHECK_PORT] = {"Port", "By default 80 for HTTP, 443 for HTTPS; TCP needs one", SCHEMA_INTEGER, AT(port),
                    .least = 1, .most = 65535},
    [CHECK_RESOURCE_PATH] = {"ResourcePath", "Path and query to request, by default /", SCHEMA_STRING,
                             AT(resource_path), .least = 0, .most = 255},
    [CHECK_FULLY_QUALIFIED_DOMAIN_NAME] = {"FullyQualifiedDomainName",
                                           "Host header with an IPAddress, the name to resolve without",
                                           SCHEMA_STRING, AT(fully_qualified_domain_name), .least = 0,
                                           .most = 255},
    [CHECK_SEARCH_STRING] = {"SearchString", "What the body must hold, for the types that match strings",
                             SCHEMA_STRING, AT(search_string), .least = 0, .most = 255},
    [CHECK_REQUEST_INTERVAL] = {"RequestInterval",
                                "Seconds between a response and the next request: 10 or 30, or any from 0.05 "
                                "with Simulator.FreeIntervals",
                                SCHEMA_NUMBER, AT(request_interval), .least = 0.05, .most = 86400,
                                .defaulted = true, .fallback = 30},
    [CHECK_FAILURE_THRESHOLD] = {"FailureThreshold", "Consecutive results that change a checker's verdict",
                                 SCHEMA_INTEGER, AT(failure_threshold), .least = 1, .most = 10,
                                 .defaulted = true, .fallback = 3},
    [CHECK_MEASURE_LATENCY] = {"MeasureLatency", "Metrics only", SCHEMA_BOOL, AT(measure_latency),
                               .defaulted = true},
    [CHECK_INVERTED] = {"Inverted", "Healthy counts as unhealthy, and the other way round", SCHEMA_BOOL,
                        AT(inverted), .defaulted = true},
    [CHECK_DISABLED] = {"Disabled", "No probes; counts as healthy, before an inversion", SCHEMA_BOOL,
                        AT(disabled), .defaulted = true},
    [CHECK_HEALTH_THRESHOLD] = {"HealthThreshold", "Children that must be healthy, for CALCULATED",
                                SCHEMA_INTEGER, AT(health_threshold), .least = 0, .most = 256},
    [CHECK_CHILD_HEALTH_CHECKS] = {"ChildHealthChecks", "Ids of the children, for CALCULATED", SCHEMA_STRINGS,
                                   AT(child_health_checks), .least = 0, .most = 255},
    [CHECK_ENABLE_SNI] = {"EnableSNI", "Name in the TLS handshake, for HTTPS", SCHEMA_BOOL, AT(enable_sni)},
    [CHECK_REGIONS] = {"Regions", "Checker regions that take part, at least three; by default all eight",
                       SCHEMA_STRINGS, AT(regions), .least = 3, .most = 64, .choices = checker_regions},
    [CHECK_ALARM_IDENTIFIER] = {"AlarmIdentifier", "The alarm, for CLOUDWATCH_METRIC", SCHEMA_OBJECT,
                                AT(alarm_identifier), .table = &alarm_schema},
    [CHECK_INSUFFICIENT_DATA_HEALTH_STATUS] = {"InsufficientDataHealthStatus",
                                               "Status without data, for CLOUDWATCH_METRIC", SCHEMA_ENUM,
                                               AT(insufficient_data_health_status), .defaulted = true,
                                               .fallback = INSUFFICIENT_DATA_LAST_KNOWN,
                                               .choices = insufficient_data_statuses},
    [CHECK_ROUTING_CONTROL_ARN] = {"RoutingControlArn", "The routing control, for RECOVERY_CONTROL",
                                   SCHEMA_STRING, AT(routing_control_arn), .least = 1, .most = 255},
};
#undef AT

static const struct schema_table config_schema = {"HealthCheckConfig", "What is checked, and how",
                                                  sizeof(struct policy_health_check_config), config_fields,
                                                  TABLE_COUNT(config_fields)};

#define AT(member) .offset = offsetof(struct policy_health_check, member)
static const struct schema_field health_check_fields[] = {
    [HEALTH_CHECK_ID] = {"Id", "What record sets name in HealthCheckId", SCHEMA_STRING, AT(id), .least = 1,
                         .most = 64, .required = true},
    [HEALTH_CHECK_NAME] = {"Name", "Name for people; Route 53 keeps it in the tag Name", SCHEMA_STRING,
                           AT(name), .least = 0, .most = 256},
    [HEALTH_CHECK_CALLER_REFERENCE] = {"CallerReference", "As given when it was created", SCHEMA_STRING,
                                       AT(caller_reference), .least = 1, .most = 64},
    [HEALTH_CHECK_CONFIG] = {"HealthCheckConfig", "What is checked, and how", SCHEMA_OBJECT, AT(config),
                             .required = true, .table = &config_schema},
    [HEALTH_CHECK_VERSION] = {"HealthCheckVersion", "Grows by one with every update", SCHEMA_INTEGER,
                              AT(version), .least = 1, .most = 9007199254740991.0, .defaulted = true,
                              .fallback = 1},
    [HEALTH_CHECK_ALARM_CONFIGURATION] = {"CloudWatchAlarmConfiguration",
                                          "The alarm's settings as the check copied them, for "
                                          "CLOUDWATCH_METRIC; by default those in Alarms",
                                          SCHEMA_OBJECT, AT(alarm_configuration),
                                          .table = &policy_alarm_configuration_schema},
    {"LinkedService", "Accepted, not used", .kind = SCHEMA_IGNORED},
};
#undef AT

const struct schema_table policy_health_check_schema = {
    "HealthCheck", "A health check, as Route 53 lists it", sizeof(struct policy_health_check),
    health_check_fields, TABLE_COUNT(health_check_fields)};
