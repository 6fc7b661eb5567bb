// SPDX-License-Identifier: MIT
#include "value.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/buffer.h"

enum { SHOWN_MOST = 512, TEXT_MOST = 4096 };

// --- text to JSON ------------------------------------------------------------------------------------------

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct bytes collapse(struct bytes text)
{
    while (text.len > 0 && is_space(text.data[0])) {
        text.data++;
        text.len--;
    }
    while (text.len > 0 && is_space(text.data[text.len - 1])) {
        text.len--;
    }
    return text;
}

static int64_t characters(struct bytes text)
{
    int64_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count += (text.data[i] & 0xc0) != 0x80;
    }
    return count;
}

static bool is_listed(const char *const *values, struct bytes text)
{
    while (*values != NULL && !bytes_equal(text, bytes_of(*values))) {
        values++;
    }
    return *values != NULL;
}

static enum facet check_text(const struct shape *shape, struct bytes text)
{
    if (shape->values != NULL) {
        return is_listed(shape->values, text) ? FACET_NONE : FACET_ENUMERATION;
    }
    int64_t length = characters(text);
    if (shape->kind == SHAPE_STRING && length < shape->least) {
        return FACET_MIN_LENGTH;
    }
    if (shape->kind == SHAPE_STRING && length > shape->most) {
        return FACET_MAX_LENGTH;
    }
    return shape->matches == NULL || shape->matches(text) ? FACET_NONE : FACET_PATTERN;
}

static enum facet check_number(const struct shape *shape, int64_t number)
{
    return number < shape->least  ? FACET_MIN_INCLUSIVE
           : number > shape->most ? FACET_MAX_INCLUSIVE
                                  : FACET_NONE;
}

// What does not fit becomes the largest or smallest number.
static bool parse_number(struct bytes text, int64_t *out)
{
    bool negative = text.len > 0 && text.data[0] == '-';
    if (negative || (text.len > 0 && text.data[0] == '+')) {
        text.data++;
        text.len--;
    }
    if (text.len == 0) {
        return false;
    }
    int64_t number = 0;
    for (size_t i = 0; i < text.len; i++) {
        int digit = text.data[i] - '0';
        if (digit < 0 || digit > 9) {
            return false;
        }
        number = number > (INT64_MAX - digit) / 10 ? INT64_MAX : number * 10 + digit;
    }
    *out = negative ? -number : number;
    return true;
}

static enum facet parse_integer(const struct shape *shape, struct bytes text, json_t **out)
{
    int64_t number;
    if (!parse_number(collapse(text), &number)) {
        return FACET_TYPE;
    }
    enum facet facet = check_number(shape, number);
    if (facet == FACET_NONE) {
        *out = json_integer(number);
    }
    return facet;
}

static enum facet parse_boolean(struct bytes text, json_t **out)
{
    bool yes = bytes_equal(collapse(text), bytes_of("true"));
    if (!yes && !bytes_equal(collapse(text), bytes_of("false"))) {
        return FACET_TYPE;
    }
    *out = json_boolean(yes);
    return FACET_NONE;
}

// A NUL byte would end the text early for whoever reads it as a C string.
static enum facet parse_text(const struct shape *shape, struct bytes text, json_t **out)
{
    json_t *string = text.len > 0 && memchr(text.data, '\0', text.len) != NULL
                         ? NULL
                         : json_stringn((const char *)text.data, text.len);
    enum facet facet = string == NULL ? FACET_TYPE : check_text(shape, text);
    if (facet == FACET_NONE) {
        *out = string;
    } else {
        json_decref(string);
    }
    return facet;
}

enum facet value_parse(const struct shape *shape, struct bytes text, json_t **out)
{
    switch (shape->kind) {
    case SHAPE_INTEGER:
    case SHAPE_LONG:
        return parse_integer(shape, text, out);
    case SHAPE_BOOLEAN:
        return parse_boolean(text, out);
    case SHAPE_STRING:
    case SHAPE_TIMESTAMP:
        return parse_text(shape, text, out);
    case SHAPE_DOUBLE: // in answers only
    case SHAPE_STRUCTURE:
    case SHAPE_LIST:
        break;
    }
    return FACET_TYPE;
}

enum facet value_check(const struct shape *shape, const json_t *value)
{
    switch (shape->kind) {
    case SHAPE_INTEGER:
    case SHAPE_LONG:
        return json_is_integer(value) ? check_number(shape, json_integer_value(value)) : FACET_TYPE;
    case SHAPE_BOOLEAN:
        return json_is_boolean(value) ? FACET_NONE : FACET_TYPE;
    case SHAPE_DOUBLE:
        return json_is_number(value) ? FACET_NONE : FACET_TYPE;
    case SHAPE_STRING:
    case SHAPE_TIMESTAMP:
        return json_is_string(value) ? check_text(shape, bytes_of(json_string_value(value))) : FACET_TYPE;
    case SHAPE_STRUCTURE:
    case SHAPE_LIST:
        break;
    }
    return FACET_TYPE;
}

// --- what to say about it ----------------------------------------------------------------------------------

static const char *type_name(const struct shape *shape)
{
    switch (shape->kind) {
    case SHAPE_INTEGER:
    case SHAPE_LONG:
        return "integer";
    case SHAPE_DOUBLE:
        return "double";
    case SHAPE_BOOLEAN:
        return "boolean";
    case SHAPE_STRUCTURE:
        return "structure";
    case SHAPE_LIST:
        return "list";
    case SHAPE_STRING:
    case SHAPE_TIMESTAMP:
        break;
    }
    return "string";
}

static void print_values(const struct shape *shape, struct buffer *out)
{
    buffer_char(out, '[');
    for (size_t i = 0; shape->values[i] != NULL; i++) {
        buffer_format(out, "%s%s", i > 0 ? ", " : "", shape->values[i]);
    }
    buffer_char(out, ']');
}

// Long values are cut, between characters.
static void print_value(struct bytes text, struct buffer *out)
{
    size_t len = text.len;
    if (len > SHOWN_MOST) {
        len = SHOWN_MOST;
        while (len > 0 && (text.data[len] & 0xc0) == 0x80) {
            len--;
        }
    }
    buffer_append(out, text.data, len);
    buffer_text(out, len < text.len ? "..." : "");
}

static void print_xml(const struct shape *shape, enum facet facet, const char *value, int64_t length,
                      struct buffer *out)
{
    static const char *const bounds[] = {
        [FACET_MIN_LENGTH] = "minLength",
        [FACET_MAX_LENGTH] = "maxLength",
        [FACET_MIN_INCLUSIVE] = "minInclusive",
        [FACET_MAX_INCLUSIVE] = "maxInclusive",
    };
    bool least = facet == FACET_MIN_LENGTH || facet == FACET_MIN_INCLUSIVE;
    switch (facet) {
    case FACET_TYPE:
        buffer_format(out, "cvc-datatype-valid.1.2.1: '%s' is not a valid value for '%s'.", value,
                      type_name(shape));
        break;
    case FACET_ENUMERATION:
        buffer_format(
            out, "cvc-enumeration-valid: Value '%s' is not facet-valid with respect to enumeration '", value);
        print_values(shape, out);
        buffer_text(out, "'. It must be a value from the enumeration.");
        break;
    case FACET_PATTERN:
        buffer_format(
            out,
            "cvc-pattern-valid: Value '%s' is not facet-valid with respect to pattern '%s' for type "
            "'%s'.",
            value, shape->pattern, shape->name);
        break;
    case FACET_MIN_LENGTH:
    case FACET_MAX_LENGTH:
        buffer_format(
            out,
            "cvc-%s-valid: Value '%s' with length = '%" PRId64 "' is not facet-valid with respect to "
            "%s '%" PRId64 "' for type '%s'.",
            bounds[facet], value, length, bounds[facet], least ? shape->least : shape->most, shape->name);
        break;
    case FACET_MIN_INCLUSIVE:
    case FACET_MAX_INCLUSIVE:
        buffer_format(out,
                      "cvc-%s-valid: Value '%s' is not facet-valid with respect to %s '%" PRId64 "' for type "
                      "'%s'.",
                      bounds[facet], value, bounds[facet], least ? shape->least : shape->most, shape->name);
        break;
    case FACET_NONE:
        break;
    }
}

bool value_fault_xml(const struct shape *shape, enum facet facet, struct bytes text,
                     struct route53_fault *fault)
{
    struct buffer value;
    struct buffer out;
    buffer_init(&value, TEXT_MOST);
    buffer_init(&out, TEXT_MOST);
    print_value(text, &value);
    print_xml(shape, facet, buffer_string(&value), characters(text), &out);
    route53_fault_set(fault, "InvalidInput", "Invalid XML ; %s", buffer_string(&out));
    buffer_free(&value);
    buffer_free(&out);
    return false;
}

static void print_constraint(const struct shape *shape, enum facet facet, struct buffer *out)
{
    switch (facet) {
    case FACET_TYPE:
        buffer_format(out, "Member must be of type %s", type_name(shape));
        break;
    case FACET_ENUMERATION:
        buffer_text(out, "Member must satisfy enum value set: ");
        print_values(shape, out);
        break;
    case FACET_PATTERN:
        buffer_format(out, "Member must satisfy regular expression pattern: %s", shape->pattern);
        break;
    case FACET_MIN_LENGTH:
        buffer_format(out, "Member must have length greater than or equal to %" PRId64, shape->least);
        break;
    case FACET_MAX_LENGTH:
        buffer_format(out, "Member must have length less than or equal to %" PRId64, shape->most);
        break;
    case FACET_MIN_INCLUSIVE:
        buffer_format(out, "Member must have value greater than or equal to %" PRId64, shape->least);
        break;
    case FACET_MAX_INCLUSIVE:
        buffer_format(out, "Member must have value less than or equal to %" PRId64, shape->most);
        break;
    case FACET_NONE:
        break;
    }
}

bool value_fault(const struct shape *shape, enum facet facet, struct bytes text, const char *member,
                 struct route53_fault *fault)
{
    struct buffer value;
    struct buffer constraint;
    buffer_init(&value, TEXT_MOST);
    buffer_init(&constraint, TEXT_MOST);
    if (text.data != NULL) {
        print_value(text, &value);
    }
    print_constraint(shape, facet, &constraint);
    route53_fault_constraint(fault, text.data != NULL ? buffer_string(&value) : NULL, member,
                             buffer_string(&constraint));
    buffer_free(&value);
    buffer_free(&constraint);
    return false;
}
