// SPDX-License-Identifier: MIT
// Tags and reusable delegation sets: API reference 3.6, 3.12.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/account_dsl.h"

static const char policy[] =
    "{'HealthChecks': [{'Id': 'h', 'Name': 'first', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': "
    "'192.0.2.1'}}], 'HostedZones': [{'Id': 'Z1', 'Name': 'a.com'}, {'Id': 'Z2', 'Name': 'p.com', 'Config': "
    "{'PrivateZone': true}}]}";

#define ZONE(members)  "{'ResourceType': 'hostedzone', 'ResourceId': 'Z1'" members "}"
#define CHECK(members) "{'ResourceType': 'healthcheck', 'ResourceId': 'h'" members "}"

static void test_tags_are_added_replaced_and_removed(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    account_dsl_expect(&dsl, "ListTagsForResource", ZONE(""),
                       "{'ResourceTagSet':{'ResourceType':'hostedzone','ResourceId':'Z1','Tags':[]}}");
    account_dsl_expect(&dsl, "ChangeTagsForResource",
                       ZONE(", 'AddTags': [{'Key': 'a', 'Value': '1'}, {'Key': 'b', 'Value': '2'}]"), "{}");
    account_dsl_expect(&dsl, "ChangeTagsForResource",
                       ZONE(", 'AddTags': [{'Key': 'b', 'Value': '3'}], 'RemoveTagKeys': ['a', 'none']"),
                       "{}");
    account_dsl_expect(&dsl, "ListTagsForResources",
                       "{'ResourceType': 'hostedzone', 'ResourceIds': ['Z1', 'Z2']}",
                       "{'ResourceTagSets':[{'ResourceType':'hostedzone','ResourceId':'Z1','Tags':[{'Key':'b'"
                       ",'Value':'3'}]},"
                       "{'ResourceType':'hostedzone','ResourceId':'Z2','Tags':[]}]}");
    account_dsl_expect(&dsl, "ChangeTagsForResource", ZONE(", 'RemoveTagKeys': ['b']"), "{}");
    account_dsl_expect(&dsl, "ListTagsForResource", ZONE(""),
                       "{'ResourceTagSet':{'ResourceType':'hostedzone','ResourceId':'Z1','Tags':[]}}");
    account_dsl_close(&dsl);
}

static void test_what_cannot_be_tagged(void **state)
{
    (void)state;
    static const struct {
        const char *input;
        const char *reply;
    } cases[] = {
        {"{'ResourceType': 'hostedzone', 'ResourceId': '/hostedzone/Z0123456789ABCDEFGHIJ'}",
         "InvalidInput: 1 validation error detected: Value '/hostedzone/Z0123456789ABCDEFGHIJ' at "
         "'resourceId' "
         "failed to satisfy constraint: Member must have length less than or equal to 32"},
        {"{'ResourceType': 'hostedzone', 'ResourceId': '/hostedzone/Z1'}",
         "NoSuchHostedZone: No hosted zone found with ID: /hostedzone/Z1"},
        {"{'ResourceType': 'healthcheck', 'ResourceId': 'x'}",
         "NoSuchHealthCheck: A health check with id x does not exist."},
        {"{'ResourceType': 'foo', 'ResourceId': 'Z1'}", "InvalidInput: ..."},
    };
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        account_dsl_expect(&dsl, "ListTagsForResource", cases[i].input, cases[i].reply);
    }
    account_dsl_expect(&dsl, "ChangeTagsForResource", ZONE(""), "InvalidInput: ...");
    char input[1000] = "";
    for (int i = 0; i < 11; i++) {
        snprintf(input, sizeof input, ZONE(", 'AddTags': [{'Key': 'k%d', 'Value': ''}]"), i);
        account_dsl_expect(&dsl, "ChangeTagsForResource", input,
                           i < 10 ? "{}" : "InvalidInput: A resource can have at most 10 tags.");
    }
    account_dsl_close(&dsl);
}

static void test_the_tag_name_of_a_check_is_its_name(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    account_dsl_expect(
        &dsl, "ListTagsForResource", CHECK(""),
        "{'ResourceTagSet':{'ResourceType':'healthcheck','ResourceId':'h','Tags':[{'Key':'Name',"
        "'Value':'first'}]}}");
    account_dsl_expect(&dsl, "ChangeTagsForResource", CHECK(", 'AddTags': [{'Key': 'Name', 'Value': 'new'}]"),
                       "{}");
    assert_string_equal(dsl.model->health_checks[0].name, "new");
    account_dsl_call(&dsl, "GetHealthCheck", "{'HealthCheckId': 'h'}");
    assert_null(strstr(dsl.reply, "'Name'"));
    account_dsl_expect(&dsl, "ChangeTagsForResource", CHECK(", 'RemoveTagKeys': ['Name']"), "{}");
    assert_null(dsl.model->health_checks[0].name);
    account_dsl_close(&dsl);
}

// --- reusable delegation sets ------------------------------------------------------------------------------

static void test_a_delegation_set_serves_several_zones(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char set[64];
    char input[200];
    char servers[300];
    account_dsl_open(&dsl, policy);
    account_dsl_expect(&dsl, "CreateReusableDelegationSet", "{'CallerReference': 'r'}",
                       "{'DelegationSet':{'Id':'/delegationset/N...");
    snprintf(servers, sizeof servers, "%s", account_dsl_at(&dsl, "/DelegationSet/NameServers"));
    account_dsl_call(&dsl, "ListReusableDelegationSets", "{}");
    snprintf(set, sizeof set, "%s", account_dsl_at(&dsl, "/DelegationSets/0/Id") + strlen("/delegationset/"));
    snprintf(input, sizeof input, "{'Name': 'x.com', 'CallerReference': 'x', 'DelegationSetId': '%s'}", set);
    account_dsl_call(&dsl, "CreateHostedZone", input);
    assert_string_equal(account_dsl_at(&dsl, "/DelegationSet/NameServers"), servers);
    snprintf(input, sizeof input, "{'Name': 'a.x.com', 'CallerReference': 'y', 'DelegationSetId': '%s'}",
             set);
    account_dsl_expect(&dsl, "CreateHostedZone", input, "ConflictingDomainExists: ...");
    snprintf(input, sizeof input, "{'DelegationSetId': '%s'}", set);
    account_dsl_call(&dsl, "ListHostedZones", input);
    assert_string_equal(account_dsl_at(&dsl, "/HostedZones/1"), "");
    snprintf(input, sizeof input, "{'Id': '%s'}", set);
    account_dsl_expect(&dsl, "DeleteReusableDelegationSet", input, "DelegationSetInUse: ...");
    account_dsl_expect(&dsl, "CreateReusableDelegationSet", "{'CallerReference': 'r'}",
                       "DelegationSetAlreadyCreated: ...");
    account_dsl_close(&dsl);
}

static void test_a_zones_own_set_becomes_reusable_once(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char servers[300];
    char set[64];
    char input[100];
    account_dsl_open(&dsl, policy);
    account_dsl_call(&dsl, "GetHostedZone", "{'Id': 'Z1'}");
    snprintf(servers, sizeof servers, "%s", account_dsl_at(&dsl, "/DelegationSet/NameServers"));
    account_dsl_call(&dsl, "CreateReusableDelegationSet", "{'CallerReference': '1', 'HostedZoneId': 'Z1'}");
    snprintf(set, sizeof set, "%s", account_dsl_at(&dsl, "/DelegationSet/Id") + strlen("/delegationset/"));
    account_dsl_call(&dsl, "GetHostedZone", "{'Id': 'Z1'}");
    assert_string_equal(account_dsl_at(&dsl, "/DelegationSet/NameServers"), servers);
    account_dsl_expect(&dsl, "CreateReusableDelegationSet", "{'CallerReference': '2', 'HostedZoneId': 'Z1'}",
                       "DelegationSetAlreadyReusable: ...");
    account_dsl_expect(&dsl, "CreateReusableDelegationSet", "{'CallerReference': '2', 'HostedZoneId': 'Z2'}",
                       "InvalidArgument: ...");
    account_dsl_expect(&dsl, "CreateReusableDelegationSet", "{'CallerReference': '2', 'HostedZoneId': 'Z9'}",
                       "HostedZoneNotFound: ...");
    account_dsl_expect(&dsl, "DeleteHostedZone", "{'Id': 'Z1'}", "{'ChangeInfo'...");
    snprintf(input, sizeof input, "{'Id': '%s'}", set);
    account_dsl_expect(&dsl, "DeleteReusableDelegationSet", input, "{}");
    account_dsl_expect(&dsl, "GetReusableDelegationSet", input, "NoSuchDelegationSet: ...");
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tags_are_added_replaced_and_removed),
        cmocka_unit_test(test_what_cannot_be_tagged),
        cmocka_unit_test(test_the_tag_name_of_a_check_is_its_name),
        cmocka_unit_test(test_a_delegation_set_serves_several_zones),
        cmocka_unit_test(test_a_zones_own_set_becomes_reusable_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
