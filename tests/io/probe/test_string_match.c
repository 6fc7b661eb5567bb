// SPDX-License-Identifier: MIT
// Searched bodies over real sockets: framing, codings, and when the search ends.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "probe_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define SENDS(text)                                                                                          \
    {                                                                                                        \
        {FAKE_REQUEST, NULL, 0, 0},                                                                          \
        {                                                                                                    \
            FAKE_SEND, text, 0, sizeof(text) - 1                                                             \
        }                                                                                                    \
    }
#define SENDS_AND_STAYS(text)                                                                                \
    {                                                                                                        \
        {FAKE_REQUEST, NULL, 0, 0}, {FAKE_SEND, text, 0, sizeof(text) - 1},                                  \
        {                                                                                                    \
            FAKE_HANG, NULL, 0, 0                                                                            \
        }                                                                                                    \
    }
#define OK         "HTTP/1.1 200 OK\r\n"
#define X16(text)  text text text text text text text text text text text text text text text text
#define BYTES_63   "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"
#define BYTES_5115 X16(X16("0123456789abcdef") BYTES_63) "0123456789a"

// "all is OK-42 here"; and ten X and ten Y in brotli, which no search for them finds.
#define GZIPPED                                                                                              \
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\xcc\xc9\x51\xc8\x2c\x56\xf0\xf7\xd6\x35\x31\x52\xc8\x48"   \
    "\x2d\x4a\x05\x00\x12\x4d\x4b\x20\x11\x00\x00\x00"
#define DEFLATED                                                                                             \
    "\x78\x9c\x4b\xcc\xc9\x51\xc8\x2c\x56\xf0\xf7\xd6\x35\x31\x52\xc8\x48\x2d\x4a\x05\x00\x2f\xe0\x05\x47"
#define BROTLI "\x1b\x13\x00\x00\xa4\xb0\xb2\xea\x81\x47\x02\x8a"

struct match_case {
    struct fake_step script[FAKE_STEPS_MAX];
    const char *needle; // NULL: OK-42
    uint8_t reason;
};

static void expect(const struct match_case *cases, size_t count)
{
    struct probe_fixture fixture;
    struct fake_origin *origins[PROBES_MAX];
    fixture_start(&fixture, NULL);
    for (size_t i = 0; i < count; i++) {
        char needle[] = "OK-42";
        origins[i] = fake_origin_start(cases[i].script, 0);
        struct health_check check = fixture_check(HEALTH_CHECK_HTTP_STR_MATCH, fake_origin_port(origins[i]));
        check.search_string = cases[i].needle != NULL ? cases[i].needle : needle;
        fixture_probe(&fixture, &check);
        memset(needle, 'x', sizeof needle - 1); // the prober has a copy
    }
    fixture_run(&fixture);
    for (size_t i = 0; i < count; i++) {
        const struct observation *seen = &fixture.observed[i];
        if (seen->reason != cases[i].reason) {
            char text[OBSERVATION_TEXT];
            observation_format(seen, text);
            fail_msg("case %zu: %s", i, text);
        }
        assert_true(mono_since(fixture.ended[i], fixture.started[i]) < DURATION_MS(1900) ||
                    seen->reason == OBSERVED_RESPONSE_TIMEOUT);
        fake_origin_stop(origins[i]);
    }
    fixture_end(&fixture);
}

// EX17, P8-P13
static void test_ex17_endpoints_are_judged_by_what_their_body_holds(void **state)
{
    (void)state;
    static const struct match_case cases[] = {
        {SENDS(OK "\r\n" BYTES_5115 "OK-42 and more"), NULL, OBSERVED_SUCCESS},
        {SENDS(OK "\r\n" BYTES_5115 "-OK-42"), NULL, OBSERVED_STRING_NOT_FOUND},
        {SENDS(OK "\r\nit says ok-42"), NULL, OBSERVED_STRING_NOT_FOUND},
        {SENDS(OK "Content-Encoding: gzip\r\n\r\n" GZIPPED), NULL, OBSERVED_SUCCESS},
        {SENDS(OK "Content-Encoding: deflate\r\n\r\n" DEFLATED), NULL, OBSERVED_SUCCESS},
        {SENDS(OK "Content-Encoding: br\r\n\r\n" BROTLI), "XXXXXYYYYY", OBSERVED_STRING_NOT_FOUND},
        {SENDS(OK "Content-Encoding: br\r\n\r\nin fact plain: OK-42"), NULL, OBSERVED_SUCCESS},
        {SENDS("HTTP/1.1 404 Not Found\r\n\r\nOK-42"), NULL, OBSERVED_HTTP_STATUS},
        {SENDS("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\nOK-42"), NULL, OBSERVED_SUCCESS},
        {SENDS("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\nmoved"), NULL,
         OBSERVED_STRING_NOT_FOUND},
        {SENDS("HTTP/1.1 304 Not Modified\r\n\r\n"), NULL, OBSERVED_STRING_NOT_FOUND},
    };
    expect(cases, COUNT(cases));
}

// RFC 7230 section 3.3.3: the end of the body is the end of the search, and chunks are no part of it.
static void test_a_body_ends_where_its_framing_says(void **state)
{
    (void)state;
    static const struct match_case cases[] = {
        {SENDS_AND_STAYS(OK "Content-Length: 5\r\n\r\nOK-42"), NULL, OBSERVED_SUCCESS},
        {SENDS_AND_STAYS(OK "Content-Length: 5\r\n\r\nnever"), NULL, OBSERVED_STRING_NOT_FOUND},
        {SENDS_AND_STAYS(OK "Content-Length: 0\r\n\r\n"), NULL, OBSERVED_STRING_NOT_FOUND},
        {SENDS_AND_STAYS(OK "Transfer-Encoding: chunked\r\n\r\n3\r\nOK-\r\n2\r\n42\r\n"), NULL,
         OBSERVED_SUCCESS},
        {SENDS_AND_STAYS(OK "Transfer-Encoding: chunked\r\n\r\n3\r\nOK-\r\n1\r\n4\r\n0\r\n\r\n"), NULL,
         OBSERVED_STRING_NOT_FOUND},
        {SENDS(OK "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n25\r\n" GZIPPED
                  "\r\n0\r\n\r\n"),
         NULL, OBSERVED_SUCCESS},
        {SENDS(OK "Transfer-Encoding: chunked\r\n\r\nbad\xff\r\n"), NULL, OBSERVED_STRING_NOT_FOUND},
        {SENDS(OK "Transfer-Encoding: odd\r\n\r\nOK-42"), NULL, OBSERVED_STRING_NOT_FOUND},
        {SENDS(OK "Content-Length: 100\r\n\r\nclosed early, but OK-42"), NULL, OBSERVED_SUCCESS},
        {SENDS(OK "Content-Length: 100\r\n\r\nclosed early"), NULL, OBSERVED_STRING_NOT_FOUND},
    };
    expect(cases, COUNT(cases));
}

// P10, P13, P5: neither a found string nor a full window waits for the rest; nothing else ends the wait
// but the budget.
static void test_the_search_ends_when_it_knows_or_when_time_is_up(void **state)
{
    (void)state;
    static const struct match_case cases[] = {
        {SENDS_AND_STAYS(OK "\r\nOK-42"), NULL, OBSERVED_SUCCESS},
        {{{FAKE_REQUEST, NULL, 0, 0}, {FAKE_SEND, OK "\r\n", 0, 0}, {FAKE_FLOOD, "no-42 ", 0, 0}},
         NULL,
         OBSERVED_STRING_NOT_FOUND},
        {{{FAKE_REQUEST, NULL, 0, 0}, {FAKE_SEND, OK "\r\nOK", 0, 0}, {FAKE_RESET, NULL, 0, 0}},
         "OK-42",
         OBSERVED_STRING_NOT_FOUND},
        {SENDS_AND_STAYS(OK "\r\nOK-4"), NULL, OBSERVED_RESPONSE_TIMEOUT},
    };
    expect(cases, COUNT(cases));
}

// P23; the type without a search asks for no coding.
static void test_only_a_checker_that_searches_says_that_any_coding_will_do(void **state)
{
    (void)state;
    static const struct fake_step script[FAKE_STEPS_MAX] = SENDS(OK "\r\nOK-42");
    char request[FAKE_REQUEST_TEXT];
    struct probe_fixture fixture;
    struct fake_origin *origin = fake_origin_start(script, 0);
    struct health_check match = fixture_check(HEALTH_CHECK_HTTP_STR_MATCH, fake_origin_port(origin));
    struct health_check plain = fixture_check(HEALTH_CHECK_HTTP, fake_origin_port(origin));
    match.search_string = "OK-42";
    fixture_start(&fixture, NULL);
    for (unsigned i = 0; i < 2; i++) { // one task serves both in turn
        assert_int_equal(fixture_once(&fixture, &match)->reason, OBSERVED_SUCCESS);
        fake_origin_requests(origin, request);
        assert_non_null(strstr(request, "\r\nAccept-Encoding: *\r\n"));
        assert_int_equal(fixture_once(&fixture, &plain)->reason, OBSERVED_SUCCESS);
        fake_origin_requests(origin, request);
        assert_null(strstr(request, "Accept-Encoding"));
    }
    fixture_end(&fixture);
    fake_origin_stop(origin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ex17_endpoints_are_judged_by_what_their_body_holds),
        cmocka_unit_test(test_a_body_ends_where_its_framing_says),
        cmocka_unit_test(test_the_search_ends_when_it_knows_or_when_time_is_up),
        cmocka_unit_test(test_only_a_checker_that_searches_says_that_any_coding_will_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
