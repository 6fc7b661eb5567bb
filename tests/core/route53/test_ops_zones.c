// SPDX-License-Identifier: MIT
// Hosted zones: API reference 3.7, 3.8, 3.12.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/account_dsl.h"

#define VPC                     "'VPC': {'VPCRegion': 'us-east-1', 'VPCId': 'vpc-1'}"
#define CREATE(name, reference) "{'Name': '" name "', 'CallerReference': '" reference "'}"

static void id_of(struct account_dsl *dsl, char out[64])
{
    snprintf(out, 64, "%s", account_dsl_at(dsl, "/HostedZone/Id") + strlen("/hostedzone/"));
}

static void create(struct account_dsl *dsl, const char *input, char id[64])
{
    const char *reply = account_dsl_call(dsl, "CreateHostedZone", input);
    if (strncmp(reply, "{'HostedZone':", 14) != 0) {
        fail_msg("%s: %s", input, reply);
    }
    id_of(dsl, id);
}

// "{'Id': 'Z...'<more>}"
static const char *with_id(const char *member, const char *id, const char *more)
{
    static char text[512];
    snprintf(text, sizeof text, "{'%s': '%s'%s}", member, id, more);
    return text;
}

// D8
static void test_a_new_public_zone_has_name_servers_and_two_record_sets(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char id[64];
    account_dsl_open(&dsl, "{}");
    account_dsl_expect(
        &dsl, "CreateHostedZone",
        "{'Name': 'Example.COM', 'CallerReference': 'r 1', 'HostedZoneConfig': {'Comment': 'hello'}}",
        "{'HostedZone':{'Id':'/hostedzone/Z...");
    assert_string_equal(account_dsl_at(&dsl, "/HostedZone/Name"), "example.com.");
    account_dsl_call(&dsl, "ListHostedZones", "{}");
    snprintf(id, sizeof id, "%s", account_dsl_at(&dsl, "/HostedZones/0/Id") + strlen("/hostedzone/"));
    assert_int_equal(strlen(id), 21);
    assert_int_equal(strspn(id, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 21);
    account_dsl_call(&dsl, "GetHostedZone", with_id("Id", id, ""));
    assert_non_null(strstr(dsl.reply, "'Config':{'Comment':'hello','PrivateZone':false},"
                                      "'ResourceRecordSetCount':2}"));
    assert_non_null(strstr(dsl.reply, "'DelegationSet':{'NameServers':['ns-"));
    char server[64];
    snprintf(server, sizeof server, "%s", account_dsl_at(&dsl, "/DelegationSet/NameServers/0"));
    assert_string_equal(server + strlen(server) - 4, ".com"); // no final dot here
    account_dsl_call(&dsl, "ListResourceRecordSets", with_id("HostedZoneId", id, ""));
    char wanted[512];
    snprintf(wanted, sizeof wanted,
             "{'Name':'example.com.','Type':'SOA','TTL':900,'ResourceRecords':[{'Value':'%s. "
             "awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400'}]}",
             server);
    assert_string_equal(account_dsl_at(&dsl, "/ResourceRecordSets/1") != NULL ? dsl.reply : "", wanted);
    assert_int_equal(dsl.model->zone_count, 1); // and DNS has it
    account_dsl_close(&dsl);
}

static void test_what_a_new_zone_must_be(void **state)
{
    (void)state;
    static const struct {
        const char *input;
        const char *reply;
    } cases[] = {
        {CREATE("example.com", "used"), "{'HostedZone'..."},
        {CREATE("example.com", "other"), "{'HostedZone'..."}, // two zones may share a name
        {CREATE("example.org", "used"), "HostedZoneAlreadyExists: A hosted zone has already been created "
                                        "with the specified caller reference."},
        {CREATE("a..b", "n"), "InvalidDomainName: FATAL problem: DomainLabelEmpty..."},
        {CREATE("*.example.com", "n"), "InvalidDomainName: ..."},
        {CREATE(".", "n"), "InvalidDomainName: ..."},
        {"{'Name': 'example.com'}", "InvalidInput: ..."},
        {"{'Name': 'a.com', 'CallerReference': 'p', 'HostedZoneConfig': {'PrivateZone': true}}",
         "InvalidInput: When you're creating a private hosted zone, you must specify a VPC."},
        {"{'Name': 'a.com', 'CallerReference': 'p', 'VPC': {'VPCRegion': 'us-east-1', 'VPCId': 'x'}}",
         "InvalidVPCId: The VPC ID is invalid."},
        {"{'Name': 'a.com', 'CallerReference': 'p', 'DelegationSetId': 'N1'}", "NoSuchDelegationSet: ..."},
    };
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{}");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        account_dsl_expect(&dsl, "CreateHostedZone", cases[i].input, cases[i].reply);
    }
    assert_int_equal(account_count(dsl.account, ACCOUNT_ZONE), 2);
    account_dsl_close(&dsl);
}

static void test_a_vpc_alone_makes_a_zone_private(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char id[64];
    account_dsl_open(&dsl, "{}");
    account_dsl_call(&dsl, "CreateHostedZone", "{'Name': 'corp.internal', 'CallerReference': '1', " VPC "}");
    assert_non_null(strstr(dsl.reply, "'PrivateZone':true"));
    assert_non_null(strstr(dsl.reply, "'VPC':{'VPCRegion':'us-east-1','VPCId':'vpc-1'}"));
    assert_null(strstr(dsl.reply, "DelegationSet"));
    id_of(&dsl, id);
    account_dsl_call(&dsl, "GetHostedZone", with_id("Id", id, ""));
    assert_non_null(strstr(dsl.reply, "'VPCs':[{'VPCRegion':'us-east-1','VPCId':'vpc-1'}]"));
    account_dsl_expect(&dsl, "CreateHostedZone", "{'Name': 'corp.internal', 'CallerReference': '2', " VPC "}",
                       "ConflictingDomainExists: The VPC vpc-1 in region us-east-1 has already...");
    account_dsl_close(&dsl);
}

static void test_vpcs_come_and_go(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char private[64];
    char public[64];
    account_dsl_open(&dsl, "{}");
    create(&dsl, "{'Name': 'corp.internal', 'CallerReference': '1', " VPC "}", private);
    create(&dsl, CREATE("example.com", "2"), public);
    const char *second = ", 'VPC': {'VPCRegion': 'eu-west-1', 'VPCId': 'vpc-2'}";
    account_dsl_expect(
        &dsl, "AssociateVPCWithHostedZone", with_id("HostedZoneId", public, second),
        "PublicZoneVPCAssociation: You're trying to associate a VPC with a public hosted zone...");
    account_dsl_expect(&dsl, "DisassociateVPCFromHostedZone", with_id("HostedZoneId", private, ", " VPC),
                       "LastVPCAssociation: The VPC that you're trying to disassociate...");
    account_dsl_expect(&dsl, "DisassociateVPCFromHostedZone", with_id("HostedZoneId", private, second),
                       "VPCAssociationNotFound: ...");
    account_dsl_expect(&dsl, "AssociateVPCWithHostedZone", with_id("HostedZoneId", private, second),
                       "{'ChangeInfo':{'Id':'/change/C...");
    account_dsl_expect(&dsl, "AssociateVPCWithHostedZone", with_id("HostedZoneId", private, second),
                       "ConflictingDomainExists: ...");
    account_dsl_call(&dsl, "ListHostedZonesByVPC", "{'VPCId': 'vpc-2', 'VPCRegion': 'eu-west-1'}");
    char wanted[300];
    snprintf(wanted, sizeof wanted,
             "{'HostedZoneSummaries':[{'HostedZoneId':'%s','Name':'corp.internal.','Owner':{'OwningAccount':"
             "'000000000000'}}],'MaxItems':'100'}",
             private);
    assert_string_equal(dsl.reply, wanted);
    account_dsl_expect(&dsl, "ListHostedZonesByVPC",
                       "{'VPCId': 'vpc-2', 'VPCRegion': 'eu-west-1', 'NextToken': 'x'}",
                       "InvalidPaginationToken: ...");
    account_dsl_expect(&dsl, "DisassociateVPCFromHostedZone", with_id("HostedZoneId", private, ", " VPC),
                       "{'ChangeInfo'...");
    account_dsl_close(&dsl);
}

static void test_authorizations_of_vpcs(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char id[64];
    char wanted[300];
    account_dsl_open(&dsl, "{}");
    create(&dsl, "{'Name': 'corp.internal', 'CallerReference': '1', " VPC "}", id);
    const char *vpcs[] = {", 'VPC': {'VPCRegion': 'eu-west-1', 'VPCId': 'vpc-2'}",
                          ", 'VPC': {'VPCRegion': 'eu-west-1', 'VPCId': 'vpc-3'}"};
    snprintf(wanted, sizeof wanted, "{'HostedZoneId':'%s','VPC':{'VPCRegion':'eu-west-1','VPCId':'vpc-2'}}",
             id);
    account_dsl_expect(&dsl, "CreateVPCAssociationAuthorization", with_id("HostedZoneId", id, vpcs[0]),
                       wanted);
    account_dsl_call(&dsl, "CreateVPCAssociationAuthorization", with_id("HostedZoneId", id, vpcs[1]));
    snprintf(wanted, sizeof wanted,
             "{'HostedZoneId':'%s','VPCs':[{'VPCRegion':'eu-west-1','VPCId':'vpc-2'}],'NextToken':'1'}", id);
    account_dsl_expect(&dsl, "ListVPCAssociationAuthorizations",
                       with_id("HostedZoneId", id, ", 'MaxResults': '1'"), wanted);
    snprintf(wanted, sizeof wanted,
             "{'HostedZoneId':'%s','VPCs':[{'VPCRegion':'eu-west-1','VPCId':'vpc-3'}]}", id);
    account_dsl_expect(&dsl, "ListVPCAssociationAuthorizations",
                       with_id("HostedZoneId", id, ", 'MaxResults': '1', 'NextToken': '1'"), wanted);
    account_dsl_expect(&dsl, "DeleteVPCAssociationAuthorization", with_id("HostedZoneId", id, vpcs[0]), "{}");
    account_dsl_expect(&dsl, "DeleteVPCAssociationAuthorization", with_id("HostedZoneId", id, vpcs[0]),
                       "VPCAssociationAuthorizationNotFound: ...");
    account_dsl_close(&dsl);
}

static void test_zones_are_listed_by_id_a_page_at_a_time(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{'HostedZones': [{'Id': 'Z2', 'Name': 'b.com'}, {'Id': 'Z1', 'Name': 'c.com'}, "
                           "{'Id': 'Z3', 'Name': 'a.com', 'Config': {'PrivateZone': true}}]}");
    account_dsl_call(&dsl, "ListHostedZones", "{'MaxItems': '2'}");
    assert_non_null(strstr(dsl.reply, "'IsTruncated':true,'NextMarker':'Z3','MaxItems':'2'}"));
    assert_null(strstr(dsl.reply, "'Marker'"));
    account_dsl_call(&dsl, "ListHostedZones", "{'MaxItems': '2', 'Marker': 'Z3'}");
    assert_non_null(strstr(dsl.reply, "'Marker':'Z3','IsTruncated':false,'MaxItems':'2'}"));
    account_dsl_call(&dsl, "ListHostedZones", "{'Marker': 'Z2x'}"); // gone: the next one
    assert_non_null(strstr(dsl.reply, "{'HostedZones':[{'Id':'/hostedzone/Z3'"));
    account_dsl_call(&dsl, "ListHostedZones", "{'HostedZoneType': 'PrivateHostedZone'}");
    assert_non_null(strstr(dsl.reply, "{'HostedZones':[{'Id':'/hostedzone/Z3'"));
    account_dsl_expect(&dsl, "ListHostedZones", "{'MaxItems': 'x'}", "InvalidInput: ...");
    account_dsl_expect(&dsl, "GetHostedZoneCount", "{}", "{'HostedZoneCount':3}");
    account_dsl_close(&dsl);
}

// A start position, not a filter.
static void test_zones_are_listed_by_name_from_a_name_on(void **state)
{
    (void)state;
    static const struct {
        const char *input;
        const char *ids; // in order
        const char *rest;
    } cases[] = {
        {"{}", "Z1 Z2 Z3 Z4 ", "'IsTruncated':false,'MaxItems':'100'}"},
        {"{'DNSName': 'B.example.com'}", "Z2 Z3 Z4 ", "'DNSName':'b.example.com.',"},
        {"{'DNSName': 'b.example.com', 'HostedZoneId': 'Z3'}", "Z3 Z4 ", "'HostedZoneId':'Z3',"},
        {"{'DNSName': 'aaa.com', 'MaxItems': '1'}", "Z1 ",
         "'IsTruncated':true,'NextDNSName':'b.example.com.','NextHostedZoneId':'Z2','MaxItems':'1'}"},
        {"{'DNSName': 'zzz.org'}", "", "'HostedZones':[],"},
    };
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{'HostedZones': [{'Id': 'Z4', 'Name': 'a.org'}, {'Id': 'Z1', 'Name': "
                           "'example.com'}, {'Id': 'Z2', 'Name': 'b.example.com'}]}");
    struct account_edit *edit = account_edit_create(dsl.account);
    const char *twin = "{\"Id\":\"Z3\",\"Name\":\"b.example.com.\"}";
    account_edit_put(edit, ACCOUNT_ZONE, bytes_of("Z3"), bytes_of(twin));
    account_apply(edit);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char ids[100] = "";
        account_dsl_call(&dsl, "ListHostedZonesByName", cases[i].input);
        for (const char *at = dsl.reply; (at = strstr(at, "/hostedzone/")) != NULL; at++) {
            snprintf(ids + strlen(ids), 4, "%.2s ", at + strlen("/hostedzone/"));
        }
        if (strcmp(ids, cases[i].ids) != 0 || strstr(dsl.reply, cases[i].rest) == NULL) {
            fail_msg("%s: %s in %s", cases[i].input, ids, dsl.reply);
        }
    }
    account_dsl_expect(&dsl, "ListHostedZonesByName", "{'HostedZoneId': 'Z1'}", "InvalidInput: ...");
    account_dsl_expect(&dsl, "ListHostedZonesByName", "{'DNSName': 'a..b'}", "InvalidDomainName: ...");
    account_dsl_close(&dsl);
}

static void test_only_an_empty_zone_can_be_deleted(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{'HostedZones': [{'Id': 'Z1', 'Name': 'a.com', 'ResourceRecordSets': [{'Name': "
                           "'x.a.com', 'Type': 'A', 'TTL': 1, 'ResourceRecords': [{'Value': '1.1.1.1'}]}]}, "
                           "{'Id': 'Z2', 'Name': 'b.com', 'CallerReference': 'r'}]}");
    account_dsl_expect(&dsl, "DeleteHostedZone", "{'Id': 'Z1'}",
                       "HostedZoneNotEmpty: The specified hosted zone contains non-required resource record "
                       "sets  and so cannot be deleted.");
    account_dsl_expect(&dsl, "DeleteHostedZone", "{'Id': 'Z2'}", "{'ChangeInfo':{'Id':'/change/C...");
    account_dsl_expect(&dsl, "DeleteHostedZone", "{'Id': 'Z2'}",
                       "NoSuchHostedZone: No hosted zone found with ID: Z2");
    assert_int_equal(account_count(dsl.account, ACCOUNT_RECORD_SET), 3);
    account_dsl_expect(&dsl, "CreateHostedZone", CREATE("b.com", "r"), "HostedZoneAlreadyExists: ...");
    account_dsl_close(&dsl);
}

static void test_a_comment_is_replaced_and_taken_away(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{'HostedZones': [{'Id': 'Z1', 'Name': 'a.com'}]}");
    account_dsl_call(&dsl, "UpdateHostedZoneComment", "{'Id': 'Z1', 'Comment': 'new'}");
    assert_non_null(strstr(dsl.reply, "'Config':{'Comment':'new','PrivateZone':false}"));
    account_dsl_call(&dsl, "UpdateHostedZoneComment", "{'Id': 'Z1', 'Comment': ''}");
    assert_non_null(strstr(dsl.reply, "'Config':{'PrivateZone':false}"));
    account_dsl_expect(&dsl, "UpdateHostedZoneComment", "{'Id': 'Z9'}", "NoSuchHostedZone: ...");
    account_dsl_close(&dsl);
}

static void test_a_change_can_be_asked_for(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char id[64];
    char asked[100];
    char wanted[300];
    account_dsl_open(&dsl, "{}");
    account_dsl_call(&dsl, "CreateHostedZone", CREATE("a.com", "1"));
    assert_non_null(strstr(dsl.reply, "'Status':'PENDING','SubmittedAt':'2026-01-02T03:04:05.000Z'"));
    snprintf(id, sizeof id, "%s", account_dsl_at(&dsl, "/ChangeInfo/Id"));
    snprintf(asked, sizeof asked, "{'Id': '%s'}", id + strlen("/change/"));
    snprintf(wanted, sizeof wanted,
             "{'ChangeInfo':{'Id':'%s','Status':'INSYNC','SubmittedAt':'2026-01-02T03:04:05.000Z'}}", id);
    account_dsl_expect(&dsl, "GetChange", asked, wanted);
    account_dsl_expect(&dsl, "GetChange", "{'Id': 'C1'}",
                       "NoSuchChange: Could not find resource with ID: C1");
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_public_zone_has_name_servers_and_two_record_sets),
        cmocka_unit_test(test_what_a_new_zone_must_be),
        cmocka_unit_test(test_a_vpc_alone_makes_a_zone_private),
        cmocka_unit_test(test_vpcs_come_and_go),
        cmocka_unit_test(test_authorizations_of_vpcs),
        cmocka_unit_test(test_zones_are_listed_by_id_a_page_at_a_time),
        cmocka_unit_test(test_zones_are_listed_by_name_from_a_name_on),
        cmocka_unit_test(test_only_an_empty_zone_can_be_deleted),
        cmocka_unit_test(test_a_comment_is_replaced_and_taken_away),
        cmocka_unit_test(test_a_change_can_be_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
