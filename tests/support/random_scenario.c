// SPDX-License-Identifier: MIT
#include "support/random_scenario.h"

#include "base/random.h"

enum { CHECKS_MOST = 4, EVENTS_MOST = 6, SECONDS = 300 };

static const char *const regions[] = {"eu-west-1", "ap-northeast-1", "us-east-1"};
static const char *const places[] = {"DE", "JP", "US"};

struct maker {
    struct random chance;
    struct buffer *out;
    uint32_t checks; // of endpoints; one more is calculated
};

static uint32_t below(struct maker *maker, uint32_t bound)
{
    return random_below(&maker->chance, bound);
}

static const char *choose(struct maker *maker, const char *const *words, uint32_t count)
{
    return words[below(maker, count)];
}

#define CHOOSE(maker, words) choose((maker), (words), sizeof(words) / sizeof(words)[0])

// Each draw is a statement of its own: compilers evaluate arguments in an order of their choice.
static void add_record(struct maker *maker, uint32_t index, uint32_t kind)
{
    static const char *const roles[] = {"PRIMARY", "SECONDARY"};
    uint32_t check = below(maker, maker->checks + 1);
    buffer_format(
        maker->out,
        "%s{\"Name\": \"www.example.com\", \"Type\": \"A\", \"SetIdentifier\": \"s%u\", \"TTL\": 60, "
        "\"ResourceRecords\": [{\"Value\": \"192.0.2.%u\"}], \"HealthCheckId\": \"hc-%u\", ",
        index > 0 ? ", " : "", index, index + 1, check);
    if (kind == 0) {
        buffer_format(maker->out, "\"Region\": \"%s\"}", regions[index]);
    } else if (kind == 1) {
        buffer_format(maker->out, "\"Weight\": %u}", below(maker, 4));
    } else {
        buffer_format(maker->out, "\"Failover\": \"%s\"}", roles[index]);
    }
}

static void add_check(struct maker *maker, uint32_t index)
{
    static const char *const types[] = {
        "\"HTTP\", \"ResourcePath\": \"/health\"", "\"TCP\"",
        "\"HTTP_STR_MATCH\", \"ResourcePath\": \"/\", \"SearchString\": \"OK-42\"",
        "\"HTTPS\", \"ResourcePath\": \"/\""};
    const char *type = CHOOSE(maker, types);
    uint32_t interval = below(maker, 2) ? 10 : 30;
    uint32_t threshold = below(maker, 4) + 1;
    bool inverted = below(maker, 8) == 0;
    buffer_format(
        maker->out,
        "%s{\"Id\": \"hc-%u\", \"HealthCheckConfig\": {\"Type\": %s, \"IPAddress\": \"192.0.2.%u\", "
        "\"Port\": 80, \"RequestInterval\": %u, \"FailureThreshold\": %u, \"Inverted\": %s}}",
        index > 0 ? ", " : "", index, type, index + 1, interval, threshold, inverted ? "true" : "false");
}

static void add_policy(struct maker *maker)
{
    static const uint32_t members[] = {3, 3, 2}; // latency, weighted, failover
    uint32_t kind = below(maker, 3);
    maker->checks = 1 + below(maker, CHECKS_MOST - 1);
    buffer_text(maker->out,
                "{\"HostedZones\": [{\"Id\": \"Z1\", \"Name\": \"example.com\", \"ResourceRecordSets\": [");
    for (uint32_t i = 0; i < members[kind]; i++) {
        add_record(maker, i, kind);
    }
    buffer_text(maker->out, "]}], \"HealthChecks\": [");
    for (uint32_t i = 0; i < maker->checks; i++) {
        add_check(maker, i);
    }
    uint32_t needed = below(maker, 3);
    uint32_t checkers = below(maker, 12);
    uint32_t seed = below(maker, 1000);
    uint32_t aggregation = below(maker, 3) * 2;
    uint32_t config = below(maker, 3) * 5;
    buffer_format(maker->out,
                  ", {\"Id\": \"hc-%u\", \"HealthCheckConfig\": {\"Type\": \"CALCULATED\", "
                  "\"HealthThreshold\": %u, \"ChildHealthChecks\": [\"hc-0\"]}}], ",
                  maker->checks, needed);
    buffer_format(maker->out,
                  "\"Simulator\": {\"Checkers\": %u, \"Seed\": %u, \"AggregationDelaySeconds\": %u, "
                  "\"HealthCheckConfigDelaySeconds\": %u}}",
                  checkers, seed, aggregation, config);
}

static void add_fault(struct maker *maker)
{
    static const char *const faults[] = {
        "{\"Kind\": \"down\"}",
        "{\"Kind\": \"hang\"}",
        "{\"Kind\": \"blackhole\"}",
        "{\"Kind\": \"slow\", \"Milliseconds\": 1900, \"BodyMilliseconds\": 2100}",
        "{\"Kind\": \"status\", \"Status\": 503}",
        "{\"Kind\": \"body\", \"Body\": \"oops\"}",
        "{\"Kind\": \"flap\", \"UpSeconds\": 20, \"DownSeconds\": 45.5}",
        "{\"Kind\": \"partition\", \"CheckerRegions\": [\"eu-west-1\", \"sa-east-1\"]}",
        "{\"Kind\": \"certificate\"}",
        "{\"Kind\": \"none\"}",
    };
    uint32_t host = below(maker, CHECKS_MOST) + 1;
    buffer_format(maker->out, "\"Endpoint\": \"192.0.2.%u\", \"Fault\": %s", host, CHOOSE(maker, faults));
    if (below(maker, 3) == 0) {
        buffer_text(maker->out,
                    ", \"Chance\": {\"MeanTimeBetweenFailures\": \"90s\", \"MeanTimeToRepair\": \"60s\"}");
    }
}

static void add_event(struct maker *maker, bool first)
{
    static const char *const overrides[] = {
        "{\"Inverted\": true}", "{\"Disabled\": true, \"Inverted\": true, \"For\": \"40s\"}",
        "{\"Verdict\": \"unhealthy\"}", "{\"Verdict\": \"auto\", \"Inverted\": false, \"Disabled\": false}"};
    buffer_format(maker->out, "%s{\"At\": \"%ums\", ", first ? "" : ", ", below(maker, SECONDS * 1000));
    uint32_t check;
    switch (below(maker, 5)) {
    case 0:
        check = below(maker, maker->checks + 1);
        buffer_format(maker->out, "\"HealthCheckId\": \"hc-%u\", \"Override\": %s}", check,
                      CHOOSE(maker, overrides));
        return;
    case 1:
        buffer_format(maker->out, "\"Drain\": \"hc-%u\", \"For\": \"30s\"}", below(maker, maker->checks + 1));
        return;
    case 2:
        buffer_format(maker->out, "\"Outage\": \"%s\", \"For\": \"100s\"}", CHOOSE(maker, regions));
        return;
    default:
        add_fault(maker);
        buffer_text(maker->out, "}");
        return;
    }
}

void random_scenario(uint64_t seed, struct buffer *out)
{
    struct maker maker = {.out = out};
    random_seed(&maker.chance, seed);
    buffer_format(out,
                  "{\"Description\": \"by chance, %llu\", \"Name\": \"www.example.com\", \"End\": \"%us\", "
                  "\"Phases\": \"%s\", ",
                  (unsigned long long)seed, SECONDS, below(&maker, 2) ? "Random" : "Spread");
    buffer_text(out, "\"Policy\": ");
    add_policy(&maker);
    buffer_text(out, ", \"Events\": [");
    uint32_t events = 1 + below(&maker, EVENTS_MOST);
    for (uint32_t i = 0; i < events; i++) {
        add_event(&maker, i == 0);
    }
    uint32_t when = below(&maker, SECONDS);
    buffer_format(
        out,
        "], \"Expectations\": [{\"At\": \"%us\", \"Client\": \"%s\", \"Answer\": {\"FailOpen\": false}}, "
        "{\"Never\": \"DeadSite\", \"LongerThan\": \"60s\"}]}",
        when, CHOOSE(&maker, places));
}
