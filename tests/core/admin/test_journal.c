// SPDX-License-Identifier: MIT
// The journal of changes: entries as text, and a ring of the newest.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/admin/journal.h"

static void test_an_entry_says_who_what_when_and_why(void **state)
{
    (void)state;
    json_t *on = json_pack("[s, s]", "eu-west-1", "us-east-1");
    struct journal_entry entry = {{INT64_C(1795730400000000000)}, "jane", "drain", on, "kernel update"};
    char *text = journal_entry_print(&entry);
    assert_string_equal(text, "{\"at\":\"2026-11-26T22:00:00.000Z\",\"who\":\"jane\",\"what\":\"drain\","
                              "\"on\":[\"eu-west-1\",\"us-east-1\"],\"why\":\"kernel update\"}");
    free(text);
    entry.who = "j\xe4ne"; // not UTF-8, from a header
    entry.why = NULL;
    text = journal_entry_print(&entry);
    assert_non_null(strstr(text, "\"who\":\"?\""));
    assert_non_null(strstr(text, "\"why\":null"));
    free(text);
    json_decref(on);
}

static void test_the_ring_keeps_the_newest_in_order(void **state)
{
    (void)state;
    struct journal *journal = journal_create();
    char text[32];
    for (unsigned i = 0; i < JOURNAL_MOST + 5; i++) {
        snprintf(text, sizeof text, "{\"n\":%u}", i);
        journal_add(journal, bytes_of(text));
    }
    json_t *all = journal_json(journal, SIZE_MAX);
    assert_int_equal(json_array_size(all), JOURNAL_MOST);
    json_t *few = journal_json(journal, 2);
    assert_int_equal(json_array_size(few), 2);
    for (unsigned i = 0; i < JOURNAL_MOST; i++) {
        assert_int_equal(json_integer_value(json_object_get(json_array_get(all, i), "n")), i + 5);
    }
    assert_true(json_equal(json_array_get(few, 1), json_array_get(all, JOURNAL_MOST - 1)));
    json_decref(all);
    json_decref(few);
    journal_destroy(journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_entry_says_who_what_when_and_why),
        cmocka_unit_test(test_the_ring_keeps_the_newest_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
