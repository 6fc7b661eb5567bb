// SPDX-License-Identifier: MIT
// A bounded writer of DNS messages. Sticky: a write that does not fit sets full and changes nothing, as do
// all later ones until dns_writer_rewind. Pure; one owner.
#ifndef NEARWELL_CORE_DNS_WRITER_H
#define NEARWELL_CORE_DNS_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dns_writer {
    uint8_t *data;
    size_t limit; // may be lowered and raised by the owner, never above the size of data
    size_t len;
    bool full;
};

void dns_writer_init(struct dns_writer *writer, uint8_t *data, size_t limit);
void dns_writer_u8(struct dns_writer *writer, uint8_t value);
void dns_writer_u16(struct dns_writer *writer, uint16_t value);
void dns_writer_u32(struct dns_writer *writer, uint32_t value);
void dns_writer_bytes(struct dns_writer *writer, const void *data, size_t len);
void dns_writer_patch_u16(struct dns_writer *writer, size_t at, uint16_t value); // at + 2 <= len
void dns_writer_rewind(struct dns_writer *writer, size_t len);                   // clears full

#endif
