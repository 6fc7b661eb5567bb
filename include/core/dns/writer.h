// SPDX-License-Identifier: MIT
// A bounded writer of DNS messages. Sticky: a write that does not fit sets full and changes nothing, as do
// all later ones until dns_writer_rewind. Pure; one owner. Inline: every answer is made of these.
#ifndef NEARWELL_CORE_DNS_WRITER_H
#define NEARWELL_CORE_DNS_WRITER_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct dns_writer {
    uint8_t *data;
    size_t limit; // may be lowered and raised by the owner, never above the size of data
    size_t len;
    bool full;
};

static inline void dns_writer_init(struct dns_writer *writer, uint8_t *data, size_t limit)
{
    *writer = (struct dns_writer){data, limit, 0, false};
}

// Room for len bytes, or NULL and full.
static inline uint8_t *dns_writer_take(struct dns_writer *writer, size_t len)
{
    if (writer->full || len > writer->limit || writer->len > writer->limit - len) {
        writer->full = true;
        return NULL;
    }
    uint8_t *room = writer->data + writer->len;
    writer->len += len;
    return room;
}

static inline void dns_writer_u8(struct dns_writer *writer, uint8_t value)
{
    uint8_t *room = dns_writer_take(writer, 1);
    if (room != NULL) {
        room[0] = value;
    }
}

static inline void dns_writer_u16(struct dns_writer *writer, uint16_t value)
{
    uint8_t *room = dns_writer_take(writer, 2);
    if (room != NULL) {
        room[0] = (uint8_t)(value >> 8);
        room[1] = (uint8_t)value;
    }
}

static inline void dns_writer_u32(struct dns_writer *writer, uint32_t value)
{
    uint8_t *room = dns_writer_take(writer, 4);
    if (room != NULL) {
        room[0] = (uint8_t)(value >> 24);
        room[1] = (uint8_t)(value >> 16);
        room[2] = (uint8_t)(value >> 8);
        room[3] = (uint8_t)value;
    }
}

static inline void dns_writer_bytes(struct dns_writer *writer, const void *data, size_t len)
{
    uint8_t *room = dns_writer_take(writer, len);
    if (room != NULL && len > 0) {
        memcpy(room, data, len);
    }
}

// at + 2 <= len
static inline void dns_writer_patch_u16(struct dns_writer *writer, size_t at, uint16_t value)
{
    assert(at + 2 <= writer->len);
    writer->data[at] = (uint8_t)(value >> 8);
    writer->data[at + 1] = (uint8_t)value;
}

// Back to an earlier length; clears full.
static inline void dns_writer_rewind(struct dns_writer *writer, size_t len)
{
    assert(len <= writer->len);
    writer->len = len;
    writer->full = false;
}

#endif
