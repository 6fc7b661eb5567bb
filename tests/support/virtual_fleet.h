// SPDX-License-Identifier: MIT
// A fleet in virtual time: a test says how endpoints behave, runs to a moment and reads what changed when.
#ifndef NEARWELL_TESTS_SUPPORT_VIRTUAL_FLEET_H
#define NEARWELL_TESTS_SUPPORT_VIRTUAL_FLEET_H

#include "base/queue.h"
#include "core/health/fleet.h"

enum { VIRTUAL_CHECKS = 8, VIRTUAL_CHANGES = 64 };

// What becomes of a probe that starts at this time.
struct virtual_result {
    duration takes;
    enum observation_reason reason;
};

struct virtual_fleet;
typedef struct virtual_result (*virtual_endpoint)(struct virtual_fleet *world,
                                                  const struct probe_order *order);

struct virtual_probe {
    struct probe_order order;
    enum observation_reason reason;
};

struct virtual_fleet {
    struct fleet *fleet;
    struct model model;                         // only health_checks and simulator mean something
    struct health_check checks[VIRTUAL_CHECKS]; // what the next virtual_fleet_apply takes
    struct health_check applied[2][VIRTUAL_CHECKS];
    unsigned applications;
    virtual_endpoint endpoint;
    mono_time now;
    struct queue arriving; // payload: index in probes
    struct virtual_probe *probes;
    size_t probe_count;
    struct health_change changes[VIRTUAL_CHANGES];
    size_t change_count;
};

// One HTTP check, 30 s x 3, 16 checkers, an endpoint that always answers at once; nothing applied yet.
void virtual_fleet_init(struct virtual_fleet *world);
// The same, applied at time 0, with this endpoint; NULL: one that always answers at once.
void virtual_fleet_begin(struct virtual_fleet *world, virtual_endpoint endpoint);
void virtual_fleet_free(struct virtual_fleet *world);
void virtual_fleet_apply(struct virtual_fleet *world); // the model as it is now
void virtual_fleet_run(struct virtual_fleet *world, mono_time until);

// For an endpoint: makes checker i's probes start at 60 s + 30 s * n + i * 1.875 s, n = 0, 1, ... (EX5), by
// letting the first probe last that long. False when this probe is not the first.
bool virtual_fleet_pin(const struct virtual_fleet *world, const struct probe_order *order,
                       struct virtual_result *out);

// An endpoint that refuses every connection at once.
struct virtual_result virtual_refuses(struct virtual_fleet *world, const struct probe_order *order);

struct check_state virtual_state(const struct virtual_fleet *world, uint32_t check);
struct health_check virtual_check(const char *id);
wall_time virtual_wall(mono_time at);
bool virtual_healthy(const struct virtual_fleet *world, uint32_t check);
double virtual_seconds(mono_time at);

#define VIRTUAL_AT(seconds) ((mono_time){duration_from_seconds(seconds)})

#endif
