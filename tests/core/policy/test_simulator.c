// SPDX-License-Identifier: MIT
// Simulator's knobs of health as a policy says them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
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
        cmocka_unit_test(test_knobs_out_of_range_are_refused_with_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
