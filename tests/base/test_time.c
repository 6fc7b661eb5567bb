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

static void test_rfc_3339_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms; // -1: refused
    } cases[] = {
        {"2014-10-24T02:55:12.106Z", INT64_C(1414119312106)},
        {"2014-10-24t02:55:12.106z", INT64_C(1414119312106)},
        {"2014-10-24 04:55:12.106+02:00", INT64_C(1414119312106)},
        {"2014-10-23T23:25:12.106000000-03:30", INT64_C(1414119312106)},
        {"1970-01-01T00:00:00Z", 0},
        {"2000-02-29T00:00:00Z", INT64_C(951782400000)},
        {"2024-12-31T23:59:60Z", INT64_C(1735689600000)},
        {"2100-03-01T00:00:00Z", INT64_C(4107542400000)},
        {"", -1},
        {"2014-10-24", -1},
        {"2014-10-24T02:55:12", -1},
        {"2014-10-24T02:55Z", -1},
        {"2014-10-24T02:55:12.Z", -1},
        {"2014-10-24T02:55:12.1234567890Z", -1},
        {"2014-10-24T02:55:12Z ", -1},
        {"2014-10-24T24:00:00Z", -1},
        {"2014-10-24T02:60:00Z", -1},
        {"2014-10-24T02:55:61Z", -1},
        {"2014-13-24T02:55:12Z", -1},
        {"2014-00-24T02:55:12Z", -1},
        {"2014-02-29T02:55:12Z", -1},
        {"2100-02-29T02:55:12Z", -1},
        {"1969-12-31T23:59:59Z", -1},
        {"2014-10-24T02:55:12+2:00", -1},
        {"2014-10-24T02:55:12+24:00", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wall_time got = {-1000000};
        bool ok = wall_time_parse(bytes_of(cases[i].text), &got);
        assert_int_equal(ok, cases[i].ms >= 0);
        assert_true(got.ns == cases[i].ms * 1000000);
    }
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
        cmocka_unit_test(test_rfc_3339_is_read),
        cmocka_unit_test(test_time_saturates_instead_of_wrapping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
