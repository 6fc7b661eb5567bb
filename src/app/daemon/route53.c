// SPDX-License-Identifier: MIT
// The Route 53 API of the HTTP port: a call is validated, written down, applied and published, in this order,
// before it is answered.
#include "route53.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "core/account/compile.h"
#include "core/route53/request.h"
#include "core/route53/response.h"
#include "internal.h"
#include "io/loop/clock.h"

enum { SUBJECTS_MAX = 20, PROBLEMS_MAX = 16384 };

// --- journal -----------------------------------------------------------------------------------------------

static void add_changes(json_t *subjects, const json_t *changes)
{
    size_t i;
    json_t *change;
    json_array_foreach(changes, i, change)
    {
        const json_t *set = json_object_get(change, "ResourceRecordSet");
        const char *identifier = json_string_value(json_object_get(set, "SetIdentifier"));
        if (i == SUBJECTS_MAX) {
            json_array_append_new(subjects, json_sprintf("and %zu more", json_array_size(changes) - i));
            return;
        }
        json_array_append_new(
            subjects, json_sprintf("%s %s %s%s%s", json_string_value(json_object_get(change, "Action")),
                                   json_string_value(json_object_get(set, "Name")),
                                   json_string_value(json_object_get(set, "Type")),
                                   identifier != NULL ? " " : "", identifier != NULL ? identifier : ""));
    }
}

// What a call was about: what it created, or what its input names.
static json_t *subjects_of(enum route53_operation operation, const json_t *input, const json_t *output)
{
    static const char *const members[] = {"Id", "HostedZoneId", "HealthCheckId", "ResourceId",
                                          "DelegationSetId"};
    json_t *subjects = json_array();
    char *created = route53_response_location(operation, input, output);
    const char *path = created != NULL ? strstr(created, ROUTE53_VERSION_PATH "/") : NULL;
    if (path != NULL) {
        json_array_append_new(subjects, json_string(path + sizeof ROUTE53_VERSION_PATH));
    }
    for (size_t i = 0; path == NULL && i < sizeof members / sizeof members[0]; i++) {
        json_t *id = json_object_get(input, members[i]);
        if (json_is_string(id)) {
            json_array_append(subjects, id);
        }
    }
    add_changes(subjects, json_object_get(json_object_get(input, "ChangeBatch"), "Changes"));
    free(created);
    return subjects;
}

static const char *reason_of(const json_t *input)
{
    static const char *const holders[] = {"ChangeBatch", "HostedZoneConfig"};
    const json_t *comment = json_object_get(input, "Comment");
    for (size_t i = 0; comment == NULL && i < sizeof holders / sizeof holders[0]; i++) {
        comment = json_object_get(json_object_get(input, holders[i]), "Comment");
    }
    return json_string_value(comment);
}

// --- calls -------------------------------------------------------------------------------------------------

static bool write_down(struct daemon *daemon, enum route53_operation operation, const json_t *input,
                       const json_t *output, const struct account_edit *edit, const char *who,
                       struct route53_fault *fault)
{
    struct error error = {0};
    struct durable_change change = {
        .who = who,
        .what = route53_operation_row(operation)->name,
        .on = subjects_of(operation, input, output),
        .why = reason_of(input),
    };
    bool ok = durable_write_edit(daemon, edit, &change, &error) ||
              route53_fault_set(fault, "ServiceUnavailable", "Nothing was changed: %s", error.text);
    json_decref(change.on);
    return ok;
}

// B4: what is a change takes its time to reach the servers; updates of health checks are none.
static void apply(struct daemon *daemon, struct account_edit *edit, mono_time now)
{
    struct model *model = account_edit_take_model(edit);
    bool delayed = account_edit_changes(edit, ACCOUNT_CHANGE);
    account_apply(edit);
    if (model != NULL) {
        propagate(daemon, model, delayed, now);
        daemon_run_health(daemon, now);
    }
}

static bool call(struct daemon *daemon, enum route53_operation operation, json_t *input, const char *who,
                 json_t **output, struct account_edit **edit, struct route53_fault *fault)
{
    const struct route53_call_context context = {
        .account = daemon->account,
        .fleet = daemon->fleet,
        .view = daemon->view,
        .model = propagation_latest(&daemon->propagation, daemon->current->model),
        .now = daemon_clock_wall(&daemon->clock),
        .one_change_at_a_time = daemon->api_faults.one_change_at_a_time,
        .ids = &daemon->ids,
    };
    if (!route53_call(&context, operation, input, output, edit, fault)) {
        return false;
    }
    if (*edit != NULL && !write_down(daemon, operation, input, *output, *edit, who, fault)) {
        account_edit_discard(*edit);
        json_decref(*output);
        *output = NULL;
        return false;
    }
    return true;
}

bool daemon_route53_call(struct daemon *daemon, enum route53_operation operation, json_t *input,
                         const char *who, json_t **output, struct route53_fault *fault)
{
    const struct random before = daemon->ids;
    char *said = recorder_on(daemon) ? json_dumps(input, JSON_COMPACT) : NULL; // a call may change its input
    mono_time now = daemon_clock_mono(&daemon->clock);
    struct account_edit *edit = NULL;
    bool ok = call(daemon, operation, input, who, output, &edit, fault);
    if (ok && edit != NULL) {
        record_call(daemon, route53_operation_row(operation)->name, said, now);
        apply(daemon, edit, now);
    } else {
        daemon->ids = before; // a replay makes only the calls that changed something
    }
    free(said);
    return ok;
}

// --- faults on request -------------------------------------------------------------------------------------

static void reply_faults(const struct daemon *daemon, struct http_exchange *exchange)
{
    daemon_reply_json(exchange, 200, api_faults_json(&daemon->api_faults, daemon_clock_mono(&daemon->clock)));
}

static void log_faults(const struct daemon *daemon, json_t *subjects)
{
    struct log_line line;
    char *text = json_dumps(subjects, JSON_COMPACT);
    log_begin(&line, LOG_LEVEL_INFO, json_array_size(subjects) > 0 ? "api_faults_set" : "api_faults_ended");
    log_text(&line, "faults", text);
    if (daemon->api_faults.reason[0] != '\0') {
        log_text(&line, "reason", daemon->api_faults.reason);
    }
    log_end(&line);
    free(text);
}

// Written down, and in force for the next call.
static void set_faults(struct daemon *daemon, struct http_exchange *exchange, const char *what,
                       const struct api_faults *faults)
{
    mono_time now = daemon_clock_mono(&daemon->clock);
    char from[IP_TEXT];
    char *text = NULL;
    struct state_row row = durable_api_faults_row(faults, now, &text);
    struct durable_change change = {
        .rows = &row,
        .count = 1,
        .who = durable_who(exchange, from),
        .what = what,
        .on = api_faults_subjects(faults, now),
        .why = faults->reason,
    };
    if (durable_write_for(daemon, exchange, &change)) {
        daemon->api_faults = *faults;
        log_faults(daemon, change.on);
        reply_faults(daemon, exchange);
    }
    json_decref(change.on);
    free(text);
}

static void post_faults(struct daemon *daemon, struct http_exchange *exchange)
{
    struct api_faults faults = daemon->api_faults;
    struct buffer problems;
    buffer_init(&problems, PROBLEMS_MAX);
    if (api_faults_parse(http_exchange_body(exchange), daemon_clock_mono(&daemon->clock),
                         daemon_clock_wall(&daemon->clock), &faults, &problems)) {
        set_faults(daemon, exchange, "set API faults", &faults);
    } else {
        http_exchange_fail(exchange, 400, "%s", buffer_string(&problems));
    }
    buffer_free(&problems);
}

void daemon_admin_api(struct http_exchange *exchange, void *context)
{
    static const struct api_faults none = {0};
    struct daemon *daemon = context;
    const char *method = http_exchange_method(exchange);
    bool post = strcmp(method, "POST") == 0;
    if (strcmp(method, "GET") == 0) {
        reply_faults(daemon, exchange);
    } else if (!post && strcmp(method, "DELETE") != 0) {
        http_exchange_set_header(exchange, "Allow", "GET, POST, DELETE");
        http_exchange_fail(exchange, 405,
                           "%s is not possible here; POST sets faults of the API, DELETE ends them", method);
    } else if (!daemon_admin_allowed(daemon, exchange)) {
        return; // answered
    } else if (post) {
        post_faults(daemon, exchange);
    } else {
        set_faults(daemon, exchange, "end API faults", &none);
    }
}

// --- HTTP --------------------------------------------------------------------------------------------------

void daemon_route53(struct http_exchange *exchange, void *context)
{
    struct daemon *daemon = context;
    if (daemon_from_foreign_page(exchange)) {
        http_exchange_fail(exchange, 403, "requests from web pages of other origins are refused");
        return;
    }
    route53_server_handle(daemon->route53, exchange, clock_wall());
}

static bool admit(struct daemon *daemon, struct route53_exchange *exchange)
{
    enum api_fault asked = api_faults_admit(&daemon->api_faults, daemon_clock_mono(&daemon->clock));
    struct route53_fault fault = {0};
    if (asked == API_FAULT_NONE) {
        return true;
    }
    if (asked == API_FAULT_DROP) {
        route53_exchange_drop(exchange);
        return false;
    }
    route53_fault_set(&fault, api_fault_code(asked), "%s", api_fault_message(asked));
    route53_exchange_fail(exchange, &fault);
    route53_fault_clear(&fault);
    return false;
}

static void serve(struct route53_exchange *exchange, void *context)
{
    struct daemon *daemon = context;
    struct route53_fault fault = {0};
    json_t *output = NULL;
    if (!admit(daemon, exchange)) {
        return;
    }
    if (daemon_route53_call(daemon, route53_exchange_operation(exchange), route53_exchange_input(exchange),
                            route53_exchange_principal(exchange), &output, &fault)) {
        route53_exchange_succeed(exchange, output);
    } else {
        route53_exchange_fail(exchange, &fault);
    }
    route53_fault_clear(&fault);
    json_decref(output);
}

void daemon_route53_open(struct daemon *daemon, uint64_t seed)
{
    const struct route53_server_options options = {
        .keys = daemon->options->api_keys, .seed = seed, .handler = serve, .context = daemon};
    daemon->route53 = route53_server_create(&options);
}

void daemon_route53_refuse(struct http_exchange *exchange, int status, const char *text, void *context)
{
    struct daemon *daemon = context;
    if (!route53_server_refuse(daemon->route53, exchange, status, text)) {
        http_exchange_fail(exchange, status, "%s", text);
    }
}
