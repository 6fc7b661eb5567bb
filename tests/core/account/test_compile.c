// SPDX-License-Identifier: MIT
// Part by part or all at once: the same model.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "core/account/compile.h"
#include "core/dns/rrtype.h"
#include "core/model/name_index.h"
#include "support/account_dsl.h"

enum { STEPS = 400, NAMES = 6 };

static const char policy[] =
    "{'HealthChecks': [{'Id': 'h', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '8.8.8.8'}}], "
    "'HostedZones': [{'Id': 'Z1', 'Name': 'one.com'}, {'Id': 'Z2', 'Name': 'two.com', 'ResourceRecordSets': "
    "[{'Name': 'two.com', 'Type': 'A', 'TTL': 1, 'ResourceRecords': [{'Value': '1.1.1.1'}], 'HealthCheckId': "
    "'h'}]}]}";

#define Q(text) "\\'" text "\\'"
#define DOCUMENT                                                                                             \
    "{" Q("AWSPolicyFormatVersion") ":" Q("2015-10-01") "," Q("RecordType") ":" Q("A") "," Q(                \
        "StartEndpoint") ":" Q("a") "," Q("Endpoints") ":{" Q("a") ":{" Q("Value") ":" Q("192.0.2.7") "}}}"

// The whole account, compiled with nothing to go by.
static struct model *compile_anew(const struct account_dsl *dsl)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct account_edit *edit = account_edit_create(dsl->account);
    struct account_object zone;
    assert_true(account_find(edit, ACCOUNT_ZONE, bytes_of("Z1"), &zone));
    account_edit_put(edit, ACCOUNT_ZONE, zone.key, zone.text);
    assert_true(account_edit_compile(edit, NULL, diagnostics));
    struct model *model = account_edit_take_model(edit);
    account_edit_discard(edit);
    diagnostics_destroy(diagnostics);
    return model;
}

static const struct zone *find_zone(const struct model *model, const char *id)
{
    for (uint32_t i = 0; i < model->zone_count; i++) {
        if (strcmp(model->zones[i]->id, id) == 0) {
            return model->zones[i];
        }
    }
    return NULL;
}

static const char *check_id(const struct model *model, const struct record_set *set)
{
    return set->health_check != HEALTH_CHECK_NONE ? model->health_checks[set->health_check].id : "";
}

static void assert_same_group(const struct model *one, const struct record_group *a,
                              const struct model *other, const struct record_group *b)
{
    assert_int_equal(a != NULL, b != NULL);
    if (a == NULL) {
        return;
    }
    assert_int_equal(a->member_count, b->member_count);
    assert_int_equal(a->policy, b->policy);
    for (unsigned i = 0; i < a->member_count; i++) {
        const struct record_set *x = &a->members[i];
        const struct record_set *y = &b->members[i];
        assert_int_equal(x->records_len, y->records_len);
        assert_memory_equal(x->records, y->records, x->records_len);
        assert_int_equal(x->alias != NULL, y->alias != NULL);
        assert_int_equal(x->alias != NULL && x->alias->group != NULL,
                         y->alias != NULL && y->alias->group != NULL);
        assert_int_equal(x->ttl, y->ttl);
        assert_string_equal(x->set_identifier != NULL ? x->set_identifier : "",
                            y->set_identifier != NULL ? y->set_identifier : "");
        assert_string_equal(check_id(one, x), check_id(other, y));
    }
}

static void assert_same(const struct model *one, const struct model *other)
{
    static const uint16_t types[] = {DNS_TYPE_A, DNS_TYPE_CNAME, DNS_TYPE_NS, DNS_TYPE_SOA};
    assert_int_equal(one->zone_count, other->zone_count);
    assert_int_equal(one->record_set_count, other->record_set_count);
    assert_int_equal(one->health_check_count, other->health_check_count);
    for (uint32_t i = 0; i < one->zone_count; i++) {
        const struct zone *a = one->zones[i];
        const struct zone *b = find_zone(other, a->id);
        assert_non_null(b);
        for (unsigned n = 0; n <= NAMES; n++) {
            char text[64];
            char apex[DNS_NAME_TEXT];
            struct dns_name name;
            dns_name_format(&a->name, apex);
            snprintf(text, sizeof text, "n%u.%s", n, apex);
            assert_true(dns_name_parse(bytes_of(n < NAMES ? text : apex), &name, NULL));
            const struct name_node *x = zone_find_node(a, &name);
            const struct name_node *y = zone_find_node(b, &name);
            assert_int_equal(x != NULL, y != NULL);
            for (size_t t = 0; x != NULL && t < sizeof types / sizeof types[0]; t++) {
                assert_same_group(one, name_node_group(x, types[t]), other, name_node_group(y, types[t]));
            }
        }
    }
}

// One change at random; many are refused, and must then leave everything as it was.
static void change(struct account_dsl *dsl, struct random *random)
{
    static const char *const actions[] = {"CREATE", "UPSERT", "UPSERT", "DELETE"};
    static const char *const contents[] = {
        "'Type': 'A', 'TTL': 1, 'ResourceRecords': [{'Value': '192.0.2.#'}]",
        "'Type': 'A', 'TTL': 1, 'ResourceRecords': [{'Value': '192.0.2.#'}], 'HealthCheckId': 'h'",
        "'Type': 'A', 'SetIdentifier': 'w#', 'Weight': 1, 'TTL': 1, 'ResourceRecords': [{'Value': "
        "'192.0.2.#'}]",
        "'Type': 'CNAME', 'TTL': 1, 'ResourceRecords': [{'Value': 'x#.net'}]",
        "'Type': 'A', 'AliasTarget': {'HostedZoneId': 'Z1', 'DNSName': 'n#.one.com', 'EvaluateTargetHealth': "
        "true}",
    };
    char input[800] = "{'HostedZoneId': 'Z1', 'ChangeBatch': {'Changes': [";
    unsigned count = 1 + random_below(random, 2);
    for (unsigned i = 0; i < count; i++) {
        char content[300];
        char digit = (char)('0' + random_below(random, 3));
        snprintf(content, sizeof content, "%s", contents[random_below(random, 5)]);
        for (char *c = content; *c != '\0'; c++) {
            *c = *c == '#' ? digit : *c;
        }
        size_t len = strlen(input);
        snprintf(input + len, sizeof input - len,
                 "%s{'Action': '%s', 'ResourceRecordSet': {'Name': 'n%u.one.com', %s}}", i > 0 ? ", " : "",
                 actions[random_below(random, 4)], random_below(random, NAMES), content);
    }
    size_t len = strlen(input);
    snprintf(input + len, sizeof input - len, "]}}");
    account_dsl_call(dsl, "ChangeResourceRecordSets", input);
}

// A name's traffic policy instance comes, or another one goes.
static void change_instances(struct account_dsl *dsl, struct random *random, const char *policy_id)
{
    char input[300];
    account_dsl_call(dsl, "ListTrafficPolicyInstances", "{}");
    char *id = xstrdup(account_dsl_at(dsl, "/TrafficPolicyInstances/0/Id"));
    if (id[0] != '\0' && random_below(random, 2) == 0) {
        snprintf(input, sizeof input, "{'Id': '%s'}", id);
        account_dsl_expect(dsl, "DeleteTrafficPolicyInstance", input, "{}");
    } else {
        snprintf(input, sizeof input,
                 "{'HostedZoneId': 'Z1', 'Name': 'n%u.one.com', 'TTL': %u, 'TrafficPolicyId': '%s', "
                 "'TrafficPolicyVersion': 1}",
                 random_below(random, NAMES), random_below(random, 3), policy_id);
        account_dsl_call(dsl, "CreateTrafficPolicyInstance", input);
    }
    free(id);
}

// What is listed can be deleted.
static void delete_one(struct account_dsl *dsl, struct random *random)
{
    char input[800];
    snprintf(input, sizeof input, "{'HostedZoneId': 'Z1', 'StartRecordName': 'n%u.one.com', 'MaxItems': '1'}",
             random_below(random, NAMES));
    account_dsl_call(dsl, "ListResourceRecordSets", input);
    const char *listed = account_dsl_at(dsl, "/ResourceRecordSets/0");
    if (listed[0] != '\0') {
        snprintf(
            input, sizeof input,
            "{'HostedZoneId': 'Z1', 'ChangeBatch': {'Changes': [{'Action': 'DELETE', 'ResourceRecordSet': "
            "%s}]}}",
            listed);
        account_dsl_expect(dsl, "ChangeResourceRecordSets", input, "{'ChangeInfo'...");
    }
}

static void test_part_by_part_is_the_same_as_all_at_once(void **state)
{
    (void)state;
    struct account_dsl dsl;
    struct random random;
    unsigned done = 0;
    unsigned done_instances = 0;
    random_seed(&random, 7);
    account_dsl_open(&dsl, policy);
    account_dsl_expect(&dsl, "CreateTrafficPolicy", "{'Name': 'p', 'Document': '" DOCUMENT "'}",
                       "{'TrafficPolicy'...");
    char *policy_id = xstrdup(account_dsl_at(&dsl, "/TrafficPolicy/Id"));
    for (unsigned step = 0; step < STEPS; step++) {
        switch (random_below(&random, 20)) {
        case 0: // a check that comes before h by its id, or after
            account_dsl_call(&dsl, "CreateHealthCheck",
                             "{'CallerReference': 'r', 'HealthCheckConfig': {'Type': "
                             "'TCP', 'IPAddress': '8.8.8.8', 'Port': 1}}");
            break;
        case 1:
            account_dsl_call(&dsl, "UpdateHealthCheck", "{'HealthCheckId': 'h', 'Inverted': true}");
            break;
        case 2:
            account_dsl_call(&dsl, "UpdateHostedZoneComment", "{'Id': 'Z2', 'Comment': 'x'}");
            break;
        case 3:
            change_instances(&dsl, &random, policy_id);
            done_instances += dsl.reply[0] == '{';
            break;
        case 4:
        case 5:
        case 6:
        case 7:
            delete_one(&dsl, &random);
            break;
        default:
            change(&dsl, &random);
            done += dsl.reply[0] == '{';
            break;
        }
        struct model *anew = compile_anew(&dsl);
        assert_same(dsl.model, anew);
        model_destroy(anew);
    }
    assert_in_range(done, STEPS / 10, STEPS); // else it proves little
    assert_in_range(done_instances, STEPS / 100, STEPS);
    free(policy_id);
    account_dsl_close(&dsl);
}

static void test_what_did_not_change_is_shared(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    const struct zone *other = find_zone(dsl.model, "Z2");
    part_hold(&other->part); // so that its address is not given to another
    account_dsl_call(
        &dsl, "ChangeResourceRecordSets",
        "{'HostedZoneId': 'Z1', 'ChangeBatch': {'Changes': [{'Action': 'CREATE', 'ResourceRecordSet': "
        "{'Name': 'n.one.com', 'Type': 'A', 'TTL': 1, 'ResourceRecords': [{'Value': '1.1.1.1'}]}}]}}");
    assert_ptr_equal(find_zone(dsl.model, "Z2"), other);
    account_dsl_call(&dsl, "CreateHealthCheck",
                     "{'CallerReference': 'r', 'HealthCheckConfig': {'Type': 'TCP', "
                     "'IPAddress': '8.8.8.8', 'Port': 1}}");
    assert_ptr_equal(find_zone(dsl.model, "Z2"), other);
    assert_string_equal(dsl.model->health_checks[0].id, "h"); // new ones come last
    account_dsl_call(&dsl, "DeleteHealthCheck", "{'HealthCheckId': 'h'}");
    assert_ptr_not_equal(find_zone(dsl.model, "Z2"), other);
    part_release(&other->part);
    account_dsl_close(&dsl);
}

// D23: the name server answers from the first of a name.
static void test_of_two_zones_with_one_name_the_older_comes_first(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    account_dsl_call(&dsl, "CreateHostedZone", "{'Name': 'one.com', 'CallerReference': '1'}");
    char input[100];
    char twin[64];
    snprintf(twin, sizeof twin, "%s", account_dsl_at(&dsl, "/HostedZone/Id") + strlen("/hostedzone/"));
    assert_int_equal(dsl.model->zone_count, 3);
    assert_string_equal(dsl.model->zones[0]->id, "Z1");
    assert_string_equal(dsl.model->zones[2]->id, twin);
    account_dsl_expect(&dsl, "DeleteHostedZone", "{'Id': 'Z1'}", "{'ChangeInfo'...");
    assert_int_equal(dsl.model->zone_count, 2);
    assert_null(find_zone(dsl.model, "Z1"));
    assert_non_null(find_zone(dsl.model, twin));
    snprintf(input, sizeof input, "{'Id': '%s'}", twin);
    account_dsl_expect(&dsl, "DeleteHostedZone", input, "{'ChangeInfo'...");
    assert_int_equal(dsl.model->zone_count, 1);
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_part_by_part_is_the_same_as_all_at_once),
        cmocka_unit_test(test_what_did_not_change_is_shared),
        cmocka_unit_test(test_of_two_zones_with_one_name_the_older_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
