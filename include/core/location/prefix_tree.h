// SPDX-License-Identifier: MIT
// Longest-prefix match over CIDR blocks of both families, frozen. Also says how many bits the match depends
// on, which is the EDNS scope (RFC 7871 section 7.2.1). Built once by one owner; any thread may look up;
// a lookup allocates nothing.
#ifndef NEARWELL_CORE_LOCATION_PREFIX_TREE_H
#define NEARWELL_CORE_LOCATION_PREFIX_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

struct prefix_entry {
    struct ip_prefix prefix;
    uint32_t value; // not PREFIX_NO_VALUE
    uint8_t rank;   // below 255; a block inside or equal to one of a lower rank does not count
};
#define PREFIX_NO_VALUE UINT32_MAX

struct prefix_tree;

// Of equal prefixes of one rank the first entry wins. The entries are not kept.
struct prefix_tree *prefix_tree_create(const struct prefix_entry *entries, size_t count);
void prefix_tree_destroy(struct prefix_tree *tree);           // NULL is fine
size_t prefix_tree_footprint(const struct prefix_tree *tree); // bytes

struct prefix_match {
    uint32_t value; // PREFIX_NO_VALUE when no block covers the address
    uint8_t length; // of the block that matched
    uint8_t scope;  // addresses that share so many leading bits have the same match
};
struct prefix_match prefix_tree_find(const struct prefix_tree *tree, const struct ip_address *address);

#endif
