// SPDX-License-Identifier: MIT
// Rules that span the record sets of a zone: F3, F4, F5, L4, one member per Region (table 5.1), with the
// texts of table 5.3. One sort brings together what belongs together:
//
//   (hash of name, name) -> type -> SetIdentifier -> order in the file
//
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "context.h"
#include "core/dns/rrtype.h"

struct entry {
    uint64_t hash;
    const struct record_set_spec *spec;
    const struct policy_record_set *record_set;
};

struct run {
    const struct entry *entries;
    size_t count;
};

struct validation {
    struct policy_context *context;
    const struct zone_spec *zone;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_names(const struct entry *a, const struct entry *b)
{
    if (a->hash != b->hash) {
        return a->hash < b->hash ? -1 : 1;
    }
    if (a->spec->name.len != b->spec->name.len) {
        return a->spec->name.len < b->spec->name.len ? -1 : 1;
    }
    return memcmp(a->spec->name.wire, b->spec->name.wire, a->spec->name.len);
}

static const char *identifier(const struct entry *entry)
{
    return entry->spec->set_identifier != NULL ? entry->spec->set_identifier : "";
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    int order = compare_names(x, y);
    if (order == 0) {
        order = compare_numbers(x->spec->type, y->spec->type);
    }
    if (order == 0) {
        order = strcmp(identifier(x), identifier(y));
    }
    return order != 0 ? order : compare_numbers(x->record_set->node.index, y->record_set->node.index);
}

// The entry that comes first in the file.
static const struct entry *first_of(struct run run)
{
    const struct entry *first = &run.entries[0];
    for (size_t i = 1; i < run.count; i++) {
        if (run.entries[i].record_set->node.index < first->record_set->node.index) {
            first = &run.entries[i];
        }
    }
    return first;
}

struct names {
    char name[DNS_NAME_TEXT];
    char type[DNS_TYPE_TEXT];
    char zone[DNS_NAME_TEXT];
};

static void format_names(const struct validation *validation, const struct entry *entry, struct names *out)
{
    dns_name_format(&entry->spec->name, out->name);
    dns_rrtype_format(entry->spec->type, out->type);
    dns_name_format(&validation->zone->name, out->zone);
}

// --- groups: one name and type -----------------------------------------------------------------------------

static void refuse_duplicate(const struct validation *validation, const struct entry *entry)
{
    struct names names;
    format_names(validation, entry, &names);
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

static void refuse_mix(const struct validation *validation, const struct entry *entry,
                       const struct entry *first)
{
    struct names names;
    format_names(validation, entry, &names);
    const struct schema_node *node = &entry->record_set->node;
    if (entry->spec->policy == ROUTING_SIMPLE || first->spec->policy == ROUTING_SIMPLE) {
        REFUSE(
            validation->context, node, "Name",
            "RRSet with DNS name %s, type %s cannot be created as other RRSets exist with the same name and "
            "type.",
            names.name, names.type);
    } else {
        REFUSE(
            validation->context, node, "Name",
            "RRSet with DNS name %s, type %s, SetIdentifier %s cannot be created as a non-%s set exists with "
            "the same name and type.",
            names.name, names.type, identifier(entry), routing_policy_name(entry->spec->policy));
    }
}

// F3, F4
static void check_policies(const struct validation *validation, struct run group)
{
    const struct entry *first = first_of(group);
    for (size_t i = 0; i < group.count; i++) {
        const struct entry *entry = &group.entries[i];
        if (entry->spec->policy != first->spec->policy) {
            refuse_mix(validation, entry, first);
        } else if (i > 0 && entry->spec->policy == entry[-1].spec->policy &&
                   strcmp(identifier(entry), identifier(entry - 1)) == 0) {
            refuse_duplicate(validation, entry);
        }
    }
}

static int compare_regions(const void *a, const void *b)
{
    const struct entry *x = *(const struct entry *const *)a;
    const struct entry *y = *(const struct entry *const *)b;
    int order = compare_numbers(x->spec->region, y->spec->region);
    return order != 0 ? order : compare_numbers(x->record_set->node.index, y->record_set->node.index);
}

// Table 5.1: at most one record set per Region in a group.
static void check_regions(const struct validation *validation, struct run group)
{
    const struct entry **sorted = xcalloc(group.count, sizeof *sorted);
    for (size_t i = 0; i < group.count; i++) {
        sorted[i] = &group.entries[i];
    }
    qsort(sorted, group.count, sizeof *sorted, compare_regions);
    for (size_t i = 1; i < group.count; i++) {
        const struct entry *entry = sorted[i];
        if (entry->spec->region == REGION_NONE || entry->spec->region != sorted[i - 1]->spec->region) {
            continue;
        }
        struct names names;
        format_names(validation, entry, &names);
        REFUSE(validation->context, &entry->record_set->node, "Region",
               "RRSet with DNS name %s, type %s, SetIdentifier %s cannot be created as SetIdentifier %s has "
               "the same Region %s.",
               names.name, names.type, identifier(entry), identifier(sorted[i - 1]),
               region_at(entry->spec->region)->code);
    }
    free(sorted);
}

static void check_group(const struct validation *validation, struct run group)
{
    if (group.count == 1) {
        return;
    }
    check_policies(validation, group);
    check_regions(validation, group);
    if (group.count > MEMBERS_MAX) { // L4
        const struct entry *first = first_of(group);
        struct names names;
        format_names(validation, first, &names);
        REFUSE(validation->context, &first->record_set->node, "Name",
               "%zu record sets have DNS name %s and type %s; at most %d can", group.count, names.name,
               names.type, MEMBERS_MAX);
    }
}

// --- one name ----------------------------------------------------------------------------------------------

// The run of entries from the start whose key is that of the first.
static struct run run_of(struct run rest, bool types)
{
    size_t count = 1;
    while (count < rest.count && compare_names(&rest.entries[0], &rest.entries[count]) == 0 &&
           (!types || rest.entries[0].spec->type == rest.entries[count].spec->type)) {
        count++;
    }
    return (struct run){rest.entries, count};
}

static struct run after(struct run rest, struct run run)
{
    return (struct run){rest.entries + run.count, rest.count - run.count};
}

// F5: which of the two came later decides the text.
static void refuse_beside_cname(const struct validation *validation, struct run cname, struct run other)
{
    const struct entry *c = first_of(cname);
    const struct entry *o = first_of(other);
    struct names names;
    if (c->record_set->node.index < o->record_set->node.index) {
        format_names(validation, o, &names);
        REFUSE(validation->context, &o->record_set->node, "Type",
               "RRSet of type %s with DNS name %s is not permitted because a conflicting RRSet of type CNAME "
               "with the same DNS name already exists in zone %s.",
               names.type, names.name, names.zone);
    } else {
        format_names(validation, c, &names);
        REFUSE(
            validation->context, &c->record_set->node, "Type",
            "RRSet of type CNAME with DNS name %s is not permitted as it conflicts with other records with "
            "the same DNS name in zone %s.",
            names.name, names.zone);
    }
}

static void check_name(const struct validation *validation, struct run name)
{
    struct run cname = {NULL, 0};
    for (struct run rest = name; rest.count > 0;) {
        struct run group = run_of(rest, true);
        check_group(validation, group);
        if (group.entries[0].spec->type == DNS_TYPE_CNAME) {
            cname = group;
        }
        rest = after(rest, group);
    }
    if (cname.count == 0 || cname.count == name.count) {
        return;
    }
    for (struct run rest = name; rest.count > 0;) {
        struct run group = run_of(rest, true);
        if (group.entries != cname.entries) {
            refuse_beside_cname(validation, cname, group);
        }
        rest = after(rest, group);
    }
}

void policy_validate_record_sets(struct policy_context *context, const struct zone_spec *zone,
                                 const struct policy_group_input *inputs, size_t count)
{
    struct validation validation = {context, zone};
    struct entry *entries = xcalloc(count + 1, sizeof *entries);
    for (size_t i = 0; i < count; i++) {
        const struct dns_name *name = &inputs[i].spec->name;
        entries[i] = (struct entry){bytes_hash((struct bytes){name->wire, name->len}), inputs[i].spec,
                                    inputs[i].record_set};
    }
    qsort(entries, count, sizeof *entries, compare_entries);
    for (struct run rest = {entries, count}; rest.count > 0;) {
        struct run name = run_of(rest, false);
        check_name(&validation, name);
        rest = after(rest, name);
    }
    free(entries);
}
