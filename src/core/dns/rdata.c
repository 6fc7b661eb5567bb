// SPDX-License-Identifier: MIT
#include "rdata.h"

#include <string.h>

#include "core/dns/rrtype.h"

#include "text.h"

// --- wire to text ------------------------------------------------------------------------------------------

// False on malformed rdata, after some output; a NULL out only checks.
static bool print(const struct rrtype *type, struct bytes rdata, struct buffer *out)
{
    struct dns_reader reader;
    dns_reader_init(&reader, rdata.data, rdata.len);
    for (const struct rdata_field *field = type->fields; field->kind != RDATA_END; field++) {
        bool absent = field->kind == RDATA_PARAMS && dns_reader_left(&reader) == 0;
        if (field != type->fields && !absent) {
            rdata_put_text(out, " ");
        }
        rdata_field_print(&reader, field->kind, out);
        if (reader.failed) {
            return false;
        }
    }
    return dns_reader_left(&reader) == 0;
}

static bool consistent(const struct rrtype *type, struct bytes rdata)
{
    return type->rule == NULL || type->rule->holds(rdata);
}

void dns_rdata_format(uint16_t type, struct bytes rdata, struct buffer *out)
{
    const struct rrtype *row = rrtype_find(type);
    if (row != NULL && rdata.len > 0 && print(row, rdata, NULL) && consistent(row, rdata)) {
        print(row, rdata, out);
        return;
    }
    buffer_format(out, "\\# %zu", rdata.len);
    if (rdata.len > 0) {
        buffer_char(out, ' ');
        rdata_put_hex(out, rdata);
    }
}

// --- text to wire ------------------------------------------------------------------------------------------

static bool has_more(struct rdata_source *source)
{
    rdata_skip_blanks(source);
    return source->rest.len > 0;
}

static bool parse_fields(struct rdata_source *source, struct dns_writer *writer)
{
    const struct rdata_field *fields = source->type->fields;
    bool alone = fields[1].kind == RDATA_END;
    for (const struct rdata_field *field = fields; field->kind != RDATA_END; field++) {
        if (!rdata_field_parse(source, field, alone, writer)) {
            return false;
        }
    }
    if (has_more(source)) {
        return rdata_refuse(source, "TooManyFields", "", "Value has more fields than its type");
    }
    return true;
}

// Names to lower case, in place. The rdata is well-formed.
static void fold_names(const struct rrtype *type, uint8_t *rdata, size_t len)
{
    size_t at = 0;
    for (const struct rdata_field *field = type->fields; field->kind != RDATA_END; field++) {
        struct dns_name name;
        if (field->kind == RDATA_NAME && dns_name_from_wire((struct bytes){rdata + at, len - at}, &name)) {
            dns_name_fold(&name);
            memcpy(rdata + at, name.wire, name.len);
            at += name.len;
        } else {
            struct dns_reader reader;
            dns_reader_init(&reader, rdata + at, len - at);
            rdata_field_print(&reader, field->kind, NULL);
            at += reader.at;
        }
    }
}

// What follows \#: a length, and that many bytes in hex (RFC 3597 section 5).
static bool parse_generic(struct rdata_source *source, uint8_t out[DNS_RDATA_MAX], size_t *len)
{
    uint32_t announced;
    size_t total = 0;
    if (!bytes_parse_u32(rdata_token(source), DNS_RDATA_MAX, &announced)) {
        return rdata_refuse_plain(source, "InvalidGenericValue",
                                  "Length after \\# is not a number from 0 to 65535");
    }
    while (has_more(source)) {
        size_t more;
        if (!bytes_parse_hex(rdata_token(source), out + total, DNS_RDATA_MAX - total, &more)) {
            return rdata_refuse_plain(source, "InvalidGenericValue", "Data is not pairs of hex digits");
        }
        total += more;
    }
    if (total != announced) {
        return rdata_refuse_plain(source, "InvalidGenericValue", "Data does not have the length before it");
    }
    if (source->type != NULL) {
        struct bytes rdata = {out, total};
        if (total == 0 || !print(source->type, rdata, NULL) || !consistent(source->type, rdata)) {
            return rdata_refuse_plain(source, "InvalidGenericValue", "Data is malformed for its type");
        }
        fold_names(source->type, out, total);
    }
    *len = total;
    return true;
}

static bool parse_known(struct rdata_source *source, uint8_t out[DNS_RDATA_MAX], size_t *len)
{
    const struct rrtype *type = source->type;
    struct dns_writer writer;
    dns_writer_init(&writer, out, DNS_RDATA_MAX);
    if (!parse_fields(source, &writer)) {
        return false;
    }
    if (writer.full) {
        return rdata_refuse_plain(source, "ValueTooLong", "Value is longer than 65535 bytes");
    }
    struct bytes rdata = {out, writer.len};
    if (!print(type, rdata, NULL)) { // a generic parameter of SVCB or HTTPS can be wrong in itself
        return rdata_refuse(source, "IllegalParameters", "", "A parameter is malformed");
    }
    if (!consistent(type, rdata)) {
        return rdata_refuse(source, type->rule->problem, "", type->rule->reason);
    }
    *len = writer.len;
    return true;
}

static bool is_generic(struct bytes text)
{
    return text.len > 2 && text.data[0] == '\\' && text.data[1] == '#' &&
           (text.data[2] == ' ' || text.data[2] == '\t');
}

bool dns_rdata_parse(uint16_t type, struct bytes text, uint8_t out[DNS_RDATA_MAX], size_t *len,
                     struct error *error)
{
    text.data = text.len > 0 ? text.data : (const uint8_t *)"";
    struct rdata_source source = {rrtype_find(type), text, text, error};
    if (source.type != NULL && text.len > RDATA_TEXT_MAX) {
        return rdata_refuse_plain(&source, "ValueTooLong", "Value is longer than 4000 characters");
    }
    if (is_generic(text)) {
        source.rest = (struct bytes){text.data + 2, text.len - 2};
        return parse_generic(&source, out, len);
    }
    if (source.type == NULL) {
        return rdata_refuse_plain(&source, "InvalidGenericValue",
                                  "Value should have the form \\# LENGTH HEX");
    }
    return parse_known(&source, out, len);
}

// --- wire in a message to wire -----------------------------------------------------------------------------

// A field other than a name, whose bytes are the same everywhere.
static struct bytes take_field(struct dns_reader *in, enum rdata_kind kind)
{
    switch (kind) {
    case RDATA_U8:
        return dns_reader_bytes(in, 1);
    case RDATA_U16:
        return dns_reader_bytes(in, 2);
    case RDATA_IPV4:
    case RDATA_U32:
        return dns_reader_bytes(in, 4);
    case RDATA_IPV6:
        return dns_reader_bytes(in, 16);
    case RDATA_TAG:
    case RDATA_STRING: {
        struct dns_reader peek = *in;
        return dns_reader_bytes(in, dns_reader_u8(&peek) + 1U);
    }
    default:
        return dns_reader_bytes(in, dns_reader_left(in));
    }
}

bool rdata_copy(uint16_t type, struct dns_reader *in, struct dns_writer *out)
{
    static const struct rrtype opaque = {.fields = {{RDATA_HEX, "Data"}}};
    const struct rrtype *row = rrtype_find(type);
    row = row != NULL ? row : &opaque;
    for (const struct rdata_field *field = row->fields; field->kind != RDATA_END; field++) {
        if (field->kind == RDATA_NAME) {
            struct dns_name name;
            dns_reader_name(in, &name);
            dns_writer_bytes(out, name.wire, name.len);
        } else {
            struct bytes taken = take_field(in, field->kind);
            dns_writer_bytes(out, taken.data, taken.len);
        }
    }
    return !in->failed && dns_reader_left(in) == 0 && !out->full;
}
