// SPDX-License-Identifier: MIT
// When a checker starts: P4. Pure; any thread.
#ifndef NEARWELL_CORE_HEALTH_SCHEDULE_H
#define NEARWELL_CORE_HEALTH_SCHEDULE_H

#include <stdint.h>

#include "base/time.h"

// Uniform in [0, interval), fixed by the seed, the check's id and the checker's number alone: other checks
// and other checkers may come and go without moving it.
duration schedule_phase(uint64_t seed, const char *check_id, uint32_t checker, duration interval);

#endif
