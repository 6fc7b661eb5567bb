// SPDX-License-Identifier: MIT
// Health checks: semantics reference H6 to H13, API reference 3.1 to 3.4.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/account_dsl.h"

#define HTTP                      "'Type': 'HTTP', 'IPAddress': '192.0.2.17'"
#define CONFIG(config)            "{'CallerReference': 'r', 'HealthCheckConfig': {" config "}}"
#define CREATE(reference, config) "{'CallerReference': '" reference "', 'HealthCheckConfig': {" config "}}"

// A policy with one check, h, of this configuration.
static void open_with(struct account_dsl *dsl, const char *config)
{
    char policy[1000];
    snprintf(policy, sizeof policy,
             "{'HealthChecks': [{'Id': 'h', 'HealthCheckConfig': {%s}}, {'Id': 'c', 'HealthCheckConfig': "
             "{'Type': 'TCP', 'IPAddress': '192.0.2.9', 'Port': 7}}]}",
             config);
    account_dsl_open(dsl, policy);
}

// Recorded answer of 3.1: every defaulted scalar is echoed, Regions are not.
static void test_a_new_check_is_echoed_with_its_defaults(void **state)
{
    (void)state;
    static const struct {
        const char *given;
        const char *echoed;
    } cases[] = {
        {HTTP ", 'Port': 80, 'ResourcePath': '/ok', 'FullyQualifiedDomainName': 'www.example.com', "
              "'RequestInterval': 30, 'FailureThreshold': 3",
         "'HealthCheckConfig':{'Type':'HTTP','IPAddress':'192.0.2.17','Port':80,'ResourcePath':'/ok',"
         "'FullyQualifiedDomainName':'www.example.com','RequestInterval':30,'FailureThreshold':3,"
         "'MeasureLatency':false,'Inverted':false,'Disabled':false,'EnableSNI':false},'HealthCheckVersion':"
         "1"},
        {HTTP, "'Port':80,'RequestInterval':30,'FailureThreshold':3,'MeasureLatency':false"},
        {"'Type': 'HTTPS', 'IPAddress': '192.0.2.17'",
         "'Port':443,'RequestInterval':30,'FailureThreshold':3,'MeasureLatency':false,'Inverted':false,"
         "'Disabled':false,'EnableSNI':true}"},
        {"'Type': 'HTTP', 'IPAddress': '2001:4860:4860::8842'", "'IPAddress':'2001:4860:4860:0:0:0:0:8842'"},
        {"'Type': 'CALCULATED', 'HealthThreshold': 1, 'ChildHealthChecks': ['h', 'c']",
         "{'Type':'CALCULATED','HealthThreshold':1,'ChildHealthChecks':['h','c'],'MeasureLatency':false,"
         "'Inverted':false,'Disabled':false,'EnableSNI':false}"},
        {"'Type': 'RECOVERY_CONTROL', 'RoutingControlArn': 'arn:x'", "'RoutingControlArn':'arn:x'"},
        {HTTP ", 'Regions': ['us-east-1', 'eu-west-1', 'sa-east-1']",
         "'Regions':['us-east-1','eu-west-1','sa-east-1']"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct account_dsl dsl;
        char input[600];
        open_with(&dsl, HTTP);
        snprintf(input, sizeof input, CONFIG("%s"), cases[i].given);
        account_dsl_call(&dsl, "CreateHealthCheck", input);
        if (strstr(dsl.reply, cases[i].echoed) == NULL) {
            fail_msg("%s\nwanted: %s\nfound:  %s", cases[i].given, cases[i].echoed, dsl.reply);
        }
        assert_int_equal(dsl.model->health_check_count, 3);
        assert_int_equal(strlen(account_dsl_at(&dsl, "/HealthCheck/Id")), 36);
        account_dsl_close(&dsl);
    }
}

// Tables 3.1, 3.2 and 1.2
static void test_what_a_check_may_not_be(void **state)
{
    (void)state;
    static const struct {
        const char *given;
        const char *reply;
    } cases[] = {
        {HTTP ", 'AlarmIdentifier': {'Region': 'us-east-1', 'Name': 'a'}",
         "InvalidInput: Invalid parameter : Basic health checks must not have an metric region specified."},
        {"'Type': 'TCP', 'IPAddress': '1.1.1.1', 'Port': 1, 'FullyQualifiedDomainName': 'a.b'",
         "InvalidInput: TCP health checks that have IP address must not have a fully qualified domain name "
         "specified."},
        {"'Type': 'TCP', 'IPAddress': '1.1.1.1', 'Port': 1, 'ResourcePath': '/'",
         "InvalidInput: TCP health checks must not have a resource path specificed."},
        {"'Type': 'CALCULATED', 'ChildHealthChecks': ['h']",
         "InvalidInput: Invalid parameter : Calculated health checks must have a health threshold "
         "specified."},
        {"'Type': 'CALCULATED', 'HealthThreshold': 1, 'ChildHealthChecks': ['none']",
         "InvalidInput: A health check with id none does not exist."},
        {"'Type': 'HTTP'", "InvalidInput: IPAddress or FullyQualifiedDomainName is required"},
        {"'Type': 'HTTP_STR_MATCH', 'IPAddress': '1.1.1.1'", "InvalidInput: ..."},
        {HTTP ", 'RequestInterval': 20", "InvalidInput: ..."},
        {HTTP ", 'FailureThreshold': 11", "InvalidInput: ..."},
        {HTTP ", 'Port': 0", "InvalidInput: ..."},
        {"'Type': 'FTP'", "InvalidInput: ..."},
        {HTTP ", 'Regions': ['us-east-1', 'eu-west-1']", "InvalidInput: ..."},
        {HTTP ", 'Regions': ['us-east-1', 'eu-west-1', 'eu-west-2']", "InvalidInput: ..."},
    };
    struct account_dsl dsl;
    open_with(&dsl, HTTP);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char input[600];
        snprintf(input, sizeof input, CONFIG("%s"), cases[i].given);
        account_dsl_expect(&dsl, "CreateHealthCheck", input, cases[i].reply);
    }
    account_dsl_expect(&dsl, "GetHealthCheckCount", "{}", "{'HealthCheckCount':2}");
    account_dsl_close(&dsl);
}

static void test_a_caller_reference_makes_one_check(void **state)
{
    (void)state;
    struct account_dsl dsl;
    char id[64];
    char other[64];
    char input[100];
    open_with(&dsl, HTTP);
    account_dsl_call(&dsl, "CreateHealthCheck", CREATE("one", HTTP));
    snprintf(id, sizeof id, "%s", account_dsl_at(&dsl, "/HealthCheck/Id"));
    // H8: what is the same after defaulting is the same.
    account_dsl_call(&dsl, "CreateHealthCheck", CREATE("one", HTTP ", 'Port': 80, 'Inverted': false"));
    assert_string_equal(account_dsl_at(&dsl, "/HealthCheck/Id"), id);
    account_dsl_expect(&dsl, "CreateHealthCheck", CREATE("one", HTTP ", 'Port': 81"),
                       "HealthCheckAlreadyExists: A different health check has already been created with the "
                       "specified caller reference.");
    account_dsl_call(&dsl, "CreateHealthCheck", CREATE("two", HTTP));
    snprintf(other, sizeof other, "%s", account_dsl_at(&dsl, "/HealthCheck/Id"));
    assert_string_not_equal(other, id);
    snprintf(input, sizeof input, "{'HealthCheckId': '%s'}", id);
    account_dsl_expect(&dsl, "DeleteHealthCheck", input, "{}");
    account_dsl_expect(&dsl, "CreateHealthCheck", CREATE("one", HTTP), "HealthCheckAlreadyExists: ...");
    account_dsl_close(&dsl);
}

// H9
static void test_a_check_in_use_can_be_deleted(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(
        &dsl, "{'HealthChecks': [{'Id': 'h', 'HealthCheckConfig': {" HTTP "}}, {'Id': 'p', "
              "'HealthCheckConfig': {'Type': 'CALCULATED', 'HealthThreshold': 1, 'ChildHealthChecks': "
              "['h']}}], 'HostedZones': [{'Id': 'Z1', 'Name': 'a.com', 'ResourceRecordSets': [{'Name': "
              "'a.com', 'Type': 'A', 'TTL': 60, 'ResourceRecords': [{'Value': '1.1.1.1'}], "
              "'HealthCheckId': 'h'}]}]}");
    account_dsl_expect(&dsl, "DeleteHealthCheck", "{'HealthCheckId': 'h'}", "{}");
    account_dsl_expect(&dsl, "DeleteHealthCheck", "{'HealthCheckId': 'h'}",
                       "NoSuchHealthCheck: A health check with id h does not exist.");
    assert_int_equal(dsl.model->health_check_count, 1);
    // And the record set that names it can go, as it is listed.
    account_dsl_call(&dsl, "ListResourceRecordSets", "{'HostedZoneId': 'Z1', 'MaxItems': '1'}");
    char input[500];
    snprintf(
        input, sizeof input,
        "{'HostedZoneId': 'Z1', 'ChangeBatch': {'Changes': [{'Action': 'DELETE', 'ResourceRecordSet': %s}]}}",
        account_dsl_at(&dsl, "/ResourceRecordSets/0"));
    account_dsl_expect(&dsl, "ChangeResourceRecordSets", input, "{'ChangeInfo'...");
    account_dsl_close(&dsl);
}

static void test_an_update_is_a_patch_under_a_version(void **state)
{
    (void)state;
    static const struct {
        const char *config; // of h
        const char *patch;
        const char *reply; // or what is in it, behind a "~"
    } cases[] = {
        {HTTP, "'Inverted': true, 'HealthCheckVersion': 1", "~'Inverted':true"},
        {HTTP, "'Inverted': true", "~'HealthCheckVersion':2"},
        {HTTP, "'HealthCheckVersion': 2",
         "HealthCheckVersionMismatch: The health check has version 1, not 2."}, // H7
        {HTTP ", 'Inverted': true, 'Disabled': true", "'Inverted': false",
         "~'Inverted':false,'Disabled':true"},
        {"'Type': 'CALCULATED', 'HealthThreshold': 1, 'ChildHealthChecks': ['c']", "'HealthThreshold': 0",
         "~'HealthThreshold':0"},
        {"'Type': 'CALCULATED', 'HealthThreshold': 1, 'ChildHealthChecks': ['c']",
         "'ResetElements': ['ChildHealthChecks']",
         "~{'Type':'CALCULATED','HealthThreshold':1,'MeasureLatency'"}, // H12
        {HTTP
         ", 'ResourcePath': '/x', 'FullyQualifiedDomainName': 'a.b', 'Regions': ['us-east-1', 'us-west-1', "
         "'eu-west-1']",
         "'ResetElements': ['ResourcePath', 'FullyQualifiedDomainName', 'Regions']",
         "~{'Type':'HTTP','IPAddress':'192.0.2.17','Port':80,'RequestInterval'"},
        {HTTP, "'ResourcePath': '/a', 'ResetElements': ['ResourcePath']",
         "InvalidInput: ResourcePath cannot be set and reset at once."},
        {HTTP, "'IPAddress': '192.0.2.99'", "~'IPAddress':'192.0.2.99'"}, // H13
        {HTTP, "'IPAddress': ''", "InvalidInput: ..."},
        {"'Type': 'HTTP', 'FullyQualifiedDomainName': 'a.b'", "'IPAddress': '192.0.2.1'",
         "InvalidInput: IPAddress cannot be added to a health check without one."},
        {"'Type': 'HTTP', 'FullyQualifiedDomainName': 'a.b'", "'ResetElements': ['FullyQualifiedDomainName']",
         "InvalidInput: FullyQualifiedDomainName cannot be removed from a health check without an "
         "IPAddress."},
        {HTTP, "'HealthThreshold': 1",
         "InvalidInput: Invalid parameter : Basic health checks must not have a health threshold specified."},
        {HTTP, "'FailureThreshold': 0", "InvalidInput: ..."},
        {HTTP, "'ChildHealthChecks': ['none']", "InvalidInput: A health check with id none does not exist."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct account_dsl dsl;
        char input[300];
        open_with(&dsl, cases[i].config);
        snprintf(input, sizeof input, "{'HealthCheckId': 'h', %s}", cases[i].patch);
        if (cases[i].reply[0] == '~') {
            account_dsl_call(&dsl, "UpdateHealthCheck", input);
            if (strstr(dsl.reply, cases[i].reply + 1) == NULL) {
                fail_msg("%s\nwanted: %s\nfound:  %s", cases[i].patch, cases[i].reply, dsl.reply);
            }
            char *updated = strdup(dsl.reply);
            account_dsl_expect(&dsl, "GetHealthCheck", "{'HealthCheckId': 'h'}", updated);
            free(updated);
        } else {
            account_dsl_expect(&dsl, "UpdateHealthCheck", input, cases[i].reply);
            account_dsl_call(&dsl, "GetHealthCheck", "{'HealthCheckId': 'h'}");
            assert_non_null(strstr(dsl.reply, "'HealthCheckVersion':1"));
        }
        account_dsl_close(&dsl);
    }
}

static void test_an_update_reaches_the_model_and_every_success_counts(void **state)
{
    (void)state;
    struct account_dsl dsl;
    open_with(&dsl, HTTP);
    assert_false(dsl.model->health_checks[model_find_health_check(dsl.model, bytes_of("h"))].inverted);
    account_dsl_call(&dsl, "UpdateHealthCheck", "{'HealthCheckId': 'h', 'Inverted': true}");
    assert_true(dsl.model->health_checks[model_find_health_check(dsl.model, bytes_of("h"))].inverted);
    account_dsl_call(&dsl, "UpdateHealthCheck", "{'HealthCheckId': 'h'}");             // a body of no bytes
    assert_string_equal(account_dsl_at(&dsl, "/HealthCheck/HealthCheckVersion"), "3"); // H6
    account_dsl_expect(&dsl, "UpdateHealthCheck", "{'HealthCheckId': 'x'}", "NoSuchHealthCheck: ...");
    account_dsl_close(&dsl);
}

static void test_checks_are_listed_by_id(void **state)
{
    (void)state;
    struct account_dsl dsl;
    open_with(&dsl, HTTP);
    account_dsl_call(&dsl, "ListHealthChecks", "{'MaxItems': '1'}");
    assert_non_null(strstr(dsl.reply, "'IsTruncated':true,'NextMarker':'h','MaxItems':'1'}"));
    assert_non_null(strstr(dsl.reply, "{'HealthChecks':[{'Id':'c',"));
    account_dsl_call(&dsl, "ListHealthChecks", "{'Marker': 'h'}");
    assert_non_null(strstr(dsl.reply, "'Marker':'h','IsTruncated':false,'MaxItems':'100'}"));
    assert_non_null(strstr(dsl.reply, "{'HealthChecks':[{'Id':'h',"));
    account_dsl_close(&dsl);
}

// A policy with this alarm, "errors" of eu-west-1, and more sections; "" for none.
#define ALARM(threshold, more)                                                                               \
    "{'AlarmName': 'errors', 'Region': 'eu-west-1', 'Namespace': 'App', 'MetricName': 'Errors', "            \
    "'Dimensions': [{'Name': 'S', 'Value': 'api'}], 'Statistic': 'Average', 'Period': 60, "                  \
    "'EvaluationPeriods': 3, 'Threshold': " threshold ", 'ComparisonOperator': 'GreaterThanThreshold'" more  \
    "}"
#define ALARMS(alarms)   "{'Alarms': [" alarms "]}"
#define IDENTIFIER(name) "'AlarmIdentifier': {'Region': 'eu-west-1', 'Name': '" name "'}"
#define METRIC(name)     "'Type': 'CLOUDWATCH_METRIC', " IDENTIFIER(name)

// S9: what the alarm says is printed beside the check that watches it.
static void test_a_metric_check_shows_its_alarm(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, ALARMS(ALARM("80", ", 'TreatMissingData': 'breaching'")));
    account_dsl_call(&dsl, "CreateHealthCheck", CREATE("m", METRIC("errors")));
    const char *wanted = "'CloudWatchAlarmConfiguration':{'EvaluationPeriods':3,'Threshold':80.0,"
                         "'ComparisonOperator':'GreaterThanThreshold','Period':60,'MetricName':'Errors',"
                         "'Namespace':'App','Statistic':'Average','Dimensions':[{'Name':'S','Value':'api'}]}";
    if (strstr(dsl.reply, wanted) == NULL) {
        fail_msg("%s", dsl.reply);
    }
    assert_non_null(strstr(dsl.reply, "'InsufficientDataHealthStatus':'LastKnownStatus'"));
    account_dsl_expect(&dsl, "CreateHealthCheck", CREATE("n", METRIC("none")), "InvalidInput: ...");
    account_dsl_close(&dsl);
}

// The threshold that a check goes by, as the API prints it; the model has to agree.
static double threshold_of(struct account_dsl *dsl, const char *id)
{
    char input[100];
    snprintf(input, sizeof input, "{'HealthCheckId': '%s'}", id);
    account_dsl_call(dsl, "GetHealthCheck", input);
    double printed = atof(account_dsl_at(dsl, "/HealthCheck/CloudWatchAlarmConfiguration/Threshold"));
    uint32_t index = model_find_health_check(dsl->model, bytes_of(id));
    assert_true(dsl->model->health_checks[index].alarm.settings->threshold == printed);
    return printed;
}

static void update(struct account_dsl *dsl, const char *id, const char *what)
{
    char input[300];
    snprintf(input, sizeof input, "{'HealthCheckId': '%s', %s}", id, what);
    account_dsl_call(dsl, "UpdateHealthCheck", input);
}

#define CHECK_OF_FILE(more)                                                                                  \
    "'HealthChecks': [{'Id': 'file', 'HealthCheckConfig': {" METRIC("errors") "}" more "}]"
#define OWN_COPY                                                                                             \
    ", 'CloudWatchAlarmConfiguration': {'EvaluationPeriods': 3, 'Threshold': 80, 'ComparisonOperator': "     \
    "'GreaterThanThreshold', 'Period': 60, 'MetricName': 'Errors', 'Namespace': 'App', 'Statistic': "        \
    "'Average'}"

// EX16, S10: for a check of the API, of the policy file, and of the file with settings of its own.
static void test_ex16_an_edited_alarm_counts_when_an_update_sends_it_again(void **state)
{
    (void)state;
    static const char *const files[][2] = {
        {ALARMS(ALARM("80", "")), ALARMS(ALARM("95", ""))},
        {"{'Alarms': [" ALARM("80", "") "], " CHECK_OF_FILE("") "}",
         "{'Alarms': [" ALARM("95", "") "], " CHECK_OF_FILE("") "}"},
        {"{'Alarms': [" ALARM("80", "") "], " CHECK_OF_FILE(OWN_COPY) "}",
         "{'Alarms': [" ALARM("95", "") "], " CHECK_OF_FILE(OWN_COPY) "}"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct account_dsl dsl;
        struct account_merge merge = {0};
        char id[64] = "file";
        account_dsl_open(&dsl, files[i][0]);
        if (i == 0) {
            account_dsl_call(&dsl, "CreateHealthCheck", CREATE("m", METRIC("errors")));
            snprintf(id, sizeof id, "%s", account_dsl_at(&dsl, "/HealthCheck/Id"));
        }
        account_dsl_reload(&dsl, files[i][1], &merge);
        assert_true(threshold_of(&dsl, id) == 80);
        update(&dsl, id, "'Inverted': true");
        assert_true(threshold_of(&dsl, id) == 80);
        update(&dsl, id, "'InsufficientDataHealthStatus': 'Healthy'");
        assert_true(threshold_of(&dsl, id) == 80);
        update(&dsl, id, IDENTIFIER("errors"));
        assert_true(threshold_of(&dsl, id) == 95);
        account_dsl_reload(&dsl, files[i][1], &merge);
        assert_true(threshold_of(&dsl, id) == 95);
        assert_int_equal(merge.conflicts, 0);
        account_dsl_reload(&dsl, "{}", &merge);
        assert_int_equal(account_count(dsl.account, ACCOUNT_ALARM_COPY), i == 0 ? 1 : 0);
        account_dsl_close(&dsl);
    }
}

// S10: what the copy is of may go; only who asks for it again misses it.
static void test_a_check_outlives_its_alarm(void **state)
{
    (void)state;
    struct account_dsl dsl;
    struct account_merge merge = {0};
    char id[64];
    account_dsl_open(&dsl, ALARMS(ALARM("80", "")));
    account_dsl_call(&dsl, "CreateHealthCheck", CREATE("m", METRIC("errors")));
    snprintf(id, sizeof id, "%s", account_dsl_at(&dsl, "/HealthCheck/Id"));
    static const char *const files[] = {"{}", ALARMS(ALARM("95", ", 'ExtendedStatistic': 'p99'"))};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        account_dsl_reload(&dsl, files[i], &merge);
        update(&dsl, id, "'Inverted': false");
        assert_true(threshold_of(&dsl, id) == 80);
        update(&dsl, id, IDENTIFIER("errors"));
        assert_non_null(strstr(dsl.reply, "InvalidInput: "));
        assert_true(threshold_of(&dsl, id) == 80);
    }
    account_dsl_close(&dsl);
}

// S11: Simulator.TreatMissingData looks at a setting that the API does not print.
static void test_the_copy_has_what_the_alarm_says_of_missing_data(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, ALARMS(ALARM("80", ", 'TreatMissingData': 'breaching'")));
    account_dsl_call(&dsl, "CreateHealthCheck", CREATE("m", METRIC("errors")));
    assert_int_equal(dsl.model->health_checks[0].alarm.settings->missing, MISSING_DATA_BREACHING);
    account_dsl_call(&dsl, "ListHealthChecks", "{}");
    assert_null(strstr(dsl.reply, "TreatMissingData"));
    account_dsl_close(&dsl);
}

static void test_a_deleted_check_leaves_no_copy_of_its_alarm(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{'Alarms': [" ALARM("80", "") "], " CHECK_OF_FILE("") "}");
    assert_int_equal(account_count(dsl.account, ACCOUNT_ALARM_COPY), 1);
    account_dsl_call(&dsl, "DeleteHealthCheck", "{'HealthCheckId': 'file'}");
    assert_int_equal(account_count(dsl.account, ACCOUNT_ALARM_COPY), 0);
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_check_is_echoed_with_its_defaults),
        cmocka_unit_test(test_what_a_check_may_not_be),
        cmocka_unit_test(test_a_caller_reference_makes_one_check),
        cmocka_unit_test(test_a_check_in_use_can_be_deleted),
        cmocka_unit_test(test_an_update_is_a_patch_under_a_version),
        cmocka_unit_test(test_an_update_reaches_the_model_and_every_success_counts),
        cmocka_unit_test(test_checks_are_listed_by_id),
        cmocka_unit_test(test_a_metric_check_shows_its_alarm),
        cmocka_unit_test(test_ex16_an_edited_alarm_counts_when_an_update_sends_it_again),
        cmocka_unit_test(test_a_check_outlives_its_alarm),
        cmocka_unit_test(test_the_copy_has_what_the_alarm_says_of_missing_data),
        cmocka_unit_test(test_a_deleted_check_leaves_no_copy_of_its_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
