// SPDX-License-Identifier: MIT
// Faults of the API on request.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/admin/api_faults.h"

static bool ask(struct api_faults *faults, const char *text, int64_t at_s, struct buffer *problems)
{
    buffer_clear(problems);
    return api_faults_parse(bytes_of(text), (mono_time){at_s * 1000000000}, faults, problems);
}

static enum api_fault call(struct api_faults *faults, double at_s)
{
    return api_faults_admit(faults, (mono_time){duration_from_seconds(at_s)});
}

// L8
static void test_calls_beyond_the_rate_are_throttled(void **state)
{
    (void)state;
    struct api_faults faults = {0};
    struct buffer problems;
    buffer_init(&problems, 4096);
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(call(&faults, 100), API_FAULT_NONE);
    }
    assert_true(ask(&faults, "{\"ThrottleRequestsPerSecond\": 5}", 100, &problems));
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(call(&faults, 100), i < 5 ? API_FAULT_NONE : API_FAULT_THROTTLING);
    }
    assert_int_equal(call(&faults, 100.19), API_FAULT_THROTTLING);
    assert_int_equal(call(&faults, 100.21), API_FAULT_NONE);
    assert_int_equal(call(&faults, 100.22), API_FAULT_THROTTLING);
    assert_string_equal(api_fault_message(API_FAULT_THROTTLING), "Rate exceeded");
    assert_true(ask(&faults, "{\"ThrottleRequestsPerSecond\": 0}", 101, &problems));
    assert_int_equal(call(&faults, 101), API_FAULT_NONE);
    buffer_free(&problems);
}

static void test_a_fault_lasts_as_long_as_it_says(void **state)
{
    (void)state;
    struct api_faults faults = {0};
    struct buffer problems;
    buffer_init(&problems, 4096);
    assert_true(ask(&faults, "{\"Fault\": \"ServiceUnavailable\", \"For\": \"60m\"}", 100, &problems));
    assert_int_equal(call(&faults, 3699), API_FAULT_SERVICE_UNAVAILABLE);
    assert_string_equal(api_fault_code(API_FAULT_SERVICE_UNAVAILABLE), "ServiceUnavailable");
    assert_int_equal(call(&faults, 3700), API_FAULT_NONE);
    assert_true(ask(&faults, "{\"Fault\": \"Drop\"}", 4000, &problems));
    assert_int_equal(call(&faults, 1e9), API_FAULT_DROP);
    assert_true(ask(&faults, "{\"Fault\": \"None\"}", 4001, &problems));
    assert_int_equal(call(&faults, 4001), API_FAULT_NONE);
    assert_true(ask(&faults, "{\"OneChangeAtATime\": true}", 4002, &problems));
    assert_true(ask(&faults, "{\"ThrottleRequestsPerSecond\": 5}", 4003, &problems));
    assert_true(faults.one_change_at_a_time);
    buffer_free(&problems);
}

static void test_a_wrong_request_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *words;
    } cases[] = {
        {"{\"Fault\": \"Sleepy\"}", "Sleepy"},
        {"{\"Fault\": \"Drop\", \"For\": \"soon\"}", "'soon' is not a duration"},
        {"{\"For\": \"1m\"}", "only a Fault ends by itself"},
        {"{\"ThrottleRequestsPerSecond\": -1}", "ThrottleRequestsPerSecond"},
        {"{\"Throttle\": 1}", "Throttle"},
        {"", "request:1:"},
    };
    struct api_faults faults = {0};
    struct buffer problems;
    buffer_init(&problems, 4096);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_false(ask(&faults, cases[i].text, 1, &problems));
        assert_non_null(strstr(buffer_string(&problems), cases[i].words));
        assert_int_equal(call(&faults, 2), API_FAULT_NONE);
    }
    buffer_free(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_beyond_the_rate_are_throttled),
        cmocka_unit_test(test_a_fault_lasts_as_long_as_it_says),
        cmocka_unit_test(test_a_wrong_request_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
