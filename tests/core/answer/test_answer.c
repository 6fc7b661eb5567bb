// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/answer/answer.h"
#include "core/dns/message.h"
#include "core/dns/rrtype.h"
#include "support/packet_dsl.h"

struct question {
    const char *asked;
    const char *expected;
};

static void check_all(const char *policy, const struct question *questions, size_t count)
{
    struct test_view *view = test_view_create(policy);
    for (size_t i = 0; i < count; i++) {
        const char *got = ask(view, questions[i].asked);
        if (strcmp(got, questions[i].expected) != 0) {
            fail_msg("%s\n  expected %s\n  got      %s", questions[i].asked, questions[i].expected, got);
        }
    }
    test_view_destroy(view);
}

#define CHECK_ALL(policy, ...)                                                                               \
    do {                                                                                                     \
        static const struct question questions[] = {__VA_ARGS__};                                            \
        check_all((policy), questions, sizeof questions / sizeof questions[0]);                              \
    } while (0)

#define NAMES                                                                                                \
    "zone Z1 example.com.\n"                                                                                 \
    "record *.example.com. A 60 192.0.2.1\n"                                                                 \
    "record a.b.example.com. A 60 192.0.2.2\n"                                                               \
    "record www.example.com. A 60 192.0.2.3\n"

// EX20, D6, D9, D10, D11, D3, D7.
static void test_ex20_names_follow_the_closest_encloser(void **state)
{
    (void)state;
    CHECK_ALL(NAMES, {"x.example.com A", "NOERROR aa | x.example.com. 60 A 192.0.2.1 | NS*4 |"},
              {"x.y.example.com A", "NOERROR aa | x.y.example.com. 60 A 192.0.2.1 | NS*4 |"},
              {"www.example.com AAAA", "NOERROR aa | | SOA*1 |"},
              {"b.example.com A", "NOERROR aa | | SOA*1 |"}, {"x.b.example.com A", "NXDOMAIN aa | | SOA*1 |"},
              {"x.a.b.example.com A", "NXDOMAIN aa | | SOA*1 |"},
              {"WwW.eXample.com A", "NOERROR aa | WwW.eXample.com. 60 A 192.0.2.3 | NS*4 |"},
              {"example.com A", "NOERROR aa | | SOA*1 |"},
              {"*.example.com A", "NOERROR aa | *.example.com. 60 A 192.0.2.1 | NS*4 |"},
              {"x.example.com AAAA", "NOERROR aa | | SOA*1 |"}, {"example.org A", "REFUSED | | |"},
              {". A", "REFUSED | | |"});
}

// D8: Route 53's own NS and SOA where the policy has none. D2: no NS in Authority when it is the answer.
static void test_a_zone_without_ns_and_soa_gets_those_of_route_53(void **state)
{
    (void)state;
    struct test_view *view = test_view_create(NAMES);
    const char *soa = ask(view, "example.com SOA");
    assert_non_null(strstr(soa, "example.com. 900 SOA ns-"));
    assert_non_null(strstr(soa, ".com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"));
    const char *ns = ask(view, "example.com NS");
    assert_non_null(strstr(ns, "172800 NS ns-"));
    assert_non_null(strstr(ns, ".co.uk."));
    assert_non_null(strstr(ns, " | |"));
    test_view_destroy(view);
}

// D12, D14, RFC 4035 section 3.1.4.1.
static void test_delegations_are_referred_with_glue(void **state)
{
    (void)state;
    CHECK_ALL("zone Z1 example.com.\n"
              "record sub.example.com. NS 300 ns.sub.example.com.\n"
              "record sub.example.com. NS 300 ns.example.org.\n"
              "record sub.example.com. DS 300 |1 13 2 "
              "49fd46e6c4b45c55d4ac49fd46e6c4b45c55d4ac49fd46e6c4b45c55d4ac0011|\n"
              "record ns.sub.example.com. A 300 192.0.2.53\n"
              "record www.sub.example.com. A 300 192.0.2.80\n",
              {"sub.example.com A", "NOERROR | | NS*2 | ns.sub.example.com. 300 A 192.0.2.53"},
              {"www.sub.example.com A", "NOERROR | | NS*2 | ns.sub.example.com. 300 A 192.0.2.53"},
              {"x.y.sub.example.com TXT", "NOERROR | | NS*2 | ns.sub.example.com. 300 A 192.0.2.53"},
              {"sub.example.com NS", "NOERROR | | NS*2 | ns.sub.example.com. 300 A 192.0.2.53"},
              {"sub.example.com DS",
               "NOERROR aa | sub.example.com. 300 DS 1 13 2 "
               "49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC0011 | NS*4 |"});
}

// D14: the most specific zone answers; DS at its apex is the parent's.
static void test_the_most_specific_zone_answers(void **state)
{
    (void)state;
    CHECK_ALL("zone Z1 example.com.\n"
              "record sub.example.com. NS 300 ns.example.org.\n"
              "record www.sub.example.com. A 300 192.0.2.1\n"
              "zone Z2 sub.example.com.\n"
              "record www.sub.example.com. A 300 192.0.2.2\n",
              {"www.sub.example.com A", "NOERROR aa | www.sub.example.com. 300 A 192.0.2.2 | NS*4 |"},
              {"gone.sub.example.com A", "NXDOMAIN aa | | SOA*1 |"},
              {"sub.example.com A", "NOERROR aa | | SOA*1 |"},
              {"sub.example.com DS", "NOERROR aa | | SOA*1 |"});
}

// D5 and its switch, D4.
static void test_cname_answers_alone_with_its_target_in_additional(void **state)
{
    (void)state;
    CHECK_ALL(
        "zone Z1 example.com.\n"
        "record www.example.com. CNAME 60 api.example.com.\n"
        "record api.example.com. A 30 192.0.2.1\n"
        "record out.example.com. CNAME 60 example.org.\n"
        "record example.com. MX 60 |10 api.example.com.|\n",
        {"www.example.com A",
         "NOERROR aa | www.example.com. 60 CNAME api.example.com. | NS*4 | api.example.com. 30 A 192.0.2.1"},
        {"www.example.com TXT",
         "NOERROR aa | www.example.com. 60 CNAME api.example.com. | NS*4 | api.example.com. 30 A 192.0.2.1"},
        {"out.example.com A", "NOERROR aa | out.example.com. 60 CNAME example.org. | NS*4 |"},
        {"example.com MX",
         "NOERROR aa | example.com. 60 MX 10 api.example.com. | NS*4 | api.example.com. 30 A 192.0.2.1"});
    CHECK_ALL("zone Z1 example.com.\n"
              "record www.example.com. CNAME 60 api.example.com.\n"
              "record api.example.com. A 30 192.0.2.1\n"
              "record loop.example.com. CNAME 60 loop.example.com.\n"
              "knob chasing 1\n",
              {"www.example.com A", "NOERROR aa | api.example.com. 30 A 192.0.2.1, "
                                    "www.example.com. 60 CNAME api.example.com. | NS*4 |"
                                    " api.example.com. 30 A 192.0.2.1"},
              {"loop.example.com A", "NOERROR aa | loop.example.com. 60 CNAME loop.example.com. | NS*4 |"});
}

// D1: 512 bytes without EDNS, what the client takes with it, at most 4096; D2: Authority goes first.
static void test_long_answers_are_truncated_to_what_fits(void **state)
{
    (void)state;
    char policy[32768] = "zone Z1 example.com.\n";
    size_t len = strlen(policy);
    for (int i = 0; i < 70; i++) { // 70 * 16 bytes of records
        len += (size_t)snprintf(policy + len, sizeof policy - len,
                                "record many.example.com. A 60 192.0.2.%d\n", i);
    }
    for (int i = 0; i < 25; i++) { // fits into 512, with the NS it would not
        len += (size_t)snprintf(policy + len, sizeof policy - len,
                                "record some.example.com. A 60 192.0.2.%d\n", i);
    }
    for (int i = 0; i < 300; i++) { // more than 4096
        len += (size_t)snprintf(policy + len, sizeof policy - len,
                                "record most.example.com. A 60 10.0.%d.%d\n", i / 250, i % 250);
    }
    struct test_view *view = test_view_create(policy);
    assert_string_equal(ask(view, "many.example.com A +noedns"), "NOERROR aa tc | | |");
    assert_string_equal(ask(view, "many.example.com A +size=512"), "NOERROR aa tc | | |");
    assert_string_equal(ask(view, "many.example.com A +size=0"), "NOERROR aa tc | | |");
    assert_non_null(strstr(ask(view, "many.example.com A +size=1232"), "192.0.2.9 | |"));
    assert_non_null(strstr(ask(view, "some.example.com A +noedns"), "192.0.2.9 | |"));
    assert_non_null(strstr(ask(view, "some.example.com A"), "192.0.2.9 | NS*4 |"));
    assert_string_equal(ask(view, "most.example.com A +size=65535"), "NOERROR aa tc | | |");
    assert_non_null(strstr(ask(view, "most.example.com A +tcp +noedns"), "10.0.1.9 | NS*4 |"));
    test_view_destroy(view);
}

// D15 and its switch.
static void test_any_gives_every_type_or_just_one(void **state)
{
    (void)state;
    CHECK_ALL("zone Z1 example.com.\n"
              "record www.example.com. A 60 192.0.2.1\n"
              "record www.example.com. TXT 60 \"x\"\n",
              {"www.example.com ANY",
               "NOERROR aa | www.example.com. 60 A 192.0.2.1, www.example.com. 60 TXT \"x\" | |"},
              {"gone.example.com ANY", "NXDOMAIN aa | | SOA*1 |"});
    CHECK_ALL("zone Z1 example.com.\n"
              "record www.example.com. A 60 192.0.2.1\n"
              "record www.example.com. TXT 60 \"x\"\n"
              "knob minimal-any 1\n",
              {"www.example.com ANY", "NOERROR aa | www.example.com. 60 A 192.0.2.1 | |"});
}

// D24, D13.
static void test_transfers_are_refused_and_unknown_types_have_no_data(void **state)
{
    (void)state;
    CHECK_ALL(NAMES, {"example.com AXFR +tcp", "REFUSED | | |"}, {"example.com IXFR +tcp", "REFUSED | | |"},
              {"www.example.com TYPE65280", "NOERROR aa | | SOA*1 |"},
              {"www.example.com MAILB", "NOTIMP | | |"});
}

#define LATENCY                                                                                              \
    "zone Z1 example.com.\n"                                                                                 \
    "latency api.example.com. A 60 us-east-1 192.0.2.10 hc-e\n"                                              \
    "latency api.example.com. A 60 eu-west-1 198.51.100.20 hc-w\n"                                           \
    "record plain.example.com. A 60 192.0.2.1\n"                                                             \
    "record www.example.com. CNAME 60 api.example.com.\n"                                                    \
    "check hc-e\ncheck hc-w\n"                                                                               \
    "place US us-east-1=10 eu-west-1=80\n"                                                                   \
    "place DE us-east-1=90 eu-west-1=25\n"                                                                   \
    "client 203.0.113.0/24 DE\n"                                                                             \
    "client 192.0.2.0/24 US\n"                                                                               \
    "client 198.51.100.0/28 DE\n"                                                                            \
    "client 2001:db8::/32 DE\n"                                                                              \
    "default US\n"

// E1, E2, E5, E6, E7, E9, D4: whose location, and the scope that says so.
static void test_the_client_subnet_decides_and_the_scope_tells(void **state)
{
    (void)state;
    CHECK_ALL(
        LATENCY, {"api.example.com A", "NOERROR aa | api.example.com. 60 A 192.0.2.10 | NS*4 |"},
        {"api.example.com A +from=203.0.113.7", "NOERROR aa | api.example.com. 60 A 198.51.100.20 | NS*4 |"},
        {"api.example.com A +subnet=203.0.113.0/24",
         "NOERROR aa | api.example.com. 60 A 198.51.100.20 | NS*4 | | ecs 203.0.113.0/24/24"},
        {"api.example.com A +subnet=203.0.113.0/25",
         "NOERROR aa | api.example.com. 60 A 198.51.100.20 | NS*4 | | ecs 203.0.113.0/25/24"},
        {"api.example.com A +subnet=198.51.100.0/24",
         "NOERROR aa | api.example.com. 60 A 198.51.100.20 | NS*4 | | ecs 198.51.100.0/24/28"},
        {"api.example.com A +subnet=2001:db8:1::/48 +from=192.0.2.1",
         "NOERROR aa | api.example.com. 60 A 198.51.100.20 | NS*4 | | ecs 2001:db8:1::/48/48"},
        {"api.example.com A +subnet=0.0.0.0/0 +from=203.0.113.7",
         "NOERROR aa | api.example.com. 60 A 198.51.100.20 | NS*4 | | ecs 0.0.0.0/0/0"},
        {"api.example.com A +subnet=10.0.0.0/24 +from=203.0.113.7",
         "NOERROR aa | api.example.com. 60 A 198.51.100.20 | NS*4 | | ecs 10.0.0.0/24/24"},
        {"plain.example.com A +subnet=203.0.113.0/24",
         "NOERROR aa | plain.example.com. 60 A 192.0.2.1 | NS*4 | | ecs 203.0.113.0/24/0"},
        {"www.example.com A +subnet=203.0.113.0/24",
         "NOERROR aa | www.example.com. 60 CNAME api.example.com. | NS*4 | api.example.com. 60 A "
         "198.51.100.20 | ecs "
         "203.0.113.0/24/24"},
        {"api.example.com A +place=DE", "NOERROR aa | api.example.com. 60 A 198.51.100.20 | NS*4 |"},
        {"api.example.com A +place=DE +subnet=192.0.2.0/24",
         "NOERROR aa | api.example.com. 60 A 198.51.100.20 | NS*4 | | ecs 192.0.2.0/24/0"});
}

// A multiple of values comes in every order (R10, D16).
static void test_values_are_shuffled(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "record www.example.com. A 60 192.0.2.1\n"
                                              "record www.example.com. A 60 192.0.2.2\n"
                                              "record www.example.com. A 60 192.0.2.3\n");
    struct random roll;
    struct answer_counters counters = {0};
    struct answer_origin origin = {.source = {4, {127, 0, 0, 1}}, .place = PLACE_NONE};
    unsigned first[4] = {0};
    uint8_t query[512];
    uint8_t reply[512];
    struct dns_name name;
    dns_name_parse(bytes_of("www.example.com"), &name, NULL);
    size_t len = dns_query_write(query, sizeof query, 1, &name, DNS_TYPE_A, false, NULL);
    random_seed(&roll, 7);
    for (int i = 0; i < 6000; i++) {
        assert_true(answer(&view->view, query, len, &origin, &roll, &counters, reply, sizeof reply) > 0);
        first[reply[DNS_HEADER_LEN + name.len + 4 + 15]]++;
    }
    for (unsigned value = 1; value <= 3; value++) {
        assert_in_range(first[value], 1850, 2150);
    }
    assert_int_equal(counters.queries, 6000);
    assert_int_equal(counters.rcodes[0], 6000);
    test_view_destroy(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ex20_names_follow_the_closest_encloser),
        cmocka_unit_test(test_a_zone_without_ns_and_soa_gets_those_of_route_53),
        cmocka_unit_test(test_delegations_are_referred_with_glue),
        cmocka_unit_test(test_the_most_specific_zone_answers),
        cmocka_unit_test(test_cname_answers_alone_with_its_target_in_additional),
        cmocka_unit_test(test_long_answers_are_truncated_to_what_fits),
        cmocka_unit_test(test_any_gives_every_type_or_just_one),
        cmocka_unit_test(test_transfers_are_refused_and_unknown_types_have_no_data),
        cmocka_unit_test(test_the_client_subnet_decides_and_the_scope_tells),
        cmocka_unit_test(test_values_are_shuffled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
