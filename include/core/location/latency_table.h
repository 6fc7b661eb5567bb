// SPDX-License-Identifier: MIT
// Round trips from places to regions, complete: where the model has no row, the stated fallbacks fill the
// cell and are marked (LT5). Frozen; any thread.
#ifndef NEARWELL_CORE_LOCATION_LATENCY_TABLE_H
#define NEARWELL_CORE_LOCATION_LATENCY_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "core/model/model.h"

// Where a cell comes from, best first.
enum latency_source {
    LATENCY_ROW,          // the place's own row
    LATENCY_PARENT,       // the row of the larger place around it: subdivision, country, continent
    LATENCY_GREAT_CIRCLE, // 5 ms + 0.015 ms a km between the coordinates (LT5)
    LATENCY_DEFAULT,      // the table's default row
    LATENCY_UNKNOWN,      // nothing known: counts as 1000 ms
};

struct latency_table;

struct latency_table *latency_table_create(const struct model *model);
void latency_table_destroy(struct latency_table *table); // NULL is fine

// place < model->place_count. REGION_COUNT values in ms, all finite.
const float *latency_row(const struct latency_table *table, uint32_t place);

struct latency_cell {
    float ms;
    enum latency_source source;
    uint32_t row_place; // whose row it was, for ROW, PARENT and DEFAULT; else PLACE_NONE
    float km;           // for GREAT_CIRCLE
};
struct latency_cell latency_cell(const struct latency_table *table, uint32_t place, uint8_t region);

const char *latency_source_name(enum latency_source source); // "row", "parent row", "great circle", ...

#endif
