// SPDX-License-Identifier: MIT
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "core/model/parts.h"

static const char *keep(struct arena *arena, const char *text)
{
    return text != NULL ? arena_strdup(arena, text) : NULL;
}

// --- one place

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

static void freeze(struct arena *arena, const struct place *spec, struct place *out)
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

// What the table says about a region counts, what it leaves out we know.
static void complete_region(struct place *place)
{
    uint8_t region = region_find(bytes_of(place->name));
    if (region == REGION_NONE) {
        return;
    }
    struct place known = region_place(region);
    place->region = region;
    place->continent = place->continent != NULL ? place->continent : known.continent;
    place->country = place->country != NULL ? place->country : known.country;
    place->subdivision = place->subdivision != NULL ? place->subdivision : known.subdivision;
    if (!place->located) {
        place->located = true;
        place->latitude = known.latitude;
        place->longitude = known.longitude;
    }
}

// --- the list

static uint32_t find_place(const struct place_list *list, const char *name)
{
    struct model places = {.places = list->places, .place_count = list->count};
    return model_find_place(&places, bytes_of(name));
}

static void freeze_places(struct place_list *list, const struct model_spec *spec)
{
    struct arena *arena = list->part.arena;
    struct place *places = arena_new(arena, struct place, spec->place_count + REGION_COUNT);
    list->places = places;
    for (uint32_t i = 0; i < spec->place_count; i++) {
        freeze(arena, &spec->places[i].place, &places[i]);
        complete_region(&places[i]);
        name_areas(&places[i]);
    }
    list->count = spec->place_count;
    for (uint8_t id = 0; id < REGION_COUNT; id++) {
        if (find_place(list, region_at(id)->code) == PLACE_NONE) {
            struct place known = region_place(id);
            name_areas(&known);
            freeze(arena, &known, &places[list->count++]);
        }
    }
}

// Most clients are in places that others were in before.
static void freeze_clients(struct place_list *list, const struct model_spec *spec)
{
    struct client_prefix *clients = arena_new(list->part.arena, struct client_prefix, spec->client_count);
    struct map *known = map_create(); // name to an element of places
    for (uint32_t i = 0; i < spec->client_count; i++) {
        struct bytes name = bytes_of(spec->clients[i].place);
        const struct place *place = map_get(known, name);
        if (place == NULL) {
            uint32_t found = find_place(list, spec->clients[i].place);
            assert(found != PLACE_NONE);
            place = &list->places[found];
            map_put(known, name, (void *)(uintptr_t)place);
        }
        clients[i] = (struct client_prefix){spec->clients[i].prefix, spec->clients[i].source,
                                            (uint32_t)(place - list->places)};
    }
    map_destroy(known);
    list->clients = clients;
    list->client_count = spec->client_count;
}

static void freeze_vpcs(struct place_list *list, const struct model_spec *spec)
{
    struct arena *arena = list->part.arena;
    struct vpc *vpcs = arena_new(arena, struct vpc, spec->vpc_count);
    for (uint32_t i = 0; i < spec->vpc_count; i++) {
        vpcs[i] = (struct vpc){.id = keep(arena, spec->vpcs[i].id), .region = spec->vpcs[i].region};
        list->vpc_block_count += spec->vpcs[i].block_count;
    }
    struct vpc_block *block = arena_new(arena, struct vpc_block, list->vpc_block_count);
    list->vpcs = vpcs;
    list->vpc_count = spec->vpc_count;
    list->vpc_blocks = block;
    for (uint32_t i = 0; i < spec->vpc_count; i++) {
        for (uint32_t k = 0; k < spec->vpcs[i].block_count; k++) {
            *block++ = (struct vpc_block){spec->vpcs[i].blocks[k], i};
        }
    }
}

static void freeze_capacities(struct place_list *list, const struct model_spec *spec)
{
    struct arena *arena = list->part.arena;
    struct site_capacity *capacities = arena_new(arena, struct site_capacity, spec->capacity_count);
    for (uint32_t i = 0; i < spec->capacity_count; i++) {
        capacities[i] =
            (struct site_capacity){keep(arena, spec->capacities[i].site), spec->capacities[i].percent};
    }
    list->capacities = capacities;
    list->capacity_count = spec->capacity_count;
}

static const struct latency_change *freeze_changes(struct place_list *list,
                                                   const struct latency_version_spec *spec)
{
    struct arena *arena = list->part.arena;
    struct latency_change *changes = arena_new(arena, struct latency_change, spec->change_count);
    for (uint32_t i = 0; i < spec->change_count; i++) {
        const struct latency_change_spec *from = &spec->changes[i];
        changes[i] = (struct latency_change){
            find_place(list, from->place),
            arena_memdup(arena, from->ms, REGION_COUNT * sizeof *from->ms, _Alignof(float))};
        assert(changes[i].place != PLACE_NONE);
    }
    return changes;
}

static void freeze_versions(struct place_list *list, const struct model_spec *spec)
{
    struct latency_version *versions =
        arena_new(list->part.arena, struct latency_version, spec->latency_version_count);
    for (uint32_t i = 0; i < spec->latency_version_count; i++) {
        const struct latency_version_spec *from = &spec->latency_versions[i];
        assert(i == 0 || versions[i - 1].valid_from.ns <= from->valid_from.ns);
        versions[i] =
            (struct latency_version){from->valid_from, from->change_count, freeze_changes(list, from)};
    }
    list->versions = versions;
    list->version_count = spec->latency_version_count;
}

const struct place_list *place_list_compile(const struct model_spec *spec)
{
    struct arena *arena = arena_create();
    struct place_list *list = arena_new(arena, struct place_list, 1);
    list->part = (struct part){.arena = arena, .references = 1};
    list->latency_source = keep(arena, spec->latency_source);
    freeze_places(list, spec);
    freeze_clients(list, spec);
    freeze_vpcs(list, spec);
    freeze_capacities(list, spec);
    freeze_versions(list, spec);
    list->default_client =
        find_place(list, spec->default_client != NULL ? spec->default_client : "us-east-1");
    assert(list->default_client != PLACE_NONE);
    list->fallback_place = spec->fallback_place != NULL ? find_place(list, spec->fallback_place) : PLACE_NONE;
    return list;
}
