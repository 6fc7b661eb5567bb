// SPDX-License-Identifier: MIT
// What nearwell replay found, as text, JSON, TAP and JUnit XML.
#ifndef NEARWELL_APP_CLI_REPLAY_OUTPUT_H
#define NEARWELL_APP_CLI_REPLAY_OUTPUT_H

#include <jansson.h>
#include <stdio.h>

#include "core/scenario/recording_replay.h"
#include "core/scenario/replay.h"

struct replay_lines {
    struct replay_line {
        mono_time at;
        char *kind;
        char *text;
    } * items;
    size_t count;
};

// One file that was replayed.
struct replay_result {
    const char *file;
    char *description; // NULL of a recording
    uint64_t seed;
    char *repeat; // the command that does it again
    struct replay_report report;
    bool is_recording; // then this, in place of the report
    struct recording_report recording;
    struct replay_lines lines;    // the timeline
    struct replay_lines baseline; // without the what-ifs; empty when there are none
    bool compared;
};

void replay_lines_add(struct replay_lines *lines, mono_time at, const char *kind, const char *text);
void replay_result_free(struct replay_result *result);

void replay_print_text(const struct replay_result *result, bool timeline, FILE *out);
void replay_print_tap(const struct replay_result *results, size_t count, FILE *out);
void replay_print_junit(const struct replay_result *results, size_t count, FILE *out);
json_t *replay_json(const struct replay_result *results, size_t count, bool timeline); // the caller's

#endif
