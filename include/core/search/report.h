// SPDX-License-Identifier: MIT
// The outcome of a search as JSON and for people. Pure; any thread.
#ifndef NEARWELL_CORE_SEARCH_REPORT_H
#define NEARWELL_CORE_SEARCH_REPORT_H

#include <jansson.h>

#include "core/search/search.h"

enum { SEARCH_SCHEMA_VERSION = 1 };

// show: findings of each invariant, at most. The caller's. Members: schema_version, policy, sites[], checks,
// places, names, failures (that can combine), up_to, states, decisions, broken{} (states by invariant),
// findings[]: invariant, name, type, failures[]{kind, name, label (of a check that has one)}, percent (of all
// clients), site and capacity_percent (overload only), unhealthy[] (ids of the checks that the name depends
// on), answers[]{place (the most populous of), places, percent, site, fail_open}, explain (a command that
// shows it; absent when none does); findings_left_out.
json_t *search_json(const struct atlas *atlas, const struct search_options *options,
                    const struct search_result *result, unsigned show);
// A finding with a member "saved" names the scenario file that was made of it.
void search_text(const json_t *report, struct buffer *out);

#endif
