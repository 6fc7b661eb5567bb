// SPDX-License-Identifier: MIT
#include "virtual_fleet.h"

#include <stdlib.h>
#include <string.h>

#include "base/queue.h"
#include "base/xalloc.h"

static struct virtual_result at_once(struct virtual_fleet *world, const struct probe_order *order)
{
    (void)world;
    (void)order;
    return (struct virtual_result){0, OBSERVED_SUCCESS};
}

struct virtual_result virtual_refuses(struct virtual_fleet *world, const struct probe_order *order)
{
    (void)world;
    (void)order;
    return (struct virtual_result){0, OBSERVED_CONNECT_REFUSED};
}

struct check_state virtual_state(const struct virtual_fleet *world, uint32_t check)
{
    struct check_state state;
    fleet_check_state(world->fleet, check, &state);
    return state;
}

struct health_check virtual_check(const char *id)
{
    return (struct health_check){
        .id = id,
        .version = 1,
        .type = HEALTH_CHECK_HTTP,
        .ip_address = {4, {192, 0, 2, 10}},
        .port = 80,
        .resource_path = "/health",
        .request_interval = DURATION_S(30),
        .failure_threshold = 3,
        .regions = 0xff,
    };
}

void virtual_fleet_init(struct virtual_fleet *world)
{
    *world = (struct virtual_fleet){.endpoint = at_once};
    world->checks[0] = virtual_check("check-0");
    world->model.health_check_count = 1;
    world->model.simulator =
        (struct simulator_settings){.checkers_per_region = 2, .healthy_percent = 18, .seed = 1};
    world->fleet = fleet_create();
    queue_init(&world->arriving);
}

void virtual_fleet_begin(struct virtual_fleet *world, virtual_endpoint endpoint)
{
    virtual_fleet_init(world);
    if (endpoint != NULL) {
        world->endpoint = endpoint;
    }
    virtual_fleet_apply(world);
}

void virtual_fleet_free(struct virtual_fleet *world)
{
    fleet_destroy(world->fleet);
    queue_free(&world->arriving);
    free(world->probes);
}

wall_time virtual_wall(mono_time at)
{
    return (wall_time){INT64_C(1700000000000000000) + at.ns};
}

double virtual_seconds(mono_time at)
{
    return duration_seconds(at.ns);
}

bool virtual_healthy(const struct virtual_fleet *world, uint32_t check)
{
    return status_table_healthy(fleet_status(world->fleet), check);
}

void virtual_fleet_apply(struct virtual_fleet *world)
{
    // The checks applied before must still be there while the new ones are compared with them.
    struct health_check *copy = world->applied[world->applications++ % 2];
    memcpy(copy, world->checks, sizeof world->checks);
    world->model.health_checks = copy;
    fleet_apply(world->fleet, &world->model, world->now, virtual_wall(world->now));
}

static void deliver(struct virtual_fleet *world)
{
    const struct queue_entry *first;
    while ((first = queue_first(&world->arriving)) != NULL && !mono_before(world->now, first->due)) {
        struct queue_entry entry;
        queue_pop(&world->arriving, &entry);
        const struct virtual_probe *probe = &world->probes[entry.payload];
        struct observation observation = {.reason = (uint8_t)probe->reason, .http = true};
        fleet_observe(world->fleet, &probe->order, &observation, world->now, virtual_wall(world->now));
    }
}

static bool start_due(struct virtual_fleet *world)
{
    struct probe_order order;
    if (!fleet_take_due(world->fleet, world->now, &order)) {
        return false;
    }
    struct virtual_result result = world->endpoint(world, &order);
    world->probes = xreallocarray(world->probes, world->probe_count + 1, sizeof *world->probes);
    world->probes[world->probe_count] = (struct virtual_probe){order, result.reason};
    queue_push(&world->arriving, mono_add(world->now, result.takes), world->probe_count++);
    return true;
}

static void step(struct virtual_fleet *world)
{
    fleet_advance(world->fleet, world->now, virtual_wall(world->now));
    deliver(world);
    while (start_due(world)) {
        deliver(world);
    }
    while (world->change_count < VIRTUAL_CHANGES &&
           fleet_next_change(world->fleet, &world->changes[world->change_count])) {
        world->change_count++;
    }
}

void virtual_fleet_run(struct virtual_fleet *world, mono_time until)
{
    for (;;) {
        const struct queue_entry *arrival = queue_first(&world->arriving);
        mono_time next = mono_min(fleet_next(world->fleet), arrival != NULL ? arrival->due : MONO_NEVER);
        if (mono_before(until, next)) {
            break;
        }
        world->now = mono_before(next, world->now) ? world->now : next;
        step(world);
    }
    world->now = until;
    step(world);
}

bool virtual_fleet_pin(const struct virtual_fleet *world, const struct probe_order *order,
                       struct virtual_result *out)
{
    struct checker_state state;
    fleet_checker_state(world->fleet, order->check, order->checker, &state);
    if (state.observed) {
        return false;
    }
    mono_time end = {DURATION_S(30) + order->checker * DURATION_MS(1875)};
    *out = (struct virtual_result){mono_since(end, world->now), OBSERVED_SUCCESS};
    return true;
}
