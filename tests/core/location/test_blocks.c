// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/location/blocks.h"

static void add(struct location_blocks *blocks, const char *text, uint32_t place)
{
    struct ip_prefix prefix;
    assert_true(ip_prefix_parse(bytes_of(text), &prefix, NULL));
    assert_true(location_blocks_add(blocks, &prefix, place));
}

static void test_networks_side_by_side_in_one_place_become_one(void **state)
{
    (void)state;
    static const struct {
        const char *networks[6]; // ascending
        uint32_t places[6];
        size_t count;
        const char *first;
    } cases[] = {
        {{"10.0.0.0/24", "10.0.1.0/24"}, {1, 1}, 1, "10.0.0.0/23"},
        {{"10.0.0.0/24", "10.0.1.0/24"}, {1, 2}, 2, "10.0.0.0/24"},
        {{"10.0.1.0/24", "10.0.2.0/24"}, {1, 1}, 2, "10.0.1.0/24"}, // neighbours, but not halves
        {{"10.0.0.0/24", "10.0.1.0/25"}, {1, 1}, 2, "10.0.0.0/24"},
        {{"10.0.0.0/24", "10.0.1.0/25", "10.0.1.128/25"}, {1, 1, 1}, 1, "10.0.0.0/23"},
        {{"0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/2"}, {1, 1, 1}, 1, "0.0.0.0/0"},
        {{"10.0.0.0/24", "10.0.1.0/24"}, {1, LOCATION_NO_PLACE}, 1, "10.0.0.0/24"},
        {{"2001:db8::/33", "2001:db8:8000::/33"}, {7, 7}, 1, "2001:db8::/32"},
        {{"0.0.0.0/0", "::/0"}, {1, 1}, 2, "0.0.0.0/0"},
        {{"255.255.255.254/32", "255.255.255.255/32"}, {1, 1}, 1, "255.255.255.254/31"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct location_blocks blocks = {0};
        char text[IP_PREFIX_TEXT];
        for (size_t at = 0; cases[i].networks[at] != NULL; at++) {
            add(&blocks, cases[i].networks[at], cases[i].places[at]);
        }
        assert_int_equal(blocks.count, cases[i].count);
        ip_prefix_format(&blocks.items[0].prefix, text);
        assert_string_equal(text, cases[i].first);
        location_blocks_free(&blocks);
    }
}

static void test_networks_without_a_place_are_counted(void **state)
{
    (void)state;
    struct location_blocks blocks = {0};
    add(&blocks, "10.0.0.0/24", LOCATION_NO_PLACE);
    add(&blocks, "10.0.1.0/24", 0);
    add(&blocks, "10.0.2.0/24", LOCATION_NO_PLACE);
    assert_int_equal(blocks.count, 1);
    assert_int_equal(blocks.skipped, 2);
    location_blocks_free(&blocks);
}

static void test_states_have_codes_by_name_and_by_code(void **state)
{
    (void)state;
    static const struct {
        const char *country;
        const char *text;
        const char *code; // NULL: none
    } cases[] = {
        {"US", "California", "CA"}, {"US", "CA", "CA"},
        {"CA", "Quebec", "QC"},     {"US", "District of Columbia", "DC"},
        {"UA", "Kyiv City", "30"},  {"UA", "Kyiv", "32"},
        {"UA", "43", "11"},         {"UA", "40", "20"},
        {"DE", "BY", "BY"},         {"DE", "Bavaria", NULL},
        {"US", "Quebec", NULL},     {"GB", "ENG", "ENG"},
        {"US", "", NULL},           {"US", "ca", NULL},
        {"FR", "\xc3\x8e", NULL},   {"GB", "ABCD", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char code[LOCATION_CODE] = "?";
        bool known = location_subdivision(cases[i].country, bytes_of(cases[i].text), code);
        assert_int_equal(known, cases[i].code != NULL);
        assert_string_equal(code, known ? cases[i].code : "?");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_networks_side_by_side_in_one_place_become_one),
        cmocka_unit_test(test_networks_without_a_place_are_counted),
        cmocka_unit_test(test_states_have_codes_by_name_and_by_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
