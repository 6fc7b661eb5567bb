// SPDX-License-Identifier: MIT
// Explanations: the evidence behind each candidate, the draw, the rule, and all of it as sentences.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/dns/rrtype.h"
#include "core/location/client_text.h"
#include "core/routing/explain.h"
#include "support/model_dsl.h"

struct told {
    json_t *json;
    struct buffer text;
};

static struct told explained(const struct test_view *view, const char *name_text, const char *client_text)
{
    struct told told;
    struct client client;
    struct random roll;
    struct dns_name name;
    struct error error = {0};
    random_seed(&roll, 1);
    assert_true(client_parse(view->model, bytes_of(client_text), &client, &error));
    assert_true(dns_name_parse(bytes_of(name_text), &name, NULL));
    told.json = explain(&view->view, &name, DNS_TYPE_A, &client, &roll);
    buffer_init(&told.text, 65536);
    explain_text(told.json, &told.text);
    return told;
}

static void forget(struct told *told)
{
    json_decref(told->json);
    buffer_free(&told->text);
}

static void expect_text(const struct told *told, const char *wanted)
{
    if (strstr(buffer_string(&told->text), wanted) == NULL) {
        fail_msg("wanted: %s\nin: %s", wanted, buffer_string(&told->text));
    }
}

static const json_t *candidate(const struct told *told, size_t i)
{
    return json_array_get(json_object_get(told->json, "candidates"), i);
}

static const char *text_at(const json_t *json, const char *key)
{
    return json_string_value(json_object_get(json, key));
}

#define WEIGHTS                                                                                              \
    "zone Z1 example.com.\n"                                                                                 \
    "weighted a.example.com. A 60 a:10 192.0.2.1 ha\n"                                                       \
    "weighted a.example.com. A 60 b:20 192.0.2.2 hb\n"                                                       \
    "weighted a.example.com. A 60 c:20 192.0.2.3 hc\n"                                                       \
    "weighted a.example.com. A 60 d:0 192.0.2.4\n"                                                           \
    "check ha\ncheck hb\ncheck hc inverted\nplace DE\n"

// W1, W3, W4
static void test_draws_and_probabilities_are_told(void **state)
{
    (void)state;
    static const double wanted[] = {10.0 / 30, 20.0 / 30, 20.0 / 50};
    struct test_view *view = test_view_create(WEIGHTS);
    struct told told = explained(view, "a.example.com", "DE");
    unsigned drawn = 0;
    for (size_t i = 0; i < 4; i++) {
        const json_t *one = candidate(&told, i);
        const json_t *condition = json_object_get(one, "would_be_chosen_if");
        const json_t *probability = json_object_get(condition != NULL ? condition : one, "probability");
        char id = text_at(one, "set_identifier")[0];
        drawn += json_object_get(one, "draw") != NULL;
        if (id == 'd') { // a and b would have to fail, c has already: for certain then
            assert_null(probability);
            assert_int_equal(json_array_size(json_object_get(condition, "unhealthy")), 2);
        } else {
            assert_float_equal(json_real_value(probability), wanted[id - 'a'], 1e-5);
        }
    }
    assert_true(drawn >= 1);
    expect_text(&told, "would be chosen in 40.0 % of answers if it were healthy\n");
    expect_text(&told, "would be chosen if b:20 and a:10 were unhealthy\n");
    expect_text(&told, "inverted; raw status healthy\n");
    forget(&told);
    test_view_destroy(view);
}

#define TREE                                                                                                 \
    "zone Z1 example.com.\n"                                                                                 \
    "latency a.example.com. A 60 us-east-1 alias=b.example.com.\n"                                           \
    "latency a.example.com. A 60 eu-west-1 alias=c.example.com. down\n"                                      \
    "latency a.example.com. A 60 ap-northeast-1 blind=c.example.com.\n"                                      \
    "latency a.example.com. A 60 sa-east-1 192.0.2.3\n"                                                      \
    "record b.example.com. A 60 192.0.2.1 down\n"                                                            \
    "record c.example.com. A 60 192.0.2.2\n"                                                                 \
    "check down inverted\n"                                                                                  \
    "place DE us-east-1=1 eu-west-1=2 ap-northeast-1=3 sa-east-1=4\n"

// T6-T8: which rule decided about each candidate, on the way down and back.
static void test_every_candidate_names_the_rule_that_decided(void **state)
{
    (void)state;
    static const char *const wanted[][3] = {
        {"us-east-1", "backed out", "T6"},   {"(leaf)", "refused", "R1"}, {"eu-west-1", "refused", "T8"},
        {"ap-northeast-1", "entered", "T7"}, {"(leaf)", "chosen", "R2"},  {"sa-east-1", "not reached", "LT1"},
    };
    struct test_view *view = test_view_create(TREE);
    struct told told = explained(view, "a.example.com", "DE");
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const json_t *one = candidate(&told, i);
        const char *id = text_at(one, "set_identifier");
        assert_string_equal(id != NULL ? id : "(leaf)", wanted[i][0]);
        assert_string_equal(text_at(one, "outcome"), wanted[i][1]);
        assert_string_equal(text_at(one, "rule"), wanted[i][2]);
    }
    forget(&told);
    test_view_destroy(view);
}

static void test_what_is_said_of_a_candidate_stands_below_its_name(void **state)
{
    (void)state;
    struct test_view *view = test_view_create(TREE);
    struct told told = explained(view, "a.example.com", "DE");
    expect_text(&told, "\n    refused         (simple) ");
    expect_text(&told, "\n                    inverted; raw status healthy\n");
    expect_text(&told, "\n  refused         eu-west-1 ");
    expect_text(&told, "\n                  inverted; raw status healthy\n");
    forget(&told);
    test_view_destroy(view);
}

// D14
static void test_a_name_in_no_zone_is_said_to_be_in_none(void **state)
{
    (void)state;
    struct test_view *view = test_view_create(TREE);
    struct told told = explained(view, "a.example.net", "DE");
    expect_text(&told, "REFUSED\n  zone        none that this client sees is around the name\n");
    forget(&told);
    test_view_destroy(view);
}

// G4, E7, G5, X5
static void test_clients_in_no_block_are_nowhere_for_geolocation(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "geo a.example.com. A 60 DE 192.0.2.1\n"
                                              "near b.example.com. A 60 x:1,1,0 192.0.2.1\n"
                                              "near b.example.com. A 60 y:2,2,0 192.0.2.1\n"
                                              "place DE country=DE continent=EU at=50,8\ndefault DE\n");
    struct told told = explained(view, "a.example.com", "192.0.2.1");
    assert_string_equal(text_at(told.json, "outcome"), "NODATA");
    expect_text(&told, "  client      in no block, so nowhere for geolocation (G4)\n");
    expect_text(&told, "  rules       G5, LT5, G4\n");
    forget(&told);
    told = explained(view, "b.example.com", "192.0.2.1");
    expect_text(&told, "  rules       X1, X5\n");
    expect_text(&told, "km, biased, nearer\n");
    forget(&told);
    test_view_destroy(view);
}

// Q3
static void test_resources_are_named_in_what_would_have_to_be(void **state)
{
    (void)state;
    struct test_view *view =
        test_view_create("zone Z1 example.com.\n"
                         "resource elb.example.net. A 60 192.0.2.10 unhealthy\n"
                         "failover a.example.com. A 60 primary resource=elb.example.net.\n"
                         "failover a.example.com. A 60 secondary 192.0.2.2\n"
                         "place DE\n");
    struct told told = explained(view, "a.example.com", "DE");
    assert_string_equal(text_at(candidate(&told, 0), "rule"), "Q3");
    expect_text(&told, "would be chosen if elb.example.net were healthy\n");
    forget(&told);
    test_view_destroy(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_draws_and_probabilities_are_told),
        cmocka_unit_test(test_every_candidate_names_the_rule_that_decided),
        cmocka_unit_test(test_what_is_said_of_a_candidate_stands_below_its_name),
        cmocka_unit_test(test_a_name_in_no_zone_is_said_to_be_in_none),
        cmocka_unit_test(test_clients_in_no_block_are_nowhere_for_geolocation),
        cmocka_unit_test(test_resources_are_named_in_what_would_have_to_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
