// SPDX-License-Identifier: MIT
// A replay under way: what its parts (replay.c, happen.c, judge.c) share. One owner, one thread.
#ifndef NEARWELL_CORE_SCENARIO_RUN_H
#define NEARWELL_CORE_SCENARIO_RUN_H

#include "answers.h"
#include "base/queue.h"
#include "core/scenario/replay.h"
#include "script.h"
#include "world.h"

// What an event needs to know about its next occurrence.
struct occurrence {
    uint64_t left;        // of Times
    struct random chance; // of Chance
};

enum outcome { OUTCOME_PENDING, OUTCOME_DECIDED };

struct judged {
    enum outcome outcome;
    mono_time *dead_since; // by place, for Never DeadSite; MONO_NEVER: alive
    uint32_t places;
};

struct clients;

struct run {
    struct scenario *scenario;
    const struct replay_options *options;
    struct replay_report *report;
    struct world world;
    struct answers *answers;
    struct clients *clients; // NULL: the scenario has no ClientClasses
    struct queue moments;    // payload: see replay.c
    struct occurrence *occurrences;
    struct judged *judged;
    uint8_t regions_out; // checker regions
    bool changed;        // something that answers depend on, since they were last asked
    bool touched;        // something that is not in them: endpoints, the control plane
};

// A line of the timeline. Part of the digest whether or not anybody reads it.
void run_line(struct run *run, const char *kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// Takes the four texts, malloc'd.
void run_verdict(struct run *run, bool passed, unsigned line, unsigned column, char *question, char *expected,
                 char *got, char *explanation);

// For whoever records; the time is filled in.
void run_record(struct run *run, struct recording_event event);
void run_record_policy(struct run *run, const struct script_policy *policy);

// happen.c: an event begins or ends. Ends of what lasts are put into the queue.
void run_begin(struct run *run, uint32_t event);
void run_end(struct run *run, uint32_t event);
// Puts the next occurrence of a Chance event, after this time, into the queue.
void run_chance(struct run *run, uint32_t event, mono_time after);

// judge.c: decides what can be decided now. due: this expectation's own moment has come.
void run_judge(struct run *run, uint32_t number, bool due);
void run_judge_rest(struct run *run); // at the end

enum moment { MOMENT_BEGIN, MOMENT_END, MOMENT_JUDGE };
static inline void run_at(struct run *run, mono_time at, enum moment moment, uint32_t index)
{
    queue_push(&run->moments, at, (uint64_t)moment << 32 | index);
}

#endif
