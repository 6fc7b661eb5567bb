// SPDX-License-Identifier: MIT
// What names and values share in Route 53's text form: escapes (rules D17, D18) and the wording of refusals
// (semantics reference, table 5.3). Pure; any thread.
#ifndef NEARWELL_CORE_DNS_TEXT_H
#define NEARWELL_CORE_DNS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

// The escape at the start of text, which starts with a backslash: three octal digits up to 377, or any
// printable character but a digit. Returns the characters used, 0 when it is neither.
size_t dns_text_unescape(struct bytes text, uint8_t *value);

#define DNS_TEXT_ESCAPE_RULE "Backslash should be followed by three octal digits or one other character"

// Writes a backslash and three octal digits; returns 4.
size_t dns_text_octal(uint8_t value, char out[4]);

// 0x21 to 0x7e: what needs no escape.
static inline bool dns_text_printable(uint8_t c)
{
    return c > ' ' && c < 0x7f;
}

// "CODE (WHY) encountered with 'VALUE'", the value escaped and cut to fit. Returns false.
bool dns_text_refuse(struct error *error, const char *code, const char *why, struct bytes value);

#endif
