// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/route53/fault.h"

static void test_codes_have_the_status_that_the_service_answers_with(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int status;
    } cases[] = {
        {"InvalidInput", 400},
        {"InvalidChangeBatch", 400},
        {"NoSuchDelegationSet", 400}, // not 404
        {"CidrCollectionVersionMismatchException", 409},
        {"HealthCheckVersionMismatch", 409},
        {"NoSuchHostedZone", 404},
        {"NoSuchCidrCollectionException", 404},
        {"NotAuthorizedException", 401},
        {"SignatureDoesNotMatch", 403},
        {"Throttling", 400},
        {"AccessDenied", 403},
        {"VPCAssociationNotFound", 404},
        {"UnknownOperationException", 404},
        {"NoSuchThing", 0},
        {"", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (route53_fault_status(cases[i].code) != cases[i].status) {
            fail_msg("%s: %d", cases[i].code, route53_fault_status(cases[i].code));
        }
    }
}

static void test_the_first_fault_wins(void **state)
{
    (void)state;
    struct route53_fault fault = {0};
    assert_false(route53_fault_set(&fault, "NoSuchHostedZone", "No hosted zone found with ID: %s", "Z1"));
    assert_false(route53_fault_set(&fault, "InvalidInput", "later"));
    assert_false(route53_fault_add(&fault, "InvalidChangeBatch", "later"));
    assert_string_equal(fault.code, "NoSuchHostedZone");
    assert_int_equal(fault.status, 404);
    assert_string_equal(fault.message, "No hosted zone found with ID: Z1");
    assert_string_equal(route53_fault_type(&fault), "Sender");
    route53_fault_clear(&fault);
    assert_null(fault.code);
    route53_fault_set(&fault, "InternalFailure", "no");
    assert_string_equal(route53_fault_type(&fault), "Receiver");
    route53_fault_clear(&fault);
}

static void test_problems_of_a_batch_are_listed_in_brackets(void **state)
{
    (void)state;
    struct route53_fault fault = {0};
    assert_false(route53_fault_add(&fault, "InvalidChangeBatch", "one"));
    assert_string_equal(fault.message, "[one]");
    assert_false(route53_fault_add(&fault, "InvalidChangeBatch", "two %d", 2));
    assert_string_equal(fault.message, "[one, two 2]");
    assert_int_equal(fault.status, 400);
    route53_fault_clear(&fault);
}

static void test_a_list_of_problems_has_an_end(void **state)
{
    (void)state;
    struct route53_fault fault = {0};
    char text[1025];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (unsigned i = 0; i < 1000; i++) {
        route53_fault_add(&fault, "InvalidChangeBatch", "%s", text);
    }
    assert_in_range(strlen(fault.message), 256 * 1024, 258 * 1024);
    assert_int_equal(fault.message[strlen(fault.message) - 1], ']');
    route53_fault_clear(&fault);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes_have_the_status_that_the_service_answers_with),
        cmocka_unit_test(test_the_first_fault_wins),
        cmocka_unit_test(test_problems_of_a_batch_are_listed_in_brackets),
        cmocka_unit_test(test_a_list_of_problems_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
