// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/random.h"

static bool all_zero(const uint8_t *memory, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (memory[i] != 0) {
            return false;
        }
    }
    return true;
}

static void test_memory_is_zeroed_and_aligned_whatever_came_before(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct random random;
    random_seed(&random, 3);
    for (unsigned i = 0; i < 2000; i++) {
        size_t align = (size_t)1 << random_below(&random, 5);
        size_t size = random_below(&random, 700);
        uint8_t *memory = arena_alloc(arena, size, align);
        assert_int_equal((uintptr_t)memory % align, 0);
        assert_true(all_zero(memory, size));
        memset(memory, 0xff, size);
    }
    arena_destroy(arena);
}

static void test_objects_never_overlap(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    static uint32_t *objects[COUNT];
    struct arena *arena = arena_create();
    for (uint32_t i = 0; i < COUNT; i++) {
        objects[i] = arena_new(arena, uint32_t, 1 + i % 40);
        for (uint32_t j = 0; j < 1 + i % 40; j++) {
            objects[i][j] = i;
        }
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        for (uint32_t j = 0; j < 1 + i % 40; j++) {
            assert_int_equal(objects[i][j], i);
        }
    }
    arena_destroy(arena);
}

static void test_an_object_larger_than_any_block_fits(void **state)
{
    (void)state;
    enum { LARGE = 5 << 20 };
    struct arena *arena = arena_create();
    uint8_t *small = arena_alloc(arena, 1, 1);
    uint8_t *large = arena_alloc(arena, LARGE, 16);
    *small = 1;
    assert_true(all_zero(large, LARGE));
    large[LARGE - 1] = 2;
    assert_int_equal(*small, 1);
    assert_true(arena_footprint(arena) > LARGE);
    arena_destroy(arena);
}

static void test_copies_are_equal_and_independent(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    char text[] = "eu-central-1";
    char *copy = arena_strdup(arena, text);
    const uint16_t numbers[] = {1, 2, 3};
    uint16_t *copied = arena_memdup(arena, numbers, sizeof numbers, _Alignof(uint16_t));
    text[0] = 'X';
    assert_string_equal(copy, "eu-central-1");
    assert_memory_equal(copied, numbers, sizeof numbers);
    assert_string_equal(arena_strdup(arena, ""), "");
    assert_non_null(arena_memdup(arena, NULL, 0, 1));
    arena_destroy(arena);
}

static void test_footprint_grows_with_what_is_handed_out(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    size_t empty = arena_footprint(arena);
    for (int i = 0; i < 1000; i++) {
        arena_alloc(arena, 1000, 1);
    }
    size_t full = arena_footprint(arena);
    assert_in_range(full - empty, 1000 * 1000, 3 * 1000 * 1000);
    arena_destroy(arena);
    arena_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_zeroed_and_aligned_whatever_came_before),
        cmocka_unit_test(test_objects_never_overlap),
        cmocka_unit_test(test_an_object_larger_than_any_block_fits),
        cmocka_unit_test(test_copies_are_equal_and_independent),
        cmocka_unit_test(test_footprint_grows_with_what_is_handed_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
