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
#include "core/model/parts.h"
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

static const char *collection_id(const struct model *model, const struct record_set *set)
{
    return model->cidr_collections[set->routing.cidr.collection].id;
}

static const char *location_name(const struct model *model, const struct record_set *set)
{
    const struct cidr_collection *collection = &model->cidr_collections[set->routing.cidr.collection];
    uint32_t location = set->routing.cidr.location;
    return location < collection->location_count ? collection->locations[location] : "";
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
        assert_int_equal(x->dangling_check, y->dangling_check);
        if (a->policy == ROUTING_CIDR) {
            assert_string_equal(collection_id(one, x), collection_id(other, y));
            assert_string_equal(location_name(one, x), location_name(other, y));
        }
    }
}

static void assert_same(const struct model *one, const struct model *other)
{
    static const uint16_t types[] = {DNS_TYPE_A, DNS_TYPE_CNAME, DNS_TYPE_NS, DNS_TYPE_SOA};
    assert_int_equal(one->zone_count, other->zone_count);
    assert_int_equal(one->record_set_count, other->record_set_count);
    assert_int_equal(one->health_check_count, other->health_check_count);
    for (uint32_t i = 0; i < one->health_check_count; i++) {
        const struct health_check *a = &one->health_checks[i];
        uint32_t same = check_list_find(other->check_list, bytes_of(a->id));
        assert_int_not_equal(same, HEALTH_CHECK_NONE);
        assert_int_equal(a->inverted, other->health_checks[same].inverted);
    }
    for (uint32_t i = 0; i < one->zone_count; i++) {
        const struct zone *a = one->zones[i];
        const struct zone *b = find_zone(other, a->id);
        assert_non_null(b);
        assert_string_equal(a->comment != NULL ? a->comment : "", b->comment != NULL ? b->comment : "");
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

// --- checks and collections --------------------------------------------------------------------------------

// One of the first few that are listed; mostly "" when they are fewer. Until the next call.
static const char *pick(struct account_dsl *dsl, struct random *random, const char *operation,
                        const char *list)
{
    char path[64];
    snprintf(path, sizeof path, "/%s/%u/Id", list, random_below(random, 4));
    account_dsl_call(dsl, operation, "{}");
    return account_dsl_at(dsl, path);
}

static void change_checks(struct account_dsl *dsl, struct random *random, unsigned step)
{
    char input[300];
    if (random_below(random, 2) == 0) {
        snprintf(input, sizeof input,
                 "{'CallerReference': '%u', 'HealthCheckConfig': {'Type': 'TCP', 'IPAddress': '8.8.8.8', "
                 "'Port': 1}}",
                 step);
        account_dsl_call(dsl, "CreateHealthCheck", input);
    } else {
        snprintf(input, sizeof input, "{'HealthCheckId': '%s'}",
                 pick(dsl, random, "ListHealthChecks", "HealthChecks"));
        account_dsl_call(dsl, "DeleteHealthCheck", input);
    }
}

static void change_collections(struct account_dsl *dsl, struct random *random, unsigned step)
{
    char input[400];
    if (random_below(random, 4) == 0) {
        snprintf(input, sizeof input, "{'Name': 'c%u', 'CallerReference': '%u'}", step, step);
        account_dsl_call(dsl, "CreateCidrCollection", input);
        return;
    }
    const char *id = pick(dsl, random, "ListCidrCollections", "CidrCollections");
    if (random_below(random, 4) == 0) {
        snprintf(input, sizeof input, "{'Id': '%s'}", id);
        account_dsl_call(dsl, "DeleteCidrCollection", input);
        return;
    }
    unsigned location = random_below(random, 3);
    snprintf(input, sizeof input,
             "{'Id': '%s', 'Changes': [{'LocationName': 'l%u', 'Action': '%s', 'CidrList': "
             "['10.%u.0.0/16']}]}",
             id, location, random_below(random, 3) > 0 ? "PUT" : "DELETE_IF_EXISTS", location);
    account_dsl_call(dsl, "ChangeCidrCollection", input);
}

// Names n0 to n2 have weighted sets with checks, and n3 to n5 sets by CIDR location.
static void change_users(struct account_dsl *dsl, struct random *random)
{
    static const char *const zones[] = {"one", "two"};
    char routing[200];
    char input[600];
    bool by_check = random_below(random, 2) == 0;
    unsigned number = random_below(random, 3);
    unsigned zone = random_below(random, 2);
    if (by_check) {
        snprintf(routing, sizeof routing, "'Weight': 1, 'HealthCheckId': '%s'",
                 pick(dsl, random, "ListHealthChecks", "HealthChecks"));
    } else {
        snprintf(routing, sizeof routing,
                 "'CidrRoutingConfig': {'CollectionId': '%s', 'LocationName': 'l%u'}",
                 pick(dsl, random, "ListCidrCollections", "CidrCollections"), random_below(random, 3));
    }
    snprintf(input, sizeof input,
             "{'HostedZoneId': 'Z%u', 'ChangeBatch': {'Changes': [{'Action': 'UPSERT', 'ResourceRecordSet': "
             "{'Name': 'n%u.%s.com', 'Type': 'A', 'TTL': 1, 'SetIdentifier': 's%u', %s, 'ResourceRecords': "
             "[{'Value': '1.1.1.1'}]}}]}}",
             zone + 1, number + (by_check ? 0 : 3), zones[zone], random_below(random, 2), routing);
    account_dsl_call(dsl, "ChangeResourceRecordSets", input);
}

static void test_what_zones_name_by_index_comes_and_goes(void **state)
{
    (void)state;
    static void (*const kinds[])(struct account_dsl *, struct random *, unsigned) = {change_checks,
                                                                                     change_collections};
    struct account_dsl dsl;
    struct random random;
    unsigned done[3] = {0};
    random_seed(&random, 11);
    account_dsl_open(&dsl, policy);
    for (unsigned step = 0; step < 2 * STEPS; step++) {
        unsigned kind = random_below(&random, 3);
        if (kind == 2) {
            change_users(&dsl, &random);
        } else {
            kinds[kind](&dsl, &random, step);
        }
        done[kind] += dsl.reply[0] == '{';
        struct model *anew = compile_anew(&dsl);
        assert_same(dsl.model, anew);
        model_destroy(anew);
    }
    for (unsigned kind = 0; kind < 3; kind++) {
        assert_in_range(done[kind], STEPS / 10, STEPS); // else it proves little
    }
    account_dsl_close(&dsl);
}

static void test_zones_without_what_is_gone_are_shared(void **state)
{
    (void)state;
#define CREATE_CHECK(reference)                                                                              \
    "{'CallerReference': '" reference "', 'HealthCheckConfig': {'Type': 'TCP', 'IPAddress': '8.8.8.8', "     \
    "'Port': 1}}"
    struct account_dsl dsl;
    char input[600];
    char first[64];
    char second[64];
    char third[64];
    account_dsl_open(&dsl, policy); // Z2 names h, the first of the checks
    account_dsl_call(&dsl, "CreateHealthCheck", CREATE_CHECK("1"));
    snprintf(first, sizeof first, "%s", account_dsl_at(&dsl, "/HealthCheck/Id"));
    account_dsl_call(&dsl, "CreateHealthCheck", CREATE_CHECK("2"));
    snprintf(second, sizeof second, "%s", account_dsl_at(&dsl, "/HealthCheck/Id"));
    account_dsl_call(&dsl, "CreateHealthCheck", CREATE_CHECK("3"));
    snprintf(third, sizeof third, "%s", account_dsl_at(&dsl, "/HealthCheck/Id"));
    snprintf(input, sizeof input,
             "{'HostedZoneId': 'Z1', 'ChangeBatch': {'Changes': [{'Action': 'CREATE', 'ResourceRecordSet': "
             "{'Name': 'n.one.com', 'Type': 'A', 'TTL': 1, 'SetIdentifier': 'w', 'Weight': 1, "
             "'HealthCheckId': '%s', 'ResourceRecords': [{'Value': '1.1.1.1'}]}}]}}",
             third);
    account_dsl_expect(&dsl, "ChangeResourceRecordSets", input, "{'ChangeInfo'...");
    const struct zone *one = find_zone(dsl.model, "Z1");
    const struct zone *two = find_zone(dsl.model, "Z2");
    part_hold(&one->part); // so that their addresses are not given to others
    part_hold(&two->part);
    account_dsl_expect(&dsl, "CreateCidrCollection", "{'Name': 'c', 'CallerReference': 'c'}",
                       "{'Collection'...");
    assert_int_equal(dsl.model->cidr_collection_count, 1);
    assert_ptr_equal(find_zone(dsl.model, "Z1"), one);
    assert_ptr_equal(find_zone(dsl.model, "Z2"), two);
    snprintf(input, sizeof input, "{'HealthCheckId': '%s'}", first); // the third comes to its place
    account_dsl_expect(&dsl, "DeleteHealthCheck", input, "{}");
    assert_int_equal(dsl.model->health_check_count, 3);
    assert_string_equal(dsl.model->health_checks[1].id, third);
    assert_string_equal(dsl.model->health_checks[2].id, second);
    assert_ptr_not_equal(find_zone(dsl.model, "Z1"), one);
    assert_ptr_equal(find_zone(dsl.model, "Z2"), two);
    part_release(&one->part);
    one = find_zone(dsl.model, "Z1");
    part_hold(&one->part);
    snprintf(input, sizeof input, "{'HealthCheckId': '%s'}", second); // the last
    account_dsl_expect(&dsl, "DeleteHealthCheck", input, "{}");
    assert_ptr_equal(find_zone(dsl.model, "Z1"), one);
    assert_ptr_equal(find_zone(dsl.model, "Z2"), two);
    part_release(&one->part);
    part_release(&two->part);
    account_dsl_close(&dsl);
}

// A file that is read again is the model only as long as nothing of the API's is left beside it.
static void test_a_reload_of_the_same_file_keeps_what_the_api_made(void **state)
{
    (void)state;
#define CHANGE(zone, action, record_set)                                                                     \
    {                                                                                                        \
        "ChangeResourceRecordSets",                                                                          \
            "{'HostedZoneId': '" zone "', 'ChangeBatch': {'Changes': [{'Action': '" action                   \
            "', 'ResourceRecordSet': {" record_set "}}]}}"                                                   \
    }
#define A(name, value)                                                                                       \
    "'Name': '" name "', 'Type': 'A', 'TTL': 1, 'ResourceRecords': [{'Value': '" value "'}]"
    static const struct {
        const char *operation; // NULL: nothing was made
        const char *input;
    } cases[] = {
        {NULL, NULL},
        CHANGE("Z1", "CREATE", A("n.one.com", "1.1.1.1")),
        CHANGE("Z2", "CREATE", A("zz.two.com", "1.1.1.1")),
        CHANGE("Z2", "UPSERT", A("two.com", "1.1.1.2") ", 'HealthCheckId': 'h'"),
        CHANGE("Z2", "DELETE", A("two.com", "1.1.1.1") ", 'HealthCheckId': 'h'"),
        {"UpdateHealthCheck", "{'HealthCheckId': 'h', 'Inverted': true}"},
        {"CreateHealthCheck", "{'CallerReference': 'r', 'HealthCheckConfig': {'Type': 'TCP', 'IPAddress': "
                              "'8.8.8.8', 'Port': 1}}"},
        {"UpdateHostedZoneComment", "{'Id': 'Z2', 'Comment': 'x'}"},
        {"CreateHostedZone", "{'Name': 'one.com', 'CallerReference': '1'}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct account_dsl dsl;
        struct account_merge merge = {0};
        account_dsl_open(&dsl, policy);
        if (cases[i].operation != NULL &&
            account_dsl_call(&dsl, cases[i].operation, cases[i].input)[0] != '{') {
            fail_msg("%s: %s", cases[i].input, dsl.reply);
        }
        struct model *before = compile_anew(&dsl);
        account_dsl_reload(&dsl, policy, &merge);
        assert_same(before, dsl.model);
        model_destroy(before);
        account_dsl_close(&dsl);
    }
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
        cmocka_unit_test(test_what_zones_name_by_index_comes_and_goes),
        cmocka_unit_test(test_zones_without_what_is_gone_are_shared),
        cmocka_unit_test(test_a_reload_of_the_same_file_keeps_what_the_api_made),
        cmocka_unit_test(test_what_did_not_change_is_shared),
        cmocka_unit_test(test_of_two_zones_with_one_name_the_older_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
