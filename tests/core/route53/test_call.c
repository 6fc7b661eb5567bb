// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/account_dsl.h"

static void test_every_operation_has_a_meaning(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{}");
    for (unsigned i = 0; i < ROUTE53_OPERATIONS; i++) {
        const char *reply = account_dsl_call(&dsl, route53_operation_row(i)->name, "{}");
        bool good = reply[0] == '{' || strncmp(reply, "InvalidInput: ", 14) == 0;
        if (!good) {
            fail_msg("%s: %s", route53_operation_row(i)->name, reply);
        }
    }
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_operation_has_a_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
