// SPDX-License-Identifier: MIT
#include "support/traffic_dsl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT = 4096 };

#define CHECK(id) "{'Id': '" id "', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '192.0.2.1'}}"
const char traffic_dsl_account[] =
    "{'LatencyTable': {'Regions': ['us-east-1', 'eu-west-1', 'ap-northeast-1'], 'Places': {'DE': "
    "{'Continent': "
    "'EU', 'Latitude': 50.85, 'Longitude': 9.66, 'Milliseconds': [96, 26, 227]}, 'JP': "
    "{'Continent': 'AS', "
    "'Latitude': 35.67, 'Longitude': 137.12, 'Milliseconds': [161, 199, 4]}}}, 'HealthChecks': "
    "[" CHECK("h") ", " CHECK("i") ", " CHECK(
        "j") "], 'Clients': [{'Cidr': '203.0.113.0/24', 'Place': 'DE'}, {'Cidr': "
             "'198.51.100.0/24', 'Place': "
             "'JP'}], 'Resources': [{'DNSName': 'lb.eu-west-1.elb.amazonaws.com', 'HostedZoneId': "
             "'ZLB', "
             "'Type': 'ALB', 'ResourceRecords': {'A': ['192.0.2.9']}}, {'DNSName': "
             "'s3-website-eu-west-1.amazonaws.com', 'HostedZoneId': 'ZS3', 'Type': 'S3Website', "
             "'ResourceRecords': {'A': ['192.0.2.8']}}, {'DNSName': 'd1.cloudfront.net', "
             "'HostedZoneId': "
             "'Z2FDTNDATAQYW2', 'Type': 'CloudFront', 'ResourceRecords': {'A': ['192.0.2.7']}}], "
             "'HostedZones': [{'Id': 'Z1', 'Name': 'example.com'}, {'Id': 'Z2', 'Name': "
             "'other.net'}]}";

const char *traffic_dsl_id(struct account_dsl *dsl, const char *path)
{
    static char ids[8][64];
    static unsigned next;
    char *id = ids[next++ % 8];
    snprintf(id, sizeof ids[0], "%s", account_dsl_at(dsl, path));
    assert_int_equal(strlen(id), 36);
    return id;
}

const char *traffic_dsl_policy(struct account_dsl *dsl, const char *name, const char *document)
{
    char input[TEXT];
    char *escaped = account_dsl_escape(document);
    snprintf(input, sizeof input, "{'Name': '%s', 'Document': '%s'}", name, escaped);
    free(escaped);
    account_dsl_expect(dsl, "CreateTrafficPolicy", input, "{'TrafficPolicy'...");
    return traffic_dsl_id(dsl, "/TrafficPolicy/Id");
}

const char *traffic_dsl_call_create(struct account_dsl *dsl, const char *zone, const char *name,
                                    const char *id)
{
    char input[TEXT];
    snprintf(input, sizeof input,
             "{'HostedZoneId': '%s', 'Name': '%s', 'TTL': 30, 'TrafficPolicyId': '%s', "
             "'TrafficPolicyVersion': 1}",
             zone, name, id);
    return account_dsl_call(dsl, "CreateTrafficPolicyInstance", input);
}

const char *traffic_dsl_create(struct account_dsl *dsl, const char *zone, const char *name,
                               const char *policy_id)
{
    const char *reply = traffic_dsl_call_create(dsl, zone, name, policy_id);
    if (reply[0] != '{') {
        fail_msg("%s", reply);
    }
    return traffic_dsl_id(dsl, "/TrafficPolicyInstance/Id");
}

void traffic_dsl_expect(struct account_dsl *dsl, const char *operation, const char *id, const char *reply)
{
    char input[TEXT];
    snprintf(input, sizeof input, "{'Id': '%s'}", id);
    account_dsl_expect(dsl, operation, input, reply);
}

const char *traffic_dsl_answer(struct account_dsl *dsl, const char *name, const char *client,
                               const char *down)
{
    static char found[200];
    char input[TEXT];
    const struct model *model = dsl->model;
    struct status_table *status = status_table_create(model->health_check_count, true);
    for (uint32_t i = 0; i < model->health_check_count; i++) {
        status_table_set(status, i, strstr(down, model->health_checks[i].id) == NULL);
    }
    const struct view view = {model, locator_create(model), latency_table_create(model, dsl->now), status};
    dsl->view = &view;
    snprintf(input, sizeof input,
             "{'HostedZoneId': 'Z1', 'RecordName': '%s', 'RecordType': 'A', 'ResolverIP': '%s'}", name,
             client);
    account_dsl_call(dsl, "TestDNSAnswer", input);
    dsl->view = NULL;
    size_t len = 0;
    found[0] = '\0';
    for (unsigned value = 1; value < 10; value++) {
        char text[24];
        snprintf(text, sizeof text, "192.0.2.%u'", value);
        if (strstr(dsl->reply, text) != NULL) {
            len +=
                (size_t)snprintf(found + len, sizeof found - len, "%s192.0.2.%u", len > 0 ? " " : "", value);
        }
    }
    locator_destroy((struct locator *)(uintptr_t)view.locator);
    latency_table_destroy((struct latency_table *)(uintptr_t)view.latency);
    free(status);
    return found;
}
