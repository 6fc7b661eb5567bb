// SPDX-License-Identifier: MIT
// A zone's specs stand in the order of the account's record sets, so those of one name are a run in both. A
// change replaces the runs of its names by what they are now; the strings of a run are those of the policy it
// was read with, and a zone that has too many of these is read anew.
#include "warm.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/account/record_set.h"
#include "sections.h"

enum { POLICIES_MAX = 128 };

struct warm_zone {
    char *id;
    struct zone_spec spec;         // record_sets are specs
    struct record_set_spec *specs; //
    struct policy **policies;      // own the strings
    size_t policy_count;
    size_t inherited; // of these so many are the account's own zone's, until this one takes its place
};

// --- one zone ----------------------------------------------------------------------------------------------

static struct warm_zone *find(const struct account *account, const char *id)
{
    for (size_t i = 0; i < WARM_ZONES_MAX; i++) {
        if (account->warm[i] != NULL && strcmp(account->warm[i]->id, id) == 0) {
            return account->warm[i];
        }
    }
    return NULL;
}

const struct zone_spec *warm_zone_spec(const struct warm_zone *zone)
{
    return &zone->spec;
}

static void destroy(struct warm_zone *zone, size_t first_policy)
{
    for (size_t i = first_policy; i < zone->policy_count; i++) {
        policy_destroy(zone->policies[i]);
    }
    free(zone->policies);
    free(zone->specs);
    free(zone->id);
    free(zone);
}

void warm_zone_discard(struct warm_zone *zone)
{
    if (zone != NULL) {
        destroy(zone, zone->inherited);
    }
}

static void take_specs(struct warm_zone *zone, const struct policy *policy, struct record_set_spec *specs,
                       size_t count)
{
    zone->spec = policy_spec(policy)->zones[0];
    zone->specs = specs;
    zone->spec.record_sets = specs;
    zone->spec.record_set_count = (uint32_t)count;
}

// --- reading -----------------------------------------------------------------------------------------------

static struct policy *read_zone(const struct account_edit *edit, const char *zone_id, json_t *record_sets,
                                struct diagnostics *diagnostics)
{
    struct account_object object;
    bool found = account_find(edit, ACCOUNT_ZONE, bytes_of(zone_id), &object);
    assert(found);
    json_t *zone = sections_parse(object.text);
    json_t *bare = sections_zone(edit, zone, record_sets);
    struct policy *policy = sections_read(edit, json_pack("[o]", bare), diagnostics);
    json_decref(zone);
    return policy;
}

static struct warm_zone *read_anew(const struct account_edit *edit, const char *zone_id,
                                   struct diagnostics *diagnostics)
{
    struct policy *policy = read_zone(edit, zone_id, sections_all_record_sets(edit, zone_id), diagnostics);
    if (policy == NULL) {
        return NULL;
    }
    struct warm_zone *zone = xcalloc(1, sizeof *zone);
    const struct zone_spec *spec = &policy_spec(policy)->zones[0];
    zone->id = xstrdup(zone_id);
    zone->policies = xmalloc(sizeof(struct policy *));
    zone->policies[zone->policy_count++] = policy;
    size_t size = spec->record_set_count * sizeof *spec->record_sets;
    struct record_set_spec *specs = xmalloc(size + 1); // never of no bytes
    memcpy(specs, spec->record_sets, size);
    take_specs(zone, policy, specs, spec->record_set_count);
    return zone;
}

// "Z1 com.example.www. " of "Z1 com.example.www. A blue".
static struct bytes name_prefix(struct bytes key)
{
    const uint8_t *blank = memchr(key.data, ' ', key.len);
    size_t zone = (size_t)(blank - key.data) + 1;
    const uint8_t *end = memchr(key.data + zone, ' ', key.len - zone);
    return (struct bytes){key.data, (size_t)(end - key.data) + 1};
}

static bool begins_with(struct bytes key, struct bytes prefix)
{
    return key.len >= prefix.len && memcmp(key.data, prefix.data, prefix.len) == 0;
}

// A name that the edit changes: its run among the specs held, and how many it has afterwards.
struct run {
    size_t first;
    size_t count;
    size_t count_after;
};

static size_t count_held(const struct table *held, size_t first, struct bytes prefix)
{
    size_t end = first;
    while (end < held->count && begins_with(table_item_key(held->items[end]), prefix)) {
        end++;
    }
    return end - first;
}

// Finds the runs, and gathers what their names have now.
static size_t find_runs(const struct account_edit *edit, const char *zone_id, struct run **out,
                        json_t *record_sets)
{
    const struct table *staged = &edit->tables[ACCOUNT_RECORD_SET];
    const struct table *held = &edit->account->tables[ACCOUNT_RECORD_SET];
    struct buffer zone;
    buffer_init(&zone, ACCOUNT_KEY_LIMIT);
    account_zone_prefix(&zone, zone_id);
    size_t origin = table_lower_bound(held, buffer_bytes(&zone));
    struct run *runs = xcalloc(staged->count + 1, sizeof *runs);
    size_t count = 0;
    size_t at = table_lower_bound(staged, buffer_bytes(&zone));
    while (at < staged->count && begins_with(table_item_key(staged->items[at]), buffer_bytes(&zone))) {
        struct bytes prefix = name_prefix(table_item_key(staged->items[at]));
        size_t first = table_lower_bound(held, prefix);
        json_t *now = sections_record_sets(edit, prefix);
        runs[count++] = (struct run){first - origin, count_held(held, first, prefix), json_array_size(now)};
        json_array_extend(record_sets, now);
        json_decref(now);
        while (at < staged->count && begins_with(table_item_key(staged->items[at]), prefix)) {
            at++;
        }
    }
    buffer_free(&zone);
    *out = runs;
    return count;
}

static struct record_set_spec *splice(const struct warm_zone *old, const struct run *runs, size_t run_count,
                                      const struct zone_spec *read, size_t *count)
{
    size_t room = old->spec.record_set_count + read->record_set_count;
    struct record_set_spec *specs = xmalloc(room * sizeof *specs + 1);
    size_t from = 0;
    size_t fresh = 0;
    size_t len = 0;
    for (size_t i = 0; i <= run_count; i++) {
        size_t until = i < run_count ? runs[i].first : old->spec.record_set_count;
        memcpy(&specs[len], &old->specs[from], (until - from) * sizeof *specs);
        len += until - from;
        if (i < run_count) {
            memcpy(&specs[len], &read->record_sets[fresh], runs[i].count_after * sizeof *specs);
            len += runs[i].count_after;
            fresh += runs[i].count_after;
            from = until + runs[i].count;
        }
    }
    *count = len;
    return specs;
}

static struct warm_zone *read_changes(const struct account_edit *edit, const struct warm_zone *old,
                                      struct diagnostics *diagnostics)
{
    struct run *runs;
    json_t *record_sets = json_array();
    size_t run_count = find_runs(edit, old->id, &runs, record_sets);
    struct policy *policy = read_zone(edit, old->id, record_sets, diagnostics);
    struct warm_zone *zone = NULL;
    if (policy != NULL) {
        size_t count;
        struct record_set_spec *specs = splice(old, runs, run_count, &policy_spec(policy)->zones[0], &count);
        zone = xcalloc(1, sizeof *zone);
        zone->id = xstrdup(old->id);
        zone->policies = xmalloc((old->policy_count + 1) * sizeof(struct policy *));
        memcpy(zone->policies, old->policies, old->policy_count * sizeof(struct policy *));
        zone->inherited = old->policy_count;
        zone->policies[old->policy_count] = policy;
        zone->policy_count = old->policy_count + 1;
        take_specs(zone, policy, specs, count);
    }
    free(runs);
    return zone;
}

// What traffic policy instances are made of is not in the account's order of record sets, but behind them
// all.
static bool changes_instances(const struct account_edit *edit, const char *zone_id)
{
    const struct table *staged = &edit->tables[ACCOUNT_TRAFFIC_RECORD_SET];
    struct buffer prefix;
    buffer_init(&prefix, ACCOUNT_KEY_LIMIT);
    account_zone_prefix(&prefix, zone_id);
    size_t at = table_lower_bound(staged, buffer_bytes(&prefix));
    bool changes =
        at < staged->count && begins_with(table_item_key(staged->items[at]), buffer_bytes(&prefix));
    buffer_free(&prefix);
    return changes;
}

struct warm_zone *warm_zone_read(const struct account_edit *edit, const char *zone_id,
                                 struct diagnostics *diagnostics)
{
    const struct warm_zone *old = find(edit->account, zone_id);
    bool usable = old != NULL && old->policy_count < POLICIES_MAX && !changes_instances(edit, zone_id);
    struct warm_zone *zone =
        usable ? read_changes(edit, old, diagnostics) : read_anew(edit, zone_id, diagnostics);
    if (zone != NULL && !policy_check_zone_aliases(&zone->spec, diagnostics)) {
        warm_zone_discard(zone);
        return NULL;
    }
    return zone;
}

// --- keeping -----------------------------------------------------------------------------------------------

void warm_zone_forget(struct account *account, const char *zone_id)
{
    for (size_t i = 0; i < WARM_ZONES_MAX; i++) {
        struct warm_zone *zone = account->warm[i];
        if (zone != NULL && (zone_id == NULL || strcmp(zone->id, zone_id) == 0)) {
            destroy(zone, 0);
            account->warm[i] = NULL;
        }
    }
}

void warm_zone_keep(struct account *account, struct warm_zone *zone)
{
    struct warm_zone *old = find(account, zone->id);
    size_t at = account->next_warm;
    if (old != NULL) {
        for (at = 0; account->warm[at] != old; at++) {
        }
        destroy(old, zone->inherited); // the strings go on
    } else {
        account->next_warm = (at + 1) % WARM_ZONES_MAX;
        if (account->warm[at] != NULL) {
            destroy(account->warm[at], 0);
        }
    }
    zone->inherited = 0;
    account->warm[at] = zone;
}
