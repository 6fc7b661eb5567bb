// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"

// The authors' reference implementations: splitmix64 seeded with 1234567, xoshiro256** from state 1, 2, 3, 4.
static void test_numbers_are_those_of_the_reference_implementations(void **state)
{
    (void)state;
    static const uint64_t seeded[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                      UINT64_C(9817491932198370423)};
    static const uint64_t drawn[] = {11520,
                                     0,
                                     1509978240,
                                     UINT64_C(1215971899390074240),
                                     UINT64_C(1216172134540287360),
                                     UINT64_C(607988272756665600)};
    struct random random;
    random_seed(&random, 1234567);
    assert_memory_equal(random.s, seeded, sizeof seeded);
    random = (struct random){{1, 2, 3, 4}};
    for (size_t i = 0; i < sizeof drawn / sizeof drawn[0]; i++) {
        assert_true(random_next(&random) == drawn[i]);
    }
}

static bool same_start(const struct random *a, const struct random *b)
{
    struct random x = *a;
    struct random y = *b;
    for (int i = 0; i < 8; i++) {
        if (random_next(&x) == random_next(&y)) {
            return true;
        }
    }
    return false;
}

static void test_neighbouring_seeds_and_streams_have_nothing_in_common(void **state)
{
    (void)state;
    for (uint64_t n = 0; n < 100; n++) {
        struct random a;
        struct random b;
        random_seed(&a, n);
        random_seed(&b, n + 1);
        assert_false(same_start(&a, &b));
        random_seed_stream(&a, 7, n);
        random_seed_stream(&b, 7, n + 1);
        assert_false(same_start(&a, &b));
        random_seed_stream(&a, n, 7);
        random_seed_stream(&b, n + 1, 7);
        assert_false(same_start(&a, &b));
    }
}

static void test_draws_stay_below_their_bound(void **state)
{
    (void)state;
    static const uint32_t bounds[] = {1, 2, 3, 255, 1U << 31, (1U << 31) + 1, UINT32_MAX};
    struct random random;
    random_seed(&random, 5);
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        uint32_t largest = 0;
        for (int n = 0; n < 2000; n++) {
            uint32_t draw = random_below(&random, bounds[i]);
            assert_true(draw < bounds[i]);
            largest = draw > largest ? draw : largest;
        }
        assert_true(largest >= (bounds[i] - 1) / 10 * 9); // and reach most of it
    }
}

// A quarter of all draws must be rejected here; without that, multiples of 3 come twice as often.
static void test_awkward_bounds_are_not_biased(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    const uint32_t bound = 3U << 30;
    unsigned thirds[3] = {0};
    struct random random;
    random_seed(&random, 6);
    for (int n = 0; n < DRAWS; n++) {
        thirds[random_below(&random, bound) % 3]++;
    }
    for (int i = 0; i < 3; i++) {
        assert_in_range(thirds[i], DRAWS / 3 - 700, DRAWS / 3 + 700);
    }
}

static void test_the_unit_interval_is_filled_and_half_open(void **state)
{
    (void)state;
    struct random random = {{0, 0, 0, 0}};
    assert_true(random_unit(&random) == 0.0);
    // The largest number there is to draw: rotl(s1 * 5, 7) * 9 == UINT64_MAX.
    uint64_t ninth = UINT64_C(0x8e38e38e38e38e39) * UINT64_MAX;
    uint64_t turned = ninth >> 7 | ninth << 57;
    random.s[1] = turned * UINT64_C(0xcccccccccccccccd);
    assert_true(random_unit(&random) < 1.0);
    unsigned tenths[10] = {0};
    random_seed(&random, 8);
    for (int n = 0; n < 100000; n++) {
        tenths[(int)(random_unit(&random) * 10)]++;
    }
    for (int i = 0; i < 10; i++) {
        assert_in_range(tenths[i], 9600, 10400);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_those_of_the_reference_implementations),
        cmocka_unit_test(test_neighbouring_seeds_and_streams_have_nothing_in_common),
        cmocka_unit_test(test_draws_stay_below_their_bound),
        cmocka_unit_test(test_awkward_bounds_are_not_biased),
        cmocka_unit_test(test_the_unit_interval_is_filled_and_half_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
