// SPDX-License-Identifier: MIT
// A day in virtual time: three regions with a check each, 48 checkers that probe every 30 s, a region that
// fails now and then, and 10 000 clients, each of whose answers is looked at whenever one may have changed.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buffer.h"
#include "core/scenario/replay.h"

enum { CLIENTS = 10000, TEXT_LIMIT = 16 << 20, ROUNDS = 5 };

static const char *const regions[] = {"us-east-1", "eu-west-1", "ap-northeast-1"};
enum { REGIONS = 3 };

static void write_policy(struct buffer *out)
{
    buffer_text(out,
                "{\"HostedZones\": [{\"Id\": \"Z1\", \"Name\": \"example.com\", \"ResourceRecordSets\": [");
    for (unsigned i = 0; i < REGIONS; i++) {
        buffer_format(
            out,
            "%s{\"Name\": \"www.example.com\", \"Type\": \"A\", \"SetIdentifier\": \"%s\", \"Region\": "
            "\"%s\", "
            "\"TTL\": 60, \"ResourceRecords\": [{\"Value\": \"192.0.2.%u\"}], \"HealthCheckId\": \"hc-%u\"}",
            i > 0 ? ", " : "", regions[i], regions[i], i + 1, i);
    }
    buffer_text(out, "]}], \"HealthChecks\": [");
    for (unsigned i = 0; i < REGIONS; i++) {
        buffer_format(out,
                      "%s{\"Id\": \"hc-%u\", \"HealthCheckConfig\": {\"Type\": \"HTTP\", \"IPAddress\": "
                      "\"192.0.2.%u\", "
                      "\"Port\": 80, \"ResourcePath\": \"/health\"}}",
                      i > 0 ? ", " : "", i, i + 1);
    }
    buffer_text(
        out, "], \"Clients\": [{\"Cidr\": \"10.0.0.0/11\", \"Place\": \"DE\"}, {\"Cidr\": \"10.32.0.0/11\", "
             "\"Place\": \"JP\"}, {\"Cidr\": \"10.64.0.0/10\", \"Place\": \"US\"}]}");
}

static void write_scenario(struct buffer *out)
{
    buffer_text(out, "{\"Description\": \"a day\", \"Name\": \"www.example.com\", \"Phases\": \"Random\", "
                     "\"End\": \"24h\", "
                     "\"Policy\": ");
    write_policy(out);
    buffer_text(out,
                ", \"Events\": [{\"At\": \"0s\", \"Site\": \"eu-west-1\", \"Fault\": {\"Kind\": \"down\"}, "
                "\"Chance\": "
                "{\"MeanTimeBetweenFailures\": \"3h\", \"MeanTimeToRepair\": \"10m\"}}], "
                "\"Expectations\": [{\"From\": \"0s\", \"Answer\": {\"FailOpen\": false}, \"Clients\": [");
    for (unsigned i = 0; i < CLIENTS; i++) {
        buffer_format(out, "%s\"10.%u.%u.0/24\"", i > 0 ? ", " : "", i % 128, i / 128);
    }
    buffer_text(out, "]}]}");
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double run(struct bytes text, struct replay_report *report)
{
    static const char latency[] =
        "{\"Default\": \"US\", \"Regions\": [\"us-east-1\", \"eu-west-1\", \"ap-northeast-1\"], \"Places\": {"
        "\"DE\": {\"Milliseconds\": [90, 25, 230]}, \"JP\": {\"Milliseconds\": [150, 220, 5]}, "
        "\"US\": {\"Milliseconds\": [10, 80, 160]}}}";
    struct scenario_options options = {.policy = {.default_latency_name = "latency.json",
                                                  .default_latency = bytes_of(latency),
                                                  .on_loopback = true}};
    struct diagnostics *diagnostics = diagnostics_create();
    double start = now_ms();
    struct scenario *scenario = scenario_read("day.json", text, &options, diagnostics);
    if (scenario == NULL) {
        struct buffer findings;
        buffer_init(&findings, TEXT_LIMIT);
        diagnostics_print(diagnostics, &findings);
        fputs(buffer_string(&findings), stderr);
        exit(1);
    }
    replay_run(scenario, NULL, report);
    double ms = now_ms() - start;
    scenario_destroy(scenario);
    diagnostics_destroy(diagnostics);
    return ms;
}

int main(void)
{
    struct buffer text;
    double best = 0;
    buffer_init(&text, TEXT_LIMIT);
    write_scenario(&text);
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct replay_report report;
        double ms = run(bytes_of(buffer_string(&text)), &report);
        best = round == 0 || ms < best ? ms : best;
        if (round + 1 == ROUNDS) {
            printf("replay of 24 h, 3 regions, 48 checkers each 30 s, %d clients: %.0f ms (least of %d), "
                   "reading included; "
                   "%llu probes, %llu health changes, %zu of %zu expectations hold\n",
                   CLIENTS, best, ROUNDS, (unsigned long long)report.probes,
                   (unsigned long long)report.health_changes, report.count - report.failed, report.count);
        }
        replay_report_free(&report);
    }
    buffer_free(&text);
    return 0;
}
