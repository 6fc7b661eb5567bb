// SPDX-License-Identifier: MIT
#include "core/dns/reader.h"

#include <string.h>

static bool append(struct dns_name *name, struct bytes label)
{
    // The length byte, the label, and the root label still to come.
    if (name->len + 1 + label.len + 1 > DNS_NAME_MAX) {
        return false;
    }
    name->wire[name->len] = (uint8_t)label.len;
    memcpy(name->wire + name->len + 1, label.data, label.len);
    name->len = (uint8_t)(name->len + 1 + label.len);
    return true;
}

// Moves to where the pointer at walk points: before the part of the name that holds the pointer.
static bool follow(struct dns_reader *walk, uint8_t high, size_t *part_at)
{
    size_t target = (size_t)(high & 0x3f) << 8 | dns_reader_u8(walk);
    if (walk->failed || target >= *part_at) {
        return false;
    }
    walk->at = target;
    *part_at = target;
    return true;
}

// Returns where reading goes on behind the name, 0 when the name is bad.
static size_t read_name(struct dns_reader walk, struct dns_name *out)
{
    size_t end = 0; // behind the first pointer
    size_t part_at = walk.at;
    out->len = 0;
    for (;;) {
        uint8_t len = dns_reader_u8(&walk);
        if (walk.failed) {
            return 0;
        }
        if (len == 0) {
            out->wire[out->len++] = 0;
            return end != 0 ? end : walk.at;
        }
        if (len <= DNS_LABEL_MAX) {
            struct bytes label = dns_reader_bytes(&walk, len);
            if (walk.failed || !append(out, label)) {
                return 0;
            }
        } else if (len < 0xc0) {
            return 0;
        } else {
            end = end != 0 ? end : walk.at + 1;
            if (!follow(&walk, len, &part_at)) {
                return 0;
            }
        }
    }
}

void dns_reader_name(struct dns_reader *reader, struct dns_name *out)
{
    size_t end = reader->failed ? 0 : read_name(*reader, out);
    if (end == 0) {
        dns_reader_fail(reader);
        out->len = 1;
        out->wire[0] = 0;
    } else {
        reader->at = end;
    }
}
