// SPDX-License-Identifier: MIT
// What goes together and what does not, whole tables at a time: 5.2 (policy by type, alias and private zone),
// 5.1 (two policies in one record set or one group) and 1.1 (health check type by field).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/dns/rrtype.h"
#include "support/policy_dsl.h"

enum { POLICY_COUNT = 8, TEXT_MAX = 2048 };

static const struct {
    const char *name;
    const char *field; // "": simple
} policies[POLICY_COUNT] = {
    {"simple", ""},
    {"weighted", "'Weight': 1"},
    {"latency", "'Region': 'us-east-1'"},
    {"failover", "'Failover': 'PRIMARY'"},
    {"geolocation", "'GeoLocation': {'CountryCode': '*'}"},
    {"geoproximity", "'GeoProximityLocation': {'AWSRegion': 'us-east-1'}"},
    {"multivalue", "'MultiValueAnswer': true"},
    {"IP-based", "'CidrRoutingConfig': {'CollectionId': 'c', 'LocationName': '*'}"},
};

static const struct {
    const char *name;
    const char *value;
} types[] = {
    {"A", "192.0.2.1"},
    {"AAAA", "2001:db8::1"},
    {"CAA", "0 issue \\\"ca.example\\\""},
    {"CNAME", "b.example.org"},
    {"DS", "1 8 1 0123456789012345678901234567890123456789"},
    {"HTTPS", "1 ."},
    {"MX", "10 mail.example.org"},
    {"NAPTR", "1 1 \\\"u\\\" \\\"sip\\\" \\\"\\\" ."},
    {"NS", "ns.example.org"},
    {"PTR", "b.example.org"},
    {"SOA", "ns.example.org host.example.org 1 2 3 4 5"},
    {"SPF", "\\\"v=spf1\\\""},
    {"SRV", "1 1 80 b.example.org"},
    {"SSHFP", "1 1 0123456789012345678901234567890123456789"},
    {"SVCB", "1 ."},
    {"TLSA", "1 1 1 0123456789012345678901234567890123456789012345678901234567890123"},
    {"TXT", "\\\"x\\\""},
};
enum { TYPE_COUNT = sizeof types / sizeof types[0] };

static bool is(unsigned type, const char *name)
{
    return strcmp(types[type].name, name) == 0;
}

// A zone with these record sets; a check h and a CIDR collection c are there.
static void wrap(char out[TEXT_MAX], const char *record_sets, bool private_zone)
{
    int len = snprintf(out, TEXT_MAX,
                       "{'HealthChecks': [{'Id': 'h', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': "
                       "'8.8.8.8'}}], 'CidrCollections': [{'Id': 'c', 'Name': 'c'}], 'HostedZones': [{'Id': "
                       "'Z1', 'Name': 'example.com', 'Config': {'PrivateZone': %s}, 'ResourceRecordSets': "
                       "[\n%s]}]}",
                       private_zone ? "true" : "false", record_sets);
    assert_in_range(len, 1, TEXT_MAX - 1);
}

// message NULL: it is fine.
static void expect(const char *text, const char *message)
{
    struct policy_dsl dsl;
    policy_dsl_read(&dsl, text, NULL, NULL);
    const char *printed = buffer_string(&dsl.printed);
    bool as_wanted = message == NULL ? dsl.policy != NULL
                                     : dsl.errors == 1 && strstr(printed, message) != NULL &&
                                           strstr(printed, "policy.json:2:") != NULL;
    if (!as_wanted) {
        fail_msg("wanted: %s\nfound: %s\n%s", message != NULL ? message : "nothing", printed, text);
    }
    policy_dsl_free(&dsl);
}

static const char *joined(char out[TEXT_MAX], const char *format, ...) __attribute__((format(printf, 2, 3)));
static const char *joined(char out[TEXT_MAX], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(out, TEXT_MAX, format, arguments);
    va_end(arguments);
    assert_in_range(len, 0, TEXT_MAX - 1);
    return out;
}

static const char *field_of(unsigned policy, char out[TEXT_MAX])
{
    return joined(out, "%s%s", policy > 0 ? ", 'SetIdentifier': 'x', " : "", policies[policy].field);
}

// Table 5.2, Types
static void test_each_policy_has_the_types_that_it_can_have(void **state)
{
    (void)state;
    for (unsigned policy = 0; policy < POLICY_COUNT; policy++) {
        for (unsigned type = 0; type < TYPE_COUNT; type++) {
            char field[TEXT_MAX];
            char record_set[TEXT_MAX];
            char text[TEXT_MAX];
            char message[TEXT_MAX];
            bool routed = policy > 0;
            bool wrong = routed && (is(type, "DS") || is(type, "NS") || is(type, "SOA") ||
                                    (is(type, "CNAME") && strcmp(policies[policy].name, "multivalue") == 0));
            wrap(text,
                 joined(record_set,
                        "{'Name': '%sexample.com', 'Type': '%s', 'TTL': 60, 'ResourceRecords': [{'Value': "
                        "'%s'}]%s}",
                        is(type, "SOA") ? "" : "a.", types[type].name, types[type].value,
                        field_of(policy, field)),
                 false);
            joined(message, "%s routing is not possible for type %s", policies[policy].name,
                   types[type].name);
            expect(text, wrong ? message : NULL);
        }
    }
}

// Table 5.2, alias; table 5.1, AliasTarget
static void test_each_policy_has_aliases_but_multivalue(void **state)
{
    (void)state;
    for (unsigned policy = 0; policy < POLICY_COUNT; policy++) {
        char field[TEXT_MAX];
        char record_set[TEXT_MAX];
        char text[TEXT_MAX];
        bool wrong = strcmp(policies[policy].name, "multivalue") == 0;
        wrap(text,
             joined(record_set,
                    "{'Name': 'a.example.com', 'Type': 'A', 'AliasTarget': {'HostedZoneId': 'Z1', 'DNSName': "
                    "'b.example.com', 'EvaluateTargetHealth': true}%s}, {'Name': 'b.example.com', 'Type': "
                    "'A', 'TTL': 60, 'ResourceRecords': [{'Value': '192.0.2.1'}]}",
                    field_of(policy, field)),
             false);
        expect(text, wrong ? "a multivalue record set cannot be an alias" : NULL);
    }
}

// Table 5.1, HealthCheckId
static void test_private_zones_have_health_checks_for_five_policies(void **state)
{
    (void)state;
    static const bool can[POLICY_COUNT] = {false, true, true, true, true, false, true, false};
    for (unsigned policy = 0; policy < POLICY_COUNT; policy++) {
        for (int private_zone = 0; private_zone <= 1; private_zone++) {
            char field[TEXT_MAX];
            char record_set[TEXT_MAX];
            char text[TEXT_MAX];
            bool wrong = private_zone == 1 && !can[policy];
            wrap(text,
                 joined(record_set,
                        "{'Name': 'a.example.com', 'Type': 'A', 'TTL': 60, 'ResourceRecords': [{'Value': "
                        "'192.0.2.1'}], 'HealthCheckId': 'h'%s}",
                        field_of(policy, field)),
                 private_zone == 1);
            expect(text, wrong ? "in a private hosted zone only failover, multivalue, weighted, latency and "
                                 "geolocation record sets can have a health check"
                               : NULL);
        }
    }
}

// F2
static void test_two_policies_in_one_record_set_are_too_many(void **state)
{
    (void)state;
    for (unsigned a = 1; a < POLICY_COUNT; a++) {
        for (unsigned b = 1; b < POLICY_COUNT; b++) {
            char record_set[TEXT_MAX];
            char text[TEXT_MAX];
            if (a == b) {
                continue;
            }
            wrap(text,
                 joined(record_set,
                        "{'Name': 'a.example.com', 'Type': 'A', 'TTL': 60, 'ResourceRecords': [{'Value': "
                        "'192.0.2.1'}], 'SetIdentifier': 'x', %s, %s}",
                        policies[a].field, policies[b].field),
                 false);
            expect(text,
                   "Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, or "
                   "MultiValueAnswer], but found more than one in Change with [Action=CREATE, "
                   "Name=a.example.com, Type=A, SetIdentifier=x]");
        }
    }
}

// F3, F4, with the texts of table 5.3: the record set that comes later is the one that cannot be.
static void test_a_group_is_of_one_policy(void **state)
{
    (void)state;
    for (unsigned a = 0; a < POLICY_COUNT; a++) {
        for (unsigned b = 0; b < POLICY_COUNT; b++) {
            char record_sets[TEXT_MAX];
            char text[TEXT_MAX];
            char message[TEXT_MAX];
            if (a == b) {
                continue;
            }
            wrap(text,
                 joined(record_sets,
                        "{'Name': 'a.example.com', 'Type': 'A', 'TTL': 60, 'ResourceRecords': [{'Value': "
                        "'192.0.2.1'}]%s%s}, {'Name': 'a.example.com', 'Type': 'A', 'TTL': 60, "
                        "'ResourceRecords': [{'Value': '192.0.2.1'}]%s%s}",
                        a > 0 ? ", 'SetIdentifier': 'x', " : "", policies[a].field,
                        b > 0 ? ", 'SetIdentifier': 'y', " : "", policies[b].field),
                 false);
            if (b == 0) {
                joined(message,
                       "RRSet with DNS name a.example.com., type A cannot be created as other RRSets "
                       "exist with the same name and type.");
            } else if (strcmp(policies[b].name, "multivalue") == 0) {
                joined(message,
                       "RRSet with DNS name a.example.com., type A, SetIdentifier \"y\" cannot be created "
                       "because a non multivalue answer rrset exists with the same name and type.");
            } else {
                joined(message,
                       "RRSet with DNS name a.example.com., type A, SetIdentifier y cannot be created as a "
                       "non-%s set exists with the same name and type.",
                       policies[b].name);
            }
            expect(text, message);
        }
    }
}

// Table 5.1, SetIdentifier
static void test_all_policies_but_simple_need_a_set_identifier(void **state)
{
    (void)state;
    for (unsigned policy = 0; policy < POLICY_COUNT; policy++) {
        for (int given = 0; given <= 1; given++) {
            char record_set[TEXT_MAX];
            char text[TEXT_MAX];
            bool wrong = (policy == 0) == (given == 1);
            wrap(text,
                 joined(record_set,
                        "{'Name': 'a.example.com', 'Type': 'A', 'TTL': 60, 'ResourceRecords': [{'Value': "
                        "'192.0.2.1'}]%s%s%s}",
                        given == 1 ? ", 'SetIdentifier': 'x'" : "", policy > 0 ? ", " : "",
                        policies[policy].field),
                 false);
            expect(text, !wrong       ? NULL
                         : given == 0 ? "Invalid request: Missing field 'SetIdentifier' in Change with "
                                        "[Action=CREATE, Name=a.example.com, Type=A, SetIdentifier=null]"
                                      : "Invalid request: Expected exactly one of [Weight, Region, Failover, "
                                        "GeoLocation, or MultiValueAnswer], but found none in Change with "
                                        "[Action=CREATE, Name=a.example.com, Type=A, SetIdentifier=x]");
        }
    }
}

// Table 5.3, values
static void test_values_are_refused_with_the_code_of_their_problem(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *values;
        const char *message;
    } cases[] = {
        {"A", "{'Value': '192.0.2.300'}",
         "Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 "
         "address) encountered with '192.0.2.300''"},
        {"A", "{'Value': '192.0.2.1 192.0.2.2'}",
         "'FATAL problem: ARRDATANotSingleField (Value contains spaces) encountered with '192.0.2.1 "
         "192.0.2.2''"},
        {"AAAA", "{'Value': '192.0.2.1'}",
         "'FATAL problem: AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address) encountered with "
         "'192.0.2.1''"},
        {"AAAA", "{'Value': '::1 ::2'}", "'FATAL problem: AAAARRDATANotSingleField (Value contains spaces)"},
        {"CNAME", "{'Value': 'a b'}", "'FATAL problem: CNAMERRDATANotSingleField (Value contains spaces)"},
        {"CNAME", "{'Value': ''}",
         "'FATAL problem: DomainNameEmpty (Domain name is empty) encountered with '''"},
        {"PTR", "{'Value': '.foo.com'}",
         "'FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with '.foo.com''"},
        {"NS", "{'Value': 'a123456789b123456789c123456789d123456789e123456789f123456789g123.example.com'}",
         "'FATAL problem: DomainLabelTooLong (Domain label is too long) encountered with 'a123"},
        {"TXT", "{'Value': 'x'}",
         "'FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks) encountered "
         "with 'x''"},
        {"TXT", "{'Value': '\\\"a\\\"\\\"b\\\"'}", "'FATAL problem: InvalidCharacterString"},
        {"TXT", "{'Value': '\\\"\\u00fc\\\"'}",
         "'FATAL problem: UnsupportedCharacter (Value contains unsupported characters) encountered with"},
        {"MX", "{'Value': 'mail.example.com'}", "'FATAL problem: MXRRDATAIllegalPriority"},
        {"A", "{'Value': '192.0.2.1'}, {'Value': '192.0.2.1'}", "Duplicate Resource Record: '192.0.2.1'"},
        {"AAAA", "{'Value': '2001:DB8::1'}, {'Value': '2001:db8:0::1'}",
         "Duplicate Resource Record: '2001:db8:0::1'"},
        {"TXT", "{'Value': '\\\"a\\\"'}, {'Value': '\\\"a\\\"'}", "Duplicate Resource Record: '\"a\"'"},
        {"TXT", "{'Value': '\\\"a\\\"'}, {'Value': '\\\"A\\\"'}", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char record_set[TEXT_MAX];
        char text[TEXT_MAX];
        wrap(text,
             joined(record_set, "{'Name': 'a.example.com', 'Type': '%s', 'TTL': 60, 'ResourceRecords': [%s]}",
                    cases[i].type, cases[i].values),
             false);
        expect(text, cases[i].message);
    }
}

// T12
static void test_resources_with_names_of_their_own_have_one_alias_in_a_group(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *first;
        const char *second;
        const char *message;
    } cases[] = {
        {"S3Website", "'Weight': 1", "'Weight': 2",
         "only one of the record sets with one name and type can be an alias to an S3Website resource, and "
         "'x' is (T12)"},
        {"CloudFront", "'Failover': 'PRIMARY'", "'Failover': 'SECONDARY'",
         "only one of the record sets with one name and type and failover routing can be an alias to a "
         "CloudFront resource, and 'x' is (T12)"},
        {"CloudFront", "'Weight': 1", "'Weight': 2", NULL},
        {"ALB", "'Failover': 'PRIMARY'", "'Failover': 'SECONDARY'", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[TEXT_MAX];
        joined(text,
               "{'Resources': [{'DNSName': 'r.test', 'HostedZoneId': 'ZR', 'Type': '%s', 'ResourceRecords': "
               "{'A': ['192.0.2.1']}}], 'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', "
               "'ResourceRecordSets': [{'Name': 'a.example.com', 'Type': 'A', 'SetIdentifier': 'x', "
               "'AliasTarget': {'HostedZoneId': 'ZR', 'DNSName': 'r.test', 'EvaluateTargetHealth': false}, "
               "%s}, {'Name': 'a.example.com', 'Type': 'A', 'SetIdentifier': 'y', 'AliasTarget':\n"
               "{'HostedZoneId': 'ZR', 'DNSName': 'r.test', 'EvaluateTargetHealth': false}, %s}]}]}",
               cases[i].type, cases[i].first, cases[i].second);
        expect(text, cases[i].message);
    }
}

// --- table 1.1 ---------------------------------------------------------------------------------------------

enum {
    HTTP = 1,
    HTTPS = 2,
    HTTP_MATCH = 4,
    HTTPS_MATCH = 8,
    TCP = 16,
    CALCULATED = 32,
    CONTROL = 64,
    METRIC = 128
};
enum { MATCH = HTTP_MATCH | HTTPS_MATCH, ENDPOINT = HTTP | HTTPS | MATCH | TCP };

static const struct {
    const char *name;
    const char *kind;
    const char *needs; // of all that are this
    unsigned bit;
} check_types[] = {
    {"HTTP", "Basic", "", HTTP},
    {"HTTPS", "Basic", "", HTTPS},
    {"HTTP_STR_MATCH", "Basic", "'SearchString': 'x', ", HTTP_MATCH},
    {"HTTPS_STR_MATCH", "Basic", "'SearchString': 'x', ", HTTPS_MATCH},
    {"TCP", "Basic", "'Port': 80, ", TCP},
    {"CALCULATED", "Calculated", "'HealthThreshold': 0, ", CALCULATED},
    {"RECOVERY_CONTROL", "Recovery control", "'RoutingControlArn': 'arn', ", CONTROL},
    {"CLOUDWATCH_METRIC", "CloudWatch metric", "'AlarmIdentifier': {'Region': 'us-east-1', 'Name': 'n'}, ",
     METRIC},
};

static const struct {
    const char *member;
    const char *what; // of the message of table 1.2
    unsigned types;   // that may have it
} check_fields[] = {
    {"'Port': 80", "a port", ENDPOINT},
    {"'ResourcePath': '/'", "a resource path", ENDPOINT & ~TCP},
    {"'SearchString': 'x'", "a search string", MATCH},
    {"'RequestInterval': 10", "a request interval", ENDPOINT},
    {"'FailureThreshold': 2", "a failure threshold", ENDPOINT},
    {"'MeasureLatency': true", "a latency measurement", ENDPOINT},
    {"'EnableSNI': true", "a SNI", HTTPS | HTTPS_MATCH},
    {"'Regions': ['us-east-1', 'eu-west-1', 'sa-east-1']", "a region", ENDPOINT},
    {"'IPAddress': '8.8.8.8'", "an IP address", ENDPOINT},
    {"'HealthThreshold': 1", "a health threshold", CALCULATED},
    {"'ChildHealthChecks': []", "a child health check", CALCULATED},
    {"'RoutingControlArn': 'arn'", "a routing control ARN", CONTROL},
    {"'Inverted': true", NULL, ENDPOINT | CALCULATED | CONTROL | METRIC},
    {"'Disabled': true", NULL, ENDPOINT | CALCULATED | CONTROL | METRIC},
    {"'AlarmIdentifier': {'Region': 'us-east-1', 'Name': 'n'}", "an metric region", METRIC},
    {"'InsufficientDataHealthStatus': 'Healthy'", "an insufficient data health status", METRIC},
};

static void check_field(unsigned type, unsigned field)
{
    char text[TEXT_MAX];
    char message[TEXT_MAX];
    char key[64];
    const char *needs = check_types[type].needs;
    snprintf(key, sizeof key, "%.*s", (int)strcspn(check_fields[field].member, ":"),
             check_fields[field].member);
    bool endpoint = (check_types[type].bit & ENDPOINT) != 0;
    bool repeated = strstr(needs, key) != NULL;
    bool address = strcmp(key, "'IPAddress'") == 0;
    joined(text,
           "{'Alarms': [{'AlarmName': 'n', 'Region': 'us-east-1', 'Namespace': 'App', 'MetricName': 'm', "
           "'Statistic': 'Average', 'Period': 60, 'EvaluationPeriods': 3, 'Threshold': 80, "
           "'ComparisonOperator': 'GreaterThanThreshold'}], 'HealthChecks': [{'Id': 'a', "
           "'HealthCheckConfig':\n{'Type': '%s', %s%s%s}}]}",
           check_types[type].name, repeated ? "" : needs,
           endpoint && !address ? "'IPAddress': '8.8.8.8', " : "", check_fields[field].member);
    bool fine = (check_types[type].bit & check_fields[field].types) != 0;
    if (check_types[type].bit == TCP && strcmp(key, "'ResourcePath'") == 0) {
        joined(message, "TCP health checks must not have a resource path specificed.");
    } else {
        joined(message, "Invalid parameter : %s health checks must not have %s specified.",
               check_types[type].kind, check_fields[field].what != NULL ? check_fields[field].what : "");
    }
    expect(text, fine ? NULL : message);
}

// Tables 1.1 and 1.2
static void test_each_type_of_health_check_has_the_fields_that_it_can_have(void **state)
{
    (void)state;
    for (unsigned type = 0; type < sizeof check_types / sizeof check_types[0]; type++) {
        for (unsigned field = 0; field < sizeof check_fields / sizeof check_fields[0]; field++) {
            check_field(type, field);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_policy_has_the_types_that_it_can_have),
        cmocka_unit_test(test_each_policy_has_aliases_but_multivalue),
        cmocka_unit_test(test_private_zones_have_health_checks_for_five_policies),
        cmocka_unit_test(test_two_policies_in_one_record_set_are_too_many),
        cmocka_unit_test(test_a_group_is_of_one_policy),
        cmocka_unit_test(test_all_policies_but_simple_need_a_set_identifier),
        cmocka_unit_test(test_values_are_refused_with_the_code_of_their_problem),
        cmocka_unit_test(test_resources_with_names_of_their_own_have_one_alias_in_a_group),
        cmocka_unit_test(test_each_type_of_health_check_has_the_fields_that_it_can_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
