// SPDX-License-Identifier: MIT
#include "core/json/position.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buffer.h"

static const char text[] = "{ \"a\": [1, {\"b\": \"x,]}\"}, []],\n"
                           "  \"a/b\": {\"~\": null}, \"\\u0063\\n\": true,\n"
                           "  \"#key\": {\"d\": 5}, \"deep\": {\"e\": {\"f\": [0, 1, 2]}}}";

static void test_each_pointer_leads_to_its_value(void **state)
{
    (void)state;
    static const struct {
        const char *pointer;
        const char *found; // the text of the span
    } cases[] = {
        {"", "{"},
        {"/a", "["},
        {"/a/0", "1"},
        {"/a/1", "{"},
        {"/a/1/b", "\"x,]}\""},
        {"/a/1/#key/b", "\"b\""},
        {"/a/2", "["},
        {"/#key/a", "\"a\""},
        {"/a~1b", "{"},
        {"/a~1b/~0", "null"},
        {"/a~1b/#key/~0", "\"~\""},
        {"/#key/a~1b", "\"a/b\""},
        {"/c\n", "true"},
        {"/deep/e/f/2", "2"},
        // What is not there: the nearest ancestor.
        {"/a/7", "["},
        {"/a/0/x", "1"},
        {"/deep/nothing/here", "{"},
        {"/nothing", "{"},
        {"nonsense", "{"},
        {"\xd1/0", "{"},
    };
    enum { CASES = sizeof cases / sizeof cases[0] };
    const char *pointers[CASES];
    struct json_span spans[CASES];
    for (size_t i = 0; i < CASES; i++) {
        pointers[i] = cases[i].pointer;
    }
    json_position_find(bytes_of(text), pointers, CASES, spans);
    for (size_t i = 0; i < CASES; i++) {
        struct json_span alone;
        json_position_find(bytes_of(text), &pointers[i], 1, &alone);
        assert_int_equal(alone.offset, spans[i].offset);
        assert_int_equal(spans[i].len, strlen(cases[i].found));
        assert_memory_equal(text + spans[i].offset, cases[i].found, spans[i].len);
    }
}

static void test_a_text_cut_anywhere_gives_places_within_it(void **state)
{
    (void)state;
    const char *pointers[] = {"", "/a/1/b", "/deep/e/f/2", "/a~1b/~0", "/#key/deep", "/c\n"};
    enum { POINTERS = sizeof pointers / sizeof pointers[0] };
    for (size_t len = 0; len <= strlen(text); len++) {
        struct json_span spans[POINTERS];
        uint8_t *cut = malloc(len + 1); // its own allocation, so that a sanitizer sees reads past the end
        memcpy(cut, text, len);
        uint8_t *exact = realloc(cut, len > 0 ? len : 1);
        json_position_find((struct bytes){exact, len}, pointers, POINTERS, spans);
        for (size_t i = 0; i < POINTERS; i++) {
            assert_true(spans[i].offset <= len);
        }
        free(exact);
    }
}

static void test_a_thousand_pointers_cost_one_pass(void **state)
{
    (void)state;
    enum { ITEMS = 200000, POINTERS = 1000 };
    struct buffer big;
    buffer_init(&big, 64 << 20);
    buffer_text(&big, "{\"list\": [");
    for (int i = 0; i < ITEMS; i++) {
        buffer_format(&big, "%s{\"Name\": \"n%d\", \"Values\": [%d, %d]}", i > 0 ? ",\n" : "", i, i, i);
    }
    buffer_text(&big, "]}");
    char names[POINTERS][40];
    const char *pointers[POINTERS];
    struct json_span spans[POINTERS];
    for (int i = 0; i < POINTERS; i++) {
        snprintf(names[i], sizeof names[i], "/list/%d/Values/1", ITEMS - 1 - i * 199);
        pointers[i] = names[i];
    }
    json_position_find((struct bytes){(const uint8_t *)big.data, big.len}, pointers, POINTERS, spans);
    for (int i = 0; i < POINTERS; i++) {
        assert_int_equal(strtol(big.data + spans[i].offset, NULL, 10), ITEMS - 1 - i * 199);
    }
    buffer_free(&big);
}

static void test_depth_counts_brackets_outside_strings(void **state)
{
    (void)state;
    assert_int_equal(json_position_too_deep(bytes_of("[[[]]]"), 3), 6);
    assert_int_equal(json_position_too_deep(bytes_of("[[[]]]"), 2), 2);
    assert_int_equal(json_position_too_deep(bytes_of("[[],[],{}]"), 2), 10);
    assert_int_equal(json_position_too_deep(bytes_of("[\"[[[\\\"[[\"]"), 1), 11);
    assert_int_equal(json_position_too_deep(bytes_of("]]][["), 1), 4);
}

static void test_a_byte_belongs_to_a_token(void **state)
{
    (void)state;
    struct json_span span = json_position_token(bytes_of("{\"ab\": 12}"), 3);
    assert_int_equal(span.offset, 1);
    assert_int_equal(span.len, 4);
    span = json_position_token(bytes_of("{\"ab\": 12}"), 8);
    assert_int_equal(span.offset, 7);
    assert_int_equal(json_position_token(bytes_of("{}"), 99).offset, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_pointer_leads_to_its_value),
        cmocka_unit_test(test_a_text_cut_anywhere_gives_places_within_it),
        cmocka_unit_test(test_a_thousand_pointers_cost_one_pass),
        cmocka_unit_test(test_depth_counts_brackets_outside_strings),
        cmocka_unit_test(test_a_byte_belongs_to_a_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
