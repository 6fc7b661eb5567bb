// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/account_dsl.h"

static void test_every_operation_has_a_meaning(void **state)
{
    (void)state;
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{}");
    for (unsigned i = 0; i < ROUTE53_OPERATIONS; i++) {
        const char *reply = account_dsl_call(&dsl, route53_operation_row(i)->name, "{}");
        bool good = reply[0] == '{' || strncmp(reply, "InvalidInput: ", 14) == 0;
        if (!good) {
            fail_msg("%s: %s", route53_operation_row(i)->name, reply);
        }
    }
    account_dsl_close(&dsl);
}

// B5
static void test_a_zone_takes_one_change_at_a_time_where_that_is_asked_for(void **state)
{
    (void)state;
    static const char change[] = "{'HostedZoneId': 'Z1', 'ChangeBatch': {'Changes': [{'Action': 'UPSERT', "
                                 "'ResourceRecordSet': {'Name': 'a.one.com', 'Type': 'A', 'TTL': 60, "
                                 "'ResourceRecords': [{'Value': '192.0.2.1'}]}}]}}";
    static const char refusal[] = "PriorRequestNotComplete: The request was rejected because Route 53 was "
                                  "still processing a prior request.";
    struct account_dsl dsl;
    account_dsl_open(&dsl, "{'HostedZones': [{'Id': 'Z1', 'Name': 'one.com'}, {'Id': 'Z2', 'Name': "
                           "'two.com'}], 'Simulator': {'RecordDelaySeconds': 30}}");
    account_dsl_expect(&dsl, "ChangeResourceRecordSets", change, "{'ChangeInfo'...");
    account_dsl_expect(&dsl, "ChangeResourceRecordSets", change, "{'ChangeInfo'...");
    dsl.one_change_at_a_time = true;
    account_dsl_expect(&dsl, "ChangeResourceRecordSets", change, refusal);
    account_dsl_expect(&dsl, "UpdateHostedZoneComment", "{'Id': 'Z1', 'Comment': 'c'}", refusal);
    account_dsl_expect(&dsl, "UpdateHostedZoneComment", "{'Id': 'Z2', 'Comment': 'c'}", "{'HostedZone'...");
    account_dsl_expect(&dsl, "ListResourceRecordSets", "{'HostedZoneId': 'Z1'}", "{'ResourceRecordSets'...");
    dsl.now = wall_add(dsl.now, DURATION_S(30));
    account_dsl_expect(&dsl, "ChangeResourceRecordSets", change, "{'ChangeInfo'...");
    account_dsl_close(&dsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_operation_has_a_meaning),
        cmocka_unit_test(test_a_zone_takes_one_change_at_a_time_where_that_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
