// SPDX-License-Identifier: MIT
#include "manual.h"

#include <stdlib.h>

#include "base/queue.h"
#include "base/xalloc.h"

struct pending {
    struct probe_order order;
    struct observation observation;
};

struct manual {
    struct endpoints *endpoints;
    struct queue arrivals; // payload: index in pending
    struct pending *pending;
    uint32_t *free;
    uint32_t count; // of pending that were ever in use
    uint32_t room;
    uint32_t free_count;
};

struct manual *manual_create(void)
{
    struct manual *manual = xcalloc(1, sizeof *manual);
    manual->endpoints = endpoints_create();
    queue_init(&manual->arrivals);
    return manual;
}

void manual_destroy(struct manual *manual)
{
    if (manual == NULL) {
        return;
    }
    endpoints_destroy(manual->endpoints);
    queue_free(&manual->arrivals);
    free(manual->pending);
    free(manual->free);
    free(manual);
}

struct endpoints *manual_endpoints(struct manual *manual)
{
    return manual->endpoints;
}

static uint32_t take_slot(struct manual *manual)
{
    if (manual->free_count > 0) {
        return manual->free[--manual->free_count];
    }
    if (manual->count == manual->room) {
        manual->room = manual->room > 0 ? manual->room * 2 : 64;
        manual->pending = xreallocarray(manual->pending, manual->room, sizeof *manual->pending);
        manual->free = xreallocarray(manual->free, manual->room, sizeof *manual->free);
    }
    return manual->count++;
}

void manual_probe(struct manual *manual, const struct fleet *fleet, const struct probe_order *order,
                  mono_time now)
{
    struct checker_state checker;
    uint32_t slot = take_slot(manual);
    fleet_checker_state(fleet, order->check, order->checker, &checker);
    struct endpoint_result result = endpoints_probe(manual->endpoints, order->config, checker.region, now);
    manual->pending[slot] = (struct pending){*order, result.observation};
    manual->pending[slot].order.config = NULL; // its model may be gone by then
    queue_push(&manual->arrivals, mono_add(now, result.takes), slot);
}

mono_time manual_next(const struct manual *manual)
{
    const struct queue_entry *first = queue_first(&manual->arrivals);
    return first != NULL ? first->due : MONO_NEVER;
}

bool manual_take(struct manual *manual, mono_time now, struct probe_order *order,
                 struct observation *observation)
{
    struct queue_entry entry;
    if (mono_before(now, manual_next(manual)) || !queue_pop(&manual->arrivals, &entry)) {
        return false;
    }
    uint32_t slot = (uint32_t)entry.payload;
    *order = manual->pending[slot].order;
    *observation = manual->pending[slot].observation;
    manual->free[manual->free_count++] = slot;
    return true;
}
