// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "io/process/child.h"

enum { PATIENCE_MS = 20000 };

static void test_lines_come_one_by_one_and_long_ones_are_cut(void **state)
{
    (void)state;
    static const char *const argv[] = {"/bin/sh", "-c", "echo one; echo twelve; sleep 1000", NULL};
    struct error error = {0};
    char line[5];
    struct child *child = child_start(argv, &error);
    assert_non_null(child);
    assert_true(child_read_line(child, PATIENCE_MS, line, sizeof line, &error));
    assert_string_equal(line, "one");
    assert_true(child_read_line(child, PATIENCE_MS, line, sizeof line, &error));
    assert_string_equal(line, "twel");
    assert_false(child_read_line(child, 1, line, sizeof line, &error));
    assert_non_null(strstr(error.text, "says nothing"));
    child_end(child); // which would take a thousand seconds by itself
}

static void test_a_program_that_is_not_there_ends_at_once(void **state)
{
    (void)state;
    static const char *const argv[] = {"/nonexistent", NULL};
    struct error error = {0};
    char line[16];
    struct child *child = child_start(argv, &error);
    assert_non_null(child);
    assert_false(child_read_line(child, PATIENCE_MS, line, sizeof line, &error));
    assert_string_equal(error.text, "/nonexistent ended");
    child_end(child);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_come_one_by_one_and_long_ones_are_cut),
        cmocka_unit_test(test_a_program_that_is_not_there_ends_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
