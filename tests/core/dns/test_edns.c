// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/dns/edns.h"

#include "core/dns/packet.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static struct dns_query query_of(bool edns, const char *address, uint8_t source)
{
    struct dns_query query = {.edns = edns, .subnet = {.present = address != NULL, .source = source}};
    if (address != NULL && address[0] != '\0') {
        assert_true(ip_parse(bytes_of(address), &query.subnet.address));
    }
    return query;
}

// E5, E6, D20
static void test_opt_repeats_the_subnet_with_the_scope_of_the_answer(void **state)
{
    (void)state;
    static const struct {
        bool edns;
        const char *address; // NULL: no subnet; "": no family
        uint8_t source;
        unsigned rcode;
        uint8_t scope;
        const char *record;
    } cases[] = {
        {false, NULL, 0, DNS_RCODE_NOERROR, 0, ""},
        {true, NULL, 0, DNS_RCODE_NOERROR, 24, "00 0029 1000 00000000 0000"},
        {true, NULL, 0, DNS_RCODE_NXDOMAIN, 0, "00 0029 1000 00000000 0000"},
        {true, NULL, 0, DNS_RCODE_BADVERS, 0, "00 0029 1000 01000000 0000"},
        {true, "192.0.2.0", 24, 0, 24, "00 0029 1000 00000000 000b 0008 0007 0001 18 18 c00002"},
        {true, "192.0.2.0", 23, 0, 0, "00 0029 1000 00000000 000b 0008 0007 0001 17 00 c00002"},
        {true, "192.0.2.1", 32, 0, 24, "00 0029 1000 00000000 000c 0008 0008 0001 20 18 c0000201"},
        {true, "0.0.0.0", 0, 0, 0, "00 0029 1000 00000000 0008 0008 0004 0001 00 00"},
        {true, "", 0, 0, 0, "00 0029 1000 00000000 0008 0008 0004 0000 00 00"},
        {true, "2001:db8::", 48, 0, 48, "00 0029 1000 00000000 000e 0008 000a 0002 30 30 20010db80000"},
        {true, "2001:db8::1", 128, 0, 48,
         "00 0029 1000 00000000 0018 0008 0014 0002 80 30 20010db8 00000000 00000000 00000001"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dns_query query = query_of(cases[i].edns, cases[i].address, cases[i].source);
        size_t len;
        uint8_t *expected = packet_of(cases[i].record, &len);
        uint8_t room[64];
        struct dns_writer writer;
        assert_int_equal(dns_edns_size(&query), len);
        dns_writer_init(&writer, room, len);
        dns_edns_write(&writer, &query, cases[i].rcode, cases[i].scope);
        assert_false(writer.full);
        assert_int_equal(writer.len, len);
        assert_memory_equal(room, expected, len);
        free(expected);
    }
}

static void test_half_an_opt_is_never_left_behind(void **state)
{
    (void)state;
    struct dns_query query = query_of(true, "192.0.2.0", 24);
    size_t size = dns_edns_size(&query);
    for (size_t limit = 0; limit < size; limit++) {
        uint8_t room[64];
        struct dns_writer writer;
        dns_writer_init(&writer, room, limit);
        dns_edns_write(&writer, &query, 0, 0);
        assert_true(writer.full);
        assert_int_equal(writer.len, 0);
    }
}

// RFC 7871 section 6
static void test_options_give_the_subnet_or_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *options;
        bool ok;
        bool present;
        uint8_t scope;
    } cases[] = {
        {"", true, false, 0},
        {"fde9 0003 010203", true, false, 0},
        {"0008 0007 0001 18 18 c00002", true, true, 24},
        {"fde9 0000 0008 0004 0002 00 80 fde9 0000", true, true, 128},
        {"0008 0004 0001 00 21", false, false, 0},
        {"0008 0004 0002 00 81", false, false, 0},
        {"0008 0007 0001 18 18 c00002 00", false, false, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t len;
        uint8_t *options = packet_of(cases[i].options, &len);
        struct dns_client_subnet subnet = {.source = 77};
        uint8_t scope = 77;
        assert_int_equal(dns_edns_read_options((struct bytes){options, len}, &subnet, &scope), cases[i].ok);
        assert_int_equal(scope, cases[i].ok ? cases[i].scope : 77);
        assert_int_equal(subnet.present, cases[i].present);
        assert_int_equal(subnet.source == 77, !cases[i].ok);
        free(options);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_opt_repeats_the_subnet_with_the_scope_of_the_answer),
        cmocka_unit_test(test_half_an_opt_is_never_left_behind),
        cmocka_unit_test(test_options_give_the_subnet_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
