// SPDX-License-Identifier: MIT
// The AWS regions that Route 53 accepts for latency records, with coordinates (semantics reference,
// section 12), and the eight that have health checkers. A fixed table; pure; any thread.
#ifndef NEARWELL_CORE_MODEL_REGION_H
#define NEARWELL_CORE_MODEL_REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum { REGION_COUNT = 39, CHECKER_REGION_COUNT = 8 };
#define REGION_NONE UINT8_MAX

struct region {
    const char *code;        // "us-east-1"
    const char *name;        // "N. Virginia"
    const char *continent;   // "NA", rule G8
    const char *country;     // "US"
    const char *subdivision; // "VA", or NULL
    float latitude;          // degrees, approximate: a modelling aid, not AWS data
    float longitude;
    bool checkers; // one of the eight health-checker regions
};

const struct region *region_at(uint8_t id); // id < REGION_COUNT
uint8_t region_find(struct bytes code);     // REGION_NONE when unknown
const char *const *region_codes(void);      // NULL-terminated, for "did you mean"

// The eight checker regions, in the order of the region table: 0-7 to region id and back.
uint8_t checker_region_at(unsigned i);
int checker_region_index(uint8_t region); // -1 when it has no checkers

// Great-circle distance in km (haversine, mean earth radius 6371.0088 km). Degrees in.
double great_circle_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b);

#endif
