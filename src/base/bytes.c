// SPDX-License-Identifier: MIT
#include "base/bytes.h"

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool bytes_split(struct bytes *rest, char separator, struct bytes *part)
{
    if (rest->data == NULL) {
        return false;
    }
    const uint8_t *found = rest->len > 0 ? memchr(rest->data, separator, rest->len) : NULL;
    if (found == NULL) {
        *part = *rest;
        *rest = (struct bytes){NULL, 0};
        return true;
    }
    size_t len = (size_t)(found - rest->data);
    *part = (struct bytes){rest->data, len};
    *rest = (struct bytes){found + 1, rest->len - len - 1};
    return true;
}

static bool blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

struct bytes bytes_trim(struct bytes slice)
{
    while (slice.len > 0 && blank(slice.data[0])) {
        slice.data++;
        slice.len--;
    }
    while (slice.len > 0 && blank(slice.data[slice.len - 1])) {
        slice.len--;
    }
    return slice;
}

bool bytes_parse_u64(struct bytes digits, uint64_t most, uint64_t *out)
{
    if (digits.len == 0 || (digits.len > 1 && digits.data[0] == '0')) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        uint8_t c = digits.data[i];
        if (c < '0' || c > '9' || __builtin_mul_overflow(value, UINT64_C(10), &value) ||
            __builtin_add_overflow(value, (uint64_t)(c - '0'), &value)) {
            return false;
        }
    }
    if (value > most) {
        return false;
    }
    *out = value;
    return true;
}

bool bytes_parse_u32(struct bytes digits, uint32_t most, uint32_t *out)
{
    uint64_t value;
    if (!bytes_parse_u64(digits, most, &value)) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool bytes_parse_hex(struct bytes digits, uint8_t *out, size_t room, size_t *len)
{
    if (digits.len % 2 != 0 || digits.len / 2 > room) {
        return false;
    }
    for (size_t i = 0; i < digits.len / 2; i++) {
        int high = hex_digit(digits.data[2 * i]);
        int low = hex_digit(digits.data[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (uint8_t)(high << 4 | low);
    }
    *len = digits.len / 2;
    return true;
}

void bytes_copy_text(const char *text, char *out, size_t room)
{
    size_t len = strnlen(text, room - 1);
    while (len > 0 && ((uint8_t)text[len] & 0xc0) == 0x80) { // in the middle of a character
        len--;
    }
    memcpy(out, text, len);
    out[len] = '\0';
}

uint64_t bytes_hash(struct bytes slice)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < slice.len; i++) {
        hash = (hash ^ slice.data[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}
