// SPDX-License-Identifier: MIT
// Where the clients of the world are, by the policy's Population: for whatever counts clients rather than
// answers one. Pure; immutable once made; any thread.
#ifndef NEARWELL_CORE_POPULATION_POPULATION_H
#define NEARWELL_CORE_POPULATION_POPULATION_H

#include "core/model/model.h"

struct population_share {
    uint32_t place;
    double share; // of all clients; the sum over the population is 1
};

struct population {
    uint32_t count;
    bool counted; // false: the policy counts nobody in its places, so each of them counts alike
    struct population_share
        *shares; // none of them 0; by the places' names, whatever their order in the model
};

// Without any people in the model, the shares are equal over all places that are neither AWS regions nor
// continents nor the default row, or over all places when that leaves none.
struct population *population_create(const struct model *model);
void population_destroy(struct population *population); // NULL is fine

#endif
