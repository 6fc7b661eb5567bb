// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "shape_tables.h"
#include "traffic_rules.h"

enum { DEPTH_MOST = 30 }; // with the alias at the instance, and ones to that, within T5

const char *traffic_text(const json_t *object, const char *member)
{
    return json_string_value(json_object_get(object, member));
}

bool traffic_flag(const json_t *object, const char *member, bool *out)
{
    const json_t *value = json_object_get(object, member);
    const char *text = json_string_value(value);
    bool yes = json_is_true(value) || (text != NULL && strcasecmp(text, "true") == 0);
    if (value != NULL) {
        *out = yes;
    }
    return value == NULL || yes || json_is_false(value) || (text != NULL && strcasecmp(text, "false") == 0);
}

// --- rules -------------------------------------------------------------------------------------------------

static const struct traffic_rule_type rule_types[] = {
    {"failover", TRAFFIC_FAILOVER, {NULL, NULL}, {"Primary", "Secondary"}, NULL},
    {"geo", TRAFFIC_GEO, {"Locations", NULL}, {NULL, NULL}, NULL},
    {"latency", TRAFFIC_LATENCY, {"Regions", NULL}, {NULL, NULL}, "Region"},
    // The second name is how Terraform writes it.
    {"geoproximity",
     TRAFFIC_GEOPROXIMITY,
     {"GeoproximityLocations", "GeoProximityLocations"},
     {NULL, NULL},
     NULL},
    {"multivalue", TRAFFIC_MULTIVALUE, {"Items", NULL}, {NULL, NULL}, "EndpointReference"},
    {"weighted", TRAFFIC_WEIGHTED, {"Items", NULL}, {NULL, NULL}, "Weight"},
};

const struct traffic_rule_type *traffic_rule_type_of(const json_t *rule)
{
    const char *name = traffic_text(rule, "RuleType");
    for (size_t i = 0; name != NULL && i < sizeof rule_types / sizeof rule_types[0]; i++) {
        if (strcmp(name, rule_types[i].name) == 0) {
            return &rule_types[i];
        }
    }
    return NULL;
}

static const json_t *list_of(const json_t *rule, const struct traffic_rule_type *type)
{
    const json_t *list = type->lists[0] != NULL ? json_object_get(rule, type->lists[0]) : NULL;
    return list == NULL && type->lists[1] != NULL ? json_object_get(rule, type->lists[1]) : list;
}

size_t traffic_branch_count(const json_t *rule, const struct traffic_rule_type *type)
{
    return type->members[0] != NULL ? 2 : json_array_size(list_of(rule, type));
}

const json_t *traffic_branch_at(const json_t *rule, const struct traffic_rule_type *type, size_t place)
{
    return type->members[0] != NULL ? json_object_get(rule, type->members[place])
                                    : json_array_get(list_of(rule, type), place);
}

// --- checks ------------------------------------------------------------------------------------------------

struct check {
    const json_t *endpoints;
    const json_t *rules;
    json_t *seen; // rules by name: false while on the way to it, true once it is known to be good
    struct error *error;
};

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

static bool check_members(const struct check *check, const json_t *branch,
                          const struct traffic_rule_type *type, const char *where)
{
    bool evaluated;
    bool is_default = false;
    const json_t *health_check = json_object_get(branch, "HealthCheck");
    const char *country = traffic_text(branch, "Country");
    if (type->required != NULL && json_object_get(branch, type->required) == NULL) {
        return error_set(check->error, "%s needs %s", where, type->required);
    }
    if (!traffic_flag(branch, "EvaluateTargetHealth", &evaluated)) {
        return error_set(check->error, "EvaluateTargetHealth of %s must be true or false", where);
    }
    if (!traffic_flag(branch, "IsDefault", &is_default)) {
        return error_set(check->error, "IsDefault of %s must be true or false", where);
    }
    if (is_default && (json_object_get(branch, "Continent") != NULL ||
                       (country != NULL && strcmp(country, "*") != 0 && country[0] != '\0'))) {
        return error_set(check->error, "%s is the default, and so is for no other location", where);
    }
    return health_check == NULL || json_is_string(health_check) ||
           error_set(check->error, "HealthCheck of %s must be the id of a health check", where);
}

static bool check_branch(const struct check *check, const json_t *branch,
                         const struct traffic_rule_type *type, const char *rule, unsigned depth)
{
    char where[128];
    snprintf(where, sizeof where, "a branch of rule '%.64s'", rule);
    return check_target(check, traffic_text(branch, "EndpointReference"),
                        traffic_text(branch, "RuleReference"), where, depth) &&
           check_members(check, branch, type, where);
}

static bool check_branches(const struct check *check, const json_t *rule,
                           const struct traffic_rule_type *type, const char *name, unsigned depth)
{
    size_t count = traffic_branch_count(rule, type);
    if (count == 0) {
        return error_set(check->error, "rule '%.64s' needs %s", name, type->lists[0]);
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *branch = traffic_branch_at(rule, type, i);
        if (branch == NULL) {
            return error_set(check->error, "rule '%.64s' needs %s", name, type->members[i]);
        }
        if (!check_branch(check, branch, type, name, depth)) {
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
    const struct traffic_rule_type *type = traffic_rule_type_of(rule);
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

bool traffic_is_value(const json_t *endpoint)
{
    const char *type = traffic_text(endpoint, "Type");
    return type == NULL || strcmp(type, "value") == 0;
}

static bool check_endpoint(const struct check *check, const char *name, const json_t *endpoint)
{
    static const char *const types[] = {"cloudfront",
                                        "application-load-balancer",
                                        "elastic-load-balancer",
                                        "network-load-balancer",
                                        "elastic-beanstalk",
                                        "s3-website"};
    const char *type = traffic_text(endpoint, "Type");
    const char *value = traffic_text(endpoint, "Value");
    bool known = traffic_is_value(endpoint);
    for (size_t i = 0; !known && i < sizeof types / sizeof types[0]; i++) {
        known = strcmp(type, types[i]) == 0;
    }
    if (!known) {
        return error_set(check->error,
                         "the Type of endpoint '%.64s' must be value, cloudfront, application-load-balancer, "
                         "elastic-load-balancer, network-load-balancer, elastic-beanstalk or s3-website",
                         name);
    }
    if (value == NULL) {
        return error_set(check->error, "endpoint '%.64s' needs a Value", name);
    }
    bool bucket = type != NULL && strcmp(type, "s3-website") == 0;
    return !bucket || strstr(value, TRAFFIC_S3_WEBSITE) != NULL || traffic_text(endpoint, "Region") != NULL ||
           error_set(check->error, "endpoint '%.64s' needs the Region of its bucket", name);
}

static bool check_endpoints(const struct check *check)
{
    const char *name;
    json_t *endpoint;
    json_object_foreach((json_t *)(uintptr_t)check->endpoints, name, endpoint)
    {
        if (!check_endpoint(check, name, endpoint)) {
            return false;
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
    bool good = check_endpoints(&check) && check_target(&check, traffic_text(document, "StartEndpoint"),
                                                        traffic_text(document, "StartRule"), "the start", 0);
    json_decref(check.seen);
    return good;
}

static bool check_document(const json_t *document, const char **type, struct error *error)
{
    const char *version = traffic_text(document, "AWSPolicyFormatVersion");
    if (version == NULL || (strcmp(version, "2015-10-01") != 0 && strcmp(version, "2023-05-09") != 0)) {
        return error_set(error, "AWSPolicyFormatVersion must be 2015-10-01 or 2023-05-09");
    }
    *type = find_record_type(traffic_text(document, "RecordType"));
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
