// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/map.h"

enum { MANY = 20000 };
static int values[MANY];

struct name {
    char text[24];
};

static struct bytes key_of(int i, struct name *name)
{
    snprintf(name->text, sizeof name->text, "host%d.example.com", i);
    return bytes_of(name->text);
}

static struct map *filled(int count)
{
    struct map *map = map_create();
    for (int i = 0; i < count; i++) {
        struct name name;
        assert_true(map_put(map, key_of(i, &name), &values[i]));
    }
    return map;
}

static void test_many_keys_are_each_found(void **state)
{
    (void)state;
    struct map *map = filled(MANY);
    struct name name;
    assert_int_equal(map_count(map), MANY);
    for (int i = 0; i < MANY; i++) {
        assert_ptr_equal(map_get(map, key_of(i, &name)), &values[i]);
    }
    assert_null(map_get(map, key_of(MANY, &name)));
    map_destroy(map);
}

static void test_keys_are_bytes(void **state)
{
    (void)state;
    static const struct bytes keys[] = {
        {NULL, 0},
        {(const uint8_t *)"\0", 1},
        {(const uint8_t *)"\0\0", 2},
        {(const uint8_t *)"a", 1},
        {(const uint8_t *)"a\0", 2},
        {(const uint8_t *)"A", 1},
        {(const uint8_t *)"seven b", 7},
        {(const uint8_t *)"eight by", 8},
        {(const uint8_t *)"nine byte", 9},
    };
    enum { KEYS = sizeof keys / sizeof keys[0] };
    struct map *map = map_create();
    for (size_t i = 0; i < KEYS; i++) {
        assert_null(map_get(map, keys[i]));
        assert_true(map_put(map, keys[i], &values[i]));
    }
    for (size_t i = 0; i < KEYS; i++) {
        assert_ptr_equal(map_get(map, keys[i]), &values[i]);
    }
    assert_ptr_equal(map_get(map, bytes_of("")), &values[0]);
    assert_int_equal(map_count(map), KEYS);
    map_destroy(map);
}

static void test_keys_are_copied(void **state)
{
    (void)state;
    struct map *map = map_create();
    char key[] = "before";
    map_set(map, bytes_of(key), &values[1]);
    key[0] = 'B';
    assert_null(map_get(map, bytes_of(key)));
    assert_ptr_equal(map_get(map, bytes_of("before")), &values[1]);
    map_destroy(map);
}

static void test_put_keeps_and_set_replaces(void **state)
{
    (void)state;
    struct map *map = map_create();
    assert_true(map_put(map, bytes_of("k"), &values[1]));
    assert_false(map_put(map, bytes_of("k"), &values[2]));
    assert_ptr_equal(map_get(map, bytes_of("k")), &values[1]);
    map_set(map, bytes_of("k"), &values[2]);
    assert_ptr_equal(map_get(map, bytes_of("k")), &values[2]);
    assert_int_equal(map_count(map), 1);
    map_destroy(map);
}

static void test_what_is_removed_is_gone_and_can_come_back(void **state)
{
    (void)state;
    struct map *map = filled(1000);
    struct name name;
    for (int i = 0; i < 1000; i += 2) {
        assert_ptr_equal(map_remove(map, key_of(i, &name)), &values[i]);
        assert_null(map_remove(map, key_of(i, &name)));
    }
    assert_int_equal(map_count(map), 500);
    for (int i = 0; i < 1000; i++) {
        assert_ptr_equal(map_get(map, key_of(i, &name)), i % 2 == 0 ? NULL : &values[i]);
    }
    assert_true(map_put(map, key_of(0, &name), &values[7]));
    assert_ptr_equal(map_get(map, key_of(0, &name)), &values[7]);
    map_destroy(map);
}

struct visits {
    int seen[8];
    int count;
};

static void note(struct bytes key, void *value, void *context)
{
    struct visits *visits = context;
    struct name name;
    int i = (int)((int *)value - values);
    assert_true(bytes_equal(key, key_of(i, &name)));
    assert_in_range(visits->count, 0, 7);
    visits->seen[visits->count++] = i;
}

static void test_iteration_is_in_order_of_insertion(void **state)
{
    (void)state;
    struct map *map = filled(6);
    struct name name;
    struct visits visits = {.count = 0};
    map_remove(map, key_of(2, &name));
    map_set(map, key_of(4, &name), &values[4]); // there already: keeps its place
    map_put(map, key_of(2, &name), &values[2]); // comes back at the end
    map_each(map, note, &visits);
    static const int expected[] = {0, 1, 3, 4, 5, 2};
    assert_int_equal(visits.count, 6);
    assert_memory_equal(visits.seen, expected, sizeof expected);
    map_destroy(map);
}

static void test_an_empty_map_answers(void **state)
{
    (void)state;
    struct map *map = map_create();
    struct visits visits = {.count = 0};
    assert_int_equal(map_count(map), 0);
    assert_null(map_get(map, bytes_of("k")));
    assert_null(map_remove(map, bytes_of("k")));
    map_each(map, note, &visits);
    assert_int_equal(visits.count, 0);
    map_destroy(map);
    map_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_keys_are_each_found),
        cmocka_unit_test(test_keys_are_bytes),
        cmocka_unit_test(test_keys_are_copied),
        cmocka_unit_test(test_put_keeps_and_set_replaces),
        cmocka_unit_test(test_what_is_removed_is_gone_and_can_come_back),
        cmocka_unit_test(test_iteration_is_in_order_of_insertion),
        cmocka_unit_test(test_an_empty_map_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
