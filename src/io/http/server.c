// SPDX-License-Identifier: MIT
// Listeners and connections. libevent 2.1 neither limits nor counts connections and tells of one only with
// its first request, but it asks for a bufferevent at every accept. That is where a connection of ours
// begins; it is adopted (gets evhttp's connection, which has a close callback) right after the accept
// callback, before the loop looks at sockets again.
#include "io/http/server.h"

#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "connection.h"

enum { EXCESS_READ = 3 }; // times a limit

const struct http_limits http_limits_default = {
    .header_bytes = 16 * 1024,
    .headers = 100,
    .body_bytes = 1024 * 1024,
    .connections = 256,
    .idle_s = 30,
};

struct http_listener {
    LIST_ENTRY(http_listener) entry;
    struct http_server *server;
    struct ip_endpoint bound;
    struct evhttp_bound_socket *socket;
};

static void *must(void *made)
{
    if (made == NULL) {
        abort(); // out of memory
    }
    return made;
}

static bool same_endpoint(const struct ip_endpoint *a, const struct ip_endpoint *b)
{
    return a->port == b->port && ip_equal(&a->address, &b->address);
}

static bool is_wildcard(const struct ip_address *address)
{
    static const uint8_t zero[16];
    return memcmp(address->bytes, zero, sizeof zero) == 0;
}

static const struct http_listener *listener_of(const struct http_server *server,
                                               const struct ip_endpoint *local)
{
    const struct http_listener *listener;
    const struct http_listener *wildcard = NULL;
    LIST_FOREACH(listener, &server->listeners, entry)
    {
        if (same_endpoint(&listener->bound, local)) {
            return listener;
        }
        if (listener->bound.port == local->port && is_wildcard(&listener->bound.address)) {
            wildcard = listener;
        }
    }
    return wildcard;
}

static struct ip_endpoint socket_name(evutil_socket_t fd,
                                      int (*ask)(int fd, struct sockaddr *address, socklen_t *len))
{
    struct ip_endpoint endpoint = {0};
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    if (ask(fd, (struct sockaddr *)&address, &len) == 0) {
        ip_endpoint_from_sockaddr((struct sockaddr *)&address, &endpoint);
    }
    return endpoint;
}

static int ask_local(int fd, struct sockaddr *address, socklen_t *len)
{
    return getsockname(fd, address, len);
}

static int ask_peer(int fd, struct sockaddr *address, socklen_t *len)
{
    return getpeername(fd, address, len);
}

// --- connections -------------------------------------------------------------------------------------------

static struct bufferevent *on_accept(struct event_base *base, void *context)
{
    struct http_server *server = context;
    struct http_connection *connection = xcalloc(1, sizeof *connection);
    connection->server = server;
    connection->bev = must(bufferevent_socket_new(base, -1, 0)); // evhttp sets the socket, and closes it
    TAILQ_INSERT_TAIL(&server->arrived, connection, entry);
    server->count++;
    event_active(server->adopt, 0, 0);
    return connection->bev;
}

static void on_close(struct evhttp_connection *evcon, void *context)
{
    (void)evcon;
    struct http_connection *connection = context;
    struct http_server *server = connection->server;
    TAILQ_REMOVE(&server->connections, connection, entry);
    server->count--;
    if (connection->exchange != NULL) {
        http_exchange_lose(connection->exchange);
    }
    free(connection);
}

// Within a callback of its own the bufferevent outlives the socket, so it must forget the socket first.
void http_connection_close(struct http_connection *connection)
{
    bufferevent_disable(connection->bev, EV_READ | EV_WRITE);
    evhttp_connection_free(connection->evcon); // calls on_close
}

static void adopt(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    void *evcon = NULL;
    bufferevent_getcb(connection->bev, NULL, NULL, NULL, &evcon); // evhttp's callbacks get its connection
    connection->evcon = evcon;
    assert(evhttp_connection_get_bufferevent(connection->evcon) == connection->bev);
    evhttp_connection_set_closecb(connection->evcon, on_close, connection);
    evutil_socket_t fd = bufferevent_getfd(connection->bev);
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection->peer = socket_name(fd, ask_peer);
    connection->local = socket_name(fd, ask_local);
    const struct http_listener *listener = listener_of(server, &connection->local);
    if (listener != NULL) {
        connection->local = listener->bound;
    }
    TAILQ_REMOVE(&server->arrived, connection, entry);
    TAILQ_INSERT_TAIL(&server->connections, connection, entry);
    // One of an address that is not listened on any more was accepted just before: it is too late, too.
    if (server->count > server->limits.connections || listener == NULL) {
        http_connection_close(connection);
    }
}

static void on_adopt(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct http_server *server = context;
    while (!TAILQ_EMPTY(&server->arrived)) {
        adopt(TAILQ_FIRST(&server->arrived));
    }
}

static void on_request(struct evhttp_request *request, void *context)
{
    struct http_server *server = context;
    const struct evhttp_connection *evcon = evhttp_request_get_connection(request);
    struct http_connection *connection;
    TAILQ_FOREACH(connection, &server->connections, entry)
    {
        if (connection->evcon == evcon) {
            http_exchange_begin(connection, request);
            return;
        }
    }
    abort(); // every connection was accepted by us
}

// An answer that was given but not written yet leaves as far as the socket takes it.
static void drop(struct http_connection *connection)
{
    struct evbuffer *output = bufferevent_get_output(connection->bev);
    evbuffer_unfreeze(output, 1);
    while (evbuffer_get_length(output) > 0 &&
           evbuffer_write(output, bufferevent_getfd(connection->bev)) > 0) {
    }
    evbuffer_freeze(output, 1);
    http_connection_close(connection);
}

// --- listeners ---------------------------------------------------------------------------------------------

static const char *cause_of(int number)
{
    return number == EADDRINUSE
               ? "address already in use; is another nearwell running? 'ss -lntp' tells which program has it"
               : strerror(number);
}

static int open_listener(const struct ip_endpoint *at, struct error *error)
{
    struct sockaddr_storage address;
    socklen_t len = ip_endpoint_to_sockaddr(at, &address);
    char text[IP_ENDPOINT_TEXT];
    ip_endpoint_format(at, text);
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        (address.ss_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0) ||
        bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, SOMAXCONN) != 0) {
        error_set(error, "cannot listen on %s: %s", text, cause_of(errno));
        if (fd >= 0) {
            close(fd);
        }
        return -1;
    }
    return fd;
}

static void close_listener(struct http_listener *listener)
{
    LIST_REMOVE(listener, entry);
    evhttp_del_accept_socket(listener->server->evhttp, listener->socket); // closes the socket
    free(listener);
}

bool http_server_listen(struct http_server *server, const struct ip_endpoint *at, struct ip_endpoint *bound,
                        struct error *error)
{
    int fd = open_listener(at, error);
    if (fd < 0) {
        return false;
    }
    struct http_listener *listener = xcalloc(1, sizeof *listener);
    listener->server = server;
    listener->bound = socket_name(fd, ask_local);
    listener->socket = must(evhttp_accept_socket_with_handle(server->evhttp, fd));
    LIST_INSERT_HEAD(&server->listeners, listener, entry);
    *bound = listener->bound;
    return true;
}

void http_server_unlisten(struct http_server *server, const struct ip_endpoint *bound, bool drop_open)
{
    const struct ip_endpoint at = *bound; // bound may point into what is freed
    struct http_listener *listener;
    struct http_listener *next_listener;
    for (listener = LIST_FIRST(&server->listeners); listener != NULL; listener = next_listener) {
        next_listener = LIST_NEXT(listener, entry);
        if (same_endpoint(&listener->bound, &at)) {
            close_listener(listener);
        }
    }
    struct http_connection *connection = TAILQ_FIRST(&server->connections);
    while (drop_open && connection != NULL) {
        // A gone callback that runs in between may drop others too, so start again after each.
        bool match = same_endpoint(&connection->local, &at);
        struct http_connection *next = TAILQ_NEXT(connection, entry);
        if (match) {
            drop(connection);
            next = TAILQ_FIRST(&server->connections);
        }
        connection = next;
    }
}

unsigned http_server_connections(const struct http_server *server)
{
    return server->count;
}

// --- lifetime ----------------------------------------------------------------------------------------------

struct http_server *http_server_create(struct loop *loop, const struct http_route *routes, void *context,
                                       const struct http_limits *limits)
{
    struct http_server *server = xcalloc(1, sizeof *server);
    server->routes = routes;
    server->context = context;
    server->limits = *limits;
    TAILQ_INIT(&server->arrived);
    TAILQ_INIT(&server->connections);
    server->adopt = must(event_new(loop_base(loop), -1, 0, on_adopt, server));
    server->evhttp = must(evhttp_new(loop_base(loop)));
    // evhttp answers what passes its own limits in HTML or not at all. With several times ours, what is too
    // large by mistake is read and refused by http_exchange_begin, with the reason, and memory stays bounded.
    evhttp_set_max_headers_size(server->evhttp, (ev_ssize_t)(EXCESS_READ * limits->header_bytes));
    evhttp_set_max_body_size(server->evhttp, (ev_ssize_t)(EXCESS_READ * limits->body_bytes));
    evhttp_set_flags(server->evhttp, EVHTTP_SERVER_LINGERING_CLOSE);
    evhttp_set_timeout(server->evhttp, (int)limits->idle_s);
    evhttp_set_default_content_type(server->evhttp, NULL);
    // CONNECT stays evhttp's to refuse: it has no path.
    evhttp_set_allowed_methods(server->evhttp, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD |
                                                   EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS |
                                                   EVHTTP_REQ_TRACE | EVHTTP_REQ_PATCH);
    evhttp_set_bevcb(server->evhttp, on_accept, server);
    evhttp_set_gencb(server->evhttp, on_request, server);
    return server;
}

void http_server_on_refusal(struct http_server *server,
                            void (*refuse)(struct http_exchange *exchange, int status, const char *text,
                                           void *context))
{
    server->refuse = refuse;
}

void http_server_destroy(struct http_server *server)
{
    if (server == NULL) {
        return;
    }
    on_adopt(-1, 0, server);
    while (!LIST_EMPTY(&server->listeners)) {
        close_listener(LIST_FIRST(&server->listeners));
    }
    while (!TAILQ_EMPTY(&server->connections)) {
        drop(TAILQ_FIRST(&server->connections));
    }
    evhttp_free(server->evhttp);
    event_free(server->adopt);
    free(server);
}
