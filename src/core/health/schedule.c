// SPDX-License-Identifier: MIT
#include "schedule.h"

#include "base/bytes.h"
#include "base/random.h"

duration schedule_phase(uint64_t seed, const char *check_id, uint32_t checker, duration interval)
{
    struct random random;
    random_seed_stream(&random, seed ^ bytes_hash(bytes_of(check_id)), checker);
    return (duration)(random_unit(&random) * (double)interval);
}
