// SPDX-License-Identifier: MIT
// The routing policies of record sets: each thing that a policy must not say with its place and text, and
// what may be said with what becomes of it.
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

static void expect_all(const struct bad *cases, size_t count)
{
    size_t failed = 0;
    for (size_t i = 0; i < count; i++) {
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, cases[i].text, NULL, NULL);
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
#define EXPECT_ALL(cases) expect_all(cases, sizeof(cases) / sizeof((cases)[0]))

// The record sets of a zone example.com from line 2 on, what is of interest on lines of its own: members of a
// first record set on line 3, of a second one on line 5.
#define COLLECTIONS                                                                                          \
    "'CidrCollections': [{'Id': 'offices', 'Name': 'n', 'CidrBlocks': ["                                     \
    "{'CidrBlock': '192.0.2.0/24', 'LocationName': 'north'},"                                                \
    "{'CidrBlock': '2001:db8::/32', 'LocationName': 'south'}]}, {'Id': 'other', 'Name': 'o'}]"
#define ZONE(private_zone, record_sets)                                                                      \
    "{" COLLECTIONS ", 'HealthChecks': [{'Id': 'h', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': "     \
    "'8.8.8.8'}}], 'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'Config': "                           \
    "{'PrivateZone': " private_zone "}, 'ResourceRecordSets': [\n" record_sets "]}]}"
#define SET(id, type, value, members)                                                                        \
    "{'Name': 'a.example.com', 'Type': '" type "', 'SetIdentifier': '" id                                    \
    "', 'ResourceRecords': [{'Value': '" value "'}],\n" members "}"
#define ONE(members) ZONE("false", SET("x", "A", "192.0.2.1", "'TTL': 60, " members))
#define TWO(first, second)                                                                                   \
    ZONE("false", SET("x", "A", "192.0.2.1", first) ",\n" SET("y", "A", "192.0.2.2", second))

#define ONE_POLICY                                                                                           \
    "Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, or MultiValueAnswer]"
#define CHANGE(id) "Change with [Action=CREATE, Name=a.example.com, Type=A, SetIdentifier=" id "]"

// W1, F2, table 5.2
static void test_weights_and_roles_keep_to_their_ranges(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {ONE("'Weight': 256"), "policy.json:3:22: error: Weight must be from 0 to 255, not 256"},
        {ONE("'Weight': -1"), "policy.json:3:22: error: Weight must be from 0 to 255, not -1"},
        {ONE("'Weight': 1.5"), "policy.json:3:22: error: Weight must be an integer"},
        {ONE("'Failover': 'TERTIARY'"), "policy.json:3:24: error: unknown Failover 'TERTIARY'"},
        {ONE("'Failover': 'PRIMRAY'"),
         "policy.json:3:24: error: unknown Failover 'PRIMRAY'; did you mean 'PRIMARY'?"},
        {ONE("'MultiValueAnswer': 'yes'"), "policy.json:3:32: error: MultiValueAnswer must be true or false"},
        {ONE("'Weight': 1, 'Region': 'us-east-1'"),
         "policy.json:3:25: error: " ONE_POLICY ", but found more than one in " CHANGE("x")},
        {ONE("'Failover': 'PRIMARY', 'MultiValueAnswer': true"),
         "policy.json:3:35: error: " ONE_POLICY ", but found more than one in " CHANGE("x")},
        {ONE("'MultiValueAnswer': false"),
         "policy.json:2:40: error: " ONE_POLICY ", but found none in " CHANGE("x")},
        {ZONE("false", "{'Name': 'a.example.com', 'Type': 'A', 'TTL': 1,\n'Weight': 1, 'ResourceRecords': "
                       "[{'Value': '192.0.2.1'}]}"),
         "policy.json:2:1: error: Invalid request: Missing field 'SetIdentifier' in " CHANGE("null")},
        {ZONE("false", SET("x", "NS", "ns.example.org", "'TTL': 1, 'Weight': 1")),
         "policy.json:2:35: error: weighted routing is not possible for type NS"},
        {ZONE("false", SET("x", "DS", "1 8 1 0123456789012345678901234567890123456789",
                           "'TTL': 1, 'Failover': 'PRIMARY'")),
         "policy.json:2:35: error: failover routing is not possible for type DS"},
        {ZONE("false", SET("x", "CNAME", "b.example.org", "'TTL': 1, 'MultiValueAnswer': true")),
         "policy.json:2:35: error: multivalue routing is not possible for type CNAME"},
        {ZONE("true", SET("x", "A", "192.0.2.1",
                          "'TTL': 1, 'CidrRoutingConfig': {'CollectionId': 'offices', "
                          "'LocationName': '*'},\n'HealthCheckId': 'h'")),
         "policy.json:4:18: error: in a private hosted zone only failover, multivalue, weighted, latency and "
         "geolocation record sets can have a health check, not IP-based ones"},
        {ZONE("true", "{'Name': 'a.example.com', 'Type': 'A', 'TTL': 1, 'ResourceRecords': [{'Value': "
                      "'192.0.2.1'}],\n'HealthCheckId': 'h'}"),
         "policy.json:3:18: error: in a private hosted zone only failover, multivalue, weighted, latency and "
         "geolocation record sets can have a health check, not simple ones"},
    };
    EXPECT_ALL(cases);
}

#define GEO(members) ONE("'GeoLocation':\n{" members "}")

// Table 5.1, G7
static void test_areas_are_those_that_route_53_knows(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {GEO(""), "policy.json:4:1: error: GeoLocation needs a ContinentCode or a CountryCode"},
        {GEO("'SubdivisionCode': 'CA'"),
         "policy.json:4:1: error: GeoLocation needs a ContinentCode or a CountryCode"},
        {GEO("'ContinentCode': 'EU', 'CountryCode': 'DE'"),
         "policy.json:4:1: error: GeoLocation has a ContinentCode, or a CountryCode with or without "
         "SubdivisionCode, not both"},
        {GEO("'ContinentCode': 'NA', 'SubdivisionCode': 'CA'"),
         "policy.json:4:1: error: GeoLocation has a ContinentCode, or a CountryCode"},
        {GEO("'ContinentCode': 'XX'"), "policy.json:4:19: error: unknown ContinentCode 'XX'"},
        {GEO("'CountryCode': 'UK'"),
         "policy.json:4:17: error: 'UK' is not a country code that Route 53 knows; did you mean 'GB'?"},
        {GEO("'CountryCode': 'de'"),
         "policy.json:4:17: error: 'de' is not a country code that Route 53 knows; did you mean 'DE'?"},
        {GEO("'CountryCode': 'ZZ'"),
         "policy.json:4:17: error: 'ZZ' is not a country code that Route 53 knows\n"},
        {GEO("'CountryCode': 'BV'"),
         "policy.json:4:17: error: Route 53 has no geolocation records for country BV"},
        {GEO("'CountryCode': 'CX'"), "policy.json:4:17: error: Route 53 has no geolocation records"},
        {GEO("'CountryCode': 'EH'"), "policy.json:4:17: error: Route 53 has no geolocation records"},
        {GEO("'CountryCode': 'HM'"), "policy.json:4:17: error: Route 53 has no geolocation records"},
        {GEO("'CountryCode': 'USA'"),
         "policy.json:4:17: error: CountryCode must have 1 to 2 characters, not 3"},
        {GEO("'CountryCode': 'CA', 'SubdivisionCode': 'ON'"),
         "policy.json:4:42: error: SubdivisionCode goes with CountryCode US only (and UA), not with CA"},
        {GEO("'CountryCode': '*', 'SubdivisionCode': 'CA'"),
         "policy.json:4:41: error: SubdivisionCode goes with CountryCode US only (and UA), not with *"},
        {GEO("'CountryCode': 'US', 'SubdivisionCode': 'XX'"),
         "policy.json:4:42: error: 'XX' is not a subdivision of US that Route 53 knows"},
        {GEO("'CountryCode': 'UA', 'SubdivisionCode': 'CA'"),
         "policy.json:4:42: error: 'CA' is not a subdivision of UA that Route 53 knows"},
    };
    EXPECT_ALL(cases);
}

#define NEAR(members) ONE("'GeoProximityLocation':\n{" members "}")
#define POINT(latitude, longitude)                                                                           \
    NEAR("'Coordinates':\n{'Latitude': '" latitude "',\n'Longitude': '" longitude "'}")

// Table 5.1, X1, X3
static void test_positions_are_a_region_or_a_point(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {NEAR(""), "policy.json:4:1: error: GeoProximityLocation needs exactly one of AWSRegion, "
                   "LocalZoneGroup and Coordinates, but found none"},
        {NEAR("'Bias': 1"), "policy.json:4:1: error: GeoProximityLocation needs exactly one of"},
        {NEAR("'AWSRegion': 'us-east-1', 'Coordinates': {'Latitude': '1', 'Longitude': '2'}"),
         "policy.json:4:1: error: GeoProximityLocation needs exactly one of AWSRegion, LocalZoneGroup and "
         "Coordinates, but found more than one"},
        {NEAR("'LocalZoneGroup': 'us-west-2-den-1'"),
         "policy.json:4:2: error: local zones (LocalZoneGroup) are not known here; Coordinates can say where "
         "the resource is"},
        {NEAR("'AWSRegion': 'us-esat-1'"),
         "policy.json:4:15: error: unknown AWSRegion 'us-esat-1'; did you mean 'us-east-1'?"},
        {NEAR("'AWSRegion': 'us-east-1', 'Bias': 100"),
         "policy.json:4:36: error: Bias must be from -99 to 99, not 100"},
        {NEAR("'AWSRegion': 'us-east-1', 'Bias': -100"),
         "policy.json:4:36: error: Bias must be from -99 to 99, not -100"},
        {NEAR("'Coordinates':\n{'Latitude': '1'}"), "policy.json:5:1: error: missing field 'Longitude'"},
        {NEAR("'Coordinates':\n{'Latitude': 1, 'Longitude': '1'}"),
         "policy.json:5:14: error: Latitude must be a string, not the number 1"},
        {POINT("90.01", "0"), "policy.json:5:14: error: Latitude must be degrees from -90 to 90 with at most "
                              "two decimals, not '90.01'"},
        {POINT("-91", "0"), "policy.json:5:14: error: Latitude must be degrees"},
        {POINT("1.234", "0"), "policy.json:5:14: error: Latitude must be degrees"},
        {POINT("1e1", "0"), "policy.json:5:14: error: Latitude must be degrees"},
        {POINT(".5", "0"), "policy.json:5:14: error: Latitude must be degrees"},
        {POINT("N", "0"), "policy.json:5:14: error: Latitude must be degrees"},
        {POINT("0", "180.01"), "policy.json:6:14: error: Longitude must be degrees from -180 to 180"},
        {POINT("0", "--1"), "policy.json:6:14: error: Longitude must be degrees"},
        {POINT("0", "1000"), "policy.json:6:14: error: Longitude must be degrees"},
    };
    EXPECT_ALL(cases);
}

#define BY_IP(members)          ONE("'CidrRoutingConfig':\n{" members "}")
#define COLLECTION(id, members) "{'CidrCollections': [{'Id': '" id "', 'Name': 'n',\n" members "}]}"
#define BLOCK(cidr, location)   "{'CidrBlock': '" cidr "',\n'LocationName': '" location "'}"

// I1, I6, L16
static void test_cidr_collections_hold_each_block_once(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {"{'CidrCollections': [{'Name': 'n'}]}", "policy.json:1:22: error: missing field 'Id'"},
        {"{'CidrCollections': [{'Id': 'c'}]}", "policy.json:1:22: error: missing field 'Name'"},
        {"{'CidrCollections': [{'Id': 'c',\n'Name': 'a b'}]}",
         "policy.json:2:9: error: Name must be of letters, digits, '-' and '_', not 'a b'"},
        {"{'CidrCollections': [{'Id': 'c', 'Name': 'n'},\n{'Id': 'c', 'Name': 'm'}]}",
         "policy.json:2:8: error: another CIDR collection has Id 'c' already"},
        {"{'CidrCollections': [{'Id': 'c', 'Name': 'n'},\n{'Id': 'd', 'Name': 'n'}]}",
         "policy.json:2:21: error: another CIDR collection is named 'n' already"},
        {COLLECTION("c", "'CidrBlocks': [\n" BLOCK("192.0.2.0/25", "a") "]"),
         "policy.json:3:15: error: an IPv4 block of a CIDR collection is from /1 to /24, not /25"},
        {COLLECTION("c", "'CidrBlocks': [\n" BLOCK("0.0.0.0/0", "a") "]"),
         "policy.json:3:15: error: an IPv4 block of a CIDR collection is from /1 to /24, not /0"},
        {COLLECTION("c", "'CidrBlocks': [\n" BLOCK("2001:db8::/49", "a") "]"),
         "policy.json:3:15: error: an IPv6 block of a CIDR collection is from /1 to /48, not /49"},
        {COLLECTION("c", "'CidrBlocks': [\n" BLOCK("192.0.2.1/24", "a") "]"),
         "policy.json:3:15: error: '192.0.2.1/24' has bits set beyond its prefix length"},
        {COLLECTION("c", "'CidrBlocks': [\n" BLOCK("192.0.2.0/24", "a") ",\n" BLOCK("192.0.2.0/24", "b") "]"),
         "policy.json:5:15: error: '192.0.2.0/24' is given twice, in 'a' and in 'b'"},
        {COLLECTION("c", "'CidrBlocks': [\n" BLOCK("192.0.2.0/24", "*") "]"),
         "policy.json:4:17: error: LocationName must be of letters, digits, '-' and '_', not '*'"},
        {COLLECTION("c", "'CidrBlocks': [\n" BLOCK("192.0.2.0/24", "aaaaaaaaaaaaaaaaa") "]"),
         "policy.json:4:17: error: LocationName must have 1 to 16 characters, not 17"},
        {BY_IP("'LocationName': 'north'"), "policy.json:4:1: error: missing field 'CollectionId'"},
        {BY_IP("'CollectionId': 'offices'"), "policy.json:4:1: error: missing field 'LocationName'"},
        {BY_IP("'CollectionId': 'ofices', 'LocationName': 'north'"),
         "policy.json:4:18: error: no CIDR collection has Id 'ofices'; did you mean 'offices'?"},
        {BY_IP("'CollectionId': 'offices', 'LocationName': 'a*'"),
         "policy.json:4:45: error: LocationName must be of letters, digits, '-' and '_', or '*' for the "
         "default, not 'a*'"},
    };
    EXPECT_ALL(cases);
}

#define IN(location)                                                                                         \
    "'TTL': 1, 'CidrRoutingConfig':{'CollectionId': 'offices', 'LocationName': '" location "'}"
#define AT(codes) "'TTL': 1, 'GeoLocation': {" codes "}"
#define SAME(value, policy, noun)                                                                            \
    "error: RRSet with DNS name a.example.com., type A, SetIdentifier y, and " value                         \
    " cannot be created because a " policy " RRSet with the same name, type and " noun " already exists."

// F3, F7, L4, L5, table 5.1
static void test_groups_are_of_one_kind_with_each_value_once(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {TWO("'TTL': 1, 'Weight': 1", "'TTL': 2, 'Weight': 1"),
         "policy.json:5:8: error: RRSet with DNS name a.example.com. and type A, SetIdentifier y cannot be "
         "created as weighted sets must contain the same TTL."},
        {TWO("'TTL': 1, 'Weight': 1", "'TTL': 1, 'Failover': 'PRIMARY'"),
         "policy.json:4:10: error: RRSet with DNS name a.example.com., type A, SetIdentifier y cannot be "
         "created as a non-failover set exists with the same name and type."},
        {TWO("'TTL': 1, 'Region': 'us-east-1'", "'TTL': 1, 'Weight': 1"),
         "policy.json:4:10: error: RRSet with DNS name a.example.com., type A, SetIdentifier y cannot be "
         "created as a non-weighted set exists with the same name and type."},
        {TWO("'TTL': 1, 'Failover': 'PRIMARY'", "'TTL': 1, 'Failover': 'PRIMARY'"),
         "policy.json:5:23: " SAME("Failover=PRIMARY", "failover", "role")},
        {TWO("'TTL': 1, 'Failover': 'SECONDARY'", "'TTL': 1, 'Failover': 'SECONDARY'"),
         "policy.json:5:23: " SAME("Failover=SECONDARY", "failover", "role")},
        {TWO(AT("'CountryCode': '*'"), AT("'CountryCode': '*'")),
         "policy.json:5:26: " SAME("GeoLocation=*", "geolocation", "location")},
        {TWO(AT("'ContinentCode': 'SA'"), AT("'ContinentCode': 'SA'")),
         "policy.json:5:26: " SAME("GeoLocation=continent SA", "geolocation", "location")},
        {TWO(AT("'CountryCode': 'DE'"), AT("'CountryCode': 'DE'")),
         "policy.json:5:26: " SAME("GeoLocation=DE", "geolocation", "location")},
        {TWO(AT("'CountryCode': 'US', 'SubdivisionCode': 'CA'"),
             AT("'CountryCode': 'US', 'SubdivisionCode': 'CA'")),
         "policy.json:5:26: " SAME("GeoLocation=US-CA", "geolocation", "location")},
        {TWO(IN("north"), IN("north")),
         "policy.json:5:75: " SAME("LocationName=north", "IP-based", "location")},
        {TWO(IN("*"), IN("*")), "policy.json:5:75: " SAME("LocationName=*", "IP-based", "location")},
        {TWO(IN("north"), "'TTL': 1, 'CidrRoutingConfig':{'CollectionId': 'other', 'LocationName': '*'}"),
         "policy.json:5:48: error: RRSet with DNS name a.example.com., type A, SetIdentifier y cannot be "
         "created as "
         "SetIdentifier x uses CIDR collection offices, and IP-based sets must use the same one."},
    };
    EXPECT_ALL(cases);
}

// L5
static void test_a_geoproximity_group_has_at_most_thirty_members(void **state)
{
    (void)state;
    for (int count = 30; count <= 31; count++) {
        struct buffer text;
        buffer_init(&text, 1 << 20);
        buffer_text(&text, "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [");
        for (int i = 0; i < count; i++) {
            buffer_format(&text,
                          "%s{'Name': 'a.example.com', 'Type': 'A', 'SetIdentifier': 's%d', 'TTL': 1, "
                          "'GeoProximityLocation': {'Coordinates': {'Latitude': '%d', 'Longitude': '0'}}, "
                          "'ResourceRecords': [{'Value': '192.0.2.1'}]}",
                          i > 0 ? ",\n" : "", i, i);
        }
        buffer_text(&text, "]}]}");
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, buffer_string(&text), NULL, NULL);
        assert_int_equal(dsl.errors, count > 30);
        if (count > 30) {
            assert_non_null(strstr(buffer_string(&dsl.printed),
                                   "31 record sets have DNS name a.example.com. and type A; at most 30 can"));
        }
        policy_dsl_free(&dsl);
        buffer_free(&text);
    }
}

// --- what may be said --------------------------------------------------------------------------------------

static void read_good(struct policy_dsl *dsl, const char *text)
{
    policy_dsl_read(dsl, text, NULL, NULL);
    if (dsl->policy == NULL) {
        fail_msg("%s\n%s", text, buffer_string(&dsl->printed));
    }
}

static const struct record_set_spec *first_set(const struct policy_dsl *dsl)
{
    return &policy_spec(dsl->policy)->zones[0].record_sets[0];
}

static void test_areas_arrive(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct geo_area area;
    } cases[] = {
        {GEO("'CountryCode': '*'"), {GEO_DEFAULT, {0}}},
        {GEO("'ContinentCode': 'AS'"), {GEO_CONTINENT, {'A', 'S'}}},
        {GEO("'CountryCode': 'AS'"), {GEO_COUNTRY, {'A', 'S'}}}, // American Samoa, G7
        {GEO("'CountryCode': 'XK'"), {GEO_COUNTRY, {'X', 'K'}}},
        {GEO("'CountryCode': 'US'"), {GEO_COUNTRY, {'U', 'S'}}},
        {GEO("'CountryCode': 'US', 'SubdivisionCode': 'DC'"), {GEO_SUBDIVISION, {'U', 'S', 'D', 'C'}}},
        {GEO("'CountryCode': 'UA', 'SubdivisionCode': '30'"), {GEO_SUBDIVISION, {'U', 'A', '3', '0'}}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct policy_dsl dsl;
        read_good(&dsl, cases[i].text);
        assert_int_equal(first_set(&dsl)->policy, ROUTING_GEOLOCATION);
        assert_memory_equal(&first_set(&dsl)->area, &cases[i].area, sizeof cases[i].area);
        policy_dsl_free(&dsl);
    }
}

static void test_positions_arrive(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct geo_position position;
    } cases[] = {
        {NEAR("'AWSRegion': 'eu-west-1'"), {53.35F, -6.26F, 0}},
        {NEAR("'AWSRegion': 'eu-west-1', 'Bias': -99"), {53.35F, -6.26F, -99}},
        {POINT("-90.00", "180"), {-90, 180, 0}},
        {POINT("+47.6", "-122.33"), {47.6F, -122.33F, 0}},
        {POINT("-0.05", "7."), {-0.05F, 7, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct policy_dsl dsl;
        read_good(&dsl, cases[i].text);
        const struct geo_position *got = &first_set(&dsl)->position;
        assert_int_equal(first_set(&dsl)->policy, ROUTING_GEOPROXIMITY);
        assert_float_equal(got->latitude, cases[i].position.latitude, 0.0001F);
        assert_float_equal(got->longitude, cases[i].position.longitude, 0.0001F);
        assert_int_equal(got->bias, cases[i].position.bias);
        policy_dsl_free(&dsl);
    }
}

static void test_other_policies_arrive(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    read_good(&dsl, TWO("'TTL': 1, 'Weight': 0", "'TTL': 1, 'Weight': 255"));
    assert_int_equal(first_set(&dsl)->policy, ROUTING_WEIGHTED);
    assert_int_equal(first_set(&dsl)[0].weight, 0);
    assert_int_equal(first_set(&dsl)[1].weight, 255);
    policy_dsl_free(&dsl);
    read_good(&dsl, TWO("'TTL': 1, 'Failover': 'SECONDARY'", "'TTL': 2, 'Failover': 'PRIMARY'"));
    assert_int_equal(first_set(&dsl)->policy, ROUTING_FAILOVER);
    assert_true(first_set(&dsl)[0].secondary);
    assert_false(first_set(&dsl)[1].secondary);
    policy_dsl_free(&dsl);
    // TTLs of multivalue answers may differ (F7), and so may areas that share their letters.
    read_good(&dsl, TWO("'TTL': 1, 'MultiValueAnswer': true", "'TTL': 2, 'MultiValueAnswer': true"));
    assert_int_equal(first_set(&dsl)->policy, ROUTING_MULTIVALUE);
    policy_dsl_free(&dsl);
    read_good(&dsl, TWO(AT("'ContinentCode': 'AS'"), AT("'CountryCode': 'AS'")));
    policy_dsl_free(&dsl);
    read_good(&dsl, TWO(IN("*"), IN("south")));
    assert_int_equal(first_set(&dsl)->policy, ROUTING_CIDR);
    assert_string_equal(first_set(&dsl)[0].cidr_location, "*");
    assert_string_equal(first_set(&dsl)[1].cidr_collection, "offices");
    assert_string_equal(first_set(&dsl)[1].cidr_location, "south");
    const struct model_spec *spec = policy_spec(dsl.policy);
    assert_int_equal(spec->cidr_collection_count, 2);
    assert_int_equal(spec->cidr_collections[0].block_count, 2);
    assert_int_equal(spec->cidr_collections[0].blocks[1].prefix.length, 32);
    struct model *model = model_build(spec);
    assert_int_equal(model->cidr_collections[0].location_count, 2);
    model_destroy(model);
    policy_dsl_free(&dsl);
}

// "MultiValueAnswer": false is as good as none, also beside another policy (table 5.1).
static void test_no_multivalue_answer_is_no_policy(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    read_good(&dsl, ONE("'Weight': 3, 'MultiValueAnswer': false"));
    assert_int_equal(first_set(&dsl)->policy, ROUTING_WEIGHTED);
    policy_dsl_free(&dsl);
}

// What aws route53 list-cidr-collections and list-cidr-blocks print.
static void test_cidr_collections_are_as_the_aws_cli_lists_them(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    read_good(&dsl, "{'CidrCollections': [{'Arn': "
                    "'arn:aws:route53:::cidrcollection/c8c02a84-aaaa-bbbb-e0d2-d833a2f80106', "
                    "'Id': 'c8c02a84-aaaa-bbbb-e0d2-d833a2f80106', 'Name': 'my_Offices-1', 'Version': 3, "
                    "'CidrBlocks': [{'CidrBlock': '128.0.0.0/1', 'LocationName': 'a_B-9'}, "
                    "{'CidrBlock': '2001:db8::/48', 'LocationName': 'a_B-9'}]}]}");
    const struct cidr_collection_spec *collection = policy_spec(dsl.policy)->cidr_collections;
    assert_string_equal(collection->name, "my_Offices-1");
    assert_string_equal(collection->blocks[1].location, "a_B-9");
    policy_dsl_free(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weights_and_roles_keep_to_their_ranges),
        cmocka_unit_test(test_areas_are_those_that_route_53_knows),
        cmocka_unit_test(test_positions_are_a_region_or_a_point),
        cmocka_unit_test(test_cidr_collections_hold_each_block_once),
        cmocka_unit_test(test_groups_are_of_one_kind_with_each_value_once),
        cmocka_unit_test(test_a_geoproximity_group_has_at_most_thirty_members),
        cmocka_unit_test(test_areas_arrive),
        cmocka_unit_test(test_positions_arrive),
        cmocka_unit_test(test_other_policies_arrive),
        cmocka_unit_test(test_no_multivalue_answer_is_no_policy),
        cmocka_unit_test(test_cidr_collections_are_as_the_aws_cli_lists_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
