// SPDX-License-Identifier: MIT
// CIDR collections: semantics reference I1 to I6, L15; API reference 2.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/account_dsl.h"

// Collection C1 with two locations, which a record set uses, and an empty one.
static const char policy[] = "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': ["
                             "  {'Name': 'a.example.com', 'Type': 'A', 'TTL': 60, 'SetIdentifier': 'home',"
                             "   'CidrRoutingConfig': {'CollectionId': 'C1', 'LocationName': 'home'},"
                             "   'ResourceRecords': [{'Value': '192.0.2.1'}]}]}],"
                             " 'CidrCollections': ["
                             "  {'Id': 'C1', 'Name': 'offices', 'CidrBlocks': ["
                             "   {'CidrBlock': '198.51.100.0/24', 'LocationName': 'home'},"
                             "   {'CidrBlock': '2001:db8::/32', 'LocationName': 'away'},"
                             "   {'CidrBlock': '203.0.113.0/24', 'LocationName': 'home'}]},"
                             "  {'Id': 'C2', 'Name': 'empty', 'Version': 7}]}";

#define CHANGE(version, changes) "{'Id': 'C1'" version ", 'Changes': [" changes "]}"
#define PUT(location, cidr)      "{'LocationName': '" location "', 'Action': 'PUT', 'CidrList': ['" cidr "']}"
#define DELETE(location, cidr)                                                                               \
    "{'LocationName': '" location "', 'Action': 'DELETE_IF_EXISTS', 'CidrList': ['" cidr "']}"

static void expect_blocks(struct account_dsl *dsl, const char *blocks)
{
    char expected[1024];
    snprintf(expected, sizeof expected, "{'CidrBlocks':[%s]}", blocks);
    account_dsl_expect(dsl, "ListCidrBlocks", "{'CollectionId': 'C1'}", expected);
}

static void test_a_collection_is_created_once_for_a_reference(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char first[1024];
    account_dsl_open(&dsl, "{}");
    snprintf(first, sizeof first, "%s",
             account_dsl_call(&dsl, "CreateCidrCollection", "{'Name': 'offices', 'CallerReference': 'r'}"));
    assert_memory_equal(first, "{'Collection':{'Arn':'arn:aws:route53:::cidrcollection/", 55);
    assert_non_null(strstr(first, "','Name':'offices','Version':1}}"));
    // Sent again
    account_dsl_expect(&dsl, "CreateCidrCollection", "{'Name': 'offices', 'CallerReference': 'r'}", first);
    account_dsl_expect(
        &dsl, "CreateCidrCollection", "{'Name': 'other', 'CallerReference': 'r'}",
        "CidrCollectionAlreadyExistsException: A CIDR collection has already been created with the "
        "specified caller reference.");
    account_dsl_expect(
        &dsl, "CreateCidrCollection", "{'Name': 'offices', 'CallerReference': 's'}",
        "CidrCollectionAlreadyExistsException: A CIDR collection with the name offices already exists "
        "in this account.");
    account_dsl_expect(&dsl, "CreateCidrCollection", "{'Name': 'no blanks', 'CallerReference': 't'}",
                       "InvalidInput: 1 validation error detected: Value 'no blanks' at 'name' failed...");
    account_dsl_close(&dsl);
}

static void test_an_account_has_five_collections(void **state) // L15
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    for (int i = 3; i <= 5; i++) {
        char input[128];
        snprintf(input, sizeof input, "{'Name': 'n%d', 'CallerReference': 'r%d'}", i, i);
        account_dsl_expect(&dsl, "CreateCidrCollection", input, "{'Collection':...");
    }
    account_dsl_expect(&dsl, "CreateCidrCollection", "{'Name': 'n6', 'CallerReference': 'r6'}",
                       "LimitsExceeded: This account has 5 CIDR collections, which is the most (L15).");
    account_dsl_close(&dsl);
}

static void test_collections_of_a_policy_file_are_listed(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    account_dsl_expect(
        &dsl, "ListCidrCollections", "{}",
        "{'CidrCollections':["
        "{'Arn':'arn:aws:route53:::cidrcollection/C1','Id':'C1','Name':'offices','Version':1},"
        "{'Arn':'arn:aws:route53:::cidrcollection/C2','Id':'C2','Name':'empty','Version':7}]}");
    account_dsl_expect(&dsl, "ListCidrLocations", "{'CollectionId': 'C1'}",
                       "{'CidrLocations':[{'LocationName':'home'},{'LocationName':'away'}]}");
    account_dsl_expect(&dsl, "ListCidrLocations", "{'CollectionId': 'C2'}", "{'CidrLocations':[]}");
    account_dsl_expect(&dsl, "ListCidrBlocks", "{'CollectionId': 'C1', 'LocationName': 'away'}",
                       "{'CidrBlocks':[{'CidrBlock':'2001:db8::/32','LocationName':'away'}]}");
    account_dsl_expect(&dsl, "ListCidrBlocks", "{'CollectionId': 'C1', 'LocationName': 'moon'}",
                       "NoSuchCidrLocationException: The CIDR collection location moon doesn't exist.");
    account_dsl_close(&dsl);
}

static void test_lists_come_in_pages(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    account_dsl_expect(
        &dsl, "ListCidrCollections", "{'MaxResults': '1'}",
        "{'CidrCollections':[{'Arn':'arn:aws:route53:::cidrcollection/C1','Id':'C1','Name':'offices',"
        "'Version':1}],'NextToken':'1'}");
    account_dsl_expect(&dsl, "ListCidrLocations",
                       "{'CollectionId': 'C1', 'MaxResults': '1', 'NextToken': '1'}",
                       "{'CidrLocations':[{'LocationName':'away'}]}");
    account_dsl_expect(
        &dsl, "ListCidrBlocks", "{'CollectionId': 'C1', 'MaxResults': '1', 'NextToken': '1'}",
        "{'CidrBlocks':[{'CidrBlock':'2001:db8::/32','LocationName':'away'}],'NextToken':'2'}");
    account_dsl_expect(&dsl, "ListCidrBlocks", "{'CollectionId': 'C1', 'NextToken': 'x'}",
                       "InvalidPaginationToken...");
    account_dsl_close(&dsl);
}

// I6
static void test_a_change_puts_and_deletes_blocks_under_a_version_lock(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    account_dsl_expect(
        &dsl, "ChangeCidrCollection",
        CHANGE(", 'CollectionVersion': 1", PUT("away", "192.0.2.0/24") ", " DELETE("home", "203.0.113.0/24")),
        "{'Id':'/change/C...");
    expect_blocks(&dsl, "{'CidrBlock':'198.51.100.0/24','LocationName':'home'},"
                        "{'CidrBlock':'2001:db8::/32','LocationName':'away'},"
                        "{'CidrBlock':'192.0.2.0/24','LocationName':'away'}");
    account_dsl_expect(
        &dsl, "ChangeCidrCollection", CHANGE(", 'CollectionVersion': 1", PUT("x", "192.0.0.0/24")),
        "CidrCollectionVersionMismatchException: The CIDR collection version you provided, 1, doesn't "
        "match the one in the account, 2.");
    // Without a version the last writer wins.
    account_dsl_expect(&dsl, "ChangeCidrCollection", CHANGE("", PUT("x", "192.0.0.0/24")), "{'Id':...");
    account_dsl_call(&dsl, "ListCidrCollections", "{}");
    assert_string_equal(account_dsl_at(&dsl, "/CidrCollections/0/Version"), "3");
    account_dsl_close(&dsl);
}

// I6
static void test_a_block_lives_in_one_location_and_moves_in_one_request(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    account_dsl_expect(
        &dsl, "ChangeCidrCollection", CHANGE("", PUT("away", "198.51.100.0/24")),
        "CidrBlockInUseException: The CIDR block 198.51.100.0/24 is already in use by location home.");
    // However they are ordered
    account_dsl_expect(&dsl, "ChangeCidrCollection",
                       CHANGE("", PUT("away", "203.0.113.0/24") ", " DELETE("home", "203.0.113.0/24")),
                       "{'Id':...");
    // Again, and in another spelling: nothing new
    account_dsl_expect(&dsl, "ChangeCidrCollection", CHANGE("", PUT("away", "2001:DB8:0::/32")), "{'Id':...");
    // Not there, or elsewhere
    account_dsl_expect(&dsl, "ChangeCidrCollection",
                       CHANGE("", DELETE("home", "192.0.2.0/24") ", " DELETE("home", "2001:db8::/32")),
                       "{'Id':...");
    expect_blocks(&dsl, "{'CidrBlock':'198.51.100.0/24','LocationName':'home'},"
                        "{'CidrBlock':'2001:db8::/32','LocationName':'away'},"
                        "{'CidrBlock':'203.0.113.0/24','LocationName':'away'}");
    account_dsl_close(&dsl);
}

// I1
static void test_blocks_that_no_collection_can_have_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *change;
        const char *reply;
    } cases[] = {
        {CHANGE("", PUT("x", "192.0.2.1/24")),
         "InvalidInput: The CIDR block '192.0.2.1/24' is not valid: ..."},
        {CHANGE("", PUT("x", "hello")), "InvalidInput: The CIDR block 'hello' is not valid: ..."},
        {CHANGE("", PUT("x", "192.0.2.0/25")), "InvalidInput: ..."},
        {CHANGE("", PUT("x", "0.0.0.0/0")), "InvalidInput: ..."},
        {CHANGE("", PUT("*", "192.0.2.0/24")), "InvalidInput: 1 validation error detected: Value '*' at..."},
        {CHANGE("", "{'LocationName': 'x', 'Action': 'ADD', 'CidrList': ['192.0.2.0/24']}"),
         "InvalidInput: 1 validation error detected: Value 'ADD' at 'changes.1.member.action' failed..."},
        {"{'Id': 'C3', 'Changes': [" PUT("x", "192.0.2.0/24") "]}",
         "NoSuchCidrCollectionException: The CIDR collection you specified doesn't exist: C3"},
    };
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        account_dsl_expect(&dsl, "ChangeCidrCollection", cases[i].change, cases[i].reply);
    }
    account_dsl_close(&dsl);
}

// I6
static void test_only_an_empty_collection_that_nothing_uses_is_deleted(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': ["
                           "  {'Name': 'a.example.com', 'Type': 'A', 'TTL': 60, 'SetIdentifier': 'home',"
                           "   'CidrRoutingConfig': {'CollectionId': 'C2', 'LocationName': '*'},"
                           "   'ResourceRecords': [{'Value': '192.0.2.1'}]}]}],"
                           " 'CidrCollections': [{'Id': 'C1', 'Name': 'one', 'CidrBlocks': ["
                           "   {'CidrBlock': '198.51.100.0/24', 'LocationName': 'home'}]},"
                           "  {'Id': 'C2', 'Name': 'two'}]}");
    account_dsl_expect(
        &dsl, "DeleteCidrCollection", "{'Id': 'C1'}",
        "CidrCollectionInUseException: The CIDR collection C1 must be empty before it can be deleted.");
    account_dsl_expect(&dsl, "DeleteCidrCollection", "{'Id': 'C2'}",
                       "CidrCollectionInUseException: The CIDR collection C2 is in use by record sets.");
    account_dsl_expect(&dsl, "ChangeCidrCollection", CHANGE("", DELETE("home", "198.51.100.0/24")),
                       "{'Id':...");
    account_dsl_expect(&dsl, "DeleteCidrCollection", "{'Id': 'C1'}", "{}");
    account_dsl_expect(&dsl, "DeleteCidrCollection", "{'Id': 'C1'}", "NoSuchCidrCollectionException: ...");
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_collection_is_created_once_for_a_reference),
        cmocka_unit_test(test_an_account_has_five_collections),
        cmocka_unit_test(test_collections_of_a_policy_file_are_listed),
        cmocka_unit_test(test_lists_come_in_pages),
        cmocka_unit_test(test_a_change_puts_and_deletes_blocks_under_a_version_lock),
        cmocka_unit_test(test_a_block_lives_in_one_location_and_moves_in_one_request),
        cmocka_unit_test(test_blocks_that_no_collection_can_have_are_refused),
        cmocka_unit_test(test_only_an_empty_collection_that_nothing_uses_is_deleted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
