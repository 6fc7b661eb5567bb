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

bool account_kind_in_model(enum account_kind kind)
{
    static const bool in_model[ACCOUNT_KINDS] = {
        [ACCOUNT_ZONE] = true,         [ACCOUNT_RECORD_SET] = true,      [ACCOUNT_TRAFFIC_RECORD_SET] = true,
        [ACCOUNT_HEALTH_CHECK] = true, [ACCOUNT_CIDR_COLLECTION] = true,
    };
    return in_model[kind];
}

bool account_touches_model(const struct account_edit *edit)
{
    bool touched = edit->policy != NULL;
    for (unsigned kind = 0; kind < ACCOUNT_KINDS; kind++) {
        touched = touched || (account_kind_in_model(kind) && edit->tables[kind].count > 0);
    }
    return touched;
}

static bool compile_all(struct account_edit *edit, struct diagnostics *diagnostics)
{
    if (edit->as_policy) {
        edit->model = model_build(policy_spec(edit->policy));
        return true;
    }
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

// False: the edit deletes it.
static bool find_check(const struct compiling *compiling, uint32_t index, struct account_object *out)
{
    const char *id = compiling->base->check_list->checks[index].id;
    return account_find(compiling->edit, ACCOUNT_HEALTH_CHECK, bytes_of(id), out);
}

// Checks stay where the base has them, so that zones can go on naming them by index. What is new comes last;
// the last ones take the places of those that are gone:
//
//   base  a b c d e      a and d deleted, f created      now  e b c f
static json_t *ordered_checks(const struct compiling *compiling)
{
    const struct table *staged = &compiling->edit->tables[ACCOUNT_HEALTH_CHECK];
    const struct check_list *held = compiling->base->check_list;
    struct account_object object;
    json_t *list = json_array();
    uint32_t end = held->count; // from here on they are gone, or elsewhere
    for (uint32_t i = 0; i < end; i++) {
        if (!find_check(compiling, i, &object)) {
            while (end > i + 1 && !find_check(compiling, end - 1, &object)) {
                end--;
            }
            if (--end == i) {
                break; // it was the last
            }
        }
        json_array_append_new(list, sections_check(compiling->edit, sections_parse(object.text)));
    }
    for (size_t i = 0; i < staged->count; i++) {
        if (staged->items[i]->text_len != TABLE_DELETED &&
            check_list_find(held, table_item_key(staged->items[i])) == HEALTH_CHECK_NONE) {
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

static bool compile_collections(struct compiling *compiling)
{
    if (compiling->edit->tables[ACCOUNT_CIDR_COLLECTION].count == 0) {
        return true;
    }
    struct policy *policy = sections_read(compiling->edit, json_array(), compiling->diagnostics);
    if (policy == NULL) {
        return false;
    }
    compiling->change.collections = collection_list_compile(policy_spec(policy));
    policy_destroy(policy);
    return true;
}

// changed: by the edit, so that its specs are kept for the next one.
static bool compile_zone(struct compiling *compiling, const char *id, bool changed)
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
    compiling->zones[change->zone_count++] = zone_compile(
        warm_zone_spec(warm), change->checks != NULL ? change->checks : base->check_list,
        change->collections != NULL ? change->collections : base->collection_list, base->resource_list);
    if (changed) {
        compiling->edit->warm[compiling->edit->warm_count++] = warm;
    } else {
        warm_zone_discard(warm);
    }
    return true;
}

// What the zone names by index is elsewhere now, or another.
static bool is_dislodged(const struct compiling *compiling, const struct zone *zone)
{
    const struct model_change *change = &compiling->change;
    return (change->collections != NULL && zone->collections != NULL) ||
           (change->checks != NULL && !zone_fits_checks(zone, compiling->base->check_list, change->checks));
}

// Keys come in order, so mostly it is the last one.
static bool is_among(char *const *ids, size_t count, struct bytes id)
{
    for (size_t i = count; i > 0; i--) {
        if (bytes_equal(bytes_of(ids[i - 1]), id)) {
            return true;
        }
    }
    return false;
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
            if (!is_among(ids, *count, id)) {
                ids[(*count)++] = xstrndup((const char *)id.data, id.len);
            }
        }
    }
    return ids;
}

static bool compile_zones(struct compiling *compiling, char *const *changed, size_t count)
{
    const struct model *base = compiling->base;
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = compile_zone(compiling, changed[i], true);
    }
    for (uint32_t i = 0; good && i < base->zone_count; i++) {
        if (is_dislodged(compiling, base->zones[i]) &&
            !is_among(changed, count, bytes_of(base->zones[i]->id))) {
            good = compile_zone(compiling, base->zones[i]->id, false);
        }
    }
    return good;
}

static void release_parts(struct compiling *compiling)
{
    for (uint32_t i = 0; i < compiling->change.zone_count; i++) {
        part_release(&compiling->zones[i]->part);
    }
    if (compiling->change.checks != NULL) {
        part_release(&compiling->change.checks->part);
    }
    if (compiling->change.collections != NULL) {
        part_release(&compiling->change.collections->part);
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
        .zones = xcalloc(count + base->zone_count + 1, sizeof(struct zone *)),
        .removed = xcalloc(count + 1, sizeof(char *)),
    };
    edit->warm = xcalloc(count + 1, sizeof(struct warm_zone *));
    bool good = compile_checks(&compiling) && compile_collections(&compiling) &&
                compile_zones(&compiling, ids, count);
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
    bool all = base == NULL || edit->policy != NULL; // which reaches into everything
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
