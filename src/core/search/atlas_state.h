// SPDX-License-Identifier: MIT
// How a group is laid out for quick walks: what atlas.c makes and atlas_state.c reads.
#ifndef NEARWELL_CORE_SEARCH_ATLAS_STATE_H
#define NEARWELL_CORE_SEARCH_ATLAS_STATE_H

#include "core/search/atlas.h"

enum atlas_target { TARGET_NOTHING, TARGET_LEAF, TARGET_NODE };

struct atlas_member {
    uint32_t check; // or HEALTH_CHECK_NONE
    uint32_t leaf;  // TARGET_LEAF
    uint32_t node;  // TARGET_NODE
    uint8_t target; // enum atlas_target
    uint8_t weight;
    bool evaluate; // TARGET_NODE: the target's health counts (T6)
    bool refused;  // whatever the check says: an unhealthy resource, a dangling alias (Q3, T5)
};

// Members by number in the order in which one class is offered them.
struct atlas_order {
    uint8_t count;
    uint8_t members[MEMBERS_MAX];
};

struct atlas_node {
    const struct record_group *group;
    struct atlas_member *members;
    uint8_t member_count;
    bool flat;      // no member is an alias to a node
    bool by_chance; // weights or multivalue: of the acceptable members any may be the first
    uint32_t order_count;
    struct atlas_order *orders; // distinct ones
    uint32_t *order_of;         // of each class of the root
};

#endif
