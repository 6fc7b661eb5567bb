// SPDX-License-Identifier: MIT
// What a location database says, as it is read: networks in ascending order that do not overlap, each with a
// place. Networks side by side in the same place become one, so that answers hold for as many clients as
// they can (the EDNS scope). Pure; one owner, one thread.
#ifndef NEARWELL_CORE_LOCATION_BLOCKS_H
#define NEARWELL_CORE_LOCATION_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/ip.h"

enum { LOCATION_BLOCKS_MAX = 1 << 25 };
#define LOCATION_NO_PLACE UINT32_MAX

struct location_block {
    struct ip_prefix prefix;
    uint32_t place; // of whoever resolves
};

struct location_blocks {
    // The number of the place for a country ("US") and a subdivision ("CA", or "" when unknown);
    // LOCATION_NO_PLACE when there is none. Asked anew for the same area now and then.
    uint32_t (*resolve)(const char *country, const char *subdivision, void *context);
    void *context;
    struct location_block *items; // owned
    size_t count;
    size_t room;
    size_t skipped;  // networks without a place
    uint64_t digest; // of the database: the same bytes, the same digest
};

// Everything else zero at first. False when there are too many.
bool location_blocks_add(struct location_blocks *blocks, const struct ip_prefix *prefix, uint32_t place);
void location_blocks_free(struct location_blocks *blocks);

// The code that geolocation uses for a state or province, "CA" for US "California" and for US "CA"; false
// when text is neither a name that is known nor a code.
enum { LOCATION_CODE = 4 };
bool location_subdivision(const char *country, struct bytes text, char out[LOCATION_CODE]);

#endif
