// SPDX-License-Identifier: MIT
// Warnings about what is legal and hardly ever meant; and that good policies get none.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "support/policy_dsl.h"

static const struct policy_options checking = {.trap_warnings = true};

// Record sets of a.example.com from line 2 on, one a line; h and i are used, so that they do not warn by
// themselves. dead.example.com has no check, lb.elb.test is a load balancer.
#define CHECK(id) "{'Id': '" id "', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '8.8.8.8'}}"
#define LEAF(name, members)                                                                                  \
    "{'Name': '" name ".example.com', 'Type': 'A', 'TTL': 60, " members                                      \
    "'ResourceRecords': [{'Value': '192.0.2.9'}]}"
#define POLICY(record_sets)                                                                                  \
    "{'CidrCollections': [{'Id': 'c', 'Name': 'n', 'CidrBlocks': [{'CidrBlock': '192.0.2.0/24', "            \
    "'LocationName': 'north'}]}], 'Resources': [{'DNSName': 'lb.elb.test', 'HostedZoneId': 'ZELB', "         \
    "'Type': 'ALB', 'ResourceRecords': {'A': ['192.0.2.7']}}], 'HealthChecks': [" CHECK("h") ", " CHECK(     \
        "i") "], 'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': "                 \
             "[" LEAF("b", "'HealthCheckId': 'h', ") ", " LEAF("c", "'HealthCheckId': "                      \
                                                                    "'i', ") ", " LEAF("dea"                 \
                                                                                       "d",                  \
                                                                                       "") ",\n" record_sets \
                                                                                           "]}]}"
#define BASE(members) "{'Name': 'a.example.com', 'Type': 'A', " members "}"
#define SET(id, ttl, members)                                                                                \
    BASE(members ", 'SetIdentifier': '" id "', 'TTL': " ttl ", 'ResourceRecords': [{'Value': '192.0.2.1'}]")
#define CHECKED                 ", 'HealthCheckId': 'h'"
#define CHECKED_TOO             ", 'HealthCheckId': 'i'"
#define ALIAS(id, eth, members) ALIAS_TO("b.example.com", "Z1", id, eth, members)
#define ALIAS_TO(target, zone, id, eth, members)                                                             \
    BASE(members ", 'SetIdentifier': '" id "', 'AliasTarget': {'HostedZoneId': '" zone                       \
                 "', 'DNSName': '" target "',\n'EvaluateTargetHealth': " eth "}")

static void expect(const char *text, const char *finding)
{
    struct policy_dsl dsl;
    policy_dsl_read(&dsl, text, NULL, &checking);
    const char *printed = buffer_string(&dsl.printed);
    size_t wanted = finding != NULL;
    if (dsl.policy == NULL || dsl.warnings != wanted ||
        (finding != NULL && strncmp(printed, finding, strlen(finding)) != 0)) {
        fail_msg("wanted, alone: %s\nfound: %s\n%s", finding != NULL ? finding : "nothing", printed, text);
    }
    policy_dsl_free(&dsl);
    policy_dsl_read(&dsl, text, NULL, NULL); // nobody asked
    assert_int_equal(dsl.warnings, 0);
    policy_dsl_free(&dsl);
}

// D23: the names of zones need not differ, their ids must.
static void test_a_second_zone_of_a_name_is_told(void **state)
{
    (void)state;
    expect("{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com'},\n{'Id': 'Z2', 'Name': 'Example.com.'},\n"
           "{'Id': 'Z3', 'Name': 'example.org'}]}",
           "policy.json:2:22: warning: hosted zone Z1 is named 'Example.com.' too, and only the first one "
           "answers over DNS (D23)\n");
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
        {POLICY(SET("x", "60", "'Weight': 0" CHECKED) ",\n" SET("y", "60", "'Weight': 1" CHECKED_TOO)),
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
        // EX2: an alias by itself is asked through another one
        {POLICY("{'Name': 'www.example.com', 'Type': 'A', 'AliasTarget': {'HostedZoneId': 'Z1', 'DNSName': "
                "'a.example.com', 'EvaluateTargetHealth': true}},\n" ALIAS("x", "false",
                                                                           "'Region': 'us-east-1'")),
         "policy.json:4:25: warning: without EvaluateTargetHealth this alias always counts as healthy; it "
         "answers even when its whole target is unhealthy (T7)"},
        {POLICY(ALIAS_TO("dead.example.com", "Z1", "x", "true",
                         "'Region': 'us-east-1'") ",\n" SET("y", "60", "'Region': 'eu-west-1'" CHECKED)),
         "policy.json:2:134: warning: this alias never backs out: record set dead.example.com. below it has "
         "no health check and always counts as healthy (T9)"},
        {POLICY(SET("x", "60", "'Weight': 1" CHECKED) ",\n" SET("y", "60", "'Weight': 1" CHECKED)),
         "policy.json:2:70: warning: all 2 record sets of this name and type have the same health check: "
         "when it fails, all are unhealthy and answer as before (R3)"},
        {POLICY(ALIAS_TO("lb.elb.test", "ZELB", "x", "true", "'Weight': 1") ",\n" SET("y", "30",
                                                                                      "'Weight': 1" CHECKED)),
         "policy.json:4:104: warning: beside 'x', an alias to a load balancer whose answers are kept 60 s, a "
         "TTL of 30 s shifts traffic away from the weights; make it 60 (W6)"},
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
        POLICY(SET("x", "60", "'Weight': 0" CHECKED) ",\n" SET("y", "60", "'Weight': 0" CHECKED_TOO)),
        POLICY(ALIAS("x", "true", "'Region': 'us-east-1'") ",\n" SET("y", "60",
                                                                     "'Region': 'eu-west-1'" CHECKED)),
        // a load balancer beside the TTL that goes with it (W6)
        POLICY(ALIAS_TO("lb.elb.test", "ZELB", "x", "true", "'Weight': 1") ",\n" SET("y", "60",
                                                                                     "'Weight': 1" CHECKED)),
        // one check for a branch, which an alias backs out of
        POLICY("{'Name': 'www.example.com', 'Type': 'A', 'AliasTarget': {'HostedZoneId': 'Z1', 'DNSName': "
               "'a.example.com', 'EvaluateTargetHealth': true}},\n" SET(
                   "x", "60", "'Weight': 1" CHECKED) ",\n" SET("y", "60", "'Weight': 1" CHECKED)),
        // R2: of a group of one nothing can be swallowed
        POLICY(ALIAS("x", "false", "'Region': 'us-east-1'")),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect(cases[i], NULL);
    }
}

// --- health checks -----------------------------------------------------------------------------------------

// Checks from line 2 on; the calculated check all, which a record set uses, has these children.
#define CHECKS(children, checks)                                                                             \
    "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [" LEAF(                     \
        "b",                                                                                                 \
        "'HealthCheckId': 'all', ") "]}], 'HealthChecks': [{'Id': 'all', 'HealthCheckConfig': {'Type': "     \
                                    "'CALCULATED',\n'ChildHealthChecks': [" children "], " checks "]}"
#define CHILD(id, members) "{'Id': '" id "', 'HealthCheckConfig': {'Type': 'TCP', 'Port': 80, " members "}}"
#define ENDPOINT           "'IPAddress': '8.8.8.8'"
#define OFF                ENDPOINT ", 'Disabled': true"

static void test_traps_of_health_checks_are_told_with_their_rule(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *finding;
    } cases[] = {
        {"{'HealthChecks': [" CHECK("h") "]}",
         "policy.json:1:26: warning: no record set uses health check h"},
        // S5
        {CHECKS("'x'", "'HealthThreshold': 1}},\n" CHILD("x", ENDPOINT ", 'Inverted': true")),
         "policy.json:3:98: warning: an inverted check turns healthy when what it checks really fails; to "
         "hold "
         "it unhealthy whatever happens, set Disabled as well (S5)"},
        // S6, S7
        {CHECKS("'x'", "'HealthThreshold': 0}},\n" CHILD("x", ENDPOINT)),
         "policy.json:2:48: warning: this check can never be unhealthy: of its 1 children at least 0 and at "
         "most 1 are healthy, and HealthThreshold is 0 (S6)"},
        {CHECKS("'x'", "'HealthThreshold': 2}},\n" CHILD("x", ENDPOINT)),
         "policy.json:2:48: warning: this check can never be healthy: of its 1 children at least 0 and at "
         "most 1 are healthy, and HealthThreshold is 2 (S6)"},
        {CHECKS("'x', 'y'", "'HealthThreshold': 1}},\n" CHILD("x", ENDPOINT) ",\n" CHILD("y", OFF)),
         "policy.json:2:53: warning: this check can never be unhealthy: of its 2 children at least 1 and at "
         "most 2 are healthy, and HealthThreshold is 1 (S6)"},
        {CHECKS("'x', 'y'",
                "'HealthThreshold': 2}},\n" CHILD("x", ENDPOINT) ",\n" CHILD("y", OFF ", 'Inverted': true")),
         "policy.json:2:53: warning: this check can never be healthy: of its 2 children at least 0 and at "
         "most 1 are healthy, and HealthThreshold is 2 (S6)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect(cases[i].text, cases[i].finding);
    }
}

static void test_health_checks_that_are_meant_that_way_are_no_trap(void **state)
{
    (void)state;
    static const char *const cases[] = {
        CHECKS("'x'", "'HealthThreshold': 1}},\n" CHILD("x", ENDPOINT)),
        // S5: held unhealthy; and a string that must not be there
        CHECKS("'x', 'y'",
               "'HealthThreshold': 1}},\n" CHILD("x", OFF ", 'Inverted': true") ",\n" CHILD("y", ENDPOINT)),
        CHECKS("'x'", "'HealthThreshold': 1}},\n{'Id': 'x', 'HealthCheckConfig': {'Type': 'HTTP_STR_MATCH', "
                      "'SearchString': 'error', 'Inverted': true, " ENDPOINT "}}"),
        // a check that is off may say what it likes
        CHECKS("'x'", "'HealthThreshold': 0, 'Disabled': true}},\n" CHILD("x", ENDPOINT)),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect(cases[i], NULL);
    }
}

// Checks h (of a name) and i (of an address), record sets from line 2 on.
#define NAMED(name, record_sets)                                                                             \
    "{'HealthChecks': [" CHECK("i") ", {'Id': 'h', 'HealthCheckConfig': {'Type': 'HTTP', "                   \
                                    "'FullyQualifiedDomainName':\n'" name                                    \
                                    "'}}], 'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', "             \
                                    "'ResourceRecordSets': [" LEAF("b", "'HealthCheckId': 'h', ") ", " LEAF( \
                                        "c", "'HealthCheckId': 'i', ") ",\n" record_sets "]}]}"
#define PAIR SET("x", "60", "'Weight': 1" CHECKED) ",\n" SET("y", "60", "'Weight': 1" CHECKED_TOO)
#define SIMPLE_ALIAS(name, target)                                                                           \
    "{'Name': '" name "', 'Type': 'A', 'AliasTarget': {'HostedZoneId': 'Z1', 'DNSName': '" target            \
    "', 'EvaluateTargetHealth': true}}"

static void test_check_of_a_name_that_it_controls_is_a_trap(void **state)
{
    (void)state;
    static const char *const looping[] = {
        // P24
        NAMED("A.example.com", PAIR),
        NAMED("www.example.com", SIMPLE_ALIAS("www.example.com", "a.example.com") ",\n" PAIR),
        NAMED("www.example.com", "{'Name': 'www.example.com', 'Type': 'CNAME', 'TTL': 60, 'ResourceRecords': "
                                 "[{'Value': 'a.example.com'}]},\n" PAIR),
        NAMED("any.w.example.com", SIMPLE_ALIAS("*.w.example.com", "a.example.com") ",\n" PAIR),
        NAMED("a.example.com", ALIAS("x", "true", "'Weight': 1") ",\n" SET(
                                   "y", "60", "'Weight': 1" CHECKED_TOO)), // by way of b
    };
    static const char *const straight[] = {
        NAMED("origin.example.net", PAIR),
        NAMED("b.example.com", PAIR), // R2: alone, b answers whatever its check says
        NAMED("c.example.com", PAIR),
        NAMED("www.example.com", SIMPLE_ALIAS("www.example.com", "b.example.com") ",\n" PAIR),
    };
    for (size_t i = 0; i < sizeof looping / sizeof looping[0]; i++) {
        expect(looping[i], "policy.json:2:1: warning: this check decides about record set ");
    }
    for (size_t i = 0; i < sizeof straight / sizeof straight[0]; i++) {
        expect(straight[i], NULL);
    }
}

// 16 checkers every 10 s are 1.6 requests a second (P1, P2).
static void test_more_requests_than_sensible_are_a_trap(void **state)
{
    (void)state;
    expect(
        "{'Simulator': {'FreeIntervals': true}, 'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', "
        "'ResourceRecordSets': [" LEAF("b", "'HealthCheckId': 'x', ") ", " LEAF(
            "c",
            "'HealthCheckId': 'y', ") "]}], 'HealthChecks': [\n" CHILD("x",
                                                                       "'RequestInterval': "
                                                                       "0.5, " ENDPOINT) ",\n" CHILD("y",
                                                                                                     "'R"
                                                                                                     "eq"
                                                                                                     "ue"
                                                                                                     "st"
                                                                                                     "In"
                                                                                                     "te"
                                                                                                     "rv"
                                                                                                     "al"
                                                                                                     "':"
                                                                                                     " 0"
                                                                                                     ".5"
                                                                                                     ","
                                                                                                     " " ENDPOINT) "]}",
        "policy.json:2:99: warning: 2 health checks send up to 64 requests a second to 8.8.8.8:80; more "
        "than 50 are hardly ever meant (P1, P2)");
    expect(
        "{'Simulator': {'FreeIntervals': true}, 'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', "
        "'ResourceRecordSets': [" LEAF("b", "'HealthCheckId': 'x', ") ", " LEAF(
            "c",
            "'HealthCheckId': 'y', ") "]}], 'HealthChecks': [\n" CHILD("x",
                                                                       "'RequestInterval': "
                                                                       "0.5, " ENDPOINT) ",\n" CHILD("y",
                                                                                                     "'R"
                                                                                                     "eq"
                                                                                                     "ue"
                                                                                                     "st"
                                                                                                     "In"
                                                                                                     "te"
                                                                                                     "rv"
                                                                                                     "al"
                                                                                                     "':"
                                                                                                     " 0"
                                                                                                     ".5"
                                                                                                     ", "
                                                                                                     "'I"
                                                                                                     "PA"
                                                                                                     "dd"
                                                                                                     "re"
                                                                                                     "ss"
                                                                                                     "':"
                                                                                                     " '"
                                                                                                     "8."
                                                                                                     "8."
                                                                                                     "4."
                                                                                                     "4"
                                                                                                     "'") "]"
                                                                                                          "}",
        NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_second_zone_of_a_name_is_told),
        cmocka_unit_test(test_traps_are_told_with_their_rule),
        cmocka_unit_test(test_what_is_meant_that_way_is_no_trap),
        cmocka_unit_test(test_traps_of_health_checks_are_told_with_their_rule),
        cmocka_unit_test(test_health_checks_that_are_meant_that_way_are_no_trap),
        cmocka_unit_test(test_check_of_a_name_that_it_controls_is_a_trap),
        cmocka_unit_test(test_more_requests_than_sensible_are_a_trap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
