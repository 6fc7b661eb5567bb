// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/dns/name.h"
#include "core/dns/rrtype.h"

#include "core/dns/packet.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

#define TEN             "0123456789"
#define FIFTY           TEN TEN TEN TEN TEN
#define CHARS_250       FIFTY FIFTY FIFTY FIFTY FIFTY
#define HEX_20          "0123456789abcdef0123456789abcdef01234567"
#define HEX_32          "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define MANY_STRINGS(s) s s s s s s s s s s s s s s s

static uint8_t rdata[DNS_RDATA_MAX];

static uint16_t type_of(const char *name)
{
    uint16_t type = 0;
    assert_true(dns_rrtype_parse(bytes_of(name), &type));
    return type;
}

static void print(uint16_t type, size_t len, struct buffer *out)
{
    buffer_init(out, 1 << 20);
    uint8_t *exact = malloc(len > 0 ? len : 1);
    assert_non_null(exact);
    memcpy(exact, rdata, len);
    dns_rdata_format(type, (struct bytes){exact, len}, out);
    free(exact);
}

// --- types -------------------------------------------------------------------------------------------------

// Table 5.1
static void test_route53_has_17_types_in_the_order_of_their_names(void **state)
{
    (void)state;
    static const char *const names[] = {"A",   "AAAA",  "CAA",  "CNAME", "DS",  "HTTPS",
                                        "MX",  "NAPTR", "NS",   "PTR",   "SOA", "SPF",
                                        "SRV", "SSHFP", "SVCB", "TLSA",  "TXT"};
    assert_int_equal(dns_rrtype_count(), 17);
    for (size_t i = 0; i < COUNT(names); i++) {
        char name[DNS_TYPE_TEXT];
        dns_rrtype_format(dns_rrtype_at(i), name);
        assert_string_equal(name, names[i]);
        assert_true(dns_rrtype_in_route53(dns_rrtype_at(i)));
        assert_int_equal(type_of(names[i]), dns_rrtype_at(i));
    }
    assert_false(dns_rrtype_in_route53(DNS_TYPE_ANY));
    assert_false(dns_rrtype_in_route53(65280));
}

// RFC 3597 section 5
static void test_types_are_read_by_name_or_number(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int type; // -1: refused
        const char *name;
    } cases[] = {
        {"A", 1, "A"},
        {"a", 1, "A"},
        {"hTTps", 65, "HTTPS"},
        {"ANY", 255, "ANY"},
        {"OPT", 41, "OPT"},
        {"axfr", 252, "AXFR"},
        {"IXFR", 251, "IXFR"},
        {"MAILB", 253, "MAILB"},
        {"MAILA", 254, "MAILA"},
        {"TYPE1", 1, "A"},
        {"type65280", 65280, "TYPE65280"},
        {"TYPE0", 0, "TYPE0"},
        {"TYPE65535", 65535, "TYPE65535"},
        {"TYPE65536", -1, NULL},
        {"TYPE", -1, NULL},
        {"TYPE01", -1, NULL},
        {"TYPE-1", -1, NULL},
        {"", -1, NULL},
        {"AA", -1, NULL},
        {"AAAAA", -1, NULL},
        {"A ", -1, NULL},
        {"1", -1, NULL},
        {"HTTP", -1, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint16_t type = 7;
        assert_int_equal(dns_rrtype_parse(bytes_of(cases[i].text), &type), cases[i].type >= 0);
        if (cases[i].type < 0) {
            assert_int_equal(type, 7);
            continue;
        }
        assert_int_equal(type, cases[i].type);
        char name[DNS_TYPE_TEXT];
        dns_rrtype_format(type, name);
        assert_string_equal(name, cases[i].name);
    }
}

// --- values ------------------------------------------------------------------------------------------------

struct good {
    const char *type;
    const char *text;
    const char *printed; // NULL: as text
    const char *wire;    // NULL: not compared
};

static void check_good(const struct good *row)
{
    uint16_t type = type_of(row->type);
    const char *printed = row->printed != NULL ? row->printed : row->text;
    struct error error = {0};
    size_t len = 0;
    if (!dns_rdata_parse(type, bytes_of(row->text), rdata, &len, &error)) {
        fail_msg("%s %s: %s", row->type, row->text, error.text);
    }
    if (row->wire != NULL) {
        size_t wire_len;
        uint8_t *wire = packet_of(row->wire, &wire_len);
        assert_int_equal(len, wire_len);
        assert_memory_equal(rdata, wire, len);
        free(wire);
    }
    struct buffer first;
    print(type, len, &first);
    assert_string_equal(buffer_string(&first), printed);
    assert_true(dns_rdata_parse(type, bytes_of(printed), rdata, &len, &error));
    struct buffer second;
    print(type, len, &second);
    assert_string_equal(buffer_string(&second), printed);
    buffer_free(&first);
    buffer_free(&second);
}

static void test_values_of_every_type_round_trip(void **state)
{
    (void)state;
    static const struct good cases[] = {
        {"A", "192.0.2.1", NULL, "c0000201"},
        {"A", "0.0.0.0", NULL, "00000000"},
        {"AAAA", "2001:DB8:0:0::1", "2001:db8::1", "20010db8 00000000 00000000 00000001"},
        {"AAAA", "::ffff:192.0.2.1", NULL, NULL},
        {"NS", "ns-1.awsdns-00.com", "ns-1.awsdns-00.com.", "04'ns-1'09'awsdns-00'03'com'00"},
        {"CNAME", "WWW.Example.COM.", "www.example.com.", "03'www'07'example'03'com'00"},
        {"CNAME", "*.example.com", "*.example.com.", NULL},
        {"CNAME", "\\052\\056\\040.example", "*\\056\\040.example.", "03'*. '07'example'00"},
        {"CNAME", "\\#", "#.", "01'#'00"},
        {"PTR", "host.example.com", "host.example.com.", NULL},
        {"PTR", ".", NULL, "00"},
        {"MX", "10 mail.example.com", "10 mail.example.com.", "000a 04'mail'07'example'03'com'00"},
        {"MX", "0 .", NULL, "0000 00"},
        {"MX", "65535\t \tmail. ", "65535 mail.", NULL},
        {"SOA", "ns-2048.awsdns-64.net. hostmaster.awsdns.com. 1 7200 900 1209600 86400", NULL,
         "07'ns-2048'09'awsdns-64'03'net'00 0a'hostmaster'06'awsdns'03'com'00 00000001 00001c20 00000384 "
         "00127500 00015180"},
        {"SOA", "a. b. 4294967295 0 0 0 4294967295", NULL, NULL},
        {"SRV", "1 10 5269 xmpp-server.example.com.", NULL,
         "0001 000a 1495 0b'xmpp-server'07'example'03'com'00"},
        {"SRV", "0 0 0 .", NULL, NULL},
        {"TXT", "\"Sample text\"", NULL, "0b'Sample text'"},
        {"TXT", "\"\"", NULL, "00"},
        {"TXT", "\"a\" \"b\"   \"\"", "\"a\" \"b\" \"\"", "01'a'01'b'00"},
        {"TXT", "\"say \\\"hi\\\" \\\\ \\134\"", "\"say \\\"hi\\\" \\\\ \\\\\"", "0c'say \"hi\" \\ \\'"},
        {"TXT", "\"\\000\\011\\040\\177\\377\\101\"", "\"\\000\\011 \\177\\377A\"", "06 00 09 20 7f ff 41"},
        {"TXT", "\"\\; is plain\"", "\"; is plain\"", NULL},
        {"TXT", "\"" CHARS_250 "01234\"", NULL, NULL},
        {"TXT", "\"" CHARS_250 "\\060\\061\\062\\063\\064\"", "\"" CHARS_250 "01234\"", NULL},
        {"SPF", "\"v=spf1 ip4:192.168.0.1/16 -all\"", NULL, NULL},
        {"CAA", "0 issue \"letsencrypt.org; x=1\"", NULL, "00 05'issue' 'letsencrypt.org; x=1'"},
        {"CAA", "128 iodef \"mailto:\\\"security\\\"@example.com\"", NULL, NULL},
        {"CAA", "255 A1 \"\"", NULL, "ff 02'A1'"},
        {"NAPTR", "100 50 \"U\" \"SIP+D2U\" \"!^(\\\\+441632960083)$!sip:\\\\1@example.com!\" .", NULL, NULL},
        {"NAPTR", "0 65535 \"\" \"\" \"\" example.com", "0 65535 \"\" \"\" \"\" example.com.",
         "0000 ffff 00 00 00 07'example'03'com'00"},
        {"DS", "12345 13 1 " HEX_20, "12345 13 1 0123456789ABCDEF0123456789ABCDEF01234567",
         "3039 0d 01 0123456789abcdef0123456789abcdef01234567"},
        {"DS", "0 255 2 0123456789abcdef 0123456789abcdef 0123456789abcdef0123456789abcdef",
         "0 255 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", NULL},
        {"DS", "1 1 4 " HEX_32 "0123456789abcdef0123456789abcdef",
         "1 1 4 "
         "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
         NULL},
        {"DS", "1 1 200 AB", NULL, "0001 01 c8 ab"},
        {"SSHFP", "1 1 " HEX_20, "1 1 0123456789ABCDEF0123456789ABCDEF01234567", NULL},
        {"SSHFP", "4 2 " HEX_32, "4 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
         NULL},
        {"TLSA", "3 1 1 " HEX_32, "3 1 1 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
         NULL},
        {"TLSA", "0 0 0 00FF", NULL, "00 00 00 00ff"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_good(&cases[i]);
    }
}

// RFC 9460, its appendix D where possible (with octal escapes)
static void test_service_parameters_round_trip_in_the_order_of_keys(void **state)
{
    (void)state;
    static const struct good cases[] = {
        {"HTTPS", "0 foo.example.com.", NULL, "0000 03'foo'07'example'03'com'00"},
        {"SVCB", "1 .", NULL, "0001 00"},
        {"SVCB", "16 foo.example.com. port=53", NULL, "0010 03'foo'07'example'03'com'00 0003 0002 0035"},
        {"SVCB", "1 a. key667=hello", "1 a. key667=\"hello\"", "0001 01'a'00 029b 0005 'hello'"},
        {"SVCB", "1 a. key667=\"hello\\322qoo\"", NULL, "0001 01'a'00 029b 0009 'hello' d2 'qoo'"},
        {"SVCB", "1 a. key667", NULL, "0001 01'a'00 029b 0000"},
        {"SVCB", "1 a. key667=", "1 a. key667", NULL},
        {"SVCB", "1 a. key667=\"\"", "1 a. key667", NULL},
        {"SVCB", "1 a. key667=\"a b\"", NULL, NULL},
        {"SVCB", "1 a. ipv6hint=2001:db8::1,2001:db8::53:1", NULL,
         "0001 01'a'00 0006 0020 20010db8000000000000000000000001 20010db8000000000000000000530001"},
        {"SVCB", "16 a. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1",
         "16 a. mandatory=alpn,ipv4hint alpn=\"h2,h3-19\" ipv4hint=192.0.2.1",
         "0010 01'a'00 0000 0004 0001 0004 0001 0009 02'h2'05'h3-19' 0004 0004 c0000201"},
        {"SVCB", "16 a. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"", NULL, "0010 01'a'00 0001 000c 08'f\\oo,bar'02'h2'"},
        {"SVCB", "16 a. alpn=f\\\\\\134oo\\134,bar,h2", "16 a. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"", NULL},
        {"HTTPS", "1 . no-default-alpn alpn=h3", "1 . alpn=\"h3\" no-default-alpn",
         "0001 00 0001 0003 02'h3' 0002 0000"},
        {"HTTPS", "1 . ech=AEX+DQBB", NULL, "0001 00 0005 0006 0045fe0d0041"},
        {"HTTPS", "1 . ech=\"AA==\"", "1 . ech=AA==", "0001 00 0005 0001 00"},
        {"HTTPS", "1 . ech=//8=", NULL, "0001 00 0005 0002 ffff"},
        {"HTTPS", "1 . key9=b key8=a key10=c key7=d", "1 . key7=\"d\" key8=\"a\" key9=\"b\" key10=\"c\"",
         NULL},
        {"HTTPS", "1 . key8=long-value key7=x", "1 . key7=\"x\" key8=\"long-value\"",
         "0001 00 0007 0001 'x' 0008 000a 'long-value'"},
        {"HTTPS", "1 . key3=\\001\\273", "1 . port=443", NULL}, // a known key by its number: opaque value
        {"HTTPS", "1 . mandatory=key65534 key65534", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_good(&cases[i]);
    }
}

// RFC 3597 section 5
static void test_generic_values_are_taken_for_every_type(void **state)
{
    (void)state;
    static const struct good cases[] = {
        {"TYPE65280", "\\# 0", NULL, ""},
        {"TYPE65280", "\\# 3 ABCDEF", NULL, "abcdef"},
        {"TYPE65280", "\\#\t3  ab cd\tef ", "\\# 3 ABCDEF", "abcdef"},
        {"TYPE65280", "\\# 2 C000", NULL, NULL}, // no pointer here
        {"A", "\\# 4 c0000201", "192.0.2.1", NULL},
        {"CNAME", "\\# 9 03575757 03434F4D 00", "www.com.", "03'www'03'com'00"},
        {"SOA", "\\# 26 0141 00 0142 00 00000001 00000002 00000003 00000004 00000005", "a. b. 1 2 3 4 5",
         NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_good(&cases[i]);
    }
}

// Table 5.3, "bad value syntax"
static void test_malformed_values_are_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *text;
        const char *reason;
    } cases[] = {
        {"A", "192.0.2.300",
         "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '192.0.2.300'"},
        {"A", "", "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with ''"},
        {"A", "192.0.2.1 ", "ARRDATANotSingleField"},
        {"A", " 192.0.2.1", "ARRDATANotSingleField"},
        {"A", "192.0.2", "ARRDATAIllegalIPv4Address"},
        {"A", "192.0.2.01", "ARRDATAIllegalIPv4Address"},
        {"A", "2001:db8::1", "ARRDATAIllegalIPv4Address"},
        {"A", "www.example.com", "ARRDATAIllegalIPv4Address"},
        {"AAAA", "192.0.2.1",
         "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address) encountered with '192.0.2.1'"},
        {"AAAA", "2001:db8::1::2", "AAAARRDATAIllegalIPv6Address"},
        {"AAAA", "fe80::1%eth0", "AAAARRDATAIllegalIPv6Address"},
        {"CNAME", "", "DomainNameEmpty (Domain name is empty) encountered with ''"},
        {"CNAME", "a..b", "DomainLabelEmpty (Domain label is empty) encountered with 'a..b'"},
        {"CNAME", "www.example.com ", "CNAMERRDATANotSingleField (Value contains spaces)"},
        {"CNAME", "a b", "CNAMERRDATANotSingleField"},
        {"NS", "ns\\400.example", "InvalidEscape"},
        {"PTR", TEN TEN TEN TEN TEN TEN TEN, "DomainLabelTooLong"},
        {"MX", "", "MXRRDATAMissingPriority (Priority is missing) encountered with ''"},
        {"MX", "10", "MXRRDATAMissingTarget (Target is missing) encountered with '10'"},
        {"MX", "mail.example.com", "MXRRDATAIllegalPriority (Priority is not a number from 0 to 65535)"},
        {"MX", "65536 a", "MXRRDATAIllegalPriority"},
        {"MX", "-1 a", "MXRRDATAIllegalPriority"},
        {"MX", "+1 a", "MXRRDATAIllegalPriority"},
        {"MX", "01 a", "MXRRDATAIllegalPriority"},
        {"MX", "1 a b", "MXRRDATATooManyFields"},
        {"MX", "1 a..b", "DomainLabelEmpty"},
        {"SOA", "a b 1 2 3 4", "SOARRDATAMissingMinimum"},
        {"SOA", "a b 1 2 3 4 4294967296", "SOARRDATAIllegalMinimum"},
        {"SOA", "a b 1 2 3 4 1d", "SOARRDATAIllegalMinimum"},
        {"SOA", "a", "SOARRDATAMissingMailbox"},
        {"SOA", "a b 1 2 3 4 5 6", "SOARRDATATooManyFields"},
        {"SRV", "1 2 3", "SRVRRDATAMissingTarget"},
        {"SRV", "1 2 65536 a", "SRVRRDATAIllegalPort"},
        {"SRV", "1 2 http a", "SRVRRDATAIllegalPort"},
        {"TXT", "plain",
         "InvalidCharacterString (Value should be enclosed in quotation marks) encountered with 'plain'"},
        {"TXT", "", "InvalidCharacterString"},
        {"TXT", "\"open", "InvalidCharacterString"},
        {"TXT", "\"", "InvalidCharacterString"},
        {"TXT", "\"open\\\"", "InvalidCharacterString"},
        {"TXT", "\"a\"\"b\"", "InvalidCharacterString"},
        {"TXT", "\"a\"b", "InvalidCharacterString"},
        {"TXT", "\"a\" b", "InvalidCharacterString"},
        {"TXT", "\"a\xc3\xbc\"",
         "UnsupportedCharacter (Value contains unsupported characters) encountered with '\"a\\303"},
        {"TXT", "\"a\nb\"", "UnsupportedCharacter"},
        {"TXT", "\"\\400\"", "InvalidEscape"},
        {"TXT", "\"\\12\"", "InvalidEscape"},
        {"TXT", "\"\\190\"", "InvalidEscape"},
        {"TXT", "\"" CHARS_250 "012345\"", "CharacterStringTooLong (Value is too long) encountered with"},
        {"TXT", MANY_STRINGS("\"" CHARS_250 "\" ") "\"" CHARS_250 "\"", "ValueTooLong"},
        {"SPF", "v=spf1 -all", "InvalidCharacterString"},
        {"CAA", "0 issue", "InvalidCharacterString"},
        {"CAA", "0 issue ca.example.net", "InvalidCharacterString"},
        {"CAA", "256 issue \"a\"", "CAARRDATAIllegalFlags (Flags is not a number from 0 to 255)"},
        {"CAA", "0 is-sue \"a\"", "CAARRDATAIllegalTag"},
        {"CAA", "0 \"issue\" \"a\"", "CAARRDATAIllegalTag"},
        {"CAA", "0 " CHARS_250 "012345 \"a\"", "CAARRDATAIllegalTag"},
        {"CAA", "0", "CAARRDATAMissingTag"},
        {"CAA", "0 issue \"a\" \"b\"", "CAARRDATATooManyFields"},
        {"NAPTR", "100 50 \"U\" \"SIP+D2U\" \"!a!b!\" example.com",
         "NAPTRRRDATARegexpAndReplacementError (NAPTR record can have only one field in regexp and "
         "replacement)"},
        {"NAPTR", "100 50 U \"SIP+D2U\" \"!a!b!\" .", "InvalidCharacterString"},
        {"NAPTR", "100 50 \"U\" \"SIP+D2U\" \"!a!b!\"", "NAPTRRRDATAMissingReplacement"},
        {"NAPTR", "100 50 \"U\" \"SIP+D2U\"", "InvalidCharacterString"},
        {"NAPTR", "100", "NAPTRRRDATAMissingPreference"},
        {"NAPTR", "100 50 \"" CHARS_250 "012345\" \"\" \"\" .", "CharacterStringTooLong"},
        {"DS", "12345 13 1 " HEX_32, "DSRRDATAIllegalDigest (Digest does not have the length of its type)"},
        {"DS", "12345 13 2 " HEX_20, "DSRRDATAIllegalDigest"},
        {"DS", "12345 13 9 xyz", "DSRRDATAIllegalDigest (Digest is not pairs of hex digits)"},
        {"DS", "12345 13 9 abc", "DSRRDATAIllegalDigest"},
        {"DS", "12345 13 9", "DSRRDATAMissingDigest"},
        {"DS", "65536 13 9 00", "DSRRDATAIllegalKeyTag"},
        {"DS", "1 256 9 00", "DSRRDATAIllegalAlgorithm"},
        {"SSHFP", "1 1 " HEX_32, "SSHFPRRDATAIllegalFingerprint"},
        {"SSHFP", "1 2 " HEX_20, "SSHFPRRDATAIllegalFingerprint"},
        {"SSHFP", "1 256 00", "SSHFPRRDATAIllegalType"},
        {"TLSA", "3 1 1 " HEX_20, "TLSARRDATAIllegalData"},
        {"TLSA", "3 1 2 " HEX_32, "TLSARRDATAIllegalData"},
        {"TLSA", "3 1 0", "TLSARRDATAMissingData"},

        {"HTTPS", "1", "HTTPSRRDATAMissingTarget"},
        {"HTTPS", "65536 .", "HTTPSRRDATAIllegalPriority"},
        {"HTTPS", "1 . port", "HTTPSRRDATAIllegalPort"},
        {"HTTPS", "1 . port=65536", "HTTPSRRDATAIllegalPort"},
        {"HTTPS", "1 . port=80 port=81", "HTTPSRRDATADuplicateParameter"},
        {"HTTPS", "1 . port=80 alpn=h2 key3=\\000\\000", "HTTPSRRDATADuplicateParameter"},
        {"HTTPS", "1 . alpn", "HTTPSRRDATAIllegalAlpn"},
        {"HTTPS", "1 . alpn=", "HTTPSRRDATAIllegalAlpn"},
        {"HTTPS", "1 . alpn=h2,", "HTTPSRRDATAIllegalAlpn"},
        {"HTTPS", "1 . alpn=,h2", "HTTPSRRDATAIllegalAlpn"},
        {"HTTPS", "1 . alpn=\"a\\\\b\"", "HTTPSRRDATAIllegalAlpn"},
        {"HTTPS", "1 . alpn=\"a\\\\\"", "HTTPSRRDATAIllegalAlpn"},
        {"HTTPS", "1 . alpn=" CHARS_250 "012345", "HTTPSRRDATAIllegalAlpn"},
        {"HTTPS", "1 . no-default-alpn", "HTTPSRRDATAInconsistentParameters"},
        {"HTTPS", "1 . alpn=h2 no-default-alpn=1", "HTTPSRRDATAIllegalNoDefaultAlpn"},
        {"HTTPS", "1 . mandatory=port", "HTTPSRRDATAInconsistentParameters"},
        {"HTTPS", "1 . port=1 mandatory=port,alpn", "HTTPSRRDATAInconsistentParameters"},
        {"HTTPS", "1 . mandatory", "HTTPSRRDATAIllegalMandatory"},
        {"HTTPS", "1 . mandatory=mandatory", "HTTPSRRDATAIllegalMandatory"},
        {"HTTPS", "1 . mandatory=key0", "HTTPSRRDATAIllegalMandatory"},
        {"HTTPS", "1 . port=1 mandatory=port,port", "HTTPSRRDATAIllegalMandatory"},
        {"HTTPS", "1 . port=1 mandatory=port,key3", "HTTPSRRDATAIllegalMandatory"},
        {"HTTPS", "1 . ipv4hint=", "HTTPSRRDATAIllegalIPv4Hint"},
        {"HTTPS", "1 . ipv4hint=192.0.2.1,", "HTTPSRRDATAIllegalIPv4Hint"},
        {"HTTPS", "1 . ipv4hint=2001:db8::1", "HTTPSRRDATAIllegalIPv4Hint"},
        {"HTTPS", "1 . ipv6hint=192.0.2.1", "HTTPSRRDATAIllegalIPv6Hint"},
        {"HTTPS", "1 . ech", "HTTPSRRDATAIllegalEch"},
        {"HTTPS", "1 . ech=AAA", "HTTPSRRDATAIllegalEch"},
        {"HTTPS", "1 . ech=A===", "HTTPSRRDATAIllegalEch"},
        {"HTTPS", "1 . ech=AA==AAAA", "HTTPSRRDATAIllegalEch"},
        {"HTTPS", "1 . ech=AA=A", "HTTPSRRDATAIllegalEch"},
        {"HTTPS", "1 . ech=AB==", "HTTPSRRDATAIllegalEch"}, // bits that no byte holds
        {"HTTPS", "1 . ech=AA-_", "HTTPSRRDATAIllegalEch"},
        {"HTTPS", "1 . foo=bar", "HTTPSRRDATAUnknownParameter"},
        {"HTTPS", "1 . PORT=1", "HTTPSRRDATAUnknownParameter"},
        {"HTTPS", "1 . =1", "HTTPSRRDATAUnknownParameter"},
        {"HTTPS", "1 . key=1", "HTTPSRRDATAUnknownParameter"},
        {"HTTPS", "1 . key065=1", "HTTPSRRDATAUnknownParameter"},
        {"HTTPS", "1 . key65535=1", "HTTPSRRDATAUnknownParameter"},
        {"HTTPS", "1 . key7=\"open", "InvalidCharacterString"},
        {"HTTPS", "1 . key7=\"a\"b", "InvalidCharacterString"},
        {"HTTPS", "1 . key7=a\"b", "InvalidCharacterString"},
        {"HTTPS", "1 . key7=a\\8", "InvalidEscape"},
        {"SVCB", "1 . key3=1", "SVCBRRDATAIllegalParameters"},
        {"SVCB", "1 . key1=abc", "SVCBRRDATAIllegalParameters"},
        {"SVCB", "1 . key4=abc", "SVCBRRDATAIllegalParameters"},

        {"TYPE65280", "abc", "InvalidGenericValue (Value should have the form \\# LENGTH HEX)"},
        {"TYPE65280", "", "InvalidGenericValue"},
        {"TYPE65280", "\\#", "InvalidGenericValue"},
        {"TYPE65280", "\\# ", "InvalidGenericValue"},
        {"TYPE65280", "\\# x", "InvalidGenericValue"},
        {"TYPE65280", "\\# 65536", "InvalidGenericValue"},
        {"TYPE65280", "\\# 1", "InvalidGenericValue (Data does not have the length before it)"},
        {"TYPE65280", "\\# 0 00", "InvalidGenericValue"},
        {"TYPE65280", "\\# 2 0", "InvalidGenericValue (Data is not pairs of hex digits)"},
        {"TYPE65280", "\\# 1 0g", "InvalidGenericValue"},
        {"A", "\\# 3 000000", "InvalidGenericValue (Data is malformed for its type)"},
        {"A", "\\# 0", "InvalidGenericValue (Data is malformed for its type)"},
        {"CNAME", "\\# 2 C000", "InvalidGenericValue (Data is malformed for its type)"},
        {"CNAME", "\\# 2 0141", "InvalidGenericValue"},
        {"TXT", "\\# 0", "InvalidGenericValue"},
        {"TXT", "\\# 2 0261", "InvalidGenericValue"},
        {"DS", "\\# 5 0001 01 01 00", "InvalidGenericValue"},
        {"CAA", "\\# 2 0000", "InvalidGenericValue"},
        {"HTTPS", "\\# 11 0001 00 0003 0002 0050 0001", "InvalidGenericValue"},
        {"HTTPS", "\\# 14 0001 00 0008 0000 0007 0000 00 00 00", "InvalidGenericValue"}, // not in order
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error error = {0};
        size_t len = 77;
        if (dns_rdata_parse(type_of(cases[i].type), bytes_of(cases[i].text), rdata, &len, &error)) {
            fail_msg("%s %s was taken", cases[i].type, cases[i].text);
        }
        if (strstr(error.text, cases[i].reason) == NULL) {
            fail_msg("%s %s: %s, expected %s", cases[i].type, cases[i].text, error.text, cases[i].reason);
        }
        assert_non_null(strstr(error.text, "encountered with '"));
        assert_int_equal(len, 77);
    }
}

static void test_malformed_rdata_is_printed_in_the_generic_form(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *wire;
        const char *printed;
    } cases[] = {
        {"A", "010203", "\\# 3 010203"},
        {"A", "0102030405", "\\# 5 0102030405"},
        {"A", "", "\\# 0"},
        {"AAAA", "01", "\\# 1 01"},
        {"CNAME", "01'a'", "\\# 2 0161"},
        {"CNAME", "c000", "\\# 2 C000"},
        {"CNAME", "00 00", "\\# 2 0000"},
        {"MX", "00", "\\# 1 00"},
        {"TXT", "", "\\# 0"},
        {"TXT", "05'abc'", "\\# 4 05616263"},
        {"CAA", "00 00 'a'", "\\# 3 000061"},
        {"CAA", "00 01'-''a'", "\\# 4 00012D61"},
        {"NAPTR", "0000 0000 00 00 01'a' 01'b' 00", "\\# 11 0000000000000161016200"},
        {"DS", "0001 01 01 ff", "\\# 5 00010101FF"},
        {"DS", "0001 01 09", "\\# 4 00010109"},
        {"HTTPS", "0001 00 0003 0001 50", "\\# 8 0001000003000150"},
        {"HTTPS", "0001 00 0001 0000", "\\# 7 00010000010000"},
        {"HTTPS", "0001 00 0001 0001 00", "\\# 8 0001000001000100"},
        {"HTTPS", "0001 00 0002 0000", "\\# 7 00010000020000"}, // without alpn
        {"HTTPS", "0001 00 0002 0001 00", "\\# 8 0001000002000100"},
        {"HTTPS", "0001 00 0004 0003 010203", "\\# 10 00010000040003010203"},
        {"HTTPS", "0001 00 0004 0000", "\\# 7 00010000040000"},
        {"HTTPS", "0001 00 0005 0000", "\\# 7 00010000050000"},
        {"HTTPS", "0001 00 0006 0004 01020304", "\\# 11 0001000006000401020304"},
        {"HTTPS", "0001 00 0000 0002 0001", "\\# 9 000100000000020001"}, // mandatory, not there
        {"HTTPS", "0001 00 0000 0000", "\\# 7 00010000000000"},
        {"HTTPS", "0001 00 0000 0001 00", "\\# 8 0001000000000100"},
        {"HTTPS", "0001 00 0000 0002 0000", "\\# 9 000100000000020000"}, // mandatory names itself
        {"HTTPS", "0001 00 0007 0000 0007 0000", "\\# 11 0001000007000000070000"},
        {"HTTPS", "0001 00 0008 0000 0007 0000", "\\# 11 0001000008000000070000"},
        {"HTTPS", "0001 00 ffff 0000", "\\# 7 000100FFFF0000"},
        {"HTTPS", "0001 00 0007 0002 00", "\\# 8 0001000007000200"},
        {"HTTPS", "0001 00 0007 00", "\\# 6 000100000700"},
        {"TYPE65280", "", "\\# 0"},
        {"TYPE65280", "00ff", "\\# 2 00FF"},
        {"OPT", "00ff", "\\# 2 00FF"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t len;
        uint8_t *wire = packet_of(cases[i].wire, &len);
        struct buffer out;
        buffer_init(&out, 1000);
        buffer_text(&out, "> ");
        dns_rdata_format(type_of(cases[i].type), (struct bytes){wire, len}, &out);
        assert_string_equal(buffer_string(&out) + 2, cases[i].printed);
        buffer_free(&out);
        free(wire);
    }
    struct buffer out;
    buffer_init(&out, 100);
    dns_rdata_format(DNS_TYPE_A, (struct bytes){NULL, 0}, &out);
    assert_string_equal(buffer_string(&out), "\\# 0");
    buffer_free(&out);
}

// Quoted strings up to 255 bytes and values up to 4,000 characters: D17
static void test_the_longest_value_has_4000_characters(void **state)
{
    (void)state;
    // Sixteen strings of 247 bytes make 3,999 characters with the blanks between them.
    char text[4100];
    size_t written = 0;
    for (size_t i = 0; i < 16; i++) {
        text[written++] = '"';
        memset(text + written, 'x', 247);
        written += 247;
        text[written++] = '"';
        text[written++] = ' ';
    }
    for (size_t more = 0; more < 3; more++) {
        struct bytes value = {(uint8_t *)text, written - 1 + more};
        text[written - 2] = 'x';
        text[written - 1] = 'x';
        text[written + more - 2] = '"';
        struct error error = {0};
        size_t rdata_len;
        assert_int_equal(value.len, 3999 + more);
        assert_int_equal(dns_rdata_parse(DNS_TYPE_TXT, value, rdata, &rdata_len, &error), value.len <= 4000);
        assert_int_equal(strstr(error.text, "ValueTooLong") != NULL, value.len > 4000);
    }
    // An opaque value has no such limit, only that of the wire.
    size_t len = 9 + 2 * 65535;
    char *opaque = malloc(len + 1);
    assert_non_null(opaque);
    memset(opaque, 'a', len);
    memcpy(opaque, "\\# 65535 ", 9);
    struct error error = {0};
    size_t rdata_len;
    struct bytes value = {(uint8_t *)opaque, len};
    assert_true(dns_rdata_parse(65280, value, rdata, &rdata_len, &error));
    assert_int_equal(rdata_len, 65535);
    value.len -= 2;
    assert_false(dns_rdata_parse(65280, value, rdata, &rdata_len, &error));
    free(opaque);
}

// D4
static void test_only_some_types_have_a_target_that_deserves_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *text;
        int offset; // -1: none
    } cases[] = {
        {"CNAME", "a.example", 0}, {"NS", "a.example", 0},       {"MX", "10 a.example", 2},
        {"PTR", "a.example", -1},  {"A", "192.0.2.1", -1},       {"SRV", "1 2 3 a.example", 6},
        {"TXT", "\"a\"", -1},      {"HTTPS", "1 a.example", -1}, {"TYPE65280", "\\# 0", -1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint16_t type = type_of(cases[i].type);
        struct error error = {0};
        size_t len;
        size_t offset = 77;
        assert_true(dns_rdata_parse(type, bytes_of(cases[i].text), rdata, &len, &error));
        assert_int_equal(dns_rdata_target(type, (struct bytes){rdata, len}, &offset), cases[i].offset >= 0);
        if (cases[i].offset >= 0) {
            assert_int_equal(offset, cases[i].offset);
            struct dns_name name;
            assert_true(dns_name_from_wire((struct bytes){rdata + offset, len - offset}, &name));
            assert_int_equal(name.len, len - offset);
        }
    }
    size_t offset;
    assert_false(dns_rdata_target(DNS_TYPE_MX, (struct bytes){rdata, 2}, &offset));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_route53_has_17_types_in_the_order_of_their_names),
        cmocka_unit_test(test_types_are_read_by_name_or_number),
        cmocka_unit_test(test_values_of_every_type_round_trip),
        cmocka_unit_test(test_service_parameters_round_trip_in_the_order_of_keys),
        cmocka_unit_test(test_generic_values_are_taken_for_every_type),
        cmocka_unit_test(test_malformed_values_are_refused_with_the_reason),
        cmocka_unit_test(test_malformed_rdata_is_printed_in_the_generic_form),
        cmocka_unit_test(test_the_longest_value_has_4000_characters),
        cmocka_unit_test(test_only_some_types_have_a_target_that_deserves_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
