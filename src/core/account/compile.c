// SPDX-License-Identifier: MIT
#include "core/account/compile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/model/parts.h"
#include "sections.h"
#include "warm.h"

// --- what changes ------------------------------------------------------------------------------------------

bool account_touches_model(const struct account_edit *edit)
{
    static const enum account_kind kinds[] = {ACCOUNT_ZONE, ACCOUNT_RECORD_SET, ACCOUNT_TRAFFIC_RECORD_SET,
                                              ACCOUNT_HEALTH_CHECK, ACCOUNT_CIDR_COLLECTION};
    bool touched = edit->policy != NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        touched = touched || edit->tables[kinds[i]].count > 0;
    }
    return touched;
}

// Collections and the end of a health check reach into any zone, and a policy into everything.
static bool changes_all(const struct account_edit *edit)
{
    const struct table *checks = &edit->tables[ACCOUNT_HEALTH_CHECK];
    bool all = edit->policy != NULL || edit->tables[ACCOUNT_CIDR_COLLECTION].count > 0;
    for (size_t i = 0; i < checks->count; i++) {
        all = all || checks->items[i]->text_len == TABLE_DELETED;
    }
    return all;
}

static bool compile_all(struct account_edit *edit, struct diagnostics *diagnostics)
{
    struct policy *policy = sections_read_all(edit, diagnostics);
    if (policy == NULL) {
        return false;
    }
    edit->model = model_build(policy_spec(policy));
    policy_destroy(policy);
    return true;
}

// --- part by part ------------------------------------------------------------------------------------------

struct compiling {
    struct account_edit *edit;
    const struct model *base;
    struct diagnostics *diagnostics;
    struct model_change change;
    const struct zone **zones;
    const char **removed;
};

// The checks of the base in its order, so that zones can go on naming them by index, and then what is new.
static json_t *ordered_checks(const struct compiling *compiling)
{
    const struct table *staged = &compiling->edit->tables[ACCOUNT_HEALTH_CHECK];
    const struct check_list *held = compiling->base->check_list;
    struct account_object object;
    json_t *list = json_array();
    for (uint32_t i = 0; i < held->count; i++) {
        bool found =
            account_find(compiling->edit, ACCOUNT_HEALTH_CHECK, bytes_of(held->checks[i].id), &object);
        assert(found);
        json_array_append_new(list, sections_check(compiling->edit, sections_parse(object.text)));
    }
    for (size_t i = 0; i < staged->count; i++) {
        if (check_list_find(held, table_item_key(staged->items[i])) == HEALTH_CHECK_NONE) {
            json_t *check = sections_parse(table_item_text(staged->items[i]));
            json_array_append_new(list, sections_check(compiling->edit, check));
        }
    }
    return list;
}

static bool compile_checks(struct compiling *compiling)
{
    if (compiling->edit->tables[ACCOUNT_HEALTH_CHECK].count == 0) {
        return true;
    }
    struct policy *policy =
        sections_read_checks(compiling->edit, ordered_checks(compiling), compiling->diagnostics);
    if (policy == NULL) {
        return false;
    }
    compiling->change.checks = check_list_compile(policy_spec(policy));
    policy_destroy(policy);
    return true;
}

static bool compile_zone(struct compiling *compiling, const char *id)
{
    struct model_change *change = &compiling->change;
    const struct model *base = compiling->base;
    struct account_object object;
    if (!account_find(compiling->edit, ACCOUNT_ZONE, bytes_of(id), &object)) {
        compiling->removed[change->removed_zone_count++] = id;
        return true;
    }
    struct warm_zone *warm = warm_zone_read(compiling->edit, id, compiling->diagnostics);
    if (warm == NULL) {
        return false;
    }
    compiling->edit->warm[compiling->edit->warm_count++] = warm;
    compiling->zones[change->zone_count++] =
        zone_compile(warm_zone_spec(warm), change->checks != NULL ? change->checks : base->check_list,
                     base->collection_list, base->resource_list);
    return true;
}

static void add_zone(char **ids, size_t *count, struct bytes id)
{
    // Keys come in order, so mostly it is the last one.
    for (size_t i = *count; i > 0; i--) {
        if (bytes_equal(bytes_of(ids[i - 1]), id)) {
            return;
        }
    }
    ids[(*count)++] = xstrndup((const char *)id.data, id.len);
}

// The ids of the zones that the edit touches. The caller frees them.
static char **touched_zones(const struct account_edit *edit, size_t *count)
{
    static const enum account_kind kinds[] = {ACCOUNT_RECORD_SET, ACCOUNT_TRAFFIC_RECORD_SET, ACCOUNT_ZONE};
    size_t room = 1;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        room += edit->tables[kinds[k]].count;
    }
    char **ids = xcalloc(room, sizeof(char *));
    *count = 0;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        const struct table *table = &edit->tables[kinds[k]];
        for (size_t i = 0; i < table->count; i++) {
            struct bytes key = table_item_key(table->items[i]);
            struct bytes id = key;
            bytes_split(&key, ' ', &id);
            add_zone(ids, count, id);
        }
    }
    return ids;
}

static void release_parts(struct compiling *compiling)
{
    for (uint32_t i = 0; i < compiling->change.zone_count; i++) {
        part_release(&compiling->zones[i]->part);
    }
    if (compiling->change.checks != NULL) {
        part_release(&compiling->change.checks->part);
    }
    free(compiling->zones);
    free(compiling->removed);
}

static bool compile_parts(struct account_edit *edit, const struct model *base,
                          struct diagnostics *diagnostics)
{
    size_t count;
    char **ids = touched_zones(edit, &count);
    struct compiling compiling = {
        .edit = edit,
        .base = base,
        .diagnostics = diagnostics,
        .zones = xcalloc(count + 1, sizeof(struct zone *)),
        .removed = xcalloc(count + 1, sizeof(char *)),
    };
    edit->warm = xcalloc(count + 1, sizeof(struct warm_zone *));
    bool good = compile_checks(&compiling);
    for (size_t i = 0; i < count; i++) {
        good = good && compile_zone(&compiling, ids[i]);
    }
    compiling.change.zones = compiling.zones;
    compiling.change.removed_zones = compiling.removed;
    if (good) {
        edit->model = model_derive(base, &compiling.change);
        edit->in_parts = true;
    }
    release_parts(&compiling);
    for (size_t i = 0; i < count; i++) {
        free(ids[i]);
    }
    free(ids);
    return good;
}

bool account_edit_compile(struct account_edit *edit, const struct model *base,
                          struct diagnostics *diagnostics)
{
    assert(edit->model == NULL);
    if (!account_touches_model(edit)) {
        return true;
    }
    bool all = base == NULL || changes_all(edit);
    return all ? compile_all(edit, diagnostics) : compile_parts(edit, base, diagnostics);
}

struct model *account_edit_take_model(struct account_edit *edit)
{
    struct model *model = edit->model;
    edit->model = NULL;
    return model;
}

// --- single objects ----------------------------------------------------------------------------------------

bool account_check_record_sets(const struct account_edit *edit, const json_t *zone, const json_t *record_sets,
                               struct diagnostics *diagnostics)
{
    json_t *sets =
        json_copy((json_t *)(uintptr_t)record_sets); // NOLINT(performance-no-int-to-ptr): read only
    struct policy *policy =
        sections_read(edit, json_pack("[o]", sections_zone(edit, zone, sets)), diagnostics);
    bool good = policy != NULL;
    policy_destroy(policy);
    return good;
}

// With its children, which must not be calculated (S7).
bool account_check_health_check(const struct account_edit *edit, const json_t *check,
                                struct diagnostics *diagnostics)
{
    json_t *copy = json_copy((json_t *)(uintptr_t)check); // NOLINT(performance-no-int-to-ptr): read only
    json_t *checks = json_pack("[o]", sections_check(edit, copy));
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
            json_array_append_new(checks, sections_parse(object.text));
        }
    }
    struct policy *policy = sections_read_checks(edit, checks, diagnostics);
    bool good = policy != NULL;
    policy_destroy(policy);
    return good;
}
