// SPDX-License-Identifier: MIT
#include "sections.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/xalloc.h"
#include "core/account/record_set.h"

json_t *sections_parse(struct bytes text)
{
    json_t *object = json_loadb((const char *)text.data, text.len, 0, NULL);
    assert(object != NULL); // the account wrote it
    return object;
}

static void append_all(json_t *list, const struct account_edit *edit, enum account_kind kind,
                       struct bytes prefix)
{
    struct account_cursor cursor;
    struct account_object object;
    account_seek(&cursor, edit, kind, prefix);
    while (account_next(&cursor, &object) && object.key.len >= prefix.len &&
           memcmp(object.key.data, prefix.data, prefix.len) == 0) {
        json_array_append_new(list, sections_parse(object.text));
    }
}

json_t *sections_record_sets(const struct account_edit *edit, struct bytes prefix)
{
    json_t *list = json_array();
    append_all(list, edit, ACCOUNT_RECORD_SET, prefix);
    return list;
}

json_t *sections_all_record_sets(const struct account_edit *edit, const char *zone_id)
{
    json_t *list = json_array();
    struct buffer prefix;
    buffer_init(&prefix, ACCOUNT_KEY_LIMIT);
    account_zone_prefix(&prefix, zone_id);
    append_all(list, edit, ACCOUNT_RECORD_SET, buffer_bytes(&prefix));
    append_all(list, edit, ACCOUNT_TRAFFIC_RECORD_SET, buffer_bytes(&prefix));
    buffer_free(&prefix);
    return list;
}

// {Name, Type, TrafficPolicyInstanceId}, as the API has it, as an alias to where the instance begins.
static json_t *alias_of_instance(const json_t *zone, const json_t *record_set, const char *instance_id)
{
    json_t *alias =
        json_copy((json_t *)(uintptr_t)record_set); // NOLINT(performance-no-int-to-ptr): read only
    struct buffer target;
    buffer_init(&target, ACCOUNT_KEY_LIMIT);
    account_traffic_name(&target, instance_id, 0, json_string_value(json_object_get(zone, "Name")));
    json_object_del(alias, "TrafficPolicyInstanceId");
    json_object_set_new(alias, "AliasTarget",
                        json_pack("{s:O,s:s,s:b}", "HostedZoneId", json_object_get(zone, "Id"), "DNSName",
                                  buffer_string(&target), "EvaluateTargetHealth", true));
    buffer_free(&target);
    return alias;
}

json_t *sections_zone(const json_t *zone, json_t *record_sets)
{
    static const char *const members[] = {"Id", "Name", "CallerReference", "Config", "VPCs"};
    json_t *bare = json_object();
    for (size_t i = 0; i < json_array_size(record_sets); i++) {
        const json_t *record_set = json_array_get(record_sets, i);
        const char *instance = json_string_value(json_object_get(record_set, "TrafficPolicyInstanceId"));
        if (instance != NULL) {
            json_array_set_new(record_sets, i, alias_of_instance(zone, record_set, instance));
        }
    }
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_object_set(bare, members[i], json_object_get(zone, members[i]));
    }
    json_object_set_new(bare, "ResourceRecordSets", record_sets);
    return bare;
}

json_t *sections_objects(const struct account_edit *edit, enum account_kind kind)
{
    json_t *list = json_array();
    struct account_cursor cursor;
    struct account_object object;
    account_seek(&cursor, edit, kind, bytes_of(""));
    while (account_next(&cursor, &object)) {
        json_array_append_new(list, sections_parse(object.text));
    }
    return list;
}

// --- reading -----------------------------------------------------------------------------------------------

static struct policy *read_sections(const struct account_edit *edit, json_t *zones, json_t *checks,
                                    json_t *collections, struct diagnostics *diagnostics)
{
    const struct account *account = edit->account;
    json_t *sections = json_pack("{s:o,s:o,s:o}", "HostedZones", zones, "HealthChecks", checks,
                                 "CidrCollections", collections);
    const struct policy *rest = edit->policy != NULL ? edit->policy : account->policy;
    struct policy *policy = policy_read_over(rest, sections, &account->options, diagnostics);
    json_decref(sections);
    return policy;
}

struct policy *sections_read(const struct account_edit *edit, json_t *zones, struct diagnostics *diagnostics)
{
    return read_sections(edit, zones, json_array(), sections_objects(edit, ACCOUNT_CIDR_COLLECTION),
                         diagnostics);
}

struct policy *sections_read_checks(const struct account_edit *edit, json_t *checks,
                                    struct diagnostics *diagnostics)
{
    return read_sections(edit, json_array(), checks, json_array(), diagnostics);
}

// Of zones with one name the oldest answers, of those that a policy has its first (D23).
struct aged_zone {
    json_t *zone;
    json_int_t created; // 0: came with a policy
    size_t place;       // there, from 1
};

static int by_age(const void *left, const void *right)
{
    const struct aged_zone *a = left;
    const struct aged_zone *b = right;
    int order = (a->created > b->created) - (a->created < b->created);
    return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

// Id to its place among the zones of a policy, from 1.
static struct map *zones_by_id(const json_t *zones)
{
    struct map *by_id = map_create();
    for (size_t i = 0; i < json_array_size(zones); i++) {
        json_t *zone = json_array_get(zones, i);
        const char *id = json_string_value(json_object_get(zone, "Id"));
        const char *slash = strrchr(id, '/'); // "/hostedzone/Z1" is how the API prints the id Z1
        map_put(by_id, bytes_of(slash != NULL ? slash + 1 : id),
                (void *)(uintptr_t)(i + 1)); // NOLINT(performance-no-int-to-ptr)
    }
    return by_id;
}

// Every zone with its age; the caller frees the array, and ends the zones.
static struct aged_zone *zones_by_age(const struct account_edit *edit, const struct policy *policy,
                                      size_t *count)
{
    struct account_cursor cursor;
    struct account_object object;
    struct aged_zone *zones = NULL;
    size_t found = 0;
    struct map *by_id = zones_by_id(json_object_get(policy_tree(policy), "HostedZones"));
    account_seek(&cursor, edit, ACCOUNT_ZONE, bytes_of(""));
    while (account_next(&cursor, &object)) {
        json_t *zone = sections_parse(object.text);
        json_int_t created = json_integer_value(json_object_get(zone, "CreatedAt"));
        size_t place =
            (size_t)(uintptr_t)map_get(by_id, bytes_of(json_string_value(json_object_get(zone, "Id"))));
        zones = xreallocarray(zones, found + 1, sizeof *zones);
        zones[found++] = (struct aged_zone){zone, created, place};
    }
    map_destroy(by_id);
    if (found > 0) {
        qsort(zones, found, sizeof *zones, by_age);
    }
    *count = found;
    return zones;
}

static json_t *all_zones(const struct account_edit *edit)
{
    size_t count;
    json_t *list = json_array();
    const struct policy *policy = edit->policy != NULL ? edit->policy : edit->account->policy;
    struct aged_zone *zones = zones_by_age(edit, policy, &count);
    for (size_t i = 0; i < count; i++) {
        json_t *record_sets =
            sections_all_record_sets(edit, json_string_value(json_object_get(zones[i].zone, "Id")));
        json_array_append_new(list, sections_zone(zones[i].zone, record_sets));
        json_decref(zones[i].zone);
    }
    free(zones);
    return list;
}

struct policy *sections_read_all(const struct account_edit *edit, struct diagnostics *diagnostics)
{
    return read_sections(edit, all_zones(edit), sections_objects(edit, ACCOUNT_HEALTH_CHECK),
                         sections_objects(edit, ACCOUNT_CIDR_COLLECTION), diagnostics);
}
