// SPDX-License-Identifier: MIT
// How many requests a second each endpoint gets from health checks (P1, P2).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/policy/request_rates.h"
#include "support/policy_dsl.h"

#define CHECK(id, members) "{'Id': '" id "', 'HealthCheckConfig': {" members "}}"
#define ADDRESS            "'Type': 'HTTP', 'IPAddress': '8.8.8.8'"
#define REGIONS            "'Regions': ['us-east-1', 'eu-west-1', 'sa-east-1']"

struct expected {
    const char *endpoint;
    double per_second;
    uint32_t checks;
};

static void expect(const char *text, const struct expected *wanted, size_t wanted_count)
{
    struct policy_dsl dsl;
    policy_dsl_read(&dsl, text, NULL, NULL);
    assert_string_equal(buffer_string(&dsl.printed), "");
    size_t count;
    struct request_rate *rates = request_rates(policy_spec(dsl.policy), &count);
    assert_int_equal(count, wanted_count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(rates[i].endpoint, wanted[i].endpoint);
        assert_float_equal(rates[i].per_second, wanted[i].per_second, 1e-9);
        assert_int_equal(rates[i].checks, wanted[i].checks);
    }
    free(rates);
    policy_dsl_free(&dsl);
}

static void test_every_checker_adds_one_request_an_interval(void **state)
{
    (void)state;
    static const struct expected wanted[] = {{"8.8.8.8:80", 16.0 / 30 + 6.0 / 10, 2},
                                             {"[2001:4860:4860::8888]:443", 16.0 / 30, 1},
                                             {"api.example.com:8443", 16.0 / 10, 1}};
    expect(
        "{'HealthChecks': [" CHECK("a", ADDRESS) ", " CHECK(
            "b",
            "'Type': 'HTTPS', 'IPAddress': "
            "'2001:4860:4860::8888'") ", " CHECK("c", ADDRESS
                                                 ", 'RequestInterval': 10, " REGIONS) ", " CHECK("d",
                                                                                                 "'Type': "
                                                                                                 "'TCP', "
                                                                                                 "'FullyQu"
                                                                                                 "alifiedD"
                                                                                                 "omainNam"
                                                                                                 "e': "
                                                                                                 "'API."
                                                                                                 "example."
                                                                                                 "com', "
                                                                                                 "'Port': "
                                                                                                 "8443, "
                                                                                                 "'Request"
                                                                                                 "Interval"
                                                                                                 "': 10") "]"
                                                                                                          "}",
        wanted, 3);
}

static void test_checkers_without_regions_are_counted_as_they_are(void **state)
{
    (void)state;
    static const struct expected wanted[] = {{"8.8.8.8:80", 5.0 / 30, 1}};
    expect("{'Simulator': {'Checkers': 5}, 'HealthChecks': [" CHECK("a", ADDRESS ", " REGIONS) "]}", wanted,
           1);
}

// S1, S14
static void test_checks_that_probe_nothing_send_no_requests(void **state)
{
    (void)state;
    expect("{'HealthChecks': [" CHECK("a", ADDRESS ", 'Disabled': true") ", " CHECK(
               "b", "'Type': 'CALCULATED', 'ChildHealthChecks': ['a'], "
                    "'HealthThreshold': 1") ", " CHECK("c", "'Type': "
                                                            "'RECOVERY_CONTROL', "
                                                            "'RoutingControlArn':"
                                                            " 'arn'") "]}",
           NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_checker_adds_one_request_an_interval),
        cmocka_unit_test(test_checkers_without_regions_are_counted_as_they_are),
        cmocka_unit_test(test_checks_that_probe_nothing_send_no_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
