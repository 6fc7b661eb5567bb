// SPDX-License-Identifier: MIT
// Chance as an argument: xoshiro256** (Blackman and Vigna) seeded through splitmix64. The same seed gives
// the same numbers on every machine and compiler. Not for secrets. One owner, one thread.
#ifndef NEARWELL_BASE_RANDOM_H
#define NEARWELL_BASE_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t s[4];
};

void random_seed(struct random *random, uint64_t seed);

// A generator of its own for stream number n of a seed: checkers, workers.
void random_seed_stream(struct random *random, uint64_t seed, uint64_t stream);

uint64_t random_next(struct random *random);
uint32_t random_below(struct random *random, uint32_t bound); // uniform in [0, bound), bound > 0
double random_unit(struct random *random);                    // uniform in [0, 1)

#endif
