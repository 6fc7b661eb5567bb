// SPDX-License-Identifier: MIT
#include "app/region/region.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "io/loop/clock.h"
#include "state.h"

static const duration start_limit = DURATION_S(1);
static const duration stop_limit = DURATION_S(2);
static const duration listen_retry = DURATION_S(1);

struct replication_sender region_sender(const struct region *region)
{
    return (struct replication_sender){region->name, region->listen_text, region->instance};
}

struct ip_endpoint region_listen(const struct region *region)
{
    return region->listen_at;
}

struct ip_endpoint region_control(const struct region *region)
{
    return region->control_at;
}

// --- faults ------------------------------------------------------------------------------------------------

static void log_fault(const char *event, const struct fault *fault)
{
    struct log_line line;
    char *text = fault_print(fault);
    log_begin(&line, LOG_LEVEL_INFO, event);
    log_text(&line, "fault", text);
    log_end(&line);
    free(text);
}

// Down means that connections are refused and open ones break; and back.
static bool listen_as_it_should(struct region *region)
{
    bool wanted = region->phase != FAULT_DOWN && region->stage != REGION_STOPPING;
    if (wanted == region->listening) {
        return true;
    }
    if (!wanted) {
        http_server_unlisten(region->server, &region->listen_at, true);
        region->listening = false;
        return true;
    }
    struct ip_endpoint bound;
    struct error error = {0};
    region->listening = http_server_listen(region->server, &region->listen_at, &bound, &error);
    if (!region->listening) {
        log_message(LOG_LEVEL_ERROR, "listen_failed", "%s", error.text);
    }
    return region->listening;
}

static void apply_fault(struct region *region, mono_time now)
{
    struct fault_phase phase = fault_phase_at(region->fault, mono_since(now, region->fault_since));
    if (phase.ended) {
        log_fault("fault_ended", region->fault);
        fault_destroy(region->fault);
        region->fault = fault_none();
    }
    region->phase = phase.kind;
    mono_time next = phase.until == INT64_MAX ? MONO_NEVER : mono_add(region->fault_since, phase.until);
    if (!listen_as_it_should(region)) {
        next = mono_min(next, mono_add(now, listen_retry)); // somebody else has the port
    }
    loop_timer_clear(region->fault_timer);
    if (next.ns != MONO_NEVER.ns) {
        loop_timer_set(region->fault_timer, next);
    }
    peers_fault_changed(region);
}

static void on_fault_timer(mono_time now, void *context)
{
    apply_fault(context, now);
}

void region_set_fault(struct region *region, struct fault *fault)
{
    fault_destroy(region->fault);
    region->fault = fault;
    region->fault_since = clock_mono();
    log_fault("fault_set", fault);
    apply_fault(region, region->fault_since);
}

// --- start and stop ----------------------------------------------------------------------------------------

static void become_ready(struct region *region)
{
    region->stage = REGION_SERVING;
    loop_timer_clear(region->stage_limit);
    log_message(LOG_LEVEL_INFO, "region_started", "%s on %s, %zu clients known", region->name,
                region->listen_text, counters_count(region->counters));
    region->ready(region, region->ready_context);
    region_answer_waiting(region);
    peers_work(region);
}

static void on_stage_limit(mono_time now, void *context)
{
    (void)now;
    struct region *region = context;
    if (region->stage == REGION_STARTING) {
        become_ready(region);
    } else {
        log_message(LOG_LEVEL_WARNING, "stop_cut_short", "answers or messages to peers were still under way");
        loop_stop(region->loop);
    }
}

void region_check_stage(struct region *region)
{
    if (region->stage == REGION_SERVING || peers_busy(region)) {
        return;
    }
    if (region->stage == REGION_STARTING) {
        become_ready(region);
    } else if (LIST_EMPTY(&region->delayed)) {
        loop_stop(region->loop);
    }
}

void region_start(struct region *region, void (*ready)(struct region *region, void *context), void *context)
{
    region->ready = ready;
    region->ready_context = context;
    peers_work(region);
    // Even without peers it is the loop that says ready.
    mono_time limit = clock_mono();
    loop_timer_set(region->stage_limit, peers_busy(region) ? mono_add(limit, start_limit) : limit);
}

void region_stop(struct region *region)
{
    if (region->stage == REGION_STOPPING) {
        loop_stop(region->loop);
        return;
    }
    region->stage = REGION_STOPPING;
    log_message(LOG_LEVEL_INFO, "region_stopping", "%s on %s", region->name, region->listen_text);
    if (region->listening) {
        http_server_unlisten(region->server, &region->listen_at, false);
        region->listening = false;
    }
    http_server_unlisten(region->control, &region->control_at, false);
    loop_timer_set(region->stage_limit, mono_add(clock_mono(), stop_limit));
    peers_flush(region);
    region_check_stage(region);
}

// --- lifetime ----------------------------------------------------------------------------------------------

static void make_instance(char instance[2 * INSTANCE_BYTES + 1])
{
    uint8_t bytes[INSTANCE_BYTES] = {0};
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        abort(); // cannot be for so few bytes
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        snprintf(instance + 2 * i, 3, "%02x", bytes[i]);
    }
}

static bool listen_on_both(struct region *region, const struct region_options *options, struct error *error)
{
    if (!http_server_listen(region->server, &options->listen, &region->listen_at, error) ||
        !http_server_listen(region->control, &options->control, &region->control_at, error)) {
        return false;
    }
    region->listening = true;
    ip_endpoint_format(&region->listen_at, region->listen_text);
    return true;
}

struct region *region_create(struct loop *loop, const struct region_options *options, struct error *error)
{
    struct region *region = xcalloc(1, sizeof *region);
    region->loop = loop;
    region->name = xstrdup(options->name);
    make_instance(region->instance);
    region->stage_limit = loop_timer_create(loop, on_stage_limit, region);
    region->fault_timer = loop_timer_create(loop, on_fault_timer, region);
    region->fault = fault_none();
    region->counters = counters_create(options->name);
    LIST_INIT(&region->delayed);
    region->multi = http_multi_create(loop);
    region->client = http_client_create(region->multi);
    peers_create(region, options->peers, options->peer_count);
    region->server = http_server_create(loop, region_routes, region, &http_limits_default);
    region->control = http_server_create(loop, region_control_routes, region, &http_limits_default);
    if (!listen_on_both(region, options, error)) {
        region_destroy(region);
        return NULL;
    }
    return region;
}

void region_destroy(struct region *region)
{
    if (region == NULL) {
        return;
    }
    region_forget_delayed(region);
    http_server_destroy(region->server);
    http_server_destroy(region->control);
    peers_destroy(region);
    http_client_destroy(region->client);
    http_multi_destroy(region->multi);
    loop_timer_destroy(region->fault_timer);
    loop_timer_destroy(region->stage_limit);
    fault_destroy(region->fault);
    counters_destroy(region->counters);
    free(region->name);
    free(region);
}
