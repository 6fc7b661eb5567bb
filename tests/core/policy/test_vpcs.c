// SPDX-License-Identifier: MIT
// Private hosted zones and VPCs in a policy: D21, E3, X4, tables 5.1 and 5.2.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "support/policy_dsl.h"

struct finding {
    const char *text;
    const char *finding; // how the only one begins
};

static const struct policy_options checking = {.trap_warnings = true};

static void expect(const struct finding *wanted, size_t errors, size_t warnings)
{
    struct policy_dsl dsl;
    policy_dsl_read(&dsl, wanted->text, NULL, &checking);
    const char *printed = buffer_string(&dsl.printed);
    if (dsl.errors != errors || dsl.warnings != warnings ||
        strncmp(printed, wanted->finding, strlen(wanted->finding)) != 0) {
        fail_msg("%s\nwanted, alone: %s\nfound: %s", wanted->text, wanted->finding, printed);
    }
    policy_dsl_free(&dsl);
}

#define VPC(id, region)      "{'VPCId': '" id "', 'VPCRegion': '" region "'}"
#define ZONE(id, name, vpcs) "{'Id': '" id "', 'Name': '" name "',\n'VPCs': [" vpcs "]}"
#define ZONES(zones)         "{'HostedZones': [" zones "]}"
#define SECTION(vpcs)        "{'VPCs': [\n" vpcs "]}"
#define BLOCKS(id, blocks)   "{'VPCId': '" id "', 'VPCRegion': 'us-east-1', 'CidrBlocks': [" blocks "]}"
#define PRIVATE(record_sets)                                                                                 \
    "{'HealthChecks': [{'Id': 'h', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '8.8.8.8'}}], "        \
    "'CidrCollections': [{'Id': 'c', 'Name': 'n', 'CidrBlocks': [{'CidrBlock': '192.0.2.0/24', "             \
    "'LocationName': 'x'}]}], 'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'VPCs': [" VPC(            \
        "vpc-1", "us-east-1") "], 'ResourceRecordSets': [\n" record_sets "]}]}"
#define SET(type, value, members)                                                                            \
    "{'Name': 'a.example.com', 'Type': '" type "', 'TTL': 60, 'ResourceRecords': [{'Value': '" value         \
    "'}]" members "}"

static void test_vpcs_are_refused_at_their_place(void **state)
{
    (void)state;
    static const struct finding cases[] = {
        {SECTION(VPC("10.0.0.0", "us-east-1")),
         "policy.json:2:11: error: '10.0.0.0' is not the id of a VPC, such as vpc-1a2b3c4d"},
        {SECTION(VPC("vpc-", "us-east-1")), "policy.json:2:11: error: VPCId must have 5 to 63 characters"},
        {SECTION(VPC("vpc-1 ", "us-east-1")), "policy.json:2:11: error: 'vpc-1 ' is not the id of a VPC"},
        {SECTION(VPC("vpc-1", "us-east-9")),
         "policy.json:2:33: error: unknown VPCRegion 'us-east-9'; did you mean"},
        {SECTION("{'VPCId': 'vpc-1'}"), "policy.json:2:1: error: missing field 'VPCRegion'"},
        {SECTION(VPC("vpc-1", "us-east-1") ",\n" VPC("vpc-1", "us-east-1")),
         "policy.json:3:11: error: 'vpc-1' is given twice"},
        {SECTION(BLOCKS("vpc-1", "'10.0.0.0/16', '10.1.0.1/16'")), "policy.json:2:76: error: "},
        {SECTION(BLOCKS("vpc-1", "'10.0.0.0/16'") ",\n" BLOCKS("vpc-2", "'10.0.0.0/16'")),
         "policy.json:3:61: error: '10.0.0.0/16' is given twice, and clients are in one VPC"},
        {ZONES(ZONE("Z1", "example.com", "{'VPCId': 'vpc-1', 'VPCRegion': 'us-east-1', 'CidrBlocks': []}")),
         "policy.json:2:55: error: unknown field 'CidrBlocks' of HostedZoneVPC"},
        {ZONES(ZONE("Z1", "example.com", VPC("vpc-1", "us-east-1") ", " VPC("vpc-1", "us-east-1"))),
         "policy.json:2:66: error: 'vpc-1' is given twice"},
        {ZONES(ZONE("Z1", "example.com", VPC("vpc-1", "us-east-1")) ", " ZONE("Z2", "Example.com.",
                                                                              VPC("vpc-1", "us-east-1"))),
         "policy.json:3:20: error: vpc-1 is associated with another hosted zone of this name already (Z1)"},
        {ZONES(ZONE("Z1", "example.com", VPC("vpc-1", "us-east-1")) ", " ZONE("Z2", "example.org",
                                                                              VPC("vpc-1", "eu-west-1"))),
         "policy.json:3:42: error: vpc-1 is said to be in us-east-1 elsewhere"},
        {"{'VPCs': [" VPC("vpc-1", "us-east-1") "],\n 'HostedZones': [" ZONE("Z1", "example.com",
                                                                             VPC("vpc-1", "eu-west-1")) "]}",
         "policy.json:3:42: error: vpc-1 is said to be in us-east-1 elsewhere"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect(&cases[i], 1, 0);
    }
}

static void test_record_sets_that_a_private_zone_cannot_have_are_refused(void **state)
{
    (void)state;
    static const struct finding cases[] = {
        // table 5.1
        {PRIVATE(SET("A", "192.0.2.1", ", 'HealthCheckId': 'h'")),
         "policy.json:2:113: error: in a private hosted zone only failover, multivalue, weighted, latency "
         "and "
         "geolocation record sets can have a health check, not simple ones"},
        // X4
        {PRIVATE(SET("A", "192.0.2.1",
                     ", 'SetIdentifier': 'x', 'GeoProximityLocation': {'AWSRegion': 'us-east-1'}")),
         "policy.json:2:118: error: a private hosted zone cannot have geoproximity record sets, unless "
         "PrivateGeoproximity in Simulator says so (X4)"},
        // D12
        {PRIVATE(SET("NS", "ns.example.org", "")), "policy.json:2:35: error: a private hosted zone cannot "
                                                   "delegate: NS record sets are at its apex only"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, cases[i].text, NULL, NULL);
        if (dsl.errors != 1 ||
            strncmp(buffer_string(&dsl.printed), cases[i].finding, strlen(cases[i].finding)) != 0) {
            fail_msg("wanted, alone: %s\nfound: %s", cases[i].finding, buffer_string(&dsl.printed));
        }
        policy_dsl_free(&dsl);
    }
}

static void test_traps_of_private_zones_are_told(void **state)
{
    (void)state;
    static const struct finding cases[] = {
        {"{'HostedZones': [\n{'Id': 'Z1', 'Name': 'example.com', 'Config': {'PrivateZone': true}}]}",
         "policy.json:2:1: warning: no VPC is associated with this private hosted zone, so nobody sees it "
         "(D21)"},
        {"{'CidrCollections': [{'Id': 'c', 'Name': 'n', 'CidrBlocks': []}], 'HostedZones': [{'Id': 'Z1', "
         "'Name': 'example.com', 'VPCs': [" VPC("vpc-1", "us-east-1") "], 'ResourceRecordSets': [\n" SET(
             "A", "192.0.2.1",
             ", 'SetIdentifier': 'x', 'CidrRoutingConfig': {'CollectionId': 'c', 'LocationName': '*'}") "]}]"
                                                                                                        "}",
         "policy.json:2:118: warning: AWS does not support IP-based record sets in a private hosted zone; "
         "here "
         "\"*\" answers all (table 5.2)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect(&cases[i], 0, 1);
    }
}

// D23: a public and a private zone of one name are no trap.
static void test_private_zones_arrive_with_their_vpcs(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    policy_dsl_read(
        &dsl,
        "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com'}, {'Id': 'Z2', 'Name': 'example.com', "
        "'VPCs': [" VPC("vpc-1a2b", "eu-west-1") ", " VPC(
            "vpc-2", "us-east-1") "]}],\n"
                                  "'Simulator': {'PrivateGeoproximity': true},\n"
                                  "'VPCs': [" BLOCKS("vpc-2", "'10.0.0.0/16', '2001:db8::/32'") "]}",
        NULL, &checking);
    assert_int_equal(dsl.errors + dsl.warnings, 0);
    struct model *model = model_build(policy_spec(dsl.policy));
    assert_false(model->zones[0]->private_zone);
    assert_true(model->zones[1]->private_zone);
    assert_int_equal(model->vpc_count, 2);
    assert_string_equal(model->vpcs[0].id, "vpc-2"); // of VPCs first
    assert_string_equal(model->places[model->vpcs[0].place].name, "us-east-1");
    assert_string_equal(model_find_vpc(model, bytes_of("vpc-1a2b"))->id, "vpc-1a2b");
    assert_null(model_find_vpc(model, bytes_of("vpc-3")));
    assert_int_equal(model->vpc_block_count, 2);
    assert_true(model->simulator.private_geoproximity);
    model_destroy(model);
    policy_dsl_free(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vpcs_are_refused_at_their_place),
        cmocka_unit_test(test_record_sets_that_a_private_zone_cannot_have_are_refused),
        cmocka_unit_test(test_traps_of_private_zones_are_told),
        cmocka_unit_test(test_private_zones_arrive_with_their_vpcs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
