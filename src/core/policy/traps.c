// SPDX-License-Identifier: MIT
// What is legal, and hardly ever meant: warnings for people who check a policy. Each names its rule.
#include "reading.h"
#include "validate.h"

enum { TTL_ADVISED = 60 }; // D22, seconds

#define WARN(context, node, tail, ...)                                                                       \
    schema_finding((context)->reader.diagnostics, DIAGNOSTIC_WARNING, (node), (tail), __VA_ARGS__)

static bool has_check(const struct entry *entry)
{
    return entry->spec->health_check_id != NULL;
}

// Q1: whether this member can ever be unhealthy.
static bool can_fail(const struct entry *entry)
{
    return has_check(entry) || (entry->spec->alias != NULL && entry->spec->alias->evaluate_target_health);
}

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

static void warn_of_member(const struct validation *validation, struct run group, const struct entry *entry)
{
    const struct record_set_spec *spec = entry->spec;
    const struct schema_node *node = &entry->record_set->node;
    if (spec->alias != NULL && !spec->alias->evaluate_target_health) {
        WARN(validation->context, &entry->record_set->alias_target->node, "EvaluateTargetHealth",
             "without EvaluateTargetHealth this alias %s; it answers even when its whole target is "
             "unhealthy (T7)",
             has_check(entry) ? "heeds its own health check only" : "always counts as healthy");
    } else if (!can_fail(entry) && !is_last_resort(spec) && any(group, can_fail)) {
        WARN(validation->context, node, "",
             "without a health check this record always counts as healthy: the traffic of unhealthy ones "
             "ends here, and an alias to this name never backs out (R4, T9)");
    }
    if (spec->policy == ROUTING_WEIGHTED && spec->weight == 0 && has_check(entry) && any(group, has_weight)) {
        WARN(validation->context, node, "Weight",
             "Weight 0 does not take a record out of service: when all others are unhealthy, this one "
             "answers (W3)");
    }
}

// Reports what is odd about a group that answers some of its clients only (G4, I5).
static void warn_of_missing_default(const struct validation *validation, struct run group)
{
    uint8_t policy = group.entries[0].spec->policy;
    bool geo = policy == ROUTING_GEOLOCATION;
    if ((geo || policy == ROUTING_CIDR) && !any(group, is_default)) {
        WARN(validation->context, &policy_first_of(group)->record_set->node,
             geo ? "GeoLocation" : "CidrRoutingConfig",
             "no record of this name and type is the default (%s '*'): clients elsewhere get no answer (%s)",
             geo ? "CountryCode" : "LocationName", geo ? "G4" : "I5");
    }
}

void policy_warn_of_traps(const struct validation *validation, struct run group)
{
    if (group.count > MEMBERS_MAX) {
        return; // refused
    }
    for (size_t i = 0; i < group.count; i++) {
        const struct entry *entry = &group.entries[i];
        if (entry->spec->policy != ROUTING_SIMPLE && group.count > 1) {
            warn_of_member(validation, group, entry);
        }
        if (has_check(entry) && entry->spec->alias == NULL && entry->spec->ttl > TTL_ADVISED) {
            WARN(validation->context, &entry->record_set->node, "TTL",
                 "resolvers keep this answer for %u s after its health check fails; AWS advises at most %d "
                 "(D22)",
                 entry->spec->ttl, TTL_ADVISED);
        }
    }
    warn_of_missing_default(validation, group);
}

// --- health checks -----------------------------------------------------------------------------------------

static void mark(struct map *used, const char *id)
{
    if (id != NULL) {
        map_put(used, bytes_of(id), used);
    }
}

static struct map *collect_used(const struct model_spec *spec)
{
    struct map *used = map_create();
    for (uint32_t i = 0; i < spec->zone_count; i++) {
        for (uint32_t k = 0; k < spec->zones[i].record_set_count; k++) {
            mark(used, spec->zones[i].record_sets[k].health_check_id);
        }
    }
    for (uint32_t i = 0; i < spec->health_check_count; i++) {
        for (uint32_t k = 0; k < spec->health_checks[i].child_count; k++) {
            mark(used, spec->health_checks[i].child_ids[k]);
        }
    }
    return used;
}

void policy_warn_of_unused_checks(struct policy_context *context)
{
    const struct policy_health_check *checks = context->file->health_checks.items;
    struct map *used = collect_used(context->spec);
    for (size_t i = 0; i < context->file->health_checks.count; i++) {
        if (checks[i].id != NULL && map_get(used, bytes_of(checks[i].id)) == NULL) {
            WARN(context, &checks[i].node, "Id", "no record set uses health check %s (Q1)", checks[i].id);
        }
    }
    map_destroy(used);
}
