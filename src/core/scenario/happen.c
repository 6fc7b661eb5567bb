// SPDX-License-Identifier: MIT
// What events do to the world, and how the timeline tells it.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/admin/drain.h"
#include "core/admin/metric_request.h"
#include "core/admin/override_request.h"
#include "core/admin/override_row.h"
#include "run.h"

// An event that cannot do what it says makes the scenario fail: it is not what its author believes.
static void fail(struct run *run, uint32_t event, const char *expected, const char *got)
{
    const struct script_event *script = &run->scenario->events[event];
    const char *label = script->fields->label;
    run_verdict(run, false, script->line, script->column,
                label != NULL ? xasprintf("event \"%s\"", label) : xstrdup("event"), xstrdup(expected),
                xstrdup(got), xstrdup(""));
}

// " <- the drill", where an event has a label.
static const char *mark(const struct script_event *event, char out[160])
{
    out[0] = '\0';
    if (event->fields->label != NULL) {
        snprintf(out, 160, "   <- %s", event->fields->label);
    }
    return out;
}

// --- endpoints ---------------------------------------------------------------------------------------------

struct fault_target {
    struct run *run;
    const struct endpoint_fault *fault;
};

static void set_fault(const char *key, void *context)
{
    const struct fault_target *target = context;
    endpoints_set(target->run->world.endpoints, key, target->fault, target->run->world.now);
    target->run->touched = true;
}

static void spread_fault(struct run *run, uint32_t event, const char *site,
                         const struct endpoint_fault *fault)
{
    struct fault_target target = {run, fault};
    if (world_each_endpoint(&run->world, site, set_fault, &target) == 0) {
        fail(run, event, "a site with endpoints", "no routed record set has this Region or SetIdentifier");
    }
}

static void apply_fault(struct run *run, uint32_t event, const struct endpoint_fault *fault, bool ends)
{
    const struct script_event *script = &run->scenario->events[event];
    struct buffer text;
    char label[160];
    buffer_init(&text, 1024);
    endpoint_fault_describe(fault, &text);
    if (script->endpoint[0] != '\0') {
        endpoints_set(run->world.endpoints, script->endpoint, fault, run->world.now);
        run->touched = true;
    } else {
        spread_fault(run, event, script->fields->site, fault);
    }
    const char *what = script->endpoint[0] != '\0' ? script->endpoint : script->fields->site;
    run_line(run, "event", "%s: %s%s", what, ends ? "well again" : buffer_string(&text), mark(script, label));
    buffer_free(&text);
}

// A fault that has a time ends by itself, or was replaced before; only what chance ends has to be ended.
static void end_fault(struct run *run, uint32_t event)
{
    const struct script_event *script = &run->scenario->events[event];
    if (!script->by_chance) {
        const char *what = script->endpoint[0] != '\0' ? script->endpoint : script->fields->site;
        run_line(run, "event", "%s: %s is over", what, endpoint_fault_kind_name(script->fault.kind));
        run->touched = true;
        return;
    }
    struct endpoint_fault none = {.kind = ENDPOINT_NONE, .lasts = INT64_MAX};
    none.checker_regions = script->fault.checker_regions;
    apply_fault(run, event, &none, true);
}

// --- outages -----------------------------------------------------------------------------------------------

static void set_reach(struct run *run, uint32_t location, uint8_t region, bool reach)
{
    struct world *world = &run->world;
    fleet_set_reports(world->fleet, location, region, reach, world->now, world_wall(world));
    run_record(run, (struct recording_event){.kind = RECORDING_REPORTS,
                                             .path = fleet_location_name(world->fleet, location),
                                             .check = region_at(region)->code,
                                             .healthy = reach});
}

// A5: what the checkers of a region say reaches no location, or each again.
static void set_reach_everywhere(struct run *run, uint8_t region, bool reach)
{
    for (uint32_t location = 0; location < fleet_location_count(run->world.fleet); location++) {
        set_reach(run, location, region, reach);
    }
}

static void set_outage(struct run *run, uint32_t event, bool out)
{
    static const struct endpoint_fault faults[2] = {{.kind = ENDPOINT_NONE, .lasts = INT64_MAX},
                                                    {.kind = ENDPOINT_BLACKHOLE, .lasts = INT64_MAX}};
    const struct script_event *script = &run->scenario->events[event];
    const char *region = script->fields->outage;
    int checkers = checker_region_index(region_find(bytes_of(region)));
    bool control_plane = strcmp(region, "us-east-1") == 0;
    struct fault_target target = {run, &faults[out]};
    char label[160];
    world_each_endpoint(&run->world, region, set_fault, &target); // a region may have none of ours
    if (checkers >= 0) {
        unsigned bit = 1U << checkers;
        run->regions_out = (uint8_t)(out ? run->regions_out | bit : run->regions_out & ~bit);
        scripted_prober_silence(run->world.prober, run->regions_out);
        set_reach_everywhere(run, region_find(bytes_of(region)), !out);
    }
    run->world.control_plane_out = control_plane ? out : run->world.control_plane_out;
    run->touched = true;
    run_line(run, "event", "%s is %s: its endpoints%s%s%s", region, out ? "out" : "back",
             checkers >= 0 ? ", its checkers" : "", control_plane ? ", the control plane of the API" : "",
             mark(script, label));
}

// --- calls, overrides, drains ------------------------------------------------------------------------------

static void call(struct run *run, uint32_t event)
{
    const struct script_event *script = &run->scenario->events[event];
    const struct call_fields *fields = script->fields->call;
    struct route53_fault fault = {0};
    char *input = json_dumps(fields->input, JSON_COMPACT);
    char label[160];
    bool ok = world_call(&run->world, fields->operation, fields->input, &fault);
    if (ok) {
        run_record(
            run, (struct recording_event){.kind = RECORDING_CALL, .path = fields->operation, .text = input});
    }
    run_line(run, "event", "%s %s%s%s%s", fields->operation, input, ok ? "" : ": refused, ",
             ok ? "" : fault.code, mark(script, label));
    free(input);
    if (ok && fields->refused != NULL) {
        fail(run, event, fields->refused, "the call succeeded");
    } else if (!ok && (fields->refused == NULL || strcmp(fields->refused, fault.code) != 0)) {
        char *got = xasprintf("%s: %s", fault.code, fault.message);
        fail(run, event, fields->refused != NULL ? fields->refused : "the call succeeds", got);
        free(got);
    }
    route53_fault_clear(&fault);
}

static void set_api_faults(struct run *run, uint32_t event)
{
    const struct script_event *script = &run->scenario->events[event];
    struct world *world = &run->world;
    struct buffer text;
    char label[160];
    size_t i;
    json_t *subject;
    api_faults_set(&world->api_faults, script->fields->api, world->now, world_wall(world));
    json_t *subjects = api_faults_subjects(&world->api_faults, world->now);
    buffer_init(&text, 1024);
    json_array_foreach(subjects, i, subject)
    {
        buffer_format(&text, "%s%s", i > 0 ? ", " : "", json_string_value(subject));
    }
    run_line(run, "event", "the API: %s%s", text.len > 0 ? buffer_string(&text) : "well again",
             mark(script, label));
    buffer_free(&text);
    json_decref(subjects);
}

// It ends by itself, unless another request has taken its place.
static void end_api_fault(struct run *run)
{
    const struct api_faults *faults = &run->world.api_faults;
    if (faults->fault != API_FAULT_NONE && faults->until.ns == run->world.now.ns) {
        run_line(run, "event", "the API: %s is over", api_fault_code(faults->fault));
    }
}

static void set_override(struct run *run, uint32_t check, const struct override *override)
{
    struct world *world = &run->world;
    char *text = override_row_print(override);
    bool nothing = !override->has_inverted && !override->has_disabled && override->verdict == OVERRIDE_AUTO;
    fleet_set_override(world->fleet, check, override, world->now, world_wall(world));
    run_record(run, (struct recording_event){.kind = RECORDING_OVERRIDE,
                                             .check = world->model->health_checks[check].id,
                                             .text = nothing ? "" : text});
    free(text);
}

static void set_control(struct run *run, uint32_t check, bool on)
{
    struct world *world = &run->world;
    fleet_set_routing_control(world->fleet, check, on, world->now, world_wall(world));
    run_record(run, (struct recording_event){.kind = RECORDING_CONTROL,
                                             .check = world->model->health_checks[check].id,
                                             .healthy = on});
}

static void impose(struct run *run, uint32_t event, uint32_t check, struct bytes request,
                   const struct override *current)
{
    struct world *world = &run->world;
    struct override override = {.until = MONO_NEVER};
    enum routing_control control;
    struct buffer problems;
    buffer_init(&problems, 4096);
    if (!override_request_parse(request, &world->model->health_checks[check], current, world->now,
                                world_wall(world), &override, &control, &problems)) {
        fail(run, event, "a request that can be carried out", buffer_string(&problems));
    } else {
        set_override(run, check, &override);
        if (control != ROUTING_CONTROL_AS_IT_IS) {
            set_control(run, check, control == ROUTING_CONTROL_ON);
        }
    }
    buffer_free(&problems);
}

static void override(struct run *run, uint32_t event)
{
    const struct script_event *script = &run->scenario->events[event];
    const char *id = script->fields->health_check_id;
    uint32_t check = model_find_health_check(run->world.model, bytes_of(id));
    char *request = json_dumps(script->fields->override, JSON_COMPACT);
    char label[160];
    run_line(run, "event", "health check %s: %s%s", id, request, mark(script, label));
    if (check == HEALTH_CHECK_NONE) {
        fail(run, event, "a health check of the policy", "there is none with this HealthCheckId");
    } else {
        impose(run, event, check, bytes_of(request), fleet_override(run->world.fleet, check));
    }
    free(request);
}

// S5: disabled and inverted, a check is unhealthy whatever its endpoint does.
static void set_drain(struct run *run, uint32_t event, const char *word, bool drained)
{
    static const struct override pinned = {
        .has_inverted = true, .inverted = true, .has_disabled = true, .disabled = true, .until = {INT64_MAX}};
    static const struct override none = {.until = {INT64_MAX}};
    struct world *world = &run->world;
    struct drain_target target;
    struct error error = {0};
    char label[160];
    run_line(run, "event", "%s %s%s", word, drained ? "drained" : "released",
             mark(&run->scenario->events[event], label));
    if (!drain_target_find(world->model, word, &target, &error)) {
        fail(run, event, "a region or a health check that can be drained", error.text);
        return;
    }
    for (uint32_t i = 0; i < target.count; i++) {
        set_override(run, target.checks[i], drained ? &pinned : &none);
    }
    drain_target_free(&target);
}

// --- resources, metrics, reports ---------------------------------------------------------------------------

static void set_resource(struct run *run, uint32_t event, bool ends)
{
    const struct script_event *script = &run->scenario->events[event];
    const struct resource_fields *fields = script->fields->resource;
    struct world *world = &run->world;
    uint32_t index = model_find_resource(world->model, bytes_of(fields->dns_name));
    struct resource_override override = {
        .healthy = fields->healthy, .until = MONO_NEVER, .since = world_wall(world)};
    char label[160];
    run_line(run, "event", "resource %s: %s%s", fields->dns_name,
             ends              ? "as the policy says"
             : fields->healthy ? "healthy"
                               : "unhealthy",
             mark(script, label));
    if (index == RESOURCE_NONE ||
        !fleet_set_resource(world->fleet, index, ends ? NULL : &override, world->now, world_wall(world))) {
        fail(run, event, "a resource of the policy whose health counts", "there is none of this DNSName");
        return;
    }
    run->touched = true;
    struct override row = {.verdict = fields->healthy ? OVERRIDE_HEALTHY : OVERRIDE_UNHEALTHY,
                           .until = MONO_NEVER,
                           .since = world_wall(world)};
    char *text = override_row_print(&row);
    run_record(run, (struct recording_event){
                        .kind = RECORDING_RESOURCE, .path = fields->dns_name, .text = ends ? "" : text});
    free(text);
}

static void put_metrics(struct run *run, uint32_t event)
{
    const struct script_event *script = &run->scenario->events[event];
    struct world *world = &run->world;
    char *text = json_dumps(script->fields->metrics, JSON_COMPACT);
    struct metric_batch batch;
    struct buffer problems;
    char label[160];
    buffer_init(&problems, 4096);
    run_line(run, "event", "metrics %s%s", text, mark(script, label));
    if (metric_request_parse("Metrics", bytes_of(text), world_wall(world), &batch, &problems)) {
        fleet_put_metrics(world->fleet, batch.data, batch.count, world->now, world_wall(world));
        metric_batch_free(&batch);
        run_record(run, (struct recording_event){.kind = RECORDING_METRICS, .text = text});
    } else {
        fail(run, event, "metric data", buffer_string(&problems));
    }
    buffer_free(&problems);
    free(text);
}

static void set_reports(struct run *run, uint32_t event, bool reach)
{
    const struct script_event *script = &run->scenario->events[event];
    const struct reports_fields *fields = script->fields->reports_lost;
    const struct fleet *fleet = run->world.fleet;
    uint32_t only = fields->location != NULL ? fleet_find_location(fleet, fields->location) : 0;
    char label[160];
    run_line(run, "event", "reports of checkers %s %s%s", reach ? "reach again" : "no longer reach",
             fields->location != NULL ? fields->location : "Route 53", mark(script, label));
    if (only == LOCATION_NONE) {
        fail(run, event, "one of Simulator.Locations", "there is none of this name");
        return;
    }
    uint32_t end = fields->location != NULL ? only + 1 : fleet_location_count(fleet);
    for (uint32_t location = only; location < end; location++) {
        for (size_t i = 0; i < fields->checker_regions.count; i++) {
            set_reach(run, location, region_find(bytes_of(fields->checker_regions.items[i])), reach);
        }
    }
}

// --- policies and latency ----------------------------------------------------------------------------------

static void set_policy(struct run *run, uint32_t event)
{
    const struct script_event *script = &run->scenario->events[event];
    struct script_policy *policy = &run->scenario->policies[script->policy];
    struct error error = {0};
    char label[160];
    run_line(run, "event", "policy %s%s", policy->path, mark(script, label));
    if (policy->policy == NULL) {
        fail(run, event, "a policy that comes once", "the event happens more than once");
    } else if (!world_set_policy(&run->world, policy->policy, &error)) {
        fail(run, event, "a policy that can be used", error.text);
    } else {
        run_record_policy(run, policy);
    }
    policy->policy = NULL; // the world's
}

static void shift(struct run *run, uint32_t event, bool ends)
{
    const struct script_event *script = &run->scenario->events[event];
    const struct shift_fields *fields = script->fields->latency;
    char label[160];
    if (ends) {
        world_remove_shift(&run->world, event);
    } else {
        struct world_shift made = {event, fields->region, fields->place, fields->factor,
                                   fields->milliseconds};
        world_add_shift(&run->world, &made);
    }
    run_line(run, "event", "latency of %s to %s: %s%s", fields->place != NULL ? fields->place : "every place",
             fields->region != NULL ? fields->region : "every region", ends ? "as before" : "shifted",
             mark(script, label));
}

// --- occurrences -------------------------------------------------------------------------------------------

static duration exponential(struct random *chance, duration mean)
{
    double drawn = -log(1 - random_unit(chance)) * (double)mean;
    return drawn < 1                                 ? 1
           : drawn < (double)DURATION_S(400 * 86400) ? (duration)drawn
                                                     : DURATION_S(400 * 86400);
}

static void act(struct run *run, uint32_t event)
{
    const struct script_event *script = &run->scenario->events[event];
    switch (script->kind) {
    case EVENT_KIND_FAULT:
        apply_fault(run, event, &script->fault, false);
        break;
    case EVENT_KIND_OUTAGE:
        set_outage(run, event, true);
        break;
    case EVENT_KIND_CALL:
        call(run, event);
        break;
    case EVENT_KIND_POLICY:
        set_policy(run, event);
        break;
    case EVENT_KIND_LATENCY:
        shift(run, event, false);
        break;
    case EVENT_KIND_OVERRIDE:
        override(run, event);
        break;
    case EVENT_KIND_RESOURCE:
        set_resource(run, event, false);
        break;
    case EVENT_KIND_METRICS:
        put_metrics(run, event);
        break;
    case EVENT_KIND_REPORTS_LOST:
        set_reports(run, event, false);
        break;
    case EVENT_KIND_DRAIN:
        set_drain(run, event, script->fields->drain, true);
        break;
    case EVENT_KIND_RELEASE:
        set_drain(run, event, script->fields->release, false);
        break;
    case EVENT_KIND_API:
        set_api_faults(run, event);
        break;
    }
}

void run_chance(struct run *run, uint32_t event, mono_time after)
{
    duration pause =
        exponential(&run->occurrences[event].chance, run->scenario->events[event].between_failures);
    run_at(run, mono_add(after, pause), MOMENT_BEGIN, event);
}

void run_begin(struct run *run, uint32_t event)
{
    const struct script_event *script = &run->scenario->events[event];
    struct occurrence *occurrence = &run->occurrences[event];
    mono_time now = run->world.now;
    act(run, event);
    if (script->by_chance) {
        run_at(run, mono_add(now, exponential(&occurrence->chance, script->to_repair)), MOMENT_END, event);
    } else if (script->lasts != INT64_MAX) {
        run_at(run, mono_add(now, script->lasts), MOMENT_END, event);
    }
    if (script->every > 0 && --occurrence->left > 0) {
        run_at(run, mono_add(now, script->every), MOMENT_BEGIN, event);
    }
}

void run_end(struct run *run, uint32_t event)
{
    const struct script_event *script = &run->scenario->events[event];
    switch (script->kind) {
    case EVENT_KIND_FAULT:
        end_fault(run, event);
        break;
    case EVENT_KIND_OUTAGE:
        set_outage(run, event, false);
        break;
    case EVENT_KIND_LATENCY:
        shift(run, event, true);
        break;
    case EVENT_KIND_RESOURCE:
        set_resource(run, event, true);
        break;
    case EVENT_KIND_REPORTS_LOST:
        set_reports(run, event, true);
        break;
    case EVENT_KIND_DRAIN:
        set_drain(run, event, script->fields->drain, false);
        break;
    case EVENT_KIND_API:
        end_api_fault(run);
        break;
    default:
        break; // no other kind lasts
    }
    if (script->by_chance) {
        run_chance(run, event, run->world.now);
    }
}
