// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "core/route53/request.h"
#include "core/route53/shape_tables.h"
#include "core/route53/xml.h"

#define NS    " xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\""
#define CVC   "Invalid XML ; cvc-"
#define IN_NS "{\"https://route53.amazonaws.com/doc/2013-04-01/\":"

// The JSON that a document became, or "Code: message".
static char *outcome(const struct shape *shape, struct bytes text)
{
    struct route53_fault fault = {0};
    json_t *json = NULL;
    char *result;
    if (xml_read(shape, text, &json, &fault)) {
        result = json_dumps(json, JSON_COMPACT);
        json_decref(json);
    } else {
        struct buffer message;
        buffer_init(&message, 4096);
        buffer_format(&message, "%s: %s", fault.code, fault.message);
        result = strdup(buffer_string(&message));
        buffer_free(&message);
    }
    route53_fault_clear(&fault);
    return result;
}

struct xml_case {
    const char *text;
    const char *outcome; // of a fault, how it begins
};

static void try_cases(const struct shape *shape, const struct xml_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *got = outcome(shape, bytes_of(cases[i].text));
        bool is_fault = cases[i].outcome[0] != '{';
        bool good = is_fault ? strncmp(got, cases[i].outcome, strlen(cases[i].outcome)) == 0
                             : strcmp(got, cases[i].outcome) == 0;
        if (!good) {
            fail_msg("%s\n  gave     %s\n  expected %s", cases[i].text, got, cases[i].outcome);
        }
        free(got);
    }
}

#define TRY(shape, cases) try_cases(&shape_##shape, cases, sizeof(cases) / sizeof(cases)[0])

// The bodies of API reference 6.2 and 6.3, as the AWS CLI and Terraform send them.
static void test_bodies_of_real_clients_become_the_json_of_the_aws_cli(void **state)
{
    (void)state;
    static const struct xml_case changes[] = {
        {"<ChangeResourceRecordSetsRequest" NS "><ChangeBatch><Comment>move</Comment><Changes><Change>"
         "<Action>UPSERT</Action><ResourceRecordSet><Name>api.example.com</Name><Type>A</Type>"
         "<SetIdentifier>eu</SetIdentifier><Region>eu-west-1</Region><TTL>60</"
         "TTL><ResourceRecords><ResourceRecord>"
         "<Value>192.0.2.10</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes>"
         "</ChangeBatch></ChangeResourceRecordSetsRequest>",
         "{\"ChangeBatch\":{\"Comment\":\"move\",\"Changes\":[{\"Action\":\"UPSERT\",\"ResourceRecordSet\":"
         "{\"Name\":\"api.example.com\",\"Type\":\"A\",\"SetIdentifier\":\"eu\",\"Region\":\"eu-west-1\","
         "\"TTL\":60,"
         "\"ResourceRecords\":[{\"Value\":\"192.0.2.10\"}]}}]}}"},
        // Terraform's order, and its &#34;
        {"<ChangeResourceRecordSetsRequest" NS "><ChangeBatch><Changes><Change><Action>CREATE</Action>"
         "<ResourceRecordSet><Name>\\052.w.example.com</Name><ResourceRecords><ResourceRecord>"
         "<Value>&#34;hello&#x20;world&#34;</Value></ResourceRecord></ResourceRecords><TTL>0</TTL><Type>TXT</"
         "Type>"
         "</ResourceRecordSet></Change></Changes><Comment>Managed by Terraform</Comment></ChangeBatch>"
         "</ChangeResourceRecordSetsRequest>",
         "{\"ChangeBatch\":{\"Changes\":[{\"Action\":\"CREATE\",\"ResourceRecordSet\":{\"Name\":"
         "\"\\\\052.w.example.com\",\"ResourceRecords\":[{\"Value\":\"\\\"hello "
         "world\\\"\"}],\"TTL\":0,\"Type\":"
         "\"TXT\"}}],\"Comment\":\"Managed by Terraform\"}}"},
    };
    static const struct xml_case updates[] = {
        {"<UpdateHealthCheckRequest" NS "><SearchString /><Disabled>false</Disabled>"
         "<HealthThreshold>0</HealthThreshold></UpdateHealthCheckRequest>",
         "{\"SearchString\":\"\",\"Disabled\":false,\"HealthThreshold\":0}"},
        {"<UpdateHealthCheckRequest" NS "><ResetElements><ResettableElementName>ResourcePath"
         "</ResettableElementName><ResettableElementName>Regions</ResettableElementName></ResetElements>"
         "</UpdateHealthCheckRequest>",
         "{\"ResetElements\":[\"ResourcePath\",\"Regions\"]}"},
        {"<UpdateHealthCheckRequest" NS "/>", "{}"},
    };
    TRY(ChangeResourceRecordSetsRequest, changes);
    TRY(UpdateHealthCheckRequest, updates);
}

// API reference 1.2
static void test_what_xml_allows_around_values_makes_no_difference(void **state)
{
    (void)state;
    static const char good[] = "{\"Comment\":\"a & b\"}";
    static const struct xml_case cases[] = {
        {"<UpdateHostedZoneCommentRequest" NS
         "><Comment>a &amp; b</Comment></UpdateHostedZoneCommentRequest>",
         good},
        {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<UpdateHostedZoneCommentRequest" NS
         "><Comment>a &#38; b</Comment></UpdateHostedZoneCommentRequest>\n",
         good},
        {"\xef\xbb\xbf<UpdateHostedZoneCommentRequest><Comment>a &#x26; "
         "b</Comment></UpdateHostedZoneCommentRequest>",
         good},
        {"<!-- a -->\n<UpdateHostedZoneCommentRequest>\n\t<!-- b --><Comment>a <!-- c -->&amp; "
         "b</Comment>\r\n"
         "</UpdateHostedZoneCommentRequest>",
         good},
        {"<UpdateHostedZoneCommentRequest><Comment><![CDATA[a & "
         "b]]></Comment></UpdateHostedZoneCommentRequest>",
         good},
        {"<r:UpdateHostedZoneCommentRequest xmlns:r=\"https://route53.amazonaws.com/doc/2013-04-01/\">"
         "<r:Comment>a &amp; b</r:Comment></r:UpdateHostedZoneCommentRequest>",
         good},
        {"<UpdateHostedZoneCommentRequest xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
         "xsi:schemaLocation=\"x y\"><Comment>a &amp; b</Comment></UpdateHostedZoneCommentRequest>",
         good},
        {"<UpdateHostedZoneCommentRequest><Comment></Comment></UpdateHostedZoneCommentRequest>",
         "{\"Comment\":\"\"}"},
        {"<UpdateHostedZoneCommentRequest><Comment/></UpdateHostedZoneCommentRequest>", "{\"Comment\":\"\"}"},
        {"<UpdateHostedZoneCommentRequest><Comment> x\n</Comment></UpdateHostedZoneCommentRequest>",
         "{\"Comment\":\" x\\n\"}"},
        {"<UpdateHostedZoneCommentRequest><Comment>\xc3\xa9</Comment></UpdateHostedZoneCommentRequest>",
         "{\"Comment\":\"\xc3\xa9\"}"},
    };
    TRY(UpdateHostedZoneCommentRequest, cases);
}

// API reference 1.4
static void test_what_is_no_xml_or_has_another_root_is_malformed(void **state)
{
    (void)state;
    static const struct xml_case cases[] = {
        {"<ChangeBatch" NS "/>",
         "MalformedInput: ChangeBatch is not valid, expected ChangeResourceRecordSetsRequest"},
        {"<ChangeResourceRecordSetsRequest xmlns=\"https://example.com/\"/>",
         "MalformedInput: ChangeResourceRecordSetsRequest is not valid, expected"},
        {"", "MalformedInput: Could not parse XML: no element found at line 1, column 1"},
        {"hello", "MalformedInput: Could not parse XML: syntax error at line 1, column 1"},
        {"{}", "MalformedInput: Could not parse XML"},
        {"<ChangeResourceRecordSetsRequest>", "MalformedInput: Could not parse XML: no element found"},
        {"<ChangeResourceRecordSetsRequest></Other>", "MalformedInput: Could not parse XML: mismatched tag"},
        {"<ChangeResourceRecordSetsRequest><ChangeBatch><Comment>&#0;",
         "MalformedInput: Could not parse XML"},
        {"<ChangeResourceRecordSetsRequest><ChangeBatch><Comment>\x01",
         "MalformedInput: Could not parse XML"},
        // Latin-1, also when it says so: the API is in UTF-8.
        {"<ChangeResourceRecordSetsRequest><ChangeBatch><Comment>\xe9</Comment>",
         "MalformedInput: Could not parse XML: not well-formed (invalid token)"},
        {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"
         "<ChangeResourceRecordSetsRequest><ChangeBatch><Comment>\xe9</Comment>",
         "MalformedInput: Could not parse XML: not well-formed (invalid token)"},
        {"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]>"
         "<ChangeResourceRecordSetsRequest>&b;</ChangeResourceRecordSetsRequest>",
         "MalformedInput: Could not parse XML: a document type declaration is not allowed"},
        {"<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><ChangeResourceRecordSetsRequest/>",
         "MalformedInput: Could not parse XML: a document type declaration is not allowed"},
        {"<ChangeResourceRecordSetsRequest><ChangeBatch>&b;",
         "MalformedInput: Could not parse XML: undefined entity"},
    };
    TRY(ChangeResourceRecordSetsRequest, cases);
}

// XML 1.0 section 4.3.3 and appendix F
static void test_utf_16_is_read_with_its_mark_and_without(void **state)
{
    (void)state;
    static const char text[] =
        "<UpdateHostedZoneCommentRequest><Comment>x</Comment></UpdateHostedZoneCommentRequest>";
    uint8_t wide[2 * sizeof text] = {0xff, 0xfe};
    for (size_t i = 0; i < sizeof text - 1; i++) {
        wide[2 + 2 * i] = (uint8_t)text[i];
    }
    char *got = outcome(&shape_UpdateHostedZoneCommentRequest, (struct bytes){wide, sizeof wide});
    assert_string_equal(got, "{\"Comment\":\"x\"}");
    free(got);
    got = outcome(&shape_UpdateHostedZoneCommentRequest, (struct bytes){wide + 2, sizeof wide - 2});
    assert_string_equal(got, "{\"Comment\":\"x\"}");
    free(got);
}

#define BATCH(text) "<ChangeResourceRecordSetsRequest" NS ">" text "</ChangeResourceRecordSetsRequest>"
#define SET(text)                                                                                            \
    BATCH("<ChangeBatch><Changes><Change><Action>CREATE</Action><ResourceRecordSet><Name>a</Name><Type>A</"  \
          "Type>" text "</ResourceRecordSet></Change></Changes></ChangeBatch>")

// API reference 4.2
static void test_what_the_shape_does_not_allow_is_invalid_in_a_validators_words(void **state)
{
    (void)state;
    static const struct xml_case cases[] = {
        {BATCH("<ChangeBatch><Changes><Change><Action>FOO</Action>"),
         "InvalidInput: " CVC "enumeration-valid: Value 'FOO' is not facet-valid with respect to enumeration "
         "'[CREATE, DELETE, UPSERT]'. It must be a value from the enumeration."},
        {SET("<Failover>primary</Failover>"),
         "InvalidInput: " CVC
         "enumeration-valid: Value 'primary' is not facet-valid with respect to enumeration "
         "'[PRIMARY, SECONDARY]'."},
        {SET("<AliasTarget><HostedZoneId>Z1</HostedZoneId><DNSName>b</DNSName></AliasTarget>"),
         "InvalidInput: " CVC
         "complex-type.2.4.b: The content of element 'AliasTarget' is not complete. One of "
         "'" IN_NS "EvaluateTargetHealth}' is expected."},
        {BATCH(""),
         "InvalidInput: " CVC "complex-type.2.4.b: The content of element 'ChangeResourceRecordSetsRequest' "
         "is not complete. One of '" IN_NS "ChangeBatch}' is expected."},
        {BATCH("<ChangeBatch><Changes/></ChangeBatch>"),
         "InvalidInput: " CVC
         "complex-type.2.4.b: The content of element 'Changes' is not complete. One of '" IN_NS
         "Change}' is expected."},
        {BATCH("<ChangeBatch><Coment>x</Coment></ChangeBatch>"),
         "InvalidInput: " CVC
         "complex-type.2.4.a: Invalid content was found starting with element 'Coment'. One of "
         "'" IN_NS "Comment, \"https://route53.amazonaws.com/doc/2013-04-01/\":Changes}' is expected."},
        {BATCH("<Id>Z1</Id>"), // bound to the path, so never in a body
         "InvalidInput: " CVC "complex-type.2.4.a: Invalid content was found starting with element 'Id'."},
        {BATCH("<ChangeBatch><Comment>x</Comment><Comment>x</Comment>"),
         "InvalidInput: " CVC
         "complex-type.2.4.a: Invalid content was found starting with element 'Comment'."},
        {BATCH("<ChangeBatch><Changes><member/>"),
         "InvalidInput: " CVC
         "complex-type.2.4.a: Invalid content was found starting with element 'member'. One of "
         "'" IN_NS "Change}' is expected."},
        {BATCH("<ChangeBatch><Comment xmlns=\"urn:other\">x</Comment>"),
         "InvalidInput: " CVC
         "complex-type.2.4.a: Invalid content was found starting with element 'Comment'."},
        {BATCH("<ChangeBatch>x"),
         "InvalidInput: " CVC "complex-type.2.3: Element 'ChangeBatch' cannot have character "
         "[children], because the type's content type is element-only."},
        {BATCH("<ChangeBatch><Comment><b>x</b></Comment>"),
         "InvalidInput: " CVC "type.3.1.2: Element 'Comment' is a simple type"},
        {BATCH("<ChangeBatch mode=\"x\"/>"),
         "InvalidInput: " CVC
         "complex-type.3.2.2: Attribute 'mode' is not allowed to appear in element 'ChangeBatch'."},
        {SET("<TTL>sixty</TTL>"),
         "InvalidInput: " CVC "datatype-valid.1.2.1: 'sixty' is not a valid value for 'integer'."},
        {SET("<TTL></TTL>"),
         "InvalidInput: " CVC "datatype-valid.1.2.1: '' is not a valid value for 'integer'."},
        {SET("<TTL>60.0</TTL>"), "InvalidInput: " CVC "datatype-valid.1.2.1: '60.0' is not a valid value"},
        {SET("<TTL>-1</TTL>"),
         "InvalidInput: " CVC "minInclusive-valid: Value '-1' is not facet-valid with respect to "
         "minInclusive '0' for type 'TTL'."},
        {SET("<TTL>2147483648</TTL>"),
         "InvalidInput: " CVC "maxInclusive-valid: Value '2147483648' is not facet-valid "
         "with respect to maxInclusive '2147483647' for type 'TTL'."},
        {SET("<Weight>99999999999999999999999999</Weight>"), "InvalidInput: " CVC "maxInclusive-valid"},
        {SET("<SetIdentifier/>"),
         "InvalidInput: " CVC "minLength-valid: Value '' with length = '0' is not facet-valid "
         "with respect to minLength '1' for type 'ResourceRecordSetIdentifier'."},
        {SET("<MultiValueAnswer>True</MultiValueAnswer>"),
         "InvalidInput: " CVC "datatype-valid.1.2.1: 'True' is not a valid value for 'boolean'."},
        {SET("<MultiValueAnswer>1</MultiValueAnswer>"),
         "InvalidInput: " CVC "datatype-valid.1.2.1: '1' is not"},
        {SET("<CidrRoutingConfig><CollectionId>c</CollectionId><LocationName>a b</LocationName>"),
         "InvalidInput: " CVC "pattern-valid: Value 'a b' is not facet-valid with respect to pattern "
         "'[0-9A-Za-z_\\-\\*]+' for type 'CidrLocationNameDefaultAllowed'."},
        {SET("<GeoProximityLocation><Coordinates><Latitude>123</Latitude>"),
         "InvalidInput: " CVC "pattern-valid"},
        {SET("<GeoProximityLocation><Bias>100</Bias>"), "InvalidInput: " CVC "maxInclusive-valid"},
    };
    TRY(ChangeResourceRecordSetsRequest, cases);
}

static void test_a_text_is_measured_in_characters_and_shown_cut(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text, 65536);
    buffer_text(&text, "<UpdateHostedZoneCommentRequest><Comment>");
    for (unsigned i = 0; i < 256; i++) {
        buffer_text(&text, "\xf0\x9f\x98\x80"); // an emoji
    }
    size_t fits = text.len;
    buffer_text(&text, "</Comment></UpdateHostedZoneCommentRequest>");
    char *got = outcome(&shape_UpdateHostedZoneCommentRequest, bytes_of(buffer_string(&text)));
    assert_int_equal(got[0], '{');
    free(got);
    text.len = fits;
    buffer_text(&text, "x</Comment></UpdateHostedZoneCommentRequest>");
    got = outcome(&shape_UpdateHostedZoneCommentRequest, bytes_of(buffer_string(&text)));
    assert_non_null(
        strstr(got, "\xf0\x9f\x98\x80...' with length = '257' is not facet-valid with respect to maxLength "
                    "'256' for type 'ResourceDescription'"));
    assert_in_range(strlen(got), 512, 800);
    free(got);
    buffer_free(&text);
}

static void test_an_eleventh_tag_is_not_expected(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text, 65536);
    buffer_text(&text, "<ChangeTagsForResourceRequest><RemoveTagKeys>");
    for (unsigned i = 0; i < 11; i++) {
        buffer_text(&text, "<Key>k</Key>");
    }
    buffer_text(&text, "</RemoveTagKeys></ChangeTagsForResourceRequest>");
    char *got = outcome(&shape_ChangeTagsForResourceRequest, bytes_of(buffer_string(&text)));
    assert_string_equal(got, "InvalidInput: " CVC
                             "complex-type.2.4.d: Invalid content was found starting with element "
                             "'Key'. No child element is expected at this point.");
    free(got);
    buffer_free(&text);
}

// Entities that would grow to gigabytes, and nesting that would fill a stack.
static void test_bombs_are_refused_at_once(void **state)
{
    (void)state;
    static const char laughs[] =
        "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">"
        "<!ENTITY c \"&b;&b;&b;&b;\">]><UpdateHostedZoneCommentRequest><Comment>&c;</Comment>"
        "</UpdateHostedZoneCommentRequest>";
    char *got = outcome(&shape_UpdateHostedZoneCommentRequest, bytes_of(laughs));
    assert_string_equal(got,
                        "MalformedInput: Could not parse XML: a document type declaration is not allowed");
    free(got);
    struct buffer text;
    buffer_init(&text, 8 << 20);
    for (unsigned i = 0; i < 100000; i++) {
        buffer_text(&text, "<UpdateHostedZoneCommentRequest>");
    }
    got = outcome(&shape_UpdateHostedZoneCommentRequest, bytes_of(buffer_string(&text)));
    assert_memory_equal(got, "InvalidInput: " CVC "complex-type.2.4.a", 45);
    free(got);
    buffer_free(&text);
}

static void test_size_and_elements_are_bounded(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text, 16 << 20);
    buffer_text(&text,
                "<ChangeResourceRecordSetsRequest><ChangeBatch><Changes><Change><Action>CREATE</Action>"
                "<ResourceRecordSet><Name>a</Name><Type>A</Type><ResourceRecords>");
    for (unsigned i = 0; i < 50000; i++) {
        buffer_text(&text, "<ResourceRecord><Value>a</Value></ResourceRecord>");
    }
    char *got = outcome(&shape_ChangeResourceRecordSetsRequest, bytes_of(buffer_string(&text)));
    assert_string_equal(got, "InvalidInput: Invalid XML ; more than 100000 elements");
    free(got);
    while (text.len <= ROUTE53_BODY_MOST) {
        buffer_text(&text,
                    "                                                                                ");
    }
    got = outcome(&shape_ChangeResourceRecordSetsRequest, bytes_of(buffer_string(&text)));
    assert_string_equal(got, "RequestEntityTooLarge: The body is longer than 4194304 bytes");
    free(got);
    buffer_free(&text);
}

static void test_a_body_cut_anywhere_is_malformed(void **state)
{
    (void)state;
    static const char text[] =
        SET("<TTL>60</TTL><ResourceRecords><ResourceRecord><Value>&#34;\xc3\xa9&amp;</Value>"
            "</ResourceRecord></ResourceRecords>");
    char *whole = outcome(&shape_ChangeResourceRecordSetsRequest, bytes_of(text));
    assert_int_equal(whole[0], '{');
    free(whole);
    for (size_t len = 0; len < sizeof text - 1; len++) {
        uint8_t *cut = malloc(len + 1); // of its size, for the sanitizer
        memcpy(cut, text, len);
        char *got = outcome(&shape_ChangeResourceRecordSetsRequest, (struct bytes){cut, len});
        if (strncmp(got, "MalformedInput: Could not parse XML: ", 37) != 0) {
            fail_msg("%zu bytes: %s", len, got);
        }
        free(got);
        free(cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies_of_real_clients_become_the_json_of_the_aws_cli),
        cmocka_unit_test(test_what_xml_allows_around_values_makes_no_difference),
        cmocka_unit_test(test_what_is_no_xml_or_has_another_root_is_malformed),
        cmocka_unit_test(test_utf_16_is_read_with_its_mark_and_without),
        cmocka_unit_test(test_what_the_shape_does_not_allow_is_invalid_in_a_validators_words),
        cmocka_unit_test(test_a_text_is_measured_in_characters_and_shown_cut),
        cmocka_unit_test(test_an_eleventh_tag_is_not_expected),
        cmocka_unit_test(test_bombs_are_refused_at_once),
        cmocka_unit_test(test_size_and_elements_are_bounded),
        cmocka_unit_test(test_a_body_cut_anywhere_is_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
