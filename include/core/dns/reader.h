// SPDX-License-Identifier: MIT
// A bounded reader over foreign bytes. Sticky: after a read past the end every read yields zero and failed
// stays set, so that one check at the end is enough. Pure; one owner.
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
    size_t at;
    bool failed;
};

void dns_reader_init(struct dns_reader *reader, const uint8_t *data, size_t len);
size_t dns_reader_left(const struct dns_reader *reader);
uint8_t dns_reader_u8(struct dns_reader *reader);
uint16_t dns_reader_u16(struct dns_reader *reader);
uint32_t dns_reader_u32(struct dns_reader *reader);
struct bytes dns_reader_bytes(struct dns_reader *reader, size_t len); // {NULL, 0} on failure
void dns_reader_skip(struct dns_reader *reader, size_t len);

// A name, compression followed (RFC 1035 section 4.1.4): pointers must point strictly backwards, so a loop
// cannot be built. On failure out is the root.
void dns_reader_name(struct dns_reader *reader, struct dns_name *out);

#endif
