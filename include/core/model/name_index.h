// SPDX-License-Identifier: MIT
// From a query's name to the node that answers it: the most specific zone, then in that zone exact match,
// delegation, closest encloser, wildcard (RFC 1034 section 4.3.2, RFC 4592; rules D6, D9, D10, D12, D14,
// D21). Frozen with the model; any thread; one hash of the name serves all its ancestors in both tables, and
// nothing is allocated.
#ifndef NEARWELL_CORE_MODEL_NAME_INDEX_H
#define NEARWELL_CORE_MODEL_NAME_INDEX_H

#include "core/model/model.h"

enum name_match {
    NAME_NO_ZONE,   // in none of our zones
    NAME_EXACT,     // node is the name itself, possibly an empty non-terminal
    NAME_WILDCARD,  // node is the wildcard that synthesises the name
    NAME_DELEGATED, // node is the zone cut
    NAME_ABSENT,    // node is the closest encloser, of the zone that would have the name
};

struct name_lookup {
    enum name_match match;
    const struct name_node *node; // NULL for NAME_NO_ZONE
};

// ds: the query is for type DS, which belongs to the parent's side of a cut (RFC 4035 section 3.1.4.1). When
// the cut is between two zones of the model, the NS and DS sets that the parent zone has at it answer.
// vpc: who asks is in it, and its private zones come before all public ones (D21); NULL: in none.
struct name_lookup model_find_name(const struct model *model, const struct vpc *vpc,
                                   const struct dns_name *name, bool ds);

// The same in one zone, whatever other zones the model has. NAME_NO_ZONE: the name is outside.
struct name_lookup zone_find_name(const struct zone *zone, const struct dns_name *name, bool ds);

// The node of exactly this name, even below a cut: for glue (D12). NULL when there is none.
const struct name_node *zone_find_node(const struct zone *zone, const struct dns_name *name);

#endif
