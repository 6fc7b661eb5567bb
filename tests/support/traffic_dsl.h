// SPDX-License-Identifier: MIT
// Traffic policies and their instances in tests: documents, an account to put them in, and what they answer.
#ifndef NEARWELL_TESTS_SUPPORT_TRAFFIC_DSL_H
#define NEARWELL_TESTS_SUPPORT_TRAFFIC_DSL_H

#include "support/account_dsl.h"

// Documents. Their rules can lead to the endpoints a, b and c (192.0.2.1 to .3), lb, s3 and cf (.9, .8, .7),
// and to gone, a service that nobody describes.
#define HEAD "{'AWSPolicyFormatVersion': '2015-10-01', 'RecordType': 'A', "
#define ENDPOINTS                                                                                            \
    "'Endpoints': {'a': {'Type': 'value', 'Value': '192.0.2.1'}, 'b': {'Value': '192.0.2.2'}, 'c': "         \
    "{'Value': '192.0.2.3'}, 'lb': {'Type': 'application-load-balancer', 'Value': "                          \
    "'dualstack.lb.eu-west-1.elb.amazonaws.com'}, 's3': {'Type': 's3-website', 'Region': 'eu-west-1', "      \
    "'Value': 'www.example.com'}, 'cf': {'Type': 'cloudfront', 'Value': 'd1.cloudfront.net'}, 'gone': "      \
    "{'Type': 'elastic-beanstalk', 'Value': 'x.eu-west-1.elasticbeanstalk.com'}}"
#define RULES(text)      HEAD "'StartRule': 'r', " ENDPOINTS ", 'Rules': {" text "}}"
#define R(text)          RULES("'r': {'RuleType': " text "}")
#define TO(name)         "'EndpointReference': '" name "'"
#define RULE(name)       "'RuleReference': '" name "'"
#define IF(check)        ", 'HealthCheck': '" check "'"
#define SIMPLE(endpoint) HEAD "'StartEndpoint': '" endpoint "', " ENDPOINTS "}"
#define NESTED                                                                                               \
    RULES("'r': {'RuleType': 'failover', 'Primary': {" RULE("s") "}, 'Secondary': {" TO(                     \
        "a") "}}, 's': {'RuleType': 'weighted', 'Items': [{'Weight': 1, " TO("b") "}]}")

// Checks h, i and j, zones Z1 example.com and Z2 other.net, clients in Germany and Japan, and the services.
extern const char traffic_dsl_account[];
#define GERMANY "203.0.113.9"
#define JAPAN   "198.51.100.9"
#define UNKNOWN "192.0.2.200"

// The id that a reply has at a path; valid for eight more calls.
const char *traffic_dsl_id(struct account_dsl *dsl, const char *path);
const char *traffic_dsl_policy(struct account_dsl *dsl, const char *name, const char *document); // its id

// Of version 1; the reply.
const char *traffic_dsl_call_create(struct account_dsl *dsl, const char *zone, const char *name,
                                    const char *policy_id);
// The same when it has to succeed; the instance's id.
const char *traffic_dsl_create(struct account_dsl *dsl, const char *zone, const char *name,
                               const char *policy_id);
// An operation whose input is the id of an instance.
void traffic_dsl_expect(struct account_dsl *dsl, const char *operation, const char *id, const char *reply);

// "192.0.2.1 192.0.2.2", in order: what a name of Z1 answers to a client with these checks down ("h i").
// Valid until the next one.
const char *traffic_dsl_answer(struct account_dsl *dsl, const char *name, const char *client,
                               const char *down);

#endif
