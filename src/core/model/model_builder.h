// SPDX-License-Identifier: MIT
// What is made for a model once its parts are there.
#ifndef NEARWELL_CORE_MODEL_MODEL_BUILDER_H
#define NEARWELL_CORE_MODEL_MODEL_BUILDER_H

#include "core/model/parts.h"

// Zones and places are known. A VPC's id borrows from the part that names it.
void vpc_builder_run(struct model *model);

#endif
