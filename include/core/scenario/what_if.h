// SPDX-License-Identifier: MIT
// Changes of a policy as text: one setting everywhere it occurs ("FailureThreshold=5"), or one thing at a
// time that someone might get wrong. Pure; any thread.
#ifndef NEARWELL_CORE_SCENARIO_WHAT_IF_H
#define NEARWELL_CORE_SCENARIO_WHAT_IF_H

#include <jansson.h>

#include "base/buffer.h"
#include "base/error.h"

// Sets a field of every health check, record set, alias target or of the Simulator, whichever has it:
// "FailureThreshold=5", "TTL=30", "EvaluateTargetHealth=false", "HealthyPercent=50". The value is JSON, or
// else a string. The tree of a whole policy is changed in place. False: no such field.
bool what_if_set(json_t *policy, const char *setting, struct error *error);

// Is this a setting at all, whatever the policy?
bool what_if_valid(const char *setting, struct error *error);

// The number of mutations that a policy has, and the policy with one of them made: a check dropped, two
// regions swapped, a TTL raised, EvaluateTargetHealth turned off, a threshold changed, a check inverted or
// disabled. description says which one it was. The result is the caller's.
size_t what_if_mutations(const json_t *policy);
json_t *what_if_mutate(const json_t *policy, size_t number, struct buffer *description);

#endif
