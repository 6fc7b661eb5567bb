// SPDX-License-Identifier: MIT
// /admin/clock and /admin/endpoints: with --clock manual, time and endpoints are what a test says.
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "core/admin/clock_request.h"
#include "internal.h"

enum { PROBLEMS_MAX = 16384, FAULT_TEXT_MAX = 65536 };

static mono_time next_event(const struct daemon *daemon)
{
    mono_time health = mono_min(fleet_next(daemon->fleet), manual_next(daemon->manual));
    return mono_min(health, propagation_next(&daemon->propagation));
}

// Everything that falls due on the way, in order. Queries in between are answered from before or after, so it
// is enough to publish at the end.
static void advance(struct daemon *daemon, mono_time to)
{
    struct probe_order order;
    struct observation observation;
    mono_time now = daemon_clock_mono(&daemon->clock);
    mono_time next;
    while (!mono_before(to, next = next_event(daemon))) {
        now = mono_before(now, next) ? next : now;
        daemon_clock_move(&daemon->clock, now);
        propagate_arrived(daemon, now);
        fleet_advance(daemon->fleet, now, daemon_clock_wall(&daemon->clock));
        while (fleet_take_due(daemon->fleet, now, &order)) {
            manual_probe(daemon->manual, daemon->fleet, &order, now);
        }
        while (manual_take(daemon->manual, now, &order, &observation)) {
            daemon_observe(daemon, &order, &observation, now, daemon_clock_wall(&daemon->clock));
        }
    }
    daemon_clock_move(&daemon->clock, to);
    daemon_latency_fell_due(to, daemon);
    daemon_run_health(daemon, to);
}

static void reply_clock(const struct daemon *daemon, struct http_exchange *exchange)
{
    char now[WALL_TIME_TEXT];
    wall_time_format(daemon_clock_wall(&daemon->clock), now);
    daemon_reply_json(
        exchange, 200,
        json_pack("{s:s, s:s}", "clock", daemon->manual != NULL ? "manual" : "real", "now", now));
}

static void post_clock(struct daemon *daemon, struct http_exchange *exchange)
{
    struct buffer problems;
    duration by;
    buffer_init(&problems, PROBLEMS_MAX);
    if (clock_request_parse(http_exchange_body(exchange), &by, &problems)) {
        advance(daemon, mono_add(daemon_clock_mono(&daemon->clock), by));
        reply_clock(daemon, exchange);
    } else {
        http_exchange_fail(exchange, 400, "%s", buffer_string(&problems));
    }
    buffer_free(&problems);
}

// What follows needs a manual clock, and leave to change things.
static bool may_script(struct daemon *daemon, struct http_exchange *exchange, const char *what)
{
    if (!daemon_admin_allowed(daemon, exchange)) {
        return false;
    }
    if (daemon->manual == NULL) {
        http_exchange_fail(exchange, 409, "%s; start the daemon with --clock manual", what);
        return false;
    }
    return true;
}

void daemon_admin_clock(struct http_exchange *exchange, void *context)
{
    struct daemon *daemon = context;
    const char *method = http_exchange_method(exchange);
    if (strcmp(method, "GET") == 0) {
        reply_clock(daemon, exchange);
    } else if (strcmp(method, "POST") == 0) {
        if (may_script(daemon, exchange, "the clock is real and moves by itself")) {
            post_clock(daemon, exchange);
        }
    } else {
        http_exchange_set_header(exchange, "Allow", "GET, POST");
        http_exchange_fail(exchange, 405, "%s is not possible here; GET shows the time, POST moves it",
                           method);
    }
}

// --- endpoints

static void reply_endpoints(const struct daemon *daemon, struct http_exchange *exchange)
{
    json_t *scripted = daemon->manual != NULL ? endpoints_json(manual_endpoints(daemon->manual),
                                                               daemon_clock_mono(&daemon->clock))
                                              : json_array();
    daemon_reply_json(exchange, 200, json_pack("{s:o}", "endpoints", scripted));
}

// The body is the whole request, or with an endpoint in the path its fault alone.
static void post_endpoint(struct daemon *daemon, struct http_exchange *exchange, const char *endpoint)
{
    struct bytes body = http_exchange_body(exchange);
    struct buffer text;
    struct buffer problems;
    buffer_init(&text, FAULT_TEXT_MAX);
    buffer_init(&problems, PROBLEMS_MAX);
    if (endpoint[0] != '\0') {
        json_t *key = json_string(endpoint);
        char *quoted = json_dumps(key, JSON_ENCODE_ANY);
        buffer_format(&text, "{\"Endpoint\": %s, \"Fault\": %.*s}", quoted, (int)body.len,
                      body.len > 0 ? (const char *)body.data : "");
        free(quoted);
        json_decref(key);
        body = bytes_of(buffer_string(&text));
    }
    if (text.overflow) {
        http_exchange_fail(exchange, 413, "a fault has at most %d bytes", FAULT_TEXT_MAX);
    } else if (endpoints_request(manual_endpoints(daemon->manual), body, daemon_clock_mono(&daemon->clock),
                                 &problems)) {
        reply_endpoints(daemon, exchange);
    } else {
        http_exchange_fail(exchange, 400, "%s", buffer_string(&problems));
    }
    buffer_free(&text);
    buffer_free(&problems);
}

static void delete_endpoint(struct daemon *daemon, struct http_exchange *exchange, const char *endpoint)
{
    static const struct endpoint_fault none = {.kind = ENDPOINT_NONE, .lasts = INT64_MAX};
    char key[ENDPOINT_KEY];
    struct error error = {0};
    if (endpoint[0] == '\0') {
        endpoints_clear(manual_endpoints(daemon->manual));
    } else if (endpoint_key_parse(bytes_of(endpoint), key, &error)) {
        endpoints_set(manual_endpoints(daemon->manual), key, &none, daemon_clock_mono(&daemon->clock));
    } else {
        http_exchange_fail(exchange, 400, "%s", error.text);
        return;
    }
    reply_endpoints(daemon, exchange);
}

void daemon_admin_endpoints(struct http_exchange *exchange, void *context)
{
    static const char root[] = "/admin/endpoints/";
    struct daemon *daemon = context;
    const char *method = http_exchange_method(exchange);
    const char *path = http_exchange_path(exchange);
    const char *endpoint = strncmp(path, root, sizeof root - 1) == 0 ? path + sizeof root - 1 : "";
    if (strcmp(method, "GET") == 0) {
        reply_endpoints(daemon, exchange);
    } else if (strcmp(method, "POST") != 0 && strcmp(method, "DELETE") != 0) {
        http_exchange_set_header(exchange, "Allow", "GET, POST, DELETE");
        http_exchange_fail(exchange, 405,
                           "%s is not possible here; POST scripts an endpoint, DELETE ends that", method);
    } else if (may_script(daemon, exchange, "endpoints are real")) {
        if (strcmp(method, "POST") == 0) {
            post_endpoint(daemon, exchange, endpoint);
        } else {
            delete_endpoint(daemon, exchange, endpoint);
        }
    }
}
