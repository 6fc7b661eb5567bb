// SPDX-License-Identifier: MIT
// The way of a change from the API to DNS (B4): at once, or Simulator.RecordDelaySeconds later. Health checks
// do not wait, so what waits gets them too. Pure; one owner, one thread.
#ifndef NEARWELL_CORE_MODEL_PROPAGATION_H
#define NEARWELL_CORE_MODEL_PROPAGATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/time.h"
#include "core/model/model.h"

struct propagating {
    mono_time due;
    struct model *model;
};

struct propagation {             // {0}: nothing waits
    struct propagating *waiting; // in order of due; owned
    size_t count;
    size_t room;
};

// Takes the model that follows from a change, and gives back what is to be in force instead of current from
// now on: it, or current with its health checks; NULL: nothing yet. The caller owns that. delayed: of what
// the policy may delay.
struct model *propagation_submit(struct propagation *propagation, const struct model *current,
                                 struct model *model, bool delayed, mono_time now);

// The next model that has arrived by now, the earliest first; the caller owns it. NULL: there is none.
struct model *propagation_arrive(struct propagation *propagation, mono_time now);
mono_time propagation_next(const struct propagation *propagation); // MONO_NEVER: nothing waits

// What follows from all changes so far, in force or not yet.
const struct model *propagation_latest(const struct propagation *propagation, const struct model *current);

void propagation_clear(struct propagation *propagation); // forgets what waits, and frees it all

#endif
