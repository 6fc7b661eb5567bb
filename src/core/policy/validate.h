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

// One name and type, sorted by SetIdentifier.
void policy_validate_group(const struct validation *validation, struct run group); // groups.c
void policy_warn_of_traps(const struct validation *validation, struct run group);  // traps.c

#endif
