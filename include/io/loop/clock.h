// SPDX-License-Identifier: MIT
// The only reader of clocks. A shell samples once per event and hands the value down; nobody asks again.
#ifndef NEARWELL_IO_LOOP_CLOCK_H
#define NEARWELL_IO_LOOP_CLOCK_H

#include "base/time.h"

mono_time clock_mono(void); // CLOCK_MONOTONIC; any thread
wall_time clock_wall(void); // CLOCK_REALTIME; any thread

#endif
