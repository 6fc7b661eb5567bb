// SPDX-License-Identifier: MIT
// Bodies of the Route 53 API: XML to JSON and back, both led by a shape. Pure; any thread.
// Source: API reference 1.2, 1.3 and 4.2; XML 1.0 and Namespaces in XML 1.0.
#ifndef NEARWELL_CORE_ROUTE53_XML_H
#define NEARWELL_CORE_ROUTE53_XML_H

#include <jansson.h>

#include "base/buffer.h"
#include "core/route53/fault.h"
#include "shapes.h"

#define XML_NAMESPACE "https://route53.amazonaws.com/doc/2013-04-01/"

// Reads one document in UTF-8 (or UTF-16) whose root is named like the structure, in the
// namespace above or in none, with children in any order. out gets the members that were there, and is the
// caller's. What is no XML, or has another root, is MalformedInput; what the shape does not allow,
// InvalidInput, and the first of several counts. No document type, so no entities of one's own; a bounded
// size and number of elements; and never deeper than the shape is.
bool xml_read(const struct shape *structure, struct bytes text, json_t **out, struct route53_fault *fault);

// Compact, in the order of the shape, only what has a value. A number will do where the shape has a text.
void xml_write(const struct shape *structure, const json_t *value, struct buffer *out);

// Text between tags. What XML cannot say becomes U+FFFD. text is UTF-8.
void xml_escape(struct bytes text, struct buffer *out);

#endif
