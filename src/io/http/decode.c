// SPDX-License-Identifier: MIT
#include "decode.h"

#include <stdlib.h>

#include "base/xalloc.h"

// The byte at text[at], of up to three characters; false for a bad escape.
static bool decode_one(struct bytes text, size_t at, bool plus, uint8_t *byte, size_t *used)
{
    size_t len;
    *used = 1;
    *byte = text.data[at];
    if (*byte == '+' && plus) {
        *byte = ' ';
    } else if (*byte == '%') {
        *used = 3;
        return text.len - at >= 3 && bytes_parse_hex((struct bytes){text.data + at + 1, 2}, byte, 1, &len);
    }
    return true;
}

char *http_decode(struct bytes text, bool plus)
{
    char *out = xmalloc(text.len + 1);
    size_t len = 0;
    for (size_t at = 0; at < text.len;) {
        uint8_t byte;
        size_t used;
        if (!decode_one(text, at, plus, &byte, &used) || byte == '\0') {
            free(out);
            return NULL;
        }
        out[len++] = (char)byte;
        at += used;
    }
    out[len] = '\0';
    return out;
}
