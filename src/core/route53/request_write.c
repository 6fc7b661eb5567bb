// SPDX-License-Identifier: MIT
// The way back: from an operation and its input to what a client sends.
#include <inttypes.h>

#include "core/route53/request.h"
#include "xml.h"

// RFC 3986 section 2.3: all but unreserved characters.
static void percent_encode(const char *text, struct buffer *out)
{
    for (; *text != '\0'; text++) {
        uint8_t byte = (uint8_t)*text;
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || strchr("-._~", byte) != NULL;
        buffer_format(out, plain ? "%c" : "%%%02X", byte);
    }
}

static void write_value(const json_t *value, struct buffer *out)
{
    if (json_is_string(value)) {
        percent_encode(json_string_value(value), out);
    } else {
        buffer_format(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    }
}

// The member that a path has as "{name}".
static const json_t *path_value(const struct shape *shape, const json_t *input, struct bytes name)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_member *member = &shape->members[i];
        if (member->location == IN_PATH && bytes_equal(bytes_of(member->wire_name), name)) {
            return json_object_get(input, member->name);
        }
    }
    return NULL;
}

static void write_path(const struct route53_operation_row *row, const json_t *input, struct buffer *target)
{
    struct bytes pattern = bytes_of(row->path);
    struct bytes segment;
    buffer_text(target, ROUTE53_VERSION_PATH);
    bytes_split(&pattern, '/', &segment); // what is before the first slash: nothing
    while (bytes_split(&pattern, '/', &segment)) {
        buffer_char(target, '/');
        if (segment.len > 2 && segment.data[0] == '{') {
            struct bytes name = {segment.data + 1, segment.len - 2};
            write_value(path_value(row->input, input, name), target);
        } else {
            buffer_append(target, segment.data, segment.len);
        }
    }
}

void route53_request_write(enum route53_operation operation, const json_t *input, struct buffer *target,
                           struct buffer *body)
{
    const struct route53_operation_row *row = route53_operation_row(operation);
    char mark = '?';
    write_path(row, input, target);
    for (size_t i = 0; i < row->input->count; i++) {
        const struct shape_member *member = &row->input->members[i];
        const json_t *value = json_object_get(input, member->name);
        if (member->location == IN_QUERY && value != NULL) {
            buffer_format(target, "%c%s=", mark, member->wire_name);
            write_value(value, target);
            mark = '&';
        }
    }
    if (shape_has_body(row->input)) {
        xml_write(row->input, input, body);
    }
}
