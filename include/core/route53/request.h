// SPDX-License-Identifier: MIT
// A request of the Route 53 API: from method, path, query and body to an operation and its input as JSON, in
// the shape that the AWS CLI takes with --cli-input-json. Pure; any thread. Source: API
// reference 1.1, 1.2, 1.6.
#ifndef NEARWELL_CORE_ROUTE53_REQUEST_H
#define NEARWELL_CORE_ROUTE53_REQUEST_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "core/route53/fault.h"
#include "core/route53/operations.h"

#define ROUTE53_VERSION_PATH "/2013-04-01"

enum { ROUTE53_BODY_MOST = 4 << 20 }; // bytes

struct route53_request {
    struct bytes method;
    struct bytes path;  // below the version, as it came: not decoded, since ids may have an encoded slash
    struct bytes query; // behind the '?', as it came
    struct bytes body;
};

// Splits a request's target. The version may stand behind other segments: "/base/2013-04-01/hostedzone".
// False when it stands nowhere; the path is empty then.
bool route53_request_split(struct bytes target, struct bytes *path, struct bytes *query);

// ROUTE53_OPERATIONS when no operation has this method and path. A slash at the end makes no difference.
enum route53_operation route53_request_match(const struct route53_request *request);

// The input of the operation that matched: members of the path, the query and the body, complete and within
// their bounds, else InvalidInput or MalformedInput. input is the caller's. Ids lose a prefix such as
// "/hostedzone/" where the AWS CLI takes it off.
bool route53_request_decode(const struct route53_request *request, enum route53_operation operation,
                            json_t **input, struct route53_fault *fault);

// The same for input that came as JSON: checks it, and takes prefixes off in place.
bool route53_input_check(enum route53_operation operation, json_t *input, struct route53_fault *fault);

// What a client sends for this input, which is good (route53_input_check): the target with its query, and the
// body, which stays empty where the operation has none. Both are appended to.
void route53_request_write(enum route53_operation operation, const json_t *input, struct buffer *target,
                           struct buffer *body);

#endif
