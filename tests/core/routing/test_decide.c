// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/dns/rrtype.h"
#include "core/routing/explain.h"
#include "core/routing/resolve.h"
#include "support/model_dsl.h"

// Who answers api.example.com for a client in a place: the region's code; "!" in front when by fail-open.
static const char *region_for(const struct test_view *view, const char *place)
{
    static char text[64];
    struct client client = {.place = model_find_place(view->model, bytes_of(place))};
    struct random roll;
    struct dns_name name;
    struct resolution resolution;
    random_seed(&roll, 1);
    struct decide_context context = {.view = &view->view, .client = &client, .roll = &roll};
    assert_true(dns_name_parse(bytes_of("api.example.com"), &name, NULL));
    resolve(&context, &name, DNS_TYPE_A, &resolution);
    assert_int_equal(resolution.kind, RESOLVED_ANSWER);
    assert_int_equal(resolution.decision.count, 1);
    snprintf(text, sizeof text, "%s%s", resolution.decision.fail_open ? "!" : "",
             region_at(resolution.decision.record_sets[0]->region)->code);
    return text;
}

#define THREE_REGIONS                                                                                        \
    "zone Z1 example.com.\n"                                                                                 \
    "latency api.example.com. A 60 us-east-1 192.0.2.1 hc-us\n"                                              \
    "latency api.example.com. A 60 eu-west-1 192.0.2.2 hc-eu\n"                                              \
    "latency api.example.com. A 60 ap-northeast-1 192.0.2.3 hc-ap\n"                                         \
    "check hc-us\ncheck hc-eu\ncheck hc-ap\n"                                                                \
    "place US us-east-1=10 eu-west-1=80 ap-northeast-1=160\n"                                                \
    "place DE us-east-1=90 eu-west-1=25 ap-northeast-1=230\n"                                                \
    "place JP us-east-1=150 eu-west-1=210 ap-northeast-1=5\n"

// LT1, R1, R3; EX4.
static void test_unhealthy_nearest_region_moves_traffic_to_next_nearest(void **state)
{
    (void)state;
    static const struct {
        const char *unhealthy; // one letter a region: u e a
        const char *us;
        const char *de;
        const char *jp;
    } cases[] = {
        {"", "us-east-1", "eu-west-1", "ap-northeast-1"},
        {"u", "eu-west-1", "eu-west-1", "ap-northeast-1"},
        {"e", "us-east-1", "us-east-1", "ap-northeast-1"},
        {"a", "us-east-1", "eu-west-1", "us-east-1"},
        {"ue", "ap-northeast-1", "ap-northeast-1", "ap-northeast-1"},
        {"ua", "eu-west-1", "eu-west-1", "eu-west-1"},
        {"ea", "us-east-1", "us-east-1", "us-east-1"},
        {"uea", "!us-east-1", "!eu-west-1", "!ap-northeast-1"}, // EX4: exactly as in steady state
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct test_view *view = test_view_create(THREE_REGIONS);
        test_view_set(view, "hc-us", strchr(cases[i].unhealthy, 'u') == NULL);
        test_view_set(view, "hc-eu", strchr(cases[i].unhealthy, 'e') == NULL);
        test_view_set(view, "hc-ap", strchr(cases[i].unhealthy, 'a') == NULL);
        assert_string_equal(region_for(view, "US"), cases[i].us);
        assert_string_equal(region_for(view, "DE"), cases[i].de);
        assert_string_equal(region_for(view, "JP"), cases[i].jp);
        test_view_destroy(view);
    }
}

// R4: a member without a check is always eligible, so the group never fails open.
static void test_a_member_without_a_check_takes_what_the_others_cannot(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "latency api.example.com. A 60 us-east-1 192.0.2.1 hc-us\n"
                                              "latency api.example.com. A 60 eu-west-1 192.0.2.2\n"
                                              "check hc-us\n"
                                              "place US us-east-1=10 eu-west-1=80\n");
    assert_string_equal(region_for(view, "US"), "us-east-1");
    test_view_set(view, "hc-us", false);
    assert_string_equal(region_for(view, "US"), "eu-west-1");
    test_view_destroy(view);
}

// EX23, R2: a single record is answered whatever its check says.
static void test_ex23_one_record_is_answered_even_dead(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "latency api.example.com. A 60 us-east-1 192.0.2.1 hc\n"
                                              "record one.example.com. A 60 192.0.2.9 hc\n"
                                              "check hc\n"
                                              "place US us-east-1=10\n");
    test_view_set(view, "hc", false);
    assert_string_equal(region_for(view, "US"), "!us-east-1");
    struct client client = {.place = model_find_place(view->model, bytes_of("US"))};
    struct random roll;
    struct dns_name name;
    struct resolution resolution;
    random_seed(&roll, 1);
    struct decide_context context = {.view = &view->view, .client = &client, .roll = &roll};
    assert_true(dns_name_parse(bytes_of("one.example.com"), &name, NULL));
    resolve(&context, &name, DNS_TYPE_A, &resolution);
    assert_int_equal(resolution.kind, RESOLVED_ANSWER);
    assert_true(resolution.decision.fail_open);
    test_view_destroy(view);
}

// LT3: from within China the Beijing region comes first, unless it is unhealthy.
static void test_clients_in_china_get_beijing(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "latency api.example.com. A 60 ap-northeast-1 192.0.2.1\n"
                                              "latency api.example.com. A 60 cn-north-1 192.0.2.2 hc\n"
                                              "check hc\n"
                                              "place CN ap-northeast-1=50 cn-north-1=90\n"
                                              "place JP ap-northeast-1=50 cn-north-1=90\n");
    assert_string_equal(region_for(view, "CN"), "cn-north-1");
    assert_string_equal(region_for(view, "JP"), "ap-northeast-1");
    test_view_set(view, "hc", false);
    assert_string_equal(region_for(view, "CN"), "ap-northeast-1");
    test_view_destroy(view);
}

// R7: equal latencies fall by SetIdentifier in byte order.
static void test_ties_fall_by_set_identifier(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\n"
                                              "latency api.example.com. A 60 us-east-1 192.0.2.1\n"
                                              "latency api.example.com. A 60 eu-west-1 192.0.2.2\n"
                                              "place US us-east-1=50 eu-west-1=50\n");
    assert_string_equal(region_for(view, "US"), "eu-west-1");
    test_view_destroy(view);
}

// R1 and R3 over every health state and place: a healthy candidate is never passed over for an unhealthy one,
// the choice is the nearest of its kind, and there always is one.
static void test_the_nearest_of_the_healthy_answers_in_every_state(void **state)
{
    (void)state;
    static const char *const checks[] = {"hc-us", "hc-eu", "hc-ap"};
    static const char *const places[] = {"US", "DE", "JP", "ap-south-1", "sa-east-1"};
    struct test_view *view = test_view_create(THREE_REGIONS);
    for (unsigned up = 0; up < 8; up++) {
        for (unsigned c = 0; c < 3; c++) {
            test_view_set(view, checks[c], (up >> c & 1) != 0);
        }
        for (size_t p = 0; p < sizeof places / sizeof places[0]; p++) {
            const float *ms = latency_row(view->latency, model_find_place(view->model, bytes_of(places[p])));
            const char *got = region_for(view, places[p]);
            uint8_t region = region_find(bytes_of(got[0] == '!' ? got + 1 : got));
            assert_int_equal(got[0] == '!', up == 0);
            for (unsigned c = 0; c < 3; c++) {
                static const char *const regions[] = {"us-east-1", "eu-west-1", "ap-northeast-1"};
                uint8_t other = region_find(bytes_of(regions[c]));
                if (up == 0 || (up >> c & 1) != 0) {
                    assert_true(ms[region] <= ms[other]);
                } else {
                    assert_true(region != other);
                }
            }
        }
    }
    test_view_destroy(view);
}

static json_t *explain_for(const struct test_view *view, const char *question, const char *place)
{
    struct client client = {.place = model_find_place(view->model, bytes_of(place))};
    struct random roll;
    struct dns_name name;
    random_seed(&roll, 1);
    assert_true(dns_name_parse(bytes_of(question), &name, NULL));
    return explain(&view->view, &name, DNS_TYPE_A, &client, &roll);
}

static const char *text_at(const json_t *json, const char *key)
{
    return json_string_value(json_object_get(json, key));
}

static void test_an_explanation_names_every_candidate_and_why(void **state)
{
    (void)state;
    struct test_view *view = test_view_create(THREE_REGIONS);
    test_view_set(view, "hc-eu", false);
    json_t *json = explain_for(view, "api.example.com", "DE");
    json_t *candidates = json_object_get(json, "candidates");
    static const char *const expected[][3] = {
        {"eu-west-1", "refused", "unhealthy"},
        {"us-east-1", "chosen", "healthy"},
        {"ap-northeast-1", "not reached", "healthy"},
    };
    assert_int_equal(json_array_size(candidates), 3);
    for (size_t i = 0; i < 3; i++) {
        json_t *candidate = json_array_get(candidates, i);
        assert_string_equal(text_at(candidate, "region"), expected[i][0]);
        assert_string_equal(text_at(candidate, "outcome"), expected[i][1]);
        assert_string_equal(text_at(candidate, "status"), expected[i][2]);
        assert_string_equal(text_at(candidate, "latency_source"), "row");
        assert_string_equal(text_at(candidate, "latency_row"), "DE");
    }
    assert_string_equal(text_at(json_object_get(json, "client"), "place"), "DE");
    assert_string_equal(text_at(json_object_get(json, "answer"), "region"), "us-east-1");
    struct buffer text;
    buffer_init(&text, 65536);
    explain_text(json, &text);
    assert_non_null(
        strstr(buffer_string(&text), "api.example.com. A for DE: 192.0.2.1 (TTL 60, us-east-1)\n"));
    assert_non_null(strstr(buffer_string(&text), "  refused         eu-west-1           25.0 ms by row DE"));
    buffer_free(&text);
    json_decref(json);
    test_view_destroy(view);
}

// Makes true what "would_be_chosen_if" asks of health, and says who is chosen then.
static const char *apply(struct test_view *view, const json_t *condition, const char *place)
{
    size_t i;
    json_t *check;
    json_array_foreach(json_object_get(condition, "unhealthy"), i, check)
    {
        test_view_set(view, json_string_value(check), false);
    }
    json_array_foreach(json_object_get(condition, "healthy"), i, check)
    {
        test_view_set(view, json_string_value(check), true);
    }
    return region_for(view, place);
}

static void test_what_would_make_a_candidate_chosen_does(void **state)
{
    (void)state;
    static const char *const checks[] = {"hc-us", "hc-eu", "hc-ap"};
    unsigned claims = 0;
    for (unsigned up = 0; up < 8; up++) {
        for (unsigned c = 0; c < 3; c++) { // the c-th candidate, in each state anew
            struct test_view *view = test_view_create(THREE_REGIONS);
            for (unsigned i = 0; i < 3; i++) {
                test_view_set(view, checks[i], (up >> i & 1) != 0);
            }
            json_t *json = explain_for(view, "api.example.com", "DE");
            json_t *candidate = json_array_get(json_object_get(json, "candidates"), c);
            json_t *condition = json_object_get(candidate, "would_be_chosen_if");
            assert_int_equal(condition == NULL, strcmp(text_at(candidate, "outcome"), "chosen") == 0);
            if (condition != NULL) {
                assert_string_equal(apply(view, condition, "DE"), text_at(candidate, "region"));
                claims++;
            }
            json_decref(json);
            test_view_destroy(view);
        }
    }
    assert_int_equal(claims, 16);
}

// 90 ms against 25 ms: 65 ms nearer is a tie, which falls by SetIdentifier (R7); a little more is enough.
static void test_so_much_nearer_is_enough(void **state)
{
    (void)state;
    struct test_view *view = test_view_create(THREE_REGIONS);
    json_t *json = explain_for(view, "api.example.com", "DE");
    json_t *second = json_array_get(json_object_get(json, "candidates"), 1);
    json_t *nearer = json_object_get(json_object_get(second, "would_be_chosen_if"), "nearer_by_more_than_ms");
    assert_string_equal(text_at(second, "region"), "us-east-1");
    assert_true(json_real_value(nearer) == 65.0);
    json_decref(json);
    test_view_destroy(view);
    view = test_view_create("zone Z1 example.com.\n"
                            "latency api.example.com. A 60 us-east-1 192.0.2.1 hc-us\n"
                            "latency api.example.com. A 60 eu-west-1 192.0.2.2 hc-eu\n"
                            "check hc-us\ncheck hc-eu\n"
                            "place DE us-east-1=24.9 eu-west-1=25\n");
    assert_string_equal(region_for(view, "DE"), "us-east-1");
    test_view_destroy(view);
}

static void test_an_explanation_says_what_a_name_is_not(void **state)
{
    (void)state;
    struct test_view *view = test_view_create(THREE_REGIONS);
    static const char *const cases[][3] = {
        {"gone.example.com", "NXDOMAIN", "NXDOMAIN"},
        {"example.com", "NOERROR", "NODATA"},
        {"example.org", "REFUSED", "REFUSED"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *json = explain_for(view, cases[i][0], "DE");
        assert_string_equal(text_at(json, "rcode"), cases[i][1]);
        assert_string_equal(text_at(json, "outcome"), cases[i][2]);
        assert_true(json_is_null(json_object_get(json, "answer")));
        json_decref(json);
    }
    test_view_destroy(view);
}

// H10: a check that is gone counts as healthy, or unhealthy when the knob says so; and it is told.
static void test_a_check_that_is_gone_counts_as_the_knob_says(void **state)
{
    (void)state;
    static const char text[] = "zone Z1 example.com.\n"
                               "latency www.example.com. A 60 us-east-1 192.0.2.1 gone\n"
                               "latency www.example.com. A 60 eu-west-1 192.0.2.2\n"
                               "place DE us-east-1=20 eu-west-1=90\n"
                               "client 203.0.113.0/24 DE\n"
                               "knob dangling-unhealthy %d\n";
    for (int unhealthy = 0; unhealthy < 2; unhealthy++) {
        char model[512];
        snprintf(model, sizeof model, text, unhealthy);
        struct test_view *view = test_view_create(model);
        json_t *json = explain_for(view, "www.example.com", "DE");
        const json_t *first = json_array_get(json_object_get(json, "candidates"), 0);
        assert_string_equal(text_at(json_object_get(json, "answer"), "region"),
                            unhealthy ? "eu-west-1" : "us-east-1");
        assert_string_equal(text_at(first, "status"),
                            unhealthy ? "its health check is gone: unhealthy" : "its health check is gone");
        json_decref(json);
        test_view_destroy(view);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unhealthy_nearest_region_moves_traffic_to_next_nearest),
        cmocka_unit_test(test_a_member_without_a_check_takes_what_the_others_cannot),
        cmocka_unit_test(test_ex23_one_record_is_answered_even_dead),
        cmocka_unit_test(test_clients_in_china_get_beijing),
        cmocka_unit_test(test_ties_fall_by_set_identifier),
        cmocka_unit_test(test_the_nearest_of_the_healthy_answers_in_every_state),
        cmocka_unit_test(test_an_explanation_names_every_candidate_and_why),
        cmocka_unit_test(test_what_would_make_a_candidate_chosen_does),
        cmocka_unit_test(test_so_much_nearer_is_enough),
        cmocka_unit_test(test_an_explanation_says_what_a_name_is_not),
        cmocka_unit_test(test_a_check_that_is_gone_counts_as_the_knob_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
