// SPDX-License-Identifier: MIT
// Record sets, changes and geographic locations.
#include "shape_tables.h"

STRUCTURE(AliasTarget, REQUIRED(HostedZoneId, ResourceId), REQUIRED(DNSName, DNSName),
          REQUIRED(EvaluateTargetHealth, AliasHealthEnabled));
STRUCTURE(Change, REQUIRED(Action, ChangeAction), REQUIRED(ResourceRecordSet, ResourceRecordSet));
STRUCTURE(ChangeBatch, OPTIONAL(Comment, ResourceDescription), REQUIRED(Changes, Changes));
STRUCTURE(ChangeInfo, REQUIRED(Id, ResourceId), REQUIRED(Status, ChangeStatus),
          REQUIRED(SubmittedAt, TimeStamp), OPTIONAL(Comment, ResourceDescription));
LIST(Changes, Change, "Change", 1, UNBOUNDED);
STRUCTURE(CidrRoutingConfig, REQUIRED(CollectionId, UUID),
          REQUIRED(LocationName, CidrLocationNameDefaultAllowed));
STRUCTURE(Coordinates, REQUIRED(Latitude, Latitude), REQUIRED(Longitude, Longitude));
STRUCTURE(GeoLocation, OPTIONAL(ContinentCode, GeoLocationContinentCode),
          OPTIONAL(CountryCode, GeoLocationCountryCode),
          OPTIONAL(SubdivisionCode, GeoLocationSubdivisionCode));
STRUCTURE(GeoLocationDetails, OPTIONAL(ContinentCode, GeoLocationContinentCode),
          OPTIONAL(ContinentName, GeoLocationContinentName), OPTIONAL(CountryCode, GeoLocationCountryCode),
          OPTIONAL(CountryName, GeoLocationCountryName),
          OPTIONAL(SubdivisionCode, GeoLocationSubdivisionCode),
          OPTIONAL(SubdivisionName, GeoLocationSubdivisionName));
LIST(GeoLocationDetailsList, GeoLocationDetails, "GeoLocationDetails", 0, UNBOUNDED);
STRUCTURE(GeoProximityLocation, OPTIONAL(AWSRegion, AWSRegion), OPTIONAL(LocalZoneGroup, LocalZoneGroup),
          OPTIONAL(Coordinates, Coordinates), OPTIONAL(Bias, Bias));
LIST(RecordData, RecordDataEntry, "RecordDataEntry", 0, UNBOUNDED);
STRUCTURE(ResourceRecord, REQUIRED(Value, RData));
STRUCTURE(ResourceRecordSet, REQUIRED(Name, DNSName), REQUIRED(Type, RRType),
          OPTIONAL(SetIdentifier, ResourceRecordSetIdentifier), OPTIONAL(Weight, ResourceRecordSetWeight),
          OPTIONAL(Region, ResourceRecordSetRegion), OPTIONAL(GeoLocation, GeoLocation),
          OPTIONAL(Failover, ResourceRecordSetFailover),
          OPTIONAL(MultiValueAnswer, ResourceRecordSetMultiValueAnswer), OPTIONAL(TTL, TTL),
          OPTIONAL(ResourceRecords, ResourceRecords), OPTIONAL(AliasTarget, AliasTarget),
          OPTIONAL(HealthCheckId, HealthCheckId), OPTIONAL(TrafficPolicyInstanceId, TrafficPolicyInstanceId),
          OPTIONAL(CidrRoutingConfig, CidrRoutingConfig),
          OPTIONAL(GeoProximityLocation, GeoProximityLocation));
LIST(ResourceRecordSets, ResourceRecordSet, "ResourceRecordSet", 0, UNBOUNDED);
LIST(ResourceRecords, ResourceRecord, "ResourceRecord", 1, UNBOUNDED);

// What operations take and give.
STRUCTURE(ChangeResourceRecordSetsRequest, PATH(HostedZoneId, "Id", ResourceId),
          REQUIRED(ChangeBatch, ChangeBatch));
STRUCTURE(ChangeResourceRecordSetsResponse, REQUIRED(ChangeInfo, ChangeInfo));
STRUCTURE(GetChangeRequest, PATH(Id, "Id", ChangeId));
STRUCTURE(GetChangeResponse, REQUIRED(ChangeInfo, ChangeInfo));
STRUCTURE(GetGeoLocationRequest, QUERY(ContinentCode, "continentcode", GeoLocationContinentCode),
          QUERY(CountryCode, "countrycode", GeoLocationCountryCode),
          QUERY(SubdivisionCode, "subdivisioncode", GeoLocationSubdivisionCode));
STRUCTURE(GetGeoLocationResponse, REQUIRED(GeoLocationDetails, GeoLocationDetails));
STRUCTURE(ListGeoLocationsRequest, QUERY(StartContinentCode, "startcontinentcode", GeoLocationContinentCode),
          QUERY(StartCountryCode, "startcountrycode", GeoLocationCountryCode),
          QUERY(StartSubdivisionCode, "startsubdivisioncode", GeoLocationSubdivisionCode),
          QUERY(MaxItems, "maxitems", PageMaxItems));
STRUCTURE(ListGeoLocationsResponse, REQUIRED(GeoLocationDetailsList, GeoLocationDetailsList),
          REQUIRED(IsTruncated, PageTruncated), OPTIONAL(NextContinentCode, GeoLocationContinentCode),
          OPTIONAL(NextCountryCode, GeoLocationCountryCode),
          OPTIONAL(NextSubdivisionCode, GeoLocationSubdivisionCode), REQUIRED(MaxItems, PageMaxItems));
STRUCTURE(ListResourceRecordSetsRequest, PATH(HostedZoneId, "Id", ResourceId),
          QUERY(StartRecordName, "name", DNSName), QUERY(StartRecordType, "type", RRType),
          QUERY(StartRecordIdentifier, "identifier", ResourceRecordSetIdentifier),
          QUERY(MaxItems, "maxitems", PageMaxItems));
STRUCTURE(ListResourceRecordSetsResponse, REQUIRED(ResourceRecordSets, ResourceRecordSets),
          REQUIRED(IsTruncated, PageTruncated), OPTIONAL(NextRecordName, DNSName),
          OPTIONAL(NextRecordType, RRType), OPTIONAL(NextRecordIdentifier, ResourceRecordSetIdentifier),
          REQUIRED(MaxItems, PageMaxItems));
STRUCTURE(TestDNSAnswerRequest, QUERY_REQUIRED(HostedZoneId, "hostedzoneid", ResourceId),
          QUERY_REQUIRED(RecordName, "recordname", DNSName), QUERY_REQUIRED(RecordType, "recordtype", RRType),
          QUERY(ResolverIP, "resolverip", IPAddress),
          QUERY(EDNS0ClientSubnetIP, "edns0clientsubnetip", IPAddress),
          QUERY(EDNS0ClientSubnetMask, "edns0clientsubnetmask", SubnetMask));
STRUCTURE(TestDNSAnswerResponse, REQUIRED(Nameserver, Nameserver), REQUIRED(RecordName, DNSName),
          REQUIRED(RecordType, RRType), REQUIRED(RecordData, RecordData), REQUIRED(ResponseCode, DNSRCode),
          REQUIRED(Protocol, TransportProtocol));
