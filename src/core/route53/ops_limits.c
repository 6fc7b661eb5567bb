// SPDX-License-Identifier: MIT
// Quotas, as AWS sets them for a new account, and how much of each is used: API reference 3.12.
#include <stdio.h>
#include <string.h>

#include "ops.h"

enum {
    RECORD_SETS_MOST = 10000,
    VPCS_MOST = 300,
    ZONES_OF_SET_MOST = 100,
    PREFIX_TEXT = 256
}; // L2, L21, L18

static void answer(struct call *call, const char *type, int most, size_t used)
{
    json_object_set_new(call->output, "Limit", json_pack("{s:s,s:i}", "Type", type, "Value", most));
    json_object_set_new(call->output, "Count", json_integer((json_int_t)used));
}

// All versions of one are one: the first words of their keys are the same.
static size_t count_traffic_policies(const struct call *call)
{
    struct account_cursor cursor;
    struct account_object object;
    struct bytes last = {NULL, 0};
    size_t found = 0;
    account_seek(&cursor, call->edit, ACCOUNT_TRAFFIC_POLICY, bytes_of(""));
    while (account_next(&cursor, &object)) {
        struct bytes word;
        bytes_split(&object.key, ' ', &word);
        found += last.data == NULL || !bytes_equal(word, last);
        last = word;
    }
    return found;
}

bool ops_get_account_limit(struct call *call)
{
    static const struct {
        const char *type;
        int most;
        enum account_kind kind;
    } limits[] = {
        {"MAX_HEALTH_CHECKS_BY_OWNER", 200, ACCOUNT_HEALTH_CHECK},                     // L9
        {"MAX_HOSTED_ZONES_BY_OWNER", 500, ACCOUNT_ZONE},                              // L1
        {"MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER", 5, ACCOUNT_TRAFFIC_POLICY_INSTANCE}, // L22
        {"MAX_REUSABLE_DELEGATION_SETS_BY_OWNER", 100, ACCOUNT_DELEGATION_SET},        // L18
        {"MAX_TRAFFIC_POLICIES_BY_OWNER", 50, ACCOUNT_TRAFFIC_POLICY},                 // L22
    };
    const char *type = ops_text(call->input, "Type");
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        if (strcmp(type, limits[i].type) == 0) {
            answer(call, type, limits[i].most,
                   limits[i].kind == ACCOUNT_TRAFFIC_POLICY ? count_traffic_policies(call)
                                                            : ops_count(call, limits[i].kind));
            return true;
        }
    }
    return REFUSE(call, "InvalidInput", "There is no account limit %s.", type);
}

bool ops_get_hosted_zone_limit(struct call *call)
{
    const char *type = ops_text(call->input, "Type");
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    bool good = zone != NULL;
    if (good && strcmp(type, "MAX_RRSETS_BY_ZONE") == 0) {
        char prefix[PREFIX_TEXT];
        snprintf(prefix, sizeof prefix, "%s ", ops_text(zone, "Id"));
        answer(call, type, RECORD_SETS_MOST,
               account_count_prefix(call->edit, ACCOUNT_RECORD_SET, bytes_of(prefix)));
    } else if (good && ops_is_private(zone)) {
        answer(call, type, VPCS_MOST, json_array_size(json_object_get(zone, "VPCs")));
    } else if (good) {
        good = REFUSE(call, "HostedZoneNotPrivate", "The specified hosted zone is a public hosted zone.");
    }
    json_decref(zone);
    return good;
}

bool ops_get_reusable_delegation_set_limit(struct call *call)
{
    const char *id = ops_text(call->input, "DelegationSetId");
    if (!ops_has(call, ACCOUNT_DELEGATION_SET, id)) {
        return REFUSE(call, "NoSuchDelegationSet", "No delegation set found with ID: %s", id);
    }
    answer(call, ops_text(call->input, "Type"), ZONES_OF_SET_MOST, ops_count_zones_of_set(call, id));
    return true;
}
