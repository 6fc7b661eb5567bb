// SPDX-License-Identifier: MIT
#include "http_head.h"

struct bytes http_head_chomp(struct bytes line)
{
    if (line.len > 0 && line.data[line.len - 1] == '\n') {
        line.len--;
        if (line.len > 0 && line.data[line.len - 1] == '\r') {
            line.len--;
        }
    }
    return line;
}

static bool digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

// What field values and reason phrases are made of: HTAB, SP, VCHAR, obs-text.
static bool text(struct bytes slice)
{
    for (size_t i = 0; i < slice.len; i++) {
        uint8_t c = slice.data[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return true;
}

bool http_head_status(struct bytes line, uint16_t *status)
{
    enum { CODE = 9, CODE_END = 12 };
    const uint8_t *at = line.data;
    if (line.len < CODE_END || memcmp(at, "HTTP/1.", 7) != 0 || !digit(at[7]) || at[8] != ' ') {
        return false;
    }
    if (at[CODE] < '1' || at[CODE] > '9' || !digit(at[CODE + 1]) || !digit(at[CODE + 2])) {
        return false;
    }
    if (line.len > CODE_END && (at[CODE_END] != ' ' || !text(line))) {
        return false;
    }
    *status = (uint16_t)((at[CODE] - '0') * 100 + (at[CODE + 1] - '0') * 10 + (at[CODE + 2] - '0'));
    return true;
}

// tchar, section 3.2.6.
static bool token_character(uint8_t c)
{
    return digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

bool http_head_field(struct bytes line, bool follows)
{
    if (line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t')) {
        return follows && text(line);
    }
    size_t name = 0;
    while (name < line.len && token_character(line.data[name])) {
        name++;
    }
    return name > 0 && name < line.len && line.data[name] == ':' && text(line);
}
