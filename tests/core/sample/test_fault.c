// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/sample/fault.h"

static struct fault *parse(const char *text)
{
    struct error error = {0};
    struct fault *fault = fault_parse(bytes_of(text), &error);
    if (fault == NULL) {
        fail_msg("%s: %s", text, error.text);
    }
    return fault;
}

static void test_faults_are_read_or_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason; // NULL: taken, and printed as it came
    } cases[] = {
        {"{\"Kind\":\"none\"}", NULL},
        {"{\"Kind\":\"down\"}", NULL},
        {"{\"Kind\":\"down\",\"For\":\"90s\"}", NULL},
        {"{\"Kind\":\"hang\",\"Path\":\"/health\"}", NULL},
        {"{\"Kind\":\"slow\",\"Milliseconds\":0}", NULL},
        {"{\"Kind\":\"slow\",\"Milliseconds\":4500,\"For\":\"1h30m\",\"Path\":\"/\"}", NULL},
        {"{\"Kind\":\"status\",\"Status\":503}", NULL},
        {"{\"Kind\":\"body\",\"Body\":\"\"}", NULL},
        {"{\"Kind\":\"flap\",\"UpSeconds\":1,\"DownSeconds\":0.5}", NULL},
        {"{\"Kind\":\"partition\",\"Peers\":[\"eu-west-1\",\"http://127.0.0.1:1\"]}", NULL},

        {"", "not JSON: line 1"},
        {"{\"Kind\":}", "not JSON: line 1, column 9"},
        {"{\"Kind\":\"down\",\"Kind\":\"none\"}", "not JSON"},
        {"[\"down\"]", "a JSON object"},
        {"\"down\"", "not JSON"},
        {"{}", "\"Kind\" is required"},
        {"{\"Kind\":1}", "\"Kind\" is required"},
        {"{\"Kind\":\"dwon\"}", "unknown Kind 'dwon'; did you mean 'down'?"},
        {"{\"Kind\":\"Down\"}", "did you mean 'down'?"},
        {"{\"Kind\":\"earthquake\"}", "there is none, down, hang"},
        {"{\"Kind\":\"slow\"}", "Kind 'slow' needs 'Milliseconds'"},
        {"{\"Kind\":\"status\"}", "needs 'Status', a status code from 100 to 599"},
        {"{\"Kind\":\"body\"}", "needs 'Body'"},
        {"{\"Kind\":\"flap\",\"UpSeconds\":1}", "needs 'DownSeconds'"},
        {"{\"Kind\":\"partition\"}", "needs 'Peers'"},
        {"{\"Kind\":\"slow\",\"Miliseconds\":1}",
         "unknown field 'Miliseconds'; did you mean 'Milliseconds'?"},
        {"{\"Kind\":\"down\",\"Colour\":1}", "unknown field 'Colour'"},
        {"{\"Kind\":\"down\",\"Status\":503}", "'Status' does not go with Kind 'down'"},
        {"{\"Kind\":\"down\",\"Path\":\"/\"}", "'Path' does not go with Kind 'down'"},
        {"{\"Kind\":\"none\",\"For\":\"1s\"}", "'For' does not go with Kind 'none'"},
        {"{\"Kind\":\"slow\",\"Milliseconds\":-1}", "'Milliseconds' must be"},
        {"{\"Kind\":\"slow\",\"Milliseconds\":1.5}", "'Milliseconds' must be"},
        {"{\"Kind\":\"slow\",\"Milliseconds\":3600001}", "'Milliseconds' must be"},
        {"{\"Kind\":\"status\",\"Status\":99}", "'Status' must be"},
        {"{\"Kind\":\"status\",\"Status\":600}", "'Status' must be"},
        {"{\"Kind\":\"status\",\"Status\":\"503\"}", "'Status' must be"},
        {"{\"Kind\":\"body\",\"Body\":7}", "'Body' must be"},
        {"{\"Kind\":\"flap\",\"UpSeconds\":0,\"DownSeconds\":1}", "'UpSeconds' must be"},
        {"{\"Kind\":\"flap\",\"UpSeconds\":1,\"DownSeconds\":1e99}", "'DownSeconds' must be"},
        {"{\"Kind\":\"partition\",\"Peers\":[]}", "'Peers' must be"},
        {"{\"Kind\":\"partition\",\"Peers\":\"eu-west-1\"}", "'Peers' must be"},
        {"{\"Kind\":\"partition\",\"Peers\":[\"\"]}", "'Peers' must be"},
        {"{\"Kind\":\"down\",\"For\":90}", "'For' must be a duration"},
        {"{\"Kind\":\"down\",\"For\":\"90\"}", "'For' must be a duration"},
        {"{\"Kind\":\"down\",\"For\":\"0s\"}", "'For' must be a duration"},
        {"{\"Kind\":\"hang\",\"Path\":\"health\"}", "'Path' must be"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = {0};
        struct fault *fault = fault_parse(bytes_of(cases[i].text), &error);
        if (cases[i].reason == NULL) {
            assert_non_null(fault);
            char *printed = fault_print(fault);
            assert_string_equal(printed, cases[i].text);
            free(printed);
        } else {
            assert_null(fault);
            if (strstr(error.text, cases[i].reason) == NULL) {
                fail_msg("%s: %s", cases[i].text, error.text);
            }
        }
        fault_destroy(fault);
    }
}

static void test_the_parameters_are_those_that_were_given(void **state)
{
    (void)state;
    struct fault *slow = parse("{\"Kind\":\"slow\",\"Milliseconds\":4500}");
    struct fault *status = parse("{\"Kind\":\"status\",\"Status\":503}");
    struct fault *body = parse("{\"Kind\":\"body\",\"Body\":\"oops\"}");
    struct fault *none = fault_none();
    assert_true(fault_delay(slow) == DURATION_MS(4500));
    assert_int_equal(fault_status(status), 503);
    assert_string_equal(fault_body(body), "oops");
    assert_int_equal(fault_kind(none), FAULT_NONE);
    assert_string_equal(fault_kind_name(fault_kind(slow)), "slow");
    fault_destroy(slow);
    fault_destroy(status);
    fault_destroy(body);
    fault_destroy(none);
}

static void test_a_fault_flaps_and_ends_when_it_should(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t elapsed_ms;
        enum fault_kind kind;
        int64_t until_ms; // -1: always
        bool ended;
    } cases[] = {
        {"{\"Kind\":\"none\"}", 0, FAULT_NONE, -1, false},
        {"{\"Kind\":\"down\"}", 99999, FAULT_DOWN, -1, false},
        {"{\"Kind\":\"down\",\"For\":\"2s\"}", 0, FAULT_DOWN, 2000, false},
        {"{\"Kind\":\"down\",\"For\":\"2s\"}", 1999, FAULT_DOWN, 2000, false},
        {"{\"Kind\":\"down\",\"For\":\"2s\"}", 2000, FAULT_NONE, -1, true},
        {"{\"Kind\":\"flap\",\"UpSeconds\":1,\"DownSeconds\":0.5}", 0, FAULT_NONE, 1000, false},
        {"{\"Kind\":\"flap\",\"UpSeconds\":1,\"DownSeconds\":0.5}", 999, FAULT_NONE, 1000, false},
        {"{\"Kind\":\"flap\",\"UpSeconds\":1,\"DownSeconds\":0.5}", 1000, FAULT_DOWN, 1500, false},
        {"{\"Kind\":\"flap\",\"UpSeconds\":1,\"DownSeconds\":0.5}", 1500, FAULT_NONE, 2500, false},
        {"{\"Kind\":\"flap\",\"UpSeconds\":1,\"DownSeconds\":0.5}", 16200, FAULT_DOWN, 16500, false},
        {"{\"Kind\":\"flap\",\"UpSeconds\":1,\"DownSeconds\":1,\"For\":\"2500ms\"}", 2100, FAULT_NONE, 2500,
         false},
        {"{\"Kind\":\"flap\",\"UpSeconds\":1,\"DownSeconds\":1,\"For\":\"2500ms\"}", 2500, FAULT_NONE, -1,
         true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fault *fault = parse(cases[i].text);
        struct fault_phase phase = fault_phase_at(fault, DURATION_MS(cases[i].elapsed_ms));
        assert_int_equal(phase.kind, cases[i].kind);
        assert_int_equal(phase.ended, cases[i].ended);
        assert_true(phase.until == (cases[i].until_ms < 0 ? INT64_MAX : DURATION_MS(cases[i].until_ms)));
        fault_destroy(fault);
    }
}

static void test_a_path_limits_a_fault_of_requests(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *path;
        bool concerns;
    } cases[] = {
        {"{\"Kind\":\"hang\"}", "/hello", true},
        {"{\"Kind\":\"hang\",\"Path\":\"/health\"}", "/health", true},
        {"{\"Kind\":\"hang\",\"Path\":\"/health\"}", "/hello", false},
        {"{\"Kind\":\"hang\",\"Path\":\"/health\"}", "/health/", false},
        {"{\"Kind\":\"none\"}", "/hello", false},
        {"{\"Kind\":\"partition\",\"Peers\":[\"a\"]}", "/hello", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fault *fault = parse(cases[i].text);
        assert_int_equal(fault_concerns(fault, cases[i].path), cases[i].concerns);
        fault_destroy(fault);
    }
}

static void test_a_partition_cuts_the_peers_it_names_by_region_address_or_url(void **state)
{
    (void)state;
    static const struct {
        const char *peer; // as the partition names it
        const char *region;
        const char *at;
        const char *url;
        bool cut;
    } cases[] = {
        {"eu-west-1", "eu-west-1", "", "", true},
        {"eu-west-1", "eu-west-2", "", "", false},
        {"eu-west-1", "", "", "http://eu-west-1/", true},
        {"http://127.0.0.1:8080", "", "127.0.0.1:8080", "", true},
        {"http://127.0.0.1:8080/", "", "", "http://127.0.0.1:8080", true},
        {"127.0.0.1:8080", "", "", "http://127.0.0.1:8080/", true},
        {"http://127.0.0.1:8080", "", "127.0.0.1:80", "http://127.0.0.1:80801", false},
        {"/", "", "", "", false},
        {"http://", "", "", "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[200] = "{\"Kind\":\"partition\",\"Peers\":[\"x\",\"";
        size_t len = strlen(text);
        memcpy(text + len, cases[i].peer, strlen(cases[i].peer));
        memcpy(text + len + strlen(cases[i].peer), "\"]}", 4);
        struct fault *fault = parse(text);
        assert_int_equal(fault_cuts(fault, cases[i].region, cases[i].at, cases[i].url), cases[i].cut);
        fault_destroy(fault);
    }
    struct fault *down = parse("{\"Kind\":\"down\"}");
    assert_false(fault_cuts(down, "eu-west-1", "", ""));
    fault_destroy(down);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults_are_read_or_refused_with_the_reason),
        cmocka_unit_test(test_the_parameters_are_those_that_were_given),
        cmocka_unit_test(test_a_fault_flaps_and_ends_when_it_should),
        cmocka_unit_test(test_a_path_limits_a_fault_of_requests),
        cmocka_unit_test(test_a_partition_cuts_the_peers_it_names_by_region_address_or_url),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
