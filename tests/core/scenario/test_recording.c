// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/scenario/recording.h"

// One of each kind, with every field in use.
static const struct recording_event events[] = {
    {.kind = RECORDING_START, .version = 1, .wall = {INT64_C(1795687200123456789)}, .program = "0.1.0"},
    {.kind = RECORDING_FILE, .path = "policies/a b.json", .text = "{\n\"Comment\": \"\xc3\xa9\"}"},
    {.kind = RECORDING_POLICY, .path = "policies/a b.json"},
    {.kind = RECORDING_OBSERVATION,
     .at = {1875000000},
     .check = "3f7c",
     .checker = 15,
     .observation = {.reason = OBSERVED_HTTP_STATUS,
                     .http = true,
                     .http_status = 503,
                     .connect_us = 81234,
                     .first_byte_us = 4000000000U,
                     .resolved = {4, {192, 0, 2, 10}}}},
    {.kind = RECORDING_OBSERVATION,
     .at = {1875000001},
     .check = "3f7c",
     .observation = {.reason = OBSERVED_TLS_FAILED, .http = true, .tls_alert = 40}},
    {.kind = RECORDING_VERDICT,
     .at = {84375000000},
     .check = "3f7c",
     .healthy = false,
     .cause = "observation"},
    {.kind = RECORDING_OVERRIDE, .at = {90000000000}, .check = "3f7c", .text = "{}"},
    {.kind = RECORDING_CONTROL, .at = {90000000000}, .check = "3f7c", .healthy = true},
    {.kind = RECORDING_METRICS, .at = {90000000000}, .text = "{}"},
    {.kind = RECORDING_RESOURCE, .at = {90000000000}, .path = "lb.example.com", .text = "{}"},
    {.kind = RECORDING_REPORTS, .at = {90000000000}, .path = "", .check = "eu-west-1", .healthy = false},
    {.kind = RECORDING_CALL,
     .at = {90000000001},
     .path = "UpdateHealthCheck",
     .text = "{\"Inverted\": true}"},
    {.kind = RECORDING_QUERY,
     .at = {90000000002},
     .name = "api.example.com.",
     .type = 28,
     .place = "DE",
     .source = {4, {127, 0, 0, 1}},
     .subnet = {{6, {0x20, 0x01, 0x0d, 0xb8}}, 48},
     .seed = 1,
     .digest = UINT64_MAX},
    {.kind = RECORDING_END, .at = {90000000003}, .text = "stopped"},
};
enum { EVENTS = sizeof events / sizeof events[0] };

static void encode(const struct recording_event *event, struct buffer *out)
{
    buffer_init(out, 65536);
    recording_encode(event, out);
    assert_false(out->overflow);
    assert_int_equal(out->data[out->len - 1], '\n');
}

static bool decode(const char *line, size_t len, struct recording_event *out, struct arena *arena,
                   struct error *error)
{
    return recording_decode((struct bytes){(const uint8_t *)line, len}, out, arena, error);
}

static void test_every_event_comes_back_as_it_was_written(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (size_t i = 0; i < EVENTS; i++) {
        struct buffer line;
        struct buffer again;
        struct recording_event event;
        struct error error = {0};
        encode(&events[i], &line);
        if (!decode(line.data, line.len - 1, &event, arena, &error)) {
            fail_msg("%s: %s", line.data, error.text);
        }
        encode(&event, &again);
        assert_string_equal(line.data, again.data);
        assert_memory_equal(&event.observation, &events[i].observation, sizeof event.observation);
        assert_true(event.at.ns == events[i].at.ns && event.wall.ns == events[i].wall.ns);
        assert_true(event.digest == events[i].digest && event.seed == events[i].seed);
        assert_true(event.checker == events[i].checker && event.type == events[i].type);
        assert_memory_equal(&event.subnet, &events[i].subnet, sizeof event.subnet);
        buffer_free(&line);
        buffer_free(&again);
    }
    arena_destroy(arena);
}

static void test_the_format_is_the_one_that_older_recordings_have(void **state)
{
    (void)state;
    struct buffer line;
    encode(&events[5], &line);
    assert_string_equal(line.data, "71a4c9be {\"Event\":\"Verdict\",\"At\":84375000000,\"Check\":\"3f7c\","
                                   "\"Healthy\":false,\"Cause\":\"observation\"}\n");
    buffer_free(&line);
}

static void test_each_changed_byte_is_found(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct buffer line;
    encode(&events[3], &line);
    for (size_t i = 0; i < line.len - 1; i++) {
        struct recording_event event;
        struct error error = {0};
        line.data[i] = (char)(line.data[i] ^ 1);
        assert_false(decode(line.data, line.len - 1, &event, arena, &error));
        line.data[i] = (char)(line.data[i] ^ 1);
    }
    buffer_free(&line);
    arena_destroy(arena);
}

static void test_bad_lines_are_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *reason;
    } cases[] = {
        {"", "not JSON at column"},
        {"{", "not JSON at column"},
        {"[]", "an event is a JSON object"},
        {"{}", "no \"Event\""},
        {"{\"Event\":\"Earthquake\",\"At\":1}",
         "unknown event 'Earthquake'; was it recorded by a newer version?"},
        {"{\"Event\":\"Start\",\"At\":0,\"Version\":2}", "of version 2; this program reads version 1"},
        {"{\"Event\":\"End\",\"Text\":\"\"}", "End has no At"},
        {"{\"Event\":\"End\",\"At\":-1,\"Text\":\"\"}", "End has a bad At"},
        {"{\"Event\":\"End\",\"At\":1.5,\"Text\":\"\"}", "End has a bad At"},
        {"{\"Event\":\"End\",\"At\":1,\"At\":1,\"Text\":\"\"}", "duplicate"},
        {"{\"Event\":\"Policy\",\"At\":1,\"Path\":5}", "Policy has a bad Path"},
        {"{\"Event\":\"Observation\",\"At\":1,\"Check\":\"a\",\"Checker\":0,\"Reason\":\"Bored\"}",
         "Observation has a bad Reason"},
        {"{\"Event\":\"Observation\",\"At\":1,\"Check\":\"a\",\"Checker\":0,\"Reason\":\"Success\","
         "\"Status\":70000}",
         "Observation has a bad Status"},
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[512];
        struct recording_event event;
        struct error error = {0};
        snprintf(line, sizeof line, "%08x %s", (unsigned)bytes_hash(bytes_of(cases[i].json)), cases[i].json);
        assert_false(decode(line, strlen(line), &event, arena, &error));
        if (strstr(error.text, cases[i].reason) == NULL) {
            fail_msg("%s: %s", cases[i].json, error.text);
        }
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_event_comes_back_as_it_was_written),
        cmocka_unit_test(test_the_format_is_the_one_that_older_recordings_have),
        cmocka_unit_test(test_each_changed_byte_is_found),
        cmocka_unit_test(test_bad_lines_are_refused_with_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
