// SPDX-License-Identifier: MIT
// Parts to models.
#include "core/model/builder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/xalloc.h"
#include "core/dns/message.h"
#include "core/model/parts.h"
#include "model_builder.h"
#include "name_table.h"

const struct simulator_settings simulator_defaults = {
    .checkers_per_region = 2,
    .healthy_percent = 18,
    .seed = 1,
    .ecs_scope_v4 = 24,
    .ecs_scope_v6 = 48,
    .unknown_zone_rcode = DNS_RCODE_REFUSED,
};

static void list_routed_groups(struct model *model)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < model->zone_count; i++) {
        count += model->zones[i]->routed_group_count;
    }
    const struct record_group **groups = arena_new(model->arena, const struct record_group *, count);
    model->routed_groups = groups;
    model->routed_group_count = count;
    for (uint32_t i = 0; i < model->zone_count; i++) {
        const struct zone *zone = model->zones[i];
        memcpy(groups, zone->routed_groups, zone->routed_group_count * sizeof *groups);
        groups += zone->routed_group_count;
    }
}

static void index_public_zones(struct model *model)
{
    const struct zone **zones = xcalloc((size_t)model->zone_count + 1, sizeof *zones);
    uint32_t count = 0;
    for (uint32_t i = 0; i < model->zone_count; i++) {
        if (!model->zones[i]->private_zone) {
            zones[count++] = model->zones[i];
        }
    }
    model->zone_index = zone_index_build(model->arena, zones, count);
    free(zones);
}

// Lists its parts in the model and holds them. Everything else in it is filled already.
static void assemble(struct model *model, const struct zone *const *zones, uint32_t zone_count)
{
    part_hold(&model->check_list->part);
    part_hold(&model->place_list->part);
    part_hold(&model->collection_list->part);
    part_hold(&model->resource_list->part);
    model->health_checks = model->check_list->checks;
    model->health_check_count = model->check_list->count;
    model->alarms = model->check_list->alarms;
    model->alarm_count = model->check_list->alarm_count;
    model->places = model->place_list->places;
    model->place_count = model->place_list->count;
    model->client_prefixes = model->place_list->clients;
    model->client_prefix_count = model->place_list->client_count;
    model->default_client = model->place_list->default_client;
    model->fallback_place = model->place_list->fallback_place;
    model->latency_source = model->place_list->latency_source;
    model->vpc_blocks = model->place_list->vpc_blocks;
    model->vpc_block_count = model->place_list->vpc_block_count;
    model->capacities = model->place_list->capacities;
    model->capacity_count = model->place_list->capacity_count;
    model->latency_versions = model->place_list->versions;
    model->latency_version_count = model->place_list->version_count;
    model->cidr_collections = model->collection_list->collections;
    model->cidr_collection_count = model->collection_list->count;
    model->resources = model->resource_list->resources;
    model->resource_count = model->resource_list->count;
    model->zones = arena_memdup(model->arena, zones, zone_count * sizeof *zones, _Alignof(struct zone *));
    model->zone_count = zone_count;
    for (uint32_t i = 0; i < zone_count; i++) {
        const struct zone *zone = zones[i];
        assert(zone->collections == NULL || zone->collections == model->collection_list);
        assert(zone->resources == NULL || zone->resources == model->resource_list);
        part_hold(&zone->part);
        model->record_set_count += zone->record_set_count;
        model->name_count += zone->name_count;
    }
    list_routed_groups(model);
    index_public_zones(model);
    vpc_builder_run(model);
}

static struct model *start_model(const char *source)
{
    struct arena *arena = arena_create();
    struct model *model = arena_new(arena, struct model, 1);
    model->arena = arena;
    model->source = source != NULL ? arena_strdup(arena, source) : NULL;
    return model;
}

static void release_all(const struct zone **zones, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        part_release(&zones[i]->part);
    }
    free(zones);
}

struct model *model_build(const struct model_spec *spec)
{
    struct model *model = start_model(spec->source);
    model->digest = spec->digest;
    model->simulator = spec->simulator;
    model->check_list = check_list_compile(spec);
    model->place_list = place_list_compile(spec);
    model->collection_list = collection_list_compile(spec);
    model->resource_list = resource_list_compile(spec);
    const struct zone **zones = xcalloc(spec->zone_count, sizeof *zones);
    for (uint32_t i = 0; i < spec->zone_count; i++) {
        zones[i] =
            zone_compile(&spec->zones[i], model->check_list, model->collection_list, model->resource_list);
    }
    assemble(model, zones, spec->zone_count);
    release_all(zones, spec->zone_count);
    part_release(&model->check_list->part); // the model holds them now
    part_release(&model->place_list->part);
    part_release(&model->collection_list->part);
    part_release(&model->resource_list->part);
    return model;
}

// --- deriving

bool zone_fits_checks(const struct zone *zone, const struct check_list *before,
                      const struct check_list *after)
{
    for (uint32_t i = 0; before != after && i < zone->check_count; i++) {
        uint32_t check = zone->checks[i];
        if (check >= after->count || strcmp(before->checks[check].id, after->checks[check].id) != 0) {
            return false;
        }
    }
    return true;
}

// By id: the zone that takes its place, or the change itself for a zone that goes.
static struct map *index_change(const struct model_change *change)
{
    struct map *by_id = map_create();
    for (uint32_t i = 0; i < change->zone_count; i++) {
        map_put(by_id, bytes_of(change->zones[i]->id), (void *)(uintptr_t)change->zones[i]);
    }
    for (uint32_t i = 0; i < change->removed_zone_count; i++) {
        map_put(by_id, bytes_of(change->removed_zones[i]), (void *)(uintptr_t)change);
    }
    return by_id;
}

static const struct zone **change_zones(const struct model *base, const struct model_change *change,
                                        const struct check_list *checks, uint32_t *count)
{
    struct map *by_id = index_change(change);
    const struct zone **zones = xcalloc((size_t)base->zone_count + change->zone_count, sizeof *zones);
    *count = 0;
    for (uint32_t i = 0; i < base->zone_count; i++) {
        const void *instead = map_remove(by_id, bytes_of(base->zones[i]->id));
        assert(instead != NULL || zone_fits_checks(base->zones[i], base->check_list, checks));
        if (instead != change) {
            zones[(*count)++] = instead != NULL ? instead : base->zones[i];
        }
    }
    for (uint32_t i = 0; i < change->zone_count; i++) {
        if (map_get(by_id, bytes_of(change->zones[i]->id)) != NULL) {
            zones[(*count)++] = change->zones[i];
        }
    }
    map_destroy(by_id);
    return zones;
}

struct model *model_derive(const struct model *base, const struct model_change *change)
{
    struct model *model = start_model(base->source);
    uint32_t count;
    model->digest = change->digest != 0 ? change->digest : base->digest;
    model->simulator = change->simulator != NULL ? *change->simulator : base->simulator;
    model->check_list = change->checks != NULL ? change->checks : base->check_list;
    model->place_list = change->places != NULL ? change->places : base->place_list;
    model->collection_list = change->collections != NULL ? change->collections : base->collection_list;
    model->resource_list = change->resources != NULL ? change->resources : base->resource_list;
    const struct zone **zones = change_zones(base, change, model->check_list, &count);
    assemble(model, zones, count);
    free(zones);
    return model;
}
