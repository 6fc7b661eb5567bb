// SPDX-License-Identifier: MIT
// The worked examples of the semantics reference that are about choosing (section 14), each under its number.
// Shares are counted over many draws with a fixed seed.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/dns/rrtype.h"
#include "core/routing/resolve.h"
#include "support/packet_dsl.h"

enum { DRAWS = 20000, VALUES = 16 };

// How often each last byte of an A record came, in percent of the answers; count: values per answer.
struct shares {
    double percent[VALUES];
    unsigned values;
    bool nodata;
};

static struct shares draw(const struct test_view *view, const char *name_text, const struct client *client)
{
    struct shares shares = {{0}, 0, false};
    struct random roll;
    struct dns_name name;
    random_seed(&roll, 42);
    assert_true(dns_name_parse(bytes_of(name_text), &name, NULL));
    for (unsigned i = 0; i < DRAWS; i++) {
        struct decide_context context = {.view = &view->view, .client = client, .roll = &roll};
        struct resolution resolution;
        resolve(&context, &name, DNS_TYPE_A, &resolution);
        shares.nodata = resolution.kind == RESOLVED_NODATA;
        shares.values = 0;
        for (unsigned s = 0; resolution.kind == RESOLVED_ANSWER && s < resolution.decision.count; s++) {
            size_t at = 0;
            struct bytes rdata;
            while (record_set_next(resolution.decision.record_sets[s], &at, &rdata)) {
                assert_true(rdata.data[3] < VALUES);
                shares.percent[rdata.data[3]] += 100.0 / DRAWS;
                shares.values++;
            }
        }
    }
    return shares;
}

static struct shares draw_in(const struct test_view *view, const char *name, const char *place)
{
    struct client client = {.place =
                                place != NULL ? model_find_place(view->model, bytes_of(place)) : PLACE_NONE};
    return draw(view, name, &client);
}

// Within one percent of what it should be, and exactly nothing where nothing should be.
static void assert_share(const struct shares *shares, unsigned value, double expected)
{
    double got = shares->percent[value];
    if (got < expected - 1 || got > expected + 1 || (expected == 0 && got > 0)) {
        fail_msg("value .%u has %.1f %% instead of %.1f %%", value, got, expected);
    }
}

#define ASSERT_SHARES(shares, ...)                                                                           \
    do {                                                                                                     \
        static const double expected[] = {0, __VA_ARGS__};                                                   \
        for (unsigned v = 1; v < sizeof expected / sizeof expected[0]; v++) {                                \
            assert_share((shares), v, expected[v]);                                                          \
        }                                                                                                    \
    } while (0)

// "c3 c1": these are unhealthy, all others healthy.
static void set_unhealthy(struct test_view *view, const char *unhealthy)
{
    for (uint32_t i = 0; i < view->model->health_check_count; i++) {
        const char *id = view->model->health_checks[i].id;
        const char *found = strstr(unhealthy, id);
        status_table_set(view->status, i,
                         found == NULL || (found[strlen(id)] != ' ' && found[strlen(id)] != '\0'));
    }
}

static struct shares with(struct test_view *view, const char *unhealthy, const char *place)
{
    set_unhealthy(view, unhealthy);
    return draw_in(view, "www.example.com", place);
}

#define REGION_LEAVES                                                                                        \
    "zone Z1 example.com.\n"                                                                                 \
    "latency www.example.com. A 0 us-east-1 alias=use1.example.com\n"                                        \
    "latency www.example.com. A 0 eu-west-1 alias=euw1.example.com\n"                                        \
    "weighted use1.example.com. A 30 a:1 192.0.2.1 e\n"                                                      \
    "weighted euw1.example.com. A 40 a:1 192.0.2.2 w\n"                                                      \
    "check e\ncheck w\n"                                                                                     \
    "place US us-east-1=10 eu-west-1=80\n"

// EX2, T2, T3, T6, T7, R3, T10.
static void test_ex2_the_drill_with_alias_pairs(void **state)
{
    (void)state;
    struct test_view *view = test_view_create(REGION_LEAVES);
    assert_string_equal(ask(view, "www.example.com A +place=US"),
                        "NOERROR aa | www.example.com. 30 A 192.0.2.1 | NS*4 |");
    set_unhealthy(view, "e");
    assert_string_equal(ask(view, "www.example.com A +place=US"),
                        "NOERROR aa | www.example.com. 40 A 192.0.2.2 | NS*4 |");
    set_unhealthy(view, "e w");
    assert_string_equal(ask(view, "www.example.com A +place=US"),
                        "NOERROR aa | www.example.com. 30 A 192.0.2.1 | NS*4 |");
    test_view_destroy(view);
    // Without target health the drill silently does nothing.
    view = test_view_create("zone Z1 example.com.\n"
                            "latency www.example.com. A 0 us-east-1 blind=use1.example.com\n"
                            "latency www.example.com. A 0 eu-west-1 alias=euw1.example.com\n"
                            "weighted use1.example.com. A 30 a:1 192.0.2.1 e\n"
                            "weighted euw1.example.com. A 40 a:1 192.0.2.2 w\n"
                            "check e\ncheck w\n"
                            "place US us-east-1=10 eu-west-1=80\n");
    set_unhealthy(view, "e");
    assert_string_equal(ask(view, "www.example.com A +place=US"),
                        "NOERROR aa | www.example.com. 30 A 192.0.2.1 | NS*4 |");
    test_view_destroy(view);
}

// EX7, W1, W4, W5.
static void test_ex7_weighted_with_a_dead_member(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "weighted www.example.com. A 60 a:10 192.0.2.1 c1\n"
                                              "weighted www.example.com. A 60 b:20 192.0.2.2 c2\n"
                                              "weighted www.example.com. A 60 c:20 192.0.2.3 c3\n"
                                              "check c1\ncheck c2\ncheck c3\n");
    struct shares shares = with(view, "", NULL);
    ASSERT_SHARES(&shares, 20, 40, 40);
    shares = with(view, "c3", NULL);
    ASSERT_SHARES(&shares, 33.3, 66.7, 0);
    shares = with(view, "c1 c3", NULL);
    ASSERT_SHARES(&shares, 0, 100, 0);
    shares = with(view, "c1 c2 c3", NULL);
    ASSERT_SHARES(&shares, 20, 40, 40);
    test_view_destroy(view);
}

// EX8, W2, W3, W5.
static void test_ex8_zero_weights(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "weighted www.example.com. A 60 a:1 192.0.2.1 a\n"
                                              "weighted www.example.com. A 60 b:1 192.0.2.2 b\n"
                                              "weighted www.example.com. A 60 c:0 192.0.2.3 c\n"
                                              "weighted www.example.com. A 60 d:0 192.0.2.4\n"
                                              "check a\ncheck b\ncheck c\n");
    struct shares shares = with(view, "", NULL);
    ASSERT_SHARES(&shares, 50, 50, 0, 0);
    shares = with(view, "a", NULL);
    ASSERT_SHARES(&shares, 0, 100, 0, 0);
    shares = with(view, "a b", NULL);
    ASSERT_SHARES(&shares, 0, 0, 50, 50);
    shares = with(view, "a b c", NULL);
    ASSERT_SHARES(&shares, 0, 0, 0, 100);
    test_view_destroy(view);
    view = test_view_create("zone Z1 example.com.\n"
                            "weighted www.example.com. A 60 a:1 192.0.2.1 a\n"
                            "weighted www.example.com. A 60 b:1 192.0.2.2 b\n"
                            "weighted www.example.com. A 60 c:0 192.0.2.3 c\n"
                            "check a\ncheck b\ncheck c\n");
    shares = with(view, "a b c", NULL);
    ASSERT_SHARES(&shares, 50, 50, 0);
    test_view_destroy(view);
    view = test_view_create("zone Z1 example.com.\n"
                            "weighted www.example.com. A 60 a:0 192.0.2.1\n"
                            "weighted www.example.com. A 60 b:0 192.0.2.2\n");
    shares = with(view, "", NULL);
    ASSERT_SHARES(&shares, 50, 50);
    test_view_destroy(view);
}

// EX9, O1, O2.
static void test_ex9_failover(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "failover www.example.com. A 60 primary 192.0.2.1 p\n"
                                              "failover www.example.com. A 60 secondary 192.0.2.2 s\n"
                                              "check p\ncheck s\n");
    static const struct {
        const char *unhealthy;
        unsigned answer;
    } cases[] = {{"", 1}, {"p", 2}, {"p s", 1}, {"s", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct shares shares = with(view, cases[i].unhealthy, NULL);
        assert_share(&shares, cases[i].answer, 100);
    }
    test_view_destroy(view);
    view = test_view_create("zone Z1 example.com.\n"
                            "failover www.example.com. A 60 primary 192.0.2.1 p\n"
                            "failover www.example.com. A 60 secondary 192.0.2.2\n"
                            "failover one.example.com. A 60 secondary 192.0.2.3 p\n"
                            "failover free.example.com. A 60 primary 192.0.2.4\n"
                            "failover free.example.com. A 60 secondary 192.0.2.5 p\n"
                            "check p\n");
    struct shares shares = with(view, "p", NULL); // a secondary without a check, always
    assert_share(&shares, 2, 100);
    shares = draw_in(view, "one.example.com", NULL); // no primary
    assert_share(&shares, 3, 100);
    shares = draw_in(view, "free.example.com", NULL); // a primary without a check, for ever
    assert_share(&shares, 4, 100);
    test_view_destroy(view);
}

#define TREE(eth_a, check_a, check_b2, check_b)                                                              \
    "zone Z1 example.com.\n"                                                                                 \
    "latency www.example.com. A 0 us-east-1 " eth_a "=a.example.com " check_a "\n"                           \
    "latency www.example.com. A 0 ap-southeast-2 alias=b.example.com " check_b "\n"                          \
    "weighted a.example.com. A 60 a1:3 192.0.2.1 a1\n"                                                       \
    "weighted a.example.com. A 60 a2:1 192.0.2.2 a2\n"                                                       \
    "weighted b.example.com. A 60 b1:1 192.0.2.3 b1\n"                                                       \
    "weighted b.example.com. A 60 b2:1 192.0.2.4 " check_b2 "\n"                                             \
    "check a1\ncheck a2\ncheck b1\ncheck b2\ncheck hca\ncheck hcb\n"                                         \
    "place US us-east-1=10 ap-southeast-2=200\n"

// EX10, T6-T11, R4.
static void test_ex10_latency_over_weighted(void **state)
{
    (void)state;
    struct test_view *view = test_view_create(TREE("alias", "-", "-", "-"));
    struct shares shares = with(view, "a1 a2", "US"); // (i)
    ASSERT_SHARES(&shares, 0, 0, 50, 50);
    shares = with(view, "a1 a2 b1", "US"); // (ii)
    ASSERT_SHARES(&shares, 0, 0, 0, 100);
    shares = with(view, "a1", "US"); // (iii)
    ASSERT_SHARES(&shares, 0, 100, 0, 0);
    test_view_destroy(view);
    view = test_view_create(TREE("alias", "hca", "-", "-"));
    shares = with(view, "hca", "US"); // (iv): T8
    ASSERT_SHARES(&shares, 0, 0, 50, 50);
    test_view_destroy(view);
    view = test_view_create(TREE("blind", "-", "-", "-"));
    shares = with(view, "a1 a2", "US"); // (v): T7
    ASSERT_SHARES(&shares, 75, 25, 0, 0);
    test_view_destroy(view);
    view = test_view_create(TREE("alias", "-", "b2", "-"));
    shares = with(view, "a1 a2 b1 b2", "US"); // (vi): T10
    ASSERT_SHARES(&shares, 75, 25, 0, 0);
    test_view_destroy(view);
    view = test_view_create(TREE("alias", "hca", "b2", "hcb"));
    shares = with(view, "hca hcb a2", "US"); // (vii)
    ASSERT_SHARES(&shares, 100, 0, 0, 0);
    test_view_destroy(view);
}

#define PLACES                                                                                               \
    "place WA country=US state=WA continent=NA\n"                                                            \
    "place USX country=US continent=NA\n"                                                                    \
    "place CAX country=CA continent=NA\n"                                                                    \
    "place DEX country=DE continent=EU\n"                                                                    \
    "place PRX country=PR continent=NA\n"

#define AREAS                                                                                                \
    "zone Z1 example.com.\n"                                                                                 \
    "geo www.example.com. A 60 US-WA 192.0.2.1 c1\n"                                                         \
    "geo www.example.com. A 60 US 192.0.2.2 c2\n"                                                            \
    "geo www.example.com. A 60 continent:NA 192.0.2.3 c3\n"                                                  \
    "check c1\ncheck c2\ncheck c3\ncheck c4\n" PLACES

// EX11, G1-G7.
static void test_ex11_geolocation(void **state)
{
    (void)state;
    static const struct {
        const char *place;
        const char *unhealthy;
        unsigned answer;
    } cases[] = {
        {"WA", "", 1},         {"WA", "c1", 2},          {"WA", "c1 c2", 3},
        {"WA", "c1 c2 c3", 4}, {"WA", "c1 c2 c3 c4", 1}, {"USX", "", 2},
        {"CAX", "", 3},        {"DEX", "", 4},           {"DEX", "c4", 4},
        {"PRX", "", 3},        {"USX", "c2", 3}, // G6: North America comes before the default
    };
    struct test_view *view = test_view_create(AREAS "geo www.example.com. A 60 * 192.0.2.4 c4\n");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct shares shares = with(view, cases[i].unhealthy, cases[i].place);
        assert_share(&shares, cases[i].answer, 100);
    }
    test_view_destroy(view);
    view = test_view_create(AREAS);
    assert_string_equal(ask(view, "www.example.com A +place=DEX"), "NOERROR aa | | SOA*1 |"); // G5
    test_view_destroy(view);
}

static const char *ask_subnet(const struct test_view *view, const char *subnet)
{
    char question[128];
    snprintf(question, sizeof question, "www.example.com A +subnet=%s", subnet);
    return ask(view, question);
}

#define CIDR_LEAVES                                                                                          \
    "zone Z1 example.com.\n"                                                                                 \
    "cidr www.example.com. A 60 sea 192.0.2.1 s\n"                                                           \
    "cidr www.example.com. A 60 tyo 192.0.2.2 t\n"                                                           \
    "block sea 192.0.2.0/24\nblock sea 2001:db8::/32\nblock tyo 198.51.100.0/24\nblock tyo "                 \
    "2001:db8:7::/48\n"                                                                                      \
    "check s\ncheck t\n"

// EX12, I1-I5, E8.
static void test_ex12_ip_based(void **state)
{
    (void)state;
    static const struct {
        const char *subnet;
        const char *unhealthy;
        const char *answer;
    } cases[] = {
        {"192.0.2.0/24", "", "192.0.2.1"},       {"192.0.0.0/16", "", "192.0.2.3"},
        {"2001:db8:1234::/48", "", "192.0.2.1"}, {"2001:db8:7::/48", "", "192.0.2.2"},
        {"2001:db8::/31", "", "192.0.2.3"},      {"2001:db8:7::/48", "t", "192.0.2.1"},
        {"198.51.100.0/24", "t", "192.0.2.3"},
    };
    struct test_view *view = test_view_create(CIDR_LEAVES "cidr www.example.com. A 60 * 192.0.2.3\n");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        set_unhealthy(view, cases[i].unhealthy);
        assert_non_null(strstr(ask_subnet(view, cases[i].subnet), cases[i].answer));
    }
    set_unhealthy(view, "");
    assert_non_null(strstr(ask(view, "www.example.com A +from=192.0.2.77"), "60 A 192.0.2.1"));
    test_view_destroy(view);
    view = test_view_create(CIDR_LEAVES);
    assert_non_null(strstr(ask_subnet(view, "203.0.113.0/24"), "NOERROR aa | | SOA*1 |"));
    test_view_destroy(view);
}

// EX13, X1, X2. Dallas is at 32.78, -96.80.
static void test_ex13_geoproximity(void **state)
{
    (void)state;
    static const struct {
        const char *east;
        const char *west;
        unsigned answer;
    } cases[] = {{"0", "0", 1}, {"-25", "0", 2}, {"0", "25", 2}, {"0", "20", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char policy[512];
        snprintf(policy, sizeof policy,
                 "zone Z1 example.com.\n"
                 "near www.example.com. A 60 e:38.95,-77.45,%s 192.0.2.1\n"
                 "near www.example.com. A 60 w:45.84,-119.70,%s 192.0.2.2\n"
                 "place Dallas at=32.78,-96.80\n",
                 cases[i].east, cases[i].west);
        struct test_view *view = test_view_create(policy);
        struct shares shares = draw_in(view, "www.example.com", "Dallas");
        assert_share(&shares, cases[i].answer, 100);
        test_view_destroy(view);
    }
}

// EX14, M1-M3.
static void test_ex14_multivalue(void **state)
{
    (void)state;
    char policy[1024] = "zone Z1 example.com.\n";
    size_t len = strlen(policy);
    for (int i = 1; i <= 10; i++) {
        len += (size_t)snprintf(policy + len, sizeof policy - len,
                                "multi www.example.com. A 60 m%d 192.0.2.%d c%d\ncheck c%d\n", i, i, i, i);
    }
    struct test_view *view = test_view_create(policy);
    static const struct {
        const char *unhealthy;
        unsigned values;
        double each; // percent of answers that hold a healthy member
    } cases[] = {
        {"", 8, 80},
        {"c10", 8, 88.9},
        {"c9 c10", 8, 100},
        {"c2 c3 c4 c5 c6 c7 c8 c9 c10", 1, 100},
        {"c1 c2 c3 c4 c5 c6 c7 c8 c9 c10", 8, 80},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct shares shares = with(view, cases[i].unhealthy, NULL);
        assert_int_equal(shares.values, cases[i].values);
        assert_share(&shares, 1, cases[i].each);
        if (i == 1) {
            assert_share(&shares, 10, 0);
        }
    }
    test_view_destroy(view);
    view = test_view_create("zone Z1 example.com.\n"
                            "multi www.example.com. A 60 a 192.0.2.1 c\n"
                            "multi www.example.com. A 30 b 192.0.2.2 c\n"
                            "multi www.example.com. A 60 d 192.0.2.3 c\ncheck c\n");
    set_unhealthy(view, "c");
    assert_string_equal(ask(view, "www.example.com A"), // F7: the smallest TTL for all
                        "NOERROR aa | www.example.com. 30 A 192.0.2.1, www.example.com. 30 A 192.0.2.2, "
                        "www.example.com. 30 A 192.0.2.3 | NS*4 |");
    test_view_destroy(view);
}

// EX19, E1, E2, E5, E6, E7.
static void test_ex19_ecs_decides(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "geo www.example.com. A 60 JP 192.0.2.1\n"
                                              "geo www.example.com. A 60 DE 192.0.2.2\n"
                                              "geo www.example.com. A 60 * 192.0.2.3\n"
                                              "weighted plain.example.com. A 60 a:1 192.0.2.4\n"
                                              "weighted tree.example.com. A 60 a:1 alias=www.example.com\n"
                                              "place DE continent=EU\nplace JP continent=AS\n"
                                              "client 198.51.100.0/24 JP\nclient 203.0.113.0/24 DE\n");
    static const struct {
        const char *question;
        const char *expected;
    } cases[] = {
        {"www.example.com A +from=203.0.113.53", "60 A 192.0.2.2 | NS*4 |"},
        {"www.example.com A +from=203.0.113.53 +subnet=198.51.100.0/24",
         "60 A 192.0.2.1 | NS*4 | | ecs 198.51.100.0/24/24"},
        {"www.example.com A +from=203.0.113.53 +subnet=0.0.0.0/0",
         "60 A 192.0.2.2 | NS*4 | | ecs 0.0.0.0/0/0"},
        {"www.example.com A +from=203.0.113.53 +subnet=10.0.0.0/24",
         "60 A 192.0.2.3 | NS*4 | | ecs 10.0.0.0/24/24"},
        {"plain.example.com A +subnet=198.51.100.0/24", "60 A 192.0.2.4 | NS*4 | | ecs 198.51.100.0/24/0"},
        {"tree.example.com A +subnet=198.51.100.0/24", "60 A 192.0.2.1 | NS*4 | | ecs 198.51.100.0/24/24"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *got = ask(view, cases[i].question);
        if (strstr(got, cases[i].expected) == NULL) {
            fail_msg("%s\n  expected %s\n  got      %s", cases[i].question, cases[i].expected, got);
        }
    }
    test_view_destroy(view);
}

// T5: a dangling alias is unhealthy with target health, and without data when forced; cycles end.
static void test_dangling_and_circular_aliases_end_in_no_data(void **state)
{
    (void)state;
    struct test_view *view =
        test_view_create("zone Z1 example.com.\n"
                         "failover www.example.com. A 60 primary alias=gone.example.com\n"
                         "failover www.example.com. A 60 secondary 192.0.2.2\n"
                         "record alone.example.com. A 0 blind=gone.example.com\n"
                         "record loop.example.com. A 0 alias=pool.example.com\n"
                         "record pool.example.com. A 0 alias=loop.example.com\n");
    assert_string_equal(ask(view, "www.example.com A"),
                        "NOERROR aa | www.example.com. 60 A 192.0.2.2 | NS*4 |");
    assert_string_equal(ask(view, "alone.example.com A"), "NOERROR aa | | SOA*1 |");
    assert_string_equal(ask(view, "loop.example.com A"), "NOERROR aa | | SOA*1 |");
    test_view_destroy(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ex2_the_drill_with_alias_pairs),
        cmocka_unit_test(test_ex7_weighted_with_a_dead_member),
        cmocka_unit_test(test_ex8_zero_weights),
        cmocka_unit_test(test_ex9_failover),
        cmocka_unit_test(test_ex10_latency_over_weighted),
        cmocka_unit_test(test_ex11_geolocation),
        cmocka_unit_test(test_ex12_ip_based),
        cmocka_unit_test(test_ex13_geoproximity),
        cmocka_unit_test(test_ex14_multivalue),
        cmocka_unit_test(test_ex19_ecs_decides),
        cmocka_unit_test(test_dangling_and_circular_aliases_end_in_no_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
