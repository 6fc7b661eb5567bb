// SPDX-License-Identifier: MIT
// Query logging configurations: one a public zone, by whose id the account keeps it. They are kept and
// listed; nothing is sent to CloudWatch.
#include <string.h>

#include "ops.h"

// NULL in the pattern stands for anything.
static bool check_log_group(struct call *call, const char *arn)
{
    static const char *const pattern[] = {"arn", NULL, "logs", "us-east-1", NULL, "log-group", NULL};
    struct bytes rest = bytes_of(arn);
    bool good = true;
    for (size_t i = 0; good && i < sizeof pattern / sizeof pattern[0]; i++) {
        struct bytes part = {NULL, 0};
        bytes_split(&rest, ':', &part);
        good = part.len > 0 && (pattern[i] == NULL || bytes_equal(part, bytes_of(pattern[i])));
    }
    return good ||
           REFUSE(
               call, "InvalidInput",
               "The log group must be named as arn:aws:logs:us-east-1:account-id:log-group:name, not '%s'.",
               arn);
}

static bool check_zone(struct call *call, const json_t *zone)
{
    if (ops_is_private(zone)) {
        return REFUSE(call, "InvalidInput", "Queries can be logged for public hosted zones only.");
    }
    return !ops_has(call, ACCOUNT_QUERY_LOGGING, ops_text(zone, "Id")) ||
           REFUSE(call, "QueryLoggingConfigAlreadyExists",
                  "A query logging configuration already exists for this hosted zone.");
}

bool ops_create_query_logging_config(struct call *call)
{
    const char *arn = ops_text(call->input, "CloudWatchLogsLogGroupArn");
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    bool good = zone != NULL && check_zone(call, zone) && check_log_group(call, arn);
    if (good) {
        char id[OPS_UUID];
        ops_new_uuid(call, id);
        json_t *config = json_pack("{s:s,s:s,s:s}", "Id", id, "HostedZoneId", ops_text(zone, "Id"),
                                   "CloudWatchLogsLogGroupArn", arn);
        ops_put(call, ACCOUNT_QUERY_LOGGING, ops_text(zone, "Id"), config);
        json_object_set_new(call->output, "QueryLoggingConfig", config);
    }
    json_decref(zone);
    return good;
}

// All of them, or the one with this id.
static json_t *list_configs(const struct call *call, const char *id)
{
    struct account_cursor cursor;
    struct account_object object;
    json_t *configs = json_array();
    account_seek(&cursor, call->edit, ACCOUNT_QUERY_LOGGING, bytes_of(""));
    while (account_next(&cursor, &object)) {
        json_t *config = ops_parse(&object);
        if (id == NULL || strcmp(ops_text(config, "Id"), id) == 0) {
            json_array_append(configs, config);
        }
        json_decref(config);
    }
    return configs;
}

static json_t *required_config(struct call *call)
{
    const char *id = ops_text(call->input, "Id");
    json_t *found = list_configs(call, id);
    json_t *config = json_incref(json_array_get(found, 0));
    json_decref(found);
    if (config == NULL) {
        REFUSE(call, "NoSuchQueryLoggingConfig", "There is no DNS query logging configuration with ID: %s",
               id);
    }
    return config;
}

bool ops_get_query_logging_config(struct call *call)
{
    json_t *config = required_config(call);
    if (config != NULL) {
        json_object_set_new(call->output, "QueryLoggingConfig", config);
    }
    return config != NULL;
}

bool ops_delete_query_logging_config(struct call *call)
{
    json_t *config = required_config(call);
    if (config != NULL) {
        ops_delete(call, ACCOUNT_QUERY_LOGGING, ops_text(config, "HostedZoneId"));
        json_decref(config);
    }
    return config != NULL;
}

static json_t *config_of_zone(struct call *call)
{
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    if (zone == NULL) {
        return NULL;
    }
    json_t *configs = json_array();
    json_t *config = ops_get(call, ACCOUNT_QUERY_LOGGING, ops_text(zone, "Id"));
    if (config != NULL) {
        json_array_append_new(configs, config);
    }
    json_decref(zone);
    return configs;
}

bool ops_list_query_logging_configs(struct call *call)
{
    static const struct route53_paging paging = {"MaxResults", 100, 100};
    struct ops_page page;
    bool of_zone = ops_text(call->input, "HostedZoneId") != NULL;
    json_t *configs = of_zone ? config_of_zone(call) : list_configs(call, NULL);
    if (configs == NULL || !ops_page_start(call, &paging, &page)) {
        json_decref(configs);
        return false;
    }
    ops_page_end(call, "QueryLoggingConfigs", configs, &page);
    return true;
}
