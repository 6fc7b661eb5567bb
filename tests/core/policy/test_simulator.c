// SPDX-License-Identifier: MIT
// Simulator's knobs of health as a policy says them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/policy_dsl.h"

// A5
static void test_locations_are_named_in_order(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    policy_dsl_read(&dsl, "{'Simulator': {'Locations': ['us', 'eu']}}", NULL, NULL);
    assert_int_equal(dsl.errors, 0);
    const struct simulator_settings *simulator = &policy_spec(dsl.policy)->simulator;
    assert_int_equal(simulator->location_count, 2);
    assert_string_equal(simulator->locations[0], "us");
    assert_string_equal(simulator->locations[1], "eu");
    policy_dsl_free(&dsl);
    policy_dsl_read(&dsl, "{}", NULL, NULL);
    assert_int_equal(policy_spec(dsl.policy)->simulator.location_count, 0);
    policy_dsl_free(&dsl);
}

// H5, H10, H14, A6, A7, P4, P12, P17, P23: what AWS does not say can be chosen.
static void test_what_aws_does_not_say_of_health_can_be_chosen(void **state)
{
    (void)state;
    static const char check[] =
        "'HealthChecks': [{'Id': 'a', 'HealthCheckConfig': {'Type': 'TCP', 'Port': 1, "
        "'FullyQualifiedDomainName': 'a.example'}}]";
    char text[1024];
    struct policy_dsl dsl;
    snprintf(text, sizeof text, "{%s}", check);
    policy_dsl_read(&dsl, text, NULL, NULL);
    assert_int_equal(dsl.errors, 0);
    const struct simulator_settings *usual = &policy_spec(dsl.policy)->simulator;
    const struct probe_habits *habits = &policy_spec(dsl.policy)->health_checks[0].config.habits;
    assert_false(usual->even_phases || usual->first_result_decides || usual->updates_reseed ||
                 usual->added_checkers_healthy || usual->dangling_checks_unhealthy);
    assert_int_equal(usual->without_reports, WITHOUT_REPORTS_LAST);
    assert_false(habits->encoded_window || habits->first_address || habits->plain_ref);
    policy_dsl_free(&dsl);
    snprintf(
        text, sizeof text,
        "{%s, 'Simulator': {'ProbePhases': 'Even', 'NewCheckers': 'FirstResult', 'ChangedEndpoint': "
        "'Reseed', 'AddedCheckers': 'Healthy', 'WithoutReports': 'Unhealthy', 'DanglingChecks': 'Unhealthy', "
        "'BodyWindow': 'Encoded', 'EndpointAddress': 'First', 'UserAgentRef': 'Id'}}",
        check);
    policy_dsl_read(&dsl, text, NULL, NULL);
    assert_int_equal(dsl.errors, 0);
    const struct simulator_settings *chosen = &policy_spec(dsl.policy)->simulator;
    habits = &policy_spec(dsl.policy)->health_checks[0].config.habits;
    assert_true(chosen->even_phases && chosen->first_result_decides && chosen->updates_reseed &&
                chosen->added_checkers_healthy && chosen->dangling_checks_unhealthy);
    assert_int_equal(chosen->without_reports, WITHOUT_REPORTS_UNHEALTHY);
    assert_true(habits->encoded_window && habits->first_address && habits->plain_ref);
    policy_dsl_free(&dsl);
}

static void test_knobs_out_of_range_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *finding;
    } cases[] = {
        {"{'Simulator': {'Locations': ['us', 'eu', 'us']}}",
         "policy.json:1:42: error: Locations names 'us' twice"},
        {"{'Simulator': {'Locations': ['us', '']}}",
         "policy.json:1:36: error: a location's name has 1 to 31 bytes"},
        {"{'Simulator': {'Locations': []}}",
         "policy.json:1:29: error: Locations must have 1 to 8 items, not 0"},
        {"{'Simulator': {'MetricDelaySeconds': -1}}",
         "policy.json:1:38: error: MetricDelaySeconds must be from 0 to 3600, not -1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, cases[i].text, NULL, NULL);
        const char *printed = buffer_string(&dsl.printed);
        if (dsl.errors != 1 || strncmp(printed, cases[i].finding, strlen(cases[i].finding)) != 0) {
            fail_msg("wanted: %s\nfound: %s", cases[i].finding, printed);
        }
        policy_dsl_free(&dsl);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_locations_are_named_in_order),
        cmocka_unit_test(test_what_aws_does_not_say_of_health_can_be_chosen),
        cmocka_unit_test(test_knobs_out_of_range_are_refused_with_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
