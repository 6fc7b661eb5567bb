// SPDX-License-Identifier: MIT
// A recording (recording.h) carried out again: its inputs drive the core, and the verdicts and answers that
// come of them are compared with those that were recorded. Pure; one owner, one thread.
#ifndef NEARWELL_CORE_SCENARIO_RECORDING_REPLAY_H
#define NEARWELL_CORE_SCENARIO_RECORDING_REPLAY_H

#include "base/error.h"
#include "core/policy/load.h"
#include "core/scenario/replay.h"

enum { RECORDING_TEXT_MAX = 1 << 30 };

// Is it a recording at all? Scenarios begin otherwise.
bool recording_recognize(struct bytes text);

struct recording_options {
    struct policy_options policy; // read_file is not used: the files are in the recording
    const char *const
        *settings; // what-ifs (what_if.h); NULL-terminated or NULL. Differences are then expected
    const struct replay_options *replay; // as for a scenario; NULL: nobody wants to know
};

struct recording_report {
    uint64_t events;
    uint64_t observations;
    uint64_t ignored; // observations that the core did not want, as it did then
    uint64_t verdicts;
    uint64_t queries;
    uint64_t differences; // verdicts and answers that came out otherwise
    mono_time end;
    bool complete;   // has its end; without, the daemon was killed, or goes on
    bool cut;        // the last line was cut off
    uint64_t digest; // of all verdicts and answers: two replays agree if these do
};

// Lines are told through options->replay, of the kinds "event", "health" and "differs". False when the text
// is no recording, is damaged, or its events cannot be: error says in which line. The report then goes as far
// as the replay went.
bool recording_replay(struct bytes text, const struct recording_options *options,
                      struct recording_report *report, struct error *error);

#endif
