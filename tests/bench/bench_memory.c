// SPDX-License-Identifier: MIT
// What a policy costs until it is ready to answer, and holds in memory from then on: bench_memory POLICY
// prints one JSON object.
#include <malloc.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "app/daemon/snapshot.h"
#include "core/policy/read.h"

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    struct buffer problems;
    struct buffer first_problem;
    if (argc != 2) {
        fprintf(stderr, "usage: bench_memory POLICY\n");
        return 2;
    }
    buffer_init(&problems, 1 << 20);
    buffer_init(&first_problem, 4096);
    struct mallinfo2 before = mallinfo2();
    double started = seconds(CLOCK_MONOTONIC);
    struct snapshot *snapshot = snapshot_load(argv[1], true, false, &problems, &first_problem);
    if (snapshot == NULL) {
        fputs(buffer_string(&problems), stderr);
        return 1;
    }
    double loaded = seconds(CLOCK_MONOTONIC) - started;
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    policy_destroy(snapshot->parsed);
    snapshot->parsed = NULL;
    struct mallinfo2 after = mallinfo2();
    printf("{\"record_sets\":%u,\"places\":%u,\"model\":%zu,\"snapshot\":%zu,\"load_s\":%.3f,\"cpu_s\":%.3f,"
           "\"peak_kb\":%ld}\n",
           snapshot->model->record_set_count, snapshot->model->place_count, model_footprint(snapshot->model),
           after.uordblks + after.hblkhd - before.uordblks - before.hblkhd, loaded, cpu, usage.ru_maxrss);
    buffer_free(&problems);
    buffer_free(&first_problem);
    snapshot_release(snapshot);
    return 0;
}
