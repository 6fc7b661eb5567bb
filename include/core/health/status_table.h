// SPDX-License-Identifier: MIT
// Up or down per health check, by its index in the model, and behind them per AWS resource, by its own: all
// of health that an answer reads. Immutable once published; any thread.
#ifndef NEARWELL_CORE_HEALTH_STATUS_TABLE_H
#define NEARWELL_CORE_HEALTH_STATUS_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model/health_check.h"

struct status_table {
    uint32_t count;
    uint64_t up[]; // bit per check: final status (S3); per resource: Q3
};

struct status_table *status_table_create(uint32_t count, bool healthy); // freed with free()
struct status_table *status_table_copy(const struct status_table *table);
bool status_table_equal(const struct status_table *a, const struct status_table *b);
void status_table_set(struct status_table *table, uint32_t check, bool healthy);

// A dangling or absent check counts as healthy (H10).
static inline bool status_table_healthy(const struct status_table *table, uint32_t check)
{
    return check >= table->count || (table->up[check / 64] >> (check % 64) & 1) != 0;
}

#endif
