// SPDX-License-Identifier: MIT
#include "text.h"

enum { SHOWN_MAX = 280 };

static bool octal(uint8_t c)
{
    return c >= '0' && c <= '7';
}

size_t dns_text_unescape(struct bytes text, uint8_t *value)
{
    if (text.len < 2 || !dns_text_printable(text.data[1])) {
        return 0;
    }
    if (text.data[1] < '0' || text.data[1] > '9') {
        *value = text.data[1];
        return 2;
    }
    if (text.len < 4 || !octal(text.data[1]) || !octal(text.data[2]) || !octal(text.data[3])) {
        return 0;
    }
    unsigned number = (text.data[1] - '0') * 64U + (text.data[2] - '0') * 8U + (unsigned)(text.data[3] - '0');
    if (number > 255) {
        return 0;
    }
    *value = (uint8_t)number;
    return 4;
}

size_t dns_text_octal(uint8_t value, char out[4])
{
    out[0] = '\\';
    out[1] = (char)('0' + (value >> 6));
    out[2] = (char)('0' + (value >> 3 & 7));
    out[3] = (char)('0' + (value & 7));
    return 4;
}

bool dns_text_refuse(struct error *error, const char *code, const char *why, struct bytes value)
{
    char shown[SHOWN_MAX + 4];
    size_t len = 0;
    size_t i = 0;
    for (; i < value.len && len + 4 <= SHOWN_MAX; i++) {
        uint8_t c = value.data[i];
        if (dns_text_printable(c) || c == ' ') {
            shown[len++] = (char)c;
        } else {
            len += dns_text_octal(c, shown + len);
        }
    }
    shown[len] = '\0';
    return error_set(error, "%s (%s) encountered with '%s%s'", code, why, shown, i < value.len ? "..." : "");
}
