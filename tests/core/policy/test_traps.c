// SPDX-License-Identifier: MIT
// Warnings about what is legal and hardly ever meant; and that good policies get none.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "support/policy_dsl.h"

static const struct policy_options checking = {.trap_warnings = true};

// Record sets of a.example.com from line 2 on, one a line; h is used, so that it does not warn by itself.
#define POLICY(record_sets)                                                                                  \
    "{'CidrCollections': [{'Id': 'c', 'Name': 'n', 'CidrBlocks': [{'CidrBlock': '192.0.2.0/24', "            \
    "'LocationName': 'north'}]}], 'HealthChecks': [{'Id': 'h', 'HealthCheckConfig': {'Type': 'HTTP', "       \
    "'IPAddress': '8.8.8.8'}}], 'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [" \
    "{'Name': 'b.example.com', 'Type': 'A', 'HealthCheckId': 'h', 'TTL': 60, 'ResourceRecords': [{'Value': " \
    "'192.0.2.9'}]},\n" record_sets "]}]}"
#define BASE(members) "{'Name': 'a.example.com', 'Type': 'A', " members "}"
#define SET(id, ttl, members)                                                                                \
    BASE(members ", 'SetIdentifier': '" id "', 'TTL': " ttl ", 'ResourceRecords': [{'Value': '192.0.2.1'}]")
#define CHECKED ", 'HealthCheckId': 'h'"
#define ALIAS(id, eth, members)                                                                              \
    BASE(members ", 'SetIdentifier': '" id                                                                   \
                 "', 'AliasTarget': {'HostedZoneId': 'Z1', 'DNSName': 'b.example.com',\n"                    \
                 "'EvaluateTargetHealth': " eth "}")

static void expect(const char *text, const char *finding)
{
    struct policy_dsl dsl;
    policy_dsl_read(&dsl, text, NULL, &checking);
    const char *printed = buffer_string(&dsl.printed);
    size_t wanted = finding != NULL;
    if (dsl.policy == NULL || dsl.warnings != wanted ||
        (finding != NULL && strncmp(printed, finding, strlen(finding)) != 0)) {
        fail_msg("%s\nwanted, alone: %s\nfound: %s", text, finding != NULL ? finding : "nothing", printed);
    }
    policy_dsl_free(&dsl);
    policy_dsl_read(&dsl, text, NULL, NULL); // nobody asked
    assert_int_equal(dsl.warnings, 0);
    policy_dsl_free(&dsl);
}

static void test_traps_are_told_with_their_rule(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *finding;
    } cases[] = {
        {POLICY(ALIAS("x", "false", "'Weight': 1") ",\n" ALIAS("y", "true", "'Weight': 1")),
         "policy.json:3:25: warning: without EvaluateTargetHealth this alias always counts as healthy; it "
         "answers even when its whole target is unhealthy (T7)"},
        {POLICY(ALIAS("x", "false", "'Weight': 1" CHECKED) ",\n" ALIAS("y", "true", "'Weight': 1")),
         "policy.json:3:25: warning: without EvaluateTargetHealth this alias heeds its own health check "
         "only; it answers even when its whole target is unhealthy (T7)"},
        {POLICY(
             SET("x", "60", "'Region': 'us-east-1'" CHECKED) ",\n" SET("y", "60", "'Region': 'eu-west-1'")),
         "policy.json:3:1: warning: without a health check this record always counts as healthy: the traffic "
         "of unhealthy ones ends here, and an alias to this name never backs out (R4, T9)"},
        {POLICY(
             SET("x", "60", "'Failover': 'PRIMARY'") ",\n" SET("y", "60", "'Failover': 'SECONDARY'" CHECKED)),
         "policy.json:2:1: warning: without a health check this record always counts as healthy"},
        {POLICY(SET("x", "60", "'Weight': 0" CHECKED) ",\n" SET("y", "60", "'Weight': 1" CHECKED)),
         "policy.json:2:50: warning: Weight 0 does not take a record out of service: when all others are "
         "unhealthy, this one answers (W3)"},
        {POLICY(SET("x", "60", "'GeoLocation': {'CountryCode': 'DE'}")),
         "policy.json:2:55: warning: no record of this name and type is the default (CountryCode '*'): "
         "clients elsewhere get no answer (G4)"},
        {POLICY(SET("x", "60", "'CidrRoutingConfig': {'CollectionId': 'c', 'LocationName': 'north'}")),
         "policy.json:2:61: warning: no record of this name and type is the default (LocationName '*'): "
         "clients elsewhere get no answer (I5)"},
        {POLICY(SET("x", "60", "'CidrRoutingConfig': {'CollectionId': 'c', 'LocationName': '*'}") ",\n" SET(
             "y", "60", "'CidrRoutingConfig': {'CollectionId': 'c', 'LocationName': 'nroth'}")),
         "policy.json:3:99: warning: no block of CIDR collection c is in location 'nroth', so no client "
         "gets this record (I2)"},
        {POLICY(SET("x", "61", "'Region': 'us-east-1'" CHECKED)),
         "policy.json:2:114: warning: resolvers keep this answer for 61 s after its health check fails; AWS "
         "advises at most 60 (D22)"},
        {"{'HealthChecks': [{'Id': 'h', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '8.8.8.8'}}]}",
         "policy.json:1:26: warning: no record set uses health check h"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect(cases[i].text, cases[i].finding);
    }
}

static void test_what_is_meant_that_way_is_no_trap(void **state)
{
    (void)state;
    static const char *const cases[] = {
        // O1: the last resort needs no health check
        POLICY(
            SET("x", "60", "'Failover': 'PRIMARY'" CHECKED) ",\n" SET("y", "60", "'Failover': 'SECONDARY'")),
        POLICY(SET("x", "60", "'GeoLocation': {'CountryCode': 'DE'}" CHECKED) ",\n" SET(
            "y", "60", "'GeoLocation': {'CountryCode': '*'}")),
        POLICY(SET("x", "60",
                   "'CidrRoutingConfig': {'CollectionId': 'c', 'LocationName': "
                   "'north'}" CHECKED) ",\n" SET("y", "60",
                                                 "'CidrRoutingConfig': {'CollectionId': 'c', "
                                                 "'LocationName': '*'}")),
        POLICY(SET("x", "60", "'Weight': 1" CHECKED) ",\n" SET("y", "60", "'Weight': 0")),
        // no health checks at all, all weights 0 (W2), target health in place of a check
        POLICY(SET("x", "300", "'Weight': 1") ",\n" SET("y", "300", "'Weight': 1")),
        POLICY(SET("x", "60", "'Weight': 0" CHECKED) ",\n" SET("y", "60", "'Weight': 0" CHECKED)),
        POLICY(ALIAS("x", "true", "'Region': 'us-east-1'") ",\n" SET("y", "60",
                                                                     "'Region': 'eu-west-1'" CHECKED)),
        // R2: of a group of one nothing can be swallowed
        POLICY(ALIAS("x", "false", "'Region': 'us-east-1'")),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect(cases[i], NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_traps_are_told_with_their_rule),
        cmocka_unit_test(test_what_is_meant_that_way_is_no_trap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
