// SPDX-License-Identifier: MIT
// Plain requests with an answer in memory: peers of a region, commands that ask a daemon. Not the prober,
// which has rules of its own (io/probe). One loop, one thread.
#ifndef NEARWELL_IO_HTTP_CLIENT_H
#define NEARWELL_IO_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/error.h"
#include "io/http/multi.h"

struct http_request {
    const char *method;         // "GET"
    const char *url;            // http:// or https://
    const char *content_type;   // of the body; NULL without one
    struct bytes body;          // copied
    long timeout_ms;            // for all of it
    size_t most_bytes;          // of the response body; more is an error
    const char *const *headers; // further ones, "Name: value", ends with a NULL; NULL: none
};

struct http_response {
    bool ok; // an HTTP answer came, whatever its status
    int status;
    struct bytes body;  // valid during the callback
    struct error error; // when not ok: what happened, with the URL
};

struct http_client;
struct http_transfer;

struct http_client *http_client_create(struct http_multi *multi);
void http_client_destroy(struct http_client *client); // cancels what is under way; NULL is fine

// done is called once, from the loop, never from within this call.
struct http_transfer *http_client_send(struct http_client *client, const struct http_request *request,
                                       void (*done)(const struct http_response *response, void *context),
                                       void *context);
void http_client_cancel(struct http_transfer *transfer); // done is not called

// One request without a loop, for the command line: blocks. body is malloc'd and the caller's.
bool http_fetch(const struct http_request *request, int *status, char **body, size_t *len,
                struct error *error);

#endif
