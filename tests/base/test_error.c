// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

static void test_the_first_error_wins(void **state)
{
    (void)state;
    struct error error = {0};
    assert_false(error_set(&error, "port %d is taken", 53));
    assert_true(error.set);
    assert_false(error_set(&error, "and so is %d", 54));
    assert_string_equal(error.text, "port 53 is taken");
}

static void test_nobody_need_listen(void **state)
{
    (void)state;
    assert_false(error_set(NULL, "unheard %s", "of"));
    assert_false(error_context(NULL, "nowhere"));
}

static void test_context_goes_before_the_cause_at_every_level(void **state)
{
    (void)state;
    struct error error = {0};
    error_set(&error, "no such file");
    assert_false(error_context(&error, "latency table %s", "aws.json"));
    assert_false(error_context(&error, "%s", "policy.json"));
    assert_string_equal(error.text, "policy.json: latency table aws.json: no such file");
    assert_true(error.set);
    error_set(&error, "later");
    assert_string_equal(error.text, "policy.json: latency table aws.json: no such file");
}

static void test_long_texts_are_cut_and_stay_terminated(void **state)
{
    (void)state;
    char text[2000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct error error = {0};
    error_set(&error, "%s", text);
    assert_int_equal(strlen(error.text), sizeof error.text - 1);
    error_context(&error, "here");
    assert_int_equal(strlen(error.text), sizeof error.text - 1);
    assert_memory_equal(error.text, "here: xxx", 9);
    error_context(&error, "%s", text);
    assert_int_equal(strlen(error.text), sizeof error.text - 1);
    assert_null(strstr(error.text, "here"));
}

static void test_an_error_is_a_value(void **state)
{
    (void)state;
    struct error error = {0};
    error_set(&error, "one");
    struct error copy = error;
    error_context(&error, "two");
    assert_string_equal(copy.text, "one");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_error_wins),
        cmocka_unit_test(test_nobody_need_listen),
        cmocka_unit_test(test_context_goes_before_the_cause_at_every_level),
        cmocka_unit_test(test_long_texts_are_cut_and_stay_terminated),
        cmocka_unit_test(test_an_error_is_a_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
