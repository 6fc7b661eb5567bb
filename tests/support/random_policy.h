// SPDX-License-Identifier: MIT
// Random policies in the words of model_dsl.h, and random questions to them. Addresses, blocks, latencies and
// weights are of few values each, so that they meet: blocks within blocks, ties, branches with nothing up.
// The zone has the groups g0 to g5.example.com, type A, of all policies; aliases lead to later ones, so there
// are no cycles, and some lead nowhere. Each record has an address of its own. The same seed gives the same
// policy.
#ifndef NEARWELL_TESTS_SUPPORT_RANDOM_POLICY_H
#define NEARWELL_TESTS_SUPPORT_RANDOM_POLICY_H

#include "base/random.h"
#include "support/model_dsl.h"

enum { RANDOM_POLICY_LINES = 160, RANDOM_POLICY_LINE = 256 };

struct random_policy {
    char lines[RANDOM_POLICY_LINES][RANDOM_POLICY_LINE];
    unsigned count;
    unsigned addresses; // used so far
};

struct random_question {
    unsigned group; // 3: g3.example.com
    uint32_t down;  // bit n: check hn is unhealthy
    struct client client;
    uint64_t seed; // of the draws
};

struct random_policy *random_policy_create(uint64_t seed);             // freed with free()
void random_policy_break_ties_by_chance(struct random_policy *policy); // R7's other reading
void random_policy_make_private(struct random_policy *policy);         // each address in one of a few VPCs
struct test_view *random_policy_view(const struct random_policy *policy);
// Without line i; false, and nothing done, for a line that the others need.
bool random_policy_drop(struct random_policy *policy, unsigned i);

struct random_question random_question_make(struct random *random);
// NULL when the policy has no such group.
const struct record_group *random_question_group(const struct test_view *view,
                                                 const struct random_question *question);
void random_question_set_health(struct test_view *view, const struct random_question *question);

// Everything that repeats a case, on standard error.
void random_policy_show(const struct random_policy *policy, const struct random_question *question);

bool random_chance(struct random *random, unsigned percent);

#endif
