// SPDX-License-Identifier: MIT
// Scenarios made by chance: a small policy, some events, some expectations that may fail. The same seed, the
// same text.
#ifndef NEARWELL_TESTS_SUPPORT_RANDOM_SCENARIO_H
#define NEARWELL_TESTS_SUPPORT_RANDOM_SCENARIO_H

#include <stdint.h>

#include "base/buffer.h"

void random_scenario(uint64_t seed, struct buffer *out);

#endif
