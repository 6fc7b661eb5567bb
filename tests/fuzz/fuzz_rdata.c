// SPDX-License-Identifier: MIT
// One value: two bytes choose the type, the rest is its wire form and its text. Both must become stable
// after one turn.
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/dns/rrtype.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { VALUE_TEXT_MAX = 4000 };

static uint8_t wire[DNS_RDATA_MAX];
static uint8_t wire_again[DNS_RDATA_MAX];

static void print(uint16_t type, struct bytes rdata, struct buffer *text)
{
    buffer_init(text, 1 << 20);
    dns_rdata_format(type, rdata, text);
    assert(!text->overflow);
}

static bool parse(uint16_t type, const struct buffer *text, uint8_t out[DNS_RDATA_MAX], size_t *len)
{
    struct error error = {0};
    bool ok = dns_rdata_parse(type, bytes_of(buffer_string(text)), out, len, &error);
    assert(error.set == !ok);
    return ok;
}

// Accepted rdata prints as text that is accepted and means the same.
static void check_accepted(uint16_t type, size_t len)
{
    struct buffer text;
    size_t len_again;
    print(type, (struct bytes){wire, len}, &text);
    if (text.len <= VALUE_TEXT_MAX || !dns_rrtype_in_route53(type)) {
        assert(parse(type, &text, wire_again, &len_again));
        assert(len_again == len && memcmp(wire, wire_again, len) == 0);
    }
    buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size - 2 > DNS_RDATA_MAX) {
        return 0;
    }
    uint16_t type = (uint16_t)(data[0] << 8 | data[1]);
    type = data[0] < 0x80 ? dns_rrtype_at(data[1] % dns_rrtype_count()) : type;
    struct bytes input = {data + 2, size - 2};
    struct buffer text;
    struct error error = {0};
    size_t len;
    if (dns_rdata_parse(type, input, wire, &len, &error)) {
        check_accepted(type, len);
    }
    print(type, input, &text);
    bool malformed = dns_rrtype_in_route53(type) && text.data[0] == '\\' && text.data[1] == '#';
    bool too_long = dns_rrtype_in_route53(type) && text.len > VALUE_TEXT_MAX;
    bool accepted = parse(type, &text, wire, &len);
    assert(too_long || malformed || accepted);
    assert(!malformed || text.data[2] != ' ' || !accepted);
    if (accepted) {
        assert(len == input.len); // only the case of names may have changed
        check_accepted(type, len);
    }
    buffer_free(&text);
    return 0;
}
