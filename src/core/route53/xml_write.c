// SPDX-License-Identifier: MIT
#include "xml.h"

#define REPLACEMENT "\xef\xbf\xbd" // U+FFFD

// U+FFFE and U+FFFF, of three bytes each.
static bool is_noncharacter(struct bytes text, size_t at)
{
    return text.len - at >= 3 && text.data[at] == 0xef && text.data[at + 1] == 0xbf &&
           text.data[at + 2] >= 0xbe;
}

void xml_escape(struct bytes text, struct buffer *out)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (c == '&') {
            buffer_text(out, "&amp;");
        } else if (c == '<') {
            buffer_text(out, "&lt;");
        } else if (c == '>') {
            buffer_text(out, "&gt;");
        } else if (c == '\r') {
            buffer_text(out, "&#xD;"); // raw, a parser reads a line feed
        } else if (c < 0x20 && c != '\t' && c != '\n') {
            buffer_text(out, REPLACEMENT);
        } else if (is_noncharacter(text, i)) {
            buffer_text(out, REPLACEMENT);
            i += 2;
        } else {
            buffer_char(out, (char)c);
        }
    }
}

static void write_value(const json_t *value, struct buffer *out)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        xml_escape((struct bytes){(const uint8_t *)json_string_value(value), json_string_length(value)}, out);
        break;
    case JSON_INTEGER:
        buffer_format(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        buffer_format(out, "%.15g", json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        buffer_text(out, json_is_true(value) ? "true" : "false");
        break;
    case JSON_OBJECT:
    case JSON_ARRAY:
    case JSON_NULL:
        break;
    }
}

static void write_element(const char *name, const struct shape *shape, const json_t *value,
                          struct buffer *out);

static void write_content(const struct shape *shape, const json_t *value, struct buffer *out)
{
    if (shape->kind == SHAPE_LIST) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            write_element(shape->item_name, shape->item, json_array_get(value, i), out);
        }
    } else if (shape->kind == SHAPE_STRUCTURE) {
        for (size_t i = 0; i < shape->count; i++) {
            const struct shape_member *member = &shape->members[i];
            const json_t *inner = json_object_get(value, member->name);
            if (member->location == IN_BODY && inner != NULL && !json_is_null(inner)) {
                write_element(member->name, member->shape, inner, out);
            }
        }
    } else {
        write_value(value, out);
    }
}

static void write_element(const char *name, const struct shape *shape, const json_t *value,
                          struct buffer *out)
{
    buffer_format(out, "<%s>", name);
    write_content(shape, value, out);
    buffer_format(out, "</%s>", name);
}

void xml_write(const struct shape *structure, const json_t *value, struct buffer *out)
{
    buffer_format(out, "<?xml version=\"1.0\"?>\n<%s xmlns=\"" XML_NAMESPACE "\"", structure->name);
    size_t open = out->len;
    buffer_char(out, '>');
    write_content(structure, value, out);
    if (!out->overflow && out->len == open + 1) { // nothing in it
        out->len = open;
        buffer_text(out, "/>");
    } else {
        buffer_format(out, "</%s>", structure->name);
    }
}
