// SPDX-License-Identifier: MIT
// Observations in, published views out.
#include "base/log.h"
#include "core/health/check.h"
#include "internal.h"

static void log_change(const struct daemon *daemon, const struct health_change *change)
{
    const struct health_check *check = &daemon->current->model->health_checks[change->check];
    struct log_line line;
    char evidence[OBSERVATION_TEXT];
    log_begin(&line, change->healthy ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "health_check_changed");
    log_text(&line, "id", check->id);
    if (check->name != NULL) {
        log_text(&line, "name", check->name);
    }
    log_text(&line, "status", change->healthy ? "healthy" : "unhealthy");
    log_text(&line, "cause", change->cause);
    if (fleet_location_count(daemon->fleet) > 1) {
        log_text(&line, "location", fleet_location_name(daemon->fleet, change->location));
    }
    struct metric_state metric;
    if (fleet_metric_state(daemon->fleet, change->check, &metric)) {
        log_text(&line, "evaluation", metric_evaluation_name(metric.reading.evaluation));
    } else if (change->reporting > 0) {
        log_format(&line, "checkers", "%u/%u", change->checkers_healthy, change->reporting);
        log_number(&line, "needed", change->needed);
    }
    if (strcmp(change->cause, "observation") == 0) {
        observation_format(&change->evidence, evidence);
        log_text(&line, "evidence", evidence);
        if (change->evidence_region != REGION_NONE) {
            log_text(&line, "checker_region", region_at(change->evidence_region)->code);
        }
    }
    log_end(&line);
}

void daemon_publish(struct daemon *daemon)
{
    daemon->view = snapshot_view_create(daemon->current, fleet_status(daemon->fleet));
    publisher_publish(daemon->publisher, daemon->view);
}

static void log_resource_change(const struct daemon *daemon, const struct resource_change *change)
{
    struct log_line line;
    log_begin(&line, change->healthy ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "resource_changed");
    log_text(&line, "name", daemon->current->model->resources[change->resource].name);
    log_text(&line, "status", change->healthy ? "healthy" : "unhealthy");
    log_text(&line, "cause", change->cause);
    log_end(&line);
}

static void publish_changes(struct daemon *daemon)
{
    struct health_change change;
    struct resource_change resource_change;
    while (fleet_next_resource_change(daemon->fleet, &resource_change)) {
        log_resource_change(daemon, &resource_change);
    }
    while (fleet_next_change(daemon->fleet, &change)) {
        log_change(daemon, &change);
        record_verdict(daemon, &change);
    }
    if (fleet_generation(daemon->fleet) != daemon->view_generation) {
        daemon->view_generation = fleet_generation(daemon->fleet);
        daemon_publish(daemon);
        record_answers(daemon);
    }
}

// Probes that fall due so shortly after others started wait and start together: few wake-ups instead of many,
// for the start and for the responses, which then also come close together. A lone probe does not wait.
#define GROUPED DURATION_MS(10)

static void settle(struct daemon *daemon)
{
    publish_changes(daemon);
    daemon->first_round_done = daemon->first_round_done || fleet_first_round_done(daemon->fleet);
    mono_time due = fleet_next(daemon->fleet);
    mono_time earliest = mono_add(daemon->probes_started, GROUPED);
    due = mono_before(due, earliest) ? earliest : due;
    if (daemon->manual == NULL && due.ns != daemon->fleet_due.ns) {
        daemon->fleet_due = due;
        loop_timer_set(daemon->fleet_timer, due);
    }
}

// Where thousands of endpoints hang, each probe holds a socket and some 8 KB for seconds. Beyond so many the
// due ones wait for others to end.
enum { PROBES_UNDER_WAY_MAX = 32768 };

static void start_due_probes(struct daemon *daemon, mono_time now)
{
    struct probe_order order;
    while (prober_active(daemon->prober) < PROBES_UNDER_WAY_MAX &&
           fleet_take_due(daemon->fleet, now, &order)) {
        if (daemon->manual != NULL) {
            manual_probe(daemon->manual, daemon->fleet, &order, now);
        } else {
            prober_start(daemon->prober, &order, now);
        }
        daemon->probes_started = now;
    }
}

void daemon_run_health(struct daemon *daemon, mono_time now)
{
    daemon->fleet_due = MONO_NEVER;
    fleet_advance(daemon->fleet, now, daemon_clock_wall(&daemon->clock));
    start_due_probes(daemon, now);
    settle(daemon);
}

void daemon_certificate_seen(const struct probe_order *order, const struct certificate *certificate,
                             void *context)
{
    struct daemon *daemon = context;
    fleet_note_certificate(daemon->fleet, order, certificate);
}

void daemon_observe(struct daemon *daemon, const struct probe_order *order,
                    const struct observation *observation, mono_time now, wall_time wall)
{
    uint32_t check;
    uint32_t checker;
    bool told = recorder_on(daemon) && fleet_order_checker(daemon->fleet, order, &check, &checker);
    if (fleet_observe(daemon->fleet, order, observation, now, wall) && told) {
        record_observation(daemon, &daemon->current->model->health_checks[check], checker, observation, now);
    }
}

void daemon_probe_done(const struct probe_order *order, const struct observation *observation, mono_time now,
                       wall_time wall, void *context)
{
    struct daemon *daemon = context;
    daemon_observe(daemon, order, observation, now, wall);
    settle(daemon);
}
