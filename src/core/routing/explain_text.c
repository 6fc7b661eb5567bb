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
           : has(client, "vpc")    ? text_of(client, "vpc")
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
    bool by_vpc = !has(client, "evidence") || strcmp(text_of(client, "evidence"), "VPC") == 0;
    if (has(client, "vpc") && by_vpc) {
        buffer_format(out, "  client      in VPC %s, %s\n", text_of(client, "vpc"),
                      text_of(client, "vpc_region"));
        return;
    }
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
    json_t *km = json_object_get(candidate, "distance_km");
    if (ms == NULL && km != NULL && json_object_get(candidate, "biased_km") == NULL) { // LT4
        buffer_format(out, "  %6lld km", (long long)json_integer_value(km));
    }
    if (ms == NULL) {
        return;
    }
    buffer_format(out, "  %6.1f ms by %s", json_real_value(ms), text_of(candidate, "latency_source"));
    if (has(candidate, "latency_row")) {
        buffer_format(out, " %s", text_of(candidate, "latency_row"));
    }
    if (km != NULL && json_object_get(candidate, "biased_km") == NULL) {
        buffer_format(out, ", %lld km", (long long)json_integer_value(km));
    }
}

static void routing_part(const json_t *candidate, struct buffer *out)
{
    json_t *weight = json_object_get(candidate, "weight");
    json_t *biased = json_object_get(candidate, "biased_km");
    const json_t *draw = json_object_get(candidate, "draw");
    const json_t *probability = json_object_get(candidate, "probability");
    if (weight != NULL) {
        buffer_format(out, "  weight %lld", (long long)json_integer_value(weight));
    }
    if (draw != NULL) {
        buffer_format(out, ", drew %lld of %lld",
                      (long long)json_integer_value(json_object_get(draw, "number")),
                      (long long)json_integer_value(json_object_get(draw, "of")));
    }
    if (probability != NULL) {
        buffer_format(out, "  in %.1f %% of answers", 100 * json_real_value(probability));
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

// What is said of a candidate stands below its name, which is further right in what an alias leads to.
static int indent_of(const json_t *candidate)
{
    return 2 + 2 * (int)json_integer_value(json_object_get(candidate, "depth"));
}

static void below_name(const json_t *candidate, struct buffer *out)
{
    buffer_format(out, "%*s", indent_of(candidate) + 16, "");
}

// A check by the candidate that has it, if that is one only; else by its own name, else by its id.
static const char *checked_by(const json_t *candidates, const json_t *condition, const char *check)
{
    const char *name = json_string_value(json_object_get(json_object_get(condition, "names"), check));
    const json_t *only = NULL;
    size_t count = 0;
    size_t i;
    json_t *candidate;
    json_array_foreach(candidates, i, candidate)
    {
        if (strcmp(text_of(candidate, "health_check_id"), check) == 0) {
            only = candidate;
            count++;
        }
    }
    return count == 1 ? candidate_name(only) : name != NULL ? name : check;
}

// " if it were healthy", " and us-east-1 and eu-west-1 were unhealthy".
static void condition_part(const json_t *candidates, const json_t *candidate, const char *key,
                           const char *state, bool *first, struct buffer *out)
{
    const json_t *condition = json_object_get(candidate, "would_be_chosen_if");
    const json_t *ids = json_object_get(condition, key);
    size_t count = json_array_size(ids);
    for (size_t i = 0; i < count; i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        bool own = strcmp(text_of(candidate, "health_check_id"), id) == 0;
        const char *separator = i > 0 && i + 1 < count ? ", " : i > 0 || !*first ? " and " : " if ";
        buffer_format(out, "%s%s", separator, own ? "it" : checked_by(candidates, condition, id));
        *first = false;
    }
    if (count > 0) {
        buffer_format(out, " were %s", state);
    }
}

static void counterfactual_line(const json_t *candidates, const json_t *candidate, struct buffer *out)
{
    const json_t *condition = json_object_get(candidate, "would_be_chosen_if");
    const json_t *probability = json_object_get(condition, "probability");
    static const struct {
        const char *key;
        const char *state;
    } parts[] = {{"healthy", "healthy"},
                 {"resources_healthy", "healthy"},
                 {"unhealthy", "unhealthy"},
                 {"resources_unhealthy", "unhealthy"}};
    static const struct {
        const char *key;
        const char *unit;
    } distances[] = {{"nearer_by_more_than_ms", "ms"}, {"nearer_by_more_than_km", "km, biased,"}};
    bool first = true;
    if (condition == NULL) {
        return;
    }
    below_name(candidate, out);
    buffer_text(out, "would be chosen");
    if (probability != NULL) {
        buffer_format(out, " in %.1f %% of answers", 100 * json_real_value(probability));
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        condition_part(candidates, candidate, parts[i].key, parts[i].state, &first, out);
    }
    for (size_t i = 0; i < sizeof distances / sizeof distances[0]; i++) {
        const json_t *nearer = json_object_get(condition, distances[i].key);
        if (nearer != NULL) {
            buffer_format(out, "%s it were more than %.1f %s nearer", first ? " if" : ", or if",
                          json_real_value(nearer), distances[i].unit);
        }
    }
    buffer_char(out, '\n');
}

// --- the evidence behind a status ---

static void override_part(const json_t *override, struct buffer *out)
{
    buffer_text(out, "an operator set ");
    bool inverted = json_is_true(json_object_get(override, "Inverted"));
    bool disabled = json_is_true(json_object_get(override, "Disabled"));
    if (inverted || disabled) {
        buffer_format(out, "%s%s%s", inverted ? "Inverted" : "", inverted && disabled ? " and " : "",
                      disabled ? "Disabled" : "");
    } else {
        buffer_format(out, "the verdict to %s", text_of(override, "Verdict"));
    }
    if (has(override, "until")) {
        buffer_format(out, " until %s", text_of(override, "until"));
    }
    if (has(override, "Reason")) {
        buffer_format(out, ": %s", text_of(override, "Reason"));
    }
}

static void children_part(const json_t *evidence, struct buffer *out)
{
    const json_t *children = json_object_get(evidence, "children");
    size_t healthy = 0;
    size_t i;
    json_t *child;
    json_array_foreach(children, i, child)
    {
        healthy += strcmp(text_of(child, "status"), "healthy") == 0;
    }
    buffer_format(out, "%zu of %zu children are healthy, %lld needed", healthy, json_array_size(children),
                  (long long)json_integer_value(json_object_get(evidence, "children_needed")));
}

// Between raw and final (S3): what the check's own settings say, or an operator in their place.
static void settings_part(const json_t *evidence, struct buffer *out)
{
    const json_t *override = json_object_get(evidence, "override");
    bool disabled = json_is_true(json_object_get(evidence, "disabled"));
    bool inverted = json_is_true(json_object_get(evidence, "inverted"));
    if (json_is_object(override)) {
        override_part(override, out);
    } else if (inverted || disabled) {
        buffer_format(out, "%s%s%s", disabled ? "disabled" : "", inverted && disabled ? " and " : "",
                      inverted ? "inverted" : "");
    }
    if (out->len > 0) {
        buffer_format(out, "; raw status %s", text_of(evidence, "raw_status"));
    }
}

static void raw_part(const json_t *evidence, struct buffer *out)
{
    const json_t *checkers = json_object_get(evidence, "checkers");
    long long total = (long long)json_integer_value(json_object_get(checkers, "total"));
    if (json_object_get(evidence, "children") == NULL && total == 0) {
        return;
    }
    buffer_text(out, out->len > 0 ? "; " : "");
    if (json_object_get(evidence, "children") != NULL) {
        children_part(evidence, out);
        return;
    }
    buffer_format(out, "%lld of %lld checkers see it healthy, %lld needed",
                  (long long)json_integer_value(json_object_get(checkers, "healthy")), total,
                  (long long)json_integer_value(json_object_get(checkers, "needed")));
}

// What is out of the ordinary in the chain of evidence behind a status.
static void evidence_line(const json_t *candidate, struct buffer *out)
{
    const json_t *evidence = json_object_get(candidate, "evidence");
    struct buffer why;
    buffer_init(&why, 4096);
    settings_part(evidence, &why);
    if (strcmp(text_of(evidence, "raw_status"), "unhealthy") == 0) {
        raw_part(evidence, &why);
    }
    if (why.len > 0) {
        below_name(candidate, out);
        buffer_format(out, "%s\n", buffer_string(&why));
    }
    buffer_free(&why);
}

static void candidate_line(const json_t *candidate, struct buffer *out)
{
    buffer_format(out, "%*s%-14s  %-16s", indent_of(candidate), "", text_of(candidate, "outcome"),
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
    } else {
        buffer_text(out, "  zone        none that this client sees is around the name\n");
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
        evidence_line(candidate, out);
        counterfactual_line(json_object_get(explanation, "candidates"), candidate, out);
    }
    buffer_text(out, "  rules       ");
    join(json_object_get(explanation, "rules"), ", ", out);
    buffer_char(out, '\n');
}
