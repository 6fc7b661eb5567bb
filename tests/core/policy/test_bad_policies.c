// SPDX-License-Identifier: MIT
// Each thing that a policy must not say, with the place and the text of the finding.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "support/policy_dsl.h"

struct bad {
    const char *text;
    const char *finding; // how the first line of the findings begins
};

static void expect_all(const struct bad *cases, size_t count, const struct policy_options *options)
{
    size_t failed = 0;
    for (size_t i = 0; i < count; i++) {
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, cases[i].text, NULL, options);
        const char *printed = buffer_string(&dsl.printed);
        if (dsl.policy != NULL || dsl.errors != 1 ||
            strncmp(printed, cases[i].finding, strlen(cases[i].finding)) != 0) {
            print_error("%s\nwanted, alone: %s\nfound: %s\n", cases[i].text, cases[i].finding, printed);
            failed++;
        }
        policy_dsl_free(&dsl);
    }
    assert_int_equal(failed, 0);
}
#define EXPECT_ALL(cases) expect_all(cases, sizeof(cases) / sizeof((cases)[0]), NULL)

// One record set on line 2 of a zone example.com.
#define RECORD_SET(members)                                                                                  \
    "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [\n{" members "}]}]}"
#define TWO_RECORD_SETS(first, second)                                                                       \
    "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [\n{" first "},\n{" second   \
    "}]}]}"
#define VALUE(value) "'TTL': 60, 'ResourceRecords': [{'Value': '" value "'}]"
#define A_SET(name)  "'Name': '" name "', 'Type': 'A', " VALUE("192.0.2.1")
#define LATENCY(name, type, id, region, value)                                                               \
    "'Name': '" name "', 'Type': '" type "', 'SetIdentifier': '" id "', 'Region': '" region "', " VALUE(value)

static void test_text_that_is_no_policy_is_refused_at_its_place(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {"", "policy.json:1:1: error: the text is empty; an empty object is {}"},
        {"[]", "policy.json:1:1: error: the outermost value must be an object, not an array"},
        {"{'HostedZones': []\n,}", "policy.json:2:2: error: not valid JSON: "},
        {"{\n  'HostedZones': [\n",
         "policy.json:2:19: error: the text ends too early: something is not closed"},
        {"{'Clients': [],\n 'Clients': []}", "policy.json:2:2: error: not valid JSON: duplicate object key"},
        {"{} {}", "policy.json:1:4: error: not valid JSON: end of file expected"},
        {"{ // no\n}", "policy.json:1:3: error: not valid JSON: "},
        {"{'HostedZone': []}",
         "policy.json:1:2: error: unknown field 'HostedZone'; did you mean 'HostedZones'?"},
        {"{'Banana': 1}", "policy.json:1:2: error: unknown field 'Banana' of Policy"},
        {"{'HostedZones': {}}",
         "policy.json:1:17: error: HostedZones must be an array of objects, not an object"},
        {"{'HostedZones': [\n7]}",
         "policy.json:2:1: error: this must be an object (HostedZone), not the number 7"},
        {"{'Push': {}}", "policy.json:1:2: error: Push is not supported yet"},
    };
    EXPECT_ALL(cases);
}

static void test_zones_have_an_id_and_a_name_of_their_own(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {"{'HostedZones': [{'Name': 'a.example'}]}", "policy.json:1:18: error: missing field 'Id'"},
        {"{'HostedZones': [{'Id': 'Z1'}]}", "policy.json:1:18: error: missing field 'Name'"},
        {"{'HostedZones': [{'Id': '/hostedzone/', 'Name': 'a.example'}]}",
         "policy.json:1:25: error: '/hostedzone/' is not the id of a hosted zone"},
        {"{'HostedZones': [{'Id': 'Z1', 'Name': 'a..example'}]}", "policy.json:1:39: error: FATAL problem: "},
        {"{'HostedZones': [{'Id': 'Z1', 'Name': 'a.example'},\n{'Id': '/hostedzone/Z1', 'Name': "
         "'b.example'}]}",
         "policy.json:2:8: error: another hosted zone has Id 'Z1' already"},
        {"{'HostedZones': [{'Id': 'Z1', 'Name': 'a.example', 'Config': {'PrivateZone': 1}}]}",
         "policy.json:1:78: error: PrivateZone must be true or false, not the number 1"},
    };
    EXPECT_ALL(cases);
}

// Table 5.1, F1, F2
static void test_record_sets_keep_to_the_limits_of_their_fields(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {RECORD_SET("'Type': 'A', " VALUE("192.0.2.1")), "policy.json:2:1: error: missing field 'Name'"},
        {RECORD_SET("'Name': 'a.example.com', " VALUE("192.0.2.1")),
         "policy.json:2:1: error: missing field 'Type'"},
        {RECORD_SET("'Name': 'a.example.com', 'Type': 'AAA', " VALUE("192.0.2.1")),
         "policy.json:2:35: error: unknown record type 'AAA'; did you mean 'AAAA'?"},
        {RECORD_SET("'Name': 'a.example.com', 'Type': 'ANY', " VALUE("192.0.2.1")),
         "policy.json:2:35: error: record sets cannot have type 'ANY'"},
        {RECORD_SET("'Name': 'a.example.com', 'Type': 'A', 'TTL': -1, 'ResourceRecords': [{'Value': "
                    "'192.0.2.1'}]"),
         "policy.json:2:47: error: TTL must be from 0 to 2147483647, not -1"},
        {RECORD_SET("'Name': 'a.example.com', 'Type': 'A', 'TTL': 2147483648, 'ResourceRecords': "
                    "[{'Value': '192.0.2.1'}]"),
         "policy.json:2:47: error: TTL must be from 0 to 2147483647, not 2147483648"},
        {RECORD_SET("'Name': 'a.example.com', 'Type': 'A', 'TTL': '60', 'ResourceRecords': [{'Value': "
                    "'192.0.2.1'}]"),
         "policy.json:2:47: error: TTL must be an integer, not the string '60'"},
        {RECORD_SET("'Name': 'a.example.com', 'Type': 'A', 'TTL': 60, 'ResourceRecords': []"),
         "policy.json:2:70: error: ResourceRecords must have 1 to 400 items, not 0"},
        {RECORD_SET("'Name': 'a.example.com', 'Type': 'A', 'TTL': 60"),
         "policy.json:2:1: error: Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
         "ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=CREATE, "
         "Name=a.example.com, Type=A, SetIdentifier=null]"},
        {RECORD_SET("'Name': 'a.example.com', 'Type': 'A'"),
         "policy.json:2:1: error: Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
         "ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=CREATE, "
         "Name=a.example.com, Type=A, SetIdentifier=null]"},
        {RECORD_SET(
             "'Name': 'a.example.com', 'Type': 'A', 'SetIdentifier': '', 'Region': 'us-east-1', " VALUE(
                 "192.0.2.1")),
         "policy.json:2:57: error: SetIdentifier must have 1 to 128 characters, not 0"},
        {RECORD_SET(LATENCY("a.example.com", "A", "x", "us-esat-1", "192.0.2.1")),
         "policy.json:2:72: error: unknown Region 'us-esat-1'; did you mean 'us-east-1'?"},
        {RECORD_SET(A_SET("a.example.com") ", 'Regoin': 'us-east-1'"),
         "policy.json:2:96: error: unknown field 'Regoin'; did you mean 'Region'?"},
    };
    EXPECT_ALL(cases);
}

// Table 5.3 where it has a text
static void test_names_and_types_go_together_as_route_53_demands(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {RECORD_SET(A_SET("a.example.org")),
         "policy.json:2:10: error: RRSet with DNS name a.example.org. is not "
         "permitted in zone example.com."},
        {RECORD_SET(A_SET("badexample.com")), "policy.json:2:10: error: RRSet with DNS name badexample.com. "
                                              "is not permitted in zone example.com."},
        {RECORD_SET("'Name': 'example.com', 'Type': 'CNAME', " VALUE("a.example.org")),
         "policy.json:2:33: error: RRSet of type CNAME with DNS name example.com. is not permitted at apex "
         "in "
         "zone example.com."},
        {RECORD_SET("'Name': 'a.example.com', 'Type': 'SOA', " VALUE(
             "ns.example.com. host.example.com. 1 7200 900 1209600 86400")),
         "policy.json:2:35: error: RRSet of type SOA with DNS name a.example.com. is only permitted at apex "
         "in "
         "zone example.com."},
        {RECORD_SET("'Name': '*.example.com', 'Type': 'NS', " VALUE("ns.example.org")),
         "policy.json:2:10: error: NS record sets cannot have a wildcard name"},
        {RECORD_SET("'Name': 'a.example.com', 'Type': 'CNAME', 'TTL': 60, 'ResourceRecords': "
                    "[{'Value': 'b.example.org'}, {'Value': 'c.example.org'}]"),
         "policy.json:2:103: error: a record set of type CNAME has exactly one value, not 2"},
        {RECORD_SET("'Name': 'a.example.com', 'Type': 'A', " VALUE("192.0.2.300")),
         "policy.json:2:81: error: Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address "
         "(Value is not a valid IPv4 address) encountered with '192.0.2.300''"},
        {RECORD_SET(A_SET("a.example.com") ", 'HealthCheckId': 'nope'"),
         "policy.json:2:113: error: A health check with id nope does not exist."},
        // F5, in both orders
        {TWO_RECORD_SETS("'Name': 'a.example.com', 'Type': 'CNAME', " VALUE("b.example.org"),
                         A_SET("A.example.com.")),
         "policy.json:3:36: error: RRSet of type A with DNS name a.example.com. is not permitted because a "
         "conflicting RRSet of type CNAME with the same DNS name already exists in zone example.com."},
        {TWO_RECORD_SETS(A_SET("a.example.com"),
                         "'Name': 'a.example.com', 'Type': 'CNAME', " VALUE("b.example.org")),
         "policy.json:3:35: error: RRSet of type CNAME with DNS name a.example.com. is not permitted as it "
         "conflicts with other records with the same DNS name in zone example.com."},
        // F4
        {TWO_RECORD_SETS(A_SET("\\\\141.example.com"), A_SET("a.example.com")),
         "policy.json:3:10: error: Tried to create resource record set [name='a.example.com.', type='A'] but "
         "it "
         "already exists"},
    };
    EXPECT_ALL(cases);
}

// F3, table 5.2
static void test_latency_groups_are_of_one_kind_with_a_region_each(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {RECORD_SET("'Name': 'a.example.com', 'Type': 'A', 'Region': 'us-east-1', " VALUE("192.0.2.1")),
         "policy.json:2:1: error: Invalid request: Missing field 'SetIdentifier' in Change with "
         "[Action=CREATE, Name=a.example.com, Type=A, SetIdentifier=null]"},
        {RECORD_SET(A_SET("a.example.com") ", 'SetIdentifier': 'x'"),
         "policy.json:2:96: error: Invalid request: Expected exactly one of [Weight, Region, Failover, "
         "GeoLocation, or MultiValueAnswer], but found none in Change with [Action=CREATE, "
         "Name=a.example.com, Type=A, SetIdentifier=x]"},
        {RECORD_SET(LATENCY("a.example.com", "NS", "x", "us-east-1", "ns.example.org")),
         "policy.json:2:35: error: latency routing is not possible for type NS"},
        {TWO_RECORD_SETS(LATENCY("a.example.com", "A", "x", "us-east-1", "192.0.2.1"),
                         LATENCY("a.example.com", "A", "x", "eu-west-1", "192.0.2.2")),
         "policy.json:3:57: error: Tried to create resource record set [name='a.example.com.', type='A', "
         "set-identifier='x'] but it already exists"},
        {TWO_RECORD_SETS(LATENCY("a.example.com", "A", "y", "us-east-1", "192.0.2.1"),
                         LATENCY("a.example.com", "A", "x", "us-east-1", "192.0.2.2")),
         "policy.json:3:72: error: RRSet with DNS name a.example.com., type A, SetIdentifier x, and Region "
         "Name=us-east-1 cannot be created because a latency RRSet with the same name, type and region "
         "already exists."},
        {TWO_RECORD_SETS(A_SET("a.example.com"),
                         LATENCY("a.example.com", "A", "x", "us-east-1", "192.0.2.2")),
         "policy.json:3:10: error: RRSet with DNS name a.example.com., type A, SetIdentifier x cannot be "
         "created as a non-latency set exists with the same name and type."},
    };
    EXPECT_ALL(cases);
}

#define X16(text)      text text text text text text text text text text text text text text text text
#define X256(text)     X16(X16(text))
#define CHECK(members) "{'HealthChecks': [{'Id': 'a', 'HealthCheckConfig':\n{" members "}}]}"

// Tables 1.1 and 1.2
static void test_health_checks_keep_to_their_type(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {"{'HealthChecks': [{'Id': 'a'}]}", "policy.json:1:19: error: missing field 'HealthCheckConfig'"},
        {"{'HealthChecks': [{'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '8.8.8.8'}}]}",
         "policy.json:1:19: error: missing field 'Id'"},
        {"{'HealthChecks': [{'Id': 'a', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '8.8.8.8'}},\n"
         "{'Id': 'a', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '8.8.8.8'}}]}",
         "policy.json:2:8: error: another health check has Id 'a' already"},
        {CHECK("'IPAddress': '8.8.8.8'"), "policy.json:2:1: error: missing field 'Type'"},
        {CHECK("'Type': 'HTPP', 'IPAddress': '8.8.8.8'"),
         "policy.json:2:10: error: unknown Type 'HTPP'; did you mean 'HTTP'?"},
        {CHECK("'Type': 'HTTP'"),
         "policy.json:2:1: error: IPAddress or FullyQualifiedDomainName is required"},
        {CHECK("'Type': 'HTTP', 'IPAddress': ''"),
         "policy.json:2:1: error: IPAddress or FullyQualifiedDomainName is required"},
        {CHECK("'Type': 'HTTP', 'IPAddress': 'localhost'"),
         "policy.json:2:31: error: 'localhost' is not an IPv4 or IPv6 address"},
        {CHECK("'Type': 'HTTP', 'IPAddress': '10.0.0.1'"),
         "policy.json:2:31: error: IPAddress 10.0.0.1 is in a range for special use (private use), which "
         "Route 53 "
         "refuses; Simulator.AllowSpecialUseAddresses permits it here"},
        {CHECK("'Type': 'HTTP', 'IPAddress': '8.8.8.8', 'RequestInterval': 20"),
         "policy.json:2:61: error: RequestInterval must be 10 or 30, not 20; Simulator.FreeIntervals "
         "permits"},
        {CHECK("'Type': 'HTTP', 'IPAddress': '8.8.8.8', 'RequestInterval': 0.01"),
         "policy.json:2:61: error: RequestInterval must be from 0.05 to 86400, not 0.01"},
        {CHECK("'Type': 'HTTP', 'IPAddress': '8.8.8.8', 'FailureThreshold': 11"),
         "policy.json:2:62: error: FailureThreshold must be from 1 to 10, not 11"},
        {CHECK("'Type': 'HTTP', 'IPAddress': '8.8.8.8', 'Port': 0"),
         "policy.json:2:50: error: Port must be from 1 to 65535, not 0"},
        {CHECK("'Type': 'HTTP', 'IPAddress': '8.8.8.8', 'Regions': ['us-east-1', 'eu-west-1']"),
         "policy.json:2:53: error: Regions must have 3 to 64 items, not 2"},
        {CHECK("'Type': 'HTTP', 'IPAddress': '8.8.8.8', 'Regions': ['us-east-1', 'eu-west-1', 'eu-west-2']"),
         "policy.json:2:80: error: unknown value in Regions 'eu-west-2'; did you mean 'eu-west-1'?"},
        {CHECK("'Type': 'HTTP', 'IPAddress': '8.8.8.8', 'Regions': ['us-east-1', 'eu-west-1', 'us-east-1']"),
         "policy.json:2:80: error: Regions names 'us-east-1' twice"},
        {CHECK("'Type': 'HTTP', 'FullyQualifiedDomainName': 'a b'"),
         "policy.json:2:46: error: 'a b' is not a domain name"},
        {CHECK("'Type': 'HTTP', 'IPAddress': '8.8.8.8', 'ResourcePath': '/a b'"),
         "policy.json:2:58: error: ResourcePath must be printable ASCII without spaces"},
        {CHECK("'Type': 'HTTP', 'IPAddress': '8.8.8.8', 'AlarmIdentifier': {'Region': 'us-east-1', 'Name': "
               "'x'}"),
         "policy.json:2:42: error: Invalid parameter : Basic health checks must not have an metric region "
         "specified."},
        {CHECK("'Type': 'HTTP', 'IPAddress': '8.8.8.8', 'SearchString': 'x'"),
         "policy.json:2:42: error: Invalid parameter : Basic health checks must not have a search string "
         "specified."},
        {CHECK("'Type': 'HTTP_STR_MATCH', 'IPAddress': '8.8.8.8'"),
         "policy.json:2:1: error: Invalid parameter : Basic health checks of type HTTP_STR_MATCH must have a "
         "search string specified."},
        {CHECK("'Type': 'HTTP_STR_MATCH', 'IPAddress': '8.8.8.8', 'SearchString': ''"),
         "policy.json:2:68: error: Invalid parameter : Basic health checks of type HTTP_STR_MATCH must have "
         "a search string specified."},
        {CHECK("'Type': 'HTTP_STR_MATCH', 'IPAddress': '8.8.8.8', 'SearchString': '" X256("x") "'"),
         "policy.json:2:68: error: SearchString must have at most 255 characters, not 256"},
        {CHECK("'Type': 'RECOVERY_CONTROL'"),
         "policy.json:2:1: error: Invalid parameter : Recovery control health checks must have a routing "
         "control ARN specified."},
        {CHECK("'Type': 'RECOVERY_CONTROL', 'RoutingControlArn': 'arn', 'FailureThreshold': 3"),
         "policy.json:2:58: error: Invalid parameter : Recovery control health checks must not have a "
         "failure "
         "threshold specified."},
        {CHECK("'Type': 'CALCULATED', 'ChildHealthChecks': []"),
         "policy.json:2:1: error: Invalid parameter : Calculated health checks must have a health threshold "
         "specified."},
        {CHECK("'Type': 'CALCULATED', 'HealthThreshold': 257"),
         "policy.json:2:43: error: HealthThreshold must be from 0 to 256, not 257"},
        {CHECK("'Type': 'CALCULATED', 'HealthThreshold': 1, 'ChildHealthChecks': ['aa']"),
         "policy.json:2:68: error: a health check with id 'aa' does not exist; did you mean 'a'?"},
        {CHECK("'Type': 'CALCULATED', 'HealthThreshold': 1, 'ChildHealthChecks': ['a']"),
         "policy.json:2:68: error: 'a' is a calculated health check, which cannot be a child"},
        {"{'HealthChecks': [{'Id': 'a', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '8.8.8.8'}},\n"
         "{'Id': 'b', 'HealthCheckConfig': {'Type': 'CALCULATED', 'HealthThreshold': 1,\n"
         "'ChildHealthChecks': ['a', 'a']}}]}",
         "policy.json:3:28: error: ChildHealthChecks names 'a' twice"},
        {CHECK("'Type': 'CALCULATED', 'HealthThreshold': 1, 'ChildHealthChecks': [" X256("'a', ") "'a']"),
         "policy.json:2:67: error: ChildHealthChecks must have at most 255 items, not 257"},
        {CHECK("'Type': 'CALCULATED', 'HealthThreshold': 1, 'Port': 80"),
         "policy.json:2:46: error: Invalid parameter : Calculated health checks must not have a port "
         "specified."},
        {CHECK("'Type': 'HTTP', 'IPAddress': '8.8.8.8', 'HealthThreshold': 1"),
         "policy.json:2:42: error: Invalid parameter : Basic health checks must not have a health threshold"},
        {CHECK("'Type': 'TCP', 'IPAddress': '8.8.8.8'"),
         "policy.json:2:1: error: TCP health checks must have a Port"},
        {CHECK("'Type': 'TCP', 'IPAddress': '8.8.8.8', 'Port': 80, 'ResourcePath': '/x'"),
         "policy.json:2:53: error: TCP health checks must not have a resource path specificed."},
        {CHECK("'Type': 'TCP', 'IPAddress': '8.8.8.8', 'Port': 80, 'FullyQualifiedDomainName': 'a.example'"),
         "policy.json:2:81: error: TCP health checks that have IP address must not have a fully qualified "
         "domain "
         "name specified."},
    };
    EXPECT_ALL(cases);
}

static void test_clients_are_blocks_in_places_that_exist(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {"{'Clients': [{'Cidr': '192.0.2.0/33', 'Place': 'DE'}]}",
         "policy.json:1:23: error: '192.0.2.0/33' needs a prefix length"},
        {"{'Clients': [{'Cidr': '192.0.2.1/24', 'Place': 'DE'}]}",
         "policy.json:1:23: error: '192.0.2.1/24' has bits set beyond its prefix length; did you mean "
         "'192.0.2.0/24'?"},
        {"{'Clients': [{'Cidr': '192.0.2.0/24', 'Place': 'us-esat-1'}]}",
         "policy.json:1:48: error: place 'us-esat-1' is neither in the latency table nor an AWS region; did "
         "you "
         "mean 'us-east-1'?"},
        {"{'Clients': [{'Cidr': '192.0.2.0/24', 'Place': 'DE'},\n{'Cidr': '192.0.2.0/24', 'Place': 'JP'}]}",
         "policy.json:2:10: error: '192.0.2.0/24' is given twice, in 'DE' and in 'JP'"},
        {"{'DefaultClient': 'Mars'}",
         "policy.json:1:19: error: place 'Mars' is neither in the latency table nor an AWS region"},
        {"{'Simulator': {'HealthyPercent': 100}}",
         "policy.json:1:34: error: HealthyPercent must be from 0 to 99, not 100"},
        {"{'Simulator': {'CheckerPerRegion': 1}}",
         "policy.json:1:16: error: unknown field 'CheckerPerRegion'; did you mean 'CheckersPerRegion'?"},
    };
    EXPECT_ALL(cases);
}

static void test_all_findings_come_at_once_in_order_of_place(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    policy_dsl_read(
        &dsl,
        "{'Clients': [{'Cidr': 'x', 'Place': 'Nowhere'}],\n"
        " 'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [\n"
        "  {'Name': 'a.example.org', 'Type': 'A', 'TTL': 'x', 'ResourceRecords': [{'Value': 7}],\n"
        "   'HealthCheckId': 'b', 'Bogus': 1}]}],\n"
        " 'HealthChecks': [{'Id': 'a', 'HealthCheckConfig': {'Type': 'TCP', 'IPAddress': '::1'}}]}\n",
        NULL, NULL);
    static const char *const wanted[] = {
        "policy.json:1:23: error: 'x' is not an IP address",
        "policy.json:1:37: error: place 'Nowhere'",
        "policy.json:3:12: error: RRSet with DNS name a.example.org.",
        "policy.json:3:49: error: TTL must be an integer, not the string 'x'",
        "policy.json:3:84: error: Value must be a string, not the number 7",
        "policy.json:4:21: error: A health check with id b does not exist. Did you mean 'a'?",
        "policy.json:4:26: error: unknown field 'Bogus'",
        "policy.json:5:52: error: TCP health checks must have a Port",
        "policy.json:5:81: error: IPAddress ::1 is in a range for special use (loopback)",
        "9 errors\n",
    };
    const char *at = buffer_string(&dsl.printed);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const char *found = strstr(at, wanted[i]);
        if (found == NULL) {
            fail_msg("wanted in order: %s\nfound:\n%s", wanted[i], buffer_string(&dsl.printed));
        } else {
            at = found;
        }
    }
    assert_int_equal(dsl.errors, 9);
    assert_null(dsl.policy);
    policy_dsl_free(&dsl);
}

// L4
static void test_a_group_has_at_most_a_hundred_members(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text, 1 << 20);
    buffer_text(&text, "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [");
    for (int i = 0; i < 101; i++) {
        buffer_format(&text,
                      "%s{'Name': 'a.example.com', 'Type': 'A', 'SetIdentifier': 's%d', 'Region': '%s', "
                      "'TTL': 1, 'ResourceRecords': [{'Value': '192.0.2.1'}]}",
                      i > 0 ? ",\n" : "", i, i % 2 == 0 ? "us-east-1" : "eu-west-1");
    }
    buffer_text(&text, "]}]}");
    struct policy_dsl dsl;
    policy_dsl_read(&dsl, buffer_string(&text), NULL, NULL);
    assert_non_null(strstr(buffer_string(&dsl.printed),
                           "101 record sets have DNS name a.example.com. and type A; at most 100 can"));
    assert_int_equal(dsl.errors, 1 + 99); // and the regions
    policy_dsl_free(&dsl);
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_that_is_no_policy_is_refused_at_its_place),
        cmocka_unit_test(test_zones_have_an_id_and_a_name_of_their_own),
        cmocka_unit_test(test_record_sets_keep_to_the_limits_of_their_fields),
        cmocka_unit_test(test_names_and_types_go_together_as_route_53_demands),
        cmocka_unit_test(test_latency_groups_are_of_one_kind_with_a_region_each),
        cmocka_unit_test(test_health_checks_keep_to_their_type),
        cmocka_unit_test(test_clients_are_blocks_in_places_that_exist),
        cmocka_unit_test(test_all_findings_come_at_once_in_order_of_place),
        cmocka_unit_test(test_a_group_has_at_most_a_hundred_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
