// SPDX-License-Identifier: MIT
#include "core/admin/override_request.h"

#include "base/arena.h"
#include "core/json/schema.h"
#include "core/json/text.h"

enum { DEPTH_MAX = 4, TEXT_MAX = 65536, REASON_MAX = sizeof((struct override *)0)->reason - 1 };

struct request {
    struct schema_node node;
    bool inverted;
    bool disabled;
    uint32_t verdict;
    const char *reason;
    const char *duration;
    uint32_t routing_control;
};

enum { INVERTED, DISABLED, VERDICT, REASON, FOR, ROUTING_CONTROL };

static const char *const *verdicts(void)
{
    static const char *const names[] = {"auto", "healthy", "unhealthy", NULL}; // enum override_verdict
    return names;
}

static const char *const *switches(void)
{
    static const char *const names[] = {"On", "Off", NULL};
    return names;
}

#define AT(member) .offset = offsetof(struct request, member)
static const struct schema_field fields[] = {
    [INVERTED] = {"Inverted", "Swap healthy and unhealthy", SCHEMA_BOOL, AT(inverted)},
    [DISABLED] = {"Disabled", "Stop probing; the check counts as healthy", SCHEMA_BOOL, AT(disabled)},
    [VERDICT] = {"Verdict", "The final status, whatever the probes say; auto: as the probes say", SCHEMA_ENUM,
                 AT(verdict), .choices = verdicts},
    [REASON] = {"Reason", "Why, for those who find it", SCHEMA_STRING, AT(reason), .least = 0,
                .most = REASON_MAX},
    [FOR] = {"For", "Ends by itself after this time: 90s, 10m, 2h", SCHEMA_STRING, AT(duration), .least = 2,
             .most = 32},
    [ROUTING_CONTROL] = {"RoutingControl", "The switch of a recovery control", SCHEMA_ENUM,
                         AT(routing_control), .choices = switches},
};
#undef AT

static const struct schema_table table = {"Override", "What an operator imposes on a health check",
                                          sizeof(struct request), fields, sizeof fields / sizeof fields[0]};

static bool valid(const struct request *request, unsigned field)
{
    return (request->node.valid & schema_bit(field)) != 0;
}

static void set_expiry(const struct request *request, mono_time now, wall_time wall, struct override *out,
                       struct diagnostics *diagnostics)
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

static enum routing_control read_control(const struct request *request, const struct health_check *check,
                                         struct diagnostics *diagnostics)
{
    if (!valid(request, ROUTING_CONTROL)) {
        return ROUTING_CONTROL_AS_IT_IS;
    }
    if (check->type != HEALTH_CHECK_RECOVERY_CONTROL) {
        schema_finding(diagnostics, DIAGNOSTIC_ERROR, &request->node, "#key/RoutingControl",
                       "only health checks of type RECOVERY_CONTROL have a routing control; this one is %s",
                       health_check_type_name(check->type));
    }
    return request->routing_control == 0 ? ROUTING_CONTROL_ON : ROUTING_CONTROL_OFF;
}

static void drop_what_the_policy_says(const struct health_check *check, struct override *out)
{
    if (out->has_inverted && out->inverted == check->inverted) {
        out->has_inverted = false;
    }
    if (out->has_disabled && out->disabled == check->disabled) {
        out->has_disabled = false;
    }
    if (!out->has_inverted && !out->has_disabled && out->verdict == OVERRIDE_AUTO) {
        *out = (struct override){.until = MONO_NEVER};
    }
}

static void merge(const struct request *request, wall_time wall, struct override *out)
{
    if (valid(request, INVERTED)) {
        out->has_inverted = true;
        out->inverted = request->inverted;
    }
    if (valid(request, DISABLED)) {
        out->has_disabled = true;
        out->disabled = request->disabled;
    }
    if (valid(request, VERDICT)) {
        out->verdict = (enum override_verdict)request->verdict;
    }
    if (valid(request, REASON)) {
        bytes_copy_text(request->reason, out->reason, sizeof out->reason);
    }
    out->since = wall;
}

bool override_request_parse(struct bytes text, const struct health_check *check,
                            const struct override *current, mono_time now, wall_time wall,
                            struct override *out, enum routing_control *control, struct buffer *problems)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct arena *arena = arena_create();
    struct override merged = {.until = MONO_NEVER};
    enum routing_control asked = ROUTING_CONTROL_AS_IT_IS;
    diagnostics_file(diagnostics, "request", text);
    json_t *json = json_text_parse(text, DEPTH_MAX, TEXT_MAX, diagnostics);
    if (json != NULL) {
        struct schema_reader reader = {.arena = arena, .diagnostics = diagnostics};
        struct request request = {0};
        schema_read(&reader, &table, json, &request);
        if (current != NULL) {
            merged = *current;
        }
        merge(&request, wall, &merged);
        set_expiry(&request, now, wall, &merged, diagnostics);
        asked = read_control(&request, check, diagnostics);
        drop_what_the_policy_says(check, &merged);
    }
    bool ok = diagnostics_errors(diagnostics) == 0;
    if (ok) {
        *out = merged;
        *control = asked;
    } else {
        diagnostics_print(diagnostics, problems);
    }
    json_decref(json);
    arena_destroy(arena);
    diagnostics_destroy(diagnostics);
    return ok;
}
