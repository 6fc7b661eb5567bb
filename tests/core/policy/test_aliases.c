// SPDX-License-Identifier: MIT
// Aliases: where they may point, and what they may be.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/dns/rrtype.h"
#include "support/policy_dsl.h"

struct bad {
    const char *text;
    const char *finding; // how the first line of the findings begins
};

static void expect_all(const struct bad *cases, size_t count)
{
    size_t failed = 0;
    for (size_t i = 0; i < count; i++) {
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, cases[i].text, NULL, NULL);
        const char *printed = buffer_string(&dsl.printed);
        if (dsl.policy != NULL || dsl.errors != 1 ||
            strncmp(printed, cases[i].finding, strlen(cases[i].finding)) != 0) {
            print_error("%s\nwanted, alone: %s\nfound: %s\n", cases[i].text, cases[i].finding, printed);
            failed++;
        }
        policy_dsl_free(&dsl);
    }
    assert_int_equal(failed, 0);
}
#define EXPECT_ALL(cases) expect_all(cases, sizeof(cases) / sizeof((cases)[0]))

// Each record set on a line of its own; those of the zone example.com from line 2 on.
#define ZONES(record_sets, others)                                                                           \
    "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [\n" record_sets "]}" others \
    "]}"
#define ZONE(record_sets)   ZONES(record_sets, "")
#define HEAD(name, type)    "{'Name': '" name "', 'Type': '" type "', "
#define VALUE(name)         HEAD(name, "A") "'TTL': 60, 'ResourceRecords': [{'Value': '192.0.2.1'}]}"
#define TO(id, target, eth) "'AliasTarget':\n{'HostedZoneId': '" id "', 'DNSName': '" target "'" eth "}}"
#define ETH                 ", 'EvaluateTargetHealth': true"
#define ALIAS(name, target) HEAD(name, "A") TO("Z1", target, ETH)
#define MEMBER(id, target)                                                                                   \
    HEAD("a.example.com", "A") "'SetIdentifier': '" id "', 'Weight': 1, " TO("Z1", target, ETH)

// F1, T1, T4, table 5.3
static void test_aliases_are_whole_and_of_types_that_can_be(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {ZONE(VALUE("b.example.com") ",\n" HEAD("a.example.com", "A") TO("Z1", "b.example.com", "")),
         "policy.json:4:1: error: missing field 'EvaluateTargetHealth'"},
        {ZONE(VALUE("b.example.com") ",\n" HEAD("a.example.com", "A") "'AliasTarget':\n{'DNSName': "
                                                                      "'b.example.com'" ETH "}}"),
         "policy.json:4:1: error: missing field 'HostedZoneId'"},
        {ZONE(HEAD("a.example.com", "A") "'AliasTarget':\n{'HostedZoneId': 'Z1'" ETH "}}"),
         "policy.json:3:1: error: missing field 'DNSName'"},
        {ZONE(VALUE("b.example.com") ",\n" HEAD("a.example.com", "A") "'TTL': 60, " TO("Z1", "b.example.com",
                                                                                       ETH)),
         "policy.json:3:1: error: Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
         "ResourceRecords], "
         "or TrafficPolicyInstanceId], but found more than one"},
        {ZONE(VALUE("b.example.com") ",\n" HEAD(
             "a.example.com",
             "A") "'TTL': 60, 'ResourceRecords': [{'Value': '192.0.2.1'}], " TO("Z1", "b.example.com", ETH)),
         "policy.json:3:1: error: Invalid request: Expected exactly one of [AliasTarget"},
        {ZONE(VALUE("b.example.com") ",\n" HEAD("a.example.com", "A") "'SetIdentifier': 'x', "
                                                                      "'MultiValueAnswer': true, " TO(
                                                                          "Z1", "b.example.com", ETH)),
         "policy.json:3:88: error: a multivalue record set cannot be an alias"},
        {ZONE(
             HEAD("b.example.com",
                  "NS") "'TTL': 1, 'ResourceRecords': [{'Value': 'ns.example.org'}]},\n" HEAD("a.example.com",
                                                                                              "NS")
                 TO("Z1", "b.example.com", ETH)),
         "policy.json:3:35: error: record sets of type NS cannot be aliases"},
        {ZONE(
             HEAD("b.example.com",
                  "CNAME") "'TTL': 1, 'ResourceRecords': [{'Value': 'x.example.org'}]},\n" HEAD("example.com",
                                                                                                "CNAME")
                 TO("Z1", "b.example.com", ETH)),
         "policy.json:3:33: error: RRSet of type CNAME with DNS name example.com. is not permitted at apex "
         "in "
         "zone example.com."},
        {ZONE(ALIAS("a.example.com", "b..example.com")),
         "policy.json:3:35: error: FATAL problem: DomainLabelEmpty"},
    };
    EXPECT_ALL(cases);
}

// T1, T5, table 5.3
static void test_targets_lie_in_the_zone_and_exist(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {ZONE(ALIAS("a.example.com", "b.example.org")),
         "policy.json:3:35: error: Tried to create an alias that targets b.example.org., type A in zone Z1, "
         "but the alias target name does not lie within the target zone"},
        {ZONE(ALIAS("a.example.com", "b.example.com")),
         "policy.json:3:35: error: Tried to create an alias that targets b.example.com., type A in zone Z1, "
         "but that target was not found"},
        {ZONE(VALUE("b.example.com") ",\n" HEAD("a.example.com", "AAAA") TO("Z1", "b.example.com", ETH)),
         "policy.json:4:35: error: Tried to create an alias that targets b.example.com., type AAAA in zone "
         "Z1, but that target was not found"},
        {ZONE(VALUE("*.example.com") ",\n" ALIAS("a.example.com", "b.example.com")), // only its own name
         "policy.json:4:35: error: Tried to create an alias that targets b.example.com., type A in zone Z1, "
         "but that target was not found"},
        {ZONE(HEAD("a.example.com", "A") TO("Z2FDTNDATAQYW2", "d111.cloudfront.net", ETH)),
         "policy.json:3:18: error: HostedZoneId 'Z2FDTNDATAQYW2' is not that of this zone ('Z1'), and "
         "Resources has no 'd111.cloudfront.net'"},
        {ZONES(HEAD("a.example.com", "A") TO("Z2", "b.example.org", ETH),
               ", {'Id': 'Z2', 'Name': 'example.org', 'ResourceRecordSets': [" VALUE("b.example.org") "]}"),
         "policy.json:3:18: error: an alias can target record sets of its own hosted zone (Z1) only, not of "
         "Z2"},
    };
    EXPECT_ALL(cases);
}

// T5
static void test_circles_are_refused_with_their_path(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {ZONE(ALIAS("a.example.com", "A.example.com.")),
         "policy.json:3:35: error: aliases go round in a circle: a.example.com. -> a.example.com. (T5)"},
        {ZONE(ALIAS("a.example.com", "b.example.com") ",\n" ALIAS(
             "b.example.com", "c.example.com") ",\n" ALIAS("c.example.com", "b.example.com")),
         "policy.json:7:35: error: aliases go round in a circle: b.example.com. -> c.example.com. -> "
         "b.example.com. (T5)"},
        {ZONE(VALUE("c.example.com") ",\n" MEMBER("x", "c.example.com") ",\n" MEMBER(
             "y", "b.example.com") ",\n" ALIAS("b.example.com", "a.example.com")),
         "policy.json:8:35: error: aliases go round in a circle: a.example.com. -> b.example.com. -> "
         "a.example.com. (T5)"},
    };
    EXPECT_ALL(cases);
}

// A chain of aliases n0 -> n1 -> ... and an address at its end, written front to back or back to front.
static void chain(struct buffer *text, int aliases, bool backwards)
{
    buffer_text(text, "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [");
    for (int i = 0; i < aliases; i++) {
        int at = backwards ? aliases - 1 - i : i;
        buffer_format(text,
                      "{'Name': 'n%d.example.com', 'Type': 'A', 'AliasTarget': {'HostedZoneId': 'Z1', "
                      "'DNSName': 'n%d.example.com', 'EvaluateTargetHealth': true}},\n",
                      at, at + 1);
    }
    buffer_format(text,
                  "{'Name': 'n%d.example.com', 'Type': 'A', 'TTL': 1, 'ResourceRecords': [{'Value': "
                  "'192.0.2.1'}]}]}]}",
                  aliases);
}

static void test_at_most_32_aliases_follow_each_other(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        bool too_many = i % 2 == 1;
        struct buffer text;
        buffer_init(&text, 1 << 20);
        chain(&text, too_many ? 33 : 32, i >= 2);
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, buffer_string(&text), NULL, NULL);
        assert_int_equal(dsl.errors > 0, too_many);
        assert_int_equal(strstr(buffer_string(&dsl.printed),
                                "more than 32 aliases lead on from one to the next (T5)") != NULL,
                         too_many);
        policy_dsl_free(&dsl);
        buffer_free(&text);
    }
}

// Two aliases to the same next level, n levels deep: few records, 2^n ways through them.
static void test_trees_that_a_query_could_not_walk_are_refused(void **state)
{
    (void)state;
    for (int levels = 10; levels <= 30; levels += 20) {
        struct buffer text;
        buffer_init(&text, 1 << 20);
        buffer_text(&text, "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [");
        for (int i = 0; i < 2 * levels; i++) {
            buffer_format(&text,
                          "{'Name': 'n%d.example.com', 'Type': 'A', 'SetIdentifier': '%d', 'Weight': 1, "
                          "'AliasTarget': {'HostedZoneId': 'Z1', 'DNSName': 'n%d.example.com', "
                          "'EvaluateTargetHealth': true}},\n",
                          i / 2, i % 2, i / 2 + 1);
        }
        buffer_format(&text,
                      "{'Name': 'n%d.example.com', 'Type': 'A', 'TTL': 1, 'ResourceRecords': [{'Value': "
                      "'192.0.2.1'}]}]}]}",
                      levels);
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, buffer_string(&text), NULL, NULL);
        assert_int_equal(dsl.errors, levels == 30);
        if (levels == 30) {
            assert_non_null(strstr(buffer_string(&dsl.printed), "has more than 100000 branches"));
        }
        policy_dsl_free(&dsl);
        buffer_free(&text);
    }
}

// L4: the group is refused for its size, the alias to it is not to blame.
static void test_an_alias_may_lead_to_a_group_that_is_far_too_large(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text, 64 << 20);
    buffer_text(&text, "{'HostedZones': [{'Id': 'Z1', 'Name': 'a', 'ResourceRecordSets': [\n");
    for (int i = 0; i <= 100000; i++) {
        buffer_format(
            &text,
            "{'Name': 'b.a', 'Type': 'A', 'SetIdentifier': '%d', 'MultiValueAnswer': true, 'TTL': 1, "
            "'ResourceRecords': [{'Value': '192.0.2.1'}]},\n",
            i);
    }
    buffer_text(&text, "{'Name': 'a', 'Type': 'A', 'AliasTarget': {'HostedZoneId': 'Z1', 'DNSName': 'b.a', "
                       "'EvaluateTargetHealth': true}}]}]}");
    struct policy_dsl dsl;
    policy_dsl_read(&dsl, buffer_string(&text), NULL, NULL);
    assert_int_equal(dsl.errors, 1);
    assert_non_null(strstr(buffer_string(&dsl.printed), "100001 record sets have DNS name b.a."));
    policy_dsl_free(&dsl);
    buffer_free(&text);
}

// T1, T2, T4, T11; the order in the file does not matter.
static void test_aliases_arrive_linked_to_their_targets(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    policy_dsl_read(
        &dsl,
        ZONE(HEAD("example.com", "A")
                 TO("Z1", "A.Example.com.", ETH) ",\n" MEMBER("x", "b.example.com") ",\n" MEMBER(
                     "y", "c.example.com") ",\n" VALUE("b.example.com") ",\n" HEAD("c.example.com", "A")
                     TO("Z1", "\\\\052.example.com",
                        ", 'EvaluateTargetHealth': false") ",\n" VALUE("*.example.com")),
        NULL, NULL);
    if (dsl.policy == NULL) {
        fail_msg("%s", buffer_string(&dsl.printed));
    }
    struct model *model = model_build(policy_spec(dsl.policy));
    const struct record_group *apex = name_node_group(model->zones[0]->apex, DNS_TYPE_A);
    const struct record_group *group = apex->members[0].alias->group;
    assert_true(apex->members[0].alias->evaluate_target_health);
    assert_int_equal(group->policy, ROUTING_WEIGHTED);
    assert_int_equal(group->member_count, 2);
    assert_int_equal(group->members[0].alias->group->members[0].record_count, 1);
    const struct record_set *c = &group->members[1].alias->group->members[0];
    assert_false(c->alias->evaluate_target_health);
    assert_int_equal(c->alias->group->members[0].record_count, 1);
    model_destroy(model);
    policy_dsl_free(&dsl);
}

// T5: Route 53 lets targets be deleted, so a dump may have aliases that lead nowhere.
static void test_dangling_aliases_are_refused_unless_the_knob_permits_them(void **state)
{
    (void)state;
    static const char knob[] = ", 'Simulator': {'DanglingAliases': true}}";
    char text[1024];
    struct policy_dsl dsl;
    snprintf(text, sizeof text, "%s", ZONE(ALIAS("a.example.com", "gone.example.com")));
    policy_dsl_read(&dsl, text, NULL, NULL);
    assert_int_equal(dsl.errors, 1);
    assert_non_null(strstr(buffer_string(&dsl.printed), "but that target was not found"));
    policy_dsl_free(&dsl);
    memcpy(text + strlen(text) - 1, knob, sizeof knob);
    policy_dsl_read(&dsl, text, NULL, &(struct policy_options){.trap_warnings = true});
    assert_int_equal(dsl.errors, 0);
    assert_int_equal(dsl.warnings, 1);
    assert_non_null(strstr(buffer_string(&dsl.printed),
                           "this alias leads to no record set: it counts as unhealthy (T5)"));
    model_destroy(model_build(policy_spec(dsl.policy)));
    policy_dsl_free(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dangling_aliases_are_refused_unless_the_knob_permits_them),
        cmocka_unit_test(test_aliases_are_whole_and_of_types_that_can_be),
        cmocka_unit_test(test_targets_lie_in_the_zone_and_exist),
        cmocka_unit_test(test_circles_are_refused_with_their_path),
        cmocka_unit_test(test_at_most_32_aliases_follow_each_other),
        cmocka_unit_test(test_trees_that_a_query_could_not_walk_are_refused),
        cmocka_unit_test(test_an_alias_may_lead_to_a_group_that_is_far_too_large),
        cmocka_unit_test(test_aliases_arrive_linked_to_their_targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
