// SPDX-License-Identifier: MIT
// Requests and their answers: what handlers ask and say. evhttp owns the request, until the
// client leaves while nobody listens for that: then the exchange takes it over.
#include <assert.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/keyvalq_struct.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "exchange.h"

// Bytes of a pipelined next request that are read ahead while this one waits for its answer.
enum { READ_AHEAD = 4096 };

static const struct {
    enum evhttp_cmd_type type;
    const char *name;
} methods[] = {
    {EVHTTP_REQ_GET, "GET"},     {EVHTTP_REQ_POST, "POST"},     {EVHTTP_REQ_HEAD, "HEAD"},
    {EVHTTP_REQ_PUT, "PUT"},     {EVHTTP_REQ_DELETE, "DELETE"}, {EVHTTP_REQ_OPTIONS, "OPTIONS"},
    {EVHTTP_REQ_TRACE, "TRACE"}, {EVHTTP_REQ_PATCH, "PATCH"},
};

// evhttp's own table ends at 417 and 505.
static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {412, "Precondition Failed"},  {422, "Unprocessable Content"},
    {429, "Too Many Requests"},    {431, "Request Header Fields Too Large"},
    {507, "Insufficient Storage"},
};

static const char *reason_of(int status)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return NULL; // evhttp's
}

// --- lifetime ----------------------------------------------------------------------------------------------

static void exchange_free(struct http_exchange *exchange)
{
    for (size_t i = 0; i < exchange->parameter_count; i++) {
        free(exchange->parameters[i].name);
        free(exchange->parameters[i].value);
    }
    free(exchange->parameters);
    free(exchange->path);
    free(exchange);
}

// While the answer is awaited, evhttp neither reads nor notices that the client leaves. So read on: without
// its read callback, which would end the process in this state, no further than READ_AHEAD, and without a
// time limit, since it is not the client that is slow.
static void watch_client(struct bufferevent *bev)
{
    bufferevent_data_cb on_written;
    bufferevent_event_cb on_event;
    void *context;
    bufferevent_getcb(bev, NULL, &on_written, &on_event, &context);
    bufferevent_setcb(bev, NULL, on_written, on_event, context);
    bufferevent_setwatermark(bev, EV_READ, 0, READ_AHEAD);
    bufferevent_set_timeouts(bev, NULL, NULL);
    bufferevent_enable(bev, EV_READ);
}

static void unwatch_client(struct bufferevent *bev, unsigned idle_s)
{
    const struct timeval idle = {.tv_sec = idle_s};
    bufferevent_setwatermark(bev, EV_READ, 0, 0);
    bufferevent_set_timeouts(bev, &idle, &idle);
}

void http_exchange_begin(struct http_connection *connection, struct evhttp_request *request)
{
    assert(connection->exchange == NULL);
    struct http_exchange *exchange = xcalloc(1, sizeof *exchange);
    exchange->connection = connection;
    exchange->request = request;
    exchange->peer = connection->peer;
    exchange->local = connection->local;
    exchange->path = xstrdup("");
    exchange->tail = "";
    connection->exchange = exchange;
    watch_client(connection->bev);
    http_exchange_route(exchange, connection->server);
}

void http_exchange_lose(struct http_exchange *exchange)
{
    exchange->connection = NULL;
    // On an error evhttp has let go of the request; otherwise it is about to free it.
    bool released = evhttp_request_get_connection(exchange->request) == NULL;
    if (exchange->gone == NULL) {
        evhttp_request_own(exchange->request); // the owner will still answer, and must find it
        return;
    }
    exchange->gone(exchange, exchange->gone_context);
    if (released) {
        evhttp_request_free(exchange->request);
    }
    exchange_free(exchange);
}

void http_exchange_on_gone(struct http_exchange *exchange,
                           void (*gone)(struct http_exchange *exchange, void *context), void *context)
{
    exchange->gone = gone;
    exchange->gone_context = context;
}

// --- the request -------------------------------------------------------------------------------------------

const char *http_exchange_method(const struct http_exchange *exchange)
{
    enum evhttp_cmd_type type = evhttp_request_get_command(exchange->request);
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (methods[i].type == type) {
            return methods[i].name;
        }
    }
    return "?";
}

const char *http_exchange_path(const struct http_exchange *exchange)
{
    return exchange->path;
}

const char *http_exchange_target(const struct http_exchange *exchange)
{
    return evhttp_request_get_uri(exchange->request);
}

const char *http_exchange_tail(const struct http_exchange *exchange)
{
    return exchange->tail;
}

const char *http_exchange_query(struct http_exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->parameter_count; i++) {
        if (strcmp(exchange->parameters[i].name, name) == 0) {
            return exchange->parameters[i].value;
        }
    }
    return NULL;
}

const char *http_exchange_header(struct http_exchange *exchange, const char *name)
{
    return evhttp_find_header(evhttp_request_get_input_headers(exchange->request), name);
}

bool http_exchange_header_at(const struct http_exchange *exchange, size_t index, const char **name,
                             const char **value)
{
    const struct evkeyval *header;
    TAILQ_FOREACH(header, evhttp_request_get_input_headers(exchange->request), next)
    {
        if (index-- == 0) {
            *name = header->key;
            *value = header->value;
            return true;
        }
    }
    return false;
}

struct bytes http_exchange_body(const struct http_exchange *exchange)
{
    struct evbuffer *body = evhttp_request_get_input_buffer(exchange->request);
    return (struct bytes){evbuffer_pullup(body, -1), evbuffer_get_length(body)};
}

struct ip_endpoint http_exchange_peer(const struct http_exchange *exchange)
{
    return exchange->peer;
}

struct ip_endpoint http_exchange_local(const struct http_exchange *exchange)
{
    return exchange->local;
}

// --- the answer --------------------------------------------------------------------------------------------

void http_exchange_set_header(struct http_exchange *exchange, const char *name, const char *value)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(exchange->request);
    evhttp_remove_header(headers, name);
    evhttp_add_header(headers, name, value); // refuses line breaks
}

static bool answers_with_body(const struct http_exchange *exchange, int status)
{
    return evhttp_request_get_command(exchange->request) != EVHTTP_REQ_HEAD && status >= 200 &&
           status != 204 && status != 304;
}

// evhttp would send a body with an answer to HEAD, and no length without one.
static struct evbuffer *body_to_send(struct http_exchange *exchange, int status, struct bytes body)
{
    if (answers_with_body(exchange, status)) {
        struct evbuffer *buffer = evbuffer_new();
        if (buffer == NULL || evbuffer_add(buffer, body.data, body.len) != 0) {
            abort(); // out of memory
        }
        return buffer;
    }
    if (evhttp_request_get_command(exchange->request) == EVHTTP_REQ_HEAD) {
        char length[24];
        snprintf(length, sizeof length, "%zu", body.len);
        http_exchange_set_header(exchange, "Content-Length", length);
    }
    return NULL;
}

void http_exchange_reply(struct http_exchange *exchange, int status, const char *content_type,
                         struct bytes body)
{
    struct http_connection *connection = exchange->connection;
    if (connection == NULL) {
        evhttp_request_free(exchange->request);
        exchange_free(exchange);
        return;
    }
    if (content_type != NULL) {
        http_exchange_set_header(exchange, "Content-Type", content_type);
    }
    struct evbuffer *buffer = body_to_send(exchange, status, body);
    struct evhttp_request *request = exchange->request;
    connection->exchange = NULL;
    unwatch_client(connection->bev, connection->server->limits.idle_s);
    exchange_free(exchange);
    evhttp_send_reply(request, status, reason_of(status), buffer);
    if (buffer != NULL) {
        evbuffer_free(buffer);
    }
}

// JSON is UTF-8; what a client sent need not be.
static json_t *json_text(char *text)
{
    json_t *string = json_string(text);
    if (string == NULL) {
        for (char *c = text; *c != '\0'; c++) {
            *c = (unsigned char)*c < 0x80 ? *c : '?';
        }
        string = json_string(text);
    }
    return string;
}

void http_exchange_fail(struct http_exchange *exchange, int status, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    json_t *object = json_pack("{s:o}", "error", json_text(text));
    char *body = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    http_exchange_reply(exchange, status, "application/json", bytes_of(body));
    free(body);
}

void http_exchange_drop(struct http_exchange *exchange)
{
    struct http_connection *connection = exchange->connection;
    if (connection == NULL) {
        evhttp_request_free(exchange->request);
    } else {
        connection->exchange = NULL;
        http_connection_close(connection); // and the request with it
    }
    exchange_free(exchange);
}
