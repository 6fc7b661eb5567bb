// SPDX-License-Identifier: MIT
// Zones and record sets of a spec to the nodes, groups and the name table of a model.
#ifndef NEARWELL_CORE_MODEL_NODE_BUILDER_H
#define NEARWELL_CORE_MODEL_NODE_BUILDER_H

#include "base/map.h"
#include "core/model/builder.h"

// check_ids: health check id to index + 1. Fills zones, names and the counts of them.
void node_builder_run(struct model *model, const struct model_spec *spec, const struct map *check_ids);

#endif
