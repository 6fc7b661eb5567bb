// SPDX-License-Identifier: MIT
// "Operation {input}" on a small account: a call that fails changes nothing, one that succeeds leaves an
// account that compiles anew.
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/account/compile.h"
#include "core/json/text.h"
#include "support/account_dsl.h"

enum { DEPTH_MAX = 32, SIZE_MAX_READ = 1 << 20 };

static const char policy[] =
    "{'HealthChecks': [{'Id': 'h', 'HealthCheckConfig': {'Type': 'HTTP', 'IPAddress': '8.8.8.8'}}, {'Id': "
    "'c', "
    "'HealthCheckConfig': {'Type': 'CALCULATED', 'HealthThreshold': 1, 'ChildHealthChecks': ['h']}}], "
    "'CidrCollections': [{'Id': 'i', 'Name': 'n', 'CidrBlocks': [{'CidrBlock': '192.0.2.0/24', "
    "'LocationName': "
    "'l'}]}], 'HostedZones': [{'Id': 'Z1', 'Name': 'a.com', 'ResourceRecordSets': [{'Name': 'w.a.com', "
    "'Type': "
    "'A', 'SetIdentifier': 'x', 'Weight': 1, 'TTL': 1, 'ResourceRecords': [{'Value': '192.0.2.1'}], "
    "'HealthCheckId': 'h'}, {'Name': 'a.com', 'Type': 'A', 'AliasTarget': {'HostedZoneId': 'Z1', 'DNSName': "
    "'w.a.com', 'EvaluateTargetHealth': true}}, {'Name': 'c.a.com', 'Type': 'CNAME', 'TTL': 1, "
    "'ResourceRecords': [{'Value': 'w.a.com'}]}]}]}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compile_anew(struct account_dsl *dsl)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct account_edit *edit = account_edit_create(dsl->account);
    // A zone put as it is, so that there is something to compile.
    account_edit_put(edit, ACCOUNT_ZONE, bytes_of("Zfuzz"),
                     bytes_of("{\"Id\":\"Zfuzz\",\"Name\":\"fuzz.example.\"}"));
    bool good = account_edit_compile(edit, NULL, diagnostics);
    assert(good);
    account_edit_discard(edit);
    diagnostics_destroy(diagnostics);
}

static void call(struct account_dsl *dsl, enum route53_operation operation, json_t *input)
{
    const struct route53_call_context context = {
        .account = dsl->account, .model = dsl->model, .now = dsl->now, .ids = &dsl->ids};
    struct route53_fault fault = {0};
    struct account_edit *edit = NULL;
    json_t *output = NULL;
    char *before = account_dsl_dump(dsl);
    bool good = route53_call(&context, operation, input, &output, &edit, &fault);
    char *after = account_dsl_dump(dsl);
    assert(strcmp(before, after) == 0); // until the edit is applied
    assert(good == (fault.code == NULL) && good == (output != NULL) && (good || edit == NULL));
    if (edit != NULL) {
        struct model *model = account_edit_take_model(edit);
        account_apply(edit);
        compile_anew(dsl);
        model_destroy(model);
    }
    free(before);
    free(after);
    route53_fault_clear(&fault);
    json_decref(output);
}

// Ids are the same each time, so inputs can name them.
static void create_instance(struct account_dsl *dsl)
{
    char input[200];
    char *document = account_dsl_escape(
        "{'AWSPolicyFormatVersion': '2015-10-01', 'RecordType': 'A', 'StartRule': 'r', 'Endpoints': {'e': "
        "{'Value': '192.0.2.1'}}, 'Rules': {'r': {'RuleType': 'weighted', 'Items': [{'Weight': 1, "
        "'EndpointReference': 'e', 'HealthCheck': 'h'}]}}}");
    char create[600];
    snprintf(create, sizeof create, "{'Name': 't', 'Document': '%s'}", document);
    free(document);
    account_dsl_expect(dsl, "CreateTrafficPolicy", create, "{'TrafficPolicy':...");
    snprintf(input, sizeof input,
             "{'HostedZoneId': 'Z1', 'Name': 't.a.com', 'TTL': 60, 'TrafficPolicyVersion': 1, "
             "'TrafficPolicyId': '%s'}",
             account_dsl_at(dsl, "/TrafficPolicy/Id"));
    account_dsl_expect(dsl, "CreateTrafficPolicyInstance", input, "{'TrafficPolicyInstance':...");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes rest = {data, size};
    struct bytes name;
    if (!bytes_split(&rest, ' ', &name) || rest.data == NULL) {
        return 0;
    }
    enum route53_operation operation = route53_operation_find(name);
    struct diagnostics *diagnostics = diagnostics_create();
    diagnostics_file(diagnostics, "input", rest);
    json_t *input =
        operation < ROUTE53_OPERATIONS ? json_text_parse(rest, DEPTH_MAX, SIZE_MAX_READ, diagnostics) : NULL;
    if (input != NULL) {
        struct account_dsl dsl;
        account_dsl_open(&dsl, policy);
        create_instance(&dsl);
        call(&dsl, operation, input);
        account_dsl_close(&dsl);
        json_decref(input);
    }
    diagnostics_destroy(diagnostics);
    return 0;
}
