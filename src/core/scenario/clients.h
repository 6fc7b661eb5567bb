// SPDX-License-Identifier: MIT
// Clients with caches in a replay: hears of answers and endpoints as they change, and judges at the end what
// each class of clients may suffer. One owner, one thread.
#ifndef NEARWELL_CORE_SCENARIO_CLIENTS_H
#define NEARWELL_CORE_SCENARIO_CLIENTS_H

#include "run.h"

struct clients;

struct clients *clients_create(const struct scenario *scenario, const struct world *world);
void clients_destroy(struct clients *clients); // NULL is fine

// After every step. changed: answers may have.
void clients_step(struct clients *clients, const struct answers *answers, const struct world *world,
                  bool changed);

// The report (core/population/caches.h), the caller's, after a verdict for each expectation of a class.
json_t *clients_finish(struct clients *clients, struct run *run);

#endif
