// SPDX-License-Identifier: MIT
// Field tables to JSON Schema draft-07, which editors understand.
#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/json/schema.h"

static json_t *print_object(const struct schema_table *table);

static json_t *number(double value)
{
    return value == floor(value) && fabs(value) < 9e15 ? json_integer((json_int_t)value) : json_real(value);
}

static void print_range(const struct schema_field *field, const char *least, const char *most, json_t *out)
{
    if (field->least < field->most) {
        json_object_set_new(out, least, number(field->least));
        json_object_set_new(out, most, number(field->most));
    }
}

static json_t *print_choices(const struct schema_field *field)
{
    json_t *list = json_array();
    for (const char *const *choice = field->choices(); *choice != NULL; choice++) {
        json_array_append_new(list, json_string(*choice));
    }
    return list;
}

static void print_type(const struct schema_field *field, const char *type, json_t *out)
{
    json_t *value = field->nullable ? json_pack("[ss]", type, "null") : json_string(type);
    json_object_set_new(out, "type", value);
}

static json_t *print_items(const struct schema_field *field)
{
    json_t *items;
    if (field->kind == SCHEMA_OBJECTS) {
        items = print_object(field->table);
    } else {
        items = json_pack("{ss}", "type", "string");
        if (field->choices != NULL) {
            json_object_set_new(items, "enum", print_choices(field));
        }
    }
    return items;
}

static void print_kind(const struct schema_field *field, json_t *out)
{
    switch (field->kind) {
    case SCHEMA_STRING:
        print_type(field, "string", out);
        print_range(field, "minLength", "maxLength", out);
        break;
    case SCHEMA_BOOL:
        print_type(field, "boolean", out);
        break;
    case SCHEMA_INTEGER:
        print_type(field, "integer", out);
        print_range(field, "minimum", "maximum", out);
        break;
    case SCHEMA_NUMBER:
        print_type(field, "number", out);
        print_range(field, "minimum", "maximum", out);
        break;
    case SCHEMA_ENUM:
        print_type(field, "string", out);
        json_object_set_new(out, "enum", print_choices(field));
        break;
    case SCHEMA_STRINGS:
    case SCHEMA_OBJECTS:
        print_type(field, "array", out);
        print_range(field, "minItems", "maxItems", out);
        json_object_set_new(out, "items", print_items(field));
        break;
    case SCHEMA_OBJECT: {
        json_t *inner = print_object(field->table);
        json_object_update_missing(out, inner);
        json_decref(inner);
        break;
    }
    case SCHEMA_MAP:
        print_type(field, "object", out);
        print_range(field, "minProperties", "maxProperties", out);
        json_object_set_new(out, "additionalProperties", print_object(field->table));
        break;
    case SCHEMA_CUSTOM:
    case SCHEMA_IGNORED:
        break;
    }
}

static void print_default(const struct schema_field *field, json_t *out)
{
    if (!field->defaulted) {
        return;
    }
    json_t *value = field->kind == SCHEMA_BOOL   ? json_boolean(field->fallback != 0)
                    : field->kind == SCHEMA_ENUM ? json_string(field->choices()[(size_t)field->fallback])
                                                 : number(field->fallback);
    json_object_set_new(out, "default", value);
}

static void print_shape(const struct schema_field *field, json_t *out)
{
    if (field->shape != NULL) {
        json_t *shape = json_loads(field->shape, 0, NULL);
        assert(shape != NULL);
        json_object_update(out, shape);
        json_decref(shape);
    }
}

static json_t *print_field(const struct schema_field *field)
{
    json_t *out = json_object();
    if (field->unsupported != NULL) {
        json_object_set_new(out, "description", json_sprintf("%s (not supported yet)", field->help));
    } else {
        json_object_set_new(out, "description", json_string(field->help));
    }
    print_kind(field, out);
    print_default(field, out);
    print_shape(field, out);
    return out;
}

static void print_members(const struct schema_table *table, json_t *out)
{
    json_t *properties = json_object();
    json_t *required = json_array();
    for (size_t i = 0; i < table->count; i++) {
        json_object_set_new(properties, table->fields[i].name, print_field(&table->fields[i]));
        if (table->fields[i].required) {
            json_array_append_new(required, json_string(table->fields[i].name));
        }
    }
    json_object_set_new(out, "type", json_string("object"));
    json_object_set_new(out, "properties", properties);
    if (json_array_size(required) > 0) {
        json_object_set(out, "required", required);
    }
    json_decref(required);
    json_object_set_new(out, "additionalProperties", json_false());
}

static json_t *print_object(const struct schema_table *table)
{
    json_t *out = json_object();
    json_object_set_new(out, "description", json_string(table->help));
    print_members(table, out);
    return out;
}

json_t *schema_print(const struct schema_table *table, const char *id)
{
    json_t *out = json_object();
    json_object_set_new(out, "$schema", json_string("http://json-schema.org/draft-07/schema#"));
    json_object_set_new(out, "$id", json_string(id));
    json_object_set_new(out, "title", json_string(table->name));
    json_object_set_new(out, "description", json_string(table->help));
    print_members(table, out);
    return out;
}
