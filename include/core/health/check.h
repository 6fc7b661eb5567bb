// SPDX-License-Identifier: MIT
// The state of one checker and of one check as pure functions: (state, observation) to state. Rules V1-V3,
// A1-A6, S1-S8. Values only; any thread.
#ifndef NEARWELL_CORE_HEALTH_CHECK_H
#define NEARWELL_CORE_HEALTH_CHECK_H

#include <stdbool.h>
#include <stdint.h>

// One checker's opinion after the FailureThreshold filter.
struct checker_verdict {
    bool healthy;    // seed: H5, A7
    uint8_t against; // consecutive results that contradict healthy
};

// Returns true when the verdict flipped (V1, V2).
bool checker_observe(struct checker_verdict *verdict, bool success, uint8_t failure_threshold);

// A1, A2, A6: strictly more than percent of those that report, in integers; last when none does.
bool check_aggregate(uint32_t healthy, uint32_t reporting, uint8_t percent, bool last);

// The smallest number of healthy verdicts for HEALTHY.
uint32_t check_needed(uint32_t reporting, uint8_t percent);

// S6: threshold 0 is always healthy, one above the number of children never.
bool check_calculate(uint32_t healthy_children, uint32_t health_threshold);

// S3: Disabled fixes raw, Inverted is applied after it.
bool check_final(bool raw, bool disabled, bool inverted);

#endif
