// SPDX-License-Identifier: MIT
// AWS Signature Version 4: the three stages as functions, signing with them, and checking what others signed.
// Pure: time comes in as text or wall_time, nothing is allocated for the caller; any thread. Source: API
// reference 5.1; the AWS General Reference on signing requests.
#ifndef NEARWELL_CORE_ROUTE53_SIGV4_H
#define NEARWELL_CORE_ROUTE53_SIGV4_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/time.h"
#include "core/route53/credentials.h"
#include "core/route53/fault.h"

struct sigv4_header {
    struct bytes name; // in any case
    struct bytes value;
};

// A request as it goes over the wire.
struct sigv4_request {
    struct bytes method;
    struct bytes path;  // percent-encoded, as sent
    struct bytes query; // the same, without the '?'
    const struct sigv4_header *headers;
    size_t header_count;
    struct bytes body;
};

enum {
    SIGV4_HEX = 65,       // SHA-256 in hex, with its NUL
    SIGV4_DATE_TEXT = 17, // "20260102T030405Z"
};

// What a signature is valid for. Borrowed texts.
struct sigv4_scope {
    struct bytes date; // "20260102"
    struct bytes region;
    struct bytes service; // "route53"
};

void sigv4_hash(struct bytes data, char out[SIGV4_HEX]);
void sigv4_date(wall_time at, char out[SIGV4_DATE_TEXT]);

// Stage 1. signed_headers: "host;x-amz-date". A header X-Amz-Content-Sha256 stands for the hash of the body.
void sigv4_canonical_request(const struct sigv4_request *request, struct bytes signed_headers,
                             struct buffer *out);
// Stage 2. date_time as in X-Amz-Date.
void sigv4_string_to_sign(struct bytes date_time, const struct sigv4_scope *scope,
                          struct bytes canonical_request, struct buffer *out);
// Stage 3.
void sigv4_signature(const char *secret, const struct sigv4_scope *scope, struct bytes string_to_sign,
                     char out[SIGV4_HEX]);

// The value of an Authorization header that signs all headers of the request, in their canonical order. They
// must have Host and X-Amz-Date, and X-Amz-Security-Token when the key has a token.
void sigv4_authorize(const struct sigv4_request *request, const struct route53_key *key, struct bytes region,
                     struct bytes service, struct buffer *out);

// The access key id that a request names, proven or not; empty when it names none.
struct bytes sigv4_claimed_id(const struct sigv4_request *request);

// Whether one of the keys signed the request within five minutes of now, for Route 53 in any region. Takes
// the same time for every wrong signature. False: the fault is what AWS answers.
bool sigv4_verify(const struct sigv4_request *request, const struct route53_keys *keys, wall_time now,
                  struct route53_fault *fault);

#endif
