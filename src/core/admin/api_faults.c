// SPDX-License-Identifier: MIT
#include "core/admin/api_faults.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
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
    [API_FAULT_DROP] = "The connection was closed without an answer.",
};

#define AT(member) .offset = offsetof(struct api_faults_request, member)
static const struct schema_field fields[] = {
    [API_FAULTS_LIMIT] = {"ThrottleRequestsPerSecond", "Calls beyond fail with Throttling; 0: no limit",
                          SCHEMA_INTEGER, AT(limit), .least = 0, .most = LIMIT_MAX},
    [API_FAULTS_FAULT] = {"Fault", "How every call fails", SCHEMA_ENUM, AT(fault), .choices = fault_names},
    [API_FAULTS_FOR] = {"For", "The fault ends by itself after this time: 90s, 10m, 2h", SCHEMA_STRING,
                        AT(lasts_text), .least = 2, .most = 32},
    [API_FAULTS_ONE_CHANGE] = {"OneChangeAtATime",
                               "PriorRequestNotComplete while a change of the zone is PENDING", SCHEMA_BOOL,
                               AT(one_change)},
    [API_FAULTS_WHY] = {"Reason", "Why, for those who find it", SCHEMA_STRING, AT(reason), .least = 0,
                        .most = API_FAULTS_REASON - 1},
};
#undef AT

const struct schema_table api_faults_schema = {"ApiFaults", "How the Route 53 API misbehaves",
                                               sizeof(struct api_faults_request), fields,
                                               sizeof fields / sizeof fields[0]};

static bool valid(const struct api_faults_request *request, unsigned field)
{
    return (request->node.valid & schema_bit(field)) != 0;
}

bool api_faults_check(struct api_faults_request *request, struct diagnostics *diagnostics)
{
    request->lasts = INT64_MAX;
    if (!valid(request, API_FAULTS_FOR)) {
        return true;
    }
    if (!valid(request, API_FAULTS_FAULT)) {
        schema_finding(diagnostics, DIAGNOSTIC_ERROR, &request->node, "#key/For",
                       "only a Fault ends by itself");
        return false;
    }
    if (!duration_parse(bytes_of(request->lasts_text), &request->lasts) || request->lasts == 0) {
        schema_finding(diagnostics, DIAGNOSTIC_ERROR, &request->node, "For",
                       "'%s' is not a duration; for example \"90s\", \"10m\" or \"2h\"", request->lasts_text);
        return false;
    }
    return true;
}

void api_faults_set(struct api_faults *faults, const struct api_faults_request *request, mono_time now,
                    wall_time wall)
{
    bool ends = request->lasts != INT64_MAX;
    if (valid(request, API_FAULTS_WHY)) {
        bytes_copy_text(request->reason, faults->reason, sizeof faults->reason);
    }
    if (valid(request, API_FAULTS_LIMIT)) {
        faults->limit = (unsigned)request->limit;
        faults->tokens = (double)faults->limit;
        faults->filled = now;
    }
    if (valid(request, API_FAULTS_ONE_CHANGE)) {
        faults->one_change_at_a_time = request->one_change;
    }
    if (valid(request, API_FAULTS_FAULT)) {
        faults->fault = (enum api_fault)request->fault;
        faults->until = ends ? mono_add(now, request->lasts) : MONO_NEVER;
        faults->until_wall = ends ? wall_add(wall, request->lasts) : (wall_time){0};
    }
}

bool api_faults_parse(struct bytes text, mono_time now, wall_time wall, struct api_faults *faults,
                      struct buffer *problems)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct schema_reader reader = {.arena = arena_create(), .diagnostics = diagnostics};
    struct api_faults_request request = {0};
    diagnostics_file(diagnostics, "request", text);
    json_t *json = json_text_parse(text, DEPTH_MAX, TEXT_MAX, diagnostics);
    if (json != NULL) {
        schema_read(&reader, &api_faults_schema, json, &request);
        api_faults_check(&request, diagnostics);
    }
    bool ok = diagnostics_errors(diagnostics) == 0;
    if (ok) {
        api_faults_set(faults, &request, now, wall);
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

static enum api_fault fault_now(const struct api_faults *faults, mono_time now)
{
    return in_force(faults, now) ? faults->fault : API_FAULT_NONE;
}

json_t *api_faults_json(const struct api_faults *faults, mono_time now)
{
    json_t *json =
        json_pack("{s:i, s:b, s:s}", "ThrottleRequestsPerSecond", (int)faults->limit, "OneChangeAtATime",
                  faults->one_change_at_a_time, "Fault", api_fault_code(fault_now(faults, now)));
    if (in_force(faults, now) && faults->until.ns != MONO_NEVER.ns) {
        json_object_set_new(json, "seconds_left",
                            json_real(duration_seconds(mono_since(faults->until, now))));
    }
    if (faults->reason[0] != '\0') {
        json_object_set_new(json, "Reason", json_string(faults->reason));
    }
    return json;
}

json_t *api_faults_subjects(const struct api_faults *faults, mono_time now)
{
    json_t *subjects = json_array();
    char until[WALL_TIME_TEXT] = "";
    if (in_force(faults, now)) {
        if (faults->until_wall.ns != 0) {
            wall_time_format(faults->until_wall, until);
        }
        json_array_append_new(subjects, json_sprintf("%s%s%s", api_fault_code(faults->fault),
                                                     until[0] != '\0' ? " until " : "", until));
    }
    if (faults->limit > 0) {
        json_array_append_new(subjects, json_sprintf("ThrottleRequestsPerSecond %u", faults->limit));
    }
    if (faults->one_change_at_a_time) {
        json_array_append_new(subjects, json_string("OneChangeAtATime"));
    }
    return subjects;
}

char *api_faults_row_print(const struct api_faults *faults, mono_time now)
{
    enum api_fault fault = fault_now(faults, now);
    if (fault == API_FAULT_NONE && faults->limit == 0 && !faults->one_change_at_a_time) {
        return NULL;
    }
    json_t *json =
        json_pack("{s:s, s:I, s:i, s:b, s:s}", "Fault", api_fault_code(fault), "Until",
                  (json_int_t)faults->until_wall.ns, "ThrottleRequestsPerSecond", (int)faults->limit,
                  "OneChangeAtATime", faults->one_change_at_a_time, "Reason", faults->reason);
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    return text;
}

static bool fault_parse(const char *name, enum api_fault *out)
{
    for (unsigned i = 0; fault_names()[i] != NULL; i++) {
        if (strcmp(fault_names()[i], name) == 0) {
            *out = (enum api_fault)i;
            return true;
        }
    }
    return false;
}

bool api_faults_row_parse(struct bytes text, mono_time now, wall_time wall, struct api_faults *out)
{
    json_t *json = json_loadb((const char *)text.data, text.len, 0, NULL);
    struct api_faults faults = {.until = MONO_NEVER, .filled = now};
    const char *fault = "";
    const char *reason = "";
    json_int_t until = 0;
    int limit = 0;
    int one_change = 0;
    bool ok = json_unpack(json, "{s:s, s:I, s:i, s:b, s:s}", "Fault", &fault, "Until", &until,
                          "ThrottleRequestsPerSecond", &limit, "OneChangeAtATime", &one_change, "Reason",
                          &reason) == 0 &&
              fault_parse(fault, &faults.fault) && limit >= 0 && limit <= LIMIT_MAX;
    if (ok) {
        faults.limit = (unsigned)limit;
        faults.tokens = limit;
        faults.one_change_at_a_time = one_change != 0;
        bytes_copy_text(reason, faults.reason, sizeof faults.reason);
        if (until > wall.ns) {
            faults.until = mono_add(now, until - wall.ns);
            faults.until_wall.ns = until;
        } else if (until != 0) { // it has ended meanwhile
            faults.fault = API_FAULT_NONE;
        }
        *out = faults;
    }
    json_decref(json);
    return ok;
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
