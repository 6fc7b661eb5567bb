// SPDX-License-Identifier: MIT
// The part of the HTTP port that changes things.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "core/admin/override_row.h"
#include "internal.h"

enum { PROBLEMS_MAX = 16384 };

// Compares in a time that does not depend on where the difference is.
static bool same_secret(const char *a, const char *b)
{
    size_t a_len = strlen(a);
    size_t b_len = strlen(b);
    unsigned char difference = a_len != b_len;
    for (size_t i = 0; i < a_len; i++) {
        difference |= (unsigned char)(a[i] ^ b[b_len > 0 ? i % b_len : 0]);
    }
    return difference == 0;
}

bool daemon_from_foreign_page(struct http_exchange *exchange)
{
    const char *origin = http_exchange_header(exchange, "Origin");
    if (origin == NULL) {
        return false;
    }
    static const char *const ours[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        size_t len = strlen(ours[i]);
        if (strncasecmp(origin, ours[i], len) == 0 && (origin[len] == '\0' || origin[len] == ':')) {
            return false;
        }
    }
    return true;
}

bool daemon_admin_allowed(const struct daemon *daemon, struct http_exchange *exchange)
{
    static const char scheme[] = "Bearer ";
    const char *token = daemon->options->admin_token;
    const char *given = http_exchange_header(exchange, "Authorization");
    if (daemon_from_foreign_page(exchange)) {
        http_exchange_fail(exchange, 403, "requests from web pages of other origins are refused");
        return false;
    }
    if (token == NULL) {
        return true;
    }
    if (given == NULL || strncasecmp(given, scheme, sizeof scheme - 1) != 0 ||
        !same_secret(given + sizeof scheme - 1, token)) {
        http_exchange_set_header(exchange, "WWW-Authenticate", "Bearer");
        http_exchange_fail(exchange, 401,
                           "needs 'Authorization: Bearer TOKEN' with the token of --admin-token-file");
        return false;
    }
    return true;
}

static bool find_check(const struct daemon *daemon, struct http_exchange *exchange, uint32_t *check)
{
    const char *id = http_exchange_tail(exchange);
    *check = model_find_health_check(daemon->current->model, bytes_of(id));
    if (*check == HEALTH_CHECK_NONE) {
        http_exchange_fail(exchange, 404, "no health check with id '%s'", id);
        return false;
    }
    return true;
}

static void reply_check(const struct daemon *daemon, struct http_exchange *exchange, uint32_t check)
{
    struct status_input input;
    daemon_status_input(daemon, &input);
    daemon_reply_json(exchange, 200, status_check_json(&input, check));
}

static void log_override(const struct daemon *daemon, uint32_t check, const struct override *override)
{
    static const char *const verdicts[] = {"auto", "healthy", "unhealthy"};
    struct log_line line;
    char until[WALL_TIME_TEXT];
    log_begin(&line, LOG_LEVEL_INFO, override != NULL ? "override_set" : "override_ended");
    log_text(&line, "id", daemon->current->model->health_checks[check].id);
    if (override != NULL) {
        if (override->has_inverted) {
            log_bool(&line, "inverted", override->inverted);
        }
        if (override->has_disabled) {
            log_bool(&line, "disabled", override->disabled);
        }
        log_text(&line, "verdict", verdicts[override->verdict]);
        if (override->reason[0] != '\0') {
            log_text(&line, "reason", override->reason);
        }
        if (override->until_wall.ns != 0) {
            wall_time_format(override->until_wall, until);
            log_text(&line, "until", until);
        }
    }
    log_end(&line);
}

static void switch_control(struct daemon *daemon, uint32_t check, enum routing_control control, mono_time now,
                           wall_time wall)
{
    if (control == ROUTING_CONTROL_AS_IT_IS) {
        return;
    }
    bool on = control == ROUTING_CONTROL_ON;
    struct log_line line;
    fleet_set_routing_control(daemon->fleet, check, on, now, wall);
    record_control(daemon, daemon->current->model->health_checks[check].id, on, now);
    log_begin(&line, LOG_LEVEL_INFO, "routing_control_set");
    log_text(&line, "id", daemon->current->model->health_checks[check].id);
    log_text(&line, "state", on ? "On" : "Off");
    log_end(&line);
}

static void impose(struct daemon *daemon, const struct imposition *imposition, mono_time now, wall_time wall)
{
    uint32_t check = imposition->check;
    bool before = fleet_override(daemon->fleet, check) != NULL;
    switch_control(daemon, check, imposition->control, now, wall);
    fleet_set_override(daemon->fleet, check, &imposition->override, now, wall);
    if (before || fleet_override(daemon->fleet, check) != NULL) {
        log_override(daemon, check, fleet_override(daemon->fleet, check));
        record_override(daemon, daemon->current->model->health_checks[check].id,
                        fleet_override(daemon->fleet, check), now);
    }
}

// Rows of the state file: at most two for each imposition.
static size_t imposition_rows(const struct daemon *daemon, const struct imposition *impositions, size_t count,
                              struct state_row *rows, char **texts)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const char *id = daemon->current->model->health_checks[impositions[i].check].id;
        rows[used++] = durable_override_row(id, &impositions[i].override, &texts[i]);
        if (impositions[i].control != ROUTING_CONTROL_AS_IT_IS) {
            rows[used++] =
                (struct state_row){DURABLE_ROUTING_CONTROL, bytes_of(id),
                                   bytes_of(impositions[i].control == ROUTING_CONTROL_ON ? "On" : "Off")};
        }
    }
    return used;
}

bool daemon_impose(struct daemon *daemon, struct http_exchange *exchange, const char *what, json_t *more,
                   const struct imposition *impositions, size_t count)
{
    mono_time now = daemon_clock_mono(&daemon->clock);
    wall_time wall = daemon_clock_wall(&daemon->clock);
    struct state_row *rows = xcalloc(count * 2, sizeof *rows);
    char **texts = xcalloc(count, sizeof *texts);
    char from[IP_TEXT];
    struct durable_change change = {
        .rows = rows,
        .count = imposition_rows(daemon, impositions, count, rows, texts),
        .who = durable_who(exchange, from),
        .what = what,
        .on = json_pack("[s]", http_exchange_tail(exchange)),
        .why = impositions[0].override.reason,
    };
    json_array_extend(change.on, more);
    json_decref(more);
    bool ok = durable_write_for(daemon, exchange, &change);
    for (size_t i = 0; i < count; i++) {
        if (ok) {
            impose(daemon, &impositions[i], now, wall);
        }
        free(texts[i]);
    }
    if (ok) {
        daemon_run_health(daemon, now); // published before the reply goes out
    }
    json_decref(change.on);
    free(texts);
    free(rows);
    return ok;
}

static bool impose_one(struct daemon *daemon, struct http_exchange *exchange,
                       const struct imposition *imposition)
{
    json_t *subjects = override_subjects(&imposition->override);
    if (imposition->control != ROUTING_CONTROL_AS_IT_IS) {
        bool on = imposition->control == ROUTING_CONTROL_ON;
        json_array_append_new(subjects, json_sprintf("RoutingControl %s", on ? "On" : "Off"));
    }
    const char *what = json_array_size(subjects) > 0 ? "impose" : "end";
    return daemon_impose(daemon, exchange, what, subjects, imposition, 1);
}

static void post_check(struct daemon *daemon, struct http_exchange *exchange, uint32_t check)
{
    struct imposition imposition = {.check = check};
    struct buffer problems;
    buffer_init(&problems, PROBLEMS_MAX);
    if (!override_request_parse(http_exchange_body(exchange), &daemon->current->model->health_checks[check],
                                fleet_override(daemon->fleet, check), daemon_clock_mono(&daemon->clock),
                                daemon_clock_wall(&daemon->clock), &imposition.override, &imposition.control,
                                &problems)) {
        http_exchange_fail(exchange, 400, "%s", buffer_string(&problems));
    } else if (impose_one(daemon, exchange, &imposition)) {
        reply_check(daemon, exchange, check);
    }
    buffer_free(&problems);
}

void daemon_admin_check(struct http_exchange *exchange, void *context)
{
    struct daemon *daemon = context;
    const char *method = http_exchange_method(exchange);
    uint32_t check;
    if (strcmp(method, "GET") == 0) {
        if (find_check(daemon, exchange, &check)) {
            reply_check(daemon, exchange, check);
        }
    } else if (strcmp(method, "POST") == 0) {
        if (daemon_admin_allowed(daemon, exchange) && find_check(daemon, exchange, &check)) {
            post_check(daemon, exchange, check);
        }
    } else {
        http_exchange_set_header(exchange, "Allow", "GET, POST");
        http_exchange_fail(exchange, 405, "%s is not possible here; GET shows the check, POST changes it",
                           method);
    }
}

void daemon_admin_overrides(struct http_exchange *exchange, void *context)
{
    struct daemon *daemon = context;
    struct status_input input;
    json_t *array = json_array();
    daemon_status_input(daemon, &input);
    for (uint32_t i = 0; i < daemon->current->model->health_check_count; i++) {
        if (fleet_override(daemon->fleet, i) != NULL) {
            json_t *check = status_check_json(&input, i);
            json_object_del(check, "last_observations");
            json_array_append_new(array, check);
        }
    }
    daemon_reply_json(exchange, 200,
                      json_pack("{s:i, s:o}", "schema_version", STATUS_SCHEMA_VERSION, "overrides", array));
}

void daemon_admin_end_override(struct http_exchange *exchange, void *context)
{
    struct daemon *daemon = context;
    uint32_t check;
    if (!daemon_admin_allowed(daemon, exchange) || !find_check(daemon, exchange, &check)) {
        return;
    }
    if (fleet_override(daemon->fleet, check) == NULL) {
        http_exchange_fail(exchange, 404, "health check '%s' has no override", http_exchange_tail(exchange));
        return;
    }
    struct imposition none = {.check = check, .override.until = MONO_NEVER};
    if (daemon_impose(daemon, exchange, "end", NULL, &none, 1)) {
        reply_check(daemon, exchange, check);
    }
}
