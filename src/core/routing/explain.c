// SPDX-License-Identifier: MIT
#include "core/routing/explain.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/dns/message.h"
#include "core/dns/rrtype.h"
#include "counterfactual.h"

enum { VALUE_MAX = 70000, RULES_MAX = 12 };

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text != NULL ? json_string(text) : json_null());
}

static void add_rule(json_t *rules, const char *rule)
{
    json_array_append_new(rules, json_string(rule));
}

static double rounded_ms(float ms)
{
    return (double)(long)(ms * 10.0F + 0.5F) / 10.0;
}

// --- the client

static json_t *client_json(const struct view *view, const struct client *client, const struct trace *trace)
{
    json_t *json = json_object();
    char text[IP_PREFIX_TEXT];
    if (client->has_subnet) {
        ip_prefix_format(&client->subnet, text);
        set_text(json, "subnet", text);
    }
    if (client->source.family != 0) {
        ip_format(&client->source, text);
        set_text(json, "source", text);
    }
    const struct vpc *vpc = decide_vpc(view, client);
    if (vpc != NULL) {
        set_text(json, "vpc", vpc->id);
        set_text(json, "vpc_region", region_at(vpc->region)->code);
    }
    if (!trace->located) { // no policy asked where the client is
        if (client->place != PLACE_NONE) {
            set_text(json, "place", view->model->places[client->place].name);
        }
        return json;
    }
    const struct client_location *location = &trace->location;
    const struct place *place = &view->model->places[location->place];
    set_text(json, "place", place->name);
    set_text(json, "label", place->label);
    set_text(json, "evidence", client_evidence_name(location->evidence));
    json_object_set_new(json, "nowhere_for_geolocation", json_boolean(trace->nowhere));
    if (location->matched) {
        ip_prefix_format(&location->prefix, text);
        set_text(json, "matched_prefix", text);
        set_text(json, "matched_by", client_source_name(location->source));
    }
    return json;
}

static const char *evidence_rule(enum client_evidence evidence)
{
    static const char *const rules[] = {
        [CLIENT_BY_PLACE] = NULL,    [CLIENT_BY_SUBNET] = "E2", [CLIENT_BY_SOURCE] = "E1",
        [CLIENT_BY_DEFAULT] = "LT5", [CLIENT_BY_VPC] = "E3",
    };
    return rules[evidence];
}

// --- record sets

json_t *explain_values(uint16_t type, const struct record_set *set)
{
    json_t *values = json_array();
    size_t at = 0;
    struct bytes rdata;
    while (record_set_next(set, &at, &rdata)) {
        struct buffer text;
        buffer_init(&text, VALUE_MAX);
        dns_rdata_format(type, rdata, &text);
        json_array_append_new(values, json_string(buffer_string(&text)));
        buffer_free(&text);
    }
    return values;
}

static void set_identity(json_t *json, const struct record_set *set)
{
    set_text(json, "set_identifier", set->set_identifier);
    set_text(json, "region", set->region != REGION_NONE ? region_at(set->region)->code : NULL);
}

static const char *outcome_name(enum trace_outcome outcome)
{
    static const char *const names[] = {
        [TRACE_CHOSEN] = "chosen",           [TRACE_UNHEALTHY] = "refused",
        [TRACE_NOT_REACHED] = "not reached", [TRACE_NOT_APPLICABLE] = "not applicable",
        [TRACE_ENTERED] = "entered",         [TRACE_BACKED_OUT] = "backed out",
    };
    return names[outcome];
}

static void name_json(json_t *json, const char *key, const uint8_t *wire, uint8_t len)
{
    struct dns_name name = {.len = len};
    char text[DNS_NAME_TEXT];
    memcpy(name.wire, wire, len);
    dns_name_format_plain(&name, text);
    set_text(json, key, text);
}

static void alias_json(json_t *json, const struct view *view, const struct alias_target *alias)
{
    json_t *target = json_object();
    name_json(target, "dns_name", alias->name, alias->name_len);
    json_object_set_new(target, "evaluate_target_health", json_boolean(alias->evaluate_target_health));
    json_object_set_new(target, "dangling", json_boolean(alias->group == NULL && alias->resource == NULL));
    if (alias->resource != NULL) {
        json_t *resource = json_object();
        set_text(resource, "type", resource_type_name(alias->resource->type));
        bool healthy = view_resource_healthy(view, alias->resource);
        json_object_set_new(resource, "healthy", json_boolean(healthy));
        json_object_set_new(resource, "set", json_boolean(healthy != alias->resource->healthy));
        json_object_set_new(target, "resource", resource);
    }
    json_object_set_new(json, "alias_target", target);
}

static void area_json(json_t *json, const struct geo_area *area)
{
    char country[3] = {area->codes[0], area->codes[1], '\0'};
    char subdivision[3] = {area->codes[2], area->codes[3], '\0'};
    switch ((enum geo_area_kind)area->kind) {
    case GEO_DEFAULT:
        set_text(json, "geolocation", "*");
        break;
    case GEO_CONTINENT:
        json_object_set_new(json, "geolocation", json_sprintf("continent:%s", country));
        break;
    case GEO_COUNTRY:
        set_text(json, "geolocation", country);
        break;
    case GEO_SUBDIVISION:
        json_object_set_new(json, "geolocation", json_sprintf("%s-%s", country, subdivision));
        break;
    }
}

// What the group's own policy knows of a candidate.
static void routing_json(json_t *json, const struct view *view, const struct trace_candidate *candidate)
{
    const struct record_set *set = candidate->record_set;
    if (candidate->has_weight) {
        json_object_set_new(json, "weight", json_integer(candidate->weight));
    }
    if (candidate->draw_of > 0) {
        json_object_set_new(
            json, "draw",
            json_pack("{s:i, s:i}", "number", (int)candidate->draw, "of", (int)candidate->draw_of));
    }
    if (candidate->has_area) {
        area_json(json, &candidate->area);
    }
    if (candidate->has_region_distance) {
        json_object_set_new(json, "distance_km", json_integer((json_int_t)candidate->km));
    }
    if (candidate->has_distance) {
        json_object_set_new(json, "distance_km", json_integer((json_int_t)candidate->km));
        json_object_set_new(json, "biased_km", json_integer((json_int_t)candidate->biased_km));
        json_object_set_new(json, "bias", json_integer(candidate->bias));
    }
    if (candidate->group->policy == ROUTING_FAILOVER) {
        set_text(json, "failover", set->routing.secondary ? "SECONDARY" : "PRIMARY");
    }
    if (candidate->group->policy == ROUTING_CIDR) {
        const struct cidr_collection *collection =
            &view->model->cidr_collections[set->routing.cidr.collection];
        uint32_t location = set->routing.cidr.location;
        set_text(json, "cidr_location",
                 location < collection->location_count ? collection->locations[location] : "*");
    }
}

static const char *status_word(bool healthy)
{
    return healthy ? "healthy" : "unhealthy";
}

// What the final status was made of (S1-S7), as far as a view knows: who has the fleet knows more.
static json_t *evidence_json(const struct view *view, uint32_t index)
{
    const struct health_check *check = &view->model->health_checks[index];
    bool final = status_table_healthy(view->status, index);
    json_t *json = json_object();
    set_text(json, "type", health_check_type_name(check->type));
    set_text(json, "raw_status", status_word(check->disabled || final != check->inverted));
    json_object_set_new(json, "inverted", json_boolean(check->inverted));
    json_object_set_new(json, "disabled", json_boolean(check->disabled));
    if (check->type == HEALTH_CHECK_CALCULATED) {
        json_t *children = json_array();
        for (uint16_t i = 0; i < check->child_count; i++) {
            uint32_t child = check->children[i];
            json_t *one = json_object();
            set_text(one, "id", child != HEALTH_CHECK_NONE ? view->model->health_checks[child].id : NULL);
            set_text(one, "status", status_word(status_table_healthy(view->status, child)));
            json_array_append_new(children, one);
        }
        json_object_set_new(json, "children", children);
        json_object_set_new(json, "children_needed", json_integer(check->health_threshold));
    }
    return json;
}

// The rule by which each policy chooses.
static const char *const policy_rules[ROUTING_POLICIES] = {
    [ROUTING_SIMPLE] = "R10",    [ROUTING_WEIGHTED] = "W1",    [ROUTING_LATENCY] = "LT1",
    [ROUTING_FAILOVER] = "O1",   [ROUTING_GEOLOCATION] = "G1", [ROUTING_GEOPROXIMITY] = "X1",
    [ROUTING_MULTIVALUE] = "M1", [ROUTING_CIDR] = "I3",
};

static const char *policy_rule(const struct record_group *group)
{
    bool private_zone = group->node->zone->private_zone;
    return private_zone && group->policy == ROUTING_LATENCY       ? "LT4"
           : private_zone && group->policy == ROUTING_GEOLOCATION ? "G8"
                                                                  : policy_rules[group->policy];
}

// Which rule decided about a candidate.
static const char *outcome_rule(const struct trace_candidate *candidate)
{
    const struct alias_target *alias = candidate->record_set->alias;
    switch (candidate->outcome) {
    case TRACE_UNHEALTHY:
        return alias != NULL ? "T8" : "R1";
    case TRACE_NOT_APPLICABLE:
        return candidate->group->policy == ROUTING_CIDR ? "I2" : "G3";
    case TRACE_ENTERED:
        return alias->evaluate_target_health ? "T6" : "T7";
    case TRACE_BACKED_OUT:
        return alias->resource != NULL ? "Q3" : alias->group == NULL ? "T5" : "T6";
    case TRACE_CHOSEN:
    case TRACE_NOT_REACHED:
        break;
    }
    return candidate->group->member_count == 1 ? "R2" : policy_rule(candidate->group);
}

static json_t *candidate_json(const struct view *view, const struct trace_candidate *candidate)
{
    json_t *json = json_object();
    const struct record_set *set = candidate->record_set;
    set_identity(json, set);
    set_text(json, "outcome", outcome_name(candidate->outcome));
    set_text(json, "status",
             set->dangling_check
                 ? candidate->healthy ? "its health check is gone" : "its health check is gone: unhealthy"
             : !candidate->checked ? "no health check"
             : candidate->healthy  ? "healthy"
                                   : "unhealthy");
    set_text(json, "rule", outcome_rule(candidate));
    if (candidate->checked) {
        const struct health_check *check = &view->model->health_checks[set->health_check];
        set_text(json, "health_check_id", check->id);
        set_text(json, "health_check_name", check->name);
        json_object_set_new(json, "evidence", evidence_json(view, set->health_check));
    }
    if (candidate->has_latency) {
        const struct latency_cell *cell = &candidate->latency;
        json_object_set_new(json, "latency_ms", json_real(rounded_ms(cell->ms)));
        set_text(json, "latency_source", latency_source_name(cell->source));
        if (cell->row_place != PLACE_NONE) {
            set_text(json, "latency_row", view->model->places[cell->row_place].name);
        }
        if (cell->source == LATENCY_GREAT_CIRCLE) {
            json_object_set_new(json, "distance_km", json_integer((json_int_t)cell->km));
        }
    }
    routing_json(json, view, candidate);
    json_object_set_new(json, "depth", json_integer(candidate->depth));
    name_json(json, "name", candidate->group->node->name, candidate->group->node->name_len);
    if (set->alias != NULL) {
        alias_json(json, view, set->alias);
        if (set->alias->addresses != NULL) {
            json_object_set_new(json, "values",
                                explain_values(candidate->group->type, set->alias->addresses));
        }
    } else {
        json_object_set_new(json, "values", explain_values(candidate->group->type, set));
    }
    return json;
}

// The names of what would have to be so, checks and resources each in a list of their own; nothing when
// there are none.
static void set_changes(json_t *json, const char *key, const struct view *view,
                        const struct counterfactual *found, bool healthy, bool resources)
{
    uint32_t checks = view->model->health_check_count;
    json_t *array = json_array();
    for (unsigned i = 0; i < found->count; i++) {
        const struct counterfactual_change *change = &found->changes[i];
        if (change->healthy == healthy && (change->slot >= checks) == resources) {
            json_array_append_new(array,
                                  json_string(resources ? view->model->resources[change->slot - checks].name
                                                        : view->model->health_checks[change->slot].id));
        }
    }
    if (json_array_size(array) > 0) {
        json_object_set(json, key, array);
    }
    json_decref(array);
}

// The names of checks that are told by id.
static void set_names(json_t *json, const struct view *view, const struct counterfactual *found)
{
    json_t *names = json_object();
    for (unsigned i = 0; i < found->count; i++) {
        uint32_t slot = found->changes[i].slot;
        if (slot < view->model->health_check_count && view->model->health_checks[slot].name != NULL) {
            set_text(names, view->model->health_checks[slot].id, view->model->health_checks[slot].name);
        }
    }
    if (json_object_size(names) > 0) {
        json_object_set(json, "names", names);
    }
    json_decref(names);
}

static double rounded_share(double share)
{
    return (double)(long)(share * 1e6 + 0.5) / 1e6;
}

// "would_be_chosen_if": all of these hold; being nearer alone would do as well. What is chosen already has
// only the probability of that, where it was a matter of chance.
static void set_counterfactual(json_t *json, const struct view *view, const struct client *client,
                               const struct trace *trace, unsigned index)
{
    const struct trace_candidate *candidate = &trace->candidates[index];
    struct counterfactual found;
    counterfactual_find(view, client, trace, index, &found);
    bool by_chance = found.possible && found.probability < 1;
    if (candidate->outcome == TRACE_CHOSEN || candidate->outcome == TRACE_ENTERED) {
        if (by_chance) {
            json_object_set_new(json, "probability", json_real(rounded_share(found.probability)));
        }
        return;
    }
    if (!found.possible && !found.nearer) {
        return;
    }
    json_t *condition = json_object();
    if (found.possible) {
        set_changes(condition, "healthy", view, &found, true, false);
        set_changes(condition, "unhealthy", view, &found, false, false);
        set_changes(condition, "resources_healthy", view, &found, true, true);
        set_changes(condition, "resources_unhealthy", view, &found, false, true);
        set_names(condition, view, &found);
    }
    if (by_chance) {
        json_object_set_new(condition, "probability", json_real(rounded_share(found.probability)));
    }
    if (found.nearer) {
        json_object_set_new(condition,
                            candidate->has_latency ? "nearer_by_more_than_ms" : "nearer_by_more_than_km",
                            json_real(rounded_ms(found.nearer_by)));
    }
    json_object_set_new(json, "would_be_chosen_if", condition);
}

static json_t *candidates_json(const struct view *view, const struct client *client,
                               const struct trace *trace)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < trace->count; i++) {
        json_t *candidate = candidate_json(view, &trace->candidates[i]);
        set_counterfactual(candidate, view, client, trace, i);
        json_array_append_new(array, candidate);
    }
    return array;
}

// --- the outcome

static json_t *answer_json(const struct resolution *resolution)
{
    if (resolution->kind != RESOLVED_ANSWER) {
        return json_null();
    }
    json_t *json = json_object();
    json_t *values = json_array();
    for (unsigned i = 0; i < resolution->decision.count; i++) {
        json_t *some = explain_values(resolution->group->type, resolution->decision.record_sets[i]);
        json_array_extend(values, some);
        json_decref(some);
    }
    char type[DNS_TYPE_TEXT];
    dns_rrtype_format(resolution->group->type, type);
    set_text(json, "type", type);
    json_object_set_new(json, "values", values);
    json_object_set_new(json, "ttl", json_integer(resolution->decision.ttl));
    set_identity(json, resolution->decision.entry);
    json_object_set_new(json, "fail_open", json_boolean(resolution->decision.fail_open));
    return json;
}

// Whether the health of an AWS resource had a part in it.
static bool asked_resource(const struct trace_candidate *candidate)
{
    const struct alias_target *alias = candidate->record_set->alias;
    return alias != NULL && alias->resource != NULL && alias->evaluate_target_health &&
           (candidate->outcome == TRACE_CHOSEN || candidate->outcome == TRACE_BACKED_OUT);
}

static void location_rules(json_t *rules, const struct trace *trace)
{
    const char *rule = trace->located ? evidence_rule(trace->location.evidence) : NULL;
    bool by_distance = trace->count > 0 && trace->candidates[0].has_distance;
    if (rule != NULL) {
        add_rule(rules, by_distance && trace->location.evidence == CLIENT_BY_DEFAULT ? "X5" : rule);
    }
    if (trace->nowhere) {
        add_rule(rules, "G4");
    }
}

// The rule by which each policy chooses, and what of the walk needs a rule of its own.
static void decision_rules(json_t *rules, const struct view *view, const struct resolution *resolution,
                           const struct trace *trace)
{
    const struct record_group *group = resolution->group;
    assert(resolution->zone != NULL); // there is an answer
    add_rule(rules, policy_rule(group));
    if (group->member_count == 1) {
        add_rule(rules, "R2");
    } else if (resolution->decision.fail_open) {
        add_rule(rules, "R3");
    }
    bool refused = false;
    bool backed_out = false;
    bool resource = false;
    for (unsigned i = 0; i < trace->count; i++) {
        refused |= trace->candidates[i].outcome == TRACE_UNHEALTHY;
        backed_out |= trace->candidates[i].outcome == TRACE_BACKED_OUT;
        resource |= asked_resource(&trace->candidates[i]);
    }
    if (refused && !resolution->decision.fail_open) {
        add_rule(rules, "R1");
    }
    if (backed_out) {
        add_rule(rules, "T6");
    }
    if (resource) {
        add_rule(rules, "Q3");
    }
    if (resolution->decision.entry->alias != NULL) {
        add_rule(rules, resolution->decision.entry->alias->evaluate_target_health ? "T2" : "T7");
    }
    location_rules(rules, trace);
    if (trace->located) {
        const char *country = view->model->places[trace->location.place].country;
        if (group->policy == ROUTING_LATENCY && !resolution->zone->private_zone && country != NULL &&
            strcmp(country, "CN") == 0) {
            add_rule(rules, "LT3");
        }
    }
}

// A policy was asked and had nothing for this client.
static void no_match_rules(json_t *rules, const struct trace *trace)
{
    const struct trace_candidate *last = &trace->candidates[trace->count - 1];
    add_rule(rules, last->group->policy == ROUTING_CIDR          ? "I5"
                    : last->group->policy == ROUTING_GEOLOCATION ? "G5"
                                                                 : "T5");
    location_rules(rules, trace);
}

static json_t *rules_json(const struct view *view, uint16_t type, const struct resolution *resolution,
                          const struct trace *trace)
{
    static const char *const by_kind[] = {
        [RESOLVED_NODATA] = "D6",
        [RESOLVED_NXDOMAIN] = "D6",
        [RESOLVED_REFERRAL] = "D12",
        [RESOLVED_REFUSED] = "D14",
    };
    json_t *rules = json_array();
    if (resolution->zone != NULL && resolution->zone->private_zone) {
        add_rule(rules, "D21");
    }
    if (resolution->wildcard) {
        add_rule(rules, "D9");
    }
    if (resolution->kind != RESOLVED_ANSWER && trace->count == 0) {
        add_rule(rules, by_kind[resolution->kind]);
        return rules;
    }
    if (resolution->kind != RESOLVED_ANSWER) {
        no_match_rules(rules, trace);
        return rules;
    }
    if (resolution->group->type != type) {
        add_rule(rules, "D5");
    }
    decision_rules(rules, view, resolution, trace);
    return rules;
}

static const char *rcode_name(const struct view *view, const struct resolution *resolution)
{
    switch (resolution->kind) {
    case RESOLVED_NXDOMAIN:
        return dns_rcode_name(DNS_RCODE_NXDOMAIN);
    case RESOLVED_REFUSED:
        return dns_rcode_name(resolution->zone == NULL ? view->model->simulator.unknown_zone_rcode
                                                       : DNS_RCODE_REFUSED);
    case RESOLVED_ANSWER:
    case RESOLVED_NODATA:
    case RESOLVED_REFERRAL:
        break;
    }
    return dns_rcode_name(DNS_RCODE_NOERROR);
}

// LT2: which of several tables the round trips are from.
static void set_latency_version(json_t *json, const struct view *view, const struct trace *trace)
{
    char text[WALL_TIME_TEXT];
    wall_time from;
    bool measured = false;
    for (unsigned i = 0; i < trace->count; i++) {
        measured |= trace->candidates[i].has_latency;
    }
    if (measured && latency_table_valid_from(view->latency, &from)) {
        wall_time_format(from, text);
        set_text(json, "latency_valid_from", text);
    }
}

json_t *explain(const struct view *view, const struct dns_name *name, uint16_t type,
                const struct client *client, struct random *roll)
{
    struct trace trace = {.count = 0};
    struct decide_context context = {.view = view, .client = client, .roll = roll, .trace = &trace};
    struct resolution resolution;
    char text[DNS_NAME_TEXT];
    resolve(&context, name, type, &resolution);
    json_t *json = json_object();
    json_object_set_new(json, "schema_version", json_integer(EXPLAIN_SCHEMA_VERSION));
    dns_name_format_plain(name, text);
    set_text(json, "name", text);
    dns_rrtype_format(type, text);
    set_text(json, "type", text);
    set_text(json, "rcode", rcode_name(view, &resolution));
    set_text(json, "outcome", resolution_kind_name(resolution.kind));
    json_object_set_new(json, "answer", answer_json(&resolution));
    json_object_set_new(json, "client", client_json(view, client, &trace));
    if (resolution.zone != NULL) {
        name_json(json, "zone", resolution.zone->name.wire, resolution.zone->name.len);
        set_text(json, "zone_id", resolution.zone->id);
        json_object_set_new(json, "private_zone", json_boolean(resolution.zone->private_zone));
        name_json(json, "owner", resolution.node->name, resolution.node->name_len);
    }
    json_object_set_new(json, "wildcard", json_boolean(resolution.wildcard));
    set_latency_version(json, view, &trace);
    if (resolution.kind == RESOLVED_ANSWER) {
        set_text(json, "policy", routing_policy_name(resolution.group->policy));
    }
    json_object_set_new(json, "candidates", candidates_json(view, client, &trace));
    json_object_set_new(json, "candidates_truncated", json_boolean(trace.truncated));
    json_object_set_new(json, "rules", rules_json(view, type, &resolution, &trace));
    return json;
}
