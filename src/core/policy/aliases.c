// SPDX-License-Identifier: MIT
// AliasTarget: T1, T4, T5, with the texts of table 5.3. Targets are looked up once all zones are read. Per
// zone that has aliases, a graph whose nodes are its groups (name and type) is walked depth first:
//
//   group -> aliases of its members -> their target groups -> ...
//
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/policy/read.h"
#include "reading.h"

enum {
    ALIAS_DEPTH_MAX = 32,        // T5: aliases on the way from a name to its answer
    ALIAS_BRANCHES_MAX = 100000, // members that one query may have to try, each path counted
    NAMES_SHOWN = 1500,          // bytes
};

void policy_read_alias(struct policy_reading *reading)
{
    const struct policy_alias_target *from = reading->from->alias_target;
    if (from == NULL) {
        return;
    }
    uint16_t type = reading->to->type;
    if (type == DNS_TYPE_NS || type == DNS_TYPE_SOA) {
        REFUSE(reading->context, &reading->from->node, "Type", "record sets of type %s cannot be aliases",
               reading->type);
    }
    struct error error = {0};
    struct alias_spec *alias = arena_new(reading->context->reader.arena, struct alias_spec, 1);
    reading->to->alias = alias;
    alias->hosted_zone_id = from->hosted_zone_id;
    alias->evaluate_target_health = from->evaluate_target_health;
    alias->resource = RESOURCE_NONE;
    if (from->dns_name == NULL) {
        return;
    }
    if (dns_name_parse(bytes_of(from->dns_name), &alias->target, &error)) {
        dns_name_fold(&alias->target);
        alias->resource = policy_read_alias_resource(reading, alias);
    } else {
        REFUSE(reading->context, &from->node, "DNSName", "FATAL problem: %s", error.text);
    }
}

// --- the graph ---------------------------------------------------------------------------------------------

enum walk_state { NEW, ON_PATH, DONE };

struct group {
    const struct record_set_spec *first; // for its name and type
    struct link *links;                  // of its aliases
    uint32_t members;
    uint32_t branches; // members tried in the worst case, those of targets too
    uint8_t levels;    // of aliases below
    uint8_t state;     // enum walk_state
};

struct link {
    const struct policy_alias_target *from;
    struct group *target;
    struct link *next;
};

struct graph {
    struct policy_context *context;
    const struct zone_spec *zone;
    struct map *groups; // by key
    struct group *list;
    struct link *links;
    size_t link_count;
    const struct group *path[ALIAS_DEPTH_MAX + 1];
};

struct group_key {
    uint8_t bytes[DNS_NAME_MAX + 2];
    size_t len;
};

static struct bytes key_of(const struct dns_name *name, uint16_t type, struct group_key *out)
{
    memcpy(out->bytes, &type, sizeof type);
    memcpy(out->bytes + sizeof type, name->wire, name->len);
    out->len = sizeof type + name->len;
    return (struct bytes){out->bytes, out->len};
}

static struct group *find_group(const struct graph *graph, const struct dns_name *name, uint16_t type)
{
    struct group_key key;
    return map_get(graph->groups, key_of(name, type, &key));
}

static void add_groups(struct graph *graph)
{
    struct group *next = graph->list;
    for (uint32_t i = 0; i < graph->zone->record_set_count; i++) {
        const struct record_set_spec *spec = &graph->zone->record_sets[i];
        struct group *group = spec->name.len > 0 ? find_group(graph, &spec->name, spec->type) : NULL;
        if (spec->name.len > 0 && group == NULL) {
            struct group_key key;
            group = next++;
            group->first = spec;
            map_put(graph->groups, key_of(&spec->name, spec->type, &key), group);
        }
        if (group != NULL) {
            group->members++;
        }
    }
}

// --- targets -----------------------------------------------------------------------------------------------

struct target_texts {
    char name[DNS_NAME_TEXT];
    char type[DNS_TYPE_TEXT];
};

static void refuse_target(const struct graph *graph, const struct record_set_spec *spec,
                          const struct policy_alias_target *from, const char *why)
{
    struct target_texts texts;
    dns_name_format(&spec->alias->target, texts.name);
    dns_rrtype_format(spec->type, texts.type);
    REFUSE(graph->context, &from->node, "DNSName",
           "Tried to create an alias that targets %s, type %s in zone %s, but %s", texts.name, texts.type,
           graph->zone->id, why);
}

// The group of an alias within its own zone; NULL: reported.
static struct group *find_target(const struct graph *graph, const struct record_set_spec *spec,
                                 const struct policy_alias_target *from)
{
    const struct dns_name *target = &spec->alias->target;
    if (graph->context->options->dangling) {
        return find_group(graph, target, spec->type);
    }
    if (!dns_name_within(target, &graph->zone->name)) {
        refuse_target(graph, spec, from, "the alias target name does not lie within the target zone");
        return NULL;
    }
    struct group *group = find_group(graph, target, spec->type);
    if (group == NULL && graph->context->dangling_aliases) {
        return NULL;
    }
    if (group == NULL) {
        refuse_target(graph, spec, from, "that target was not found");
    }
    return group;
}

static bool own_zone(const struct graph *graph, const struct record_set_spec *spec,
                     const struct policy_alias_target *from)
{
    const char *id = spec->alias->hosted_zone_id;
    if (graph->zone->id != NULL && strcmp(id, graph->zone->id) == 0) {
        return true;
    }
    if (graph->context->options->dangling) {
        return false;
    }
    for (uint32_t i = 0; i < graph->context->spec->zone_count; i++) {
        const struct zone_spec *zone = &graph->context->spec->zones[i];
        if (zone->id != NULL && strcmp(id, zone->id) == 0) {
            REFUSE(graph->context, &from->node, "HostedZoneId",
                   "an alias can target record sets of its own hosted zone (%s) only, not of %s",
                   graph->zone->id != NULL ? graph->zone->id : "?", id);
            return false;
        }
    }
    policy_refuse_resource(graph->context, from, &spec->alias->target, graph->zone->id);
    return false;
}

// from NULL: the specs are not of a text, so findings have no place.
static void link_aliases(struct graph *graph, const struct policy_zone *from)
{
    static const struct policy_alias_target nowhere;
    const struct policy_record_set *record_sets = from != NULL ? from->record_sets.items : NULL;
    for (uint32_t i = 0; i < graph->zone->record_set_count; i++) {
        const struct record_set_spec *spec = &graph->zone->record_sets[i];
        const struct policy_alias_target *alias =
            record_sets != NULL ? record_sets[i].alias_target : &nowhere;
        if (spec->alias == NULL || spec->alias->hosted_zone_id == NULL ||
            spec->alias->resource != RESOURCE_NONE || !own_zone(graph, spec, alias) ||
            spec->alias->target.len == 0 || spec->name.len == 0) {
            continue;
        }
        struct group *target = find_target(graph, spec, alias);
        if (target != NULL) {
            struct group *group = find_group(graph, &spec->name, spec->type);
            struct link *link = &graph->links[graph->link_count++];
            *link = (struct link){alias, target, group->links};
            group->links = link;
        }
    }
}

// --- the walk ----------------------------------------------------------------------------------------------

static void refuse_cycle(const struct graph *graph, unsigned depth, const struct link *link)
{
    struct buffer names;
    char name[DNS_NAME_TEXT];
    buffer_init(&names, NAMES_SHOWN + 2 * DNS_NAME_TEXT);
    unsigned start = depth;
    while (graph->path[start] != link->target) {
        start--;
    }
    for (unsigned i = start; i <= depth; i++) {
        dns_name_format(&graph->path[i]->first->name, name);
        buffer_format(&names, "%s -> ", names.len < NAMES_SHOWN ? name : "...");
        i = names.len < NAMES_SHOWN ? i : depth;
    }
    dns_name_format(&link->target->first->name, name);
    buffer_text(&names, name);
    REFUSE(graph->context, &link->from->node, "DNSName", "aliases go round in a circle: %s (T5)",
           buffer_string(&names));
    buffer_free(&names);
}

static void refuse_levels(const struct graph *graph, const struct link *link)
{
    REFUSE(graph->context, &link->from->node, "DNSName",
           "more than %d aliases lead on from one to the next (T5)", ALIAS_DEPTH_MAX);
}

// Each group is expanded once: what is below it is known from then on. depth: aliases on the path so far.
static void walk(struct graph *graph, struct group *group, unsigned depth)
{
    uint64_t branches = group->members;
    bool told = false;
    group->state = ON_PATH;
    graph->path[depth] = group;
    for (const struct link *link = group->links; link != NULL; link = link->next) {
        struct group *target = link->target;
        if (target->state == ON_PATH) {
            refuse_cycle(graph, depth, link);
            continue;
        }
        if (target->state == NEW && depth < ALIAS_DEPTH_MAX) {
            walk(graph, target, depth + 1);
        }
        if (target->state == NEW || depth + 1 + target->levels > ALIAS_DEPTH_MAX) {
            refuse_levels(graph, link);
            continue;
        }
        told = told || target->branches > ALIAS_BRANCHES_MAX;
        branches += target->branches;
        group->levels = target->levels >= group->levels ? (uint8_t)(target->levels + 1) : group->levels;
    }
    group->branches = branches > ALIAS_BRANCHES_MAX ? ALIAS_BRANCHES_MAX + 1 : (uint32_t)branches;
    if (branches > ALIAS_BRANCHES_MAX && !told && group->links != NULL) { // else too large by itself, L4
        REFUSE(graph->context, &group->links->from->node, "",
               "the tree of aliases from here on has more than %d branches, all of which one query may have "
               "to try",
               ALIAS_BRANCHES_MAX);
    }
    group->state = DONE;
}

static uint32_t count_aliases(const struct zone_spec *zone)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < zone->record_set_count; i++) {
        count += zone->record_sets[i].alias != NULL;
    }
    return count;
}

static void check_zone(struct policy_context *context, const struct zone_spec *zone,
                       const struct policy_zone *from)
{
    uint32_t aliases = count_aliases(zone);
    if (aliases == 0) {
        return;
    }
    struct graph graph = {
        .context = context,
        .zone = zone,
        .groups = map_create(),
        .list = xcalloc(zone->record_set_count, sizeof(struct group)),
        .links = xcalloc(aliases, sizeof(struct link)),
    };
    add_groups(&graph);
    link_aliases(&graph, from);
    for (size_t i = 0; i < map_count(graph.groups); i++) {
        if (graph.list[i].state == NEW && graph.list[i].links != NULL) {
            walk(&graph, &graph.list[i], 0);
        }
    }
    map_destroy(graph.groups);
    free(graph.list);
    free(graph.links);
}

bool policy_check_zone_aliases(const struct zone_spec *zone, struct diagnostics *diagnostics)
{
    static const struct policy_options options = {.dangling = true};
    size_t errors_before = diagnostics_errors(diagnostics);
    struct policy_context context = {.reader = {NULL, diagnostics}, .options = &options};
    check_zone(&context, zone, NULL);
    return diagnostics_errors(diagnostics) == errors_before;
}

void policy_check_aliases(struct policy_context *context)
{
    const struct policy_zone *zones = context->file->zones.items;
    for (uint32_t i = 0; i < context->spec->zone_count; i++) {
        check_zone(context, &context->spec->zones[i], &zones[i]);
    }
}
