// SPDX-License-Identifier: MIT
#include "io/loop/clock.h"

#include <time.h>

static int64_t read_clock(clockid_t clock)
{
    struct timespec at;
    clock_gettime(clock, &at); // cannot fail for these two clocks
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

mono_time clock_mono(void)
{
    return (mono_time){read_clock(CLOCK_MONOTONIC)};
}

wall_time clock_wall(void)
{
    return (wall_time){read_clock(CLOCK_REALTIME)};
}
