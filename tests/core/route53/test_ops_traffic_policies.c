// SPDX-License-Identifier: MIT
// Traffic policies: L22; API reference 2, tier 3.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "core/route53/traffic_document.h"
#include "support/account_dsl.h"
#include "support/policy_dsl.h"

#define ENDPOINTS   "'Endpoints': {'a': {'Type': 'value', 'Value': '192.0.2.1'}, 'b': {'Value': '192.0.2.2'}}"
#define HEAD        "{'AWSPolicyFormatVersion': '2015-10-01', 'RecordType': 'A', "
#define RULES(text) HEAD "'StartRule': 'r', " ENDPOINTS ", 'Rules': {" text "}}"
#define R(text)     RULES("'r': {'RuleType': " text "}")

static void test_documents_are_trees_whose_leaves_are_endpoints(void **state)
{
    (void)state;
    static const struct {
        const char *document;
        const char *reason; // NULL: it is good
    } cases[] = {
        {HEAD "'StartEndpoint': 'a', " ENDPOINTS "}", NULL},
        {R("'failover', 'Primary': {'EndpointReference': 'a'}, 'Secondary': {'EndpointReference': 'b'}"),
         NULL},
        {R("'latency', 'Regions': [{'Region': 'eu-west-1', 'EndpointReference': 'a'}]"), NULL},
        {R("'geo', 'Locations': [{'IsDefault': true, 'EndpointReference': 'a'}]"), NULL},
        {R("'geoproximity', 'GeoproximityLocations': [{'EndpointReference': 'a'}]"), NULL},
        {R("'multivalue', 'Items': [{'EndpointReference': 'a'}, {'EndpointReference': 'b'}]"), NULL},
        {R("'weighted', 'Items': [{'Weight': '1', 'EndpointReference': 'a'}]"), NULL},
        // Branches may meet again.
        {RULES("'r': {'RuleType': 'failover', 'Primary': {'RuleReference': 's'}, 'Secondary': "
               "{'RuleReference': 's'}},"
               "'s': {'RuleType': 'weighted', 'Items': [{'EndpointReference': 'a', 'Weight': 1}]}"),
         NULL},
        {R("'geoproximity', 'GeoProximityLocations': [{'EndpointReference': 'a'}]"), NULL}, // Terraform's
        {R("'weighted', 'Items': [{'Weight': 1, 'EndpointReference': 'a', 'EvaluateTargetHealth': 'True'}]"),
         NULL},

        {"", "not JSON: line 1, column 0: ..."},
        {"[]", "AWSPolicyFormatVersion must be..."},
        {"{'AWSPolicyFormatVersion': '2014-01-01'}",
         "AWSPolicyFormatVersion must be 2015-10-01 or 2023-05-09"},
        {"{'AWSPolicyFormatVersion': '2015-10-01', 'RecordType': 'SOA'}",
         "RecordType must be a type of record..."},
        {HEAD ENDPOINTS "}", "the start must lead to one endpoint or one rule"},
        {HEAD "'StartEndpoint': 'c', " ENDPOINTS "}",
         "the start leads to endpoint 'c', which is not in Endpoints"},
        {HEAD "'StartEndpoint': 'a', 'StartRule': 'r', " ENDPOINTS "}", "the start must lead to one..."},
        {HEAD "'StartRule': 'x', " ENDPOINTS "}", "rule 'x' is not in Rules"},
        {HEAD "'StartEndpoint': 'a', 'Endpoints': {'a': {}}}", "endpoint 'a' needs a Value"},
        {R("'magic'"),
         "the RuleType of 'r' must be failover, geo, latency, geoproximity, multivalue or weighted"},
        {R("'latency'"), "rule 'r' needs Regions"},
        {R("'failover', 'Primary': {'EndpointReference': 'a'}"), "rule 'r' needs Secondary"},
        {R("'weighted', 'Items': [{'EndpointReference': 'c'}]"),
         "a branch of rule 'r' leads to endpoint 'c'..."},
        {HEAD "'StartEndpoint': 'a', 'Endpoints': {'a': {'Type': 'lambda', 'Value': 'x'}}}",
         "the Type of endpoint 'a' must be value, cloudfront, ..."},
        {HEAD "'StartEndpoint': 'a', 'Endpoints': {'a': {'Type': 's3-website', 'Value': 'x'}}}",
         "endpoint 'a' needs the Region of its bucket"},
        {R("'latency', 'Regions': [{'EndpointReference': 'a'}]"), "a branch of rule 'r' needs Region"},
        {R("'weighted', 'Items': [{'EndpointReference': 'a'}]"), "a branch of rule 'r' needs Weight"},
        {R("'weighted', 'Items': [{'EndpointReference': 'a', 'Weight': 1, 'EvaluateTargetHealth': 'no'}]"),
         "EvaluateTargetHealth of a branch of rule 'r' must be true or false"},
        {R("'geo', 'Locations': [{'EndpointReference': 'a', 'IsDefault': 1}]"),
         "IsDefault of a branch of rule 'r' must be true or false"},
        {R("'geo', 'Locations': [{'EndpointReference': 'a', 'IsDefault': true, 'Country': 'DE'}]"),
         "a branch of rule 'r' is the default, and so is for no other location"},
        {R("'failover', 'Primary': {'EndpointReference': 'a', 'HealthCheck': 1}, 'Secondary': "
           "{'EndpointReference': 'b'}"),
         "HealthCheck of a branch of rule 'r' must be the id of a health check"},
        {RULES("'r': {'RuleType': 'multivalue', 'Items': [{'RuleReference': 's'}]}, 's': {'RuleType': "
               "'multivalue', 'Items': [{'EndpointReference': 'a'}]}"),
         "a branch of rule 'r' needs EndpointReference"},
        {R("'weighted', 'Items': [{}]"), "a branch of rule 'r' must lead to one endpoint or one rule"},
        {R("'weighted', 'Items': [{'RuleReference': 'r'}]"), "rule 'r' leads back to itself, or too deep"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = {0};
        const char *type = NULL;
        char *text = policy_dsl_quotes(cases[i].document);
        bool good = traffic_document_check(text, &type, &error);
        const char *dots = cases[i].reason != NULL ? strstr(cases[i].reason, "...") : NULL;
        size_t len = dots != NULL ? (size_t)(dots - cases[i].reason) : sizeof error.text;
        if (good != (cases[i].reason == NULL) || (!good && strncmp(error.text, cases[i].reason, len) != 0)) {
            fail_msg("%s: %s", cases[i].document, error.text);
        }
        if (good) {
            assert_string_equal(type, "A");
        }
        free(text);
    }
}

// Each rule leads to the next one twice, so there are 2^28 ways down.
static void test_a_document_of_many_ways_is_checked_at_once(void **state)
{
    (void)state;
    struct buffer text;
    struct error error = {0};
    const char *type;
    buffer_init(&text, 65536);
    buffer_text(&text, HEAD "'StartRule': '0', " ENDPOINTS ", 'Rules': {");
    for (int i = 0; i < 28; i++) {
        buffer_format(&text,
                      "'%d': {'RuleType': 'weighted', 'Items': [{'RuleReference': '%d', 'Weight': 1}, "
                      "{'RuleReference': '%d', 'Weight': 1}]},",
                      i, i + 1, i + 1);
    }
    buffer_text(&text,
                "'28': {'RuleType': 'weighted', 'Items': [{'EndpointReference': 'a', 'Weight': 1}]}}}");
    char *quoted = policy_dsl_quotes(buffer_string(&text));
    assert_true(traffic_document_check(quoted, &type, &error));
    free(quoted);
    buffer_free(&text);
}

// In the calls below, a document is a text in JSON, so its quotes are escaped.
#define DOCUMENT(type)                                                                                       \
    "{\\'AWSPolicyFormatVersion\\':\\'2015-10-01\\',\\'RecordType\\':\\'" type                               \
    "\\',\\'StartEndpoint\\':\\'a\\',\\'Endpoints\\':{\\'a\\':{\\'Value\\':\\'192.0.2.1\\'}}}"

static void create(struct account_dsl *dsl, const char *name, char id[64])
{
    char input[1024];
    snprintf(input, sizeof input, "{'Name': '%s', 'Document': '" DOCUMENT("A") "', 'Comment': 'one'}", name);
    account_dsl_call(dsl, "CreateTrafficPolicy", input);
    snprintf(id, 64, "%s", account_dsl_at(dsl, "/TrafficPolicy/Id"));
    assert_int_equal(strlen(id), 36);
}

// format has one %s, the id
static void expect(struct account_dsl *dsl, const char *operation, const char *format, const char *id,
                   const char *reply)
{
    char input[2048];
    const char *place = strstr(format, "%s");
    snprintf(input, sizeof input, "%.*s%s%s", (int)(place - format), format, id, place + 2);
    account_dsl_expect(dsl, operation, input, reply);
}

static void test_a_policy_has_versions_that_come_and_go(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char id[64];
    account_dsl_open(&dsl, "{}");
    create(&dsl, "p", id);
    expect(&dsl, "CreateTrafficPolicyVersion", "{'Id': '%s', 'Document': '" DOCUMENT("A") "'}", id,
           "{'TrafficPolicy':...");
    expect(&dsl, "CreateTrafficPolicyVersion", "{'Id': '%s', 'Document': '" DOCUMENT("AAAA") "'}", id,
           "InvalidTrafficPolicyDocument: The traffic policy document is not valid: RecordType is A in all "
           "versions.");
    expect(&dsl, "CreateTrafficPolicyVersion", "{'Id': '%s', 'Document': '{}'}", id,
           "InvalidTrafficPolicyDocument: The traffic policy document is not valid: AWSPolicyFormatVersion "
           "must...");
    expect(&dsl, "CreateTrafficPolicyVersion", "{'Id': 'x%s', 'Document': '{}'}", id + 1,
           "NoSuchTrafficPolicy: ...");
    expect(&dsl, "UpdateTrafficPolicyComment", "{'Id': '%s', 'Version': 2, 'Comment': 'two'}", id,
           "{'TrafficPolicy':...");
    account_dsl_call(&dsl, "ListTrafficPolicies", "{}");
    char expected[512];
    snprintf(expected, sizeof expected,
             "{'TrafficPolicySummaries':[{'Id':'%s','Name':'p','Type':'A','LatestVersion':2,'"
             "TrafficPolicyCount':2}],"
             "'IsTruncated':false,'TrafficPolicyIdMarker':'','MaxItems':'100'}",
             id);
    account_dsl_expect(&dsl, "ListTrafficPolicies", "{}", expected);
    expect(&dsl, "DeleteTrafficPolicy", "{'Id': '%s', 'Version': 1}", id, "{}");
    expect(&dsl, "DeleteTrafficPolicy", "{'Id': '%s', 'Version': 1}", id,
           "NoSuchTrafficPolicy: No traffic policy exists with the specified ID and version.");
    expect(&dsl, "GetTrafficPolicy", "{'Id': '%s', 'Version': 1}", id, "NoSuchTrafficPolicy: ...");
    char input[128];
    snprintf(input, sizeof input, "{'Id': '%s', 'Version': 2}", id);
    account_dsl_call(&dsl, "GetTrafficPolicy", input);
    assert_string_equal(account_dsl_at(&dsl, "/TrafficPolicy/Comment"), "two");
    account_dsl_close(&dsl);
}

static void test_policies_and_versions_are_listed_in_pages(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char id[64];
    char marker[64];
    char input[256];
    account_dsl_open(&dsl, "{}");
    create(&dsl, "p", id);
    create(&dsl, "q", id);
    account_dsl_call(&dsl, "ListTrafficPolicies", "{'MaxItems': '1'}");
    assert_non_null(strstr(dsl.reply, "'IsTruncated':true"));
    snprintf(marker, sizeof marker, "%s", account_dsl_at(&dsl, "/TrafficPolicyIdMarker"));
    snprintf(input, sizeof input, "{'MaxItems': '1', 'TrafficPolicyIdMarker': '%s'}", marker);
    account_dsl_call(&dsl, "ListTrafficPolicies", input);
    assert_non_null(strstr(dsl.reply, "'IsTruncated':false"));
    assert_string_equal(account_dsl_at(&dsl, "/TrafficPolicySummaries/0/Id"), marker);

    for (int i = 0; i < 2; i++) {
        expect(&dsl, "CreateTrafficPolicyVersion", "{'Id': '%s', 'Document': '" DOCUMENT("A") "'}", id,
               "{'TrafficPolicy':...");
    }
    expect(&dsl, "ListTrafficPolicyVersions", "{'Id': '%s', 'MaxItems': '2'}", id,
           "{'TrafficPolicies':[{...");
    assert_non_null(strstr(dsl.reply, "'IsTruncated':true,'TrafficPolicyVersionMarker':'3','MaxItems':'2'}"));
    snprintf(input, sizeof input, "{'Id': '%s', 'TrafficPolicyVersionMarker': '3'}", id);
    account_dsl_call(&dsl, "ListTrafficPolicyVersions", input);
    assert_string_equal(account_dsl_at(&dsl, "/TrafficPolicies/0/Version"), "3");
    account_dsl_expect(&dsl, "ListTrafficPolicyVersions", "{'Id': 'x'}", "NoSuchTrafficPolicy: ...");
    account_dsl_close(&dsl);
}

static void test_a_name_is_taken_once_and_an_account_has_fifty(void **state) // L22
{
    (void)state;
    struct account_dsl dsl;
    char id[64];
    char name[16];
    account_dsl_open(&dsl, "{}");
    create(&dsl, "p0", id);
    account_dsl_expect(&dsl, "CreateTrafficPolicy", "{'Name': 'p0', 'Document': '" DOCUMENT("A") "'}",
                       "TrafficPolicyAlreadyExists: A traffic policy that has the name p0 already exists.");
    for (int i = 1; i < 50; i++) {
        snprintf(name, sizeof name, "p%d", i);
        create(&dsl, name, id);
    }
    account_dsl_expect(
        &dsl, "CreateTrafficPolicy", "{'Name': 'p50', 'Document': '" DOCUMENT("A") "'}",
        "TooManyTrafficPolicies: This account has 50 traffic policies, which is the most (L22).");
    account_dsl_close(&dsl);
}

// A rule that no record sets could be made of.
static void test_a_document_is_checked_as_record_sets_are(void **state)
{
    (void)state;
    static const struct {
        const char *document;
        const char *reason;
    } cases[] = {
        {R("'latency', 'Regions': [{'Region': 'eu-west-9', 'EndpointReference': 'a'}]"), "rule r: ..."},
        {R("'weighted', 'Items': [{'Weight': '300', 'EndpointReference': 'a'}]"), "rule r: ..."},
        {R("'weighted', 'Items': [{'Weight': 'much', 'EndpointReference': 'a'}]"), "rule r: ..."},
        {R("'geo', 'Locations': [{'EndpointReference': 'a'}]"),
         "rule r: GeoLocation needs a ContinentCode or a CountryCode."},
        {R("'geo', 'Locations': [{'EndpointReference': 'a', 'Country': 'FR'}, {'EndpointReference': 'b', "
           "'Country': 'FR'}]"),
         "rule r: ..."},
        {R("'geoproximity', 'GeoproximityLocations': [{'EndpointReference': 'a'}]"),
         "rule r: GeoProximityLocation needs exactly one of ..."},
        {R("'geoproximity', 'GeoproximityLocations': [{'EndpointReference': 'a', 'Location': {'Type': "
           "'LocalZone', 'LocationName': 'aws:route53:us-east-1-atl-1a'}}]"),
         "rule r: local zones (LocalZoneGroup) are not known here..."},
        {HEAD "'StartEndpoint': 'a', 'Endpoints': {'a': {'Value': '::1'}}}",
         "the start: Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address..."},
    };
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{}");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *escaped = account_dsl_escape(cases[i].document);
        char input[2048];
        char reply[300];
        snprintf(input, sizeof input, "{'Name': 'p', 'Document': '%s'}", escaped);
        snprintf(reply, sizeof reply,
                 "InvalidTrafficPolicyDocument: The traffic policy document is not valid: %s",
                 cases[i].reason);
        account_dsl_expect(&dsl, "CreateTrafficPolicy", input, reply);
        free(escaped);
    }
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documents_are_trees_whose_leaves_are_endpoints),
        cmocka_unit_test(test_a_document_of_many_ways_is_checked_at_once),
        cmocka_unit_test(test_a_policy_has_versions_that_come_and_go),
        cmocka_unit_test(test_policies_and_versions_are_listed_in_pages),
        cmocka_unit_test(test_a_name_is_taken_once_and_an_account_has_fifty),
        cmocka_unit_test(test_a_document_is_checked_as_record_sets_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
