// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"

static void test_an_empty_buffer_is_an_empty_string(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 10);
    assert_string_equal(buffer_string(&buffer), "");
    buffer_append(&buffer, NULL, 0);
    assert_string_equal(buffer_string(&buffer), "");
    assert_false(buffer.overflow);
    buffer_free(&buffer);
}

static void test_writes_follow_each_other(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 100);
    buffer_text(&buffer, "a=");
    buffer_char(&buffer, '"');
    buffer_format(&buffer, "%d,%s", -7, "x");
    buffer_append(&buffer, "\0\"", 2);
    assert_int_equal(buffer.len, 9);
    assert_memory_equal(buffer.data, "a=\"-7,x\0\"", 10);
    buffer_free(&buffer);
}

// The limit counts bytes of content: exactly limit bytes fit.
static void test_the_limit_is_exact_for_every_way_to_write(void **state)
{
    (void)state;
    enum { LONGEST = 1000 };
    static char text[LONGEST + 1];
    memset(text, 'x', LONGEST);
    static const size_t lengths[] = {1, 63, 64, 65, 255, 256, 257, LONGEST};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        int len = (int)lengths[i];
        for (size_t short_by = 0; short_by <= 1; short_by++) {
            struct buffer appended;
            struct buffer formatted;
            buffer_init(&appended, lengths[i] - short_by);
            buffer_init(&formatted, lengths[i] - short_by);
            buffer_append(&appended, text, lengths[i]);
            buffer_format(&formatted, "%.*s", len, text);
            assert_int_equal(appended.overflow, short_by == 1);
            assert_int_equal(formatted.overflow, short_by == 1);
            assert_int_equal(appended.len, short_by == 1 ? 0 : lengths[i]);
            assert_int_equal(formatted.len, appended.len);
            assert_string_equal(buffer_string(&formatted), buffer_string(&appended));
            buffer_free(&appended);
            buffer_free(&formatted);
        }
    }
}

static void test_overflow_sticks_until_cleared(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 4);
    buffer_text(&buffer, "abc");
    buffer_text(&buffer, "de");
    assert_true(buffer.overflow);
    buffer_char(&buffer, 'd'); // would fit, but must not look as if all of it did
    buffer_format(&buffer, "%s", "");
    assert_string_equal(buffer_string(&buffer), "abc");
    assert_true(buffer.overflow);
    buffer_clear(&buffer);
    assert_false(buffer.overflow);
    assert_string_equal(buffer_string(&buffer), "");
    buffer_text(&buffer, "abcd");
    assert_string_equal(buffer_string(&buffer), "abcd");
    assert_false(buffer.overflow);
    buffer_free(&buffer);
}

static void test_a_freed_buffer_is_usable_with_the_same_limit(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 2);
    buffer_text(&buffer, "ab");
    buffer_free(&buffer);
    assert_null(buffer.data);
    buffer_text(&buffer, "cd");
    assert_string_equal(buffer_string(&buffer), "cd");
    buffer_char(&buffer, 'e');
    assert_true(buffer.overflow);
    buffer_free(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_buffer_is_an_empty_string),
        cmocka_unit_test(test_writes_follow_each_other),
        cmocka_unit_test(test_the_limit_is_exact_for_every_way_to_write),
        cmocka_unit_test(test_overflow_sticks_until_cleared),
        cmocka_unit_test(test_a_freed_buffer_is_usable_with_the_same_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
