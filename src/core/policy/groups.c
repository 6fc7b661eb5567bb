// SPDX-License-Identifier: MIT
// Rules that span the record sets of one name and type: F3, F4, F7, L4, L5, and what each policy wants once
// per group or alike in all of it (table 5.1), with the texts of table 5.3.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "reading.h"
#include "validate.h"

enum { GEOPROXIMITY_MEMBERS_MAX = 30 }; // L5

static void refuse_duplicate(const struct validation *validation, const struct entry *entry)
{
    struct entry_names names;
    policy_entry_names(validation, entry, &names);
    const struct schema_node *node = &entry->record_set->node;
    if (entry->spec->set_identifier == NULL) {
        REFUSE(validation->context, node, "Name",
               "Tried to create resource record set [name='%s', type='%s'] but it already exists", names.name,
               names.type);
    } else {
        REFUSE(
            validation->context, node, "SetIdentifier",
            "Tried to create resource record set [name='%s', type='%s', set-identifier='%s'] but it already "
            "exists",
            names.name, names.type, entry->spec->set_identifier);
    }
}

// The entry is the one that came later.
static void refuse_mix(const struct validation *validation, const struct entry *entry)
{
    struct entry_names names;
    policy_entry_names(validation, entry, &names);
    const struct schema_node *node = &entry->record_set->node;
    if (entry->spec->policy == ROUTING_SIMPLE) {
        REFUSE(
            validation->context, node, "Name",
            "RRSet with DNS name %s, type %s cannot be created as other RRSets exist with the same name and "
            "type.",
            names.name, names.type);
    } else if (entry->spec->policy == ROUTING_MULTIVALUE) {
        REFUSE(validation->context, node, "Name",
               "RRSet with DNS name %s, type %s, SetIdentifier \"%s\" cannot be created because a non "
               "multivalue "
               "answer rrset exists with the same name and type.",
               names.name, names.type, entry_identifier(entry));
    } else {
        REFUSE(
            validation->context, node, "Name",
            "RRSet with DNS name %s, type %s, SetIdentifier %s cannot be created as a non-%s set exists with "
            "the same name and type.",
            names.name, names.type, entry_identifier(entry), routing_policy_name(entry->spec->policy));
    }
}

// F3, F4
static void check_policies(const struct validation *validation, struct run group)
{
    const struct entry *first = policy_first_of(group);
    for (size_t i = 0; i < group.count; i++) {
        const struct entry *entry = &group.entries[i];
        if (entry->spec->policy != first->spec->policy) {
            refuse_mix(validation, entry);
        } else if (i > 0 && entry->spec->policy == entry[-1].spec->policy &&
                   strcmp(entry_identifier(entry), entry_identifier(entry - 1)) == 0) {
            refuse_duplicate(validation, entry);
        }
    }
}

// --- once in a group ---------------------------------------------------------------------------------------

enum { VALUE_TEXT = 32 };

// The value of an entry's routing field as messages name it; false: it has none, or a wrong one.
static bool region_of(const struct record_set_spec *spec, char out[VALUE_TEXT])
{
    return spec->region != REGION_NONE && snprintf(out, VALUE_TEXT, "%s", region_at(spec->region)->code) > 0;
}

static bool area_of(const struct record_set_spec *spec, char out[VALUE_TEXT])
{
    const char *codes = spec->area.codes;
    switch (spec->area.kind) {
    case GEO_DEFAULT:
        return snprintf(out, VALUE_TEXT, "*") > 0;
    case GEO_CONTINENT:
        return snprintf(out, VALUE_TEXT, "continent %.2s", codes) > 0;
    case GEO_COUNTRY:
        return snprintf(out, VALUE_TEXT, "%.2s", codes) > 0;
    case GEO_SUBDIVISION:
        return snprintf(out, VALUE_TEXT, "%.2s-%.2s", codes, codes + 2) > 0;
    default: // GEO_UNREAD
        return false;
    }
}

static bool role_of(const struct record_set_spec *spec, char out[VALUE_TEXT])
{
    return snprintf(out, VALUE_TEXT, "%s", spec->secondary ? "SECONDARY" : "PRIMARY") > 0;
}

static bool location_of(const struct record_set_spec *spec, char out[VALUE_TEXT])
{
    return spec->cidr_location != NULL && snprintf(out, VALUE_TEXT, "%s", spec->cidr_location) > 0;
}

// Table 5.1: of these a group has each value at most once.
static const struct unique {
    unsigned field;
    const char *path; // in the record set
    const char *name; // as messages have it
    const char *noun;
    bool (*value)(const struct record_set_spec *spec, char out[VALUE_TEXT]);
} uniques[ROUTING_POLICIES] = {
    [ROUTING_LATENCY] = {RECORD_SET_REGION, "Region", "Region Name", "region", region_of},
    [ROUTING_FAILOVER] = {RECORD_SET_FAILOVER, "Failover", "Failover", "role", role_of},
    [ROUTING_GEOLOCATION] = {RECORD_SET_GEO_LOCATION, "GeoLocation", "GeoLocation", "location", area_of},
    [ROUTING_CIDR] = {RECORD_SET_CIDR_ROUTING_CONFIG, "CidrRoutingConfig/LocationName", "LocationName",
                      "location", location_of},
};

struct valued {
    char value[VALUE_TEXT];
    const struct entry *entry;
};

static int compare_values(const void *a, const void *b)
{
    const struct valued *x = a;
    const struct valued *y = b;
    int order = strcmp(x->value, y->value);
    return order != 0 ? order
                      : compare_numbers(x->entry->record_set->node.index, y->entry->record_set->node.index);
}

static size_t collect_values(struct run group, const struct unique *unique, struct valued *out)
{
    size_t count = 0;
    for (size_t i = 0; i < group.count; i++) {
        const struct entry *entry = &group.entries[i];
        if (&uniques[entry->spec->policy] == unique &&
            policy_readable(&entry->record_set->node, unique->field) &&
            unique->value(entry->spec, out[count].value)) {
            out[count++].entry = entry;
        }
    }
    return count;
}

static void check_unique(const struct validation *validation, struct run group, const struct unique *unique)
{
    struct valued *values = xcalloc(group.count, sizeof *values);
    size_t count = collect_values(group, unique, values);
    qsort(values, count, sizeof *values, compare_values);
    for (size_t i = 1; i < count; i++) {
        const struct entry *entry = values[i].entry;
        if (strcmp(values[i].value, values[i - 1].value) != 0) {
            continue;
        }
        struct entry_names names;
        policy_entry_names(validation, entry, &names);
        REFUSE(validation->context, &entry->record_set->node, unique->path,
               "RRSet with DNS name %s, type %s, SetIdentifier %s, and %s=%s cannot be created because a %s "
               "RRSet with the same name, type and %s already exists.",
               names.name, names.type, entry_identifier(entry), unique->name, values[i].value,
               routing_policy_name(entry->spec->policy), unique->noun);
    }
    free(values);
}

// --- alike in all of a group -------------------------------------------------------------------------------

// F7. Aliases have no TTL of their own.
static void check_ttls(const struct validation *validation, struct run group)
{
    const struct entry *first = NULL;
    for (size_t i = 0; i < group.count; i++) {
        const struct entry *entry = &group.entries[i];
        if (policy_readable(&entry->record_set->node, RECORD_SET_TTL) &&
            (first == NULL || entry->record_set->node.index < first->record_set->node.index)) {
            first = entry;
        }
    }
    for (size_t i = 0; i < group.count; i++) {
        const struct entry *entry = &group.entries[i];
        if (first == NULL || !policy_readable(&entry->record_set->node, RECORD_SET_TTL) ||
            entry->spec->ttl == first->spec->ttl) {
            continue;
        }
        struct entry_names names;
        policy_entry_names(validation, entry, &names);
        REFUSE(validation->context, &entry->record_set->node, "TTL",
               "RRSet with DNS name %s and type %s, SetIdentifier %s cannot be created as weighted sets must "
               "contain the same TTL.",
               names.name, names.type, entry_identifier(entry));
    }
}

// Table 5.1, CidrRoutingConfig.
static void check_collections(const struct validation *validation, struct run group)
{
    const struct entry *first = policy_first_of(group);
    for (size_t i = 0; i < group.count; i++) {
        const struct entry *entry = &group.entries[i];
        const char *id = entry->spec->cidr_collection;
        if (id == NULL || first->spec->cidr_collection == NULL ||
            strcmp(id, first->spec->cidr_collection) == 0) {
            continue;
        }
        struct entry_names names;
        policy_entry_names(validation, entry, &names);
        REFUSE(validation->context, &entry->record_set->node, "CidrRoutingConfig/CollectionId",
               "RRSet with DNS name %s, type %s, SetIdentifier %s cannot be created as SetIdentifier %s uses "
               "CIDR collection %s, and IP-based sets must use the same one.",
               names.name, names.type, entry_identifier(entry), entry_identifier(first),
               first->spec->cidr_collection);
    }
}

// L4, L5. Failover and simple groups are small by what they demand of their members.
static void check_size(const struct validation *validation, struct run group)
{
    const struct entry *first = policy_first_of(group);
    size_t most = first->spec->policy == ROUTING_GEOPROXIMITY ? GEOPROXIMITY_MEMBERS_MAX : MEMBERS_MAX;
    if (group.count <= most) {
        return;
    }
    struct entry_names names;
    policy_entry_names(validation, first, &names);
    REFUSE(validation->context, &first->record_set->node, "Name",
           "%zu record sets have DNS name %s and type %s; at most %zu can", group.count, names.name,
           names.type, most);
}

// T12: each S3 website and CloudFront distribution answers to names of its own.
static void check_resources(const struct validation *validation, struct run group)
{
    static const struct {
        enum resource_type type;
        bool failover_only;
    } single[] = {{RESOURCE_S3_WEBSITE, false}, {RESOURCE_CLOUDFRONT, true}};
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++) {
        const struct entry *first = NULL;
        for (size_t k = 0; k < group.count; k++) {
            const struct entry *entry = &group.entries[k];
            const struct alias_spec *alias = entry->spec->alias;
            if (alias == NULL || alias->resource == RESOURCE_NONE ||
                validation->context->spec->resources[alias->resource].type != single[i].type ||
                (single[i].failover_only && entry->spec->policy != ROUTING_FAILOVER)) {
                continue;
            }
            if (first != NULL) {
                REFUSE(
                    validation->context, &entry->record_set->alias_target->node, "DNSName",
                    "only one of the record sets with one name and type%s can be an alias to %s %s resource, "
                    "and '%s' is (T12)",
                    single[i].failover_only ? " and failover routing" : "",
                    single[i].failover_only ? "a" : "an", resource_type_name(single[i].type),
                    entry_identifier(first));
            }
            first = first != NULL ? first : entry;
        }
    }
}

void policy_validate_group(const struct validation *validation, struct run group)
{
    if (group.count == 1) {
        return;
    }
    unsigned policies = 0; // a bit for each
    for (size_t i = 0; i < group.count; i++) {
        policies |= 1U << group.entries[i].spec->policy;
    }
    check_policies(validation, group);
    check_size(validation, group);
    check_resources(validation, group);
    for (size_t i = 0; i < ROUTING_POLICIES; i++) {
        if (uniques[i].value != NULL && (policies & 1U << i) != 0) {
            check_unique(validation, group, &uniques[i]);
        }
    }
    if (group.entries[0].spec->policy == ROUTING_WEIGHTED) {
        check_ttls(validation, group);
    }
    if (group.entries[0].spec->policy == ROUTING_CIDR) {
        check_collections(validation, group);
    }
}
