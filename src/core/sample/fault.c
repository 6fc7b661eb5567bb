// SPDX-License-Identifier: MIT
#include "core/sample/fault.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/xalloc.h"

enum { TEXT_MOST = 65536, PATH_MOST = 1024, PEERS_MOST = 64, FOR_BYTES_MOST = 32 };

struct fault {
    enum fault_kind kind;
    duration delay;
    int status;
    duration up;
    duration down;
    const char *body;
    const char *path; // NULL: all
    const json_t *peers;
    duration lasts;   // INT64_MAX without "For"
    json_t *document; // as it came; owns the strings and peers
};

// --- fields ------------------------------------------------------------------------------------------------

static bool read_milliseconds(const json_t *value, struct fault *fault)
{
    static const json_int_t most = 3600 * 1000;
    fault->delay = DURATION_MS(json_integer_value(value));
    return json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) <= most;
}

static bool read_status(const json_t *value, struct fault *fault)
{
    fault->status = (int)json_integer_value(value);
    return json_is_integer(value) && json_integer_value(value) >= 100 && json_integer_value(value) <= 599;
}

static bool read_body(const json_t *value, struct fault *fault)
{
    fault->body = json_string_value(value);
    return fault->body != NULL && json_string_length(value) <= TEXT_MOST;
}

static bool read_seconds(const json_t *value, duration *out)
{
    double seconds = json_number_value(value);
    *out = duration_from_seconds(seconds);
    return json_is_number(value) && seconds >= 0.01 && seconds <= 86400;
}

static bool read_up(const json_t *value, struct fault *fault)
{
    return read_seconds(value, &fault->up);
}

static bool read_down(const json_t *value, struct fault *fault)
{
    return read_seconds(value, &fault->down);
}

static bool read_peers(const json_t *value, struct fault *fault)
{
    fault->peers = value;
    size_t count = json_array_size(value); // 0 for what is no array
    bool good = count > 0 && count <= PEERS_MOST;
    for (size_t i = 0; i < count && good; i++) {
        good = json_string_length(json_array_get(value, i)) > 0;
    }
    return good;
}

static bool read_for(const json_t *value, struct fault *fault)
{
    const char *text = json_string_value(value);
    return text != NULL && strlen(text) <= FOR_BYTES_MOST && duration_parse(bytes_of(text), &fault->lasts) &&
           fault->lasts > 0;
}

static bool read_path(const json_t *value, struct fault *fault)
{
    fault->path = json_string_value(value);
    return fault->path != NULL && fault->path[0] == '/' && strlen(fault->path) <= PATH_MOST;
}

#define KIND(kind) (1U << (kind))
enum {
    ON_REQUESTS = KIND(FAULT_HANG) | KIND(FAULT_SLOW) | KIND(FAULT_STATUS) | KIND(FAULT_BODY),
    ALL_KINDS = KIND(FAULT_PARTITION + 1) - 1,
};

static const struct field {
    const char *name;
    unsigned kinds; // that take it
    bool required;
    bool (*read)(const json_t *value, struct fault *fault);
    const char *expected;
} fields[] = {
    {"Milliseconds", KIND(FAULT_SLOW), true, read_milliseconds, "a whole number from 0 to 3600000"},
    {"Status", KIND(FAULT_STATUS), true, read_status, "a status code from 100 to 599"},
    {"Body", KIND(FAULT_BODY), true, read_body, "a text of at most 65536 bytes"},
    {"UpSeconds", KIND(FAULT_FLAP), true, read_up, "a number from 0.01 to 86400"},
    {"DownSeconds", KIND(FAULT_FLAP), true, read_down, "a number from 0.01 to 86400"},
    {"Peers", KIND(FAULT_PARTITION), true, read_peers, "an array of 1 to 64 regions or URLs"},
    {"For", ALL_KINDS & ~KIND(FAULT_NONE), false, read_for, "a duration such as \"90s\" or \"1h30m\""},
    {"Path", ON_REQUESTS, false, read_path, "a path that begins with \"/\""},
};

enum { FIELDS = sizeof fields / sizeof fields[0] };

static const char *const kinds[] = {"none", "down", "hang",      "slow", "status",
                                    "body", "flap", "partition", NULL};

// --- parsing -----------------------------------------------------------------------------------------------

static bool read_kind(const json_t *json, struct fault *fault, struct error *error)
{
    const char *name = json_string_value(json_object_get(json, "Kind"));
    if (name == NULL) {
        return error_set(error,
                         "\"Kind\" is required: none, down, hang, slow, status, body, flap or partition");
    }
    for (unsigned kind = 0; kinds[kind] != NULL; kind++) {
        if (strcmp(kinds[kind], name) == 0) {
            fault->kind = (enum fault_kind)kind;
            return true;
        }
    }
    const char *nearest = suggest_nearest(name, kinds);
    if (nearest != NULL) {
        return error_set(error, "unknown Kind '%.64s'; did you mean '%s'?", name, nearest);
    }
    return error_set(
        error, "unknown Kind '%.64s'; there is none, down, hang, slow, status, body, flap, partition", name);
}

static bool unknown_field(const char *name, enum fault_kind kind, struct error *error)
{
    const char *names[FIELDS + 2];
    size_t count = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        if (strcmp(fields[i].name, name) == 0) {
            return error_set(error, "'%s' does not go with Kind '%s'", name, kinds[kind]);
        }
        if (fields[i].kinds & KIND(kind)) {
            names[count++] = fields[i].name;
        }
    }
    names[count++] = "Kind";
    names[count] = NULL;
    const char *nearest = suggest_nearest(name, names);
    return error_set(error, "unknown field '%.64s'%s%s%s", name, nearest != NULL ? "; did you mean '" : "",
                     nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
}

static const struct field *field_of(const char *name, enum fault_kind kind)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if ((fields[i].kinds & KIND(kind)) != 0 && strcmp(fields[i].name, name) == 0) {
            return &fields[i];
        }
    }
    return NULL;
}

static bool read_fields(json_t *json, struct fault *fault, struct error *error)
{
    const char *name;
    json_t *value;
    json_object_foreach(json, name, value)
    {
        const struct field *field = field_of(name, fault->kind);
        if (field == NULL && strcmp(name, "Kind") != 0) {
            return unknown_field(name, fault->kind, error);
        }
        if (field != NULL && !field->read(value, fault)) {
            return error_set(error, "'%s' must be %s", name, field->expected);
        }
    }
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].required && (fields[i].kinds & KIND(fault->kind)) != 0 &&
            json_object_get(json, fields[i].name) == NULL) {
            return error_set(error, "Kind '%s' needs '%s', %s", kinds[fault->kind], fields[i].name,
                             fields[i].expected);
        }
    }
    return true;
}

struct fault *fault_parse(struct bytes text, struct error *error)
{
    json_error_t place;
    json_t *json = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &place);
    if (json == NULL) {
        error_set(error, "not JSON: line %d, column %d: %s", place.line, place.column, place.text);
        return NULL;
    }
    struct fault *fault = xcalloc(1, sizeof *fault);
    fault->document = json;
    fault->lasts = INT64_MAX;
    if (!json_is_object(json)) {
        error_set(error, "a fault is a JSON object such as {\"Kind\":\"down\",\"For\":\"90s\"}");
        goto fail;
    }
    if (!read_kind(json, fault, error) || !read_fields(json, fault, error)) {
        goto fail;
    }
    return fault;
fail:
    fault_destroy(fault);
    return NULL;
}

struct fault *fault_none(void)
{
    struct fault *fault = fault_parse(bytes_of("{\"Kind\":\"none\"}"), NULL);
    assert(fault != NULL);
    return fault;
}

void fault_destroy(struct fault *fault)
{
    if (fault == NULL) {
        return;
    }
    json_decref(fault->document);
    free(fault);
}

char *fault_print(const struct fault *fault)
{
    return json_dumps(fault->document, JSON_COMPACT);
}

// --- what it means -----------------------------------------------------------------------------------------

enum fault_kind fault_kind(const struct fault *fault)
{
    return fault->kind;
}

const char *fault_kind_name(enum fault_kind kind)
{
    return kinds[kind];
}

duration fault_delay(const struct fault *fault)
{
    return fault->delay;
}

int fault_status(const struct fault *fault)
{
    return fault->status;
}

const char *fault_body(const struct fault *fault)
{
    return fault->body;
}

bool fault_concerns(const struct fault *fault, const char *path)
{
    return (KIND(fault->kind) & ON_REQUESTS) != 0 && (fault->path == NULL || strcmp(fault->path, path) == 0);
}

// Is entry the address, with or without "http://" and a final slash?
static bool same_place(const char *entry, const char *place)
{
    static const char scheme[] = "http://";
    size_t skip = strlen(scheme);
    entry += strncmp(entry, scheme, skip) == 0 ? skip : 0;
    place += strncmp(place, scheme, skip) == 0 ? skip : 0;
    size_t entry_len = strlen(entry);
    size_t place_len = strlen(place);
    entry_len -= entry_len > 0 && entry[entry_len - 1] == '/';
    place_len -= place_len > 0 && place[place_len - 1] == '/';
    return place_len > 0 && entry_len == place_len && memcmp(entry, place, place_len) == 0;
}

bool fault_cuts(const struct fault *fault, const char *region, const char *at, const char *url)
{
    if (fault->kind != FAULT_PARTITION) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(fault->peers); i++) {
        const char *entry = json_string_value(json_array_get(fault->peers, i));
        if (strcmp(entry, region) == 0 || same_place(entry, at) || same_place(entry, url)) {
            return true;
        }
    }
    return false;
}

struct fault_phase fault_phase_at(const struct fault *fault, duration elapsed)
{
    if (elapsed >= fault->lasts) {
        return (struct fault_phase){.kind = FAULT_NONE, .ended = true, .until = INT64_MAX};
    }
    struct fault_phase phase = {.kind = fault->kind, .until = fault->lasts};
    if (fault->kind == FAULT_FLAP) {
        duration round = fault->up + fault->down;
        duration start = elapsed - elapsed % round;
        bool up = elapsed - start < fault->up;
        duration end = up ? start + fault->up : start + round;
        phase.kind = up ? FAULT_NONE : FAULT_DOWN;
        phase.until = end < fault->lasts ? end : fault->lasts;
    }
    return phase;
}
