// SPDX-License-Identifier: MIT
// A finding as a scenario (scenarios/README.md), so that a replay shows it in time, and passes once the
// policy is better. Pure; any thread.
#ifndef NEARWELL_CORE_SEARCH_COUNTEREXAMPLE_H
#define NEARWELL_CORE_SEARCH_COUNTEREXAMPLE_H

#include <jansson.h>

#include "core/search/search.h"

// policy: the policy's file as the scenario names it. What is dead is the endpoints of a site by address; a
// check that fails alone is a verdict; checkers that are cut off are a partition. What is expected is what
// breaks. The caller's.
json_t *search_counterexample(const struct atlas *atlas, const struct search_options *options,
                              const struct search_finding *finding, const char *policy);

#endif
