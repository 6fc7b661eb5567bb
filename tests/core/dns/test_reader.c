// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/dns/reader.h"
#include "core/dns/writer.h"

#include "core/dns/packet.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void test_a_read_past_the_end_yields_zero_for_ever(void **state)
{
    (void)state;
    static const uint8_t data[] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct dns_reader reader;
    dns_reader_init(&reader, data, sizeof data);
    assert_int_equal(dns_reader_u8(&reader), 1);
    assert_int_equal(dns_reader_u16(&reader), 0x0203);
    assert_int_equal(dns_reader_u32(&reader), 0x04050607);
    assert_int_equal(dns_reader_left(&reader), 1);
    assert_false(reader.failed);
    assert_int_equal(dns_reader_u16(&reader), 0); // one byte is not enough
    assert_true(reader.failed);
    assert_int_equal(dns_reader_u8(&reader), 0); // nor is it there any longer
    struct bytes none = dns_reader_bytes(&reader, 0);
    assert_null(none.data);
    struct dns_name name;
    dns_reader_name(&reader, &name);
    assert_int_equal(name.len, 1);
    assert_int_equal(dns_reader_left(&reader), 0);
}

static void test_huge_lengths_do_not_wrap_around(void **state)
{
    (void)state;
    static const uint8_t data[] = {1, 2};
    struct dns_reader reader;
    dns_reader_init(&reader, data, sizeof data);
    dns_reader_u8(&reader);
    dns_reader_skip(&reader, SIZE_MAX);
    assert_true(reader.failed);
    uint8_t room[4];
    struct dns_writer writer;
    dns_writer_init(&writer, room, sizeof room);
    dns_writer_u8(&writer, 1);
    dns_writer_bytes(&writer, data, SIZE_MAX);
    assert_true(writer.full);
    assert_int_equal(writer.len, 1);
}

// RFC 1035 section 4.1.4
static void test_names_are_read_through_pointers(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        size_t at;
        const char *name; // NULL: refused
        size_t end;
    } cases[] = {
        {"00", 0, ".", 1},
        {"03'www'03'com'00 ff", 0, "www.com.", 9},
        {"03'com'00 03'www'c000 ff", 5, "www.com.", 11},
        {"03'com'00 03'www'c000 04'mail'c005 ff", 11, "mail.www.com.", 18},
        {"03'com'00 c000 c005", 7, "com.", 9},  // a pointer to a pointer
        {"03'com'00 03'www'c001", 5, NULL, 0},  // into the middle of a label: 'com' is a length of 99
        {"c000", 0, NULL, 0},                   // to itself
        {"01'a'c000", 0, NULL, 0},              // to its own label
        {"c002 00", 0, NULL, 0},                // forward
        {"01'a'c005 00 01'b'c000", 5, NULL, 0}, // back, then forward
        {"c002 c000", 2, NULL, 0},              // a loop of two
        {"01'a'c003 01'b'c000", 4, NULL, 0},
        {"03'com'00 03'www'", 5, NULL, 0}, // no end
        {"03'com'00 03'ww'", 5, NULL, 0},  // half a label
        {"03'com'00 c0", 5, NULL, 0},      // half a pointer
        {"03'com'00 cfff", 5, NULL, 0},    // beyond the message
        {"40'a'00", 0, NULL, 0},           // reserved label types
        {"80'a'00", 0, NULL, 0},
        {"", 0, NULL, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t len;
        uint8_t *message = packet_of(cases[i].message, &len);
        struct dns_reader reader;
        struct dns_name name;
        dns_reader_init(&reader, message, len);
        dns_reader_skip(&reader, cases[i].at);
        dns_reader_name(&reader, &name);
        assert_int_equal(reader.failed, cases[i].name == NULL);
        char printed[DNS_NAME_TEXT];
        dns_name_format_plain(&name, printed);
        assert_string_equal(printed, cases[i].name != NULL ? cases[i].name : ".");
        if (cases[i].name != NULL) {
            assert_int_equal(reader.at, cases[i].end);
        }
        free(message);
    }
}

static void test_pointers_do_not_make_names_longer_than_255_bytes(void **state)
{
    (void)state;
    // 192 bytes of labels at 0, then one more label and a pointer to them.
    uint8_t message[300] = {0};
    message[0] = 63;
    message[64] = 63;
    message[128] = 63;
    for (uint8_t extra = 60; extra <= 63; extra++) {
        message[193] = extra;
        message[194 + extra] = 0xc0;
        message[195 + extra] = 0;
        struct dns_reader reader;
        struct dns_name name;
        dns_reader_init(&reader, message, 196U + extra);
        dns_reader_skip(&reader, 193);
        dns_reader_name(&reader, &name);
        assert_int_equal(reader.failed, extra > 61);
        assert_int_equal(name.len, extra > 61 ? 1 : extra + 1 + 193);
    }
}

static void test_a_write_that_does_not_fit_changes_nothing_until_rewind(void **state)
{
    (void)state;
    uint8_t room[8] = {0};
    struct dns_writer writer;
    dns_writer_init(&writer, room, sizeof room);
    dns_writer_u16(&writer, 0x0102);
    dns_writer_u32(&writer, 0x03040506);
    dns_writer_u32(&writer, 0xffffffff);
    assert_true(writer.full);
    dns_writer_u8(&writer, 0xff); // would fit
    assert_int_equal(writer.len, 6);
    dns_writer_patch_u16(&writer, 0, 0x0a0b);
    dns_writer_rewind(&writer, 5);
    assert_false(writer.full);
    dns_writer_bytes(&writer, "\x07\x08\x09", 3);
    assert_false(writer.full);
    static const uint8_t expected[] = {0x0a, 0x0b, 3, 4, 5, 7, 8, 9};
    assert_memory_equal(room, expected, sizeof expected);
    writer.limit = 4; // lowered below what is there
    dns_writer_u8(&writer, 1);
    assert_true(writer.full);
    assert_int_equal(writer.len, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_read_past_the_end_yields_zero_for_ever),
        cmocka_unit_test(test_huge_lengths_do_not_wrap_around),
        cmocka_unit_test(test_names_are_read_through_pointers),
        cmocka_unit_test(test_pointers_do_not_make_names_longer_than_255_bytes),
        cmocka_unit_test(test_a_write_that_does_not_fit_changes_nothing_until_rewind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
