// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server_fixture.h"

static void test_too_large_requests_are_refused(void **state)
{
    (void)state;
    const struct {
        const char *before;
        const char *part;
        size_t times;
        const char *after;
        const char *status;
        bool json;
    } cases[] = {
        {"GET /hello HTTP/1.0\r\n", "X-A: b\r\n", 10, "\r\n", " 200 ", false},
        {"GET /hello HTTP/1.0\r\n", "X-A: b\r\n", 11, "\r\n", " 431 ", true},
        {"GET /hello HTTP/1.0\r\nX: ", "0123456789", 90, "\r\n\r\n", " 200 ", false},
        {"GET /hello HTTP/1.0\r\nX: ", "0123456789", 110, "\r\n\r\n", " 431 ", true},
        {"GET /hello?name=", "0123456789", 110, " HTTP/1.0\r\n\r\n", " 431 ", true},
        {"GET /hello?name=", "0123456789", 5000, " HTTP/1.0\r\n\r\n", " 400 ", false}, // or closed
        {"GET /hello HTTP/1.0\r\n", "X-A: b\r\n", 5000, "\r\n", " 400 ", false},       // or closed
        {"POST /echo/ HTTP/1.0\r\nContent-Length: 2000\r\n\r\n", "0123456789", 200, "", " 201 ", false},
        {"POST /echo/ HTTP/1.0\r\nContent-Length: 2010\r\n\r\n", "0123456789", 201, "", " 413 ", true},
        {"POST /echo/ HTTP/1.0\r\nContent-Length: 50000\r\n\r\n", "0123456789", 5000, "", " 413 ", false},
        {"POST /echo/ HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n",
         "a\r\n0123456789\r\n", 201, "0\r\n\r\n", " 413 ", true},
        {"POST /echo/ HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n", "2710\r\n", 1, "",
         " 413 ", false},
    };
    struct http_limits limits = http_limits_default;
    limits.header_bytes = 1000;
    limits.headers = 10;
    limits.body_bytes = 2000;
    struct fixture *fixture = start(&limits);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *request = repeated(cases[i].before, cases[i].part, cases[i].times, cases[i].after);
        const char *answer = ask(fixture, request);
        bool closed_early = cases[i].times == 5000 && answer[0] == '\0';
        if (!closed_early && strstr(answer, cases[i].status) == NULL) {
            fail_msg("%.200s\nwanted %s in\n%s", request, cases[i].status, answer);
        }
        assert_true(!cases[i].json || strstr(answer, "{\"error\":") != NULL);
        free(request);
    }
    turn_until_connections(fixture, 0);
    stop(fixture);
}

static void test_connections_beyond_the_limit_are_closed_and_the_count_is_exact(void **state)
{
    (void)state;
    enum { MOST = 20 };
    struct http_limits limits = http_limits_default;
    limits.connections = MOST;
    struct fixture *fixture = start(&limits);
    int fds[MOST];
    for (unsigned i = 0; i < MOST; i++) { // silent ones
        fds[i] = dial(fixture);
        turn_until_connections(fixture, i + 1);
    }
    for (unsigned i = 0; i < 5; i++) {
        int late = dial(fixture);
        say(fixture, late, "GET /hello HTTP/1.0\r\n\r\n");
        assert_string_equal(hear(fixture, late, NULL), "");
        assert_int_equal(http_server_connections(fixture->server), MOST);
        close(late);
    }
    // Those within the limit still work, and each that leaves makes room for one.
    say(fixture, fds[7], "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    hear(fixture, fds[7], "nobody");
    for (unsigned i = 0; i < MOST; i++) {
        close(fds[i]);
        turn_until_connections(fixture, MOST - 1);
        fds[i] = dial(fixture);
        turn_until_connections(fixture, MOST);
    }
    for (unsigned i = 0; i < MOST; i++) {
        close(fds[i]);
    }
    turn_until_connections(fixture, 0);
    stop(fixture);
}

static void test_many_connections_at_once_never_pass_the_limit(void **state)
{
    (void)state;
    enum { MOST = 8, MANY = 100 };
    struct http_limits limits = http_limits_default;
    limits.connections = MOST;
    struct fixture *fixture = start(&limits);
    int fds[MANY];
    for (unsigned i = 0; i < MANY; i++) { // all wait in the backlog when the loop turns
        fds[i] = dial(fixture);
        assert_true(send(fds[i], "GET /hello HTTP/1.0\r\n\r\n", 23, MSG_NOSIGNAL) == 23);
    }
    unsigned answered = 0;
    for (unsigned i = 0; i < MANY; i++) {
        answered += strstr(hear(fixture, fds[i], NULL), "hello nobody") != NULL;
        assert_true(http_server_connections(fixture->server) <= MOST);
        close(fds[i]);
    }
    assert_int_equal(answered, MOST);
    turn_until_connections(fixture, 0);
    stop(fixture);
}

static void test_connections_without_progress_are_closed_but_not_while_their_answer_is_awaited(void **state)
{
    (void)state;
    struct http_limits limits = http_limits_default;
    limits.idle_s = 1;
    struct fixture *fixture = start(&limits);
    int kept = dial(fixture);
    say(fixture, kept, "GET /keep HTTP/1.1\r\nHost: a\r\n\r\n");
    while (fixture->kept == NULL) {
        turn(fixture);
    }
    int silent = dial(fixture);
    int half = dial(fixture);
    say(fixture, half, "GET /hello HTTP/1.1\r\nHost: a\r\n");
    turn_until_connections(fixture, 3);
    mono_time from = clock_mono();
    assert_string_equal(hear(fixture, silent, NULL), "");
    assert_true(mono_since(clock_mono(), from) > DURATION_MS(500));
    assert_string_equal(hear(fixture, half, NULL), "");
    turn_until_connections(fixture, 1);
    assert_non_null(fixture->kept);
    http_exchange_reply(fixture->kept, 200, NULL, bytes_of("late"));
    assert_non_null(strstr(hear(fixture, kept, NULL), "late")); // then idle, then closed
    close(kept);
    close(silent);
    close(half);
    turn_until_connections(fixture, 0);
    stop(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_too_large_requests_are_refused),
        cmocka_unit_test(test_connections_beyond_the_limit_are_closed_and_the_count_is_exact),
        cmocka_unit_test(test_many_connections_at_once_never_pass_the_limit),
        cmocka_unit_test(test_connections_without_progress_are_closed_but_not_while_their_answer_is_awaited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
