// SPDX-License-Identifier: MIT
// The HTTP port: what dashboards and people read. What changes things is in admin.c.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "core/dns/rrtype.h"
#include "core/location/client_text.h"
#include "core/report/evidence.h"
#include "core/report/metrics.h"
#include "core/routing/explain.h"
#include "internal.h"
#include "io/loop/clock.h"
#include "route53.h"

enum { METRICS_MAX = 256 << 20, TEXT_MAX = 1 << 20 };

void daemon_reply_json(struct http_exchange *exchange, int status, json_t *json)
{
    char *text = json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(9)); // 7.4, not 7.4000000000000004
    json_decref(json);
    size_t len = strlen(text);
    text[len] = '\n'; // takes the terminator's place
    http_exchange_reply(exchange, status, "application/json", (struct bytes){(uint8_t *)text, len + 1});
    free(text);
}

// Once reached it stays: a reload that adds checks takes nothing away.
bool daemon_ready(const struct daemon *daemon, const char **reason)
{
    if (daemon->stopping) {
        *reason = "stopping";
        return false;
    }
    if (!daemon->first_round_done) {
        *reason = "the first round of probes is under way";
        return false;
    }
    *reason = "ready";
    return true;
}

void daemon_status_input(const struct daemon *daemon, struct status_input *out)
{
    struct answer_counters counters;
    const char *reason;
    dns_server_counters(daemon->dns, &counters);
    *out = (struct status_input){
        .now = daemon_clock_wall(&daemon->clock),
        .started = daemon->started,
        .version = NEARWELL_VERSION,
        .ready = daemon_ready(daemon, &reason),
        .policy_source = daemon->current->model->source,
        .policy_loaded = daemon->policy_loaded,
        .policy_generation = daemon->policy_generation,
        .reload_error = daemon->reload_error,
        .reload_failed = daemon->reload_failed,
        .view = daemon->view,
        .fleet = daemon->fleet,
        .probes_active = prober_active(daemon->prober),
        .dns =
            {
                .queries = counters.queries,
                .dropped = counters.dropped,
                .truncated = counters.truncated,
                .fail_open = counters.fail_open,
                .client_subnet = counters.client_subnet,
            },
    };
    memcpy(out->dns.rcodes, counters.rcodes, sizeof out->dns.rcodes);
}

// Weak: what differs between two bodies of one tag is the time and the query counters only.
static void entity_tag(json_t *status, char out[32])
{
    json_t *steady = json_copy(status);
    json_object_del(steady, "now");
    json_object_del(steady, "dns");
    char *text = json_dumps(steady, JSON_COMPACT);
    snprintf(out, 32, "W/\"%016llx\"", (unsigned long long)bytes_hash(bytes_of(text)));
    free(text);
    json_decref(steady);
}

static void get_status(struct http_exchange *exchange, void *context)
{
    struct status_input input;
    struct status_filter filter = {
        .name = http_exchange_query(exchange, "name"),
        .type = http_exchange_query(exchange, "type"),
        .place = http_exchange_query(exchange, "place"),
    };
    daemon_status_input(context, &input);
    json_t *status = status_json(&input, &filter);
    char tag[32];
    entity_tag(status, tag);
    http_exchange_set_header(exchange, "ETag", tag);
    http_exchange_set_header(exchange, "Cache-Control", "no-cache");
    const char *known = http_exchange_header(exchange, "If-None-Match");
    if (known != NULL && strstr(known, tag) != NULL) {
        json_decref(status);
        http_exchange_reply(exchange, 304, NULL, (struct bytes){NULL, 0});
        return;
    }
    daemon_reply_json(exchange, 200, status);
}

static void get_metrics(struct http_exchange *exchange, void *context)
{
    struct status_input input;
    struct buffer text;
    daemon_status_input(context, &input);
    buffer_init(&text, METRICS_MAX);
    metrics_write(&input, &text);
    http_exchange_reply(exchange, 200, "text/plain; version=0.0.4; charset=utf-8",
                        (struct bytes){(const uint8_t *)buffer_string(&text), text.len});
    buffer_free(&text);
}

static void get_healthz(struct http_exchange *exchange, void *context)
{
    (void)context;
    http_exchange_reply(exchange, 200, "text/plain", bytes_of("ok\n"));
}

static void get_readyz(struct http_exchange *exchange, void *context)
{
    const char *reason;
    bool ready = daemon_ready(context, &reason);
    char text[128];
    snprintf(text, sizeof text, "%s\n", reason);
    http_exchange_reply(exchange, ready ? 200 : 503, "text/plain", bytes_of(text));
}

static void get_verdict(struct http_exchange *exchange, void *context)
{
    struct daemon *daemon = context;
    const char *id = http_exchange_tail(exchange);
    uint32_t check = model_find_health_check(daemon->current->model, bytes_of(id));
    struct check_state state;
    if (check == HEALTH_CHECK_NONE) {
        http_exchange_fail(exchange, 404, "no health check with id '%s'", id);
        return;
    }
    fleet_check_state(daemon->fleet, check, &state);
    http_exchange_set_header(exchange, "Cache-Control", "no-store");
    daemon_reply_json(exchange, state.healthy ? 200 : 503,
                      json_pack("{s:s, s:s}", "id", id, "status", state.healthy ? "healthy" : "unhealthy"));
}

// The question of /explain; false after an error reply.
static bool explain_question(struct http_exchange *exchange, const struct model *model, struct dns_name *name,
                             uint16_t *type, struct client *client)
{
    const char *name_text = http_exchange_query(exchange, "name");
    const char *type_text = http_exchange_query(exchange, "type");
    const char *client_text = http_exchange_query(exchange, "client");
    struct error error = {0};
    if (name_text == NULL) {
        http_exchange_fail(
            exchange, 400,
            "name is missing; for example /explain?name=api.example.com&type=A&client=203.0.113.0/24");
        return false;
    }
    if (!dns_name_parse(bytes_of(name_text), name, &error)) {
        http_exchange_fail(exchange, 400, "name: %s", error.text);
        return false;
    }
    *type = DNS_TYPE_A;
    if (type_text != NULL && !dns_rrtype_parse(bytes_of(type_text), type)) {
        http_exchange_fail(exchange, 400, "type: '%s' is not a record type", type_text);
        return false;
    }
    *client = (struct client){.source = http_exchange_peer(exchange).address, .place = PLACE_NONE};
    if (client_text != NULL && !client_parse(model, bytes_of(client_text), client, &error)) {
        http_exchange_fail(exchange, 400, "client: %s", error.text);
        return false;
    }
    return true;
}

// The view of the location that the question names, or of the first.
static bool explain_view(const struct daemon *daemon, struct http_exchange *exchange, struct view *view)
{
    const char *location = http_exchange_query(exchange, "location");
    *view = *daemon->view;
    if (location != NULL) {
        uint32_t index = fleet_find_location(daemon->fleet, location);
        if (index == LOCATION_NONE) {
            http_exchange_fail(exchange, 400, "location: Simulator.Locations has no '%s'", location);
            return false;
        }
        view->status = fleet_status_at(daemon->fleet, index);
    }
    return true;
}

static void get_explain(struct http_exchange *exchange, void *context)
{
    struct daemon *daemon = context;
    struct view view;
    struct dns_name name;
    uint16_t type;
    struct client client;
    struct random roll;
    if (!explain_question(exchange, daemon->current->model, &name, &type, &client) ||
        !explain_view(daemon, exchange, &view)) {
        return;
    }
    random_seed(&roll, (uint64_t)clock_mono().ns);
    json_t *explanation = explain(&view, &name, type, &client, &roll);
    struct status_input input;
    daemon_status_input(daemon, &input);
    report_evidence(&input, explanation);
    const char *format = http_exchange_query(exchange, "format");
    if (format == NULL || strcmp(format, "text") != 0) {
        daemon_reply_json(exchange, 200, explanation);
        return;
    }
    struct buffer text;
    buffer_init(&text, TEXT_MAX);
    explain_text(explanation, &text);
    json_decref(explanation);
    http_exchange_reply(exchange, 200, "text/plain; charset=utf-8",
                        (struct bytes){(const uint8_t *)buffer_string(&text), text.len});
    buffer_free(&text);
}

static void get_index(struct http_exchange *exchange, void *context)
{
    static const char text[] =
        "nearwell " NEARWELL_VERSION "\n\n"
        "GET  /status                   everything, as JSON; ?name=&type=&place= narrow the answers\n"
        "GET  /metrics                  Prometheus\n"
        "GET  /healthz, /readyz         alive; ready to be relied on\n"
        "GET  /explain?name=&type=&client=  one decision and why; &format=text for people\n"
        "GET  /verdict/HEALTH_CHECK_ID  200 healthy, 503 unhealthy\n"
        "POST /admin/health-checks/ID   {\"Inverted\":, \"Disabled\":, \"Verdict\":, \"Reason\":, \"For\":}\n"
        "                               {\"RoutingControl\":} the switch of a recovery control\n"
        "GET  /admin/overrides          what is imposed on checks, until when and why\n"
        "DELETE /admin/overrides/ID     ends it\n"
        "POST /admin/drains/REGION|ID   {\"Reason\":, \"For\":} takes clients elsewhere; GET, DELETE\n"
        "GET  /admin/journal            who changed what, when and why; ?most=\n"
        "     /2013-04-01/...           the Route 53 API, for the AWS CLI, SDKs and Terraform\n"
        "POST /admin/api                {\"ThrottleRequestsPerSecond\":, \"OneChangeAtATime\":, \"Fault\":, "
        "\"For\":, \"Reason\":}\n"
        "                               how the Route 53 API misbehaves; GET, DELETE\n"
        "POST /admin/clock              {\"Advance\":\"90s\"} with --clock manual; GET\n"
        "POST /admin/endpoints/HOST:PORT  {\"Kind\":\"down\"} how it answers probes then; GET, DELETE\n"
        "POST /admin/resources/DNSNAME  {\"Healthy\":, \"Reason\":, \"For\":} of an AWS resource; GET, "
        "DELETE\n"
        "POST /admin/metrics            {\"Namespace\":, \"MetricData\":} data for checks of metrics, as "
        "PutMetricData\n";
    (void)context;
    http_exchange_reply(exchange, 200, "text/plain; charset=utf-8", bytes_of(text));
}

const struct http_route daemon_routes[] = {
    {"GET", "/status", get_status},
    {"GET", "/metrics", get_metrics},
    {"GET", "/healthz", get_healthz},
    {"GET", "/readyz", get_readyz},
    {"GET", "/explain", get_explain},
    {"GET", "/verdict/", get_verdict},
    {NULL, "/admin/health-checks/", daemon_admin_check},
    {"GET", "/admin/overrides", daemon_admin_overrides},
    {"DELETE", "/admin/overrides/", daemon_admin_end_override},
    {NULL, "/admin/drains/", daemon_admin_drain},
    {"GET", "/admin/journal", durable_get_journal},
    {NULL, "/admin/clock", daemon_admin_clock},
    {NULL, "/admin/endpoints", daemon_admin_endpoints},
    {NULL, "/admin/endpoints/", daemon_admin_endpoints},
    {"POST", "/admin/metrics", daemon_admin_metrics},
    {NULL, "/admin/resources/", daemon_admin_resource},
    {NULL, "/2013-04-01/", daemon_route53},
    {NULL, "/admin/api", daemon_admin_api},
    {"GET", "/", get_index},
    {NULL, NULL, NULL},
};
