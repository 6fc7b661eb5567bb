// SPDX-License-Identifier: MIT
// What can fail, and the statuses that follow once every checker has noticed (V1, V2): probes of a dead site
// fail, and so do those of checkers that are cut off from all endpoints. Pure; one owner.
#ifndef NEARWELL_CORE_SEARCH_FAILURES_H
#define NEARWELL_CORE_SEARCH_FAILURES_H

#include "base/buffer.h"
#include "core/health/status_table.h"
#include "core/search/atlas.h"

enum failure_kind {
    FAILURE_SITE,      // all that stands in a site, seen by its checks
    FAILURE_CHECK,     // one check sees failures, though its site is alive; a switch is off
    FAILURE_PARTITION, // the checkers of one region reach no endpoint
    FAILURE_DRAIN,     // an operator pins one check unhealthy, whatever it sees; none of failures_list's
};
enum { FAILURE_KINDS = 3 }; // that can happen by themselves

struct failure {
    enum failure_kind kind;
    uint32_t index; // site of the atlas, check of the model, or checker region by checker_region_at()
};

// All failures of the kinds (bit per enum failure_kind) that the atlas's roots depend on. malloc'd.
struct failure *failures_list(const struct atlas *atlas, unsigned kinds, uint32_t *count);

const char *failure_name(const struct atlas *atlas, const struct failure *failure); // "us-east-1", an id
const char *failure_kind_name(enum failure_kind kind); // "site", "check", "partition"

// Works out statuses; made once for many sets of failures.
struct health_effects;
struct health_effects *health_effects_create(const struct atlas *atlas);
void health_effects_destroy(struct health_effects *effects); // NULL is fine

// The statuses of all checks that the atlas uses, after these failures. Returns the dead sites.
uint64_t health_effects_apply(struct health_effects *effects, const struct failure *failures, unsigned count,
                              struct status_table *status);

#endif
