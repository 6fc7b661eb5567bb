// SPDX-License-Identifier: MIT
// Every record set finds or makes the node of its name, and with it the empty non-terminals up to the apex.
// Nodes are collected in a growing array by number, since pointers come only once they stop moving:
//
//   entries (spec, node number), sorted by node, type, SetIdentifier -> groups and members, in that order
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/xalloc.h"
#include "cidr_builder.h"
#include "core/dns/rrtype.h"
#include "core/model/parts.h"
#include "default_records.h"
#include "name_table.h"
#include "record_builder.h"

#define NO_NODE UINT32_MAX
enum { APEX = 0 }; // the first node

struct draft_node {
    uint64_t hash;
    const uint8_t *name; // in the zone's arena
    uint32_t parent;     // NO_NODE at the apex
    uint32_t wildcard;   // NO_NODE when there is none
    uint8_t name_len;
    uint8_t labels;
};

struct entry {
    const struct record_set_spec *set;
    uint32_t node;
    uint16_t type; // the set's
};

// An alias whose target can only be looked up once all groups are frozen.
struct pending_alias {
    struct alias_target *target;
    const struct record_set_spec *set;
};

struct drafts {
    struct zone *zone;
    struct arena *arena; // the zone's
    const struct check_list *checks;
    const struct collection_list *collections;
    const struct resource_list *resources;
    struct pending_alias *aliases;
    uint32_t alias_count;
    uint32_t alias_room;
    struct draft_node *nodes;
    uint32_t count;
    uint32_t room;
    struct name_slot *slots;
    uint32_t mask;
    uint8_t most_labels;
    struct entry *entries;
    uint32_t entry_count;
    uint32_t *named_checks; // with repetitions
    uint32_t named_check_count;
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
        uint64_t hash = drafts->nodes[i].hash;
        uint32_t at = (uint32_t)hash & drafts->mask;
        while (drafts->slots[at].node != 0) {
            at = (at + 1) & drafts->mask;
        }
        drafts->slots[at] = (struct name_slot){(uint32_t)(hash >> 32), i + 1};
    }
}

static uint32_t add_node(struct drafts *drafts, const struct hashed_name *name, unsigned ancestor)
{
    if (2 * (drafts->count + 1) > drafts->mask + 1) {
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
        .hash = name->hashes[ancestor],
        .name = arena_memdup(drafts->arena, name->wire + name->offsets[ancestor], len, 1),
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

// The node of a name of the zone, with its ancestors up to the apex, which exists.
static uint32_t node_for(struct drafts *drafts, const struct dns_name *name)
{
    struct hashed_name hashed;
    name_hash(name, &hashed);
    unsigned known = 0;
    uint32_t node;
    while ((node = find_node(drafts, &hashed, known)) == NO_NODE) {
        known++;
        assert(known <= hashed.labels); // else the name is outside of the zone
    }
    for (unsigned ancestor = known; ancestor-- > 0;) {
        uint32_t child = add_node(drafts, &hashed, ancestor);
        drafts->nodes[child].parent = node;
        if (hashed.wire[hashed.offsets[ancestor]] == 1 && hashed.wire[hashed.offsets[ancestor] + 1] == '*') {
            drafts->nodes[node].wildcard = child;
        }
        node = child;
    }
    return node;
}

// --- collecting

static void add_entry(struct drafts *drafts, const struct record_set_spec *set, uint32_t node)
{
    drafts->entries[drafts->entry_count++] = (struct entry){set, node, set->type};
}

static void collect(struct drafts *drafts, const struct zone_spec *zone,
                    const struct default_records *defaults)
{
    bool has_ns = false;
    bool has_soa = false;
    for (uint32_t i = 0; i < zone->record_set_count; i++) {
        const struct record_set_spec *set = &zone->record_sets[i];
        uint32_t node = node_for(drafts, &set->name);
        add_entry(drafts, set, node);
        has_ns |= node == APEX && set->type == DNS_TYPE_NS;
        has_soa |= node == APEX && set->type == DNS_TYPE_SOA;
    }
    if (!has_ns) {
        add_entry(drafts, &defaults->ns_set, APEX);
    }
    if (!has_soa) {
        add_entry(drafts, &defaults->soa_set, APEX);
    }
}

static int by_node_type_identifier(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    if (a->node != b->node) {
        return a->node < b->node ? -1 : 1;
    }
    if (a->type != b->type) {
        return a->type < b->type ? -1 : 1;
    }
    const char *first = a->set->set_identifier != NULL ? a->set->set_identifier : "";
    const char *second = b->set->set_identifier != NULL ? b->set->set_identifier : "";
    return strcmp(first, second);
}

// --- freezing

static void freeze_alias(struct drafts *drafts, const struct record_set_spec *spec, struct record_set *out)
{
    struct alias_target *target = arena_new(drafts->arena, struct alias_target, 1);
    target->evaluate_target_health = spec->alias->evaluate_target_health;
    target->name = arena_memdup(drafts->arena, spec->alias->target.wire, spec->alias->target.len, 1);
    target->name_len = spec->alias->target.len;
    out->alias = target;
    if (spec->alias->resource != RESOURCE_NONE) {
        assert(spec->alias->resource < drafts->resources->count);
        target->resource = &drafts->resources->resources[spec->alias->resource];
        target->addresses = resource_addresses(target->resource, spec->type);
        drafts->zone->resources = drafts->resources;
        return;
    }
    if (drafts->alias_count == drafts->alias_room) {
        drafts->alias_room = drafts->alias_room > 0 ? 2 * drafts->alias_room : 16;
        drafts->aliases = xreallocarray(drafts->aliases, drafts->alias_room, sizeof *drafts->aliases);
    }
    drafts->aliases[drafts->alias_count++] = (struct pending_alias){target, spec};
}

static void freeze_routing(struct drafts *drafts, const struct record_set_spec *spec, struct record_set *out)
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
        out->routing.position = arena_memdup(drafts->arena, &spec->position, sizeof spec->position,
                                             _Alignof(struct geo_position));
        break;
    case ROUTING_CIDR:
        cidr_find(drafts->collections, spec->cidr_collection, spec->cidr_location,
                  &out->routing.cidr.collection, &out->routing.cidr.location);
        drafts->zone->collections = drafts->collections;
        break;
    case ROUTING_SIMPLE:
    case ROUTING_LATENCY:
    case ROUTING_MULTIVALUE:
        break;
    }
}

static void freeze_set(struct drafts *drafts, const struct record_set_spec *spec, struct record_set *out)
{
    struct arena *arena = drafts->arena;
    out->set_identifier = spec->set_identifier != NULL ? arena_strdup(arena, spec->set_identifier) : NULL;
    out->ttl = spec->ttl;
    out->region = spec->region;
    out->health_check = HEALTH_CHECK_NONE;
    if (spec->health_check_id != NULL) {
        out->health_check = check_list_find(drafts->checks, bytes_of(spec->health_check_id));
        out->dangling_check = out->health_check == HEALTH_CHECK_NONE;
        if (!out->dangling_check) {
            drafts->named_checks[drafts->named_check_count++] = out->health_check;
        }
    }
    freeze_routing(drafts, spec, out);
    if (spec->alias != NULL) {
        freeze_alias(drafts, spec, out);
    } else {
        record_builder_freeze(arena, spec, out);
    }
}

// T1: a group of the alias's own type in its own zone; T5: or none.
static void link_aliases(const struct drafts *drafts)
{
    for (uint32_t i = 0; i < drafts->alias_count; i++) {
        const struct pending_alias *alias = &drafts->aliases[i];
        const struct name_node *node = zone_find_node(drafts->zone, &alias->set->alias->target);
        if (node != NULL) {
            alias->target->group = name_node_group(node, alias->set->type);
        }
    }
}

static bool same_group(const struct entry *a, const struct entry *b)
{
    return a->node == b->node && a->type == b->type;
}

// Freezes the groups of one node, whose entries start at first; returns how many entries they were.
static uint32_t freeze_node_groups(struct drafts *drafts, const struct entry *first, uint32_t left,
                                   struct name_node *node)
{
    uint32_t entries = 0;
    uint16_t groups = 0;
    while (entries < left && first[entries].node == first->node) {
        groups = (uint16_t)(groups + (entries == 0 || !same_group(&first[entries], &first[entries - 1])));
        entries++;
    }
    struct record_group *group = arena_new(drafts->arena, struct record_group, groups);
    struct record_set *members = arena_new(drafts->arena, struct record_set, entries);
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
        freeze_set(drafts, first[i].set, &members[i]);
    }
    return entries;
}

static const struct name_node *topmost_cut(const struct name_node *parent, const struct name_node *node)
{
    if (parent->delegation != NULL) {
        return parent->delegation;
    }
    return name_node_group(node, DNS_TYPE_NS) != NULL ? node : NULL;
}

static void freeze_nodes(struct drafts *drafts, struct name_node *nodes)
{
    uint32_t entry = 0;
    for (uint32_t i = 0; i < drafts->count; i++) {
        const struct draft_node *draft = &drafts->nodes[i];
        struct name_node *node = &nodes[i];
        *node = (struct name_node){
            .name = draft->name,
            .zone = drafts->zone,
            .wildcard = draft->wildcard != NO_NODE ? &nodes[draft->wildcard] : NULL,
            .name_len = draft->name_len,
            .labels = draft->labels,
        };
        if (entry < drafts->entry_count && drafts->entries[entry].node == i) {
            entry += freeze_node_groups(drafts, &drafts->entries[entry], drafts->entry_count - entry, node);
        }
        if (i != APEX) { // parents come before their children, so theirs is known
            node->delegation = topmost_cut(&nodes[draft->parent], node);
        }
    }
    assert(entry == drafts->entry_count);
}

static void list_routed_groups(struct zone *zone, const struct name_node *nodes)
{
    uint32_t routed = 0;
    for (int pass = 0; pass < 2; pass++) { // count, then fill
        const struct record_group **list =
            pass > 0 ? arena_new(zone->part.arena, const struct record_group *, routed) : NULL;
        routed = 0;
        for (uint32_t i = 0; i < zone->name_count; i++) {
            for (uint16_t g = 0; g < nodes[i].group_count; g++) {
                if (nodes[i].groups[g].policy != ROUTING_SIMPLE) {
                    if (list != NULL) {
                        list[routed] = &nodes[i].groups[g];
                    }
                    routed++;
                }
            }
        }
        zone->routed_groups = list;
    }
    zone->routed_group_count = routed;
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static void list_checks(struct drafts *drafts)
{
    uint32_t *checks = drafts->named_checks;
    uint32_t count = 0;
    qsort(checks, drafts->named_check_count, sizeof *checks, by_number);
    for (uint32_t i = 0; i < drafts->named_check_count; i++) {
        if (i == 0 || checks[i] != checks[i - 1]) {
            checks[count++] = checks[i];
        }
    }
    drafts->zone->checks =
        count > 0 ? arena_memdup(drafts->arena, checks, count * sizeof *checks, _Alignof(uint32_t)) : NULL;
    drafts->zone->check_count = count;
}

static void freeze_names(struct drafts *drafts)
{
    struct arena *arena = drafts->arena;
    struct zone *zone = drafts->zone;
    struct name_node *nodes = arena_new(arena, struct name_node, drafts->count);
    struct name_index *index = arena_new(arena, struct name_index, 1);
    index->nodes = nodes;
    index->slots = arena_memdup(arena, drafts->slots, ((size_t)drafts->mask + 1) * sizeof *drafts->slots,
                                _Alignof(struct name_slot));
    index->mask = drafts->mask;
    index->most_labels = drafts->most_labels;
    zone->names = index;
    zone->name_count = drafts->count;
    zone->record_set_count = drafts->entry_count;
    freeze_nodes(drafts, nodes);
    zone->apex = &nodes[APEX];
    zone->ns = name_node_group(zone->apex, DNS_TYPE_NS);
    zone->soa = name_node_group(zone->apex, DNS_TYPE_SOA);
    assert(zone->soa != NULL);
    list_routed_groups(zone, nodes);
    list_checks(drafts);
    link_aliases(drafts);
}

static void let_go(const struct part *part)
{
    const struct zone *zone = (const struct zone *)part;
    if (zone->collections != NULL) {
        part_release(&zone->collections->part);
    }
    if (zone->resources != NULL) {
        part_release(&zone->resources->part);
    }
}

static struct zone *start_zone(const struct zone_spec *spec)
{
    struct arena *arena = arena_create();
    struct zone *zone = arena_new(arena, struct zone, 1);
    zone->part = (struct part){.arena = arena, .let_go = let_go, .references = 1};
    zone->id = arena_strdup(arena, spec->id);
    zone->name = spec->name;
    zone->private_zone = spec->private_zone;
    struct vpc *vpcs = arena_new(arena, struct vpc, spec->vpc_count);
    for (uint32_t i = 0; i < spec->vpc_count; i++) {
        vpcs[i] = (struct vpc){.id = arena_strdup(arena, spec->vpcs[i].id), .region = spec->vpcs[i].region};
    }
    zone->vpcs = vpcs;
    zone->vpc_count = spec->vpc_count;
    zone->comment = spec->comment != NULL ? arena_strdup(arena, spec->comment) : NULL;
    return zone;
}

const struct zone *zone_compile(const struct zone_spec *spec, const struct check_list *checks,
                                const struct collection_list *collections,
                                const struct resource_list *resources)
{
    struct zone *zone = start_zone(spec);
    struct drafts drafts = {
        .zone = zone,
        .arena = zone->part.arena,
        .checks = checks,
        .collections = collections,
        .resources = resources,
        .room = 8,
    };
    drafts.nodes = xreallocarray(NULL, drafts.room, sizeof *drafts.nodes);
    drafts.entries = // NS and SOA may be added
        xreallocarray(NULL, (size_t)spec->record_set_count + 2, sizeof *drafts.entries);
    drafts.named_checks =
        xreallocarray(NULL, (size_t)spec->record_set_count + 1, sizeof *drafts.named_checks);
    rehash(&drafts, 32);
    struct hashed_name hashed;
    name_hash(&spec->name, &hashed);
    add_node(&drafts, &hashed, 0);
    struct default_records defaults;
    default_records_fill(&defaults, spec);
    collect(&drafts, spec, &defaults);
    qsort(drafts.entries, drafts.entry_count, sizeof *drafts.entries, by_node_type_identifier);
    freeze_names(&drafts);
    if (zone->collections != NULL) {
        part_hold(&zone->collections->part);
    }
    if (zone->resources != NULL) {
        part_hold(&zone->resources->part);
    }
    free(drafts.aliases);
    free(drafts.nodes);
    free(drafts.entries);
    free(drafts.named_checks);
    free(drafts.slots);
    return zone;
}
