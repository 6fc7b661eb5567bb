// SPDX-License-Identifier: MIT
// What signing (sigv4.c) and checking (sigv4_verify.c) share.
#ifndef NEARWELL_CORE_ROUTE53_SIGV4_HEADER_H
#define NEARWELL_CORE_ROUTE53_SIGV4_HEADER_H

#include "core/route53/sigv4.h"

#define SIGV4_ALGORITHM "AWS4-HMAC-SHA256"

bool sigv4_same_name(struct bytes a, struct bytes b); // whatever their case

// The first of this name, trimmed; data NULL when there is none.
struct bytes sigv4_header_value(const struct sigv4_request *request, const char *name);

// "20260102/us-east-1/route53/aws4_request"
void sigv4_write_scope(const struct sigv4_scope *scope, struct buffer *out);

// All stages at once.
void sigv4_sign_stages(const struct sigv4_request *request, struct bytes signed_headers,
                       struct bytes date_time, const struct sigv4_scope *scope, const char *secret,
                       char out[SIGV4_HEX]);

#endif
