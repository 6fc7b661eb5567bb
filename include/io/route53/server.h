// SPDX-License-Identifier: MIT
// The Route 53 API on the HTTP server: takes an exchange below /2013-04-01/, checks its signature, reads it,
// and hands operation and input to whoever knows what they mean; then writes the answer. Decides nothing
// else. The loop's thread. Source: API reference 1.
#ifndef NEARWELL_IO_ROUTE53_SERVER_H
#define NEARWELL_IO_ROUTE53_SERVER_H

#include <jansson.h>

#include "base/time.h"
#include "core/route53/credentials.h"
#include "core/route53/fault.h"
#include "core/route53/operations.h"
#include "io/http/server.h"

struct route53_server;
struct route53_exchange; // a call that is not answered yet

// Answers the exchange once, at once or later.
typedef void (*route53_handler)(struct route53_exchange *exchange, void *context);

struct route53_server_options {
    const struct route53_keys *keys; // NULL: any signature is accepted, and none; must outlive the server
    uint64_t seed;                   // of request ids
    route53_handler handler;
    void *context;
};

struct route53_server *route53_server_create(const struct route53_server_options *options);
void route53_server_destroy(struct route53_server *server); // after the HTTP server; NULL is fine

// The handler of the route "/2013-04-01/", any method. now is the real time, which clients sign.
void route53_server_handle(struct route53_server *server, struct http_exchange *http, wall_time now);

// For http_server_on_refusal: answers in the API's way, and says so, when the target is one of the API's.
bool route53_server_refuse(struct route53_server *server, struct http_exchange *http, int status,
                           const char *text);

// What the call is.
enum route53_operation route53_exchange_operation(const struct route53_exchange *exchange);
json_t *route53_exchange_input(const struct route53_exchange *exchange); // the exchange's; may be changed
// The access key id that the request names, proven if there are keys; "anonymous" when it names none.
const char *route53_exchange_principal(const struct route53_exchange *exchange);
const char *route53_exchange_id(const struct route53_exchange *exchange); // of the request: a UUID

// The answer, after which the exchange is gone. output in the service model's shape, without Location.
void route53_exchange_succeed(struct route53_exchange *exchange, const json_t *output);
void route53_exchange_fail(struct route53_exchange *exchange, const struct route53_fault *fault);
void route53_exchange_drop(struct route53_exchange *exchange); // closes the connection without an answer

#endif
