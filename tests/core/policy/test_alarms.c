// SPDX-License-Identifier: MIT
// CloudWatch alarms in a policy, and health checks that watch what they watch.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "support/policy_dsl.h"

#define SETTINGS                                                                                             \
    "'Namespace': 'App', 'MetricName': 'Errors', 'Statistic': 'Average', 'Period': 60, "                     \
    "'EvaluationPeriods': 3, 'Threshold': 80, 'ComparisonOperator': 'GreaterThanThreshold'"
#define ALARM(more) "{'AlarmName': 'errors', 'Region': 'eu-west-1', " more "}"
#define CHECK(more)                                                                                          \
    "{'Id': 'a', 'HealthCheckConfig': {'Type': 'CLOUDWATCH_METRIC', 'AlarmIdentifier': "                     \
    "{'Region': 'eu-west-1', 'Name': 'errors'}" more "}}"
#define POLICY(alarms, checks) "{'Alarms': [\n" alarms "],\n'HealthChecks': [\n" checks "]}"

// As `aws cloudwatch describe-alarms` prints one.
#define PASTED                                                                                               \
    "{'AlarmName': 'errors', 'AlarmArn': 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors', "         \
    "'AlarmDescription': '', 'AlarmConfigurationUpdatedTimestamp': '2026-03-01T00:00:00Z', "                 \
    "'ActionsEnabled': true, 'OKActions': [], 'AlarmActions': [], 'InsufficientDataActions': [], "           \
    "'StateValue': 'OK', 'StateReason': 'none', 'StateReasonData': '{}', "                                   \
    "'StateUpdatedTimestamp': '2026-03-01T00:00:00Z', 'MetricName': 'Errors', 'Namespace': 'App', "          \
    "'Statistic': 'Sum', 'Dimensions': [{'Name': 'Zone', 'Value': 'b'}, {'Name': 'App', 'Value': 'x'}], "    \
    "'Period': 300, 'Unit': 'Count', 'EvaluationPeriods': 2, 'DatapointsToAlarm': 2, 'Threshold': 0.5, "     \
    "'ComparisonOperator': 'LessThanOrEqualToThreshold', 'TreatMissingData': 'breaching', "                  \
    "'StateTransitionedTimestamp': '2026-03-01T00:00:00Z'}"

static const struct health_check *first_check(const struct policy_dsl *dsl)
{
    if (dsl->policy == NULL) {
        fail_msg("%s", buffer_string(&dsl->printed));
    }
    return &policy_spec(dsl->policy)->health_checks[0].config;
}

// S10
static void test_a_check_takes_the_settings_of_the_alarm_that_it_names(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    policy_dsl_read(&dsl, POLICY(PASTED, CHECK("")), NULL, NULL);
    const struct health_check *check = first_check(&dsl);
    const struct alarm_settings *settings = check->alarm.settings;
    assert_string_equal(check->alarm.region, "eu-west-1");
    assert_string_equal(check->alarm.name, "errors");
    assert_false(check->alarm.copied);
    assert_int_equal(check->insufficient_data, INSUFFICIENT_DATA_LAST_KNOWN);
    assert_string_equal(settings->metric.space, "App");
    assert_string_equal(settings->metric.name, "Errors");
    assert_int_equal(settings->metric.dimension_count, 2);
    assert_string_equal(settings->metric.dimensions[1].value, "x");
    assert_int_equal(settings->statistic, METRIC_SUM);
    assert_int_equal(settings->comparison, METRIC_LESS_OR_EQUAL);
    assert_int_equal(settings->missing, MISSING_DATA_BREACHING);
    assert_int_equal(settings->period, 300);
    assert_int_equal(settings->evaluation_periods, 2);
    assert_true(settings->threshold == 0.5);
    policy_dsl_free(&dsl);
}

// What list-health-checks prints has the copy in it, and then needs no alarm.
static void test_a_check_with_a_copy_of_its_own_needs_no_alarm(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    policy_dsl_read(&dsl,
                    "{'HealthChecks': [{'Id': 'a', 'HealthCheckConfig': {'Type': 'CLOUDWATCH_METRIC', "
                    "'AlarmIdentifier': {'Region': 'eu-west-1', 'Name': 'gone'}, "
                    "'InsufficientDataHealthStatus': 'Unhealthy'}, "
                    "'CloudWatchAlarmConfiguration': {" SETTINGS ", 'Dimensions': []}}]}",
                    NULL, NULL);
    const struct health_check *check = first_check(&dsl);
    assert_true(check->alarm.copied);
    assert_int_equal(check->insufficient_data, INSUFFICIENT_DATA_UNHEALTHY);
    assert_true(check->alarm.settings->threshold == 80);
    policy_dsl_free(&dsl);
}

// The model has its own copies: the policy's text may go.
static void test_alarms_are_found_in_the_model_by_region_and_name(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    policy_dsl_read(&dsl,
                    POLICY(PASTED ", {'AlarmName': 'math', 'Region': 'us-east-1', 'Metrics': []}", CHECK("")),
                    NULL, NULL);
    first_check(&dsl);
    struct model *model = model_build(policy_spec(dsl.policy));
    policy_dsl_free(&dsl);
    const struct alarm *alarm = model_find_alarm(model, "eu-west-1", "errors");
    assert_non_null(alarm);
    assert_null(alarm->unsupported);
    assert_string_equal(alarm->settings.metric.dimensions[0].name, "Zone");
    assert_string_equal(model->health_checks[0].alarm.settings->metric.dimensions[0].value, "b");
    assert_string_equal(model_find_alarm(model, "us-east-1", "math")->unsupported, "it uses metric math");
    assert_null(model_find_alarm(model, "us-east-1", "errors"));
    model_destroy(model);
}

struct bad {
    const char *text;
    const char *finding;
};

static void expect_all(const struct bad *cases, size_t count)
{
    size_t failed = 0;
    for (size_t i = 0; i < count; i++) {
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, cases[i].text, NULL, NULL);
        const char *printed = buffer_string(&dsl.printed);
        if (dsl.policy != NULL || dsl.errors != 1 ||
            strncmp(printed, cases[i].finding, strlen(cases[i].finding)) != 0) {
            print_error("%s\nwanted, alone: %s\nfound: %s\n", cases[i].text, cases[i].finding, printed);
            failed++;
        }
        policy_dsl_free(&dsl);
    }
    assert_int_equal(failed, 0);
}
#define EXPECT_ALL(cases) expect_all(cases, sizeof(cases) / sizeof((cases)[0]))

#define UNSUPPORTED(settings, why)                                                                           \
    {                                                                                                        \
        POLICY(ALARM(settings), CHECK("")),                                                                  \
            "policy.json:4:115: error: a health check cannot watch the alarm 'errors': " why                 \
    }

// S10
static void test_what_health_checks_cannot_watch_is_refused_where_one_would(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        UNSUPPORTED("'Metrics': [{'Id': 'm1'}], 'EvaluationPeriods': 1, 'Threshold': 1, "
                    "'ComparisonOperator': 'GreaterThanThreshold'",
                    "it uses metric math"),
        UNSUPPORTED(SETTINGS ", 'ThresholdMetricId': 'ad1'", "it uses metric math"),
        UNSUPPORTED("'Namespace': 'App', 'MetricName': 'Errors', 'ExtendedStatistic': 'p99', 'Period': 60, "
                    "'EvaluationPeriods': 3, 'Threshold': 80, 'ComparisonOperator': 'GreaterThanThreshold'",
                    "it uses an extended statistic"),
        UNSUPPORTED("'Namespace': 'App', 'MetricName': 'Errors'", "it lacks one of Namespace, MetricName"),
        UNSUPPORTED("'Namespace': 'App', 'MetricName': 'Errors', 'Statistic': 'Sum', 'Period': 10, "
                    "'EvaluationPeriods': 3, 'Threshold': 80, 'ComparisonOperator': 'GreaterThanThreshold'",
                    "its metric is of high resolution"),
        UNSUPPORTED("'Namespace': 'App', 'MetricName': 'Errors', 'Statistic': 'Sum', 'Period': 90, "
                    "'EvaluationPeriods': 3, 'Threshold': 80, 'ComparisonOperator': 'GreaterThanThreshold'",
                    "its Period is not a multiple of 60 seconds"),
        UNSUPPORTED("'Namespace': 'App', 'MetricName': 'Errors', 'Statistic': 'Sum', 'Period': 60, "
                    "'EvaluationPeriods': 3, 'Threshold': 80, 'ComparisonOperator': 'LessThanLowerThreshold'",
                    "it uses anomaly detection"),
        UNSUPPORTED(SETTINGS ", 'DatapointsToAlarm': 2", "it is an M-out-of-N alarm"),
        UNSUPPORTED("'Namespace': 'App', 'MetricName': 'Errors', 'Statistic': 'Sum', 'Period': 300, "
                    "'EvaluationPeriods': 289, 'Threshold': 80, 'ComparisonOperator': 'LessThanThreshold'",
                    "it looks back on more than a day"),
    };
    EXPECT_ALL(cases);
}

// Table 1.1, table 1.2
static void test_an_alarm_must_be_there_and_named(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {POLICY("", "{'Id': 'a', 'HealthCheckConfig': {'Type': 'CLOUDWATCH_METRIC'}}"),
         "policy.json:4:34: error: Invalid parameter : CloudWatch metric health checks must have an alarm "
         "identifier specified."},
        {POLICY(ALARM(SETTINGS), "{'Id': 'a', 'HealthCheckConfig': {'Type': 'CLOUDWATCH_METRIC', "
                                 "'AlarmIdentifier': {'Region': 'eu-west-1', 'Name': 'error'}}}"),
         "policy.json:4:115: error: Alarms has no alarm 'error' in eu-west-1; did you mean 'errors'?"},
        {POLICY(ALARM(SETTINGS), "{'Id': 'a', 'HealthCheckConfig': {'Type': 'CLOUDWATCH_METRIC', "
                                 "'AlarmIdentifier': {'Region': 'us-east-1', 'Name': 'errors'}}}"),
         "policy.json:4:115: error: Alarms has no alarm 'errors' in us-east-1; there is one in eu-west-1"},
        {POLICY(ALARM(SETTINGS), CHECK(", 'Port': 80")),
         "policy.json:4:126: error: Invalid parameter : CloudWatch metric health checks must not have a port "
         "specified."},
        {POLICY(ALARM(SETTINGS) ",\n" ALARM(SETTINGS), ""),
         "policy.json:3:15: error: another alarm in eu-west-1 has the name 'errors' already"},
        {POLICY("{'AlarmName': 'errors', " SETTINGS "}", ""),
         "policy.json:2:1: error: missing field 'Region', and no AlarmArn that tells it"},
        {POLICY(ALARM(SETTINGS ",\n'Dimensions': [{'Name': 'A', 'Value': '1'}, {'Name': 'A', 'Value': '2'}]"),
                ""),
         "policy.json:3:54: error: dimension 'A' is given twice"},
        {"{'HealthChecks': [\n{'Id': 'a', 'HealthCheckConfig': {'Type': 'CLOUDWATCH_METRIC', "
         "'AlarmIdentifier': {'Region': 'eu-west-1', 'Name': 'errors'}},\n'CloudWatchAlarmConfiguration': "
         "{'Namespace': 'App', 'MetricName': 'Errors', 'Statistic': 'Sum', 'Period': 30, "
         "'EvaluationPeriods': 3, 'Threshold': 80, 'ComparisonOperator': 'LessThanThreshold'}}]}",
         "policy.json:3:33: error: a health check cannot watch this: its metric is of high resolution"},
    };
    EXPECT_ALL(cases);
}

// S10: a whole account's alarms can be pasted.
static void test_an_alarm_that_nothing_watches_may_be_of_any_kind(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    policy_dsl_read(&dsl, POLICY(ALARM("'Metrics': [], 'DatapointsToAlarm': 1"), ""), NULL, NULL);
    assert_int_equal(dsl.errors, 0);
    policy_dsl_free(&dsl);
}

// P25: what lives in a VPC only cannot be probed; a metric of it can be watched.
static void test_a_private_endpoint_is_refused_and_its_metric_is_not(void **state)
{
    (void)state;
    struct policy_dsl dsl;
    policy_dsl_read(&dsl,
                    "{'HealthChecks': [{'Id': 'a', 'HealthCheckConfig': {'Type': 'TCP', 'Port': 80, "
                    "'IPAddress': '10.0.0.1'}}]}",
                    NULL, NULL);
    assert_int_equal(dsl.errors, 1);
    policy_dsl_free(&dsl);
    policy_dsl_read(&dsl, POLICY(ALARM(SETTINGS), CHECK("")), NULL, NULL);
    assert_int_equal(dsl.errors, 0);
    policy_dsl_free(&dsl);
}

// S11
static void test_check_says_when_treat_missing_data_is_ignored(void **state)
{
    (void)state;
    static const struct policy_options options = {.trap_warnings = true};
    static const struct {
        const char *text;
        bool warned;
    } cases[] = {
        {POLICY(PASTED, CHECK("")), true},
        {"{'Simulator': {'TreatMissingData': true}, 'Alarms': [" PASTED "], 'HealthChecks': [" CHECK("") "]}",
         false},
        {POLICY(ALARM(SETTINGS), CHECK("")), false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, cases[i].text, NULL, &options);
        first_check(&dsl);
        assert_int_equal(strstr(buffer_string(&dsl.printed), "TreatMissingData 'breaching'") != NULL,
                         cases[i].warned);
        policy_dsl_free(&dsl);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_check_takes_the_settings_of_the_alarm_that_it_names),
        cmocka_unit_test(test_a_check_with_a_copy_of_its_own_needs_no_alarm),
        cmocka_unit_test(test_alarms_are_found_in_the_model_by_region_and_name),
        cmocka_unit_test(test_what_health_checks_cannot_watch_is_refused_where_one_would),
        cmocka_unit_test(test_an_alarm_must_be_there_and_named),
        cmocka_unit_test(test_an_alarm_that_nothing_watches_may_be_of_any_kind),
        cmocka_unit_test(test_a_private_endpoint_is_refused_and_its_metric_is_not),
        cmocka_unit_test(test_check_says_when_treat_missing_data_is_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
