// SPDX-License-Identifier: MIT
// MaxMind DB files: every network of a country or city database with where it is. Reads what MaxMind and
// DB-IP write: country_code or country.iso_code; subdivisions[0] or state1. Blocks; any thread.
// Source: the MaxMind DB file format specification, version 2.0.
#ifndef NEARWELL_IO_FILES_MMDB_H
#define NEARWELL_IO_FILES_MMDB_H

#include "base/error.h"
#include "core/location/blocks.h"

enum { MMDB_FILE_MAX = 1 << 30 }; // bytes

// blocks has its resolve set and nothing else. Errors name the path; blocks may then have some networks, and
// is the caller's to free either way.
bool mmdb_read(const char *path, struct location_blocks *blocks, struct error *error);
// The same for a file in memory.
bool mmdb_parse(struct bytes file, struct location_blocks *blocks, struct error *error);

#endif
