// SPDX-License-Identifier: MIT
// What a replay acts on: the policy in force as a model, the fleet that watches it, the endpoints that answer
// its probes, and the view that answers questions. One owner, one thread.
#ifndef NEARWELL_CORE_SCENARIO_WORLD_H
#define NEARWELL_CORE_SCENARIO_WORLD_H

#include "core/account/account.h"
#include "core/admin/api_faults.h"
#include "core/health/fleet.h"
#include "core/model/propagation.h"
#include "core/population/population.h"
#include "core/route53/call.h"
#include "core/routing/view.h"
#include "core/scenario/endpoint.h"
#include "core/scenario/prober.h"

// One shift of the latency table, as long as it lasts.
struct world_shift {
    uint32_t event; // who made it
    const char *region;
    const char *place;
    double factor;
    double milliseconds;
};

struct world {
    mono_time now;
    wall_time started;
    struct model *model;
    struct propagation propagation; // of changes that DNS does not have yet
    struct locator *locator;
    struct latency_table *latency;
    struct population *population;
    struct view view;
    struct fleet *fleet;
    struct endpoints *endpoints;
    struct scripted_prober *prober;
    struct account *account; // NULL until a call needs one
    struct random ids;
    bool seed_given;
    uint64_t seed;
    uint64_t changes;      // of model or latency: grows with each
    mono_time latency_due; // when the next version of the latency table comes into force (LT2)
    struct world_shift *shifts;
    size_t shift_count;
    struct model *shifted; // the model with other rows, for the latency table
    struct place *places;  // of shifted
    float *rows;           // of places
    bool control_plane_out;
    struct api_faults api_faults;
};

struct world_options {
    mono_time now;
    wall_time started; // the time at 0; 2026-01-01T00:00:00Z when ns is 0
    bool seed_given;   // wins over the policy's
    uint64_t seed;
    bool with_account; // calls of the API will come
    struct scripted_prober_options prober;
};

// Takes the policy.
void world_init(struct world *world, struct policy *policy, const struct world_options *options);
void world_free(struct world *world);

static inline wall_time world_wall(const struct world *world)
{
    return wall_add(world->started, world->now.ns);
}

// Replaces the policy in force, which world takes. False: error says why it cannot be used.
bool world_set_policy(struct world *world, struct policy *policy, struct error *error);

// A call of the API. False: fault says why. While the control plane is out every call fails, and else as the
// faults of the API have it.
bool world_call(struct world *world, const char *operation, const json_t *input, struct route53_fault *fault);

// Puts in force what has reached DNS by now (B4); true: something has.
bool world_follow_changes(struct world *world);

// Takes the latency table of now; true: another version has come into force.
bool world_follow_latency(struct world *world);
void world_add_shift(struct world *world, const struct world_shift *shift);
void world_remove_shift(struct world *world, uint32_t event);

// The endpoints of a site (a region, or a SetIdentifier): what its record sets and their aliases lead to, by
// address or name, and what their checks probe. Returns how many.
size_t world_each_endpoint(const struct world *world, const char *site,
                           void (*each)(const char *key, void *context), void *context);

#endif
