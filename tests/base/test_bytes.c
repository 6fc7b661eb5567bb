// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"

static const struct bytes nothing = {NULL, 0};

static void assert_bytes(struct bytes got, const char *expected)
{
    assert_int_equal(got.len, strlen(expected));
    assert_true(bytes_equal(got, bytes_of(expected)));
}

static void test_equality_is_by_content(void **state)
{
    (void)state;
    assert_true(bytes_equal(nothing, bytes_of("")));
    assert_true(
        bytes_equal((struct bytes){(const uint8_t *)"a\0b", 3}, (struct bytes){(const uint8_t *)"a\0b", 3}));
    assert_false(
        bytes_equal((struct bytes){(const uint8_t *)"a\0b", 3}, (struct bytes){(const uint8_t *)"a\0c", 3}));
    assert_false(bytes_equal(bytes_of("ab"), bytes_of("abc")));
    assert_false(bytes_equal(bytes_of("ab"), bytes_of("aB")));
}

static void test_split_yields_every_part_and_then_ends(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *parts[4]; // as many as there are
    } cases[] = {
        {"a,b,c", {"a", "b", "c"}},
        {"a", {"a"}},
        {"", {""}},
        {",", {"", ""}},
        {"a,", {"a", ""}},
        {",,a", {"", "", "a"}},
        {"a;b,c", {"a;b", "c"}},
        {"a, b", {"a", " b"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bytes rest = bytes_of(cases[i].text);
        struct bytes part;
        for (const char *const *expected = cases[i].parts; *expected != NULL; expected++) {
            assert_true(bytes_split(&rest, ',', &part));
            assert_bytes(part, *expected);
        }
        assert_false(bytes_split(&rest, ',', &part));
    }
}

static void test_trim_takes_blanks_off_both_ends_only(void **state)
{
    (void)state;
    assert_bytes(bytes_trim(bytes_of(" \t a b\t ")), "a b");
    assert_bytes(bytes_trim(bytes_of(" \t ")), "");
    assert_bytes(bytes_trim(bytes_of("\na\n")), "\na\n");
    assert_bytes(bytes_trim(nothing), "");
}

static void test_numbers_are_plain_digits_within_the_limit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t most;
        bool ok;
        uint64_t value;
    } cases[] = {
        {"0", UINT64_MAX, true, 0},
        {"65535", 65535, true, 65535},
        {"65536", 65535, false, 0},
        {"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
        {"18446744073709551616", UINT64_MAX, false, 0},
        {"99999999999999999999999", UINT64_MAX, false, 0},
        {"00", UINT64_MAX, false, 0},
        {"01", UINT64_MAX, false, 0},
        {"", UINT64_MAX, false, 0},
        {"-1", UINT64_MAX, false, 0},
        {"+1", UINT64_MAX, false, 0},
        {" 1", UINT64_MAX, false, 0},
        {"1 ", UINT64_MAX, false, 0},
        {"1a", UINT64_MAX, false, 0},
        {"0x1", UINT64_MAX, false, 0},
        {"1.0", UINT64_MAX, false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t value = 12345;
        assert_int_equal(bytes_parse_u64(bytes_of(cases[i].text), cases[i].most, &value), cases[i].ok);
        assert_int_equal(value, cases[i].ok ? cases[i].value : 12345); // untouched on failure
    }
    uint32_t value = 12345;
    assert_false(bytes_parse_u32(bytes_of("4294967296"), UINT32_MAX, &value));
    assert_int_equal(value, 12345);
    assert_true(bytes_parse_u32(bytes_of("4294967295"), UINT32_MAX, &value));
    assert_int_equal(value, UINT32_MAX);
    assert_false(bytes_parse_u32(nothing, UINT32_MAX, &value));
}

static void test_hex_comes_in_pairs_that_fit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int len; // -1: refused
        uint8_t bytes[3];
    } cases[] = {
        {"", 0, {0}},
        {"00ff7A", 3, {0x00, 0xff, 0x7a}},
        {"aBcD", 2, {0xab, 0xcd}},
        {"0", -1, {0}},
        {"000", -1, {0}},
        {"0g", -1, {0}},
        {"g0", -1, {0}},
        {" 00", -1, {0}},
        {"0x00", -1, {0}},
        {"00000000", -1, {0}},
        {"@0", -1, {0}},
        {"`0", -1, {0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t out[3] = {0};
        size_t len = 99;
        bool ok = bytes_parse_hex(bytes_of(cases[i].text), out, sizeof out, &len);
        assert_int_equal(ok, cases[i].len >= 0);
        assert_int_equal(len, ok ? cases[i].len : 99);
        if (ok) {
            assert_memory_equal(out, cases[i].bytes, sizeof out);
        }
    }
}

// The published test vectors of FNV-1a, 64 bits.
static void test_a_text_is_cut_between_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *in_five_bytes;
    } cases[] = {
        {"", ""},
        {"abcd", "abcd"},
        {"abcdefg", "abcd"},
        {"abc\u00e9", "abc"},
        {"ab\u00e9", "ab\u00e9"},
        {"a\u20acb", "a\u20ac"},
        {"ab\u20acb", "ab"},
        {"\U0001f30d!", "\U0001f30d"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[5];
        bytes_copy_text(cases[i].text, out, sizeof out);
        assert_string_equal(out, cases[i].in_five_bytes);
    }
}

static void test_the_hash_is_fnv_1a(void **state)
{
    (void)state;
    assert_true(bytes_hash(nothing) == UINT64_C(0xcbf29ce484222325));
    assert_true(bytes_hash(bytes_of("a")) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(bytes_hash(bytes_of("foobar")) == UINT64_C(0x85944171f73967e8));
}

static void test_only_ascii_letters_have_a_lower_case(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        assert_int_equal(ascii_lower((uint8_t)c), c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equality_is_by_content),
        cmocka_unit_test(test_split_yields_every_part_and_then_ends),
        cmocka_unit_test(test_trim_takes_blanks_off_both_ends_only),
        cmocka_unit_test(test_numbers_are_plain_digits_within_the_limit),
        cmocka_unit_test(test_hex_comes_in_pairs_that_fit),
        cmocka_unit_test(test_a_text_is_cut_between_characters),
        cmocka_unit_test(test_the_hash_is_fnv_1a),
        cmocka_unit_test(test_only_ascii_letters_have_a_lower_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
