// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "core/route53/request.h"

// "Operation {input}", "Code: message", or "" when nothing matches.
static char *outcome(const char *method, const char *target, const char *body)
{
    struct route53_request request = {.method = bytes_of(method), .body = bytes_of(body)};
    struct route53_fault fault = {0};
    json_t *input = NULL;
    struct buffer result;
    buffer_init(&result, 65536);
    bool ours = route53_request_split(bytes_of(target), &request.path, &request.query);
    enum route53_operation operation = ours ? route53_request_match(&request) : ROUTE53_OPERATIONS;
    if (operation == ROUTE53_OPERATIONS) {
        buffer_text(&result, "");
    } else if (route53_request_decode(&request, operation, &input, &fault)) {
        char *text = json_dumps(input, JSON_COMPACT);
        buffer_format(&result, "%s %s", route53_operation_row(operation)->name, text);
        free(text);
        json_decref(input);
    } else {
        buffer_format(&result, "%s: %s", fault.code, fault.message);
    }
    route53_fault_clear(&fault);
    char *text = strdup(buffer_string(&result));
    buffer_free(&result);
    return text;
}

static void expect(const char *method, const char *target, const char *body, const char *expected)
{
    char *got = outcome(method, target, body);
    if (strcmp(got, expected) != 0) {
        fail_msg("%s %s\n  gave     %s\n  expected %s", method, target, got, expected);
    }
    free(got);
}

// API reference 1.1 and 6.2
static void test_requests_of_real_clients_are_understood(void **state)
{
    (void)state;
    static const struct {
        const char *method;
        const char *target;
        const char *outcome;
    } cases[] = {
        {"GET", "/2013-04-01/healthcheck", "ListHealthChecks {}"},
        {"GET", "/2013-04-01/healthcheck?maxitems=5&marker=Zx%2Fy%201",
         "ListHealthChecks {\"Marker\":\"Zx/y 1\",\"MaxItems\":\"5\"}"},
        {"GET", "/2013-04-01/healthcheck/H", "GetHealthCheck {\"HealthCheckId\":\"H\"}"},
        {"GET", "/2013-04-01/healthcheck/H/status", "GetHealthCheckStatus {\"HealthCheckId\":\"H\"}"},
        {"DELETE", "/2013-04-01/healthcheck/H", "DeleteHealthCheck {\"HealthCheckId\":\"H\"}"},
        {"POST", "/2013-04-01/healthcheck/H", "UpdateHealthCheck {\"HealthCheckId\":\"H\"}"}, // an empty body
        {"GET", "/2013-04-01/hostedzone/Z/rrset", "ListResourceRecordSets {\"HostedZoneId\":\"Z\"}"},
        {"GET",
         "/2013-04-01/hostedzone/Z/rrset?name=%5C052.example.com.&type=A&identifier=a%20b%2Fc&maxitems=1",
         "ListResourceRecordSets {\"HostedZoneId\":\"Z\",\"StartRecordName\":\"\\\\052.example.com.\","
         "\"StartRecordType\":\"A\",\"StartRecordIdentifier\":\"a b/c\",\"MaxItems\":\"1\"}"},
        {"GET", "/2013-04-01/hostedzone/Z/rrset?type=A&name=%2A.Ex%2Bample.com",
         "ListResourceRecordSets "
         "{\"HostedZoneId\":\"Z\",\"StartRecordName\":\"*.Ex+ample.com\",\"StartRecordType\":"
         "\"A\"}"},
        {"GET", "/2013-04-01/hostedzone/Z/rrset?name=*",
         "ListResourceRecordSets {\"HostedZoneId\":\"Z\","
         "\"StartRecordName\":\"*\"}"},
        {"GET",
         "/2013-04-01/"
         "testdnsanswer?hostedzoneid=Z&recordname=www.example.com&recordtype=A&edns0clientsubnetip="
         "192.0.2.0&edns0clientsubnetmask=24",
         "TestDNSAnswer {\"HostedZoneId\":\"Z\",\"RecordName\":\"www.example.com\",\"RecordType\":\"A\","
         "\"EDNS0ClientSubnetIP\":\"192.0.2.0\",\"EDNS0ClientSubnetMask\":\"24\"}"},
        {"GET", "/2013-04-01/change/C2682N5HXP0BZ4", "GetChange {\"Id\":\"C2682N5HXP0BZ4\"}"},
        {"GET", "/2013-04-01/hostedzone", "ListHostedZones {}"},
        {"GET", "/2013-04-01/hostedzonesbyname?dnsname=example.com&maxitems=1",
         "ListHostedZonesByName {\"DNSName\":\"example.com\",\"MaxItems\":\"1\"}"},
        {"GET", "/2013-04-01/tags/hostedzone/%2Fhostedzone%2FZ1",
         "ListTagsForResource {\"ResourceType\":\"hostedzone\",\"ResourceId\":\"/hostedzone/Z1\"}"},
        {"GET", "/2013-04-01/checkeripranges", "GetCheckerIpRanges {}"},
        {"GET", "/2013-04-01/trafficpolicy/T/2", "GetTrafficPolicy {\"Id\":\"T\",\"Version\":2}"},
        {"GET", "/2013-04-01/trafficpolicyinstances/hostedzone?id=Z",
         "ListTrafficPolicyInstancesByHostedZone {\"HostedZoneId\":\"Z\"}"},
        {"POST", "/2013-04-01/keysigningkey/Z/k-1/activate",
         "ActivateKeySigningKey {\"HostedZoneId\":\"Z\",\"Name\":\"k-1\"}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect(cases[i].method, cases[i].target, "", cases[i].outcome);
    }
}

static void test_path_and_body_make_one_input(void **state)
{
    (void)state;
    static const char body[] =
        "<ChangeTagsForResourceRequest><AddTags><Tag><Key>k</Key><Value>v</Value></Tag></AddTags>"
        "</ChangeTagsForResourceRequest>";
    expect("POST", "/2013-04-01/tags/healthcheck/H", body,
           "ChangeTagsForResource "
           "{\"AddTags\":[{\"Key\":\"k\",\"Value\":\"v\"}],\"ResourceType\":\"healthcheck\","
           "\"ResourceId\":\"H\"}");
    // A body where none belongs says nothing.
    expect("GET", "/2013-04-01/hostedzonecount", "<hello", "GetHostedZoneCount {}");
}

static void test_spellings_of_a_path_are_one(void **state)
{
    (void)state;
    static const char expected[] = "ListResourceRecordSets {\"HostedZoneId\":\"Z\"}";
    static const char *const targets[] = {
        "/2013-04-01/hostedzone/Z/rrset",
        "/2013-04-01/hostedzone/Z/rrset/",
        "/2013-04-01/hostedzone/Z/rrset?",
        "/2013-04-01/hostedzone/Z/rrset/?unknown=1",
        "/base/2013-04-01/hostedzone/Z/rrset",
        "http://127.0.0.1:8053/2013-04-01/hostedzone/Z/rrset",
        "/2013-04-01/hostedzone/%5A/rrset",
        // 1.6: prefixes that clients forget to take off
        "/2013-04-01/hostedzone/%2Fhostedzone%2FZ/rrset",
        "/2013-04-01/hostedzone/hostedzone%2FZ/rrset",
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        expect("GET", targets[i], "", expected);
    }
    expect("GET", "/2013-04-01/change/%2Fchange%2FC1", "", "GetChange {\"Id\":\"C1\"}");
    expect("GET", "/2013-04-01/hostedzone?delegationsetid=%2Fdelegationset%2FN1", "",
           "ListHostedZones {\"DelegationSetId\":\"N1\"}");
    // A health check's id has no prefix to lose.
    expect("GET", "/2013-04-01/healthcheck/%2Fhealthcheck%2FH", "",
           "GetHealthCheck {\"HealthCheckId\":\"/healthcheck/H\"}");
}

static void test_other_methods_and_paths_are_no_operation(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"PUT", "/2013-04-01/hostedzone"},
        {"HEAD", "/2013-04-01/hostedzone"},
        {"get", "/2013-04-01/hostedzone"},
        {"DELETE", "/2013-04-01/hostedzone"},
        {"GET", "/2013-04-01"},
        {"GET", "/2013-04-01/"},
        {"GET", "/2013-04-01/hostedzones"},
        {"GET", "/2013-04-01/HostedZone"},
        {"GET", "/2013-04-01/hostedzone//rrset"},
        {"GET", "/2013-04-01//hostedzone"},
        {"GET", "/2013-04-01/hostedzone/Z/rrset//"},
        {"GET", "/2013-04-01/hostedzone/Z/rrset/more"},
        {"GET", "/2013-04-011/hostedzone"},
        {"GET", "/2012-12-12/hostedzone"},
        {"GET", "/hostedzone"},
        {"GET", "/?/2013-04-01/hostedzone"},
        {"GET", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect(cases[i][0], cases[i][1], "", "");
    }
}

#define DETECTED "InvalidInput: 1 validation error detected: Value "
#define FAILED   " failed to satisfy constraint: Member must "

// API reference 1.4
static void test_values_out_of_bounds_are_named_with_their_member(void **state)
{
    (void)state;
    static const struct {
        const char *method;
        const char *target;
        const char *outcome;
    } cases[] = {
        {"GET", "/2013-04-01/hostedzone/Z0123456789ABCDEFGHIJKLMNOPQRSTUV",
         DETECTED "'Z0123456789ABCDEFGHIJKLMNOPQRSTUV' at 'id'" FAILED
                  "have length less than or equal to 32"},
        {"GET", "/2013-04-01/hostedzone/Z/rrset?type=AAA",
         DETECTED "'AAA' at 'startRecordType'" FAILED
                  "satisfy enum value set: [SOA, A, TXT, NS, CNAME, MX, NAPTR, PTR, "
                  "SRV, SPF, AAAA, CAA, DS, TLSA, SSHFP, SVCB, HTTPS]"},
        {"GET", "/2013-04-01/tags/foo/Z1",
         DETECTED "'foo' at 'resourceType'" FAILED "satisfy enum value set: [healthcheck, hostedzone]"},
        {"GET", "/2013-04-01/trafficpolicy/T/two", DETECTED "'two' at 'version'" FAILED "be of type integer"},
        {"GET", "/2013-04-01/trafficpolicy/T/0",
         DETECTED "'0' at 'version'" FAILED "have value greater than or equal to 1"},
        {"GET", "/2013-04-01/testdnsanswer?hostedzoneid=Z&recordname=a",
         DETECTED "null at 'recordType'" FAILED "not be null"},
        {"GET", "/2013-04-01/testdnsanswer?hostedzoneid=Z&recordname=a&recordtype=A&resolverip=1.2.3",
         DETECTED "'1.2.3' at 'resolverIP'" FAILED
                  "satisfy regular expression pattern: an IPv4 or IPv6 address"},
        {"GET", "/2013-04-01/hostedzone/Z/rrset?name=%ff",
         DETECTED "'\xff' at 'startRecordName'" FAILED "be of type string"},
        {"GET", "/2013-04-01/hostedzone/Z/rrset?name=a%00b",
         DETECTED "'a' at 'startRecordName'" FAILED "be of type string"},
        {"POST", "/2013-04-01/hostedzone", DETECTED "null at 'name'" FAILED "not be null"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect(cases[i].method, cases[i].target, "", cases[i].outcome);
    }
}

static void test_a_percent_sign_that_encodes_nothing_is_itself(void **state)
{
    (void)state;
    expect("GET", "/2013-04-01/change/%", "", "GetChange {\"Id\":\"%\"}");
    expect("GET", "/2013-04-01/change/%4", "", "GetChange {\"Id\":\"%4\"}");
    expect("GET", "/2013-04-01/change/%zz%41", "", "GetChange {\"Id\":\"%zzA\"}");
}

static void test_input_in_json_is_held_to_the_same_shape(void **state)
{
    (void)state;
    static const struct {
        const char *input;
        const char *outcome; // of a fault, its message
    } cases[] = {
        {"{\"HostedZoneId\":\"/hostedzone/Z1\",\"ChangeBatch\":{\"Changes\":[{\"Action\":\"CREATE\","
         "\"ResourceRecordSet\":{\"Name\":\"a\",\"Type\":\"A\",\"TTL\":1}}]}}",
         "{\"HostedZoneId\":\"Z1\",\"ChangeBatch\":{\"Changes\":[{\"Action\":\"CREATE\","
         "\"ResourceRecordSet\":"
         "{\"Name\":\"a\",\"Type\":\"A\",\"TTL\":1}}]}}"},
        {"{\"ChangeBatch\":{\"Changes\":[]}}",
         "1 validation error detected: Value null at 'hostedZoneId' failed to "
         "satisfy constraint: Member must not be null"},
        {"{\"HostedZoneId\":\"Z1\",\"ChangeBatch\":{\"Changes\":[]}}",
         "1 validation error detected: Value '[...]' at 'changeBatch.changes' failed to satisfy constraint: "
         "Member must "
         "have length greater than or equal to 1"},
        {"{\"HostedZoneId\":\"Z1\",\"ChangeBatch\":{\"Changes\":[{\"Action\":\"CREATE\","
         "\"ResourceRecordSet\":{"
         "\"Name\":\"a\",\"Type\":\"A\",\"TTL\":\"1\"}}]}}",
         "1 validation error detected: Value '1' at 'changeBatch.changes.1.member.resourceRecordSet.tTL' "
         "failed to "
         "satisfy constraint: Member must be of type integer"},
        {"{\"HostedZoneId\":\"Z1\",\"ChangeBach\":{}}",
         "Unknown parameter in input: \"ChangeBach\" in ChangeResourceRecordSetsRequest"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct route53_fault fault = {0};
        json_t *input = json_loads(cases[i].input, 0, NULL);
        if (route53_input_check(ROUTE53_CHANGE_RESOURCE_RECORD_SETS, input, &fault)) {
            char *text = json_dumps(input, JSON_COMPACT);
            assert_string_equal(text, cases[i].outcome);
            free(text);
        } else {
            assert_string_equal(fault.code, "InvalidInput");
            assert_string_equal(fault.message, cases[i].outcome);
        }
        route53_fault_clear(&fault);
        json_decref(input);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests_of_real_clients_are_understood),
        cmocka_unit_test(test_path_and_body_make_one_input),
        cmocka_unit_test(test_spellings_of_a_path_are_one),
        cmocka_unit_test(test_other_methods_and_paths_are_no_operation),
        cmocka_unit_test(test_values_out_of_bounds_are_named_with_their_member),
        cmocka_unit_test(test_a_percent_sign_that_encodes_nothing_is_itself),
        cmocka_unit_test(test_input_in_json_is_held_to_the_same_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
