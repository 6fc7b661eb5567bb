// SPDX-License-Identifier: MIT
// What Route 53 would answer, worked out a second time: sections 6 to 8 of the semantics reference read word
// by word, slow and without sharing a line with src/core/routing. Chance is enumerated instead of drawn, so
// the result is every possible answer with its probability. Reads the model and the health statuses only: not
// the locator, not the latency table.
#ifndef NEARWELL_TESTS_SUPPORT_SLOW_EVALUATOR_H
#define NEARWELL_TESTS_SUPPORT_SLOW_EVALUATOR_H

#include <stddef.h>

#include "core/routing/decide.h"

struct slow_outcome {
    const struct record_set *sets[DECISION_RECORD_SETS_MAX]; // by address; count 0 is NODATA
    unsigned count;
    bool fail_open; // R3 was needed somewhere on the way
    double probability;
};

struct slow_distribution {
    struct slow_outcome *outcomes;
    size_t count;
    size_t room;
};

// Starts at zeros or at an earlier result, which it replaces. The model must be free of alias cycles, and
// every place must have its own round trip to each region in use.
void slow_decide(const struct view *view, const struct client *client, const struct record_group *group,
                 struct slow_distribution *out);
void slow_distribution_free(struct slow_distribution *distribution);

// The outcome with these record sets, in any order, by fail-open or not; NULL when it cannot happen.
const struct slow_outcome *slow_find(const struct slow_distribution *distribution,
                                     const struct record_set *const *sets, unsigned count, bool open);
bool slow_equal(const struct slow_distribution *a, const struct slow_distribution *b);

// Q1 without the target: the record set's own health check, if it has one.
bool slow_healthy(const struct view *view, const struct record_set *record_set);

#endif
