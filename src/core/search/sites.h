// SPDX-License-Identifier: MIT
// What stands where: the site of each leaf, and the sites whose death is a health check's.
#ifndef NEARWELL_CORE_SEARCH_SITES_H
#define NEARWELL_CORE_SEARCH_SITES_H

#include "core/search/atlas.h"

// Fills sites, leaves[].site, roots[].sites, check_sites and check_used of an atlas that is laid out. False:
// there are more than ATLAS_SITES_MAX.
bool sites_find(struct atlas *atlas, struct error *error);

#endif
