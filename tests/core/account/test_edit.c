// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/account/record_set.h"
#include "support/account_dsl.h"

static void put(struct account_edit *edit, const char *key, const char *text)
{
    account_edit_put(edit, ACCOUNT_TAGS, bytes_of(key), bytes_of(text));
}

static void delete (struct account_edit *edit, const char *key)
{
    account_edit_delete(edit, ACCOUNT_TAGS, bytes_of(key));
}

// "a=1 b=2 " of what an edit reads, from a key on.
static const char *read_from(const struct account_edit *edit, const char *from, char out[200])
{
    struct account_cursor cursor;
    struct account_object object;
    size_t len = 0;
    out[0] = '\0';
    account_seek(&cursor, edit, ACCOUNT_TAGS, bytes_of(from));
    while (account_next(&cursor, &object)) {
        len += (size_t)snprintf(out + len, 200 - len, "%s=%s ", object.key.data, object.text.data);
    }
    return out;
}

static void test_an_edit_reads_as_if_it_were_made_already(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char text[200];
    account_dsl_open(&dsl, "{}");
    struct account_edit *edit = account_edit_create(dsl.account);
    assert_true(account_edit_is_empty(edit));
    put(edit, "b", "1");
    put(edit, "d", "2");
    put(edit, "a", "3");
    put(edit, "d", "4");
    assert_string_equal(read_from(edit, "", text), "a=3 b=1 d=4 ");
    account_apply(edit);

    edit = account_edit_create(dsl.account);
    put(edit, "c", "5");
    put(edit, "b", "6");
    delete (edit, "a");
    delete (edit, "x");
    assert_string_equal(read_from(edit, "", text), "b=6 c=5 d=4 ");
    assert_string_equal(read_from(edit, "ba", text), "c=5 d=4 ");
    assert_int_equal(account_count_prefix(edit, ACCOUNT_TAGS, bytes_of("")), 3);
    assert_int_equal(account_count_prefix(edit, ACCOUNT_TAGS, bytes_of("c")), 1);
    assert_int_equal(account_count_prefix(edit, ACCOUNT_TAGS, bytes_of("a")), 0);
    struct account_object object;
    assert_false(account_find(edit, ACCOUNT_TAGS, bytes_of("a"), &object));
    assert_true(account_find(edit, ACCOUNT_TAGS, bytes_of("d"), &object));
    account_edit_discard(edit);

    edit = account_edit_create(dsl.account);
    assert_string_equal(read_from(edit, "", text), "a=3 b=1 d=4 ");
    put(edit, "a", "7");
    delete (edit, "b");
    put(edit, "e", "8");
    account_apply(edit);
    edit = account_edit_create(dsl.account);
    assert_string_equal(read_from(edit, "", text), "a=7 d=4 e=8 ");
    account_edit_discard(edit);
    account_dsl_close(&dsl);
}

static void count_changes(const struct account_object *object, void *context)
{
    unsigned *counts = context;
    counts[object->text.data == NULL]++;
}

static void test_an_edit_names_what_it_changes(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{}");
    struct account_edit *edit = account_edit_create(dsl.account);
    put(edit, "a", "1");
    put(edit, "b", "1");
    delete (edit, "a");
    unsigned counts[2] = {0};
    account_edit_each(edit, count_changes, counts);
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], 1);
    account_edit_discard(edit);
    account_dsl_close(&dsl);
}

static void test_what_was_written_down_restores_the_account(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com'}]}");
    char *before = account_dsl_dump(&dsl);
    struct account_edit *edit = account_edit_create(dsl.account);
    struct account_cursor cursor;
    struct account_object object;
    struct account_dsl other;
    account_dsl_open(&other, "{}");
    for (unsigned kind = 0; kind < ACCOUNT_KINDS; kind++) {
        account_seek(&cursor, edit, kind, bytes_of(""));
        while (account_next(&cursor, &object)) {
            account_restore(other.account, kind, object.key, object.text);
        }
    }
    char *after = account_dsl_dump(&other);
    assert_string_equal(before, after);
    assert_true(account_footprint(other.account) > 0);
    free(before);
    free(after);
    account_edit_discard(edit);
    account_dsl_close(&dsl);
    account_dsl_close(&other);
}

// API reference 1.8: the vector, top to bottom.
static void test_keys_sort_as_route53_lists(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *type;
        const char *identifier;
    } sorted[] = {
        {"example.com.", "A", NULL},         {"example.com.", "AAAA", NULL},
        {"example.com.", "NS", NULL},        {"example.com.", "SOA", NULL},
        {"1.example.com.", "A", NULL},       {"*.example.com.", "A", NULL},
        {"_x.example.com.", "A", NULL},      {"A-b.example.com.", "A", NULL},
        {"a.example.com.", "A", NULL},       {"b.a.example.com.", "A", NULL},
        {"z.example.com.", "A", "region-1"}, {"z.example.com.", "A", "region-2"},
        {"z.example.com.", "TXT", NULL},
    };
    struct buffer keys[2];
    buffer_init(&keys[0], ACCOUNT_KEY_LIMIT);
    buffer_init(&keys[1], ACCOUNT_KEY_LIMIT);
    for (size_t i = 0; i < sizeof sorted / sizeof sorted[0]; i++) {
        struct dns_name name;
        struct buffer *key = &keys[i % 2];
        assert_true(dns_name_parse(bytes_of(sorted[i].name), &name, NULL));
        buffer_clear(key);
        account_record_set_key(key, "Z1", &name, sorted[i].type, sorted[i].identifier);
        if (i > 0 && strcmp(buffer_string(&keys[(i + 1) % 2]), buffer_string(key)) >= 0) {
            fail_msg("%s comes after %s", buffer_string(&keys[(i + 1) % 2]), buffer_string(key));
        }
    }
    buffer_free(&keys[0]);
    buffer_free(&keys[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_edit_reads_as_if_it_were_made_already),
        cmocka_unit_test(test_an_edit_names_what_it_changes),
        cmocka_unit_test(test_what_was_written_down_restores_the_account),
        cmocka_unit_test(test_keys_sort_as_route53_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
