// SPDX-License-Identifier: MIT
// A new policy comes into force whole or not at all.
#include <stdlib.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "core/location/client_text.h"
#include "internal.h"

static bool all_on_loopback(const struct daemon_options *options)
{
    for (size_t i = 0; i < options->dns_count; i++) {
        if (!ip_is_loopback(&options->dns[i].at.address)) {
            return false;
        }
    }
    return ip_is_loopback(&options->http.address);
}

// The places that --dns ADDR:PORT=PLACE names must exist in the policy's latency table.
static bool listener_places_known(const struct daemon_options *options, const struct model *model,
                                  struct error *error)
{
    for (size_t i = 0; i < options->dns_count; i++) {
        const char *place = options->dns[i].place;
        struct client client;
        if (place[0] == '\0') {
            continue;
        }
        if (!client_parse(model, bytes_of(place), &client, error)) {
            return error_context(error, "--dns");
        }
        if (client.place == PLACE_NONE) {
            return error_set(error, "--dns: '%s' is an address, not a place of the latency table", place);
        }
    }
    return true;
}

static void refuse(struct daemon *daemon, const char *problems, const char *first_problem, bool first)
{
    fputs(problems, stderr);
    free(daemon->reload_error);
    daemon->reload_error = xstrdup(first_problem);
    daemon->reload_failed = daemon_clock_wall(&daemon->clock);
    if (!first) {
        log_message(LOG_LEVEL_ERROR, "policy_refused", "%s; the old policy stays in force", first_problem);
    }
}

static void put_in_force(struct daemon *daemon, struct snapshot *snapshot)
{
    struct snapshot *old = daemon->current;
    daemon->current = snapshot;
    daemon->policy_loaded = daemon_clock_wall(&daemon->clock);
    daemon->policy_generation++;
    free(daemon->reload_error);
    daemon->reload_error = NULL;
    fleet_apply(daemon->fleet, snapshot->model, daemon_clock_mono(&daemon->clock), daemon->policy_loaded);
    daemon->view_generation = fleet_generation(daemon->fleet);
    daemon_publish(daemon); // before the old snapshot goes: the fleet and the workers now read the new one
    snapshot_release(old);
    struct log_line line;
    log_begin(&line, LOG_LEVEL_INFO, "policy_loaded");
    log_text(&line, "source", snapshot->model->source != NULL ? snapshot->model->source : "(none)");
    log_number(&line, "generation", (int64_t)daemon->policy_generation);
    log_number(&line, "hosted_zones", snapshot->model->zone_count);
    log_number(&line, "record_sets", snapshot->model->record_set_count);
    log_number(&line, "health_checks", snapshot->model->health_check_count);
    log_end(&line);
}

bool daemon_load_policy(struct daemon *daemon, bool first)
{
    struct buffer problems;
    struct buffer first_problem;
    struct error error = {0};
    buffer_init(&problems, 1 << 20);
    buffer_init(&first_problem, 4096);
    struct snapshot *snapshot = snapshot_load(daemon->options->policy, all_on_loopback(daemon->options),
                                              false, &problems, &first_problem);
    if (snapshot != NULL && !listener_places_known(daemon->options, snapshot->model, &error)) {
        buffer_format(&problems, "nearwell: %s\n", error.text);
        buffer_text(&first_problem, error.text);
        snapshot_release(snapshot);
        snapshot = NULL;
    }
    if (snapshot != NULL) {
        put_in_force(daemon, snapshot);
    } else {
        refuse(daemon, buffer_string(&problems), buffer_string(&first_problem), first);
    }
    buffer_free(&problems);
    buffer_free(&first_problem);
    return snapshot != NULL;
}
