// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/policy_dsl.h"
#include "support/scenario_dsl.h"

// Two regions with a check each: DE is near eu-west-1, JP near ap-northeast-1.
#define RECORD(id, region, address, check)                                                                   \
    "{'Name': 'www.example.com', 'Type': 'A', 'SetIdentifier': '" id "', 'Region': '" region                 \
    "', 'TTL': 60, 'ResourceRecords': [{'Value': '" address "'}], 'HealthCheckId': '" check "'}"
#define CHECK(id, address)                                                                                   \
    "{'Id': '" id "', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '" address                          \
    "', 'Port': 80, 'ResourcePath': '/health'}}"
#define POLICY                                                                                               \
    "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [" RECORD(                   \
        "eu", "eu-west-1", "192.0.2.1",                                                                      \
        "hc-eu") ", " RECORD("ap", "ap-northeast-1", "192.0.2.2",                                            \
                             "hc-ap") "]}], "                                                                \
                                      "'HealthChecks': [" CHECK("hc-eu", "192.0.2.1") ", " CHECK(            \
                                          "hc-ap", "192.0.2.2") "]}"
#define SCENARIO(more) "{'Description': 'a test', 'Name': 'www.example.com', 'Policy': " POLICY ", " more "}"

static void test_an_outage_takes_what_ex5_says_and_moves_every_place(void **state)
{
    (void)state;
    scenario_dsl_passes(
        SCENARIO("'Events': [{'At': '2m', 'Label': 'dies', 'Endpoint': '192.0.2.1:80', 'Fault': {'Kind': "
                 "'down'}},"
                 "           {'At': '12m', 'Label': 'returns', 'Endpoint': '192.0.2.1:80', 'Fault': {'Kind': "
                 "'none'}}],"
                 "'Expectations': ["
                 "{'At': '1m', 'Client': 'DE', 'Answer': {'Region': 'eu-west-1', 'SetIdentifier': 'eu', "
                 "'TTL': 60}},"
                 "{'At': '1m', 'Client': 'JP', 'Answer': {'Region': 'ap-northeast-1', 'Values': "
                 "['192.0.2.2']}},"
                 "{'After': 'dies', 'Within': '84375ms', 'Client': 'DE', 'Answer': {'Region': "
                 "'ap-northeast-1'}}," // EX5
                 "{'From': '2m', 'Until': '204374ms', 'Client': 'DE', 'Answer': {'Region': 'eu-west-1'}},"
                 "{'At': '204374ms', 'HealthCheckId': 'hc-eu', 'Status': 'Healthy', 'CheckersHealthy': 3},"
                 "{'At': '204375ms', 'HealthCheckId': 'hc-eu', 'Status': 'Unhealthy', 'CheckersHealthy': 2},"
                 "{'At': '5m', 'Everywhere': true, 'Answer': {'Region': 'ap-northeast-1', 'FailOpen': "
                 "false}},"
                 "{'At': '5m', 'Client': 'DE', 'Explanation': 'unhealthy'},"
                 "{'After': 'returns', 'Within': '63750ms', 'Client': 'DE', 'Answer': {'Region': "
                 "'eu-west-1'}}," // A11
                 "{'Never': 'FailOpen'}, {'Never': 'DeadSite', 'LongerThan': '85s'}]"));
}

// What must fail, with what it got.
static void test_expectations_that_do_not_hold_say_what_was_got_when(void **state)
{
    (void)state;
    static const struct {
        const char *expectation;
        const char *got;
        int64_t at_ms;
    } cases[] = {
        {"{'At': '1m', 'Client': 'DE', 'Answer': {'Region': 'ap-northeast-1'}}", "eu (192.0.2.1), TTL 60",
         60000},
        {"{'At': '1m', 'Client': 'DE', 'Answer': {'SetIdentifier': 'ap'}}", "eu (192.0.2.1)", 60000},
        {"{'At': '1m', 'Client': 'DE', 'Answer': {'Values': ['192.0.2.9']}}", "eu (192.0.2.1)", 60000},
        {"{'At': '1m', 'Client': 'DE', 'Answer': {'Values': ['192.0.2.1', '192.0.2.9']}}", "eu", 60000},
        {"{'At': '1m', 'Client': 'DE', 'Answer': {'TTL': 61}}", "TTL 60", 60000},
        {"{'At': '1m', 'Client': 'DE', 'Answer': {'FailOpen': true}}", "eu", 60000},
        {"{'At': '1m', 'Name': 'no.example.com', 'Client': 'DE', 'Answer': {}}", "NXDOMAIN", 60000},
        {"{'At': '1m', 'Type': 'AAAA', 'Client': 'DE', 'Answer': {'Rcode': 'NXDOMAIN'}}", "NODATA", 60000},
        {"{'At': '1m', 'Client': 'DE', 'Explanation': 'the moon'}", "eu", 60000},
        {"{'At': '1m', 'Client': 'Atlantis', 'Answer': {}}", "Atlantis", 60000},
        {"{'At': '1m', 'HealthCheckId': 'hc-eu', 'Status': 'Unhealthy'}", "16 of 16 checkers", 60000},
        {"{'At': '1m', 'HealthCheckId': 'gone', 'Status': 'Healthy'}", "no such health check", 60000},
        {"{'From': '1m', 'Until': '5m', 'HealthCheckId': 'hc-eu', 'Status': 'Healthy'}", "Unhealthy; 2 of 16",
         204375},
        {"{'After': 'dies', 'Within': '84374ms', 'Client': 'DE', 'Answer': {'Region': 'ap-northeast-1'}}",
         "eu", 204374},
        {"{'At': '5m', 'Share': {'eu-west-1': {'Least': 1}}}", "0.0 % in eu-west-1", 300000},
        {"{'Never': 'DeadSite', 'LongerThan': '80s'}", "has not served for", 200625},
        {"{'Never': 'FailOpen'}", "last resort", 504375},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scenario_dsl dsl;
        char text[8192];
        snprintf(text, sizeof text,
                 SCENARIO("'Events': [{'At': '2m', 'Label': 'dies', 'Endpoint': '192.0.2.1', 'Fault': "
                          "{'Kind': 'down'}},"
                          "{'At': '7m', 'Endpoint': '192.0.2.2', 'Fault': {'Kind': 'down'}}],"
                          "'End': '10m', 'Expectations': [%s]"),
                 cases[i].expectation);
        scenario_dsl_run(&dsl, text, NULL);
        if (!dsl.read || dsl.report.failed != 1 || strstr(dsl.report.verdicts[0].got, cases[i].got) == NULL ||
            dsl.report.verdicts[0].at.ns / 1000000 != cases[i].at_ms) {
            fail_msg("%s:\n%s%s at %g: %s", cases[i].expectation, buffer_string(&dsl.findings),
                     dsl.report.count > 0 ? dsl.report.verdicts[0].got : "nothing",
                     dsl.report.count > 0 ? duration_seconds(dsl.report.verdicts[0].at.ns) : 0,
                     buffer_string(&dsl.lines));
        }
        scenario_dsl_free(&dsl);
    }
}

static void test_an_outage_of_a_region_silences_its_checkers_too(void **state)
{
    (void)state;
    // Two of sixteen checkers are in eu-west-1: what they last said no longer counts (A5).
    scenario_dsl_passes(
        SCENARIO("'Events': [{'At': '2m', 'Label': 'out', 'Outage': 'eu-west-1', 'For': '20m'}],"
                 "'Expectations': ["
                 "{'After': 'out', 'Within': '2m', 'Client': 'DE', 'Answer': {'Region': 'ap-northeast-1'}},"
                 "{'At': '20m', 'HealthCheckId': 'hc-eu', 'CheckersHealthy': 0},"
                 "{'At': '20m', 'HealthCheckId': 'hc-ap', 'CheckersHealthy': 14},"
                 "{'At': '25m', 'Everywhere': true, 'Answer': {'FailOpen': false}},"
                 "{'At': '25m', 'Client': 'DE', 'Answer': {'Region': 'eu-west-1'}}]"));
}

static void test_drains_end_by_themselves_and_pin_whatever_the_endpoint_does(void **state)
{
    (void)state;
    scenario_dsl_passes(
        SCENARIO("'Events': [{'At': '1m', 'Drain': 'eu-west-1', 'For': '10m'},"
                 "           {'At': '2m', 'Endpoint': '192.0.2.1', 'Fault': {'Kind': 'down'}, 'For': '6m'},"
                 "           {'At': '20m', 'Drain': 'hc-ap'}, {'At': '21m', 'Release': 'hc-ap'}],"
                 "'Expectations': ["
                 "{'At': '1m', 'Client': 'DE', 'Answer': {'Region': 'ap-northeast-1'}},"
                 "{'From': '1m', 'Until': '659999ms', 'HealthCheckId': 'hc-eu', 'Status': 'Unhealthy'}," // S5
                 "{'At': '11m', 'Client': 'DE', 'Answer': {'Region': 'eu-west-1'}},"
                 "{'At': '20m', 'Client': 'JP', 'Answer': {'Region': 'eu-west-1'}},"
                 "{'At': '21m', 'Client': 'JP', 'Answer': {'Region': 'ap-northeast-1'}}]"));
}

static void test_overrides_and_inversions_take_effect_at_once(void **state)
{
    (void)state;
    scenario_dsl_passes(SCENARIO(
        "'Events': [{'At': '100s', 'HealthCheckId': 'hc-eu', 'Override': {'Inverted': true}},"
        "           {'At': '200s', 'HealthCheckId': 'hc-eu', 'Override': {'Inverted': false}}],"
        "'Expectations': ["
        "{'At': '99999ms', 'Client': 'DE', 'Answer': {'Region': 'eu-west-1'}},"
        "{'From': '100s', 'Until': '199999ms', 'Client': 'DE', 'Answer': {'Region': 'ap-northeast-1'}}," // S4
        "{'At': '150s', 'HealthCheckId': 'hc-eu', 'Status': 'Unhealthy', 'CheckersHealthy': 16}," // H17
        "{'At': '200s', 'Client': 'DE', 'Answer': {'Region': 'eu-west-1'}}]"));
}

#define INVERT(at, refused)                                                                                  \
    "{'At': '" at "', 'Call': {'Operation': 'UpdateHealthCheck', 'Input': {'HealthCheckId': 'hc-eu', "       \
    "'Inverted': true}" refused "}}"

static void test_calls_fail_as_the_faults_of_the_api_have_it(void **state)
{
    (void)state;
    scenario_dsl_passes(
        SCENARIO("'Events': [{'At': '1m', 'Api': {'Fault': 'InternalFailure', 'For': '60s'}}," INVERT(
            "1m",
            ", "
            "'Refused'"
            ": "
            "'Internal"
            "Failure'") "," INVERT("119999ms",
                                   ", 'Refused': 'InternalFailure'") ","
                                                                     "           {'At': '2m', 'Api': "
                                                                     "{'Fault': 'Drop'}}," INVERT(
                                                                         "3m",
                                                                         ", 'Refused': 'Drop'") ","
                                                                                                "           "
                                                                                                "{'At': "
                                                                                                "'4m', "
                                                                                                "'Api': "
                                                                                                "{'Fault': "
                                                                                                "'None', "
                                                                                                "'ThrottleReq"
                                                                                                "uestsPerSeco"
                                                                                                "nd': "
                                                                                                "1}},"
                                                                                                "           "
                                                                                                "{'At': "
                                                                                                "'5m', "
                                                                                                "'Call': "
                                                                                                "{'Operation'"
                                                                                                ": "
                                                                                                "'ListHealthC"
                                                                                                "hecks', "
                                                                                                "'Input': "
                                                                                                "{}}}"
                                                                                                "," INVERT( // L8
                                                                                                    "300999m"
                                                                                                    "s",
                                                                                                    ", "
                                                                                                    "'Refused"
                                                                                                    "': "
                                                                                                    "'Throttl"
                                                                                                    "ing'") "," INVERT("301s",
                                                                                                                       "") "],"
                                                                                                                           "'Expectations': ["
                                                                                                                           "{'From': '0s', 'Until': '300999ms', 'Client': 'DE', 'Answer': {'Region': 'eu-west-1'}},"
                                                                                                                           "{'At': '301s', 'Client': 'DE', 'Answer': {'Region': 'ap-northeast-1'}}]"));
}

static void test_a_call_that_fails_unforeseen_is_told_with_the_faults_of_the_api(void **state)
{
    (void)state;
    struct scenario_dsl dsl;
    scenario_dsl_run(
        &dsl,
        SCENARIO("'Events': [{'At': '1m', 'Label': 'down', 'Api': {'Fault': 'Drop', 'For': '1m', "
                 "'OneChangeAtATime': true}}," INVERT("90s", "") "], 'End': '3m'"),
        NULL);
    assert_int_equal(dsl.report.failed, 1);
    assert_string_equal(dsl.report.verdicts[0].got, "Drop: The connection was closed without an answer.");
    const char *lines = buffer_string(&dsl.lines);
    assert_non_null(
        strstr(lines, "the API: Drop until 2026-01-01T00:02:00.000Z, OneChangeAtATime   <- down\n"));
    assert_non_null(strstr(lines, "the API: Drop is over\n"));
    scenario_dsl_free(&dsl);
}

// B5
static void test_a_zone_takes_one_change_at_a_time_where_asked(void **state)
{
    (void)state;
#define CHANGE(at, value, refused)                                                                           \
    "{'At': '" at "', 'Call': {'Operation': 'ChangeResourceRecordSets', 'Input': {'HostedZoneId': 'Z1', "    \
    "'ChangeBatch': {'Changes': [{'Action': 'UPSERT', 'ResourceRecordSet': {'Name': 'n.example.com', "       \
    "'Type': 'A', 'TTL': 1, 'ResourceRecords': [{'Value': '" value "'}]}}]}}" refused "}}"
    scenario_dsl_passes(
        "{'Description': 'a test', 'Name': 'n.example.com', 'Policy': {'HostedZones': [{'Id': 'Z1', 'Name': "
        "'example.com'}], 'Simulator': {'RecordDelaySeconds': 60}}, 'Events': ["
        "{'At': '1m', 'Api': {'OneChangeAtATime': true}}," CHANGE("1m", "192.0.2.1", "") "," CHANGE(
            "119999ms", "192.0.2.2",
            ", 'Refused': 'PriorRequestNotComplete'") "," CHANGE("2m", "192.0.2.3",
                                                                 "") ", {'At': '2m', 'Api': "
                                                                     "{'OneChangeAtATime': "
                                                                     "false}}," CHANGE("121s",
                                                                                       "192.0.2."
                                                                                       "4",
                                                                                       "") "]}");
}

// B4: records take their time, health checks overtake them.
static void test_changes_of_records_take_their_time(void **state)
{
    (void)state;
    scenario_dsl_passes(
        "{'Description': 'a test', 'Name': 'n.example.com', 'Policy': {'Simulator': {'RecordDelaySeconds': "
        "60}, 'HealthChecks': [{'Id': 'h', 'HealthCheckConfig': {'Type': 'TCP', 'Port': 1, 'IPAddress': "
        "'192.0.2.9'}}], 'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [{'Name': "
        "'f.example.com', 'Type': 'A', 'SetIdentifier': '1', 'Failover': 'PRIMARY', 'HealthCheckId': 'h', "
        "'TTL': 1, 'ResourceRecords': [{'Value': '192.0.2.1'}]}, {'Name': 'f.example.com', 'Type': 'A', "
        "'SetIdentifier': '2', 'Failover': 'SECONDARY', 'TTL': 1, 'ResourceRecords': [{'Value': "
        "'192.0.2.2'}]}]}]}, 'Events': [" CHANGE("1m", "192.0.2.7", "") "," CHANGE(
            "90s", "192.0.2.8",
            "") ", {'At': '100s', 'Call': {'Operation': 'UpdateHealthCheck', 'Input': {'HealthCheckId': 'h', "
                "'Inverted': true}}}], 'Expectations': ["
                "{'From': '0s', 'Until': '119999ms', 'Answer': {'Rcode': 'NXDOMAIN'}},"
                "{'From': '2m', 'Until': '149999ms', 'Answer': {'Values': ['192.0.2.7']}},"
                "{'At': '150s', 'Answer': {'Values': ['192.0.2.8']}},"
                "{'At': '99s', 'Name': 'f.example.com', 'Answer': {'SetIdentifier': '1'}},"
                "{'At': '100s', 'Name': 'f.example.com', 'Answer': {'SetIdentifier': '2'}},"
                "{'At': '150s', 'Name': 'f.example.com', 'Answer': {'SetIdentifier': '2'}}]}");
}

static void test_latency_shifts_move_clients_and_end(void **state)
{
    (void)state;
    scenario_dsl_passes(SCENARIO(
        "'Events': [{'At': '1m', 'Latency': {'Region': 'eu-west-1', 'Place': 'DE', 'Milliseconds': 900}, "
        "'For': '1m'},"
        "           {'At': '3m', 'Latency': {'Region': 'ap-northeast-1', 'Factor': 0}, 'For': '1m'}],"
        "'Expectations': ["
        "{'At': '59999ms', 'Client': 'DE', 'Answer': {'Region': 'eu-west-1'}},"
        "{'At': '1m', 'Client': 'DE', 'Answer': {'Region': 'ap-northeast-1'}},"
        "{'At': '1m', 'Client': 'JP', 'Answer': {'Region': 'ap-northeast-1'}},"
        "{'At': '2m', 'Client': 'DE', 'Answer': {'Region': 'eu-west-1'}},"
        "{'At': '3m', 'Everywhere': true, 'Answer': {'Region': 'ap-northeast-1'}},"
        "{'At': '4m', 'Client': 'DE', 'Answer': {'Region': 'eu-west-1'}}]"));
}

static void test_reports_that_do_not_arrive_leave_the_denominator(void **state)
{
    (void)state;
    scenario_dsl_passes(SCENARIO(
        "'Events': [{'At': '2m', 'ReportsLost': {'CheckerRegions': ['us-east-1', 'us-west-1', 'us-west-2', "
        "'sa-east-1',"
        "            'eu-west-1', 'ap-southeast-1', 'ap-southeast-2']}, 'For': '30m'},"
        "           {'At': '10m', 'Endpoint': '192.0.2.1', 'Fault': {'Kind': 'down'}},"
        "           {'At': '20m', 'ReportsLost': {'CheckerRegions': ['ap-northeast-1']}, 'For': '12m'},"
        "           {'At': '22m', 'Endpoint': '192.0.2.1', 'Fault': {'Kind': 'none'}}],"
        "'Expectations': ["
        "{'At': '5m', 'HealthCheckId': 'hc-eu', 'Status': 'Healthy', 'CheckersHealthy': 2}," // A5
        "{'At': '12m', 'HealthCheckId': 'hc-eu', 'Status': 'Unhealthy', 'CheckersHealthy': 0},"
        "{'At': '30m', 'HealthCheckId': 'hc-eu', 'Status': 'Unhealthy', 'CheckersHealthy': 0}," // A6
        "{'At': '32m', 'HealthCheckId': 'hc-eu', 'Status': 'Healthy', 'CheckersHealthy': 16}]"));
}

static void test_metrics_and_resources_follow_the_script(void **state)
{
    (void)state;
    scenario_dsl_passes(
        "{'Description': 'a test', 'Name': 'www.example.com', 'Policy': {"
        "'Alarms': [{'AlarmName': 'errors', 'Region': 'eu-west-1', 'Namespace': 'App', 'MetricName': "
        "'Errors',"
        "            'Statistic': 'Average', 'Period': 60, 'EvaluationPeriods': 1, 'Threshold': 80,"
        "            'ComparisonOperator': 'GreaterThanThreshold'}],"
        "'HealthChecks': [{'Id': 'hc-metric', 'HealthCheckConfig': {'Type': 'CLOUDWATCH_METRIC',"
        "                  'AlarmIdentifier': {'Region': 'eu-west-1', 'Name': 'errors'}}}],"
        "'Resources': [{'DNSName': 'lb.eu-west-1.elb.amazonaws.com', 'HostedZoneId': 'Z32O12XQLNTSW2', "
        "'Type': 'ALB',"
        "               'ResourceRecords': {'A': ['192.0.2.1']}}],"
        "'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': ["
        "{'Name': 'www.example.com', 'Type': 'A', 'SetIdentifier': 'lb', 'Failover': 'PRIMARY', "
        "'AliasTarget': {"
        "'HostedZoneId': 'Z32O12XQLNTSW2', 'DNSName': 'lb.eu-west-1.elb.amazonaws.com', "
        "'EvaluateTargetHealth': true}},"
        "{'Name': 'www.example.com', 'Type': 'A', 'SetIdentifier': 'spare', 'Failover': 'SECONDARY', 'TTL': "
        "60,"
        " 'ResourceRecords': [{'Value': '192.0.2.2'}], 'HealthCheckId': 'hc-metric'}]}]},"
        "'Events': [{'At': '1m', 'Resource': {'DNSName': 'lb.eu-west-1.elb.amazonaws.com', 'Healthy': "
        "false}, 'For': '5m'},"
        "           {'At': '150s', 'Metrics': {'Namespace': 'App', 'MetricData': [{'MetricName': 'Errors', "
        "'Value': 90}]}}],"
        "'Expectations': ["
        "{'At': '30s', 'Client': 'DE', 'Answer': {'SetIdentifier': 'lb'}},"
        "{'From': '1m', 'Until': '179s', 'Client': 'DE', 'Answer': {'SetIdentifier': 'spare'}},"
        "{'At': '179s', 'HealthCheckId': 'hc-metric', 'Status': 'Healthy'},"
        "{'At': '181s', 'HealthCheckId': 'hc-metric', 'Status': 'Unhealthy'}," // S9, S11: the period is
                                                                               // complete
        "{'At': '181s', 'Client': 'DE', 'Answer': {'SetIdentifier': 'lb', 'FailOpen': true}},"
        "{'At': '7m', 'Client': 'DE', 'Answer': {'SetIdentifier': 'lb', 'FailOpen': false}}]}");
}

static void test_repeated_events_and_sites(void **state)
{
    (void)state;
    scenario_dsl_passes(
        SCENARIO("'Events': [{'At': '2m', 'Every': '10m', 'Times': 2, 'For': '5m', 'Site': 'eu', 'Fault': "
                 "{'Kind': 'hang'}}],"
                 "'Expectations': ["
                 "{'At': '4m', 'Client': 'DE', 'Answer': {'SetIdentifier': 'ap'}},"
                 "{'At': '10m', 'Client': 'DE', 'Answer': {'SetIdentifier': 'eu'}},"
                 "{'At': '14m', 'Client': 'DE', 'Answer': {'SetIdentifier': 'ap'}},"
                 "{'From': '20m', 'Until': '40m', 'Client': 'DE', 'Answer': {'SetIdentifier': 'eu'}}]"));
}

static void run_by_chance(struct scenario_dsl *dsl, uint64_t seed)
{
    struct scenario_options options = scenario_dsl_options();
    options.has_seed = true;
    options.seed = seed;
    scenario_dsl_run(dsl,
                     SCENARIO("'Phases': 'Random', 'End': '24h', 'Events': ["
                              "{'At': '0s', 'Endpoint': '192.0.2.1', 'Fault': {'Kind': 'down'},"
                              " 'Chance': {'MeanTimeBetweenFailures': '1h', 'MeanTimeToRepair': '10m'}},"
                              "{'At': '0s', 'Site': 'ap', 'Fault': {'Kind': 'blackhole'},"
                              " 'Chance': {'MeanTimeBetweenFailures': '2h', 'MeanTimeToRepair': '5m'}}],"
                              "'Expectations': [{'Never': 'DeadSite', 'LongerThan': '24h'}]"),
                     &options);
    assert_true(dsl->read);
    assert_int_equal(dsl->report.failed, 0);
}

static void test_the_same_seed_gives_the_same_lines_and_another_seed_others(void **state)
{
    (void)state;
    struct scenario_dsl first;
    struct scenario_dsl again;
    struct scenario_dsl other;
    run_by_chance(&first, 7);
    run_by_chance(&again, 7);
    run_by_chance(&other, 8);
    assert_string_equal(buffer_string(&first.lines), buffer_string(&again.lines));
    assert_true(first.report.digest == again.report.digest);
    assert_true(first.report.digest != other.report.digest);
    assert_in_range(first.report.health_changes, 10, 200); // about 20 and 11 failures a day
    scenario_dsl_free(&first);
    scenario_dsl_free(&again);
    scenario_dsl_free(&other);
}

static void test_what_ifs_change_every_policy(void **state)
{
    (void)state;
    static const char *const settings[] = {"FailureThreshold=1", "TTL=5", NULL};
    struct scenario_options options = scenario_dsl_options();
    struct scenario_dsl dsl;
    options.settings = settings;
    scenario_dsl_run(&dsl,
                     SCENARIO("'Events': [{'At': '2m', 'Endpoint': '192.0.2.1', 'Fault': {'Kind': 'down'}}],"
                              "'Expectations': [{'At': '144375ms', 'Client': 'DE', 'Answer': "
                              "{'SetIdentifier': 'ap', 'TTL': 5}}]"), // 13 * 1.875 s
                     &options);
    assert_true(dsl.read);
    assert_int_equal(dsl.report.failed, 0);
    scenario_dsl_free(&dsl);
}

static void test_bad_scenarios_are_refused_with_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *finding;
    } cases[] = {
        {"", "scenario.json:1"},
        {"[]", "must be an object"},
        {"{", "scenario.json:1"},
        {"{}", "missing field 'Description'"},
        {"{'Description': 'x', 'Policy': 5}", "Policy must be a file's name or a policy, not the number 5"},
        {"{'Description': 'x', 'Policy': 'no/such.json'}", "cannot read the policy: no/such.json"},
        {"{'Description': 'x', 'Policy': {'HostedZonse': []}}", "did you mean 'HostedZones'?"},
        {SCENARIO("'Evnets': []"), "did you mean 'Events'?"},
        {SCENARIO("'Start': '2026-13-01T00:00:00Z'"), "'2026-13-01T00:00:00Z' is not a time such as"},
        {SCENARIO("'End': 'soon'"), "'soon' is not a time"},
        {SCENARIO("'End': '9000d'"), "'9000d' is not a time"},
        {SCENARIO("'Events': [{'At': '1m'}]"), "nothing happens; an event has one of"},
        {SCENARIO("'Events': [{'Outage': 'eu-west-1'}]"), "missing field 'At'"},
        {SCENARIO("'Events': [{'At': '1m', 'Outage': 'eu-west-9'}]"), "'eu-west-9' is not an AWS region"},
        {SCENARIO("'Events': [{'At': '1m', 'Outage': 'eu-west-1', 'Drain': 'eu-west-1'}]"),
         "an event is one thing; this is Outage and Drain"},
        {SCENARIO("'Events': [{'At': '1m', 'Fault': {'Kind': 'down'}}]"), "either an Endpoint or a Site"},
        {SCENARIO("'Events': [{'At': '1m', 'Endpoint': 'a b', 'Fault': {'Kind': 'down'}}]"),
         "an endpoint is a host and a port"},
        {SCENARIO("'Events': [{'At': '1m', 'Endpoint': '*', 'Fault': {'Kind': 'dwon'}}]"),
         "did you mean 'down'?"},
        {SCENARIO("'Events': [{'At': '1m', 'Endpoint': '*', 'Fault': {'Kind': 'down', 'For': '1m'}, 'For': "
                  "'1m'}]"),
         "the Fault has a For of its own"},
        {SCENARIO("'Events': [{'At': '1m', 'Endpoint': '*', 'Drain': 'eu-west-1'}]"),
         "Endpoint does not go with Drain"},
        {SCENARIO("'Events': [{'At': '1m', 'Release': 'eu-west-1', 'For': '1m'}]"),
         "For does not go with Release"},
        {SCENARIO("'Events': [{'At': '1m', 'Outage': 'eu-west-1', 'Times': 2}]"), "Times goes with Every"},
        {SCENARIO("'Events': [{'At': '1m', 'Override': {'Inverted': true}}]"),
         "an Override needs a HealthCheckId"},
        {SCENARIO("'Events': [{'At': '1m', 'ReportsLost': {'CheckerRegions': ['eu-west-2']}}]"),
         "did you mean 'eu-west-1'?"},
        {SCENARIO("'Events': [{'At': '1m', 'Metrics': []}]"), "Metrics must be an object"},
        {SCENARIO("'Events': [{'At': '1m', 'Api': {'Fualt': 'Drop'}}]"), "did you mean 'Fault'?"},
        {SCENARIO("'Events': [{'At': '1m', 'Api': {'Fault': 'Drop', 'For': '1x'}}]"),
         "'1x' is not a duration"},
        {SCENARIO("'Events': [{'At': '1m', 'Api': {'For': '1m'}}]"), "only a Fault ends by itself"},
        {SCENARIO("'Events': [{'At': '1m', 'Api': {'Fault': 'Drop'}, 'For': '1m'}]"),
         "For does not go with Api"},
        {SCENARIO("'Expectations': [{'Answer': {}}]"), "when? Give At"},
        {SCENARIO("'Expectations': [{'At': '1m'}]"), "nothing is expected"},
        {SCENARIO("'Expectations': [{'At': '1m', 'From': '1m', 'Answer': {}}]"),
         "an expectation holds either At"},
        {SCENARIO("'Expectations': [{'After': 'nobody', 'Within': '1m', 'Answer': {}}]"),
         "no event has the Label 'nobody'"},
        {SCENARIO("'Expectations': [{'After': '1m', 'Answer': {}}]"), "After needs Within"},
        {SCENARIO("'Expectations': [{'From': '2m', 'Until': '1m', 'Answer': {}}]"), "Until is before From"},
        {SCENARIO("'End': '1m', 'Expectations': [{'At': '2m', 'Answer': {}}]"), "this is after the End"},
        {SCENARIO("'Expectations': [{'At': '1m', 'Status': 'Healthy'}]"), "HealthCheckId goes with Status"},
        {SCENARIO("'Expectations': [{'At': '1m', 'Client': 'DE', 'Everywhere': true, 'Answer': {}}]"),
         "one of Client, Clients and Everywhere"},
        {SCENARIO("'Expectations': [{'At': '1m', 'Type': 'B', 'Answer': {}}]"), "'B' is not a record type"},
        {SCENARIO("'Expectations': [{'Never': 'FailOpen', 'LongerThan': '1m'}]"),
         "LongerThan goes with Never DeadSite"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scenario_dsl dsl;
        scenario_dsl_run(&dsl, cases[i].text, NULL);
        if (dsl.read || strstr(buffer_string(&dsl.findings), cases[i].finding) == NULL) {
            fail_msg("case %zu: wanted %s\n%s", i, cases[i].finding, buffer_string(&dsl.findings));
        }
        scenario_dsl_free(&dsl);
    }
}

static void test_unknown_settings_are_refused(void **state)
{
    (void)state;
    static const char *const settings[] = {"FailureTreshold=1", NULL};
    struct scenario_options options = scenario_dsl_options();
    struct scenario_dsl dsl;
    options.settings = settings;
    scenario_dsl_run(&dsl, SCENARIO("'End': '1m'"), &options);
    assert_false(dsl.read);
    assert_non_null(strstr(buffer_string(&dsl.findings), "did you mean 'FailureThreshold'?"));
    scenario_dsl_free(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_outage_takes_what_ex5_says_and_moves_every_place),
        cmocka_unit_test(test_expectations_that_do_not_hold_say_what_was_got_when),
        cmocka_unit_test(test_an_outage_of_a_region_silences_its_checkers_too),
        cmocka_unit_test(test_drains_end_by_themselves_and_pin_whatever_the_endpoint_does),
        cmocka_unit_test(test_overrides_and_inversions_take_effect_at_once),
        cmocka_unit_test(test_calls_fail_as_the_faults_of_the_api_have_it),
        cmocka_unit_test(test_a_call_that_fails_unforeseen_is_told_with_the_faults_of_the_api),
        cmocka_unit_test(test_a_zone_takes_one_change_at_a_time_where_asked),
        cmocka_unit_test(test_changes_of_records_take_their_time),
        cmocka_unit_test(test_latency_shifts_move_clients_and_end),
        cmocka_unit_test(test_reports_that_do_not_arrive_leave_the_denominator),
        cmocka_unit_test(test_metrics_and_resources_follow_the_script),
        cmocka_unit_test(test_repeated_events_and_sites),
        cmocka_unit_test(test_the_same_seed_gives_the_same_lines_and_another_seed_others),
        cmocka_unit_test(test_what_ifs_change_every_policy),
        cmocka_unit_test(test_bad_scenarios_are_refused_with_the_place),
        cmocka_unit_test(test_unknown_settings_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
