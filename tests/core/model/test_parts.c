// SPDX-License-Identifier: MIT
// Models that share their parts: what a change compiles, what stays the same pointer, and that an old model
// stays as it was until whoever holds it lets go.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/dns/rrtype.h"
#include "core/model/name_index.h"
#include "core/model/parts.h"
#include "support/model_dsl.h"

#define TWO_ZONES                                                                                            \
    "check a\n"                                                                                              \
    "check b\n"                                                                                              \
    "zone Z1 example.com.\n"                                                                                 \
    "weighted www.example.com. A 60 x:1 192.0.2.1 a\n"                                                       \
    "weighted www.example.com. A 60 y:1 192.0.2.2 b\n"                                                       \
    "zone Z2 example.org.\n"                                                                                 \
    "weighted www.example.org. A 60 x:1 192.0.2.3 b\n"

static struct dns_name name_of(const char *text)
{
    struct dns_name name;
    assert_true(dns_name_parse(bytes_of(text), &name, NULL));
    return name;
}

static struct name_lookup find(const struct model *model, const char *text, bool ds)
{
    struct dns_name name = name_of(text);
    return model_find_name(model, NULL, &name, ds);
}

// The last byte of the only A record's address; 0: there is none.
static unsigned address_at(const struct model *model, const char *text)
{
    struct name_lookup found = find(model, text, false);
    const struct record_group *group =
        found.match == NAME_EXACT ? name_node_group(found.node, DNS_TYPE_A) : NULL;
    return group != NULL ? group->members[0].records[group->members[0].records_len - 1] : 0;
}

static const struct zone *compile(const char *text, const struct model *base)
{
    struct spec_dsl *dsl = spec_dsl_create(text);
    const struct zone *zone = zone_compile(&spec_dsl_spec(dsl)->zones[0], base->check_list,
                                           base->collection_list, base->resource_list);
    spec_dsl_destroy(dsl);
    return zone;
}

// The base with one zone more or another, whose reference goes to the model.
static struct model *with_zone(const struct model *base, const char *text)
{
    const struct zone *zone = compile(text, base);
    struct model *model = model_derive(base, &(struct model_change){.zones = &zone, .zone_count = 1});
    part_release(&zone->part);
    return model;
}

static struct model *without_zone(const struct model *base, const char *id)
{
    return model_derive(base, &(struct model_change){.removed_zones = &id, .removed_zone_count = 1});
}

static void test_a_changed_zone_leaves_all_else_shared(void **state)
{
    (void)state;
    struct model *base = model_dsl(TWO_ZONES);
    struct model *derived = with_zone(base, "zone Z1 example.com.\nrecord www.example.com. A 60 192.0.2.9\n");
    assert_ptr_equal(derived->zones[1], base->zones[1]);
    assert_ptr_equal(derived->check_list, base->check_list);
    assert_ptr_equal(derived->place_list, base->place_list);
    assert_ptr_equal(derived->collection_list, base->collection_list);
    assert_ptr_equal(derived->resource_list, base->resource_list);
    assert_int_equal(address_at(base, "www.example.com"), 1);
    assert_int_equal(address_at(derived, "www.example.com"), 9);
    assert_int_equal(base->record_set_count - derived->record_set_count, 1);
    assert_int_equal(base->name_count, derived->name_count);
    model_destroy(base); // what is shared stays
    assert_int_equal(address_at(derived, "www.example.org"), 3);
    model_destroy(derived);
}

static void test_old_models_stay_as_they_were(void **state)
{
    (void)state;
    struct model *base = model_dsl(TWO_ZONES);
    struct model *derived = without_zone(base, "Z2");
    assert_int_equal(derived->zone_count, 1);
    assert_int_equal(find(derived, "www.example.org", false).match, NAME_NO_ZONE);
    model_destroy(derived);
    assert_int_equal(base->zone_count, 2);
    assert_int_equal(address_at(base, "www.example.org"), 3);
    model_destroy(base);
}

static void test_a_zone_takes_the_place_of_the_one_with_its_id_or_comes_last(void **state)
{
    (void)state;
    struct model *base = model_dsl(TWO_ZONES);
    struct model *renamed = with_zone(base, "zone Z1 example.net.\n");
    assert_string_equal(renamed->zones[0]->id, "Z1");
    assert_int_equal(find(renamed, "www.example.com", false).match, NAME_NO_ZONE);
    assert_int_equal(find(renamed, "example.net", false).match, NAME_EXACT);
    struct model *more = with_zone(renamed, "zone Z3 example.com.\n");
    assert_int_equal(more->zone_count, 3);
    assert_string_equal(more->zones[2]->id, "Z3");
    assert_int_equal(find(more, "example.com", false).match, NAME_EXACT);
    model_destroy(base);
    model_destroy(renamed);
    model_destroy(more);
}

static void test_checks_that_are_appended_leave_the_zones_alone(void **state)
{
    (void)state;
    struct model *base = model_dsl(TWO_ZONES);
    struct spec_dsl *dsl = spec_dsl_create("check a inverted\ncheck b\ncheck c\n");
    const struct check_list *checks = check_list_compile(spec_dsl_spec(dsl));
    spec_dsl_destroy(dsl);
    struct model *derived = model_derive(base, &(struct model_change){.checks = checks});
    part_release(&checks->part);
    assert_ptr_equal(derived->zones[0], base->zones[0]);
    assert_int_equal(derived->health_check_count, 3);
    assert_true(derived->health_checks[0].inverted);
    assert_false(base->health_checks[0].inverted);
    struct model *used = with_zone(derived, "zone Z3 example.net.\n"
                                            "check c\n"
                                            "weighted www.example.net. A 60 x:1 192.0.2.4 c\n");
    const struct record_group *group = used->zones[2]->routed_groups[0];
    assert_int_equal(group->members[0].health_check, 2);
    model_destroy(base);
    model_destroy(derived);
    model_destroy(used);
}

static void test_a_zone_fits_as_long_as_the_checks_it_names_stay(void **state)
{
    (void)state;
    static const struct {
        const char *checks;
        bool fits;
    } cases[] = {
        {"check a\ncheck b\ncheck c\ncheck d\n", true}, {"check a\ncheck b inverted\ncheck c\n", true},
        {"check x\ncheck b\ncheck c\n", true}, // it does not name the first
        {"check a\ncheck c\ncheck b\n", false},         {"check a\ncheck b\n", false},
    };
    struct model *base = model_dsl("zone Z1 example.com.\n"
                                   "check a\ncheck b\ncheck c\n"
                                   "weighted www.example.com. A 60 x:1 192.0.2.1 c\n"
                                   "weighted www.example.com. A 60 y:1 192.0.2.2 b\n"
                                   "weighted www.example.com. A 60 z:1 192.0.2.3 c\n"
                                   "record api.example.com. A 60 192.0.2.4\n");
    const struct zone *zone = base->zones[0];
    assert_int_equal(zone->check_count, 2);
    assert_int_equal(zone->checks[0], 1);
    assert_int_equal(zone->checks[1], 2);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct spec_dsl *dsl = spec_dsl_create(cases[i].checks);
        const struct check_list *checks = check_list_compile(spec_dsl_spec(dsl));
        spec_dsl_destroy(dsl);
        assert_int_equal(zone_fits_checks(zone, base->check_list, checks), cases[i].fits);
        part_release(&checks->part);
    }
    model_destroy(base);
}

static void test_a_zone_outlives_every_model_for_whoever_holds_it(void **state)
{
    (void)state;
    struct model *base = model_dsl("block sea 192.0.2.0/24\n"
                                   "resource elb.example.net. A 60 192.0.2.7\n"
                                   "zone Z1 example.com.\n"
                                   "record www.example.com. A 60 resource=elb.example.net.\n"
                                   "cidr ip.example.com. A 60 sea 192.0.2.8\n");
    const struct zone *zone = base->zones[0];
    part_hold(&zone->part);
    model_destroy(base);
    struct dns_name name = name_of("www.example.com");
    const struct record_group *group = name_node_group(zone_find_node(zone, &name), DNS_TYPE_A);
    assert_int_equal(group->members[0].alias->addresses->records_len, RECORD_HEADER + 4);
    assert_int_equal(zone->collections->collections[0].block_count, 1);
    part_release(&zone->part);
}

// RFC 4035 section 3.1.4.1, D12: while both sides of a cut are here the child answers, but for its DS; and
// each zone alone answers as if the other were elsewhere.
static void test_a_cut_between_two_zones_comes_and_goes_with_the_child(void **state)
{
    (void)state;
    struct model *parent = model_dsl("zone Z1 example.com.\n"
                                     "record sub.example.com. NS 300 ns.example.org.\n"
                                     "record www.sub.example.com. A 300 192.0.2.1\n");
    struct model *both = with_zone(parent, "zone Z2 sub.example.com.\n"
                                           "record www.sub.example.com. A 300 192.0.2.2\n");
    const struct name_node *cut = find(parent, "sub.example.com", false).node;
    assert_int_equal(find(parent, "www.sub.example.com", false).match, NAME_DELEGATED);
    assert_int_equal(address_at(both, "www.sub.example.com"), 2);
    assert_ptr_equal(find(both, "sub.example.com", false).node, both->zones[1]->apex);
    assert_ptr_equal(find(both, "sub.example.com", true).node, cut);
    assert_int_equal(find(both, "sub.example.com", true).match, NAME_EXACT);
    struct dns_name name = name_of("www.sub.example.com");
    assert_int_equal(zone_find_name(both->zones[0], &name, false).match, NAME_DELEGATED);
    assert_int_equal(zone_find_name(both->zones[1], &name, false).match, NAME_EXACT);
    name = name_of("example.com");
    assert_int_equal(zone_find_name(both->zones[1], &name, false).match, NAME_NO_ZONE);
    model_destroy(parent);
    model_destroy(both);
}

// A parent zone without NS or DS sets at the child's apex has no cut to answer for.
static void test_ds_at_an_apex_that_the_parent_does_not_know_is_the_childs(void **state)
{
    (void)state;
    struct model *model = model_dsl("zone Z1 example.com.\n"
                                    "record a.sub.example.com. A 300 192.0.2.1\n"
                                    "record sub.example.com. TXT 300 \"x\"\n"
                                    "zone Z2 sub.example.com.\n");
    assert_ptr_equal(find(model, "sub.example.com", true).node, model->zones[1]->apex);
    assert_int_equal(find(model, "a.sub.example.com", false).match, NAME_ABSENT); // D14
    model_destroy(model);
}

// T1: an alias stays in its own zone, also where a more specific zone answers for the target's name.
static void test_aliases_lead_to_record_sets_that_another_zone_hides(void **state)
{
    (void)state;
    struct model *model = model_dsl("zone Z1 example.com.\n"
                                    "record www.example.com. A 60 alias=a.sub.example.com.\n"
                                    "record a.sub.example.com. A 60 192.0.2.1\n"
                                    "zone Z2 sub.example.com.\n"
                                    "record a.sub.example.com. A 60 192.0.2.2\n");
    struct name_lookup found = find(model, "www.example.com", false);
    const struct record_group *target = name_node_group(found.node, DNS_TYPE_A)->members[0].alias->group;
    assert_ptr_equal(target->node->zone, model->zones[0]);
    model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_changed_zone_leaves_all_else_shared),
        cmocka_unit_test(test_old_models_stay_as_they_were),
        cmocka_unit_test(test_a_zone_takes_the_place_of_the_one_with_its_id_or_comes_last),
        cmocka_unit_test(test_checks_that_are_appended_leave_the_zones_alone),
        cmocka_unit_test(test_a_zone_fits_as_long_as_the_checks_it_names_stay),
        cmocka_unit_test(test_a_zone_outlives_every_model_for_whoever_holds_it),
        cmocka_unit_test(test_a_cut_between_two_zones_comes_and_goes_with_the_child),
        cmocka_unit_test(test_ds_at_an_apex_that_the_parent_does_not_know_is_the_childs),
        cmocka_unit_test(test_aliases_lead_to_record_sets_that_another_zone_hides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
