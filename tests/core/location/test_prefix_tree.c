// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"
#include "base/xalloc.h"
#include "core/location/prefix_tree.h"

static struct ip_prefix prefix(const char *text)
{
    struct ip_prefix parsed;
    struct error error = {0};
    if (!ip_prefix_parse(bytes_of(text), &parsed, &error)) {
        fail_msg("%s", error.text);
    }
    return parsed;
}

static struct ip_address address(const char *text)
{
    return prefix(text).address;
}

static unsigned bit(const struct ip_address *of, unsigned i)
{
    return (unsigned)of->bytes[i / 8] >> (7 - i % 8) & 1U;
}

static unsigned shared_bits(const struct ip_address *a, const struct ip_address *b)
{
    unsigned n = 0;
    while (n < ip_bits(a) && bit(a, n) == bit(b, n)) {
        n++;
    }
    return n;
}

static const struct prefix_entry nested[] = {
    {{{4, {10}}, 8}, 1},
    {{{4, {10, 1}}, 16}, 2},
    {{{4, {10, 1, 2}}, 24}, 3},
    {{{4, {10, 1, 2, 255}}, 32}, 4},
    {{{4, {255, 255, 255, 255}}, 32}, 5},
    {{{6, {0x20, 0x01, 0x0d, 0xb8}}, 32}, 6},
    {{{6, {0x20, 0x01, 0x0d, 0xb8, 0, 1}}, 48}, 7},
    {{{6, {0x20, 0x01, 0x0d, 0xb8, [15] = 1}}, 128}, 8},
    {{{6, {0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff}}, 127}, 9},
    {{{6, {0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff, [15] = 1}}, 128}, 10},
};

static void test_longest_block_wins_and_scope_is_what_it_depends_on(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        uint32_t value;
        uint8_t length;
        uint8_t scope;
    } cases[] = {
        {"10.2.0.1", 1, 8, 15},    // 10.0.0.0/15 would take in 10.1.0.0/16
        {"10.128.0.1", 1, 8, 9},   //
        {"10.1.0.1", 2, 16, 23},   // 10.1.2.0/24 is next door
        {"10.1.2.1", 3, 24, 25},   // 10.1.2.255/32 is in the other half
        {"10.1.2.254", 3, 24, 32}, //
        {"10.1.2.255", 4, 32, 32}, //
        {"11.0.0.0", PREFIX_NO_VALUE, 0, 8},
        {"192.0.2.1", PREFIX_NO_VALUE, 0, 3},
        {"255.255.255.255", 5, 32, 32},
        {"255.255.255.254", PREFIX_NO_VALUE, 0, 32},
        {"0.0.0.0", PREFIX_NO_VALUE, 0, 5},
        {"2001:db8::1", 8, 128, 128},
        {"2001:db8::", 6, 32, 128},
        {"2001:db8:1::1", 7, 48, 48},
        {"2001:db8:2::1", 6, 32, 47},
        {"2001:db8:ffff::", 9, 127, 128},
        {"2001:db8:ffff::1", 10, 128, 128}, // the last address of its outer block
        {"2001:db8:ffff::2", 6, 32, 127},
        {"2001:db9::", PREFIX_NO_VALUE, 0, 32},
        {"fe80::1", PREFIX_NO_VALUE, 0, 1},
        {"::ffff:10.1.2.1", PREFIX_NO_VALUE, 0, 3},
    };
    struct prefix_tree *tree = prefix_tree_create(nested, sizeof nested / sizeof nested[0]);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip_address asked = address(cases[i].address);
        struct prefix_match match = prefix_tree_find(tree, &asked);
        if (match.value != cases[i].value || match.length != cases[i].length ||
            match.scope != cases[i].scope) {
            fail_msg("%s: value %u length %u scope %u", cases[i].address, match.value, match.length,
                     match.scope);
        }
    }
    prefix_tree_destroy(tree);
}

static void test_an_empty_tree_matches_nothing_and_depends_on_nothing(void **state)
{
    (void)state;
    struct prefix_tree *tree = prefix_tree_create(NULL, 0);
    static const char *const asked[] = {"0.0.0.0", "255.255.255.255", "192.0.2.1", "::", "2001:db8::1"};
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        struct ip_address any = address(asked[i]);
        struct prefix_match match = prefix_tree_find(tree, &any);
        assert_int_equal(match.value, PREFIX_NO_VALUE);
        assert_int_equal(match.length, 0);
        assert_int_equal(match.scope, 0);
    }
    prefix_tree_destroy(tree);
    prefix_tree_destroy(NULL);
}

static void test_a_block_of_everything_is_a_match_of_length_and_scope_zero(void **state)
{
    (void)state;
    const struct prefix_entry all[] = {{prefix("::/0"), 9}, {prefix("0.0.0.0/0"), 7}};
    struct prefix_tree *tree = prefix_tree_create(all, 2);
    struct ip_address four = address("198.51.100.1");
    struct ip_address six = address("2001:db8::1");
    struct prefix_match match = prefix_tree_find(tree, &four);
    assert_int_equal(match.value, 7);
    assert_int_equal(match.length, 0);
    assert_int_equal(match.scope, 0);
    assert_int_equal(prefix_tree_find(tree, &six).value, 9);
    prefix_tree_destroy(tree);
}

static void test_of_equal_blocks_the_first_wins_in_any_order_of_the_others(void **state)
{
    (void)state;
    const struct prefix_entry entries[] = {
        {prefix("192.0.2.0/24"), 1}, {prefix("10.0.0.0/8"), 2},   {prefix("192.0.2.0/24"), 3},
        {prefix("10.0.0.0/8"), 4},   {prefix("192.0.2.0/25"), 5},
    };
    struct prefix_tree *tree = prefix_tree_create(entries, 5);
    struct ip_address upper = address("192.0.2.200");
    struct ip_address lower = address("192.0.2.1");
    struct ip_address ten = address("10.0.0.1");
    assert_int_equal(prefix_tree_find(tree, &upper).value, 1);
    assert_int_equal(prefix_tree_find(tree, &lower).value, 5);
    assert_int_equal(prefix_tree_find(tree, &ten).value, 2);
    prefix_tree_destroy(tree);
}

static void test_a_block_inside_one_of_a_lower_rank_does_not_count(void **state)
{
    (void)state;
    static const struct prefix_entry entries[] = {
        {{{4, {10, 1, 2}}, 24}, 1, 3},    // inside the next: gone
        {{{4, {10, 1}}, 16}, 2, 1},       //
        {{{4, {10, 1}}, 16}, 3, 0},       // the same block, of a lower rank
        {{{4, {10, 1, 128}}, 17}, 4, 0},  // longer, of the same rank
        {{{4, {10, 1, 200}}, 24}, 5, 1},  // gone
        {{{4, {10}}, 8}, 6, 3},           // around them all
        {{{4, {10, 2}}, 16}, 7, 3},       // beside them
        {{{4, {10, 2, 0, 0}}, 32}, 8, 4}, // gone
    };
    static const struct {
        const char *asked;
        uint32_t value;
        uint8_t length;
        uint8_t scope;
    } cases[] = {
        {"10.1.2.9", 3, 16, 17},   {"10.1.127.255", 3, 16, 17}, {"10.1.128.0", 4, 17, 17},
        {"10.1.200.1", 4, 17, 17}, {"10.2.0.0", 7, 16, 16},     {"10.3.0.0", 6, 8, 16},
        {"10.128.0.0", 6, 8, 9},
    };
    struct prefix_tree *tree = prefix_tree_create(entries, sizeof entries / sizeof entries[0]);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip_address asked = address(cases[i].asked);
        struct prefix_match match = prefix_tree_find(tree, &asked);
        if (match.value != cases[i].value || match.length != cases[i].length ||
            match.scope != cases[i].scope) {
            fail_msg("%s: value %u length %u scope %u", cases[i].asked, match.value, match.length,
                     match.scope);
        }
    }
    prefix_tree_destroy(tree);
}

static void test_an_address_of_no_family_matches_nothing(void **state)
{
    (void)state;
    const struct prefix_entry all[] = {{prefix("::/0"), 9}, {prefix("0.0.0.0/0"), 7}};
    struct prefix_tree *tree = prefix_tree_create(all, 2);
    assert_int_equal(prefix_tree_find(tree, &(struct ip_address){0}).value, PREFIX_NO_VALUE);
    prefix_tree_destroy(tree);
}

static void test_a_dozen_blocks_take_less_than_a_kilobyte(void **state)
{
    (void)state;
    struct prefix_entry entries[12];
    for (uint8_t i = 0; i < 12; i++) {
        entries[i] = (struct prefix_entry){{{4, {10, i}}, 16}, i};
    }
    struct prefix_tree *tree = prefix_tree_create(entries, 12);
    assert_in_range(prefix_tree_footprint(tree), 12, 1024);
    prefix_tree_destroy(tree);
}

// --- against a naive search ---

static const struct prefix_entry *naive_find(const struct prefix_entry *entries, size_t count,
                                             const struct ip_address *asked)
{
    const struct prefix_entry *best = NULL;
    for (size_t i = 0; i < count; i++) {
        if (ip_prefix_contains(&entries[i].prefix, asked) &&
            (best == NULL || entries[i].rank < best->rank ||
             (entries[i].rank == best->rank && entries[i].prefix.length > best->prefix.length))) {
            best = &entries[i];
        }
    }
    return best;
}

// The fewest bits so that no block lies inside what shares them.
static unsigned naive_scope(const struct prefix_entry *entries, size_t count, const struct ip_address *asked)
{
    unsigned scope = 0;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].prefix.address.family == asked->family) {
            unsigned shared = shared_bits(asked, &entries[i].prefix.address) + 1;
            unsigned needed = entries[i].prefix.length < shared ? entries[i].prefix.length : shared;
            scope = needed > scope ? needed : scope;
        }
    }
    return scope;
}

static void check_one(const struct prefix_tree *tree, const struct prefix_entry *entries, size_t count,
                      const struct ip_address *asked)
{
    const struct prefix_entry *best = naive_find(entries, count, asked);
    struct prefix_match match = prefix_tree_find(tree, asked);
    uint32_t value = best != NULL ? best->value : PREFIX_NO_VALUE;
    unsigned length = best != NULL ? best->prefix.length : 0;
    unsigned scope = naive_scope(entries, count, asked);
    if (match.value != value || match.length != length || match.scope != scope) {
        char text[IP_TEXT];
        ip_format(asked, text);
        fail_msg("%s of %zu blocks: value %u length %u scope %u instead of %u, %u, %u", text, count,
                 match.value, match.length, match.scope, value, length, scope);
    }
}

static struct ip_address random_address(struct random *random, uint8_t family)
{
    struct ip_address made = {.family = family};
    for (unsigned i = 0; i < ip_bits(&made) / 8U; i++) {
        made.bytes[i] = (uint8_t)random_next(random);
    }
    return made;
}

static void flip(struct ip_address *of, unsigned i)
{
    of->bytes[i / 8] ^= (uint8_t)(0x80U >> i % 8);
}

// Half of the blocks are near an earlier one: inside it, around it, beside it.
static struct ip_prefix random_prefix(struct random *random, const struct prefix_entry *earlier, size_t count,
                                      uint8_t longest_v6)
{
    uint8_t family = random_below(random, 2) == 0 ? 4 : 6;
    struct ip_address made = random_address(random, family);
    if (count > 0 && random_below(random, 2) == 0) {
        const struct ip_prefix *near = &earlier[random_below(random, (uint32_t)count)].prefix;
        made = near->address;
        flip(&made, random_below(random, ip_bits(&made)));
    }
    uint32_t longest = made.family == 4 ? 32 : longest_v6;
    return ip_prefix_of(&made, (uint8_t)random_below(random, longest + 1));
}

static void step(struct ip_address *of, int by) // to the next or previous address, around the end
{
    for (unsigned i = ip_bits(of) / 8U; i-- > 0;) {
        of->bytes[i] = (uint8_t)(of->bytes[i] + by);
        if (of->bytes[i] != (by > 0 ? 0 : 0xff)) {
            return;
        }
    }
}

// The edges of a block are where mistakes are.
static void check_edges(const struct prefix_tree *tree, const struct prefix_entry *entries, size_t count,
                        const struct ip_prefix *block)
{
    struct ip_address first = block->address;
    struct ip_address last = block->address;
    for (unsigned i = block->length; i < ip_bits(&last); i++) {
        flip(&last, i);
    }
    check_one(tree, entries, count, &first);
    check_one(tree, entries, count, &last);
    step(&first, -1);
    step(&last, 1);
    check_one(tree, entries, count, &first);
    check_one(tree, entries, count, &last);
}

// RFC 7871 section 7.2.1; E5
static void test_match_and_scope_agree_with_a_naive_search(void **state)
{
    (void)state;
    enum { SETS = 400, MOST = 200 };
    struct prefix_entry entries[MOST];
    struct random random;
    random_seed(&random, 7871);
    for (unsigned set = 0; set < SETS; set++) {
        size_t count = random_below(&random, set % 4 == 0 ? MOST : 12);
        for (size_t i = 0; i < count; i++) {
            struct ip_prefix made = random_prefix(&random, entries, i, set % 2 == 0 ? 64 : 128);
            entries[i] = (struct prefix_entry){made, random_below(&random, 5)};
        }
        struct prefix_tree *tree = prefix_tree_create(entries, count);
        for (size_t i = 0; i < count; i++) {
            check_edges(tree, entries, count, &entries[i].prefix);
        }
        for (unsigned i = 0; i < 50; i++) {
            struct ip_address asked = random_address(&random, i % 2 == 0 ? 4 : 6);
            check_one(tree, entries, count, &asked);
        }
        prefix_tree_destroy(tree);
    }
}

// In a space of 256 addresses the definition itself can be tried out: RFC 7871 section 7.2.1.
static void test_scope_is_the_fewest_bits_that_leave_one_match(void **state)
{
    (void)state;
    enum { SETS = 200, MOST = 20, SPACE = 256 };
    struct random random;
    random_seed(&random, 1);
    for (unsigned set = 0; set < SETS; set++) {
        uint8_t family = set % 2 == 0 ? 4 : 6;
        struct prefix_entry entries[MOST];
        const struct prefix_entry *best[SPACE];
        size_t count = random_below(&random, MOST);
        for (size_t i = 0; i < count; i++) {
            struct ip_address any = {.family = family, .bytes = {(uint8_t)random_below(&random, SPACE)}};
            entries[i].prefix = ip_prefix_of(&any, (uint8_t)random_below(&random, 9));
            entries[i].value = (uint32_t)i;
            entries[i].rank = (uint8_t)random_below(&random, set % 3 + 1);
        }
        struct prefix_tree *tree = prefix_tree_create(entries, count);
        for (unsigned a = 0; a < SPACE; a++) {
            best[a] = naive_find(entries, count, &(struct ip_address){family, {(uint8_t)a}});
        }
        for (unsigned a = 0; a < SPACE; a++) {
            unsigned scope = 8;
            for (unsigned bits = 8; bits-- > 0;) {
                unsigned first = a >> (8 - bits) << (8 - bits);
                bool same = true;
                for (unsigned b = first; b < first + (SPACE >> bits); b++) {
                    same = same && best[b] == best[a];
                }
                scope = same ? bits : scope;
            }
            struct prefix_match match =
                prefix_tree_find(tree, &(struct ip_address){family, {(uint8_t)a, 0xa5, 0x5a}});
            assert_int_equal(match.value, best[a] != NULL ? best[a]->value : PREFIX_NO_VALUE);
            assert_int_equal(match.scope, scope);
        }
        prefix_tree_destroy(tree);
    }
}

static void test_many_blocks_are_found_whatever_their_order(void **state)
{
    (void)state;
    enum { MANY = 20000 };
    struct prefix_entry *entries = xmalloc(MANY * sizeof *entries);
    for (uint32_t i = 0; i < MANY; i++) { // disjoint /24s, every other one, in scattered order
        uint32_t at = i * 7919 % MANY * 2;
        entries[i] = (struct prefix_entry){
            {{4, {(uint8_t)(20 + (at >> 16)), (uint8_t)(at >> 8), (uint8_t)at}}, 24}, at};
    }
    struct prefix_tree *tree = prefix_tree_create(entries, MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        struct ip_address asked = entries[i].prefix.address;
        asked.bytes[3] = 77;
        struct prefix_match match = prefix_tree_find(tree, &asked);
        assert_int_equal(match.value, entries[i].value);
        assert_int_equal(match.scope, 24);
        asked.bytes[2] |= 1;
        assert_int_equal(prefix_tree_find(tree, &asked).value, PREFIX_NO_VALUE);
    }
    prefix_tree_destroy(tree);
    free(entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_longest_block_wins_and_scope_is_what_it_depends_on),
        cmocka_unit_test(test_an_empty_tree_matches_nothing_and_depends_on_nothing),
        cmocka_unit_test(test_a_block_of_everything_is_a_match_of_length_and_scope_zero),
        cmocka_unit_test(test_of_equal_blocks_the_first_wins_in_any_order_of_the_others),
        cmocka_unit_test(test_a_block_inside_one_of_a_lower_rank_does_not_count),
        cmocka_unit_test(test_an_address_of_no_family_matches_nothing),
        cmocka_unit_test(test_a_dozen_blocks_take_less_than_a_kilobyte),
        cmocka_unit_test(test_match_and_scope_agree_with_a_naive_search),
        cmocka_unit_test(test_scope_is_the_fewest_bits_that_leave_one_match),
        cmocka_unit_test(test_many_blocks_are_found_whatever_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
