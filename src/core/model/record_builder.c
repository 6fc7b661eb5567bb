// SPDX-License-Identifier: MIT
#include "record_builder.h"

#include <string.h>

#include "core/dns/message.h"
#include "core/dns/rrtype.h"

static uint8_t *put_u16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
    return at + 2;
}

void record_builder_freeze(struct arena *arena, const struct record_set_spec *spec, struct record_set *out)
{
    size_t len = 0;
    for (uint32_t i = 0; i < spec->record_count; i++) {
        len += RECORD_HEADER + spec->records[i].rdata_len;
    }
    uint8_t *at = arena_alloc(arena, len, 1);
    out->records = at;
    out->records_len = (uint32_t)len;
    out->record_count = (uint16_t)spec->record_count;
    for (uint32_t i = 0; i < spec->record_count; i++) {
        at = put_u16(at, 0xc000 | DNS_HEADER_LEN);
        at = put_u16(at, spec->type);
        at = put_u16(at, DNS_CLASS_IN);
        at = put_u16(at, spec->ttl >> 16);
        at = put_u16(at, spec->ttl);
        at = put_u16(at, spec->records[i].rdata_len);
        memcpy(at, spec->records[i].rdata, spec->records[i].rdata_len);
        at += spec->records[i].rdata_len;
    }
}
