// SPDX-License-Identifier: MIT
// Policy text to a valid spec, ready for model_build: for whoever wants what a policy says without a model.
// Pure but for the callback in the options; one owner, one thread.
#ifndef NEARWELL_CORE_POLICY_READ_H
#define NEARWELL_CORE_POLICY_READ_H

#include <jansson.h>

#include "core/model/builder.h"
#include "core/policy/load.h"

struct policy;

// NULL when there are errors, all of which are in diagnostics. The text may go, except as diagnostics_file
// says.
struct policy *policy_read(const char *name, struct bytes text, const struct policy_options *options,
                           struct diagnostics *diagnostics);
void policy_destroy(struct policy *policy); // NULL is fine

// base with other HostedZones, HealthChecks and CidrCollections: those of sections, an object. base, without
// whose clients and latency rows it cannot be used, must outlive it.
struct policy *policy_read_over(const struct policy *base, const json_t *sections,
                                const struct policy_options *options, struct diagnostics *diagnostics);

// Gives back the memory of zones, health checks and collections, of which the spec has none afterwards: for a
// policy that goes on as the base of others.
void policy_forget_objects(struct policy *policy);

// What the text said; borrowed, not to be changed.
json_t *policy_tree(const struct policy *policy);

// Valid as long as the policy.
const struct model_spec *policy_spec(const struct policy *policy);

// Circles and excesses among the aliases of a zone whose record sets were read at different times (T5); what
// dangles is no error. False: told without places.
bool policy_check_zone_aliases(const struct zone_spec *zone, struct diagnostics *diagnostics);

#endif
