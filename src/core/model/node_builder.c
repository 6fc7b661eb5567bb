// SPDX-License-Identifier: MIT
// Every record set finds or makes the node of its name, and with it the empty non-terminals up to the apex.
// Nodes are collected in a growing array by number, since pointers come only once they stop moving:
//
//   entries (spec, node number), sorted by node, type, SetIdentifier -> groups and members, in that order
#include "node_builder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/xalloc.h"
#include "cidr_builder.h"
#include "core/dns/rrtype.h"
#include "default_records.h"
#include "name_table.h"
#include "record_builder.h"

enum { NO_NODE = UINT32_MAX };

struct draft_node {
    const uint8_t *name; // in the model's arena
    uint32_t zone;
    uint32_t parent;   // NO_NODE at an apex
    uint32_t wildcard; // NO_NODE when there is none
    uint8_t name_len;
    uint8_t labels;
};

struct entry {
    const struct record_set_spec *set;
    uint32_t node;
    uint32_t zone;
};

// An alias whose target can only be looked up once all groups are frozen.
struct pending_alias {
    struct alias_target *target;
    const struct record_set_spec *set;
    const struct zone *zone;
};

struct drafts {
    struct pending_alias *aliases;
    uint32_t alias_count;
    uint32_t alias_room;
    struct arena *arena;
    struct draft_node *nodes;
    uint32_t count;
    uint32_t room;
    struct name_slot *slots;
    uint32_t mask;
    uint8_t most_labels;
    struct entry *entries;
    uint32_t entry_count;
};

// --- the growing table

static struct name_slot *slot_of(const struct drafts *drafts, const struct hashed_name *name,
                                 unsigned ancestor)
{
    uint64_t hash = name->hashes[ancestor];
    size_t len = (size_t)(name->len - name->offsets[ancestor]);
    for (uint32_t at = (uint32_t)hash & drafts->mask;; at = (at + 1) & drafts->mask) {
        struct name_slot *slot = &drafts->slots[at];
        if (slot->node == 0) {
            return slot;
        }
        const struct draft_node *node = &drafts->nodes[slot->node - 1];
        if (slot->hash == (uint32_t)(hash >> 32) && node->name_len == len &&
            memcmp(node->name, name->wire + name->offsets[ancestor], len) == 0) {
            return slot;
        }
    }
}

static void rehash(struct drafts *drafts, uint32_t size)
{
    free(drafts->slots);
    drafts->slots = xcalloc(size, sizeof *drafts->slots);
    drafts->mask = size - 1;
    for (uint32_t i = 0; i < drafts->count; i++) {
        struct dns_name name;
        struct hashed_name hashed;
        name.len = drafts->nodes[i].name_len;
        memcpy(name.wire, drafts->nodes[i].name, name.len);
        name_hash(&name, &hashed);
        *slot_of(drafts, &hashed, 0) = (struct name_slot){(uint32_t)(hashed.hashes[0] >> 32), i + 1};
    }
}

static uint32_t add_node(struct drafts *drafts, const struct hashed_name *name, unsigned ancestor,
                         uint32_t zone)
{
    if (2 * (drafts->count + 1) > drafts->mask) {
        rehash(drafts, 2 * (drafts->mask + 1));
    }
    if (drafts->count == drafts->room) {
        drafts->room *= 2;
        drafts->nodes = xreallocarray(drafts->nodes, drafts->room, sizeof *drafts->nodes);
    }
    struct name_slot *slot = slot_of(drafts, name, ancestor);
    assert(slot->node == 0);
    *slot = (struct name_slot){(uint32_t)(name->hashes[ancestor] >> 32), drafts->count + 1};
    uint8_t len = (uint8_t)(name->len - name->offsets[ancestor]);
    uint8_t labels = (uint8_t)(name->labels - ancestor);
    drafts->nodes[drafts->count] = (struct draft_node){
        .name = arena_memdup(drafts->arena, name->wire + name->offsets[ancestor], len, 1),
        .zone = zone,
        .parent = NO_NODE,
        .wildcard = NO_NODE,
        .name_len = len,
        .labels = labels,
    };
    if (labels > drafts->most_labels) {
        drafts->most_labels = labels;
    }
    return drafts->count++;
}

static uint32_t find_node(const struct drafts *drafts, const struct hashed_name *name, unsigned ancestor)
{
    return slot_of(drafts, name, ancestor)->node - 1; // NO_NODE when empty
}

// The node of a name of this zone, with its ancestors up to the apex, which exists. NO_NODE: another, more
// specific zone has the name (D14).
static uint32_t node_for(struct drafts *drafts, const struct dns_name *name, uint32_t zone)
{
    struct hashed_name hashed;
    name_hash(name, &hashed);
    unsigned known = 0;
    while (find_node(drafts, &hashed, known) == NO_NODE) {
        known++;
    }
    uint32_t node = find_node(drafts, &hashed, known);
    if (drafts->nodes[node].zone != zone) {
        return NO_NODE;
    }
    for (unsigned ancestor = known; ancestor-- > 0;) {
        uint32_t child = add_node(drafts, &hashed, ancestor, zone);
        drafts->nodes[child].parent = node;
        if (hashed.wire[hashed.offsets[ancestor]] == 1 && hashed.wire[hashed.offsets[ancestor] + 1] == '*') {
            drafts->nodes[node].wildcard = child;
        }
        node = child;
    }
    return node;
}

// --- collecting

// The record sets that a more specific zone hides, but for NS and DS at its apex: those are the parent's side
// of the cut (RFC 4035 section 3.1.4.1).
static bool parent_side(const struct drafts *drafts, const struct record_set_spec *set, uint32_t zone,
                        uint32_t *apex)
{
    struct hashed_name hashed;
    name_hash(&set->name, &hashed);
    uint32_t node = find_node(drafts, &hashed, 0);
    if ((set->type != DNS_TYPE_DS && set->type != DNS_TYPE_NS) || node == NO_NODE ||
        drafts->nodes[node].parent != NO_NODE || drafts->nodes[node].zone == zone) {
        return false;
    }
    unsigned parent = 1; // zone must be the closest one around that apex
    while (find_node(drafts, &hashed, parent) == NO_NODE) {
        parent++;
    }
    if (drafts->nodes[find_node(drafts, &hashed, parent)].zone != zone) {
        return false;
    }
    *apex = node;
    return true;
}

struct hidden {
    struct entry *entries; // node is the apex of the zone below
    uint32_t count;
};

static void add_entry(struct drafts *drafts, const struct record_set_spec *set, uint32_t node)
{
    drafts->entries[drafts->entry_count++] = (struct entry){set, node, drafts->nodes[node].zone};
}

static void collect_zone(struct drafts *drafts, const struct zone_spec *zone, uint32_t number,
                         const struct default_records *defaults, struct hidden *hidden)
{
    bool has_ns = false;
    bool has_soa = false;
    for (uint32_t i = 0; i < zone->record_set_count; i++) {
        const struct record_set_spec *set = &zone->record_sets[i];
        uint32_t node = node_for(drafts, &set->name, number);
        uint32_t apex;
        if (node != NO_NODE) {
            add_entry(drafts, set, node);
            bool at_apex = drafts->nodes[node].parent == NO_NODE;
            has_ns |= at_apex && set->type == DNS_TYPE_NS;
            has_soa |= at_apex && set->type == DNS_TYPE_SOA;
        } else if (parent_side(drafts, set, number, &apex)) {
            hidden->entries[hidden->count++] = (struct entry){set, apex, number};
        }
    }
    uint32_t apex = node_for(drafts, &zone->name, number);
    if (!has_ns) {
        add_entry(drafts, &defaults->ns_set, apex);
    }
    if (!has_soa) {
        add_entry(drafts, &defaults->soa_set, apex);
    }
}

static int by_node_type_identifier(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    if (a->node != b->node) {
        return a->node < b->node ? -1 : 1;
    }
    if (a->set->type != b->set->type) {
        return a->set->type < b->set->type ? -1 : 1;
    }
    const char *first = a->set->set_identifier != NULL ? a->set->set_identifier : "";
    const char *second = b->set->set_identifier != NULL ? b->set->set_identifier : "";
    return strcmp(first, second);
}

// --- freezing

static void freeze_alias(const struct model *model, struct drafts *drafts, const struct record_set_spec *spec,
                         const struct zone *zone, struct record_set *out)
{
    struct alias_target *target = arena_new(drafts->arena, struct alias_target, 1);
    target->evaluate_target_health = spec->alias->evaluate_target_health;
    target->name = arena_memdup(drafts->arena, spec->alias->target.wire, spec->alias->target.len, 1);
    target->name_len = spec->alias->target.len;
    out->alias = target;
    if (spec->alias->resource != RESOURCE_NONE) {
        target->resource = &model->resources[spec->alias->resource];
        target->addresses = resource_addresses(target->resource, spec->type);
        return;
    }
    if (drafts->alias_count == drafts->alias_room) {
        drafts->alias_room = drafts->alias_room > 0 ? 2 * drafts->alias_room : 16;
        drafts->aliases = xreallocarray(drafts->aliases, drafts->alias_room, sizeof *drafts->aliases);
    }
    drafts->aliases[drafts->alias_count++] = (struct pending_alias){target, spec, zone};
}

static void freeze_routing(const struct model *model, const struct record_set_spec *spec,
                           struct record_set *out)
{
    switch ((enum routing_policy_id)spec->policy) {
    case ROUTING_WEIGHTED:
        out->routing.weight = spec->weight;
        break;
    case ROUTING_FAILOVER:
        out->routing.secondary = spec->secondary;
        break;
    case ROUTING_GEOLOCATION:
        out->routing.area = spec->area;
        break;
    case ROUTING_GEOPROXIMITY:
        out->routing.position =
            arena_memdup(model->arena, &spec->position, sizeof spec->position, _Alignof(struct geo_position));
        break;
    case ROUTING_CIDR:
        cidr_find(model, spec->cidr_collection, spec->cidr_location, &out->routing.cidr.collection,
                  &out->routing.cidr.location);
        break;
    case ROUTING_SIMPLE:
    case ROUTING_LATENCY:
    case ROUTING_MULTIVALUE:
        break;
    }
}

static void freeze_set(struct model *model, struct drafts *drafts, const struct record_set_spec *spec,
                       const struct zone *zone, const struct map *check_ids, struct record_set *out)
{
    struct arena *arena = model->arena;
    out->set_identifier = spec->set_identifier != NULL ? arena_strdup(arena, spec->set_identifier) : NULL;
    out->ttl = spec->ttl;
    out->region = spec->region;
    out->health_check = HEALTH_CHECK_NONE;
    if (spec->health_check_id != NULL) {
        void *value = map_get(check_ids, bytes_of(spec->health_check_id));
        out->health_check = value != NULL ? (uint32_t)((uintptr_t)value - 1) : HEALTH_CHECK_NONE;
        out->dangling_check = value == NULL;
    }
    freeze_routing(model, spec, out);
    if (spec->alias != NULL) {
        freeze_alias(model, drafts, spec, zone, out);
    } else {
        record_builder_freeze(arena, spec, out);
    }
}

// T1: a group of the alias's own type in its own zone; T5: or none.
static void link_aliases(const struct drafts *drafts, const struct name_index *names)
{
    for (uint32_t i = 0; i < drafts->alias_count; i++) {
        const struct pending_alias *alias = &drafts->aliases[i];
        const struct name_node *node = name_index_exact(names, &alias->set->alias->target);
        if (node != NULL && node->zone == alias->zone) {
            alias->target->group = name_node_group(node, alias->set->type);
        }
    }
}

static bool same_group(const struct entry *a, const struct entry *b)
{
    return a->node == b->node && a->set->type == b->set->type;
}

// Freezes the groups of one node, whose entries start at first; returns how many entries they were.
static uint32_t freeze_node_groups(struct model *model, struct drafts *drafts, const struct entry *first,
                                   uint32_t left, const struct map *check_ids, struct name_node *node)
{
    uint32_t entries = 0;
    uint16_t groups = 0;
    while (entries < left && first[entries].node == first->node) {
        groups = (uint16_t)(groups + (entries == 0 || !same_group(&first[entries], &first[entries - 1])));
        entries++;
    }
    struct record_group *group = arena_new(model->arena, struct record_group, groups);
    struct record_set *members = arena_new(model->arena, struct record_set, entries);
    node->groups = group;
    node->group_count = groups;
    for (uint32_t i = 0; i < entries; i++) {
        if (i == 0 || !same_group(&first[i], &first[i - 1])) {
            group += i > 0;
            *group = (struct record_group){.node = node,
                                           .members = &members[i],
                                           .type = first[i].set->type,
                                           .policy = first[i].set->policy};
        }
        assert(group->member_count < MEMBERS_MAX && group->policy == first[i].set->policy);
        group->member_count++;
        freeze_set(model, drafts, first[i].set, node->zone, check_ids, &members[i]);
    }
    model->record_set_count += entries;
    return entries;
}

static const struct name_node *topmost_cut(const struct name_node *parent, const struct name_node *node,
                                           bool apex)
{
    if (apex) {
        return NULL;
    }
    if (parent->delegation != NULL) {
        return parent->delegation;
    }
    return name_node_group(node, DNS_TYPE_NS) != NULL ? node : NULL;
}

static void freeze_nodes(struct model *model, struct drafts *drafts, struct name_node *nodes,
                         const struct map *check_ids)
{
    uint32_t entry = 0;
    for (uint32_t i = 0; i < drafts->count; i++) {
        const struct draft_node *draft = &drafts->nodes[i];
        struct name_node *node = &nodes[i];
        *node = (struct name_node){
            .name = draft->name,
            .zone = &model->zones[draft->zone],
            .wildcard = draft->wildcard != NO_NODE ? &nodes[draft->wildcard] : NULL,
            .name_len = draft->name_len,
            .labels = draft->labels,
        };
        if (entry < drafts->entry_count && drafts->entries[entry].node == i) {
            entry += freeze_node_groups(model, drafts, &drafts->entries[entry], drafts->entry_count - entry,
                                        check_ids, node);
        }
        // Parents come before their children, so theirs is known.
        bool apex = draft->parent == NO_NODE;
        node->delegation = topmost_cut(apex ? NULL : &nodes[draft->parent], node, apex);
    }
    assert(entry == drafts->entry_count);
}

// The parent's NS and DS of a zone that is hosted here too: nodes of their own, outside the table.
static void freeze_hidden(struct model *model, struct drafts *drafts, const struct hidden *hidden,
                          struct name_node *nodes, const struct map *check_ids)
{
    for (uint32_t i = 0; i < hidden->count;) {
        struct name_node *apex = &nodes[hidden->entries[i].node];
        struct name_node *side = arena_new(model->arena, struct name_node, 1);
        side->name = apex->name;
        side->name_len = apex->name_len;
        side->labels = apex->labels;
        side->zone = &model->zones[hidden->entries[i].zone];
        i += freeze_node_groups(model, drafts, &hidden->entries[i], hidden->count - i, check_ids, side);
        side->delegation = name_node_group(side, DNS_TYPE_NS) != NULL ? side : NULL;
        apex->parent_side = side;
    }
}

static void freeze_zones(struct model *model, const struct model_spec *spec, struct zone *zones)
{
    for (uint32_t i = 0; i < spec->zone_count; i++) {
        zones[i].id = arena_strdup(model->arena, spec->zones[i].id);
        zones[i].name = spec->zones[i].name;
        zones[i].private_zone = spec->zones[i].private_zone;
        zones[i].comment =
            spec->zones[i].comment != NULL ? arena_strdup(model->arena, spec->zones[i].comment) : NULL;
    }
    model->zones = zones;
    model->zone_count = spec->zone_count;
}

static void list_routed_groups(struct model *model, const struct name_node *nodes, uint32_t count)
{
    uint32_t routed = 0;
    for (int pass = 0; pass < 2; pass++) { // count, then fill
        const struct record_group **list =
            pass > 0 ? arena_new(model->arena, const struct record_group *, routed) : NULL;
        routed = 0;
        for (uint32_t i = 0; i < count; i++) {
            for (uint16_t g = 0; g < nodes[i].group_count; g++) {
                if (nodes[i].groups[g].policy != ROUTING_SIMPLE) {
                    if (list != NULL) {
                        list[routed] = &nodes[i].groups[g];
                    }
                    routed++;
                }
            }
        }
        model->routed_groups = list;
    }
    model->routed_group_count = routed;
}

static void link_apexes(struct zone *zones, uint32_t count, const struct name_node *nodes)
{
    for (uint32_t i = 0; i < count; i++) { // the apexes are the first nodes
        zones[i].apex = &nodes[i];
        zones[i].ns = name_node_group(&nodes[i], DNS_TYPE_NS);
        zones[i].soa = name_node_group(&nodes[i], DNS_TYPE_SOA);
        assert(zones[i].soa != NULL);
    }
}

static uint32_t count_sets(const struct model_spec *spec)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < spec->zone_count; i++) {
        count += spec->zones[i].record_set_count + 2; // NS and SOA may be added
    }
    return count;
}

void node_builder_run(struct model *model, const struct model_spec *spec, const struct map *check_ids)
{
    uint32_t most_sets = count_sets(spec);
    struct drafts drafts = {.arena = model->arena, .room = 64};
    drafts.nodes = xreallocarray(NULL, drafts.room, sizeof *drafts.nodes);
    drafts.entries = xreallocarray(NULL, most_sets, sizeof *drafts.entries);
    rehash(&drafts, 64);
    struct hidden hidden = {.entries = xreallocarray(NULL, most_sets, sizeof *hidden.entries)};
    struct default_records *defaults = xcalloc(spec->zone_count, sizeof *defaults);
    for (uint32_t i = 0; i < spec->zone_count; i++) {
        struct hashed_name hashed;
        name_hash(&spec->zones[i].name, &hashed);
        add_node(&drafts, &hashed, 0, i);
        default_records_fill(&defaults[i], &spec->zones[i]);
    }
    for (uint32_t i = 0; i < spec->zone_count; i++) {
        collect_zone(&drafts, &spec->zones[i], i, &defaults[i], &hidden);
    }
    qsort(drafts.entries, drafts.entry_count, sizeof *drafts.entries, by_node_type_identifier);
    qsort(hidden.entries, hidden.count, sizeof *hidden.entries, by_node_type_identifier);

    struct zone *zones = arena_new(model->arena, struct zone, spec->zone_count);
    freeze_zones(model, spec, zones);
    struct name_node *nodes = arena_new(model->arena, struct name_node, drafts.count);
    freeze_nodes(model, &drafts, nodes, check_ids);
    freeze_hidden(model, &drafts, &hidden, nodes, check_ids);
    link_apexes(zones, spec->zone_count, nodes);
    list_routed_groups(model, nodes, drafts.count);
    struct name_index *index = arena_new(model->arena, struct name_index, 1);
    index->nodes = nodes;
    index->slots = arena_memdup(model->arena, drafts.slots, ((size_t)drafts.mask + 1) * sizeof *drafts.slots,
                                _Alignof(struct name_slot));
    index->mask = drafts.mask;
    index->most_labels = drafts.most_labels;
    model->names = index;
    model->name_count = drafts.count;
    link_aliases(&drafts, index);

    free(drafts.aliases);
    free(drafts.nodes);
    free(drafts.entries);
    free(drafts.slots);
    free(hidden.entries);
    free(defaults);
}
