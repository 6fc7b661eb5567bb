// SPDX-License-Identifier: MIT
#include "core/json/schema.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"

enum { KEY_MAX = 256, FIELDS_MAX = 64, POINTER_MAX = 4096, TEXT_SHOWN = 40 };

// --- places ------------------------------------------------------------------------------------------------

static void append_token(struct buffer *out, const char *token)
{
    buffer_char(out, '/');
    for (; *token != '\0'; token++) {
        if (*token == '~' || *token == '/') {
            buffer_text(out, *token == '~' ? "~0" : "~1");
        } else {
            buffer_char(out, *token);
        }
    }
}

void schema_pointer(const struct schema_node *node, const char *tail, struct buffer *out)
{
    if (node->parent != NULL) {
        schema_pointer(node->parent, "", out);
        append_token(out, node->field->name);
        if (node->key != NULL) {
            append_token(out, node->key);
        } else if (node->field->kind == SCHEMA_OBJECTS) {
            buffer_format(out, "/%zu", node->index);
        }
    }
    if (tail[0] != '\0') {
        buffer_char(out, '/');
        buffer_text(out, tail);
    }
}

static void add_finding(struct diagnostics *diagnostics, enum diagnostic_level level,
                        const struct schema_node *node, const char *tail, const char *format,
                        va_list arguments) __attribute__((format(printf, 5, 0)));
static void add_finding(struct diagnostics *diagnostics, enum diagnostic_level level,
                        const struct schema_node *node, const char *tail, const char *format,
                        va_list arguments)
{
    struct buffer pointer;
    struct buffer message;
    buffer_init(&pointer, POINTER_MAX);
    buffer_init(&message, POINTER_MAX);
    schema_pointer(node, tail, &pointer);
    buffer_vformat(&message, format, arguments);
    diagnostics_add(diagnostics, level, buffer_string(&pointer), "%s", buffer_string(&message));
    buffer_free(&pointer);
    buffer_free(&message);
}

void schema_finding(struct diagnostics *diagnostics, enum diagnostic_level level,
                    const struct schema_node *node, const char *tail, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_finding(diagnostics, level, node, tail, format, arguments);
    va_end(arguments);
}

static void refuse(const struct schema_reader *reader, const struct schema_node *node, const char *tail,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));
static void refuse(const struct schema_reader *reader, const struct schema_node *node, const char *tail,
                   const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_finding(reader->diagnostics, DIAGNOSTIC_ERROR, node, tail, format, arguments);
    va_end(arguments);
}

void schema_describe(const json_t *value, char out[SCHEMA_TEXT])
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        snprintf(out, SCHEMA_TEXT, "an object");
        return;
    case JSON_ARRAY:
        snprintf(out, SCHEMA_TEXT, "an array");
        return;
    case JSON_STRING:
        snprintf(out, SCHEMA_TEXT, json_string_length(value) <= TEXT_SHOWN ? "the string '%s'" : "a string",
                 json_string_value(value));
        return;
    case JSON_INTEGER:
        snprintf(out, SCHEMA_TEXT, "the number %" JSON_INTEGER_FORMAT, json_integer_value(value));
        return;
    case JSON_REAL:
        snprintf(out, SCHEMA_TEXT, "the number %.15g", json_real_value(value));
        return;
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        snprintf(out, SCHEMA_TEXT, "%s",
                 json_is_null(value)   ? "null"
                 : json_is_true(value) ? "true"
                                       : "false");
        return;
    }
}

// --- single values -----------------------------------------------------------------------------------------

struct slot {
    const struct schema_reader *reader;
    struct schema_node *node;
    const struct schema_field *field;
    void *out; // where the field's value goes
};

static bool wrong_type(const struct slot *slot, const char *wanted, const json_t *value)
{
    char found[SCHEMA_TEXT];
    schema_describe(value, found);
    refuse(slot->reader, slot->node, slot->field->name, "%s must be %s, not %s", slot->field->name, wanted,
           found);
    return false;
}

static bool bounded(const struct schema_field *field)
{
    return field->least < field->most;
}

static bool within(const struct schema_field *field, double value)
{
    return !bounded(field) || (value >= field->least && value <= field->most);
}

static size_t character_count(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return count;
}

static bool check_count(const struct slot *slot, size_t count, const char *of_what)
{
    const struct schema_field *field = slot->field;
    if (within(field, (double)count)) {
        return true;
    }
    if (field->least > 0) {
        refuse(slot->reader, slot->node, field->name, "%s must have %.0f to %.0f %s, not %zu", field->name,
               field->least, field->most, of_what, count);
    } else {
        refuse(slot->reader, slot->node, field->name, "%s must have at most %.0f %s, not %zu", field->name,
               field->most, of_what, count);
    }
    return false;
}

static bool read_string(const struct slot *slot, json_t *value)
{
    if (!json_is_string(value)) {
        return wrong_type(slot, "a string", value);
    }
    const char *text = json_string_value(value);
    if (!check_count(slot, character_count(text), "characters")) {
        return false;
    }
    memcpy(slot->out, &text, sizeof(const char *));
    return true;
}

static bool read_bool(const struct slot *slot, json_t *value)
{
    if (!json_is_boolean(value)) {
        return wrong_type(slot, "true or false", value);
    }
    *(bool *)slot->out = json_is_true(value);
    return true;
}

static bool read_number(const struct slot *slot, json_t *value)
{
    const struct schema_field *field = slot->field;
    bool whole = field->kind == SCHEMA_INTEGER;
    if (whole ? !json_is_integer(value) : !json_is_number(value)) {
        return wrong_type(slot, whole ? "an integer" : "a number", value);
    }
    if (!within(field, json_number_value(value))) {
        char found[SCHEMA_TEXT];
        schema_describe(value, found);
        refuse(slot->reader, slot->node, field->name, "%s must be from %.15g to %.15g, not %s", field->name,
               field->least, field->most, found + strlen("the number "));
        return false;
    }
    if (whole) {
        *(int64_t *)slot->out = json_integer_value(value);
    } else {
        *(double *)slot->out = json_number_value(value);
    }
    return true;
}

static bool find_choice(const struct slot *slot, const char *tail, const char *word, uint32_t *out)
{
    const char *const *choices = slot->field->choices();
    for (uint32_t i = 0; choices[i] != NULL; i++) {
        if (strcmp(choices[i], word) == 0) {
            *out = i;
            return true;
        }
    }
    const char *nearest = suggest_nearest(word, choices);
    refuse(slot->reader, slot->node, tail, "unknown %s%s '%s'%s%s%s",
           slot->field->kind == SCHEMA_STRINGS ? "value in " : "", slot->field->name, word,
           nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
           nearest != NULL ? "'?" : "");
    return false;
}

static bool read_enum(const struct slot *slot, json_t *value)
{
    if (!json_is_string(value)) {
        return wrong_type(slot, "a string", value);
    }
    return find_choice(slot, slot->field->name, json_string_value(value), slot->out);
}

// --- many values -------------------------------------------------------------------------------------------

static bool read_strings(const struct slot *slot, json_t *value)
{
    const struct schema_field *field = slot->field;
    if (!json_is_array(value)) {
        return wrong_type(slot, "an array of strings", value);
    }
    size_t count = json_array_size(value);
    bool good = check_count(slot, count, "items");
    struct schema_strings strings = {count, arena_new(slot->reader->arena, const char *, count)};
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(value, i);
        char tail[KEY_MAX];
        uint32_t choice;
        snprintf(tail, sizeof tail, "%s/%zu", field->name, i);
        strings.items[i] = json_string_value(item);
        if (strings.items[i] == NULL) {
            char found[SCHEMA_TEXT];
            schema_describe(item, found);
            refuse(slot->reader, slot->node, tail, "%s must hold strings, not %s", field->name, found);
            good = false;
        } else if (field->choices != NULL) {
            good = find_choice(slot, tail, strings.items[i], &choice) && good;
        }
    }
    *(struct schema_strings *)slot->out = good ? strings : (struct schema_strings){0};
    return good;
}

static void read_inner(const struct slot *slot, json_t *value, struct schema_node *inner)
{
    inner->parent = slot->node;
    inner->field = slot->field;
    schema_read(slot->reader, slot->field->table, value, inner);
}

static bool read_object(const struct slot *slot, json_t *value)
{
    if (!json_is_object(value)) {
        return wrong_type(slot, "an object", value);
    }
    void *inner = arena_alloc(slot->reader->arena, slot->field->table->size, _Alignof(max_align_t));
    read_inner(slot, value, inner);
    memcpy(slot->out, &inner, sizeof inner);
    return true;
}

static bool read_objects(const struct slot *slot, json_t *value)
{
    if (!json_is_array(value)) {
        return wrong_type(slot, "an array of objects", value);
    }
    size_t size = slot->field->table->size;
    size_t count = json_array_size(value);
    bool good = check_count(slot, count, "items");
    char *items = arena_alloc(slot->reader->arena, size * count, _Alignof(max_align_t));
    for (size_t i = 0; i < count; i++) {
        struct schema_node *inner = (void *)(items + i * size);
        inner->index = i;
        read_inner(slot, json_array_get(value, i), inner);
    }
    *(struct schema_objects *)slot->out = (struct schema_objects){count, items};
    return good;
}

static bool read_map(const struct slot *slot, json_t *value)
{
    if (!json_is_object(value)) {
        return wrong_type(slot, "an object whose members are objects", value);
    }
    size_t size = slot->field->table->size;
    size_t count = json_object_size(value);
    bool good = check_count(slot, count, "members");
    char *items = arena_alloc(slot->reader->arena, size * count, _Alignof(max_align_t));
    const char *key;
    json_t *member;
    size_t i = 0;
    json_object_foreach(value, key, member)
    {
        struct schema_node *inner = (void *)(items + i * size);
        inner->index = i++;
        inner->key = key;
        if (strlen(key) >= KEY_MAX) {
            refuse(slot->reader, slot->node, slot->field->name, "%s has a key of more than %d bytes",
                   slot->field->name, KEY_MAX - 1);
            good = false;
        }
        read_inner(slot, member, inner);
    }
    *(struct schema_objects *)slot->out = (struct schema_objects){count, items};
    return good;
}

// --- objects -----------------------------------------------------------------------------------------------

static bool read_value(const struct slot *slot, json_t *value)
{
    switch (slot->field->kind) {
    case SCHEMA_STRING:
        return read_string(slot, value);
    case SCHEMA_BOOL:
        return read_bool(slot, value);
    case SCHEMA_INTEGER:
    case SCHEMA_NUMBER:
        return read_number(slot, value);
    case SCHEMA_ENUM:
        return read_enum(slot, value);
    case SCHEMA_STRINGS:
        return read_strings(slot, value);
    case SCHEMA_OBJECT:
        return read_object(slot, value);
    case SCHEMA_OBJECTS:
        return read_objects(slot, value);
    case SCHEMA_MAP:
        return read_map(slot, value);
    case SCHEMA_CUSTOM:
        slot->field->read(slot->reader, slot->node, slot->field, value, slot->out);
        return true;
    case SCHEMA_IGNORED:
        return true;
    }
    return false;
}

// What says nothing needs no support: "MultiValueAnswer": false, "CidrCollections": [].
static bool says_nothing(const json_t *value)
{
    return json_is_false(value) || (json_is_array(value) && json_array_size(value) == 0);
}

static void read_field(const struct slot *slot, unsigned index, json_t *value)
{
    const struct schema_field *field = slot->field;
    if ((field->nullable && json_is_null(value)) || (field->unsupported != NULL && says_nothing(value))) {
        return;
    }
    slot->node->given |= schema_bit(index);
    if (field->unsupported != NULL) {
        char tail[KEY_MAX];
        snprintf(tail, sizeof tail, "#key/%s", field->name);
        refuse(slot->reader, slot->node, tail, "%s", field->unsupported);
    } else if (read_value(slot, value)) {
        slot->node->valid |= schema_bit(index);
    }
}

static void refuse_unknown(const struct schema_reader *reader, const struct schema_node *node,
                           const struct schema_table *table, const char *name)
{
    const char *names[FIELDS_MAX + 1];
    for (size_t i = 0; i < table->count; i++) {
        names[i] = table->fields[i].name;
    }
    names[table->count] = NULL;
    struct buffer tail;
    buffer_init(&tail, KEY_MAX + 8); // of a longer name the object is marked
    buffer_text(&tail, "#key");
    append_token(&tail, name);
    const char *nearest = suggest_nearest(name, names);
    if (nearest != NULL) {
        refuse(reader, node, tail.overflow ? "" : buffer_string(&tail),
               "unknown field '%s'; did you mean '%s'?", name, nearest);
    } else {
        refuse(reader, node, tail.overflow ? "" : buffer_string(&tail), "unknown field '%.*s' of %s", KEY_MAX,
               name, table->name);
    }
    buffer_free(&tail);
}

static size_t find_field(const struct schema_table *table, const char *name)
{
    size_t i = 0;
    while (i < table->count &&
           (table->fields[i].name[0] != name[0] || strcmp(table->fields[i].name, name) != 0)) {
        i++;
    }
    return i;
}

static void finish_field(const struct slot *slot, unsigned index)
{
    const struct schema_field *field = slot->field;
    if (slot->node->given & schema_bit(index)) {
        return;
    }
    if (field->required) {
        refuse(slot->reader, slot->node, "", "missing field '%s'", field->name);
    } else if (field->defaulted && field->kind == SCHEMA_BOOL) {
        *(bool *)slot->out = field->fallback != 0;
    } else if (field->defaulted && field->kind == SCHEMA_INTEGER) {
        *(int64_t *)slot->out = (int64_t)field->fallback;
    } else if (field->defaulted && field->kind == SCHEMA_NUMBER) {
        *(double *)slot->out = field->fallback;
    } else if (field->defaulted && field->kind == SCHEMA_ENUM) {
        *(uint32_t *)slot->out = (uint32_t)field->fallback;
    }
}

static struct slot slot_of(const struct schema_reader *reader, const struct schema_table *table, size_t i,
                           struct schema_node *node)
{
    const struct schema_field *field = &table->fields[i];
    return (struct slot){reader, node, field, (char *)node + field->offset};
}

void schema_read(const struct schema_reader *reader, const struct schema_table *table, json_t *value,
                 void *out)
{
    struct schema_node *node = out;
    assert(table->count <= FIELDS_MAX);
    if (!json_is_object(value)) {
        char found[SCHEMA_TEXT];
        schema_describe(value, found);
        refuse(reader, node, "", "this must be an object (%s), not %s", table->name, found);
        return;
    }
    const char *name;
    json_t *member;
    json_object_foreach(value, name, member)
    {
        size_t i = find_field(table, name);
        if (i == table->count) {
            refuse_unknown(reader, node, table, name);
            continue;
        }
        struct slot slot = slot_of(reader, table, i, node);
        read_field(&slot, (unsigned)i, member);
    }
    for (size_t i = 0; i < table->count; i++) {
        struct slot slot = slot_of(reader, table, i, node);
        finish_field(&slot, (unsigned)i);
    }
}
