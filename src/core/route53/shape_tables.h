// SPDX-License-Identifier: MIT
// Every shape by name, and the words in which shapes_*.c write them down.
#ifndef NEARWELL_CORE_ROUTE53_SHAPE_TABLES_H
#define NEARWELL_CORE_ROUTE53_SHAPE_TABLES_H

#include "shapes.h"

// The values.
extern const struct shape shape_ARN, shape_AWSAccountID, shape_AWSRegion, shape_AcceleratedRecoveryEnabled,
    shape_AcceleratedRecoveryStatus, shape_AccountLimitType, shape_AlarmName, shape_AliasHealthEnabled,
    shape_AssociateVPCComment, shape_Bias, shape_ChangeAction, shape_ChangeId, shape_ChangeStatus, shape_Cidr,
    shape_CidrCollectionChangeAction, shape_CidrLocationNameDefaultAllowed,
    shape_CidrLocationNameDefaultNotAllowed, shape_CidrNonce, shape_CloudWatchLogsLogGroupArn,
    shape_CloudWatchRegion, shape_CollectionName, shape_CollectionVersion, shape_ComparisonOperator,
    shape_DNSName, shape_DNSRCode, shape_DimensionField, shape_Disabled, shape_DisassociateVPCComment,
    shape_EnableSNI, shape_EvaluationPeriods, shape_FailureReason, shape_FailureThreshold,
    shape_FullyQualifiedDomainName, shape_GeoLocationContinentCode, shape_GeoLocationContinentName,
    shape_GeoLocationCountryCode, shape_GeoLocationCountryName, shape_GeoLocationSubdivisionCode,
    shape_GeoLocationSubdivisionName, shape_HealthCheckCount, shape_HealthCheckId, shape_HealthCheckNonce,
    shape_HealthCheckRegion, shape_HealthCheckType, shape_HealthCheckVersion, shape_HealthThreshold,
    shape_HostedZoneCount, shape_HostedZoneLimitType, shape_HostedZoneOwningService,
    shape_HostedZoneRRSetCount, shape_HostedZoneType, shape_IPAddress, shape_IPAddressCidr,
    shape_InsufficientDataHealthStatus, shape_Inverted, shape_IsPrivateZone, shape_Latitude, shape_LimitValue,
    shape_LocalZoneGroup, shape_Longitude, shape_MaxResults, shape_MeasureLatency, shape_Message,
    shape_MetricName, shape_Nameserver, shape_Namespace, shape_Nonce, shape_PageMarker, shape_PageMaxItems,
    shape_PageTruncated, shape_PaginationToken, shape_Period, shape_Port, shape_QueryLoggingConfigId,
    shape_RData, shape_RRType, shape_RecordDataEntry, shape_RequestInterval, shape_ResettableElementName,
    shape_ResourceDescription, shape_ResourceId, shape_ResourcePath, shape_ResourceRecordSetFailover,
    shape_ResourceRecordSetIdentifier, shape_ResourceRecordSetMultiValueAnswer, shape_ResourceRecordSetRegion,
    shape_ResourceRecordSetWeight, shape_ResourceURI, shape_ReusableDelegationSetLimitType,
    shape_RoutingControlArn, shape_SearchString, shape_ServeSignature, shape_ServicePrincipal,
    shape_SigningKeyInteger, shape_SigningKeyName, shape_SigningKeyStatus, shape_SigningKeyStatusMessage,
    shape_SigningKeyString, shape_SigningKeyTag, shape_Statistic, shape_Status, shape_SubnetMask, shape_TTL,
    shape_TagKey, shape_TagResourceId, shape_TagResourceType, shape_TagValue, shape_Threshold,
    shape_TimeStamp, shape_TrafficPolicyComment, shape_TrafficPolicyDocument, shape_TrafficPolicyId,
    shape_TrafficPolicyInstanceCount, shape_TrafficPolicyInstanceId, shape_TrafficPolicyInstanceState,
    shape_TrafficPolicyName, shape_TrafficPolicyVersion, shape_TrafficPolicyVersionMarker,
    shape_TransportProtocol, shape_UUID, shape_UsageCount, shape_VPCId, shape_VPCRegion;

// The structures and lists.
extern const struct shape shape_AccountLimit, shape_ActivateKeySigningKeyRequest,
    shape_ActivateKeySigningKeyResponse, shape_AlarmIdentifier, shape_AliasTarget,
    shape_AssociateVPCWithHostedZoneRequest, shape_AssociateVPCWithHostedZoneResponse, shape_Change,
    shape_ChangeBatch, shape_ChangeCidrCollectionRequest, shape_ChangeCidrCollectionResponse,
    shape_ChangeInfo, shape_ChangeResourceRecordSetsRequest, shape_ChangeResourceRecordSetsResponse,
    shape_ChangeTagsForResourceRequest, shape_ChangeTagsForResourceResponse, shape_Changes,
    shape_CheckerIpRanges, shape_ChildHealthCheckList, shape_CidrBlockSummaries, shape_CidrBlockSummary,
    shape_CidrCollection, shape_CidrCollectionChange, shape_CidrCollectionChanges, shape_CidrList,
    shape_CidrRoutingConfig, shape_CloudWatchAlarmConfiguration, shape_CollectionSummaries,
    shape_CollectionSummary, shape_Coordinates, shape_CreateCidrCollectionRequest,
    shape_CreateCidrCollectionResponse, shape_CreateHealthCheckRequest, shape_CreateHealthCheckResponse,
    shape_CreateHostedZoneRequest, shape_CreateHostedZoneResponse, shape_CreateKeySigningKeyRequest,
    shape_CreateKeySigningKeyResponse, shape_CreateQueryLoggingConfigRequest,
    shape_CreateQueryLoggingConfigResponse, shape_CreateReusableDelegationSetRequest,
    shape_CreateReusableDelegationSetResponse, shape_CreateTrafficPolicyInstanceRequest,
    shape_CreateTrafficPolicyInstanceResponse, shape_CreateTrafficPolicyRequest,
    shape_CreateTrafficPolicyResponse, shape_CreateTrafficPolicyVersionRequest,
    shape_CreateTrafficPolicyVersionResponse, shape_CreateVPCAssociationAuthorizationRequest,
    shape_CreateVPCAssociationAuthorizationResponse, shape_DNSSECStatus, shape_DeactivateKeySigningKeyRequest,
    shape_DeactivateKeySigningKeyResponse, shape_DelegationSet, shape_DelegationSetNameServers,
    shape_DelegationSets, shape_DeleteCidrCollectionRequest, shape_DeleteCidrCollectionResponse,
    shape_DeleteHealthCheckRequest, shape_DeleteHealthCheckResponse, shape_DeleteHostedZoneRequest,
    shape_DeleteHostedZoneResponse, shape_DeleteKeySigningKeyRequest, shape_DeleteKeySigningKeyResponse,
    shape_DeleteQueryLoggingConfigRequest, shape_DeleteQueryLoggingConfigResponse,
    shape_DeleteReusableDelegationSetRequest, shape_DeleteReusableDelegationSetResponse,
    shape_DeleteTrafficPolicyInstanceRequest, shape_DeleteTrafficPolicyInstanceResponse,
    shape_DeleteTrafficPolicyRequest, shape_DeleteTrafficPolicyResponse,
    shape_DeleteVPCAssociationAuthorizationRequest, shape_DeleteVPCAssociationAuthorizationResponse,
    shape_Dimension, shape_DimensionList, shape_DisableHostedZoneDNSSECRequest,
    shape_DisableHostedZoneDNSSECResponse, shape_DisassociateVPCFromHostedZoneRequest,
    shape_DisassociateVPCFromHostedZoneResponse, shape_EnableHostedZoneDNSSECRequest,
    shape_EnableHostedZoneDNSSECResponse, shape_GeoLocation, shape_GeoLocationDetails,
    shape_GeoLocationDetailsList, shape_GeoProximityLocation, shape_GetAccountLimitRequest,
    shape_GetAccountLimitResponse, shape_GetChangeRequest, shape_GetChangeResponse,
    shape_GetCheckerIpRangesRequest, shape_GetCheckerIpRangesResponse, shape_GetDNSSECRequest,
    shape_GetDNSSECResponse, shape_GetGeoLocationRequest, shape_GetGeoLocationResponse,
    shape_GetHealthCheckCountRequest, shape_GetHealthCheckCountResponse,
    shape_GetHealthCheckLastFailureReasonRequest, shape_GetHealthCheckLastFailureReasonResponse,
    shape_GetHealthCheckRequest, shape_GetHealthCheckResponse, shape_GetHealthCheckStatusRequest,
    shape_GetHealthCheckStatusResponse, shape_GetHostedZoneCountRequest, shape_GetHostedZoneCountResponse,
    shape_GetHostedZoneLimitRequest, shape_GetHostedZoneLimitResponse, shape_GetHostedZoneRequest,
    shape_GetHostedZoneResponse, shape_GetQueryLoggingConfigRequest, shape_GetQueryLoggingConfigResponse,
    shape_GetReusableDelegationSetLimitRequest, shape_GetReusableDelegationSetLimitResponse,
    shape_GetReusableDelegationSetRequest, shape_GetReusableDelegationSetResponse,
    shape_GetTrafficPolicyInstanceCountRequest, shape_GetTrafficPolicyInstanceCountResponse,
    shape_GetTrafficPolicyInstanceRequest, shape_GetTrafficPolicyInstanceResponse,
    shape_GetTrafficPolicyRequest, shape_GetTrafficPolicyResponse, shape_HealthCheck, shape_HealthCheckConfig,
    shape_HealthCheckObservation, shape_HealthCheckObservations, shape_HealthCheckRegionList,
    shape_HealthChecks, shape_HostedZone, shape_HostedZoneConfig, shape_HostedZoneFailureReasons,
    shape_HostedZoneFeatures, shape_HostedZoneLimit, shape_HostedZoneOwner, shape_HostedZoneSummaries,
    shape_HostedZoneSummary, shape_HostedZones, shape_KeySigningKey, shape_KeySigningKeys,
    shape_LinkedService, shape_ListCidrBlocksRequest, shape_ListCidrBlocksResponse,
    shape_ListCidrCollectionsRequest, shape_ListCidrCollectionsResponse, shape_ListCidrLocationsRequest,
    shape_ListCidrLocationsResponse, shape_ListGeoLocationsRequest, shape_ListGeoLocationsResponse,
    shape_ListHealthChecksRequest, shape_ListHealthChecksResponse, shape_ListHostedZonesByNameRequest,
    shape_ListHostedZonesByNameResponse, shape_ListHostedZonesByVPCRequest,
    shape_ListHostedZonesByVPCResponse, shape_ListHostedZonesRequest, shape_ListHostedZonesResponse,
    shape_ListQueryLoggingConfigsRequest, shape_ListQueryLoggingConfigsResponse,
    shape_ListResourceRecordSetsRequest, shape_ListResourceRecordSetsResponse,
    shape_ListReusableDelegationSetsRequest, shape_ListReusableDelegationSetsResponse,
    shape_ListTagsForResourceRequest, shape_ListTagsForResourceResponse, shape_ListTagsForResourcesRequest,
    shape_ListTagsForResourcesResponse, shape_ListTrafficPoliciesRequest, shape_ListTrafficPoliciesResponse,
    shape_ListTrafficPolicyInstancesByHostedZoneRequest, shape_ListTrafficPolicyInstancesByHostedZoneResponse,
    shape_ListTrafficPolicyInstancesByPolicyRequest, shape_ListTrafficPolicyInstancesByPolicyResponse,
    shape_ListTrafficPolicyInstancesRequest, shape_ListTrafficPolicyInstancesResponse,
    shape_ListTrafficPolicyVersionsRequest, shape_ListTrafficPolicyVersionsResponse,
    shape_ListVPCAssociationAuthorizationsRequest, shape_ListVPCAssociationAuthorizationsResponse,
    shape_LocationSummaries, shape_LocationSummary, shape_QueryLoggingConfig, shape_QueryLoggingConfigs,
    shape_RecordData, shape_ResettableElementNameList, shape_ResourceRecord, shape_ResourceRecordSet,
    shape_ResourceRecordSets, shape_ResourceRecords, shape_ResourceTagSet, shape_ResourceTagSetList,
    shape_ReusableDelegationSetLimit, shape_StatusReport, shape_Tag, shape_TagKeyList, shape_TagList,
    shape_TagResourceIdList, shape_TestDNSAnswerRequest, shape_TestDNSAnswerResponse, shape_TrafficPolicies,
    shape_TrafficPolicy, shape_TrafficPolicyInstance, shape_TrafficPolicyInstances,
    shape_TrafficPolicySummaries, shape_TrafficPolicySummary, shape_UpdateHealthCheckRequest,
    shape_UpdateHealthCheckResponse, shape_UpdateHostedZoneCommentRequest,
    shape_UpdateHostedZoneCommentResponse, shape_UpdateHostedZoneFeaturesRequest,
    shape_UpdateHostedZoneFeaturesResponse, shape_UpdateTrafficPolicyCommentRequest,
    shape_UpdateTrafficPolicyCommentResponse, shape_UpdateTrafficPolicyInstanceRequest,
    shape_UpdateTrafficPolicyInstanceResponse, shape_VPC, shape_VPCs;

#define UNBOUNDED INT64_MAX

// clang-format off
#define SHAPE(Name, ...) const struct shape shape_##Name = {.name = #Name, __VA_ARGS__}

#define STRING(Name, fewest, longest) SHAPE(Name, .kind = SHAPE_STRING, .least = (fewest), .most = (longest))
#define MATCHED(Name, fewest, longest, regular, function) \
    SHAPE(Name, .kind = SHAPE_STRING, .least = (fewest), .most = (longest), .pattern = (regular), .matches = (function))
#define ENUMERATION(Name, ...) \
    SHAPE(Name, .kind = SHAPE_STRING, .most = UNBOUNDED, .values = (const char *const[]){__VA_ARGS__, NULL})
#define NUMBER(Name, type, smallest, largest) SHAPE(Name, .kind = SHAPE_##type, .least = (smallest), .most = (largest))
#define VALUE(Name, type) SHAPE(Name, .kind = SHAPE_##type)
#define LIST(Name, Item, element, fewest, longest) \
    SHAPE(Name, .kind = SHAPE_LIST, .least = (fewest), .most = (longest), .item = &shape_##Item, .item_name = (element))
#define EMPTY(Name) SHAPE(Name, .kind = SHAPE_STRUCTURE)
#define STRUCTURE(Name, ...) \
    SHAPE(Name, .kind = SHAPE_STRUCTURE, .members = (const struct shape_member[]){__VA_ARGS__}, \
          .count = sizeof((const struct shape_member[]){__VA_ARGS__}) / sizeof(struct shape_member))

// The members of a structure.
#define REQUIRED(Name, Shape)             {#Name, IN_BODY, NULL, true, &shape_##Shape}
#define OPTIONAL(Name, Shape)             {#Name, IN_BODY, NULL, false, &shape_##Shape}
#define PATH(Name, wire, Shape)           {#Name, IN_PATH, wire, true, &shape_##Shape}
#define QUERY(Name, wire, Shape)          {#Name, IN_QUERY, wire, false, &shape_##Shape}
#define QUERY_REQUIRED(Name, wire, Shape) {#Name, IN_QUERY, wire, true, &shape_##Shape}
#define HEADER(Name, wire, Shape)         {#Name, IN_HEADER, wire, false, &shape_##Shape}
// clang-format on

#endif
