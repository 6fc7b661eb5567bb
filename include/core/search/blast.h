// SPDX-License-Identifier: MIT
// How many clients a change moves, from where to where, and what it costs them in round trips: two policies,
// or one in two states of health. Pure; any thread.
#ifndef NEARWELL_CORE_SEARCH_BLAST_H
#define NEARWELL_CORE_SEARCH_BLAST_H

#include <jansson.h>

#include "base/buffer.h"
#include "core/search/atlas.h"

enum { BLAST_SCHEMA_VERSION = 1, BLAST_PLACES_SHOWN = 10 };

struct blast_side {
    const struct atlas *atlas;
    const struct status_table *status;
};

// Names, sites and places are matched by name; clients are counted by the population before. The caller's.
// Members: schema_version, places, places_left_out (not known afterwards), names[]: name, type,
// only ("before", "after" or absent: there is nothing to compare), moved_percent, before_ms, after_ms (of the
// average client; null when a site is no AWS region), flows[] (the largest first) and places[] (who loses
// most): from, to (null: no answer), percent, before_ms, after_ms; sites[]: site, before_percent,
// after_percent, capacity_percent.
json_t *blast_json(const struct blast_side *before, const struct blast_side *after);
void blast_text(const json_t *report, struct buffer *out);

#endif
