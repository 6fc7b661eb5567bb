// SPDX-License-Identifier: MIT
// The JSON of explain.c as sentences: one source, so that the two cannot differ.
#include <string.h>

#include "core/routing/explain.h"

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static bool has(const json_t *object, const char *key)
{
    return json_is_string(json_object_get(object, key));
}

static void join(const json_t *array, const char *separator, struct buffer *out)
{
    size_t i;
    json_t *item;
    json_array_foreach(array, i, item)
    {
        buffer_format(out, "%s%s", i > 0 ? separator : "", json_string_value(item));
    }
}

static const char *client_name(const json_t *client)
{
    return has(client, "subnet")   ? text_of(client, "subnet")
           : has(client, "source") ? text_of(client, "source")
                                   : text_of(client, "place");
}

static void headline(const json_t *explanation, struct buffer *out)
{
    const json_t *answer = json_object_get(explanation, "answer");
    buffer_format(out, "%s %s for %s: ", text_of(explanation, "name"), text_of(explanation, "type"),
                  client_name(json_object_get(explanation, "client")));
    if (json_is_null(answer)) {
        buffer_format(out, "%s\n", text_of(explanation, "outcome"));
        return;
    }
    if (strcmp(text_of(answer, "type"), text_of(explanation, "type")) != 0) {
        buffer_format(out, "%s ", text_of(answer, "type"));
    }
    join(json_object_get(answer, "values"), ", ", out);
    buffer_format(out, " (TTL %lld", (long long)json_integer_value(json_object_get(answer, "ttl")));
    if (has(answer, "region")) {
        buffer_format(out, ", %s", text_of(answer, "region"));
    }
    buffer_text(out, json_is_true(json_object_get(answer, "fail_open")) ? ", fail-open)\n" : ")\n");
}

static void client_line(const json_t *client, struct buffer *out)
{
    if (!has(client, "evidence")) { // where the client is made no difference
        return;
    }
    if (json_is_true(json_object_get(client, "nowhere_for_geolocation"))) {
        buffer_text(out, "  client      in no block, so nowhere for geolocation (G4)\n");
    }
    buffer_format(out, "  client      in %s", text_of(client, "place"));
    if (has(client, "label")) {
        buffer_format(out, " (%s)", text_of(client, "label"));
    }
    buffer_format(out, ", known by %s", text_of(client, "evidence"));
    if (has(client, "matched_prefix")) {
        buffer_format(out, ", block %s of %s", text_of(client, "matched_prefix"),
                      text_of(client, "matched_by"));
    }
    buffer_char(out, '\n');
}

static void latency_part(const json_t *candidate, struct buffer *out)
{
    json_t *ms = json_object_get(candidate, "latency_ms");
    if (ms == NULL) {
        return;
    }
    buffer_format(out, "  %6.1f ms by %s", json_real_value(ms), text_of(candidate, "latency_source"));
    if (has(candidate, "latency_row")) {
        buffer_format(out, " %s", text_of(candidate, "latency_row"));
    }
    json_t *km = json_object_get(candidate, "distance_km");
    if (km != NULL && json_object_get(candidate, "biased_km") == NULL) {
        buffer_format(out, ", %lld km", (long long)json_integer_value(km));
    }
}

static void routing_part(const json_t *candidate, struct buffer *out)
{
    json_t *weight = json_object_get(candidate, "weight");
    json_t *biased = json_object_get(candidate, "biased_km");
    if (weight != NULL) {
        buffer_format(out, "  weight %lld", (long long)json_integer_value(weight));
    }
    if (biased != NULL) {
        buffer_format(out, "  %lld km, bias %+lld: %lld km",
                      (long long)json_integer_value(json_object_get(candidate, "distance_km")),
                      (long long)json_integer_value(json_object_get(candidate, "bias")),
                      (long long)json_integer_value(biased));
    }
    static const char *const words[] = {"geolocation", "failover", "cidr_location"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (has(candidate, words[i])) {
            buffer_format(out, "  %s", text_of(candidate, words[i]));
        }
    }
}

static void target_part(const json_t *candidate, struct buffer *out)
{
    const json_t *alias = json_object_get(candidate, "alias_target");
    buffer_text(out, "  -> ");
    if (alias == NULL) {
        join(json_object_get(candidate, "values"), ", ", out);
        return;
    }
    buffer_format(out, "alias %s%s%s", text_of(alias, "dns_name"),
                  json_is_true(json_object_get(alias, "evaluate_target_health"))
                      ? ", its health counts"
                      : ", its health does not count",
                  json_is_true(json_object_get(alias, "dangling")) ? ", which does not exist" : "");
    const json_t *resource = json_object_get(alias, "resource");
    if (resource != NULL) {
        buffer_format(out, ": %s, %s", text_of(resource, "type"),
                      json_is_true(json_object_get(resource, "healthy")) ? "healthy" : "unhealthy");
        buffer_text(out, json_is_true(json_object_get(resource, "set")) ? " (set, against the policy)" : "");
    }
    if (json_object_get(candidate, "values") != NULL) {
        buffer_text(out, ", ");
        join(json_object_get(candidate, "values"), ", ", out);
    }
}

static const char *candidate_name(const json_t *candidate)
{
    return has(candidate, "region")           ? text_of(candidate, "region")
           : has(candidate, "set_identifier") ? text_of(candidate, "set_identifier")
                                              : "(simple)";
}

// People know the record sets, not the ids of their checks.
static const char *checked_by(const json_t *candidates, const char *check)
{
    size_t i;
    json_t *candidate;
    json_array_foreach(candidates, i, candidate)
    {
        if (strcmp(text_of(candidate, "health_check_id"), check) == 0) {
            return candidate_name(candidate);
        }
    }
    return check;
}

static void counterfactual_line(const json_t *candidates, const json_t *candidate, struct buffer *out)
{
    const json_t *condition = json_object_get(candidate, "would_be_chosen_if");
    const json_t *nearer = json_object_get(condition, "nearer_by_more_than_ms");
    size_t i;
    json_t *check;
    if (condition == NULL) {
        return;
    }
    buffer_format(out, "%*swould be chosen if ", 18, "");
    buffer_text(out, has(condition, "healthy") ? "it were healthy" : "");
    json_array_foreach(json_object_get(condition, "unhealthy"), i, check)
    {
        buffer_format(out, "%s%s%s", i > 0 || has(condition, "healthy") ? " and " : "",
                      checked_by(candidates, json_string_value(check)), " were unhealthy");
    }
    if (nearer != NULL) {
        buffer_format(out, ", or if it were more than %.1f ms nearer", json_real_value(nearer));
    }
    buffer_char(out, '\n');
}

static void candidate_line(const json_t *candidate, struct buffer *out)
{
    int indent = 2 + 2 * (int)json_integer_value(json_object_get(candidate, "depth"));
    buffer_format(out, "%*s%-14s  %-16s", indent, "", text_of(candidate, "outcome"),
                  candidate_name(candidate));
    latency_part(candidate, out);
    routing_part(candidate, out);
    buffer_format(out, "  %s", text_of(candidate, "status"));
    if (has(candidate, "health_check_id")) {
        buffer_format(out, " (%s)",
                      has(candidate, "health_check_name") ? text_of(candidate, "health_check_name")
                                                          : text_of(candidate, "health_check_id"));
    }
    target_part(candidate, out);
    buffer_char(out, '\n');
}

void explain_text(const json_t *explanation, struct buffer *out)
{
    size_t i;
    json_t *candidate;
    headline(explanation, out);
    client_line(json_object_get(explanation, "client"), out);
    if (has(explanation, "zone")) {
        buffer_format(
            out, "  zone        %s (%s)%s%s\n", text_of(explanation, "zone"), text_of(explanation, "zone_id"),
            json_is_true(json_object_get(explanation, "wildcard")) ? ", by the wildcard " : ", node ",
            text_of(explanation, "owner"));
    }
    if (has(explanation, "policy")) {
        buffer_format(out, "  policy      %s\n", text_of(explanation, "policy"));
    }
    if (has(explanation, "latency_valid_from")) {
        buffer_format(out, "  latency     the version of %s (LT2)\n",
                      text_of(explanation, "latency_valid_from"));
    }
    json_array_foreach(json_object_get(explanation, "candidates"), i, candidate)
    {
        candidate_line(candidate, out);
        counterfactual_line(json_object_get(explanation, "candidates"), candidate, out);
    }
    buffer_text(out, "  rules       ");
    join(json_object_get(explanation, "rules"), ", ", out);
    buffer_char(out, '\n');
}
