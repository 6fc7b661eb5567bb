// SPDX-License-Identifier: MIT
#include "core/scenario/what_if.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"

enum { FIELD_TEXT = 64 };

// --- settings ----------------------------------------------------------------------------------------------

enum scope { ON_ENDPOINT_CHECK, ON_CALCULATED_CHECK, ON_CHECK, ON_RECORD_SET, ON_ALIAS, ON_SIMULATOR };

static const struct setting {
    const char *name;
    enum scope scope;
} settings[] = {
    {"FailureThreshold", ON_ENDPOINT_CHECK},
    {"RequestInterval", ON_ENDPOINT_CHECK},
    {"ResourcePath", ON_ENDPOINT_CHECK},
    {"Port", ON_ENDPOINT_CHECK},
    {"Regions", ON_ENDPOINT_CHECK},
    {"HealthThreshold", ON_CALCULATED_CHECK},
    {"Inverted", ON_CHECK},
    {"Disabled", ON_CHECK},
    {"TTL", ON_RECORD_SET},
    {"Weight", ON_RECORD_SET},
    {"EvaluateTargetHealth", ON_ALIAS},
    {"CheckersPerRegion", ON_SIMULATOR},
    {"Checkers", ON_SIMULATOR},
    {"HealthyPercent", ON_SIMULATOR},
    {"HealthCheckConfigDelaySeconds", ON_SIMULATOR},
    {"AggregationDelaySeconds", ON_SIMULATOR},
    {"RemovedRegionLingerSeconds", ON_SIMULATOR},
    {"FreeIntervals", ON_SIMULATOR},
};
enum { SETTINGS = sizeof settings / sizeof settings[0] };

static const struct setting *find_setting(const char *text, const char **value, struct error *error)
{
    const char *names[SETTINGS + 1] = {NULL};
    char field[FIELD_TEXT];
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || equals - text >= FIELD_TEXT) {
        error_set(error, "a setting is FIELD=VALUE, such as FailureThreshold=5");
        return NULL;
    }
    snprintf(field, sizeof field, "%.*s", (int)(equals - text), text);
    *value = equals + 1;
    for (size_t i = 0; i < SETTINGS; i++) {
        names[i] = settings[i].name;
        if (strcmp(settings[i].name, field) == 0) {
            return &settings[i];
        }
    }
    const char *nearest = suggest_nearest(field, names);
    error_set(error, "'%s' is no field that can be set%s%s%s", field,
              nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
              nearest != NULL ? "'?" : "");
    return NULL;
}

bool what_if_valid(const char *setting, struct error *error)
{
    const char *value;
    return find_setting(setting, &value, error) != NULL;
}

static bool endpoint_type(const json_t *config)
{
    const char *type = json_string_value(json_object_get(config, "Type"));
    return type != NULL && (strncmp(type, "HTTP", 4) == 0 || strcmp(type, "TCP") == 0);
}

static bool calculated_type(const json_t *config)
{
    const char *type = json_string_value(json_object_get(config, "Type"));
    return type != NULL && strcmp(type, "CALCULATED") == 0;
}

static unsigned put(json_t *object, const struct setting *setting, json_t *value)
{
    return json_object_set(object, setting->name, value) == 0;
}

static unsigned set_in_checks(json_t *policy, const struct setting *setting, json_t *value)
{
    unsigned count = 0;
    size_t i;
    json_t *check;
    json_array_foreach(json_object_get(policy, "HealthChecks"), i, check)
    {
        json_t *config = json_object_get(check, "HealthCheckConfig");
        bool wanted = setting->scope == ON_CHECK ||
                      (setting->scope == ON_ENDPOINT_CHECK && endpoint_type(config)) ||
                      (setting->scope == ON_CALCULATED_CHECK && calculated_type(config));
        count += wanted ? put(config, setting, value) : 0;
    }
    return count;
}

static unsigned set_in_records(json_t *policy, const struct setting *setting, json_t *value)
{
    unsigned count = 0;
    size_t i;
    size_t j;
    json_t *zone;
    json_t *set;
    json_array_foreach(json_object_get(policy, "HostedZones"), i, zone)
    {
        json_array_foreach(json_object_get(zone, "ResourceRecordSets"), j, set)
        {
            json_t *object = setting->scope == ON_ALIAS ? json_object_get(set, "AliasTarget") : set;
            count += json_object_get(object, setting->name) != NULL ? put(object, setting, value) : 0;
        }
    }
    return count;
}

static unsigned set_in_simulator(json_t *policy, const struct setting *setting, json_t *value)
{
    if (!json_is_object(json_object_get(policy, "Simulator"))) {
        json_object_set_new(policy, "Simulator", json_object());
    }
    return put(json_object_get(policy, "Simulator"), setting, value);
}

bool what_if_set(json_t *policy, const char *text, struct error *error)
{
    const char *word;
    const struct setting *setting = find_setting(text, &word, error);
    if (setting == NULL) {
        return false;
    }
    json_t *value = json_loads(word, JSON_DECODE_ANY, NULL);
    value = value != NULL ? value : json_string(word);
    unsigned count = setting->scope == ON_SIMULATOR ? set_in_simulator(policy, setting, value)
                     : setting->scope == ON_RECORD_SET || setting->scope == ON_ALIAS
                         ? set_in_records(policy, setting, value)
                         : set_in_checks(policy, setting, value);
    json_decref(value);
    return count > 0 || error_set(error, "nothing in this policy has a %s", setting->name);
}

// --- mutations ---------------------------------------------------------------------------------------------

// Counts what can be changed, and changes the wanted one on its way.
struct walk {
    size_t wanted;
    size_t count;
    struct buffer *description;
};

static bool here(struct walk *walk)
{
    return walk->count++ == walk->wanted;
}

static const char *text_of(const json_t *object, const char *field)
{
    const char *text = json_string_value(json_object_get(object, field));
    return text != NULL ? text : "";
}

static void tell_record(const struct walk *walk, const json_t *set, const char *what)
{
    buffer_format(walk->description, "%s %s %s: %s", text_of(set, "Name"), text_of(set, "Type"),
                  text_of(set, "SetIdentifier"), what);
}

// The next member of the same group that has the field; NULL when none.
static json_t *neighbour(json_t *sets, size_t index, const char *field)
{
    const json_t *own = json_array_get(sets, index);
    for (size_t i = index + 1; i < json_array_size(sets); i++) {
        json_t *other = json_array_get(sets, i);
        if (json_object_get(other, field) != NULL &&
            strcmp(text_of(own, "Name"), text_of(other, "Name")) == 0 &&
            strcmp(text_of(own, "Type"), text_of(other, "Type")) == 0) {
            return other;
        }
    }
    return NULL;
}

static void swap(json_t *one, json_t *other, const char *field)
{
    json_t *kept = json_incref(json_object_get(one, field));
    json_object_set(one, field, json_object_get(other, field));
    json_object_set_new(other, field, kept);
}

static void swap_with_neighbour(struct walk *walk, json_t *sets, size_t index, const char *field)
{
    json_t *set = json_array_get(sets, index);
    json_t *other = json_object_get(set, field) != NULL ? neighbour(sets, index, field) : NULL;
    if (other != NULL && here(walk)) {
        tell_record(walk, set, field);
        buffer_format(walk->description, " swapped with %s", text_of(other, "SetIdentifier"));
        swap(set, other, field);
    }
}

static void mutate_record(struct walk *walk, json_t *sets, size_t index)
{
    enum { LONG_TTL = 86400 };
    json_t *set = json_array_get(sets, index);
    json_t *alias = json_object_get(set, "AliasTarget");
    if (json_object_get(set, "HealthCheckId") != NULL && here(walk)) {
        tell_record(walk, set, "health check dropped");
        json_object_del(set, "HealthCheckId");
    }
    if (json_object_get(set, "TTL") != NULL && json_object_get(set, "SetIdentifier") != NULL && here(walk)) {
        tell_record(walk, set, "TTL raised to a day");
        json_object_set_new(set, "TTL", json_integer(LONG_TTL));
    }
    if (json_is_true(json_object_get(alias, "EvaluateTargetHealth")) && here(walk)) {
        tell_record(walk, set, "EvaluateTargetHealth turned off");
        json_object_set_new(alias, "EvaluateTargetHealth", json_false());
    }
    swap_with_neighbour(walk, sets, index, "Region");
    swap_with_neighbour(walk, sets, index, "Failover");
}

static void tell_check(const struct walk *walk, const json_t *check, const char *what)
{
    buffer_format(walk->description, "health check %s: %s", text_of(check, "Id"), what);
}

static void mutate_check(struct walk *walk, json_t *check)
{
    enum { HIGHEST_THRESHOLD = 10 };
    json_t *config = json_object_get(check, "HealthCheckConfig");
    json_int_t failures = json_integer_value(json_object_get(config, "FailureThreshold"));
    json_t *children = json_object_get(config, "HealthThreshold");
    if (endpoint_type(config) && failures != HIGHEST_THRESHOLD && here(walk)) {
        tell_check(walk, check, "FailureThreshold raised to 10");
        json_object_set_new(config, "FailureThreshold", json_integer(HIGHEST_THRESHOLD));
    }
    if (endpoint_type(config) && failures != 1 && here(walk)) {
        tell_check(walk, check, "FailureThreshold lowered to 1");
        json_object_set_new(config, "FailureThreshold", json_integer(1));
    }
    if (json_is_integer(children) && here(walk)) {
        tell_check(walk, check, "HealthThreshold raised by 1");
        json_object_set_new(config, "HealthThreshold", json_integer(json_integer_value(children) + 1));
    }
    if (here(walk)) {
        tell_check(walk, check, "inverted");
        json_object_set_new(config, "Inverted",
                            json_boolean(!json_is_true(json_object_get(config, "Inverted"))));
    }
}

static void walk_policy(struct walk *walk, json_t *policy)
{
    size_t i;
    size_t j;
    json_t *item;
    json_t *set;
    json_array_foreach(json_object_get(policy, "HostedZones"), i, item)
    {
        json_t *sets = json_object_get(item, "ResourceRecordSets");
        json_array_foreach(sets, j, set)
        {
            mutate_record(walk, sets, j);
        }
    }
    json_array_foreach(json_object_get(policy, "HealthChecks"), i, item)
    {
        mutate_check(walk, item);
    }
}

size_t what_if_mutations(const json_t *policy)
{
    struct walk walk = {.wanted = SIZE_MAX};
    json_t *copy = json_deep_copy(policy);
    walk_policy(&walk, copy);
    json_decref(copy);
    return walk.count;
}

json_t *what_if_mutate(const json_t *policy, size_t number, struct buffer *description)
{
    struct walk walk = {.wanted = number, .description = description};
    json_t *copy = json_deep_copy(policy);
    walk_policy(&walk, copy);
    return copy;
}
