// SPDX-License-Identifier: MIT
// The places that ListGeoLocations lists, in its order: the default, countries by code, each with its
// subdivisions behind it, and continents last. Constant; any thread. Source: API reference 3.12, semantics
// reference 7.5.
#ifndef NEARWELL_CORE_ROUTE53_GEO_PLACES_H
#define NEARWELL_CORE_ROUTE53_GEO_PLACES_H

#include <stdbool.h>
#include <stddef.h>

// Codes and their names; NULL where a place has none.
struct geo_place {
    const char *continent;
    const char *continent_name;
    const char *country;
    const char *country_name;
    const char *subdivision;
    const char *subdivision_name;
};

bool geo_place_at(size_t index, struct geo_place *out); // false behind the last

#endif
