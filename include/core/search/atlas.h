// SPDX-License-Identifier: MIT
// Where every client is led in every state of health: decisions made ready to be asked by the million. The
// order in which a place is offered the members of a group is taken from the routing policies themselves
// (decide_order), once; walking that order is a matter of bits. Every answer is decide()'s, which tests hold
// it to. Places that are offered the same orders are one class.
//
//   root (a group that is asked for) -> nodes (itself and the groups that its aliases lead to)
//        -> classes of places -> for each node the order of its members
//        -> leaves (record sets with values) -> sites (what stands in one place, and fails at once)
//
// Pure. The atlas is immutable once made, any thread; a state has one owner.
#ifndef NEARWELL_CORE_SEARCH_ATLAS_H
#define NEARWELL_CORE_SEARCH_ATLAS_H

#include "base/arena.h"
#include "base/error.h"
#include "core/population/population.h"
#include "core/routing/view.h"

enum { ATLAS_SITES_MAX = 64, ATLAS_ROOTS_MAX = 10000 };
#define ATLAS_NO_LEAF UINT32_MAX

// A leaf is in the AWS region that its record set names, or that the nearest alias on the way to it names, or
// that other record sets with the same values name; else in what its SetIdentifier names, else in its own
// name.
struct atlas_site {
    const char *name;
    uint8_t region; // REGION_NONE when it is no AWS region
};

struct atlas_leaf {
    const struct record_set *record_set;
    const struct record_group *group;
    uint8_t site;
};

struct atlas_class {
    double share;  // of all clients
    uint32_t lead; // the first of its places, an index in the population
};

struct atlas_node;

struct atlas_root {
    const struct record_group *group;
    uint32_t node_count;
    struct atlas_node *nodes; // aliases' targets before their aliases: the root is the last
    uint32_t class_count;
    struct atlas_class *classes;
    uint32_t *class_of; // of each share of the population
    uint64_t sites;     // bit per site that a leaf is in
    bool by_chance;     // an answer may be one of several
};

struct atlas {
    const struct view *view; // its status is not read
    const struct population *population;
    uint32_t root_count;
    struct atlas_root *roots;
    uint32_t leaf_count;
    struct atlas_leaf *leaves;
    uint32_t site_count;
    struct atlas_site *sites;
    uint64_t *check_sites; // of each health check: the sites whose death is its own; 0: none
    uint8_t *check_used;   // of each health check: a root depends on it
    struct arena *arena;   // names that are not the model's
};

// group NULL: all groups with a routing policy that are no alias's target. False when there is none, or when
// there are more sites than ATLAS_SITES_MAX. The view and the population must outlive the atlas.
struct atlas *atlas_create(const struct view *view, const struct population *population,
                           const struct record_group *group, struct error *error);
void atlas_destroy(struct atlas *atlas); // NULL is fine

uint32_t atlas_find_site(const struct atlas *atlas, const char *name); // site_count when there is none

// Which members are up, under one root: what is left of the statuses for all places.
struct atlas_state;
struct atlas_state *atlas_state_create(const struct atlas_root *root);
void atlas_state_destroy(struct atlas_state *state); // NULL is fine
void atlas_state_set(struct atlas_state *state, const struct status_table *status);

// The first record set of the answer, which is the one that clients use.
struct atlas_answer {
    uint32_t leaf;  // ATLAS_NO_LEAF: none
    bool fail_open; // R3 was needed on the way
    double share;   // how probable; 1 where chance has no part
};

// The answer where chance has no part (not root->by_chance).
struct atlas_answer atlas_answer(struct atlas_state *state, uint32_t class_index);

// All answers of which chance makes one. They are the state's, until the next call.
unsigned atlas_answers(struct atlas_state *state, uint32_t class_index, const struct atlas_answer **out);

#endif
