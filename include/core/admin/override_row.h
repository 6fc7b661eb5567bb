// SPDX-License-Identifier: MIT
// What operators imposed, as the text that a state file keeps. Pure; any thread.
#ifndef NEARWELL_CORE_ADMIN_OVERRIDE_ROW_H
#define NEARWELL_CORE_ADMIN_OVERRIDE_ROW_H

#include "core/health/fleet.h"

char *override_row_print(const struct override *override); // the caller's

// now and wall tell what is left of its time. False: no such text, or its time is over.
bool override_row_parse(struct bytes text, mono_time now, wall_time wall, struct override *out);

#endif
