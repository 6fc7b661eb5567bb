// SPDX-License-Identifier: MIT
// A line of a text with a marker under the part that a finding is about. Pure; any thread.
#ifndef NEARWELL_CORE_JSON_EXCERPT_H
#define NEARWELL_CORE_JSON_EXCERPT_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "position.h"

// span lies within the line that starts at line_start; what goes on behind its end is not marked. Long lines
// are cut around the span, tabs become spaces, what no terminal should get becomes '?'.
void excerpt_print(struct bytes text, size_t line_start, struct json_span span, unsigned line,
                   struct buffer *out);

#endif
