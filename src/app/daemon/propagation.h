// SPDX-License-Identifier: MIT
// The way of a change from the API to DNS (B4): at once, or RecordDelaySeconds later. Health checks do not
// wait, so what waits gets them too. Control thread.
#ifndef NEARWELL_APP_DAEMON_PROPAGATION_H
#define NEARWELL_APP_DAEMON_PROPAGATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/time.h"

struct daemon;
struct model;
struct loop_timer;

struct propagating {
    mono_time due;
    struct model *model;
};

struct propagation {
    struct propagating *waiting; // in order of due
    size_t count;
    size_t room;
    struct loop_timer *timer;
};

void propagation_open(struct daemon *daemon);
void propagation_close(struct daemon *daemon);

// Takes the model that follows from a change. delayed: of what the policy may delay.
void propagate(struct daemon *daemon, struct model *model, bool delayed, mono_time now);
const struct model *propagation_latest(const struct daemon *daemon); // of the account, in force or not yet

mono_time propagation_next(const struct daemon *daemon);    // MONO_NEVER: nothing waits
void propagation_run(struct daemon *daemon, mono_time now); // puts in force what is due
void propagation_clear(struct daemon *daemon);

#endif
