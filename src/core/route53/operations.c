// SPDX-License-Identifier: MIT
#include "core/route53/operations.h"

#include <assert.h>
#include <stddef.h>

static const struct route53_operation_row rows[ROUTE53_OPERATIONS] = {
    [ROUTE53_ACTIVATE_KEY_SIGNING_KEY] = {"ActivateKeySigningKey", "POST",
                                          "/keysigningkey/{HostedZoneId}/{Name}/activate", NULL},
    [ROUTE53_ASSOCIATE_VPC_WITH_HOSTED_ZONE] = {"AssociateVPCWithHostedZone", "POST",
                                                "/hostedzone/{Id}/associatevpc", NULL},
    [ROUTE53_CHANGE_CIDR_COLLECTION] = {"ChangeCidrCollection", "POST", "/cidrcollection/{CidrCollectionId}",
                                        NULL},
    [ROUTE53_CHANGE_RESOURCE_RECORD_SETS] = {"ChangeResourceRecordSets", "POST", "/hostedzone/{Id}/rrset/",
                                             NULL},
    [ROUTE53_CHANGE_TAGS_FOR_RESOURCE] = {"ChangeTagsForResource", "POST",
                                          "/tags/{ResourceType}/{ResourceId}", NULL},
    [ROUTE53_CREATE_CIDR_COLLECTION] = {"CreateCidrCollection", "POST", "/cidrcollection",
                                        "/cidrcollection/{Collection.Id}"},
    [ROUTE53_CREATE_HEALTH_CHECK] = {"CreateHealthCheck", "POST", "/healthcheck",
                                     "/healthcheck/{HealthCheck.Id}"},
    [ROUTE53_CREATE_HOSTED_ZONE] = {"CreateHostedZone", "POST", "/hostedzone", "/hostedzone/{HostedZone.Id}"},
    [ROUTE53_CREATE_KEY_SIGNING_KEY] = {"CreateKeySigningKey", "POST", "/keysigningkey",
                                        "/keysigningkey/{HostedZoneId}/{Name}"},
    [ROUTE53_CREATE_QUERY_LOGGING_CONFIG] = {"CreateQueryLoggingConfig", "POST", "/queryloggingconfig",
                                             "/queryloggingconfig/{QueryLoggingConfig.Id}"},
    [ROUTE53_CREATE_REUSABLE_DELEGATION_SET] = {"CreateReusableDelegationSet", "POST", "/delegationset",
                                                "/delegationset/{DelegationSet.Id}"},
    [ROUTE53_CREATE_TRAFFIC_POLICY] = {"CreateTrafficPolicy", "POST", "/trafficpolicy",
                                       "/trafficpolicy/{TrafficPolicy.Id}/{TrafficPolicy.Version}"},
    [ROUTE53_CREATE_TRAFFIC_POLICY_INSTANCE] = {"CreateTrafficPolicyInstance", "POST",
                                                "/trafficpolicyinstance",
                                                "/trafficpolicyinstance/{TrafficPolicyInstance.Id}"},
    [ROUTE53_CREATE_TRAFFIC_POLICY_VERSION] = {"CreateTrafficPolicyVersion", "POST", "/trafficpolicy/{Id}",
                                               "/trafficpolicy/{TrafficPolicy.Id}/{TrafficPolicy.Version}"},
    [ROUTE53_CREATE_VPC_ASSOCIATION_AUTHORIZATION] = {"CreateVPCAssociationAuthorization", "POST",
                                                      "/hostedzone/{Id}/authorizevpcassociation", NULL},
    [ROUTE53_DEACTIVATE_KEY_SIGNING_KEY] = {"DeactivateKeySigningKey", "POST",
                                            "/keysigningkey/{HostedZoneId}/{Name}/deactivate", NULL},
    [ROUTE53_DELETE_CIDR_COLLECTION] = {"DeleteCidrCollection", "DELETE",
                                        "/cidrcollection/{CidrCollectionId}", NULL},
    [ROUTE53_DELETE_HEALTH_CHECK] = {"DeleteHealthCheck", "DELETE", "/healthcheck/{HealthCheckId}", NULL},
    [ROUTE53_DELETE_HOSTED_ZONE] = {"DeleteHostedZone", "DELETE", "/hostedzone/{Id}", NULL},
    [ROUTE53_DELETE_KEY_SIGNING_KEY] = {"DeleteKeySigningKey", "DELETE",
                                        "/keysigningkey/{HostedZoneId}/{Name}", NULL},
    [ROUTE53_DELETE_QUERY_LOGGING_CONFIG] = {"DeleteQueryLoggingConfig", "DELETE", "/queryloggingconfig/{Id}",
                                             NULL},
    [ROUTE53_DELETE_REUSABLE_DELEGATION_SET] = {"DeleteReusableDelegationSet", "DELETE",
                                                "/delegationset/{Id}", NULL},
    [ROUTE53_DELETE_TRAFFIC_POLICY] = {"DeleteTrafficPolicy", "DELETE", "/trafficpolicy/{Id}/{Version}",
                                       NULL},
    [ROUTE53_DELETE_TRAFFIC_POLICY_INSTANCE] = {"DeleteTrafficPolicyInstance", "DELETE",
                                                "/trafficpolicyinstance/{Id}", NULL},
    [ROUTE53_DELETE_VPC_ASSOCIATION_AUTHORIZATION] = {"DeleteVPCAssociationAuthorization", "POST",
                                                      "/hostedzone/{Id}/deauthorizevpcassociation", NULL},
    [ROUTE53_DISABLE_HOSTED_ZONE_DNSSEC] = {"DisableHostedZoneDNSSEC", "POST",
                                            "/hostedzone/{Id}/disable-dnssec", NULL},
    [ROUTE53_DISASSOCIATE_VPC_FROM_HOSTED_ZONE] = {"DisassociateVPCFromHostedZone", "POST",
                                                   "/hostedzone/{Id}/disassociatevpc", NULL},
    [ROUTE53_ENABLE_HOSTED_ZONE_DNSSEC] = {"EnableHostedZoneDNSSEC", "POST", "/hostedzone/{Id}/enable-dnssec",
                                           NULL},
    [ROUTE53_GET_ACCOUNT_LIMIT] = {"GetAccountLimit", "GET", "/accountlimit/{Type}", NULL},
    [ROUTE53_GET_CHANGE] = {"GetChange", "GET", "/change/{Id}", NULL},
    [ROUTE53_GET_CHECKER_IP_RANGES] = {"GetCheckerIpRanges", "GET", "/checkeripranges", NULL},
    [ROUTE53_GET_DNSSEC] = {"GetDNSSEC", "GET", "/hostedzone/{Id}/dnssec", NULL},
    [ROUTE53_GET_GEO_LOCATION] = {"GetGeoLocation", "GET", "/geolocation", NULL},
    [ROUTE53_GET_HEALTH_CHECK] = {"GetHealthCheck", "GET", "/healthcheck/{HealthCheckId}", NULL},
    [ROUTE53_GET_HEALTH_CHECK_COUNT] = {"GetHealthCheckCount", "GET", "/healthcheckcount", NULL},
    [ROUTE53_GET_HEALTH_CHECK_LAST_FAILURE_REASON] = {"GetHealthCheckLastFailureReason", "GET",
                                                      "/healthcheck/{HealthCheckId}/lastfailurereason", NULL},
    [ROUTE53_GET_HEALTH_CHECK_STATUS] = {"GetHealthCheckStatus", "GET", "/healthcheck/{HealthCheckId}/status",
                                         NULL},
    [ROUTE53_GET_HOSTED_ZONE] = {"GetHostedZone", "GET", "/hostedzone/{Id}", NULL},
    [ROUTE53_GET_HOSTED_ZONE_COUNT] = {"GetHostedZoneCount", "GET", "/hostedzonecount", NULL},
    [ROUTE53_GET_HOSTED_ZONE_LIMIT] = {"GetHostedZoneLimit", "GET", "/hostedzonelimit/{Id}/{Type}", NULL},
    [ROUTE53_GET_QUERY_LOGGING_CONFIG] = {"GetQueryLoggingConfig", "GET", "/queryloggingconfig/{Id}", NULL},
    [ROUTE53_GET_REUSABLE_DELEGATION_SET] = {"GetReusableDelegationSet", "GET", "/delegationset/{Id}", NULL},
    [ROUTE53_GET_REUSABLE_DELEGATION_SET_LIMIT] = {"GetReusableDelegationSetLimit", "GET",
                                                   "/reusabledelegationsetlimit/{Id}/{Type}", NULL},
    [ROUTE53_GET_TRAFFIC_POLICY] = {"GetTrafficPolicy", "GET", "/trafficpolicy/{Id}/{Version}", NULL},
    [ROUTE53_GET_TRAFFIC_POLICY_INSTANCE] = {"GetTrafficPolicyInstance", "GET", "/trafficpolicyinstance/{Id}",
                                             NULL},
    [ROUTE53_GET_TRAFFIC_POLICY_INSTANCE_COUNT] = {"GetTrafficPolicyInstanceCount", "GET",
                                                   "/trafficpolicyinstancecount", NULL},
    [ROUTE53_LIST_CIDR_BLOCKS] = {"ListCidrBlocks", "GET", "/cidrcollection/{CidrCollectionId}/cidrblocks",
                                  NULL},
    [ROUTE53_LIST_CIDR_COLLECTIONS] = {"ListCidrCollections", "GET", "/cidrcollection", NULL},
    [ROUTE53_LIST_CIDR_LOCATIONS] = {"ListCidrLocations", "GET", "/cidrcollection/{CidrCollectionId}", NULL},
    [ROUTE53_LIST_GEO_LOCATIONS] = {"ListGeoLocations", "GET", "/geolocations", NULL},
    [ROUTE53_LIST_HEALTH_CHECKS] = {"ListHealthChecks", "GET", "/healthcheck", NULL},
    [ROUTE53_LIST_HOSTED_ZONES] = {"ListHostedZones", "GET", "/hostedzone", NULL},
    [ROUTE53_LIST_HOSTED_ZONES_BY_NAME] = {"ListHostedZonesByName", "GET", "/hostedzonesbyname", NULL},
    [ROUTE53_LIST_HOSTED_ZONES_BY_VPC] = {"ListHostedZonesByVPC", "GET", "/hostedzonesbyvpc", NULL},
    [ROUTE53_LIST_QUERY_LOGGING_CONFIGS] = {"ListQueryLoggingConfigs", "GET", "/queryloggingconfig", NULL},
    [ROUTE53_LIST_RESOURCE_RECORD_SETS] = {"ListResourceRecordSets", "GET", "/hostedzone/{Id}/rrset", NULL},
    [ROUTE53_LIST_REUSABLE_DELEGATION_SETS] = {"ListReusableDelegationSets", "GET", "/delegationset", NULL},
    [ROUTE53_LIST_TAGS_FOR_RESOURCE] = {"ListTagsForResource", "GET", "/tags/{ResourceType}/{ResourceId}",
                                        NULL},
    [ROUTE53_LIST_TAGS_FOR_RESOURCES] = {"ListTagsForResources", "POST", "/tags/{ResourceType}", NULL},
    [ROUTE53_LIST_TRAFFIC_POLICIES] = {"ListTrafficPolicies", "GET", "/trafficpolicies", NULL},
    [ROUTE53_LIST_TRAFFIC_POLICY_INSTANCES] = {"ListTrafficPolicyInstances", "GET", "/trafficpolicyinstances",
                                               NULL},
    [ROUTE53_LIST_TRAFFIC_POLICY_INSTANCES_BY_HOSTED_ZONE] = {"ListTrafficPolicyInstancesByHostedZone", "GET",
                                                              "/trafficpolicyinstances/hostedzone", NULL},
    [ROUTE53_LIST_TRAFFIC_POLICY_INSTANCES_BY_POLICY] = {"ListTrafficPolicyInstancesByPolicy", "GET",
                                                         "/trafficpolicyinstances/trafficpolicy", NULL},
    [ROUTE53_LIST_TRAFFIC_POLICY_VERSIONS] = {"ListTrafficPolicyVersions", "GET",
                                              "/trafficpolicies/{Id}/versions", NULL},
    [ROUTE53_LIST_VPC_ASSOCIATION_AUTHORIZATIONS] = {"ListVPCAssociationAuthorizations", "GET",
                                                     "/hostedzone/{Id}/authorizevpcassociation", NULL},
    [ROUTE53_TEST_DNS_ANSWER] = {"TestDNSAnswer", "GET", "/testdnsanswer", NULL},
    [ROUTE53_UPDATE_HEALTH_CHECK] = {"UpdateHealthCheck", "POST", "/healthcheck/{HealthCheckId}", NULL},
    [ROUTE53_UPDATE_HOSTED_ZONE_COMMENT] = {"UpdateHostedZoneComment", "POST", "/hostedzone/{Id}", NULL},
    [ROUTE53_UPDATE_HOSTED_ZONE_FEATURES] = {"UpdateHostedZoneFeatures", "POST", "/hostedzone/{Id}/features",
                                             NULL},
    [ROUTE53_UPDATE_TRAFFIC_POLICY_COMMENT] = {"UpdateTrafficPolicyComment", "POST",
                                               "/trafficpolicy/{Id}/{Version}", NULL},
    [ROUTE53_UPDATE_TRAFFIC_POLICY_INSTANCE] = {"UpdateTrafficPolicyInstance", "POST",
                                                "/trafficpolicyinstance/{Id}", NULL},
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
