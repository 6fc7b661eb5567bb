// SPDX-License-Identifier: MIT
// One event to one line and back: a table of kinds, a table of fields.
#include "core/scenario/recording.h"

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/dns/rrtype.h"
#include "core/routing/resolve.h"

enum { CHECKSUM_DIGITS = 8 };

static const char *const kinds[] = {"Start",    "File",    "Policy",  "Observation", "Verdict",
                                    "Override", "Control", "Metrics", "Resource",    "Reports",
                                    "Call",     "Query",   "End",     NULL};

static const char *const reasons[OBSERVATION_REASONS + 1] = {
    [OBSERVED_SUCCESS] = "Success",
    [OBSERVED_CONNECT_TIMEOUT] = "ConnectTimeout",
    [OBSERVED_CONNECT_REFUSED] = "ConnectRefused",
    [OBSERVED_UNREACHABLE] = "Unreachable",
    [OBSERVED_DNS_FAILED] = "DnsFailed",
    [OBSERVED_RESPONSE_TIMEOUT] = "ResponseTimeout",
    [OBSERVED_CONNECTION_CLOSED] = "ConnectionClosed",
    [OBSERVED_HTTP_STATUS] = "HttpStatus",
    [OBSERVED_BAD_RESPONSE] = "BadResponse",
    [OBSERVED_BAD_HEADER] = "BadHeader",
    [OBSERVED_HEADERS_TOO_LARGE] = "HeadersTooLarge",
    [OBSERVED_TLS_FAILED] = "TlsFailed",
    [OBSERVED_STRING_NOT_FOUND] = "StringNotFound",
    [OBSERVED_INTERNAL] = "Internal",
};

// --- fields ------------------------------------------------------------------------------------------------

enum field_type {
    TEXT,
    NUMBER_64,
    NUMBER_32,
    NUMBER_16,
    NUMBER_8,
    BOOLEAN,
    DIGEST,
    REASON,
    ADDRESS,
    PREFIX,
    RRTYPE
};

#define ON(kind)   (1U << (RECORDING_##kind))
#define AT(member) offsetof(struct recording_event, member)
#define ANY        ((1U << (RECORDING_END + 1)) - 1)

static const struct field {
    const char *name;
    enum field_type type;
    unsigned kinds;
    bool required;
    size_t offset;
} fields[] = {
    {"At", NUMBER_64, ANY, true, AT(at)},
    {"Version", NUMBER_32, ON(START), true, AT(version)},
    {"Wall", NUMBER_64, ON(START), true, AT(wall)},
    {"Program", TEXT, ON(START), true, AT(program)},
    {"Path", TEXT, ON(FILE) | ON(POLICY) | ON(RESOURCE) | ON(REPORTS) | ON(CALL), true, AT(path)},
    {"Digest", DIGEST, ON(QUERY), true, AT(digest)},
    {"Text", TEXT, ON(FILE) | ON(OVERRIDE) | ON(METRICS) | ON(RESOURCE) | ON(CALL) | ON(END), true, AT(text)},
    {"Check", TEXT, ON(OBSERVATION) | ON(VERDICT) | ON(OVERRIDE) | ON(CONTROL) | ON(REPORTS), true,
     AT(check)},
    {"Checker", NUMBER_32, ON(OBSERVATION), true, AT(checker)},
    {"Healthy", BOOLEAN, ON(VERDICT) | ON(CONTROL) | ON(REPORTS), true, AT(healthy)},
    {"Cause", TEXT, ON(VERDICT), true, AT(cause)},
    {"Reason", REASON, ON(OBSERVATION), true, AT(observation.reason)},
    {"Http", BOOLEAN, ON(OBSERVATION), false, AT(observation.http)},
    {"Status", NUMBER_16, ON(OBSERVATION), false, AT(observation.http_status)},
    {"ConnectUs", NUMBER_32, ON(OBSERVATION), false, AT(observation.connect_us)},
    {"FirstByteUs", NUMBER_32, ON(OBSERVATION), false, AT(observation.first_byte_us)},
    {"TlsAlert", NUMBER_8, ON(OBSERVATION), false, AT(observation.tls_alert)},
    {"Resolved", ADDRESS, ON(OBSERVATION), false, AT(observation.resolved)},
    {"Name", TEXT, ON(QUERY), true, AT(name)},
    {"Type", RRTYPE, ON(QUERY), true, AT(type)},
    {"Place", TEXT, ON(QUERY), true, AT(place)},
    {"Source", ADDRESS, ON(QUERY), false, AT(source)},
    {"Subnet", PREFIX, ON(QUERY), false, AT(subnet)},
    {"Seeded", BOOLEAN, ON(START), false, AT(seeded)},
    {"Seed", DIGEST, ON(QUERY) | ON(START), true, AT(seed)},
};
#undef AT
enum { FIELDS = sizeof fields / sizeof fields[0] };

// --- encoding ----------------------------------------------------------------------------------------------

static json_t *text_json(const char *text)
{
    json_t *json = json_string(text != NULL ? text : "");
    if (json != NULL) {
        return json;
    }
    char *ascii = xstrdup(text);
    for (char *c = ascii; *c != '\0'; c++) {
        *c = (unsigned char)*c < 0x80 ? *c : '?';
    }
    json = json_string(ascii);
    free(ascii);
    return json;
}

static json_t *digest_json(uint64_t digest)
{
    char text[24];
    snprintf(text, sizeof text, "%016llx", (unsigned long long)digest);
    return json_string(text);
}

static json_t *address_json(const struct ip_address *address)
{
    char text[IP_TEXT];
    if (address->family == 0) {
        return NULL;
    }
    ip_format(address, text);
    return json_string(text);
}

static json_t *prefix_json(const struct ip_prefix *prefix)
{
    char text[IP_PREFIX_TEXT];
    if (prefix->address.family == 0) {
        return NULL;
    }
    ip_prefix_format(prefix, text);
    return json_string(text);
}

static json_t *type_json(uint16_t type)
{
    char text[DNS_TYPE_TEXT];
    dns_rrtype_format(type, text);
    return json_string(text);
}

static json_t *number_json(const struct field *field, int64_t number)
{
    return field->required || number != 0 ? json_integer(number) : NULL;
}

// NULL: need not be told.
static json_t *field_json(const struct field *field, const void *at)
{
    switch (field->type) {
    case TEXT:
        return text_json(*(const char *const *)at);
    case NUMBER_64:
        return json_integer(*(const int64_t *)at);
    case NUMBER_32:
        return number_json(field, *(const uint32_t *)at);
    case NUMBER_16:
        return number_json(field, *(const uint16_t *)at);
    case NUMBER_8:
        return number_json(field, *(const uint8_t *)at);
    case BOOLEAN:
        return field->required || *(const bool *)at ? json_boolean(*(const bool *)at) : NULL;
    case DIGEST:
        return digest_json(*(const uint64_t *)at);
    case REASON:
        return json_string(reasons[*(const uint8_t *)at]);
    case ADDRESS:
        return address_json(at);
    case PREFIX:
        return prefix_json(at);
    case RRTYPE:
        return type_json(*(const uint16_t *)at);
    }
    return NULL;
}

static uint32_t checksum(struct bytes json)
{
    return (uint32_t)bytes_hash(json);
}

void recording_encode(const struct recording_event *event, struct buffer *out)
{
    json_t *json = json_object();
    json_object_set_new(json, "Event", json_string(kinds[event->kind]));
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].kinds >> event->kind & 1) {
            json_t *value = field_json(&fields[i], (const char *)event + fields[i].offset);
            if (value != NULL) {
                json_object_set_new(json, fields[i].name, value);
            }
        }
    }
    char *text = json_dumps(json, JSON_COMPACT);
    buffer_format(out, "%08x %s\n", checksum(bytes_of(text)), text);
    free(text);
    json_decref(json);
}

// --- decoding ----------------------------------------------------------------------------------------------

static bool read_number(const json_t *value, int64_t most, int64_t *out)
{
    *out = json_integer_value(value);
    return json_is_integer(value) && *out >= 0 && *out <= most;
}

static bool read_digest(const json_t *value, uint64_t *out)
{
    uint8_t bytes[8];
    size_t len = 0;
    const char *text = json_string_value(value);
    if (text == NULL || !bytes_parse_hex(bytes_of(text), bytes, sizeof bytes, &len) || len != sizeof bytes) {
        return false;
    }
    *out = 0;
    for (size_t i = 0; i < sizeof bytes; i++) {
        *out = *out << 8 | bytes[i];
    }
    return true;
}

static bool read_reason(const json_t *value, uint8_t *out)
{
    const char *text = json_string_value(value);
    for (unsigned i = 0; text != NULL && i < OBSERVATION_REASONS; i++) {
        if (strcmp(reasons[i], text) == 0) {
            *out = (uint8_t)i;
            return true;
        }
    }
    return false;
}

static bool read_prefix(const json_t *value, struct ip_prefix *out)
{
    const char *text = json_string_value(value);
    return text != NULL && ip_prefix_parse(bytes_of(text), out, NULL);
}

static bool read_text(const json_t *value, struct arena *arena, const char **out)
{
    if (!json_is_string(value)) {
        return false;
    }
    *out = arena_strdup(arena, json_string_value(value));
    return true;
}

static bool read_field(const struct field *field, const json_t *value, struct arena *arena, void *at)
{
    int64_t number;
    const char *text = json_string_value(value);
    switch (field->type) {
    case TEXT:
        return read_text(value, arena, at);
    case NUMBER_64:
        return read_number(value, INT64_MAX / 2, at);
    case NUMBER_32:
        return read_number(value, UINT32_MAX, &number) && (*(uint32_t *)at = (uint32_t)number, true);
    case NUMBER_16:
        return read_number(value, UINT16_MAX, &number) && (*(uint16_t *)at = (uint16_t)number, true);
    case NUMBER_8:
        return read_number(value, UINT8_MAX, &number) && (*(uint8_t *)at = (uint8_t)number, true);
    case BOOLEAN:
        *(bool *)at = json_is_true(value);
        return json_is_boolean(value);
    case DIGEST:
        return read_digest(value, at);
    case REASON:
        return read_reason(value, at);
    case ADDRESS:
        return text != NULL && ip_parse(bytes_of(text), at);
    case PREFIX:
        return read_prefix(value, at);
    case RRTYPE:
        return text != NULL && dns_rrtype_parse(bytes_of(text), at);
    }
    return false;
}

static bool read_kind(const json_t *json, struct recording_event *event, struct error *error)
{
    const char *name = json_string_value(json_object_get(json, "Event"));
    for (unsigned i = 0; name != NULL && kinds[i] != NULL; i++) {
        if (strcmp(kinds[i], name) == 0) {
            event->kind = (uint8_t)i;
            return true;
        }
    }
    return name == NULL
               ? error_set(error, "an event has no \"Event\" that says what it is")
               : error_set(error, "unknown event '%.64s'; was it recorded by a newer version?", name);
}

static bool read_fields(const json_t *json, struct recording_event *event, struct arena *arena,
                        struct error *error)
{
    for (size_t i = 0; i < FIELDS; i++) {
        const json_t *value = json_object_get(json, fields[i].name);
        if ((fields[i].kinds >> event->kind & 1) == 0 || (value == NULL && !fields[i].required)) {
            continue;
        }
        if (value == NULL) {
            return error_set(error, "%s has no %s", kinds[event->kind], fields[i].name);
        }
        if (!read_field(&fields[i], value, arena, (char *)event + fields[i].offset)) {
            return error_set(error, "%s has a bad %s", kinds[event->kind], fields[i].name);
        }
    }
    return true;
}

static bool read_event(const json_t *json, struct recording_event *out, struct arena *arena,
                       struct error *error)
{
    struct recording_event event = {
        .program = "", .path = "", .text = "", .check = "", .cause = "", .name = "", .place = ""};
    if (!json_is_object(json)) {
        return error_set(error, "an event is a JSON object");
    }
    if (!read_kind(json, &event, error)) {
        return false;
    }
    // Before all else, so that the reason is the version and not a field that only it has.
    const json_t *version = json_object_get(json, "Version");
    if (event.kind == RECORDING_START && json_is_integer(version) &&
        json_integer_value(version) != RECORDING_VERSION) {
        return error_set(error, "the recording is of version %lld; this program reads version %d",
                         (long long)json_integer_value(version), RECORDING_VERSION);
    }
    if (!read_fields(json, &event, arena, error)) {
        return false;
    }
    *out = event;
    return true;
}

static bool check_sum(struct bytes line, struct bytes *json, struct error *error)
{
    uint8_t sum[4];
    size_t len;
    if (line.len <= CHECKSUM_DIGITS || line.data[CHECKSUM_DIGITS] != ' ' ||
        !bytes_parse_hex((struct bytes){line.data, CHECKSUM_DIGITS}, sum, sizeof sum, &len)) {
        return error_set(error, "a line begins with a checksum of eight hex digits and a space");
    }
    *json = (struct bytes){line.data + CHECKSUM_DIGITS + 1, line.len - CHECKSUM_DIGITS - 1};
    uint32_t wanted = (uint32_t)sum[0] << 24 | (uint32_t)sum[1] << 16 | (uint32_t)sum[2] << 8 | sum[3];
    return wanted == checksum(*json) ||
           error_set(error, "the checksum is %08x and should be %08x: the line was changed", wanted,
                     checksum(*json));
}

bool recording_decode(struct bytes line, struct recording_event *out, struct arena *arena,
                      struct error *error)
{
    struct bytes text;
    json_error_t place;
    if (!check_sum(line, &text, error)) {
        return false;
    }
    json_t *json = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &place);
    if (json == NULL) {
        return error_set(error, "not JSON at column %d: %s", place.column + CHECKSUM_DIGITS + 1, place.text);
    }
    bool ok = read_event(json, out, arena, error);
    json_decref(json);
    return ok;
}

// --- answers -----------------------------------------------------------------------------------------------

static uint64_t mix(uint64_t digest, struct bytes bytes)
{
    uint64_t both[2] = {digest, bytes_hash(bytes)};
    return bytes_hash((struct bytes){(const uint8_t *)both, sizeof both});
}

static uint64_t mix_number(uint64_t digest, uint64_t number)
{
    return mix(digest, (struct bytes){(const uint8_t *)&number, sizeof number});
}

uint64_t recording_answer_digest(const struct view *view, const struct recording_event *query)
{
    struct dns_name name;
    struct resolution resolution;
    struct random roll;
    struct client client = {.source = query->source, .subnet = query->subnet, .place = PLACE_NONE};
    client.has_subnet = query->subnet.length > 0;
    if (query->place[0] != '\0') {
        client.place = model_find_place(view->model, bytes_of(query->place));
    }
    if (!dns_name_parse(bytes_of(query->name), &name, NULL)) {
        return 0;
    }
    random_seed(&roll, query->seed);
    resolve(&(struct decide_context){.view = view, .client = &client, .roll = &roll}, &name, query->type,
            &resolution);
    uint64_t digest = mix_number(0, resolution.kind);
    if (resolution.kind == RESOLVED_ANSWER) {
        digest = mix_number(digest, resolution.decision.ttl);
        for (unsigned i = 0; i < resolution.decision.count; i++) {
            const struct record_set *set = resolution.decision.record_sets[i];
            digest = mix(digest, bytes_of(set->set_identifier != NULL ? set->set_identifier : ""));
            digest = mix(digest, (struct bytes){set->records, set->records_len});
        }
    }
    return digest;
}
