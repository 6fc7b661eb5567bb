// SPDX-License-Identifier: MIT
// VPCs of private hosted zones, and who may be associated: API reference 3.12.
#include <stdio.h>
#include <string.h>

#include "ops.h"

enum { VPCS_MAX = 300, KEY_TEXT = 256 }; // L21

bool ops_check_vpc(struct call *call, const json_t *vpc)
{
    const char *id = ops_text(vpc, "VPCId");
    const char *region = ops_text(vpc, "VPCRegion");
    if (id == NULL || strncmp(id, "vpc-", 4) != 0 || strlen(id) > 1024 || region == NULL) {
        return REFUSE(call, "InvalidVPCId", "The VPC ID is invalid.");
    }
    return true;
}

json_t *ops_print_vpc(const json_t *vpc)
{
    return json_pack("{s:O,s:O}", "VPCRegion", json_object_get(vpc, "VPCRegion"), "VPCId",
                     json_object_get(vpc, "VPCId"));
}

// Where the zone has the VPC; its number of VPCs when it has not.
static size_t find_vpc(const json_t *zone, const json_t *vpc)
{
    const json_t *vpcs = json_object_get(zone, "VPCs");
    size_t i = 0;
    while (i < json_array_size(vpcs) &&
           strcmp(ops_text(json_array_get(vpcs, i), "VPCId"), ops_text(vpc, "VPCId")) != 0) {
        i++;
    }
    return i;
}

bool ops_zone_has_vpc(const json_t *zone, const json_t *vpc)
{
    return find_vpc(zone, vpc) < json_array_size(json_object_get(zone, "VPCs"));
}

bool ops_check_vpc_conflicts(struct call *call, const json_t *vpc, const char *zone_name, const char *except)
{
    struct account_cursor cursor;
    struct account_object object;
    bool good = true;
    account_seek(&cursor, call->edit, ACCOUNT_ZONE, bytes_of(""));
    while (good && account_next(&cursor, &object)) {
        json_t *zone = ops_parse(&object);
        const char *id = ops_text(zone, "Id");
        if ((except == NULL || strcmp(id, except) != 0) && strcmp(ops_text(zone, "Name"), zone_name) == 0 &&
            ops_zone_has_vpc(zone, vpc)) {
            good = REFUSE(call, "ConflictingDomainExists",
                          "The VPC %s in region %s has already been associated with the hosted zone %s with "
                          "the same domain name.",
                          ops_text(vpc, "VPCId"), ops_text(vpc, "VPCRegion"), id);
        }
        json_decref(zone);
    }
    return good;
}

static bool check_association(struct call *call, const json_t *zone, const json_t *vpc)
{
    if (!ops_is_private(zone)) {
        return REFUSE(call, "PublicZoneVPCAssociation",
                      "You're trying to associate a VPC with a public hosted zone. Amazon Route 53 doesn't "
                      "support associating a VPC with a public hosted zone.");
    }
    if (json_array_size(json_object_get(zone, "VPCs")) >= VPCS_MAX) {
        return REFUSE(call, "LimitsExceeded", "A private hosted zone can have at most %d VPCs (L21).",
                      VPCS_MAX);
    }
    return ops_check_vpc_conflicts(call, vpc, ops_text(zone, "Name"), NULL);
}

bool ops_associate_vpc(struct call *call)
{
    const char *comment;
    const json_t *vpc = json_object_get(call->input, "VPC");
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    bool good = zone != NULL && ops_check_vpc(call, vpc) &&
                ops_optional_text(call, call->input, "Comment", 256, &comment) &&
                check_association(call, zone, vpc);
    if (good) {
        json_t *vpcs = json_object_get(zone, "VPCs");
        if (vpcs == NULL) {
            vpcs = json_array();
            json_object_set_new(zone, "VPCs", vpcs);
        }
        json_array_append_new(vpcs, ops_print_vpc(vpc));
        ops_put(call, ACCOUNT_ZONE, ops_text(zone, "Id"), zone);
        ops_change(call, ops_text(zone, "Id"), comment);
    }
    json_decref(zone);
    return good;
}

static bool check_disassociation(struct call *call, const json_t *zone, const json_t *vpc)
{
    if (!ops_zone_has_vpc(zone, vpc)) {
        return REFUSE(call, "VPCAssociationNotFound",
                      "The VPC %s in region %s is not associated with the hosted zone %s.",
                      ops_text(vpc, "VPCId"), ops_text(vpc, "VPCRegion"), ops_text(zone, "Id"));
    }
    return json_array_size(json_object_get(zone, "VPCs")) > 1 ||
           REFUSE(
               call, "LastVPCAssociation",
               "The VPC that you're trying to disassociate from the private hosted zone is the last VPC "
               "that is associated with the hosted zone. Amazon Route 53 doesn't support disassociating the "
               "last VPC from a hosted zone.");
}

bool ops_disassociate_vpc(struct call *call)
{
    const char *comment;
    const json_t *vpc = json_object_get(call->input, "VPC");
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    bool good = zone != NULL && ops_check_vpc(call, vpc) &&
                ops_optional_text(call, call->input, "Comment", 256, &comment) &&
                check_disassociation(call, zone, vpc);
    if (good) {
        json_array_remove(json_object_get(zone, "VPCs"), find_vpc(zone, vpc));
        ops_put(call, ACCOUNT_ZONE, ops_text(zone, "Id"), zone);
        ops_change(call, ops_text(zone, "Id"), comment);
    }
    json_decref(zone);
    return good;
}

// --- authorizations ----------------------------------------------------------------------------------------

static bool authorization_key(struct call *call, const json_t *zone, const json_t *vpc, char out[KEY_TEXT])
{
    int len = snprintf(out, KEY_TEXT, "%s %s %s", ops_text(zone, "Id"), ops_text(vpc, "VPCRegion"),
                       ops_text(vpc, "VPCId"));
    return len < KEY_TEXT || REFUSE(call, "InvalidVPCId", "The VPC ID is invalid.");
}

bool ops_create_vpc_authorization(struct call *call)
{
    char key[KEY_TEXT];
    const json_t *vpc = json_object_get(call->input, "VPC");
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    bool good = zone != NULL && ops_check_vpc(call, vpc) && authorization_key(call, zone, vpc, key) &&
                (ops_is_private(zone) ||
                 REFUSE(call, "InvalidInput", "Hosted zone %s is public, and has no VPCs to authorize.",
                        ops_text(zone, "Id")));
    if (good) {
        json_t *authorized = ops_print_vpc(vpc);
        ops_put(call, ACCOUNT_VPC_AUTHORIZATION, key, authorized);
        json_object_set(call->output, "HostedZoneId", json_object_get(zone, "Id"));
        json_object_set_new(call->output, "VPC", authorized);
    }
    json_decref(zone);
    return good;
}

bool ops_delete_vpc_authorization(struct call *call)
{
    char key[KEY_TEXT];
    const json_t *vpc = json_object_get(call->input, "VPC");
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    bool good = zone != NULL && ops_check_vpc(call, vpc) && authorization_key(call, zone, vpc, key);
    if (good && !ops_has(call, ACCOUNT_VPC_AUTHORIZATION, key)) {
        good = REFUSE(call, "VPCAssociationAuthorizationNotFound",
                      "The VPC %s in region %s is not authorized to be associated with the hosted zone %s.",
                      ops_text(vpc, "VPCId"), ops_text(vpc, "VPCRegion"), ops_text(zone, "Id"));
    } else if (good) {
        ops_delete(call, ACCOUNT_VPC_AUTHORIZATION, key);
    }
    json_decref(zone);
    return good;
}

bool ops_list_vpc_authorizations(struct call *call)
{
    static const struct route53_paging paging = {"MaxResults", 50, 50};
    struct ops_page page;
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    if (zone == NULL || !ops_page_start(call, &paging, &page)) {
        json_decref(zone);
        return false;
    }
    struct account_cursor cursor;
    struct account_object object;
    char prefix[KEY_TEXT];
    json_t *vpcs = json_array();
    int len = snprintf(prefix, sizeof prefix, "%s ", ops_text(zone, "Id"));
    account_seek(&cursor, call->edit, ACCOUNT_VPC_AUTHORIZATION, bytes_of(prefix));
    while (account_next(&cursor, &object) && object.key.len >= (size_t)len &&
           memcmp(object.key.data, prefix, (size_t)len) == 0) {
        json_array_append_new(vpcs, ops_parse(&object));
    }
    json_object_set(call->output, "HostedZoneId", json_object_get(zone, "Id"));
    ops_page_end(call, "VPCs", vpcs, &page);
    json_decref(zone);
    return true;
}
