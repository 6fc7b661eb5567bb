// SPDX-License-Identifier: MIT
// The files of tests/fuzz/corpus/mmdb, which tests/system/mmdb.py writes.
#include "io/files/mmdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "io/files/read.h"

#define FIXTURES "tests/fuzz/corpus/mmdb/"

// libmaxminddb 1.7 loses a list when it refuses damaged metadata.
const char *
__lsan_default_suppressions(void); // NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
const char *
__lsan_default_suppressions(void) // NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
{
    return "leak:libmaxminddb";
}

// Areas as text, by number.
struct areas {
    char names[16][12];
    uint32_t count;
};

static uint32_t resolve(const char *country, const char *subdivision, void *context)
{
    struct areas *areas = context;
    char name[12];
    snprintf(name, sizeof name, "%s%s%s", country, subdivision[0] != '\0' ? "-" : "", subdivision);
    if (strcmp(name, "XA") == 0) {
        return LOCATION_NO_PLACE;
    }
    for (uint32_t i = 0; i < areas->count; i++) {
        if (strcmp(areas->names[i], name) == 0) {
            return i;
        }
    }
    assert_in_range(areas->count, 0, 15);
    memcpy(areas->names[areas->count], name, sizeof name);
    return areas->count++;
}

static void test_databases_say_where_networks_are(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *networks;
        size_t skipped;
    } cases[] = {
        // IPv4 lengths count from ::/96; halves are one; 2002::/16 and ::ffff:0:0/96 lead to IPv4 and are
        // left out
        {FIXTURES "country", "192.0.2.0/24 DE, 198.51.100.0/24 JP, 2001:db8::/33 JP, 2001:db8:8000::/33 US, ",
         2},
        // MaxMind's codes and DB-IP's names of states
        {FIXTURES "city",
         "192.0.2.0/26 US-CA, 192.0.2.64/26 US, 192.0.2.128/26 US-CA, 192.0.2.192/26 CA-QC, "
         "198.51.100.0/24 DE-BY, 203.0.113.0/24 US-NY, 2001:db8::/32 FR, ",
         0},
        {FIXTURES "ipv4", "0.0.0.0/1 JP, 192.0.2.0/24 DE, ", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct areas areas = {.count = 0};
        struct location_blocks blocks = {.resolve = resolve, .context = &areas};
        struct error error = {0};
        struct buffer text;
        buffer_init(&text, 4096);
        if (!mmdb_read(cases[i].path, &blocks, &error)) {
            fail_msg("%s", error.text);
        }
        for (size_t at = 0; at < blocks.count; at++) {
            char prefix[IP_PREFIX_TEXT];
            ip_prefix_format(&blocks.items[at].prefix, prefix);
            buffer_format(&text, "%s %s, ", prefix, areas.names[blocks.items[at].place]);
        }
        assert_string_equal(buffer_string(&text), cases[i].networks);
        assert_int_equal(blocks.skipped, cases[i].skipped);
        assert_int_not_equal(blocks.digest, 0);
        buffer_free(&text);
        location_blocks_free(&blocks);
    }
}

static void parse_damaged(const char *bytes, size_t len, size_t *refused)
{
    struct areas areas = {.count = 0};
    struct location_blocks blocks = {.resolve = resolve, .context = &areas};
    struct error error = {0};
    // A copy of exactly this size, so that a sanitizer sees every read past its end.
    uint8_t *copy = malloc(len > 0 ? len : 1);
    memcpy(copy, bytes, len);
    if (!mmdb_parse((struct bytes){copy, len}, &blocks, &error)) {
        assert_true(error.set);
        (*refused)++;
    }
    free(copy);
    location_blocks_free(&blocks);
}

static void test_a_file_cut_short_anywhere_is_refused_or_read(void **state)
{
    (void)state;
    char *bytes;
    size_t len;
    size_t refused = 0;
    assert_true(read_whole_file(FIXTURES "country", 1 << 20, &bytes, &len, NULL));
    for (size_t cut = 0; cut < len; cut++) {
        parse_damaged(bytes, cut, &refused);
    }
    assert_in_range(refused, len * 9 / 10, len); // what is behind the metadata's last key hardly matters
    free(bytes);
}

static void test_a_file_damaged_anywhere_does_no_harm(void **state)
{
    (void)state;
    static const uint8_t flips[] = {0xff, 0x01, 0x80, 0x10};
    char *bytes;
    size_t len;
    size_t refused = 0;
    assert_true(read_whole_file(FIXTURES "city", 1 << 20, &bytes, &len, NULL));
    for (size_t at = 0; at < len; at++) {
        for (size_t i = 0; i < sizeof flips; i++) {
            bytes[at] = (char)(bytes[at] ^ flips[i]);
            parse_damaged(bytes, len, &refused);
            bytes[at] = (char)(bytes[at] ^ flips[i]);
        }
    }
    assert_in_range(refused, 1, len * sizeof flips - 1);
    free(bytes);
}

static void test_a_tree_that_goes_in_circles_is_refused(void **state)
{
    (void)state;
    char *bytes;
    size_t len;
    struct areas areas = {.count = 0};
    struct location_blocks blocks = {.resolve = resolve, .context = &areas};
    struct error error = {0};
    assert_true(read_whole_file(FIXTURES "ipv4", 1 << 20, &bytes, &len, NULL));
    memcpy(bytes + 6, "\0\0\1", 3); // the lower half of node 1 is node 1; each node is 6 bytes
    assert_false(mmdb_parse((struct bytes){(const uint8_t *)bytes, len}, &blocks, &error));
    assert_string_equal(error.text, "is damaged: its search tree goes in circles");
    location_blocks_free(&blocks);
    free(bytes);
}

static void test_what_is_no_database_is_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *why;
    } cases[] = {
        {"policies/README.md", "policies/README.md: is no MaxMind DB file, or a damaged one: "},
        {"/dev/null", "/dev/null: is no MaxMind DB file, or a damaged one: "},
        {"/nowhere.mmdb", "/nowhere.mmdb: No such file or directory"},
        {"policies", "policies: is a folder, not a file"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct location_blocks blocks = {.resolve = resolve};
        struct error error = {0};
        assert_false(mmdb_read(cases[i].path, &blocks, &error));
        if (strncmp(error.text, cases[i].why, strlen(cases[i].why)) != 0) {
            fail_msg("%s", error.text);
        }
        assert_int_equal(blocks.count, 0);
        location_blocks_free(&blocks);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_databases_say_where_networks_are),
        cmocka_unit_test(test_a_file_cut_short_anywhere_is_refused_or_read),
        cmocka_unit_test(test_a_file_damaged_anywhere_does_no_harm),
        cmocka_unit_test(test_a_tree_that_goes_in_circles_is_refused),
        cmocka_unit_test(test_what_is_no_database_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
