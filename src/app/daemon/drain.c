// SPDX-License-Identifier: MIT
// /admin/drains/REGION|CHECK: takes clients away from a region, or from what one check stands for, until a
// time.
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/xalloc.h"
#include "core/admin/drain.h"
#include "core/dns/rrtype.h"
#include "internal.h"

enum { PROBLEMS_MAX = 16384 };

static json_t *group_json(const struct record_group *group)
{
    struct dns_name wire = {.len = group->node->name_len};
    char name[DNS_NAME_TEXT];
    char type[DNS_TYPE_TEXT];
    memcpy(wire.wire, group->node->name, wire.len);
    dns_name_format_plain(&wire, name);
    dns_rrtype_format(group->type, type);
    return json_pack("{s:s, s:s}", "name", name, "type", type);
}

static void reply(const struct daemon *daemon, struct http_exchange *exchange,
                  const struct drain_target *target)
{
    struct status_input input;
    json_t *checks = json_array();
    json_t *uncovered = json_array();
    daemon_status_input(daemon, &input);
    for (uint32_t i = 0; i < target->count; i++) {
        json_t *check = status_check_json(&input, target->checks[i]);
        json_object_del(check, "last_observations");
        json_array_append_new(checks, check);
    }
    for (uint32_t i = 0; i < target->uncovered_count; i++) {
        json_array_append_new(uncovered, group_json(target->uncovered[i]));
    }
    daemon_reply_json(exchange, 200,
                      json_pack("{s:i, s:s, s:s, s:o, s:o}", "schema_version", STATUS_SCHEMA_VERSION,
                                "target", http_exchange_tail(exchange), "kind",
                                target->region != REGION_NONE ? "region" : "health check", "health_checks",
                                checks, "uncovered", uncovered));
}

// S5: a disabled check counts as healthy and an inverted one as the opposite, whatever the endpoint does.
static bool read_pins(const struct daemon *daemon, struct http_exchange *exchange,
                      const struct drain_target *target, struct imposition *out)
{
    static const struct override pinned = {
        .has_inverted = true, .inverted = true, .has_disabled = true, .disabled = true, .until = {INT64_MAX}};
    struct bytes body = http_exchange_body(exchange);
    struct buffer problems;
    bool ok = true;
    buffer_init(&problems, PROBLEMS_MAX);
    for (uint32_t i = 0; ok && i < target->count; i++) {
        out[i].check = target->checks[i];
        ok = override_request_parse(body.len > 0 ? body : bytes_of("{}"),
                                    &daemon->current->model->health_checks[target->checks[i]], &pinned,
                                    daemon_clock_mono(&daemon->clock), daemon_clock_wall(&daemon->clock),
                                    &out[i].override, &out[i].control, &problems);
    }
    if (!ok) {
        http_exchange_fail(exchange, 400, "%s", buffer_string(&problems));
    }
    buffer_free(&problems);
    return ok;
}

static void drain(struct daemon *daemon, struct http_exchange *exchange, const struct drain_target *target)
{
    struct imposition *pins = xcalloc(target->count, sizeof *pins);
    if (read_pins(daemon, exchange, target, pins) &&
        daemon_impose(daemon, exchange, "drain", NULL, pins, target->count)) {
        reply(daemon, exchange, target);
    }
    free(pins);
}

static void release(struct daemon *daemon, struct http_exchange *exchange, const struct drain_target *target)
{
    struct imposition *ends = xcalloc(target->count, sizeof *ends);
    size_t count = 0;
    for (uint32_t i = 0; i < target->count; i++) {
        if (fleet_override(daemon->fleet, target->checks[i]) != NULL) {
            ends[count++] = (struct imposition){.check = target->checks[i], .override.until = MONO_NEVER};
        }
    }
    if (count == 0) {
        http_exchange_fail(exchange, 404, "nothing is imposed on '%s'", http_exchange_tail(exchange));
    } else if (daemon_impose(daemon, exchange, "release", NULL, ends, count)) {
        reply(daemon, exchange, target);
    }
    free(ends);
}

void daemon_admin_drain(struct http_exchange *exchange, void *context)
{
    struct daemon *daemon = context;
    const char *method = http_exchange_method(exchange);
    bool post = strcmp(method, "POST") == 0;
    bool delete = strcmp(method, "DELETE") == 0;
    struct drain_target target;
    struct error error = {0};
    if (!post && !delete &&strcmp(method, "GET") != 0) {
        http_exchange_set_header(exchange, "Allow", "GET, POST, DELETE");
        http_exchange_fail(exchange, 405,
                           "%s is not possible here; GET shows which checks, POST drains, DELETE ends it",
                           method);
        return;
    }
    if ((post || delete) && !daemon_admin_allowed(daemon, exchange)) {
        return;
    }
    if (!drain_target_find(daemon->current->model, http_exchange_tail(exchange), &target, &error)) {
        http_exchange_fail(exchange, 404, "%s", error.text);
        return;
    }
    if (post) {
        drain(daemon, exchange, &target);
    } else if (delete) {
        release(daemon, exchange, &target);
    } else {
        reply(daemon, exchange, &target);
    }
    drain_target_free(&target);
}
