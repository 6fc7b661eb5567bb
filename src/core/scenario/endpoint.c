// SPDX-License-Identifier: MIT
#include "core/scenario/endpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip.h"
#include "base/map.h"
#include "base/xalloc.h"
#include "core/json/text.h"
#include "core/model/region.h"
#include "endpoint_fault.h"

// One key's faults: of everyone, and of the checkers of each region, whose own goes before.
enum { EVERYONE = CHECKER_REGION_COUNT, SLOTS };

struct held_fault {
    struct endpoint_fault fault; // owns its strings
    mono_time since;
};

struct script {
    char *key;
    struct held_fault slots[SLOTS];
};

struct endpoints {
    struct map *keys; // to struct script
    size_t count;
    struct script **scripts; // the same, in order of keys
};

// --- keys --------------------------------------------------------------------------------------------------

// The last colon that is followed by digits only, and is not part of an IPv6 address; NULL when none.
static const char *port_of(const char *text)
{
    const char *colon = strrchr(text, ':');
    bool bracketed = text[0] == '[';
    if (colon == NULL || (!bracketed && strchr(text, ':') != colon) || (bracketed && colon[-1] != ']')) {
        return NULL;
    }
    return colon;
}

static bool host_valid(struct bytes host, struct error *error)
{
    struct ip_address address;
    for (size_t i = 0; i < host.len; i++) {
        uint8_t c = ascii_lower(host.data[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
              c == ':')) {
            return error_set(error, "an endpoint is a host and a port such as 192.0.2.10:80, or \"*\"");
        }
    }
    bool colons = memchr(host.data, ':', host.len) != NULL;
    return (host.len > 0 && host.len <= 255 && (!colons || ip_parse(host, &address))) ||
           error_set(error, "an endpoint is a host and a port such as 192.0.2.10:80, or \"*\"");
}

// port 0: all ports
static void write_key(struct bytes host, uint32_t port, char out[ENDPOINT_KEY])
{
    struct ip_address address;
    char text[ENDPOINT_KEY];
    if (ip_parse(host, &address)) {
        char ip[IP_TEXT];
        ip_format(&address, ip);
        snprintf(text, sizeof text, address.family == 6 ? "[%s]" : "%s", ip);
    } else {
        size_t len = host.len < ENDPOINT_KEY - 1 ? host.len : ENDPOINT_KEY - 1;
        for (size_t i = 0; i < len; i++) {
            text[i] = (char)ascii_lower(host.data[i]);
        }
        text[len] = '\0';
    }
    if (port != 0) {
        snprintf(out, ENDPOINT_KEY, "%.*s:%u", ENDPOINT_KEY - 8, text, port);
    } else {
        snprintf(out, ENDPOINT_KEY, "%s", text);
    }
}

bool endpoint_key_parse(struct bytes text, char out[ENDPOINT_KEY], struct error *error)
{
    char copy[ENDPOINT_KEY];
    uint32_t port = 0;
    if (text.len == 1 && text.data[0] == '*') {
        snprintf(out, ENDPOINT_KEY, "*");
        return true;
    }
    if (text.len == 0 || text.len >= sizeof copy - 8 || memchr(text.data, '\0', text.len) != NULL) {
        return error_set(error, "an endpoint is a host and a port such as 192.0.2.10:80, or \"*\"");
    }
    snprintf(copy, sizeof copy, "%.*s", (int)text.len, (const char *)text.data);
    const char *colon = port_of(copy);
    struct bytes host = bytes_of(copy);
    if (colon != NULL) {
        if (!bytes_parse_u32(bytes_of(colon + 1), 65535, &port) || port == 0) {
            return error_set(error, "'%s' is not a port from 1 to 65535", colon + 1);
        }
        host.len = (size_t)(colon - copy);
    }
    if (host.len >= 2 && host.data[0] == '[' && host.data[host.len - 1] == ']') {
        host = (struct bytes){host.data + 1, host.len - 2};
    }
    if (!host_valid(host, error)) {
        return false;
    }
    write_key(host, port, out);
    return true;
}

static void host_of(const struct health_check *check, char out[ENDPOINT_KEY])
{
    const char *name = check->fully_qualified_domain_name != NULL ? check->fully_qualified_domain_name : "";
    if (check->ip_address.family != 0) {
        ip_format(&check->ip_address, out);
    } else {
        snprintf(out, ENDPOINT_KEY, "%s", name);
    }
}

void endpoint_key_of(const struct health_check *check, char out[ENDPOINT_KEY])
{
    char host[ENDPOINT_KEY];
    host_of(check, host);
    write_key(bytes_of(host), check->port, out);
}

// --- the script --------------------------------------------------------------------------------------------

struct endpoints *endpoints_create(void)
{
    struct endpoints *endpoints = xcalloc(1, sizeof *endpoints);
    endpoints->keys = map_create();
    return endpoints;
}

static void drop(struct held_fault *held)
{
    free((void *)(uintptr_t)held->fault.body);
    free((void *)(uintptr_t)held->fault.path);
    *held = (struct held_fault){.fault = {.kind = ENDPOINT_NONE}};
}

void endpoints_clear(struct endpoints *endpoints)
{
    for (size_t i = 0; i < endpoints->count; i++) {
        struct script *script = endpoints->scripts[i];
        map_remove(endpoints->keys, bytes_of(script->key));
        for (unsigned slot = 0; slot < SLOTS; slot++) {
            drop(&script->slots[slot]);
        }
        free(script->key);
        free(script);
    }
    free(endpoints->scripts);
    endpoints->scripts = NULL;
    endpoints->count = 0;
}

void endpoints_destroy(struct endpoints *endpoints)
{
    if (endpoints != NULL) {
        endpoints_clear(endpoints);
        map_destroy(endpoints->keys);
        free(endpoints);
    }
}

static struct script *script_at(struct endpoints *endpoints, const char *key)
{
    struct script *script = map_get(endpoints->keys, bytes_of(key));
    if (script != NULL) {
        return script;
    }
    script = xcalloc(1, sizeof *script);
    script->key = xstrdup(key);
    map_set(endpoints->keys, bytes_of(key), script);
    endpoints->scripts = xreallocarray(endpoints->scripts, endpoints->count + 1, sizeof(struct script *));
    size_t at = endpoints->count++;
    for (; at > 0 && strcmp(endpoints->scripts[at - 1]->key, key) > 0; at--) {
        endpoints->scripts[at] = endpoints->scripts[at - 1];
    }
    endpoints->scripts[at] = script;
    return script;
}

static void hold(struct held_fault *held, const struct endpoint_fault *fault, mono_time now)
{
    drop(held);
    held->fault = *fault;
    held->fault.body = fault->body != NULL ? xstrdup(fault->body) : NULL;
    held->fault.path = fault->path != NULL ? xstrdup(fault->path) : NULL;
    held->since = now;
}

void endpoints_set(struct endpoints *endpoints, const char *key, const struct endpoint_fault *fault,
                   mono_time now)
{
    struct script *script = script_at(endpoints, key);
    if (fault->checker_regions == 0) {
        for (unsigned slot = 0; slot < EVERYONE; slot++) {
            drop(&script->slots[slot]);
        }
        hold(&script->slots[EVERYONE], fault, now);
        return;
    }
    for (unsigned slot = 0; slot < EVERYONE; slot++) {
        if (fault->checker_regions >> slot & 1) {
            hold(&script->slots[slot], fault, now);
        }
    }
}

// --- what holds --------------------------------------------------------------------------------------------

// Ends with its "For"; a flapping endpoint is up or down.
static enum endpoint_fault_kind kind_now(const struct held_fault *held, mono_time now)
{
    const struct endpoint_fault *fault = &held->fault;
    duration elapsed = mono_since(now, held->since);
    if (elapsed >= fault->lasts && fault->kind != ENDPOINT_NONE) {
        return ENDPOINT_NONE;
    }
    if (fault->kind == ENDPOINT_FLAP) {
        return elapsed % (fault->up + fault->down) < fault->up ? ENDPOINT_NONE : ENDPOINT_DOWN;
    }
    return (enum endpoint_fault_kind)fault->kind;
}

static bool loses_packets(enum endpoint_fault_kind kind)
{
    return kind == ENDPOINT_PARTITION || kind == ENDPOINT_BLACKHOLE || kind == ENDPOINT_UNREACHABLE ||
           kind == ENDPOINT_RESOLVER;
}

// The query of a path does not count.
static bool concerns(const struct endpoint_fault *fault, const char *path)
{
    size_t len = path != NULL ? strcspn(path, "?") : 0;
    return fault->path == NULL ||
           (path != NULL && strlen(fault->path) == len && memcmp(fault->path, path, len) == 0);
}

struct question {
    struct bytes host;
    uint16_t port;
    int slot; // EVERYONE, or the checker region's
    const char *path;
    mono_time now;
};

// The first of a script's faults that holds: the region's own before everyone's.
static const struct held_fault *first_holding(const struct script *script, const struct question *question)
{
    const int slots[] = {question->slot, EVERYONE};
    for (unsigned i = 0; script != NULL && i < 2; i++) {
        const struct held_fault *held = &script->slots[slots[i]];
        if (kind_now(held, question->now) != ENDPOINT_NONE && concerns(&held->fault, question->path)) {
            return held;
        }
    }
    return NULL;
}

static struct endpoint_fault effective(const struct endpoints *endpoints, const struct question *question)
{
    char keys[3][ENDPOINT_KEY] = {"", "", "*"};
    struct endpoint_fault found = {.kind = ENDPOINT_NONE};
    write_key(question->host, question->port, keys[0]);
    write_key(question->host, 0, keys[1]);
    for (unsigned i = 0; i < 3; i++) {
        const struct held_fault *held = first_holding(map_get(endpoints->keys, bytes_of(keys[i])), question);
        if (held == NULL) {
            continue;
        }
        enum endpoint_fault_kind kind = kind_now(held, question->now);
        if (found.kind == ENDPOINT_NONE || (loses_packets(kind) && !loses_packets(found.kind))) {
            found = held->fault;
            found.kind = (uint8_t)kind;
        }
    }
    return found;
}

struct endpoint_result endpoints_probe(const struct endpoints *endpoints, const struct health_check *check,
                                       uint8_t region, mono_time now)
{
    struct endpoint_fault fault = {.kind = ENDPOINT_NONE};
    if (endpoints->count > 0) {
        char host[ENDPOINT_KEY];
        host_of(check, host);
        int index = region != REGION_NONE ? checker_region_index(region) : -1;
        struct question question = {bytes_of(host), check->port, index >= 0 ? index : EVERYONE,
                                    check->resource_path, now};
        fault = effective(endpoints, &question);
    }
    return endpoint_fault_probe(&fault, check, now);
}

bool endpoints_serving(const struct endpoints *endpoints, const char *host, uint16_t port, mono_time now)
{
    struct question question = {bytes_of(host), port, EVERYONE, NULL, now};
    struct endpoint_fault fault = effective(endpoints, &question);
    switch (fault.kind) {
    case ENDPOINT_NONE:
    case ENDPOINT_SLOW:
    case ENDPOINT_BODY:
        return true;
    case ENDPOINT_STATUS:
        return fault.status < 400;
    default:
        return false;
    }
}

// --- requests and reports ----------------------------------------------------------------------------------

enum { DEPTH_MAX = 4, TEXT_MAX = 128 << 10 };

struct request {
    struct schema_node node;
    const char *endpoint;
    struct endpoint_fault_fields *fault;
};

enum { ENDPOINT, FAULT };

#define AT(member) .offset = offsetof(struct request, member)
static const struct schema_field request_fields[] = {
    [ENDPOINT] = {"Endpoint", "Host and port, host, or *", SCHEMA_STRING, AT(endpoint), .least = 1,
                  .most = 300, .required = true},
    [FAULT] = {"Fault", "What is wrong with it", SCHEMA_OBJECT, AT(fault), .required = true,
               .table = &endpoint_fault_schema},
};
#undef AT

static const struct schema_table request_schema = {"ScriptedEndpoint", "A fault of a scripted endpoint",
                                                   sizeof(struct request), request_fields, 2};

static bool read_request(const struct schema_reader *reader, json_t *json, char key[ENDPOINT_KEY],
                         struct endpoint_fault *fault)
{
    struct request request = {0};
    struct error error = {0};
    schema_read(reader, &request_schema, json, &request);
    bool named = request.endpoint != NULL;
    if (named && !endpoint_key_parse(bytes_of(request.endpoint), key, &error)) {
        schema_finding(reader->diagnostics, DIAGNOSTIC_ERROR, &request.node, "Endpoint", "%s", error.text);
        named = false;
    }
    return request.fault != NULL && endpoint_fault_read(reader, request.fault, fault) && named;
}

bool endpoints_request(struct endpoints *endpoints, struct bytes text, mono_time now, struct buffer *problems)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct schema_reader reader = {arena_create(), diagnostics};
    struct endpoint_fault fault;
    char key[ENDPOINT_KEY];
    diagnostics_file(diagnostics, "request", text);
    json_t *json = json_text_parse(text, DEPTH_MAX, TEXT_MAX, diagnostics);
    bool ok =
        json != NULL && read_request(&reader, json, key, &fault) && diagnostics_errors(diagnostics) == 0;
    if (ok) {
        endpoints_set(endpoints, key, &fault, now);
    } else {
        diagnostics_print(diagnostics, problems);
    }
    json_decref(json);
    arena_destroy(reader.arena);
    diagnostics_destroy(diagnostics);
    return ok;
}

static void add_script(const struct script *script, mono_time now, json_t *list)
{
    for (unsigned slot = 0; slot < SLOTS; slot++) {
        const struct held_fault *held = &script->slots[slot];
        bool flapping = held->fault.kind == ENDPOINT_FLAP && mono_since(now, held->since) < held->fault.lasts;
        if (!flapping && kind_now(held, now) == ENDPOINT_NONE) {
            continue;
        }
        struct endpoint_fault fault = held->fault;
        fault.checker_regions = (uint8_t)(slot == EVERYONE ? 0U : 1U << slot);
        json_t *json = json_object();
        json_object_set_new(json, "Endpoint", json_string(script->key));
        json_object_set_new(json, "Fault", endpoint_fault_json(&fault));
        json_object_set_new(json, "Since", json_real(duration_seconds(mono_since(now, held->since))));
        json_array_append_new(list, json);
    }
}

json_t *endpoints_json(const struct endpoints *endpoints, mono_time now)
{
    json_t *list = json_array();
    for (size_t i = 0; i < endpoints->count; i++) {
        add_script(endpoints->scripts[i], now, list);
    }
    return list;
}
