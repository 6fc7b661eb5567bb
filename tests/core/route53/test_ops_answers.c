// SPDX-License-Identifier: MIT
// What the API says of health and of answers: H16, H17, N1 to N3, E4.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/account_dsl.h"

// The account's model as a daemon would serve it, every check healthy.
struct served {
    struct account_dsl dsl;
    struct view view;
    struct locator *locator;
    struct latency_table *latency;
    struct status_table *status;
    struct fleet *fleet;
};

static void serve(struct served *served, const char *policy)
{
    account_dsl_open(&served->dsl, policy);
    const struct model *model = served->dsl.model;
    served->locator = locator_create(model);
    served->latency = latency_table_create(model, served->dsl.now);
    served->status = status_table_create(model->health_check_count, true);
    served->fleet = fleet_create();
    fleet_apply(served->fleet, model, (mono_time){0}, served->dsl.now);
    served->view = (struct view){model, served->locator, served->latency, served->status};
    served->dsl.view = &served->view;
    served->dsl.fleet = served->fleet;
}

static void stop(struct served *served)
{
    fleet_destroy(served->fleet);
    locator_destroy(served->locator);
    latency_table_destroy(served->latency);
    free(served->status);
    account_dsl_close(&served->dsl);
}

// --- health ------------------------------------------------------------------------------------------------

static const char checks[] =
    "{'HealthChecks': [{'Id': 'h', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '192.0.2.1', "
    "'Inverted': "
    "true, 'Regions': ['us-east-1', 'eu-west-1', 'sa-east-1']}}, {'Id': 'p', 'HealthCheckConfig': {'Type': "
    "'CALCULATED', 'HealthThreshold': 1, 'ChildHealthChecks': ['h']}}]}";

static size_t count(const char *text, const char *word)
{
    size_t found = 0;
    for (; (text = strstr(text, word)) != NULL; text++) {
        found++;
    }
    return found;
}

static void observe_all(struct served *served, enum observation_reason reason, mono_time now)
{
    struct probe_order order;
    while (fleet_take_due(served->fleet, now, &order)) {
        const struct observation observation = {.reason = (uint8_t)reason, .http = true, .http_status = 200};
        fleet_observe(served->fleet, &order, &observation, now, served->dsl.now);
    }
}

// H16: one observation a checker; H17: raw, whatever Inverted makes of them.
static void test_the_status_has_one_raw_observation_a_checker(void **state)
{
    (void)state;
    struct served served;
    serve(&served, checks);
    struct account_dsl *dsl = &served.dsl;
    account_dsl_expect(dsl, "GetHealthCheckStatus", "{'HealthCheckId': 'h'}",
                       "{'HealthCheckObservations':[]}");
    observe_all(&served, OBSERVED_SUCCESS, (mono_time){DURATION_S(60)});
    const char *reply = account_dsl_call(dsl, "GetHealthCheckStatus", "{'HealthCheckId': 'h'}");
    assert_int_equal(count(reply, "'Status':'Success: HTTP Status Code: 200."), 6);
    assert_int_equal(count(reply, "'Region':'us-east-1','IPAddress':'54.243.31.19"), 2);
    assert_int_equal(count(reply, "'54.243.31.192'"), 1);
    assert_int_equal(count(reply, "'54.243.31.193'"), 1);
    assert_int_equal(count(reply, "'CheckedTime':'2026-01-02T03:04:0"), 6);
    account_dsl_expect(dsl, "GetHealthCheckLastFailureReason", "{'HealthCheckId': 'h'}",
                       "{'HealthCheckObservations':[]}");
    observe_all(&served, OBSERVED_CONNECT_REFUSED, (mono_time){DURATION_S(120)});
    reply = account_dsl_call(dsl, "GetHealthCheckLastFailureReason", "{'HealthCheckId': 'h'}");
    assert_int_equal(count(reply, "'Status':'Failure: "), 6);
    account_dsl_expect(dsl, "GetHealthCheckStatus", "{'HealthCheckId': 'p'}", "InvalidInput: ..."); // H16
    account_dsl_expect(dsl, "GetHealthCheckStatus", "{'HealthCheckId': 'x'}", "NoSuchHealthCheck: ...");
    stop(&served);
}

// --- answers -----------------------------------------------------------------------------------------------

#define RECORDS(value) "'TTL': 60, 'ResourceRecords': [{'Value': '" value "'}]"
static const char answers[] =
    "{'Clients': [{'Cidr': '203.0.113.0/24', 'Place': 'DE'}], 'HostedZones': [{'Id': 'Z1', 'Name': "
    "'example.com', 'ResourceRecordSets': ["
    "{'Name': 'www.example.com', 'Type': 'A', 'SetIdentifier': 'us', 'Region': 'us-east-1', " RECORDS(
        "192.0.2.1") "},"
                     "{'Name': 'www.example.com', 'Type': 'A', 'SetIdentifier': 'eu', 'Region': "
                     "'eu-west-1', " RECORDS(
                         "192.0.2.2") "},"
                                      "{'Name': 'alias.example.com', 'Type': 'A', 'AliasTarget': "
                                      "{'HostedZoneId': 'Z1', 'DNSName': "
                                      "'www.example.com', 'EvaluateTargetHealth': true}},"
                                      "{'Name': 'txt.example.com', 'Type': 'TXT', " RECORDS(
                                          "\\\"a b\\\"") "},"
                                                         "{'Name': 'sub.example.com', 'Type': 'NS', " RECORDS(
                                                             "ns.other.net") "}]}, "
                                                                             "{'Id': 'Z2', 'Name': "
                                                                             "'deep.example.com', "
                                                                             "'ResourceRecordSets': "
                                                                             "[{'Name': 'deep.example.com', "
                                                                             "'Type': 'A', " RECORDS(
                                                                                 "192.0.2.9") "}]}, {'Id': "
                                                                                              "'Z3', 'Name': "
                                                                                              "'p.com', "
                                                                                              "'Config': "
                                                                                              "{'PrivateZone'"
                                                                                              ": true}}]}";

static void test_an_answer_is_what_dns_would_say(void **state)
{
    (void)state;
    static const struct {
        const char *name; // and the type
        const char *more;
        const char *reply; // RecordData and ResponseCode
    } cases[] = {
        {"www.example.com', 'RecordType': 'A", "", "['192.0.2.1'] NOERROR"}, // E4: from us-east-1
        {"WWW.example.com', 'RecordType': 'A", ", 'ResolverIP': '203.0.113.9'", "['192.0.2.2'] NOERROR"},
        {"www.example.com', 'RecordType': 'A", ", 'EDNS0ClientSubnetIP': '203.0.113.9'",
         "['192.0.2.2'] NOERROR"},
        {"www.example.com', 'RecordType': 'A",
         ", 'EDNS0ClientSubnetIP': '203.0.113.9', 'EDNS0ClientSubnetMask': '0'",
         "['192.0.2.1'] NOERROR"}, // E6
        {"alias.example.com', 'RecordType': 'A", ", 'ResolverIP': '203.0.113.9'",
         "['192.0.2.2'] NOERROR"}, // N2
        {"txt.example.com', 'RecordType': 'TXT", "", "['\\'a b\\''] NOERROR"},
        {"www.example.com', 'RecordType': 'AAAA", "", "[] NOERROR"},
        {"none.example.com', 'RecordType': 'A", "", "[] NXDOMAIN"},
        {"other.net', 'RecordType': 'A", "", "[] REFUSED"},
        {"x.sub.example.com', 'RecordType': 'A", "", "[] NOERROR"}, // D12: delegations are not shown
        {"deep.example.com', 'RecordType': 'A", "", "[] NXDOMAIN"}, // N1: this zone and no other
    };
    struct served served;
    serve(&served, answers);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char input[300];
        char found[100];
        snprintf(input, sizeof input, "{'HostedZoneId': 'Z1', 'RecordName': '%s'%s}", cases[i].name,
                 cases[i].more);
        account_dsl_call(&served.dsl, "TestDNSAnswer", input);
        snprintf(found, sizeof found, "%s ", account_dsl_at(&served.dsl, "/RecordData"));
        account_dsl_call(&served.dsl, "TestDNSAnswer", input);
        strncat(found, account_dsl_at(&served.dsl, "/ResponseCode"), 20);
        if (strcmp(found, cases[i].reply) != 0) {
            fail_msg("%s: %s, not %s", input, found, cases[i].reply);
        }
    }
    stop(&served);
}

static void test_an_answer_follows_health(void **state)
{
    (void)state;
    struct served served;
    serve(&served,
          "{'HealthChecks': [{'Id': 'h', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '192.0.2.1'}}], "
          "'HostedZones': [{'Id': 'Z1', 'Name': 'a.com', 'ResourceRecordSets': ["
          "{'Name': 'a.com', 'Type': 'A', 'SetIdentifier': '1', 'Failover': 'PRIMARY', 'HealthCheckId': "
          "'h', " RECORDS("192.0.2.1") "}, {'Name': 'a.com', 'Type': 'A', 'SetIdentifier': '2', 'Failover': "
                                       "'SECONDARY', " RECORDS("192.0.2.2") "}]}]}");
    const char *input = "{'HostedZoneId': 'Z1', 'RecordName': 'a.com', 'RecordType': 'A'}";
    account_dsl_call(&served.dsl, "TestDNSAnswer", input);
    assert_string_equal(account_dsl_at(&served.dsl, "/RecordData/0"), "192.0.2.1");
    status_table_set(served.status, 0, false); // N3
    account_dsl_call(&served.dsl, "TestDNSAnswer", input);
    assert_string_equal(account_dsl_at(&served.dsl, "/RecordData/0"), "192.0.2.2");
    stop(&served);
}

static void test_what_cannot_be_asked(void **state)
{
    (void)state;
    static const struct {
        const char *input;
        const char *reply;
    } cases[] = {
        {"{'HostedZoneId': 'Z9', 'RecordName': 'a', 'RecordType': 'A'}", "NoSuchHostedZone: ..."},
        {"{'HostedZoneId': 'Z3', 'RecordName': 'p.com', 'RecordType': 'A'}",
         "InvalidInput: TestDNSAnswer is for public hosted zones only."},
        {"{'HostedZoneId': 'Z1', 'RecordName': 'a..b', 'RecordType': 'A'}",
         "InvalidInput: FATAL problem: ..."},
        {"{'HostedZoneId': 'Z1', 'RecordName': 'a', 'RecordType': 'A', 'EDNS0ClientSubnetMask': '24'}",
         "InvalidInput: EDNS0ClientSubnetMask goes with an EDNS0ClientSubnetIP."},
        {"{'HostedZoneId': 'Z1', 'RecordName': 'a', 'RecordType': 'A', 'EDNS0ClientSubnetIP': '192.0.2.1', "
         "'EDNS0ClientSubnetMask': '33'}",
         "InvalidInput: EDNS0ClientSubnetMask must be from 0 to 32, not '33'."},
    };
    struct served served;
    serve(&served, answers);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        account_dsl_expect(&served.dsl, "TestDNSAnswer", cases[i].input, cases[i].reply);
    }
    stop(&served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_status_has_one_raw_observation_a_checker),
        cmocka_unit_test(test_an_answer_is_what_dns_would_say),
        cmocka_unit_test(test_an_answer_follows_health),
        cmocka_unit_test(test_what_cannot_be_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
