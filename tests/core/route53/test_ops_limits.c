// SPDX-License-Identifier: MIT
// Limits, DNSSEC and query logging: API reference 3.8 and 3.12.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/account_dsl.h"

static const char policy[] = "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com'}],"
                             " 'HealthChecks': [{'Id': 'h', 'HealthCheckConfig': {'Type': 'CALCULATED',"
                             "  'HealthThreshold': 0, 'ChildHealthChecks': []}}]}";

struct operation_case {
    const char *operation;
    const char *input;
    const char *reply;
};

// PRIVATE in an input stands for the id of a private zone.
static void try_cases(const struct operation_case *cases, size_t count)
{
    struct account_dsl dsl;
    char id[64];
    account_dsl_open(&dsl, policy);
    account_dsl_call(
        &dsl, "CreateHostedZone",
        "{'Name': 'corp.internal', 'CallerReference': 'r', 'VPC': {'VPCRegion': 'us-east-1', 'VPCId': "
        "'vpc-1'}}");
    snprintf(id, sizeof id, "%s", account_dsl_at(&dsl, "/HostedZone/Id"));
    for (size_t i = 0; i < count; i++) {
        char input[512];
        const char *place = strstr(cases[i].input, "PRIVATE");
        int before = place != NULL ? (int)(place - cases[i].input) : (int)strlen(cases[i].input);
        snprintf(input, sizeof input, "%.*s%s%s", before, cases[i].input, place != NULL ? id : "",
                 place != NULL ? place + strlen("PRIVATE") : "");
        account_dsl_expect(&dsl, cases[i].operation, input, cases[i].reply);
    }
    account_dsl_close(&dsl);
}
#define TRY(cases) try_cases(cases, sizeof(cases) / sizeof(cases)[0])

static void test_limits_say_how_much_there_may_be_and_is(void **state)
{
    (void)state;
    static const struct operation_case cases[] = {
        {"GetAccountLimit", "{'Type': 'MAX_HEALTH_CHECKS_BY_OWNER'}",
         "{'Limit':{'Type':'MAX_HEALTH_CHECKS_BY_OWNER','Value':200},'Count':1}"}, // L9
        {"GetAccountLimit", "{'Type': 'MAX_HOSTED_ZONES_BY_OWNER'}",
         "{'Limit':{'Type':'MAX_HOSTED_ZONES_BY_OWNER','Value':500},'Count':2}"}, // L1
        {"GetAccountLimit", "{'Type': 'MAX_TRAFFIC_POLICIES_BY_OWNER'}",
         "{'Limit':{'Type':'MAX_TRAFFIC_POLICIES_BY_OWNER','Value':50},'Count':0}"}, // L22
        {"GetAccountLimit", "{'Type': 'MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER'}",
         "{'Limit':{'Type':'MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER','Value':5},'Count':0}"},
        {"GetAccountLimit", "{'Type': 'MAX_REUSABLE_DELEGATION_SETS_BY_OWNER'}",
         "{'Limit':{'Type':'MAX_REUSABLE_DELEGATION_SETS_BY_OWNER','Value':100},'Count':0}"}, // L18
        {"GetAccountLimit", "{'Type': 'MAX_WISHES'}", "InvalidInput: ..."},
        {"GetHostedZoneLimit", "{'Type': 'MAX_RRSETS_BY_ZONE', 'HostedZoneId': 'Z1'}",
         "{'Limit':{'Type':'MAX_RRSETS_BY_ZONE','Value':10000},'Count':2}"}, // L2
        {"GetHostedZoneLimit", "{'Type': 'MAX_VPCS_ASSOCIATED_BY_ZONE', 'HostedZoneId': 'PRIVATE'}",
         "{'Limit':{'Type':'MAX_VPCS_ASSOCIATED_BY_ZONE','Value':300},'Count':1}"}, // L21
        {"GetHostedZoneLimit", "{'Type': 'MAX_VPCS_ASSOCIATED_BY_ZONE', 'HostedZoneId': 'Z1'}",
         "HostedZoneNotPrivate: The specified hosted zone is a public hosted zone."},
        {"GetHostedZoneLimit", "{'Type': 'MAX_RRSETS_BY_ZONE', 'HostedZoneId': 'Z3'}",
         "NoSuchHostedZone: ..."},
        {"GetReusableDelegationSetLimit",
         "{'Type': 'MAX_ZONES_BY_REUSABLE_DELEGATION_SET', 'DelegationSetId': 'N1'}",
         "NoSuchDelegationSet: ..."},
    };
    TRY(cases);
}

static void test_a_reusable_delegation_set_counts_its_zones(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char id[64];
    char input[256];
    account_dsl_open(&dsl, "{}");
    account_dsl_call(&dsl, "CreateReusableDelegationSet", "{'CallerReference': 'r'}");
    snprintf(id, sizeof id, "%s", account_dsl_at(&dsl, "/DelegationSet/Id"));
    snprintf(input, sizeof input, "{'Name': 'a.example', 'CallerReference': 's', 'DelegationSetId': '%s'}",
             id);
    account_dsl_expect(&dsl, "CreateHostedZone", input, "{'HostedZone':...");
    snprintf(input, sizeof input, "{'Type': 'MAX_ZONES_BY_REUSABLE_DELEGATION_SET', 'DelegationSetId': '%s'}",
             id);
    account_dsl_expect(
        &dsl, "GetReusableDelegationSetLimit", input,
        "{'Limit':{'Type':'MAX_ZONES_BY_REUSABLE_DELEGATION_SET','Value':100},'Count':1}"); // L18
    account_dsl_close(&dsl);
}

#define Z1 "{'HostedZoneId': 'Z1'}"
#define KEY                                                                                                  \
    "{'HostedZoneId': 'Z1', 'Name': 'key', 'CallerReference': 'r', 'Status': 'ACTIVE',"                      \
    " 'KeyManagementServiceArn': 'arn:aws:kms:us-east-1:123456789012:key/k'}"

static void test_no_zone_is_signed_and_nothing_pretends_to(void **state)
{
    (void)state;
    static const struct operation_case cases[] = {
        {"GetDNSSEC", Z1, "{'Status':{'ServeSignature':'NOT_SIGNING'},'KeySigningKeys':[]}"},
        {"GetDNSSEC", "{'HostedZoneId': 'PRIVATE'}",
         "InvalidArgument: Operation is unsupported for private hosted zones."},
        {"GetDNSSEC", "{'HostedZoneId': 'Z3'}", "NoSuchHostedZone: ..."},
        {"CreateKeySigningKey", KEY,
         "InvalidArgument: A key signing key would have no effect: nearwell does not..."},
        {"ActivateKeySigningKey", "{'HostedZoneId': 'Z1', 'Name': 'key'}",
         "NoSuchKeySigningKey: The specified key signing key does not exist: nearwell does not sign zones."},
        {"DeactivateKeySigningKey", "{'HostedZoneId': 'Z1', 'Name': 'key'}", "NoSuchKeySigningKey: ..."},
        {"DeleteKeySigningKey", "{'HostedZoneId': 'Z1', 'Name': 'key'}", "NoSuchKeySigningKey: ..."},
        {"EnableHostedZoneDNSSEC", Z1, "KeySigningKeyWithActiveStatusNotFound: ..."},
        {"DisableHostedZoneDNSSEC", Z1, "DNSSECNotFound: ..."},
        {"EnableHostedZoneDNSSEC", "{'HostedZoneId': 'Z3'}", "NoSuchHostedZone: ..."},
    };
    TRY(cases);
}

#define ARN "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/example.com"

static void test_a_public_zone_has_one_query_logging_configuration(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char id[64];
    char by_id[128];
    char config[512];
    account_dsl_open(&dsl, policy);
    account_dsl_expect(&dsl, "ListQueryLoggingConfigs", "{}", "{'QueryLoggingConfigs':[]}");
    account_dsl_expect(&dsl, "CreateQueryLoggingConfig",
                       "{'HostedZoneId': 'Z1', 'CloudWatchLogsLogGroupArn': '" ARN "'}",
                       "{'QueryLoggingConfig':...");
    snprintf(id, sizeof id, "%s", account_dsl_at(&dsl, "/QueryLoggingConfig/Id"));
    assert_int_equal(strlen(id), 36);
    snprintf(by_id, sizeof by_id, "{'Id': '%s'}", id);
    snprintf(config, sizeof config,
             "{'QueryLoggingConfig':{'Id':'%s','HostedZoneId':'Z1','CloudWatchLogsLogGroupArn':'" ARN "'}}",
             id);
    account_dsl_expect(&dsl, "GetQueryLoggingConfig", by_id, config);
    account_dsl_expect(&dsl, "ListQueryLoggingConfigs", Z1, "{'QueryLoggingConfigs':[{'Id':...");
    account_dsl_expect(&dsl, "ListQueryLoggingConfigs", "{}", "{'QueryLoggingConfigs':[{'Id':...");
    account_dsl_expect(&dsl, "CreateQueryLoggingConfig",
                       "{'HostedZoneId': 'Z1', 'CloudWatchLogsLogGroupArn': '" ARN "'}",
                       "QueryLoggingConfigAlreadyExists: ...");
    account_dsl_expect(&dsl, "DeleteQueryLoggingConfig", by_id, "{}");
    account_dsl_expect(&dsl, "DeleteQueryLoggingConfig", by_id, "NoSuchQueryLoggingConfig: ...");
    account_dsl_expect(&dsl, "GetQueryLoggingConfig", by_id, "NoSuchQueryLoggingConfig: ...");
    account_dsl_close(&dsl);
}

static void test_query_logging_needs_a_public_zone_and_a_log_group(void **state)
{
    (void)state;
    static const struct operation_case cases[] = {
        {"CreateQueryLoggingConfig", "{'HostedZoneId': 'PRIVATE', 'CloudWatchLogsLogGroupArn': '" ARN "'}",
         "InvalidInput: Queries can be logged for public hosted zones only."},
        {"CreateQueryLoggingConfig", "{'HostedZoneId': 'Z3', 'CloudWatchLogsLogGroupArn': '" ARN "'}",
         "NoSuchHostedZone: ..."},
        {"CreateQueryLoggingConfig",
         "{'HostedZoneId': 'Z1', 'CloudWatchLogsLogGroupArn': 'arn:aws:logs:eu-west-1:1:"
         "log-group:x'}",
         "InvalidInput: The log group must be named as..."},
        {"CreateQueryLoggingConfig",
         "{'HostedZoneId': 'Z1', 'CloudWatchLogsLogGroupArn': 'arn:aws:logs:us-east-1:1:"
         "log-group:'}",
         "InvalidInput: The log group must be named as..."},
        {"CreateQueryLoggingConfig", "{'HostedZoneId': 'Z1', 'CloudWatchLogsLogGroupArn': ''}",
         "InvalidInput: ..."},
        {"ListQueryLoggingConfigs", "{'HostedZoneId': 'Z3'}", "NoSuchHostedZone: ..."},
        {"ListQueryLoggingConfigs", "{'NextToken': 'x'}", "InvalidPaginationToken: ..."},
    };
    TRY(cases);
}

static void test_a_zones_query_logging_goes_with_the_zone(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    account_dsl_call(&dsl, "CreateQueryLoggingConfig",
                     "{'HostedZoneId': 'Z1', 'CloudWatchLogsLogGroupArn': '" ARN "'}");
    account_dsl_expect(&dsl, "DeleteHostedZone", "{'Id': 'Z1'}", "{'ChangeInfo':...");
    account_dsl_expect(&dsl, "ListQueryLoggingConfigs", "{}", "{'QueryLoggingConfigs':[]}");
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits_say_how_much_there_may_be_and_is),
        cmocka_unit_test(test_a_reusable_delegation_set_counts_its_zones),
        cmocka_unit_test(test_no_zone_is_signed_and_nothing_pretends_to),
        cmocka_unit_test(test_a_public_zone_has_one_query_logging_configuration),
        cmocka_unit_test(test_query_logging_needs_a_public_zone_and_a_log_group),
        cmocka_unit_test(test_a_zones_query_logging_goes_with_the_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
