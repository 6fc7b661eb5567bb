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

// What EvaluateTargetHealth finds (Q3). Resources are behind the checks in the status table; one that has
// only the checks, as for a what-if, leaves it at what the policy says.
static inline bool view_resource_healthy(const struct view *view, const struct resource *resource)
{
    uint32_t slot = view->model->health_check_count + (uint32_t)(resource - view->model->resources);
    return slot < view->status->count ? status_table_healthy(view->status, slot) : resource->healthy;
}

#endif
