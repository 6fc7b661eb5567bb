// SPDX-License-Identifier: MIT
// What an operator means by a word: one health check, by its id or its name, or all checks that the latency
// records of an AWS region have. Draining pins them all unhealthy (Disabled and Inverted, S5), so that
// clients go to the next region and nothing that the endpoint does changes that. Pure; any thread.
#ifndef NEARWELL_CORE_ADMIN_DRAIN_H
#define NEARWELL_CORE_ADMIN_DRAIN_H

#include "base/error.h"
#include "core/model/model.h"

struct drain_target {
    uint8_t region;   // REGION_NONE: the word names a check
    uint32_t *checks; // ascending, each once
    uint32_t count;
    const struct record_group **uncovered; // have a latency record of the region without a check: they stay
    uint32_t uncovered_count;
};

// False: the word means nothing here, or nothing that can be drained.
bool drain_target_find(const struct model *model, const char *word, struct drain_target *out,
                       struct error *error);
void drain_target_free(struct drain_target *target);

#endif
