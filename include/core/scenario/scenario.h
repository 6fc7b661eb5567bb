// SPDX-License-Identifier: MIT
// A scenario: a policy, what happens when, and what must come of it, read from a file (scenarios/README.md)
// with every finding in its place. Immutable once read; any thread.
#ifndef NEARWELL_CORE_SCENARIO_SCENARIO_H
#define NEARWELL_CORE_SCENARIO_SCENARIO_H

#include "core/json/diagnostic.h"
#include "core/policy/load.h"

enum {
    SCENARIO_TEXT_MAX = 16 << 20,
    SCENARIO_DEPTH_MAX = 40,
    SCENARIO_EVENTS_MAX = 1000,
    SCENARIO_EXPECTATIONS_MAX = 1000
};

struct scenario_options {
    // How policies are read; read_file also gives the files that a scenario names.
    struct policy_options policy;
    // What-ifs, applied to every policy before it is read (core/scenario/what_if.h); NULL-terminated or NULL.
    const char *const *settings;
    bool has_seed; // wins over the file's
    uint64_t seed;
    bool mutated; // the policy that is in force at the start has this one of its scenario_mutations
    size_t mutation;
};

struct scenario;

// name is the file's. NULL when there are errors, all of which are in diagnostics; the text must outlive
// those.
struct scenario *scenario_read(const char *name, struct bytes text, const struct scenario_options *options,
                               struct diagnostics *diagnostics);
void scenario_destroy(struct scenario *scenario); // NULL is fine

bool scenario_recognize(struct bytes text); // is it meant to be a scenario, rather than a policy?

size_t scenario_event_count(const struct scenario *scenario);
size_t scenario_expectation_count(const struct scenario *scenario);
const char *scenario_description(const struct scenario *scenario);
uint64_t scenario_seed(const struct scenario *scenario);
const char *scenario_policy_path(const struct scenario *scenario); // of the policy at the start
size_t scenario_mutations(const struct scenario *scenario);        // that this policy has (what_if.h)
const char *scenario_mutation(const struct scenario *scenario);    // the one that was made; "" when none

#endif
