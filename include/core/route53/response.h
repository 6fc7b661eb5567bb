// SPDX-License-Identifier: MIT
// What the Route 53 API answers with: documents in XML, and the address of what was created. Pure; any
// thread. Source: API reference 1.3 and 1.4.
#ifndef NEARWELL_CORE_ROUTE53_RESPONSE_H
#define NEARWELL_CORE_ROUTE53_RESPONSE_H

#include <jansson.h>

#include "base/buffer.h"
#include "core/route53/fault.h"
#include "core/route53/operations.h"

void route53_response_write(enum route53_operation operation, const json_t *output, struct buffer *out);

// "https://route53.amazonaws.com/2013-04-01/hostedzone/Z1"; the caller frees it. NULL when nothing is
// created.
char *route53_response_location(enum route53_operation operation, const json_t *input, const json_t *output);

// The document of an error.
void route53_fault_write(const struct route53_fault *fault, const char *request_id, struct buffer *out);

// Holds an output to its shape: known members of the right kind, the required ones there, values that an
// enumeration has. What breaks it is a bug of the operation, so this is for tests. Fills InternalFailure.
bool route53_output_check(enum route53_operation operation, const json_t *output,
                          struct route53_fault *fault);

#endif
