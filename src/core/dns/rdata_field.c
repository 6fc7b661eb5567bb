// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "base/ip.h"
#include "core/dns/name.h"

#include "rdata.h"
#include "text.h"

// --- refusals ----------------------------------------------------------------------------------------------

bool rdata_refuse_plain(const struct rdata_source *source, const char *code, const char *reason)
{
    return dns_text_refuse(source->error, code, reason, source->value);
}

bool rdata_refuse(const struct rdata_source *source, const char *problem, const char *field,
                  const char *reason)
{
    char code[80];
    snprintf(code, sizeof code, "%sRRDATA%s%s", source->type->name, problem, field);
    return rdata_refuse_plain(source, code, reason);
}

static bool refuse_missing(const struct rdata_source *source, const char *field)
{
    char reason[64];
    snprintf(reason, sizeof reason, "%s is missing", field);
    return rdata_refuse(source, "Missing", field, reason);
}

static bool refuse_unquoted(const struct rdata_source *source)
{
    return rdata_refuse_plain(source, "InvalidCharacterString",
                              "Value should be enclosed in quotation marks");
}

// --- pieces of text ----------------------------------------------------------------------------------------

static bool blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static struct bytes take(struct rdata_source *source, size_t len)
{
    struct bytes taken = {source->rest.data, len};
    source->rest = (struct bytes){source->rest.data + len, source->rest.len - len};
    return taken;
}

void rdata_skip_blanks(struct rdata_source *source)
{
    size_t len = 0;
    while (len < source->rest.len && blank(source->rest.data[len])) {
        len++;
    }
    if (len > 0) {
        take(source, len);
    }
}

struct bytes rdata_token(struct rdata_source *source)
{
    rdata_skip_blanks(source);
    size_t len = 0;
    while (len < source->rest.len && !blank(source->rest.data[len])) {
        len++;
    }
    return len > 0 ? take(source, len) : (struct bytes){NULL, 0};
}

bool rdata_quoted(struct rdata_source *source, struct bytes *inside)
{
    struct bytes rest = source->rest;
    if (rest.len == 0 || rest.data[0] != '"') {
        return refuse_unquoted(source);
    }
    size_t end = 1;
    while (end < rest.len && rest.data[end] != '"') {
        end += rest.data[end] == '\\' ? 2 : 1;
    }
    if (end >= rest.len || (end + 1 < rest.len && !blank(rest.data[end + 1]))) {
        return refuse_unquoted(source);
    }
    struct bytes quoted = take(source, end + 1);
    *inside = (struct bytes){quoted.data + 1, quoted.len - 2};
    return true;
}

bool rdata_unescape(const struct rdata_source *source, struct bytes text, uint8_t out[RDATA_TEXT_MAX],
                    size_t *len)
{
    size_t used;
    *len = 0;
    for (size_t at = 0; at < text.len; at += used) {
        uint8_t c = text.data[at];
        used = 1;
        if (c == '\\') {
            used = dns_text_unescape((struct bytes){text.data + at, text.len - at}, &c);
            if (used == 0) {
                return rdata_refuse_plain(source, "InvalidEscape", DNS_TEXT_ESCAPE_RULE);
            }
        } else if (!dns_text_printable(c) && c != ' ') {
            return rdata_refuse_plain(source, "UnsupportedCharacter",
                                      "Value contains unsupported characters");
        }
        out[(*len)++] = c;
    }
    return true;
}

// --- text to wire ------------------------------------------------------------------------------------------

static bool parse_number(struct rdata_source *source, const char *name, uint32_t most, uint32_t *out)
{
    struct bytes token = rdata_token(source);
    if (token.len == 0) {
        return refuse_missing(source, name);
    }
    if (!bytes_parse_u32(token, most, out)) {
        char reason[80];
        snprintf(reason, sizeof reason, "%s is not a number from 0 to %u", name, most);
        return rdata_refuse(source, "Illegal", name, reason);
    }
    return true;
}

// A value that is one field may not even have blanks around it.
static bool take_single(struct rdata_source *source, struct bytes *text)
{
    *text = take(source, source->rest.len);
    for (size_t i = 0; i < text->len; i++) {
        if (blank(text->data[i])) {
            return rdata_refuse(source, "NotSingleField", "", "Value contains spaces");
        }
    }
    return true;
}

static bool parse_address(struct rdata_source *source, const char *name, uint8_t family,
                          struct dns_writer *out)
{
    struct bytes text;
    if (!take_single(source, &text)) {
        return false;
    }
    struct ip_address address;
    if (memchr(text.data, ' ', text.len) != NULL) {
        return rdata_refuse(source, "NotSingle", "Field", "Value contains spaces");
    }
    if (!ip_parse(text, &address) || address.family != family) {
        return rdata_refuse(source, "Illegal", name,
                            family == 4 ? "Value is not a valid IPv4 address"
                                        : "Value is not a valid IPv6 address");
    }
    dns_writer_bytes(out, address.bytes, ip_bits(&address) / 8U);
    return true;
}

static bool parse_name(struct rdata_source *source, const char *name, bool alone, struct dns_writer *out)
{
    struct bytes text = {NULL, 0};
    if (alone && !take_single(source, &text)) {
        return false;
    }
    text = alone ? text : rdata_token(source);
    if (text.len == 0 && !alone) {
        return refuse_missing(source, name);
    }
    struct dns_name parsed;
    if (!dns_name_parse(text, &parsed, source->error)) {
        return false;
    }
    dns_name_fold(&parsed);
    dns_writer_bytes(out, parsed.wire, parsed.len);
    return true;
}

static bool alphanumeric(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = ascii_lower(text.data[i]);
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
            return false;
        }
    }
    return true;
}

static bool parse_tag(struct rdata_source *source, const char *name, struct dns_writer *out)
{
    struct bytes tag = rdata_token(source);
    if (tag.len == 0) {
        return refuse_missing(source, name);
    }
    if (tag.len > RDATA_STRING_MAX || !alphanumeric(tag)) {
        return rdata_refuse(source, "Illegal", name, "Tag is not 1 to 255 letters and digits");
    }
    dns_writer_u8(out, (uint8_t)tag.len);
    dns_writer_bytes(out, tag.data, tag.len);
    return true;
}

// most is RDATA_STRING_MAX for a string with a length byte.
static bool parse_quoted(struct rdata_source *source, size_t most, struct dns_writer *out)
{
    struct bytes inside = {NULL, 0};
    uint8_t string[RDATA_TEXT_MAX];
    size_t len;
    rdata_skip_blanks(source);
    if (!rdata_quoted(source, &inside) || !rdata_unescape(source, inside, string, &len)) {
        return false;
    }
    if (len > most) {
        return rdata_refuse_plain(source, "CharacterStringTooLong", "Value is too long");
    }
    if (most == RDATA_STRING_MAX) {
        dns_writer_u8(out, (uint8_t)len);
    }
    dns_writer_bytes(out, string, len);
    return true;
}

static bool parse_strings(struct rdata_source *source, struct dns_writer *out)
{
    do {
        if (!parse_quoted(source, RDATA_STRING_MAX, out)) {
            return false;
        }
        rdata_skip_blanks(source);
    } while (source->rest.len > 0);
    return true;
}

static bool parse_hex(struct rdata_source *source, const char *name, struct dns_writer *out)
{
    struct bytes token = rdata_token(source);
    if (token.len == 0) {
        return refuse_missing(source, name);
    }
    for (; token.len > 0; token = rdata_token(source)) {
        uint8_t data[RDATA_TEXT_MAX / 2];
        size_t len;
        if (!bytes_parse_hex(token, data, sizeof data, &len)) {
            char reason[64];
            snprintf(reason, sizeof reason, "%s is not pairs of hex digits", name);
            return rdata_refuse(source, "Illegal", name, reason);
        }
        dns_writer_bytes(out, data, len);
    }
    return true;
}

bool rdata_field_parse(struct rdata_source *source, const struct rdata_field *field, bool alone,
                       struct dns_writer *out)
{
    uint32_t number = 0;
    bool ok = false;
    switch (field->kind) {
    case RDATA_IPV4:
        return parse_address(source, field->name, 4, out);
    case RDATA_IPV6:
        return parse_address(source, field->name, 6, out);
    case RDATA_U8:
        ok = parse_number(source, field->name, UINT8_MAX, &number);
        dns_writer_u8(out, (uint8_t)number);
        return ok;
    case RDATA_U16:
        ok = parse_number(source, field->name, UINT16_MAX, &number);
        dns_writer_u16(out, (uint16_t)number);
        return ok;
    case RDATA_U32:
        ok = parse_number(source, field->name, UINT32_MAX, &number);
        dns_writer_u32(out, number);
        return ok;
    case RDATA_NAME:
        return parse_name(source, field->name, alone, out);
    case RDATA_TAG:
        return parse_tag(source, field->name, out);
    case RDATA_STRING:
        return parse_quoted(source, RDATA_STRING_MAX, out);
    case RDATA_STRINGS:
        return parse_strings(source, out);
    case RDATA_TEXT:
        return parse_quoted(source, RDATA_TEXT_MAX, out);
    case RDATA_HEX:
        return parse_hex(source, field->name, out);
    case RDATA_PARAMS:
        return svcb_parse(source, out);
    case RDATA_END:
        break;
    }
    return false;
}

// --- wire to text ------------------------------------------------------------------------------------------

void rdata_put(struct buffer *out, const void *text, size_t len)
{
    if (out != NULL) {
        buffer_append(out, text, len);
    }
}

void rdata_put_text(struct buffer *out, const char *text)
{
    rdata_put(out, text, strlen(text));
}

void rdata_put_number(struct buffer *out, uint32_t number)
{
    if (out != NULL) {
        buffer_format(out, "%u", number);
    }
}

void rdata_put_escaped(struct buffer *out, uint8_t c)
{
    char octal[4];
    if (c == '"' || c == '\\') {
        rdata_put(out, (char[]){'\\', (char)c}, 2);
    } else if (dns_text_printable(c) || c == ' ') {
        rdata_put(out, &c, 1);
    } else {
        rdata_put(out, octal, dns_text_octal(c, octal));
    }
}

void rdata_put_quoted(struct buffer *out, struct bytes string)
{
    rdata_put_text(out, "\"");
    for (size_t i = 0; i < string.len; i++) {
        rdata_put_escaped(out, string.data[i]);
    }
    rdata_put_text(out, "\"");
}

void rdata_put_hex(struct buffer *out, struct bytes data)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < data.len; i++) {
        rdata_put(out, (char[]){digits[data.data[i] >> 4], digits[data.data[i] & 15]}, 2);
    }
}

static void print_address(struct dns_reader *in, uint8_t family, struct buffer *out)
{
    struct bytes b = dns_reader_bytes(in, family == 4 ? 4 : 16);
    struct ip_address address = {.family = family};
    char text[IP_TEXT];
    if (!in->failed && out != NULL) {
        memcpy(address.bytes, b.data, b.len);
        ip_format(&address, text);
        rdata_put_text(out, text);
    }
}

static void print_name(struct dns_reader *in, struct buffer *out)
{
    struct bytes rest = {in->data + in->at, dns_reader_left(in)};
    struct dns_name name;
    char text[DNS_NAME_TEXT];
    if (!dns_name_from_wire(rest, &name)) {
        dns_reader_fail(in);
        return;
    }
    dns_reader_skip(in, name.len);
    if (out != NULL) {
        dns_name_format_plain(&name, text);
        rdata_put_text(out, text);
    }
}

static struct bytes read_string(struct dns_reader *in)
{
    return dns_reader_bytes(in, dns_reader_u8(in));
}

static void print_tag(struct dns_reader *in, struct buffer *out)
{
    struct bytes tag = read_string(in);
    if (tag.len == 0 || !alphanumeric(tag)) {
        dns_reader_fail(in);
    }
    rdata_put(out, tag.data, tag.len);
}

static void print_strings(struct dns_reader *in, struct buffer *out)
{
    rdata_put_quoted(out, read_string(in));
    while (dns_reader_left(in) > 0) {
        rdata_put_text(out, " ");
        rdata_put_quoted(out, read_string(in));
    }
}

void rdata_field_print(struct dns_reader *in, enum rdata_kind kind, struct buffer *out)
{
    struct bytes rest;
    switch (kind) {
    case RDATA_IPV4:
        print_address(in, 4, out);
        return;
    case RDATA_IPV6:
        print_address(in, 6, out);
        return;
    case RDATA_U8:
        rdata_put_number(out, dns_reader_u8(in));
        return;
    case RDATA_U16:
        rdata_put_number(out, dns_reader_u16(in));
        return;
    case RDATA_U32:
        rdata_put_number(out, dns_reader_u32(in));
        return;
    case RDATA_NAME:
        print_name(in, out);
        return;
    case RDATA_TAG:
        print_tag(in, out);
        return;
    case RDATA_STRING:
        rdata_put_quoted(out, read_string(in));
        return;
    case RDATA_STRINGS:
        print_strings(in, out);
        return;
    case RDATA_TEXT:
    case RDATA_HEX:
    case RDATA_PARAMS:
    case RDATA_END:
        break;
    }
    rest = dns_reader_bytes(in, dns_reader_left(in));
    if (kind == RDATA_TEXT) {
        rdata_put_quoted(out, rest);
    } else if (kind == RDATA_HEX && rest.len > 0) {
        rdata_put_hex(out, rest);
    } else if (kind != RDATA_PARAMS || !svcb_print(rest, out)) {
        dns_reader_fail(in);
    }
}
