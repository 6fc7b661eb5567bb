// SPDX-License-Identifier: MIT
// CIDR collections of a spec, frozen for longest-prefix search (I1-I3): what record sets ask of them.
#ifndef NEARWELL_CORE_MODEL_CIDR_BUILDER_H
#define NEARWELL_CORE_MODEL_CIDR_BUILDER_H

#include "core/model/parts.h"

// LocationNames are numbered per collection by their first block; one without blocks gets CIDR_UNKNOWN.
#define CIDR_UNKNOWN (UINT32_MAX - 1)

// The collection must exist. "*" is CIDR_DEFAULT.
void cidr_find(const struct collection_list *list, const char *collection_id, const char *location_name,
               uint16_t *collection, uint32_t *location);

#endif
