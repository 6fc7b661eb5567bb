// SPDX-License-Identifier: MIT
// Metric data as CloudWatch's PutMetricData takes it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/admin/metric_request.h"
#include "support/policy_dsl.h"

static const wall_time now = {INT64_C(1700000000000000000)}; // 2023-11-14T22:13:20Z

#define REQUEST(data) "{'Namespace': 'App', 'MetricData': [" data "]}"

static void test_a_datum_is_a_value_several_values_or_their_statistics(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double samples;
        double sum;
        double minimum;
        double maximum;
        int64_t at_ms; // after now
    } cases[] = {
        {REQUEST("{'MetricName': 'Errors', 'Value': 90.5}"), 1, 90.5, 90.5, 90.5, 0},
        {REQUEST("{'MetricName': 'Errors', 'Values': [3, -1, 7]}"), 3, 9, -1, 7, 0},
        {REQUEST("{'MetricName': 'Errors', 'Values': [3, -1, 7], 'Counts': [1, 2, 0.5], 'Unit': 'Count'}"),
         3.5, 4.5, -1, 7, 0},
        {REQUEST("{'MetricName': 'Errors', 'StatisticValues': {'SampleCount': 4, 'Sum': 10, 'Minimum': 1, "
                 "'Maximum': 4}, 'StorageResolution': 60}"),
         4, 10, 1, 4, 0},
        {REQUEST("{'MetricName': 'Errors', 'Value': 0, 'Timestamp': '2023-11-14T22:13:21.5Z'}"), 1, 0, 0, 0,
         1500},
        {REQUEST("{'MetricName': 'Errors', 'Value': 0, 'Timestamp': 1699999999}"), 1, 0, 0, 0, -1000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct metric_batch batch;
        struct buffer problems;
        char *text = policy_dsl_quotes(cases[i].text);
        buffer_init(&problems, 4096);
        if (!metric_request_parse("request", bytes_of(text), now, &batch, &problems)) {
            fail_msg("%s", buffer_string(&problems));
        }
        assert_int_equal(batch.count, 1);
        assert_string_equal(batch.data[0].metric.space, "App");
        assert_string_equal(batch.data[0].metric.name, "Errors");
        assert_true(batch.data[0].samples == cases[i].samples);
        assert_true(batch.data[0].sum == cases[i].sum);
        assert_true(batch.data[0].minimum == cases[i].minimum);
        assert_true(batch.data[0].maximum == cases[i].maximum);
        assert_int_equal(batch.data[0].at.ns - now.ns, cases[i].at_ms * 1000000);
        metric_batch_free(&batch);
        buffer_free(&problems);
        free(text);
    }
}

static void test_what_is_wrong_is_said_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *finding; // how the first line begins
    } cases[] = {
        {"", "request:1:1: error: the text is empty"},
        {"{}", "request:1:1: error: missing field 'Namespace'"},
        {REQUEST("{'Value': 1}"), "request:1:37: error: missing field 'MetricName'"},
        {REQUEST("{'MetricName': 'm'}"),
         "request:1:37: error: needs one of Value, Values and StatisticValues, not 0"},
        {REQUEST("{'MetricName': 'm', 'Value': 1, 'Values': [1]}"),
         "request:1:37: error: needs one of Value, Values and StatisticValues, not 2"},
        {REQUEST("{'MetricName': 'm', 'Value': '1'}"), "request:1:66: error: Value must be a number"},
        {REQUEST("{'MetricName': 'm', 'Values': []}"),
         "request:1:67: error: Values must be an array of 1 to 150 numbers, not "},
        {REQUEST("{'MetricName': 'm', 'Values': [1, true]}"),
         "request:1:67: error: Values must be an array of 1 to 150 numbers, not true"},
        {REQUEST("{'MetricName': 'm', 'Values': [1, 2], 'Counts': [1]}"),
         "request:1:85: error: Counts must have as many items as Values"},
        {REQUEST("{'MetricName': 'm', 'Values': [1], 'Counts': [0]}"),
         "request:1:82: error: Counts must be above 0, not 0"},
        {REQUEST("{'MetricName': 'm', 'StatisticValues': {'SampleCount': 0, 'Sum': 1, 'Minimum': 1, "
                 "'Maximum': 1}}"),
         "request:1:92: error: SampleCount must be above 0, not 0"},
        {REQUEST("{'MetricName': 'm', 'StatisticValues': {'SampleCount': 1, 'Sum': 1, 'Minimum': 2, "
                 "'Maximum': 1}}"),
         "request:1:116: error: Minimum 2 is above Maximum 1"},
        {REQUEST("{'MetricName': 'm', 'Value': 1, 'Timestamp': 'yesterday'}"),
         "request:1:82: error: Timestamp must be a time such as \"2026-11-23T10:56:55Z\""},
        {REQUEST("{'MetricName': 'm', 'Value': 1, 'Timestamp': '2023-10-31T22:13:19Z'}"),
         "request:1:82: error: Timestamp must be within two weeks before and two hours after now"},
        {REQUEST("{'MetricName': 'm', 'Value': 1, 'Timestamp': '2023-11-15T00:13:21Z'}"),
         "request:1:82: error: Timestamp must be within two weeks before and two hours after now"},
        {REQUEST("{'MetricName': 'm', 'Value': 1, 'Dimensions': [{'Name': 'a', 'Value': '1'}, {'Name': 'a', "
                 "'Value': '2'}]}"),
         "request:1:122: error: dimension 'a' is given twice"},
    };
    size_t failed = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct metric_batch batch;
        struct buffer problems;
        char *text = policy_dsl_quotes(cases[i].text);
        buffer_init(&problems, 4096);
        assert_false(metric_request_parse("request", bytes_of(text), now, &batch, &problems));
        if (strncmp(buffer_string(&problems), cases[i].finding, strlen(cases[i].finding)) != 0) {
            print_error("%s\nwanted: %s\nfound: %s\n", text, cases[i].finding, buffer_string(&problems));
            failed++;
        }
        buffer_free(&problems);
        free(text);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_datum_is_a_value_several_values_or_their_statistics),
        cmocka_unit_test(test_what_is_wrong_is_said_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
