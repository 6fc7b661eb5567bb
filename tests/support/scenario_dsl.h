// SPDX-License-Identifier: MIT
// Scenarios in tests: written with single quotes, files of the checkout or in memory, lines kept.
#ifndef NEARWELL_TESTS_SUPPORT_SCENARIO_DSL_H
#define NEARWELL_TESTS_SUPPORT_SCENARIO_DSL_H

#include "core/scenario/replay.h"

struct scenario_dsl {
    struct replay_report report; // zero when the file has errors
    struct buffer lines;         // "1:23.456 kind text"
    struct buffer findings;
    bool read;
};

// Reads and replays. options may be NULL: policies are then read from the checkout, with a small latency
// table by default: the places DE, JP and US, the regions eu-west-1, ap-northeast-1 and us-east-1.
void scenario_dsl_run(struct scenario_dsl *dsl, const char *text, const struct scenario_options *options);
// The same for a text as it is, under a name.
void scenario_dsl_run_text(struct scenario_dsl *dsl, const char *name, struct bytes text,
                           const struct scenario_options *options);
void scenario_dsl_free(struct scenario_dsl *dsl);

// Fails the test, with what went wrong, unless every expectation holds.
void scenario_dsl_passes(const char *text);

// How scenario_dsl_run reads policies.
struct scenario_options scenario_dsl_options(void);

#endif
