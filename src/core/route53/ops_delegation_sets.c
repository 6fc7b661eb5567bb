// SPDX-License-Identifier: MIT
// Reusable delegation sets: API reference 3.12. A set made of a zone's own has that zone's name servers.
#include <stdlib.h>
#include <string.h>

#include "ops.h"

enum { SET_ID_LETTERS = 20, SETS_MAX = 100 }; // L18

static json_t *print(const struct call *call, json_t *set)
{
    (void)call;
    char path[OPS_ID + 16];
    snprintf(path, sizeof path, "/delegationset/%s", ops_text(set, "Id"));
    json_t *printed =
        json_pack("{s:s,s:O*,s:o}", "Id", path, "CallerReference", json_object_get(set, "CallerReference"),
                  "NameServers", ops_print_name_servers(ops_text(set, "Seed")));
    json_decref(set);
    return printed;
}

static json_t *find_set(struct call *call)
{
    const char *id = ops_text(call->input, "Id");
    json_t *set =
        id != NULL ? ops_get(call, ACCOUNT_DELEGATION_SET, ops_bare_id(id, "/delegationset/")) : NULL;
    if (set == NULL) {
        REFUSE(call, "NoSuchDelegationSet", "No delegation set found with ID: %s", id != NULL ? id : "");
    }
    return set;
}

static bool check_new(struct call *call, const char *reference)
{
    char *used = ops_reference(call, "delegationset", reference);
    bool seen = used != NULL;
    free(used);
    if (seen) {
        return REFUSE(call, "DelegationSetAlreadyCreated",
                      "A delegation set has already been created with the specified caller reference.");
    }
    return ops_count(call, ACCOUNT_DELEGATION_SET) < SETS_MAX ||
           REFUSE(call, "LimitsExceeded",
                  "This account has %d reusable delegation sets, which is the most (L18).", SETS_MAX);
}

// The zone whose own set becomes reusable; false: refused. zone NULL: a new set was asked for.
static bool read_zone(struct call *call, json_t **zone)
{
    const char *id = ops_text(call->input, "HostedZoneId");
    *zone = NULL;
    if (id == NULL) {
        return true;
    }
    *zone = ops_get(call, ACCOUNT_ZONE, ops_bare_id(id, "/hostedzone/"));
    if (*zone == NULL) {
        return REFUSE(call, "HostedZoneNotFound", "The specified hosted zone cannot be found: %s", id);
    }
    if (ops_is_private(*zone)) {
        return REFUSE(call, "InvalidArgument", "A private hosted zone has no delegation set.");
    }
    return ops_text(*zone, "DelegationSetId") == NULL ||
           REFUSE(call, "DelegationSetAlreadyReusable",
                  "The delegation set of hosted zone %s is already reusable.", id);
}

bool ops_create_reusable_delegation_set(struct call *call)
{
    const char *reference = ops_required_text(call, call->input, "CallerReference", 1, 128);
    json_t *zone = NULL;
    if (reference == NULL || !check_new(call, reference) || !read_zone(call, &zone)) {
        json_decref(zone);
        return false;
    }
    char id[OPS_ID];
    ops_new_id(call, 'N', SET_ID_LETTERS, id);
    json_t *set = json_pack("{s:s,s:s,s:s}", "Id", id, "CallerReference", reference, "Seed",
                            zone != NULL ? ops_text(zone, "Id") : id);
    ops_put(call, ACCOUNT_DELEGATION_SET, id, set);
    ops_put_reference(call, "delegationset", reference, id);
    if (zone != NULL) {
        json_object_set_new(zone, "DelegationSetId", json_string(id));
        ops_put(call, ACCOUNT_ZONE, ops_text(zone, "Id"), zone);
    }
    json_object_set_new(call->output, "DelegationSet", print(call, set));
    json_decref(zone);
    return true;
}

bool ops_get_reusable_delegation_set(struct call *call)
{
    json_t *set = find_set(call);
    if (set != NULL) {
        json_object_set_new(call->output, "DelegationSet", print(call, set));
    }
    return set != NULL;
}

bool ops_list_reusable_delegation_sets(struct call *call)
{
    static const struct ops_list list = {.kind = ACCOUNT_DELEGATION_SET,
                                         .list = "DelegationSets",
                                         .id_prefix = "/delegationset/",
                                         .paging = {"MaxItems", 100, 100},
                                         .print = print};
    return ops_list(call, &list);
}

size_t ops_count_zones_of_set(const struct call *call, const char *set_id)
{
    struct account_cursor cursor;
    struct account_object object;
    size_t count = 0;
    account_seek(&cursor, call->edit, ACCOUNT_ZONE, bytes_of(""));
    while (account_next(&cursor, &object)) {
        json_t *zone = ops_parse(&object);
        const char *set = ops_text(zone, "DelegationSetId");
        count += set != NULL && strcmp(set, set_id) == 0;
        json_decref(zone);
    }
    return count;
}

bool ops_delete_reusable_delegation_set(struct call *call)
{
    json_t *set = find_set(call);
    if (set == NULL) {
        return false;
    }
    const char *id = ops_text(set, "Id");
    bool good =
        ops_count_zones_of_set(call, id) == 0 ||
        REFUSE(call, "DelegationSetInUse",
               "The delegation set %s is associated with hosted zones, and so cannot be deleted.", id);
    if (good) {
        ops_delete(call, ACCOUNT_DELEGATION_SET, id);
    }
    json_decref(set);
    return good;
}
