// SPDX-License-Identifier: MIT
// Hosted zones, one at a time: API reference 3.7 and 3.8.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/name_servers.h"
#include "ops.h"

enum { ZONE_ID_LETTERS = 20, ZONES_MAX = 500, SETS_ZONES_MAX = 100 }; // L1, L18

// --- printing ----------------------------------------------------------------------------------------------

bool ops_is_private(const json_t *zone)
{
    return ops_flag(json_object_get(zone, "Config"), "PrivateZone");
}

static size_t count_record_sets(const struct call *call, const char *zone_id)
{
    struct buffer prefix;
    buffer_init(&prefix, ACCOUNT_KEY_LIMIT);
    account_zone_prefix(&prefix, zone_id);
    size_t count = account_count_prefix(call->edit, ACCOUNT_RECORD_SET, buffer_bytes(&prefix));
    buffer_free(&prefix);
    return count;
}

json_t *ops_print_zone(const struct call *call, const json_t *zone)
{
    const char *id = ops_text(zone, "Id");
    const char *reference = ops_text(zone, "CallerReference");
    const char *comment = ops_text(json_object_get(zone, "Config"), "Comment");
    json_t *printed = json_object();
    char path[OPS_ID + 16];
    snprintf(path, sizeof path, "/hostedzone/%s", id);
    json_object_set_new(printed, "Id", json_string(path));
    json_object_set(printed, "Name", json_object_get(zone, "Name"));
    // A zone of a policy file need not have one.
    json_object_set_new(printed, "CallerReference", json_string(reference != NULL ? reference : id));
    json_object_set_new(printed, "Config",
                        json_pack("{s:s*,s:b}", "Comment",
                                  comment != NULL && comment[0] != '\0' ? comment : NULL, "PrivateZone",
                                  ops_is_private(zone)));
    json_object_set_new(printed, "ResourceRecordSetCount",
                        json_integer((json_int_t)count_record_sets(call, id)));
    json_object_set(printed, "LinkedService", json_object_get(zone, "LinkedService"));
    json_object_set(printed, "Features", json_object_get(zone, "Features"));
    return printed;
}

// Here without the final dots, unlike the NS record set.
json_t *ops_print_name_servers(const char *seed)
{
    char servers[NAME_SERVERS][NAME_SERVER_TEXT];
    json_t *names = json_array();
    name_servers_of(bytes_of(seed), servers);
    for (unsigned i = 0; i < NAME_SERVERS; i++) {
        json_array_append_new(names, json_stringn(servers[i], strlen(servers[i]) - 1));
    }
    return names;
}

static json_t *print_delegation_set(const struct call *call, const json_t *zone)
{
    const char *set_id = ops_text(zone, "DelegationSetId");
    if (set_id == NULL) {
        return json_pack("{s:o}", "NameServers", ops_print_name_servers(ops_text(zone, "Id")));
    }
    json_t *set = ops_get(call, ACCOUNT_DELEGATION_SET, set_id);
    json_t *printed = set != NULL ? json_copy(set) : json_object();
    char path[OPS_ID + 16];
    snprintf(path, sizeof path, "/delegationset/%s", set_id);
    json_object_del(printed, "Seed");
    json_object_set_new(printed, "Id", json_string(path));
    json_object_set_new(printed, "NameServers",
                        ops_print_name_servers(set != NULL ? ops_text(set, "Seed") : set_id));
    json_decref(set);
    return printed;
}

// --- CreateHostedZone --------------------------------------------------------------------------------------

struct new_zone {
    const char *reference;
    const char *comment;
    const json_t *vpc; // NULL: public
    const char *delegation_set;
    struct dns_name name;
    char name_text[DNS_NAME_TEXT];
};

static bool read_name(struct call *call, struct new_zone *zone)
{
    const char *text = ops_required_text(call, call->input, "Name", 1, 1024);
    struct error error = {0};
    if (text == NULL) {
        return false;
    }
    if (!dns_name_parse(bytes_of(text), &zone->name, &error)) {
        return REFUSE(call, "InvalidDomainName", "FATAL problem: %s", error.text);
    }
    dns_name_fold(&zone->name);
    dns_name_format(&zone->name, zone->name_text);
    if (dns_name_labels(&zone->name) == 0 || dns_name_is_wildcard(&zone->name)) {
        return REFUSE(call, "InvalidDomainName", "%s is not a domain name that a hosted zone can have.",
                      zone->name_text);
    }
    return true;
}

static bool read_vpc(struct call *call, struct new_zone *zone)
{
    const json_t *config = json_object_get(call->input, "HostedZoneConfig");
    zone->vpc = json_object_get(call->input, "VPC");
    if (zone->vpc == NULL) {
        return !ops_flag(config, "PrivateZone") ||
               REFUSE(call, "InvalidInput",
                      "When you're creating a private hosted zone, you must specify a VPC.");
    }
    return ops_check_vpc(call, zone->vpc);
}

static bool read_input(struct call *call, struct new_zone *zone)
{
    const json_t *config = json_object_get(call->input, "HostedZoneConfig");
    if (!read_name(call, zone) ||
        (zone->reference = ops_required_text(call, call->input, "CallerReference", 1, 128)) == NULL ||
        !ops_optional_text(call, config, "Comment", 256, &zone->comment) || !read_vpc(call, zone)) {
        return false;
    }
    zone->delegation_set = ops_text(call->input, "DelegationSetId");
    if (zone->delegation_set != NULL) {
        zone->delegation_set = ops_bare_id(zone->delegation_set, "/delegationset/");
    }
    return true;
}

static bool shares_branch(const struct dns_name *a, const struct dns_name *b)
{
    return dns_name_within(a, b) || dns_name_within(b, a);
}

// Zones that share name servers must be told apart by their names alone.
static bool check_delegation_set(struct call *call, const struct new_zone *zone)
{
    if (zone->delegation_set == NULL) {
        return true;
    }
    if (zone->vpc != NULL) {
        return REFUSE(call, "InvalidInput", "A private hosted zone cannot have a reusable delegation set.");
    }
    if (!ops_has(call, ACCOUNT_DELEGATION_SET, zone->delegation_set)) {
        return REFUSE(call, "NoSuchDelegationSet", "No delegation set found with ID: %s",
                      zone->delegation_set);
    }
    struct account_cursor cursor;
    struct account_object object;
    bool good = true;
    account_seek(&cursor, call->edit, ACCOUNT_ZONE, bytes_of(""));
    while (good && account_next(&cursor, &object)) {
        json_t *other = ops_parse(&object);
        const char *set = ops_text(other, "DelegationSetId");
        struct dns_name name;
        if (set != NULL && strcmp(set, zone->delegation_set) == 0 &&
            dns_name_parse(bytes_of(ops_text(other, "Name")), &name, NULL) &&
            shares_branch(&name, &zone->name)) {
            good =
                REFUSE(call, "ConflictingDomainExists",
                       "Cannot create hosted zone with DelegationSetId DelegationSetId:%s as the DNSName%s "
                       "conflicts with existing ones sharing the delegation set",
                       zone->delegation_set, zone->name_text);
        }
        json_decref(other);
    }
    return good;
}

static bool check_new(struct call *call, const struct new_zone *zone)
{
    char *used = ops_reference(call, "hostedzone", zone->reference);
    bool seen = used != NULL;
    free(used);
    if (seen) {
        return REFUSE(call, "HostedZoneAlreadyExists",
                      "A hosted zone has already been created with the specified caller reference.");
    }
    if (ops_count(call, ACCOUNT_ZONE) >= ZONES_MAX) {
        return REFUSE(call, "TooManyHostedZones",
                      "This account has %d hosted zones, which is the most that an account can have (L1).",
                      ZONES_MAX);
    }
    return check_delegation_set(call, zone) &&
           (zone->vpc == NULL || ops_check_vpc_conflicts(call, zone->vpc, zone->name_text, NULL));
}

static void put_record_set(struct call *call, const char *zone_id, const struct dns_name *name,
                           json_t *record_set)
{
    struct buffer key;
    struct buffer text;
    buffer_init(&key, ACCOUNT_KEY_LIMIT);
    buffer_init(&text, ACCOUNT_TEXT_LIMIT);
    account_record_set_key(&key, zone_id, name, ops_text(record_set, "Type"), NULL);
    account_record_set_text(&text, record_set);
    account_edit_put(call->edit, ACCOUNT_RECORD_SET, buffer_bytes(&key), buffer_bytes(&text));
    buffer_free(&key);
    buffer_free(&text);
    json_decref(record_set);
}

static json_t *make_zone(struct call *call, const struct new_zone *from, const char *id)
{
    json_t *zone = json_pack("{s:s,s:s,s:s,s:{s:s*,s:b},s:s*,s:I}", "Id", id, "Name", from->name_text,
                             "CallerReference", from->reference, "Config", "Comment",
                             from->comment != NULL && from->comment[0] != '\0' ? from->comment : NULL,
                             "PrivateZone", from->vpc != NULL, "DelegationSetId", from->delegation_set,
                             "CreatedAt", (json_int_t)call->context->now.ns);
    if (from->vpc != NULL) {
        json_object_set_new(zone, "VPCs", json_pack("[o]", ops_print_vpc(from->vpc)));
    }
    return zone;
}

static char *name_server_seed(const struct call *call, const struct new_zone *zone, const char *id,
                              char out[OPS_ID])
{
    json_t *set =
        zone->delegation_set != NULL ? ops_get(call, ACCOUNT_DELEGATION_SET, zone->delegation_set) : NULL;
    snprintf(out, OPS_ID, "%s", set != NULL ? ops_text(set, "Seed") : id);
    json_decref(set);
    return out;
}

bool ops_create_hosted_zone(struct call *call)
{
    struct new_zone from = {0};
    if (!read_input(call, &from) || !check_new(call, &from)) {
        return false;
    }
    char id[OPS_ID];
    char seed[OPS_ID];
    json_t *ns;
    json_t *soa;
    ops_new_id(call, 'Z', ZONE_ID_LETTERS, id);
    json_t *zone = make_zone(call, &from, id);
    ops_put(call, ACCOUNT_ZONE, id, zone);
    ops_put_reference(call, "hostedzone", from.reference, id);
    account_default_record_sets(from.name_text, name_server_seed(call, &from, id, seed), &ns, &soa);
    put_record_set(call, id, &from.name, ns);
    put_record_set(call, id, &from.name, soa);
    json_object_set_new(call->output, "HostedZone", ops_print_zone(call, zone));
    ops_change(call, id, NULL);
    if (from.vpc != NULL) {
        json_object_set_new(call->output, "VPC", ops_print_vpc(from.vpc));
    } else {
        json_object_set_new(call->output, "DelegationSet", print_delegation_set(call, zone));
    }
    json_decref(zone);
    return true;
}

// --- the others --------------------------------------------------------------------------------------------

bool ops_get_hosted_zone(struct call *call)
{
    json_t *zone = ops_required_zone(call, "Id");
    if (zone == NULL) {
        return false;
    }
    json_object_set_new(call->output, "HostedZone", ops_print_zone(call, zone));
    if (ops_is_private(zone)) {
        json_object_set(call->output, "VPCs", json_object_get(zone, "VPCs"));
    } else {
        json_object_set_new(call->output, "DelegationSet", print_delegation_set(call, zone));
    }
    json_decref(zone);
    return true;
}

bool ops_get_hosted_zone_count(struct call *call)
{
    json_object_set_new(call->output, "HostedZoneCount",
                        json_integer((json_int_t)ops_count(call, ACCOUNT_ZONE)));
    return true;
}

bool ops_update_hosted_zone_comment(struct call *call)
{
    const char *comment;
    json_t *zone = ops_required_zone(call, "Id");
    bool good = zone != NULL && ops_optional_text(call, call->input, "Comment", 256, &comment);
    if (good) {
        json_t *config = json_object_get(zone, "Config");
        if (config == NULL) {
            config = json_object();
            json_object_set_new(zone, "Config", config);
        }
        json_object_del(config, "Comment");
        if (comment != NULL && comment[0] != '\0') {
            json_object_set_new(config, "Comment", json_string(comment));
        }
        ops_put(call, ACCOUNT_ZONE, ops_text(zone, "Id"), zone);
        json_object_set_new(call->output, "HostedZone", ops_print_zone(call, zone));
    }
    json_decref(zone);
    return good;
}

// Objects that belong to a zone: their keys begin with its id and a blank.
static void delete_all(struct call *call, enum account_kind kind, const char *prefix)
{
    struct account_cursor cursor;
    struct account_object object;
    size_t len = strlen(prefix);
    account_seek(&cursor, call->edit, kind, bytes_of(prefix));
    while (account_next(&cursor, &object) && object.key.len >= len &&
           memcmp(object.key.data, prefix, len) == 0) {
        account_edit_delete(call->edit, kind, object.key);
        account_seek(&cursor, call->edit, kind, bytes_of(prefix));
    }
}

static bool has_only_its_own(struct call *call, const json_t *zone)
{
    const char *id = ops_text(zone, "Id");
    struct dns_name name;
    struct buffer key;
    struct account_object object;
    size_t own = 0;
    buffer_init(&key, ACCOUNT_KEY_LIMIT);
    dns_name_parse(bytes_of(ops_text(zone, "Name")), &name, NULL);
    for (unsigned i = 0; i < 2; i++) {
        buffer_clear(&key);
        account_record_set_key(&key, id, &name, i == 0 ? "NS" : "SOA", NULL);
        own += account_find(call->edit, ACCOUNT_RECORD_SET, buffer_bytes(&key), &object);
    }
    buffer_free(&key);
    return count_record_sets(call, id) == own;
}

bool ops_delete_hosted_zone(struct call *call)
{
    json_t *zone = ops_required_zone(call, "Id");
    if (zone == NULL) {
        return false;
    }
    const char *id = ops_text(zone, "Id");
    bool good = has_only_its_own(call, zone) ||
                REFUSE(call, "HostedZoneNotEmpty",
                       "The specified hosted zone contains non-required resource record sets  and so cannot "
                       "be deleted.");
    if (good) {
        char prefix[OPS_ID + 16];
        snprintf(prefix, sizeof prefix, "%s ", id);
        delete_all(call, ACCOUNT_RECORD_SET, prefix);
        delete_all(call, ACCOUNT_TRAFFIC_POLICY_INSTANCE, prefix);
        delete_all(call, ACCOUNT_TRAFFIC_RECORD_SET, prefix);
        delete_all(call, ACCOUNT_VPC_AUTHORIZATION, prefix);
        delete_all(call, ACCOUNT_KEY_SIGNING_KEY, prefix);
        snprintf(prefix, sizeof prefix, "hostedzone %s", id);
        ops_delete(call, ACCOUNT_TAGS, prefix);
        ops_delete(call, ACCOUNT_QUERY_LOGGING, id);
        ops_delete(call, ACCOUNT_ZONE, id);
        ops_change(call, id, NULL);
    }
    json_decref(zone);
    return good;
}

// Zones of nearwell need no recovery: the control plane is where they are.
bool ops_update_hosted_zone_features(struct call *call)
{
    json_t *zone = ops_required_zone(call, "HostedZoneId");
    bool good = zone != NULL && (!ops_flag(call->input, "EnableAcceleratedRecovery") ||
                                 REFUSE(call, "InvalidInput", "nearwell has no accelerated recovery."));
    json_decref(zone);
    return good;
}
