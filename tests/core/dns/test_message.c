// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "core/dns/edns.h"
#include "core/dns/message.h"
#include "core/dns/rrtype.h"

#include "core/dns/packet.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

#define QUESTION                "03'www'07'example'03'com'00 0001 0001 "
#define HEAD(flags, additional) "1234 " flags " 0001 0000 0000 " additional " "
#define PLAIN                   HEAD("0100", "0000") QUESTION
#define WITH_ONE                HEAD("0100", "0001") QUESTION
#define WITH_TWO                HEAD("0100", "0002") QUESTION
#define OPT_EMPTY               "00 0029 1000 00000000 0000 "
#define OPT(rdlen, options)     "00 0029 1000 00000000 " rdlen " " options
#define TSIG                    "03'key'00 00fa 00ff 00000000 0004 01020304 "

static struct dns_name name_of(const char *text)
{
    struct dns_name name;
    struct error error = {0};
    assert_true(dns_name_parse(bytes_of(text), &name, &error));
    return name;
}

static void parse_text(const char *text, bool expected, struct dns_query *query)
{
    size_t len;
    uint8_t *packet = packet_of(text, &len);
    assert_int_equal(dns_query_parse(packet, len, query), expected);
    free(packet);
}

static void test_nothing_is_said_to_replies_and_to_what_has_no_header(void **state)
{
    (void)state;
    static const char *const packets[] = {
        "",
        "1234",
        "1234 0100 0001 0000 0000 00",
        HEAD("8180", "0000") QUESTION, // a reply: answering it could go on for ever
        HEAD("8000", "0000"),
        HEAD("a800", "0000") QUESTION, // a reply of another opcode
    };
    for (size_t i = 0; i < COUNT(packets); i++) {
        struct dns_query query;
        parse_text(packets[i], false, &query);
    }
}

static void test_a_plain_query_is_taken_apart(void **state)
{
    (void)state;
    struct dns_query query;
    parse_text("beef 0130 0001 0000 0000 0000 03'WwW'07'example'03'com'00 001c 0003", true, &query);
    struct dns_name name = name_of("WwW.example.com");
    assert_int_equal(query.id, 0xbeef);
    assert_int_equal(query.flags, 0x0130);
    assert_int_equal(query.opcode, DNS_OPCODE_QUERY);
    assert_int_equal(query.rcode, DNS_RCODE_NOERROR);
    assert_true(query.question);
    assert_int_equal(query.name.len, name.len);
    assert_memory_equal(query.name.wire, name.wire, name.len); // D11: case is kept
    assert_int_equal(query.type, DNS_TYPE_AAAA);
    assert_int_equal(query.class, 3);
    assert_int_equal(query.question_len, 21);
    assert_false(query.edns);
    assert_int_equal(query.udp_size, 512); // D1
    assert_false(query.subnet.present);
}

// D1, D13
static void test_malformed_queries_are_formerr_and_other_opcodes_notimp(void **state)
{
    (void)state;
    static const struct {
        const char *packet;
        enum dns_rcode rcode;
        bool question;
        bool edns;
    } cases[] = {
        {PLAIN, DNS_RCODE_NOERROR, true, false},
        {WITH_ONE OPT_EMPTY, DNS_RCODE_NOERROR, true, true},
        {WITH_TWO TSIG OPT_EMPTY, DNS_RCODE_NOERROR, true, true},
        {WITH_TWO OPT_EMPTY TSIG, DNS_RCODE_NOERROR, true, true},
        {WITH_ONE "c00c 0001 0001 00000000 0004 01020304", DNS_RCODE_NOERROR, true, false},
        {"1234 0100 0001 0000 0001 0000" QUESTION "c00c 0006 0001 00000000 0000", DNS_RCODE_NOERROR, true,
         false}, // as IXFR has it
        {"1234 0100 0001 0001 0001 0001" QUESTION
         "00 0001 0001 00000000 0000 00 0001 0001 00000000 0000 " OPT_EMPTY,
         DNS_RCODE_NOERROR, true, true},
        {HEAD("0100", "0000") "00 00ff 00ff", DNS_RCODE_NOERROR, true, false},

        // the question
        {"1234 0100 0000 0000 0000 0000", DNS_RCODE_FORMERR, false, false},
        {"1234 0100 0002 0000 0000 0000" QUESTION QUESTION, DNS_RCODE_FORMERR, false, false},
        {"1234 0100 ffff ffff ffff ffff", DNS_RCODE_FORMERR, false, false},
        {HEAD("0100", "0000"), DNS_RCODE_FORMERR, false, false},
        {HEAD("0100", "0000") "03'www'", DNS_RCODE_FORMERR, false, false},
        {HEAD("0100", "0000") "03'www'00", DNS_RCODE_FORMERR, false, false},
        {HEAD("0100", "0000") "03'www'00 0001 00", DNS_RCODE_FORMERR, false, false},
        {HEAD("0100", "0000") "03'www'c00c 0001 0001", DNS_RCODE_FORMERR, false, false},
        {HEAD("0100", "0000") "c00c 0001 0001", DNS_RCODE_FORMERR, false, false},
        {HEAD("0100", "0000") "40'a'00 0001 0001", DNS_RCODE_FORMERR, false, false},

        // the records
        {PLAIN "00", DNS_RCODE_FORMERR, true, false},
        {WITH_ONE OPT_EMPTY "00", DNS_RCODE_FORMERR, true, true},
        {PLAIN OPT_EMPTY, DNS_RCODE_FORMERR, true, false}, // not counted
        {WITH_ONE, DNS_RCODE_FORMERR, true, false},        // counted, not there
        {WITH_TWO OPT_EMPTY, DNS_RCODE_FORMERR, true, true},
        {WITH_TWO OPT_EMPTY OPT_EMPTY, DNS_RCODE_FORMERR, true, true},
        {WITH_ONE "00 0029 1000 00000000 00", DNS_RCODE_FORMERR, true, false},
        {WITH_ONE "00 0029 1000 00000000 0001", DNS_RCODE_FORMERR, true, false},
        {WITH_ONE "01'a'00 0029 1000 00000000 0000", DNS_RCODE_FORMERR, true, false}, // owner is not the root
        {WITH_ONE "c020 0029 1000 00000000 0000", DNS_RCODE_FORMERR, true, false},
        {WITH_ONE "80 0001 0001 00000000 0000", DNS_RCODE_FORMERR, true, false},
        {"1234 0100 0001 0001 0000 0000" QUESTION OPT_EMPTY, DNS_RCODE_FORMERR, true, false},
        {"1234 0100 0001 0000 0001 0000" QUESTION OPT_EMPTY, DNS_RCODE_FORMERR, true, false},

        // EDNS options
        {WITH_ONE OPT("0004", "000a 0000"), DNS_RCODE_NOERROR, true, true},
        {WITH_ONE OPT("000c", "000a 0008 0102030405060708"), DNS_RCODE_NOERROR, true, true},
        {WITH_ONE OPT("0001", "00"), DNS_RCODE_FORMERR, true, true},
        {WITH_ONE OPT("0003", "000a 00"), DNS_RCODE_FORMERR, true, true},
        {WITH_ONE OPT("0005", "000a 0002 01"), DNS_RCODE_FORMERR, true, true},
        {WITH_ONE OPT("0005", "000a ffff 01"), DNS_RCODE_FORMERR, true, true},

        // versions
        {WITH_ONE "00 0029 1000 00010000 0000", DNS_RCODE_BADVERS, true, true},
        {WITH_ONE "00 0029 1000 00ff8000 0003 ffffff", DNS_RCODE_BADVERS, true, true},
        {WITH_TWO "00 0029 1000 00010000 0000" TSIG, DNS_RCODE_BADVERS, true, true},
        {WITH_ONE "00 0029 1000 00010000 0000 00", DNS_RCODE_FORMERR, true, true},

        // other opcodes: STATUS, NOTIFY, UPDATE, 15
        {HEAD("1000", "0000") QUESTION, DNS_RCODE_NOTIMP, true, false},
        {HEAD("2400", "0000") QUESTION, DNS_RCODE_NOTIMP, true, false},
        {"1234 2800 0001 0005 0005 0005" QUESTION "abcd", DNS_RCODE_NOTIMP, true, false},
        {"1234 7800 0000 0000 0000 0000", DNS_RCODE_NOTIMP, false, false},
        {"1234 7800 0001 0000 0000 0000", DNS_RCODE_NOTIMP, false, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dns_query query;
        parse_text(cases[i].packet, true, &query);
        assert_int_equal(query.rcode, cases[i].rcode);
        assert_int_equal(query.question, cases[i].question);
        assert_int_equal(query.edns, cases[i].edns);
        if (!query.question) { // nothing to repeat, and nothing left from an earlier query
            assert_int_equal(query.name.len, 1);
            assert_int_equal(query.question_len, 0);
        }
    }
}

// D1
static void test_the_size_for_udp_is_what_opt_says_and_never_below_512(void **state)
{
    (void)state;
    static const struct {
        const char *opt;
        uint16_t size;
    } cases[] = {
        {"00 0029 1000 00000000 0000", 4096}, {"00 0029 04d0 00000000 0000", 1232},
        {"00 0029 0200 00000000 0000", 512},  {"00 0029 01ff 00000000 0000", 512},
        {"00 0029 0000 00000000 0000", 512},  {"00 0029 ffff 00008000 0000", 65535},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char packet[256];
        snprintf(packet, sizeof packet, "%s%s", WITH_ONE, cases[i].opt);
        struct dns_query query;
        parse_text(packet, true, &query);
        assert_int_equal(query.rcode, DNS_RCODE_NOERROR);
        assert_int_equal(query.udp_size, cases[i].size);
    }
}

// E6, E9
static void test_client_subnets_are_read_or_are_formerr(void **state)
{
    (void)state;
    static const struct {
        const char *opt;
        const char *address; // NULL: FORMERR; "": none
        uint8_t source;
    } cases[] = {
        {OPT("000b", "0008 0007 0001 18 00 c00002"), "192.0.2.0", 24},
        {OPT("000c", "0008 0008 0001 20 00 c0000201"), "192.0.2.1", 32},
        {OPT("000b", "0008 0007 0001 11 00 c0a880"), "192.168.128.0", 17},
        {OPT("0008", "0008 0004 0001 00 00"), "0.0.0.0", 0},
        {OPT("000f", "0008 000b 0002 38 00 20010db8000001"), "2001:db8:0:100::", 56},
        {OPT("0018", "0008 0014 0002 80 00 20010db8000000000000000000000001"), "2001:db8::1", 128},
        {OPT("0008", "0008 0004 0002 00 00"), "::", 0},
        {OPT("0008", "0008 0004 0000 00 00"), "", 0}, // as dig +subnet=0 sends it
        {OPT("000f", "000a 0000 0008 0007 0001 18 00 c00002"), "192.0.2.0", 24},
        {OPT("000f", "0008 0007 0001 18 00 c00002 000a 0000"), "192.0.2.0", 24},

        {OPT("000b", "0008 0007 0003 18 00 c00002"), NULL, 0},     // family
        {OPT("000b", "0008 0007 0000 18 00 c00002"), NULL, 0},     // family 0 with an address
        {OPT("000b", "0008 0007 0101 18 00 c00002"), NULL, 0},     // family 257
        {OPT("000d", "0008 0009 0001 21 00 c000020180"), NULL, 0}, // source 33
        {OPT("0019", "0008 0015 0002 81 00 20010db800000000000000000000000180"), NULL, 0}, // source 129
        {OPT("000b", "0008 0007 0001 17 00 c00003"), NULL, 0}, // a bit beyond source
        {OPT("0009", "0008 0005 0001 01 00 c0"), NULL, 0},
        {OPT("000a", "0008 0006 0001 18 00 c000"), NULL, 0},     // address too short
        {OPT("000c", "0008 0008 0001 18 00 c0000200"), NULL, 0}, // address too long
        {OPT("0009", "0008 0005 0001 00 00 00"), NULL, 0},
        {OPT("0009", "0008 0005 0000 00 00 00"), NULL, 0},
        {OPT("000b", "0008 0007 0001 18 18 c00002"), NULL, 0}, // scope in a query
        {OPT("0007", "0008 0003 0001 18"), NULL, 0},           // no scope
        {OPT("0004", "0008 0000"), NULL, 0},
        {OPT("000b", "0008 0008 0001 18 00 c00002"), NULL, 0}, // overruns the record
        {OPT("0016", "0008 0007 0001 18 00 c00002 0008 0007 0001 18 00 c00002"), NULL, 0}, // twice
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char packet[512];
        snprintf(packet, sizeof packet, "%s%s", WITH_ONE, cases[i].opt);
        struct dns_query query;
        parse_text(packet, true, &query);
        assert_true(query.question);
        assert_true(query.edns);
        assert_int_equal(query.rcode, cases[i].address != NULL ? DNS_RCODE_NOERROR : DNS_RCODE_FORMERR);
        assert_int_equal(query.subnet.present, cases[i].address != NULL);
        if (cases[i].address != NULL) {
            struct ip_address address = {.family = 0};
            assert_int_equal(ip_parse(bytes_of(cases[i].address), &address), cases[i].address[0] != '\0');
            assert_true(ip_equal(&query.subnet.address, &address));
            assert_int_equal(query.subnet.source, cases[i].source);
        }
    }
}

static void test_every_cut_of_a_query_is_formerr_or_nothing(void **state)
{
    (void)state;
    size_t len;
    uint8_t *whole = packet_of(WITH_TWO TSIG OPT("000b", "0008 0007 0001 18 00 c00002"), &len);
    for (size_t cut = 0; cut < len; cut++) {
        uint8_t *packet = malloc(cut > 0 ? cut : 1);
        assert_non_null(packet);
        memcpy(packet, whole, cut);
        struct dns_query query;
        bool ok = dns_query_parse(packet, cut, &query);
        assert_int_equal(ok, cut >= DNS_HEADER_LEN);
        if (ok) {
            assert_int_equal(query.rcode, DNS_RCODE_FORMERR);
        }
        free(packet);
    }
    free(whole);
}

static void test_a_written_query_reads_the_same(void **state)
{
    (void)state;
    static const struct {
        bool edns;
        const char *address; // NULL: no subnet
        uint8_t source;
    } cases[] = {
        {false, NULL, 0},          {true, NULL, 0},          {true, "192.0.2.0", 24},    {true, "0.0.0.0", 0},
        {true, "192.0.2.129", 32}, {true, "2001:db8::", 45}, {true, "2001:db8::1", 128},
    };
    struct dns_name name = name_of("*.EXAMPLE.com");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dns_client_subnet subnet = {.present = cases[i].address != NULL, .source = cases[i].source};
        if (subnet.present) {
            assert_true(ip_parse(bytes_of(cases[i].address), &subnet.address));
        }
        uint8_t packet[512];
        size_t len = dns_query_write(packet, sizeof packet, 0x4321, &name, 65280, cases[i].edns, &subnet);
        assert_int_not_equal(len, 0);
        struct dns_query query;
        assert_true(dns_query_parse(packet, len, &query));
        assert_int_equal(query.rcode, DNS_RCODE_NOERROR);
        assert_int_equal(query.id, 0x4321);
        assert_memory_equal(query.name.wire, name.wire, name.len);
        assert_int_equal(query.type, 65280);
        assert_int_equal(query.class, DNS_CLASS_IN);
        assert_int_equal(query.edns, cases[i].edns);
        assert_int_equal(query.subnet.present, subnet.present);
        if (subnet.present) {
            assert_int_equal(query.subnet.source, subnet.source);
            assert_true(ip_equal(&query.subnet.address, &subnet.address));
        }
        for (size_t room = 0; room < len; room++) {
            assert_int_equal(dns_query_write(packet, room, 1, &name, 1, cases[i].edns, &subnet), 0);
        }
        assert_int_equal(dns_query_write(packet, len, 1, &name, 1, cases[i].edns, &subnet), len);
    }
    uint8_t packet[64];
    assert_int_not_equal(dns_query_write(packet, sizeof packet, 1, &name, 1, true, NULL), 0);
}

// --- replies -----------------------------------------------------------------------------------------------

// www.example.com CNAME, A; MX, SOA, SRV and HTTPS with pointers; OPT with a subnet.
#define REPLY                                                                                                \
    "1234 8583 0001 0002 0001 0005" QUESTION "c00c 0005 0001 0000003c 0007 04'Mail'c010"                     \
    "c02d 0001 0001 0000012c 0004 c0000201"                                                                  \
    "c010 0006 0001 00000384 0026 02'ns'c010 0a'hostmaster'c010 00000001 00000002 00000003 00000004 "        \
    "00000005"                                                                                               \
    "c010 000f 0001 00000000 0004 000a c02d"                                                                 \
    "04'_sip'c010 0021 0001 00000000 000b 0001 0002 0003 02'sp'c010"                                         \
    "c010 0041 0001 00000000 0009 0001 c010 0003 0001 50"                                                    \
    "c010 ff00 0001 00000000 0003 c00c00"                                                                    \
    "00 0029 1000 00000000 000b 0008 0007 0001 18 10 c00002"

static void expect_record(const uint8_t *data, size_t len, size_t *at, const char *expected)
{
    struct dns_record record;
    assert_true(dns_reply_next(data, len, at, &record));
    char name[DNS_NAME_TEXT];
    char type[DNS_TYPE_TEXT];
    dns_name_format_plain(&record.name, name);
    dns_rrtype_format(record.type, type);
    struct buffer text;
    buffer_init(&text, 4096);
    buffer_format(&text, "%s %u %s ", name, record.ttl, type);
    uint8_t rdata[1024];
    size_t rdata_len;
    if (dns_record_rdata(data, len, &record, rdata, sizeof rdata, &rdata_len)) {
        dns_rdata_format(record.type, (struct bytes){rdata, rdata_len}, &text);
    } else {
        buffer_text(&text, "malformed");
    }
    assert_string_equal(buffer_string(&text), expected);
    buffer_free(&text);
}

static void test_a_reply_is_taken_apart_with_its_compressed_names(void **state)
{
    (void)state;
    static const char *const expected[] = {
        "www.example.com. 60 CNAME Mail.example.com.", "Mail.example.com. 300 A 192.0.2.1",
        "example.com. 900 SOA ns.example.com. hostmaster.example.com. 1 2 3 4 5",
        "example.com. 0 MX 10 Mail.example.com.", "_sip.example.com. 0 SRV 1 2 3 sp.example.com.",
        // RFC 9460 section 7.2: the port is one byte short, so this is printed in the generic form.
        "example.com. 0 HTTPS \\# 20 0001076578616D706C6503636F6D000003000150",
        "example.com. 0 TYPE65280 \\# 3 C00C00", // opaque: a pointer is not seen
    };
    size_t len;
    uint8_t *data = packet_of(REPLY, &len);
    struct dns_reply reply;
    assert_true(dns_reply_parse(data, len, &reply));
    assert_int_equal(reply.id, 0x1234);
    assert_int_equal(reply.flags, 0x8583);
    assert_int_equal(reply.rcode, DNS_RCODE_NXDOMAIN);
    static const uint16_t counts[] = {1, 2, 1, 5};
    assert_memory_equal(reply.counts, counts, sizeof counts);
    assert_true(reply.edns);
    assert_true(reply.subnet.present);
    assert_int_equal(reply.subnet.source, 24);
    assert_int_equal(reply.subnet_scope, 16);
    size_t at = reply.records_at;
    for (size_t i = 0; i < COUNT(expected); i++) {
        expect_record(data, len, &at, expected[i]);
    }
    struct dns_record record;
    assert_true(dns_reply_next(data, len, &at, &record));
    assert_int_equal(record.type, DNS_TYPE_OPT);
    assert_false(dns_reply_next(data, len, &at, &record));
    free(data);
}

static void test_malformed_replies_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *packet;
        bool ok;
        unsigned rcode;
    } cases[] = {
        {HEAD("8180", "0000") QUESTION, true, 0},
        {"1234 8185 0000 0000 0000 0000", true, DNS_RCODE_REFUSED},
        {HEAD("8180", "0001") QUESTION "00 0029 1000 01000000 0000", true, DNS_RCODE_BADVERS},
        {HEAD("8181", "0001") QUESTION "00 0029 1000 ff000000 0000", true, 0xff1},
        {HEAD("0100", "0000") QUESTION, false, 0}, // a query
        {"1234 8180 0001", false, 0},
        {HEAD("8180", "0001") QUESTION, false, 0},
        {HEAD("8180", "0000") QUESTION "00", false, 0},
        {HEAD("8180", "0000") "03'www'", false, 0},
        {HEAD("8180", "0002") QUESTION OPT_EMPTY OPT_EMPTY, false, 0},
        {HEAD("8180", "0001") QUESTION "01'a'00 0029 1000 00000000 0000", false, 0},
        {HEAD("8180", "0001") QUESTION OPT("000b", "0008 0007 0001 18 21 c00002"), false, 0}, // scope 33
        {HEAD("8180", "0001") QUESTION "c0ff 0001 0001 00000000 0000", false, 0},
        {"1234 8180 0001 0001 0000 0000" QUESTION OPT_EMPTY, false, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t len;
        uint8_t *packet = packet_of(cases[i].packet, &len);
        struct dns_reply reply;
        assert_int_equal(dns_reply_parse(packet, len, &reply), cases[i].ok);
        if (cases[i].ok) {
            assert_int_equal(reply.rcode, cases[i].rcode);
        }
        free(packet);
    }
}

static void test_rdata_that_does_not_fit_its_type_is_malformed(void **state)
{
    (void)state;
    static const struct {
        const char *record;
        bool ok;
    } cases[] = {
        {"0001 0001 00000000 0004 01020304", true},
        {"0001 0001 00000000 0003 010203", false},
        {"0001 0001 00000000 0005 0102030405", false},
        {"0005 0001 00000000 0002 c00c", true},
        {"0005 0001 00000000 0003 c00c 00", false},
        {"0005 0001 00000000 0001 c0 0c", false}, // the pointer leaves the rdata
        {"0005 0001 00000000 0002 ffff", false},
        {"0023 0001 00000000 000a 0001 0002 01's' 00 00 c00c", true},
        {"0023 0001 00000000 000a 0001 0002 ff's' 00 00 c00c", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[512];
        snprintf(text, sizeof text, "1234 8180 0001 0001 0000 0000 %s c00c %s", QUESTION, cases[i].record);
        size_t len;
        uint8_t *packet = packet_of(text, &len);
        size_t at = DNS_HEADER_LEN + 21;
        struct dns_record record;
        assert_true(dns_reply_next(packet, len, &at, &record));
        uint8_t rdata[512];
        size_t rdata_len = 0;
        assert_int_equal(dns_record_rdata(packet, len, &record, rdata, sizeof rdata, &rdata_len),
                         cases[i].ok);
        if (cases[i].ok) { // one byte less of room is too little
            assert_false(dns_record_rdata(packet, len, &record, rdata, rdata_len - 1, &rdata_len));
        }
        free(packet);
    }
}

static void test_rcodes_have_names(void **state)
{
    (void)state;
    assert_string_equal(dns_rcode_name(DNS_RCODE_NXDOMAIN), "NXDOMAIN");
    assert_string_equal(dns_rcode_name(DNS_RCODE_BADVERS), "BADVERS");
    assert_string_equal(dns_rcode_name(6), "UNKNOWN");
    assert_string_equal(dns_rcode_name(17), "UNKNOWN");
    assert_string_equal(dns_rcode_name(4095), "UNKNOWN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_said_to_replies_and_to_what_has_no_header),
        cmocka_unit_test(test_a_plain_query_is_taken_apart),
        cmocka_unit_test(test_malformed_queries_are_formerr_and_other_opcodes_notimp),
        cmocka_unit_test(test_the_size_for_udp_is_what_opt_says_and_never_below_512),
        cmocka_unit_test(test_client_subnets_are_read_or_are_formerr),
        cmocka_unit_test(test_every_cut_of_a_query_is_formerr_or_nothing),
        cmocka_unit_test(test_a_written_query_reads_the_same),
        cmocka_unit_test(test_a_reply_is_taken_apart_with_its_compressed_names),
        cmocka_unit_test(test_malformed_replies_are_refused),
        cmocka_unit_test(test_rdata_that_does_not_fit_its_type_is_malformed),
        cmocka_unit_test(test_rcodes_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
