// SPDX-License-Identifier: MIT
// The shapes of the Route 53 API: one description of every structure, list and value, from which XML in, XML
// out and the checks of JSON follow. Constant; any thread. Source: the service model of 2013-04-01, whose
// names these are.
#ifndef NEARWELL_CORE_ROUTE53_SHAPES_H
#define NEARWELL_CORE_ROUTE53_SHAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum shape_kind {
    SHAPE_STRING,
    SHAPE_INTEGER, // 32 bits
    SHAPE_LONG,    // 64 bits
    SHAPE_DOUBLE,
    SHAPE_BOOLEAN,
    SHAPE_TIMESTAMP, // a text in JSON too: "2026-01-02T03:04:05.678Z"
    SHAPE_STRUCTURE,
    SHAPE_LIST,
};

struct shape {
    const char *name;
    enum shape_kind kind;
    int64_t least; // of numbers; characters of a string; items of a list
    int64_t most;
    const char *const *values; // an enumeration: NULL-terminated; else NULL
    const char *pattern;       // of a string, as error texts print it; NULL: any
    bool (*matches)(struct bytes text);
    const struct shape_member *members; // of a structure
    size_t count;
    const struct shape *item; // of a list
    const char *item_name;    // its element: "member" where the model says nothing else
};

enum shape_location {
    IN_BODY,
    IN_PATH,
    IN_QUERY,
    IN_HEADER,
};

struct shape_member {
    const char *name;
    enum shape_location location;
    const char *wire_name; // in a path, query or header; in bodies members go by their name
    bool required;
    const struct shape *shape;
};

const struct shape_member *shape_member(const struct shape *structure, struct bytes name);

// Whether any member travels in a body. A body in XML has the name of the structure.
bool shape_has_body(const struct shape *structure);

#endif
