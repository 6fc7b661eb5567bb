// SPDX-License-Identifier: MIT
// nearwell replay --mutate: would these scenarios notice if someone got the policy wrong?
#ifndef NEARWELL_APP_CLI_REPLAY_MUTATE_H
#define NEARWELL_APP_CLI_REPLAY_MUTATE_H

#include "core/scenario/scenario.h"

// Makes each single change (core/scenario/what_if.h) to the policies of these scenarios and runs those that
// use them. Prints the changes that nobody noticed, and the score. Returns the exit code: EXIT_OK when at
// least least percent were noticed.
int replay_mutate(char *const *files, size_t count, const struct scenario_options *options, uint64_t least);

#endif
