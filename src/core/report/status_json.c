// SPDX-License-Identifier: MIT
#include "core/report/status_json.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/dns/rrtype.h"
#include "core/routing/explain.h"

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text != NULL ? json_string(text) : json_null());
}

static void set_number(json_t *object, const char *key, uint64_t number)
{
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

static void set_bool(json_t *object, const char *key, bool value)
{
    json_object_set_new(object, key, json_boolean(value));
}

static void set_time(json_t *object, const char *key, wall_time at)
{
    char text[WALL_TIME_TEXT];
    wall_time_format(at, text);
    set_text(object, key, at.ns != 0 ? text : NULL);
}

static const char *status_word(bool healthy)
{
    return healthy ? "healthy" : "unhealthy";
}

// --- health checks

static json_t *observation_json(const struct checker_state *checker, const struct observation *observation,
                                wall_time at)
{
    json_t *json = json_object();
    char text[OBSERVATION_TEXT];
    set_text(json, "region", checker->region != REGION_NONE ? region_at(checker->region)->code : NULL);
    set_text(json, "verdict", status_word(checker->healthy));
    set_bool(json, "success", observation_success(observation));
    observation_format(observation, text);
    set_text(json, "reason", text);
    set_time(json, "checked_time", at);
    return json;
}

static json_t *observations_json(const struct fleet *fleet, uint32_t check, uint32_t checkers)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < checkers; i++) {
        struct checker_state checker;
        fleet_checker_state(fleet, check, i, &checker);
        if (checker.observed) {
            json_array_append_new(array, observation_json(&checker, &checker.last, checker.at));
        }
    }
    return array;
}

static json_t *override_json(const struct override *override)
{
    static const char *const verdicts[] = {"auto", "healthy", "unhealthy"};
    if (override == NULL) {
        return json_null();
    }
    json_t *json = json_object();
    if (override->has_inverted) {
        set_bool(json, "Inverted", override->inverted);
    }
    if (override->has_disabled) {
        set_bool(json, "Disabled", override->disabled);
    }
    set_text(json, "Verdict", verdicts[override->verdict]);
    set_text(json, "Reason", override->reason[0] != '\0' ? override->reason : NULL);
    set_time(json, "since", override->since);
    set_time(json, "until", override->until_wall);
    return json;
}

// What a check of a metric watches, and what it finds.
static json_t *metric_json(const struct metric_state *state)
{
    const struct alarm_settings *settings = state->settings;
    json_t *dimensions = json_array();
    for (uint32_t i = 0; i < settings->metric.dimension_count; i++) {
        json_array_append_new(dimensions, json_pack("{s:s, s:s}", "Name", settings->metric.dimensions[i].name,
                                                    "Value", settings->metric.dimensions[i].value));
    }
    json_t *json = json_pack(
        "{s:{s:s, s:s}, s:{s:s, s:s, s:o, s:s, s:I, s:I, s:f, s:s}}", "AlarmIdentifier", "Region",
        state->region, "Name", state->name, "CloudWatchAlarmConfiguration", "Namespace",
        settings->metric.space, "MetricName", settings->metric.name, "Dimensions", dimensions, "Statistic",
        metric_statistic_names()[settings->statistic], "Period", (json_int_t)settings->period,
        "EvaluationPeriods", (json_int_t)settings->evaluation_periods, "Threshold", settings->threshold,
        "ComparisonOperator", metric_comparison_names()[settings->comparison]);
    set_text(json, "evaluation", metric_evaluation_name(state->reading.evaluation));
    set_number(json, "periods_with_data", state->reading.present);
    set_number(json, "periods_breaching", state->reading.breaching);
    json_object_set_new(json, "value",
                        state->reading.present > 0 ? json_real(state->reading.value) : json_null());
    set_time(json, "value_at", state->reading.value_at);
    set_text(json, "last_known_status", status_word(state->last_known));
    return json;
}

static const char *endpoint_text(const struct health_check *check, char *out, size_t room)
{
    char address[IP_TEXT] = "";
    if (check->ip_address.family != 0) {
        ip_format(&check->ip_address, address);
    }
    const char *host = check->ip_address.family != 0 ? address : check->fully_qualified_domain_name;
    bool bracketed = check->ip_address.family == 6;
    snprintf(out, room, "%s%s%s:%u%s", bracketed ? "[" : "", host != NULL ? host : "?", bracketed ? "]" : "",
             check->port, check->resource_path != NULL ? check->resource_path : "");
    return out;
}

static bool over_tls(const struct health_check *check)
{
    return check->type == HEALTH_CHECK_HTTPS || check->type == HEALTH_CHECK_HTTPS_STR_MATCH;
}

// Warnings, never a verdict (P20).
static json_t *certificate_json(const struct certificate *certificate, const struct health_check *check,
                                wall_time now)
{
    static const duration day = DURATION_S(86400);
    json_t *json = json_object();
    json_t *warnings = json_array();
    duration left = certificate->not_after.ns - now.ns;
    set_text(json, "subject", certificate->subject);
    set_time(json, "not_after", certificate->not_after);
    json_object_set_new(json, "expires_in_days", json_integer(left / day - (left % day < 0)));
    json_object_set_new(json, "name_matches",
                        certificate->named ? json_boolean(certificate->name_matches) : json_null());
    if (left < STATUS_CERTIFICATE_DAYS * day) {
        char at[WALL_TIME_TEXT];
        wall_time_format(certificate->not_after, at);
        json_array_append_new(warnings, json_sprintf("%s at %s", left < 0 ? "expired" : "expires", at));
    }
    if (certificate->named && !certificate->name_matches) {
        json_array_append_new(warnings, json_sprintf("is not for %s", check->fully_qualified_domain_name));
    }
    json_object_set_new(json, "warnings", warnings);
    return json;
}

static json_t *checkers_json(const struct check_state *state)
{
    return json_pack("{s:I, s:I, s:I}", "total", (json_int_t)state->reporting, "healthy",
                     (json_int_t)state->checkers_healthy, "needed", (json_int_t)state->needed);
}

// What each location makes of the check, when there are several (A5).
static json_t *locations_json(const struct fleet *fleet, uint32_t check)
{
    json_t *array = json_array();
    for (uint32_t location = 0; location < fleet_location_count(fleet); location++) {
        struct check_state state;
        fleet_check_state_at(fleet, location, check, &state);
        json_t *json = json_object();
        set_text(json, "location", fleet_location_name(fleet, location));
        set_text(json, "status", status_word(state.healthy));
        json_object_set_new(json, "checkers", checkers_json(&state));
        set_time(json, "since", state.since);
        json_array_append_new(array, json);
    }
    return array;
}

static json_t *check_json(const struct status_input *input, uint32_t index, bool observations)
{
    const struct model *model = input->view->model;
    const struct health_check *check = &model->health_checks[index];
    struct check_state state;
    char endpoint[700];
    fleet_check_state(input->fleet, index, &state);
    json_t *json = json_object();
    set_text(json, "id", check->id);
    set_text(json, "name", check->name);
    set_text(json, "type", health_check_type_name(check->type));
    set_text(json, "endpoint",
             health_check_type_is_endpoint(check->type) ? endpoint_text(check, endpoint, sizeof endpoint)
                                                        : NULL);
    set_text(json, "status", status_word(state.healthy));
    set_text(json, "raw_status", status_word(state.raw));
    set_bool(json, "inverted", state.inverted);
    set_bool(json, "disabled", state.disabled);
    json_object_set_new(json, "checkers", checkers_json(&state));
    if (fleet_location_count(input->fleet) > 1) {
        json_object_set_new(json, "locations", locations_json(input->fleet, index));
    }
    set_time(json, "since", state.since);
    set_number(json, "probes", state.probes);
    const struct certificate *certificate = fleet_certificate(input->fleet, index);
    if (over_tls(check)) {
        json_object_set_new(json, "certificate",
                            certificate != NULL ? certificate_json(certificate, check, input->now)
                                                : json_null());
    }
    struct metric_state metric;
    if (fleet_metric_state(input->fleet, index, &metric)) {
        json_object_set_new(json, "metric", metric_json(&metric));
    }
    json_object_set_new(json, "override", override_json(fleet_override(input->fleet, index)));
    json_object_set_new(json, "last_observations",
                        observations_json(input->fleet, index, observations ? state.checkers : 0));
    return json;
}

json_t *status_check_json(const struct status_input *input, uint32_t check)
{
    return check_json(input, check, true);
}

static bool observations_wanted(const struct model *model)
{
    return model->health_check_count <= STATUS_OBSERVED_CHECKS_MAX;
}

static json_t *checks_json(const struct status_input *input)
{
    bool observations = observations_wanted(input->view->model);
    json_t *array = json_array();
    for (uint32_t i = 0; i < input->view->model->health_check_count; i++) {
        json_array_append_new(array, check_json(input, i, observations));
    }
    return array;
}

// --- resources

json_t *status_resource_json(const struct status_input *input, uint32_t index)
{
    const struct resource *resource = &input->view->model->resources[index];
    const struct resource_override *set = fleet_resource_override(input->fleet, index);
    json_t *json = json_object();
    set_text(json, "dns_name", resource->name);
    set_text(json, "type", resource_type_name(resource->type));
    set_text(json, "status", status_word(view_resource_healthy(input->view, resource)));
    set_text(json, "policy_status", status_word(resource->healthy));
    json_t *override = json_null();
    if (set != NULL) {
        override = json_object();
        set_bool(override, "Healthy", set->healthy);
        set_text(override, "Reason", set->reason[0] != '\0' ? set->reason : NULL);
        set_time(override, "since", set->since);
        set_time(override, "until", set->until_wall);
    }
    json_object_set_new(json, "override", override);
    return json;
}

static json_t *resources_json(const struct status_input *input)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < input->view->model->resource_count; i++) {
        json_array_append_new(array, status_resource_json(input, i));
    }
    return array;
}

// --- answers: what each place gets for each routed name

static json_t *values_json(uint16_t type, const struct decision *decision)
{
    json_t *values = json_array();
    for (unsigned i = 0; i < decision->count; i++) {
        json_t *some = explain_values(type, decision->record_sets[i]);
        json_array_extend(values, some);
        json_decref(some);
    }
    return values;
}

static json_t *answer_json(const struct status_input *input, const struct record_group *group,
                           const struct client *client, const char *name, const char *type)
{
    struct random roll;
    random_seed(&roll, input->view->model->simulator.seed);
    const struct random before = roll;
    struct decide_context context = {.view = input->view, .client = client, .roll = &roll};
    uint32_t place = client->vpc != NULL ? client->vpc->place : client->place;
    struct resolution resolution;
    resolve_at(&context, group->node, group->type, &resolution);
    json_t *json = json_object();
    set_text(json, "name", name);
    set_text(json, "type", type);
    set_text(json, "place", input->view->model->places[place].name);
    if (client->vpc != NULL) {
        set_text(json, "vpc", client->vpc->id);
    }
    if (resolution.kind != RESOLVED_ANSWER) {
        set_text(json, "set_identifier", NULL);
        return json;
    }
    const struct record_set *set = resolution.decision.entry;
    set_text(json, "set_identifier", set->set_identifier);
    set_text(json, "region", set->region != REGION_NONE ? region_at(set->region)->code : NULL);
    json_object_set_new(json, "values", values_json(group->type, &resolution.decision));
    set_number(json, "ttl", resolution.decision.ttl);
    set_bool(json, "fail_open", resolution.decision.fail_open);
    set_bool(json, "by_chance",
             memcmp(&before, &roll, sizeof roll) != 0); // each query draws anew: this is one draw
    return json;
}

struct answers {
    const struct status_input *input;
    const struct status_filter *filter;
    json_t *array;
    bool truncated;
};

static bool same_name(const char *wanted, const char *name)
{
    size_t len = strlen(name); // ends with a dot; the wanted one may
    size_t wanted_len = strlen(wanted);
    return strncasecmp(wanted, name, len) == 0 ||
           (wanted_len + 1 == len && strncasecmp(wanted, name, wanted_len) == 0);
}

// filter->place may be a VPC's id, too.
static bool client_wanted(const struct answers *answers, const struct client *client)
{
    const struct model *model = answers->input->view->model;
    const char *wanted = answers->filter->place;
    uint32_t place = client->vpc != NULL ? client->vpc->place : client->place;
    return wanted == NULL || strcasecmp(wanted, model->places[place].name) == 0 ||
           (client->vpc != NULL && strcmp(wanted, client->vpc->id) == 0);
}

static void add_answer(struct answers *answers, const struct record_group *group, const struct client *client,
                       const char *name, const char *type)
{
    if (!client_wanted(answers, client) || answers->truncated) {
        return;
    }
    if (json_array_size(answers->array) == STATUS_ANSWERS_MAX) {
        answers->truncated = true;
        return;
    }
    json_array_append_new(answers->array, answer_json(answers->input, group, client, name, type));
}

// In a public zone for each place, in a private one for each of its VPCs (E3).
static void group_answers(struct answers *answers, const struct record_group *group)
{
    const struct model *model = answers->input->view->model;
    const struct status_filter *filter = answers->filter;
    struct dns_name wire = {.len = group->node->name_len};
    char name[DNS_NAME_TEXT];
    char type[DNS_TYPE_TEXT];
    memcpy(wire.wire, group->node->name, wire.len);
    dns_name_format_plain(&wire, name);
    dns_rrtype_format(group->type, type);
    if ((filter->name != NULL && !same_name(filter->name, name)) ||
        (filter->type != NULL && strcasecmp(filter->type, type) != 0)) {
        return;
    }
    if (group->node->zone->private_zone) {
        for (uint32_t i = 0; i < group->node->zone->vpc_count; i++) {
            const struct vpc *vpc = model_find_vpc(model, bytes_of(group->node->zone->vpcs[i].id));
            add_answer(answers, group, &(struct client){.place = PLACE_NONE, .vpc = vpc}, name, type);
        }
        return;
    }
    for (uint32_t place = 0; place < model->place_count; place++) {
        add_answer(answers, group, &(struct client){.place = place}, name, type);
    }
}

static void collect_answers(struct answers *answers)
{
    const struct model *model = answers->input->view->model;
    for (uint32_t i = 0; i < model->routed_group_count && !answers->truncated; i++) {
        group_answers(answers, model->routed_groups[i]);
    }
}

// --- the rest

static json_t *policy_json(const struct status_input *input)
{
    const struct model *model = input->view->model;
    json_t *json = json_object();
    char digest[20];
    snprintf(digest, sizeof digest, "%016llx", (unsigned long long)model->digest);
    set_text(json, "source", input->policy_source);
    set_time(json, "loaded", input->policy_loaded);
    set_number(json, "generation", input->policy_generation);
    set_text(json, "digest", digest);
    set_number(json, "hosted_zones", model->zone_count);
    set_number(json, "record_sets", model->record_set_count);
    set_number(json, "health_checks", model->health_check_count);
    set_text(json, "latency_table", model->latency_source);
    set_text(json, "default_client", model->places[model->default_client].name);
    if (input->reload_error != NULL) {
        json_t *error = json_object();
        set_text(error, "message", input->reload_error);
        set_time(error, "at", input->reload_failed);
        json_object_set_new(json, "error", error);
    } else {
        json_object_set_new(json, "error", json_null());
    }
    return json;
}

static json_t *dns_json(const struct dns_totals *dns)
{
    static const char *const names[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
    json_t *json = json_object();
    set_number(json, "queries", dns->queries);
    set_number(json, "dropped", dns->dropped);
    set_number(json, "truncated", dns->truncated);
    set_number(json, "fail_open", dns->fail_open);
    set_number(json, "client_subnet", dns->client_subnet);
    json_t *rcodes = json_object();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        set_number(rcodes, names[i], dns->rcodes[i]);
    }
    set_number(rcodes, "other", dns->rcodes[15]);
    json_object_set_new(json, "rcodes", rcodes);
    return json;
}

json_t *status_json(const struct status_input *input, const struct status_filter *filter)
{
    struct answers answers = {.input = input, .filter = filter, .array = json_array()};
    collect_answers(&answers);
    json_t *json = json_object();
    json_object_set_new(json, "schema_version", json_integer(STATUS_SCHEMA_VERSION));
    set_text(json, "version", input->version);
    set_time(json, "now", input->now);
    set_time(json, "started", input->started);
    set_bool(json, "ready", input->ready);
    json_object_set_new(json, "policy", policy_json(input));
    json_object_set_new(json, "health_checks", checks_json(input));
    set_bool(json, "observations_omitted", !observations_wanted(input->view->model));
    json_object_set_new(json, "resources", resources_json(input));
    json_object_set_new(json, "answers", answers.array);
    set_bool(json, "answers_truncated", answers.truncated);
    json_object_set_new(json, "dns", dns_json(&input->dns));
    json_object_set_new(json, "push", json_pack("{s:b}", "enabled", 0)); // nothing reaches Route 53
    return json;
}
