// SPDX-License-Identifier: MIT
// The daemon's own time: what health, overrides, the API and the status read. Real, or moved by hand
// (--clock manual); connections, timeouts and signatures always live in real time. A value; control thread.
#ifndef NEARWELL_APP_DAEMON_CLOCK_H
#define NEARWELL_APP_DAEMON_CLOCK_H

#include <stdbool.h>

#include "base/time.h"

struct daemon_clock {
    bool manual;
    mono_time mono; // manual only: the time now
    wall_time wall;
};

struct daemon_clock daemon_clock_start(bool manual); // a manual clock starts at the real time, and stands
mono_time daemon_clock_mono(const struct daemon_clock *clock);
wall_time daemon_clock_wall(const struct daemon_clock *clock);
void daemon_clock_move(struct daemon_clock *clock, mono_time to); // manual only, and never back

#endif
