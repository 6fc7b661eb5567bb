// SPDX-License-Identifier: MIT
// A model is made of parts, each compiled by itself and shared: a model derived from another one holds the
// same parts but for those that changed, so that changing a record costs one zone.
//
//   model -> zone, zone, ...    record sets, each zone with names and groups of its own
//         -> check_list         health checks
//         -> place_list         places with their latency rows, clients, VPCs, capacities: all that
//                               locator_create and latency_table_create read
//         -> collection_list    CIDR collections
//         -> resource_list      AWS resources
//
// Compiling gives one reference to the caller, who ends it with part_release(&zone->part); models hold their
// own. Record sets name health checks and CIDR collections by index and resources by address, so this must be
// compiled again:
//
//   what changed                                   compile
//   record sets, settings or VPCs of a zone        that zone
//   a health check's settings, one more at the end the check list
//   a health check gone, or the order              the check list, and zones with checks elsewhere now
//   CIDR collections, blocks or locations          the collection list, and zones with IP-based record sets
//   AWS resources                                  the resource list, and zones with aliases to some
//   places, latency rows, clients, VPCs' blocks    the place list
//
// model_derive asserts as much. Compiling is for one thread, and pure; parts are for any.
#ifndef NEARWELL_CORE_MODEL_PARTS_H
#define NEARWELL_CORE_MODEL_PARTS_H

#include "core/model/builder.h"

struct map;

struct check_list {
    struct part part;
    const struct health_check *checks;
    const struct alarm *alarms;
    uint32_t count;
    uint32_t alarm_count;
    struct map *by_id; // to an element of checks
};

struct place_list {
    struct part part;
    const struct place *places;
    const struct client_prefix *clients;
    uint32_t count;
    uint32_t client_count;
    uint32_t default_client; // place index
    uint32_t fallback_place; // place index or PLACE_NONE
    uint32_t vpc_count;
    uint32_t vpc_block_count;
    const struct vpc *vpcs; // of VPCs, the first of each model; zones NULL
    const struct vpc_block *vpc_blocks;
    uint32_t capacity_count;
    const struct site_capacity *capacities;
    const char *latency_source;
    const struct latency_version *versions;
    uint32_t version_count;
};

struct collection_list {
    struct part part;
    const struct cidr_collection *collections;
    uint32_t count;
};

struct resource_list {
    struct part part;
    const struct resource *resources;
    uint32_t count;
};

// Each reads its sections of the spec only, which must be valid there (builder.h).
const struct check_list *check_list_compile(const struct model_spec *spec);
const struct place_list *place_list_compile(const struct model_spec *spec);
const struct collection_list *collection_list_compile(const struct model_spec *spec);
const struct resource_list *resource_list_compile(const struct model_spec *spec);

uint32_t check_list_find(const struct check_list *list, struct bytes id); // HEALTH_CHECK_NONE

// Every check that the zone's record sets name is where it was.
bool zone_fits_checks(const struct zone *zone, const struct check_list *before,
                      const struct check_list *after);

// The zone's record sets refer to these. Linear in the zone's record sets, whatever the model's size.
const struct zone *zone_compile(const struct zone_spec *spec, const struct check_list *checks,
                                const struct collection_list *collections,
                                const struct resource_list *resources);

struct model_change {
    const struct zone *const *zones; // each takes the place of the one with its id, or comes last
    uint32_t zone_count;
    const char *const *removed_zones; // ids
    uint32_t removed_zone_count;
    const struct check_list *checks; // of this and all below: NULL keeps the base's
    const struct place_list *places;
    const struct collection_list *collections;
    const struct resource_list *resources;
    const struct simulator_settings *simulator;
    uint64_t digest; // of the whole as it is now; 0 keeps the base's
};

// The base stays as it is. Linear in the number of zones and, at a pointer each, of routed groups.
struct model *model_derive(const struct model *base, const struct model_change *change);

#endif
