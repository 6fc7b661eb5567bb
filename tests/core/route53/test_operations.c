// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/route53/operations.h"

static void test_every_operation_has_a_row_and_is_found_by_its_name(void **state)
{
    (void)state;
    assert_int_equal(ROUTE53_OPERATIONS, 71);
    for (unsigned i = 0; i < ROUTE53_OPERATIONS; i++) {
        const struct route53_operation_row *row = route53_operation_row(i);
        assert_non_null(row->name);
        assert_int_equal(route53_operation_find(bytes_of(row->name)), i);
    }
    assert_int_equal(route53_operation_find(bytes_of("GetEverything")), ROUTE53_OPERATIONS);
}

static void test_no_two_operations_share_method_and_path(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROUTE53_OPERATIONS; i++) {
        for (unsigned j = 0; j < i; j++) {
            const struct route53_operation_row *a = route53_operation_row(i);
            const struct route53_operation_row *b = route53_operation_row(j);
            assert_false(strcmp(a->method, b->method) == 0 && strcmp(a->path, b->path) == 0);
        }
    }
}

static void test_what_creates_answers_201_and_all_else_200(void **state)
{
    (void)state;
    assert_int_equal(route53_operation_status(ROUTE53_CREATE_HOSTED_ZONE), 201);
    assert_int_equal(route53_operation_status(ROUTE53_CREATE_TRAFFIC_POLICY_VERSION), 201);
    // It creates an authorization, which has no address of its own.
    assert_int_equal(route53_operation_status(ROUTE53_CREATE_VPC_ASSOCIATION_AUTHORIZATION), 200);
    assert_int_equal(route53_operation_status(ROUTE53_DELETE_HEALTH_CHECK), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_operation_has_a_row_and_is_found_by_its_name),
        cmocka_unit_test(test_no_two_operations_share_method_and_path),
        cmocka_unit_test(test_what_creates_answers_201_and_all_else_200),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
