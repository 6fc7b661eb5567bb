// SPDX-License-Identifier: MIT
// Health checks: semantics reference, section 1 (H6 to H13), API reference 3.1 to 3.4. What a configuration
// may say is core/policy's to judge; how a check is doing is in ops_health_status.c.
#include "ops_health_checks.h"

#include <stdlib.h>
#include <string.h>

#include "core/account/alarm_copy.h"
#include "core/account/compile.h"

enum { CHECKS_MAX = 200, INTERVAL_LEAST = 10, INTERVAL_MOST = 30 }; // L9

static bool is(const char *a, const char *b)
{
    return a != NULL && strcmp(a, b) == 0;
}

// --- configurations ----------------------------------------------------------------------------------------

static const char *const endpoint_types[] = {"HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"};

static bool is_endpoint(const char *type)
{
    for (size_t i = 0; i < sizeof endpoint_types / sizeof endpoint_types[0]; i++) {
        if (is(type, endpoint_types[i])) {
            return true;
        }
    }
    return false;
}

static void set_default(json_t *config, const char *member, json_t *value)
{
    if (json_object_get(config, member) == NULL) {
        json_object_set_new(config, member, value);
    } else {
        json_decref(value);
    }
}

// Route 53 prints IPv6 addresses in full groups, "2001:4860:4860:0:0:0:0:8842".
static void normalise_address(json_t *config)
{
    const char *text = ops_text(config, "IPAddress");
    struct ip_address address;
    if (text == NULL || !ip_parse(bytes_of(text), &address) || address.family != 6) {
        return;
    }
    char groups[48] = "";
    size_t len = 0;
    for (unsigned i = 0; i < 16; i += 2) {
        len += (size_t)snprintf(groups + len, sizeof groups - len, "%s%x", i > 0 ? ":" : "",
                                (unsigned)address.bytes[i] << 8 | address.bytes[i + 1]);
    }
    json_object_set_new(config, "IPAddress", json_string(groups));
}

static void drop_empty(json_t *config)
{
    static const char *const members[] = {"IPAddress",    "FullyQualifiedDomainName", "ResourcePath",
                                          "SearchString", "ChildHealthChecks",        "Regions"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const json_t *value = json_object_get(config, members[i]);
        if ((json_is_string(value) && json_string_length(value) == 0) ||
            (json_is_array(value) && json_array_size(value) == 0)) {
            json_object_del(config, members[i]);
        }
    }
}

// What AWS does not have is printed as the nearest that it has (Simulator.FreeIntervals).
static void normalise_interval(json_t *config)
{
    double seconds = json_number_value(json_object_get(config, "RequestInterval"));
    double within = seconds < INTERVAL_LEAST  ? INTERVAL_LEAST
                    : seconds > INTERVAL_MOST ? INTERVAL_MOST
                                              : seconds;
    json_object_set_new(config, "RequestInterval", json_integer((json_int_t)within));
}

// Table 3.1: every defaulted scalar is echoed.
static json_t *normal_config(const json_t *given)
{
    json_t *config = json_copy((json_t *)(uintptr_t)given); // NOLINT(performance-no-int-to-ptr): read only
    const char *type = ops_text(config, "Type");
    bool tls = is(type, "HTTPS") || is(type, "HTTPS_STR_MATCH");
    drop_empty(config);
    normalise_address(config);
    if (is_endpoint(type)) {
        if (!is(type, "TCP")) {
            set_default(config, "Port", json_integer(tls ? 443 : 80));
        }
        set_default(config, "RequestInterval", json_integer(30));
        set_default(config, "FailureThreshold", json_integer(3));
        normalise_interval(config);
    }
    if (is(type, "CLOUDWATCH_METRIC")) {
        set_default(config, "InsufficientDataHealthStatus", json_string("LastKnownStatus"));
    }
    set_default(config, "MeasureLatency", json_false());
    set_default(config, "Inverted", json_false());
    set_default(config, "Disabled", json_false());
    set_default(config, "EnableSNI", json_boolean(tls));
    return config;
}

// --- printing ----------------------------------------------------------------------------------------------

// S10: what the check goes by, without what only policies say of it.
static json_t *print_alarm(const struct call *call, const json_t *check)
{
    json_t *settings = account_alarm_settings(call->edit, check);
    json_t *printed = json_copy(settings);
    json_object_del(printed, "TreatMissingData");
    json_decref(settings);
    return printed;
}

json_t *ops_print_health_check(const struct call *call, const json_t *check)
{
    const char *id = ops_text(check, "Id");
    const char *reference = ops_text(check, "CallerReference");
    json_t *printed = json_object();
    json_t *alarm = print_alarm(call, check);
    json_object_set_new(printed, "Id", json_string(id));
    // A check of a policy file need not have one.
    json_object_set_new(printed, "CallerReference", json_string(reference != NULL ? reference : id));
    json_object_set(printed, "LinkedService", json_object_get(check, "LinkedService"));
    json_object_set_new(printed, "HealthCheckConfig",
                        normal_config(json_object_get(check, "HealthCheckConfig")));
    json_object_set_new(printed, "HealthCheckVersion", json_integer(ops_health_check_version(check)));
    if (alarm != NULL) {
        json_object_set_new(printed, "CloudWatchAlarmConfiguration", alarm);
    }
    return printed;
}

json_int_t ops_health_check_version(const json_t *check)
{
    const json_t *version = json_object_get(check, "HealthCheckVersion");
    return version != NULL ? json_integer_value(version) : 1; // H6
}

// --- validation --------------------------------------------------------------------------------------------

static void take_first(const struct diagnostic *finding, void *context)
{
    struct route53_fault *fault = context;
    if (finding->level == DIAGNOSTIC_ERROR) {
        (void)route53_fault_set(fault, "InvalidInput", "%s", finding->message);
    }
}

static bool check_children(struct call *call, const json_t *config)
{
    size_t i;
    const json_t *child;
    json_array_foreach(json_object_get(config, "ChildHealthChecks"), i, child)
    {
        const char *id = json_string_value(child);
        if (id == NULL || !ops_has(call, ACCOUNT_HEALTH_CHECK, id)) {
            return REFUSE(call, "InvalidInput", "A health check with id %s does not exist.",
                          id != NULL ? id : "");
        }
    }
    return true;
}

static bool check_config(struct call *call, const json_t *check)
{
    struct diagnostics *diagnostics = diagnostics_create();
    bool good = account_check_health_check(call->edit, check, diagnostics);
    if (!good) {
        diagnostics_each(diagnostics, take_first, call->fault);
    }
    diagnostics_destroy(diagnostics);
    return good;
}

// --- CreateHealthCheck -------------------------------------------------------------------------------------

// H8: a reference that was used before.
static bool create_again(struct call *call, const char *id, const json_t *config)
{
    json_t *held = ops_get(call, ACCOUNT_HEALTH_CHECK, id);
    json_t *held_config = held != NULL ? normal_config(json_object_get(held, "HealthCheckConfig")) : NULL;
    json_t *wanted = normal_config(config);
    bool same = held != NULL && json_equal(held_config, wanted);
    if (same) {
        json_object_set_new(call->output, "HealthCheck", ops_print_health_check(call, held));
    }
    json_decref(held);
    json_decref(held_config);
    json_decref(wanted);
    return same || REFUSE(call, "HealthCheckAlreadyExists",
                          "A different health check has already been created with the specified caller "
                          "reference.");
}

static bool create_new(struct call *call, const char *reference, const json_t *config)
{
    if (ops_count(call, ACCOUNT_HEALTH_CHECK) >= CHECKS_MAX) {
        return REFUSE(call, "TooManyHealthChecks",
                      "This account has %d health checks, which is the most that an account can have (L9).",
                      CHECKS_MAX);
    }
    char id[OPS_UUID];
    ops_new_uuid(call, id);
    json_t *check = json_pack("{s:s,s:s,s:o,s:i}", "Id", id, "CallerReference", reference,
                              "HealthCheckConfig", normal_config(config), "HealthCheckVersion", 1);
    account_copy_alarm(call->edit, check);
    bool good = check_children(call, config) && check_config(call, check);
    if (good) {
        ops_put(call, ACCOUNT_HEALTH_CHECK, id, check);
        ops_put_reference(call, "healthcheck", reference, id);
        json_object_set_new(call->output, "HealthCheck", ops_print_health_check(call, check));
    }
    json_decref(check);
    return good;
}

bool ops_create_health_check(struct call *call)
{
    const char *reference = ops_required_text(call, call->input, "CallerReference", 1, 64);
    const json_t *config = json_object_get(call->input, "HealthCheckConfig");
    if (reference == NULL) {
        return false;
    }
    char *used = ops_reference(call, "healthcheck", reference);
    bool good = used != NULL ? create_again(call, used, config) : create_new(call, reference, config);
    free(used);
    return good;
}

// --- GetHealthCheck, ListHealthChecks, DeleteHealthCheck ---------------------------------------------------

bool ops_get_health_check(struct call *call)
{
    json_t *check = ops_required_health_check(call);
    if (check == NULL) {
        return false;
    }
    json_object_set_new(call->output, "HealthCheck", ops_print_health_check(call, check));
    json_decref(check);
    return true;
}

static json_t *print(const struct call *call, json_t *check)
{
    json_t *printed = ops_print_health_check(call, check);
    json_decref(check);
    return printed;
}

bool ops_list_health_checks(struct call *call)
{
    static const struct ops_list list = {.kind = ACCOUNT_HEALTH_CHECK,
                                         .list = "HealthChecks",
                                         .id_prefix = "",
                                         .paging = {"MaxItems", 100, 1000},
                                         .print = print};
    return ops_list(call, &list);
}

bool ops_get_health_check_count(struct call *call)
{
    json_object_set_new(call->output, "HealthCheckCount",
                        json_integer((json_int_t)ops_count(call, ACCOUNT_HEALTH_CHECK)));
    return true;
}

// H9: whoever refers to it. The reference stays used (H8).
bool ops_delete_health_check(struct call *call)
{
    json_t *check = ops_required_health_check(call);
    if (check == NULL) {
        return false;
    }
    char tags[128];
    snprintf(tags, sizeof tags, "healthcheck %s", ops_text(check, "Id"));
    ops_delete(call, ACCOUNT_HEALTH_CHECK, ops_text(check, "Id"));
    account_drop_alarm_copy(call->edit, bytes_of(ops_text(check, "Id")));
    if (ops_has(call, ACCOUNT_TAGS, tags)) {
        ops_delete(call, ACCOUNT_TAGS, tags);
    }
    json_decref(check);
    return true;
}

// --- UpdateHealthCheck -------------------------------------------------------------------------------------

// H12
static const char *const updatable[] = {
    "IPAddress",       "Port",
    "ResourcePath",    "FullyQualifiedDomainName",
    "SearchString",    "Inverted",
    "Disabled",        "FailureThreshold",
    "HealthThreshold", "EnableSNI",
    "Regions",         "ChildHealthChecks",
    "AlarmIdentifier", "InsufficientDataHealthStatus",
};

// H6, H7
static bool check_version(struct call *call, const json_t *check)
{
    const json_t *given = json_object_get(call->input, "HealthCheckVersion");
    json_int_t version = ops_health_check_version(check);
    return given == NULL || json_integer_value(given) == version ||
           REFUSE(call, "HealthCheckVersionMismatch",
                  "The health check has version %" JSON_INTEGER_FORMAT ", not %" JSON_INTEGER_FORMAT ".",
                  version, json_integer_value(given));
}

// H13
static bool check_endpoint(struct call *call, const json_t *before, const json_t *after)
{
    bool had = json_object_get(before, "IPAddress") != NULL;
    bool has = json_object_get(after, "IPAddress") != NULL;
    if (had != has) {
        return REFUSE(call, "InvalidInput",
                      had ? "IPAddress cannot be removed from a health check that has one."
                          : "IPAddress cannot be added to a health check without one.");
    }
    return has || !is_endpoint(ops_text(after, "Type")) ||
           json_object_get(after, "FullyQualifiedDomainName") != NULL ||
           REFUSE(call, "InvalidInput",
                  "FullyQualifiedDomainName cannot be removed from a health check without an IPAddress.");
}

static bool reset_elements(struct call *call, json_t *config)
{
    size_t i;
    const json_t *element;
    json_array_foreach(json_object_get(call->input, "ResetElements"), i, element)
    {
        const char *member = json_string_value(element);
        if (member == NULL || json_object_get(call->input, member) != NULL) {
            return REFUSE(call, "InvalidInput", "%s cannot be set and reset at once.",
                          member != NULL ? member : "An element");
        }
        json_object_del(config, member);
    }
    return true;
}

static json_t *patched_config(const struct call *call, const json_t *config)
{
    json_t *patched = json_copy((json_t *)(uintptr_t)config); // NOLINT(performance-no-int-to-ptr): read only
    for (size_t i = 0; i < sizeof updatable / sizeof updatable[0]; i++) {
        json_t *value = json_object_get(call->input, updatable[i]);
        if (value != NULL) {
            json_object_set(patched, updatable[i], value);
        }
    }
    return patched;
}

// S10: the alarm as it is now, in place of what the check had.
static void ask_for_alarm(struct call *call, json_t *check)
{
    if (json_object_get(call->input, "AlarmIdentifier") != NULL) {
        json_object_del(check, "CloudWatchAlarmConfiguration");
        account_copy_alarm(call->edit, check);
    }
}

bool ops_update_health_check(struct call *call)
{
    json_t *check = ops_required_health_check(call);
    if (check == NULL) {
        return false;
    }
    const json_t *held = json_object_get(check, "HealthCheckConfig");
    json_t *before = json_copy((json_t *)(uintptr_t)held); // NOLINT(performance-no-int-to-ptr): read only
    json_t *config = patched_config(call, held);
    drop_empty(before);
    bool good = check_version(call, check) && reset_elements(call, config);
    drop_empty(config);
    normalise_address(config);
    json_object_set(check, "HealthCheckConfig", config);
    json_object_set_new(check, "HealthCheckVersion", json_integer(ops_health_check_version(check) + 1));
    ask_for_alarm(call, check);
    good = good && check_endpoint(call, before, config) &&
           (json_object_get(call->input, "ChildHealthChecks") == NULL || check_children(call, config)) &&
           check_config(call, check);
    if (good) {
        ops_put(call, ACCOUNT_HEALTH_CHECK, ops_text(check, "Id"), check);
        json_object_set_new(call->output, "HealthCheck", ops_print_health_check(call, check));
    }
    json_decref(before);
    json_decref(config);
    json_decref(check);
    return good;
}
