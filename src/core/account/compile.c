// SPDX-License-Identifier: MIT
#include "core/account/compile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/xalloc.h"
#include "core/account/record_set.h"
#include "state.h"

static json_t *parse(struct bytes text)
{
    json_t *object = json_loadb((const char *)text.data, text.len, 0, NULL);
    assert(object != NULL); // the account wrote it
    return object;
}

// --- sections ----------------------------------------------------------------------------------------------

static bool is_of(const struct account_object *record_set, const char *prefix, size_t len)
{
    return record_set->key.len >= len && memcmp(record_set->key.data, prefix, len) == 0;
}

static json_t *record_sets_of(const struct account_edit *edit, struct bytes zone_id)
{
    json_t *list = json_array();
    struct account_cursor cursor;
    struct account_object object;
    struct buffer prefix;
    buffer_init(&prefix, ACCOUNT_KEY_LIMIT);
    account_zone_prefix(&prefix, (const char *)zone_id.data);
    account_seek(&cursor, edit, ACCOUNT_RECORD_SET, buffer_bytes(&prefix));
    while (account_next(&cursor, &object) && is_of(&object, prefix.data, prefix.len)) {
        json_array_append_new(list, parse(object.text));
    }
    buffer_free(&prefix);
    return list;
}

// As a policy would have it: without what only the API knows.
static json_t *policy_zone(const json_t *zone, json_t *record_sets)
{
    static const char *const members[] = {"Id", "Name", "CallerReference", "Config", "VPCs"};
    json_t *bare = json_object();
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_object_set(bare, members[i], json_object_get(zone, members[i]));
    }
    json_object_set_new(bare, "ResourceRecordSets", record_sets);
    return bare;
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

static json_t *zones_of(const struct account_edit *edit, const struct policy *policy)
{
    struct account_cursor cursor;
    struct account_object object;
    struct aged_zone *zones = NULL;
    size_t count = 0;
    struct map *by_id = zones_by_id(json_object_get(policy_tree(policy), "HostedZones"));
    account_seek(&cursor, edit, ACCOUNT_ZONE, bytes_of(""));
    while (account_next(&cursor, &object)) {
        json_t *zone = parse(object.text);
        json_int_t created = json_integer_value(json_object_get(zone, "CreatedAt"));
        size_t place =
            (size_t)(uintptr_t)map_get(by_id, bytes_of(json_string_value(json_object_get(zone, "Id"))));
        zones = xreallocarray(zones, count + 1, sizeof *zones);
        zones[count++] = (struct aged_zone){zone, created, place};
    }
    map_destroy(by_id);
    if (count > 0) {
        qsort(zones, count, sizeof *zones, by_age);
    }
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        struct bytes id = bytes_of(json_string_value(json_object_get(zones[i].zone, "Id")));
        json_array_append_new(list, policy_zone(zones[i].zone, record_sets_of(edit, id)));
        json_decref(zones[i].zone);
    }
    free(zones);
    return list;
}

static json_t *objects_of(const struct account_edit *edit, enum account_kind kind)
{
    json_t *list = json_array();
    struct account_cursor cursor;
    struct account_object object;
    account_seek(&cursor, edit, kind, bytes_of(""));
    while (account_next(&cursor, &object)) {
        json_array_append_new(list, parse(object.text));
    }
    return list;
}

// --- the model ---------------------------------------------------------------------------------------------

static bool touches_model(const struct account_edit *edit)
{
    static const enum account_kind kinds[] = {ACCOUNT_ZONE, ACCOUNT_RECORD_SET, ACCOUNT_HEALTH_CHECK,
                                              ACCOUNT_CIDR_COLLECTION};
    bool touched = edit->policy != NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        touched = touched || edit->tables[kinds[i]].count > 0;
    }
    return touched;
}

bool account_edit_compile(struct account_edit *edit, const struct model *base,
                          struct diagnostics *diagnostics)
{
    (void)base;
    if (!touches_model(edit)) {
        return true;
    }
    const struct account *account = edit->account;
    const struct policy *rest = edit->policy != NULL ? edit->policy : account->policy;
    json_t *sections = json_object();
    json_object_set_new(sections, "HostedZones", zones_of(edit, rest));
    json_object_set_new(sections, "HealthChecks", objects_of(edit, ACCOUNT_HEALTH_CHECK));
    json_object_set_new(sections, "CidrCollections", objects_of(edit, ACCOUNT_CIDR_COLLECTION));
    struct policy *policy = policy_read_over(rest, sections, &account->options, diagnostics);
    json_decref(sections);
    if (policy == NULL) {
        return false;
    }
    model_destroy(edit->model);
    edit->model = model_build(policy_spec(policy));
    policy_destroy(policy);
    return true;
}

// Takes the sections.
static bool check_sections(const struct account *account, json_t *sections, struct diagnostics *diagnostics)
{
    struct policy *policy = policy_read_over(account->policy, sections, &account->options, diagnostics);
    bool good = policy != NULL;
    json_decref(sections);
    policy_destroy(policy);
    return good;
}

bool account_check_record_sets(const struct account_edit *edit, const json_t *zone, const json_t *record_sets,
                               struct diagnostics *diagnostics)
{
    const struct account *account = edit->account;
    json_t *sections = json_object();
    json_t *copy =
        json_copy((json_t *)(uintptr_t)record_sets); // NOLINT(performance-no-int-to-ptr): read only
    json_object_set_new(sections, "HostedZones", json_pack("[o]", policy_zone(zone, copy)));
    json_object_set_new(sections, "HealthChecks", json_array());
    json_object_set_new(sections, "CidrCollections", objects_of(edit, ACCOUNT_CIDR_COLLECTION));
    return check_sections(account, sections, diagnostics);
}

// With its children, which must not be calculated (S7).
bool account_check_health_check(const struct account_edit *edit, const json_t *check,
                                struct diagnostics *diagnostics)
{
    json_t *checks = json_pack("[O]", check);
    const json_t *children =
        json_object_get(json_object_get(check, "HealthCheckConfig"), "ChildHealthChecks");
    size_t i;
    const json_t *child;
    struct account_object object;
    json_array_foreach(children, i, child)
    {
        const char *id = json_string_value(child);
        if (id != NULL && strcmp(id, json_string_value(json_object_get(check, "Id"))) != 0 &&
            account_find(edit, ACCOUNT_HEALTH_CHECK, bytes_of(id), &object)) {
            json_array_append_new(checks, parse(object.text));
        }
    }
    json_t *sections = json_pack("{s:[],s:o,s:[]}", "HostedZones", "HealthChecks", checks, "CidrCollections");
    return check_sections(edit->account, sections, diagnostics);
}

struct model *account_edit_take_model(struct account_edit *edit)
{
    struct model *model = edit->model;
    edit->model = NULL;
    return model;
}
