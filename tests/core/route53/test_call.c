// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/account_dsl.h"

static void test_an_operation_that_is_not_here_says_so(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{}");
    account_dsl_expect(&dsl, "UpdateHostedZoneFeatures", "{'HostedZoneId': 'Z1'}",
                       "UnknownOperationException: nearwell does not have UpdateHostedZoneFeatures yet");
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_operation_that_is_not_here_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
