// SPDX-License-Identifier: MIT
// The hash under the name index: names that people count up must spread over the slots.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/model/name_table.h"

enum { NAMES = 1000, SLOTS = 2048 };

static uint64_t hash_of(const char *text)
{
    struct dns_name name;
    struct hashed_name hashed;
    assert_true(dns_name_parse(bytes_of(text), &name, NULL));
    name_hash(&name, &hashed);
    return hashed.hashes[0];
}

static void test_numbered_names_spread_over_the_slots(void **state)
{
    static const struct {
        const char *before;
        const char *after;
    } forms[] = {
        {"n", ".example.com."},    {"", ".example.com."},      {"web-", "-a.example.com."},
        {"a.", ".b.example.com."}, {"a-long-label-", ".net."}, {"longer-by-some-bytes-", ".net."},
    };
    (void)state;
    for (size_t form = 0; form < sizeof forms / sizeof forms[0]; form++) {
        unsigned taken[SLOTS] = {0};
        unsigned most = 0;
        for (unsigned i = 0; i < NAMES; i++) {
            char text[64];
            (void)snprintf(text, sizeof text, "%s%06u%s", forms[form].before, i, forms[form].after);
            unsigned *slot = &taken[hash_of(text) % SLOTS];
            most = ++*slot > most ? *slot : most;
        }
        assert_in_range(most, 1, 8); // of 1000 balls in 2048 bins hardly ever more than 6 meet
    }
}

// RFC 4343
static void test_case_changes_no_hash(void **state)
{
    (void)state;
    assert_int_equal(hash_of("WWW.Example.COM."), hash_of("www.example.com."));
    assert_int_equal(hash_of("A-Label-Longer-Than-A-Word.Z@.example."),
                     hash_of("a-label-longer-than-a-word.z@.example."));
    assert_int_not_equal(hash_of("[.example."), hash_of("{.example."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbered_names_spread_over_the_slots),
        cmocka_unit_test(test_case_changes_no_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
