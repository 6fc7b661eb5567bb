// SPDX-License-Identifier: MIT
#include "traffic_document.h"

#include <jansson.h>
#include <stdio.h>

#include "shape_tables.h"

enum { DEPTH_MOST = 64 };

// What a rule of each type holds its branches in: an array, or one member each.
static const struct rule_type {
    const char *name;
    const char *list;
    const char *members[2];
} rule_types[] = {
    {"failover", NULL, {"Primary", "Secondary"}}, {"geo", "Locations", {NULL, NULL}},
    {"latency", "Regions", {NULL, NULL}},         {"geoproximity", "GeoproximityLocations", {NULL, NULL}},
    {"multivalue", "Items", {NULL, NULL}},        {"weighted", "Items", {NULL, NULL}},
};

struct check {
    const json_t *endpoints;
    const json_t *rules;
    json_t *seen; // rules by name: false while on the way to it, true once it is known to be good
    struct error *error;
};

static const char *text_of(const json_t *object, const char *member)
{
    return json_string_value(json_object_get(object, member));
}

static bool check_rule(const struct check *check, const char *name, unsigned depth);

// An endpoint or another rule, one of the two. where is for people.
static bool check_target(const struct check *check, const char *endpoint, const char *rule, const char *where,
                         unsigned depth)
{
    if ((endpoint == NULL) == (rule == NULL)) {
        return error_set(check->error, "%s must lead to one endpoint or one rule", where);
    }
    if (endpoint != NULL && json_object_get(check->endpoints, endpoint) == NULL) {
        return error_set(check->error, "%s leads to endpoint '%.64s', which is not in Endpoints", where,
                         endpoint);
    }
    return rule == NULL || check_rule(check, rule, depth + 1);
}

static bool check_branch(const struct check *check, const json_t *branch, const char *rule, unsigned depth)
{
    char where[128];
    snprintf(where, sizeof where, "a branch of rule '%.64s'", rule);
    return check_target(check, text_of(branch, "EndpointReference"), text_of(branch, "RuleReference"), where,
                        depth);
}

static const struct rule_type *find_type(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof rule_types / sizeof rule_types[0]; i++) {
        if (strcmp(name, rule_types[i].name) == 0) {
            return &rule_types[i];
        }
    }
    return NULL;
}

static bool check_branches(const struct check *check, const json_t *rule, const struct rule_type *type,
                           const char *name, unsigned depth)
{
    const json_t *list = type->list != NULL ? json_object_get(rule, type->list) : NULL;
    if (type->list != NULL && json_array_size(list) == 0) {
        return error_set(check->error, "rule '%.64s' needs %s", name, type->list);
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!check_branch(check, json_array_get(list, i), name, depth)) {
            return false;
        }
    }
    for (size_t i = 0; i < 2 && type->members[i] != NULL; i++) {
        const json_t *branch = json_object_get(rule, type->members[i]);
        if (branch == NULL) {
            return error_set(check->error, "rule '%.64s' needs %s", name, type->members[i]);
        }
        if (!check_branch(check, branch, name, depth)) {
            return false;
        }
    }
    return true;
}

// Branches may meet again, so each rule is walked once.
static bool check_rule(const struct check *check, const char *name, unsigned depth)
{
    const json_t *rule = json_object_get(check->rules, name);
    const json_t *seen = json_object_get(check->seen, name);
    const struct rule_type *type = find_type(text_of(rule, "RuleType"));
    if (rule == NULL) {
        return error_set(check->error, "rule '%.64s' is not in Rules", name);
    }
    if (seen != NULL || depth > DEPTH_MOST) {
        return json_is_true(seen) ||
               error_set(check->error, "rule '%.64s' leads back to itself, or too deep", name);
    }
    if (type == NULL) {
        return error_set(
            check->error,
            "the RuleType of '%.64s' must be failover, geo, latency, geoproximity, multivalue or weighted",
            name);
    }
    json_object_set_new(check->seen, name, json_false());
    bool good = check_branches(check, rule, type, name, depth);
    json_object_set_new(check->seen, name, json_boolean(good));
    return good;
}

static bool check_endpoints(const struct check *check)
{
    const char *name;
    json_t *endpoint;
    json_object_foreach((json_t *)(uintptr_t)check->endpoints, name, endpoint)
    {
        if (text_of(endpoint, "Value") == NULL) {
            return error_set(check->error, "endpoint '%.64s' needs a Value", name);
        }
    }
    return true;
}

static const char *find_record_type(const char *name)
{
    const char *const *type = shape_RRType.values;
    while (name != NULL && *type != NULL && strcmp(*type, name) != 0) {
        type++;
    }
    bool usable = name != NULL && *type != NULL && strcmp(name, "NS") != 0 && strcmp(name, "SOA") != 0;
    return usable ? *type : NULL;
}

static bool check_tree(const json_t *document, struct error *error)
{
    const struct check check = {json_object_get(document, "Endpoints"), json_object_get(document, "Rules"),
                                json_object(), error};
    bool good = check_endpoints(&check) && check_target(&check, text_of(document, "StartEndpoint"),
                                                        text_of(document, "StartRule"), "the start", 0);
    json_decref(check.seen);
    return good;
}

static bool check_document(const json_t *document, const char **type, struct error *error)
{
    const char *version = text_of(document, "AWSPolicyFormatVersion");
    if (version == NULL || (strcmp(version, "2015-10-01") != 0 && strcmp(version, "2023-05-09") != 0)) {
        return error_set(error, "AWSPolicyFormatVersion must be 2015-10-01 or 2023-05-09");
    }
    *type = find_record_type(text_of(document, "RecordType"));
    if (*type == NULL) {
        return error_set(error, "RecordType must be a type of record, and neither NS nor SOA");
    }
    return check_tree(document, error);
}

bool traffic_document_check(const char *text, const char **type, struct error *error)
{
    json_error_t place;
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, &place);
    if (document == NULL) {
        return error_set(error, "not JSON: line %d, column %d: %s", place.line, place.column, place.text);
    }
    bool good = check_document(document, type, error);
    json_decref(document);
    return good;
}
