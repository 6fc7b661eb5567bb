// SPDX-License-Identifier: MIT
// Round trips from places to regions, complete: where a place has no row, or its row has a gap, the stated
// fallbacks fill the cell and mark it (LT5). A model may say how rows change in time (LT2); a table is for
// one time, and whoever needs the next makes another. Frozen; any thread.
#ifndef NEARWELL_CORE_LOCATION_LATENCY_TABLE_H
#define NEARWELL_CORE_LOCATION_LATENCY_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "core/model/model.h"

// Where a cell comes from, in the order in which the sources are tried.
enum latency_source {
    LATENCY_ROW,          // the place's own row
    LATENCY_GREAT_CIRCLE, // 5 ms + 0.015 ms a km from the place's own coordinates (LT5)
    LATENCY_PARENT,  // the larger place around it, by its row or else by its coordinates: the subdivision,
                     // the country, the continent, each only if the table has it
    LATENCY_DEFAULT, // the table's default row
    LATENCY_UNKNOWN, // nothing known: counts as 1000 ms
};

struct latency_table;

// As it is at that time. Good for every model that shares the place list (core/model/parts.h); one of them
// must outlive it.
struct latency_table *latency_table_create(const struct model *model, wall_time at);
void latency_table_destroy(struct latency_table *table); // NULL is fine

// place < model->place_count. REGION_COUNT values in ms, all finite.
const float *latency_row(const struct latency_table *table, uint32_t place);

struct latency_cell {
    float ms;
    enum latency_source source;
    uint32_t row_place; // the place that the value is of: the place itself, a larger one, the default row
    float km;           // great-circle distance that ms was computed from; 0 when ms is from a row
};
struct latency_cell latency_cell(const struct latency_table *table, uint32_t place, uint8_t region);

// How many versions of the model are in force at a time, and when the next one comes into force; false: none
// does any more.
uint32_t latency_versions_at(const struct model *model, wall_time at);
bool latency_next_version(const struct model *model, wall_time at, wall_time *next);
// Since when the table's newest version holds; false: it is as the model has it without versions.
bool latency_table_valid_from(const struct latency_table *table, wall_time *from);

const char *latency_source_name(enum latency_source source); // "row", "great circle", ...

#endif
