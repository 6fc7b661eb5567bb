// SPDX-License-Identifier: MIT
// What the operations share: one call under way, and the words that most of them need. Each operation is a
// function that reads call->input and the account through call->edit, stages its changes there, and fills
// call->output; false: call->fault says why.
#ifndef NEARWELL_CORE_ROUTE53_OPS_H
#define NEARWELL_CORE_ROUTE53_OPS_H

#include "core/account/record_set.h"
#include "core/route53/call.h"
#include "core/route53/paging.h"

struct call {
    const struct route53_call_context *context;
    json_t *input;
    json_t *output; // an object, empty at first
    struct account_edit *edit;
    struct route53_fault *fault;
};

#define REFUSE(call, code, ...) route53_fault_set((call)->fault, (code), __VA_ARGS__)

// --- input -------------------------------------------------------------------------------------------------

// NULL: absent, or no text.
const char *ops_text(const json_t *object, const char *member);
// The member, which has least to most characters; NULL: refused as InvalidInput.
const char *ops_required_text(struct call *call, const json_t *object, const char *member, size_t least,
                              size_t most);
// False: refused, because there is such a member and it is no text of at most so many characters.
bool ops_optional_text(struct call *call, const json_t *object, const char *member, size_t most,
                       const char **out);
bool ops_flag(const json_t *object, const char *member); // false when absent

// "/hostedzone/Z1" or "Z1": what is behind the prefix, if it has that one.
const char *ops_bare_id(const char *id, const char *prefix);

// --- the account -------------------------------------------------------------------------------------------

// The object, which the caller owns; NULL: there is none.
json_t *ops_get(const struct call *call, enum account_kind kind, const char *key);
bool ops_has(const struct call *call, enum account_kind kind, const char *key);
void ops_put(struct call *call, enum account_kind kind, const char *key, const json_t *object);
void ops_delete(struct call *call, enum account_kind kind, const char *key);
size_t ops_count(const struct call *call, enum account_kind kind);
json_t *ops_parse(const struct account_object *object); // the caller owns it

// The zone of the input's member, a bare id or one with its prefix; NULL: refused as NoSuchHostedZone.
json_t *ops_required_zone(struct call *call, const char *member);
json_t *ops_required_health_check(struct call *call); // HealthCheckId; NULL: refused as NoSuchHealthCheck

// --- ids ---------------------------------------------------------------------------------------------------

enum { OPS_ID = 40, OPS_UUID = 37 };
// prefix and count upper-case letters and digits, as ids of zones are.
void ops_new_id(struct call *call, char prefix, unsigned count, char out[OPS_ID]);
void ops_new_uuid(struct call *call, char out[OPS_UUID]);
void ops_time(struct call *call, char out[WALL_TIME_TEXT]); // now

// A used caller reference of this kind of object: its id, "" when it is gone; NULL: never seen. The caller
// frees it.
char *ops_reference(const struct call *call, const char *kind, const char *reference);
void ops_put_reference(struct call *call, const char *kind, const char *reference, const char *id);

// A new ChangeInfo, kept for GetChange, as the output's member. zone_id: what it changes, NULL when that is
// no zone. comment NULL: none.
void ops_change(struct call *call, const char *zone_id, const char *comment);
// The same without telling the client its id.
void ops_change_silently(struct call *call, const char *zone_id);
// B4, of anything with the SubmittedAt of a change.
bool ops_is_pending(const struct call *call, const json_t *change);
// B5: refused as PriorRequestNotComplete where one change of a zone at a time is asked for.
bool ops_check_zone_is_free(struct call *call, const char *zone_id);
// As GetChange and all others print a change that the account has.
json_t *ops_change_info(const struct call *call, const json_t *change);

// --- lists -------------------------------------------------------------------------------------------------

// A page of the objects of one kind, each through print, as output member list: from the input's member
// "Marker" on (NULL keeps: all of them), with Marker, IsTruncated, NextMarker and MaxItems as ListHostedZones
// has them. print NULL from keep: leave out.
struct ops_list {
    enum account_kind kind;
    const char *list;
    const char *id_prefix; // of Marker: taken off
    struct route53_paging paging;
    bool (*keep)(const struct call *call, const json_t *object); // NULL: all
    json_t *(*print)(const struct call *call, json_t *object);   // takes the object
};
bool ops_list(struct call *call, const struct ops_list *list);

// The same for lists with tokens: list, NextToken, and paging's member when echo says so. tokens are the
// places of an order of the operation's own, from 0.
struct ops_page {
    size_t start;
    unsigned size;
};
bool ops_page_start(struct call *call, const struct route53_paging *paging, struct ops_page *out);
// Cuts the list, which has all items, to the page, and says where the next one starts.
void ops_page_end(struct call *call, const char *list, json_t *items, const struct ops_page *page);

// --- zones -------------------------------------------------------------------------------------------------

// HostedZone as Route 53 prints it. Does not take the zone.
json_t *ops_print_zone(const struct call *call, const json_t *zone);
bool ops_is_private(const json_t *zone);
json_t *ops_print_name_servers(const char *seed); // NameServers of a DelegationSet
#define OPS_ACCOUNT "000000000000"                // the account that owns everything

// VPC, or an input that has its members: InvalidVPCId when it is none.
bool ops_check_vpc(struct call *call, const json_t *vpc);
json_t *ops_print_vpc(const json_t *vpc);
bool ops_zone_has_vpc(const json_t *zone, const json_t *vpc);
// ConflictingDomainExists: another zone of that name has the VPC already. except: this one is none of them.
bool ops_check_vpc_conflicts(struct call *call, const json_t *vpc, const char *zone_name, const char *except);

// --- the operations ----------------------------------------------------------------------------------------

typedef bool ops_function(struct call *call);

// ops_zones.c
ops_function ops_create_hosted_zone;
ops_function ops_get_hosted_zone;
ops_function ops_delete_hosted_zone;
ops_function ops_update_hosted_zone_comment;
ops_function ops_get_hosted_zone_count;
ops_function ops_update_hosted_zone_features;
// ops_zone_lists.c
ops_function ops_list_hosted_zones;
ops_function ops_list_hosted_zones_by_name;
ops_function ops_list_hosted_zones_by_vpc;
// ops_vpcs.c
ops_function ops_associate_vpc;
ops_function ops_disassociate_vpc;
ops_function ops_create_vpc_authorization;
ops_function ops_delete_vpc_authorization;
ops_function ops_list_vpc_authorizations;
// ops_records.c
ops_function ops_change_resource_record_sets;
ops_function ops_list_resource_record_sets;
ops_function ops_get_change;
// ops_health_checks.c
ops_function ops_create_health_check;
ops_function ops_get_health_check;
ops_function ops_list_health_checks;
ops_function ops_get_health_check_count;
ops_function ops_update_health_check;
ops_function ops_delete_health_check;
ops_function ops_get_health_check_status;
ops_function ops_get_health_check_last_failure_reason;
// ops_tags.c
ops_function ops_change_tags_for_resource;
ops_function ops_list_tags_for_resource;
ops_function ops_list_tags_for_resources;
// ops_delegation_sets.c
ops_function ops_create_reusable_delegation_set;
ops_function ops_get_reusable_delegation_set;
ops_function ops_list_reusable_delegation_sets;
ops_function ops_delete_reusable_delegation_set;
size_t ops_count_zones_of_set(const struct call *call, const char *set_id);
// ops_answers.c
ops_function ops_test_dns_answer;

// ops_cidr.c
ops_function ops_create_cidr_collection;
ops_function ops_change_cidr_collection;
ops_function ops_delete_cidr_collection;
ops_function ops_list_cidr_collections;
ops_function ops_list_cidr_locations;
ops_function ops_list_cidr_blocks;
// ops_query_logging.c
ops_function ops_create_query_logging_config;
ops_function ops_get_query_logging_config;
ops_function ops_list_query_logging_configs;
ops_function ops_delete_query_logging_config;
// ops_dnssec.c
ops_function ops_get_dnssec;
ops_function ops_enable_dnssec;
ops_function ops_disable_dnssec;
ops_function ops_create_key_signing_key;
ops_function ops_need_key_signing_key; // activate, deactivate, delete: there is none
// ops_limits.c
ops_function ops_get_account_limit;
ops_function ops_get_hosted_zone_limit;
ops_function ops_get_reusable_delegation_set_limit;
// ops_geo.c
ops_function ops_get_geo_location;
ops_function ops_list_geo_locations;
// ops_checkers.c
ops_function ops_get_checker_ip_ranges;
// ops_traffic_policies.c
ops_function ops_create_traffic_policy;
ops_function ops_create_traffic_policy_version;
ops_function ops_get_traffic_policy;
ops_function ops_delete_traffic_policy;
ops_function ops_update_traffic_policy_comment;
ops_function ops_list_traffic_policies;
ops_function ops_list_traffic_policy_versions;
// ops_traffic_instances.c
ops_function ops_create_traffic_policy_instance;
ops_function ops_get_traffic_policy_instance;
ops_function ops_update_traffic_policy_instance;
ops_function ops_delete_traffic_policy_instance;
ops_function ops_get_traffic_policy_instance_count;
ops_function ops_list_traffic_policy_instances; // also by zone and by policy

#endif
