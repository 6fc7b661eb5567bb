// SPDX-License-Identifier: MIT
// What operators imposed, as the text that a state file keeps, and as those of a journal. Pure; any thread.
#ifndef NEARWELL_CORE_ADMIN_OVERRIDE_ROW_H
#define NEARWELL_CORE_ADMIN_OVERRIDE_ROW_H

#include <jansson.h>

#include "core/health/fleet.h"

char *override_row_print(const struct override *override); // the caller's

// now and wall tell what is left of its time. False: no such text, or its time is over.
bool override_row_parse(struct bytes text, mono_time now, wall_time wall, struct override *out);

// ["Inverted true", "Verdict unhealthy", "until 2026-11-27T00:10:07.137Z"]; empty when it says nothing. The
// caller's.
json_t *override_subjects(const struct override *override);

#endif
