// SPDX-License-Identifier: MIT
// What server.c (listeners and connections) and exchange.c (requests and answers) share.
//
//   server ── listeners
//     └────── connections ── at most one exchange that was not answered yet
#ifndef NEARWELL_IO_HTTP_CONNECTION_H
#define NEARWELL_IO_HTTP_CONNECTION_H

#include <event2/bufferevent.h>
#include <event2/http.h>
#include <sys/queue.h>

#include "io/http/server.h"

struct http_connection {
    TAILQ_ENTRY(http_connection) entry;
    struct http_server *server;
    struct bufferevent *bev;
    struct evhttp_connection *evcon; // NULL until adopted
    struct ip_endpoint peer;
    struct ip_endpoint local; // the listener's
    struct http_exchange *exchange;
};

TAILQ_HEAD(http_connection_list, http_connection);

struct http_server {
    struct evhttp *evhttp;
    const struct http_route *routes;
    void *context;
    void (*refuse)(struct http_exchange *exchange, int status, const char *text, void *context); // or NULL
    struct http_limits limits;
    LIST_HEAD(, http_listener) listeners;
    struct event *adopt;
    struct http_connection_list arrived; // accepted in this round of the loop, not adopted
    struct http_connection_list connections;
    unsigned count; // of both lists
};

// At once; the connection and an exchange that nobody kept are gone afterwards.
void http_connection_close(struct http_connection *connection);

// evhttp has read a whole request.
void http_exchange_begin(struct http_connection *connection, struct evhttp_request *request);
// The connection closes before the exchange was answered.
void http_exchange_lose(struct http_exchange *exchange);

#endif
