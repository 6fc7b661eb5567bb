// SPDX-License-Identifier: MIT
// All that one decision may read: the policy as a model, where clients are, how far regions are, what is up.
// Immutable as long as anyone can see it; any thread.
#ifndef NEARWELL_CORE_ROUTING_VIEW_H
#define NEARWELL_CORE_ROUTING_VIEW_H

#include "core/health/status_table.h"
#include "core/location/client.h"
#include "core/location/latency_table.h"
#include "core/model/model.h"

struct view {
    const struct model *model;
    const struct locator *locator;
    const struct latency_table *latency;
    const struct status_table *status;
};

#endif
