// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/route53/request.h"

// API reference 1.1, 1.2: what is written is read back as it was.
static void test_a_request_that_is_written_is_read_as_the_same_input(void **state)
{
    (void)state;
    static const struct {
        const char *operation;
        const char *input;
        const char *target;
    } cases[] = {
        {"ListHealthChecks", "{}", "/2013-04-01/healthcheck"},
        {"UpdateHealthCheck", "{'HealthCheckId':'a b','HealthCheckVersion':3,'Inverted':false}",
         "/2013-04-01/healthcheck/a%20b"},
        {"ListResourceRecordSets",
         "{'HostedZoneId':'Z1','StartRecordName':'*.example.com','StartRecordType':'A','MaxItems':'5'}",
         "/2013-04-01/hostedzone/Z1/rrset?name=%2A.example.com&type=A&maxitems=5"},
        {"ChangeResourceRecordSets",
         "{'HostedZoneId':'Z1','ChangeBatch':{'Comment':'a < b','Changes':[{'Action':'UPSERT',"
         "'ResourceRecordSet':{'Name':'www.example.com','Type':'TXT','TTL':60,'ResourceRecords':[{'Value':'&"
         "\\u00e9'}]}}]}}",
         "/2013-04-01/hostedzone/Z1/rrset"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[1024];
        size_t len = 0;
        for (const char *c = cases[i].input; *c != '\0'; c++) {
            text[len++] = *c == '\'' ? '"' : *c;
        }
        json_t *input = json_loadb(text, len, 0, NULL);
        json_t *read = NULL;
        struct buffer target;
        struct buffer body;
        struct route53_fault fault = {0};
        enum route53_operation operation = route53_operation_find(bytes_of(cases[i].operation));
        buffer_init(&target, 4096);
        buffer_init(&body, 65536);
        assert_non_null(input);
        route53_request_write(operation, input, &target, &body);
        if (strncmp(buffer_string(&target), cases[i].target, strlen(cases[i].target)) != 0) {
            fail_msg("%s gives %s", cases[i].operation, buffer_string(&target));
        }
        struct route53_request request = {
            .method = bytes_of(route53_operation_row(operation)->method),
            .body = {(const uint8_t *)buffer_string(&body), body.len},
        };
        assert_true(route53_request_split(bytes_of(buffer_string(&target)), &request.path, &request.query));
        assert_int_equal(route53_request_match(&request), operation);
        if (!route53_request_decode(&request, operation, &read, &fault)) {
            fail_msg("%s: %s", cases[i].operation, fault.message);
        }
        assert_true(json_equal(read, input));
        json_decref(read);
        json_decref(input);
        buffer_free(&target);
        buffer_free(&body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_request_that_is_written_is_read_as_the_same_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
