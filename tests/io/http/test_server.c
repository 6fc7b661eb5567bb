// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server_fixture.h"

// --- requests and answers ----------------------------------------------------------------------------------

static void test_requests_are_answered_by_route_or_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        const char *parts[3]; // all of them are in the answer
    } cases[] = {
        {"GET /hello HTTP/1.0\r\n\r\n", {"200 OK", "hello nobody"}},
        {"GET /hello?x=1&name=a+b%2Bc&y HTTP/1.0\r\n\r\n", {"200", "hello a b+c"}},
        {"GET /hello?name HTTP/1.0\r\n\r\n", {"200", "hello "}},
        {"GET /%68ello HTTP/1.0\r\n\r\n", {"200", "hello nobody"}},
        {"HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", {"200", "Content-Length: 12"}},
        {"GET http://a.example/hello HTTP/1.0\r\n\r\n", {"200", "hello nobody"}},
        {"GET /nowhere HTTP/1.0\r\n\r\n",
         {"404", "application/json", "\"nothing at /nowhere; there is /hello"}},
        {"GET /hello/ HTTP/1.0\r\n\r\n", {"404"}},
        {"GET /h\xff HTTP/1.0\r\n\r\n", {"404", "nothing at /h?"}},
        {"POST /hello HTTP/1.0\r\nContent-Length: 0\r\n\r\n",
         {"405", "Allow: GET, HEAD\r\n", "/hello takes GET, HEAD, not POST"}},
        {"DELETE /echo/x HTTP/1.0\r\n\r\n", {"405", "Allow: POST, PUT\r\n"}},
        {"OPTIONS /hello HTTP/1.0\r\n\r\n", {"405"}},
        {"PATCH /hello HTTP/1.0\r\n\r\n", {"405"}},
        {"TRACE /hello HTTP/1.0\r\n\r\n", {"405"}},
        {"BREW /hello HTTP/1.0\r\n\r\n", {" 501 "}},
        {"POST /echo/a/b HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc",
         {"201", "X-Tail: a/b\r\n", "\r\n\r\nabc"}},
        {"PUT /echo/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
         "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
         {"201", "\r\n\r\nabc"}},
        {"GET /%00 HTTP/1.0\r\n\r\n", {"400", "valid escapes"}},
        {"GET /hello%2 HTTP/1.0\r\n\r\n", {"400", "valid escapes"}},
        {"GET /hello%zz HTTP/1.0\r\n\r\n", {"400", "valid escapes"}},
        {"GET /hello?name=%0 HTTP/1.0\r\n\r\n", {"400", "valid escapes"}},
        {"GET /hello?name=%00 HTTP/1.0\r\n\r\n", {"400", "valid escapes"}},
        {"GET hello HTTP/1.0\r\n\r\n", {"400"}},
        {"OPTIONS * HTTP/1.0\r\n\r\n", {"400"}},
        {"POST /echo/ HTTP/1.0\r\nContent-Length: -1\r\n\r\n", {"400"}},
        {"POST /echo/ HTTP/1.0\r\nContent-Length: 9e9\r\n\r\n", {"400"}},
        {"GET /hello HTTP/1.1\r\nno colon here\r\n\r\n", {"400"}},
        {"GET /hello HTTP/2.0\r\n\r\n", {"400"}},
        {"GET / a b c\r\n\r\n", {"400"}},
        {"\r\n\r\n\r\n\r\n", {"400"}},
        {"\x16\x03\x01\x02\x01\x01\xfc\x03\x03 a TLS client hello\r\n\r\n", {"400"}},
    };
    struct fixture *fixture = start(&http_limits_default);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *answer = ask(fixture, cases[i].request);
        for (size_t j = 0; j < 3 && cases[i].parts[j] != NULL; j++) {
            if (strstr(answer, cases[i].parts[j]) == NULL) {
                fail_msg("%s\nwanted %s in\n%s", cases[i].request, cases[i].parts[j], answer);
            }
        }
    }
    turn_until_connections(fixture, 0);
    stop(fixture);
}

static void test_an_answer_to_head_has_no_body(void **state)
{
    (void)state;
    struct fixture *fixture = start(&http_limits_default);
    const char *answer = ask(fixture, "HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
    stop(fixture);
}

static void test_a_connection_serves_one_request_after_the_other(void **state)
{
    (void)state;
    struct fixture *fixture = start(&http_limits_default);
    int fd = dial(fixture);
    for (unsigned i = 1; i <= 20; i++) {
        say(fixture, fd, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_non_null(strstr(hear(fixture, fd, "nobody"), "200 OK"));
        assert_int_equal(fixture->served, i);
        assert_int_equal(http_server_connections(fixture->server), 1);
    }
    close(fd);
    turn_until_connections(fixture, 0);
    stop(fixture);
}

static void test_pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    struct fixture *fixture = start(&http_limits_default);
    int fd = dial(fixture);
    say(fixture, fd,
        "GET /hello?name=one HTTP/1.1\r\nHost: a\r\n\r\nGET /keep HTTP/1.1\r\nHost: a\r\n\r\n"
        "GET /hello?name=three HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_non_null(strstr(hear(fixture, fd, "one"), "200 OK"));
    while (fixture->kept == NULL) {
        turn(fixture);
    }
    assert_int_equal(fixture->served, 1);
    http_exchange_reply(fixture->kept, 200, NULL, bytes_of("two"));
    const char *rest = hear(fixture, fd, "three");
    assert_true(strstr(rest, "two") < strstr(rest, "three"));
    assert_non_null(strstr(rest, "two"));
    close(fd);
    stop(fixture);
}

static void test_a_client_that_closes_its_half_still_gets_the_answer(void **state)
{
    (void)state;
    struct fixture *fixture = start(&http_limits_default);
    int fd = dial(fixture);
    say(fixture, fd, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    shutdown(fd, SHUT_WR);
    assert_non_null(strstr(hear(fixture, fd, NULL), "hello nobody"));
    close(fd);
    stop(fixture);
}

static void test_peer_and_listener_are_known(void **state)
{
    (void)state;
    struct fixture *fixture = start(&http_limits_default);
    char local[IP_ENDPOINT_TEXT];
    ip_endpoint_format(&fixture->at, local);
    const char *answer = ask(fixture, "GET /where HTTP/1.0\r\n\r\n");
    assert_non_null(strstr(answer, "\r\n\r\n127.0.0.1:"));
    assert_non_null(strstr(answer, local));
    stop(fixture);
}

static void test_headers_cannot_be_injected_into_an_answer(void **state)
{
    (void)state;
    struct fixture *fixture = start(&http_limits_default);
    const char *answer = ask(fixture, "POST /echo/%0d%0aX-Evil:%201 HTTP/1.0\r\nContent-Length: 0\r\n\r\n");
    assert_non_null(strstr(answer, "201"));
    assert_null(strstr(answer, "X-Evil"));
    stop(fixture);
}

// --- answers that come later -------------------------------------------------------------------------------

static void test_an_exchange_may_be_answered_later(void **state)
{
    (void)state;
    struct fixture *fixture = start(&http_limits_default);
    int fd = dial(fixture);
    say(fixture, fd, "GET /keep HTTP/1.1\r\nHost: a\r\n\r\n");
    while (fixture->kept == NULL) {
        turn(fixture);
    }
    for (unsigned i = 0; i < 10; i++) {
        turn(fixture);
    }
    http_exchange_fail(fixture->kept, 503, "not %s", "now");
    assert_non_null(strstr(hear(fixture, fd, "}"), "{\"error\":\"not now\"}"));
    say(fixture, fd, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    hear(fixture, fd, "nobody");
    close(fd);
    stop(fixture);
}

static void test_a_kept_exchange_learns_that_its_client_left(void **state)
{
    (void)state;
    struct fixture *fixture = start(&http_limits_default);
    int fd = dial(fixture);
    say(fixture, fd, "GET /keep HTTP/1.1\r\nHost: a\r\n\r\n");
    while (fixture->kept == NULL) {
        turn(fixture);
    }
    close(fd);
    turn_until(fixture, &fixture->gone, 1);
    assert_int_equal(http_server_connections(fixture->server), 0);
    stop(fixture);
}

static void test_an_answer_to_a_client_that_left_unnoticed_is_dropped(void **state)
{
    (void)state;
    struct fixture *fixture = start(&http_limits_default);
    int fd = dial(fixture);
    say(fixture, fd,
        "POST /keep?unwatched HTTP/1.1\r\nHost: a\r\nX-Kept: yes\r\nContent-Length: 2\r\n\r\nhi");
    while (fixture->kept == NULL) {
        turn(fixture);
    }
    close(fd);
    turn_until_connections(fixture, 0);
    assert_string_equal(http_exchange_path(fixture->kept), "/keep");
    assert_string_equal(http_exchange_header(fixture->kept, "x-kept"), "yes");
    assert_true(bytes_equal(http_exchange_body(fixture->kept), bytes_of("hi")));
    http_exchange_reply(fixture->kept, 200, NULL, bytes_of("too late"));
    stop(fixture);
}

static void test_a_dropped_exchange_closes_the_connection_without_a_word(void **state)
{
    (void)state;
    struct fixture *fixture = start(&http_limits_default);
    assert_string_equal(ask(fixture, "GET /drop HTTP/1.1\r\nHost: a\r\n\r\n"), "");
    turn_until_connections(fixture, 0);
    stop(fixture);
}

static void test_destroying_the_server_tells_those_who_keep_exchanges(void **state)
{
    (void)state;
    struct fixture *fixture = start(&http_limits_default);
    int fd = dial(fixture);
    int silent = dial(fixture);
    say(fixture, fd, "GET /keep HTTP/1.1\r\nHost: a\r\n\r\n");
    while (fixture->kept == NULL) {
        turn(fixture);
    }
    http_server_destroy(fixture->server);
    fixture->server = NULL;
    assert_int_equal(fixture->gone, 1);
    assert_string_equal(hear(fixture, fd, NULL), "");
    close(fd);
    close(silent);
    stop(fixture);
}

// --- listening ---------------------------------------------------------------------------------------------

static void test_a_server_that_stops_listening_refuses_and_drops(void **state)
{
    (void)state;
    struct fixture *fixture = start(&http_limits_default);
    struct ip_endpoint first = fixture->at;
    listen_here(fixture);
    struct ip_endpoint second = fixture->at;
    int on_second = dial(fixture);
    fixture->at = first;
    int silent = dial(fixture);
    turn_until_connections(fixture, 2);
    http_server_unlisten(fixture->server, &first, true);
    assert_int_equal(http_server_connections(fixture->server), 1);
    assert_string_equal(hear(fixture, silent, NULL), "");
    assert_int_equal(dial(fixture), -1);
    assert_int_equal(errno, ECONNREFUSED);
    say(fixture, on_second, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    hear(fixture, on_second, "nobody");
    fixture->at = second;
    http_server_unlisten(fixture->server, &second, false);
    say(fixture, on_second, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    hear(fixture, on_second, "nobody");
    // The same address again.
    struct ip_endpoint bound;
    struct error error = {0};
    assert_true(http_server_listen(fixture->server, &first, &bound, &error));
    fixture->at = bound;
    assert_non_null(strstr(ask(fixture, "GET /hello HTTP/1.0\r\n\r\n"), "hello nobody"));
    close(silent);
    close(on_second);
    stop(fixture);
}

static void test_an_answer_given_before_the_drop_still_arrives(void **state)
{
    (void)state;
    struct fixture *fixture = start(&http_limits_default);
    assert_non_null(strstr(ask(fixture, "GET /leave HTTP/1.1\r\nHost: a\r\n\r\n"), "\r\n\r\nbye"));
    assert_int_equal(http_server_connections(fixture->server), 0);
    stop(fixture);
}

static void test_an_address_in_use_is_an_error_that_names_it(void **state)
{
    (void)state;
    struct fixture *fixture = start(&http_limits_default);
    struct ip_endpoint bound = {0};
    struct error error = {0};
    char text[IP_ENDPOINT_TEXT];
    ip_endpoint_format(&fixture->at, text);
    assert_false(http_server_listen(fixture->server, &fixture->at, &bound, &error));
    assert_non_null(strstr(error.text, text));
    assert_non_null(strstr(error.text, "in use"));
    stop(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests_are_answered_by_route_or_refused_with_the_reason),
        cmocka_unit_test(test_an_answer_to_head_has_no_body),
        cmocka_unit_test(test_a_connection_serves_one_request_after_the_other),
        cmocka_unit_test(test_pipelined_requests_are_answered_in_order),
        cmocka_unit_test(test_a_client_that_closes_its_half_still_gets_the_answer),
        cmocka_unit_test(test_peer_and_listener_are_known),
        cmocka_unit_test(test_headers_cannot_be_injected_into_an_answer),
        cmocka_unit_test(test_an_exchange_may_be_answered_later),
        cmocka_unit_test(test_a_kept_exchange_learns_that_its_client_left),
        cmocka_unit_test(test_an_answer_to_a_client_that_left_unnoticed_is_dropped),
        cmocka_unit_test(test_a_dropped_exchange_closes_the_connection_without_a_word),
        cmocka_unit_test(test_destroying_the_server_tells_those_who_keep_exchanges),
        cmocka_unit_test(test_a_server_that_stops_listening_refuses_and_drops),
        cmocka_unit_test(test_an_answer_given_before_the_drop_still_arrives),
        cmocka_unit_test(test_an_address_in_use_is_an_error_that_names_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
