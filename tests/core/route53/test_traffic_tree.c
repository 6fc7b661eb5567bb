// SPDX-License-Identifier: MIT
// What the documents of traffic policies answer once they are in a zone: T6, T7, T10.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/traffic_dsl.h"

#define FAILOVER(flag)                                                                                       \
    RULES("'r': {'RuleType': 'latency', 'Regions': [{'Region': 'eu-west-1', " RULE("eu") flag                \
          "}, {'Region': 'us-east-1', " TO("c") "}]}, 'eu': {'RuleType': 'failover', 'Primary': "            \
                                                "{" TO("a") IF("h") "}, 'Secondary': {" TO("b")              \
                                                    IF("i") "}}")
#define PROXIMITY(eu, jp)                                                                                    \
    R("'geoproximity', 'GeoproximityLocations': [{" TO("a") ", " eu "}, {" TO("b") IF("i") ", " jp "}]")

static const struct {
    const char *document;
    const char *client;
    const char *down;
    const char *found;
} answers[] = {
    {HEAD "'StartEndpoint': 'b', " ENDPOINTS "}", GERMANY, "", "192.0.2.2"},

    {R("'failover', 'Primary': {" TO("a") IF("h") "}, 'Secondary': {" TO("b") "}"), GERMANY, "", "192.0.2.1"},
    {R("'failover', 'Primary': {" TO("a") IF("h") "}, 'Secondary': {" TO("b") "}"), GERMANY, "h",
     "192.0.2.2"},

    {R("'geo', 'Locations': [{'Country': 'DE', " TO("a") "}, {'IsDefault': 'true', " TO("b") "}]"), GERMANY,
     "", "192.0.2.1"},
    {R("'geo', 'Locations': [{'Country': 'DE', " TO("a") "}, {'IsDefault': true, " TO("b") "}]"), JAPAN, "",
     "192.0.2.2"},
    {R("'geo', 'Locations': [{'Continent': 'AS', " TO("a") "}, {'Country': '*', 'IsDefault': true, " TO(
         "b") "}]"),
     JAPAN, "", "192.0.2.1"},

    {R("'latency', 'Regions': [{'Region': 'eu-west-1', " TO("a") "}, {'Region': 'ap-northeast-1', " TO("b")
           IF("i") "}]"),
     JAPAN, "", "192.0.2.2"},
    {R("'latency', 'Regions': [{'Region': 'aws:route53:eu-west-1', " TO(
         "a") "}, {'Region': 'ap-northeast-1', " TO("b") IF("i") "}]"),
     JAPAN, "i", "192.0.2.1"},

    {PROXIMITY("'Region': 'aws:route53:eu-west-1'", "'Latitude': '35.70', 'Longitude': '139.70'"), JAPAN, "",
     "192.0.2.2"},
    {PROXIMITY("'Region': 'aws:route53:eu-west-1', 'Bias': '10'", "'Latitude': 35.7, 'Longitude': 139.7"),
     GERMANY, "", "192.0.2.1"},
    {PROXIMITY("'Location': {'Type': 'Region', 'LocationName': 'aws:route53:eu-west-1'}, 'Bias': -10",
               "'Location': {'Type': 'Coordinate', 'Latitude': '35.70', 'Longitude': '139.70'}"),
     JAPAN, "", "192.0.2.2"},
    {PROXIMITY("'Location': {'Type': 'Region', 'LocationName': 'aws:route53:eu-west-1'}",
               "'Location': {'Type': 'Coordinate', 'Latitude': '35.70', 'Longitude': '139.70'}"),
     JAPAN, "i", "192.0.2.1"},

    {R("'multivalue', 'Items': [{" TO("a") IF("h") "}, {" TO("b") "}, {" TO("c") "}]"), JAPAN, "",
     "192.0.2.1 192.0.2.2 192.0.2.3"},
    {R("'multivalue', 'Items': [{" TO("a") IF("h") "}, {" TO("b") "}, {" TO("c") "}]"), JAPAN, "h",
     "192.0.2.2 192.0.2.3"},

    {R("'weighted', 'Items': [{'Weight': '0', " TO("a") "}, {'Weight': '5', " TO("b") IF("i") "}]"), JAPAN,
     "", "192.0.2.2"},
    {R("'weighted', 'Items': [{'Weight': 0, " TO("a") "}, {'Weight': 5, " TO("b") IF("i") "}]"), JAPAN, "i",
     "192.0.2.1"},

    // Rules that lead to rules. T6: out of a branch without a healthy leaf, unless EvaluateTargetHealth
    // says no (T7). T10: all are down, so the root's first choice.
    {FAILOVER(""), GERMANY, "", "192.0.2.1"},
    {FAILOVER(""), GERMANY, "h", "192.0.2.2"},
    {FAILOVER(""), GERMANY, "h i", "192.0.2.3"},
    {FAILOVER(", 'EvaluateTargetHealth': 'true'"), GERMANY, "h i", "192.0.2.3"},
    {FAILOVER(", 'EvaluateTargetHealth': 'false'"), GERMANY, "h i", "192.0.2.1"},
    {FAILOVER(", 'EvaluateTargetHealth': false" IF("j")), GERMANY, "j", "192.0.2.3"},

    // Services: what the policy's Resources say of them.
    {HEAD "'StartEndpoint': 'lb', " ENDPOINTS "}", JAPAN, "", "192.0.2.9"},
    {HEAD "'StartEndpoint': 's3', " ENDPOINTS "}", JAPAN, "", "192.0.2.8"},
    {HEAD "'StartEndpoint': 'cf', " ENDPOINTS "}", JAPAN, "", "192.0.2.7"},
    {HEAD "'StartEndpoint': 'gone', " ENDPOINTS "}", JAPAN, "", ""},
    {R("'failover', 'Primary': {" TO("cf") IF("h") "}, 'Secondary': {" TO("s3") "}"), JAPAN, "h",
     "192.0.2.8"},
};

static void test_each_type_of_rule_answers_as_record_sets_of_its_policy_do(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, traffic_dsl_account);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        char name[16];
        snprintf(name, sizeof name, "p%zu", i);
        const char *id = traffic_dsl_create(&dsl, "Z1", "www.example.com",
                                            traffic_dsl_policy(&dsl, name, answers[i].document));
        const char *found = traffic_dsl_answer(&dsl, "www.example.com", answers[i].client, answers[i].down);
        if (strcmp(found, answers[i].found) != 0) {
            fail_msg("%s, %s down: '%s' from\n%s", answers[i].client, answers[i].down, found,
                     answers[i].document);
        }
        traffic_dsl_expect(&dsl, "DeleteTrafficPolicyInstance", id, "{}");
    }
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_type_of_rule_answers_as_record_sets_of_its_policy_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
