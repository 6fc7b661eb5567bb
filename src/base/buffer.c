// SPDX-License-Identifier: MIT
#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void buffer_init(struct buffer *buffer, size_t limit)
{
    *buffer = (struct buffer){.limit = limit};
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->data);
    buffer_init(buffer, buffer->limit);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->len = 0;
    buffer->overflow = false;
    if (buffer->data != NULL) {
        buffer->data[0] = '\0';
    }
}

static bool reserve(struct buffer *buffer, size_t len)
{
    if (buffer->overflow || len > buffer->limit - buffer->len) {
        buffer->overflow = true;
        return false;
    }
    size_t need = buffer->len + len + 1;
    if (need > buffer->room) {
        size_t room = buffer->room > 0 ? buffer->room : 64;
        while (room < need) {
            room *= 2;
        }
        buffer->data = xreallocarray(buffer->data, room, 1);
        buffer->room = room;
    }
    return true;
}

void buffer_append(struct buffer *buffer, const void *data, size_t len)
{
    if (!reserve(buffer, len)) {
        return;
    }
    if (len > 0) {
        memcpy(buffer->data + buffer->len, data, len);
    }
    buffer->len += len;
    buffer->data[buffer->len] = '\0';
}

void buffer_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void buffer_char(struct buffer *buffer, char c)
{
    if (reserve(buffer, 1)) {
        buffer->data[buffer->len++] = c;
        buffer->data[buffer->len] = '\0';
    }
}

void buffer_vformat(struct buffer *buffer, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    char small[256];
    int len = vsnprintf(small, sizeof small, format, arguments);
    if (len < 0) {
        buffer->overflow = true;
    } else if ((size_t)len < sizeof small) {
        buffer_append(buffer, small, (size_t)len);
    } else if (reserve(buffer, (size_t)len)) {
        vsnprintf(buffer->data + buffer->len, (size_t)len + 1, format, again);
        buffer->len += (size_t)len;
    }
    va_end(again);
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buffer_vformat(buffer, format, arguments);
    va_end(arguments);
}

const char *buffer_string(const struct buffer *buffer)
{
    return buffer->data != NULL ? buffer->data : "";
}
