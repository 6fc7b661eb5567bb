// SPDX-License-Identifier: MIT
// A scenario carried out in virtual time through the core that the daemon runs: the same fleet takes the
// observations of scripted endpoints, the same resolver answers. Steps are ordered by (time, sequence):
// events, then probes and their results, then expectations. The same scenario and seed give the same lines,
// byte for byte. Pure; one owner, one thread.
#ifndef NEARWELL_CORE_SCENARIO_REPLAY_H
#define NEARWELL_CORE_SCENARIO_REPLAY_H

#include <jansson.h>

#include "core/scenario/recording.h"
#include "core/scenario/scenario.h"

struct replay_options {
    // One line of the timeline: what kind it is ("event", "health", "answer", "expect") and what happened.
    // NULL: nobody wants to know.
    void (*line)(mono_time at, const char *kind, const char *text, void *context);
    // The run as a recording: every event of it, in order. Shifts of the latency table are not in there, and
    // no answers while there is one. NULL: nobody records.
    void (*record)(const struct recording_event *event, void *context);
    // Now and then, for people who wait; at most once for each percent of the whole. NULL: nobody waits.
    void (*progress)(mono_time at, mono_time end, void *context);
    // After every step that may have changed an answer, and at the start. NULL: nobody asks.
    void (*look)(mono_time at, const struct view *view, void *context);
    void *context;
    uint64_t steps_most; // 0: no limit; the run ends early after so many
};

// One expectation, or an event that did not go as the scenario says.
struct replay_verdict {
    bool passed;
    unsigned line; // in the scenario file
    unsigned column;
    mono_time at;   // when it was decided
    char *question; // what was looked at: "api.example.com. A for a client in DE"
    char *expected;
    char *got;
    char *explanation; // "" when there is nothing to explain
};

struct replay_report {
    struct replay_verdict *verdicts;
    size_t count;
    size_t failed;
    uint64_t steps;
    uint64_t probes;
    uint64_t health_changes;
    uint64_t answer_changes; // of one place each
    json_t *clients;         // caches_report(); NULL: the scenario has no ClientClasses
    mono_time end;
    bool cut_short;  // by steps_most
    uint64_t digest; // of all lines and verdicts: two runs agree if these do
};

// A scenario runs once: its policies become the run's.
void replay_run(struct scenario *scenario, const struct replay_options *options, struct replay_report *out);
void replay_report_free(struct replay_report *report);

// "1:02:03.456", hours, minutes and seconds since the start.
enum { REPLAY_TIME_TEXT = 32 };
void replay_time_format(mono_time at, char out[REPLAY_TIME_TEXT]);

#endif
