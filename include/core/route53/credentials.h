// SPDX-License-Identifier: MIT
// Access keys: whom the API server believes. Immutable once read; any thread. Source: API reference 5.3.
#ifndef NEARWELL_CORE_ROUTE53_CREDENTIALS_H
#define NEARWELL_CORE_ROUTE53_CREDENTIALS_H

#include "base/bytes.h"
#include "base/error.h"

struct route53_key {
    const char *id; // "AKIDEXAMPLE"
    const char *secret;
    const char *token; // that must come with it, or NULL
};

struct route53_keys;

// Either lines of "ID SECRET", or the format of ~/.aws/credentials: every profile with aws_access_key_id and
// aws_secret_access_key, and aws_session_token if it has one. Comments begin with '#' or ';'. At least one
// key, no id twice. NULL on an error, which names the line but quotes no secret.
struct route53_keys *route53_keys_parse(struct bytes text, struct error *error);
void route53_keys_destroy(struct route53_keys *keys); // NULL is fine

// NULL when there is none with this id.
const struct route53_key *route53_keys_find(const struct route53_keys *keys, struct bytes id);

#endif
