// SPDX-License-Identifier: MIT
#include "core/model/builder.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/xalloc.h"
#include "cidr_builder.h"
#include "node_builder.h"
#include "resource_builder.h"

const struct simulator_settings simulator_defaults = {
    .checkers_per_region = 2,
    .healthy_percent = 18,
    .seed = 1,
    .ecs_scope_v4 = 24,
    .ecs_scope_v6 = 48,
};

static const char *keep(struct arena *arena, const char *text)
{
    return text != NULL ? arena_strdup(arena, text) : NULL;
}

// --- health checks

// Values are index + 1, since a map's NULL means absent.
static void *to_value(uint32_t index)
{
    return (void *)(uintptr_t)(index + 1); // NOLINT(performance-no-int-to-ptr)
}

static uint32_t from_value(const void *value)
{
    return value != NULL ? (uint32_t)((uintptr_t)value - 1) : HEALTH_CHECK_NONE;
}

static struct map *index_checks(const struct model_spec *spec)
{
    struct map *ids = map_create();
    for (uint32_t i = 0; i < spec->health_check_count; i++) {
        map_put(ids, bytes_of(spec->health_checks[i].config.id), to_value(i));
    }
    return ids;
}

static void freeze_check(struct arena *arena, const struct health_check_spec *spec, const struct map *ids,
                         struct health_check *out)
{
    *out = spec->config;
    out->id = keep(arena, spec->config.id);
    out->name = keep(arena, spec->config.name);
    out->caller_reference = keep(arena, spec->config.caller_reference);
    out->resource_path = keep(arena, spec->config.resource_path);
    out->fully_qualified_domain_name = keep(arena, spec->config.fully_qualified_domain_name);
    out->search_string = keep(arena, spec->config.search_string);
    uint32_t *children = arena_new(arena, uint32_t, spec->child_count);
    for (uint32_t i = 0; i < spec->child_count; i++) {
        children[i] = from_value(map_get(ids, bytes_of(spec->child_ids[i])));
    }
    out->children = children;
    out->child_count = (uint16_t)spec->child_count;
}

static void freeze_checks(struct model *model, const struct model_spec *spec, const struct map *ids)
{
    struct health_check *checks = arena_new(model->arena, struct health_check, spec->health_check_count);
    for (uint32_t i = 0; i < spec->health_check_count; i++) {
        freeze_check(model->arena, &spec->health_checks[i], ids, &checks[i]);
    }
    model->health_checks = checks;
    model->health_check_count = spec->health_check_count;
}

// --- places and clients

static struct geo_area area_of(enum geo_area_kind kind, const char *first, const char *second)
{
    struct geo_area area = {.kind = GEO_DEFAULT};
    if (first != NULL && strlen(first) == 2 && (second == NULL || strlen(second) == 2)) {
        area.kind = (uint8_t)kind;
        memcpy(area.codes, first, 2);
        if (second != NULL) {
            memcpy(area.codes + 2, second, 2);
        }
    }
    return area;
}

// G1: the smallest area first.
static void name_areas(struct place *place)
{
    static const struct geo_area unknown = {.kind = GEO_DEFAULT};
    place->areas[0] =
        place->subdivision != NULL ? area_of(GEO_SUBDIVISION, place->country, place->subdivision) : unknown;
    place->areas[1] = area_of(GEO_COUNTRY, place->country, NULL);
    place->areas[2] = area_of(GEO_CONTINENT, place->continent, NULL);
}

static void freeze_place(struct arena *arena, const struct place *spec, struct place *out)
{
    *out = *spec;
    out->name = keep(arena, spec->name);
    out->label = keep(arena, spec->label);
    out->continent = keep(arena, spec->continent);
    out->country = keep(arena, spec->country);
    out->subdivision = keep(arena, spec->subdivision);
    out->source = keep(arena, spec->source);
    if (spec->ms != NULL) {
        out->ms = arena_memdup(arena, spec->ms, REGION_COUNT * sizeof *spec->ms, _Alignof(float));
    }
}

static struct place region_place(uint8_t id)
{
    const struct region *region = region_at(id);
    return (struct place){
        .name = region->code,
        .label = region->name,
        .continent = region->continent,
        .country = region->country,
        .subdivision = region->subdivision,
        .region = id,
        .located = true,
        .latitude = region->latitude,
        .longitude = region->longitude,
    };
}

static uint32_t find_place(const struct model *model, const char *name)
{
    return name != NULL ? model_find_place(model, bytes_of(name)) : PLACE_NONE;
}

static void freeze_places(struct model *model, const struct model_spec *spec)
{
    struct place *places = arena_new(model->arena, struct place, spec->place_count + REGION_COUNT);
    model->places = places;
    for (uint32_t i = 0; i < spec->place_count; i++) {
        freeze_place(model->arena, &spec->places[i].place, &places[i]);
        uint8_t region = region_find(bytes_of(places[i].name));
        if (region != REGION_NONE) { // what the table says about a region counts, what it leaves out we know
            struct place known = region_place(region);
            places[i].region = region;
            places[i].continent = places[i].continent != NULL ? places[i].continent : known.continent;
            places[i].country = places[i].country != NULL ? places[i].country : known.country;
            places[i].subdivision = places[i].subdivision != NULL ? places[i].subdivision : known.subdivision;
            if (!places[i].located) {
                places[i].located = true;
                places[i].latitude = known.latitude;
                places[i].longitude = known.longitude;
            }
        }
        name_areas(&places[i]);
    }
    model->place_count = spec->place_count;
    for (uint8_t id = 0; id < REGION_COUNT; id++) {
        if (find_place(model, region_at(id)->code) == PLACE_NONE) {
            struct place known = region_place(id);
            name_areas(&known);
            freeze_place(model->arena, &known, &places[model->place_count++]);
        }
    }
    model->default_client =
        find_place(model, spec->default_client != NULL ? spec->default_client : "us-east-1");
    assert(model->default_client != PLACE_NONE);
    model->fallback_place = find_place(model, spec->fallback_place);
}

static void freeze_capacities(struct model *model, const struct model_spec *spec)
{
    struct site_capacity *capacities = arena_new(model->arena, struct site_capacity, spec->capacity_count);
    for (uint32_t i = 0; i < spec->capacity_count; i++) {
        capacities[i] =
            (struct site_capacity){keep(model->arena, spec->capacities[i].site), spec->capacities[i].percent};
    }
    model->capacities = capacities;
    model->capacity_count = spec->capacity_count;
}

static void freeze_clients(struct model *model, const struct model_spec *spec)
{
    struct client_prefix *clients = arena_new(model->arena, struct client_prefix, spec->client_count);
    struct map *known = map_create();
    for (uint32_t i = 0; i < spec->client_count; i++) {
        struct bytes name = bytes_of(spec->clients[i].place);
        uint32_t place = from_value(map_get(known, name));
        if (place == HEALTH_CHECK_NONE) {
            place = model_find_place(model, name);
            assert(place != PLACE_NONE);
            map_put(known, name, to_value(place));
        }
        clients[i] = (struct client_prefix){spec->clients[i].prefix, spec->clients[i].source, place};
    }
    map_destroy(known);
    model->client_prefixes = clients;
    model->client_prefix_count = spec->client_count;
}

struct model *model_build(const struct model_spec *spec)
{
    struct arena *arena = arena_create();
    struct model *model = arena_new(arena, struct model, 1);
    model->arena = arena;
    model->source = keep(arena, spec->source);
    model->digest = spec->digest;
    model->latency_source = keep(arena, spec->latency_source);
    model->simulator = spec->simulator;
    struct map *check_ids = index_checks(spec);
    freeze_checks(model, spec, check_ids);
    freeze_places(model, spec);
    freeze_clients(model, spec);
    freeze_capacities(model, spec);
    cidr_builder_run(model, spec);
    resource_builder_run(model, spec);
    node_builder_run(model, spec, check_ids);
    map_destroy(check_ids);
    return model;
}
