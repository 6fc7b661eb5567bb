// SPDX-License-Identifier: MIT
// AWS resources of a spec, frozen. Aliases point at them, so they come before the nodes.
#ifndef NEARWELL_CORE_MODEL_RESOURCE_BUILDER_H
#define NEARWELL_CORE_MODEL_RESOURCE_BUILDER_H

#include "core/model/builder.h"

void resource_builder_run(struct model *model, const struct model_spec *spec);

#endif
