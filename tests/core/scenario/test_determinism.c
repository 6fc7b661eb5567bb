// SPDX-License-Identifier: MIT
// Random scenarios run twice and, as recordings, are replayed twice: everything must come out the same, byte
// for byte. NEARWELL_REPLAYS says how many; the digest of all of them is printed, so that builds can be
// compared (make determinism).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/scenario/recording_replay.h"
#include "support/random_scenario.h"
#include "support/scenario_dsl.h"

enum { REPLAYS = 120, TEXT_LIMIT = 64 << 20 };

struct outcome {
    struct buffer lines;
    struct buffer recording;
    uint64_t digest;
};

static void keep_line(mono_time at, const char *kind, const char *text, void *context)
{
    struct outcome *outcome = context;
    buffer_format(&outcome->lines, "%lld %s %s\n", (long long)at.ns, kind, text);
}

static void keep_event(const struct recording_event *event, void *context)
{
    struct outcome *outcome = context;
    recording_encode(event, &outcome->recording);
}

static void open_outcome(struct outcome *outcome)
{
    outcome->digest = 0;
    buffer_init(&outcome->lines, TEXT_LIMIT);
    buffer_init(&outcome->recording, TEXT_LIMIT);
}

static void close_outcome(struct outcome *outcome)
{
    buffer_free(&outcome->lines);
    buffer_free(&outcome->recording);
}

static void run(struct bytes text, struct outcome *outcome)
{
    struct scenario_options options = scenario_dsl_options();
    struct replay_options telling = {.line = keep_line, .record = keep_event, .context = outcome};
    struct diagnostics *diagnostics = diagnostics_create();
    struct replay_report report;
    open_outcome(outcome);
    struct scenario *scenario = scenario_read("random.json", text, &options, diagnostics);
    if (scenario == NULL) {
        diagnostics_print(diagnostics, &outcome->lines);
        fail_msg("%s", buffer_string(&outcome->lines));
    }
    replay_run(scenario, &telling, &report);
    outcome->digest = report.digest;
    replay_report_free(&report);
    scenario_destroy(scenario);
    diagnostics_destroy(diagnostics);
}

static void play(struct bytes recording, struct outcome *outcome)
{
    struct replay_options telling = {.line = keep_line, .context = outcome};
    struct recording_options options = {.policy = scenario_dsl_options().policy, .replay = &telling};
    struct recording_report report;
    struct error error = {0};
    open_outcome(outcome);
    if (!recording_replay(recording, &options, &report, &error)) {
        fail_msg("%s", error.text);
    }
    assert_true(report.complete && !report.cut);
    if (report.differences > 0) {
        fail_msg("%s", strstr(buffer_string(&outcome->lines), "differs"));
    }
    outcome->digest = report.digest;
}

static void same(const struct outcome *one, const struct outcome *other)
{
    assert_true(one->digest == other->digest);
    assert_string_equal(buffer_string(&one->lines), buffer_string(&other->lines));
    assert_string_equal(buffer_string(&one->recording), buffer_string(&other->recording));
}

static uint64_t mix(uint64_t digest, struct bytes bytes)
{
    uint64_t both[2] = {digest, bytes_hash(bytes)};
    return bytes_hash((struct bytes){(const uint8_t *)both, sizeof both});
}

// A scenario, and its recording, each played twice.
static uint64_t twice(const char *text, uint64_t digest)
{
    struct outcome outcomes[4];
    run(bytes_of(text), &outcomes[0]);
    run(bytes_of(text), &outcomes[1]);
    same(&outcomes[0], &outcomes[1]);
    struct bytes recording = bytes_of(buffer_string(&outcomes[0].recording));
    play(recording, &outcomes[2]);
    play(recording, &outcomes[3]);
    same(&outcomes[2], &outcomes[3]);
    digest = mix(mix(digest, bytes_of(buffer_string(&outcomes[0].lines))), recording);
    for (unsigned i = 0; i < 4; i++) {
        close_outcome(&outcomes[i]);
    }
    return digest;
}

static void test_random_scenarios_and_their_recordings_come_out_the_same(void **state)
{
    (void)state;
    const char *asked = getenv("NEARWELL_REPLAYS");
    uint64_t count = asked != NULL ? strtoull(asked, NULL, 10) : REPLAYS;
    uint64_t digest = 0;
    struct buffer text;
    buffer_init(&text, TEXT_LIMIT);
    for (uint64_t seed = 0; seed < count; seed++) {
        buffer_clear(&text);
        random_scenario(seed, &text);
        digest = twice(buffer_string(&text), digest);
    }
    buffer_free(&text);
    if (asked != NULL) {
        printf("%llu replays, digest %016llx\n", (unsigned long long)count, (unsigned long long)digest);
    }
}

#define CALL(at, operation, input)                                                                           \
    "{\"At\": \"" at "\", \"Call\": {\"Operation\": \"" operation "\", \"Input\": " input "}}"
#define CHANGE(at, address)                                                                                  \
    CALL(                                                                                                    \
        at, "ChangeResourceRecordSets",                                                                      \
        "{\"HostedZoneId\": \"Z1\", \"ChangeBatch\": {\"Changes\": [{\"Action\": \"UPSERT\", "               \
        "\"ResourceRecordSet\": {\"Name\": \"www.example.com\", \"Type\": \"A\", \"SetIdentifier\": \"1\", " \
        "\"Weight\": 1, \"TTL\": 1, \"ResourceRecords\": [{\"Value\": \"" address "\"}]}}]}}")

// B4: the recording has the calls, and not when their changes reached DNS.
static void test_changes_that_take_their_time_come_out_the_same(void **state)
{
    (void)state;
    twice("{\"Description\": \"a test\", \"Name\": \"www.example.com\", \"End\": \"5m\", \"Policy\": "
          "{\"Simulator\": {\"RecordDelaySeconds\": 60}, \"HealthChecks\": [{\"Id\": \"h\", "
          "\"HealthCheckConfig\": {\"Type\": \"TCP\", \"Port\": 1, \"IPAddress\": \"192.0.2.9\"}}], "
          "\"HostedZones\": [{\"Id\": \"Z1\", \"Name\": \"example.com\"}]}, \"Events\": [" CHANGE(
              "10s",
              "192.0.2.1") ", " CHANGE("95s",
                                       "192.0.2.2") ", " CALL("100s", "UpdateHealthCheck",
                                                              "{\"HealthCheckId\": \"h\", \"Inverted\": "
                                                              "true}") ", " CALL("110s", "CreateHealthCheck",
                                                                                 "{\"CallerReference\": "
                                                                                 "\"r\", "
                                                                                 "\"HealthCheckConfig\": "
                                                                                 "{\"Type\": \"TCP\", "
                                                                                 "\"Port\": 1, "
                                                                                 "\"IPAddress\": "
                                                                                 "\"192.0.2.8\"}}") "]}",
          0);
}

static const char *recorded(struct outcome *outcome)
{
    struct buffer text;
    buffer_init(&text, TEXT_LIMIT);
    random_scenario(1, &text);
    run(bytes_of(buffer_string(&text)), outcome);
    buffer_free(&text);
    return buffer_string(&outcome->recording);
}

static void refuse(const char *recording, size_t len, const char *reason)
{
    struct recording_options options = {.policy = scenario_dsl_options().policy};
    struct recording_report report;
    struct error error = {0};
    bool ok = recording_replay((struct bytes){(const uint8_t *)recording, len}, &options, &report, &error);
    if (ok || strstr(error.text, reason) == NULL) {
        fail_msg("wanted %s, got %s", reason, error.text);
    }
}

static void test_a_recording_that_was_cut_off_counts_as_far_as_it_goes(void **state)
{
    (void)state;
    struct outcome outcome;
    const char *text = recorded(&outcome);
    struct recording_options options = {.policy = scenario_dsl_options().policy};
    struct recording_report report;
    struct error error = {0};
    bool ok =
        recording_replay((struct bytes){(const uint8_t *)text, strlen(text) / 2}, &options, &report, &error);
    assert_true(ok && report.cut && !report.complete && report.differences == 0 && report.events > 10);
    close_outcome(&outcome);
}

static void test_damaged_recordings_are_refused_with_the_line(void **state)
{
    (void)state;
    struct outcome outcome;
    char *text = (char *)(uintptr_t)recorded(&outcome);
    size_t len = strlen(text);
    char *first = strchr(text, '\n') + 1;
    char *second = strchr(first, '\n') + 1;
    refuse(first, len - (size_t)(first - text), "line 1: a recording begins with Start");
    refuse(text, 0, "the recording is empty");
    struct buffer doubled;
    buffer_init(&doubled, TEXT_LIMIT);
    buffer_append(&doubled, text, (size_t)(first - text));
    buffer_append(&doubled, text, (size_t)(first - text));
    refuse(doubled.data, doubled.len, "line 2: a second Start");
    buffer_clear(&doubled);
    buffer_append(&doubled, text, len);
    buffer_append(&doubled, second, (size_t)(strchr(second, '\n') + 1 - second));
    refuse(doubled.data, doubled.len, "something follows the End");
    buffer_clear(&doubled);
    buffer_append(&doubled, text, (size_t)(first - text));
    recording_encode(&(struct recording_event){.kind = RECORDING_VERDICT, .check = "a", .cause = "policy"},
                     &doubled);
    refuse(doubled.data, doubled.len, "line 2: nothing can happen before the first Policy");
    buffer_clear(&doubled);
    buffer_append(&doubled, text, (size_t)(first - text));
    recording_encode(&(struct recording_event){.kind = RECORDING_POLICY, .path = "gone.json"}, &doubled);
    refuse(doubled.data, doubled.len, "the policy gone.json is not in the recording");
    buffer_clear(&doubled);
    buffer_append(&doubled, text, (size_t)(first - text));
    recording_encode(&(struct recording_event){.kind = RECORDING_POLICY, .at = {5}, .path = ""}, &doubled);
    recording_encode(&(struct recording_event){.kind = RECORDING_POLICY, .at = {4}, .path = ""}, &doubled);
    refuse(doubled.data, doubled.len, "line 3: time goes back");
    first[20] = '?';
    refuse(text, len, "line 2: the checksum is");
    buffer_free(&doubled);
    close_outcome(&outcome);
}

static void test_a_verdict_that_comes_out_otherwise_is_told(void **state)
{
    (void)state;
    struct outcome outcome;
    struct outcome played;
    struct recording_event lie = {.kind = RECORDING_VERDICT, .check = "hc-0", .cause = "observation"};
    struct recording_report report;
    struct error error = {0};
    open_outcome(&outcome);
    open_outcome(&played);
    recording_encode(&(struct recording_event){.kind = RECORDING_START, .version = RECORDING_VERSION},
                     &outcome.recording);
    recording_encode(&(struct recording_event){.kind = RECORDING_POLICY, .path = ""}, &outcome.recording);
    recording_encode(&lie, &outcome.recording);
    struct replay_options telling = {.line = keep_line, .context = &played};
    struct recording_options options = {.policy = scenario_dsl_options().policy, .replay = &telling};
    assert_true(recording_replay(bytes_of(outcome.recording.data), &options, &report, &error));
    assert_int_equal(report.differences, 1);
    assert_non_null(
        strstr(buffer_string(&played.lines), "recorded: hc-0 UNHEALTHY by observation; now: nothing"));
    close_outcome(&outcome);
    close_outcome(&played);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_scenarios_and_their_recordings_come_out_the_same),
        cmocka_unit_test(test_changes_that_take_their_time_come_out_the_same),
        cmocka_unit_test(test_a_recording_that_was_cut_off_counts_as_far_as_it_goes),
        cmocka_unit_test(test_damaged_recordings_are_refused_with_the_line),
        cmocka_unit_test(test_a_verdict_that_comes_out_otherwise_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
