// SPDX-License-Identifier: MIT
#include "core/scenario/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "script.h"

enum { INTERVAL_DEFAULT = 30 };

struct planning {
    const struct scenario *scenario;
    struct live_plan *plan;
    json_t *policy;
    double speed;
    struct error *error;
};

static bool refuse(const struct planning *planning, unsigned line, unsigned column, const char *what)
{
    return error_set(planning->error, "%s:%u:%u: a live run cannot show %s", planning->scenario->name, line,
                     column, what);
}

static duration live_time(const struct planning *planning, duration scenario)
{
    return (duration)((double)scenario / planning->speed);
}

// --- health checks -----------------------------------------------------------------------------------------

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static bool is_probed(const json_t *config)
{
    const char *type = text_of(config, "Type");
    return type != NULL && (strncmp(type, "HTTP", 4) == 0 || strcmp(type, "TCP") == 0);
}

static void key_of(const json_t *config, char out[ENDPOINT_KEY])
{
    const char *address = text_of(config, "IPAddress");
    const char *host = address != NULL ? address : text_of(config, "FullyQualifiedDomainName");
    const json_t *port = json_object_get(config, "Port");
    bool bracket = host != NULL && strchr(host, ':') != NULL;
    snprintf(out, ENDPOINT_KEY, "%s%.255s%s:%d", bracket ? "[" : "", host != NULL ? host : "",
             bracket ? "]" : "", port != NULL ? (int)json_integer_value(port) : 80);
}

static size_t find_endpoint(const struct live_plan *plan, const char *key)
{
    size_t i = 0;
    while (i < plan->endpoint_count && strcmp(plan->endpoints[i], key) != 0) {
        i++;
    }
    return i;
}

static bool plan_check(struct planning *planning, const json_t *check)
{
    struct live_plan *plan = planning->plan;
    const json_t *config = json_object_get(check, "HealthCheckConfig");
    const char *type = text_of(config, "Type");
    const json_t *interval = json_object_get(config, "RequestInterval");
    char key[ENDPOINT_KEY];
    if (strncmp(type, "HTTPS", 5) == 0 || strstr(type, "STR_MATCH") != NULL ||
        strcmp(type, "CLOUDWATCH_METRIC") == 0) {
        return error_set(planning->error, "%s: a live run cannot show health checks of type %s",
                         planning->scenario->name, type);
    }
    if (!is_probed(config)) {
        return true;
    }
    key_of(config, key);
    duration every = duration_from_seconds(interval != NULL ? json_number_value(interval) : INTERVAL_DEFAULT);
    plan->interval = every > plan->interval ? every : plan->interval;
    if (find_endpoint(plan, key) < plan->endpoint_count) {
        return true;
    }
    if (plan->endpoint_count == LIVE_ENDPOINTS_MAX) {
        return error_set(planning->error, "%s: a live run takes up to %d endpoints", planning->scenario->name,
                         LIVE_ENDPOINTS_MAX);
    }
    memcpy(plan->endpoints[plan->endpoint_count++], key, sizeof key);
    return true;
}

static bool plan_checks(struct planning *planning)
{
    size_t i;
    const json_t *check;
    json_array_foreach(json_object_get(planning->policy, "HealthChecks"), i, check)
    {
        if (!plan_check(planning, check)) {
            return false;
        }
    }
    return true;
}

// --- events ------------------------------------------------------------------------------------------------

static bool add_action(struct planning *planning, struct live_action action)
{
    struct live_plan *plan = planning->plan;
    if (plan->action_count == LIVE_ACTIONS_MAX) {
        return error_set(planning->error, "%s: a live run takes up to %d actions", planning->scenario->name,
                         LIVE_ACTIONS_MAX);
    }
    if (mono_before(plan->end, action.at)) {
        return true;
    }
    plan->actions[plan->action_count++] = action;
    return true;
}

// Takes the JSON.
static const char *keep(struct planning *planning, json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    const char *kept = arena_strdup(planning->plan->arena, text);
    free(text);
    json_decref(json);
    return kept;
}

// NULL: refused.
static const char *fault_text(struct planning *planning, const struct script_event *event)
{
    const struct endpoint_fault *fault = &event->fault;
    const char *kind = endpoint_fault_kind_name(fault->kind);
    if (fault->checker_regions != 0 || fault->path != NULL) {
        refuse(planning, event->line, event->column, "a fault for some checkers or paths only");
        return NULL;
    }
    switch ((enum endpoint_fault_kind)fault->kind) {
    case ENDPOINT_NONE:
    case ENDPOINT_DOWN:
        return keep(planning, json_pack("{s:s}", "Kind", kind));
    case ENDPOINT_STATUS:
        return keep(planning, json_pack("{s:s, s:i}", "Kind", kind, "Status", (int)fault->status));
    case ENDPOINT_BODY:
        return keep(planning, json_pack("{s:s, s:s}", "Kind", kind, "Body", fault->body));
    case ENDPOINT_FLAP:
        return keep(planning, json_pack("{s:s, s:f, s:f}", "Kind", kind, "UpSeconds",
                                        duration_seconds(live_time(planning, fault->up)), "DownSeconds",
                                        duration_seconds(live_time(planning, fault->down))));
    default: // the time limits of probes do not go faster, and nobody cuts networks here
        refuse(planning, event->line, event->column, kind);
        return NULL;
    }
}

// "192.0.2.10" is all ports of a host, "*" all endpoints.
static bool concerns(const char *event, const char *key)
{
    size_t len = strlen(event);
    return strcmp(event, "*") == 0 || strcmp(event, key) == 0 ||
           (strncmp(event, key, len) == 0 && key[len] == ':' && strchr(key + len + 1, ':') == NULL);
}

static const json_t *find_check(const json_t *policy, const char *id)
{
    size_t i;
    const json_t *check;
    json_array_foreach(json_object_get(policy, "HealthChecks"), i, check)
    {
        const char *its = text_of(check, "Id");
        if (id != NULL && its != NULL && strcmp(its, id) == 0) {
            return check;
        }
    }
    return NULL;
}

// Some record set of the site has a check that probes this endpoint.
static bool in_site(const struct planning *planning, const char *site, const char *key)
{
    size_t i;
    size_t k;
    const json_t *zone;
    const json_t *set;
    json_array_foreach(json_object_get(planning->policy, "HostedZones"), i, zone)
    {
        json_array_foreach(json_object_get(zone, "ResourceRecordSets"), k, set)
        {
            const char *region = text_of(set, "Region");
            const char *identifier = text_of(set, "SetIdentifier");
            const json_t *check = find_check(planning->policy, text_of(set, "HealthCheckId"));
            const json_t *config = json_object_get(check, "HealthCheckConfig");
            char its[ENDPOINT_KEY];
            bool of_site = (region != NULL && strcmp(region, site) == 0) ||
                           (identifier != NULL && strcmp(identifier, site) == 0);
            if (of_site && config != NULL && is_probed(config)) {
                key_of(config, its);
                if (strcmp(its, key) == 0) {
                    return true;
                }
            }
        }
    }
    return false;
}

static bool plan_fault(struct planning *planning, const struct script_event *event, mono_time at)
{
    const char *text = fault_text(planning, event);
    bool good = text != NULL;
    for (size_t i = 0; good && i < planning->plan->endpoint_count; i++) {
        const char *key = planning->plan->endpoints[i];
        if (event->endpoint[0] != '\0' ? concerns(event->endpoint, key)
                                       : in_site(planning, event->fields->site, key)) {
            good = add_action(planning,
                              (struct live_action){.at = at, .kind = LIVE_FAULT, .target = i, .text = text});
            if (good && event->lasts != INT64_MAX) {
                good = add_action(planning, (struct live_action){.at = mono_add(at, event->lasts),
                                                                 .kind = LIVE_FAULT,
                                                                 .target = i,
                                                                 .text = "{\"Kind\":\"none\"}"});
            }
        }
    }
    return good;
}

// A For of the scenario as the daemon gets it.
static json_t *live_for(const struct planning *planning, duration length)
{
    return json_sprintf("%lldms", (long long)(live_time(planning, length) / DURATION_MS(1)) + 1);
}

static bool plan_override(struct planning *planning, const struct script_event *event, mono_time at)
{
    json_t *request = json_deep_copy(event->fields->override);
    const char *lasts = text_of(request, "For");
    duration length;
    if (lasts != NULL && duration_parse(bytes_of(lasts), &length)) {
        json_object_set_new(request, "For", live_for(planning, length));
    }
    return add_action(planning, (struct live_action){.at = at,
                                                     .kind = LIVE_OVERRIDE,
                                                     .name = event->fields->health_check_id,
                                                     .text = keep(planning, request)});
}

static bool plan_drain(struct planning *planning, const struct script_event *event, mono_time at)
{
    bool good = add_action(planning,
                           (struct live_action){.at = at, .kind = LIVE_DRAIN, .name = event->fields->drain});
    return good && (event->lasts == INT64_MAX ||
                    add_action(planning, (struct live_action){.at = mono_add(at, event->lasts),
                                                              .kind = LIVE_RELEASE,
                                                              .name = event->fields->drain}));
}

static bool plan_api(struct planning *planning, const struct script_event *event, mono_time at)
{
    const struct api_faults_request *asked = event->fields->api;
    json_t *request = json_object();
    if (asked->limit > 0) {
        json_decref(request);
        return refuse(planning, event->line, event->column, "a limit of requests per second, sped up");
    }
    if ((asked->node.given & schema_bit(API_FAULTS_FAULT)) != 0) {
        json_object_set_new(request, "Fault", json_string(api_fault_code((enum api_fault)asked->fault)));
    }
    if (asked->lasts != INT64_MAX) {
        json_object_set_new(request, "For", live_for(planning, asked->lasts));
    }
    if ((asked->node.given & schema_bit(API_FAULTS_ONE_CHANGE)) != 0) {
        json_object_set_new(request, "OneChangeAtATime", json_boolean(asked->one_change));
    }
    return add_action(planning,
                      (struct live_action){.at = at, .kind = LIVE_API, .text = keep(planning, request)});
}

static bool plan_occurrence(struct planning *planning, const struct script_event *event, mono_time at)
{
    const struct call_fields *call = event->fields->call;
    switch (event->kind) {
    case EVENT_KIND_FAULT:
        return plan_fault(planning, event, at);
    case EVENT_KIND_CALL:
        return add_action(planning, (struct live_action){.at = at,
                                                         .kind = LIVE_CALL,
                                                         .name = call->operation,
                                                         .text = keep(planning, json_incref(call->input)),
                                                         .refused = call->refused});
    case EVENT_KIND_OVERRIDE:
        return plan_override(planning, event, at);
    case EVENT_KIND_DRAIN:
        return plan_drain(planning, event, at);
    case EVENT_KIND_RELEASE:
        return add_action(
            planning, (struct live_action){.at = at, .kind = LIVE_RELEASE, .name = event->fields->release});
    case EVENT_KIND_API:
        return plan_api(planning, event, at);
    default:
        return refuse(planning, event->line, event->column,
                      "outages, other policies, latency shifts, metrics, resources and lost reports");
    }
}

static int by_time(const void *left, const void *right)
{
    const struct live_action *a = left;
    const struct live_action *b = right;
    return (a->at.ns > b->at.ns) - (a->at.ns < b->at.ns);
}

static bool plan_events(struct planning *planning)
{
    struct live_plan *plan = planning->plan;
    plan->actions = arena_new(plan->arena, struct live_action, LIVE_ACTIONS_MAX);
    for (uint32_t i = 0; i < planning->scenario->event_count; i++) {
        const struct script_event *event = &planning->scenario->events[i];
        uint64_t times = event->every > 0 ? event->times : 1;
        if (event->by_chance) {
            return refuse(planning, event->line, event->column, "events by chance");
        }
        for (uint64_t k = 0; k < times; k++) {
            mono_time at = mono_add(event->at, (duration)k * event->every);
            if (mono_before(plan->end, at)) {
                break;
            }
            if (!plan_occurrence(planning, event, at)) {
                return false;
            }
        }
    }
    qsort(plan->actions, plan->action_count, sizeof *plan->actions, by_time);
    return true;
}

// --- clients -----------------------------------------------------------------------------------------------

static void add_client(struct planning *planning, const char *place, uint32_t question)
{
    struct live_plan *plan = planning->plan;
    const struct script_question *asked = &planning->scenario->questions[question];
    for (size_t i = 0; i < plan->client_count; i++) {
        if (strcmp(plan->clients[i].place, place) == 0 && plan->clients[i].type == asked->type &&
            dns_name_equal(&plan->clients[i].name, &asked->name)) {
            return;
        }
    }
    if (plan->client_count < LIVE_CLIENTS_MAX) {
        plan->clients[plan->client_count++] =
            (struct live_client){place, asked->text, asked->name, asked->type};
    }
}

// Of everywhere, some.
static bool plan_clients(struct planning *planning)
{
    static const char *const some[] = {"US", "BR", "DE", "ZA", "JP", "AU"};
    for (uint32_t i = 0; i < planning->scenario->expectation_count; i++) {
        const struct script_expectation *expectation = &planning->scenario->expectations[i];
        const struct expectation_fields *fields = expectation->fields;
        if (!(expectation->what & WHAT_ANSWER)) {
            continue;
        }
        if (fields->client != NULL) {
            add_client(planning, fields->client, expectation->question);
        }
        for (size_t k = 0; k < fields->clients.count; k++) {
            add_client(planning, fields->clients.items[k], expectation->question);
        }
        for (size_t k = 0; fields->everywhere && k < sizeof some / sizeof some[0]; k++) {
            add_client(planning, some[k], expectation->question);
        }
    }
    for (size_t i = 0; i < planning->plan->client_count; i++) {
        if (strpbrk(planning->plan->clients[i].place, "./") != NULL) {
            return error_set(planning->error, "%s: a live run asks for clients by place, not for %s",
                             planning->scenario->name, planning->plan->clients[i].place);
        }
    }
    return planning->plan->client_count > 0 ||
           error_set(planning->error,
                     "%s: no expectation names a client and an answer, so there is nothing "
                     "to compare",
                     planning->scenario->name);
}

// --- the plan ----------------------------------------------------------------------------------------------

struct live_plan *live_plan_create(const struct scenario *scenario, double speed, struct error *error)
{
    const struct script_policy *policy = &scenario->policies[0];
    struct arena *arena = arena_create();
    struct live_plan *plan = arena_new(arena, struct live_plan, 1);
    struct planning planning = {scenario, plan, json_loads(policy->text, 0, NULL), speed, error};
    const char *slash = strrchr(policy->path, '/');
    plan->arena = arena;
    plan->policy = arena_strdup(arena, policy->text);
    size_t folder = slash != NULL ? (size_t)(slash - policy->path) + 1 : 0;
    char *prefix = arena_alloc(arena, folder + 1, 1);
    memcpy(prefix, policy->path, folder);
    prefix[folder] = '\0';
    plan->folder = prefix;
    plan->end = scenario->end;
    bool good = plan_checks(&planning) && plan_clients(&planning) && plan_events(&planning);
    json_decref(planning.policy);
    if (!good) {
        live_plan_destroy(plan);
        return NULL;
    }
    return plan;
}

void live_plan_destroy(struct live_plan *plan)
{
    if (plan != NULL) {
        arena_destroy(plan->arena); // the plan is in it
    }
}

// --- the daemon's policy -----------------------------------------------------------------------------------

static void speed_up(json_t *object, const char *key, double fallback, double speed)
{
    const json_t *value = json_object_get(object, key);
    double seconds = value != NULL ? json_number_value(value) : fallback;
    if (seconds > 0) {
        json_object_set_new(object, key, json_real(seconds / speed));
    }
}

static void move_check(const struct live_plan *plan, json_t *config, double speed, const uint16_t *ports)
{
    char key[ENDPOINT_KEY];
    key_of(config, key);
    json_object_del(config, "FullyQualifiedDomainName");
    json_object_set_new(config, "IPAddress", json_string("127.0.0.1"));
    json_object_set_new(config, "Port", json_integer(ports[find_endpoint(plan, key)]));
    if (strcmp(text_of(config, "Type"), "HTTP") == 0) {
        json_object_set_new(config, "ResourcePath", json_string("/health"));
    }
    speed_up(config, "RequestInterval", INTERVAL_DEFAULT, speed);
}

static json_t *from_folder(const struct live_plan *plan, const json_t *name)
{
    const char *text = json_string_value(name);
    return text[0] == '/' ? json_string(text) : json_sprintf("%s%s", plan->folder, text);
}

static void move_files(const struct live_plan *plan, json_t *policy)
{
    static const char *const sections[] = {"LatencyTable", "Population", "ClientFiles", "LocationDatabases"};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        json_t *section = json_object_get(policy, sections[i]);
        if (json_is_string(section)) {
            json_object_set_new(policy, sections[i], from_folder(plan, section));
        }
        for (size_t k = 0; k < json_array_size(section); k++) {
            if (json_is_string(json_array_get(section, k))) {
                json_array_set_new(section, k, from_folder(plan, json_array_get(section, k)));
            }
        }
    }
}

char *live_plan_policy(const struct live_plan *plan, double speed, const uint16_t *ports)
{
    static const char *const delays[] = {"HealthCheckConfigDelaySeconds", "AggregationDelaySeconds",
                                         "RemovedRegionLingerSeconds", "RecordDelaySeconds"};
    json_t *policy = json_loads(plan->policy, 0, NULL);
    json_t *simulator = json_object_get(policy, "Simulator");
    size_t i;
    json_t *check;
    if (simulator == NULL) {
        simulator = json_object();
        json_object_set_new(policy, "Simulator", simulator);
    }
    json_object_set_new(simulator, "FreeIntervals", json_true());
    json_object_set_new(simulator, "AllowSpecialUseAddresses", json_true());
    for (size_t k = 0; k < sizeof delays / sizeof delays[0]; k++) {
        speed_up(simulator, delays[k], 0, speed);
    }
    json_array_foreach(json_object_get(policy, "HealthChecks"), i, check)
    {
        json_t *config = json_object_get(check, "HealthCheckConfig");
        if (is_probed(config)) {
            move_check(plan, config, speed, ports);
        }
    }
    json_object_del(policy, "$schema");
    move_files(plan, policy);
    char *text = json_dumps(policy, JSON_COMPACT);
    json_decref(policy);
    return text;
}
