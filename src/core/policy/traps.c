// SPDX-License-Identifier: MIT
// What is legal, and hardly ever meant: warnings for people who check a policy. Each names its rule. They are
// looked for once a policy has no errors, so no alias leads in a circle. Those of health checks are in
// check_traps.c.
#include "base/xalloc.h"
#include "reading.h"
#include "validate.h"

enum { TTL_ADVISED = 60 }; // D22, W6; seconds

// Whether a group can ever be unhealthy as the target of an alias (Q2).
enum fate { UNKNOWN, CAN_FAIL, NEVER_FAILS };

// The record sets of a zone and how they hang together.
struct forest {
    struct validation validation;
    struct run zone;
    uint8_t *fates; // enum fate, at the index of a group's first entry
    bool *led_to;   // there too: an alias that evaluates its target's health leads to the group
};

static size_t index_of(const struct forest *forest, struct run group)
{
    return (size_t)(group.entries - forest->zone.entries);
}

static const char *name_of(const struct forest *forest, const struct entry *entry, struct entry_names *names)
{
    policy_entry_names(&forest->validation, entry, names);
    return names->name;
}

// --- what can fail -----------------------------------------------------------------------------------------

static bool has_check(const struct entry *entry)
{
    return entry->spec->health_check_id != NULL;
}

// An alias whose target's health counts, and that leads to record sets of this zone.
static bool evaluates_records(const struct entry *entry)
{
    const struct alias_spec *alias = entry->spec->alias;
    return alias != NULL && alias->evaluate_target_health && alias->resource == RESOURCE_NONE;
}

static enum resource_type resource_of(const struct forest *forest, const struct alias_spec *alias)
{
    return forest->validation.context->spec->resources[alias->resource].type;
}

// Q3: an alias to a resource that is healthy whatever happens.
static bool never_fails(const struct forest *forest, const struct alias_spec *alias)
{
    return alias->resource != RESOURCE_NONE && !resource_type_has_health(resource_of(forest, alias));
}

static struct run target_of(const struct forest *forest, const struct entry *entry)
{
    return policy_find_group(forest->zone, &entry->spec->alias->target, entry->spec->type);
}

static bool group_can_fail(struct forest *forest, struct run group);

// Q1: whether this member can ever be unhealthy.
static bool can_fail(struct forest *forest, const struct entry *entry)
{
    const struct alias_spec *alias = entry->spec->alias;
    if (has_check(entry)) {
        return true;
    }
    if (evaluates_records(entry)) {
        return group_can_fail(forest, target_of(forest, entry));
    }
    return alias != NULL && alias->evaluate_target_health && !never_fails(forest, alias);
}

// The first member that is always healthy; NULL: there is none.
static const struct entry *steadfast_of(struct forest *forest, struct run group)
{
    for (size_t i = 0; i < group.count; i++) {
        if (!can_fail(forest, &group.entries[i])) {
            return &group.entries[i];
        }
    }
    return NULL;
}

static bool group_can_fail(struct forest *forest, struct run group)
{
    if (group.count == 0) {
        return true; // T5
    }
    uint8_t *fate = &forest->fates[index_of(forest, group)];
    if (*fate == UNKNOWN) {
        bool fails = steadfast_of(forest, group) == NULL;
        *fate = fails ? CAN_FAIL : NEVER_FAILS;
    }
    return *fate == CAN_FAIL;
}

static bool any_can_fail(struct forest *forest, struct run group)
{
    for (size_t i = 0; i < group.count; i++) {
        if (can_fail(forest, &group.entries[i])) {
            return true;
        }
    }
    return false;
}

// --- one record set ----------------------------------------------------------------------------------------

// Members whose turn comes after all others; without a check they are there to catch whatever is left.
static bool is_last_resort(const struct record_set_spec *spec)
{
    switch (spec->policy) {
    case ROUTING_FAILOVER:
        return spec->secondary;
    case ROUTING_GEOLOCATION:
        return spec->area.kind == GEO_DEFAULT;
    case ROUTING_CIDR:
        return spec->cidr_location != NULL && strcmp(spec->cidr_location, "*") == 0;
    case ROUTING_WEIGHTED:
        return spec->weight == 0;
    default:
        return false;
    }
}

static bool any(struct run group, bool (*holds)(const struct entry *entry))
{
    for (size_t i = 0; i < group.count; i++) {
        if (holds(&group.entries[i])) {
            return true;
        }
    }
    return false;
}

static bool has_weight(const struct entry *entry)
{
    return entry->spec->weight > 0;
}

static bool is_default(const struct entry *entry)
{
    return is_last_resort(entry->spec);
}

// Whether warn_of_steadfast has this member of a group of several to tell of.
static bool swallows(struct forest *forest, struct run group, const struct entry *entry)
{
    return group.count > 1 && entry->spec->policy != ROUTING_SIMPLE && !can_fail(forest, entry) &&
           !is_last_resort(entry->spec) && any_can_fail(forest, group);
}

// T9 further down: the record set below this alias that is always healthy, unless it gets a warning itself.
static const struct entry *steadfast_below(struct forest *forest, const struct entry *alias)
{
    const struct entry *entry = alias;
    struct run group = {NULL, 0};
    while (entry != NULL && evaluates_records(entry)) {
        group = target_of(forest, entry);
        entry = steadfast_of(forest, group);
    }
    bool told = entry == NULL || swallows(forest, group, entry) || entry->spec->alias != NULL;
    return told ? NULL : entry;
}

static void warn_of_steadfast(struct forest *forest, const struct entry *entry)
{
    struct policy_context *context = forest->validation.context;
    if (!evaluates_records(entry)) {
        WARN(context, &entry->record_set->node, "",
             "without a health check this record always counts as healthy: the traffic of unhealthy ones "
             "ends here, and an alias to this name never backs out (R4, T9)");
        return;
    }
    const struct entry *leaf = steadfast_below(forest, entry);
    if (leaf != NULL) {
        struct entry_names names;
        const char *id = leaf->spec->set_identifier;
        WARN(context, &entry->record_set->alias_target->node, "DNSName",
             "this alias never backs out: record set %s%s%s below it has no health check and always counts "
             "as healthy (T9)",
             name_of(forest, leaf, &names), id != NULL ? " " : "", id != NULL ? id : "");
    }
}

static void warn_of_member(struct forest *forest, struct run group, const struct entry *entry)
{
    const struct record_set_spec *spec = entry->spec;
    struct policy_context *context = forest->validation.context;
    bool chosen_from = group.count > 1 && spec->policy != ROUTING_SIMPLE;
    if (spec->alias != NULL && !spec->alias->evaluate_target_health && !never_fails(forest, spec->alias)) {
        if (chosen_from || forest->led_to[index_of(forest, group)]) {
            WARN(context, &entry->record_set->alias_target->node, "EvaluateTargetHealth",
                 "without EvaluateTargetHealth this alias %s; it answers even when its whole target is "
                 "unhealthy (T7)",
                 has_check(entry) ? "heeds its own health check only" : "always counts as healthy");
        }
    } else if (swallows(forest, group, entry)) {
        warn_of_steadfast(forest, entry);
    }
    if (spec->alias != NULL && spec->alias->resource == RESOURCE_NONE &&
        target_of(forest, entry).count == 0) {
        WARN(context, &entry->record_set->alias_target->node, "DNSName",
             "this alias leads to no record set: it %s (T5)",
             spec->alias->evaluate_target_health ? "counts as unhealthy" : "answers that there is no data");
    }
    if (spec->policy == ROUTING_WEIGHTED && spec->weight == 0 && has_check(entry) && any(group, has_weight)) {
        WARN(context, &entry->record_set->node, "Weight",
             "Weight 0 does not take a record out of service: when all others are unhealthy, this one "
             "answers (W3)");
    }
    if (has_check(entry) && spec->alias == NULL && spec->ttl > TTL_ADVISED) {
        WARN(context, &entry->record_set->node, "TTL",
             "resolvers keep this answer for %u s after its health check fails; AWS advises at most %d "
             "(D22)",
             spec->ttl, TTL_ADVISED);
    }
}

// --- one name and type -------------------------------------------------------------------------------------

// A group that answers some of its clients only (G4, I5).
static void warn_of_missing_default(const struct forest *forest, struct run group)
{
    uint8_t policy = group.entries[0].spec->policy;
    bool geo = policy == ROUTING_GEOLOCATION;
    if ((geo || policy == ROUTING_CIDR) && !any(group, is_default)) {
        WARN(forest->validation.context, &policy_first_of(group)->record_set->node,
             geo ? "GeoLocation" : "CidrRoutingConfig",
             "no record of this name and type is the default (%s '*'): clients elsewhere get no answer (%s)",
             geo ? "CountryCode" : "LocationName", geo ? "G4" : "I5");
    }
}

// All members up, or all down and R3: the checks change nothing, unless an alias backs out of them all.
static void warn_of_one_check(const struct forest *forest, struct run group)
{
    const char *id = group.entries[0].spec->health_check_id;
    if (group.count < 2 || id == NULL || forest->led_to[index_of(forest, group)]) {
        return;
    }
    for (size_t i = 0; i < group.count; i++) {
        const struct entry *entry = &group.entries[i];
        if (!has_check(entry) || strcmp(entry->spec->health_check_id, id) != 0 ||
            (entry->spec->alias != NULL && entry->spec->alias->evaluate_target_health)) {
            return;
        }
    }
    WARN(forest->validation.context, &policy_first_of(group)->record_set->node, "HealthCheckId",
         "all %zu record sets of this name and type have the same health check: when it fails, all are "
         "unhealthy and answer as before (R3)",
         group.count);
}

static bool is_load_balancer(const struct forest *forest, const struct entry *entry)
{
    const struct alias_spec *alias = entry->spec->alias;
    if (alias == NULL || alias->resource == RESOURCE_NONE) {
        return false;
    }
    enum resource_type type = resource_of(forest, alias);
    return type == RESOURCE_ELB || type == RESOURCE_ALB || type == RESOURCE_NLB;
}

// W6: shares of answers are one thing, shares of traffic another when resolvers come back at different times.
static void warn_of_uneven_ttls(const struct forest *forest, struct run group)
{
    const struct entry *balancer = NULL;
    const struct entry *record = NULL;
    for (size_t i = 0; i < group.count; i++) {
        const struct entry *entry = &group.entries[i];
        balancer = balancer == NULL && is_load_balancer(forest, entry) ? entry : balancer;
        record =
            record == NULL && entry->spec->alias == NULL && entry->spec->ttl != TTL_ADVISED ? entry : record;
    }
    if (group.entries[0].spec->policy == ROUTING_WEIGHTED && balancer != NULL && record != NULL) {
        WARN(forest->validation.context, &record->record_set->node, "TTL",
             "beside '%s', an alias to a load balancer whose answers are kept %d s, a TTL of %u s shifts "
             "traffic away from the weights; make it %d (W6)",
             entry_identifier(balancer), TTL_ADVISED, record->spec->ttl, TTL_ADVISED);
    }
}

static void warn_of_group(struct forest *forest, struct run group)
{
    for (size_t i = 0; i < group.count; i++) {
        warn_of_member(forest, group, &group.entries[i]);
    }
    warn_of_missing_default(forest, group);
    warn_of_one_check(forest, group);
    warn_of_uneven_ttls(forest, group);
}

// --- the zones ---------------------------------------------------------------------------------------------

static void mark_targets(struct forest *forest)
{
    for (size_t i = 0; i < forest->zone.count; i++) {
        if (evaluates_records(&forest->zone.entries[i])) {
            struct run target = target_of(forest, &forest->zone.entries[i]);
            if (target.count > 0) {
                forest->led_to[index_of(forest, target)] = true;
            }
        }
    }
}

static void warn_of_zone(struct policy_context *context, const struct zone_spec *zone, struct run entries)
{
    struct forest forest = {
        .validation = {context, zone},
        .zone = entries,
        .fates = xcalloc(entries.count + 1, sizeof *forest.fates),
        .led_to = xcalloc(entries.count + 1, sizeof *forest.led_to),
    };
    mark_targets(&forest);
    for (struct run rest = entries; rest.count > 0;) {
        struct run group = policy_first_group(rest);
        warn_of_group(&forest, group);
        rest = run_after(rest, group);
    }
    free(forest.fates);
    free(forest.led_to);
}

void policy_warn_of_traps(struct policy_context *context)
{
    for (uint32_t i = 0; i < context->spec->zone_count; i++) {
        warn_of_zone(context, &context->spec->zones[i], context->sorted[i]);
    }
}
