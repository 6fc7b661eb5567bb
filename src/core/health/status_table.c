// SPDX-License-Identifier: MIT
#include "core/health/status_table.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/xalloc.h"

static size_t words(uint32_t count)
{
    return ((size_t)count + 63) / 64;
}

static size_t size_of(uint32_t count)
{
    return sizeof(struct status_table) + words(count) * sizeof(uint64_t);
}

struct status_table *status_table_create(uint32_t count, bool healthy)
{
    struct status_table *table = xcalloc(1, size_of(count));
    table->count = count;
    // Bits beyond count stay zero, so that equal tables are equal bytes.
    for (uint32_t check = 0; healthy && check < count; check++) {
        status_table_set(table, check, true);
    }
    return table;
}

struct status_table *status_table_copy(const struct status_table *table)
{
    return xmemdup(table, size_of(table->count));
}

bool status_table_equal(const struct status_table *a, const struct status_table *b)
{
    return a->count == b->count && memcmp(a->up, b->up, words(a->count) * sizeof(uint64_t)) == 0;
}

void status_table_set(struct status_table *table, uint32_t check, bool healthy)
{
    assert(check < table->count);
    uint64_t bit = UINT64_C(1) << (check % 64);
    if (healthy) {
        table->up[check / 64] |= bit;
    } else {
        table->up[check / 64] &= ~bit;
    }
}
