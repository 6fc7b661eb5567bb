// SPDX-License-Identifier: MIT
#include "io/route53/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/xalloc.h"
#include "core/route53/request.h"
#include "core/route53/response.h"
#include "core/route53/sigv4.h"

enum { ANSWER_MOST = 64 << 20, UUID_TEXT = 37, HEADERS_MOST = 128 };

struct route53_server {
    struct route53_server_options options;
    struct random ids;
};

struct route53_exchange {
    struct http_exchange *http;
    enum route53_operation operation;
    json_t *input;
    char *principal;
    char id[UUID_TEXT];
};

struct route53_server *route53_server_create(const struct route53_server_options *options)
{
    struct route53_server *server = xcalloc(1, sizeof *server);
    server->options = *options;
    random_seed(&server->ids, options->seed);
    return server;
}

void route53_server_destroy(struct route53_server *server)
{
    free(server);
}

// RFC 9562 section 5.4
static void make_uuid(struct random *random, char out[UUID_TEXT])
{
    uint64_t high = random_next(random);
    uint64_t low = random_next(random);
    snprintf(out, UUID_TEXT, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(high >> 32),
             (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xfff),
             (unsigned)(0x8000 | (low >> 48 & 0x3fff)), (unsigned long long)(low & 0xffffffffffff));
}

// --- answers -----------------------------------------------------------------------------------------------

static void reply(struct http_exchange *http, const char *id, int status, const struct buffer *document)
{
    http_exchange_set_header(http, "x-amzn-RequestId", id);
    http_exchange_reply(http, status, "text/xml",
                        (struct bytes){(const uint8_t *)buffer_string(document), document->len});
}

static void reply_fault(struct http_exchange *http, const char *id, const struct route53_fault *fault)
{
    struct buffer document;
    buffer_init(&document, ANSWER_MOST);
    route53_fault_write(fault, id, &document);
    reply(http, id, fault->status, &document);
    buffer_free(&document);
}

static void exchange_free(struct route53_exchange *exchange)
{
    json_decref(exchange->input);
    free(exchange->principal);
    free(exchange);
}

void route53_exchange_fail(struct route53_exchange *exchange, const struct route53_fault *fault)
{
    reply_fault(exchange->http, exchange->id, fault);
    exchange_free(exchange);
}

void route53_exchange_succeed(struct route53_exchange *exchange, const json_t *output)
{
    struct buffer document;
    buffer_init(&document, ANSWER_MOST);
    route53_response_write(exchange->operation, output, &document);
    if (document.overflow) {
        struct route53_fault fault = {0};
        route53_fault_set(&fault, "InternalFailure",
                          "The answer is longer than %d bytes; ask for fewer items", ANSWER_MOST);
        buffer_free(&document);
        route53_exchange_fail(exchange, &fault);
        route53_fault_clear(&fault);
        return;
    }
    char *location = route53_response_location(exchange->operation, exchange->input, output);
    if (location != NULL) {
        http_exchange_set_header(exchange->http, "Location", location);
    }
    reply(exchange->http, exchange->id, route53_operation_status(exchange->operation), &document);
    free(location);
    buffer_free(&document);
    exchange_free(exchange);
}

void route53_exchange_drop(struct route53_exchange *exchange)
{
    http_exchange_drop(exchange->http);
    exchange_free(exchange);
}

enum route53_operation route53_exchange_operation(const struct route53_exchange *exchange)
{
    return exchange->operation;
}

json_t *route53_exchange_input(const struct route53_exchange *exchange)
{
    return exchange->input;
}

const char *route53_exchange_principal(const struct route53_exchange *exchange)
{
    return exchange->principal;
}

const char *route53_exchange_id(const struct route53_exchange *exchange)
{
    return exchange->id;
}

// --- requests ----------------------------------------------------------------------------------------------

static size_t list_headers(const struct http_exchange *http, struct sigv4_header out[HEADERS_MOST])
{
    const char *name;
    const char *value;
    size_t count = 0;
    while (count < HEADERS_MOST && http_exchange_header_at(http, count, &name, &value)) {
        out[count++] = (struct sigv4_header){bytes_of(name), bytes_of(value)};
    }
    return count;
}

// The front end's order: who is it, then what do they want. One that signs badly learns nothing about paths.
static bool authenticate(const struct route53_server *server, const struct sigv4_request *signature,
                         bool known, wall_time now, struct route53_fault *fault)
{
    if (server->options.keys == NULL || sigv4_verify(signature, server->options.keys, now, fault)) {
        return true;
    }
    if (!known && strcmp(fault->code, "SignatureDoesNotMatch") == 0) {
        char *message = xstrdup(fault->message);
        route53_fault_clear(fault);
        route53_fault_set(fault, "InvalidSignatureException", "%s", message);
        free(message);
    }
    return false;
}

static void split_target(const char *target, struct sigv4_request *signature, struct route53_request *request)
{
    struct bytes rest = bytes_of(target);
    bytes_split(&rest, '?', &signature->path);
    signature->query = rest;
    route53_request_split(bytes_of(target), &request->path, &request->query);
}

static bool read_call(const struct route53_server *server, struct route53_exchange *exchange, wall_time now,
                      struct route53_fault *fault)
{
    struct sigv4_header headers[HEADERS_MOST];
    struct bytes method = bytes_of(http_exchange_method(exchange->http));
    struct bytes body = http_exchange_body(exchange->http);
    struct route53_request request = {.method = method, .body = body};
    struct sigv4_request signature = {.method = method, .headers = headers, .body = body};
    split_target(http_exchange_target(exchange->http), &signature, &request);
    signature.header_count = list_headers(exchange->http, headers);
    struct bytes id = sigv4_claimed_id(&signature);
    exchange->principal = id.len > 0 ? xstrndup((const char *)id.data, id.len) : xstrdup("anonymous");
    exchange->operation = route53_request_match(&request);
    bool known = exchange->operation != ROUTE53_OPERATIONS;
    if (!authenticate(server, &signature, known, now, fault)) {
        return false;
    }
    if (!known) {
        return route53_fault_set(fault, "UnknownOperationException", "%s", "");
    }
    return route53_request_decode(&request, exchange->operation, &exchange->input, fault);
}

void route53_server_handle(struct route53_server *server, struct http_exchange *http, wall_time now)
{
    struct route53_exchange *exchange = xcalloc(1, sizeof *exchange);
    struct route53_fault fault = {0};
    exchange->http = http;
    make_uuid(&server->ids, exchange->id);
    if (read_call(server, exchange, now, &fault)) {
        server->options.handler(exchange, server->options.context);
    } else {
        route53_exchange_fail(exchange, &fault);
        route53_fault_clear(&fault);
    }
}

bool route53_server_refuse(struct route53_server *server, struct http_exchange *http, int status,
                           const char *text)
{
    struct bytes path;
    struct bytes query;
    struct route53_fault fault = {0};
    char id[UUID_TEXT];
    if (!route53_request_split(bytes_of(http_exchange_target(http)), &path, &query)) {
        return false;
    }
    make_uuid(&server->ids, id);
    route53_fault_set(&fault, status == 413 ? "RequestEntityTooLarge" : "InvalidInput", "%s", text);
    reply_fault(http, id, &fault);
    route53_fault_clear(&fault);
    return true;
}
