// SPDX-License-Identifier: MIT
// Hosted zones, delegation sets, tags, DNSSEC, limits and query logging.
#include "shape_tables.h"

STRUCTURE(AccountLimit, REQUIRED(Type, AccountLimitType), REQUIRED(Value, LimitValue));
STRUCTURE(DNSSECStatus, OPTIONAL(ServeSignature, ServeSignature),
          OPTIONAL(StatusMessage, SigningKeyStatusMessage));
STRUCTURE(DelegationSet, OPTIONAL(Id, ResourceId), OPTIONAL(CallerReference, Nonce),
          REQUIRED(NameServers, DelegationSetNameServers));
LIST(DelegationSetNameServers, DNSName, "NameServer", 1, UNBOUNDED);
LIST(DelegationSets, DelegationSet, "DelegationSet", 0, UNBOUNDED);
STRUCTURE(HostedZone, REQUIRED(Id, ResourceId), REQUIRED(Name, DNSName), REQUIRED(CallerReference, Nonce),
          OPTIONAL(Config, HostedZoneConfig), OPTIONAL(ResourceRecordSetCount, HostedZoneRRSetCount),
          OPTIONAL(LinkedService, LinkedService), OPTIONAL(Features, HostedZoneFeatures));
STRUCTURE(HostedZoneConfig, OPTIONAL(Comment, ResourceDescription), OPTIONAL(PrivateZone, IsPrivateZone));
STRUCTURE(HostedZoneFailureReasons, OPTIONAL(AcceleratedRecovery, FailureReason));
STRUCTURE(HostedZoneFeatures, OPTIONAL(AcceleratedRecoveryStatus, AcceleratedRecoveryStatus),
          OPTIONAL(FailureReasons, HostedZoneFailureReasons));
STRUCTURE(HostedZoneLimit, REQUIRED(Type, HostedZoneLimitType), REQUIRED(Value, LimitValue));
STRUCTURE(HostedZoneOwner, OPTIONAL(OwningAccount, AWSAccountID),
          OPTIONAL(OwningService, HostedZoneOwningService));
LIST(HostedZoneSummaries, HostedZoneSummary, "HostedZoneSummary", 0, UNBOUNDED);
STRUCTURE(HostedZoneSummary, REQUIRED(HostedZoneId, ResourceId), REQUIRED(Name, DNSName),
          REQUIRED(Owner, HostedZoneOwner));
LIST(HostedZones, HostedZone, "HostedZone", 0, UNBOUNDED);
STRUCTURE(KeySigningKey, OPTIONAL(Name, SigningKeyName), OPTIONAL(KmsArn, SigningKeyString),
          OPTIONAL(Flag, SigningKeyInteger), OPTIONAL(SigningAlgorithmMnemonic, SigningKeyString),
          OPTIONAL(SigningAlgorithmType, SigningKeyInteger),
          OPTIONAL(DigestAlgorithmMnemonic, SigningKeyString),
          OPTIONAL(DigestAlgorithmType, SigningKeyInteger), OPTIONAL(KeyTag, SigningKeyTag),
          OPTIONAL(DigestValue, SigningKeyString), OPTIONAL(PublicKey, SigningKeyString),
          OPTIONAL(DSRecord, SigningKeyString), OPTIONAL(DNSKEYRecord, SigningKeyString),
          OPTIONAL(Status, SigningKeyStatus), OPTIONAL(StatusMessage, SigningKeyStatusMessage),
          OPTIONAL(CreatedDate, TimeStamp), OPTIONAL(LastModifiedDate, TimeStamp));
LIST(KeySigningKeys, KeySigningKey, "member", 0, UNBOUNDED);
STRUCTURE(LinkedService, OPTIONAL(ServicePrincipal, ServicePrincipal),
          OPTIONAL(Description, ResourceDescription));
STRUCTURE(QueryLoggingConfig, REQUIRED(Id, QueryLoggingConfigId), REQUIRED(HostedZoneId, ResourceId),
          REQUIRED(CloudWatchLogsLogGroupArn, CloudWatchLogsLogGroupArn));
LIST(QueryLoggingConfigs, QueryLoggingConfig, "QueryLoggingConfig", 0, UNBOUNDED);
STRUCTURE(ResourceTagSet, OPTIONAL(ResourceType, TagResourceType), OPTIONAL(ResourceId, TagResourceId),
          OPTIONAL(Tags, TagList));
LIST(ResourceTagSetList, ResourceTagSet, "ResourceTagSet", 0, UNBOUNDED);
STRUCTURE(ReusableDelegationSetLimit, REQUIRED(Type, ReusableDelegationSetLimitType),
          REQUIRED(Value, LimitValue));
STRUCTURE(Tag, OPTIONAL(Key, TagKey), OPTIONAL(Value, TagValue));
LIST(TagKeyList, TagKey, "Key", 1, 10);
LIST(TagList, Tag, "Tag", 1, 10);
LIST(TagResourceIdList, TagResourceId, "ResourceId", 1, 10);
STRUCTURE(VPC, OPTIONAL(VPCRegion, VPCRegion), OPTIONAL(VPCId, VPCId));
LIST(VPCs, VPC, "VPC", 1, UNBOUNDED);

// What operations take and give. Markers of lists and the DelegationSet of a private zone, which the model
// requires, are left out where there is none, as AWS does.
STRUCTURE(ActivateKeySigningKeyRequest, PATH(HostedZoneId, "HostedZoneId", ResourceId),
          PATH(Name, "Name", SigningKeyName));
STRUCTURE(ActivateKeySigningKeyResponse, REQUIRED(ChangeInfo, ChangeInfo));
STRUCTURE(AssociateVPCWithHostedZoneRequest, PATH(HostedZoneId, "Id", ResourceId), REQUIRED(VPC, VPC),
          OPTIONAL(Comment, AssociateVPCComment));
STRUCTURE(AssociateVPCWithHostedZoneResponse, REQUIRED(ChangeInfo, ChangeInfo));
STRUCTURE(ChangeTagsForResourceRequest, PATH(ResourceType, "ResourceType", TagResourceType),
          PATH(ResourceId, "ResourceId", TagResourceId), OPTIONAL(AddTags, TagList),
          OPTIONAL(RemoveTagKeys, TagKeyList));
EMPTY(ChangeTagsForResourceResponse);
STRUCTURE(CreateHostedZoneRequest, REQUIRED(Name, DNSName), OPTIONAL(VPC, VPC),
          REQUIRED(CallerReference, Nonce), OPTIONAL(HostedZoneConfig, HostedZoneConfig),
          OPTIONAL(DelegationSetId, ResourceId));
STRUCTURE(CreateHostedZoneResponse, REQUIRED(HostedZone, HostedZone), REQUIRED(ChangeInfo, ChangeInfo),
          OPTIONAL(DelegationSet, DelegationSet), OPTIONAL(VPC, VPC),
          HEADER(Location, "Location", ResourceURI));
STRUCTURE(CreateKeySigningKeyRequest, REQUIRED(CallerReference, Nonce), REQUIRED(HostedZoneId, ResourceId),
          REQUIRED(KeyManagementServiceArn, SigningKeyString), REQUIRED(Name, SigningKeyName),
          REQUIRED(Status, SigningKeyStatus));
STRUCTURE(CreateKeySigningKeyResponse, REQUIRED(ChangeInfo, ChangeInfo),
          REQUIRED(KeySigningKey, KeySigningKey), HEADER(Location, "Location", ResourceURI));
STRUCTURE(CreateQueryLoggingConfigRequest, REQUIRED(HostedZoneId, ResourceId),
          REQUIRED(CloudWatchLogsLogGroupArn, CloudWatchLogsLogGroupArn));
STRUCTURE(CreateQueryLoggingConfigResponse, REQUIRED(QueryLoggingConfig, QueryLoggingConfig),
          HEADER(Location, "Location", ResourceURI));
STRUCTURE(CreateReusableDelegationSetRequest, REQUIRED(CallerReference, Nonce),
          OPTIONAL(HostedZoneId, ResourceId));
STRUCTURE(CreateReusableDelegationSetResponse, REQUIRED(DelegationSet, DelegationSet),
          HEADER(Location, "Location", ResourceURI));
STRUCTURE(CreateVPCAssociationAuthorizationRequest, PATH(HostedZoneId, "Id", ResourceId), REQUIRED(VPC, VPC));
STRUCTURE(CreateVPCAssociationAuthorizationResponse, REQUIRED(HostedZoneId, ResourceId), REQUIRED(VPC, VPC));
STRUCTURE(DeactivateKeySigningKeyRequest, PATH(HostedZoneId, "HostedZoneId", ResourceId),
          PATH(Name, "Name", SigningKeyName));
STRUCTURE(DeactivateKeySigningKeyResponse, REQUIRED(ChangeInfo, ChangeInfo));
STRUCTURE(DeleteHostedZoneRequest, PATH(Id, "Id", ResourceId));
STRUCTURE(DeleteHostedZoneResponse, REQUIRED(ChangeInfo, ChangeInfo));
STRUCTURE(DeleteKeySigningKeyRequest, PATH(HostedZoneId, "HostedZoneId", ResourceId),
          PATH(Name, "Name", SigningKeyName));
STRUCTURE(DeleteKeySigningKeyResponse, REQUIRED(ChangeInfo, ChangeInfo));
STRUCTURE(DeleteQueryLoggingConfigRequest, PATH(Id, "Id", QueryLoggingConfigId));
EMPTY(DeleteQueryLoggingConfigResponse);
STRUCTURE(DeleteReusableDelegationSetRequest, PATH(Id, "Id", ResourceId));
EMPTY(DeleteReusableDelegationSetResponse);
STRUCTURE(DeleteVPCAssociationAuthorizationRequest, PATH(HostedZoneId, "Id", ResourceId), REQUIRED(VPC, VPC));
EMPTY(DeleteVPCAssociationAuthorizationResponse);
STRUCTURE(DisableHostedZoneDNSSECRequest, PATH(HostedZoneId, "Id", ResourceId));
STRUCTURE(DisableHostedZoneDNSSECResponse, REQUIRED(ChangeInfo, ChangeInfo));
STRUCTURE(DisassociateVPCFromHostedZoneRequest, PATH(HostedZoneId, "Id", ResourceId), REQUIRED(VPC, VPC),
          OPTIONAL(Comment, DisassociateVPCComment));
STRUCTURE(DisassociateVPCFromHostedZoneResponse, REQUIRED(ChangeInfo, ChangeInfo));
STRUCTURE(EnableHostedZoneDNSSECRequest, PATH(HostedZoneId, "Id", ResourceId));
STRUCTURE(EnableHostedZoneDNSSECResponse, REQUIRED(ChangeInfo, ChangeInfo));
STRUCTURE(GetAccountLimitRequest, PATH(Type, "Type", AccountLimitType));
STRUCTURE(GetAccountLimitResponse, REQUIRED(Limit, AccountLimit), REQUIRED(Count, UsageCount));
STRUCTURE(GetDNSSECRequest, PATH(HostedZoneId, "Id", ResourceId));
STRUCTURE(GetDNSSECResponse, REQUIRED(Status, DNSSECStatus), REQUIRED(KeySigningKeys, KeySigningKeys));
EMPTY(GetHostedZoneCountRequest);
STRUCTURE(GetHostedZoneCountResponse, REQUIRED(HostedZoneCount, HostedZoneCount));
STRUCTURE(GetHostedZoneLimitRequest, PATH(Type, "Type", HostedZoneLimitType),
          PATH(HostedZoneId, "Id", ResourceId));
STRUCTURE(GetHostedZoneLimitResponse, REQUIRED(Limit, HostedZoneLimit), REQUIRED(Count, UsageCount));
STRUCTURE(GetHostedZoneRequest, PATH(Id, "Id", ResourceId));
STRUCTURE(GetHostedZoneResponse, REQUIRED(HostedZone, HostedZone), OPTIONAL(DelegationSet, DelegationSet),
          OPTIONAL(VPCs, VPCs));
STRUCTURE(GetQueryLoggingConfigRequest, PATH(Id, "Id", QueryLoggingConfigId));
STRUCTURE(GetQueryLoggingConfigResponse, REQUIRED(QueryLoggingConfig, QueryLoggingConfig));
STRUCTURE(GetReusableDelegationSetLimitRequest, PATH(Type, "Type", ReusableDelegationSetLimitType),
          PATH(DelegationSetId, "Id", ResourceId));
STRUCTURE(GetReusableDelegationSetLimitResponse, REQUIRED(Limit, ReusableDelegationSetLimit),
          REQUIRED(Count, UsageCount));
STRUCTURE(GetReusableDelegationSetRequest, PATH(Id, "Id", ResourceId));
STRUCTURE(GetReusableDelegationSetResponse, REQUIRED(DelegationSet, DelegationSet));
STRUCTURE(ListHostedZonesByNameRequest, QUERY(DNSName, "dnsname", DNSName),
          QUERY(HostedZoneId, "hostedzoneid", ResourceId), QUERY(MaxItems, "maxitems", PageMaxItems));
STRUCTURE(ListHostedZonesByNameResponse, REQUIRED(HostedZones, HostedZones), OPTIONAL(DNSName, DNSName),
          OPTIONAL(HostedZoneId, ResourceId), REQUIRED(IsTruncated, PageTruncated),
          OPTIONAL(NextDNSName, DNSName), OPTIONAL(NextHostedZoneId, ResourceId),
          REQUIRED(MaxItems, PageMaxItems));
STRUCTURE(ListHostedZonesByVPCRequest, QUERY_REQUIRED(VPCId, "vpcid", VPCId),
          QUERY_REQUIRED(VPCRegion, "vpcregion", VPCRegion), QUERY(MaxItems, "maxitems", PageMaxItems),
          QUERY(NextToken, "nexttoken", PaginationToken));
STRUCTURE(ListHostedZonesByVPCResponse, REQUIRED(HostedZoneSummaries, HostedZoneSummaries),
          REQUIRED(MaxItems, PageMaxItems), OPTIONAL(NextToken, PaginationToken));
STRUCTURE(ListHostedZonesRequest, QUERY(Marker, "marker", PageMarker),
          QUERY(MaxItems, "maxitems", PageMaxItems), QUERY(DelegationSetId, "delegationsetid", ResourceId),
          QUERY(HostedZoneType, "hostedzonetype", HostedZoneType));
STRUCTURE(ListHostedZonesResponse, REQUIRED(HostedZones, HostedZones), OPTIONAL(Marker, PageMarker),
          REQUIRED(IsTruncated, PageTruncated), OPTIONAL(NextMarker, PageMarker),
          REQUIRED(MaxItems, PageMaxItems));
STRUCTURE(ListQueryLoggingConfigsRequest, QUERY(HostedZoneId, "hostedzoneid", ResourceId),
          QUERY(NextToken, "nexttoken", PaginationToken), QUERY(MaxResults, "maxresults", MaxResults));
STRUCTURE(ListQueryLoggingConfigsResponse, REQUIRED(QueryLoggingConfigs, QueryLoggingConfigs),
          OPTIONAL(NextToken, PaginationToken));
STRUCTURE(ListReusableDelegationSetsRequest, QUERY(Marker, "marker", PageMarker),
          QUERY(MaxItems, "maxitems", PageMaxItems));
STRUCTURE(ListReusableDelegationSetsResponse, REQUIRED(DelegationSets, DelegationSets),
          OPTIONAL(Marker, PageMarker), REQUIRED(IsTruncated, PageTruncated),
          OPTIONAL(NextMarker, PageMarker), REQUIRED(MaxItems, PageMaxItems));
STRUCTURE(ListTagsForResourceRequest, PATH(ResourceType, "ResourceType", TagResourceType),
          PATH(ResourceId, "ResourceId", TagResourceId));
STRUCTURE(ListTagsForResourceResponse, REQUIRED(ResourceTagSet, ResourceTagSet));
STRUCTURE(ListTagsForResourcesRequest, PATH(ResourceType, "ResourceType", TagResourceType),
          REQUIRED(ResourceIds, TagResourceIdList));
STRUCTURE(ListTagsForResourcesResponse, REQUIRED(ResourceTagSets, ResourceTagSetList));
STRUCTURE(ListVPCAssociationAuthorizationsRequest, PATH(HostedZoneId, "Id", ResourceId),
          QUERY(NextToken, "nexttoken", PaginationToken), QUERY(MaxResults, "maxresults", MaxResults));
STRUCTURE(ListVPCAssociationAuthorizationsResponse, REQUIRED(HostedZoneId, ResourceId),
          OPTIONAL(NextToken, PaginationToken), REQUIRED(VPCs, VPCs));
STRUCTURE(UpdateHostedZoneCommentRequest, PATH(Id, "Id", ResourceId), OPTIONAL(Comment, ResourceDescription));
STRUCTURE(UpdateHostedZoneCommentResponse, REQUIRED(HostedZone, HostedZone));
STRUCTURE(UpdateHostedZoneFeaturesRequest, PATH(HostedZoneId, "Id", ResourceId),
          OPTIONAL(EnableAcceleratedRecovery, AcceleratedRecoveryEnabled));
EMPTY(UpdateHostedZoneFeaturesResponse);
