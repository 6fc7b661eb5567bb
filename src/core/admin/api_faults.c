// SPDX-License-Identifier: MIT
#include "core/admin/api_faults.h"

#include <stddef.h>

#include "base/arena.h"
#include "core/json/schema.h"
#include "core/json/text.h"

enum { DEPTH_MAX = 4, TEXT_MAX = 4096, LIMIT_MAX = 10000 };

static const char *const *fault_names(void)
{
    static const char *const names[] = {"None",       "ServiceUnavailable",      "InternalFailure",
                                        "Throttling", "PriorRequestNotComplete", "Drop",
                                        NULL}; // enum api_fault
    return names;
}

static const char *const messages[] = {
    [API_FAULT_NONE] = "",
    [API_FAULT_SERVICE_UNAVAILABLE] = "Service is unavailable",
    [API_FAULT_INTERNAL_FAILURE] = "We encountered an internal error. Please try again.",
    [API_FAULT_THROTTLING] = "Rate exceeded",
    [API_FAULT_PRIOR_REQUEST_NOT_COMPLETE] =
        "The request was rejected because Route 53 was still processing a prior request.",
    [API_FAULT_DROP] = "",
};

struct request {
    struct schema_node node;
    int64_t limit;
    uint32_t fault;
    const char *duration;
    bool one_change;
};

enum { LIMIT, FAULT, FOR, ONE_CHANGE };

#define AT(member) .offset = offsetof(struct request, member)
static const struct schema_field fields[] = {
    [LIMIT] = {"ThrottleRequestsPerSecond", "Calls beyond fail with Throttling; 0: no limit", SCHEMA_INTEGER,
               AT(limit), .least = 0, .most = LIMIT_MAX},
    [FAULT] = {"Fault", "How every call fails", SCHEMA_ENUM, AT(fault), .choices = fault_names},
    [FOR] = {"For", "The fault ends by itself after this time: 90s, 10m, 2h", SCHEMA_STRING, AT(duration),
             .least = 2, .most = 32},
    [ONE_CHANGE] = {"OneChangeAtATime", "PriorRequestNotComplete while a change of the zone is PENDING",
                    SCHEMA_BOOL, AT(one_change)},
};
#undef AT

static const struct schema_table table = {"ApiFaults", "How the API misbehaves", sizeof(struct request),
                                          fields, sizeof fields / sizeof fields[0]};

static bool valid(const struct request *request, unsigned field)
{
    return (request->node.valid & schema_bit(field)) != 0;
}

static void merge(const struct request *request, mono_time now, struct api_faults *faults,
                  struct diagnostics *diagnostics)
{
    if (valid(request, LIMIT)) {
        faults->limit = (unsigned)request->limit;
        faults->tokens = (double)faults->limit;
        faults->filled = now;
    }
    if (valid(request, ONE_CHANGE)) {
        faults->one_change_at_a_time = request->one_change;
    }
    if (valid(request, FAULT)) {
        faults->fault = (enum api_fault)request->fault;
        faults->until = MONO_NEVER;
    }
    if (valid(request, FOR)) {
        duration length;
        if (!valid(request, FAULT)) {
            schema_finding(diagnostics, DIAGNOSTIC_ERROR, &request->node, "#key/For",
                           "only a Fault ends by itself");
        } else if (!duration_parse(bytes_of(request->duration), &length) || length == 0) {
            schema_finding(diagnostics, DIAGNOSTIC_ERROR, &request->node, "For",
                           "'%s' is not a duration; for example \"90s\", \"10m\" or \"2h\"",
                           request->duration);
        } else {
            faults->until = mono_add(now, length);
        }
    }
}

bool api_faults_parse(struct bytes text, mono_time now, struct api_faults *faults, struct buffer *problems)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct schema_reader reader = {.arena = arena_create(), .diagnostics = diagnostics};
    struct request request = {0};
    struct api_faults merged = *faults;
    diagnostics_file(diagnostics, "request", text);
    json_t *json = json_text_parse(text, DEPTH_MAX, TEXT_MAX, diagnostics);
    if (json != NULL) {
        schema_read(&reader, &table, json, &request);
        merge(&request, now, &merged, diagnostics);
    }
    bool ok = diagnostics_errors(diagnostics) == 0;
    if (ok) {
        *faults = merged;
    } else {
        diagnostics_print(diagnostics, problems);
    }
    json_decref(json);
    arena_destroy(reader.arena);
    diagnostics_destroy(diagnostics);
    return ok;
}

static bool in_force(const struct api_faults *faults, mono_time now)
{
    return faults->fault != API_FAULT_NONE && mono_before(now, faults->until);
}

json_t *api_faults_json(const struct api_faults *faults, mono_time now)
{
    bool holds = in_force(faults, now);
    json_t *json = json_pack("{s:i, s:b, s:s}", "ThrottleRequestsPerSecond", (int)faults->limit,
                             "OneChangeAtATime", faults->one_change_at_a_time, "Fault",
                             fault_names()[holds ? faults->fault : API_FAULT_NONE]);
    if (holds && faults->until.ns != MONO_NEVER.ns) {
        json_object_set_new(json, "seconds_left",
                            json_real(duration_seconds(mono_since(faults->until, now))));
    }
    return json;
}

// A bucket that holds the requests of one second.
static bool take_token(struct api_faults *faults, mono_time now)
{
    double most = (double)faults->limit;
    faults->tokens += duration_seconds(mono_since(now, faults->filled)) * most;
    faults->tokens = faults->tokens > most ? most : faults->tokens;
    faults->filled = now;
    if (faults->tokens < 1) {
        return false;
    }
    faults->tokens -= 1;
    return true;
}

enum api_fault api_faults_admit(struct api_faults *faults, mono_time now)
{
    if (in_force(faults, now)) {
        return faults->fault;
    }
    return faults->limit == 0 || take_token(faults, now) ? API_FAULT_NONE : API_FAULT_THROTTLING;
}

const char *api_fault_code(enum api_fault fault)
{
    return fault_names()[fault];
}

const char *api_fault_message(enum api_fault fault)
{
    return messages[fault];
}
