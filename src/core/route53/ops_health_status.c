// SPDX-License-Identifier: MIT
// What checkers saw: one observation each (H16), raw (H17). API reference 3.5.
#include <string.h>

#include "core/model/region.h"
#include "ops_health_checks.h"

// Each is a /26.
static const struct {
    const char *region;
    uint8_t first[4];
} ranges[] = {
    {"us-east-1", {54, 243, 31, 192}},      {"us-west-1", {54, 183, 255, 128}},
    {"us-west-2", {54, 244, 52, 192}},      {"eu-west-1", {54, 228, 16, 0}},
    {"ap-southeast-1", {54, 251, 31, 128}}, {"ap-southeast-2", {54, 252, 79, 128}},
    {"ap-northeast-1", {54, 248, 220, 0}},  {"sa-east-1", {177, 71, 207, 128}},
};
enum { RANGE_SIZE = 64 };

struct ip_address ops_checker_address(uint8_t region, uint32_t number)
{
    struct ip_address address = {.family = 4};
    size_t at = 0;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (region != REGION_NONE && strcmp(ranges[i].region, region_at(region)->code) == 0) {
            at = i;
        }
    }
    memcpy(address.bytes, ranges[at].first, 4);
    address.bytes[3] = (uint8_t)(address.bytes[3] + number % RANGE_SIZE);
    return address;
}

static json_t *print_observation(const struct checker_state *checker, uint32_t number, bool failure)
{
    char ip[IP_TEXT];
    char status[OBSERVATION_TEXT];
    char at[WALL_TIME_TEXT];
    struct ip_address address = ops_checker_address(checker->region, number);
    // A fleet without regions (Simulator.Checkers) probes from nowhere in particular.
    const char *region = checker->region != REGION_NONE ? region_at(checker->region)->code : ranges[0].region;
    ip_format(&address, ip);
    observation_format(failure ? &checker->last_failure : &checker->last, status);
    wall_time_format(failure ? checker->failed_at : checker->at, at);
    return json_pack("{s:s,s:s,s:{s:s,s:s}}", "Region", region, "IPAddress", ip, "StatusReport", "Status",
                     status, "CheckedTime", at);
}

// Checkers are numbered within their regions, so that each has an address of its own.
static json_t *print_observations(const struct fleet *fleet, uint32_t check, bool failures)
{
    json_t *list = json_array();
    struct check_state state;
    uint32_t numbers[REGION_COUNT + 1] = {0};
    fleet_check_state(fleet, check, &state);
    for (uint32_t i = 0; i < state.checkers; i++) {
        struct checker_state checker;
        fleet_checker_state(fleet, check, i, &checker);
        uint32_t number = numbers[checker.region != REGION_NONE ? checker.region : REGION_COUNT]++;
        if (failures ? checker.failed : checker.observed) {
            json_array_append_new(list, print_observation(&checker, number, failures));
        }
    }
    return list;
}

static bool has_checkers(struct call *call, const json_t *check)
{
    const char *type = ops_text(json_object_get(check, "HealthCheckConfig"), "Type");
    bool none = strcmp(type, "CALCULATED") == 0 || strcmp(type, "RECOVERY_CONTROL") == 0;
    return !none || REFUSE(call, "InvalidInput",
                           "Health checks of type %s have no checkers; their status is in CloudWatch.", type);
}

static bool print_status(struct call *call, bool failures)
{
    const struct route53_call_context *context = call->context;
    json_t *check = ops_required_health_check(call);
    if (check == NULL || !has_checkers(call, check)) {
        json_decref(check);
        return false;
    }
    json_t *list = NULL;
    if (context->fleet != NULL && context->view != NULL) {
        uint32_t index = model_find_health_check(context->view->model, bytes_of(ops_text(check, "Id")));
        list = index != HEALTH_CHECK_NONE ? print_observations(context->fleet, index, failures) : NULL;
    }
    json_object_set_new(call->output, "HealthCheckObservations", list != NULL ? list : json_array());
    json_decref(check);
    return true;
}

bool ops_get_health_check_status(struct call *call)
{
    return print_status(call, false);
}

bool ops_get_health_check_last_failure_reason(struct call *call)
{
    return print_status(call, true);
}
