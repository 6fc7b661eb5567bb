// SPDX-License-Identifier: MIT
// A borrowed slice of bytes, and strict number parsing. Pure; any thread.
#ifndef NEARWELL_BASE_BYTES_H
#define NEARWELL_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
    const uint8_t *data;
    size_t len;
};

static inline struct bytes bytes_of(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

bool bytes_equal(struct bytes a, struct bytes b);

// Cuts the part before the first separator off rest; false when rest is used up. An empty part counts.
bool bytes_split(struct bytes *rest, char separator, struct bytes *part);

struct bytes bytes_trim(struct bytes slice); // spaces and tabs on both sides

// Decimal digits only, all of them, no sign, no leading zeros but "0"; false leaves out untouched.
bool bytes_parse_u64(struct bytes digits, uint64_t most, uint64_t *out);
bool bytes_parse_u32(struct bytes digits, uint32_t most, uint32_t *out);

// Pairs of hex digits; false on an odd count, another character, or more than room bytes.
bool bytes_parse_hex(struct bytes digits, uint8_t *out, size_t room, size_t *len);

// Copies as much of a text in UTF-8 as there is room for, whole characters only, and ends it with a NUL.
void bytes_copy_text(const char *text, char *out, size_t room);

// FNV-1a: for seeds and digests, not for tables of keys that a stranger chose (see map.h).
uint64_t bytes_hash(struct bytes slice);

// ASCII only, unlike <ctype.h>, and independent of the locale.
static inline uint8_t ascii_lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

// The same for eight bytes at a time, in any order of bytes.
static inline uint64_t ascii_lower_word(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t low = word & (ones * 0x7f);
    uint64_t from_a = low + ones * (0x80 - 'A');
    uint64_t above_z = low + ones * (0x7f - 'Z');
    uint64_t upper = (from_a ^ above_z) & ~word & (ones * 0x80);
    return word | upper >> 2;
}

#endif
