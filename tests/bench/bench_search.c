// SPDX-License-Identifier: MIT
// All sets of dead sites of a policy, for clients in every place of its latency table, inside the process:
//
//   bench_search POLICY
//
// prints one JSON object. CPU seconds of the thread: making the atlas, and the search.
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app/daemon/snapshot.h"
#include "base/xalloc.h"
#include "core/search/search.h"

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct population *every_place(const struct model *model)
{
    struct population *population = xcalloc(1, sizeof *population);
    population->count = model->place_count;
    population->shares = xcalloc(model->place_count, sizeof *population->shares);
    for (uint32_t i = 0; i < model->place_count; i++) {
        population->shares[i] = (struct population_share){i, 1.0 / model->place_count};
    }
    return population;
}

static struct snapshot *load(const char *policy)
{
    struct buffer problems;
    struct buffer first;
    buffer_init(&problems, 1 << 20);
    buffer_init(&first, 4096);
    struct snapshot *snapshot = snapshot_load(policy, true, false, &problems, &first);
    if (snapshot == NULL) {
        fputs(buffer_string(&problems), stderr);
        exit(1);
    }
    buffer_free(&problems);
    buffer_free(&first);
    return snapshot;
}

int main(int argc, char **argv)
{
    double capacities[ATLAS_SITES_MAX];
    struct search_result result;
    struct error error = {0};
    if (argc != 2) {
        fprintf(stderr, "usage: bench_search POLICY\n");
        return 2;
    }
    for (unsigned i = 0; i < ATLAS_SITES_MAX; i++) {
        capacities[i] = INFINITY;
    }
    struct snapshot *snapshot = load(argv[1]);
    struct view view = {.model = snapshot->model, .locator = snapshot->locator, .latency = snapshot->latency};
    struct population *population = every_place(snapshot->model);
    double started = cpu_seconds();
    struct atlas *atlas = atlas_create(&view, population, NULL, &error);
    double made = cpu_seconds();
    struct search_options options = {.kinds = 1 << FAILURE_SITE,
                                     .up_to = ATLAS_SITES_MAX,
                                     .invariants = (1 << SEARCH_INVARIANTS) - 1,
                                     .capacities = capacities,
                                     .most_moved = 1,
                                     .most_decisions = UINT64_MAX};
    if (atlas == NULL || !search_run(atlas, &options, &result, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    double searched = cpu_seconds();
    printf("{\"states\":%" PRIu64 ",\"places\":%u,\"classes\":%u,\"decisions\":%" PRIu64
           ",\"atlas_seconds\":%.6f,\"search_seconds\":%.6f}\n",
           result.states, population->count, atlas->roots[0].class_count, result.decisions, made - started,
           searched - made);
    search_result_free(&result);
    atlas_destroy(atlas);
    population_destroy(population);
    snapshot_release(snapshot);
    return 0;
}
