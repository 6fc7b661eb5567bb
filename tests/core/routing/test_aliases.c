// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "support/packet_dsl.h"

static void assert_answers(const struct test_view *view, const char *question, const char *expected)
{
    assert_string_equal(ask(view, question), expected);
}

// T1: of the alias's type, whatever else the target's name has; T2: the reply names the question alone.
static void test_an_alias_takes_its_own_type_from_the_target(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "record www.example.com. A 0 alias=origin.example.com.\n"
                                              "record www.example.com. TXT 0 alias=origin.example.com.\n"
                                              "record other.example.com. AAAA 0 alias=origin.example.com.\n"
                                              "record origin.example.com. A 30 192.0.2.1\n"
                                              "record origin.example.com. TXT 40 |\"text\"|\n");
    assert_answers(view, "www.example.com A", "NOERROR aa | www.example.com. 30 A 192.0.2.1 | NS*4 |");
    assert_answers(view, "www.example.com TXT", "NOERROR aa | www.example.com. 40 TXT \"text\" | NS*4 |");
    assert_answers(view, "www.example.com AAAA", "NOERROR aa | | SOA*1 |");
    assert_answers(view, "other.example.com AAAA", "NOERROR aa | | SOA*1 |");
    test_view_destroy(view);
}

// T4
static void test_an_alias_may_stand_at_the_apex(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "record example.com. A 0 alias=www.example.com.\n"
                                              "record www.example.com. A 30 192.0.2.1\n");
    assert_answers(view, "example.com A", "NOERROR aa | example.com. 30 A 192.0.2.1 | NS*4 |");
    assert_answers(
        view, "example.com SOA",
        "NOERROR aa | example.com. 900 SOA ns-9.awsdns-01.com. awsdns-hostmaster.amazon.com. 1 7200 "
        "900 1209600 86400 | NS*4 |");
    test_view_destroy(view);
}

// T13, O2: the decision after a leaf's change is another one already, there and back; D22: the TTL is not
// touched.
static void test_a_leaf_s_health_counts_through_aliases_at_once(void **state)
{
    (void)state;
    struct test_view *view =
        test_view_create("zone Z1 example.com.\n"
                         "failover www.example.com. A 0 primary alias=middle.example.com.\n"
                         "failover www.example.com. A 50 secondary 192.0.2.9\n"
                         "record middle.example.com. A 0 alias=leaf.example.com.\n"
                         "record leaf.example.com. A 30 192.0.2.1 hc\n"
                         "check hc\n");
    for (unsigned i = 0; i < 3; i++) {
        test_view_set(view, "hc", true);
        assert_answers(view, "www.example.com A", "NOERROR aa | www.example.com. 30 A 192.0.2.1 | NS*4 |");
        test_view_set(view, "hc", false);
        assert_answers(view, "www.example.com A", "NOERROR aa | www.example.com. 50 A 192.0.2.9 | NS*4 |");
    }
    test_view_destroy(view);
}

// F6: all values of the record set that is chosen; its neighbour's stay out.
static void test_a_routed_record_set_answers_with_all_its_values(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "weighted w.example.com. A 60 a:1 192.0.2.1\n"
                                              "weighted w.example.com. A 60 a:1 192.0.2.2\n"
                                              "weighted w.example.com. A 60 b:0 192.0.2.3\n"
                                              "latency l.example.com. A 60 us-east-1 192.0.2.4\n"
                                              "latency l.example.com. A 60 us-east-1 192.0.2.5\n"
                                              "latency l.example.com. A 60 eu-west-1 192.0.2.6\n"
                                              "place US us-east-1=10 eu-west-1=80\n"
                                              "default US\n");
    assert_answers(view, "w.example.com A",
                   "NOERROR aa | w.example.com. 60 A 192.0.2.1, w.example.com. 60 A 192.0.2.2 | NS*4 |");
    assert_answers(view, "l.example.com A",
                   "NOERROR aa | l.example.com. 60 A 192.0.2.4, l.example.com. 60 A 192.0.2.5 | NS*4 |");
    test_view_destroy(view);
}

// R5: of 1000 rounds each pair of answers, of one type after the other and of one round after the next, comes
// about 250 times.
static void test_queries_and_types_are_decided_independently(void **state)
{
    (void)state;
    enum { ROUNDS = 1000 };
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "weighted w.example.com. A 60 a:1 192.0.2.1\n"
                                              "weighted w.example.com. A 60 b:1 192.0.2.2\n"
                                              "weighted w.example.com. AAAA 60 a:1 2001:db8::1\n"
                                              "weighted w.example.com. AAAA 60 b:1 2001:db8::2\n");
    unsigned types[2][2] = {{0}};
    unsigned rounds[2][2] = {{0}};
    bool before = false;
    for (unsigned i = 0; i < ROUNDS; i++) {
        bool a = strstr(ask(view, "w.example.com A"), "192.0.2.2") != NULL;
        bool aaaa = strstr(ask(view, "w.example.com AAAA"), "2001:db8::2") != NULL;
        types[a][aaaa]++;
        rounds[before][a]++;
        before = a;
    }
    for (unsigned i = 0; i < 4; i++) {
        assert_in_range(types[i / 2][i % 2], 190, 310);
        assert_in_range(rounds[i / 2][i % 2], 190, 310);
    }
    test_view_destroy(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_alias_takes_its_own_type_from_the_target),
        cmocka_unit_test(test_an_alias_may_stand_at_the_apex),
        cmocka_unit_test(test_a_leaf_s_health_counts_through_aliases_at_once),
        cmocka_unit_test(test_a_routed_record_set_answers_with_all_its_values),
        cmocka_unit_test(test_queries_and_types_are_decided_independently),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
