// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/model/health_check.h"

// H1: eight types in four families; those of the first are probed over the network.
static void test_there_are_eight_types_and_five_of_them_have_an_endpoint(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool endpoint;
    } types[HEALTH_CHECK_TYPES] = {
        {"HTTP", true}, {"HTTPS", true},       {"HTTP_STR_MATCH", true},     {"HTTPS_STR_MATCH", true},
        {"TCP", true},  {"CALCULATED", false}, {"CLOUDWATCH_METRIC", false}, {"RECOVERY_CONTROL", false},
    };
    for (unsigned type = 0; type < HEALTH_CHECK_TYPES; type++) {
        assert_string_equal(health_check_type_name(type), types[type].name);
        assert_int_equal(health_check_type_is_endpoint(type), types[type].endpoint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_are_eight_types_and_five_of_them_have_an_endpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
