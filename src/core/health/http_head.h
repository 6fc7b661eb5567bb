// SPDX-License-Identifier: MIT
// The two kinds of line that a response head has, RFC 7230 sections 3.1.2 and 3.2. Lines come without their
// line end. Pure; any thread.
#ifndef NEARWELL_CORE_HEALTH_HTTP_HEAD_H
#define NEARWELL_CORE_HEALTH_HTTP_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

// Takes off CRLF or a bare LF: section 3.5 lets a recipient accept both.
struct bytes http_head_chomp(struct bytes line);

// "HTTP/1.1 200 OK"; the space before an empty reason phrase may be missing, as it often is. Only HTTP/1.x.
bool http_head_status(struct bytes line, uint16_t *status);

// A header field or, when follows is true (there was a field before), the continuation line of one
// (obs-fold).
bool http_head_field(struct bytes line, bool follows);

#endif
