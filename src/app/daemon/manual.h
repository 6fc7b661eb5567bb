// SPDX-License-Identifier: MIT
// Probes without a network and time without waiting: --clock manual. Scripted endpoints answer the probes
// (core/scenario/endpoint.h), and what is due is carried out, in order, when the clock is moved. Control
// thread.
#ifndef NEARWELL_APP_DAEMON_MANUAL_H
#define NEARWELL_APP_DAEMON_MANUAL_H

#include "core/health/fleet.h"
#include "core/scenario/endpoint.h"

struct manual;

struct manual *manual_create(void);
void manual_destroy(struct manual *manual); // NULL is fine
struct endpoints *manual_endpoints(struct manual *manual);

// A probe that starts now; its observation is known at once and arrives when manual_next says.
void manual_probe(struct manual *manual, const struct fleet *fleet, const struct probe_order *order,
                  mono_time now);
mono_time manual_next(const struct manual *manual); // when the next observation arrives; MONO_NEVER
// The earliest observation that has arrived by now; false when there is none.
bool manual_take(struct manual *manual, mono_time now, struct probe_order *order,
                 struct observation *observation);

#endif
