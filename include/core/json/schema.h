// SPDX-License-Identifier: MIT
// Field tables: one description of an object serves reading it into a struct, its findings ("did you mean")
// and its JSON Schema. Tables are static const; reading has one owner and one thread.
//
// The struct that a table fills begins with a struct schema_node. Strings are borrowed from the json_t,
// which must outlive the struct; arrays and nested structs come from the arena.
#ifndef NEARWELL_CORE_JSON_SCHEMA_H
#define NEARWELL_CORE_JSON_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "core/json/diagnostic.h"

enum schema_kind {
    SCHEMA_IGNORED, // any value; accepted so that pasted output is valid, not read
    SCHEMA_STRING,  // const char *; least and most count characters
    SCHEMA_BOOL,    // bool
    SCHEMA_INTEGER, // int64_t
    SCHEMA_NUMBER,  // double
    SCHEMA_ENUM,    // uint32_t, index into choices
    SCHEMA_STRINGS, // struct schema_strings; least and most count items; with choices, only these
    SCHEMA_OBJECT,  // pointer to the table's struct, NULL when absent
    SCHEMA_OBJECTS, // struct schema_objects: an array of objects
    SCHEMA_MAP,     // struct schema_objects: an object whose members are objects; the key is in the node
    SCHEMA_CUSTOM,  // read by a callback
};

struct schema_strings {
    size_t count;
    const char **items;
};

struct schema_objects {
    size_t count;
    void *items; // of the table's struct
};

struct schema_field;

// Where a struct came from. A pointer is only made of it when there is something to report.
struct schema_node {
    const struct schema_node *parent; // NULL at the root
    const struct schema_field *field; // of the parent
    const char *key;                  // in a map
    size_t index;                     // in an array
    uint64_t given;                   // bit i: fields[i] of the table is in the text
    uint64_t valid;                   // bit i: and was read; only then may it be used
};

struct schema_table {
    const char *name; // "HealthCheckConfig"
    const char *help;
    size_t size; // of the struct
    const struct schema_field *fields;
    size_t count; // at most 64
};

struct schema_reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
};

struct schema_field {
    const char *name;
    const char *help; // one line
    enum schema_kind kind;
    bool required;
    bool nullable; // null is as good as absent
    bool defaulted;
    size_t offset;
    double least; // with most: the range; both 0: none
    double most;
    double fallback;                     // numbers, bools and enums, when absent and defaulted
    const char *const *(*choices)(void); // NULL-terminated
    const struct schema_table *table;    // of the objects within; of a custom field, for whoever walks tables
    void (*read)(const struct schema_reader *reader, struct schema_node *node,
                 const struct schema_field *field, json_t *value, void *out);
    const char *shape;       // JSON Schema members to add, as JSON text
    const char *unsupported; // a sentence that refuses the field; its bit is given, never valid
};

// Fills out, of table->size zeroed bytes whose node has its parent set, and adds every finding. value may be
// of any type.
void schema_read(const struct schema_reader *reader, const struct schema_table *table, json_t *value,
                 void *out);

static inline uint64_t schema_bit(unsigned field)
{
    return UINT64_C(1) << field;
}

// tail is appended to the node's pointer: "TTL", "Regions/2", "#key/Port", or "" for the node itself.
void schema_finding(struct diagnostics *diagnostics, enum diagnostic_level level,
                    const struct schema_node *node, const char *tail, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void schema_pointer(const struct schema_node *node, const char *tail, struct buffer *out);

// "a string", "the number 5": for messages.
enum { SCHEMA_TEXT = 64 };
void schema_describe(const json_t *value, char out[SCHEMA_TEXT]);

// The JSON Schema (draft-07) of a whole document. The caller owns it.
json_t *schema_print(const struct schema_table *table, const char *id);

#endif
