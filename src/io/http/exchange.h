// SPDX-License-Identifier: MIT
// One request and its answer, as exchange.c (what handlers ask and say) and routes.c (who handles it) see it.
#ifndef NEARWELL_IO_HTTP_EXCHANGE_H
#define NEARWELL_IO_HTTP_EXCHANGE_H

#include "connection.h"

struct http_parameter {
    char *name;
    char *value;
};

struct http_exchange {
    struct http_connection *connection; // NULL when the client has left
    struct evhttp_request *request;
    char *path;
    const char *tail;                  // of path
    struct http_parameter *parameters; // of the query, in its order
    size_t parameter_count;
    struct ip_endpoint peer;
    struct ip_endpoint local;
    void (*gone)(struct http_exchange *exchange, void *context);
    void *gone_context;
};

// Checks the limits, reads path and query, and calls the handler; or answers with what is wrong.
void http_exchange_route(struct http_exchange *exchange, const struct http_server *server);

#endif
