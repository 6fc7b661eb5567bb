// SPDX-License-Identifier: MIT
// Parameters of SVCB and HTTPS: on the wire key, length, value, in ascending order of keys; as text key or
// key=value, in any order (RFC 9460 sections 2.1, 2.2, 7 and appendix A).
#include <string.h>

#include "base/ip.h"

#include "rdata.h"

enum {
    KEY_MANDATORY = 0,
    KEY_ALPN = 1,
    KEY_NO_DEFAULT_ALPN = 2,
    KEY_INVALID = 65535,
    HEADER_LEN = 4,
    MANDATORY_MAX = RDATA_TEXT_MAX / 2,
};

// One parameter on its way from text to wire.
struct param {
    const struct rdata_source *source;
    struct bytes text; // escapes resolved; data is NULL without an equals sign
};

static bool refuse(const struct param *param, const char *problem, const char *reason)
{
    return rdata_refuse(param->source, problem, "", reason);
}

static void put_u16(struct bytes value, size_t at, struct buffer *out)
{
    rdata_put_number(out, (uint32_t)value.data[at] << 8 | value.data[at + 1]);
}

// --- keys --------------------------------------------------------------------------------------------------

static bool parse_mandatory(const struct param *param, struct dns_writer *out);
static bool parse_alpn(const struct param *param, struct dns_writer *out);
static bool parse_nothing(const struct param *param, struct dns_writer *out);
static bool parse_port(const struct param *param, struct dns_writer *out);
static bool parse_ipv4hint(const struct param *param, struct dns_writer *out);
static bool parse_ech(const struct param *param, struct dns_writer *out);
static bool parse_ipv6hint(const struct param *param, struct dns_writer *out);
static bool print_mandatory(struct bytes value, struct buffer *out);
static bool print_alpn(struct bytes value, struct buffer *out);
static bool print_nothing(struct bytes value, struct buffer *out);
static bool print_port(struct bytes value, struct buffer *out);
static bool print_ipv4hint(struct bytes value, struct buffer *out);
static bool print_ech(struct bytes value, struct buffer *out);
static bool print_ipv6hint(struct bytes value, struct buffer *out);

// By number (RFC 9460 section 14.3.2). print is false for malformed values.
static const struct {
    const char *name;
    bool (*parse)(const struct param *param, struct dns_writer *out);
    bool (*print)(struct bytes value, struct buffer *out);
} keys[] = {
    {"mandatory", parse_mandatory, print_mandatory},   {"alpn", parse_alpn, print_alpn},
    {"no-default-alpn", parse_nothing, print_nothing}, {"port", parse_port, print_port},
    {"ipv4hint", parse_ipv4hint, print_ipv4hint},      {"ech", parse_ech, print_ech},
    {"ipv6hint", parse_ipv6hint, print_ipv6hint},
};

enum { KEYS = sizeof keys / sizeof keys[0] };

// named tells a key of the table from the generic form, whose value is opaque even for a known number.
static bool parse_key(struct bytes text, uint16_t *number, bool *named)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (bytes_equal(text, bytes_of(keys[i].name))) {
            *number = (uint16_t)i;
            *named = true;
            return true;
        }
    }
    const size_t prefix = sizeof "key" - 1;
    uint32_t generic;
    if (text.len <= prefix || memcmp(text.data, "key", prefix) != 0 ||
        !bytes_parse_u32((struct bytes){text.data + prefix, text.len - prefix}, KEY_INVALID - 1, &generic)) {
        return false;
    }
    *number = (uint16_t)generic;
    *named = false;
    return true;
}

static void put_key(uint16_t number, struct buffer *out)
{
    if (number < KEYS) {
        rdata_put_text(out, keys[number].name);
    } else {
        rdata_put_text(out, "key");
        rdata_put_number(out, number);
    }
}

// --- values ------------------------------------------------------------------------------------------------

static bool parse_mandatory(const struct param *param, struct dns_writer *out)
{
    uint16_t list[MANDATORY_MAX];
    size_t count = 0;
    struct bytes rest = param->text;
    struct bytes item;
    while (bytes_split(&rest, ',', &item)) {
        uint16_t number;
        bool named;
        if (!parse_key(item, &number, &named) || number == KEY_MANDATORY) {
            return refuse(param, "IllegalMandatory", "Value of mandatory is not a list of other keys");
        }
        size_t place = count;
        for (; place > 0 && list[place - 1] >= number; place--) {
            if (list[place - 1] == number) {
                return refuse(param, "IllegalMandatory", "Value of mandatory names a key twice");
            }
            list[place] = list[place - 1];
        }
        list[place] = number;
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        dns_writer_u16(out, list[i]);
    }
    return true;
}

static bool print_mandatory(struct bytes value, struct buffer *out)
{
    struct dns_reader reader;
    dns_reader_init(&reader, value.data, value.len);
    uint16_t before = KEY_MANDATORY;
    do {
        uint16_t number = dns_reader_u16(&reader);
        if (reader.failed || number <= before || number == KEY_INVALID) {
            return false;
        }
        rdata_put_text(out, before == KEY_MANDATORY ? "=" : ",");
        put_key(number, out);
        before = number;
    } while (dns_reader_left(&reader) > 0);
    return true;
}

static bool end_protocol(const struct param *param, struct dns_writer *out, size_t len_at)
{
    if (out->full) {
        return refuse(param, "IllegalParameters", "Parameters are too long");
    }
    size_t len = out->len - len_at - 1;
    if (len == 0 || len > RDATA_STRING_MAX) {
        return refuse(param, "IllegalAlpn", "Value of alpn is not a list of names of 1 to 255 bytes");
    }
    out->data[len_at] = (uint8_t)len;
    return true;
}

// A list with escapes of its own (appendix A.1): "f\\\\oo\\,bar,h2" in quotes has two items.
static bool parse_alpn(const struct param *param, struct dns_writer *out)
{
    struct bytes text = param->text;
    size_t len_at = out->len;
    dns_writer_u8(out, 0);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (c == ',') {
            if (!end_protocol(param, out, len_at)) {
                return false;
            }
            len_at = out->len;
            dns_writer_u8(out, 0);
            continue;
        }
        if (c == '\\') {
            i++;
            if (i >= text.len || (text.data[i] != ',' && text.data[i] != '\\')) {
                return refuse(param, "IllegalAlpn", "Value of alpn has an escape of something but , and \\");
            }
            c = text.data[i];
        }
        dns_writer_u8(out, c);
    }
    return end_protocol(param, out, len_at);
}

static bool print_alpn(struct bytes value, struct buffer *out)
{
    struct dns_reader reader;
    dns_reader_init(&reader, value.data, value.len);
    rdata_put_text(out, "=\"");
    for (bool first = true; first || dns_reader_left(&reader) > 0; first = false) {
        struct bytes protocol = dns_reader_bytes(&reader, dns_reader_u8(&reader));
        if (protocol.len == 0) {
            return false;
        }
        rdata_put_text(out, first ? "" : ",");
        for (size_t i = 0; i < protocol.len; i++) {
            if (protocol.data[i] == ',' || protocol.data[i] == '\\') {
                rdata_put_escaped(out, '\\');
            }
            rdata_put_escaped(out, protocol.data[i]);
        }
    }
    rdata_put_text(out, "\"");
    return true;
}

static bool parse_nothing(const struct param *param, struct dns_writer *out)
{
    (void)out;
    return param->text.len == 0 ||
           refuse(param, "IllegalNoDefaultAlpn", "Parameter no-default-alpn takes no value");
}

static bool print_nothing(struct bytes value, struct buffer *out)
{
    (void)out;
    return value.len == 0;
}

static bool parse_port(const struct param *param, struct dns_writer *out)
{
    uint32_t port;
    if (!bytes_parse_u32(param->text, UINT16_MAX, &port)) {
        return refuse(param, "IllegalPort", "Value of port is not a number from 0 to 65535");
    }
    dns_writer_u16(out, (uint16_t)port);
    return true;
}

static bool print_port(struct bytes value, struct buffer *out)
{
    if (value.len != 2) {
        return false;
    }
    rdata_put_text(out, "=");
    put_u16(value, 0, out);
    return true;
}

static bool parse_addresses(const struct param *param, uint8_t family, struct dns_writer *out)
{
    struct bytes rest = param->text;
    struct bytes item;
    while (bytes_split(&rest, ',', &item)) {
        struct ip_address address;
        if (!ip_parse(item, &address) || address.family != family) {
            return family == 4 ? refuse(param, "IllegalIPv4Hint", "Value of ipv4hint is not IPv4 addresses")
                               : refuse(param, "IllegalIPv6Hint", "Value of ipv6hint is not IPv6 addresses");
        }
        dns_writer_bytes(out, address.bytes, ip_bits(&address) / 8U);
    }
    return true;
}

static bool parse_ipv4hint(const struct param *param, struct dns_writer *out)
{
    return parse_addresses(param, 4, out);
}

static bool parse_ipv6hint(const struct param *param, struct dns_writer *out)
{
    return parse_addresses(param, 6, out);
}

static bool print_addresses(struct bytes value, uint8_t family, struct buffer *out)
{
    size_t size = family == 4 ? 4 : 16;
    if (value.len == 0 || value.len % size != 0) {
        return false;
    }
    for (size_t at = 0; at < value.len; at += size) {
        struct ip_address address = {.family = family};
        char text[IP_TEXT];
        memcpy(address.bytes, value.data + at, size);
        ip_format(&address, text);
        rdata_put_text(out, at == 0 ? "=" : ",");
        rdata_put_text(out, text);
    }
    return true;
}

static bool print_ipv4hint(struct bytes value, struct buffer *out)
{
    return print_addresses(value, 4, out);
}

static bool print_ipv6hint(struct bytes value, struct buffer *out)
{
    return print_addresses(value, 6, out);
}

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Four characters to one to three bytes; 0 when they are not canonical base64 (RFC 4648 section 3.5).
static size_t decode_four(const uint8_t *text, bool last, uint8_t out[3])
{
    uint32_t bits = 0;
    size_t padding = 0;
    for (size_t i = 0; i < 4; i++) {
        const char *found = text[i] != '\0' ? strchr(base64, text[i]) : NULL;
        if (text[i] == '=' && last && i >= 2) {
            padding++;
        } else if (found == NULL || padding > 0) {
            return 0;
        }
        bits = bits << 6 | (found != NULL ? (uint32_t)(found - base64) : 0);
    }
    out[0] = (uint8_t)(bits >> 16);
    out[1] = (uint8_t)(bits >> 8);
    out[2] = (uint8_t)bits;
    bool canonical = (padding < 1 || out[2] == 0) && (padding < 2 || out[1] == 0);
    return canonical ? 3 - padding : 0;
}

static bool parse_ech(const struct param *param, struct dns_writer *out)
{
    struct bytes text = param->text;
    bool ok = text.len > 0 && text.len % 4 == 0;
    for (size_t at = 0; ok && at < text.len; at += 4) {
        uint8_t three[3];
        size_t len = decode_four(text.data + at, at + 4 == text.len, three);
        ok = len > 0;
        dns_writer_bytes(out, three, len);
    }
    return ok || refuse(param, "IllegalEch", "Value of ech is not base64");
}

static bool print_ech(struct bytes value, struct buffer *out)
{
    rdata_put_text(out, "=");
    for (size_t at = 0; at < value.len; at += 3) {
        size_t left = value.len - at;
        uint32_t bits = (uint32_t)value.data[at] << 16 | (left > 1 ? (uint32_t)value.data[at + 1] << 8 : 0) |
                        (left > 2 ? value.data[at + 2] : 0U);
        char four[4] = {base64[bits >> 18], base64[bits >> 12 & 63], '=', '='};
        if (left > 1) {
            four[2] = base64[bits >> 6 & 63];
        }
        if (left > 2) {
            four[3] = base64[bits & 63];
        }
        rdata_put(out, four, sizeof four);
    }
    return value.len > 0;
}

// --- parameters --------------------------------------------------------------------------------------------

static void reverse(uint8_t *from, uint8_t *to)
{
    while (from < to) {
        uint8_t byte = *from;
        *from++ = *--to;
        *to = byte;
    }
}

// Moves the last parameter of the list to its place among the others; false when its key was there.
static bool sort_in(uint8_t *list, size_t last_at, size_t len)
{
    struct dns_reader reader;
    dns_reader_init(&reader, list, last_at);
    uint16_t key = (uint16_t)(list[last_at] << 8 | list[last_at + 1]);
    while (dns_reader_left(&reader) > 0) {
        size_t at = reader.at;
        uint16_t other = dns_reader_u16(&reader);
        if (other == key) {
            return false;
        }
        if (other > key) {
            // Turning each part round, and then the whole, swaps them.
            reverse(list + at, list + last_at);
            reverse(list + last_at, list + len);
            reverse(list + at, list + len);
            return true;
        }
        dns_reader_skip(&reader, dns_reader_u16(&reader));
    }
    return true;
}

static struct bytes take(struct rdata_source *source, size_t len)
{
    struct bytes taken = {source->rest.data, len};
    source->rest = (struct bytes){source->rest.data + len, source->rest.len - len};
    return taken;
}

static bool take_value(struct rdata_source *source, struct bytes *raw)
{
    if (source->rest.len > 0 && source->rest.data[0] == '"') {
        return rdata_quoted(source, raw);
    }
    size_t len = 0;
    while (len < source->rest.len && source->rest.data[len] != ' ' && source->rest.data[len] != '\t') {
        if (source->rest.data[len] == '"') {
            return rdata_refuse_plain(source, "InvalidCharacterString",
                                      "Value should be enclosed in quotation marks");
        }
        len++;
    }
    *raw = take(source, len);
    return true;
}

static bool parse_param(struct rdata_source *source, struct dns_writer *out)
{
    struct bytes rest = source->rest;
    size_t key_len = 0;
    while (key_len < rest.len && rest.data[key_len] != '=' && rest.data[key_len] != ' ' &&
           rest.data[key_len] != '\t') {
        key_len++;
    }
    uint16_t number;
    bool named;
    if (!parse_key(take(source, key_len), &number, &named)) {
        return rdata_refuse(source, "UnknownParameter", "", "Key of a parameter is unknown");
    }
    struct bytes raw = {(const uint8_t *)"", 0};
    if (source->rest.len > 0 && source->rest.data[0] == '=') {
        take(source, 1);
        if (!take_value(source, &raw)) {
            return false;
        }
    }
    uint8_t text[RDATA_TEXT_MAX];
    struct param param = {source, {text, 0}};
    size_t start = out->len;
    dns_writer_u16(out, number);
    dns_writer_u16(out, 0);
    if (!rdata_unescape(source, raw, text, &param.text.len)) {
        return false;
    }
    if (!named) {
        dns_writer_bytes(out, text, param.text.len);
    } else if (!keys[number].parse(&param, out)) {
        return false;
    }
    if (out->full) {
        return refuse(&param, "IllegalParameters", "Parameters are too long");
    }
    dns_writer_patch_u16(out, start + 2, (uint16_t)(out->len - start - HEADER_LEN));
    return true;
}

bool svcb_parse(struct rdata_source *source, struct dns_writer *out)
{
    size_t list_at = out->len;
    for (rdata_skip_blanks(source); source->rest.len > 0; rdata_skip_blanks(source)) {
        size_t last_at = out->len;
        if (!parse_param(source, out)) {
            return false;
        }
        if (!sort_in(out->data + list_at, last_at - list_at, out->len - list_at)) {
            return rdata_refuse(source, "DuplicateParameter", "", "A parameter is there twice");
        }
    }
    return true;
}

static bool print_value(uint16_t number, struct bytes value, struct buffer *out)
{
    if (number < KEYS) {
        return keys[number].print(value, out);
    }
    if (value.len > 0) {
        rdata_put_text(out, "=");
        rdata_put_quoted(out, value);
    }
    return true;
}

bool svcb_print(struct bytes params, struct buffer *out)
{
    struct dns_reader reader;
    dns_reader_init(&reader, params.data, params.len);
    int before = -1;
    while (dns_reader_left(&reader) > 0) {
        uint16_t number = dns_reader_u16(&reader);
        struct bytes value = dns_reader_bytes(&reader, dns_reader_u16(&reader));
        if (reader.failed || number <= before || number == KEY_INVALID) {
            return false;
        }
        rdata_put_text(out, before < 0 ? "" : " ");
        put_key(number, out);
        if (!print_value(number, value, out)) {
            return false;
        }
        before = number;
    }
    return true;
}

// Keys in params, given in any order.
static bool find(struct bytes params, uint16_t wanted, struct bytes *value)
{
    struct dns_reader reader;
    dns_reader_init(&reader, params.data, params.len);
    while (dns_reader_left(&reader) > 0) {
        uint16_t number = dns_reader_u16(&reader);
        *value = dns_reader_bytes(&reader, dns_reader_u16(&reader));
        if (number == wanted) {
            return true;
        }
    }
    return false;
}

bool svcb_consistent(struct bytes params)
{
    struct bytes mandatory = {NULL, 0};
    struct bytes value;
    if (find(params, KEY_NO_DEFAULT_ALPN, &value) && !find(params, KEY_ALPN, &value)) {
        return false;
    }
    if (!find(params, KEY_MANDATORY, &mandatory)) {
        return true;
    }
    struct dns_reader reader;
    dns_reader_init(&reader, mandatory.data, mandatory.len);
    while (dns_reader_left(&reader) > 0) {
        if (!find(params, dns_reader_u16(&reader), &value)) {
            return false;
        }
    }
    return true;
}
