// SPDX-License-Identifier: MIT
// Faults of scripted endpoints: the field table, and which field goes with which kind.
#include "endpoint_fault.h"

#include <stdio.h>
#include <string.h>

#include "core/model/region.h"

#define KIND(kind) (1U << (kind))

enum {
    ON_REQUESTS = KIND(ENDPOINT_HANG) | KIND(ENDPOINT_SLOW) | KIND(ENDPOINT_STATUS) | KIND(ENDPOINT_BODY) |
                  KIND(ENDPOINT_RESET),
    ALL_KINDS = KIND(ENDPOINT_RESOLVER + 1) - 1,
};

enum {
    FAULT_KIND,
    FAULT_MILLISECONDS,
    FAULT_CONNECT_MILLISECONDS,
    FAULT_BODY_MILLISECONDS,
    FAULT_STATUS,
    FAULT_BODY,
    FAULT_UP_SECONDS,
    FAULT_DOWN_SECONDS,
    FAULT_CHECKER_REGIONS,
    FAULT_PATH,
    FAULT_FOR,
    FAULT_FIELDS,
};

// Which kinds take a field, and which of them need it.
static const struct {
    unsigned takes;
    unsigned needs;
} applicability[FAULT_FIELDS] = {
    [FAULT_KIND] = {ALL_KINDS, ALL_KINDS},
    [FAULT_MILLISECONDS] = {KIND(ENDPOINT_SLOW) | KIND(ENDPOINT_RESOLVER), 0},
    [FAULT_CONNECT_MILLISECONDS] = {KIND(ENDPOINT_SLOW), 0},
    [FAULT_BODY_MILLISECONDS] = {KIND(ENDPOINT_SLOW), 0},
    [FAULT_STATUS] = {KIND(ENDPOINT_STATUS), KIND(ENDPOINT_STATUS)},
    [FAULT_BODY] = {KIND(ENDPOINT_STATUS) | KIND(ENDPOINT_BODY), KIND(ENDPOINT_BODY)},
    [FAULT_UP_SECONDS] = {KIND(ENDPOINT_FLAP), KIND(ENDPOINT_FLAP)},
    [FAULT_DOWN_SECONDS] = {KIND(ENDPOINT_FLAP), KIND(ENDPOINT_FLAP)},
    [FAULT_CHECKER_REGIONS] = {ALL_KINDS, KIND(ENDPOINT_PARTITION)},
    [FAULT_PATH] = {ON_REQUESTS, 0},
    [FAULT_FOR] = {ALL_KINDS & ~KIND(ENDPOINT_NONE), 0},
};

static const char *const kinds[] = {"none",  "down",        "hang",      "slow",      "status",
                                    "body",  "flap",        "partition", "blackhole", "unreachable",
                                    "reset", "certificate", "resolver",  NULL};

static const char *const *kind_names(void)
{
    return kinds;
}

const char *const *endpoint_checker_regions(void)
{
    static const char *const names[] = {"us-east-1",      "us-west-1",      "us-west-2",
                                        "sa-east-1",      "eu-west-1",      "ap-southeast-1",
                                        "ap-southeast-2", "ap-northeast-1", NULL};
    return names;
}

struct endpoint_fault_fields {
    struct schema_node node;
    uint32_t kind;
    double milliseconds;
    double connect_milliseconds;
    double body_milliseconds;
    int64_t status;
    const char *body;
    double up_seconds;
    double down_seconds;
    struct schema_strings checker_regions;
    const char *path;
    const char *lasts;
};

#define AT(member) .offset = offsetof(struct endpoint_fault_fields, member)
static const struct schema_field fields[] = {
    [FAULT_KIND] = {"Kind", "What is wrong", SCHEMA_ENUM, AT(kind), .required = true, .choices = kind_names},
    [FAULT_MILLISECONDS] = {"Milliseconds",
                            "From connecting to the status line, for slow; to the failure, for "
                            "resolver",
                            SCHEMA_NUMBER, AT(milliseconds), .least = 0, .most = 3600000},
    [FAULT_CONNECT_MILLISECONDS] = {"ConnectMilliseconds", "To connect, for slow", SCHEMA_NUMBER,
                                    AT(connect_milliseconds), .least = 0, .most = 3600000},
    [FAULT_BODY_MILLISECONDS] = {"BodyMilliseconds", "From the status line to the body, for slow",
                                 SCHEMA_NUMBER, AT(body_milliseconds), .least = 0, .most = 3600000},
    [FAULT_STATUS] = {"Status", "Status code, for status", SCHEMA_INTEGER, AT(status), .least = 100,
                      .most = 599},
    [FAULT_BODY] = {"Body", "Body, for body and status", SCHEMA_STRING, AT(body), .least = 0, .most = 65536},
    [FAULT_UP_SECONDS] = {"UpSeconds", "How long it is up each time, for flap", SCHEMA_NUMBER, AT(up_seconds),
                          .least = 0.01, .most = 86400},
    [FAULT_DOWN_SECONDS] = {"DownSeconds", "How long it is down each time, for flap", SCHEMA_NUMBER,
                            AT(down_seconds), .least = 0.01, .most = 86400},
    [FAULT_CHECKER_REGIONS] = {"CheckerRegions", "Whose probes meet the fault; by default all",
                               SCHEMA_STRINGS, AT(checker_regions), .least = 1, .most = 8,
                               .choices = endpoint_checker_regions},
    [FAULT_PATH] = {"Path", "The only path that meets the fault", SCHEMA_STRING, AT(path), .least = 1,
                    .most = 1024},
    [FAULT_FOR] = {"For", "Ends by itself after this time: 90s, 10m, 2h", SCHEMA_STRING, AT(lasts),
                   .least = 2, .most = 32},
};
#undef AT

const struct schema_table endpoint_fault_schema = {
    "Fault", "What is wrong with an endpoint", sizeof(struct endpoint_fault_fields), fields, FAULT_FIELDS};

static bool valid(const struct endpoint_fault_fields *from, unsigned field)
{
    return (from->node.valid & schema_bit(field)) != 0;
}

static void check_kind(struct diagnostics *diagnostics, const struct endpoint_fault_fields *from)
{
    for (unsigned i = 0; i < FAULT_FIELDS; i++) {
        bool given = (from->node.given & schema_bit(i)) != 0;
        if (given && (applicability[i].takes & KIND(from->kind)) == 0) {
            char tail[64] = "#key/";
            strncat(tail, fields[i].name, sizeof tail - strlen(tail) - 1);
            schema_finding(diagnostics, DIAGNOSTIC_ERROR, &from->node, tail, "%s does not go with Kind '%s'",
                           fields[i].name, kinds[from->kind]);
        } else if (!given && (applicability[i].needs & KIND(from->kind)) != 0) {
            schema_finding(diagnostics, DIAGNOSTIC_ERROR, &from->node, "Kind", "Kind '%s' needs %s",
                           kinds[from->kind], fields[i].name);
        }
    }
}

static duration milliseconds(double value)
{
    return duration_from_seconds(value / 1000);
}

static uint8_t region_bits(const struct schema_strings *codes)
{
    unsigned bits = 0;
    for (size_t i = 0; i < codes->count; i++) {
        bits |= 1U << checker_region_index(region_find(bytes_of(codes->items[i])));
    }
    return (uint8_t)bits;
}

static duration read_for(struct diagnostics *diagnostics, const struct endpoint_fault_fields *from)
{
    duration lasts = INT64_MAX;
    if (valid(from, FAULT_FOR) && (!duration_parse(bytes_of(from->lasts), &lasts) || lasts == 0)) {
        schema_finding(diagnostics, DIAGNOSTIC_ERROR, &from->node, "For",
                       "'%s' is not a duration; for example \"90s\", \"10m\" or \"2h\"", from->lasts);
    }
    return lasts;
}

bool endpoint_fault_read(const struct schema_reader *reader, const struct endpoint_fault_fields *from,
                         struct endpoint_fault *out)
{
    size_t errors = diagnostics_errors(reader->diagnostics);
    if (!valid(from, FAULT_KIND)) {
        return false;
    }
    check_kind(reader->diagnostics, from);
    if (valid(from, FAULT_PATH) && from->path[0] != '/') {
        schema_finding(reader->diagnostics, DIAGNOSTIC_ERROR, &from->node, "Path", "a Path begins with '/'");
    }
    struct endpoint_fault fault = {
        .kind = (uint8_t)from->kind,
        .checker_regions = region_bits(&from->checker_regions),
        .status = (uint16_t)from->status,
        .connect = milliseconds(from->connect_milliseconds),
        .delay = milliseconds(from->milliseconds),
        .body_delay = milliseconds(from->body_milliseconds),
        .up = duration_from_seconds(from->up_seconds),
        .down = duration_from_seconds(from->down_seconds),
        .lasts = read_for(reader->diagnostics, from),
        .body = from->body != NULL              ? from->body
                : from->kind == ENDPOINT_STATUS ? ""
                                                : NULL,
        .path = from->path,
    };
    if (diagnostics_errors(reader->diagnostics) > errors) {
        return false;
    }
    *out = fault;
    return true;
}

// --- for people --------------------------------------------------------------------------------------------

const char *endpoint_fault_kind_name(enum endpoint_fault_kind kind)
{
    return kinds[kind];
}

static void describe_regions(uint8_t bits, struct buffer *out)
{
    const char *separator = " for checkers in ";
    for (unsigned i = 0; i < CHECKER_REGION_COUNT; i++) {
        if (bits >> i & 1) {
            buffer_format(out, "%s%s", separator, region_at(checker_region_at(i))->code);
            separator = ", ";
        }
    }
}

void endpoint_fault_describe(const struct endpoint_fault *fault, struct buffer *out)
{
    buffer_text(out, kinds[fault->kind]);
    if (fault->kind == ENDPOINT_SLOW) {
        buffer_format(out, " by %.0f ms",
                      duration_seconds(fault->connect + fault->delay + fault->body_delay) * 1000);
    } else if (fault->kind == ENDPOINT_STATUS) {
        buffer_format(out, " %u", fault->status);
    } else if (fault->kind == ENDPOINT_FLAP) {
        buffer_format(out, " %gs up, %gs down", duration_seconds(fault->up), duration_seconds(fault->down));
    }
    if (fault->path != NULL) {
        buffer_format(out, " at %s", fault->path);
    }
    describe_regions(fault->checker_regions, out);
    if (fault->lasts != INT64_MAX) {
        buffer_format(out, " for %gs", duration_seconds(fault->lasts));
    }
}

// --- as JSON -----------------------------------------------------------------------------------------------

static void put_number(json_t *json, const char *name, double value)
{
    if (value != 0) {
        json_object_set_new(json, name, json_real(value));
    }
}

static void put_text(json_t *json, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        json_object_set_new(json, name, json_string(text));
    }
}

static json_t *region_list(uint8_t bits)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < CHECKER_REGION_COUNT; i++) {
        if (bits >> i & 1) {
            json_array_append_new(list, json_string(region_at(checker_region_at(i))->code));
        }
    }
    return list;
}

json_t *endpoint_fault_json(const struct endpoint_fault *fault)
{
    json_t *json = json_object();
    json_object_set_new(json, "Kind", json_string(kinds[fault->kind]));
    put_number(json, "Milliseconds", duration_seconds(fault->delay) * 1000);
    put_number(json, "ConnectMilliseconds", duration_seconds(fault->connect) * 1000);
    put_number(json, "BodyMilliseconds", duration_seconds(fault->body_delay) * 1000);
    if (fault->status != 0) {
        json_object_set_new(json, "Status", json_integer(fault->status));
    }
    put_text(json, "Body", fault->body);
    put_number(json, "UpSeconds", duration_seconds(fault->up));
    put_number(json, "DownSeconds", duration_seconds(fault->down));
    if (fault->checker_regions != 0) {
        json_object_set_new(json, "CheckerRegions", region_list(fault->checker_regions));
    }
    put_text(json, "Path", fault->path);
    if (fault->lasts != INT64_MAX) {
        char text[32];
        snprintf(text, sizeof text, "%.0fms", duration_seconds(fault->lasts) * 1000);
        json_object_set_new(json, "For", json_string(text));
    }
    return json;
}
