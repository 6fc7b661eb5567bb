// SPDX-License-Identifier: MIT
// nearwell replay --live: does the simulator tell the truth?
#ifndef NEARWELL_APP_CLI_REPLAY_LIVE_H
#define NEARWELL_APP_CLI_REPLAY_LIVE_H

#include "core/scenario/scenario.h"

struct live_options {
    struct scenario_options scenario;
    double speed;             // 0: so that the longest RequestInterval takes half a second
    double tolerance_s;       // of real time; 0: that of one interval and half a second more
    const char *live_setting; // a what-if for the daemon's policy only; NULL: none
    bool json;
};

// Plays the scenario in virtual time, and again with a daemon, sample regions and DNS queries, and compares
// what clients are answered. Returns the exit code: EXIT_OK when all of them agree.
int replay_live(const char *file, const struct live_options *options);

#endif
