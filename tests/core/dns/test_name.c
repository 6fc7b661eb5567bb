// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/dns/name.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

#define TEN         "0123456789"
#define LABEL_63    TEN TEN TEN TEN TEN TEN "012"
#define LABEL_61    TEN TEN TEN TEN TEN TEN "0"
#define THREE_OF_63 LABEL_63 "." LABEL_63 "." LABEL_63 "."

static struct dns_name name_of(const char *text)
{
    struct dns_name name;
    struct error error = {0};
    assert_true(dns_name_parse(bytes_of(text), &name, &error));
    return name;
}

// D18
static void test_names_are_printed_lower_case_with_octal_escapes_and_a_final_dot(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *listed;
        const char *plain;
    } cases[] = {
        {".", ".", "."},
        {"example.com", "example.com.", "example.com."},
        {"example.com.", "example.com.", "example.com."},
        {"WwW.Example.COM", "www.example.com.", "WwW.Example.COM."},
        {"*.example.com", "\\052.example.com.", "*.example.com."},
        {"\\052.example.com", "\\052.example.com.", "*.example.com."},
        {"a\\056b.example", "a\\056b.example.", "a\\056b.example."},
        {"a\\.b.example", "a\\056b.example.", "a\\056b.example."},
        {"_sip._tcp.a-b", "_sip._tcp.a-b.", "_sip._tcp.a-b."},
        {"f\\374bar", "f\\374bar.", "f\\374bar."},
        {"\\000\\040\\377", "\\000\\040\\377.", "\\000\\040\\377."},
        {"\\101", "a.", "A."}, // a letter by its code is still that letter
        {"a\\\\b", "a\\134b.", "a\\134b."},
        {"!\"#$%&'()+,/:;<=>?@[]^`{|}~",
         "\\041\\042\\043\\044\\045\\046\\047\\050\\051\\053\\054\\057\\072"
         "\\073\\074\\075\\076\\077\\100\\133\\135\\136\\140\\173\\174\\175"
         "\\176.",
         "!\"#$%&'()+,/:;<=>?@[]^`{|}~."},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dns_name name = name_of(cases[i].text);
        char listed[DNS_NAME_TEXT];
        char plain[DNS_NAME_TEXT];
        dns_name_format(&name, listed);
        dns_name_format_plain(&name, plain);
        assert_string_equal(listed, cases[i].listed);
        assert_string_equal(plain, cases[i].plain);
        struct dns_name again = name_of(listed);
        assert_true(dns_name_equal(&name, &again));
        again = name_of(plain);
        assert_memory_equal(name.wire, again.wire, name.len);
    }
}

// Table 5.3, "bad value syntax"
static void test_malformed_names_are_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason;
    } cases[] = {
        {"", "DomainNameEmpty (Domain name is empty) encountered with ''"},
        {"..", "DomainLabelEmpty (Domain label is empty) encountered with '..'"},
        {".a", "DomainLabelEmpty (Domain label is empty) encountered with '.a'"},
        {"a..b", "DomainLabelEmpty (Domain label is empty) encountered with 'a..b'"},
        {"a.b..", "DomainLabelEmpty"},
        {"a b", "UnsupportedCharacter (Value contains unsupported characters) encountered with 'a b'"},
        {"a\tb", "encountered with 'a\\011b'"},
        {"f\xc3\xbc",
         "UnsupportedCharacter (Value contains unsupported characters) encountered with 'f\\303"},
        {"a\x7f", "UnsupportedCharacter"},
        {"a\\", "InvalidEscape"},
        {"a\\4", "InvalidEscape"},
        {"a\\40", "InvalidEscape"},
        {"a\\40.b", "InvalidEscape"},
        {"a\\400", "InvalidEscape"},
        {"a\\088", "InvalidEscape"},
        {"a\\9", "InvalidEscape"},
        {"a\\ b", "InvalidEscape"},
        {"a\\\xff", "InvalidEscape"},
        {"a." LABEL_63 "3.b", "DomainLabelTooLong (Domain label is too long) encountered with '0123"},
        {THREE_OF_63 LABEL_61 "1", "DomainNameTooLong"},
        {THREE_OF_63 LABEL_61 ".a", "DomainNameTooLong"},
        {THREE_OF_63 LABEL_63, "DomainNameTooLong"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dns_name name = {.len = 77};
        struct error error = {0};
        assert_false(dns_name_parse(bytes_of(cases[i].text), &name, &error));
        assert_non_null(strstr(error.text, cases[i].reason));
        assert_int_equal(name.len, 77);
    }
}

static void test_a_label_of_63_and_a_name_of_255_bytes_are_the_longest(void **state)
{
    (void)state;
    struct dns_name label = name_of(LABEL_63);
    assert_int_equal(label.len, 65);
    struct dns_name longest = name_of(THREE_OF_63 LABEL_61);
    assert_int_equal(longest.len, 255);
    longest = name_of(THREE_OF_63 LABEL_61 ".");
    assert_int_equal(longest.len, 255);
    struct dns_name other;
    assert_false(dns_name_wildcard_of(&longest, &other));

    // The longest text there can be fits DNS_NAME_TEXT.
    struct dns_name zeros = longest;
    for (size_t at = 0; zeros.wire[at] != 0; at += zeros.wire[at] + 1U) {
        memset(zeros.wire + at + 1, 0, zeros.wire[at]);
    }
    char text[DNS_NAME_TEXT];
    dns_name_format(&zeros, text);
    assert_int_equal(strlen(text), 250 * 4 + 4);
}

// RFC 4343, D11
static void test_equality_ignores_case_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        bool equal;
    } cases[] = {
        {"www.example.com", "WWW.EXAMPLE.COM", true},
        {"www.example.com", "www.example.org", false},
        {"www.example.com", "ww.wexample.com", false},
        {"a", "aa", false},
        {".", ".", true},
        {".", "a", false},
        {"@@@@@@@@", "````````", false}, // one below 'A', one below 'a'
        {"[[[[[[[[", "{{{{{{{{", false}, // one above 'Z', one above 'z'
        {"\\301\\301\\301\\301\\301\\301\\301\\301", "\\341\\341\\341\\341\\341\\341\\341\\341", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dns_name a = name_of(cases[i].a);
        struct dns_name b = name_of(cases[i].b);
        assert_int_equal(dns_name_equal(&a, &b), cases[i].equal);
        assert_int_equal(dns_name_compare(&a, &b) == 0, cases[i].equal);
        dns_name_fold(&a);
        dns_name_fold(&b);
        assert_int_equal(a.len == b.len && memcmp(a.wire, b.wire, a.len) == 0, cases[i].equal);
    }
}

static void test_folding_changes_letters_only(void **state)
{
    (void)state;
    struct dns_name name = {.len = 0};
    for (unsigned c = 0; c < 256; c++) {
        // In each place of a word, and in the rest that is shorter than a word.
        uint8_t wire[] = {12, 'x', 'x', (uint8_t)c, 'x', 'x', 'x', 'x', 'x', 'x', (uint8_t)c, 'x', 'x', 0};
        assert_true(dns_name_from_wire((struct bytes){wire, sizeof wire}, &name));
        dns_name_fold(&name);
        uint8_t expected = c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : (uint8_t)c;
        assert_int_equal(name.wire[3], expected);
        assert_int_equal(name.wire[10], expected);
        assert_int_equal(name.wire[0], 12);
    }
}

static void test_within_follows_labels_not_characters(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *zone;
        bool within;
    } cases[] = {
        {"www.example.com", "example.com", true},
        {"example.com", "EXAMPLE.com", true},
        {"a.b.c.example.com", "example.com", true},
        {"example.com", ".", true},
        {".", ".", true},
        {"badexample.com", "example.com", false},
        {"com", "example.com", false},
        {"example.org", "example.com", false},
        {"a\\007example.com", "example.com", false}, // looks like a length byte
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dns_name name = name_of(cases[i].name);
        struct dns_name zone = name_of(cases[i].zone);
        assert_int_equal(dns_name_within(&name, &zone), cases[i].within);
    }
}

static void test_parents_lead_to_the_root(void **state)
{
    (void)state;
    struct dns_name name = name_of("a.bc.def");
    static const char *const steps[] = {"bc.def.", "def.", "."};
    for (size_t i = 0; i < COUNT(steps); i++) {
        assert_int_equal(dns_name_labels(&name), 3 - i);
        assert_true(dns_name_parent(&name, &name));
        char text[DNS_NAME_TEXT];
        dns_name_format(&name, text);
        assert_string_equal(text, steps[i]);
    }
    assert_int_equal(dns_name_labels(&name), 0);
    assert_false(dns_name_parent(&name, &name));
}

// D9
static void test_only_a_whole_leftmost_star_is_a_wildcard(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool wildcard;
    } cases[] = {
        {"*.example.com", true},   {"\\052.example.com", true}, {"*", true},  {"a*.example.com", false},
        {"*a.example.com", false}, {"a.*.example.com", false},  {".", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dns_name name = name_of(cases[i].name);
        assert_int_equal(dns_name_is_wildcard(&name), cases[i].wildcard);
    }
    struct dns_name name = name_of("example.com");
    struct dns_name wildcard = name_of("*.example.com");
    assert_true(dns_name_wildcard_of(&name, &name));
    assert_true(dns_name_equal(&name, &wildcard));
}

// D19: as if the labels were written in reverse, each followed by a dot.
static void test_names_are_ordered_by_reversed_labels(void **state)
{
    (void)state;
    static const char *const ordered[] = {
        ".",
        "com",
        "example!.com", // characters before the dot come before the end of the label
        "example-a.com",
        "example.com",
        "*.example.com",
        "0.example.com",
        "_tcp.example.com",
        "a-b.example.com",
        "A.example.com",
        "z.a.example.com",
        "a\\056b.example.com",
        "a0.example.com",
        "b.example.com",
        "example0.com",
        "exampleb.com",
        "example.org",
    };
    for (size_t i = 0; i < COUNT(ordered); i++) {
        for (size_t j = 0; j < COUNT(ordered); j++) {
            struct dns_name a = name_of(ordered[i]);
            struct dns_name b = name_of(ordered[j]);
            int order = dns_name_compare(&a, &b);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
}

static void test_wire_names_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *wire;
        size_t len;
        bool ok;
    } cases[] = {
        {"\0", 1, true},      {"\1a\0", 3, true},      {"\1a\0rest", 7, true}, {"", 0, false},
        {"\1", 1, false},     {"\1a", 2, false},       {"\2a\0", 3, false},    {"\x40", 1, false},
        {"\xc0\0", 2, false}, {"\1a\xc0\0", 4, false}, {"\x80\0", 2, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dns_name name = {.len = 77};
        struct bytes wire = {(const uint8_t *)cases[i].wire, cases[i].len};
        assert_int_equal(dns_name_from_wire(wire, &name), cases[i].ok);
        assert_int_equal(name.len == 77, !cases[i].ok);
    }
    uint8_t wire[257] = {0};
    for (size_t at = 0; at < 256; at += 64) {
        wire[at] = 63; // four labels of 63 bytes and the root: 257
    }
    struct dns_name name;
    assert_false(dns_name_from_wire((struct bytes){wire, sizeof wire}, &name));
    wire[192] = 62; // 256
    assert_false(dns_name_from_wire((struct bytes){wire, sizeof wire}, &name));
    wire[192] = 61; // 255
    assert_true(dns_name_from_wire((struct bytes){wire, sizeof wire}, &name));
    assert_int_equal(name.len, 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_printed_lower_case_with_octal_escapes_and_a_final_dot),
        cmocka_unit_test(test_malformed_names_are_refused_with_the_reason),
        cmocka_unit_test(test_a_label_of_63_and_a_name_of_255_bytes_are_the_longest),
        cmocka_unit_test(test_equality_ignores_case_and_nothing_else),
        cmocka_unit_test(test_folding_changes_letters_only),
        cmocka_unit_test(test_within_follows_labels_not_characters),
        cmocka_unit_test(test_parents_lead_to_the_root),
        cmocka_unit_test(test_only_a_whole_leftmost_star_is_a_wildcard),
        cmocka_unit_test(test_names_are_ordered_by_reversed_labels),
        cmocka_unit_test(test_wire_names_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
