// SPDX-License-Identifier: MIT
// Traffic policies and their instances.
#include "shape_tables.h"

LIST(TrafficPolicies, TrafficPolicy, "TrafficPolicy", 0, UNBOUNDED);
STRUCTURE(TrafficPolicy, REQUIRED(Id, TrafficPolicyId), REQUIRED(Version, TrafficPolicyVersion),
          REQUIRED(Name, TrafficPolicyName), REQUIRED(Type, RRType),
          REQUIRED(Document, TrafficPolicyDocument), OPTIONAL(Comment, TrafficPolicyComment));
STRUCTURE(TrafficPolicyInstance, REQUIRED(Id, TrafficPolicyInstanceId), REQUIRED(HostedZoneId, ResourceId),
          REQUIRED(Name, DNSName), REQUIRED(TTL, TTL), REQUIRED(State, TrafficPolicyInstanceState),
          REQUIRED(Message, Message), REQUIRED(TrafficPolicyId, TrafficPolicyId),
          REQUIRED(TrafficPolicyVersion, TrafficPolicyVersion), REQUIRED(TrafficPolicyType, RRType));
LIST(TrafficPolicyInstances, TrafficPolicyInstance, "TrafficPolicyInstance", 0, UNBOUNDED);
LIST(TrafficPolicySummaries, TrafficPolicySummary, "TrafficPolicySummary", 0, UNBOUNDED);
STRUCTURE(TrafficPolicySummary, REQUIRED(Id, TrafficPolicyId), REQUIRED(Name, TrafficPolicyName),
          REQUIRED(Type, RRType), REQUIRED(LatestVersion, TrafficPolicyVersion),
          REQUIRED(TrafficPolicyCount, TrafficPolicyVersion));

// What operations take and give.
STRUCTURE(CreateTrafficPolicyInstanceRequest, REQUIRED(HostedZoneId, ResourceId), REQUIRED(Name, DNSName),
          REQUIRED(TTL, TTL), REQUIRED(TrafficPolicyId, TrafficPolicyId),
          REQUIRED(TrafficPolicyVersion, TrafficPolicyVersion));
STRUCTURE(CreateTrafficPolicyInstanceResponse, REQUIRED(TrafficPolicyInstance, TrafficPolicyInstance),
          HEADER(Location, "Location", ResourceURI));
STRUCTURE(CreateTrafficPolicyRequest, REQUIRED(Name, TrafficPolicyName),
          REQUIRED(Document, TrafficPolicyDocument), OPTIONAL(Comment, TrafficPolicyComment));
STRUCTURE(CreateTrafficPolicyResponse, REQUIRED(TrafficPolicy, TrafficPolicy),
          HEADER(Location, "Location", ResourceURI));
STRUCTURE(CreateTrafficPolicyVersionRequest, PATH(Id, "Id", TrafficPolicyId),
          REQUIRED(Document, TrafficPolicyDocument), OPTIONAL(Comment, TrafficPolicyComment));
STRUCTURE(CreateTrafficPolicyVersionResponse, REQUIRED(TrafficPolicy, TrafficPolicy),
          HEADER(Location, "Location", ResourceURI));
STRUCTURE(DeleteTrafficPolicyInstanceRequest, PATH(Id, "Id", TrafficPolicyInstanceId));
EMPTY(DeleteTrafficPolicyInstanceResponse);
STRUCTURE(DeleteTrafficPolicyRequest, PATH(Id, "Id", TrafficPolicyId),
          PATH(Version, "Version", TrafficPolicyVersion));
EMPTY(DeleteTrafficPolicyResponse);
EMPTY(GetTrafficPolicyInstanceCountRequest);
STRUCTURE(GetTrafficPolicyInstanceCountResponse,
          REQUIRED(TrafficPolicyInstanceCount, TrafficPolicyInstanceCount));
STRUCTURE(GetTrafficPolicyInstanceRequest, PATH(Id, "Id", TrafficPolicyInstanceId));
STRUCTURE(GetTrafficPolicyInstanceResponse, REQUIRED(TrafficPolicyInstance, TrafficPolicyInstance));
STRUCTURE(GetTrafficPolicyRequest, PATH(Id, "Id", TrafficPolicyId),
          PATH(Version, "Version", TrafficPolicyVersion));
STRUCTURE(GetTrafficPolicyResponse, REQUIRED(TrafficPolicy, TrafficPolicy));
STRUCTURE(ListTrafficPoliciesRequest, QUERY(TrafficPolicyIdMarker, "trafficpolicyid", TrafficPolicyId),
          QUERY(MaxItems, "maxitems", PageMaxItems));
STRUCTURE(ListTrafficPoliciesResponse, REQUIRED(TrafficPolicySummaries, TrafficPolicySummaries),
          REQUIRED(IsTruncated, PageTruncated), REQUIRED(TrafficPolicyIdMarker, TrafficPolicyId),
          REQUIRED(MaxItems, PageMaxItems));
STRUCTURE(ListTrafficPolicyInstancesByHostedZoneRequest, QUERY_REQUIRED(HostedZoneId, "id", ResourceId),
          QUERY(TrafficPolicyInstanceNameMarker, "trafficpolicyinstancename", DNSName),
          QUERY(TrafficPolicyInstanceTypeMarker, "trafficpolicyinstancetype", RRType),
          QUERY(MaxItems, "maxitems", PageMaxItems));
STRUCTURE(ListTrafficPolicyInstancesByHostedZoneResponse,
          REQUIRED(TrafficPolicyInstances, TrafficPolicyInstances),
          OPTIONAL(TrafficPolicyInstanceNameMarker, DNSName),
          OPTIONAL(TrafficPolicyInstanceTypeMarker, RRType), REQUIRED(IsTruncated, PageTruncated),
          REQUIRED(MaxItems, PageMaxItems));
STRUCTURE(ListTrafficPolicyInstancesByPolicyRequest, QUERY_REQUIRED(TrafficPolicyId, "id", TrafficPolicyId),
          QUERY_REQUIRED(TrafficPolicyVersion, "version", TrafficPolicyVersion),
          QUERY(HostedZoneIdMarker, "hostedzoneid", ResourceId),
          QUERY(TrafficPolicyInstanceNameMarker, "trafficpolicyinstancename", DNSName),
          QUERY(TrafficPolicyInstanceTypeMarker, "trafficpolicyinstancetype", RRType),
          QUERY(MaxItems, "maxitems", PageMaxItems));
STRUCTURE(ListTrafficPolicyInstancesByPolicyResponse,
          REQUIRED(TrafficPolicyInstances, TrafficPolicyInstances), OPTIONAL(HostedZoneIdMarker, ResourceId),
          OPTIONAL(TrafficPolicyInstanceNameMarker, DNSName),
          OPTIONAL(TrafficPolicyInstanceTypeMarker, RRType), REQUIRED(IsTruncated, PageTruncated),
          REQUIRED(MaxItems, PageMaxItems));
STRUCTURE(ListTrafficPolicyInstancesRequest, QUERY(HostedZoneIdMarker, "hostedzoneid", ResourceId),
          QUERY(TrafficPolicyInstanceNameMarker, "trafficpolicyinstancename", DNSName),
          QUERY(TrafficPolicyInstanceTypeMarker, "trafficpolicyinstancetype", RRType),
          QUERY(MaxItems, "maxitems", PageMaxItems));
STRUCTURE(ListTrafficPolicyInstancesResponse, REQUIRED(TrafficPolicyInstances, TrafficPolicyInstances),
          OPTIONAL(HostedZoneIdMarker, ResourceId), OPTIONAL(TrafficPolicyInstanceNameMarker, DNSName),
          OPTIONAL(TrafficPolicyInstanceTypeMarker, RRType), REQUIRED(IsTruncated, PageTruncated),
          REQUIRED(MaxItems, PageMaxItems));
STRUCTURE(ListTrafficPolicyVersionsRequest, PATH(Id, "Id", TrafficPolicyId),
          QUERY(TrafficPolicyVersionMarker, "trafficpolicyversion", TrafficPolicyVersionMarker),
          QUERY(MaxItems, "maxitems", PageMaxItems));
STRUCTURE(ListTrafficPolicyVersionsResponse, REQUIRED(TrafficPolicies, TrafficPolicies),
          REQUIRED(IsTruncated, PageTruncated),
          REQUIRED(TrafficPolicyVersionMarker, TrafficPolicyVersionMarker), REQUIRED(MaxItems, PageMaxItems));
STRUCTURE(UpdateTrafficPolicyCommentRequest, PATH(Id, "Id", TrafficPolicyId),
          PATH(Version, "Version", TrafficPolicyVersion), REQUIRED(Comment, TrafficPolicyComment));
STRUCTURE(UpdateTrafficPolicyCommentResponse, REQUIRED(TrafficPolicy, TrafficPolicy));
STRUCTURE(UpdateTrafficPolicyInstanceRequest, PATH(Id, "Id", TrafficPolicyInstanceId), REQUIRED(TTL, TTL),
          REQUIRED(TrafficPolicyId, TrafficPolicyId), REQUIRED(TrafficPolicyVersion, TrafficPolicyVersion));
STRUCTURE(UpdateTrafficPolicyInstanceResponse, REQUIRED(TrafficPolicyInstance, TrafficPolicyInstance));
