// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"

static void test_durations_are_read_with_their_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        duration expected; // -1: refused
    } cases[] = {
        {"2h", DURATION_S(7200)},
        {"90s", DURATION_S(90)},
        {"1500ms", DURATION_MS(1500)},
        {"1h30m", DURATION_S(5400)},
        {"0s", 0},
        {"7d", DURATION_S(604800)},
        {"", -1},
        {"90", -1},
        {"s", -1},
        {"-1s", -1},
        {"30m1h", -1},
        {"1s1s", -1},
        {"99999999999s", -1},
        {"4294967295d", -1},
        {"1 s", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        duration got = -1;
        bool ok = duration_parse(bytes_of(cases[i].text), &got);
        assert_int_equal(ok, cases[i].expected >= 0);
        assert_true(got == cases[i].expected);
    }
}

static void test_wall_time_prints_as_rfc_3339(void **state)
{
    (void)state;
    char text[WALL_TIME_TEXT];
    wall_time_format((wall_time){INT64_C(1414119312106) * 1000000}, text);
    assert_string_equal(text, "2014-10-24T02:55:12.106Z");
    wall_time_format((wall_time){-1000000}, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
}

static void test_time_saturates_instead_of_wrapping(void **state)
{
    (void)state;
    assert_true(mono_add(MONO_NEVER, DURATION_S(1)).ns == INT64_MAX);
    assert_true(mono_add((mono_time){INT64_MIN}, -1).ns == INT64_MIN);
    assert_true(duration_from_seconds(1e300) == INT64_MAX);
    assert_true(duration_from_seconds(0.05) == DURATION_MS(50));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durations_are_read_with_their_units),
        cmocka_unit_test(test_wall_time_prints_as_rfc_3339),
        cmocka_unit_test(test_time_saturates_instead_of_wrapping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
