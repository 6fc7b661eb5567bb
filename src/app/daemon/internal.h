// SPDX-License-Identifier: MIT
// What the parts of the daemon share. Control thread only, but for what the workers see through the
// publisher.
#ifndef NEARWELL_APP_DAEMON_INTERNAL_H
#define NEARWELL_APP_DAEMON_INTERNAL_H

#include "app/daemon/daemon.h"
#include "app/daemon/snapshot.h"
#include "clock.h"
#include "core/account/account.h"
#include "core/admin/api_faults.h"
#include "core/admin/override_request.h"
#include "core/health/fleet.h"
#include "core/report/status_json.h"
#include "durable.h"
#include "io/http/multi.h"
#include "io/http/server.h"
#include "io/loop/loop.h"
#include "io/probe/prober.h"
#include "io/publish/publish.h"
#include "io/resolver/resolver.h"
#include "io/route53/server.h"
#include "manual.h"
#include "propagate.h"
#include "recorder.h"

// How far the file of metric data has been read.
struct metrics_read {
    size_t bytes;
    size_t lines;  // that have ended
    uint64_t hash; // of those bytes
};

struct daemon {
    const struct daemon_options *options;
    struct daemon_clock clock;
    struct manual *manual; // NULL with a real clock: probes are real
    struct loop *loop;
    struct http_multi *multi;
    struct resolver *resolver;
    struct prober *prober;
    struct fleet *fleet;
    struct loop_timer *fleet_timer;
    struct loop_timer *latency_timer;
    struct publisher *publisher;
    struct dns_server *dns;
    struct http_server *http;
    struct loop_signal *signals[3];
    struct ip_endpoint dns_bound[DNS_LISTENERS_MAX];
    struct ip_endpoint http_bound;

    struct state *state; // NULL: memory only
    struct journal *journal;
    struct route53_server *route53;
    struct api_faults api_faults;
    struct random ids;       // for what the API creates
    struct account *account; // what is served is compiled from it
    struct policy *unmerged; // served since the start, and not the account's yet; NULL: it has it all
    struct propagation propagation;
    struct loop_timer *propagation_timer;
    struct recorder recorder;
    struct snapshot *current;
    const struct view *view; // the newest published one: ours to read, the publisher's to release
    uint64_t view_generation;
    wall_time started;
    wall_time policy_loaded;
    uint64_t policy_generation;
    char *reload_error; // NULL when the last load went well
    wall_time reload_failed;
    struct metrics_read metrics_read;
    bool first_round_done;
    mono_time probes_started; // the last of them
    mono_time fleet_due;      // what the fleet's timer is set to
    bool stopping;
};

// reload.c: replaces the policy in force, or keeps it and says why.
bool daemon_load_policy(struct daemon *daemon, bool first);
// What of a load can wait until the answers are there, before anything else happens: the account gets the
// first policy, and what only the loading needed is given back.
void daemon_settle(struct daemon *daemon);
bool daemon_on_loopback(const struct daemon_options *options); // all listeners
// Takes a model of the account: in force, and published, on return.
void daemon_take_model(struct daemon *daemon, struct model *model, mono_time now);

// health_loop.c: everything that is due, then the timer for what comes next. Call after any change of the
// fleet.
void daemon_run_health(struct daemon *daemon, mono_time now);
void daemon_probe_done(const struct probe_order *order, const struct observation *observation, mono_time now,
                       wall_time wall, void *context);
void daemon_certificate_seen(const struct probe_order *order, const struct certificate *certificate,
                             void *context);
void daemon_publish(struct daemon *daemon);
// The fleet gets an observation, and the recording if it counts.
void daemon_observe(struct daemon *daemon, const struct probe_order *order,
                    const struct observation *observation, mono_time now, wall_time wall);

// latency.c: takes the latency table of the present time; true: it is another one, and is to be published.
bool daemon_follow_latency(struct daemon *daemon);
void daemon_latency_fell_due(mono_time now, void *context); // of the timer

// rehearsal.c: a manual clock and scripted endpoints.
void daemon_admin_clock(struct http_exchange *exchange, void *context);
void daemon_admin_endpoints(struct http_exchange *exchange, void *context);

// admin_metrics.c: takes what is new in the file of metric data. False: it cannot be read.
bool daemon_read_metrics(struct daemon *daemon, struct error *error);

// routes.c: the table of the HTTP port; admin*.c and drain.c: its parts that change things.
extern const struct http_route daemon_routes[];
// A web page that a browser on this machine shows must not reach our port: browsers say where a page came
// from.
bool daemon_from_foreign_page(struct http_exchange *exchange);
bool daemon_admin_allowed(const struct daemon *daemon, struct http_exchange *exchange); // else has answered
// What an operator imposes on a check, replacing what was imposed before, and a switch.
struct imposition {
    uint32_t check;
    struct override override; // one that says nothing ends it
    enum routing_control control;
};
// Written down, made and published on return, all of it. False: nothing changed, and the exchange is
// answered. more: for the journal, behind the name in the path; taken; NULL: nothing.
bool daemon_impose(struct daemon *daemon, struct http_exchange *exchange, const char *what, json_t *more,
                   const struct imposition *impositions, size_t count);
void daemon_admin_check(struct http_exchange *exchange, void *context);
void daemon_admin_overrides(struct http_exchange *exchange, void *context);
void daemon_admin_end_override(struct http_exchange *exchange, void *context);
void daemon_admin_resource(struct http_exchange *exchange, void *context);
void daemon_admin_metrics(struct http_exchange *exchange, void *context);
void daemon_admin_drain(struct http_exchange *exchange, void *context);
void daemon_status_input(const struct daemon *daemon, struct status_input *out);
bool daemon_ready(const struct daemon *daemon, const char **reason);
void daemon_reply_json(struct http_exchange *exchange, int status, json_t *json); // takes json

#endif
