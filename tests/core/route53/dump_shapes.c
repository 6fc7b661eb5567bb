// SPDX-License-Identifier: MIT
// Prints the tables of operations and shapes as JSON, in the layout of a botocore service model, for
// tests/system/test_route53_model.py. No test by itself.
#include <jansson.h>
#include <stdio.h>

#include "core/route53/operations.h"
#include "core/route53/request.h"
#include "core/route53/shapes.h"

static const char *const kinds[] = {
    [SHAPE_STRING] = "string",       [SHAPE_INTEGER] = "integer", [SHAPE_LONG] = "long",
    [SHAPE_DOUBLE] = "double",       [SHAPE_BOOLEAN] = "boolean", [SHAPE_TIMESTAMP] = "timestamp",
    [SHAPE_STRUCTURE] = "structure", [SHAPE_LIST] = "list",
};

static const char *const locations[] = {
    [IN_PATH] = "uri", [IN_QUERY] = "querystring", [IN_HEADER] = "header"};

static void dump(const struct shape *shape, json_t *shapes);

static json_t *dump_member(const struct shape_member *member)
{
    json_t *json = json_pack("{s:s}", "shape", member->shape->name);
    if (member->location != IN_BODY) {
        json_object_set_new(json, "location", json_string(locations[member->location]));
        json_object_set_new(json, "locationName", json_string(member->wire_name));
    }
    return json;
}

static void dump_structure(const struct shape *shape, json_t *json, json_t *shapes)
{
    json_t *members = json_object();
    json_t *required = json_array();
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_member *member = &shape->members[i];
        json_object_set_new(members, member->name, dump_member(member));
        if (member->required) {
            json_array_append_new(required, json_string(member->name));
        }
        dump(member->shape, shapes);
    }
    json_object_set_new(json, "members", members);
    json_object_set_new(json, "required", required);
}

static void dump_bounds(const struct shape *shape, json_t *json)
{
    int64_t least = shape->kind == SHAPE_INTEGER ? INT32_MIN : shape->kind == SHAPE_LONG ? INT64_MIN : 0;
    int64_t most = shape->kind == SHAPE_INTEGER ? INT32_MAX : INT64_MAX;
    bool bounded = shape->kind <= SHAPE_LONG || shape->kind == SHAPE_LIST;
    if (bounded && shape->values == NULL && shape->least != least) {
        json_object_set_new(json, "min", json_integer(shape->least));
    }
    if (bounded && shape->values == NULL && shape->most != most) {
        json_object_set_new(json, "max", json_integer(shape->most));
    }
}

static void dump(const struct shape *shape, json_t *shapes)
{
    if (json_object_get(shapes, shape->name) != NULL) {
        return;
    }
    json_t *json = json_pack("{s:s}", "type", kinds[shape->kind]);
    json_object_set_new(shapes, shape->name, json);
    dump_bounds(shape, json);
    if (shape->kind == SHAPE_STRUCTURE) {
        dump_structure(shape, json, shapes);
    } else if (shape->kind == SHAPE_LIST) {
        json_object_set_new(
            json, "member",
            json_pack("{s:s, s:s}", "shape", shape->item->name, "locationName", shape->item_name));
        dump(shape->item, shapes);
    } else if (shape->values != NULL) {
        json_t *values = json_array();
        for (size_t i = 0; shape->values[i] != NULL; i++) {
            json_array_append_new(values, json_string(shape->values[i]));
        }
        json_object_set_new(json, "enum", values);
    }
}

int main(void)
{
    json_t *operations = json_object();
    json_t *shapes = json_object();
    for (unsigned i = 0; i < ROUTE53_OPERATIONS; i++) {
        const struct route53_operation_row *row = route53_operation_row(i);
        char path[256];
        snprintf(path, sizeof path, ROUTE53_VERSION_PATH "%s", row->path);
        json_object_set_new(operations, row->name,
                            json_pack("{s:{s:s, s:s, s:i}, s:{s:s}, s:{s:s}}", "http", "method", row->method,
                                      "requestUri", path, "responseCode", route53_operation_status(i),
                                      "input", "shape", row->input->name, "output", "shape",
                                      row->output->name));
        dump(row->input, shapes);
        dump(row->output, shapes);
    }
    json_t *all = json_pack("{s:o, s:o}", "operations", operations, "shapes", shapes);
    json_dumpf(all, stdout, JSON_INDENT(1));
    json_decref(all);
    return 0;
}
