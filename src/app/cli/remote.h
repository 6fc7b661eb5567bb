// SPDX-License-Identifier: MIT
// What commands have in common that ask a running daemon over HTTP.
#ifndef NEARWELL_APP_CLI_REMOTE_H
#define NEARWELL_APP_CLI_REMOTE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"

#define REMOTE_DEFAULT_URL "http://127.0.0.1:8053"

struct remote {
    const char *url; // with or without a final slash
    char *token;     // NULL: none
};

// --token-file FILE
bool remote_read_token(struct remote *remote, const char *path, struct error *error);
void remote_free(struct remote *remote);

// Appends text with all but unreserved characters percent-encoded (RFC 3986 section 2.3).
void remote_escape(struct buffer *url, const char *text);

// body NULL: none. out is the caller's, on 200 only. Every other answer is an error with the daemon's own
// words, and no answer one that says where there was none.
bool remote_ask(const struct remote *remote, const char *method, const char *path, const json_t *body,
                json_t **out, struct error *error);

// A member of an answer; "" when it is absent or no text.
const char *remote_text(const json_t *object, const char *key);

#endif
