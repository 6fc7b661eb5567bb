// SPDX-License-Identifier: MIT
// Texts, numbers and enumerations.
#include "shape_tables.h"

#include "base/ip.h"

static bool is_word_byte(uint8_t c)
{
    return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_' || c == '-';
}

static bool is_word_or_star(struct bytes text)
{
    size_t i = 0;
    while (i < text.len && (is_word_byte(text.data[i]) || text.data[i] == '*')) {
        i++;
    }
    return i == text.len && text.len > 0;
}

static bool is_word(struct bytes text)
{
    return is_word_or_star(text) && memchr(text.data, '*', text.len) == NULL;
}

static bool is_ascii(struct bytes text)
{
    size_t i = 0;
    while (i < text.len && text.data[i] < 0x80) {
        i++;
    }
    return i == text.len && text.len > 0;
}

static bool is_address(struct bytes text)
{
    struct ip_address address;
    return ip_parse(text, &address);
}

static size_t count_digits(struct bytes text, size_t from)
{
    size_t i = from;
    while (i < text.len && text.data[i] >= '0' && text.data[i] <= '9') {
        i++;
    }
    return i - from;
}

// A sign, one to most digits, and at most two behind a point.
static bool is_degrees(struct bytes text, size_t most)
{
    size_t at = text.len > 0 && (text.data[0] == '-' || text.data[0] == '+') ? 1 : 0;
    size_t whole = count_digits(text, at);
    at += whole;
    size_t part = 0;
    if (at < text.len && text.data[at] == '.') {
        part = count_digits(text, at + 1);
        at += 1 + part;
    }
    return whole >= 1 && whole <= most && part <= 2 && at == text.len;
}

static bool is_latitude(struct bytes text)
{
    return is_degrees(text, 2);
}

static bool is_longitude(struct bytes text)
{
    return is_degrees(text, 3);
}

// --- texts -------------------------------------------------------------------------------------------------

STRING(ARN, 20, 2048);
STRING(AWSAccountID, 0, UNBOUNDED);
STRING(AWSRegion, 1, 64);
STRING(AlarmName, 1, 256);
STRING(AssociateVPCComment, 0, UNBOUNDED);
STRING(ChangeId, 1, 6500);
STRING(CloudWatchLogsLogGroupArn, 0, UNBOUNDED);
STRING(Cidr, 1, 50);
STRING(DNSName, 0, 1024);
STRING(DNSRCode, 0, UNBOUNDED);
STRING(DimensionField, 1, 255);
STRING(DisassociateVPCComment, 0, UNBOUNDED);
STRING(FailureReason, 0, UNBOUNDED);
STRING(FullyQualifiedDomainName, 0, 255);
STRING(GeoLocationContinentCode, 2, 2);
STRING(GeoLocationContinentName, 1, 32);
STRING(GeoLocationCountryCode, 1, 2);
STRING(GeoLocationCountryName, 1, 64);
STRING(GeoLocationSubdivisionCode, 1, 3);
STRING(GeoLocationSubdivisionName, 1, 64);
STRING(HealthCheckId, 0, 64);
STRING(HealthCheckNonce, 1, 64);
STRING(HostedZoneOwningService, 0, 128);
STRING(IPAddressCidr, 0, UNBOUNDED);
STRING(LocalZoneGroup, 1, 64);
STRING(MaxResults, 0, UNBOUNDED);
STRING(Message, 0, 1024);
STRING(MetricName, 1, 255);
STRING(Nameserver, 0, 255);
STRING(Namespace, 1, 255);
STRING(Nonce, 1, 128);
STRING(PageMarker, 0, 64);
STRING(PageMaxItems, 0, UNBOUNDED);
STRING(PaginationToken, 0, 1024);
STRING(QueryLoggingConfigId, 1, 36);
STRING(RData, 0, 4000);
STRING(RecordDataEntry, 0, 512);
STRING(ResourceDescription, 0, 256);
STRING(ResourceId, 0, 32);
STRING(ResourcePath, 0, 255);
STRING(ResourceRecordSetIdentifier, 1, 128);
STRING(ResourceURI, 0, 1024);
STRING(RoutingControlArn, 1, 255);
STRING(SearchString, 0, 255);
STRING(ServeSignature, 1, 1024);
STRING(ServicePrincipal, 0, 128);
STRING(SigningKeyName, 3, 128);
STRING(SigningKeyStatus, 5, 150);
STRING(SigningKeyStatusMessage, 0, 512);
STRING(SigningKeyString, 0, UNBOUNDED);
STRING(Status, 0, UNBOUNDED);
STRING(SubnetMask, 0, 3);
STRING(TagKey, 0, 128);
STRING(TagResourceId, 0, 64);
STRING(TagValue, 0, 256);
STRING(TrafficPolicyComment, 0, 1024);
STRING(TrafficPolicyDocument, 0, 102400);
STRING(TrafficPolicyId, 1, 36);
STRING(TrafficPolicyInstanceId, 1, 36);
STRING(TrafficPolicyInstanceState, 0, UNBOUNDED);
STRING(TrafficPolicyName, 0, 512);
STRING(TrafficPolicyVersionMarker, 0, 4);
STRING(TransportProtocol, 0, UNBOUNDED);
STRING(UUID, 0,
       UNBOUNDED); // no pattern: an id from a policy file is as good, and an unknown one is not found
STRING(VPCId, 0, 1024);

// --- patterns ----------------------------------------------------------------------------------------------

MATCHED(CidrLocationNameDefaultAllowed, 1, 16, "[0-9A-Za-z_\\-\\*]+", is_word_or_star);
MATCHED(CidrLocationNameDefaultNotAllowed, 1, 16, "[0-9A-Za-z_\\-]+", is_word);
MATCHED(CidrNonce, 1, 64, "\\p{ASCII}+", is_ascii);
MATCHED(CollectionName, 1, 64, "[0-9A-Za-z_\\-]+", is_word);
MATCHED(IPAddress, 0, 45, "an IPv4 or IPv6 address", is_address); // theirs is a screen long
MATCHED(Latitude, 1, 6, "[-+]?[0-9]{1,2}(\\.[0-9]{0,2})?", is_latitude);
MATCHED(Longitude, 1, 7, "[-+]?[0-9]{1,3}(\\.[0-9]{0,2})?", is_longitude);

// --- numbers -----------------------------------------------------------------------------------------------

NUMBER(Bias, INTEGER, -99, 99);
NUMBER(CollectionVersion, LONG, 1, INT64_MAX);
NUMBER(EvaluationPeriods, INTEGER, 1, INT32_MAX);
NUMBER(FailureThreshold, INTEGER, 1, 10);
NUMBER(HealthCheckCount, LONG, INT64_MIN, INT64_MAX);
NUMBER(HealthCheckVersion, LONG, 1, INT64_MAX);
NUMBER(HealthThreshold, INTEGER, 0, 256);
NUMBER(HostedZoneCount, LONG, INT64_MIN, INT64_MAX);
NUMBER(HostedZoneRRSetCount, LONG, INT64_MIN, INT64_MAX);
NUMBER(LimitValue, LONG, 1, INT64_MAX);
NUMBER(Period, INTEGER, 60, INT32_MAX);
NUMBER(Port, INTEGER, 1, 65535);
NUMBER(RequestInterval, INTEGER, 10, 30);
NUMBER(ResourceRecordSetWeight, LONG, 0, 255);
NUMBER(SigningKeyInteger, INTEGER, INT32_MIN, INT32_MAX);
NUMBER(SigningKeyTag, INTEGER, 0, 65536);
NUMBER(TTL, LONG, 0, 2147483647);
NUMBER(TrafficPolicyInstanceCount, INTEGER, INT32_MIN, INT32_MAX);
NUMBER(TrafficPolicyVersion, INTEGER, 1, 1000);
NUMBER(UsageCount, LONG, 0, INT64_MAX);

// --- others ------------------------------------------------------------------------------------------------

VALUE(AcceleratedRecoveryEnabled, BOOLEAN);
VALUE(AliasHealthEnabled, BOOLEAN);
VALUE(Disabled, BOOLEAN);
VALUE(EnableSNI, BOOLEAN);
VALUE(Inverted, BOOLEAN);
VALUE(IsPrivateZone, BOOLEAN);
VALUE(MeasureLatency, BOOLEAN);
VALUE(PageTruncated, BOOLEAN);
VALUE(ResourceRecordSetMultiValueAnswer, BOOLEAN);
VALUE(Threshold, DOUBLE);
VALUE(TimeStamp, TIMESTAMP);

// --- enumerations ------------------------------------------------------------------------------------------

ENUMERATION(AcceleratedRecoveryStatus, "ENABLING", "ENABLE_FAILED", "ENABLING_HOSTED_ZONE_LOCKED", "ENABLED",
            "DISABLING", "DISABLE_FAILED", "DISABLED", "DISABLING_HOSTED_ZONE_LOCKED");
ENUMERATION(AccountLimitType, "MAX_HEALTH_CHECKS_BY_OWNER", "MAX_HOSTED_ZONES_BY_OWNER",
            "MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER", "MAX_REUSABLE_DELEGATION_SETS_BY_OWNER",
            "MAX_TRAFFIC_POLICIES_BY_OWNER");
ENUMERATION(ChangeAction, "CREATE", "DELETE", "UPSERT");
ENUMERATION(ChangeStatus, "PENDING", "INSYNC");
ENUMERATION(CidrCollectionChangeAction, "PUT", "DELETE_IF_EXISTS");
ENUMERATION(CloudWatchRegion, "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1",
            "eu-central-1", "eu-central-2", "eu-west-1", "eu-west-2", "eu-west-3", "ap-east-1", "me-south-1",
            "me-central-1", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
            "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "eu-north-1", "sa-east-1", "cn-northwest-1",
            "cn-north-1", "af-south-1", "eu-south-1", "eu-south-2", "us-gov-west-1", "us-gov-east-1",
            "us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "ap-southeast-4", "il-central-1", "ca-west-1",
            "ap-southeast-5", "mx-central-1", "us-isof-south-1", "us-isof-east-1", "ap-southeast-7",
            "ap-east-2", "eu-isoe-west-1", "ap-southeast-6", "us-isob-west-1", "eusc-de-east-1");
ENUMERATION(ComparisonOperator, "GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold",
            "LessThanOrEqualToThreshold");
ENUMERATION(HealthCheckRegion, "us-east-1", "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1",
            "ap-southeast-2", "ap-northeast-1", "sa-east-1");
ENUMERATION(HealthCheckType, "HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP", "CALCULATED",
            "CLOUDWATCH_METRIC", "RECOVERY_CONTROL");
ENUMERATION(HostedZoneLimitType, "MAX_RRSETS_BY_ZONE", "MAX_VPCS_ASSOCIATED_BY_ZONE");
ENUMERATION(HostedZoneType, "PrivateHostedZone");
ENUMERATION(InsufficientDataHealthStatus, "Healthy", "Unhealthy", "LastKnownStatus");
ENUMERATION(RRType, "SOA", "A", "TXT", "NS", "CNAME", "MX", "NAPTR", "PTR", "SRV", "SPF", "AAAA", "CAA", "DS",
            "TLSA", "SSHFP", "SVCB", "HTTPS");
ENUMERATION(ResettableElementName, "FullyQualifiedDomainName", "Regions", "ResourcePath",
            "ChildHealthChecks");
ENUMERATION(ResourceRecordSetFailover, "PRIMARY", "SECONDARY");
ENUMERATION(ResourceRecordSetRegion, "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1",
            "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-central-2", "ap-southeast-1",
            "ap-southeast-2", "ap-southeast-3", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
            "eu-north-1", "sa-east-1", "cn-north-1", "cn-northwest-1", "ap-east-1", "me-south-1",
            "me-central-1", "ap-south-1", "ap-south-2", "af-south-1", "eu-south-1", "eu-south-2",
            "ap-southeast-4", "il-central-1", "ca-west-1", "ap-southeast-5", "mx-central-1", "ap-southeast-7",
            "us-gov-east-1", "us-gov-west-1", "ap-east-2", "ap-southeast-6", "eusc-de-east-1");
ENUMERATION(ReusableDelegationSetLimitType, "MAX_ZONES_BY_REUSABLE_DELEGATION_SET");
ENUMERATION(Statistic, "Average", "Sum", "SampleCount", "Maximum", "Minimum");
ENUMERATION(TagResourceType, "healthcheck", "hostedzone");
ENUMERATION(VPCRegion, "us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-2",
            "eu-west-3", "eu-central-1", "eu-central-2", "ap-east-1", "me-south-1", "us-gov-west-1",
            "us-gov-east-1", "us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "me-central-1",
            "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-south-1", "ap-south-2",
            "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "eu-north-1", "sa-east-1", "ca-central-1",
            "cn-north-1", "cn-northwest-1", "af-south-1", "eu-south-1", "eu-south-2", "ap-southeast-4",
            "il-central-1", "ca-west-1", "ap-southeast-5", "mx-central-1", "us-isof-south-1",
            "us-isof-east-1", "ap-southeast-7", "ap-east-2", "eu-isoe-west-1", "ap-southeast-6",
            "us-isob-west-1", "eusc-de-east-1");
