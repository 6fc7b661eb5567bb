// SPDX-License-Identifier: MIT
// POST /admin/clock: {"Advance": "90s"} moves a manual clock. Pure; any thread.
#ifndef NEARWELL_CORE_ADMIN_CLOCK_REQUEST_H
#define NEARWELL_CORE_ADMIN_CLOCK_REQUEST_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/time.h"

// At most 31 days at once, since everything in between is carried out before the reply. False: problems says
// all that is wrong, on lines of their own.
bool clock_request_parse(struct bytes text, duration *out, struct buffer *problems);

#endif
