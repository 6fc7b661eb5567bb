// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ip.h"

static void test_prefixes_are_read_or_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *printed; // NULL: refused
        const char *reason;  // "" otherwise
    } cases[] = {
        {"192.0.2.0/24", "192.0.2.0/24", ""},
        {"192.0.2.1", "192.0.2.1/32", ""},
        {"2001:db8::/32", "2001:db8::/32", ""},
        {"0.0.0.0/0", "0.0.0.0/0", ""},
        {"192.0.2.1/24", NULL, "did you mean '192.0.2.0/24'"},
        {"192.0.2.0/33", NULL, "0 to 32"},
        {"192.0.2.0/", NULL, "0 to 32"},
        {"192.0.2/24", NULL, "not an IP address"},
        {"", NULL, "not an IP address"},
        {"fe80::1%eth0/64", NULL, "not an IP address"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip_prefix prefix;
        struct error error = {0};
        bool ok = ip_prefix_parse(bytes_of(cases[i].text), &prefix, &error);
        assert_int_equal(ok, cases[i].printed != NULL);
        if (ok) {
            char printed[IP_PREFIX_TEXT];
            ip_prefix_format(&prefix, printed);
            assert_string_equal(printed, cases[i].printed);
        } else {
            assert_non_null(strstr(error.text, cases[i].reason));
        }
    }
}

static void test_endpoints_take_ipv6_in_brackets_only(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
    } cases[] = {
        {"127.0.0.1:5300", true},
        {"[::1]:53", true},
        {"127.0.0.1:0", true},
        {"::1:53", false},
        {"[127.0.0.1]:53", false},
        {"127.0.0.1", false},
        {"127.0.0.1:65536", false},
        {"[::1]", false},
        {":53", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip_endpoint endpoint;
        struct error error = {0};
        assert_int_equal(ip_endpoint_parse(bytes_of(cases[i].text), &endpoint, &error), cases[i].ok);
        assert_int_equal(error.set, !cases[i].ok);
        if (cases[i].ok) {
            char printed[IP_ENDPOINT_TEXT];
            ip_endpoint_format(&endpoint, printed);
            assert_string_equal(printed, cases[i].text);
        }
    }
}

// Table 1.1, IPAddress: RFC 5735, 6598, 5156.
static void test_special_use_ranges_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        const char *range; // NULL: global
    } cases[] = {
        {"127.0.0.1", "loopback"},
        {"10.1.2.3", "private use"},
        {"172.31.255.255", "private use"},
        {"172.32.0.0", NULL},
        {"100.127.0.1", "shared address space"},
        {"8.8.8.8", NULL},
        {"203.0.113.9", "documentation"},
        {"::1", "loopback"},
        {"fd00::1", "unique local"},
        {"2001:db8::1", "documentation"},
        {"2a01:4f8::1", NULL},
        {"::ffff:8.8.8.8", "IPv4-mapped"},
        {"255.255.255.255", "reserved"},
        {"224.0.0.1", "multicast"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip_address address;
        assert_true(ip_parse(bytes_of(cases[i].address), &address));
        const char *range = ip_special_use(&address);
        if (cases[i].range == NULL) {
            assert_null(range);
        } else {
            assert_string_equal(range, cases[i].range);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefixes_are_read_or_refused_with_the_reason),
        cmocka_unit_test(test_endpoints_take_ipv6_in_brackets_only),
        cmocka_unit_test(test_special_use_ranges_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
