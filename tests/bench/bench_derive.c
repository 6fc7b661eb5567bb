// SPDX-License-Identifier: MIT
// What a change of one record costs: bench_derive POLICY ROUNDS compiles the first zone of a policy anew,
// derives a snapshot from the old one, and for comparison builds everything. Prints one JSON object.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app/daemon/snapshot.h"
#include "core/policy/read.h"

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static struct snapshot *load(const char *policy)
{
    struct buffer problems;
    struct buffer first_problem;
    buffer_init(&problems, 1 << 20);
    buffer_init(&first_problem, 4096);
    struct snapshot *snapshot = snapshot_load(policy, true, false, &problems, &first_problem);
    if (snapshot == NULL) {
        fputs(buffer_string(&problems), stderr);
        exit(1);
    }
    buffer_free(&problems);
    buffer_free(&first_problem);
    return snapshot;
}

static double derive_us(const struct snapshot *base, uint32_t rounds)
{
    const struct model *model = base->model;
    const struct model_spec *spec = policy_spec(base->parsed);
    double started = now_us();
    for (uint32_t i = 0; i < rounds; i++) {
        const struct zone *zone =
            zone_compile(&spec->zones[0], model->check_list, model->collection_list, model->resource_list);
        struct snapshot *derived = snapshot_create(
            model_derive(base->model, &(struct model_change){.zones = &zone, .zone_count = 1}), base);
        part_release(&zone->part);
        snapshot_release(derived);
    }
    return (now_us() - started) / rounds;
}

static double build_us(const struct snapshot *base, uint32_t rounds)
{
    double started = now_us();
    for (uint32_t i = 0; i < rounds; i++) {
        struct model *model = model_build(policy_spec(base->parsed));
        struct locator *locator = locator_create(model);
        struct latency_table *latency = latency_table_create(model, (wall_time){0});
        latency_table_destroy(latency);
        locator_destroy(locator);
        model_destroy(model);
    }
    return (now_us() - started) / rounds;
}

int main(int argc, char **argv)
{
    uint32_t rounds;
    if (argc != 3 || !bytes_parse_u32(bytes_of(argv[2]), 1000000, &rounds) || rounds == 0) {
        fprintf(stderr, "usage: bench_derive POLICY ROUNDS\n");
        return 2;
    }
    struct snapshot *base = load(argv[1]);
    printf("{\"zones\":%u,\"record_sets\":%u,\"us_per_change\":%.1f,\"us_per_build\":%.1f}\n",
           base->model->zone_count, base->model->record_set_count, derive_us(base, rounds),
           build_us(base, rounds));
    snapshot_release(base);
    return 0;
}
