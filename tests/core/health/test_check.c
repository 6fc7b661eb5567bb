// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/health/check.h"
#include "core/health/status_table.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

// V1, V2, V3: the decision table of section 2.1. x fails, o passes.
static void test_a_verdict_flips_after_the_threshold_of_contrary_results_in_a_row(void **state)
{
    (void)state;
    static const struct {
        uint8_t threshold;
        const char *observations;
        const char *verdicts;
    } cases[] = {
        {3, "xxoxxx", "HHHHHU"}, {3, "xxxooxooo", "HHUUUUUUH"}, {3, "oxoxox", "HHHHHH"},
        {1, "xox", "UHU"},       {2, "xxoxoo", "HUUUUH"},       {10, "xxxxxxxxxx", "HHHHHHHHHU"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct checker_verdict verdict = {.healthy = true};
        for (size_t j = 0; cases[i].observations[j] != '\0'; j++) {
            bool before = verdict.healthy;
            bool flipped = checker_observe(&verdict, cases[i].observations[j] == 'o', cases[i].threshold);
            assert_int_equal(verdict.healthy, cases[i].verdicts[j] == 'H');
            assert_int_equal(flipped, verdict.healthy != before);
        }
    }
}

// A lower threshold applies from the next observation on: H14.
static void test_a_lowered_threshold_flips_with_the_next_contrary_result(void **state)
{
    (void)state;
    struct checker_verdict verdict = {.healthy = true, .against = 5};
    assert_true(checker_observe(&verdict, false, 2));
    assert_false(verdict.healthy);
    assert_int_equal(verdict.against, 0);
}

// A1, A2, A11: the table of section 3.
static void test_the_needed_number_of_healthy_checkers_follows_the_table(void **state)
{
    (void)state;
    static const struct {
        uint32_t from;
        uint32_t to;
        uint32_t needed;
    } cases[] = {
        {1, 5, 1},   {6, 11, 2},  {12, 16, 3},  {17, 22, 4},
        {23, 27, 5}, {32, 32, 6}, {50, 50, 10}, {100, 100, 19},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (uint32_t n = cases[i].from; n <= cases[i].to; n++) {
            assert_int_equal(check_needed(n, 18), cases[i].needed);
        }
    }
    for (uint32_t n = 1; n <= 2000; n++) {
        for (uint8_t percent = 0; percent <= 100; percent += 9) {
            uint32_t needed = check_needed(n, percent);
            assert_true(check_aggregate(needed, n, percent, false));
            assert_false(check_aggregate(needed - 1, n, percent, true));
        }
    }
}

// A6
static void test_without_reports_the_last_status_stays(void **state)
{
    (void)state;
    assert_true(check_aggregate(0, 0, 18, true));
    assert_false(check_aggregate(0, 0, 18, false));
}

// S1, S2, S3
static void test_disabled_fixes_raw_and_inverted_swaps_it(void **state)
{
    (void)state;
    static const struct {
        bool raw;
        bool disabled;
        bool inverted;
        bool final;
    } cases[] = {
        {true, false, false, true}, {false, false, false, false}, {true, false, true, false},
        {false, false, true, true}, {true, true, false, true},    {false, true, false, true},
        {true, true, true, false},  {false, true, true, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(check_final(cases[i].raw, cases[i].disabled, cases[i].inverted), cases[i].final);
    }
}

// H10 for what lies beyond the table.
static void test_a_status_table_holds_one_bit_per_check(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 1, 63, 64, 65, 1000};
    for (size_t i = 0; i < COUNT(counts); i++) {
        struct status_table *up = status_table_create(counts[i], true);
        struct status_table *down = status_table_create(counts[i], false);
        for (uint32_t check = 0; check < counts[i]; check++) {
            assert_true(status_table_healthy(up, check));
            assert_false(status_table_healthy(down, check));
        }
        assert_true(status_table_healthy(down, counts[i]));
        assert_true(status_table_healthy(down, HEALTH_CHECK_NONE));
        if (counts[i] > 0) {
            status_table_set(up, counts[i] - 1, false);
            struct status_table *copy = status_table_copy(up);
            status_table_set(up, counts[i] - 1, true);
            assert_false(status_table_healthy(copy, counts[i] - 1));
            assert_int_equal(status_table_healthy(copy, 0), counts[i] > 1);
            free(copy);
        }
        free(up);
        free(down);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_verdict_flips_after_the_threshold_of_contrary_results_in_a_row),
        cmocka_unit_test(test_a_lowered_threshold_flips_with_the_next_contrary_result),
        cmocka_unit_test(test_the_needed_number_of_healthy_checkers_follows_the_table),
        cmocka_unit_test(test_without_reports_the_last_status_stays),
        cmocka_unit_test(test_disabled_fixes_raw_and_inverted_swaps_it),
        cmocka_unit_test(test_a_status_table_holds_one_bit_per_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
