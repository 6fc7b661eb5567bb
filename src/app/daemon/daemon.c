// SPDX-License-Identifier: MIT
// Start and stop order. Sockets are bound before the policy is read for good, so that an address in use is
// told at once; the workers start when there is a view to answer from.
#include "app/daemon/daemon.h"

#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "core/route53/request.h"
#include "internal.h"
#include "io/loop/clock.h"
#include "io/notify/notify.h"
#include "route53.h"

enum { RESOLVE_TIMEOUT_MS = 2000, TCP_CONNECTIONS = 256, TCP_IDLE_MS = 10000 }; // P17

static void release_view(const struct view *view, void *context)
{
    (void)context;
    snapshot_view_destroy(view);
}

static void fleet_due(mono_time now, void *context)
{
    daemon_run_health(context, now);
}

static void caught(int signal_number, void *context)
{
    struct daemon *daemon = context;
    if (signal_number == SIGHUP) {
        daemon_load_policy(daemon, false);
        daemon_settle(daemon);
        struct error error = {0};
        if (!daemon_read_metrics(daemon, &error)) {
            log_message(LOG_LEVEL_ERROR, "metrics_unreadable", "%s", error.text);
        }
        daemon_run_health(daemon, daemon_clock_mono(&daemon->clock));
        return;
    }
    log_message(LOG_LEVEL_INFO, "stopping", "%s", strsignal(signal_number));
    daemon->stopping = true;
    loop_stop(daemon->loop);
}

// Probes are sockets: 10 000 checks need more than the usual 1024.
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static bool start_loop(struct daemon *daemon, struct error *error)
{
    static const int signals[] = {SIGHUP, SIGTERM, SIGINT};
    const struct daemon_options *options = daemon->options;
    daemon->loop = loop_create();
    daemon->multi = http_multi_create(daemon->loop);
    daemon->resolver = resolver_create(daemon->loop, options->resolvers, RESOLVE_TIMEOUT_MS, error);
    if (daemon->resolver == NULL) {
        return error_context(error, "--resolver");
    }
    daemon->fleet = fleet_create();
    propagate_open(daemon);
    daemon->fleet_timer = loop_timer_create(daemon->loop, fleet_due, daemon);
    daemon->latency_timer = loop_timer_create(daemon->loop, daemon_latency_fell_due, daemon);
    daemon->prober =
        prober_create(daemon->loop, daemon->multi, daemon->resolver, 1, daemon_probe_done, daemon);
    prober_watch_certificates(daemon->prober, daemon_certificate_seen);
    daemon->publisher = publisher_create(release_view, NULL);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        daemon->signals[i] = loop_signal_create(daemon->loop, signals[i], caught, daemon);
    }
    return true;
}

// Where strangers may come, whatever changes state asks for credentials.
static bool may_listen(const struct daemon_options *options, struct error *error)
{
    const char *missing = options->admin_token == NULL && options->api_keys == NULL
                              ? "--admin-token-file FILE and --api-keys-file FILE"
                          : options->admin_token == NULL ? "--admin-token-file FILE"
                          : options->api_keys == NULL    ? "--api-keys-file FILE"
                                                         : NULL;
    char at[IP_ENDPOINT_TEXT];
    ip_endpoint_format(&options->http, at);
    return ip_is_loopback(&options->http.address) || missing == NULL ||
           error_set(
               error,
               "--http %s is not on loopback, where anybody could change records and health checks; give "
               "%s, or listen on 127.0.0.1",
               at, missing);
}

static bool bind_sockets(struct daemon *daemon, struct error *error)
{
    const struct daemon_options *options = daemon->options;
    struct dns_server_options dns = {
        .listeners = options->dns,
        .listener_count = options->dns_count,
        .workers = options->workers,
        .seed = (uint64_t)clock_wall().ns,
        .tcp_connections = TCP_CONNECTIONS,
        .tcp_idle_ms = TCP_IDLE_MS,
    };
    if (!may_listen(options, error)) {
        return false;
    }
    daemon->dns = dns_server_create(&dns, daemon->publisher, daemon->dns_bound, error);
    if (daemon->dns == NULL) {
        return false;
    }
    struct http_limits limits = http_limits_default;
    limits.body_bytes = ROUTE53_BODY_MOST;
    daemon->http = http_server_create(daemon->loop, daemon_routes, daemon, &limits);
    http_server_on_refusal(daemon->http, daemon_route53_refuse);
    return http_server_listen(daemon->http, &options->http, &daemon->http_bound, error);
}

static void print_ready(const struct daemon *daemon)
{
    char text[IP_ENDPOINT_TEXT];
    json_t *dns = json_array();
    for (size_t i = 0; i < daemon->options->dns_count; i++) {
        ip_endpoint_format(&daemon->dns_bound[i], text);
        json_array_append_new(dns, json_string(text));
    }
    ip_endpoint_format(&daemon->http_bound, text);
    json_t *ready =
        json_pack("{s:s, s:o, s:s, s:i}", "event", "ready", "dns", dns, "http", text, "pid", (int)getpid());
    char *line = json_dumps(ready, JSON_COMPACT);
    printf("%s\n", line);
    fflush(stdout);
    free(line);
    json_decref(ready);
    notify_service_manager("READY=1");
}

static void destroy(struct daemon *daemon)
{
    http_server_destroy(daemon->http);
    route53_server_destroy(daemon->route53);
    dns_server_destroy(daemon->dns);
    for (size_t i = 0; i < sizeof daemon->signals / sizeof daemon->signals[0]; i++) {
        loop_signal_destroy(daemon->signals[i]);
    }
    prober_destroy(daemon->prober);
    manual_destroy(daemon->manual);
    policy_destroy(daemon->unmerged);
    durable_close(daemon);
    loop_timer_destroy(daemon->fleet_timer);
    loop_timer_destroy(daemon->latency_timer);
    propagate_close(daemon);
    fleet_destroy(daemon->fleet);
    publisher_destroy(daemon->publisher);
    snapshot_release(daemon->current);
    resolver_destroy(daemon->resolver);
    http_multi_destroy(daemon->multi);
    if (daemon->loop != NULL) {
        loop_destroy(daemon->loop);
    }
    free(daemon->reload_error);
}

static bool open_state(struct daemon *daemon, struct error *error)
{
    struct error cause = {0};
    return durable_open(daemon, &cause) || error_set(error, "--state %s", cause.text);
}

// The exit code, 0 when all is open. A policy that cannot be used has told why itself, and leaves error as it
// is.
static int open_all(struct daemon *daemon, uint64_t seed, struct error *error)
{
    if (!start_loop(daemon, error) || !open_state(daemon, error) || !recorder_open(daemon, seed, error)) {
        return 2;
    }
    if (!bind_sockets(daemon, error)) {
        return 1;
    }
    return daemon_load_policy(daemon, true) && daemon_read_metrics(daemon, error) ? 0 : 2;
}

int daemon_run(const struct daemon_options *options)
{
    struct daemon daemon = {.options = options, .clock = daemon_clock_start(options->manual_clock)};
    struct error error = {0};
    daemon.started = daemon_clock_wall(&daemon.clock);
    daemon.manual = options->manual_clock ? manual_create() : NULL;
    uint64_t seed = (uint64_t)clock_wall().ns ^ (uint64_t)getpid() << 40;
    random_seed(&daemon.ids, seed);
    daemon_route53_open(&daemon, ~seed);
    raise_descriptor_limit();
    int code = open_all(&daemon, seed, &error);
    if (error.set) {
        fprintf(stderr, "nearwell: %s\n", error.text);
    }
    if (code == 0) {
        durable_restore(&daemon);
        daemon_publish(&daemon);
        dns_server_start(daemon.dns);
        daemon_run_health(&daemon, daemon_clock_mono(&daemon.clock));
        print_ready(&daemon);
        daemon_settle(&daemon);
        loop_run(daemon.loop);
        notify_service_manager("STOPPING=1");
        recorder_close(&daemon, "stopped");
    }
    destroy(&daemon);
    return code;
}
