// SPDX-License-Identifier: MIT
// A whole request of the Route 53 API: a line with method and target, then the body. What was understood has
// its shape, and an error has a document.
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/route53/request.h"
#include "core/route53/response.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode(const struct route53_request *request, enum route53_operation operation)
{
    struct route53_fault fault = {0};
    json_t *input;
    if (route53_request_decode(request, operation, &input, &fault)) {
        bool good = route53_input_check(operation, input, &fault);
        assert(good);
        free(route53_response_location(operation, input, input));
        json_decref(input);
        return;
    }
    struct buffer document;
    buffer_init(&document, 1 << 20);
    route53_fault_write(&fault, "id", &document);
    assert(fault.status == 400 || fault.status == 413);
    assert(!document.overflow);
    buffer_free(&document);
    route53_fault_clear(&fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct route53_request request = {.body = {data, size}};
    struct bytes line;
    struct bytes target;
    if (!bytes_split(&request.body, '\n', &line) || !bytes_split(&line, ' ', &request.method)) {
        return 0;
    }
    target = line;
    if (target.data != NULL && route53_request_split(target, &request.path, &request.query)) {
        enum route53_operation operation = route53_request_match(&request);
        if (operation != ROUTE53_OPERATIONS) {
            decode(&request, operation);
        }
    }
    return 0;
}
