// SPDX-License-Identifier: MIT
// Lays out roots, nodes and leaves, and sorts places into classes. Sites are sites.c's.
#include "core/search/atlas.h"

#include <stdlib.h>
#include <string.h>

#include "atlas_state.h"
#include "base/map.h"
#include "base/xalloc.h"
#include "core/routing/decide.h"
#include "sites.h"

// Indices in maps of pointers: one more, so that NULL stays "absent".
static void *to_value(uint32_t index)
{
    return (void *)((uintptr_t)index + 1); // NOLINT(performance-no-int-to-ptr): never followed
}

static uint32_t from_value(const void *value)
{
    return (uint32_t)((uintptr_t)value - 1);
}

static struct bytes key_of(const void *const *pointer)
{
    return (struct bytes){(const uint8_t *)pointer, sizeof *pointer};
}

// --- nodes and leaves --------------------------------------------------------------------------------------

struct layout {
    struct atlas *atlas;
    struct atlas_root *root; // being laid out
    struct map *nodes;       // group to its index in the root
    struct map *leaves;      // record set to its index in the atlas
};

static uint32_t lay_node(struct layout *layout, const struct record_group *group);

static uint32_t lay_leaf(struct layout *layout, const struct record_set *record_set,
                         const struct record_group *group)
{
    struct atlas *atlas = layout->atlas;
    const void *pointer = record_set;
    void *known = map_get(layout->leaves, key_of(&pointer));
    if (known != NULL) {
        return from_value(known);
    }
    atlas->leaves = xreallocarray(atlas->leaves, (size_t)atlas->leaf_count + 1, sizeof *atlas->leaves);
    atlas->leaves[atlas->leaf_count] = (struct atlas_leaf){.record_set = record_set, .group = group};
    map_put(layout->leaves, key_of(&pointer), to_value(atlas->leaf_count));
    return atlas->leaf_count++;
}

static void lay_alias(struct layout *layout, const struct alias_target *alias,
                      const struct record_group *group, struct atlas_member *out)
{
    if (alias->group != NULL) {
        out->node = lay_node(layout, alias->group);
        out->target = TARGET_NODE;
        out->evaluate = alias->evaluate_target_health;
    } else if (alias->resource != NULL) {
        out->refused = alias->evaluate_target_health &&
                       !view_resource_healthy(layout->atlas->view, alias->resource); // Q3
        if (alias->addresses != NULL) {
            out->leaf = lay_leaf(layout, alias->addresses, group);
            out->target = TARGET_LEAF;
        }
    } else {
        out->refused = alias->evaluate_target_health; // T5
    }
}

static uint8_t weight_of(const struct record_group *group, const struct record_set *record_set)
{
    return group->policy == ROUTING_WEIGHTED ? record_set->routing.weight : 0;
}

static void lay_members(struct layout *layout, const struct record_group *group, struct atlas_node *out)
{
    out->group = group;
    out->member_count = (uint8_t)group->member_count;
    out->members = xcalloc(group->member_count, sizeof *out->members);
    out->by_chance = group->policy == ROUTING_WEIGHTED || group->policy == ROUTING_MULTIVALUE;
    out->flat = true;
    for (unsigned i = 0; i < group->member_count; i++) {
        const struct record_set *record_set = &group->members[i];
        struct atlas_member *member = &out->members[i];
        *member =
            (struct atlas_member){.check = record_set->health_check, .weight = weight_of(group, record_set)};
        if (record_set->alias != NULL) {
            lay_alias(layout, record_set->alias, group, member);
        } else {
            member->leaf = lay_leaf(layout, record_set, group);
            member->target = TARGET_LEAF;
        }
        out->flat &= member->target != TARGET_NODE;
    }
}

// Policies with circles are refused, so this ends.
static uint32_t lay_node(struct layout *layout, const struct record_group *group)
{
    struct atlas_root *root = layout->root;
    const void *pointer = group;
    void *known = map_get(layout->nodes, key_of(&pointer));
    if (known != NULL) {
        return from_value(known);
    }
    struct atlas_node node = {0};
    lay_members(layout, group, &node);
    root->nodes = xreallocarray(root->nodes, (size_t)root->node_count + 1, sizeof *root->nodes);
    root->nodes[root->node_count] = node;
    root->by_chance |= node.by_chance;
    map_put(layout->nodes, key_of(&pointer), to_value(root->node_count));
    return root->node_count++;
}

// --- classes -----------------------------------------------------------------------------------------------

static void find_order(const struct atlas *atlas, const struct atlas_node *node, uint32_t place,
                       struct atlas_order *out)
{
    struct client client = {.place = place};
    struct random roll;
    random_seed(&roll, 1); // W1: any order of a policy of chance offers all members
    struct decide_context context = {.view = atlas->view, .client = &client, .roll = &roll};
    memset(out, 0, sizeof *out);
    out->count = (uint8_t)decide_order(&context, node->group, out->members);
    if (node->by_chance) {
        for (uint8_t i = 0; i < out->count; i++) {
            out->members[i] = i;
        }
    }
}

static uint32_t intern_order(struct atlas_node *node, const struct atlas_order *order)
{
    for (uint32_t i = 0; i < node->order_count; i++) {
        if (memcmp(&node->orders[i], order, sizeof *order) == 0) {
            return i;
        }
    }
    node->orders = xreallocarray(node->orders, (size_t)node->order_count + 1, sizeof *node->orders);
    node->orders[node->order_count] = *order;
    return node->order_count++;
}

static void add_class(struct atlas_root *root, const uint32_t *orders, uint32_t lead)
{
    size_t count = (size_t)root->class_count + 1;
    root->classes = xreallocarray(root->classes, count, sizeof *root->classes);
    root->classes[root->class_count] = (struct atlas_class){.lead = lead};
    for (uint32_t n = 0; n < root->node_count; n++) {
        struct atlas_node *node = &root->nodes[n];
        node->order_of = xreallocarray(node->order_of, count, sizeof *node->order_of);
        node->order_of[root->class_count] = orders[n];
    }
    root->class_count++;
}

static void sort_places(const struct atlas *atlas, struct atlas_root *root)
{
    const struct population *population = atlas->population;
    struct map *known = map_create(); // orders of all nodes, to the class
    uint32_t *orders = xcalloc(root->node_count, sizeof *orders);
    root->class_of = xcalloc(population->count, sizeof *root->class_of);
    for (uint32_t p = 0; p < population->count; p++) {
        for (uint32_t n = 0; n < root->node_count; n++) {
            struct atlas_order order;
            find_order(atlas, &root->nodes[n], population->shares[p].place, &order);
            orders[n] = intern_order(&root->nodes[n], &order);
        }
        struct bytes key = {(const uint8_t *)orders, root->node_count * sizeof *orders};
        if (map_put(known, key, to_value(root->class_count))) {
            add_class(root, orders, p);
        }
        root->class_of[p] = from_value(map_get(known, key));
        root->classes[root->class_of[p]].share += population->shares[p].share;
    }
    free(orders);
    map_destroy(known);
}

// --- roots -------------------------------------------------------------------------------------------------

static struct map *alias_targets(const struct model *model)
{
    struct map *targets = map_create();
    for (uint32_t i = 0; i < model->routed_group_count; i++) {
        const struct record_group *group = model->routed_groups[i];
        for (unsigned m = 0; m < group->member_count; m++) {
            const struct alias_target *alias = group->members[m].alias;
            if (alias != NULL && alias->group != NULL) {
                const void *pointer = alias->group;
                map_put(targets, key_of(&pointer), (void *)(uintptr_t)alias); // NOLINT: never followed
            }
        }
    }
    return targets;
}

static bool find_roots(struct atlas *atlas, const struct record_group *only, struct error *error)
{
    const struct model *model = atlas->view->model;
    atlas->roots = xcalloc(model->routed_group_count + (size_t)1, sizeof *atlas->roots);
    if (only != NULL) {
        atlas->roots[atlas->root_count++].group = only;
        return true;
    }
    struct map *targets = alias_targets(model);
    for (uint32_t i = 0; i < model->routed_group_count; i++) {
        const void *pointer = model->routed_groups[i];
        if (map_get(targets, key_of(&pointer)) == NULL) {
            atlas->roots[atlas->root_count++].group = model->routed_groups[i];
        }
    }
    map_destroy(targets);
    if (atlas->root_count == 0) {
        return error_set(error, "no record set has a routing policy, so every client gets the same answer");
    }
    return atlas->root_count <= ATLAS_ROOTS_MAX ||
           error_set(error, "%u names with a routing policy are more than %d: name one", atlas->root_count,
                     ATLAS_ROOTS_MAX);
}

static void lay_roots(struct atlas *atlas)
{
    struct layout layout = {.atlas = atlas, .leaves = map_create()};
    for (uint32_t i = 0; i < atlas->root_count; i++) {
        layout.root = &atlas->roots[i];
        layout.nodes = map_create();
        lay_node(&layout, layout.root->group);
        map_destroy(layout.nodes);
        sort_places(atlas, layout.root);
    }
    map_destroy(layout.leaves);
}

struct atlas *atlas_create(const struct view *view, const struct population *population,
                           const struct record_group *group, struct error *error)
{
    struct atlas *atlas = xcalloc(1, sizeof *atlas);
    atlas->arena = arena_create();
    atlas->view = view;
    atlas->population = population;
    if (!find_roots(atlas, group, error)) {
        atlas_destroy(atlas);
        return NULL;
    }
    lay_roots(atlas);
    if (!sites_find(atlas, error)) {
        atlas_destroy(atlas);
        return NULL;
    }
    return atlas;
}

static void destroy_root(struct atlas_root *root)
{
    for (uint32_t n = 0; n < root->node_count; n++) {
        free(root->nodes[n].members);
        free(root->nodes[n].orders);
        free(root->nodes[n].order_of);
    }
    free(root->nodes);
    free(root->classes);
    free(root->class_of);
}

void atlas_destroy(struct atlas *atlas)
{
    if (atlas == NULL) {
        return;
    }
    for (uint32_t i = 0; i < atlas->root_count; i++) {
        destroy_root(&atlas->roots[i]);
    }
    free(atlas->roots);
    free(atlas->leaves);
    free(atlas->sites);
    free(atlas->check_sites);
    free(atlas->check_used);
    arena_destroy(atlas->arena);
    free(atlas);
}

uint32_t atlas_find_site(const struct atlas *atlas, const char *name)
{
    uint32_t i = 0;
    while (i < atlas->site_count && strcmp(atlas->sites[i].name, name) != 0) {
        i++;
    }
    return i;
}
