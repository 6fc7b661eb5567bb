// SPDX-License-Identifier: MIT
// An HTTP/1.1 server on the loop (libevent's evhttp) with limits. Handlers run in the loop's thread; each
// exchange is answered exactly once, at once or later.
#ifndef NEARWELL_IO_HTTP_SERVER_H
#define NEARWELL_IO_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/ip.h"
#include "io/loop/loop.h"

struct http_server;
struct http_exchange;

struct http_limits {
    size_t header_bytes;  // request line and all headers together: 431 or a closed connection beyond
    unsigned headers;     // number of header fields: 431 beyond
    size_t body_bytes;    // 413 beyond
    unsigned connections; // open at once; the one beyond is closed without an answer
    unsigned idle_s;      // a connection without progress for so long is closed, unless we owe it an answer
};

extern const struct http_limits http_limits_default; // 16 KiB, 100, 1 MiB, 256, 30 s

typedef void (*http_handler)(struct http_exchange *exchange, void *context);

// method NULL is any; a path that ends in "/" matches everything below it (and itself), others and "/" alone
// match whole.
// The first match wins. A path that matches with no fitting method gets 405 with Allow, no match 404: both
// with a JSON body {"error": "..."} that says what there is. HEAD goes where GET goes; its answer's body is
// not sent. What is no HTTP at all, or more than three times a limit, gets evhttp's own answer (400, 413,
// 501).
struct http_route {
    const char *method;
    const char *path;
    http_handler handler;
};

// routes must outlive the server; the table ends with a NULL path.
struct http_server *http_server_create(struct loop *loop, const struct http_route *routes, void *context,
                                       const struct http_limits *limits);
void http_server_destroy(struct http_server *server); // closes everything; NULL is fine

// What is refused before any route sees it (beyond a limit, or with a target that cannot be read) is answered
// by this instead, for APIs whose errors are not in JSON. It must reply, with http_exchange_fail if nothing
// else.
void http_server_on_refusal(struct http_server *server,
                            void (*refuse)(struct http_exchange *exchange, int status, const char *text,
                                           void *context));

// May be called several times. bound gets the address with the port that the kernel chose for port 0.
bool http_server_listen(struct http_server *server, const struct ip_endpoint *at, struct ip_endpoint *bound,
                        struct error *error);
// Stops listening on an address again (new connections are refused) and, with drop, closes the open ones,
// after what was already answered. Handlers may call it, but then only after their answer.
void http_server_unlisten(struct http_server *server, const struct ip_endpoint *bound, bool drop);

unsigned http_server_connections(const struct http_server *server);

// The request. Strings live until the exchange is answered.
const char *http_exchange_method(const struct http_exchange *exchange); // "GET"
const char *http_exchange_path(const struct http_exchange *exchange);   // decoded, without the query
const char *http_exchange_target(const struct http_exchange *exchange); // as it came, with the query
const char *
http_exchange_tail(const struct http_exchange *exchange); // the path below a route that ends in "/"
const char *http_exchange_query(struct http_exchange *exchange,
                                const char *name); // decoded; NULL when absent
const char *http_exchange_header(struct http_exchange *exchange, const char *name); // NULL when absent
// All headers, in their order; false behind the last.
bool http_exchange_header_at(const struct http_exchange *exchange, size_t index, const char **name,
                             const char **value);
struct bytes http_exchange_body(const struct http_exchange *exchange);
struct ip_endpoint http_exchange_peer(const struct http_exchange *exchange);
struct ip_endpoint http_exchange_local(const struct http_exchange *exchange); // the listener it came in by

// The answer. Header calls come before the reply; the reply ends the exchange, which must not be used after.
void http_exchange_set_header(struct http_exchange *exchange, const char *name, const char *value);
void http_exchange_reply(struct http_exchange *exchange, int status, const char *content_type,
                         struct bytes body);
// {"error": "text"} with Content-Type application/json.
void http_exchange_fail(struct http_exchange *exchange, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// Closes the connection without an answer.
void http_exchange_drop(struct http_exchange *exchange);

// For an exchange that is kept to be answered later: called when the client goes away first. The exchange is
// gone after the callback and must not be answered. Without a callback it stays, and its answer goes nowhere.
void http_exchange_on_gone(struct http_exchange *exchange,
                           void (*gone)(struct http_exchange *exchange, void *context), void *context);

#endif
