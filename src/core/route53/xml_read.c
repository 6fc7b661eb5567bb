// SPDX-License-Identifier: MIT
// expat tells of elements, a stack of open ones remembers what the shape allows in each:
//
//   <ChangeBatch>            frame 1: structure ChangeBatch, a JSON object, which members were seen
//     <Changes>              frame 2: list Changes, a JSON array
//       <Change>             frame 3: structure Change
//         <Action>CREATE     frame 4: value ChangeAction, its text
//
// A frame that closes is checked and put into the one below.
#include <assert.h>
#include <expat.h>
#include <stdlib.h>

#include "core/route53/request.h"
#include "value.h"
#include "xml.h"

enum { ELEMENTS_MOST = 100 * 1000, DEPTH_MOST = 16, MEMBERS_MOST = 64, LIST_TEXT = 4096 };

static const char separator = '\n'; // between namespace and name; no namespace has one

struct frame {
    const struct shape *shape;
    const char *name; // of the element
    json_t *value;    // of a structure or list; owned
    uint64_t seen;    // bit i: member i of a structure
};

struct reader {
    const struct shape *root;
    XML_Parser parser;
    struct frame frames[DEPTH_MOST];
    size_t depth;
    size_t elements;
    struct buffer text; // of the open value
    json_t *result;
    struct route53_fault *fault;
};

static bool failed(const struct reader *reader)
{
    return reader->fault->code != NULL;
}

static void invalid(struct reader *reader, const char *rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void invalid(struct reader *reader, const char *rule, const char *format, ...)
{
    struct buffer text;
    va_list arguments;
    buffer_init(&text, 2 * LIST_TEXT);
    va_start(arguments, format);
    buffer_vformat(&text, format, arguments);
    va_end(arguments);
    route53_fault_set(reader->fault, "InvalidInput", "Invalid XML ; %s: %s", rule, buffer_string(&text));
    buffer_free(&text);
}

// --- what may come, in the words of a validator ------------------------------------------------------------

static void list_name(struct buffer *out, const char *name)
{
    buffer_format(out, "%s\"" XML_NAMESPACE "\":%s", out->len > 0 ? ", " : "", name);
}

// Members that are not there yet; of a list, its item.
static void list_expected(const struct frame *frame, bool required_only, struct buffer *out)
{
    const struct shape *shape = frame->shape;
    if (shape->kind == SHAPE_LIST) {
        list_name(out, shape->item_name);
        return;
    }
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_member *member = &shape->members[i];
        if (member->location == IN_BODY && (frame->seen >> i & 1) == 0 &&
            (member->required || !required_only)) {
            list_name(out, member->name);
        }
    }
}

static void refuse_child(struct reader *reader, const struct frame *frame, struct bytes name, bool is_full)
{
    struct buffer expected;
    buffer_init(&expected, LIST_TEXT);
    if (!is_full) {
        list_expected(frame, false, &expected);
    }
    int len = name.len < 256 ? (int)name.len : 256;
    if (expected.len > 0) {
        invalid(reader, "cvc-complex-type.2.4.a",
                "Invalid content was found starting with element '%.*s'. One of '{%s}' is expected.", len,
                (const char *)name.data, buffer_string(&expected));
    } else {
        invalid(reader, "cvc-complex-type.2.4.d",
                "Invalid content was found starting with element '%.*s'. No child element is expected at "
                "this point.",
                len, (const char *)name.data);
    }
    buffer_free(&expected);
}

static void check_complete(struct reader *reader, const struct frame *frame)
{
    struct buffer missing;
    buffer_init(&missing, LIST_TEXT);
    if (frame->shape->kind != SHAPE_LIST || (int64_t)json_array_size(frame->value) < frame->shape->least) {
        list_expected(frame, true, &missing);
    }
    if (missing.len > 0) {
        invalid(reader, "cvc-complex-type.2.4.b",
                "The content of element '%s' is not complete. One of '{%s}' is expected.", frame->name,
                buffer_string(&missing));
    }
    buffer_free(&missing);
}

// --- elements ----------------------------------------------------------------------------------------------

// A prefix that means another namespace makes it a name that nothing here has.
static bool local_name(const char *qualified, struct bytes *out)
{
    const char *cut = strchr(qualified, separator);
    *out = bytes_of(cut != NULL ? cut + 1 : qualified);
    return cut == NULL || bytes_equal((struct bytes){(const uint8_t *)qualified, (size_t)(cut - qualified)},
                                      bytes_of(XML_NAMESPACE));
}

static void push(struct reader *reader, const struct shape *shape, const char *name)
{
    assert(reader->depth < DEPTH_MOST && shape->count <= MEMBERS_MOST); // a shape that refers to itself
    reader->frames[reader->depth++] = (struct frame){
        .shape = shape,
        .name = name,
        .value = shape->kind == SHAPE_STRUCTURE ? json_object()
                 : shape->kind == SHAPE_LIST    ? json_array()
                                                : NULL,
    };
    buffer_clear(&reader->text);
}

static void open_root(struct reader *reader, struct bytes name, bool ours)
{
    if (ours && bytes_equal(name, bytes_of(reader->root->name))) {
        push(reader, reader->root, reader->root->name);
    } else {
        route53_fault_set(reader->fault, "MalformedInput", "%.*s is not valid, expected %s",
                          name.len < 256 ? (int)name.len : 256, (const char *)name.data, reader->root->name);
    }
}

static void open_member(struct reader *reader, struct frame *frame, struct bytes name, bool ours)
{
    const struct shape_member *member = ours ? shape_member(frame->shape, name) : NULL;
    size_t index = member != NULL ? (size_t)(member - frame->shape->members) : 0;
    if (member == NULL || member->location != IN_BODY || (frame->seen >> index & 1) != 0) {
        refuse_child(reader, frame, name, false);
        return;
    }
    frame->seen |= UINT64_C(1) << index;
    push(reader, member->shape, member->name);
}

static void open_item(struct reader *reader, const struct frame *frame, struct bytes name, bool ours)
{
    bool is_full = (int64_t)json_array_size(frame->value) >= frame->shape->most;
    if (is_full || !ours || !bytes_equal(name, bytes_of(frame->shape->item_name))) {
        refuse_child(reader, frame, name, is_full);
        return;
    }
    push(reader, frame->shape->item, frame->shape->item_name);
}

// Those of other namespaces (xsi:schemaLocation) say nothing to us.
static void check_attributes(struct reader *reader, struct bytes name, const char **attributes)
{
    for (; *attributes != NULL; attributes += 2) {
        if (strchr(*attributes, separator) == NULL) {
            invalid(reader, "cvc-complex-type.3.2.2",
                    "Attribute '%.256s' is not allowed to appear in element '%.*s'.", *attributes,
                    name.len < 256 ? (int)name.len : 256, (const char *)name.data);
        }
    }
}

static void open_element(struct reader *reader, const char *qualified)
{
    struct bytes name;
    bool ours = local_name(qualified, &name);
    struct frame *frame = reader->depth > 0 ? &reader->frames[reader->depth - 1] : NULL;
    if (++reader->elements > ELEMENTS_MOST) {
        route53_fault_set(reader->fault, "InvalidInput", "Invalid XML ; more than %d elements",
                          ELEMENTS_MOST);
    } else if (frame == NULL) {
        open_root(reader, name, ours);
    } else if (frame->shape->kind == SHAPE_STRUCTURE) {
        open_member(reader, frame, name, ours);
    } else if (frame->shape->kind == SHAPE_LIST) {
        open_item(reader, frame, name, ours);
    } else {
        invalid(reader, "cvc-type.3.1.2",
                "Element '%s' is a simple type, so it must have no element information item [children].",
                frame->name);
    }
}

static void close_value(struct reader *reader, struct frame *frame)
{
    struct bytes text = {(const uint8_t *)buffer_string(&reader->text), reader->text.len};
    enum facet facet = value_parse(frame->shape, text, &frame->value);
    if (facet != FACET_NONE) {
        value_fault_xml(frame->shape, facet, text, reader->fault);
    }
}

static void close_element(struct reader *reader)
{
    struct frame *frame = &reader->frames[reader->depth - 1];
    if (frame->shape->kind == SHAPE_STRUCTURE || frame->shape->kind == SHAPE_LIST) {
        check_complete(reader, frame);
    } else {
        close_value(reader, frame);
    }
    if (failed(reader)) {
        return;
    }
    reader->depth--;
    struct frame *below = reader->depth > 0 ? frame - 1 : NULL;
    if (below == NULL) {
        reader->result = frame->value;
    } else if (below->shape->kind == SHAPE_LIST) {
        json_array_append_new(below->value, frame->value);
    } else {
        json_object_set_new(below->value, frame->name, frame->value);
    }
}

// --- what expat calls --------------------------------------------------------------------------------------

static void stop_if_failed(struct reader *reader)
{
    if (failed(reader)) {
        XML_StopParser(reader->parser, XML_FALSE);
    }
}

static void on_start(void *context, const char *qualified, const char **attributes)
{
    struct reader *reader = context;
    if (!failed(reader)) { // expat may call once more after a stop
        open_element(reader, qualified);
    }
    if (!failed(reader)) {
        struct bytes name;
        local_name(qualified, &name);
        check_attributes(reader, name, attributes);
    }
    stop_if_failed(reader);
}

static void on_end(void *context, const char *qualified)
{
    (void)qualified;
    struct reader *reader = context;
    if (!failed(reader)) {
        close_element(reader);
        stop_if_failed(reader);
    }
}

static void on_text(void *context, const char *text, int len)
{
    struct reader *reader = context;
    if (failed(reader) || reader->depth == 0) {
        return;
    }
    const struct frame *frame = &reader->frames[reader->depth - 1];
    if (frame->shape->kind != SHAPE_STRUCTURE && frame->shape->kind != SHAPE_LIST) {
        buffer_append(&reader->text, text, (size_t)len);
        return;
    }
    for (int i = 0; i < len; i++) {
        if (strchr(" \t\r\n", text[i]) == NULL) {
            invalid(reader, "cvc-complex-type.2.3",
                    "Element '%s' cannot have character [children], because the type's content type is "
                    "element-only.",
                    frame->name);
            break;
        }
    }
    stop_if_failed(reader);
}

static void on_doctype(void *context, const char *name, const char *system, const char *public, int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    struct reader *reader = context;
    route53_fault_set(reader->fault, "MalformedInput",
                      "Could not parse XML: a document type declaration is not allowed");
    stop_if_failed(reader);
}

static bool parse(struct reader *reader, struct bytes text)
{
    if (XML_Parse(reader->parser, (const char *)text.data, (int)text.len, XML_TRUE) == XML_STATUS_OK ||
        failed(reader)) {
        return !failed(reader);
    }
    enum XML_Error code = XML_GetErrorCode(reader->parser);
    if (code == XML_ERROR_NO_MEMORY) {
        abort();
    }
    return route53_fault_set(reader->fault, "MalformedInput",
                             "Could not parse XML: %s at line %lu, column %lu", XML_ErrorString(code),
                             (unsigned long)XML_GetCurrentLineNumber(reader->parser),
                             (unsigned long)XML_GetCurrentColumnNumber(reader->parser) + 1);
}

bool xml_read(const struct shape *structure, struct bytes text, json_t **out, struct route53_fault *fault)
{
    if (text.len > ROUTE53_BODY_MOST) {
        return route53_fault_set(fault, "RequestEntityTooLarge", "The body is longer than %d bytes",
                                 ROUTE53_BODY_MOST);
    }
    // The encoding is given, so that a declaration cannot choose another. expat still sees UTF-16 by its
    // first bytes.
    struct reader reader = {
        .root = structure, .parser = XML_ParserCreateNS("UTF-8", separator), .fault = fault};
    if (reader.parser == NULL) {
        abort(); // out of memory
    }
    buffer_init(&reader.text, ROUTE53_BODY_MOST);
    XML_SetUserData(reader.parser, &reader);
    XML_SetElementHandler(reader.parser, on_start, on_end);
    XML_SetCharacterDataHandler(reader.parser, on_text);
    XML_SetStartDoctypeDeclHandler(reader.parser, on_doctype);
    bool good = parse(&reader, text);
    while (reader.depth > 0) {
        json_decref(reader.frames[--reader.depth].value);
    }
    XML_ParserFree(reader.parser);
    buffer_free(&reader.text);
    if (good) {
        *out = reader.result;
    } else {
        json_decref(reader.result);
    }
    return good;
}
