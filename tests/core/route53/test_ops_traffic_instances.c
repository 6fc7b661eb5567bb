// SPDX-License-Identifier: MIT
// Traffic policy instances: what a document answers once it is in a zone, and who may see what it is made of.
// API reference 2, tier 3; T6, T7, T10, L22, B4, B5, F1.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "support/account_dsl.h"
#include "support/policy_dsl.h"

enum { TEXT = 4096 };

#define CHECK(id) "{'Id': '" id "', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '192.0.2.1'}}"
static const char policy[] =
    "{'LatencyTable': {'Regions': ['us-east-1', 'eu-west-1', 'ap-northeast-1'], 'Places': {'DE': "
    "{'Continent': "
    "'EU', 'Latitude': 50.85, 'Longitude': 9.66, 'Milliseconds': [96, 26, 227]}, 'JP': "
    "{'Continent': 'AS', "
    "'Latitude': 35.67, 'Longitude': 137.12, 'Milliseconds': [161, 199, 4]}}}, 'HealthChecks': "
    "[" CHECK("h") ", " CHECK("i") ", " CHECK(
        "j") "], 'Clients': [{'Cidr': '203.0.113.0/24', 'Place': 'DE'}, {'Cidr': "
             "'198.51.100.0/24', 'Place': "
             "'JP'}], 'Resources': [{'DNSName': 'lb.eu-west-1.elb.amazonaws.com', 'HostedZoneId': "
             "'ZLB', "
             "'Type': 'ALB', 'ResourceRecords': {'A': ['192.0.2.9']}}, {'DNSName': "
             "'s3-website-eu-west-1.amazonaws.com', 'HostedZoneId': 'ZS3', 'Type': 'S3Website', "
             "'ResourceRecords': {'A': ['192.0.2.8']}}, {'DNSName': 'd1.cloudfront.net', "
             "'HostedZoneId': "
             "'Z2FDTNDATAQYW2', 'Type': 'CloudFront', 'ResourceRecords': {'A': ['192.0.2.7']}}], "
             "'HostedZones': [{'Id': 'Z1', 'Name': 'example.com'}, {'Id': 'Z2', 'Name': "
             "'other.net'}]}";

#define HEAD "{'AWSPolicyFormatVersion': '2015-10-01', 'RecordType': 'A', "
#define ENDPOINTS                                                                                            \
    "'Endpoints': {'a': {'Type': 'value', 'Value': '192.0.2.1'}, 'b': {'Value': '192.0.2.2'}, 'c': "         \
    "{'Value': '192.0.2.3'}, 'lb': {'Type': 'application-load-balancer', 'Value': "                          \
    "'dualstack.lb.eu-west-1.elb.amazonaws.com'}, 's3': {'Type': 's3-website', 'Region': 'eu-west-1', "      \
    "'Value': 'www.example.com'}, 'cf': {'Type': 'cloudfront', 'Value': 'd1.cloudfront.net'}, 'gone': "      \
    "{'Type': 'elastic-beanstalk', 'Value': 'x.eu-west-1.elasticbeanstalk.com'}}"
#define RULES(text) HEAD "'StartRule': 'r', " ENDPOINTS ", 'Rules': {" text "}}"
#define R(text)     RULES("'r': {'RuleType': " text "}")
#define TO(name)    "'EndpointReference': '" name "'"
#define RULE(name)  "'RuleReference': '" name "'"
#define IF(check)   ", 'HealthCheck': '" check "'"

// --- policies and instances --------------------------------------------------------------------------------

// The id that a reply has at a path; valid for eight more calls.
static const char *id_at(struct account_dsl *dsl, const char *path)
{
    static char ids[8][64];
    static unsigned next;
    char *id = ids[next++ % 8];
    snprintf(id, sizeof ids[0], "%s", account_dsl_at(dsl, path));
    assert_int_equal(strlen(id), 36);
    return id;
}

static const char *create_policy(struct account_dsl *dsl, const char *name, const char *document)
{
    char input[TEXT];
    char *escaped = account_dsl_escape(document);
    snprintf(input, sizeof input, "{'Name': '%s', 'Document': '%s'}", name, escaped);
    free(escaped);
    account_dsl_expect(dsl, "CreateTrafficPolicy", input, "{'TrafficPolicy'...");
    return id_at(dsl, "/TrafficPolicy/Id");
}

// Of version 1.
static const char *call_create(struct account_dsl *dsl, const char *zone, const char *name, const char *id)
{
    char input[TEXT];
    snprintf(input, sizeof input,
             "{'HostedZoneId': '%s', 'Name': '%s', 'TTL': 30, 'TrafficPolicyId': '%s', "
             "'TrafficPolicyVersion': 1}",
             zone, name, id);
    return account_dsl_call(dsl, "CreateTrafficPolicyInstance", input);
}

static const char *create(struct account_dsl *dsl, const char *zone, const char *name, const char *policy_id)
{
    const char *reply = call_create(dsl, zone, name, policy_id);
    if (reply[0] != '{') {
        fail_msg("%s", reply);
    }
    return id_at(dsl, "/TrafficPolicyInstance/Id");
}

static void expect_of(struct account_dsl *dsl, const char *operation, const char *id, const char *reply)
{
    char input[TEXT];
    snprintf(input, sizeof input, "{'Id': '%s'}", id);
    account_dsl_expect(dsl, operation, input, reply);
}

static void update(struct account_dsl *dsl, const char *id, const char *policy_id, const char *reply)
{
    char input[TEXT];
    snprintf(input, sizeof input,
             "{'Id': '%s', 'TTL': 45, 'TrafficPolicyId': '%s', 'TrafficPolicyVersion': 1}", id, policy_id);
    account_dsl_expect(dsl, "UpdateTrafficPolicyInstance", input, reply);
}

// --- answers -----------------------------------------------------------------------------------------------

// "192.0.2.1 192.0.2.2", in order: what the name answers to a client with these checks down.
static const char *answer(struct account_dsl *dsl, const char *name, const char *client, const char *down)
{
    static char found[200];
    char input[TEXT];
    const struct model *model = dsl->model;
    struct status_table *status = status_table_create(model->health_check_count, true);
    for (uint32_t i = 0; i < model->health_check_count; i++) {
        status_table_set(status, i, strstr(down, model->health_checks[i].id) == NULL);
    }
    const struct view view = {model, locator_create(model), latency_table_create(model, dsl->now), status};
    dsl->view = &view;
    snprintf(input, sizeof input,
             "{'HostedZoneId': 'Z1', 'RecordName': '%s', 'RecordType': 'A', 'ResolverIP': '%s'}", name,
             client);
    account_dsl_call(dsl, "TestDNSAnswer", input);
    dsl->view = NULL;
    size_t len = 0;
    found[0] = '\0';
    for (unsigned value = 1; value < 10; value++) {
        char text[24];
        snprintf(text, sizeof text, "192.0.2.%u'", value);
        if (strstr(dsl->reply, text) != NULL) {
            len +=
                (size_t)snprintf(found + len, sizeof found - len, "%s192.0.2.%u", len > 0 ? " " : "", value);
        }
    }
    locator_destroy((struct locator *)(uintptr_t)view.locator);
    latency_table_destroy((struct latency_table *)(uintptr_t)view.latency);
    free(status);
    return found;
}

#define GERMANY "203.0.113.9"
#define JAPAN   "198.51.100.9"
#define UNKNOWN "192.0.2.200"

#define FAILOVER(flag)                                                                                       \
    RULES("'r': {'RuleType': 'latency', 'Regions': [{'Region': 'eu-west-1', " RULE("eu") flag                \
          "}, {'Region': 'us-east-1', " TO("c") "}]}, 'eu': {'RuleType': 'failover', 'Primary': "            \
                                                "{" TO("a") IF("h") "}, 'Secondary': {" TO("b")              \
                                                    IF("i") "}}")
#define PROXIMITY(eu, jp)                                                                                    \
    R("'geoproximity', 'GeoproximityLocations': [{" TO("a") ", " eu "}, {" TO("b") IF("i") ", " jp "}]")

static const struct {
    const char *document;
    const char *client;
    const char *down;
    const char *found;
} answers[] = {
    {HEAD "'StartEndpoint': 'b', " ENDPOINTS "}", GERMANY, "", "192.0.2.2"},

    {R("'failover', 'Primary': {" TO("a") IF("h") "}, 'Secondary': {" TO("b") "}"), GERMANY, "", "192.0.2.1"},
    {R("'failover', 'Primary': {" TO("a") IF("h") "}, 'Secondary': {" TO("b") "}"), GERMANY, "h",
     "192.0.2.2"},

    {R("'geo', 'Locations': [{'Country': 'DE', " TO("a") "}, {'IsDefault': 'true', " TO("b") "}]"), GERMANY,
     "", "192.0.2.1"},
    {R("'geo', 'Locations': [{'Country': 'DE', " TO("a") "}, {'IsDefault': true, " TO("b") "}]"), JAPAN, "",
     "192.0.2.2"},
    {R("'geo', 'Locations': [{'Continent': 'AS', " TO("a") "}, {'Country': '*', 'IsDefault': true, " TO(
         "b") "}]"),
     JAPAN, "", "192.0.2.1"},

    {R("'latency', 'Regions': [{'Region': 'eu-west-1', " TO("a") "}, {'Region': 'ap-northeast-1', " TO("b")
           IF("i") "}]"),
     JAPAN, "", "192.0.2.2"},
    {R("'latency', 'Regions': [{'Region': 'aws:route53:eu-west-1', " TO(
         "a") "}, {'Region': 'ap-northeast-1', " TO("b") IF("i") "}]"),
     JAPAN, "i", "192.0.2.1"},

    {PROXIMITY("'Region': 'aws:route53:eu-west-1'", "'Latitude': '35.70', 'Longitude': '139.70'"), JAPAN, "",
     "192.0.2.2"},
    {PROXIMITY("'Region': 'aws:route53:eu-west-1', 'Bias': '10'", "'Latitude': 35.7, 'Longitude': 139.7"),
     GERMANY, "", "192.0.2.1"},
    {PROXIMITY("'Location': {'Type': 'Region', 'LocationName': 'aws:route53:eu-west-1'}, 'Bias': -10",
               "'Location': {'Type': 'Coordinate', 'Latitude': '35.70', 'Longitude': '139.70'}"),
     JAPAN, "", "192.0.2.2"},
    {PROXIMITY("'Location': {'Type': 'Region', 'LocationName': 'aws:route53:eu-west-1'}",
               "'Location': {'Type': 'Coordinate', 'Latitude': '35.70', 'Longitude': '139.70'}"),
     JAPAN, "i", "192.0.2.1"},

    {R("'multivalue', 'Items': [{" TO("a") IF("h") "}, {" TO("b") "}, {" TO("c") "}]"), JAPAN, "",
     "192.0.2.1 192.0.2.2 192.0.2.3"},
    {R("'multivalue', 'Items': [{" TO("a") IF("h") "}, {" TO("b") "}, {" TO("c") "}]"), JAPAN, "h",
     "192.0.2.2 192.0.2.3"},

    {R("'weighted', 'Items': [{'Weight': '0', " TO("a") "}, {'Weight': '5', " TO("b") IF("i") "}]"), JAPAN,
     "", "192.0.2.2"},
    {R("'weighted', 'Items': [{'Weight': 0, " TO("a") "}, {'Weight': 5, " TO("b") IF("i") "}]"), JAPAN, "i",
     "192.0.2.1"},

    // Rules that lead to rules. T6: out of a branch without a healthy leaf, unless EvaluateTargetHealth
    // says no (T7). T10: all are down, so the root's first choice.
    {FAILOVER(""), GERMANY, "", "192.0.2.1"},
    {FAILOVER(""), GERMANY, "h", "192.0.2.2"},
    {FAILOVER(""), GERMANY, "h i", "192.0.2.3"},
    {FAILOVER(", 'EvaluateTargetHealth': 'true'"), GERMANY, "h i", "192.0.2.3"},
    {FAILOVER(", 'EvaluateTargetHealth': 'false'"), GERMANY, "h i", "192.0.2.1"},
    {FAILOVER(", 'EvaluateTargetHealth': false" IF("j")), GERMANY, "j", "192.0.2.3"},

    // Services: what the policy's Resources say of them.
    {HEAD "'StartEndpoint': 'lb', " ENDPOINTS "}", JAPAN, "", "192.0.2.9"},
    {HEAD "'StartEndpoint': 's3', " ENDPOINTS "}", JAPAN, "", "192.0.2.8"},
    {HEAD "'StartEndpoint': 'cf', " ENDPOINTS "}", JAPAN, "", "192.0.2.7"},
    {HEAD "'StartEndpoint': 'gone', " ENDPOINTS "}", JAPAN, "", ""},
    {R("'failover', 'Primary': {" TO("cf") IF("h") "}, 'Secondary': {" TO("s3") "}"), JAPAN, "h",
     "192.0.2.8"},
};

static void test_each_type_of_rule_answers_as_record_sets_of_its_policy_do(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        char name[16];
        snprintf(name, sizeof name, "p%zu", i);
        const char *id =
            create(&dsl, "Z1", "www.example.com", create_policy(&dsl, name, answers[i].document));
        const char *found = answer(&dsl, "www.example.com", answers[i].client, answers[i].down);
        if (strcmp(found, answers[i].found) != 0) {
            fail_msg("%s, %s down: '%s' from\n%s", answers[i].client, answers[i].down, found,
                     answers[i].document);
        }
        expect_of(&dsl, "DeleteTrafficPolicyInstance", id, "{}");
    }
    account_dsl_close(&dsl);
}

// --- what clients see --------------------------------------------------------------------------------------

#define SIMPLE(endpoint) HEAD "'StartEndpoint': '" endpoint "', " ENDPOINTS "}"
#define NESTED                                                                                               \
    RULES("'r': {'RuleType': 'failover', 'Primary': {" RULE("s") "}, 'Secondary': {" TO(                     \
        "a") "}}, 's': {'RuleType': 'weighted', 'Items': [{'Weight': 1, " TO("b") "}]}")

static void test_an_instance_shows_one_record_set_and_leaves_none_behind(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char expected[TEXT];
    account_dsl_open(&dsl, policy);
    const char *policy_id = create_policy(&dsl, "p", NESTED);
    const char *id = create(&dsl, "Z1", "WWW.example.com", policy_id);
    snprintf(expected, sizeof expected,
             "{'TrafficPolicyInstance':{'Id':'%s','HostedZoneId':'Z1','Name':'www.example.com.','TTL':30,'"
             "TrafficPolicyId':'%s','TrafficPolicyVersion':1,'TrafficPolicyType':'A','State':'Applied','"
             "Message':''}}",
             id, policy_id);
    expect_of(&dsl, "GetTrafficPolicyInstance", id, expected);
    snprintf(expected, sizeof expected,
             "{'ResourceRecordSets':[{'Name':'www.example.com.','Type':'A','TrafficPolicyInstanceId':'%s'}],"
             "'IsTruncated':false,'MaxItems':'100'}",
             id);
    account_dsl_expect(&dsl, "ListResourceRecordSets",
                       "{'HostedZoneId': 'Z1', 'StartRecordName': '_.example.com'}", expected);
    account_dsl_call(&dsl, "GetHostedZone", "{'Id': 'Z1'}");
    assert_string_equal(account_dsl_at(&dsl, "/HostedZone/ResourceRecordSetCount"), "3");
    account_dsl_expect(&dsl, "GetAccountLimit", "{'Type': 'MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER'}",
                       "{'Limit':{'Type':'MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER','Value':5},'Count':1}");
    account_dsl_expect(&dsl, "DeleteHostedZone", "{'Id': 'Z1'}", "HostedZoneNotEmpty: ...");
    assert_int_equal(account_count(dsl.account, ACCOUNT_TRAFFIC_RECORD_SET), 3);

    expect_of(&dsl, "DeleteTrafficPolicyInstance", id, "{}");
    assert_string_equal(answer(&dsl, "www.example.com", JAPAN, ""), "");
    assert_int_equal(account_count(dsl.account, ACCOUNT_TRAFFIC_RECORD_SET), 0);
    expect_of(&dsl, "GetTrafficPolicyInstance", id,
              "NoSuchTrafficPolicyInstance: No traffic policy instance exists with ID: ...");
    expect_of(&dsl, "DeleteTrafficPolicyInstance", id, "NoSuchTrafficPolicyInstance: ...");
    account_dsl_expect(&dsl, "DeleteHostedZone", "{'Id': 'Z1'}", "{'ChangeInfo'...");
    account_dsl_close(&dsl);
}

static void test_aliases_may_lead_to_an_instance(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    create(&dsl, "Z1", "www.example.com", create_policy(&dsl, "p", NESTED));
    account_dsl_expect(&dsl, "ChangeResourceRecordSets",
                       "{'HostedZoneId': 'Z1', 'ChangeBatch': {'Changes': [{'Action': 'CREATE', "
                       "'ResourceRecordSet': {'Name': 'example.com', 'Type': 'A', 'AliasTarget': "
                       "{'HostedZoneId': 'Z1', 'DNSName': 'www.example.com', 'EvaluateTargetHealth': "
                       "true}}}]}}",
                       "{'ChangeInfo'...");
    assert_string_equal(answer(&dsl, "example.com", JAPAN, ""), "192.0.2.2");
    account_dsl_close(&dsl);
}

static void test_an_update_replaces_the_record_sets(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    const char *before = create_policy(&dsl, "p", NESTED);
    const char *id = create(&dsl, "Z1", "www.example.com", before);
    const char *after = create_policy(&dsl, "q", SIMPLE("c"));
    update(&dsl, id, after, "{'TrafficPolicyInstance':...");
    assert_non_null(strstr(dsl.reply, "'TTL':45,"));
    assert_string_equal(account_dsl_at(&dsl, "/TrafficPolicyInstance/TrafficPolicyId"), after);
    assert_string_equal(answer(&dsl, "www.example.com", JAPAN, ""), "192.0.2.3");
    assert_int_equal(account_count(dsl.account, ACCOUNT_TRAFFIC_RECORD_SET), 1);

    const char *other =
        create_policy(&dsl, "t",
                      "{'AWSPolicyFormatVersion': '2015-10-01', 'RecordType': 'TXT', 'StartEndpoint': 'a', "
                      "'Endpoints': {'a': {'Value': '\\'x\\''}}}");
    update(&dsl, id, other,
           "ConflictingTypes: The traffic policy instance is of type A, and the traffic policy version of "
           "type TXT.");
    update(&dsl, id, "x", "NoSuchTrafficPolicy: ...");
    update(&dsl, "x", after, "NoSuchTrafficPolicyInstance: ...");
    assert_string_equal(answer(&dsl, "www.example.com", JAPAN, ""), "192.0.2.3");
    account_dsl_close(&dsl);
}

static void test_a_policy_in_use_stays(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char input[TEXT];
    account_dsl_open(&dsl, policy);
    const char *policy_id = create_policy(&dsl, "p", SIMPLE("a"));
    const char *id = create(&dsl, "Z1", "www.example.com", policy_id);
    snprintf(input, sizeof input, "{'Id': '%s', 'Version': 1}", policy_id);
    account_dsl_expect(&dsl, "DeleteTrafficPolicy", input, "TrafficPolicyInUse: ...");
    expect_of(&dsl, "DeleteTrafficPolicyInstance", id, "{}");
    account_dsl_expect(&dsl, "DeleteTrafficPolicy", input, "{}");
    account_dsl_close(&dsl);
}

static void test_what_no_instance_can_be_made_of_is_refused_whole(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    const char *good = create_policy(&dsl, "p", SIMPLE("a"));
    const char *unchecked = create_policy(
        &dsl, "q", R("'failover', 'Primary': {" TO("a") IF("nobody") "}, 'Secondary': {" TO("b") "}"));
    const char *cname =
        create_policy(&dsl, "c",
                      "{'AWSPolicyFormatVersion': '2015-10-01', 'RecordType': 'CNAME', 'StartEndpoint': 'a', "
                      "'Endpoints': {'a': {'Value': 'x.net'}}}");
    account_dsl_expect(&dsl, "ChangeResourceRecordSets",
                       "{'HostedZoneId': 'Z1', 'ChangeBatch': {'Changes': [{'Action': 'CREATE', "
                       "'ResourceRecordSet': {'Name': 'taken.example.com', 'Type': 'A', 'TTL': 1, "
                       "'ResourceRecords': [{'Value': '192.0.2.1'}]}}]}}",
                       "{'ChangeInfo'...");
    char *before = account_dsl_dump(&dsl);
    const struct {
        const char *zone;
        const char *name;
        const char *policy_id;
        const char *reply;
    } cases[] = {
        {"Z9", "www.example.com", good, "NoSuchHostedZone: No hosted zone found with ID: Z9"},
        {"Z1", "www.example.com", "nothing", "NoSuchTrafficPolicy: ..."},
        {"Z1", "a..b", good, "InvalidInput: FATAL problem: ..."},
        {"Z1", "www.other.net", good,
         "InvalidInput: [RRSet with DNS name www.other.net. is not permitted in zone example.com.]"},
        {"Z1", "taken.example.com", good,
         "InvalidInput: [Tried to create resource record set [name='taken.example.com.', type='A'] but it "
         "already exists]"},
        {"Z1", "taken.example.com", cname, "InvalidInput: [RRSet of type CNAME with DNS name ..."},
        {"Z1", "example.com", cname, "InvalidInput: ..."},
        {"Z1", "www.example.com", unchecked, "InvalidInput: A health check with id nobody does not exist."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *reply = call_create(&dsl, cases[i].zone, cases[i].name, cases[i].policy_id);
        size_t len = strlen(cases[i].reply);
        bool open = strcmp(cases[i].reply + len - 3, "...") == 0;
        if (strncmp(reply, cases[i].reply, open ? len - 3 : len + 1) != 0) {
            fail_msg("%s %s: %s", cases[i].zone, cases[i].name, reply);
        }
        char *after = account_dsl_dump(&dsl);
        assert_string_equal(after, before);
        free(after);
    }
    free(before);
    create(&dsl, "Z1", "www.example.com", good);
    assert_non_null(strstr(call_create(&dsl, "Z1", "www.example.com", good),
                           "TrafficPolicyInstanceAlreadyExists: A traffic policy instance of this name"));
    account_dsl_close(&dsl);
}

// AWS: the instance outlives a record set that is deleted by itself.
static void test_the_record_set_can_be_deleted_and_come_back(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char input[TEXT];
    account_dsl_open(&dsl, policy);
    const char *id = create(&dsl, "Z1", "www.example.com", create_policy(&dsl, "p", SIMPLE("b")));
    static const struct {
        const char *action;
        const char *name;
        const char *id; // NULL: the instance's
        const char *reply;
        const char *answer;
    } cases[] = {
        {"DELETE", "www", "other", "InvalidChangeBatch: [Tried to delete resource record set...",
         "192.0.2.2"},
        {"DELETE", "www", NULL, "{'ChangeInfo'...", ""},
        {"CREATE", "ftp", NULL, "InvalidChangeBatch: [No traffic policy instance with the ID ...", ""},
        {"CREATE", "www", "other", "InvalidChangeBatch: [No traffic policy instance with the ID other...",
         ""},
        {"CREATE", "www", NULL, "{'ChangeInfo'...", "192.0.2.2"},
        {"UPSERT", "www", NULL, "{'ChangeInfo'...", "192.0.2.2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(input, sizeof input,
                 "{'HostedZoneId': 'Z1', 'ChangeBatch': {'Changes': [{'Action': '%s', 'ResourceRecordSet': "
                 "{'Name': '%s.example.com', 'Type': 'A', 'TrafficPolicyInstanceId': '%s'}}]}}",
                 cases[i].action, cases[i].name, cases[i].id != NULL ? cases[i].id : id);
        account_dsl_expect(&dsl, "ChangeResourceRecordSets", input, cases[i].reply);
        assert_string_equal(answer(&dsl, "www.example.com", JAPAN, ""), cases[i].answer);
    }
    account_dsl_expect(&dsl, "ChangeResourceRecordSets",
                       "{'HostedZoneId': 'Z1', 'ChangeBatch': {'Changes': [{'Action': 'UPSERT', "
                       "'ResourceRecordSet': {'Name': 'www.example.com', 'Type': 'A', 'TTL': 1, "
                       "'ResourceRecords': [{'Value': '192.0.2.6'}]}}]}}",
                       "{'ChangeInfo'...");
    expect_of(&dsl, "DeleteTrafficPolicyInstance", id, "{}");
    assert_string_equal(answer(&dsl, "www.example.com", JAPAN, ""), "192.0.2.6"); // not the instance's own
    account_dsl_close(&dsl);
}

// --- lists -------------------------------------------------------------------------------------------------

// "www.example.com. api.example.com. ", as listed.
static const char *list(struct account_dsl *dsl, const char *operation, const char *format, const char *id)
{
    static char names[400];
    char input[TEXT];
    char path[64];
    const char *place = strstr(format, "%s");
    size_t before = place != NULL ? (size_t)(place - format) : strlen(format);
    snprintf(input, sizeof input, "%.*s%s%s", (int)before, format, place != NULL ? id : "",
             place != NULL ? place + 2 : "");
    names[0] = '\0';
    size_t len = 0;
    for (unsigned i = 0; i < 6; i++) {
        account_dsl_call(dsl, operation, input);
        snprintf(path, sizeof path, "/TrafficPolicyInstances/%u/Name", i);
        const char *name = account_dsl_at(dsl, path);
        len += (size_t)snprintf(names + len, sizeof names - len, "%s%s", name, name[0] != '\0' ? " " : "");
    }
    account_dsl_call(dsl, operation, input);
    return names;
}

static void test_instances_are_listed_in_pages_of_all_of_a_zone_and_of_a_policy(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    const char *p = create_policy(&dsl, "p", SIMPLE("a"));
    const char *q = create_policy(&dsl, "q", SIMPLE("b"));
    create(&dsl, "Z2", "b.other.net", p);
    create(&dsl, "Z1", "c.example.com", q);
    create(&dsl, "Z1", "a.example.com", p);
    create(&dsl, "Z1", "d.a.example.com", p);

    assert_string_equal(list(&dsl, "ListTrafficPolicyInstances", "{}", ""),
                        "a.example.com. d.a.example.com. c.example.com. b.other.net. ");
    assert_string_equal(list(&dsl, "ListTrafficPolicyInstances", "{'MaxItems': '3'}", ""),
                        "a.example.com. d.a.example.com. c.example.com. ");
    assert_non_null(strstr(dsl.reply, "'IsTruncated':true,'MaxItems':'3'"));
    assert_string_equal(account_dsl_at(&dsl, "/HostedZoneIdMarker"), "Z2");
    account_dsl_call(&dsl, "ListTrafficPolicyInstances", "{'MaxItems': '1'}");
    assert_string_equal(account_dsl_at(&dsl, "/TrafficPolicyInstanceNameMarker"), "d.a.example.com.");
    assert_string_equal(list(&dsl, "ListTrafficPolicyInstances",
                             "{'HostedZoneIdMarker': 'Z1', 'TrafficPolicyInstanceNameMarker': "
                             "'c.example.com', 'TrafficPolicyInstanceTypeMarker': 'A'}",
                             ""),
                        "c.example.com. b.other.net. ");
    assert_string_equal(list(&dsl, "ListTrafficPolicyInstances", "{'HostedZoneIdMarker': 'Z2'}", ""),
                        "b.other.net. ");

    assert_string_equal(list(&dsl, "ListTrafficPolicyInstancesByHostedZone", "{'HostedZoneId': 'Z2'}", ""),
                        "b.other.net. ");
    assert_string_equal(list(&dsl, "ListTrafficPolicyInstancesByHostedZone",
                             "{'HostedZoneId': 'Z1', 'TrafficPolicyInstanceNameMarker': 'c.example.com'}",
                             ""),
                        "c.example.com. ");
    assert_string_equal(
        list(&dsl, "ListTrafficPolicyInstancesByHostedZone", "{'HostedZoneId': 'Z1', 'MaxItems': '2'}", ""),
        "a.example.com. d.a.example.com. ");
    assert_string_equal(account_dsl_at(&dsl, "/TrafficPolicyInstanceNameMarker"), "c.example.com.");
    assert_null(strstr(dsl.reply, "HostedZoneIdMarker"));

    assert_string_equal(list(&dsl, "ListTrafficPolicyInstancesByPolicy",
                             "{'TrafficPolicyId': '%s', 'TrafficPolicyVersion': 1}", p),
                        "a.example.com. d.a.example.com. b.other.net. ");
    assert_string_equal(list(&dsl, "ListTrafficPolicyInstancesByPolicy",
                             "{'TrafficPolicyId': '%s', 'TrafficPolicyVersion': 1, 'MaxItems': '2'}", p),
                        "a.example.com. d.a.example.com. ");
    assert_string_equal(account_dsl_at(&dsl, "/HostedZoneIdMarker"), "Z2");
    account_dsl_expect(&dsl, "GetTrafficPolicyInstanceCount", "{}", "{'TrafficPolicyInstanceCount':4}");
    account_dsl_close(&dsl);
}

static void test_lists_of_what_is_not_there_say_so(void **state)
{
    (void)state;
    static const struct {
        const char *operation;
        const char *input;
        const char *reply;
    } cases[] = {
        {"ListTrafficPolicyInstances", "{}",
         "{'TrafficPolicyInstances':[],'IsTruncated':false,'MaxItems':'100'}"},
        {"GetTrafficPolicyInstanceCount", "{}", "{'TrafficPolicyInstanceCount':0}"},
        {"ListTrafficPolicyInstances", "{'MaxItems': 'x'}", "InvalidInput: ..."},
        {"ListTrafficPolicyInstances", "{'TrafficPolicyInstanceNameMarker': 'a.example.com'}",
         "InvalidInput: The input is not valid"},
        {"ListTrafficPolicyInstances", "{'HostedZoneIdMarker': 'Z1', 'TrafficPolicyInstanceTypeMarker': 'A'}",
         "InvalidInput: The input is not valid"},
        {"ListTrafficPolicyInstances",
         "{'HostedZoneIdMarker': 'Z1', 'TrafficPolicyInstanceNameMarker': 'a..b'}",
         "InvalidInput: FATAL problem: ..."},
        {"ListTrafficPolicyInstancesByHostedZone", "{'HostedZoneId': 'Z9'}", "NoSuchHostedZone: ..."},
        {"ListTrafficPolicyInstancesByPolicy", "{'TrafficPolicyId': 'x', 'TrafficPolicyVersion': 1}",
         "NoSuchTrafficPolicy: ..."},
    };
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        account_dsl_expect(&dsl, cases[i].operation, cases[i].input, cases[i].reply);
    }
    account_dsl_close(&dsl);
}

static void test_an_account_has_five_instances(void **state) // L22
{
    (void)state;
    struct account_dsl dsl;
    char name[32];
    account_dsl_open(&dsl, policy);
    const char *id = create_policy(&dsl, "p", SIMPLE("a"));
    char copy[64];
    snprintf(copy, sizeof copy, "%s", id);
    for (int i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "n%d.example.com", i);
        create(&dsl, "Z1", name, copy);
    }
    assert_string_equal(call_create(&dsl, "Z1", "n5.example.com", copy),
                        "TooManyTrafficPolicyInstances: This account has 5 traffic policy instances, which "
                        "is the most (L22).");
    account_dsl_close(&dsl);
}

// --- time and reloads --------------------------------------------------------------------------------------

static void test_an_instance_is_being_made_until_the_servers_have_it(void **state) // B4, B5
{
    (void)state;
    struct account_dsl dsl;
    char slow[TEXT];
    snprintf(slow, sizeof slow, "{'Simulator': {'RecordDelaySeconds': 60}, %s", policy + 1);
    account_dsl_open(&dsl, slow);
    dsl.one_change_at_a_time = true;
    const char *policy_id = create_policy(&dsl, "p", SIMPLE("a"));
    assert_non_null(
        strstr(call_create(&dsl, "Z1", "www.example.com", policy_id), "'State':'Creating','Message':''"));
    const char *id = id_at(&dsl, "/TrafficPolicyInstance/Id");
    update(&dsl, id, policy_id, "PriorRequestNotComplete: ...");
    expect_of(&dsl, "DeleteTrafficPolicyInstance", id, "PriorRequestNotComplete: ...");
    dsl.now = wall_add(dsl.now, DURATION_S(60));
    expect_of(&dsl, "GetTrafficPolicyInstance", id, "{'TrafficPolicyInstance'...");
    assert_string_equal(account_dsl_at(&dsl, "/TrafficPolicyInstance/State"), "Applied");
    update(&dsl, id, policy_id, "{'TrafficPolicyInstance'...");
    assert_non_null(strstr(dsl.reply, "'State':'Updating'"));
    account_dsl_close(&dsl);
}

static void test_a_service_answers_once_the_policy_describes_it(void **state)
{
    (void)state;
    struct account_dsl dsl;
    struct account_merge report = {0};
    account_dsl_open(&dsl, "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com'}]}");
    create(&dsl, "Z1", "www.example.com", create_policy(&dsl, "p", SIMPLE("lb")));
    assert_string_equal(answer(&dsl, "www.example.com", UNKNOWN, ""), "");
    account_dsl_reload(&dsl, policy, &report);
    assert_string_equal(answer(&dsl, "www.example.com", UNKNOWN, ""), "192.0.2.9");
    account_dsl_close(&dsl);
}

static void test_a_reload_keeps_instances_and_ends_those_of_zones_that_go(void **state)
{
    (void)state;
    struct account_dsl dsl;
    struct account_merge report = {0};
    account_dsl_open(&dsl, policy);
    create(&dsl, "Z1", "www.example.com", create_policy(&dsl, "p", NESTED));
    account_dsl_reload(&dsl, policy, &report);
    assert_string_equal(answer(&dsl, "www.example.com", JAPAN, ""), "192.0.2.2");
    account_dsl_reload(&dsl, "{'HostedZones': [{'Id': 'Z2', 'Name': 'other.net'}]}", &report);
    account_dsl_expect(&dsl, "GetTrafficPolicyInstanceCount", "{}", "{'TrafficPolicyInstanceCount':0}");
    assert_int_equal(account_count(dsl.account, ACCOUNT_TRAFFIC_RECORD_SET), 0);
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_type_of_rule_answers_as_record_sets_of_its_policy_do),
        cmocka_unit_test(test_an_instance_shows_one_record_set_and_leaves_none_behind),
        cmocka_unit_test(test_aliases_may_lead_to_an_instance),
        cmocka_unit_test(test_an_update_replaces_the_record_sets),
        cmocka_unit_test(test_a_policy_in_use_stays),
        cmocka_unit_test(test_what_no_instance_can_be_made_of_is_refused_whole),
        cmocka_unit_test(test_the_record_set_can_be_deleted_and_come_back),
        cmocka_unit_test(test_instances_are_listed_in_pages_of_all_of_a_zone_and_of_a_policy),
        cmocka_unit_test(test_lists_of_what_is_not_there_say_so),
        cmocka_unit_test(test_an_account_has_five_instances),
        cmocka_unit_test(test_an_instance_is_being_made_until_the_servers_have_it),
        cmocka_unit_test(test_a_service_answers_once_the_policy_describes_it),
        cmocka_unit_test(test_a_reload_keeps_instances_and_ends_those_of_zones_that_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
