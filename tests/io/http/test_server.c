// SPDX-License-Identifier: MIT
// One thread: raw client sockets on one side, the loop turned by hand on the other.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "io/http/server.h"
#include "io/loop/clock.h"

struct fixture {
    struct loop *loop;
    struct http_server *server;
    struct ip_endpoint at;
    struct http_exchange *kept;
    unsigned gone;
    unsigned served;
};

// --- handlers ----------------------------------------------------------------------------------------------

static void hello(struct http_exchange *exchange, void *context)
{
    struct fixture *fixture = context;
    fixture->served++;
    const char *name = http_exchange_query(exchange, "name");
    char *text = xasprintf("hello %s", name != NULL ? name : "nobody");
    http_exchange_reply(exchange, 200, "text/plain", bytes_of(text));
    free(text);
}

static void echo(struct http_exchange *exchange, void *context)
{
    (void)context;
    http_exchange_set_header(exchange, "X-Tail", http_exchange_tail(exchange));
    http_exchange_reply(exchange, 201, "application/octet-stream", http_exchange_body(exchange));
}

static void on_gone(struct http_exchange *exchange, void *context)
{
    struct fixture *fixture = context;
    assert_ptr_equal(exchange, fixture->kept);
    fixture->kept = NULL;
    fixture->gone++;
}

static void keep(struct http_exchange *exchange, void *context)
{
    struct fixture *fixture = context;
    fixture->kept = exchange;
    if (http_exchange_query(exchange, "unwatched") == NULL) {
        http_exchange_on_gone(exchange, on_gone, fixture);
    }
}

static void drop(struct http_exchange *exchange, void *context)
{
    (void)context;
    http_exchange_drop(exchange);
}

static void leave(struct http_exchange *exchange, void *context)
{
    struct fixture *fixture = context;
    struct ip_endpoint local = http_exchange_local(exchange);
    http_exchange_reply(exchange, 200, NULL, bytes_of("bye"));
    http_server_unlisten(fixture->server, &local, true);
}

static void where(struct http_exchange *exchange, void *context)
{
    (void)context;
    char peer[IP_ENDPOINT_TEXT];
    char local[IP_ENDPOINT_TEXT];
    struct ip_endpoint endpoint = http_exchange_peer(exchange);
    ip_endpoint_format(&endpoint, peer);
    endpoint = http_exchange_local(exchange);
    ip_endpoint_format(&endpoint, local);
    char *text = xasprintf("%s %s", peer, local);
    http_exchange_reply(exchange, 200, "text/plain", bytes_of(text));
    free(text);
}

static const struct http_route routes[] = {
    {"GET", "/hello", hello}, {"POST", "/echo/", echo}, {"PUT", "/echo/", echo},  {NULL, "/keep", keep},
    {"GET", "/drop", drop},   {"GET", "/leave", leave}, {"GET", "/where", where}, {NULL, NULL, NULL},
};

// --- the client side ---------------------------------------------------------------------------------------

static void listen_here(struct fixture *fixture)
{
    struct ip_endpoint any;
    struct error error = {0};
    assert_true(ip_endpoint_parse(bytes_of("127.0.0.1:0"), &any, &error));
    if (!http_server_listen(fixture->server, &any, &fixture->at, &error)) {
        fail_msg("%s", error.text);
    }
}

static struct fixture *start(const struct http_limits *limits)
{
    struct fixture *fixture = xcalloc(1, sizeof *fixture);
    fixture->loop = loop_create();
    fixture->server = http_server_create(fixture->loop, routes, fixture, limits);
    listen_here(fixture);
    return fixture;
}

static void stop(struct fixture *fixture)
{
    http_server_destroy(fixture->server);
    loop_destroy(fixture->loop);
    free(fixture);
}

static void turn(struct fixture *fixture)
{
    event_base_loop(loop_base(fixture->loop), EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

static int dial(const struct fixture *fixture)
{
    struct sockaddr_storage address;
    socklen_t len = ip_endpoint_to_sockaddr(&fixture->at, &address);
    int fd = socket(address.ss_family, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    if (connect(fd, (struct sockaddr *)&address, len) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

// What the server says until `end` has been seen, or it hangs up (end NULL: until it hangs up).
static char *hear(struct fixture *fixture, int fd, const char *end)
{
    static char heard[1 << 16];
    size_t len = 0;
    heard[0] = '\0';
    mono_time deadline = mono_add(clock_mono(), DURATION_S(20));
    while (end == NULL || strstr(heard, end) == NULL) {
        if (!mono_before(clock_mono(), deadline)) {
            fail_msg("no answer, only: %s", heard);
        }
        turn(fixture);
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (poll(&ready, 1, 1) <= 0) {
            continue;
        }
        ssize_t got = recv(fd, heard + len, sizeof heard - 1 - len, MSG_DONTWAIT);
        if (got <= 0) {
            break;
        }
        len += (size_t)got;
        heard[len] = '\0';
    }
    return heard;
}

static void say(struct fixture *fixture, int fd, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t sent = send(fd, text, left, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) {
            text += sent;
            left -= (size_t)sent;
        } else if (errno != EAGAIN) {
            return; // the server has had enough
        }
        turn(fixture);
    }
}

static char *ask(struct fixture *fixture, const char *request)
{
    int fd = dial(fixture);
    assert_true(fd >= 0);
    say(fixture, fd, request);
    char *answer = hear(fixture, fd, NULL);
    close(fd);
    return answer;
}

static void turn_until(struct fixture *fixture, const unsigned *value, unsigned wanted)
{
    mono_time deadline = mono_add(clock_mono(), DURATION_S(20));
    while (*value != wanted) {
        assert_true(mono_before(clock_mono(), deadline));
        turn(fixture);
    }
}

static void turn_until_connections(struct fixture *fixture, unsigned wanted)
{
    mono_time deadline = mono_add(clock_mono(), DURATION_S(20));
    while (http_server_connections(fixture->server) != wanted) {
        assert_true(mono_before(clock_mono(), deadline));
        turn(fixture);
    }
}

static char *repeated(const char *before, const char *part, size_t times, const char *after)
{
    size_t part_len = strlen(part);
    char *text = xmalloc(strlen(before) + part_len * times + strlen(after) + 1);
    char *end = stpcpy(text, before);
    for (size_t i = 0; i < times; i++) {
        end = stpcpy(end, part);
    }
    stpcpy(end, after);
    return text;
}

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

// --- limits ------------------------------------------------------------------------------------------------

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
        {"POST /echo/ HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n", "1388\r\n", 1, "",
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
        cmocka_unit_test(test_too_large_requests_are_refused),
        cmocka_unit_test(test_connections_beyond_the_limit_are_closed_and_the_count_is_exact),
        cmocka_unit_test(test_many_connections_at_once_never_pass_the_limit),
        cmocka_unit_test(test_connections_without_progress_are_closed_but_not_while_their_answer_is_awaited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
