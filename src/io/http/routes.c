// SPDX-License-Identifier: MIT
// From a request that evhttp read to the handler of its route.
#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/xalloc.h"
#include "decode.h"
#include "exchange.h"

static bool read_parameter(struct bytes part, struct http_parameter *out)
{
    struct bytes rest = part;
    struct bytes name = {0};
    bytes_split(&rest, '=', &name);
    out->name = http_decode(name, true);
    out->value = http_decode(rest, true);
    if (out->name != NULL && out->value != NULL) {
        return true;
    }
    free(out->name);
    free(out->value);
    return false;
}

static bool read_query(struct http_exchange *exchange, const char *query)
{
    struct bytes rest = bytes_of(query);
    for (struct bytes part; bytes_split(&rest, '&', &part);) {
        struct http_parameter parameter;
        if (part.len == 0) {
            continue;
        }
        if (!read_parameter(part, &parameter)) {
            return false;
        }
        exchange->parameters =
            xreallocarray(exchange->parameters, exchange->parameter_count + 1, sizeof *exchange->parameters);
        exchange->parameters[exchange->parameter_count++] = parameter;
    }
    return true;
}

static bool read_target(struct http_exchange *exchange)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(exchange->request);
    const char *path = evhttp_uri_get_path(uri);
    const char *query = evhttp_uri_get_query(uri);
    char *decoded = http_decode(bytes_of(path[0] != '\0' ? path : "/"), false);
    if (decoded == NULL || decoded[0] != '/') {
        free(decoded);
        return false;
    }
    free(exchange->path);
    exchange->path = decoded;
    return query == NULL || read_query(exchange, query);
}

static void measure_headers(struct evhttp_request *request, unsigned *count, size_t *size)
{
    const struct evkeyval *header;
    *count = 0;
    *size = strlen(evhttp_request_get_uri(request));
    TAILQ_FOREACH(header, evhttp_request_get_input_headers(request), next)
    {
        (*count)++;
        *size += strlen(header->key) + strlen(header->value) + strlen(": \r\n");
    }
}

static void refuse(struct http_exchange *exchange, const struct http_server *server, int status,
                   const char *text)
{
    if (server->refuse != NULL) {
        server->refuse(exchange, status, text, server->context);
    } else {
        http_exchange_fail(exchange, status, "%s", text);
    }
}

// After too much, the connection is not used again.
static void refuse_excess(struct http_exchange *exchange, const struct http_server *server, int status,
                          const char *what, size_t most)
{
    char text[128];
    snprintf(text, sizeof text, "%s; at most %zu are taken", what, most);
    http_exchange_set_header(exchange, "Connection", "close");
    refuse(exchange, server, status, text);
}

static bool within_limits(struct http_exchange *exchange, const struct http_server *server)
{
    const struct http_limits *limits = &server->limits;
    unsigned headers;
    size_t header_bytes;
    measure_headers(exchange->request, &headers, &header_bytes);
    if (headers > limits->headers) {
        refuse_excess(exchange, server, 431, "too many header fields", limits->headers);
    } else if (header_bytes > limits->header_bytes) {
        refuse_excess(exchange, server, 431, "the header has too many bytes", limits->header_bytes);
    } else if (evbuffer_get_length(evhttp_request_get_input_buffer(exchange->request)) > limits->body_bytes) {
        refuse_excess(exchange, server, 413, "the body has too many bytes", limits->body_bytes);
    } else {
        return true;
    }
    return false;
}

static bool covers_all_below(const struct http_route *route)
{
    size_t len = strlen(route->path);
    return len > 1 && route->path[len - 1] == '/';
}

static bool path_fits(const struct http_route *route, const char *path)
{
    return covers_all_below(route) ? strncmp(route->path, path, strlen(route->path)) == 0
                                   : strcmp(route->path, path) == 0;
}

static bool method_fits(const struct http_route *route, const char *method)
{
    return route->method == NULL || strcmp(route->method, method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

static void append_once(struct buffer *list, const char *word)
{
    struct bytes rest = bytes_of(buffer_string(list));
    for (struct bytes part; list->len > 0 && bytes_split(&rest, ',', &part);) {
        if (bytes_equal(bytes_trim(part), bytes_of(word))) {
            return;
        }
    }
    buffer_format(list, "%s%s", list->len > 0 ? ", " : "", word);
}

static void fail_method(struct http_exchange *exchange, const struct http_route *routes)
{
    struct buffer allowed;
    buffer_init(&allowed, 512);
    for (const struct http_route *route = routes; route->path != NULL; route++) {
        if (path_fits(route, exchange->path)) {
            append_once(&allowed, route->method);
            if (strcmp(route->method, "GET") == 0) {
                append_once(&allowed, "HEAD");
            }
        }
    }
    http_exchange_set_header(exchange, "Allow", buffer_string(&allowed));
    http_exchange_fail(exchange, 405, "%s takes %s, not %s", exchange->path, buffer_string(&allowed),
                       http_exchange_method(exchange));
    buffer_free(&allowed);
}

static void fail_path(struct http_exchange *exchange, const struct http_route *routes)
{
    struct buffer paths;
    buffer_init(&paths, 700);
    for (const struct http_route *route = routes; route->path != NULL; route++) {
        append_once(&paths, route->path);
    }
    http_exchange_fail(exchange, 404, "nothing at %.200s; there is %s", exchange->path,
                       buffer_string(&paths));
    buffer_free(&paths);
}

static void dispatch(struct http_exchange *exchange, const struct http_server *server)
{
    const char *method = http_exchange_method(exchange);
    bool known_path = false;
    for (const struct http_route *route = server->routes; route->path != NULL; route++) {
        if (!path_fits(route, exchange->path)) {
            continue;
        }
        known_path = true;
        if (method_fits(route, method)) {
            exchange->tail = covers_all_below(route) ? exchange->path + strlen(route->path) : "";
            route->handler(exchange, server->context);
            return;
        }
    }
    if (known_path) {
        fail_method(exchange, server->routes);
    } else {
        fail_path(exchange, server->routes);
    }
}

void http_exchange_route(struct http_exchange *exchange, const struct http_server *server)
{
    if (!within_limits(exchange, server)) {
        return;
    }
    if (!read_target(exchange)) {
        refuse(exchange, server, 400, "the request target must be a path with valid escapes");
        return;
    }
    dispatch(exchange, server);
}
