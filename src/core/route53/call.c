// SPDX-License-Identifier: MIT
#include "core/route53/call.h"

#include <assert.h>

#include "core/account/compile.h"
#include "core/route53/request.h"
#include "ops.h"

static ops_function *const meanings[ROUTE53_OPERATIONS] = {
    [ROUTE53_ACTIVATE_KEY_SIGNING_KEY] = ops_need_key_signing_key,
    [ROUTE53_ASSOCIATE_VPC_WITH_HOSTED_ZONE] = ops_associate_vpc,
    [ROUTE53_CHANGE_CIDR_COLLECTION] = ops_change_cidr_collection,
    [ROUTE53_CHANGE_RESOURCE_RECORD_SETS] = ops_change_resource_record_sets,
    [ROUTE53_CHANGE_TAGS_FOR_RESOURCE] = ops_change_tags_for_resource,
    [ROUTE53_CREATE_CIDR_COLLECTION] = ops_create_cidr_collection,
    [ROUTE53_CREATE_HEALTH_CHECK] = ops_create_health_check,
    [ROUTE53_CREATE_HOSTED_ZONE] = ops_create_hosted_zone,
    [ROUTE53_CREATE_KEY_SIGNING_KEY] = ops_create_key_signing_key,
    [ROUTE53_CREATE_QUERY_LOGGING_CONFIG] = ops_create_query_logging_config,
    [ROUTE53_CREATE_REUSABLE_DELEGATION_SET] = ops_create_reusable_delegation_set,
    [ROUTE53_CREATE_TRAFFIC_POLICY] = ops_create_traffic_policy,
    [ROUTE53_CREATE_TRAFFIC_POLICY_INSTANCE] = ops_create_traffic_policy_instance,
    [ROUTE53_CREATE_TRAFFIC_POLICY_VERSION] = ops_create_traffic_policy_version,
    [ROUTE53_CREATE_VPC_ASSOCIATION_AUTHORIZATION] = ops_create_vpc_authorization,
    [ROUTE53_DEACTIVATE_KEY_SIGNING_KEY] = ops_need_key_signing_key,
    [ROUTE53_DELETE_CIDR_COLLECTION] = ops_delete_cidr_collection,
    [ROUTE53_DELETE_HEALTH_CHECK] = ops_delete_health_check,
    [ROUTE53_DELETE_HOSTED_ZONE] = ops_delete_hosted_zone,
    [ROUTE53_DELETE_KEY_SIGNING_KEY] = ops_need_key_signing_key,
    [ROUTE53_DELETE_QUERY_LOGGING_CONFIG] = ops_delete_query_logging_config,
    [ROUTE53_DELETE_REUSABLE_DELEGATION_SET] = ops_delete_reusable_delegation_set,
    [ROUTE53_DELETE_TRAFFIC_POLICY] = ops_delete_traffic_policy,
    [ROUTE53_DELETE_TRAFFIC_POLICY_INSTANCE] = ops_delete_traffic_policy_instance,
    [ROUTE53_DELETE_VPC_ASSOCIATION_AUTHORIZATION] = ops_delete_vpc_authorization,
    [ROUTE53_DISABLE_HOSTED_ZONE_DNSSEC] = ops_disable_dnssec,
    [ROUTE53_DISASSOCIATE_VPC_FROM_HOSTED_ZONE] = ops_disassociate_vpc,
    [ROUTE53_ENABLE_HOSTED_ZONE_DNSSEC] = ops_enable_dnssec,
    [ROUTE53_GET_ACCOUNT_LIMIT] = ops_get_account_limit,
    [ROUTE53_GET_CHANGE] = ops_get_change,
    [ROUTE53_GET_CHECKER_IP_RANGES] = ops_get_checker_ip_ranges,
    [ROUTE53_GET_DNSSEC] = ops_get_dnssec,
    [ROUTE53_GET_GEO_LOCATION] = ops_get_geo_location,
    [ROUTE53_GET_HEALTH_CHECK] = ops_get_health_check,
    [ROUTE53_GET_HEALTH_CHECK_COUNT] = ops_get_health_check_count,
    [ROUTE53_GET_HEALTH_CHECK_LAST_FAILURE_REASON] = ops_get_health_check_last_failure_reason,
    [ROUTE53_GET_HEALTH_CHECK_STATUS] = ops_get_health_check_status,
    [ROUTE53_GET_HOSTED_ZONE] = ops_get_hosted_zone,
    [ROUTE53_GET_HOSTED_ZONE_COUNT] = ops_get_hosted_zone_count,
    [ROUTE53_GET_HOSTED_ZONE_LIMIT] = ops_get_hosted_zone_limit,
    [ROUTE53_GET_QUERY_LOGGING_CONFIG] = ops_get_query_logging_config,
    [ROUTE53_GET_REUSABLE_DELEGATION_SET] = ops_get_reusable_delegation_set,
    [ROUTE53_GET_REUSABLE_DELEGATION_SET_LIMIT] = ops_get_reusable_delegation_set_limit,
    [ROUTE53_GET_TRAFFIC_POLICY] = ops_get_traffic_policy,
    [ROUTE53_GET_TRAFFIC_POLICY_INSTANCE] = ops_get_traffic_policy_instance,
    [ROUTE53_GET_TRAFFIC_POLICY_INSTANCE_COUNT] = ops_get_traffic_policy_instance_count,
    [ROUTE53_LIST_CIDR_BLOCKS] = ops_list_cidr_blocks,
    [ROUTE53_LIST_CIDR_COLLECTIONS] = ops_list_cidr_collections,
    [ROUTE53_LIST_CIDR_LOCATIONS] = ops_list_cidr_locations,
    [ROUTE53_LIST_GEO_LOCATIONS] = ops_list_geo_locations,
    [ROUTE53_LIST_HEALTH_CHECKS] = ops_list_health_checks,
    [ROUTE53_LIST_HOSTED_ZONES] = ops_list_hosted_zones,
    [ROUTE53_LIST_HOSTED_ZONES_BY_NAME] = ops_list_hosted_zones_by_name,
    [ROUTE53_LIST_HOSTED_ZONES_BY_VPC] = ops_list_hosted_zones_by_vpc,
    [ROUTE53_LIST_QUERY_LOGGING_CONFIGS] = ops_list_query_logging_configs,
    [ROUTE53_LIST_RESOURCE_RECORD_SETS] = ops_list_resource_record_sets,
    [ROUTE53_LIST_REUSABLE_DELEGATION_SETS] = ops_list_reusable_delegation_sets,
    [ROUTE53_LIST_TAGS_FOR_RESOURCE] = ops_list_tags_for_resource,
    [ROUTE53_LIST_TAGS_FOR_RESOURCES] = ops_list_tags_for_resources,
    [ROUTE53_LIST_TRAFFIC_POLICIES] = ops_list_traffic_policies,
    [ROUTE53_LIST_TRAFFIC_POLICY_INSTANCES] = ops_list_traffic_policy_instances,
    [ROUTE53_LIST_TRAFFIC_POLICY_INSTANCES_BY_HOSTED_ZONE] = ops_list_traffic_policy_instances,
    [ROUTE53_LIST_TRAFFIC_POLICY_INSTANCES_BY_POLICY] = ops_list_traffic_policy_instances,
    [ROUTE53_LIST_TRAFFIC_POLICY_VERSIONS] = ops_list_traffic_policy_versions,
    [ROUTE53_LIST_VPC_ASSOCIATION_AUTHORIZATIONS] = ops_list_vpc_authorizations,
    [ROUTE53_TEST_DNS_ANSWER] = ops_test_dns_answer,
    [ROUTE53_UPDATE_HEALTH_CHECK] = ops_update_health_check,
    [ROUTE53_UPDATE_HOSTED_ZONE_COMMENT] = ops_update_hosted_zone_comment,
    [ROUTE53_UPDATE_HOSTED_ZONE_FEATURES] = ops_update_hosted_zone_features,
    [ROUTE53_UPDATE_TRAFFIC_POLICY_COMMENT] = ops_update_traffic_policy_comment,
    [ROUTE53_UPDATE_TRAFFIC_POLICY_INSTANCE] = ops_update_traffic_policy_instance,
};

// A model that cannot be compiled: what validation of the operation itself did not find.
static void add_finding(const struct diagnostic *finding, void *context)
{
    route53_fault_add(context, "InvalidChangeBatch", "%s", finding->message);
}

static bool compile(struct call *call, enum route53_operation operation)
{
    struct diagnostics *diagnostics = diagnostics_create();
    bool good = account_edit_compile(call->edit, call->context->model, diagnostics);
    if (!good && operation == ROUTE53_CHANGE_RESOURCE_RECORD_SETS) {
        diagnostics_each(diagnostics, add_finding, call->fault);
    } else if (!good) {
        struct buffer first;
        buffer_init(&first, 4096);
        diagnostics_first(diagnostics, &first);
        REFUSE(call, "InvalidInput", "%s", buffer_string(&first));
        buffer_free(&first);
    }
    diagnostics_destroy(diagnostics);
    return good;
}

// B5: what the service model lists with PriorRequestNotComplete, by the member that names the zone. Traffic
// policy instances name none, and ask for themselves.
static const char *changed_zone(enum route53_operation operation, const json_t *input)
{
    switch (operation) {
    case ROUTE53_CHANGE_RESOURCE_RECORD_SETS:
        return ops_text(input, "HostedZoneId");
    case ROUTE53_DELETE_HOSTED_ZONE:
    case ROUTE53_UPDATE_HOSTED_ZONE_COMMENT:
    case ROUTE53_ASSOCIATE_VPC_WITH_HOSTED_ZONE:
        return ops_text(input, operation == ROUTE53_ASSOCIATE_VPC_WITH_HOSTED_ZONE ? "HostedZoneId" : "Id");
    default:
        return NULL;
    }
}

static bool is_free(struct call *call, enum route53_operation operation)
{
    const char *zone = changed_zone(operation, call->input);
    return zone == NULL || ops_check_zone_is_free(call, zone);
}

bool route53_call(const struct route53_call_context *context, enum route53_operation operation, json_t *input,
                  json_t **output, struct account_edit **edit, struct route53_fault *fault)
{
    assert(operation < ROUTE53_OPERATIONS && json_is_object(input));
    if (!route53_input_check(operation, input, fault)) {
        return false;
    }
    struct call call = {
        .context = context,
        .input = input,
        .output = json_object(),
        .edit = account_edit_create(context->account),
        .fault = fault,
    };
    bool good = is_free(&call, operation) && meanings[operation](&call) && compile(&call, operation);
    if (!good) {
        assert(fault->code != NULL);
        account_edit_discard(call.edit);
        json_decref(call.output);
        return false;
    }
    *edit = call.edit;
    if (account_edit_is_empty(call.edit)) {
        account_edit_discard(call.edit);
        *edit = NULL;
    }
    *output = call.output;
    return true;
}
