// SPDX-License-Identifier: MIT
// From the document of a traffic policy to record sets. What its values may be is not judged here: they are
// handed on as they are, and core/policy refuses what no record set may have.
#include <stdio.h>
#include <string.h>

#include "core/account/record_set.h"
#include "traffic_rules.h"

// --- values ------------------------------------------------------------------------------------------------

// Of "10" and of 10; anything else stays as it is, to be refused as a record set's.
static json_t *integer_of(json_t *value)
{
    const char *text = json_string_value(value);
    bool minus = text != NULL && text[0] == '-';
    uint32_t number;
    if (text == NULL || !bytes_parse_u32(bytes_of(text + minus), INT32_MAX, &number)) {
        return json_incref(value);
    }
    return json_integer(minus ? -(json_int_t)number : (json_int_t)number);
}

static json_t *degrees_of(json_t *value)
{
    return json_is_number(value) ? json_sprintf("%.10g", json_number_value(value)) : json_incref(value);
}

// "aws:route53:eu-west-1" is how documents name regions at times.
static json_t *region_of(json_t *value)
{
    static const char prefix[] = "aws:route53:";
    const char *text = json_string_value(value);
    bool prefixed = text != NULL && strncmp(text, prefix, sizeof prefix - 1) == 0;
    return prefixed ? json_string(text + sizeof prefix - 1) : json_incref(value);
}

static void set(json_t *object, const char *member, json_t *value)
{
    if (value != NULL) {
        json_object_set_new(object, member, value);
    }
}

// --- what selects a branch ---------------------------------------------------------------------------------

static void select_failover(json_t *record_set, const json_t *branch, size_t place)
{
    (void)branch;
    json_object_set_new(record_set, "Failover", json_string(place == 0 ? "PRIMARY" : "SECONDARY"));
}

static void select_geo(json_t *record_set, const json_t *branch, size_t place)
{
    static const char *const members[][2] = {
        {"Continent", "ContinentCode"}, {"Country", "CountryCode"}, {"Subdivision", "SubdivisionCode"}};
    json_t *location = json_object();
    (void)place;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_t *value = json_object_get(branch, members[i][0]);
        if (value != NULL && !(json_is_string(value) && json_string_length(value) == 0)) {
            json_object_set(location, members[i][1], value);
        }
    }
    bool is_default = false;
    traffic_flag(branch, "IsDefault", &is_default);
    if (is_default && json_object_size(location) == 0) {
        json_object_set_new(location, "CountryCode", json_string("*"));
    }
    json_object_set_new(record_set, "GeoLocation", location);
}

static void select_latency(json_t *record_set, const json_t *branch, size_t place)
{
    (void)place;
    set(record_set, "Region", region_of(json_object_get(branch, "Region")));
}

// "us-east-1-atl-1a" is a local zone of the group "us-east-1-atl-1".
static json_t *group_of(json_t *zone)
{
    json_t *name = region_of(zone);
    size_t len = json_string_length(name);
    if (len > 0) {
        json_t *group = json_stringn(json_string_value(name), len - 1);
        json_decref(name);
        name = group;
    }
    return name;
}

// 2015-10-01 has the members beside the others, 2023-05-09 in Location.
static void select_geoproximity(json_t *record_set, const json_t *branch, size_t place)
{
    const json_t *location = json_object_get(branch, "Location");
    const json_t *from = location != NULL ? location : branch;
    json_t *proximity = json_object();
    json_t *name = json_object_get(location, "LocationName");
    json_t *latitude = json_object_get(from, "Latitude");
    json_t *longitude = json_object_get(from, "Longitude");
    const char *type = traffic_text(location, "Type");
    (void)place;
    if (type != NULL && strcmp(type, "LocalZone") == 0) {
        set(proximity, "LocalZoneGroup", group_of(name));
    } else {
        set(proximity, "AWSRegion", region_of(name != NULL ? name : json_object_get(branch, "Region")));
    }
    if (latitude != NULL || longitude != NULL) {
        json_t *coordinates = json_object();
        set(coordinates, "Latitude", degrees_of(latitude));
        set(coordinates, "Longitude", degrees_of(longitude));
        json_object_set_new(proximity, "Coordinates", coordinates);
    }
    set(proximity, "Bias", integer_of(json_object_get(branch, "Bias")));
    json_object_set_new(record_set, "GeoProximityLocation", proximity);
}

static void select_multivalue(json_t *record_set, const json_t *branch, size_t place)
{
    (void)branch;
    (void)place;
    json_object_set_new(record_set, "MultiValueAnswer", json_true());
}

static void select_weighted(json_t *record_set, const json_t *branch, size_t place)
{
    (void)place;
    set(record_set, "Weight", integer_of(json_object_get(branch, "Weight")));
}

typedef void select_function(json_t *record_set, const json_t *branch, size_t place);
static select_function *const selections[] = {
    [TRAFFIC_FAILOVER] = select_failover,     [TRAFFIC_GEO] = select_geo,
    [TRAFFIC_LATENCY] = select_latency,       [TRAFFIC_GEOPROXIMITY] = select_geoproximity,
    [TRAFFIC_MULTIVALUE] = select_multivalue, [TRAFFIC_WEIGHTED] = select_weighted,
};

// --- record sets -------------------------------------------------------------------------------------------

struct tree {
    const struct traffic_instance *instance;
    const json_t *endpoints;
    const json_t *rules;
    const char *type;
    json_t *places; // of rules in groups, by name
    json_t *groups; // the rules that something leads to; those not walked yet have no record sets
};

static size_t place_of(struct tree *tree, const char *rule)
{
    const json_t *known = json_object_get(tree->places, rule);
    size_t place = json_array_size(tree->groups);
    if (known != NULL) {
        return (size_t)json_integer_value(known);
    }
    json_object_set_new(tree->places, rule, json_integer((json_int_t)place));
    json_array_append_new(tree->groups, json_pack("{s:s,s:[]}", "Rule", rule, "ResourceRecordSets"));
    return place;
}

static json_t *name_of(const struct tree *tree, size_t place)
{
    struct buffer name;
    buffer_init(&name, ACCOUNT_KEY_LIMIT);
    account_traffic_name(&name, tree->instance->id, place, tree->instance->zone_name);
    json_t *text = json_string(buffer_string(&name));
    buffer_free(&name);
    return text;
}

// Two forms are in use: a dash in the older regions, a dot in the newer ones ("Amazon S3 website endpoints").
static json_t *website_of(const json_t *endpoint)
{
    static const char *const dashed[] = {"us-east-1",      "us-west-1",      "us-west-2",
                                         "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
                                         "eu-west-1",      "sa-east-1",      "us-gov-west-1"};
    const char *inside = strstr(traffic_text(endpoint, "Value"), TRAFFIC_S3_WEBSITE);
    const char *region = traffic_text(endpoint, "Region");
    char separator = '.';
    if (inside != NULL) {
        return json_string(inside);
    }
    for (size_t i = 0; i < sizeof dashed / sizeof dashed[0]; i++) {
        separator = strcmp(dashed[i], region) == 0 ? '-' : separator;
    }
    return json_sprintf(TRAFFIC_S3_WEBSITE "%c%s.amazonaws.com", separator, region);
}

// Without HostedZoneId, which is the policy's to say. EvaluateTargetHealth is absent unless the document has
// it.
static void lead_to_service(json_t *record_set, const json_t *endpoint, const json_t *branch)
{
    bool bucket = strcmp(traffic_text(endpoint, "Type"), "s3-website") == 0;
    json_t *target = json_pack("{s:o}", "DNSName",
                               bucket ? website_of(endpoint) : json_string(traffic_text(endpoint, "Value")));
    bool evaluated;
    if (json_object_get(branch, "EvaluateTargetHealth") != NULL &&
        traffic_flag(branch, "EvaluateTargetHealth", &evaluated)) {
        json_object_set_new(target, "EvaluateTargetHealth", json_boolean(evaluated));
    }
    json_object_set_new(record_set, "AliasTarget", target);
}

static void lead_to_endpoint(const struct tree *tree, json_t *record_set, const char *name,
                             const json_t *branch)
{
    const json_t *endpoint = json_object_get(tree->endpoints, name);
    if (!traffic_is_value(endpoint)) {
        lead_to_service(record_set, endpoint, branch);
        return;
    }
    json_object_set_new(record_set, "TTL", json_integer(tree->instance->ttl));
    json_object_set_new(record_set, "ResourceRecords",
                        json_pack("[{s:O}]", "Value", json_object_get(endpoint, "Value")));
}

// AWS's examples fail over with neither EvaluateTargetHealth nor a health check, so it is true unless said.
static void lead_to_rule(struct tree *tree, json_t *record_set, const char *rule, const json_t *branch)
{
    bool evaluated = true;
    traffic_flag(branch, "EvaluateTargetHealth", &evaluated);
    json_object_set_new(record_set, "AliasTarget",
                        json_pack("{s:s,s:o,s:b}", "HostedZoneId", tree->instance->zone_id, "DNSName",
                                  name_of(tree, place_of(tree, rule)), "EvaluateTargetHealth", evaluated));
}

// "2 london": legible in explanations. Longer references than identifiers may be are left out.
static json_t *identifier_of(size_t place, const char *reference)
{
    enum { REFERENCE_MOST = 100 };
    return strlen(reference) <= REFERENCE_MOST ? json_sprintf("%zu %s", place + 1, reference)
                                               : json_sprintf("%zu", place + 1);
}

static json_t *branch_record_set(struct tree *tree, const struct traffic_rule_type *type,
                                 const json_t *branch, size_t group, size_t place)
{
    const char *endpoint = traffic_text(branch, "EndpointReference");
    const char *rule = traffic_text(branch, "RuleReference");
    const char *health_check = traffic_text(branch, "HealthCheck");
    json_t *record_set = json_pack("{s:o,s:s,s:o}", "Name", name_of(tree, group), "Type", tree->type,
                                   "SetIdentifier", identifier_of(place, endpoint != NULL ? endpoint : rule));
    selections[type->kind](record_set, branch, place);
    if (endpoint != NULL) {
        lead_to_endpoint(tree, record_set, endpoint, branch);
    } else {
        lead_to_rule(tree, record_set, rule, branch);
    }
    if (health_check != NULL && health_check[0] != '\0') {
        json_object_set_new(record_set, "HealthCheckId", json_string(health_check));
    }
    return record_set;
}

static void walk_rule(struct tree *tree, size_t group)
{
    json_t *row = json_array_get(tree->groups, group);
    const json_t *rule = json_object_get(tree->rules, traffic_text(row, "Rule"));
    const struct traffic_rule_type *type = traffic_rule_type_of(rule);
    json_t *record_sets = json_object_get(row, "ResourceRecordSets");
    for (size_t i = 0; i < traffic_branch_count(rule, type); i++) {
        json_array_append_new(record_sets,
                              branch_record_set(tree, type, traffic_branch_at(rule, type, i), group, i));
    }
}

static void start_at_endpoint(struct tree *tree, const char *endpoint)
{
    json_t *record_set = json_pack("{s:o,s:s}", "Name", name_of(tree, 0), "Type", tree->type);
    lead_to_endpoint(tree, record_set, endpoint, NULL);
    json_array_append_new(tree->groups, json_pack("{s:[o]}", "ResourceRecordSets", record_set));
}

json_t *traffic_document_groups(const char *text, const struct traffic_instance *instance)
{
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    struct tree tree = {
        .instance = instance,
        .endpoints = json_object_get(document, "Endpoints"),
        .rules = json_object_get(document, "Rules"),
        .type = traffic_text(document, "RecordType"),
        .places = json_object(),
        .groups = json_array(),
    };
    const char *endpoint = traffic_text(document, "StartEndpoint");
    if (endpoint != NULL) {
        start_at_endpoint(&tree, endpoint);
    } else {
        place_of(&tree, traffic_text(document, "StartRule"));
        for (size_t i = 0; i < json_array_size(tree.groups); i++) {
            walk_rule(&tree, i);
        }
    }
    json_decref(tree.places);
    json_decref(document);
    return tree.groups;
}
