// SPDX-License-Identifier: MIT
#include "core/location/latency_table.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/xalloc.h"

enum { LARGER_PLACES = 3, CODE_TEXT = 64 };

static const float base_ms = 5, ms_per_km = 0.015F, unknown_ms = 1000; // LT5

// The subdivision, country and continent around a place; PLACE_NONE where the table has none.
struct surroundings {
    uint32_t places[LARGER_PLACES];
};

struct latency_table {
    const struct place *places;
    uint32_t place_count;
    uint32_t fallback_place;
    const struct latency_version *newest; // NULL: none is in force
    const float **rows;                   // as told for each place at this time; NULL where none is
    float **changed;                      // of these, those that are the table's own
    struct surroundings *around;          // one for each place
    float *ms; // place_count rows of REGION_COUNT; the rest of a cell is made when asked for
};

// --- larger places ---

// Place names are compared without regard to case.
static struct bytes fold(const char *name, char out[CODE_TEXT])
{
    size_t len = strlen(name);
    if (len >= CODE_TEXT) { // no country or continent is called so
        len = 0;
    }
    for (size_t i = 0; i < len; i++) {
        out[i] = (char)ascii_lower((uint8_t)name[i]);
    }
    return (struct bytes){(const uint8_t *)out, len};
}

// Name to the place's element of around.
static struct map *index_places(const struct latency_table *table)
{
    struct map *index = map_create();
    for (uint32_t i = 0; i < table->place_count; i++) {
        char folded[CODE_TEXT];
        map_put(index, fold(table->places[i].name, folded), &table->around[i]);
    }
    return index;
}

// The place of this name, unless it is the very place that is looked at.
static uint32_t larger_place(const struct latency_table *table, const struct map *index, uint32_t place,
                             const char *name)
{
    char folded[CODE_TEXT];
    struct bytes key = fold(name, folded);
    const struct surroundings *found = key.len > 0 ? map_get(index, key) : NULL;
    return found != NULL && found != &table->around[place] ? (uint32_t)(found - table->around) : PLACE_NONE;
}

static void surround(struct latency_table *table, const struct map *index, uint32_t id)
{
    const struct place *place = &table->places[id];
    const char *continent = place->continent;
    uint32_t larger[LARGER_PLACES] = {PLACE_NONE, PLACE_NONE, PLACE_NONE};
    char name[CODE_TEXT];
    if (place->country != NULL && place->subdivision != NULL) {
        snprintf(name, sizeof name, "%s-%s", place->country, place->subdivision);
        larger[0] = larger_place(table, index, id, name);
    }
    if (place->country != NULL) {
        larger[1] = larger_place(table, index, id, place->country);
    }
    if (continent == NULL && larger[1] != PLACE_NONE) {
        continent = table->places[larger[1]].continent;
    }
    if (continent != NULL) {
        snprintf(name, sizeof name, "continent:%s", continent);
        larger[2] = larger_place(table, index, id, name);
    }
    memcpy(table->around[id].places, larger, sizeof larger);
}

// --- cells ---

static bool coordinates_of(const struct place *place, float *latitude, float *longitude)
{
    if (place->located) {
        *latitude = place->latitude;
        *longitude = place->longitude;
        return true;
    }
    if (place->region != REGION_NONE) {
        *latitude = region_at(place->region)->latitude;
        *longitude = region_at(place->region)->longitude;
        return true;
    }
    return false;
}

// What a place says by itself: its row, or else its coordinates.
static bool own_cell(const struct latency_table *table, uint32_t id, uint8_t region, struct latency_cell *out)
{
    float latitude;
    float longitude;
    if (table->rows[id] != NULL && isfinite(table->rows[id][region])) {
        *out = (struct latency_cell){table->rows[id][region], LATENCY_ROW, id, 0};
        return true;
    }
    if (coordinates_of(&table->places[id], &latitude, &longitude)) {
        const struct region *to = region_at(region);
        float km = (float)great_circle_km(latitude, longitude, to->latitude, to->longitude);
        *out = (struct latency_cell){base_ms + ms_per_km * km, LATENCY_GREAT_CIRCLE, id, km};
        return true;
    }
    return false;
}

static struct latency_cell make_cell(const struct latency_table *table, uint32_t place, uint8_t region)
{
    struct latency_cell cell;
    if (own_cell(table, place, region, &cell)) {
        return cell;
    }
    for (unsigned i = 0; i < LARGER_PLACES; i++) {
        uint32_t larger = table->around[place].places[i];
        if (larger != PLACE_NONE && own_cell(table, larger, region, &cell)) {
            cell.source = LATENCY_PARENT;
            return cell;
        }
    }
    if (table->fallback_place != PLACE_NONE && own_cell(table, table->fallback_place, region, &cell)) {
        cell.source = LATENCY_DEFAULT;
        return cell;
    }
    return (struct latency_cell){unknown_ms, LATENCY_UNKNOWN, PLACE_NONE, 0};
}

// --- versions ---

uint32_t latency_versions_at(const struct model *model, wall_time at)
{
    uint32_t count = 0;
    while (count < model->latency_version_count && model->latency_versions[count].valid_from.ns <= at.ns) {
        count++;
    }
    return count;
}

bool latency_next_version(const struct model *model, wall_time at, wall_time *next)
{
    uint32_t count = latency_versions_at(model, at);
    if (count == model->latency_version_count) {
        return false;
    }
    *next = model->latency_versions[count].valid_from;
    return true;
}

bool latency_table_valid_from(const struct latency_table *table, wall_time *from)
{
    if (table->newest == NULL) {
        return false;
    }
    *from = table->newest->valid_from;
    return true;
}

// A row that changes is copied first: until then it is the model's.
static void change_row(struct latency_table *table, const struct latency_change *change)
{
    const float *before = table->rows[change->place];
    float *row = table->changed[change->place];
    if (row == NULL) {
        row = xmalloc(REGION_COUNT * sizeof *row);
        for (unsigned i = 0; i < REGION_COUNT; i++) {
            row[i] = before != NULL ? before[i] : NAN;
        }
        table->changed[change->place] = row;
        table->rows[change->place] = row;
    }
    for (unsigned i = 0; i < REGION_COUNT; i++) {
        row[i] = isfinite(change->ms[i]) ? change->ms[i] : row[i];
    }
}

static void take_rows(struct latency_table *table, const struct model *model, wall_time at)
{
    uint32_t versions = latency_versions_at(model, at);
    table->rows = xcalloc(model->place_count, sizeof *table->rows);
    table->changed = xcalloc(model->place_count, sizeof *table->changed);
    for (uint32_t place = 0; place < model->place_count; place++) {
        table->rows[place] = model->places[place].ms;
    }
    for (uint32_t i = 0; i < versions; i++) {
        table->newest = &model->latency_versions[i];
        for (uint32_t k = 0; k < table->newest->count; k++) {
            change_row(table, &table->newest->changes[k]);
        }
    }
}

struct latency_table *latency_table_create(const struct model *model, wall_time at)
{
    struct latency_table *table = xcalloc(1, sizeof *table);
    table->places = model->places;
    table->place_count = model->place_count;
    table->fallback_place = model->fallback_place;
    table->around = xcalloc(model->place_count, sizeof *table->around);
    table->ms = xcalloc(model->place_count, REGION_COUNT * sizeof *table->ms);
    take_rows(table, model, at);
    struct map *index = index_places(table);
    for (uint32_t place = 0; place < model->place_count; place++) {
        surround(table, index, place);
        for (uint8_t region = 0; region < REGION_COUNT; region++) {
            table->ms[(size_t)place * REGION_COUNT + region] = make_cell(table, place, region).ms;
        }
    }
    map_destroy(index);
    return table;
}

void latency_table_destroy(struct latency_table *table)
{
    if (table != NULL) {
        for (uint32_t i = 0; i < table->place_count; i++) {
            free(table->changed[i]);
        }
        free(table->changed);
        free(table->rows);
        free(table->around);
        free(table->ms);
        free(table);
    }
}

const float *latency_row(const struct latency_table *table, uint32_t place)
{
    assert(place < table->place_count);
    return &table->ms[(size_t)place * REGION_COUNT];
}

struct latency_cell latency_cell(const struct latency_table *table, uint32_t place, uint8_t region)
{
    assert(place < table->place_count && region < REGION_COUNT);
    return make_cell(table, place, region);
}

const char *latency_source_name(enum latency_source source)
{
    static const char *const names[] = {
        [LATENCY_ROW] = "row",
        [LATENCY_GREAT_CIRCLE] = "great circle",
        [LATENCY_PARENT] = "larger place",
        [LATENCY_DEFAULT] = "default row",
        [LATENCY_UNKNOWN] = "unknown",
    };
    return names[source];
}
