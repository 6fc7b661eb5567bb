// SPDX-License-Identifier: MIT
// What an account costs: bench_account RECORD_SETS ROUNDS fills one zone, then changes one record set after
// the other, lists them all, and deletes health checks that none of them names, as the API does but for XML
// and HTTP. Prints one JSON object.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/account/compile.h"
#include "core/account/merge.h"
#include "core/route53/call.h"

struct bench {
    struct account *account;
    struct model *model;
    struct random ids;
};

// Of the CPU: nothing here waits.
static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static json_t *call(struct bench *bench, enum route53_operation operation, json_t *input)
{
    const struct route53_call_context context = {.account = bench->account,
                                                 .model = bench->model,
                                                 .now = {INT64_C(1767323045000000000)},
                                                 .ids = &bench->ids};
    struct route53_fault fault = {0};
    struct account_edit *edit = NULL;
    json_t *output = NULL;
    if (!route53_call(&context, operation, input, &output, &edit, &fault)) {
        fprintf(stderr, "%s: %s\n", fault.code, fault.message);
        exit(1);
    }
    struct model *model = edit != NULL ? account_edit_take_model(edit) : NULL;
    if (model != NULL) {
        model_destroy(bench->model);
        bench->model = model;
    }
    if (edit != NULL) {
        account_apply(edit);
    }
    json_decref(input);
    return output;
}

static char *policy_text(uint32_t count)
{
    struct buffer text;
    buffer_init(&text, 1 << 30);
    buffer_text(&text, "{\"HostedZones\":[{\"Id\":\"Z1\",\"Name\":\"example.com\",\"ResourceRecordSets\":[");
    for (uint32_t i = 0; i < count; i++) {
        buffer_format(&text,
                      "%s{\"Name\":\"host-%07u.example.com\",\"Type\":\"A\",\"TTL\":60,\"ResourceRecords\":[{"
                      "\"Value\":\"192.0.2.1\"}]}",
                      i > 0 ? "," : "", i);
    }
    buffer_text(&text, "]}]}");
    return text.data;
}

static double seed(struct bench *bench, uint32_t count)
{
    static const char latency[] = "{\"Default\":\"d\",\"Regions\":[\"us-east-1\"],\"Places\":{\"d\":{"
                                  "\"Milliseconds\":[1]}}}";
    const struct policy_options options = {
        .on_loopback = true, .default_latency_name = "latency", .default_latency = bytes_of(latency)};
    struct diagnostics *diagnostics = diagnostics_create();
    char *text = policy_text(count);
    bench->account = account_create(policy_read(NULL, bytes_of("{}"), &options, diagnostics), true);
    struct policy *policy = policy_read(NULL, bytes_of(text), &options, diagnostics);
    bench->model = model_build(policy_spec(policy));
    double started = now_us();
    struct account_edit *edit = account_edit_create(bench->account);
    struct account_merge merge = {0};
    account_edit_merge(edit, policy, &merge);
    account_apply(edit);
    double took = now_us() - started;
    account_tidy(bench->account);
    diagnostics_destroy(diagnostics);
    free(text);
    return took;
}

static double change(struct bench *bench, uint32_t count, uint32_t rounds)
{
    double started = now_us();
    for (uint32_t i = 0; i < rounds; i++) {
        char name[64];
        char value[32];
        snprintf(name, sizeof name, "host-%07u.example.com", i * 7919 % count);
        snprintf(value, sizeof value, "192.0.2.%u", i % 250);
        json_decref(call(bench, ROUTE53_CHANGE_RESOURCE_RECORD_SETS,
                         json_pack("{s:s,s:{s:[{s:s,s:{s:s,s:s,s:i,s:[{s:s}]}}]}}", "HostedZoneId", "Z1",
                                   "ChangeBatch", "Changes", "Action", "UPSERT", "ResourceRecordSet", "Name",
                                   name, "Type", "A", "TTL", 60, "ResourceRecords", "Value", value)));
    }
    return (now_us() - started) / rounds;
}

static double list_all(struct bench *bench)
{
    double started = now_us();
    json_t *start = NULL;
    do {
        json_t *output = call(
            bench, ROUTE53_LIST_RESOURCE_RECORD_SETS,
            json_pack("{s:s,s:s,s:O*}", "HostedZoneId", "Z1", "MaxItems", "300", "StartRecordName", start));
        json_decref(start);
        start = json_incref(json_object_get(output, "NextRecordName"));
        json_decref(output);
    } while (start != NULL);
    return now_us() - started;
}

static double delete_checks(struct bench *bench, uint32_t rounds)
{
    double took = 0;
    for (uint32_t i = 0; i < rounds; i++) {
        char reference[32];
        snprintf(reference, sizeof reference, "r%u", i);
        json_t *made =
            call(bench, ROUTE53_CREATE_HEALTH_CHECK,
                 json_pack("{s:s,s:{s:s,s:s,s:i}}", "CallerReference", reference, "HealthCheckConfig", "Type",
                           "TCP", "IPAddress", "192.0.2.1", "Port", 80));
        json_t *id = json_object_get(json_object_get(made, "HealthCheck"), "Id");
        double started = now_us();
        json_decref(call(bench, ROUTE53_DELETE_HEALTH_CHECK, json_pack("{s:O}", "HealthCheckId", id)));
        took += now_us() - started;
        json_decref(made);
    }
    return took / rounds;
}

int main(int argc, char **argv)
{
    uint32_t count;
    uint32_t rounds;
    if (argc != 3 || !bytes_parse_u32(bytes_of(argv[1]), 10000000, &count) ||
        !bytes_parse_u32(bytes_of(argv[2]), 1000000, &rounds) || count == 0 || rounds == 0) {
        fprintf(stderr, "usage: bench_account RECORD_SETS ROUNDS\n");
        return 2;
    }
    struct bench bench = {0};
    random_seed(&bench.ids, 1);
    double seed_us = seed(&bench, count);
    double bytes = (double)account_footprint(bench.account) / count;
    double first = change(&bench, count, 1);
    double next = change(&bench, count, rounds);
    double list = list_all(&bench);
    double delete = delete_checks(&bench, rounds < 20 ? rounds : 20);
    printf("{\"record_sets\":%u,\"seed_ms\":%.1f,\"bytes_per_record_set\":%.0f,\"ms_first_change\":%.2f,"
           "\"us_per_change\":%.0f,\"ms_to_list\":%.1f,\"us_to_delete_check\":%.0f}\n",
           count, seed_us / 1e3, bytes, first / 1e3, next, list / 1e3, delete);
    account_destroy(bench.account);
    model_destroy(bench.model);
    return 0;
}
