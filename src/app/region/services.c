// SPDX-License-Identifier: MIT
// The requests of a region. Those of the main listener pass through the fault that holds; the control
// listener's do not.
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "io/loop/clock.h"
#include "state.h"

// An answer that comes later: because the region is slow, or because it is not ready yet (no timer).
struct delayed_answer {
    LIST_ENTRY(delayed_answer) entry;
    struct region *region;
    struct http_exchange *exchange;
    http_handler handler;
    struct loop_timer *timer;
};

// Takes text. The line end is for people with curl.
static void reply_json(struct http_exchange *exchange, int status, char *text)
{
    size_t len = strlen(text);
    text[len] = '\n'; // in the terminator's place
    http_exchange_reply(exchange, status, "application/json", (struct bytes){(const uint8_t *)text, len + 1});
    free(text);
}

// --- the services ------------------------------------------------------------------------------------------

static void hello(struct http_exchange *exchange, void *context)
{
    struct region *region = context;
    char peer[IP_TEXT];
    struct ip_endpoint from = http_exchange_peer(exchange);
    ip_format(&from.address, peer);
    const char *client = http_exchange_query(exchange, "client");
    client = client != NULL ? client : peer;
    uint64_t hits;
    struct error error = {0};
    enum counters_result result = counters_hit(region->counters, client, clock_wall(), &hits, &error);
    if (result != COUNTERS_OK) {
        http_exchange_fail(exchange, result == COUNTERS_FULL ? 507 : 400, "%s", error.text);
        return;
    }
    json_t *json =
        json_pack("{s:s, s:s, s:I}", "region", region->name, "client", client, "hits", (json_int_t)hits);
    reply_json(exchange, 200, json_dumps(json, JSON_COMPACT));
    json_decref(json);
    peers_work(region);
}

static void health(struct http_exchange *exchange, void *context)
{
    const struct region *region = context;
    reply_json(exchange, 200, xasprintf("{\"region\":\"%s\",\"status\":\"ok\"}", region->name));
}

static void show_counters(struct http_exchange *exchange, void *context)
{
    const struct region *region = context;
    reply_json(exchange, 200, counters_print(region->counters));
}

static void show_fault(struct http_exchange *exchange, void *context)
{
    const struct region *region = context;
    reply_json(exchange, 200, fault_print(region->fault));
}

static void take_fault(struct http_exchange *exchange, void *context)
{
    struct region *region = context;
    struct error error = {0};
    struct fault *fault = fault_parse(http_exchange_body(exchange), &error);
    if (fault == NULL) {
        http_exchange_fail(exchange, 400, "%s", error.text);
        return;
    }
    reply_json(exchange, 200, fault_print(fault)); // before it takes hold
    region_set_fault(region, fault);
}

static void take_items(struct http_exchange *exchange, void *context)
{
    struct region *region = context;
    struct replication message;
    struct error error = {0};
    if (!replication_parse(http_exchange_body(exchange), &message, &error)) {
        http_exchange_fail(exchange, 400, "%s", error.text);
        return;
    }
    if (peers_cut_sender(region, message.sender.from, message.sender.at)) {
        http_exchange_drop(exchange);
    } else {
        enum counters_result result = replication_apply(&message, region->counters, &error);
        if (result != COUNTERS_OK) {
            http_exchange_fail(exchange, result == COUNTERS_FULL ? 507 : 400, "%s", error.text);
        } else {
            struct replication_sender sender = region_sender(region);
            reply_json(exchange, 200, replication_print_answer(&sender));
            peers_heard(region, message.sender.from);
        }
    }
    replication_free(&message);
}

static void give_items(struct http_exchange *exchange, void *context)
{
    struct region *region = context;
    const char *since_text = http_exchange_query(exchange, "since");
    const char *from = http_exchange_query(exchange, "from");
    const char *at = http_exchange_query(exchange, "at");
    uint64_t since = 0;
    if (since_text != NULL && !bytes_parse_u64(bytes_of(since_text), INT64_MAX, &since)) {
        http_exchange_fail(exchange, 400, "'since' must be a sequence number");
        return;
    }
    if (peers_cut_sender(region, from != NULL ? from : "", at != NULL ? at : "")) {
        http_exchange_drop(exchange);
        return;
    }
    if (from != NULL) {
        peers_heard(region, from);
    }
    uint64_t reached;
    struct replication_sender sender = region_sender(region);
    reply_json(exchange, 200, replication_print(&sender, region->counters, NULL, since, &reached));
}

static const struct http_route services[] = {
    {"GET", "/hello", hello},           {"GET", "/health", health},     {"GET", "/counters", show_counters},
    {"GET", "/fault", show_fault},      {"POST", "/fault", take_fault}, {"GET", "/replicate", give_items},
    {"POST", "/replicate", take_items},
};

// --- answers that come later -------------------------------------------------------------------------------

static void delayed_free(struct delayed_answer *delayed)
{
    LIST_REMOVE(delayed, entry);
    loop_timer_destroy(delayed->timer);
    free(delayed);
}

static void on_delayed_gone(struct http_exchange *exchange, void *context)
{
    (void)exchange;
    struct delayed_answer *delayed = context;
    struct region *region = delayed->region;
    delayed_free(delayed);
    region_check_stage(region);
}

static void answer_delayed(struct delayed_answer *delayed)
{
    struct region *region = delayed->region;
    struct http_exchange *exchange = delayed->exchange;
    http_handler handler = delayed->handler;
    delayed_free(delayed);
    http_exchange_on_gone(exchange, NULL, NULL);
    handler(exchange, region);
    region_check_stage(region);
}

static void on_delay_over(mono_time now, void *context)
{
    (void)now;
    answer_delayed(context);
}

static struct delayed_answer *delay(struct region *region, struct http_exchange *exchange,
                                    http_handler handler)
{
    struct delayed_answer *delayed = xcalloc(1, sizeof *delayed);
    delayed->region = region;
    delayed->exchange = exchange;
    delayed->handler = handler;
    LIST_INSERT_HEAD(&region->delayed, delayed, entry);
    http_exchange_on_gone(exchange, on_delayed_gone, delayed);
    return delayed;
}

void region_answer_waiting(struct region *region)
{
    struct delayed_answer *next;
    for (struct delayed_answer *delayed = LIST_FIRST(&region->delayed); delayed != NULL; delayed = next) {
        next = LIST_NEXT(delayed, entry);
        if (delayed->timer == NULL) {
            answer_delayed(delayed);
        }
    }
}

void region_forget_delayed(struct region *region)
{
    while (!LIST_EMPTY(&region->delayed)) {
        struct delayed_answer *delayed = LIST_FIRST(&region->delayed);
        struct http_exchange *exchange = delayed->exchange;
        delayed_free(delayed);
        http_exchange_drop(exchange);
    }
}

// --- through the fault -------------------------------------------------------------------------------------

static http_handler service_of(const struct http_exchange *exchange)
{
    const char *path = http_exchange_path(exchange);
    bool post = strcmp(http_exchange_method(exchange), "POST") == 0; // the others are GET and HEAD
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (strcmp(services[i].path, path) == 0 && (strcmp(services[i].method, "POST") == 0) == post) {
            return services[i].handler;
        }
    }
    abort(); // the routes are those of the services
}

static void on_hung_gone(struct http_exchange *exchange, void *context)
{
    (void)exchange;
    (void)context;
}

static void answer_faulty(struct region *region, struct http_exchange *exchange, http_handler handler)
{
    struct delayed_answer *delayed;
    switch (fault_kind(region->fault)) {
    case FAULT_HANG:
        http_exchange_on_gone(exchange, on_hung_gone, NULL);
        break;
    case FAULT_SLOW:
        delayed = delay(region, exchange, handler);
        delayed->timer = loop_timer_create(region->loop, on_delay_over, delayed);
        loop_timer_set(delayed->timer, mono_add(clock_mono(), fault_delay(region->fault)));
        break;
    case FAULT_STATUS:
        http_exchange_fail(exchange, fault_status(region->fault), "a fault of kind status");
        break;
    case FAULT_BODY:
        http_exchange_reply(exchange, 200, "text/plain; charset=utf-8", bytes_of(fault_body(region->fault)));
        break;
    case FAULT_NONE:
    case FAULT_DOWN:
    case FAULT_FLAP:
    case FAULT_PARTITION:
        handler(exchange, region);
        break;
    }
}

static void through_fault(struct http_exchange *exchange, void *context)
{
    struct region *region = context;
    const char *path = http_exchange_path(exchange);
    http_handler handler = service_of(exchange);
    if (region->stage == REGION_STOPPING) {
        http_exchange_set_header(exchange, "Connection", "close");
    }
    if (fault_concerns(region->fault, path)) {
        answer_faulty(region, exchange, handler);
    } else if (region->stage == REGION_STARTING && handler == hello) {
        delay(region, exchange, handler);
    } else {
        handler(exchange, region);
    }
}

// /fault is not subject to the fault: a region must be repairable by those who know only one address of it.
const struct http_route region_routes[] = {
    {"GET", "/hello", through_fault},      {"GET", "/health", through_fault},
    {"GET", "/counters", through_fault},   {"GET", "/replicate", through_fault},
    {"POST", "/replicate", through_fault}, {"GET", "/fault", show_fault},
    {"POST", "/fault", take_fault},        {NULL, NULL, NULL},
};

const struct http_route region_control_routes[] = {
    {"GET", "/counters", show_counters},
    {"GET", "/fault", show_fault},
    {"POST", "/fault", take_fault},
    {NULL, NULL, NULL},
};
