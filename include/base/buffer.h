// SPDX-License-Identifier: MIT
// Growable output with a hard size limit. Sticky: once a write would pass the limit, it and all later ones
// are dropped and overflow is set, so that one check at the end is enough. One owner, one thread.
#ifndef NEARWELL_BASE_BUFFER_H
#define NEARWELL_BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *data; // always NUL-terminated once something was written; may be NULL before
    size_t len;
    size_t room;
    size_t limit; // len never exceeds it
    bool overflow;
};

void buffer_init(struct buffer *buffer, size_t limit);
void buffer_free(struct buffer *buffer);  // leaves it empty and usable
void buffer_clear(struct buffer *buffer); // keeps the memory
void buffer_append(struct buffer *buffer, const void *data, size_t len);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_char(struct buffer *buffer, char c);
void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_vformat(struct buffer *buffer, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
const char *buffer_string(const struct buffer *buffer); // "" when empty; valid until the next write

#endif
