// SPDX-License-Identifier: MIT
// /admin/resources/DNSNAME: the health of an AWS resource, as tests and operators set it.
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/admin/resource_request.h"
#include "internal.h"

enum { PROBLEMS_MAX = 16384 };

static void reply(const struct daemon *daemon, struct http_exchange *exchange, uint32_t resource)
{
    struct status_input input;
    daemon_status_input(daemon, &input);
    daemon_reply_json(exchange, 200, status_resource_json(&input, resource));
}

static void log_set(const struct daemon *daemon, uint32_t resource, const struct resource_override *set)
{
    struct log_line line;
    log_begin(&line, LOG_LEVEL_INFO, set != NULL ? "resource_set" : "resource_released");
    log_text(&line, "name", daemon->current->model->resources[resource].name);
    if (set != NULL) {
        log_text(&line, "status", set->healthy ? "healthy" : "unhealthy");
        if (set->reason[0] != '\0') {
            log_text(&line, "reason", set->reason);
        }
        if (set->until_wall.ns != 0) {
            char until[WALL_TIME_TEXT];
            wall_time_format(set->until_wall, until);
            log_text(&line, "until", until);
        }
    }
    log_end(&line);
}

static bool write_down(struct daemon *daemon, struct http_exchange *exchange, uint32_t resource,
                       const struct resource_override *override)
{
    const char *name = daemon->current->model->resources[resource].name;
    char from[IP_TEXT];
    char *text;
    struct state_row row = durable_resource_row(name, override, &text);
    struct durable_change change = {
        .rows = &row,
        .count = 1,
        .who = durable_who(exchange, from),
        .what = override != NULL ? "set resource" : "release resource",
        .on = json_pack("[s]", name),
        .why = override != NULL ? override->reason : NULL,
    };
    bool ok = durable_write_for(daemon, exchange, &change);
    json_decref(change.on);
    free(text);
    return ok;
}

// The change is in the published view before the reply goes out.
static void set(struct daemon *daemon, struct http_exchange *exchange, uint32_t resource,
                const struct resource_override *override, mono_time now, wall_time wall)
{
    if (!write_down(daemon, exchange, resource, override)) {
        return;
    }
    fleet_set_resource(daemon->fleet, resource, override, now, wall);
    record_resource(daemon, daemon->current->model->resources[resource].name, override, now);
    log_set(daemon, resource, override);
    daemon_run_health(daemon, now);
    reply(daemon, exchange, resource);
}

static void post(struct daemon *daemon, struct http_exchange *exchange, uint32_t resource)
{
    mono_time now = daemon_clock_mono(&daemon->clock);
    wall_time wall = daemon_clock_wall(&daemon->clock);
    struct resource_override override;
    struct buffer problems;
    buffer_init(&problems, PROBLEMS_MAX);
    if (resource_request_parse(http_exchange_body(exchange), &daemon->current->model->resources[resource],
                               now, wall, &override, &problems)) {
        set(daemon, exchange, resource, &override, now, wall);
    } else {
        http_exchange_fail(exchange, 400, "%s", buffer_string(&problems));
    }
    buffer_free(&problems);
}

static void end(struct daemon *daemon, struct http_exchange *exchange, uint32_t resource)
{
    if (fleet_resource_override(daemon->fleet, resource) == NULL) {
        http_exchange_fail(exchange, 404, "the health of '%s' is as the policy says",
                           http_exchange_tail(exchange));
        return;
    }
    set(daemon, exchange, resource, NULL, daemon_clock_mono(&daemon->clock),
        daemon_clock_wall(&daemon->clock));
}

void daemon_admin_resource(struct http_exchange *exchange, void *context)
{
    struct daemon *daemon = context;
    const char *method = http_exchange_method(exchange);
    const char *name = http_exchange_tail(exchange);
    bool reading = strcmp(method, "GET") == 0;
    if (!reading && strcmp(method, "POST") != 0 && strcmp(method, "DELETE") != 0) {
        http_exchange_set_header(exchange, "Allow", "GET, POST, DELETE");
        http_exchange_fail(exchange, 405, "%s is not possible here; POST sets the health, DELETE ends that",
                           method);
        return;
    }
    if (!reading && !daemon_admin_allowed(daemon, exchange)) {
        return;
    }
    uint32_t resource = model_find_resource(daemon->current->model, bytes_of(name));
    if (resource == RESOURCE_NONE) {
        http_exchange_fail(exchange, 404, "Resources of the policy has no '%s'", name);
    } else if (reading) {
        reply(daemon, exchange, resource);
    } else if (strcmp(method, "POST") == 0) {
        post(daemon, exchange, resource);
    } else {
        end(daemon, exchange, resource);
    }
}
