// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <zlib.h>

#include "base/random.h"
#include "core/health/body_search.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { GZIP = 15 + 16, ZLIB = 15, BARE = -15, PACKED_MAX = 16384 };

struct packed {
    size_t len;
    uint8_t data[PACKED_MAX];
};

static void pack(const void *data, size_t len, int wrapper, struct packed *out)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, wrapper, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (z_const Bytef *)(uintptr_t)data;
    stream.avail_in = (unsigned)len;
    stream.next_out = out->data + out->len;
    stream.avail_out = (unsigned)(PACKED_MAX - out->len);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out->len = PACKED_MAX - stream.avail_out;
    deflateEnd(&stream);
}

// The result when data comes in pieces of this size.
static enum body_result search(enum body_coding coding, const char *needle, const void *data, size_t len,
                               size_t piece)
{
    struct body_search *body = body_search_create(needle, coding, false);
    enum body_result result = BODY_MORE;
    for (size_t at = 0; at < len && result == BODY_MORE; at += piece) {
        size_t left = len - at;
        result =
            body_search_feed(body, (struct bytes){(const uint8_t *)data + at, left < piece ? left : piece});
    }
    body_search_destroy(body);
    return result;
}

// EX17, P10, P12, L13: whatever the pieces, and whether or not the body is compressed.
static void test_ex17_the_string_lies_in_the_first_5120_decoded_bytes(void **state)
{
    (void)state;
    static const struct {
        size_t end; // the string's, in bytes from the start of the body
        enum body_result result;
    } cases[] = {{5, BODY_FOUND}, {5119, BODY_FOUND}, {5120, BODY_FOUND}, {5121, BODY_NOT_FOUND}};
    static const size_t pieces[] = {1, 2, 3, 4, 5, 7, 1000, 5119, 5120, 20000};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char body[6000];
        struct packed gzip = {0};
        struct packed zlib = {0};
        struct packed bare = {0};
        memset(body, 'O', sizeof body); // half a match all the time
        memcpy(body + cases[i].end - 5, "OK-42", 5);
        pack(body, sizeof body, GZIP, &gzip);
        pack(body, sizeof body, ZLIB, &zlib);
        pack(body, sizeof body, BARE, &bare);
        for (size_t p = 0; p < COUNT(pieces); p++) {
            assert_int_equal(search(BODY_PLAIN, "OK-42", body, sizeof body, pieces[p]), cases[i].result);
            assert_int_equal(search(BODY_GZIP, "OK-42", gzip.data, gzip.len, pieces[p]), cases[i].result);
            assert_int_equal(search(BODY_DEFLATE, "OK-42", zlib.data, zlib.len, pieces[p]), cases[i].result);
            assert_int_equal(search(BODY_DEFLATE, "OK-42", bare.data, bare.len, pieces[p]), cases[i].result);
        }
    }
}

// P12, the knob BodyWindow: what 5120 bytes as received decode to is searched, and no more.
static void test_an_encoded_window_is_counted_as_received(void **state)
{
    (void)state;
    enum { LENGTH = 1 << 20 };
    static const size_t pieces[] = {1, 7, 5120, 200000};
    static const struct {
        size_t end;
        bool noise; // what does not compress
        enum body_result result;
    } cases[] = {{5121, false, BODY_FOUND},
                 {LENGTH, false, BODY_FOUND},
                 {5000, true, BODY_FOUND},
                 {5300, true, BODY_NOT_FOUND}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *body = malloc(LENGTH);
        size_t len = cases[i].noise ? 6000 : LENGTH;
        struct random random;
        struct packed gzip = {0};
        assert_non_null(body);
        random_seed(&random, 1);
        for (size_t k = 0; k < len; k++) {
            body[k] = cases[i].noise ? (char)random_next(&random) : 'O';
        }
        memcpy(body + cases[i].end - 5, "OK-42", 5);
        pack(body, len, GZIP, &gzip);
        for (size_t p = 0; p < COUNT(pieces); p++) {
            struct body_search *found = body_search_create("OK-42", BODY_GZIP, true);
            enum body_result result = BODY_MORE;
            for (size_t at = 0; at < gzip.len && result == BODY_MORE; at += pieces[p]) {
                size_t left = gzip.len - at;
                result = body_search_feed(
                    found, (struct bytes){gzip.data + at, left < pieces[p] ? left : pieces[p]});
            }
            assert_int_equal(result, cases[i].result);
            body_search_destroy(found);
        }
        free(body);
    }
    struct body_search *plain = body_search_create("OK-42", BODY_PLAIN, true);
    char body[6000] = "";
    memcpy(body + 5116, "OK-42", 5);
    assert_int_equal(body_search_feed(plain, (struct bytes){(const uint8_t *)body, sizeof body}),
                     BODY_NOT_FOUND);
    body_search_destroy(plain);
}

static void test_the_search_ends_as_soon_as_it_knows(void **state)
{
    (void)state;
    struct body_search *body = body_search_create("OK-42", BODY_PLAIN, false);
    assert_int_equal(body_search_feed(body, bytes_of("not yet ")), BODY_MORE);
    assert_int_equal(body_search_feed(body, bytes_of("")), BODY_MORE);
    assert_int_equal(body_search_feed(body, bytes_of("OK-4")), BODY_MORE);
    assert_int_equal(body_search_feed(body, bytes_of("2 and on it goes")), BODY_FOUND);
    body_search_destroy(body);
    body_search_destroy(NULL);
}

// RFC 1952 section 2.2
static void test_gzip_members_in_a_row_are_one_body(void **state)
{
    (void)state;
    struct packed packed = {0};
    pack("it says OK", 10, GZIP, &packed);
    pack("", 0, GZIP, &packed);
    pack("-42 today", 9, GZIP, &packed);
    assert_int_equal(search(BODY_GZIP, "OK-42", packed.data, packed.len, 3), BODY_FOUND);
}

// P11, P13: what was decoded before the damage is searched, what follows is not.
static void test_a_damaged_coding_ends_the_search(void **state)
{
    (void)state;
    struct packed packed = {0};
    char body[300];
    for (size_t i = 0; i < sizeof body; i++) {
        body[i] = (char)('a' + i * i % 23);
    }
    memcpy(body + 290, "OK-42", 5);
    pack(body, sizeof body, GZIP, &packed);
    assert_int_equal(search(BODY_GZIP, "OK-42", packed.data, packed.len, 1), BODY_FOUND);
    assert_int_equal(search(BODY_GZIP, "OK-42", packed.data, packed.len / 2, 1), BODY_MORE);
    packed.data[0] = 'x';
    assert_int_equal(search(BODY_GZIP, "OK-42", packed.data, packed.len, 1), BODY_NOT_FOUND);
    assert_int_equal(search(BODY_GZIP, "OK-42", "OK-42", 5, 5), BODY_NOT_FOUND);
    assert_int_equal(search(BODY_DEFLATE, "OK-42", "\x0f OK-42", 7, 7), BODY_NOT_FOUND);
}

// P11; RFC 7230 sections 3.2 and 4.2.3
static void test_only_one_gzip_or_one_deflate_is_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum body_coding before;
        enum body_coding coding;
    } cases[] = {
        {"Content-Encoding: gzip", BODY_PLAIN, BODY_GZIP},
        {"content-encoding:GZIP", BODY_PLAIN, BODY_GZIP},
        {"Content-Encoding: \tx-gzip ", BODY_PLAIN, BODY_GZIP},
        {"CONTENT-ENCODING: deflate", BODY_PLAIN, BODY_DEFLATE},
        {"Content-Encoding: br", BODY_PLAIN, BODY_UNKNOWN},
        {"Content-Encoding: identity", BODY_PLAIN, BODY_PLAIN},
        {"Content-Encoding: gzip, gzip", BODY_PLAIN, BODY_UNKNOWN},
        {"Content-Encoding:", BODY_PLAIN, BODY_UNKNOWN},
        {"Content-Encoding: deflate", BODY_GZIP, BODY_UNKNOWN},
        {"Content-Encoding: gzip", BODY_UNKNOWN, BODY_UNKNOWN},
        {"Transfer-Encoding: gzip", BODY_PLAIN, BODY_PLAIN},
        {"X-Content-Encoding: gzip", BODY_DEFLATE, BODY_DEFLATE},
        {"Server: x", BODY_GZIP, BODY_GZIP},
        {" gzip", BODY_PLAIN, BODY_PLAIN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(body_coding_of_field(bytes_of(cases[i].line), cases[i].before), cases[i].coding);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ex17_the_string_lies_in_the_first_5120_decoded_bytes),
        cmocka_unit_test(test_an_encoded_window_is_counted_as_received),
        cmocka_unit_test(test_the_search_ends_as_soon_as_it_knows),
        cmocka_unit_test(test_gzip_members_in_a_row_are_one_body),
        cmocka_unit_test(test_a_damaged_coding_ends_the_search),
        cmocka_unit_test(test_only_one_gzip_or_one_deflate_is_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
