// SPDX-License-Identifier: MIT
// Where in a JSON text things are, found by scanning it again: parsers forget, and only findings ask.
// Total over any bytes: a broken text gives some place in it. Pure; any thread.
#ifndef NEARWELL_CORE_JSON_POSITION_H
#define NEARWELL_CORE_JSON_POSITION_H

#include <stddef.h>

#include "base/bytes.h"

struct json_span {
    size_t offset;
    size_t len; // of a string, number or literal; 1 for an object or array
};

// One pass for all pointers (RFC 6901, "/#key/NAME" at the end for a member's key). What is not in the text
// gets its nearest ancestor that is.
void json_position_find(struct bytes text, const char *const *pointers, size_t count,
                        struct json_span *spans);

// The token that the byte at offset belongs to, or the byte itself between tokens.
struct json_span json_position_token(struct bytes text, size_t offset);

// Offset of the first bracket that is nested deeper than most, or text.len.
size_t json_position_too_deep(struct bytes text, unsigned most);

#endif
