// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/route53/response.h"

#define HEAD "<?xml version=\"1.0\"?>\n"
#define NS   " xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\""

static void test_outputs_are_written_in_the_order_of_the_model_and_only_what_is_there(void **state)
{
    (void)state;
    static const struct {
        enum route53_operation operation;
        const char *output;
        const char *xml;
    } cases[] = {
        {ROUTE53_DELETE_HEALTH_CHECK, "{}", HEAD "<DeleteHealthCheckResponse" NS "/>"},
        {ROUTE53_GET_HEALTH_CHECK_COUNT, "{\"HealthCheckCount\":5}",
         HEAD "<GetHealthCheckCountResponse" NS
              "><HealthCheckCount>5</HealthCheckCount></GetHealthCheckCountResponse>"},
        {ROUTE53_GET_CHANGE,
         "{\"ChangeInfo\":{\"SubmittedAt\":\"2026-01-02T03:04:05.678Z\",\"Status\":\"INSYNC\",\"Id\":\"/"
         "change/C1\","
         "\"Comment\":null}}",
         HEAD "<GetChangeResponse" NS "><ChangeInfo><Id>/change/C1</Id><Status>INSYNC</Status>"
              "<SubmittedAt>2026-01-02T03:04:05.678Z</SubmittedAt></ChangeInfo></GetChangeResponse>"},
        {ROUTE53_GET_CHECKER_IP_RANGES, "{\"CheckerIpRanges\":[\"192.0.2.0/24\",\"198.51.100.0/24\"]}",
         HEAD "<GetCheckerIpRangesResponse" NS "><CheckerIpRanges><member>192.0.2.0/24</member>"
              "<member>198.51.100.0/24</member></CheckerIpRanges></GetCheckerIpRangesResponse>"},
        // An empty list is there, and zero and false are values.
        {ROUTE53_LIST_RESOURCE_RECORD_SETS,
         "{\"ResourceRecordSets\":[],\"IsTruncated\":false,\"MaxItems\":\"100\"}",
         HEAD "<ListResourceRecordSetsResponse" NS
              "><ResourceRecordSets></ResourceRecordSets><IsTruncated>false"
              "</IsTruncated><MaxItems>100</MaxItems></ListResourceRecordSetsResponse>"},
        {ROUTE53_LIST_RESOURCE_RECORD_SETS,
         "{\"ResourceRecordSets\":[{\"TTL\":0,\"Weight\":0,\"Name\":\"a\",\"Type\":\"TXT\","
         "\"ResourceRecords\":"
         "[{\"Value\":\"\\\"<&>\\r\\u0001\xc3\xa9\\\"\"}]}]}",
         HEAD
         "<ListResourceRecordSetsResponse" NS
         "><ResourceRecordSets><ResourceRecordSet><Name>a</Name><Type>TXT"
         "</Type><Weight>0</Weight><TTL>0</TTL><ResourceRecords><ResourceRecord><Value>\"&lt;&amp;&gt;&#xD;"
         "\xef\xbf\xbd\xc3\xa9\"</Value></ResourceRecord></ResourceRecords></ResourceRecordSet>"
         "</ResourceRecordSets></ListResourceRecordSetsResponse>"},
        // Location is a header.
        {ROUTE53_CREATE_HEALTH_CHECK, "{\"Location\":\"https://example.com/\"}",
         HEAD "<CreateHealthCheckResponse" NS "/>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer xml;
        json_t *output = json_loads(cases[i].output, 0, NULL);
        buffer_init(&xml, 65536);
        route53_response_write(cases[i].operation, output, &xml);
        assert_string_equal(buffer_string(&xml), cases[i].xml);
        buffer_free(&xml);
        json_decref(output);
    }
}

// API reference 1.3
static void test_a_location_is_an_absolute_address_with_the_bare_id(void **state)
{
    (void)state;
    static const struct {
        enum route53_operation operation;
        const char *input;
        const char *output;
        const char *location;
    } cases[] = {
        {ROUTE53_CREATE_HOSTED_ZONE, "{}", "{\"HostedZone\":{\"Id\":\"/hostedzone/Z1\"}}",
         "https://route53.amazonaws.com/2013-04-01/hostedzone/Z1"},
        {ROUTE53_CREATE_HEALTH_CHECK, "{}", "{\"HealthCheck\":{\"Id\":\"abc\"}}",
         "https://route53.amazonaws.com/2013-04-01/healthcheck/abc"},
        {ROUTE53_CREATE_TRAFFIC_POLICY_VERSION, "{\"Id\":\"abc\"}",
         "{\"TrafficPolicy\":{\"Id\":\"abc\",\"Version\":2}}",
         "https://route53.amazonaws.com/2013-04-01/trafficpolicy/abc/2"},
        {ROUTE53_CREATE_KEY_SIGNING_KEY, "{\"HostedZoneId\":\"Z1\",\"Name\":\"key\"}", "{}",
         "https://route53.amazonaws.com/2013-04-01/keysigningkey/Z1/key"},
        {ROUTE53_GET_HOSTED_ZONE, "{}", "{\"HostedZone\":{\"Id\":\"/hostedzone/Z1\"}}", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *input = json_loads(cases[i].input, 0, NULL);
        json_t *output = json_loads(cases[i].output, 0, NULL);
        char *location = route53_response_location(cases[i].operation, input, output);
        if (cases[i].location == NULL) {
            assert_null(location);
        } else {
            assert_string_equal(location, cases[i].location);
        }
        free(location);
        json_decref(input);
        json_decref(output);
    }
}

// API reference 1.4
static void test_errors_have_the_documents_that_clients_know(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        const char *message;
        const char *xml;
    } cases[] = {
        {"NoSuchHostedZone", "No hosted zone found with ID: <Z1>",
         HEAD "<ErrorResponse" NS
              "><Error><Type>Sender</Type><Code>NoSuchHostedZone</Code><Message>No hosted zone found "
              "with ID: &lt;Z1&gt;</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"},
        {"InvalidChangeBatch", "[one, two]",
         HEAD "<ErrorResponse" NS
              "><Error><Type>Sender</Type><Code>InvalidChangeBatch</Code><Message>[one, two]"
              "</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"},
        {"ServiceUnavailable", "later",
         HEAD "<ErrorResponse" NS "><Error><Type>Receiver</Type><Code>ServiceUnavailable</Code><Message>later"
              "</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"},
        {"InvalidInput", "no UTF-8: \xff\xc3",
         HEAD "<ErrorResponse" NS "><Error><Type>Sender</Type><Code>InvalidInput</Code><Message>no UTF-8: ??"
              "</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"},
        {"UnknownOperationException", "", HEAD "<UnknownOperationException/>"},
        {"InvalidSignatureException", "no",
         HEAD "<InvalidSignatureException><Message>no</Message></InvalidSignatureException>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct route53_fault fault = {0};
        struct buffer xml;
        buffer_init(&xml, 65536);
        route53_fault_set(&fault, cases[i].code, "%s", cases[i].message);
        route53_fault_write(&fault, "r-1", &xml);
        assert_string_equal(buffer_string(&xml), cases[i].xml);
        route53_fault_clear(&fault);
        buffer_free(&xml);
    }
}

static void test_an_output_that_breaks_its_shape_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *output;
        const char *finding; // NULL: it is good
    } cases[] = {
        {"{\"ChangeInfo\":{\"Id\":\"/change/"
         "C1\",\"Status\":\"INSYNC\",\"SubmittedAt\":\"2026-01-02T03:04:05.678Z\"}}",
         NULL},
        {"{}", "'changeInfo' failed to satisfy constraint: Member must not be null"},
        {"{\"ChangeInfo\":{\"Id\":\"/change/C1\",\"SubmittedAt\":\"x\"}}",
         "Value null at 'changeInfo.status'"},
        {"{\"ChangeInfo\":{\"Id\":\"/change/C1\",\"Status\":\"DONE\"}}",
         "Value 'DONE' at 'changeInfo.status' failed to satisfy constraint: Member must satisfy enum value "
         "set: "
         "[PENDING, INSYNC]"},
        {"{\"ChangeInfo\":{\"Id\":1}}",
         "Value '1' at 'changeInfo.id' failed to satisfy constraint: Member must be of "
         "type string"},
        {"{\"ChangeInfo\":[]}",
         "Value '[]' at 'changeInfo' failed to satisfy constraint: Member must be of type "
         "structure"},
        {"{\"Change\":{}}", "Unknown parameter in input: \"Change\" in GetChangeResponse"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct route53_fault fault = {0};
        json_t *output = json_loads(cases[i].output, 0, NULL);
        bool good = route53_output_check(ROUTE53_GET_CHANGE, output, &fault);
        assert_int_equal(good, cases[i].finding == NULL);
        if (!good && strstr(fault.message, cases[i].finding) == NULL) {
            fail_msg("%s: %s", cases[i].output, fault.message);
        }
        route53_fault_clear(&fault);
        json_decref(output);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outputs_are_written_in_the_order_of_the_model_and_only_what_is_there),
        cmocka_unit_test(test_a_location_is_an_absolute_address_with_the_bare_id),
        cmocka_unit_test(test_errors_have_the_documents_that_clients_know),
        cmocka_unit_test(test_an_output_that_breaks_its_shape_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
