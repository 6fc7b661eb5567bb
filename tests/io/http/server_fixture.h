// SPDX-License-Identifier: MIT
// A server to try, for the tests of the HTTP server. One thread: raw client sockets on one side, the loop
// turned by hand on the other.
#ifndef NEARWELL_TESTS_IO_HTTP_SERVER_FIXTURE_H
#define NEARWELL_TESTS_IO_HTTP_SERVER_FIXTURE_H

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

static inline void hello(struct http_exchange *exchange, void *context)
{
    struct fixture *fixture = context;
    fixture->served++;
    const char *name = http_exchange_query(exchange, "name");
    char *text = xasprintf("hello %s", name != NULL ? name : "nobody");
    http_exchange_reply(exchange, 200, "text/plain", bytes_of(text));
    free(text);
}

static inline void echo(struct http_exchange *exchange, void *context)
{
    (void)context;
    http_exchange_set_header(exchange, "X-Tail", http_exchange_tail(exchange));
    http_exchange_reply(exchange, 201, "application/octet-stream", http_exchange_body(exchange));
}

static inline void on_gone(struct http_exchange *exchange, void *context)
{
    struct fixture *fixture = context;
    assert_ptr_equal(exchange, fixture->kept);
    fixture->kept = NULL;
    fixture->gone++;
}

static inline void keep(struct http_exchange *exchange, void *context)
{
    struct fixture *fixture = context;
    fixture->kept = exchange;
    if (http_exchange_query(exchange, "unwatched") == NULL) {
        http_exchange_on_gone(exchange, on_gone, fixture);
    }
}

static inline void drop(struct http_exchange *exchange, void *context)
{
    (void)context;
    http_exchange_drop(exchange);
}

static inline void leave(struct http_exchange *exchange, void *context)
{
    struct fixture *fixture = context;
    struct ip_endpoint local = http_exchange_local(exchange);
    http_exchange_reply(exchange, 200, NULL, bytes_of("bye"));
    http_server_unlisten(fixture->server, &local, true);
}

static inline void where(struct http_exchange *exchange, void *context)
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

static inline void listen_here(struct fixture *fixture)
{
    struct ip_endpoint any;
    struct error error = {0};
    assert_true(ip_endpoint_parse(bytes_of("127.0.0.1:0"), &any, &error));
    if (!http_server_listen(fixture->server, &any, &fixture->at, &error)) {
        fail_msg("%s", error.text);
    }
}

static inline struct fixture *start(const struct http_limits *limits)
{
    struct fixture *fixture = xcalloc(1, sizeof *fixture);
    fixture->loop = loop_create();
    fixture->server = http_server_create(fixture->loop, routes, fixture, limits);
    listen_here(fixture);
    return fixture;
}

static inline void stop(struct fixture *fixture)
{
    http_server_destroy(fixture->server);
    loop_destroy(fixture->loop);
    free(fixture);
}

static inline void turn(struct fixture *fixture)
{
    event_base_loop(loop_base(fixture->loop), EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

static inline int dial(const struct fixture *fixture)
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
static inline char *hear(struct fixture *fixture, int fd, const char *end)
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

static inline void say(struct fixture *fixture, int fd, const char *text)
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

static inline char *ask(struct fixture *fixture, const char *request)
{
    int fd = dial(fixture);
    assert_true(fd >= 0);
    say(fixture, fd, request);
    char *answer = hear(fixture, fd, NULL);
    close(fd);
    return answer;
}

static inline void turn_until(struct fixture *fixture, const unsigned *value, unsigned wanted)
{
    mono_time deadline = mono_add(clock_mono(), DURATION_S(20));
    while (*value != wanted) {
        assert_true(mono_before(clock_mono(), deadline));
        turn(fixture);
    }
}

static inline void turn_until_connections(struct fixture *fixture, unsigned wanted)
{
    mono_time deadline = mono_add(clock_mono(), DURATION_S(20));
    while (http_server_connections(fixture->server) != wanted) {
        assert_true(mono_before(clock_mono(), deadline));
        turn(fixture);
    }
}

static inline char *repeated(const char *before, const char *part, size_t times, const char *after)
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

#endif
