// SPDX-License-Identifier: MIT
// libcurl's multi handle driven by the loop (its socket interface). One loop, one thread.
#ifndef NEARWELL_IO_HTTP_MULTI_H
#define NEARWELL_IO_HTTP_MULTI_H

#include <curl/curl.h>

#include "io/loop/loop.h"

struct http_multi;

struct http_multi *http_multi_create(struct loop *loop);
void http_multi_destroy(
    struct http_multi *multi); // after all transfers ended or were cancelled; NULL is fine

// The easy handle stays the caller's and is in use until done was called, once, from the loop and never from
// within this call. CURLOPT_PRIVATE belongs to the multi handle.
typedef void (*http_multi_done)(CURL *easy, CURLcode result, void *context);
void http_multi_add(struct http_multi *multi, CURL *easy, http_multi_done done, void *context);
// Takes the handle back without calling done. Must not be called from one of the handle's own curl callbacks.
void http_multi_cancel(struct http_multi *multi, CURL *easy);

#endif
