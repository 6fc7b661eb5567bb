// SPDX-License-Identifier: MIT
// Where AWS is silent: what answers by default, and what once the knob is turned (section 15).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/packet_dsl.h"

struct knob_case {
    const char *asked;
    const char *silent; // by default
    const char *turned;
};

static void expect(const struct test_view *view, const char *asked, const char *wanted)
{
    const char *got = ask(view, asked);
    if (strcmp(got, wanted) != 0) {
        fail_msg("%s\n  expected %s\n  got      %s", asked, wanted, got);
    }
}

static void check_both(const char *policy, const char *knob, const struct knob_case *cases, size_t count)
{
    char text[4096];
    assert_true((size_t)snprintf(text, sizeof text, "%s%s", policy, knob) < sizeof text);
    struct test_view *views[] = {test_view_create(policy), test_view_create(text)};
    for (size_t i = 0; i < count; i++) {
        expect(views[0], cases[i].asked, cases[i].silent);
        expect(views[1], cases[i].asked, cases[i].turned);
    }
    test_view_destroy(views[0]);
    test_view_destroy(views[1]);
}

#define CHECK_BOTH(policy, knob, ...)                                                                        \
    do {                                                                                                     \
        static const struct knob_case cases[] = {__VA_ARGS__};                                               \
        check_both((policy), (knob), cases, sizeof cases / sizeof cases[0]);                                 \
    } while (0)

#define PLACES                                                                                               \
    "place DE us-east-1=90 eu-west-1=25 country=DE continent=EU\n"                                           \
    "place JP us-east-1=150 eu-west-1=210 country=JP continent=AS\n"                                         \
    "default DE\n"                                                                                           \
    "client 203.0.113.0/24 JP\n"                                                                             \
    "client 203.0.113.128/25 DE\n"
#define GEO                                                                                                  \
    "zone Z1 example.com.\n"                                                                                 \
    "geo a.example.com. A 60 DE 192.0.2.1\n"                                                                 \
    "geo a.example.com. A 60 JP 192.0.2.2\n"                                                                 \
    "geo a.example.com. A 60 * 192.0.2.3\n" PLACES
#define ANSWER(address, rest) "NOERROR aa | a.example.com. 60 A " address " | NS*4 |" rest

// G4, E7: nobody knows where 198.51.100.0/24 and 127.0.0.1 are.
static void test_unmapped_clients_get_the_default_record_or_are_where_latency_has_them(void **state)
{
    (void)state;
    CHECK_BOTH(GEO, "knob unmapped-located 1\n",
               {"a.example.com A", ANSWER("192.0.2.3", ""), ANSWER("192.0.2.1", "")},
               {"a.example.com A +from=203.0.113.1", ANSWER("192.0.2.2", ""), ANSWER("192.0.2.2", "")},
               {"a.example.com A +subnet=198.51.100.0/24 +from=203.0.113.1",
                ANSWER("192.0.2.3", " | ecs 198.51.100.0/24/24"),
                ANSWER("192.0.2.2", " | ecs 198.51.100.0/24/24")},
               {"a.example.com A +subnet=198.51.100.0/24", ANSWER("192.0.2.3", " | ecs 198.51.100.0/24/24"),
                ANSWER("192.0.2.1", " | ecs 198.51.100.0/24/24")},
               {"a.example.com A +place=JP", ANSWER("192.0.2.2", ""), ANSWER("192.0.2.2", "")});
}

// E7, LT5, X5: latency and geoproximity have no default record; they take the resolver, then DefaultClient.
static void test_unmapped_clients_have_a_latency_and_a_distance(void **state)
{
    (void)state;
    CHECK_BOTH("zone Z1 example.com.\n"
               "latency a.example.com. A 60 us-east-1 192.0.2.1\n"
               "latency a.example.com. A 60 eu-west-1 192.0.2.2\n" PLACES,
               "default JP\n", {"a.example.com A", ANSWER("192.0.2.2", ""), ANSWER("192.0.2.1", "")},
               {"a.example.com A +subnet=198.51.100.0/24 +from=203.0.113.1",
                ANSWER("192.0.2.1", " | ecs 198.51.100.0/24/24"),
                ANSWER("192.0.2.1", " | ecs 198.51.100.0/24/24")});
    // X5: Virginia, where nothing says otherwise.
    CHECK_BOTH("zone Z1 example.com.\n"
               "near a.example.com. A 60 west:45.84,-119.70,0 192.0.2.1\n"
               "near a.example.com. A 60 east:40.10,-83.13,0 192.0.2.2\n"
               "place HERE at=47.6,-122.3\n",
               "default HERE\n", {"a.example.com A", ANSWER("192.0.2.2", ""), ANSWER("192.0.2.1", "")});
}

// E8: 203.0.113.0/24 reaches over two blocks and its network address is in the smaller one.
static void test_a_coarse_subnet_is_where_its_address_is_or_unmapped(void **state)
{
    (void)state;
    CHECK_BOTH("zone Z1 example.com.\n"
               "geo a.example.com. A 60 DE 192.0.2.1\n"
               "geo a.example.com. A 60 JP 192.0.2.2\n"
               "geo a.example.com. A 60 * 192.0.2.3\n" PLACES "client 198.51.100.0/25 JP\n",
               "knob coarse-unmapped 1\n",
               {"a.example.com A +subnet=198.51.100.0/24", ANSWER("192.0.2.2", " | ecs 198.51.100.0/24/25"),
                ANSWER("192.0.2.3", " | ecs 198.51.100.0/24/25")},
               {"a.example.com A +subnet=198.51.100.0/25", ANSWER("192.0.2.2", " | ecs 198.51.100.0/25/25"),
                ANSWER("192.0.2.2", " | ecs 198.51.100.0/25/25")});
}

#define CIDR                                                                                                 \
    "zone Z1 example.com.\n"                                                                                 \
    "cidr a.example.com. A 60 small 192.0.2.1 hc\n"                                                          \
    "cidr a.example.com. A 60 large 192.0.2.2\n"                                                             \
    "cidr a.example.com. A 60 * 192.0.2.3\n"                                                                 \
    "block small 203.0.113.0/24\n"                                                                           \
    "block large 203.0.0.0/16\n"                                                                             \
    "check hc inverted\n"

// I4
static void test_an_unhealthy_location_falls_back_to_larger_blocks_or_to_the_default(void **state)
{
    (void)state;
    CHECK_BOTH(CIDR, "knob cidr-straight-default 1\n",
               {"a.example.com A +from=203.0.113.1", ANSWER("192.0.2.2", ""), ANSWER("192.0.2.3", "")},
               {"a.example.com A +from=203.0.7.1", ANSWER("192.0.2.2", ""), ANSWER("192.0.2.2", "")});
}

// G5, I5: enum simulator_no_match.
static void test_no_match_is_no_data_or_another_response_code(void **state)
{
    (void)state;
    static const char *const policies[] = {
        "zone Z1 example.com.\ngeo a.example.com. A 60 DE 192.0.2.1\n" PLACES,
        "zone Z1 example.com.\ncidr a.example.com. A 60 north 192.0.2.1\nblock north 192.0.2.0/24\n",
    };
    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        CHECK_BOTH(policies[i], "knob no-match 1\n",
                   {"a.example.com A", "NOERROR aa | | SOA*1 |", "NXDOMAIN aa | | SOA*1 |"});
        CHECK_BOTH(policies[i], "knob no-match 2\n",
                   {"a.example.com A", "NOERROR aa | | SOA*1 |", "REFUSED | | |"});
    }
}

// R7: by SetIdentifier, or each as likely as the other.
static void test_ties_fall_by_set_identifier_or_by_chance(void **state)
{
    (void)state;
    static const char *const groups[] = {"latency a.example.com. A 60 eu-west-1 192.0.2.1\n"
                                         "latency a.example.com. A 60 us-east-1 192.0.2.2\n",
                                         "near a.example.com. A 60 a:40.00,-83.00,0 192.0.2.1\n"
                                         "near a.example.com. A 60 b:40.00,-83.00,0 192.0.2.2\n"};
    for (size_t i = 0; i < 4; i++) {
        char policy[512];
        snprintf(policy, sizeof policy, "zone Z1 example.com.\n%s%s%s", groups[i / 2],
                 "place HERE us-east-1=10 eu-west-1=10 at=47.6,-122.3\ndefault HERE\n",
                 i % 2 == 1 ? "knob random-ties 1\n" : "");
        struct test_view *view = test_view_create(policy);
        unsigned firsts = 0;
        for (unsigned draw = 0; draw < 200; draw++) {
            firsts += strstr(ask(view, "a.example.com A"), "192.0.2.1 ") != NULL;
        }
        assert_in_range(firsts, i % 2 == 1 ? 60 : 200, i % 2 == 1 ? 140 : 200);
        test_view_destroy(view);
    }
}

// D11; 0x20 resolvers would not take the other.
static void test_replies_keep_the_case_of_the_question_or_fold_it(void **state)
{
    (void)state;
    CHECK_BOTH("zone Z1 example.com.\nrecord a.example.com. A 60 192.0.2.1\n", "knob fold-replies 1\n",
               {"A.eXample.com A", "NOERROR aa | A.eXample.com. 60 A 192.0.2.1 | NS*4 |",
                "NOERROR aa | a.example.com. 60 A 192.0.2.1 | NS*4 |"});
}

// D14
static void test_names_in_no_zone_are_refused_or_denied(void **state)
{
    (void)state;
    CHECK_BOTH("zone Z1 example.com.\n", "knob unknown-zone 3\n",
               {"example.org A", "REFUSED | | |", "NXDOMAIN | | |"},
               {"a.example.com A", "NXDOMAIN aa | | SOA*1 |", "NXDOMAIN aa | | SOA*1 |"});
    CHECK_BOTH("zone Z1 example.com.\n", "knob unknown-zone 2\n",
               {"example.org A", "REFUSED | | |", "SERVFAIL | | |"});
}

// E5: at least so many bits, and as many as our own blocks need.
static void test_scopes_are_those_of_the_knobs_or_finer(void **state)
{
    (void)state;
    CHECK_BOTH(GEO, "knob ecs4 20\nknob ecs6 56\n",
               {"a.example.com A +subnet=198.51.100.0/24", ANSWER("192.0.2.3", " | ecs 198.51.100.0/24/24"),
                ANSWER("192.0.2.3", " | ecs 198.51.100.0/24/20")},
               {"a.example.com A +subnet=2001:db8::/56", ANSWER("192.0.2.3", " | ecs 2001:db8::/56/48"),
                ANSWER("192.0.2.3", " | ecs 2001:db8::/56/56")},
               {"a.example.com A +subnet=203.0.113.0/24", ANSWER("192.0.2.2", " | ecs 203.0.113.0/24/25"),
                ANSWER("192.0.2.2", " | ecs 203.0.113.0/24/25")});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unmapped_clients_get_the_default_record_or_are_where_latency_has_them),
        cmocka_unit_test(test_unmapped_clients_have_a_latency_and_a_distance),
        cmocka_unit_test(test_a_coarse_subnet_is_where_its_address_is_or_unmapped),
        cmocka_unit_test(test_an_unhealthy_location_falls_back_to_larger_blocks_or_to_the_default),
        cmocka_unit_test(test_no_match_is_no_data_or_another_response_code),
        cmocka_unit_test(test_ties_fall_by_set_identifier_or_by_chance),
        cmocka_unit_test(test_replies_keep_the_case_of_the_question_or_fold_it),
        cmocka_unit_test(test_names_in_no_zone_are_refused_or_denied),
        cmocka_unit_test(test_scopes_are_those_of_the_knobs_or_finer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
