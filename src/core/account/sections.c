// SPDX-License-Identifier: MIT
#include "sections.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/map.h"
#include "base/xalloc.h"
#include "core/account/alarm_copy.h"
#include "core/account/record_set.h"
#include "core/model/resource.h"

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

// --- what traffic policies leave out -----------------------------------------------------------------------

static json_t *alias_to_instance(const json_t *zone, const char *instance_id)
{
    struct buffer name;
    buffer_init(&name, ACCOUNT_KEY_LIMIT);
    account_traffic_name(&name, instance_id, 0, json_string_value(json_object_get(zone, "Name")));
    json_t *alias = json_pack("{s:O,s:s,s:b}", "HostedZoneId", json_object_get(zone, "Id"), "DNSName",
                              buffer_string(&name), "EvaluateTargetHealth", true);
    buffer_free(&name);
    return alias;
}

const struct policy *sections_policy(const struct account_edit *edit)
{
    return edit->policy != NULL ? edit->policy : edit->account->policy;
}

static const struct resource_spec *find_resource(const struct account_edit *edit, const char *text)
{
    static const char dualstack[] = "dualstack."; // load balancers are named with and without it
    const struct model_spec *policy = policy_spec(sections_policy(edit));
    struct dns_name name;
    text += strncasecmp(text, dualstack, sizeof dualstack - 1) == 0 ? sizeof dualstack - 1 : 0;
    if (!dns_name_parse(bytes_of(text), &name, NULL)) {
        return NULL;
    }
    for (uint32_t i = 0; i < policy->resource_count; i++) {
        if (dns_name_equal(&policy->resources[i].name, &name)) {
            return &policy->resources[i];
        }
    }
    return NULL;
}

// Which resources there are can change with the policy, so it is not kept. Q3 says which can be evaluated.
static json_t *alias_to_service(const struct account_edit *edit, const json_t *target)
{
    json_t *alias = json_copy((json_t *)(uintptr_t)target); // NOLINT(performance-no-int-to-ptr): read only
    const struct resource_spec *resource =
        find_resource(edit, json_string_value(json_object_get(target, "DNSName")));
    json_object_set_new(alias, "HostedZoneId",
                        json_string(resource != NULL ? resource->hosted_zone_id : "UNKNOWN"));
    if (json_object_get(target, "EvaluateTargetHealth") == NULL) {
        bool evaluated = resource == NULL || resource_type_can_be_evaluated(resource->type);
        json_object_set_new(alias, "EvaluateTargetHealth", json_boolean(evaluated));
    }
    return alias;
}

static void complete(const struct account_edit *edit, const json_t *zone, json_t *record_sets, size_t place)
{
    json_t *record_set = json_array_get(record_sets, place);
    const char *instance = json_string_value(json_object_get(record_set, "TrafficPolicyInstanceId"));
    const json_t *target = json_object_get(record_set, "AliasTarget");
    bool to_service = target != NULL && json_object_get(target, "HostedZoneId") == NULL &&
                      json_is_string(json_object_get(target, "DNSName"));
    if (instance == NULL && !to_service) {
        return;
    }
    json_t *alias = json_copy(record_set);
    json_object_del(alias, "TrafficPolicyInstanceId");
    json_object_set_new(alias, "AliasTarget",
                        instance != NULL ? alias_to_instance(zone, instance)
                                         : alias_to_service(edit, target));
    json_array_set_new(record_sets, place, alias);
}

json_t *sections_zone(const struct account_edit *edit, const json_t *zone, json_t *record_sets)
{
    static const char *const members[] = {"Id", "Name", "CallerReference", "Config", "VPCs"};
    json_t *bare = json_object();
    for (size_t i = 0; i < json_array_size(record_sets); i++) {
        complete(edit, zone, record_sets, i);
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

json_t *sections_check(const struct account_edit *edit, json_t *check)
{
    json_t *settings = account_alarm_settings(edit, check);
    if (settings != NULL) {
        json_object_set_new(check, "CloudWatchAlarmConfiguration", settings);
    }
    return check;
}

static json_t *all_checks(const struct account_edit *edit)
{
    json_t *checks = sections_objects(edit, ACCOUNT_HEALTH_CHECK);
    for (size_t i = 0; i < json_array_size(checks); i++) {
        (void)sections_check(edit, json_array_get(checks, i));
    }
    return checks;
}

// --- reading -----------------------------------------------------------------------------------------------

static struct policy *read_sections(const struct account_edit *edit, json_t *zones, json_t *checks,
                                    json_t *collections, struct diagnostics *diagnostics)
{
    const struct account *account = edit->account;
    json_t *sections = json_pack("{s:o,s:o,s:o}", "HostedZones", zones, "HealthChecks", checks,
                                 "CidrCollections", collections);
    struct policy *policy = policy_read_over(sections_policy(edit), sections, &account->options, diagnostics);
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
    struct aged_zone *zones = zones_by_age(edit, sections_policy(edit), &count);
    for (size_t i = 0; i < count; i++) {
        json_t *record_sets =
            sections_all_record_sets(edit, json_string_value(json_object_get(zones[i].zone, "Id")));
        json_array_append_new(list, sections_zone(edit, zones[i].zone, record_sets));
        json_decref(zones[i].zone);
    }
    free(zones);
    return list;
}

struct policy *sections_read_all(const struct account_edit *edit, struct diagnostics *diagnostics)
{
    return read_sections(edit, all_zones(edit), all_checks(edit),
                         sections_objects(edit, ACCOUNT_CIDR_COLLECTION), diagnostics);
}
