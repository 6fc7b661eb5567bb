// SPDX-License-Identifier: MIT
// What validate.c, groups.c and traps.c share: the record sets of a zone, sorted so that what belongs
// together stands together.
#ifndef NEARWELL_CORE_POLICY_VALIDATE_H
#define NEARWELL_CORE_POLICY_VALIDATE_H

#include "context.h"
#include "core/dns/rrtype.h"

struct entry {
    uint64_t hash; // of the name
    const struct record_set_spec *spec;
    const struct policy_record_set *record_set;
};

// The spec's name is known, and does not change any more.
static inline struct entry entry_of(const struct record_set_spec *spec,
                                    const struct policy_record_set *record_set)
{
    return (struct entry){bytes_hash((struct bytes){spec->name.wire, spec->name.len}), spec, record_set};
}

struct run {
    const struct entry *entries;
    size_t count;
};

struct validation {
    struct policy_context *context;
    const struct zone_spec *zone;
};

// What messages say of an entry.
struct entry_names {
    char name[DNS_NAME_TEXT];
    char type[DNS_TYPE_TEXT];
    char zone[DNS_NAME_TEXT];
};
void policy_entry_names(const struct validation *validation, const struct entry *entry,
                        struct entry_names *out);

// The entry that comes first in the file.
const struct entry *policy_first_of(struct run run);

static inline const char *entry_identifier(const struct entry *entry)
{
    return entry->spec->set_identifier != NULL ? entry->spec->set_identifier : "";
}

static inline int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

// Rules that span the record sets of one zone; those whose name or type is unknown are not among them.
// Returns them all, sorted where they are.
struct run policy_validate_record_sets(struct policy_context *context, const struct zone_spec *zone,
                                       struct entry *entries, size_t count);

// One name and type, sorted by SetIdentifier.
void policy_validate_group(const struct validation *validation, struct run group); // groups.c

// The first group of the rest of a zone's entries; and the group of a name and type, empty when there is
// none.
struct run policy_first_group(struct run rest);
struct run policy_find_group(struct run zone, const struct dns_name *name, uint16_t type);
static inline struct run run_after(struct run rest, struct run run)
{
    return (struct run){rest.entries + run.count, rest.count - run.count};
}

#endif
