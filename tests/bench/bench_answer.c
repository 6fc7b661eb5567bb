// SPDX-License-Identifier: MIT
// One decision and one answer, inside the process, with the daemon's own snapshot of a policy:
//
//   bench_answer resolve|answer POLICY QUERIES ROUNDS [DOWN_HEALTH_CHECK_ID...]
//
// runs all queries ROUNDS times through resolve() or answer(), one context each as a worker has it, with the
// named health checks unhealthy, and prints one JSON object. Instructions are callgrind's: the difference of
// two runs that differ in ROUNDS.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/daemon/snapshot.h"
#include "core/answer/answer.h"
#include "core/routing/resolve.h"
#include "support/query_list.h"

struct bench {
    struct snapshot *snapshot;
    struct status_table *status;
    struct view view;
    struct query_list list;
    struct random roll;
    struct answer_counters counters;
    uint64_t answered;
    uint64_t bytes;
};

static void load(struct bench *bench, const char *policy)
{
    struct buffer problems;
    struct buffer first_problem;
    buffer_init(&problems, 1 << 20);
    buffer_init(&first_problem, 4096);
    bench->snapshot = snapshot_load(policy, true, false, &problems, &first_problem);
    if (bench->snapshot == NULL) {
        fputs(buffer_string(&problems), stderr);
        exit(1);
    }
    buffer_free(&problems);
    buffer_free(&first_problem);
    bench->status = status_table_create(bench->snapshot->model->health_check_count, true);
    bench->view = (struct view){
        .model = bench->snapshot->model,
        .locator = bench->snapshot->locator,
        .latency = bench->snapshot->latency,
        .status = bench->status,
    };
}

static void take_down(struct bench *bench, const char *id)
{
    uint32_t check = model_find_health_check(bench->snapshot->model, bytes_of(id));
    if (check == HEALTH_CHECK_NONE) {
        fprintf(stderr, "no health check %s\n", id);
        exit(1);
    }
    status_table_set(bench->status, check, false);
}

static void resolve_one(struct bench *bench, const struct listed_query *query)
{
    struct decide_context context;
    struct resolution resolution;
    context.view = &bench->view;
    context.client = &query->client;
    context.roll = &bench->roll;
    context.trace = NULL;
    context.private_zone = false;
    context.located = false;
    resolve(&context, &query->name, query->type, &resolution);
    bench->answered += resolution.kind == RESOLVED_ANSWER;
}

static void answer_one(struct bench *bench, const struct listed_query *query)
{
    static uint8_t out[4096];
    struct answer_origin origin = {query->client.source, PLACE_NONE, NULL, false};
    size_t len = answer(&bench->view, query->bytes, query->len, &origin, &bench->roll, &bench->counters, out,
                        sizeof out);
    bench->bytes += len;
    bench->answered += out[7] != 0; // ANCOUNT, as far as it matters here
}

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now); // other work on the machine does not count
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    uint32_t rounds;
    if (argc < 5 || !bytes_parse_u32(bytes_of(argv[4]), UINT32_MAX, &rounds)) {
        fprintf(stderr,
                "usage: bench_answer resolve|answer POLICY QUERIES ROUNDS [DOWN_HEALTH_CHECK_ID...]\n");
        return 2;
    }
    void (*one)(struct bench *, const struct listed_query *) =
        strcmp(argv[1], "resolve") == 0 ? resolve_one : answer_one;
    load(&bench, argv[2]);
    query_list_read(&bench.list, argv[3]);
    random_seed(&bench.roll, 1);
    for (int i = 5; i < argc; i++) {
        take_down(&bench, argv[i]);
    }
    double started = now_ns();
    for (uint32_t round = 0; round < rounds; round++) {
        for (size_t i = 0; i < bench.list.count; i++) {
            one(&bench, &bench.list.queries[i]);
        }
    }
    double queries = (double)rounds * (double)bench.list.count;
    printf("{\"queries\":%.0f,\"ns_per_query\":%.2f,\"answered\":%" PRIu64 ",\"bytes\":%" PRIu64 "}\n",
           queries, (now_ns() - started) / queries, bench.answered, bench.bytes);
    query_list_free(&bench.list);
    free(bench.status);
    snapshot_release(bench.snapshot);
    return 0;
}
