// SPDX-License-Identifier: MIT
// Faults of the API on request.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/admin/api_faults.h"

static wall_time wall_at(int64_t at_s)
{
    return (wall_time){(INT64_C(1795730400) + at_s) * 1000000000};
}

static bool ask(struct api_faults *faults, const char *text, int64_t at_s, struct buffer *problems)
{
    buffer_clear(problems);
    return api_faults_parse(bytes_of(text), (mono_time){at_s * 1000000000}, wall_at(at_s), faults, problems);
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

// --- state files and the journal ---------------------------------------------------------------------------

static bool again(const struct api_faults *faults, int64_t at_s, int64_t later_s, struct api_faults *out)
{
    char *text = api_faults_row_print(faults, (mono_time){at_s * 1000000000});
    assert_non_null(text);
    bool ok =
        api_faults_row_parse(bytes_of(text), (mono_time){7 * INT64_C(1000000000)}, wall_at(later_s), out);
    free(text);
    return ok;
}

static void test_faults_come_back_and_their_time_goes_on_by_the_wall(void **state)
{
    (void)state;
    struct api_faults faults = {0};
    struct api_faults back;
    struct buffer problems;
    buffer_init(&problems, 4096);
    assert_true(ask(&faults,
                    "{\"Fault\": \"Drop\", \"For\": \"60s\", \"ThrottleRequestsPerSecond\": 1, "
                    "\"OneChangeAtATime\": true, \"Reason\": \"game day\"}",
                    100, &problems));
    assert_true(again(&faults, 100, 145, &back)); // 15 of its seconds are left, and it is second 7
    assert_int_equal(call(&back, 21.9), API_FAULT_DROP);
    assert_int_equal(call(&back, 22), API_FAULT_NONE);
    assert_int_equal(call(&back, 22), API_FAULT_THROTTLING);
    assert_true(back.one_change_at_a_time);
    assert_string_equal(back.reason, "game day");
    assert_true(again(&faults, 100, 160, &back));
    assert_int_equal(call(&back, 7), API_FAULT_NONE);
    assert_true(ask(&faults, "{\"Fault\": \"InternalFailure\"}", 200, &problems));
    assert_true(again(&faults, 200, 1000000, &back));
    assert_int_equal(call(&back, 1e9), API_FAULT_INTERNAL_FAILURE);
    buffer_free(&problems);
}

static void test_nothing_to_keep_is_no_row(void **state)
{
    (void)state;
    struct api_faults faults = {0};
    struct buffer problems;
    buffer_init(&problems, 4096);
    assert_null(api_faults_row_print(&faults, (mono_time){1}));
    assert_true(ask(&faults, "{\"Fault\": \"Drop\", \"For\": \"60s\"}", 100, &problems));
    assert_null(api_faults_row_print(&faults, (mono_time){INT64_C(160000000000)}));
    buffer_free(&problems);
}

static void test_other_texts_are_no_row(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "{}",
        "{\"Fault\": \"Sleepy\", \"Until\": 0, \"ThrottleRequestsPerSecond\": 0, \"OneChangeAtATime\": true, "
        "\"Reason\": \"\"}",
        "{\"Fault\": \"Drop\", \"Until\": 0, \"ThrottleRequestsPerSecond\": -1, \"OneChangeAtATime\": true, "
        "\"Reason\": \"\"}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct api_faults back;
        assert_false(api_faults_row_parse(bytes_of(texts[i]), (mono_time){1}, wall_at(0), &back));
    }
}

static void test_the_journal_reads_what_is_in_force(void **state)
{
    (void)state;
    struct api_faults faults = {0};
    struct buffer problems;
    buffer_init(&problems, 4096);
    assert_true(ask(&faults,
                    "{\"Fault\": \"Drop\", \"For\": \"1m\", \"ThrottleRequestsPerSecond\": 5, "
                    "\"OneChangeAtATime\": true}",
                    0, &problems));
    json_t *subjects = api_faults_subjects(&faults, (mono_time){0});
    char *text = json_dumps(subjects, JSON_COMPACT);
    assert_string_equal(text, "[\"Drop until 2026-11-26T22:01:00.000Z\",\"ThrottleRequestsPerSecond "
                              "5\",\"OneChangeAtATime\"]");
    free(text);
    json_decref(subjects);
    buffer_free(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_beyond_the_rate_are_throttled),
        cmocka_unit_test(test_a_fault_lasts_as_long_as_it_says),
        cmocka_unit_test(test_a_wrong_request_changes_nothing),
        cmocka_unit_test(test_faults_come_back_and_their_time_goes_on_by_the_wall),
        cmocka_unit_test(test_nothing_to_keep_is_no_row),
        cmocka_unit_test(test_other_texts_are_no_row),
        cmocka_unit_test(test_the_journal_reads_what_is_in_force),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
