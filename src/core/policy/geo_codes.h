// SPDX-License-Identifier: MIT
// The areas that a geolocation record set can name: what Route 53's ListGeoLocations lists (semantics
// reference, section 7.5). Continent and country codes collide, so each has a search of its own. Fixed
// tables; pure; any thread.
#ifndef NEARWELL_CORE_POLICY_GEO_CODES_H
#define NEARWELL_CORE_POLICY_GEO_CODES_H

#include <stdbool.h>

const char *const *geo_continents(void); // NULL-terminated, in the order of the field's choices

bool geo_is_country(const char *code); // 246 countries; not "*"
// The country that someone who wrote this most likely meant: "UK" is "GB". NULL when unclear. Case ignored.
const char *geo_country_meant(const char *code);

bool geo_has_subdivisions(const char *country); // US and UA
bool geo_is_subdivision(const char *country, const char *code);

#endif
