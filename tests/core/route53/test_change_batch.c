// SPDX-License-Identifier: MIT
// ChangeResourceRecordSets and ListResourceRecordSets: API reference 1.7 to 1.9, 3.9 and section 4.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "support/account_dsl.h"

#define RECORDS(value)            "'TTL': 60, 'ResourceRecords': [{'Value': '" value "'}]"
#define SET(name, type, members)  "{'Name': '" name "', 'Type': '" type "', " members "}"
#define A(name)                   SET(name ".example.com", "A", RECORDS("192.0.2.1"))
#define ROUTED(name, id, members) SET(name ".example.com", "A", "'SetIdentifier': '" id "', " members)
#define CHANGE(action, set)       "{'Action': '" action "', 'ResourceRecordSet': " set "}"
#define BATCH(changes)            "{'HostedZoneId': 'Z1', 'ChangeBatch': {'Changes': [" changes "]}}"
#define ALIAS(target)                                                                                        \
    "'AliasTarget': {'HostedZoneId': 'Z1', 'DNSName': '" target "', 'EvaluateTargetHealth': false}"

static const char policy[] =
    "{'HealthChecks': [{'Id': 'h', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '8.8.8.8'}}], "
    "'HostedZones': [{'Id': 'Z2', 'Name': 'other.com'}, {'Id': 'Z1', 'Name': 'example.com', "
    "'ResourceRecordSets': ["
    "{'Name': 'a.example.com', 'Type': 'A', 'TTL': 60, 'ResourceRecords': [{'Value': '192.0.2.1'}, {'Value': "
    "'192.0.2.2'}], 'HealthCheckId': 'h'},"
    "{'Name': 'c.example.com', 'Type': 'CNAME', 'TTL': 60, 'ResourceRecords': [{'Value': 'a.example.com'}]},"
    "{'Name': 'w.example.com', 'Type': 'A', 'SetIdentifier': 'x', 'Weight': 1, 'TTL': 60, 'ResourceRecords': "
    "[{'Value': '192.0.2.3'}]},"
    "{'Name': 'l.example.com', 'Type': 'A', 'SetIdentifier': 'eu', 'Region': 'eu-west-1', 'TTL': 60, "
    "'ResourceRecords': [{'Value': '192.0.2.4'}]}]}]}";

struct batch_case {
    const char *changes;
    const char *reply;
};

static void run(const struct batch_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct account_dsl dsl;
        struct buffer input;
        buffer_init(&input, 1 << 20);
        account_dsl_open(&dsl, policy);
        char *before = account_dsl_dump(&dsl);
        buffer_format(&input, BATCH("%s"), cases[i].changes);
        account_dsl_expect(&dsl, "ChangeResourceRecordSets", buffer_string(&input), cases[i].reply);
        char *after = account_dsl_dump(&dsl);
        bool changed = strcmp(before, after) != 0;
        if (changed != (cases[i].reply[0] == '{')) {
            fail_msg("%s\n%s, but the account is %s", cases[i].changes, cases[i].reply,
                     changed ? "another" : "the same");
        }
        free(before);
        free(after);
        buffer_free(&input);
        account_dsl_close(&dsl);
    }
}
#define RUN(cases) run((cases), sizeof(cases) / sizeof(cases)[0])

#define DONE "{'ChangeInfo':{'Id':'/change/C..."

// Table 4.2
static void test_malformed_changes_are_invalid_input(void **state)
{
    (void)state;
#define ONE_OF                                                                                               \
    "InvalidInput: Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "                 \
    "ResourceRecords], or TrafficPolicyInstanceId], but found "
    static const struct batch_case cases[] = {
        {CHANGE("CREATE", SET("x.example.com", "A", "'TTL': 60")),
         ONE_OF "none in Change with [Action=CREATE, Name=x.example.com, Type=A, SetIdentifier=null]"},
        {CHANGE("DELETE", "{'Name': 'x.example.com.', 'Type': 'A'}"),
         ONE_OF "none in Change with [Action=DELETE, Name=x.example.com., Type=A, SetIdentifier=null]"},
        {CHANGE("UPSERT", SET("x.example.com", "A", RECORDS("1.1.1.1") ", " ALIAS("a.example.com"))), ONE_OF
         "more than one in Change with [Action=UPSERT, Name=x.example.com, Type=A, SetIdentifier=null]"},
        {CHANGE("UPSERT", SET("x.example.com.", "A", "'Weight': 1, " RECORDS("1.1.1.1"))),
         "InvalidInput: Invalid request: Missing field 'SetIdentifier' in Change with [Action=UPSERT, "
         "Name=x.example.com., Type=A, SetIdentifier=null]"},
        {CHANGE("DELETE", SET("x.com", "A", "'SetIdentifier': 'x', " RECORDS("1.1.1.1"))),
         "InvalidInput: Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, or "
         "MultiValueAnswer], but found none in Change with [Action=DELETE, Name=x.com, Type=A, "
         "SetIdentifier=x]"},
        {CHANGE("CREATE", ROUTED("x", "i", "'Weight': 1, 'Failover': 'PRIMARY', " RECORDS("1.1.1.1"))),
         "InvalidInput: Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, or "
         "MultiValueAnswer], but found more than one in Change..."},
        {CHANGE("CREATE",
                ROUTED("x", "i",
                       "'GeoLocation': {'ContinentCode': 'EU', 'CountryCode': 'DE'}, " RECORDS("1.1.1.1"))),
         "InvalidInput: ..."},
    };
    RUN(cases);
}

// B1, B2, B3
static void test_changes_are_judged_in_order_on_what_is_there(void **state)
{
    (void)state;
#define HELD "'TTL': 60, 'ResourceRecords': [{'Value': '192.0.2.2'}, {'Value': '192.0.2.1'}]"
    static const struct batch_case cases[] = {
        {CHANGE("CREATE", A("new")), DONE},
        {CHANGE("UPSERT", A("a")), DONE},
        {CHANGE("CREATE", A("a")),
         "InvalidChangeBatch: [Tried to create resource record set [name='a.example.com.', type='A'] but it "
         "already exists]"},
        {CHANGE("CREATE", ROUTED("w", "x", "'Weight': 1, " RECORDS("192.0.2.3"))),
         "InvalidChangeBatch: [Tried to create resource record set [name='w.example.com.', type='A', "
         "set-identifier='x'] but it already exists]"},
        {CHANGE("DELETE", A("New")), "InvalidChangeBatch: [Tried to delete resource record set "
                                     "[name='new.example.com.', type='A'] but it "
                                     "was not found]"},
        // Compare and delete: the order of values and the case of names do not matter, all else does.
        {CHANGE("DELETE", SET("A.example.com", "A", HELD ", 'HealthCheckId': 'h'")), DONE},
        {CHANGE("DELETE", SET("a.example.com", "A", HELD)),
         "InvalidChangeBatch: [Tried to delete resource record set [name='a.example.com.', type='A'] but the "
         "values provided do not match the current values]"},
        {CHANGE("DELETE", ROUTED("w", "x", "'Weight': 2, " RECORDS("192.0.2.3"))), "InvalidChangeBatch: ..."},
        {CHANGE("DELETE", ROUTED("w", "x", "'Weight': 1, " RECORDS("192.0.2.3"))), DONE},
        {CHANGE("DELETE", ROUTED("w", "x", "'Weight': 1, " RECORDS("192.0.2.3"))) "," CHANGE(
             "CREATE", ROUTED("w", "x", "'Weight': 1, " RECORDS("192.0.2.9"))),
         DONE},
        {CHANGE("CREATE", A("n")) "," CHANGE("CREATE", A("n")),
         "InvalidChangeBatch: [The request contains an invalid set of changes for a resource record set 'A "
         "n.example.com.']"},
        {CHANGE("UPSERT", A("n")) "," CHANGE("UPSERT", A("N")), "InvalidChangeBatch: ..."},
        {CHANGE("DELETE", ROUTED("w", "x", "'Weight': 1, " RECORDS("192.0.2.3"))) "," CHANGE(
             "DELETE", ROUTED("w", "x", "'Weight': 1, " RECORDS("192.0.2.3"))),
         "InvalidChangeBatch: ..."},
        // Whole or not at all, with every fault named.
        {CHANGE("CREATE", A("n")) "," CHANGE("CREATE", A("a")) "," CHANGE("DELETE", A("m")),
         "InvalidChangeBatch: [Tried to create resource record set [name='a.example.com.', type='A'] but it "
         "already exists, Tried to delete resource record set [name='m.example.com.', type='A'] but it was "
         "not "
         "found]"},
    };
    RUN(cases);
}

// 4.3, H11, B6
static void test_names_and_references_must_fit_the_zone(void **state)
{
    (void)state;
    static const struct batch_case cases[] = {
        {CHANGE("CREATE", SET("foo.com", "A", RECORDS("1.1.1.1"))),
         "InvalidChangeBatch: [RRSet with DNS name foo.com. is not permitted in zone example.com.]"},
        {CHANGE("CREATE", SET("badexample.com", "A", RECORDS("1.1.1.1"))), "InvalidChangeBatch: ..."},
        {CHANGE("CREATE", SET("a b.example.com", "A", RECORDS("1.1.1.1"))),
         "InvalidChangeBatch: [FATAL problem: UnsupportedCharacter (Value contains unsupported characters) "
         "..."},
        {CHANGE("CREATE", SET("", "A", RECORDS("1.1.1.1"))),
         "InvalidChangeBatch: [FATAL problem: DomainNameEmpty (Domain name is empty) encountered with '']"},
        {CHANGE("CREATE", SET("n.example.com", "A", RECORDS("1.1.1.1") ", 'HealthCheckId': 'none'")),
         "NoSuchHealthCheck: A health check with id none does not exist."},
        {CHANGE("CREATE", SET("n.example.com", "SOA", RECORDS("a. b. 1 1 1 1 1"))),
         "InvalidChangeBatch: ..."},
        {CHANGE("CREATE", SET("*.n.example.com", "NS", RECORDS("a."))), "InvalidChangeBatch: ..."},
        {CHANGE("CREATE", SET("*.n.example.com", "A", RECORDS("1.1.1.1"))), DONE},
        {CHANGE("UPSERT", SET("example.com", "NS", RECORDS("ns.other.com"))), DONE},
        {CHANGE("CREATE", SET("example.com", "NS", RECORDS("ns.other.com"))),
         "InvalidChangeBatch: [Tried..."},
    };
    RUN(cases);
}

static void test_the_apex_keeps_its_soa_and_ns(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *text;
    } cases[] = {
        {"NS", "[A HostedZone must contain at least one NS record for the zone itself.]"},
        {"SOA", "[A HostedZone must contain exactly one SOA record.]"},
    };
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    for (size_t i = 0; i < 2; i++) { // B6
        char ask[200];
        char input[1500];
        char wanted[200];
        snprintf(ask, sizeof ask,
                 "{'HostedZoneId': 'Z1', 'StartRecordName': 'example.com', "
                 "'StartRecordType': '%s', 'MaxItems': '1'}",
                 cases[i].type);
        account_dsl_call(&dsl, "ListResourceRecordSets", ask);
        snprintf(input, sizeof input, BATCH("{'Action': 'DELETE', 'ResourceRecordSet': %s}"),
                 account_dsl_at(&dsl, "/ResourceRecordSets/0"));
        snprintf(wanted, sizeof wanted, "InvalidChangeBatch: %s", cases[i].text);
        account_dsl_expect(&dsl, "ChangeResourceRecordSets", input, wanted);
    }
    account_dsl_close(&dsl);
}

// 4.4
static void test_record_sets_of_one_name_get_along(void **state)
{
    (void)state;
#define CNAME(name, value) SET(name ".example.com", "CNAME", RECORDS(value))
#define WEIGHTED(name, id, ttl)                                                                              \
    ROUTED(name, id, "'Weight': 1, 'TTL': " ttl ", 'ResourceRecords': [{'Value': '192.0.2.9'}]")
#define LATENCY(id, region) ROUTED("l", id, "'Region': '" region "', " RECORDS("192.0.2.9"))
#define FAILOVER(id, role)  ROUTED("f", id, "'Failover': '" role "', " RECORDS("192.0.2.9"))
    static const struct batch_case cases[] = {
        {CHANGE("CREATE", SET("example.com", "CNAME", RECORDS("b.com"))),
         "InvalidChangeBatch: [RRSet of type CNAME with DNS name example.com. is not permitted at apex in "
         "zone "
         "example.com.]"},
        {CHANGE("CREATE", CNAME("a", "b.com")),
         "InvalidChangeBatch: [RRSet of type CNAME with DNS name a.example.com. is not permitted as it "
         "conflicts "
         "with other records with the same DNS name in zone example.com.]"},
        {CHANGE("CREATE", A("c")),
         "InvalidChangeBatch: [RRSet of type A with DNS name c.example.com. is not permitted because a "
         "conflicting RRSet of type CNAME with the same DNS name already exists in zone example.com.]"},
        // F5 in order: the deletion must come first (B1).
        {CHANGE("DELETE", CNAME("c", "a.example.com")) "," CHANGE("CREATE", A("c")), DONE},
        {CHANGE("CREATE", A("c")) "," CHANGE("DELETE", CNAME("c", "a.example.com")),
         "InvalidChangeBatch: ..."},
        {CHANGE("CREATE", SET("w.example.com", "A", RECORDS("192.0.2.9"))),
         "InvalidChangeBatch: [RRSet with DNS name w.example.com., type A cannot be created as other RRSets "
         "exist with the same name and type...."},
        {CHANGE("CREATE", WEIGHTED("l", "x", "60")),
         "InvalidChangeBatch: [RRSet with DNS name l.example.com., type A, SetIdentifier x cannot be created "
         "as "
         "a non-weighted set exists with the same name and type...."},
        {CHANGE("CREATE", LATENCY("e2", "eu-west-1")),
         "InvalidChangeBatch: [RRSet with DNS name l.example.com..."},
        {CHANGE("CREATE", WEIGHTED("w", "y", "61")),
         "InvalidChangeBatch: [RRSet with DNS name w.example.com. and type A, SetIdentifier y cannot be "
         "created as weighted sets must contain the same TTL.]"},
        {CHANGE("CREATE", WEIGHTED("w", "y", "60")), DONE},
        // F7 on the end state: all members at once.
        {CHANGE("UPSERT", WEIGHTED("w", "x", "61")) "," CHANGE("CREATE", WEIGHTED("w", "y", "61")), DONE},
        {CHANGE("CREATE", FAILOVER("1", "PRIMARY")) "," CHANGE("CREATE", FAILOVER("2", "PRIMARY")),
         "InvalidChangeBatch: ..."},
        {CHANGE("CREATE", FAILOVER("1", "PRIMARY")) "," CHANGE("CREATE", FAILOVER("2", "SECONDARY")), DONE},
        {CHANGE("CREATE",
                SET("n.example.com", "CNAME",
                    "'SetIdentifier': '1', 'Weight': 1, " RECORDS(
                        "a.b"))) "," CHANGE("CREATE",
                                            SET("n.example.com", "CNAME",
                                                "'SetIdentifier': '2', 'Weight': 1, " RECORDS("a.c"))),
         DONE},
    };
    RUN(cases);
}

// 4.5
static void test_aliases_need_their_targets(void **state)
{
    (void)state;
#define AWS_ALIAS(zone, name)                                                                                \
    "'AliasTarget': {'HostedZoneId': '" zone "', 'DNSName': '" name "', 'EvaluateTargetHealth': false}"
    static const struct batch_case cases[] = {
        {CHANGE("CREATE", SET("n.example.com", "A", ALIAS("A.example.com."))), DONE},
        {CHANGE("CREATE", SET("n.example.com", "AAAA", ALIAS("a.example.com."))),
         "InvalidChangeBatch: [Tried to create an alias that targets a.example.com., type AAAA in zone Z1, "
         "but "
         "that target was not found]"},
        {CHANGE("CREATE", SET("n.example.com", "A", ALIAS("t.example.net"))),
         "InvalidChangeBatch: [Tried to create an alias that targets t.example.net., type A in zone Z1, but "
         "the "
         "alias target name does not lie within the target zone, Tried to create an alias that targets "
         "t.example.net., type A in zone Z1, but that target was not found]"},
        // In order: what an alias targets comes first.
        {CHANGE("CREATE", A("n")) "," CHANGE("CREATE", SET("m.example.com", "A", ALIAS("n.example.com"))),
         DONE},
        {CHANGE("CREATE", SET("m.example.com", "A", ALIAS("n.example.com"))) "," CHANGE("CREATE", A("n")),
         "InvalidChangeBatch: ..."},
        {CHANGE("CREATE",
                SET("n.example.com", "A", AWS_ALIAS("Z35SXDOTRQ7X7K", "lb.us-east-1.elb.amazonaws.com"))),
         DONE},
        {CHANGE("CREATE", SET("n.example.com", "A", AWS_ALIAS("Z2FDTNDATAQYW2", "d1.cloudfront.net."))),
         DONE},
        {CHANGE("CREATE", SET("n.example.com", "A", AWS_ALIAS("Z2", "a.other.com"))),
         "InvalidChangeBatch: ..."},
        {CHANGE("CREATE", SET("n.example.com", "A", AWS_ALIAS("ZNONE", "a.nowhere.com"))),
         "InvalidChangeBatch: ..."},
        {CHANGE("CREATE", SET("n.example.com", "NS", ALIAS("example.com"))), "InvalidChangeBatch: ..."},
        {CHANGE("CREATE", ROUTED("n", "1", "'MultiValueAnswer': true, " ALIAS("a.example.com"))),
         "InvalidChangeBatch: ..."},
        {CHANGE("CREATE", SET("n.example.com", "A", ALIAS("a.example.com"))) "," CHANGE(
             "DELETE", SET("a.example.com", "A", HELD ", 'HealthCheckId': 'h'")),
         DONE}, // T5: an alias may be left dangling
        {CHANGE("CREATE", A("n")) "," CHANGE("CREATE", SET("m.example.com", "A", ALIAS("n.example.com"))) "," CHANGE(
             "UPSERT",
             SET("a.example.com", "A",
                 ALIAS(
                     "m.example.com"))) "," CHANGE("CREATE",
                                                   ROUTED(
                                                       "k",
                                                       "1",
                                                       "'Weight': 1, " ALIAS(
                                                           "a.example.com"))) "," CHANGE("CREATE",
                                                                                         ROUTED(
                                                                                             "k",
                                                                                             "2",
                                                                                             "'Weight': "
                                                                                             "1, " ALIAS(
                                                                                                 "k.example."
                                                                                                 "com"))),
         "InvalidChangeBatch: [aliases go round in a circle: ..."},
    };
    RUN(cases);
}

// 4.6
static void test_values_are_of_their_type(void **state)
{
    (void)state;
#define FATAL "InvalidChangeBatch: [Invalid Resource Record: 'FATAL problem: "
    static const struct batch_case cases[] = {
        {CHANGE("CREATE", SET("n.example.com", "A", RECORDS("1.2.3"))),
         FATAL "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '1.2.3'']"},
        {CHANGE("CREATE", SET("n.example.com", "A", RECORDS("1.2.3.4 5"))),
         FATAL "ARRDATANotSingleField (Value contains spaces) encountered with '1.2.3.4 5'']"},
        {CHANGE("CREATE", SET("n.example.com", "CNAME", RECORDS("a..b"))), FATAL "..."},
        {CHANGE("CREATE", SET("n.example.com", "TXT", RECORDS("bare"))), FATAL "InvalidCharacterString..."},
        {CHANGE("CREATE", SET("n.example.com", "MX", RECORDS("10 mail.example.com"))), DONE},
        {CHANGE("CREATE", SET("n.example.com", "A",
                              "'TTL': 60, 'ResourceRecords': [{'Value': '1.1.1.1'}, {'Value': '1.1.1.1'}]")),
         "InvalidChangeBatch: [Duplicate Resource Record: '1.1.1.1']"},
        {CHANGE("CREATE", SET("n.example.com", "AAAA",
                              "'TTL': 60, 'ResourceRecords': [{'Value': '::1'}, {'Value': '0:0::1'}]")),
         "InvalidChangeBatch: [Duplicate Resource Record: '0:0::1']"},
        // Table 5.1: what the policy of a single record set wants.
        {CHANGE("CREATE", ROUTED("n", "1", "'GeoLocation': {'CountryCode': 'XX'}, " RECORDS("1.1.1.1"))),
         "InvalidChangeBatch: ..."},
    };
    RUN(cases);
}

// L6, L7: an UPSERT counts twice, an alias once.
static void test_a_batch_has_limits(void **state)
{
    (void)state;
    static const struct {
        const char *action;
        unsigned count;
        const char *reply;
    } cases[] = {
        {"CREATE", 1000, DONE},
        {"CREATE", 1001, "InvalidChangeBatch: [Number of records limit of 1000 exceeded.]"},
        {"UPSERT", 500, DONE},
        {"UPSERT", 501, "InvalidChangeBatch: [Number of records limit of 1000 exceeded.]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer changes;
        buffer_init(&changes, 1 << 20);
        for (unsigned k = 0; k < cases[i].count; k++) {
            buffer_format(&changes,
                          "%s{'Action': '%s', 'ResourceRecordSet': {'Name': 'n%u.example.com', 'Type': "
                          "'A', 'TTL': 1, 'ResourceRecords': [{'Value': '1.1.1.1'}]}}",
                          k > 0 ? "," : "", cases[i].action, k);
        }
        run(&(struct batch_case){buffer_string(&changes), cases[i].reply}, 1);
        buffer_free(&changes);
    }
}

static void test_values_come_back_as_sent_and_names_as_route53_prints_them(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    account_dsl_call(&dsl, "ChangeResourceRecordSets",
                     BATCH(CHANGE("CREATE", SET("*.X.Example.com", "CNAME", RECORDS("Target.Example.COM")))));
    account_dsl_expect(
        &dsl, "ListResourceRecordSets",
        "{'HostedZoneId': '/hostedzone/Z1', 'StartRecordName': '*.x.example.com', "
        "'StartRecordType': 'CNAME', 'MaxItems': '1'}",
        "{'ResourceRecordSets':[{'Name':'\\\\052.x.example.com.','Type':'CNAME','TTL':60,"
        "'ResourceRecords':[{'Value':'Target.Example.COM'}]}],'IsTruncated':false,'MaxItems':'1'}");
    account_dsl_close(&dsl);
}

// Table of 1.8
static void test_a_list_starts_where_it_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *start;
        const char *first; // and its Type; "" for none
    } cases[] = {
        {"", "example.com. NS"},
        {", 'StartRecordName': 'a.example.com'", "a.example.com. A"},
        {", 'StartRecordName': 'b.example.com'", "c.example.com. CNAME"},
        {", 'StartRecordName': 'A.EXAMPLE.COM', 'StartRecordType': 'AAAA'", "c.example.com. CNAME"},
        {", 'StartRecordName': 'w.example.com', 'StartRecordType': 'A', 'StartRecordIdentifier': 'w'",
         "w.example.com. A"},
        {", 'StartRecordName': 'w.example.com', 'StartRecordType': 'A', 'StartRecordIdentifier': 'y'", ""},
    };
    struct account_dsl dsl;
    account_dsl_open(&dsl, policy);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char input[200];
        char found[100];
        snprintf(input, sizeof input, "{'HostedZoneId': 'Z1', 'MaxItems': '1'%s}", cases[i].start);
        account_dsl_call(&dsl, "ListResourceRecordSets", input);
        snprintf(found, sizeof found, "%s", account_dsl_at(&dsl, "/ResourceRecordSets/0/Name"));
        account_dsl_call(&dsl, "ListResourceRecordSets", input);
        const char *type = account_dsl_at(&dsl, "/ResourceRecordSets/0/Type");
        snprintf(found + strlen(found), 20, "%s%s", type[0] != '\0' ? " " : "", type);
        assert_string_equal(found, cases[i].first);
    }
    static const char *const wrong[] = {"'StartRecordType': 'A'",
                                        "'StartRecordName': 'a.example.com', 'StartRecordIdentifier': 'x'",
                                        "'StartRecordName': 'a b'", "'MaxItems': '0'"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char input[200];
        snprintf(input, sizeof input, "{'HostedZoneId': 'Z1', %s}", wrong[i]);
        account_dsl_expect(&dsl, "ListResourceRecordSets", input, "InvalidInput: ...");
    }
    account_dsl_expect(&dsl, "ListResourceRecordSets", "{'HostedZoneId': 'Z9'}",
                       "NoSuchHostedZone: No hosted zone found with ID: Z9");
    account_dsl_close(&dsl);
}

// 1.8's vector through pages of one, each started by the markers of the one before.
static void test_pages_follow_the_order_of_route53(void **state)
{
    (void)state;
    static const char *const names[] = {"example.com.",     "1.example.com.",   "\\052.example.com.",
                                        "_x.example.com.",  "a-b.example.com.", "a.example.com.",
                                        "b.a.example.com.", "z.example.com."};
    struct account_dsl dsl;
    account_dsl_open(
        &dsl, "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com'}, {'Id': 'Z11', 'Name': 'x.com'}]}");
    for (size_t i = 8; i-- > 1;) {
        char input[300];
        char name[40];
        snprintf(name, sizeof name, "%s%s", names[i][0] == '\\' ? "*" : "",
                 names[i] + (names[i][0] == '\\' ? 4 : 0));
        snprintf(input, sizeof input,
                 BATCH("{'Action': 'CREATE', 'ResourceRecordSet': {'Name': '%s', 'Type': 'A', " RECORDS(
                     "1.1.1.1") "}}"),
                 name);
        account_dsl_expect(&dsl, "ChangeResourceRecordSets", input, DONE);
    }
    char next[100] = "example.com";
    char type[10] = "SOA";
    for (size_t i = 0; i < 8; i++) {
        char input[300];
        char quoted[100];
        snprintf(quoted, sizeof quoted, "%s%s", next[0] == '\\' ? "\\" : "", next);
        snprintf(input, sizeof input,
                 "{'HostedZoneId': 'Z1', 'StartRecordName': '%s', 'StartRecordType': '%s', 'MaxItems': '1'}",
                 quoted, type);
        account_dsl_call(&dsl, "ListResourceRecordSets", input);
        assert_string_equal(account_dsl_at(&dsl, "/ResourceRecordSets/0/Name"), names[i]);
        account_dsl_call(&dsl, "ListResourceRecordSets", input);
        snprintf(next, sizeof next, "%s", account_dsl_at(&dsl, "/NextRecordName"));
        account_dsl_call(&dsl, "ListResourceRecordSets", input);
        snprintf(type, sizeof type, "%s", account_dsl_at(&dsl, "/NextRecordType"));
    }
    assert_string_equal(next, "");
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_malformed_changes_are_invalid_input),
        cmocka_unit_test(test_changes_are_judged_in_order_on_what_is_there),
        cmocka_unit_test(test_names_and_references_must_fit_the_zone),
        cmocka_unit_test(test_the_apex_keeps_its_soa_and_ns),
        cmocka_unit_test(test_record_sets_of_one_name_get_along),
        cmocka_unit_test(test_aliases_need_their_targets),
        cmocka_unit_test(test_values_are_of_their_type),
        cmocka_unit_test(test_a_batch_has_limits),
        cmocka_unit_test(test_values_come_back_as_sent_and_names_as_route53_prints_them),
        cmocka_unit_test(test_a_list_starts_where_it_is_told),
        cmocka_unit_test(test_pages_follow_the_order_of_route53),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
