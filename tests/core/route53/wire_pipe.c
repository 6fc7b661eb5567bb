// SPDX-License-Identifier: MIT
// Reads and writes the API's bytes for tests/system/test_route53_botocore.py. A line of JSON in, a line of
// JSON out:
//   {"method", "target", "body"}  ->  {"operation", "input"}, or {"code", "message"}
//   {"operation", "output"}       ->  {"document"}
// No test by itself.
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/route53/request.h"
#include "core/route53/response.h"

static struct bytes text_of(const json_t *object, const char *member)
{
    return bytes_of(json_string_value(json_object_get(object, member)));
}

static json_t *decode(const json_t *line)
{
    struct route53_request request = {.method = text_of(line, "method"), .body = text_of(line, "body")};
    struct route53_fault fault = {0};
    json_t *input = NULL;
    route53_request_split(text_of(line, "target"), &request.path, &request.query);
    enum route53_operation operation = route53_request_match(&request);
    if (operation == ROUTE53_OPERATIONS) {
        return json_pack("{s:s, s:s}", "code", "UnknownOperationException", "message", "");
    }
    if (!route53_request_decode(&request, operation, &input, &fault)) {
        json_t *reply = json_pack("{s:s, s:s}", "code", fault.code, "message", fault.message);
        route53_fault_clear(&fault);
        return reply;
    }
    return json_pack("{s:s, s:o}", "operation", route53_operation_row(operation)->name, "input", input);
}

static json_t *encode(const json_t *line)
{
    struct buffer document;
    buffer_init(&document, 16 << 20);
    route53_response_write(route53_operation_find(text_of(line, "operation")),
                           json_object_get(line, "output"), &document);
    json_t *reply = json_pack("{s:s}", "document", buffer_string(&document));
    buffer_free(&document);
    return reply;
}

int main(void)
{
    char *text = NULL;
    size_t room = 0;
    while (getline(&text, &room, stdin) > 0) {
        json_t *line = json_loads(text, 0, NULL);
        json_t *reply = json_object_get(line, "method") != NULL ? decode(line) : encode(line);
        json_dumpf(reply, stdout, JSON_COMPACT);
        putchar('\n');
        fflush(stdout);
        json_decref(reply);
        json_decref(line);
    }
    free(text);
    return 0;
}
