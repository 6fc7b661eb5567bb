// SPDX-License-Identifier: MIT
//
//   table.connections [ ][ ][ ]...   index = slot; free ones are chained through next
//   oldest <-> ... <-> newest        open ones, by their last finished query: deadlines in this order
//   in       one slot each: at most one partial query and what is pipelined behind it
//   pending  one slot each: the rest of the replies that the client did not take yet
//
#include "tcp.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xalloc.h"

enum {
    PREFIX = 2, // RFC 1035 section 4.2.2
    IN_ROOM = 2 * (PREFIX + DNS_QUERY_MAX),
    FLUSH_AT = 16384, // bytes of replies that are sent before the next query is answered
    OUT_ROOM = FLUSH_AT + PREFIX + ANSWER_MAX,
    ACCEPTS = 64,      // connections accepted before others have their turn
    DRAIN_READS = 1024 // at the end: more than a receive buffer holds
};
#define NOBODY UINT32_MAX

struct connection {
    int fd; // -1: free
    uint32_t previous;
    uint32_t next;
    uint32_t listener;
    struct ip_address source;
    mono_time active; // accepted, or the last time that a query came in whole or all replies were taken
    size_t in_len;
    size_t skip; // bytes of an oversized query that are still to come
    size_t pending_at;
    size_t pending_len; // above 0: nothing is read
};

struct tcp_table {
    struct answerer *answerer;
    int epoll;
    uint64_t tag;
    duration idle;
    bool draining;
    uint32_t room; // connections
    uint32_t oldest;
    uint32_t newest;
    uint32_t free;
    struct connection *connections;
    uint8_t (*in)[IN_ROOM];
    uint8_t (*pending)[OUT_ROOM];
    uint8_t out[OUT_ROOM]; // replies of the connection that is being served
};

struct tcp_table *tcp_table_create(const struct dns_server_options *options, struct answerer *answerer,
                                   int epoll, uint64_t tag)
{
    uint32_t count = options->tcp_connections;
    assert(count > 0 && count < NOBODY);
    struct tcp_table *table = xcalloc(1, sizeof *table);
    *table = (struct tcp_table){
        .answerer = answerer,
        .epoll = epoll,
        .tag = tag,
        .idle = DURATION_MS(options->tcp_idle_ms),
        .room = count,
        .oldest = NOBODY,
        .newest = NOBODY,
        .free = 0,
        .connections = xcalloc(count, sizeof *table->connections),
        .in = xcalloc(count, sizeof *table->in),
        .pending = xcalloc(count, sizeof *table->pending),
    };
    for (uint32_t i = 0; i < count; i++) {
        table->connections[i].fd = -1;
        table->connections[i].next = i + 1 < count ? i + 1 : NOBODY;
    }
    return table;
}

static void take_out(struct tcp_table *table, uint32_t index)
{
    struct connection *connection = &table->connections[index];
    uint32_t *before =
        connection->previous == NOBODY ? &table->oldest : &table->connections[connection->previous].next;
    uint32_t *after =
        connection->next == NOBODY ? &table->newest : &table->connections[connection->next].previous;
    *before = connection->next;
    *after = connection->previous;
}

static void put_last(struct tcp_table *table, uint32_t index, mono_time now)
{
    struct connection *connection = &table->connections[index];
    connection->active = now;
    connection->previous = table->newest;
    connection->next = NOBODY;
    if (table->newest == NOBODY) {
        table->oldest = index;
    } else {
        table->connections[table->newest].next = index;
    }
    table->newest = index;
}

static void touch(struct tcp_table *table, uint32_t index, mono_time now)
{
    if (table->newest == index) {
        table->connections[index].active = now;
        return;
    }
    take_out(table, index);
    put_last(table, index, now);
}

static void close_connection(struct tcp_table *table, uint32_t index)
{
    struct connection *connection = &table->connections[index];
    if (connection->pending_len > 0) {
        // A client that takes nothing must not keep the kernel's buffers either: reset, not an orderly end.
        struct linger reset = {1, 0};
        setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    close(connection->fd); // leaves the epoll set with it
    take_out(table, index);
    connection->fd = -1;
    connection->next = table->free;
    table->free = index;
}

void tcp_table_destroy(struct tcp_table *table)
{
    if (table == NULL) {
        return;
    }
    while (table->oldest != NOBODY) {
        close_connection(table, table->oldest);
    }
    free(table->connections);
    free(table->in);
    free(table->pending);
    free(table);
}

static bool watch(struct tcp_table *table, uint32_t index, int operation, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.u64 = table->tag + index};
    return epoll_ctl(table->epoll, operation, table->connections[index].fd, &event) == 0;
}

enum progress {
    GOES_ON,
    PENDING, // the client has to take replies first
    CLOSED,
};

static enum progress write_out(int fd, const uint8_t *data, size_t *at, size_t len)
{
    while (*at < len) {
        ssize_t sent = send(fd, data + *at, len - *at, MSG_NOSIGNAL);
        if (sent >= 0) {
            *at += (size_t)sent;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return PENDING;
        } else if (errno != EINTR) {
            return CLOSED;
        }
    }
    return GOES_ON;
}

// Sends the replies in table->out; what the client does not take becomes pending.
static enum progress send_replies(struct tcp_table *table, uint32_t index, size_t len)
{
    struct connection *connection = &table->connections[index];
    size_t at = 0;
    enum progress progress = write_out(connection->fd, table->out, &at, len);
    if (progress == PENDING) {
        memcpy(table->pending[index], table->out + at, len - at);
        connection->pending_at = 0;
        connection->pending_len = len - at;
        if (!watch(table, index, EPOLL_CTL_MOD, EPOLLOUT)) {
            progress = CLOSED;
        }
    }
    return progress;
}

static enum progress send_pending(struct tcp_table *table, uint32_t index, mono_time now)
{
    struct connection *connection = &table->connections[index];
    enum progress progress =
        write_out(connection->fd, table->pending[index], &connection->pending_at, connection->pending_len);
    if (progress == GOES_ON) {
        connection->pending_len = 0;
        touch(table, index, now);
        if (!watch(table, index, EPOLL_CTL_MOD, EPOLLIN)) {
            progress = CLOSED;
        }
    }
    return progress;
}

// The next query in the buffer at *at. Of one above DNS_QUERY_MAX only the start is waited for.
static bool next_query(struct connection *connection, const uint8_t *in, size_t *at, struct bytes *query)
{
    size_t left = connection->in_len - *at;
    size_t skipped = left < connection->skip ? left : connection->skip;
    connection->skip -= skipped;
    *at += skipped;
    left -= skipped;
    if (left < PREFIX) {
        return false;
    }
    size_t len = (size_t)in[*at] << 8 | in[*at + 1];
    size_t wanted = len < DNS_QUERY_MAX ? len : DNS_QUERY_MAX;
    if (left - PREFIX < wanted) {
        return false;
    }
    *query = (struct bytes){in + *at + PREFIX, wanted};
    connection->skip = len - wanted;
    *at += PREFIX + wanted;
    return true;
}

static size_t append_reply(struct tcp_table *table, const struct connection *connection, struct bytes query,
                           size_t used)
{
    uint8_t *out = table->out + used;
    size_t len = answerer_reply(table->answerer, connection->listener, &connection->source, true, query.data,
                                query.len, out + PREFIX, ANSWER_MAX);
    if (len == 0) {
        return used;
    }
    out[0] = (uint8_t)(len >> 8);
    out[1] = (uint8_t)len;
    return used + PREFIX + len;
}

// Answers the whole queries in the buffer, in order, as long as the client takes the replies.
static enum progress answer_buffered(struct tcp_table *table, uint32_t index, mono_time now)
{
    struct connection *connection = &table->connections[index];
    uint8_t *in = table->in[index];
    enum progress progress = GOES_ON;
    struct bytes query;
    size_t at = 0;
    size_t used = 0;
    while (progress == GOES_ON && next_query(connection, in, &at, &query)) {
        touch(table, index, now);
        used = append_reply(table, connection, query, used);
        if (used >= FLUSH_AT) {
            progress = send_replies(table, index, used);
            used = 0;
        }
    }
    if (used > 0) {
        progress = send_replies(table, index, used);
    }
    connection->in_len -= at;
    memmove(in, in + at, connection->in_len);
    return progress;
}

// Reads once. PENDING: nothing there now.
static enum progress read_more(struct tcp_table *table, uint32_t index)
{
    struct connection *connection = &table->connections[index];
    ssize_t got =
        recv(connection->fd, table->in[index] + connection->in_len, IN_ROOM - connection->in_len, 0);
    if (got > 0) {
        connection->in_len += (size_t)got;
        return GOES_ON;
    }
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) ? PENDING : CLOSED;
}

static enum progress serve(struct tcp_table *table, uint32_t index, mono_time now)
{
    struct connection *connection = &table->connections[index];
    enum progress progress =
        connection->pending_len > 0 ? send_pending(table, index, now) : read_more(table, index);
    if (progress == GOES_ON) {
        progress = answer_buffered(table, index, now);
    }
    // One read is enough while epoll tells of more; at the end everything that was received counts.
    for (unsigned i = 0; table->draining && progress == GOES_ON && i < DRAIN_READS; i++) {
        progress = read_more(table, index);
        if (progress == GOES_ON) {
            progress = answer_buffered(table, index, now);
        }
    }
    return table->draining && connection->pending_len == 0 ? CLOSED : progress;
}

void tcp_serve(struct tcp_table *table, uint32_t connection, mono_time now)
{
    if (table->connections[connection].fd < 0) {
        return; // closed since epoll saw it
    }
    answerer_begin(table->answerer);
    if (serve(table, connection, now) == CLOSED) {
        close_connection(table, connection);
    }
    publish_reader_quiescent();
}

// Closes the connection idle longest, not without answering what it may have sent by now.
static void make_room(struct tcp_table *table, mono_time now)
{
    uint32_t index = table->oldest;
    tcp_serve(table, index, now);
    if (table->connections[index].fd >= 0) {
        close_connection(table, index);
    }
}

static void open_connection(struct tcp_table *table, int fd, const struct sockaddr *from, size_t listener,
                            mono_time now)
{
    struct ip_endpoint client;
    if (!ip_endpoint_from_sockaddr(from, &client)) {
        close(fd);
        return;
    }
    if (table->free == NOBODY) {
        make_room(table, now);
    }
    uint32_t index = table->free;
    struct connection *connection = &table->connections[index];
    table->free = connection->next;
    *connection = (struct connection){.fd = fd, .listener = (uint32_t)listener, .source = client.address};
    put_last(table, index, now);
    if (!watch(table, index, EPOLL_CTL_ADD, EPOLLIN)) {
        close_connection(table, index);
    } else if (table->draining) { // there is no next turn
        tcp_serve(table, index, now);
    }
}

static bool out_of_descriptors(int number)
{
    return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

enum tcp_accepted tcp_accept(struct tcp_table *table, int listening, size_t listener, mono_time now)
{
    bool made_room = false;
    for (unsigned i = 0; i < ACCEPTS; i++) {
        struct sockaddr_storage from;
        socklen_t len = sizeof from;
        int fd = accept4(listening, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            open_connection(table, fd, (struct sockaddr *)&from, listener, now);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return TCP_ACCEPTED_ALL;
        } else if (out_of_descriptors(errno)) {
            if (made_room || table->oldest == NOBODY) {
                return TCP_OUT_OF_DESCRIPTORS;
            }
            make_room(table, now);
            made_room = true;
        } // else: this client is gone again (accept(2)); the next one
    }
    return TCP_ACCEPTED_SOME;
}

mono_time tcp_next_expiry(const struct tcp_table *table)
{
    return table->oldest == NOBODY ? MONO_NEVER
                                   : mono_add(table->connections[table->oldest].active, table->idle);
}

void tcp_expire(struct tcp_table *table, mono_time now)
{
    while (table->oldest != NOBODY && !mono_before(now, tcp_next_expiry(table))) {
        close_connection(table, table->oldest);
    }
}

void tcp_drain(struct tcp_table *table, mono_time now)
{
    table->draining = true;
    for (uint32_t i = 0; i < table->room; i++) {
        tcp_serve(table, i, now);
    }
}

bool tcp_is_empty(const struct tcp_table *table)
{
    return table->oldest == NOBODY;
}
