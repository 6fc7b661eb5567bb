// SPDX-License-Identifier: MIT
// What a policy holds in memory once it is ready to answer: bench_memory POLICY prints one JSON object.
#include <malloc.h>
#include <stdio.h>

#include "app/daemon/snapshot.h"
#include "core/policy/read.h"

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
    struct snapshot *snapshot = snapshot_load(argv[1], true, false, &problems, &first_problem);
    if (snapshot == NULL) {
        fputs(buffer_string(&problems), stderr);
        return 1;
    }
    policy_destroy(snapshot->parsed);
    snapshot->parsed = NULL;
    struct mallinfo2 after = mallinfo2();
    printf("{\"record_sets\":%u,\"places\":%u,\"model\":%zu,\"snapshot\":%zu}\n",
           snapshot->model->record_set_count, snapshot->model->place_count, model_footprint(snapshot->model),
           after.uordblks + after.hblkhd - before.uordblks - before.hblkhd);
    buffer_free(&problems);
    buffer_free(&first_problem);
    snapshot_release(snapshot);
    return 0;
}
