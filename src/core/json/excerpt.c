// SPDX-License-Identifier: MIT
#include "excerpt.h"

#include <stdbool.h>

enum { COLUMNS = 100, BEFORE = 40, TAB = 4 };

static bool is_continuation(uint8_t c)
{
    return (c & 0xc0) == 0x80;
}

// Bytes of the UTF-8 character at the start of slice; 0 when it is not one.
static size_t utf8_len(struct bytes slice)
{
    uint8_t c = slice.data[0];
    size_t len = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : 4;
    if (c >= 0x80 && (c < 0xc2 || c > 0xf4 || len > slice.len)) {
        return 0;
    }
    for (size_t i = 1; i < len; i++) {
        if (!is_continuation(slice.data[i])) {
            return 0;
        }
    }
    // C1 controls, which some terminals obey.
    return c == 0xc2 && slice.data[1] < 0xa0 ? 0 : len;
}

// Prints one character of the line; the result is how many bytes it was.
static size_t print_character(struct bytes left, struct buffer *out, size_t *columns)
{
    size_t len = utf8_len(left);
    uint8_t c = left.data[0];
    *columns = 1;
    if (c == '\t') {
        *columns = TAB;
        buffer_format(out, "%*s", TAB, "");
    } else if (len == 0 || c < 0x20 || c == 0x7f) {
        buffer_char(out, '?');
    } else {
        buffer_append(out, left.data, len);
    }
    return len > 0 ? len : 1;
}

void excerpt_print(struct bytes text, size_t line_start, struct json_span span, unsigned line,
                   struct buffer *out)
{
    const uint8_t *newline =
        line_start < text.len ? memchr(text.data + line_start, '\n', text.len - line_start) : NULL;
    size_t end = newline != NULL ? (size_t)(newline - text.data) : text.len;
    size_t from = line_start;
    if (end - line_start > COLUMNS && span.offset - line_start > COLUMNS - 20) {
        from = span.offset - BEFORE;
        while (from < span.offset && is_continuation(text.data[from])) {
            from++;
        }
    }
    buffer_format(out, "%4u | %s", line, from > line_start ? "..." : "");
    size_t blank = from > line_start ? 3 : 0;
    size_t marked = 0;
    size_t shown = 0;
    while (from < end && shown < COLUMNS && !(from + 1 == end && text.data[from] == '\r')) {
        size_t columns;
        size_t at = from;
        from += print_character((struct bytes){text.data + from, end - from}, out, &columns);
        shown += columns;
        blank += at < span.offset ? columns : 0;
        marked += at >= span.offset && at - span.offset < span.len ? columns : 0;
    }
    buffer_format(out, "%s\n     | %*s^", from < end && shown >= COLUMNS ? "..." : "", (int)blank, "");
    for (size_t i = 1; i < marked; i++) {
        buffer_char(out, '~');
    }
    buffer_char(out, '\n');
}
