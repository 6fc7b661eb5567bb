// SPDX-License-Identifier: MIT
// Resources of a policy and the aliases to them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/dns/rrtype.h"
#include "core/model/name_index.h"
#include "support/policy_dsl.h"

static const struct policy_options checking = {.trap_warnings = true};

// Resources on lines of their own from line 2 on, record sets behind them.
#define POLICY(resources, record_sets)                                                                       \
    "{'Resources': [\n" resources "],\n'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', "                 \
    "'ResourceRecordSets': [\n" record_sets "]}]}"
#define RESOURCE(name, zone, type, members)                                                                  \
    "{'DNSName': '" name "', 'HostedZoneId': '" zone "', 'Type': '" type "'" members "}"
#define ADDRESS    ", 'ResourceRecords': {'A': ['192.0.2.1']}"
#define BOTH       ", 'ResourceRecords': {'A': ['192.0.2.1', '192.0.2.2'], 'AAAA': ['2001:db8::1']}"
#define ELB        RESOURCE("lb.elb.amazonaws.com.", "ZELB", "ELB", ADDRESS)
#define CLOUDFRONT RESOURCE("d111.cloudfront.net", "Z2FDTNDATAQYW2", "CloudFront", BOTH)
#define ALIAS(type, zone, target, eth)                                                                       \
    "{'Name': 'a.example.com', 'Type': '" type "', 'AliasTarget':\n{'HostedZoneId': '" zone                  \
    "', 'DNSName': '" target "', 'EvaluateTargetHealth': " eth "}}"

static void test_what_is_wrong_with_resources_and_their_aliases(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *finding;
    } cases[] = {
        {POLICY("{'HostedZoneId': 'Z', 'Type': 'ELB'" ADDRESS "}", ""), "missing field 'DNSName'"},
        {POLICY("{'DNSName': 'a.b', 'Type': 'ELB'" ADDRESS "}", ""), "missing field 'HostedZoneId'"},
        {POLICY(RESOURCE("a.b", "Z", "ELB", ""), ""), "missing field 'ResourceRecords'"},
        {POLICY(RESOURCE("a.b", "Z", "CloudFrnot", ADDRESS), ""), "did you mean 'CloudFront'?"},
        {POLICY(RESOURCE("a..b", "Z", "ELB", ADDRESS), ""), "FATAL problem: DomainLabelEmpty"},
        {POLICY(RESOURCE("a.b", "Z", "ELB", ", 'ResourceRecords': {'A': ['192.0.2.1', '2001:db8::1']}"), ""),
         "2:95: error: Invalid Resource Record: 'FATAL problem: "},
        {POLICY(ELB ",\n" RESOURCE("dualstack.LB.elb.amazonaws.com", "ZX", "ALB", ADDRESS), ""),
         "another resource has DNSName 'dualstack.LB.elb.amazonaws.com' already"},
        // T1: name and zone must both be the resource's
        {POLICY(ELB, ALIAS("A", "ZOTHER", "lb.elb.amazonaws.com", "true")),
         "5:18: error: HostedZoneId of the resource 'lb.elb.amazonaws.com' is 'ZELB', not 'ZOTHER'"},
        {POLICY(ELB, ALIAS("A", "ZELB", "bl.elb.amazonaws.com.", "true")),
         "5:37: error: HostedZoneId 'ZELB' is not that of this zone ('Z1'), and Resources has no "
         "'bl.elb.amazonaws.com.'; did you mean 'lb.elb.amazonaws.com.'?"},
        {POLICY(ELB, ALIAS("A", "Z2", "www.example.com.", "true")),
         "5:18: error: HostedZoneId 'Z2' is not that of this zone ('Z1'), and Resources has no "
         "'www.example.com.'"},
        {POLICY(ELB, ALIAS("A", "Z1", "lb.elb.amazonaws.com.", "true")),
         "Tried to create an alias that targets lb.elb.amazonaws.com., type A in zone Z1, but the alias "
         "target name does not lie within the target zone"},
        {POLICY(ELB, ALIAS("MX", "ZELB", "lb.elb.amazonaws.com.", "true")),
         "aliases to AWS resources are of type A or AAAA here, not MX"},
        {POLICY(CLOUDFRONT, ALIAS("A", "Z2FDTNDATAQYW2", "d111.cloudfront.net.", "true")), // Q3
         "EvaluateTargetHealth cannot be true for an alias to a resource of type CloudFront"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, cases[i].text, NULL, NULL);
        const char *printed = buffer_string(&dsl.printed);
        if (dsl.policy != NULL || dsl.errors != 1 || strstr(printed, cases[i].finding) == NULL) {
            fail_msg("%s\nwanted, alone: %s\nfound: %s", cases[i].text, cases[i].finding, printed);
        }
        policy_dsl_free(&dsl);
    }
}

#define MEMBER(id, zone, target, eth)                                                                        \
    "{'Name': 'a.example.com', 'Type': 'A', 'SetIdentifier': '" id                                           \
    "', 'Weight': 1, 'AliasTarget':\n{'HostedZoneId': '" zone "', 'DNSName': '" target                       \
    "', 'EvaluateTargetHealth': " eth "}}"
#define S3  RESOURCE("s3-website.amazonaws.com", "ZS3", "S3Website", ADDRESS)
#define VPC RESOURCE("vpce.amazonaws.com", "ZVPC", "VPCEndpoint", ADDRESS)

static void test_traps_of_resources_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *finding; // NULL: none
    } cases[] = {
        {POLICY(RESOURCE("s3-website.amazonaws.com", "ZS3", "S3Website", ADDRESS ",\n'Healthy': false"), ""),
         "3:12: warning: a resource of type S3Website always counts as healthy (Q3)"},
        {POLICY(ELB, ALIAS("AAAA", "ZELB", "lb.elb.amazonaws.com", "true")),
         "5:37: warning: this resource has no addresses of type AAAA: queries get no data (T2)"},
        {POLICY(ELB "," S3, MEMBER("x", "ZELB", "lb.elb.amazonaws.com",
                                   "true") ",\n" MEMBER("y", "ZS3", "s3-website.amazonaws.com", "true")),
         "6:1: warning: without a health check this record always counts as healthy"},
        {POLICY(ELB, MEMBER("x", "ZELB", "lb.elb.amazonaws.com",
                            "true") ",\n" MEMBER("y", "ZELB", "lb.elb.amazonaws.com", "false")),
         "7:85: warning: without EvaluateTargetHealth this alias always counts as healthy"},
        {POLICY(RESOURCE("lb.elb.amazonaws.com", "ZELB", "NLB", ADDRESS ", 'Healthy': false"),
                ALIAS("A", "ZELB", "lb.elb.amazonaws.com", "true")),
         NULL},
        {POLICY(VPC, MEMBER("x", "ZVPC", "vpce.amazonaws.com",
                            "false") ",\n" MEMBER("y", "ZVPC", "vpce.amazonaws.com", "false")),
         NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, cases[i].text, NULL, &checking);
        const char *printed = buffer_string(&dsl.printed);
        if (dsl.policy == NULL || dsl.warnings != (cases[i].finding != NULL) ||
            (cases[i].finding != NULL && strstr(printed, cases[i].finding) == NULL)) {
            fail_msg("%s\nwanted, alone: %s\nfound: %s", cases[i].text,
                     cases[i].finding != NULL ? cases[i].finding : "nothing", printed);
        }
        policy_dsl_free(&dsl);
    }
}

static void load(struct policy_dsl *dsl, const char *text, struct model **model)
{
    policy_dsl_read(dsl, text, NULL, NULL);
    if (dsl->policy == NULL) {
        fail_msg("%s", buffer_string(&dsl->printed));
    }
    *model = model_build(policy_spec(dsl->policy));
}

static const struct alias_target *alias_of(const struct model *model, uint16_t type)
{
    struct dns_name name;
    assert_true(dns_name_parse(bytes_of("a.example.com"), &name, NULL));
    const struct name_node *node = zone_find_node(model->zones[0], &name);
    return name_node_group(node, type)->members[0].alias;
}

// T1: case, the final dot and "dualstack." make no difference, on either side.
static void test_aliases_find_their_resource(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"lb.elb.amazonaws.com.", "lb.elb.amazonaws.com"},
        {"lb.elb.amazonaws.com", "DualStack.LB.elb.amazonaws.com."},
        {"dualstack.lb.elb.amazonaws.com", "lb.ELB.amazonaws.com"},
        {"dualstack.lb.elb.amazonaws.com", "dualstack.lb.elb.amazonaws.com"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct buffer text;
        struct policy_dsl dsl;
        struct model *model;
        buffer_init(&text, 10000);
        buffer_format(&text,
                      POLICY(RESOURCE("x.example.net", "ZELB", "NLB",
                                      ADDRESS) ",\n" RESOURCE("%s", "ZELB", "ALB", BOTH ", 'TTL': 7"),
                             ALIAS("A", "ZELB", "%s", "true")),
                      names[i][0], names[i][1]);
        load(&dsl, buffer_string(&text), &model);
        const struct alias_target *alias = alias_of(model, DNS_TYPE_A);
        assert_ptr_equal(alias->resource, &model->resources[1]);
        assert_null(alias->group);
        assert_int_equal(alias->resource->type, RESOURCE_ALB);
        assert_int_equal(alias->addresses->record_count, 2);
        assert_int_equal(alias->addresses->ttl, 7);
        model_destroy(model);
        policy_dsl_free(&dsl);
        buffer_free(&text);
    }
}

// T3: their own, else the knob's.
static void test_resources_without_a_ttl_have_that_of_the_knob(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    policy_dsl_read(
        &dsl,
        "{'Simulator': {'ResourceTTL': 300}, 'Resources': [" RESOURCE(
            "a.b", "Z", "ALB", ADDRESS) ", " RESOURCE("c.d", "Z", "S3Website", ADDRESS ", 'TTL': 5") "]}",
        NULL, NULL);
    assert_non_null(dsl.policy);
    const struct model_spec *spec = policy_spec(dsl.policy);
    assert_int_equal(spec->resources[0].addresses[0].ttl, 300);
    assert_int_equal(spec->resources[1].addresses[0].ttl, 5);
    policy_dsl_free(&dsl);
}

// Q3: whose health can change at all; T3: the TTL is 60 by default.
static void test_each_kind_of_resource_has_the_health_of_its_service(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        bool has_health;
        bool can_be_evaluated;
    } cases[] = {
        {"ELB", true, true},          {"ALB", true, true},
        {"NLB", true, true},          {"ElasticBeanstalk", true, true},
        {"CloudFront", false, false}, {"APIGateway", false, true},
        {"S3Website", false, true},   {"VPCEndpoint", false, true},
        {"AppRunner", false, true},   {"GlobalAccelerator", false, true},
        {"AppSync", false, true},
    };
    assert_int_equal(sizeof cases / sizeof cases[0], RESOURCE_TYPES);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int healthy = 0; healthy < 2; healthy++) {
            struct buffer text;
            struct policy_dsl dsl;
            struct model *model;
            buffer_init(&text, 10000);
            buffer_format(&text,
                          POLICY(RESOURCE("x.example.net", "ZX", "%s", ADDRESS ", 'Healthy': %s"),
                                 ALIAS("A", "ZX", "x.example.net", "%s")),
                          cases[i].type, healthy ? "true" : "false",
                          cases[i].can_be_evaluated ? "true" : "false");
            load(&dsl, buffer_string(&text), &model);
            const struct resource *resource = alias_of(model, DNS_TYPE_A)->resource;
            assert_string_equal(resource_type_name(resource->type), cases[i].type);
            assert_int_equal(resource->healthy, healthy || !cases[i].has_health);
            assert_int_equal(resource->addresses[0].ttl, 60);
            assert_int_equal(resource->addresses[1].record_count, 0);
            model_destroy(model);
            policy_dsl_free(&dsl);
            buffer_free(&text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_wrong_with_resources_and_their_aliases),
        cmocka_unit_test(test_traps_of_resources_are_told),
        cmocka_unit_test(test_aliases_find_their_resource),
        cmocka_unit_test(test_resources_without_a_ttl_have_that_of_the_knob),
        cmocka_unit_test(test_each_kind_of_resource_has_the_health_of_its_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
