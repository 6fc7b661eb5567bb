// SPDX-License-Identifier: MIT
#include "core/health/check.h"

bool checker_observe(struct checker_verdict *verdict, bool success, uint8_t failure_threshold)
{
    if (success == verdict->healthy) {
        verdict->against = 0;
        return false;
    }
    verdict->against++;
    if (verdict->against < failure_threshold) {
        return false;
    }
    *verdict = (struct checker_verdict){.healthy = success};
    return true;
}

bool check_aggregate(uint32_t healthy, uint32_t reporting, uint8_t percent, bool last)
{
    if (reporting == 0) {
        return last;
    }
    return (uint64_t)healthy * 100 > (uint64_t)percent * reporting;
}

uint32_t check_needed(uint32_t reporting, uint8_t percent)
{
    return (uint32_t)((uint64_t)percent * reporting / 100) + 1;
}

bool check_calculate(uint32_t healthy_children, uint32_t health_threshold)
{
    return healthy_children >= health_threshold;
}

bool check_final(bool raw, bool disabled, bool inverted)
{
    return (disabled || raw) != inverted;
}
