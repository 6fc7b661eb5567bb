// SPDX-License-Identifier: MIT
// Messages as text: hex digits, 'characters' in quotes, blanks ignored: "1234 0100 03'www'00".
#ifndef NEARWELL_TESTS_CORE_DNS_PACKET_H
#define NEARWELL_TESTS_CORE_DNS_PACKET_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

// A copy of exactly its size on the heap, so that a sanitizer sees every read past the end. free() it.
static inline uint8_t *packet_of(const char *text, size_t *len)
{
    uint8_t *packet = malloc(strlen(text) + 1);
    assert(packet != NULL);
    *len = 0;
    while (*text != '\0') {
        if (*text == ' ') {
            text++;
        } else if (*text == '\'') {
            for (text++; *text != '\''; text++) {
                packet[(*len)++] = (uint8_t)*text;
            }
            text++;
        } else {
            size_t one;
            bool ok = bytes_parse_hex((struct bytes){(const uint8_t *)text, 2}, packet + *len, 1, &one);
            assert(ok);
            (*len)++;
            text += 2;
        }
    }
    uint8_t *exact = malloc(*len > 0 ? *len : 1);
    assert(exact != NULL);
    memcpy(exact, packet, *len);
    free(packet);
    return exact;
}

#endif
