// SPDX-License-Identifier: MIT
// A bounded reader over foreign bytes. Sticky: after a read past the end every read yields zero and failed
// stays set, so that one check at the end is enough. Pure; one owner.
// The small reads are inline: every query passes through a dozen of them.
#ifndef NEARWELL_CORE_DNS_READER_H
#define NEARWELL_CORE_DNS_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "core/dns/name.h"

struct dns_reader {
    const uint8_t *data;
    size_t len;
    size_t at; // never above len
    bool failed;
};

static inline void dns_reader_init(struct dns_reader *reader, const uint8_t *data, size_t len)
{
    *reader = (struct dns_reader){data, len, 0, false};
}

static inline size_t dns_reader_left(const struct dns_reader *reader)
{
    return reader->len - reader->at;
}

// Nothing is left afterwards, which is what makes later reads fail too.
static inline void dns_reader_fail(struct dns_reader *reader)
{
    reader->at = reader->len;
    reader->failed = true;
}

// {NULL, 0} on failure.
static inline struct bytes dns_reader_bytes(struct dns_reader *reader, size_t len)
{
    if (reader->failed || len > dns_reader_left(reader)) {
        dns_reader_fail(reader);
        return (struct bytes){NULL, 0};
    }
    struct bytes taken = {reader->data + reader->at, len};
    reader->at += len;
    return taken;
}

static inline void dns_reader_skip(struct dns_reader *reader, size_t len)
{
    (void)dns_reader_bytes(reader, len);
}

// Big-endian numbers inside a slice that is known to be long enough: one check for many fields.
static inline uint16_t dns_u16_at(struct bytes slice, size_t at)
{
    return (uint16_t)(slice.data[at] << 8 | slice.data[at + 1]);
}

static inline uint32_t dns_u32_at(struct bytes slice, size_t at)
{
    return (uint32_t)dns_u16_at(slice, at) << 16 | dns_u16_at(slice, at + 2);
}

static inline uint8_t dns_reader_u8(struct dns_reader *reader)
{
    struct bytes b = dns_reader_bytes(reader, 1);
    return b.data != NULL ? b.data[0] : 0;
}

static inline uint16_t dns_reader_u16(struct dns_reader *reader)
{
    struct bytes b = dns_reader_bytes(reader, 2);
    return b.data != NULL ? dns_u16_at(b, 0) : 0;
}

static inline uint32_t dns_reader_u32(struct dns_reader *reader)
{
    struct bytes b = dns_reader_bytes(reader, 4);
    return b.data != NULL ? dns_u32_at(b, 0) : 0;
}

// A name, compression followed (RFC 1035 section 4.1.4): pointers must point strictly backwards, so a loop
// cannot be built. On failure out is the root.
void dns_reader_name(struct dns_reader *reader, struct dns_name *out);

#endif
