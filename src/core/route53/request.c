// SPDX-License-Identifier: MIT
#include "core/route53/request.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "check.h"
#include "shape_tables.h"
#include "value.h"
#include "xml.h"

// --- paths -------------------------------------------------------------------------------------------------

static bool starts_with(struct bytes text, struct bytes start)
{
    return text.len >= start.len && memcmp(text.data, start.data, start.len) == 0;
}

bool route53_request_split(struct bytes target, struct bytes *path, struct bytes *query)
{
    static const char version[] = ROUTE53_VERSION_PATH;
    const size_t version_len = sizeof version - 1;
    struct bytes rest = target;
    *path = (struct bytes){target.data, 0};
    *query = (struct bytes){target.data, 0};
    bytes_split(&rest, '?', &target);
    if (rest.data != NULL) {
        *query = rest;
    }
    for (size_t at = 0; at + version_len <= target.len; at++) {
        struct bytes here = {target.data + at, target.len - at};
        if (starts_with(here, bytes_of(version)) &&
            (here.len == version_len || here.data[version_len] == '/')) {
            *path = (struct bytes){here.data + version_len, here.len - version_len};
            return true;
        }
    }
    return false;
}

// Without the empty segment before the first slash, and a slash at the end.
static struct bytes trim_path(struct bytes path)
{
    if (path.len > 0 && path.data[0] == '/') {
        path.data++;
        path.len--;
    }
    if (path.len > 0 && path.data[path.len - 1] == '/') {
        path.len--;
    }
    return path;
}

static bool is_variable(struct bytes segment)
{
    return segment.len > 0 && segment.data[0] == '{';
}

static bool path_fits(struct bytes pattern, struct bytes path)
{
    struct bytes expected;
    struct bytes segment;
    pattern = trim_path(pattern);
    path = trim_path(path);
    while (bytes_split(&pattern, '/', &expected)) {
        if (!bytes_split(&path, '/', &segment)) {
            return false;
        }
        if (is_variable(expected) ? segment.len == 0 : !bytes_equal(expected, segment)) {
            return false;
        }
    }
    return path.data == NULL;
}

enum route53_operation route53_request_match(const struct route53_request *request)
{
    for (unsigned i = 0; i < ROUTE53_OPERATIONS; i++) {
        const struct route53_operation_row *row = route53_operation_row(i);
        if (bytes_equal(request->method, bytes_of(row->method)) &&
            path_fits(bytes_of(row->path), request->path)) {
            return (enum route53_operation)i;
        }
    }
    return ROUTE53_OPERATIONS;
}

// The segment in the place of "{name}", as it came.
static struct bytes path_segment(struct bytes pattern, struct bytes path, const char *name)
{
    struct bytes expected;
    struct bytes segment = {NULL, 0};
    pattern = trim_path(pattern);
    path = trim_path(path);
    while (bytes_split(&pattern, '/', &expected) && bytes_split(&path, '/', &segment)) {
        if (is_variable(expected) &&
            bytes_equal((struct bytes){expected.data + 1, expected.len - 2}, bytes_of(name))) {
            return segment;
        }
    }
    return (struct bytes){NULL, 0};
}

// --- values of paths and queries ---------------------------------------------------------------------------

// A '%' without two hex digits behind it stays what it is.
static void percent_decode(struct bytes text, struct buffer *out)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.data[i];
        size_t len;
        if (byte == '%' && text.len - i > 2 &&
            bytes_parse_hex((struct bytes){text.data + i + 1, 2}, &byte, 1, &len)) {
            i += 2;
        }
        buffer_char(out, (char)byte);
    }
}

// The first of several counts. data NULL: there is none.
static struct bytes query_value(struct bytes query, const char *name)
{
    struct bytes pair;
    while (bytes_split(&query, '&', &pair)) {
        struct bytes value = pair;
        struct bytes key;
        bytes_split(&value, '=', &key);
        if (bytes_equal(key, bytes_of(name))) {
            return value.data != NULL ? value : (struct bytes){key.data + key.len, 0};
        }
    }
    return (struct bytes){NULL, 0};
}

// What the AWS CLI takes off ids before it sends them, and other clients do not.
static struct bytes bare_id(const struct shape *shape, struct bytes text)
{
    static const char *const prefixes[] = {"hostedzone/", "change/", "delegationset/"};
    if (shape != &shape_ResourceId && shape != &shape_ChangeId) {
        return text;
    }
    size_t slash = text.len > 0 && text.data[0] == '/';
    struct bytes rest = {text.data + slash, text.len - slash};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        struct bytes prefix = bytes_of(prefixes[i]);
        if (starts_with(rest, prefix)) {
            return (struct bytes){rest.data + prefix.len, rest.len - prefix.len};
        }
    }
    return text;
}

static bool decode_member(const struct shape_member *member, struct bytes raw, json_t *input,
                          struct route53_fault *fault)
{
    struct buffer decoded;
    json_t *value = NULL;
    buffer_init(&decoded, raw.len + 1);
    percent_decode(raw, &decoded);
    struct bytes text =
        bare_id(member->shape, (struct bytes){(const uint8_t *)buffer_string(&decoded), decoded.len});
    enum facet facet = value_parse(member->shape, text, &value);
    if (facet == FACET_NONE) {
        json_object_set_new(input, member->name, value);
    } else {
        value_fault(member->shape, facet, text, member->name, fault);
    }
    buffer_free(&decoded);
    return facet == FACET_NONE;
}

static bool decode_members(const struct route53_request *request, const struct route53_operation_row *row,
                           json_t *input, struct route53_fault *fault)
{
    for (size_t i = 0; i < row->input->count; i++) {
        const struct shape_member *member = &row->input->members[i];
        struct bytes raw = {NULL, 0};
        if (member->location == IN_PATH) {
            raw = path_segment(bytes_of(row->path), request->path, member->wire_name);
        } else if (member->location == IN_QUERY) {
            raw = query_value(request->query, member->wire_name);
        }
        if (raw.data != NULL && !decode_member(member, raw, input, fault)) {
            return false;
        }
    }
    return true;
}

// --- the whole ---------------------------------------------------------------------------------------------

// A body that is empty is one without members, as the AWS CLI sends it.
static json_t *decode_body(const struct route53_request *request, const struct shape *shape,
                           struct route53_fault *fault)
{
    json_t *input = NULL;
    if (!shape_has_body(shape) || request->body.len == 0) {
        return json_object();
    }
    return xml_read(shape, request->body, &input, fault) ? input : NULL;
}

bool route53_request_decode(const struct route53_request *request, enum route53_operation operation,
                            json_t **input, struct route53_fault *fault)
{
    const struct route53_operation_row *row = route53_operation_row(operation);
    json_t *read = decode_body(request, row->input, fault);
    if (read == NULL) {
        return false;
    }
    if (!decode_members(request, row, read, fault) || !shape_check(row->input, read, fault)) {
        json_decref(read);
        return false;
    }
    *input = read;
    return true;
}

bool route53_input_check(enum route53_operation operation, json_t *input, struct route53_fault *fault)
{
    const struct shape *shape = route53_operation_row(operation)->input;
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_member *member = &shape->members[i];
        const char *text = json_string_value(json_object_get(input, member->name));
        if (text != NULL) {
            struct bytes bare = bare_id(member->shape, bytes_of(text));
            json_object_set_new(input, member->name, json_stringn((const char *)bare.data, bare.len));
        }
    }
    return shape_check(shape, input, fault);
}
