// SPDX-License-Identifier: MIT
// Single values of a shape: text to JSON, and which bound a bad one breaks. Pure; any thread.
#ifndef NEARWELL_CORE_ROUTE53_VALUE_H
#define NEARWELL_CORE_ROUTE53_VALUE_H

#include <jansson.h>

#include "core/route53/fault.h"
#include "shapes.h"

// The facets of XML Schema, which the texts of the service name.
enum facet {
    FACET_NONE, // it is good
    FACET_TYPE,
    FACET_ENUMERATION,
    FACET_MIN_LENGTH,
    FACET_MAX_LENGTH,
    FACET_MIN_INCLUSIVE,
    FACET_MAX_INCLUSIVE,
    FACET_PATTERN,
};

// shape is no structure and no list. On FACET_NONE out is set, and the caller's.
enum facet value_parse(const struct shape *shape, struct bytes text, json_t **out);
enum facet value_check(const struct shape *shape, const json_t *value);

// InvalidInput in the words of an XML validator: "Invalid XML ; cvc-...". For what came in a body.
bool value_fault_xml(const struct shape *shape, enum facet facet, struct bytes text,
                     struct route53_fault *fault);

// InvalidInput in the words of the service model, for what came by another way. member: "StartRecordType", or
// a path of such names. text.data NULL prints null.
bool value_fault(const struct shape *shape, enum facet facet, struct bytes text, const char *member,
                 struct route53_fault *fault);

#endif
