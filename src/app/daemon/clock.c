// SPDX-License-Identifier: MIT
#include "clock.h"

#include <assert.h>

#include "io/loop/clock.h"

struct daemon_clock daemon_clock_start(bool manual)
{
    return (struct daemon_clock){.manual = manual, .mono = clock_mono(), .wall = clock_wall()};
}

mono_time daemon_clock_mono(const struct daemon_clock *clock)
{
    return clock->manual ? clock->mono : clock_mono();
}

wall_time daemon_clock_wall(const struct daemon_clock *clock)
{
    return clock->manual ? clock->wall : clock_wall();
}

void daemon_clock_move(struct daemon_clock *clock, mono_time to)
{
    assert(clock->manual && !mono_before(to, clock->mono));
    clock->wall = wall_add(clock->wall, mono_since(to, clock->mono));
    clock->mono = to;
}
