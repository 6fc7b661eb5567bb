// SPDX-License-Identifier: MIT
#include "core/admin/resource_request.h"

#include "base/arena.h"
#include "core/json/schema.h"
#include "core/json/text.h"

enum { DEPTH_MAX = 4, TEXT_MAX = 65536, REASON_MAX = sizeof((struct resource_override *)0)->reason - 1 };

struct request {
    struct schema_node node;
    bool healthy;
    const char *reason;
    const char *duration;
};

enum { HEALTHY, REASON, FOR };

#define AT(member) .offset = offsetof(struct request, member)
static const struct schema_field fields[] = {
    [HEALTHY] = {"Healthy", "What EvaluateTargetHealth finds", SCHEMA_BOOL, AT(healthy), .required = true},
    [REASON] = {"Reason", "Why, for those who find it", SCHEMA_STRING, AT(reason), .least = 0,
                .most = REASON_MAX},
    [FOR] = {"For", "Ends by itself after this time: 90s, 10m, 2h", SCHEMA_STRING, AT(duration), .least = 2,
             .most = 32},
};
#undef AT

static const struct schema_table table = {"ResourceHealth", "How an AWS resource is doing",
                                          sizeof(struct request), fields, sizeof fields / sizeof fields[0]};

static bool valid(const struct request *request, unsigned field)
{
    return (request->node.valid & schema_bit(field)) != 0;
}

static void set_expiry(const struct request *request, mono_time now, wall_time wall,
                       struct resource_override *out, struct diagnostics *diagnostics)
{
    duration length;
    if (!valid(request, FOR)) {
        return;
    }
    if (!duration_parse(bytes_of(request->duration), &length) || length == 0) {
        schema_finding(diagnostics, DIAGNOSTIC_ERROR, &request->node, "For",
                       "'%s' is not a duration; for example \"90s\", \"10m\" or \"2h\"", request->duration);
        return;
    }
    out->until = mono_add(now, length);
    out->until_wall = wall_add(wall, length);
}

bool resource_request_parse(struct bytes text, const struct resource *resource, mono_time now, wall_time wall,
                            struct resource_override *out, struct buffer *problems)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct arena *arena = arena_create();
    struct resource_override set = {.until = MONO_NEVER, .since = wall};
    diagnostics_file(diagnostics, "request", text);
    json_t *json = json_text_parse(text, DEPTH_MAX, TEXT_MAX, diagnostics);
    if (json != NULL) {
        struct schema_reader reader = {.arena = arena, .diagnostics = diagnostics};
        struct request request = {0};
        schema_read(&reader, &table, json, &request);
        set.healthy = request.healthy;
        if (valid(&request, REASON)) {
            bytes_copy_text(request.reason, set.reason, sizeof set.reason);
        }
        set_expiry(&request, now, wall, &set, diagnostics);
        if (!resource_type_has_health(resource->type)) {
            schema_finding(diagnostics, DIAGNOSTIC_ERROR, &request.node, "",
                           "a resource of type %s always counts as healthy (Q3)",
                           resource_type_name(resource->type));
        }
    }
    bool ok = diagnostics_errors(diagnostics) == 0;
    if (ok) {
        *out = set;
    } else {
        diagnostics_print(diagnostics, problems);
    }
    json_decref(json);
    arena_destroy(arena);
    diagnostics_destroy(diagnostics);
    return ok;
}
