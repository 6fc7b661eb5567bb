// SPDX-License-Identifier: MIT
#include "core/route53/operations.h"

#include <assert.h>
#include <stddef.h>

#include "shape_tables.h"

#define OPERATION(ID, Name, method, path, location)                                                          \
    [ROUTE53_##ID] = {#Name, method, path, location, &shape_##Name##Request, &shape_##Name##Response}

static const struct route53_operation_row rows[ROUTE53_OPERATIONS] = {
    OPERATION(ACTIVATE_KEY_SIGNING_KEY, ActivateKeySigningKey, "POST",
              "/keysigningkey/{HostedZoneId}/{Name}/activate", NULL),
    OPERATION(ASSOCIATE_VPC_WITH_HOSTED_ZONE, AssociateVPCWithHostedZone, "POST",
              "/hostedzone/{Id}/associatevpc", NULL),
    OPERATION(CHANGE_CIDR_COLLECTION, ChangeCidrCollection, "POST", "/cidrcollection/{CidrCollectionId}",
              NULL),
    OPERATION(CHANGE_RESOURCE_RECORD_SETS, ChangeResourceRecordSets, "POST", "/hostedzone/{Id}/rrset/", NULL),
    OPERATION(CHANGE_TAGS_FOR_RESOURCE, ChangeTagsForResource, "POST", "/tags/{ResourceType}/{ResourceId}",
              NULL),
    OPERATION(CREATE_CIDR_COLLECTION, CreateCidrCollection, "POST", "/cidrcollection",
              "/cidrcollection/{Collection.Id}"),
    OPERATION(CREATE_HEALTH_CHECK, CreateHealthCheck, "POST", "/healthcheck",
              "/healthcheck/{HealthCheck.Id}"),
    OPERATION(CREATE_HOSTED_ZONE, CreateHostedZone, "POST", "/hostedzone", "/hostedzone/{HostedZone.Id}"),
    OPERATION(CREATE_KEY_SIGNING_KEY, CreateKeySigningKey, "POST", "/keysigningkey",
              "/keysigningkey/{HostedZoneId}/{Name}"),
    OPERATION(CREATE_QUERY_LOGGING_CONFIG, CreateQueryLoggingConfig, "POST", "/queryloggingconfig",
              "/queryloggingconfig/{QueryLoggingConfig.Id}"),
    OPERATION(CREATE_REUSABLE_DELEGATION_SET, CreateReusableDelegationSet, "POST", "/delegationset",
              "/delegationset/{DelegationSet.Id}"),
    OPERATION(CREATE_TRAFFIC_POLICY, CreateTrafficPolicy, "POST", "/trafficpolicy",
              "/trafficpolicy/{TrafficPolicy.Id}/{TrafficPolicy.Version}"),
    OPERATION(CREATE_TRAFFIC_POLICY_INSTANCE, CreateTrafficPolicyInstance, "POST", "/trafficpolicyinstance",
              "/trafficpolicyinstance/{TrafficPolicyInstance.Id}"),
    OPERATION(CREATE_TRAFFIC_POLICY_VERSION, CreateTrafficPolicyVersion, "POST", "/trafficpolicy/{Id}",
              "/trafficpolicy/{TrafficPolicy.Id}/{TrafficPolicy.Version}"),
    OPERATION(CREATE_VPC_ASSOCIATION_AUTHORIZATION, CreateVPCAssociationAuthorization, "POST",
              "/hostedzone/{Id}/authorizevpcassociation", NULL),
    OPERATION(DEACTIVATE_KEY_SIGNING_KEY, DeactivateKeySigningKey, "POST",
              "/keysigningkey/{HostedZoneId}/{Name}/deactivate", NULL),
    OPERATION(DELETE_CIDR_COLLECTION, DeleteCidrCollection, "DELETE", "/cidrcollection/{CidrCollectionId}",
              NULL),
    OPERATION(DELETE_HEALTH_CHECK, DeleteHealthCheck, "DELETE", "/healthcheck/{HealthCheckId}", NULL),
    OPERATION(DELETE_HOSTED_ZONE, DeleteHostedZone, "DELETE", "/hostedzone/{Id}", NULL),
    OPERATION(DELETE_KEY_SIGNING_KEY, DeleteKeySigningKey, "DELETE", "/keysigningkey/{HostedZoneId}/{Name}",
              NULL),
    OPERATION(DELETE_QUERY_LOGGING_CONFIG, DeleteQueryLoggingConfig, "DELETE", "/queryloggingconfig/{Id}",
              NULL),
    OPERATION(DELETE_REUSABLE_DELEGATION_SET, DeleteReusableDelegationSet, "DELETE", "/delegationset/{Id}",
              NULL),
    OPERATION(DELETE_TRAFFIC_POLICY, DeleteTrafficPolicy, "DELETE", "/trafficpolicy/{Id}/{Version}", NULL),
    OPERATION(DELETE_TRAFFIC_POLICY_INSTANCE, DeleteTrafficPolicyInstance, "DELETE",
              "/trafficpolicyinstance/{Id}", NULL),
    OPERATION(DELETE_VPC_ASSOCIATION_AUTHORIZATION, DeleteVPCAssociationAuthorization, "POST",
              "/hostedzone/{Id}/deauthorizevpcassociation", NULL),
    OPERATION(DISABLE_HOSTED_ZONE_DNSSEC, DisableHostedZoneDNSSEC, "POST", "/hostedzone/{Id}/disable-dnssec",
              NULL),
    OPERATION(DISASSOCIATE_VPC_FROM_HOSTED_ZONE, DisassociateVPCFromHostedZone, "POST",
              "/hostedzone/{Id}/disassociatevpc", NULL),
    OPERATION(ENABLE_HOSTED_ZONE_DNSSEC, EnableHostedZoneDNSSEC, "POST", "/hostedzone/{Id}/enable-dnssec",
              NULL),
    OPERATION(GET_ACCOUNT_LIMIT, GetAccountLimit, "GET", "/accountlimit/{Type}", NULL),
    OPERATION(GET_CHANGE, GetChange, "GET", "/change/{Id}", NULL),
    OPERATION(GET_CHECKER_IP_RANGES, GetCheckerIpRanges, "GET", "/checkeripranges", NULL),
    OPERATION(GET_DNSSEC, GetDNSSEC, "GET", "/hostedzone/{Id}/dnssec", NULL),
    OPERATION(GET_GEO_LOCATION, GetGeoLocation, "GET", "/geolocation", NULL),
    OPERATION(GET_HEALTH_CHECK, GetHealthCheck, "GET", "/healthcheck/{HealthCheckId}", NULL),
    OPERATION(GET_HEALTH_CHECK_COUNT, GetHealthCheckCount, "GET", "/healthcheckcount", NULL),
    OPERATION(GET_HEALTH_CHECK_LAST_FAILURE_REASON, GetHealthCheckLastFailureReason, "GET",
              "/healthcheck/{HealthCheckId}/lastfailurereason", NULL),
    OPERATION(GET_HEALTH_CHECK_STATUS, GetHealthCheckStatus, "GET", "/healthcheck/{HealthCheckId}/status",
              NULL),
    OPERATION(GET_HOSTED_ZONE, GetHostedZone, "GET", "/hostedzone/{Id}", NULL),
    OPERATION(GET_HOSTED_ZONE_COUNT, GetHostedZoneCount, "GET", "/hostedzonecount", NULL),
    OPERATION(GET_HOSTED_ZONE_LIMIT, GetHostedZoneLimit, "GET", "/hostedzonelimit/{Id}/{Type}", NULL),
    OPERATION(GET_QUERY_LOGGING_CONFIG, GetQueryLoggingConfig, "GET", "/queryloggingconfig/{Id}", NULL),
    OPERATION(GET_REUSABLE_DELEGATION_SET, GetReusableDelegationSet, "GET", "/delegationset/{Id}", NULL),
    OPERATION(GET_REUSABLE_DELEGATION_SET_LIMIT, GetReusableDelegationSetLimit, "GET",
              "/reusabledelegationsetlimit/{Id}/{Type}", NULL),
    OPERATION(GET_TRAFFIC_POLICY, GetTrafficPolicy, "GET", "/trafficpolicy/{Id}/{Version}", NULL),
    OPERATION(GET_TRAFFIC_POLICY_INSTANCE, GetTrafficPolicyInstance, "GET", "/trafficpolicyinstance/{Id}",
              NULL),
    OPERATION(GET_TRAFFIC_POLICY_INSTANCE_COUNT, GetTrafficPolicyInstanceCount, "GET",
              "/trafficpolicyinstancecount", NULL),
    OPERATION(LIST_CIDR_BLOCKS, ListCidrBlocks, "GET", "/cidrcollection/{CidrCollectionId}/cidrblocks", NULL),
    OPERATION(LIST_CIDR_COLLECTIONS, ListCidrCollections, "GET", "/cidrcollection", NULL),
    OPERATION(LIST_CIDR_LOCATIONS, ListCidrLocations, "GET", "/cidrcollection/{CidrCollectionId}", NULL),
    OPERATION(LIST_GEO_LOCATIONS, ListGeoLocations, "GET", "/geolocations", NULL),
    OPERATION(LIST_HEALTH_CHECKS, ListHealthChecks, "GET", "/healthcheck", NULL),
    OPERATION(LIST_HOSTED_ZONES, ListHostedZones, "GET", "/hostedzone", NULL),
    OPERATION(LIST_HOSTED_ZONES_BY_NAME, ListHostedZonesByName, "GET", "/hostedzonesbyname", NULL),
    OPERATION(LIST_HOSTED_ZONES_BY_VPC, ListHostedZonesByVPC, "GET", "/hostedzonesbyvpc", NULL),
    OPERATION(LIST_QUERY_LOGGING_CONFIGS, ListQueryLoggingConfigs, "GET", "/queryloggingconfig", NULL),
    OPERATION(LIST_RESOURCE_RECORD_SETS, ListResourceRecordSets, "GET", "/hostedzone/{Id}/rrset", NULL),
    OPERATION(LIST_REUSABLE_DELEGATION_SETS, ListReusableDelegationSets, "GET", "/delegationset", NULL),
    OPERATION(LIST_TAGS_FOR_RESOURCE, ListTagsForResource, "GET", "/tags/{ResourceType}/{ResourceId}", NULL),
    OPERATION(LIST_TAGS_FOR_RESOURCES, ListTagsForResources, "POST", "/tags/{ResourceType}", NULL),
    OPERATION(LIST_TRAFFIC_POLICIES, ListTrafficPolicies, "GET", "/trafficpolicies", NULL),
    OPERATION(LIST_TRAFFIC_POLICY_INSTANCES, ListTrafficPolicyInstances, "GET", "/trafficpolicyinstances",
              NULL),
    OPERATION(LIST_TRAFFIC_POLICY_INSTANCES_BY_HOSTED_ZONE, ListTrafficPolicyInstancesByHostedZone, "GET",
              "/trafficpolicyinstances/hostedzone", NULL),
    OPERATION(LIST_TRAFFIC_POLICY_INSTANCES_BY_POLICY, ListTrafficPolicyInstancesByPolicy, "GET",
              "/trafficpolicyinstances/trafficpolicy", NULL),
    OPERATION(LIST_TRAFFIC_POLICY_VERSIONS, ListTrafficPolicyVersions, "GET",
              "/trafficpolicies/{Id}/versions", NULL),
    OPERATION(LIST_VPC_ASSOCIATION_AUTHORIZATIONS, ListVPCAssociationAuthorizations, "GET",
              "/hostedzone/{Id}/authorizevpcassociation", NULL),
    OPERATION(TEST_DNS_ANSWER, TestDNSAnswer, "GET", "/testdnsanswer", NULL),
    OPERATION(UPDATE_HEALTH_CHECK, UpdateHealthCheck, "POST", "/healthcheck/{HealthCheckId}", NULL),
    OPERATION(UPDATE_HOSTED_ZONE_COMMENT, UpdateHostedZoneComment, "POST", "/hostedzone/{Id}", NULL),
    OPERATION(UPDATE_HOSTED_ZONE_FEATURES, UpdateHostedZoneFeatures, "POST", "/hostedzone/{Id}/features",
              NULL),
    OPERATION(UPDATE_TRAFFIC_POLICY_COMMENT, UpdateTrafficPolicyComment, "POST",
              "/trafficpolicy/{Id}/{Version}", NULL),
    OPERATION(UPDATE_TRAFFIC_POLICY_INSTANCE, UpdateTrafficPolicyInstance, "POST",
              "/trafficpolicyinstance/{Id}", NULL),
};

const struct route53_operation_row *route53_operation_row(enum route53_operation operation)
{
    assert(operation < ROUTE53_OPERATIONS);
    return &rows[operation];
}

int route53_operation_status(enum route53_operation operation)
{
    return route53_operation_row(operation)->location != NULL ? 201 : 200;
}

enum route53_operation route53_operation_find(struct bytes name)
{
    unsigned operation = 0;
    while (operation < ROUTE53_OPERATIONS && !bytes_equal(name, bytes_of(rows[operation].name))) {
        operation++;
    }
    return (enum route53_operation)operation;
}
