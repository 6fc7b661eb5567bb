// SPDX-License-Identifier: MIT
// Due probes out of a fleet, scripted observations back into it, in whatever time the caller says it is: the
// counterpart of the daemon's prober without a network. One owner, one thread.
#ifndef NEARWELL_CORE_SCENARIO_PROBER_H
#define NEARWELL_CORE_SCENARIO_PROBER_H

#include "core/health/fleet.h"
#include "core/scenario/endpoint.h"

struct scripted_prober;

struct scripted_prober_options {
    // Spreads the checkers of each check evenly: checker i of n probes i/n of an interval after the multiples
    // of the interval (P4: tests may pin the phases). Each checker's first probe lasts until its place.
    bool spread;
    // Every observation once the fleet has had it, and whether it took it; NULL: nobody wants to know.
    void (*observed)(const struct probe_order *order, const struct observation *observation, bool taken,
                     void *context);
    void *context;
};

// The fleet and the endpoints must outlive the prober. options may be NULL.
struct scripted_prober *scripted_prober_create(struct fleet *fleet, const struct endpoints *endpoints,
                                               const struct scripted_prober_options *options);
void scripted_prober_destroy(struct scripted_prober *prober); // NULL is fine

// When there is next something to do, for the fleet itself too; MONO_NEVER when there is not.
mono_time scripted_prober_next(const struct scripted_prober *prober);

// Advances the fleet to now, delivers what has arrived and starts what is due. now never goes back.
void scripted_prober_step(struct scripted_prober *prober, mono_time now, wall_time wall);

// Checkers of these regions (bit i: checker_region_at(i)) are out: their probes say nothing, for or against
// (OBSERVED_INTERNAL), until they are back.
void scripted_prober_silence(struct scripted_prober *prober, uint8_t regions);

size_t scripted_prober_active(const struct scripted_prober *prober); // probes under way

#endif
