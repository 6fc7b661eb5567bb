// SPDX-License-Identifier: MIT
// What the parts of one policy_read share. Each part reads its section of the file, reports what is wrong
// with it and leaves specs in the arena; specs of a file with errors are never used.
#ifndef NEARWELL_CORE_POLICY_CONTEXT_H
#define NEARWELL_CORE_POLICY_CONTEXT_H

#include "base/map.h"
#include "core/json/schema.h"
#include "core/model/builder.h"
#include "core/policy/load.h"
#include "fields.h"

struct run;

struct policy_context {
    struct schema_reader reader; // arena and diagnostics
    const struct policy_options *options;
    const char *name; // of the policy
    struct bytes text;
    const struct policy_file *file;
    struct model_spec *spec;                // being filled
    json_t **trees;                         // to free with the policy: specs borrow their strings
    size_t tree_count;                      //
    unsigned suggestions;                   // made so far
    uint32_t resource_ttl;                  // T3: of resources without one
    bool dangling_aliases;                  // T5: permitted
    struct map *health_checks;              // by id, struct health_check_spec
    const char *const *health_check_ids;    // for suggestions, NULL-terminated
    struct map *alarms;                     // by region and name, to struct alarm
    const char *const *alarm_names;         // for suggestions, NULL-terminated
    struct map *cidr_collections;           // by id, to struct cidr_collection_spec
    const char *const *cidr_collection_ids; // for suggestions, NULL-terminated
    struct map *resources;                  // by name's wire form, to struct resource_spec
    const char *const *resource_names;      // for suggestions, NULL-terminated
    const struct run *sorted;               // of each zone, its record sets: validate.h
    struct map *places;                     // lower-case name to struct place_spec
    bool places_missing;                    // a table could not be read: its places may be any
    struct map *vpcs;                       // by id, to the struct policy_vpc that named it first
    struct map *vpc_zones;                  // by VPC id and zone name, to struct zone_spec
};

// An error or a warning at a node's member; see schema_finding.
#define REFUSE(context, node, tail, ...)                                                                     \
    schema_finding((context)->reader.diagnostics, DIAGNOSTIC_ERROR, (node), (tail), __VA_ARGS__)
#define WARN(context, node, tail, ...)                                                                       \
    schema_finding((context)->reader.diagnostics, DIAGNOSTIC_WARNING, (node), (tail), __VA_ARGS__)

// In the order in which they run.
void policy_read_simulator(struct policy_context *context);        // simulator.c
void policy_read_alarms(struct policy_context *context);           // alarms.c
void policy_read_health_checks(struct policy_context *context);    // health_checks.c
void policy_read_cidr_collections(struct policy_context *context); // cidr_collections.c
void policy_read_resources(struct policy_context *context);        // resources.c
void policy_read_vpcs(struct policy_context *context);             // vpcs.c
void policy_read_zones(struct policy_context *context);            // zones.c
void policy_check_aliases(struct policy_context *context);         // aliases.c
void policy_read_latency(struct policy_context *context);          // latency_file.c
void policy_read_clients(struct policy_context *context);          // clients.c
void policy_read_capacities(struct policy_context *context);       // population.c
void policy_warn_of_traps(struct policy_context *context);         // traps.c
void policy_warn_of_check_traps(struct policy_context *context);   // check_traps.c

// How many clients are in each of context->places; by policy_read_latency, before it gathers them.
void policy_read_population(struct policy_context *context); // population.c

// alarms.c: what a check of this AlarmIdentifier watches; copy: its CloudWatchAlarmConfiguration, or NULL.
void policy_read_alarm_watch(struct policy_context *context, const struct policy_alarm_identifier *from,
                             const struct policy_alarm *copy, struct alarm_watch *to);

// The VPCs of a zone, and whether it is private. named: the zone's name is known. vpcs.c
void policy_read_zone_vpcs(struct policy_context *context, const struct policy_zone *from,
                           struct zone_spec *zone, bool named);

// What clients.c gathers, in the order of enum client_source: client_files.c, location_databases.c.
struct policy_client_list {
    struct client_spec *items; // in the arena
    size_t count;
};
struct policy_client_list policy_read_client_files(struct policy_context *context);
// Leaves so many items free before its own, for all other sources: there are many, and need no copying then.
struct policy_client_list policy_read_location_databases(struct policy_context *context, size_t before);

// context.c
void policy_keep_tree(struct policy_context *context, json_t *tree); // as long as the policy
json_t *policy_parse(struct policy_context *context,
                     struct bytes text); // NULL: reported; kept as long as the policy
void policy_add_digest(struct policy_context *context, struct bytes text);
// A file that the policy, or another file, names: base is the path of the file that does.
enum { POLICY_PATH_MAX = 4096 };
const char *policy_path(struct policy_context *context, const char *base, const char *name);
// The text of such a file, kept as long as the diagnostics; false: reported at the node's tail. what:
// "table".
bool policy_read_text(struct policy_context *context, const struct schema_node *node, const char *tail,
                      const char *path, const char *what, struct bytes *text);
enum { POLICY_HINT = 160 };
// "; did you mean 'X'?" or "". Candidates end with NULL. Gives up on files that are wrong all over.
void policy_hint(struct policy_context *context, const char *word, const char *const *candidates,
                 char out[POLICY_HINT]);
// The same for places; false when the name is a place.
bool policy_place_unknown(struct policy_context *context, const char *name, char hint[POLICY_HINT]);
// The key of a place's name in context->places: ASCII case does not matter.
enum { POLICY_PLACE_KEY = 64 };
struct bytes policy_place_key(const char *name, char out[POLICY_PLACE_KEY]);
// The key of a prefix in maps of prefixes.
enum { POLICY_PREFIX_KEY = 18 };
struct bytes policy_prefix_key(const struct ip_prefix *prefix, uint8_t out[POLICY_PREFIX_KEY]);

#endif
