// SPDX-License-Identifier: MIT
// A policy file beside the API: who wins what (merge.h).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/account/compile.h"
#include "core/account/record_set.h"
#include "support/account_dsl.h"

#define SET(name, value)                                                                                     \
    "{'Name': '" name ".example.com', 'Type': 'A', 'TTL': 60, 'ResourceRecords': [{'Value': '" value "'}]}"
#define ZONE(sets) "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'ResourceRecordSets': [" sets "]}]}"

static const char *key_of(const char *name)
{
    static const char *const keys[][2] = {
        {"a", "Z1 com.example.a. A"},
        {"b", "Z1 com.example.b. A"},
        {"c", "Z1 com.example.c. A"},
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(keys[i][0], name) == 0) {
            return keys[i][1];
        }
    }
    return "";
}

// What the API would do: value NULL deletes.
static void change(struct account_dsl *dsl, const char *name, const char *value)
{
    struct account_edit *edit = account_edit_create(dsl->account);
    char text[256];
    snprintf(
        text, sizeof text,
        "{\"Name\":\"%s.example.com.\",\"Type\":\"A\",\"TTL\":60,\"ResourceRecords\":[{\"Value\":\"%s\"}]}",
        name, value != NULL ? value : "");
    if (value != NULL) {
        account_edit_put(edit, ACCOUNT_RECORD_SET, bytes_of(key_of(name)), bytes_of(text));
    } else {
        account_edit_delete(edit, ACCOUNT_RECORD_SET, bytes_of(key_of(name)));
    }
    account_apply(edit);
}

// The value that the account has for a name; "" for none.
static const char *value_of(const struct account_dsl *dsl, const char *name)
{
    static char value[64];
    struct account_edit *edit = account_edit_create(dsl->account);
    struct account_object object;
    value[0] = '\0';
    if (account_find(edit, ACCOUNT_RECORD_SET, bytes_of(key_of(name)), &object)) {
        const char *at = strstr((const char *)object.text.data, "Value\":\"");
        snprintf(value, sizeof value, "%.*s", (int)strcspn(at + 8, "\""), at + 8);
    }
    account_edit_discard(edit);
    return value;
}

static void test_the_file_wins_where_it_changed_and_the_api_elsewhere(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        const char *file;   // of a at first, NULL: none
        const char *api;    // what the API makes of it; "-" deletes, NULL leaves it
        const char *reload; // of a; NULL: none
        const char *wanted;
        size_t conflicts;
        size_t kept;
    } cases[] = {
        {"nobody changed it", "1.1.1.1", NULL, "1.1.1.1", "1.1.1.1", 0, 0},
        {"the file did", "1.1.1.1", NULL, "2.2.2.2", "2.2.2.2", 0, 0},
        {"the API did", "1.1.1.1", "3.3.3.3", "1.1.1.1", "3.3.3.3", 0, 1},
        {"both did", "1.1.1.1", "3.3.3.3", "2.2.2.2", "2.2.2.2", 1, 0},
        {"the API deleted it", "1.1.1.1", "-", "1.1.1.1", "", 0, 1},
        {"deleted, and changed in the file", "1.1.1.1", "-", "2.2.2.2", "2.2.2.2", 1, 0},
        {"the file dropped it", "1.1.1.1", NULL, NULL, "", 0, 0},
        {"changed, and dropped by the file", "1.1.1.1", "3.3.3.3", NULL, "", 1, 0},
        {"the API made it", NULL, "3.3.3.3", NULL, "3.3.3.3", 0, 0},
        {"both made it", NULL, "3.3.3.3", "2.2.2.2", "2.2.2.2", 1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct account_dsl dsl;
        struct account_merge merge = {0};
        char policy[2][512];
        const char *texts[2] = {cases[i].file, cases[i].reload};
        for (int k = 0; k < 2; k++) {
            snprintf(policy[k], sizeof policy[k], ZONE(SET("b", "9.9.9.9") "%s%s%s"),
                     texts[k] != NULL ? ",{'Name': 'a.example.com', 'Type': 'A', 'TTL': 60, "
                                        "'ResourceRecords': [{'Value': '"
                                      : "",
                     texts[k] != NULL ? texts[k] : "", texts[k] != NULL ? "'}]}" : "");
        }
        account_dsl_open(&dsl, policy[0]);
        if (cases[i].api != NULL) {
            change(&dsl, "a", cases[i].api[0] != '-' ? cases[i].api : NULL);
        }
        account_dsl_reload(&dsl, policy[1], &merge);
        if (strcmp(value_of(&dsl, "a"), cases[i].wanted) != 0 || merge.conflicts != cases[i].conflicts ||
            merge.kept != cases[i].kept) {
            fail_msg("%s: %s, %zu conflicts, %zu kept", cases[i].what, value_of(&dsl, "a"), merge.conflicts,
                     merge.kept);
        }
        assert_string_equal(value_of(&dsl, "b"), "9.9.9.9");
        // What was settled stays settled.
        merge = (struct account_merge){0};
        account_dsl_reload(&dsl, policy[1], &merge);
        assert_string_equal(value_of(&dsl, "a"), cases[i].wanted);
        assert_int_equal(merge.added + merge.changed + merge.removed + merge.conflicts, 0);
        account_dsl_close(&dsl);
    }
}

static size_t count(const struct account_dsl *dsl, enum account_kind kind)
{
    return account_count(dsl->account, kind);
}

static void test_a_zone_goes_with_all_that_the_api_put_into_it(void **state)
{
    (void)state;
    struct account_dsl dsl;
    struct account_merge merge = {0};
    account_dsl_open(&dsl, ZONE(SET("a", "1.1.1.1")));
    assert_int_equal(count(&dsl, ACCOUNT_RECORD_SET), 3); // with SOA and NS, D8
    change(&dsl, "c", "3.3.3.3");
    account_dsl_reload(&dsl, "{}", &merge);
    assert_int_equal(count(&dsl, ACCOUNT_RECORD_SET), 0);
    assert_int_equal(count(&dsl, ACCOUNT_ZONE), 0);
    assert_int_equal(count(&dsl, ACCOUNT_BASE), 0);
    assert_int_equal(dsl.model->zone_count, 0);
    account_dsl_reload(&dsl, ZONE(SET("a", "1.1.1.1")), &merge);
    assert_int_equal(count(&dsl, ACCOUNT_RECORD_SET), 3);
    account_dsl_close(&dsl);
}

static void test_a_zone_that_the_api_deleted_stays_away_until_the_file_changes_it(void **state)
{
    (void)state;
    struct account_dsl dsl;
    struct account_merge merge = {0};
    account_dsl_open(&dsl, ZONE(SET("a", "1.1.1.1")));
    struct account_edit *edit = account_edit_create(dsl.account);
    account_edit_delete(edit, ACCOUNT_ZONE, bytes_of("Z1"));
    account_edit_delete(edit, ACCOUNT_RECORD_SET, bytes_of("Z1 com.example.a. A"));
    account_edit_delete(edit, ACCOUNT_RECORD_SET, bytes_of("Z1 com.example. NS"));
    account_edit_delete(edit, ACCOUNT_RECORD_SET, bytes_of("Z1 com.example. SOA"));
    account_apply(edit);
    account_dsl_reload(&dsl, ZONE(SET("a", "2.2.2.2")), &merge); // a record set alone brings no zone back
    assert_int_equal(count(&dsl, ACCOUNT_RECORD_SET) + count(&dsl, ACCOUNT_ZONE), 0);
    account_dsl_reload(&dsl,
                       "{'HostedZones': [{'Id': 'Z1', 'Name': 'example.com', 'Config': {'Comment': 'new'}, "
                       "'ResourceRecordSets': [" SET("a", "2.2.2.2") "]}]}",
                       &merge);
    assert_int_equal(count(&dsl, ACCOUNT_RECORD_SET), 3); // and with it come all of the file's
    assert_string_equal(value_of(&dsl, "a"), "2.2.2.2");
    account_dsl_close(&dsl);
}

static void test_record_sets_are_kept_as_route53_lists_them(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl,
                     ZONE("{'ResourceRecords': [{'Value': '1.1.1.1'}], 'TTL': 60, 'Type': 'A', "
                          "'MultiValueAnswer': false, 'HealthCheckId': '', 'Name': '*.Sub.example.com'}, "
                          "{'Type': 'A', 'Name': 'example.com', 'AliasTarget': {'DNSName': "
                          "'*.sub.EXAMPLE.com', 'EvaluateTargetHealth': false, 'HostedZoneId': 'Z1'}}"));
    struct account_edit *edit = account_edit_create(dsl.account);
    struct account_object object;
    assert_true(account_find(edit, ACCOUNT_RECORD_SET, bytes_of("Z1 com.example.sub.\\052. A"), &object));
    assert_string_equal(object.text.data, "{\"Name\":\"\\\\052.sub.example.com.\",\"Type\":\"A\",\"TTL\":60,"
                                          "\"ResourceRecords\":[{\"Value\":\"1.1.1.1\"}]}");
    assert_true(account_find(edit, ACCOUNT_RECORD_SET, bytes_of("Z1 com.example. A"), &object));
    assert_string_equal(object.text.data,
                        "{\"Name\":\"example.com.\",\"Type\":\"A\",\"AliasTarget\":{\"HostedZoneId\":\"Z1\","
                        "\"DNSName\":\"\\\\052.sub.example.com.\",\"EvaluateTargetHealth\":false}}");
    account_edit_discard(edit);
    account_dsl_close(&dsl);
}

#define ALARM(name, threshold)                                                                               \
    "{'AlarmName': '" name "', 'Region': 'eu-west-1', 'Namespace': 'App', 'MetricName': 'Errors', "          \
    "'Statistic': 'Average', 'Period': 60, 'EvaluationPeriods': 3, 'Threshold': " threshold                  \
    ", 'ComparisonOperator': 'GreaterThanThreshold'}"
#define IDENTIFIER(name) "'AlarmIdentifier': {'Region': 'eu-west-1', 'Name': '" name "'}"
#define METRIC(name, config, more)                                                                           \
    "{'Id': 'm', 'HealthCheckConfig': {'Type': 'CLOUDWATCH_METRIC', " IDENTIFIER(name) config "}" more "}"
#define OWN                                                                                                  \
    ", 'CloudWatchAlarmConfiguration': {'EvaluationPeriods': 3, 'Threshold': 85, 'ComparisonOperator': "     \
    "'GreaterThanThreshold', 'Period': 60, 'MetricName': 'Errors', 'Namespace': 'App', 'Statistic': "        \
    "'Average'}"

// A policy with this threshold of the alarm "errors", and this check; valid until the next call.
static const char *watching(const char *threshold, const char *check)
{
    static char policy[1200];
    snprintf(policy, sizeof policy,
             "{'Alarms': [" ALARM("errors", "%s") ", " ALARM("other", "70") "], 'HealthChecks': [%s]}",
             threshold, check);
    return policy;
}

// That the check goes by; 0: there is no check.
static double threshold_of(const struct account_dsl *dsl)
{
    uint32_t index = model_find_health_check(dsl->model, bytes_of("m"));
    return index != HEALTH_CHECK_NONE ? dsl->model->health_checks[index].alarm.settings->threshold : 0;
}

// S10: the alarm's threshold is 80 at first, 95 when the API does something, and 90 in the last file.
static void test_a_file_asks_for_an_alarm_by_another_version_or_another_alarm(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        const char *operation; // NULL: the API does nothing
        const char *input;
        const char *check; // in the last file
        double wanted;
        size_t conflicts;
    } cases[] = {
        {"the alarm alone", NULL, NULL, METRIC("errors", "", ""), 80, 0},
        {"version 1 is said", NULL, NULL, METRIC("errors", "", ", 'HealthCheckVersion': 1"), 80, 0},
        {"another field", NULL, NULL, METRIC("errors", ", 'Inverted': true", ""), 80, 0},
        {"another version", NULL, NULL, METRIC("errors", "", ", 'HealthCheckVersion': 2"), 90, 0},
        {"another alarm", NULL, NULL, METRIC("other", "", ""), 70, 0},
        {"settings of its own", NULL, NULL, METRIC("errors", "", OWN), 85, 0},
        {"it goes", NULL, NULL, "", 0, 0},
        {"updated", "UpdateHealthCheck", "'Inverted': true", METRIC("errors", "", ""), 80, 0},
        {"updated, and in the file", "UpdateHealthCheck", "'Inverted': true",
         METRIC("errors", ", 'Disabled': true", ""), 80, 1},
        {"updated, and the file asks with the version that this made", "UpdateHealthCheck",
         "'Inverted': true", METRIC("errors", "", ", 'HealthCheckVersion': 2"), 90, 1},
        {"asked for", "UpdateHealthCheck", IDENTIFIER("errors"), METRIC("errors", "", ""), 95, 0},
        {"asked for, and in the file", "UpdateHealthCheck", IDENTIFIER("errors"),
         METRIC("errors", ", 'Inverted': true", ""), 95, 1},
        {"another asked for", "UpdateHealthCheck", IDENTIFIER("other"), METRIC("errors", "", ""), 70, 0},
        {"another asked for, and in the file", "UpdateHealthCheck", IDENTIFIER("other"),
         METRIC("errors", ", 'Inverted': true", ""), 90, 1},
        {"deleted", "DeleteHealthCheck", NULL, METRIC("errors", "", ""), 0, 0},
        {"deleted, and in the file", "DeleteHealthCheck", NULL, METRIC("errors", ", 'Inverted': true", ""),
         90, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct account_dsl dsl;
        struct account_merge merge = {0};
        account_dsl_open(&dsl, watching("80", METRIC("errors", "", "")));
        account_dsl_reload(&dsl, watching("95", METRIC("errors", "", "")), &merge);
        assert_true(threshold_of(&dsl) == 80);
        if (cases[i].operation != NULL) {
            char input[200];
            snprintf(input, sizeof input, "{'HealthCheckId': 'm'%s%s}", cases[i].input != NULL ? ", " : "",
                     cases[i].input != NULL ? cases[i].input : "");
            account_dsl_call(&dsl, cases[i].operation, input);
        }
        merge = (struct account_merge){0};
        account_dsl_reload(&dsl, watching("90", cases[i].check), &merge);
        if (threshold_of(&dsl) != cases[i].wanted || merge.conflicts != cases[i].conflicts) {
            fail_msg("%s: %g, %zu conflicts", cases[i].what, threshold_of(&dsl), merge.conflicts);
        }
        merge = (struct account_merge){0};
        account_dsl_reload(&dsl, watching("75", cases[i].check), &merge);
        assert_true(threshold_of(&dsl) == cases[i].wanted);
        assert_int_equal(merge.added + merge.changed + merge.removed + merge.conflicts, 0);
        assert_int_equal(count(&dsl, ACCOUNT_ALARM_COPY), cases[i].wanted > 0 && cases[i].wanted != 85);
        account_dsl_close(&dsl);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_file_wins_where_it_changed_and_the_api_elsewhere),
        cmocka_unit_test(test_a_zone_goes_with_all_that_the_api_put_into_it),
        cmocka_unit_test(test_a_zone_that_the_api_deleted_stays_away_until_the_file_changes_it),
        cmocka_unit_test(test_record_sets_are_kept_as_route53_lists_them),
        cmocka_unit_test(test_a_file_asks_for_an_alarm_by_another_version_or_another_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
