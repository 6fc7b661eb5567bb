// SPDX-License-Identifier: MIT
// Health checks.
#include "shape_tables.h"

STRUCTURE(AlarmIdentifier, REQUIRED(Region, CloudWatchRegion), REQUIRED(Name, AlarmName));
LIST(CheckerIpRanges, IPAddressCidr, "member", 0, UNBOUNDED);
LIST(ChildHealthCheckList, HealthCheckId, "ChildHealthCheck", 0, 256);
STRUCTURE(CloudWatchAlarmConfiguration, REQUIRED(EvaluationPeriods, EvaluationPeriods),
          REQUIRED(Threshold, Threshold), REQUIRED(ComparisonOperator, ComparisonOperator),
          REQUIRED(Period, Period), REQUIRED(MetricName, MetricName), REQUIRED(Namespace, Namespace),
          REQUIRED(Statistic, Statistic), OPTIONAL(Dimensions, DimensionList));
STRUCTURE(Dimension, REQUIRED(Name, DimensionField), REQUIRED(Value, DimensionField));
LIST(DimensionList, Dimension, "Dimension", 0, 10);
STRUCTURE(HealthCheck, REQUIRED(Id, HealthCheckId), REQUIRED(CallerReference, HealthCheckNonce),
          OPTIONAL(LinkedService, LinkedService), REQUIRED(HealthCheckConfig, HealthCheckConfig),
          REQUIRED(HealthCheckVersion, HealthCheckVersion),
          OPTIONAL(CloudWatchAlarmConfiguration, CloudWatchAlarmConfiguration));
STRUCTURE(HealthCheckConfig, OPTIONAL(IPAddress, IPAddress), OPTIONAL(Port, Port),
          REQUIRED(Type, HealthCheckType), OPTIONAL(ResourcePath, ResourcePath),
          OPTIONAL(FullyQualifiedDomainName, FullyQualifiedDomainName), OPTIONAL(SearchString, SearchString),
          OPTIONAL(RequestInterval, RequestInterval), OPTIONAL(FailureThreshold, FailureThreshold),
          OPTIONAL(MeasureLatency, MeasureLatency), OPTIONAL(Inverted, Inverted),
          OPTIONAL(Disabled, Disabled), OPTIONAL(HealthThreshold, HealthThreshold),
          OPTIONAL(ChildHealthChecks, ChildHealthCheckList), OPTIONAL(EnableSNI, EnableSNI),
          OPTIONAL(Regions, HealthCheckRegionList), OPTIONAL(AlarmIdentifier, AlarmIdentifier),
          OPTIONAL(InsufficientDataHealthStatus, InsufficientDataHealthStatus),
          OPTIONAL(RoutingControlArn, RoutingControlArn));
STRUCTURE(HealthCheckObservation, OPTIONAL(Region, HealthCheckRegion), OPTIONAL(IPAddress, IPAddress),
          OPTIONAL(StatusReport, StatusReport));
LIST(HealthCheckObservations, HealthCheckObservation, "HealthCheckObservation", 0, UNBOUNDED);
LIST(HealthCheckRegionList, HealthCheckRegion, "Region", 3, 64);
LIST(HealthChecks, HealthCheck, "HealthCheck", 0, UNBOUNDED);
LIST(ResettableElementNameList, ResettableElementName, "ResettableElementName", 0, 64);
STRUCTURE(StatusReport, OPTIONAL(Status, Status), OPTIONAL(CheckedTime, TimeStamp));

// What operations take and give.
STRUCTURE(CreateHealthCheckRequest, REQUIRED(CallerReference, HealthCheckNonce),
          REQUIRED(HealthCheckConfig, HealthCheckConfig));
STRUCTURE(CreateHealthCheckResponse, REQUIRED(HealthCheck, HealthCheck),
          HEADER(Location, "Location", ResourceURI));
STRUCTURE(DeleteHealthCheckRequest, PATH(HealthCheckId, "HealthCheckId", HealthCheckId));
EMPTY(DeleteHealthCheckResponse);
EMPTY(GetCheckerIpRangesRequest);
STRUCTURE(GetCheckerIpRangesResponse, REQUIRED(CheckerIpRanges, CheckerIpRanges));
EMPTY(GetHealthCheckCountRequest);
STRUCTURE(GetHealthCheckCountResponse, REQUIRED(HealthCheckCount, HealthCheckCount));
STRUCTURE(GetHealthCheckLastFailureReasonRequest, PATH(HealthCheckId, "HealthCheckId", HealthCheckId));
STRUCTURE(GetHealthCheckLastFailureReasonResponse,
          REQUIRED(HealthCheckObservations, HealthCheckObservations));
STRUCTURE(GetHealthCheckRequest, PATH(HealthCheckId, "HealthCheckId", HealthCheckId));
STRUCTURE(GetHealthCheckResponse, REQUIRED(HealthCheck, HealthCheck));
STRUCTURE(GetHealthCheckStatusRequest, PATH(HealthCheckId, "HealthCheckId", HealthCheckId));
STRUCTURE(GetHealthCheckStatusResponse, REQUIRED(HealthCheckObservations, HealthCheckObservations));
STRUCTURE(ListHealthChecksRequest, QUERY(Marker, "marker", PageMarker),
          QUERY(MaxItems, "maxitems", PageMaxItems));
STRUCTURE(ListHealthChecksResponse, REQUIRED(HealthChecks, HealthChecks), OPTIONAL(Marker, PageMarker),
          REQUIRED(IsTruncated, PageTruncated), OPTIONAL(NextMarker, PageMarker),
          REQUIRED(MaxItems, PageMaxItems));
STRUCTURE(UpdateHealthCheckRequest, PATH(HealthCheckId, "HealthCheckId", HealthCheckId),
          OPTIONAL(HealthCheckVersion, HealthCheckVersion), OPTIONAL(IPAddress, IPAddress),
          OPTIONAL(Port, Port), OPTIONAL(ResourcePath, ResourcePath),
          OPTIONAL(FullyQualifiedDomainName, FullyQualifiedDomainName), OPTIONAL(SearchString, SearchString),
          OPTIONAL(FailureThreshold, FailureThreshold), OPTIONAL(Inverted, Inverted),
          OPTIONAL(Disabled, Disabled), OPTIONAL(HealthThreshold, HealthThreshold),
          OPTIONAL(ChildHealthChecks, ChildHealthCheckList), OPTIONAL(EnableSNI, EnableSNI),
          OPTIONAL(Regions, HealthCheckRegionList), OPTIONAL(AlarmIdentifier, AlarmIdentifier),
          OPTIONAL(InsufficientDataHealthStatus, InsufficientDataHealthStatus),
          OPTIONAL(ResetElements, ResettableElementNameList));
STRUCTURE(UpdateHealthCheckResponse, REQUIRED(HealthCheck, HealthCheck));
