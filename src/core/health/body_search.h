// SPDX-License-Identifier: MIT
// The search for a string in the first 5120 decoded bytes of a body (P10-P13, L13), as the body comes in.
// Decoding is zlib's, here rather than in the HTTP client: libcurl would send an Accept-Encoding of its own,
// fail on a coding that it does not know, and decode brotli, which a Route 53 checker searches as received
// (P11). One owner, one thread.
#ifndef NEARWELL_CORE_HEALTH_BODY_SEARCH_H
#define NEARWELL_CORE_HEALTH_BODY_SEARCH_H

#include "base/bytes.h"

enum { BODY_WINDOW = 5120 };

// What Content-Encoding says. All that is not one gzip or one deflate is searched as received.
enum body_coding { BODY_PLAIN, BODY_GZIP, BODY_DEFLATE, BODY_UNKNOWN };

// The coding after this header field, given the fields before it.
enum body_coding body_coding_of_field(struct bytes line, enum body_coding before);

struct body_search;

enum body_result { BODY_MORE, BODY_FOUND, BODY_NOT_FOUND };

// needle is borrowed. NULL is fine for destroy. encoded_window: the 5120 bytes are counted as received, and
// all that they decode to is searched (P12).
struct body_search *body_search_create(const char *needle, enum body_coding coding, bool encoded_window);
void body_search_destroy(struct body_search *search);

// BODY_NOT_FOUND: the window is full, or what comes cannot be decoded.
enum body_result body_search_feed(struct body_search *search, struct bytes data);

#endif
