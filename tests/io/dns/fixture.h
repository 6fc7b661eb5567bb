// SPDX-License-Identifier: MIT
// A DNS server on loopback whose answers tell what answer() was given: these tests are about sockets, so
// answer() is a stand-in. A test program is one .c that includes this once.
//
//   query   u16 id, u16 least length of the reply, 8 bytes or more of anything
//   reply   struct told, then zeros up to the wanted length
#ifndef NEARWELL_TESTS_IO_DNS_FIXTURE_H
#define NEARWELL_TESTS_IO_DNS_FIXTURE_H

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "io/dns/server.h"

#define UNUSED_HERE __attribute__((unused))

enum { QUERY_LEN = 12, ALIVE = 0x600d, GONE = 0xdead, PATIENCE_S = 20 };

struct told {
    uint16_t id; // of the query, as sent
    uint16_t wanted;
    uint32_t query_len;
    uint64_t view; // number of the view; 0 if it was gone already
    uint32_t place;
    uint8_t tcp;
    struct ip_address source;
};

// --- views -------------------------------------------------------------------------------------------------

struct numbered_view {
    struct view view; // first: a view's address is its numbered view's
    struct model model;
    struct place places[2];
    uint64_t magic;
    uint64_t number;
};

size_t answer(const struct view *view, const uint8_t *query, size_t len, const struct answer_origin *origin,
              struct random *roll, struct answer_counters *counters, uint8_t *out, size_t room)
{
    const struct numbered_view *numbered = (const struct numbered_view *)(const void *)view;
    __atomic_store_n(&counters->queries, counters->queries + 1, __ATOMIC_RELAXED);
    if (len < QUERY_LEN) {
        __atomic_store_n(&counters->dropped, counters->dropped + 1, __ATOMIC_RELAXED);
        return 0;
    }
    struct told told = {.query_len = (uint32_t)len, .place = origin->place, .tcp = origin->tcp};
    memcpy(&told.id, query, 2);
    memcpy(&told.wanted, query + 2, 2);
    told.source = origin->source;
    told.view = numbered->magic == ALIVE ? numbered->number : 0;
    size_t reply_len = told.wanted > sizeof told ? told.wanted : sizeof told;
    reply_len = reply_len < room ? reply_len : room;
    random_next(roll);
    memset(out, 0, reply_len);
    memcpy(out, &told, sizeof told);
    return reply_len;
}

static void release_view(const struct view *view, void *context)
{
    struct numbered_view *numbered = (struct numbered_view *)(uintptr_t)view;
    (void)context;
    numbered->magic = GONE;
    free(numbered);
}

// --- the server --------------------------------------------------------------------------------------------

struct fixture {
    struct publisher *publisher;
    struct dns_server *server;
    struct dns_server_options options;
    struct dns_listener listeners[4];
    struct ip_endpoint bound[4];
    uint64_t published;
};

// The places "one" and "two" are numbers 0 and 1, or the other way round.
UNUSED_HERE static void publish_places(struct fixture *fixture, const char *first, const char *second)
{
    struct numbered_view *numbered = xcalloc(1, sizeof *numbered);
    numbered->view.model = &numbered->model;
    numbered->model.places = numbered->places;
    numbered->model.place_count = 2;
    numbered->places[0].name = first;
    numbered->places[1].name = second;
    numbered->magic = ALIVE;
    numbered->number = ++fixture->published;
    publisher_publish(fixture->publisher, &numbered->view);
}

UNUSED_HERE static void publish_next(struct fixture *fixture)
{
    publish_places(fixture, "one", "two");
}

static void listen_at(struct fixture *fixture, const char *at, const char *place)
{
    struct dns_listener *listener = &fixture->listeners[fixture->options.listener_count++];
    assert_true(ip_endpoint_parse(bytes_of(at), &listener->at, NULL));
    memcpy(listener->place, place, strlen(place) + 1);
}

// A view is published; listeners and a server are still to come.
static void fixture_init(struct fixture *fixture)
{
    *fixture = (struct fixture){
        .options = {.workers = 1, .seed = 1, .tcp_connections = 16, .tcp_idle_ms = 60000},
    };
    fixture->options.listeners = fixture->listeners;
    fixture->publisher = publisher_create(release_view, NULL);
    publish_next(fixture);
}

static void fixture_create(struct fixture *fixture)
{
    struct error error = {0};
    fixture->server = dns_server_create(&fixture->options, fixture->publisher, fixture->bound, &error);
    if (fixture->server == NULL) {
        fail_msg("%s", error.text);
    }
}

// One listener and a running server.
UNUSED_HERE static void fixture_start(struct fixture *fixture, const char *at)
{
    listen_at(fixture, at, "");
    fixture_create(fixture);
    dns_server_start(fixture->server);
}

UNUSED_HERE static void fixture_end(struct fixture *fixture)
{
    dns_server_destroy(fixture->server);
    publisher_destroy(fixture->publisher);
}

UNUSED_HERE static struct answer_counters counters_of(const struct fixture *fixture)
{
    struct answer_counters counters;
    dns_server_counters(fixture->server, &counters);
    return counters;
}

UNUSED_HERE static bool have_ipv6(void)
{
    struct ip_endpoint loopback;
    struct sockaddr_storage address;
    assert_true(ip_endpoint_parse(bytes_of("[::1]:0"), &loopback, NULL));
    socklen_t len = ip_endpoint_to_sockaddr(&loopback, &address);
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    bool have = fd >= 0 && bind(fd, (struct sockaddr *)&address, len) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return have;
}

// --- the client --------------------------------------------------------------------------------------------

// A socket that is connected to an endpoint, and gives up when nothing comes for long.
UNUSED_HERE static int ask_at(const struct ip_endpoint *at, int type)
{
    struct sockaddr_storage address;
    struct timeval patience = {PATIENCE_S, 0};
    socklen_t len = ip_endpoint_to_sockaddr(at, &address);
    int fd = socket(address.ss_family, type | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, len), 0);
    return fd;
}

UNUSED_HERE static void write_query(uint8_t out[QUERY_LEN], uint16_t id, uint16_t wanted)
{
    memset(out, 0, QUERY_LEN);
    memcpy(out, &id, 2);
    memcpy(out + 2, &wanted, 2);
}

UNUSED_HERE static void udp_send(int fd, uint16_t id, uint16_t wanted)
{
    uint8_t query[QUERY_LEN];
    write_query(query, id, wanted);
    assert_int_equal(send(fd, query, sizeof query, 0), sizeof query);
}

// The length of the reply.
UNUSED_HERE static size_t udp_receive(int fd, struct told *told)
{
    uint8_t reply[65536];
    ssize_t len = recv(fd, reply, sizeof reply, 0);
    assert_true(len >= (ssize_t)sizeof *told);
    memcpy(told, reply, sizeof *told);
    return (size_t)len;
}

UNUSED_HERE static struct told udp_ask(int fd, uint16_t id)
{
    struct told told;
    udp_send(fd, id, 0);
    udp_receive(fd, &told);
    assert_int_equal(told.id, id);
    return told;
}

UNUSED_HERE static void send_whole(int fd, const void *data, size_t len)
{
    assert_int_equal(send(fd, data, len, MSG_NOSIGNAL), (ssize_t)len);
}

// With its length before it. Returns the bytes in out.
UNUSED_HERE static size_t write_tcp_query(uint8_t *out, uint16_t id, uint16_t wanted)
{
    out[0] = 0;
    out[1] = QUERY_LEN;
    write_query(out + 2, id, wanted);
    return 2 + QUERY_LEN;
}

UNUSED_HERE static void tcp_send(int fd, uint16_t id, uint16_t wanted)
{
    uint8_t query[2 + QUERY_LEN];
    send_whole(fd, query, write_tcp_query(query, id, wanted));
}

UNUSED_HERE static size_t tcp_receive(int fd, struct told *told)
{
    uint8_t reply[2 + 65535];
    assert_int_equal(recv(fd, reply, 2, MSG_WAITALL), 2);
    size_t len = (size_t)reply[0] << 8 | reply[1];
    assert_int_equal(recv(fd, reply + 2, len, MSG_WAITALL), (ssize_t)len);
    assert_true(len >= sizeof *told);
    memcpy(told, reply + 2, sizeof *told);
    return len;
}

UNUSED_HERE static struct told tcp_ask(int fd, uint16_t id)
{
    struct told told;
    tcp_send(fd, id, 0);
    tcp_receive(fd, &told);
    assert_int_equal(told.id, id);
    return told;
}

// The server has closed the connection, or does so now.
UNUSED_HERE static void assert_closed(int fd)
{
    uint8_t byte;
    ssize_t got = recv(fd, &byte, 1, 0);
    assert_true(got == 0 || (got < 0 && errno == ECONNRESET));
}

#endif
