// SPDX-License-Identifier: MIT
// Clients with caches in a replay. What caches do is test_caches.c's; here it is fed and judged.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "support/scenario_dsl.h"

#define RECORD(id, region, address, check)                                                                   \
    "{'Name': 'www.example.com', 'Type': 'A', 'SetIdentifier': '" id "', 'Region': '" region                 \
    "', 'TTL': 60, 'ResourceRecords': [{'Value': '" address "'}], 'HealthCheckId': '" check "'}"
#define CHECK(id, address)                                                                                   \
    "{'Id': '" id "', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '" address                          \
    "', 'Port': 80, 'ResourcePath': '/health'}}"
// Three quarters of the clients are near eu-west-1.
#define RECORDS                                                                                              \
    RECORD("eu", "eu-west-1", "192.0.2.1", "hc-eu") ", " RECORD("ap", "ap-northeast-1", "192.0.2.2", "hc-ap")
#define POLICY                                                                                               \
    "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [" RECORDS "]}], "           \
    "'Population': {'Places': {'DE': 3, 'JP': 1}}, 'Capacities': {'ap-northeast-1': 40}, "                   \
    "'HealthChecks': [" CHECK("hc-eu", "192.0.2.1") ", " CHECK("hc-ap", "192.0.2.2") "]}"
#define SCENARIO(events, more)                                                                               \
    "{'Description': 'a test', 'Name': 'www.example.com', 'End': '20m', 'Policy': " POLICY                   \
    ", 'Events': [" events "], 'Expectations': [{'Never': 'FailOpen'}], " more "}"
#define DIES  "{'At': '5m', 'Endpoint': '192.0.2.1:80', 'Fault': {'Kind': 'down'}}"
#define DRAIN "{'At': '5m', 'Drain': 'eu-west-1'}"

static double number(const struct scenario_dsl *dsl, const char *list, size_t index, const char *key)
{
    const json_t *item = json_array_get(json_object_get(dsl->report.clients, list), index);
    return json_number_value(json_object_get(item, key));
}

// 84.375 s until Route 53 knows (EX5), 30.125 s in caches: from 84.375 on caches end after 0.625 to 59.625 s.
static void test_requests_fail_until_route_53_knows_and_caches_forget(void **state)
{
    (void)state;
    struct scenario_dsl dsl;
    scenario_dsl_run(&dsl, SCENARIO(DIES, "'ClientClasses': [{'Class': 'glibc'}]"), NULL);
    assert_true(dsl.read);
    double failed = number(&dsl, "classes", 0, "failed_seconds");
    assert_true(fabs(failed - 0.75 * (84.375 + 30.125)) < 1e-6);
    assert_true(fabs(number(&dsl, "places", 0, "failed_seconds") - (84.375 + 30.125)) < 1e-6); // DE
    assert_true(fabs(number(&dsl, "sites", 1, "peak_percent") - 100) < 1e-6);
    assert_true(fabs(number(&dsl, "sites", 1, "capacity_percent") - 40) < 1e-6);
    scenario_dsl_free(&dsl);
}

static void test_a_drain_lets_no_request_fail_and_moves_no_kept_connection(void **state)
{
    (void)state;
    struct scenario_dsl dsl;
    scenario_dsl_run(&dsl, SCENARIO(DRAIN, "'ClientClasses': [{'Class': 'go'}, {'Class': 'glibc'}]"), NULL);
    assert_true(dsl.read);
    assert_true(number(&dsl, "classes", 0, "failed_seconds") == 0);
    assert_true(number(&dsl, "classes", 1, "failed_seconds") == 0);
    for (size_t i = 0; i < 2; i++) {
        const json_t *class = json_array_get(json_object_get(dsl.report.clients, "classes"), i);
        const json_t *move = json_array_get(json_object_get(class, "moves"), 0);
        assert_int_equal(json_is_null(json_object_get(move, "seconds_50")), i == 0);
    }
    scenario_dsl_free(&dsl);
}

static void test_what_a_class_may_suffer_is_an_expectation(void **state)
{
    (void)state;
    static const struct {
        const char *class;
        size_t failed; // of one
    } cases[] = {
        {"{'Class': 'glibc', 'FailedSecondsMost': 86}", 0},
        {"{'Class': 'glibc', 'FailedSecondsMost': 85}", 1},
        {"{'Class': 'glibc', 'FailedSecondsLeast': 85}", 0},
        {"{'Class': 'glibc', 'FailedSecondsLeast': 86}", 1},
        {"{'Class': 'glibc', 'MovedSecondsMost': 60}", 0},
        {"{'Class': 'glibc', 'MovedSecondsMost': 59}", 1},
        {"{'Class': 'jvm-forever', 'MovedSecondsMost': 100000}", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[8192];
        struct scenario_dsl dsl;
        snprintf(text, sizeof text, SCENARIO(DIES, "'ClientClasses': [%s]"), cases[i].class);
        scenario_dsl_run(&dsl, text, NULL);
        assert_true(dsl.read);
        assert_int_equal(dsl.report.count, 2); // Never FailOpen is the other
        if (dsl.report.failed != cases[i].failed) {
            fail_msg("%s: %s", cases[i].class, buffer_string(&dsl.lines));
        }
        assert_int_equal(dsl.report.verdicts[1].line, 1);
        scenario_dsl_free(&dsl);
    }
}

// E1: a resolver in Japan that tells nobody's subnet gets Japan's answers for all.
static void test_a_resolver_without_client_subnet_takes_its_own_place_along(void **state)
{
    (void)state;
    struct scenario_dsl dsl;
    scenario_dsl_run(&dsl,
                     SCENARIO(DIES, "'Resolvers': [{'Place': 'JP', 'ClientSubnet': false}], "
                                    "'ClientClasses': [{'Class': 'glibc'}]"),
                     NULL);
    assert_true(dsl.read);
    assert_true(number(&dsl, "classes", 0, "failed_seconds") == 0);
    scenario_dsl_free(&dsl);
}

static void test_another_policy_goes_on_with_the_same_clients(void **state)
{
    (void)state;
    struct scenario_dsl dsl;
    scenario_dsl_run(&dsl,
                     SCENARIO("{'At': '5m', 'Policy': 'scenarios/policies/two-regions.json'}",
                              "'ClientClasses': [{'Class': 'glibc', 'MovedSecondsMost': 60}]"),
                     NULL);
    assert_true(dsl.read);
    assert_int_equal(dsl.report.failed, 0);
    scenario_dsl_free(&dsl);
}

static void test_what_is_wrong_with_classes_and_resolvers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *finding;
    } cases[] = {
        {"'ClientClasses': [{'Class': 'jwm'}]", "did you mean 'jvm'?"},
        {"'ClientClasses': [{'Share': 1}]", "missing field 'Class'"},
        {"'ClientClasses': [{'Class': 'jvm', 'Share': 0}]", "one of them needs a Share above 0"},
        {"'ClientClasses': [{'Class': 'jvm', 'FailedSecondsMost': -1}]", "FailedSecondsMost"},
        {"'Resolvers': [{'Share': 1}]", "resolvers need ClientClasses that ask them"},
        {"'ClientClasses': [{'Class': 'jvm'}], 'Resolvers': [{'Place': 'Atlantis'}]",
         "'Atlantis' is no place with clients in the policy's Population"},
        {"'ClientClasses': [{'Class': 'jvm'}], 'Resolvers': [{'Share': 0}]",
         "one of them needs a Share above 0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[8192];
        struct scenario_dsl dsl;
        snprintf(text, sizeof text, SCENARIO(DIES, "%s"), cases[i].text);
        scenario_dsl_run(&dsl, text, NULL);
        if (dsl.read || strstr(buffer_string(&dsl.findings), cases[i].finding) == NULL) {
            fail_msg("%s: %s", cases[i].text, buffer_string(&dsl.findings));
        }
        scenario_dsl_free(&dsl);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests_fail_until_route_53_knows_and_caches_forget),
        cmocka_unit_test(test_a_drain_lets_no_request_fail_and_moves_no_kept_connection),
        cmocka_unit_test(test_what_a_class_may_suffer_is_an_expectation),
        cmocka_unit_test(test_a_resolver_without_client_subnet_takes_its_own_place_along),
        cmocka_unit_test(test_another_policy_goes_on_with_the_same_clients),
        cmocka_unit_test(test_what_is_wrong_with_classes_and_resolvers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
