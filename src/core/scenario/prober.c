// SPDX-License-Identifier: MIT
#include "core/scenario/prober.h"

#include <stdlib.h>

#include "base/queue.h"
#include "base/xalloc.h"

// A probe under way. Its end is known from the start.
struct flight {
    struct probe_order order;
    struct observation observation;
    uint32_t next_free;
};
#define NO_FLIGHT UINT32_MAX

struct scripted_prober {
    struct fleet *fleet;
    const struct endpoints *endpoints;
    struct scripted_prober_options options;
    struct queue arriving; // payload: index in flights
    struct flight *flights;
    uint32_t count;
    uint32_t first_free;
    uint8_t silent; // checker regions
};

struct scripted_prober *scripted_prober_create(struct fleet *fleet, const struct endpoints *endpoints,
                                               const struct scripted_prober_options *options)
{
    struct scripted_prober *prober = xcalloc(1, sizeof *prober);
    prober->fleet = fleet;
    prober->endpoints = endpoints;
    prober->first_free = NO_FLIGHT;
    queue_init(&prober->arriving);
    if (options != NULL) {
        prober->options = *options;
    }
    return prober;
}

void scripted_prober_destroy(struct scripted_prober *prober)
{
    if (prober != NULL) {
        queue_free(&prober->arriving);
        free(prober->flights);
        free(prober);
    }
}

mono_time scripted_prober_next(const struct scripted_prober *prober)
{
    const struct queue_entry *first = queue_first(&prober->arriving);
    return mono_min(fleet_next(prober->fleet), first != NULL ? first->due : MONO_NEVER);
}

size_t scripted_prober_active(const struct scripted_prober *prober)
{
    return prober->arriving.count;
}

static uint32_t take_flight(struct scripted_prober *prober)
{
    uint32_t index = prober->first_free;
    if (index != NO_FLIGHT) {
        prober->first_free = prober->flights[index].next_free;
        return index;
    }
    if ((prober->count & (prober->count - 1)) == 0) { // doubles
        size_t room = prober->count == 0 ? 1 : (size_t)prober->count * 2;
        prober->flights = xreallocarray(prober->flights, room, sizeof *prober->flights);
    }
    return prober->count++;
}

// What the first probe of a checker has to take so that the next ones are in their place.
static duration to_its_place(const struct scripted_prober *prober, const struct probe_order *order,
                             mono_time now, duration takes)
{
    struct check_state check;
    duration interval = order->config->request_interval;
    fleet_check_state(prober->fleet, order->check, &check);
    duration place = interval / check.checkers * order->checker;
    duration ahead = (place - (now.ns + takes) % interval + interval) % interval;
    return takes + ahead;
}

static bool silent(const struct scripted_prober *prober, uint8_t region)
{
    int index = region != REGION_NONE ? checker_region_index(region) : -1;
    return index >= 0 && (prober->silent >> index & 1) != 0;
}

void scripted_prober_silence(struct scripted_prober *prober, uint8_t regions)
{
    prober->silent = regions;
}

static void start(struct scripted_prober *prober, const struct probe_order *order, mono_time now)
{
    struct checker_state checker;
    fleet_checker_state(prober->fleet, order->check, order->checker, &checker);
    struct endpoint_result result = endpoints_probe(prober->endpoints, order->config, checker.region, now);
    if (silent(prober, checker.region)) {
        result = (struct endpoint_result){.observation = {.reason = OBSERVED_INTERNAL}};
    }
    if (prober->options.spread && !checker.observed) {
        result.takes = to_its_place(prober, order, now, result.takes);
    }
    uint32_t index = take_flight(prober);
    prober->flights[index] = (struct flight){.order = *order, .observation = result.observation};
    queue_push(&prober->arriving, mono_add(now, result.takes), index);
}

static bool deliver_one(struct scripted_prober *prober, mono_time now, wall_time wall)
{
    const struct queue_entry *first = queue_first(&prober->arriving);
    struct queue_entry entry;
    if (first == NULL || mono_before(now, first->due) || !queue_pop(&prober->arriving, &entry)) {
        return false;
    }
    struct flight flight = prober->flights[entry.payload];
    prober->flights[entry.payload].next_free = prober->first_free;
    prober->first_free = (uint32_t)entry.payload;
    bool taken = fleet_observe(prober->fleet, &flight.order, &flight.observation, now, wall);
    if (prober->options.observed != NULL) {
        prober->options.observed(&flight.order, &flight.observation, taken, prober->options.context);
    }
    return true;
}

void scripted_prober_step(struct scripted_prober *prober, mono_time now, wall_time wall)
{
    struct probe_order order;
    fleet_advance(prober->fleet, now, wall);
    do {
        while (deliver_one(prober, now, wall)) {
        }
        while (fleet_take_due(prober->fleet, now, &order)) {
            start(prober, &order, now);
        }
    } while (queue_first(&prober->arriving) != NULL &&
             !mono_before(now, queue_first(&prober->arriving)->due));
}
