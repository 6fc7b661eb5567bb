// SPDX-License-Identifier: MIT
// Rules that span the record sets of a zone: F5, with the texts of table 5.3; what spans one group
// of them is in groups.c. One sort brings together what belongs together:
//
//   (hash of name, name) -> type -> SetIdentifier -> order in the file
//
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "validate.h"

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

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    int order = compare_names(x, y);
    if (order == 0) {
        order = compare_numbers(x->spec->type, y->spec->type);
    }
    if (order == 0) {
        order = strcmp(entry_identifier(x), entry_identifier(y));
    }
    return order != 0 ? order : compare_numbers(x->record_set->node.index, y->record_set->node.index);
}

const struct entry *policy_first_of(struct run run)
{
    const struct entry *first = &run.entries[0];
    for (size_t i = 1; i < run.count; i++) {
        if (run.entries[i].record_set->node.index < first->record_set->node.index) {
            first = &run.entries[i];
        }
    }
    return first;
}

void policy_entry_names(const struct validation *validation, const struct entry *entry,
                        struct entry_names *out)
{
    dns_name_format(&entry->spec->name, out->name);
    dns_rrtype_format(entry->spec->type, out->type);
    dns_name_format(&validation->zone->name, out->zone);
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

struct run policy_first_group(struct run rest)
{
    return run_of(rest, true);
}

struct run policy_find_group(struct run zone, const struct dns_name *name, uint16_t type)
{
    struct record_set_spec wanted = {.name = *name, .type = type};
    struct entry key = entry_of(&wanted, NULL);
    size_t low = 0;
    size_t high = zone.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct entry *entry = &zone.entries[middle];
        int order = compare_names(entry, &key);
        order = order != 0 ? order : compare_numbers(entry->spec->type, type);
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    struct run rest = {zone.entries + low, zone.count - low};
    bool found =
        rest.count > 0 && rest.entries[0].spec->type == type && compare_names(&rest.entries[0], &key) == 0;
    return found ? run_of(rest, true) : (struct run){NULL, 0};
}

// F5: which of the two came later decides the text.
static void refuse_beside_cname(const struct validation *validation, struct run cname, struct run other)
{
    const struct entry *c = policy_first_of(cname);
    const struct entry *o = policy_first_of(other);
    struct entry_names names;
    if (c->record_set->node.index < o->record_set->node.index) {
        policy_entry_names(validation, o, &names);
        REFUSE(validation->context, &o->record_set->node, "Type",
               "RRSet of type %s with DNS name %s is not permitted because a conflicting RRSet of type CNAME "
               "with the same DNS name already exists in zone %s",
               names.type, names.name, names.zone);
    } else {
        policy_entry_names(validation, c, &names);
        REFUSE(
            validation->context, &c->record_set->node, "Type",
            "RRSet of type CNAME with DNS name %s is not permitted as it conflicts with other records with "
            "the same DNS name in zone %s",
            names.name, names.zone);
    }
}

static void check_name(const struct validation *validation, struct run name)
{
    if (name.count == 1) {
        return; // most names of a large zone, which this need not look at
    }
    struct run cname = {NULL, 0};
    for (struct run rest = name; rest.count > 0;) {
        struct run group = run_of(rest, true);
        policy_validate_group(validation, group);
        if (group.entries[0].spec->type == DNS_TYPE_CNAME) {
            cname = group;
        }
        rest = run_after(rest, group);
    }
    if (cname.count == 0 || cname.count == name.count) {
        return;
    }
    for (struct run rest = name; rest.count > 0;) {
        struct run group = run_of(rest, true);
        if (group.entries != cname.entries) {
            refuse_beside_cname(validation, cname, group);
        }
        rest = run_after(rest, group);
    }
}

struct run policy_validate_record_sets(struct policy_context *context, const struct zone_spec *zone,
                                       struct entry *entries, size_t count)
{
    struct validation validation = {context, zone};
    qsort(entries, count, sizeof *entries, compare_entries);
    for (struct run rest = {entries, count}; rest.count > 0;) {
        struct run name = run_of(rest, false);
        check_name(&validation, name);
        rest = run_after(rest, name);
    }
    return (struct run){entries, count};
}
