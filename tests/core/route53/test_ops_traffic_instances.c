// SPDX-License-Identifier: MIT
// Operations of traffic policy instances, and who may see what they are made of. API reference 2, tier 3;
// L22, B4, B5, F1.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/traffic_dsl.h"

enum { TEXT = 4096 };

static void update(struct account_dsl *dsl, const char *id, const char *policy_id, const char *reply)
{
    char input[TEXT];
    snprintf(input, sizeof input,
             "{'Id': '%s', 'TTL': 45, 'TrafficPolicyId': '%s', 'TrafficPolicyVersion': 1}", id, policy_id);
    account_dsl_expect(dsl, "UpdateTrafficPolicyInstance", input, reply);
}

// --- what clients see --------------------------------------------------------------------------------------

static void test_an_instance_shows_one_record_set_and_leaves_none_behind(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char expected[TEXT];
    account_dsl_open(&dsl, traffic_dsl_account);
    const char *policy_id = traffic_dsl_policy(&dsl, "p", NESTED);
    const char *id = traffic_dsl_create(&dsl, "Z1", "WWW.example.com", policy_id);
    snprintf(expected, sizeof expected,
             "{'TrafficPolicyInstance':{'Id':'%s','HostedZoneId':'Z1','Name':'www.example.com.','TTL':30,'"
             "TrafficPolicyId':'%s','TrafficPolicyVersion':1,'TrafficPolicyType':'A','State':'Applied','"
             "Message':''}}",
             id, policy_id);
    traffic_dsl_expect(&dsl, "GetTrafficPolicyInstance", id, expected);
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

    traffic_dsl_expect(&dsl, "DeleteTrafficPolicyInstance", id, "{}");
    assert_string_equal(traffic_dsl_answer(&dsl, "www.example.com", JAPAN, ""), "");
    assert_int_equal(account_count(dsl.account, ACCOUNT_TRAFFIC_RECORD_SET), 0);
    traffic_dsl_expect(&dsl, "GetTrafficPolicyInstance", id,
                       "NoSuchTrafficPolicyInstance: No traffic policy instance exists with ID: ...");
    traffic_dsl_expect(&dsl, "DeleteTrafficPolicyInstance", id, "NoSuchTrafficPolicyInstance: ...");
    account_dsl_expect(&dsl, "DeleteHostedZone", "{'Id': 'Z1'}", "{'ChangeInfo'...");
    account_dsl_close(&dsl);
}

static void test_aliases_may_lead_to_an_instance(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, traffic_dsl_account);
    traffic_dsl_create(&dsl, "Z1", "www.example.com", traffic_dsl_policy(&dsl, "p", NESTED));
    account_dsl_expect(&dsl, "ChangeResourceRecordSets",
                       "{'HostedZoneId': 'Z1', 'ChangeBatch': {'Changes': [{'Action': 'CREATE', "
                       "'ResourceRecordSet': {'Name': 'example.com', 'Type': 'A', 'AliasTarget': "
                       "{'HostedZoneId': 'Z1', 'DNSName': 'www.example.com', 'EvaluateTargetHealth': "
                       "true}}}]}}",
                       "{'ChangeInfo'...");
    assert_string_equal(traffic_dsl_answer(&dsl, "example.com", JAPAN, ""), "192.0.2.2");
    account_dsl_close(&dsl);
}

static void test_an_update_replaces_the_record_sets(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, traffic_dsl_account);
    const char *before = traffic_dsl_policy(&dsl, "p", NESTED);
    const char *id = traffic_dsl_create(&dsl, "Z1", "www.example.com", before);
    const char *after = traffic_dsl_policy(&dsl, "q", SIMPLE("c"));
    update(&dsl, id, after, "{'TrafficPolicyInstance':...");
    assert_non_null(strstr(dsl.reply, "'TTL':45,"));
    assert_string_equal(account_dsl_at(&dsl, "/TrafficPolicyInstance/TrafficPolicyId"), after);
    assert_string_equal(traffic_dsl_answer(&dsl, "www.example.com", JAPAN, ""), "192.0.2.3");
    assert_int_equal(account_count(dsl.account, ACCOUNT_TRAFFIC_RECORD_SET), 1);

    const char *other = traffic_dsl_policy(
        &dsl, "t",
        "{'AWSPolicyFormatVersion': '2015-10-01', 'RecordType': 'TXT', 'StartEndpoint': 'a', "
        "'Endpoints': {'a': {'Value': '\\'x\\''}}}");
    update(&dsl, id, other,
           "ConflictingTypes: The traffic policy instance is of type A, and the traffic policy version of "
           "type TXT.");
    update(&dsl, id, "x", "NoSuchTrafficPolicy: ...");
    update(&dsl, "x", after, "NoSuchTrafficPolicyInstance: ...");
    assert_string_equal(traffic_dsl_answer(&dsl, "www.example.com", JAPAN, ""), "192.0.2.3");
    account_dsl_close(&dsl);
}

static void test_a_policy_in_use_stays(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char input[TEXT];
    account_dsl_open(&dsl, traffic_dsl_account);
    const char *policy_id = traffic_dsl_policy(&dsl, "p", SIMPLE("a"));
    const char *id = traffic_dsl_create(&dsl, "Z1", "www.example.com", policy_id);
    snprintf(input, sizeof input, "{'Id': '%s', 'Version': 1}", policy_id);
    account_dsl_expect(&dsl, "DeleteTrafficPolicy", input, "TrafficPolicyInUse: ...");
    traffic_dsl_expect(&dsl, "DeleteTrafficPolicyInstance", id, "{}");
    account_dsl_expect(&dsl, "DeleteTrafficPolicy", input, "{}");
    account_dsl_close(&dsl);
}

static void test_what_no_instance_can_be_made_of_is_refused_whole(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, traffic_dsl_account);
    const char *good = traffic_dsl_policy(&dsl, "p", SIMPLE("a"));
    const char *unchecked = traffic_dsl_policy(
        &dsl, "q", R("'failover', 'Primary': {" TO("a") IF("nobody") "}, 'Secondary': {" TO("b") "}"));
    const char *cname = traffic_dsl_policy(
        &dsl, "c",
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
        const char *reply = traffic_dsl_call_create(&dsl, cases[i].zone, cases[i].name, cases[i].policy_id);
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
    traffic_dsl_create(&dsl, "Z1", "www.example.com", good);
    assert_non_null(strstr(traffic_dsl_call_create(&dsl, "Z1", "www.example.com", good),
                           "TrafficPolicyInstanceAlreadyExists: A traffic policy instance of this name"));
    account_dsl_close(&dsl);
}

// AWS: the instance outlives a record set that is deleted by itself.
static void test_the_record_set_can_be_deleted_and_come_back(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char input[TEXT];
    account_dsl_open(&dsl, traffic_dsl_account);
    const char *id =
        traffic_dsl_create(&dsl, "Z1", "www.example.com", traffic_dsl_policy(&dsl, "p", SIMPLE("b")));
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
        assert_string_equal(traffic_dsl_answer(&dsl, "www.example.com", JAPAN, ""), cases[i].answer);
    }
    account_dsl_expect(&dsl, "ChangeResourceRecordSets",
                       "{'HostedZoneId': 'Z1', 'ChangeBatch': {'Changes': [{'Action': 'UPSERT', "
                       "'ResourceRecordSet': {'Name': 'www.example.com', 'Type': 'A', 'TTL': 1, "
                       "'ResourceRecords': [{'Value': '192.0.2.6'}]}}]}}",
                       "{'ChangeInfo'...");
    traffic_dsl_expect(&dsl, "DeleteTrafficPolicyInstance", id, "{}");
    assert_string_equal(traffic_dsl_answer(&dsl, "www.example.com", JAPAN, ""),
                        "192.0.2.6"); // not the instance's own
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
    account_dsl_open(&dsl, traffic_dsl_account);
    const char *p = traffic_dsl_policy(&dsl, "p", SIMPLE("a"));
    const char *q = traffic_dsl_policy(&dsl, "q", SIMPLE("b"));
    traffic_dsl_create(&dsl, "Z2", "b.other.net", p);
    traffic_dsl_create(&dsl, "Z1", "c.example.com", q);
    traffic_dsl_create(&dsl, "Z1", "a.example.com", p);
    traffic_dsl_create(&dsl, "Z1", "d.a.example.com", p);

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
    account_dsl_open(&dsl, traffic_dsl_account);
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
    account_dsl_open(&dsl, traffic_dsl_account);
    const char *id = traffic_dsl_policy(&dsl, "p", SIMPLE("a"));
    char copy[64];
    snprintf(copy, sizeof copy, "%s", id);
    for (int i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "n%d.example.com", i);
        traffic_dsl_create(&dsl, "Z1", name, copy);
    }
    assert_string_equal(traffic_dsl_call_create(&dsl, "Z1", "n5.example.com", copy),
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
    snprintf(slow, sizeof slow, "{'Simulator': {'RecordDelaySeconds': 60}, %s", traffic_dsl_account + 1);
    account_dsl_open(&dsl, slow);
    dsl.one_change_at_a_time = true;
    const char *policy_id = traffic_dsl_policy(&dsl, "p", SIMPLE("a"));
    assert_non_null(strstr(traffic_dsl_call_create(&dsl, "Z1", "www.example.com", policy_id),
                           "'State':'Creating','Message':''"));
    const char *id = traffic_dsl_id(&dsl, "/TrafficPolicyInstance/Id");
    update(&dsl, id, policy_id, "PriorRequestNotComplete: ...");
    traffic_dsl_expect(&dsl, "DeleteTrafficPolicyInstance", id, "PriorRequestNotComplete: ...");
    dsl.now = wall_add(dsl.now, DURATION_S(60));
    traffic_dsl_expect(&dsl, "GetTrafficPolicyInstance", id, "{'TrafficPolicyInstance'...");
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
    traffic_dsl_create(&dsl, "Z1", "www.example.com", traffic_dsl_policy(&dsl, "p", SIMPLE("lb")));
    assert_string_equal(traffic_dsl_answer(&dsl, "www.example.com", UNKNOWN, ""), "");
    account_dsl_reload(&dsl, traffic_dsl_account, &report);
    assert_string_equal(traffic_dsl_answer(&dsl, "www.example.com", UNKNOWN, ""), "192.0.2.9");
    account_dsl_close(&dsl);
}

static void test_a_reload_keeps_instances_and_ends_those_of_zones_that_go(void **state)
{
    (void)state;
    struct account_dsl dsl;
    struct account_merge report = {0};
    account_dsl_open(&dsl, traffic_dsl_account);
    traffic_dsl_create(&dsl, "Z1", "www.example.com", traffic_dsl_policy(&dsl, "p", NESTED));
    account_dsl_reload(&dsl, traffic_dsl_account, &report);
    assert_string_equal(traffic_dsl_answer(&dsl, "www.example.com", JAPAN, ""), "192.0.2.2");
    account_dsl_reload(&dsl, "{'HostedZones': [{'Id': 'Z2', 'Name': 'other.net'}]}", &report);
    account_dsl_expect(&dsl, "GetTrafficPolicyInstanceCount", "{}", "{'TrafficPolicyInstanceCount':0}");
    assert_int_equal(account_count(dsl.account, ACCOUNT_TRAFFIC_RECORD_SET), 0);
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
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
