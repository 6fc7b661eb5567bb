// SPDX-License-Identifier: MIT
// CIDR collections of a spec, frozen for longest-prefix search (I1-I3).
#ifndef NEARWELL_CORE_MODEL_CIDR_BUILDER_H
#define NEARWELL_CORE_MODEL_CIDR_BUILDER_H

#include "core/model/builder.h"

// LocationNames are numbered per collection by their first block; one without blocks gets CIDR_UNKNOWN.
#define CIDR_UNKNOWN (UINT32_MAX - 1)

void cidr_builder_run(struct model *model, const struct model_spec *spec);

// The collection must exist. "*" is CIDR_DEFAULT.
void cidr_find(const struct model *model, const char *collection_id, const char *location_name,
               uint16_t *collection, uint32_t *location);

#endif
