// SPDX-License-Identifier: MIT
#include "core/account/record_set.h"

#include <stdio.h>
#include <string.h>

#include "core/model/name_servers.h"

enum { NS_TTL = 172800, SOA_TTL = 900 };

void account_zone_prefix(struct buffer *out, const char *zone_id)
{
    buffer_text(out, zone_id);
    buffer_char(out, ' ');
}

// Dots inside labels are escaped, so each dot ends a label.
void account_reversed_name(struct buffer *out, const struct dns_name *name)
{
    char text[DNS_NAME_TEXT];
    dns_name_format(name, text);
    size_t end = strlen(text) - 1;
    while (end > 0) {
        size_t start = end;
        while (start > 0 && text[start - 1] != '.') {
            start--;
        }
        buffer_append(out, text + start, end - start);
        buffer_char(out, '.');
        end = start > 0 ? start - 1 : 0;
    }
}

void account_record_set_key(struct buffer *out, const char *zone_id, const struct dns_name *name,
                            const char *type, const char *identifier)
{
    account_zone_prefix(out, zone_id);
    account_reversed_name(out, name);
    buffer_char(out, ' ');
    if (type == NULL) {
        return;
    }
    buffer_text(out, type);
    if (identifier != NULL) {
        buffer_char(out, ' ');
        buffer_text(out, identifier);
    }
}

void account_traffic_name(struct buffer *out, const char *instance_id, size_t number, const char *zone_name)
{
    buffer_format(out, "_tp-%s", instance_id);
    if (number > 0) {
        buffer_format(out, "-%zu", number);
    }
    buffer_format(out, ".%s", zone_name);
}

// --- texts -------------------------------------------------------------------------------------------------

static int append_dump(const char *data, size_t len, void *context)
{
    buffer_append(context, data, len);
    return 0;
}

// For what the fast paths leave: jansson prepares for circles with every value that it is given.
static void append_slowly(struct buffer *out, const json_t *value)
{
    json_dump_callback(value, append_dump, out, JSON_COMPACT | JSON_ENCODE_ANY);
}

static bool is_plain(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == '"' || text[i] == '\\') {
            return false;
        }
    }
    return true;
}

static void append_string(struct buffer *out, const json_t *value)
{
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);
    if (!is_plain(text, len)) {
        append_slowly(out, value);
        return;
    }
    buffer_char(out, '"');
    buffer_append(out, text, len);
    buffer_char(out, '"');
}

static void append_integer(struct buffer *out, json_int_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        digits[--at] = '-';
    }
    buffer_append(out, digits + at, sizeof digits - at);
}

static void append_array(struct buffer *out, const json_t *array)
{
    buffer_char(out, '[');
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0) {
            buffer_char(out, ',');
        }
        account_object_text(out, json_array_get(array, i));
    }
    buffer_char(out, ']');
}

static void append_member(struct buffer *out, char before, const char *name)
{
    buffer_char(out, before);
    buffer_char(out, '"');
    buffer_text(out, name);
    buffer_append(out, "\":", 2);
}

static void append_object(struct buffer *out, const json_t *object)
{
    const char *name;
    json_t *value;
    char before = '{';
    json_object_foreach((json_t *)(uintptr_t)object, name,
                        value) // NOLINT(performance-no-int-to-ptr): read only
    {
        if (!is_plain(name, strlen(name))) {
            json_t *key = json_string(name);
            buffer_char(out, before);
            append_slowly(out, key);
            buffer_char(out, ':');
            json_decref(key);
        } else {
            append_member(out, before, name);
        }
        account_object_text(out, value);
        before = ',';
    }
    buffer_text(out, before == '{' ? "{}" : "}");
}

void account_object_text(struct buffer *out, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        append_object(out, value);
        return;
    case JSON_ARRAY:
        append_array(out, value);
        return;
    case JSON_STRING:
        append_string(out, value);
        return;
    case JSON_INTEGER:
        append_integer(out, json_integer_value(value));
        return;
    case JSON_REAL:
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        append_slowly(out, value);
        return;
    }
}

static void append_name(struct buffer *out, const json_t *value)
{
    struct dns_name name;
    char text[DNS_NAME_TEXT];
    const char *given = json_string_value(value);
    if (given == NULL || !dns_name_parse(bytes_of(given), &name, NULL)) {
        account_object_text(out, value);
        return;
    }
    dns_name_format(&name, text);
    buffer_char(out, '"');
    for (const char *rest = text; *rest != '\0';) {
        size_t plain = strcspn(rest, "\\");
        buffer_append(out, rest, plain);
        buffer_text(out, rest[plain] == '\\' ? "\\\\" : "");
        rest += plain + (rest[plain] == '\\');
    }
    buffer_char(out, '"');
}

static void append_alias(struct buffer *out, const json_t *value)
{
    static const char *const members[] = {"HostedZoneId", "DNSName", "EvaluateTargetHealth"};
    char before = '{';
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const json_t *member = json_object_get(value, members[i]);
        if (member != NULL) {
            append_member(out, before, members[i]);
            (i == 1 ? append_name : account_object_text)(out, member);
            before = ',';
        }
    }
    buffer_text(out, before == '{' ? "{}" : "}");
}

static bool says_nothing(const json_t *value)
{
    return value == NULL || json_is_null(value) ||
           (json_is_string(value) && json_string_length(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

static bool is_absent(const char *member, const json_t *value)
{
    return says_nothing(value) || (json_is_false(value) && strcmp(member, "MultiValueAnswer") == 0);
}

static const struct member {
    const char *name;
    void (*append)(struct buffer *out, const json_t *value);
} members[] = {
    {"Name", append_name},
    {"Type", account_object_text},
    {"SetIdentifier", account_object_text},
    {"Weight", account_object_text},
    {"Region", account_object_text},
    {"GeoLocation", account_object_text},
    {"Failover", account_object_text},
    {"MultiValueAnswer", account_object_text},
    {"TTL", account_object_text},
    {"ResourceRecords", account_object_text},
    {"AliasTarget", append_alias},
    {"HealthCheckId", account_object_text},
    {"TrafficPolicyInstanceId", account_object_text},
    {"CidrRoutingConfig", account_object_text},
    {"GeoProximityLocation", account_object_text},
};
enum { MEMBERS = sizeof members / sizeof members[0] };

static size_t find_member(const char *name)
{
    size_t i = 0;
    while (i < MEMBERS && (members[i].name[0] != name[0] || strcmp(members[i].name, name) != 0)) {
        i++;
    }
    return i;
}

void account_record_set_text(struct buffer *out, const json_t *record_set)
{
    const json_t *values[MEMBERS] = {NULL};
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)record_set, name,
                        value) // NOLINT(performance-no-int-to-ptr): read only
    {
        size_t i = find_member(name);
        if (i < MEMBERS) {
            values[i] = value;
        }
    }
    char before = '{';
    for (size_t i = 0; i < MEMBERS; i++) {
        if (!is_absent(members[i].name, values[i])) {
            append_member(out, before, members[i].name);
            members[i].append(out, values[i]);
            before = ',';
        }
    }
    buffer_text(out, before == '{' ? "{}" : "}");
}

void account_default_record_sets(const char *zone_name, const char *name_servers_seed, json_t **ns,
                                 json_t **soa)
{
    char servers[NAME_SERVERS][NAME_SERVER_TEXT];
    char mailbox[2 * NAME_SERVER_TEXT + 64];
    name_servers_of(bytes_of(name_servers_seed), servers);
    snprintf(mailbox, sizeof mailbox, "%s awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400",
             servers[0]);
    json_t *values = json_array();
    for (unsigned i = 0; i < NAME_SERVERS; i++) {
        json_array_append_new(values, json_pack("{s:s}", "Value", servers[i]));
    }
    *ns = json_pack("{s:s,s:s,s:i,s:o}", "Name", zone_name, "Type", "NS", "TTL", NS_TTL, "ResourceRecords",
                    values);
    *soa = json_pack("{s:s,s:s,s:i,s:[{s:s}]}", "Name", zone_name, "Type", "SOA", "TTL", SOA_TTL,
                     "ResourceRecords", "Value", mailbox);
}
