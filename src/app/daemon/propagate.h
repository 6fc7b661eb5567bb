// SPDX-License-Identifier: MIT
// Puts models in force when they have reached DNS (core/model/propagation.h). Control thread.
#ifndef NEARWELL_APP_DAEMON_PROPAGATE_H
#define NEARWELL_APP_DAEMON_PROPAGATE_H

#include "core/model/propagation.h"

struct daemon;

void propagate_open(struct daemon *daemon);
void propagate_close(struct daemon *daemon);

// Takes the model that follows from a change. delayed: of what the policy may delay.
void propagate(struct daemon *daemon, struct model *model, bool delayed, mono_time now);
void propagate_arrived(struct daemon *daemon, mono_time now); // puts in force what has arrived by now

#endif
