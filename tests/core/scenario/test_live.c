// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/scenario/live.h"
#include "support/scenario_dsl.h"

#define POLICY                                                                                               \
    "'Policy': {'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': ["                 \
    "{'Name': 'www.example.com', 'Type': 'A', 'TTL': 60, 'SetIdentifier': 'a', 'Region': 'us-east-1', "      \
    "'ResourceRecords': [{'Value': '192.0.2.1'}], 'HealthCheckId': 'one'},"                                  \
    "{'Name': 'www.example.com', 'Type': 'A', 'TTL': 60, 'SetIdentifier': 'b', 'Region': 'eu-west-1', "      \
    "'ResourceRecords': [{'Value': '192.0.2.2'}], 'HealthCheckId': 'two'}]}],"                               \
    "'HealthChecks': [{'Id': 'one', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '192.0.2.1', "        \
    "'ResourcePath': '/up'}}, {'Id': 'two', 'HealthCheckConfig': {'Type': 'TCP', 'IPAddress': '192.0.2.2', " \
    "'Port': 53, 'RequestInterval': 10}}, {'Id': 'three', 'HealthCheckConfig': {'Type': 'HTTP', "            \
    "'IPAddress': '192.0.2.1', 'Port': 80}}], 'Simulator': {'AggregationDelaySeconds': 5}}, "                \
    "'Description': 'of a test', 'Name': 'www.example.com', "                                                \
    "'Expectations': [{'At': '300s', 'Clients': ['DE', 'US'], 'Answer': {'Rcode': 'NOERROR'}}]"

static struct scenario *scenario_of(const char *text)
{
    char *copy = xstrdup(text);
    for (char *c = copy; *c != '\0'; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    struct scenario_options options = scenario_dsl_options();
    struct diagnostics *diagnostics = diagnostics_create();
    struct scenario *scenario = scenario_read("a.json", bytes_of(copy), &options, diagnostics);
    if (scenario == NULL) {
        struct buffer findings;
        buffer_init(&findings, 65536);
        diagnostics_print(diagnostics, &findings);
        fail_msg("%s", buffer_string(&findings));
    }
    diagnostics_destroy(diagnostics);
    free(copy);
    return scenario;
}

static void test_a_plan_has_endpoints_actions_and_clients_in_order(void **state)
{
    (void)state;
    struct scenario *scenario =
        scenario_of("{" POLICY ", 'Events': ["
                    "{'At': '100s', 'Site': 'eu-west-1', 'Fault': {'Kind': 'down'}, 'For': '50s'},"
                    "{'At': '10s', 'Endpoint': '192.0.2.1', 'Fault': {'Kind': 'status', 'Status': 503}},"
                    "{'At': '120s', 'Drain': 'us-east-1', 'For': '1h'},"
                    "{'At': '200s', 'Api': {'Fault': 'Throttling', 'For': '60s'}},"
                    "{'At': '210s', 'Api': {'OneChangeAtATime': true, 'ThrottleRequestsPerSecond': 0}}]}");
    struct error error = {0};
    struct live_plan *plan = live_plan_create(scenario, 60, &error);
    assert_non_null(plan);
    assert_int_equal(plan->endpoint_count, 2);
    assert_string_equal(plan->endpoints[0], "192.0.2.1:80");
    assert_string_equal(plan->endpoints[1], "192.0.2.2:53");
    assert_int_equal(plan->interval, DURATION_S(30));
    static const struct {
        int64_t at;
        enum live_action_kind kind;
        size_t target;
        const char *text;
    } expected[] = {
        {10, LIVE_FAULT, 0, "{\"Kind\":\"status\",\"Status\":503}"},
        {100, LIVE_FAULT, 1, "{\"Kind\":\"down\"}"},
        {120, LIVE_DRAIN, 0, NULL},
        {150, LIVE_FAULT, 1, "{\"Kind\":\"none\"}"},
        {200, LIVE_API, 0, "{\"Fault\":\"Throttling\",\"For\":\"1001ms\"}"},
        {210, LIVE_API, 0, "{\"OneChangeAtATime\":true}"},
    }; // the release is beyond the end
    assert_int_equal(plan->action_count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < plan->action_count; i++) {
        assert_int_equal(plan->actions[i].at.ns, DURATION_S(expected[i].at));
        assert_int_equal(plan->actions[i].kind, expected[i].kind);
        assert_int_equal(plan->actions[i].target, expected[i].target);
        if (expected[i].text != NULL) {
            assert_string_equal(plan->actions[i].text, expected[i].text);
        }
    }
    assert_int_equal(plan->client_count, 2);
    assert_string_equal(plan->clients[1].place, "US");
    live_plan_destroy(plan);
    scenario_destroy(scenario);
}

static void test_the_daemons_policy_probes_this_machine_and_is_sped_up(void **state)
{
    (void)state;
    static const uint16_t ports[] = {4001, 4002};
    struct scenario *scenario = scenario_of("{" POLICY ", 'Events': []}");
    struct error error = {0};
    struct live_plan *plan = live_plan_create(scenario, 20, &error);
    char *text = live_plan_policy(plan, 20, ports);
    json_t *policy = json_loads(text, 0, NULL);
    const char *type;
    double interval;
    const char *address;
    int port;
    double delay;
    assert_int_equal(json_unpack(policy, "{s:[{s:{s:s, s:F, s:s, s:i}}, {s:{s:i}}, {s:{s:i}}], s:{s:F}}",
                                 "HealthChecks", "HealthCheckConfig", "Type", &type, "RequestInterval",
                                 &interval, "IPAddress", &address, "Port", &port, "HealthCheckConfig", "Port",
                                 &(int){0}, "HealthCheckConfig", "Port", &(int){0}, "Simulator",
                                 "AggregationDelaySeconds", &delay),
                     0);
    assert_true(interval == 1.5 && delay == 0.25);
    assert_string_equal(address, "127.0.0.1");
    assert_int_equal(port, 4001);
    json_decref(policy);
    free(text);
    live_plan_destroy(plan);
    scenario_destroy(scenario);
}

static void test_what_real_processes_cannot_show_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *event;
        const char *what;
    } cases[] = {
        {"{'At': '1s', 'Endpoint': '*', 'Fault': {'Kind': 'hang'}}", "hang"},
        {"{'At': '1s', 'Endpoint': '*', 'Fault': {'Kind': 'down', 'CheckerRegions': ['eu-west-1']}}",
         "some checkers"},
        {"{'At': '1s', 'Outage': 'us-east-1'}", "outages"},
        {"{'At': '1s', 'Api': {'ThrottleRequestsPerSecond': 5}}", "a limit of requests per second"},
        {"{'At': '1s', 'Endpoint': '*', 'Fault': {'Kind': 'down'}, 'Chance': {'MeanTimeBetweenFailures': "
         "'1h', 'MeanTimeToRepair': '1m'}}",
         "by chance"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[4096];
        struct error error = {0};
        snprintf(text, sizeof text, "{" POLICY ", 'Events': [%s]}", cases[i].event);
        struct scenario *scenario = scenario_of(text);
        assert_null(live_plan_create(scenario, 60, &error));
        assert_non_null(strstr(error.text, cases[i].what));
        assert_non_null(strstr(error.text, "a.json:1:"));
        scenario_destroy(scenario);
    }
}

static struct live_sequence sequence_of(const char *text)
{
    struct live_sequence sequence = {NULL, 0};
    for (int64_t at = 0; *text != '\0'; at++, text++) {
        live_sequence_add(&sequence, (mono_time){DURATION_S(at)}, xasprintf("%c", *text));
    }
    return sequence;
}

static void test_sequences_agree_in_order_and_within_the_tolerance(void **state)
{
    (void)state;
    static const struct {
        const char *expected;
        const char *got;
        int64_t tolerance_s;
        bool agree;
    } cases[] = {
        {"aabba", "aabba", 0, true}, {"aabba", "aaabba", 1, true}, {"aabba", "aaabba", 0, false},
        {"ab", "abc", 9, false},     {"abc", "ab", 9, false},      {"ab", "ac", 9, false},
        {"", "", 0, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct live_sequence expected = sequence_of(cases[i].expected);
        struct live_sequence got = sequence_of(cases[i].got);
        struct buffer difference;
        buffer_init(&difference, 4096);
        bool agree = live_sequences_agree(&expected, &got, DURATION_S(cases[i].tolerance_s), &difference);
        assert_int_equal(agree, cases[i].agree);
        assert_int_equal(difference.len == 0, cases[i].agree);
        buffer_free(&difference);
        live_sequence_free(&expected);
        live_sequence_free(&got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_plan_has_endpoints_actions_and_clients_in_order),
        cmocka_unit_test(test_the_daemons_policy_probes_this_machine_and_is_sped_up),
        cmocka_unit_test(test_what_real_processes_cannot_show_is_refused_with_its_place),
        cmocka_unit_test(test_sequences_agree_in_order_and_within_the_tolerance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
