// SPDX-License-Identifier: MIT
// The document of a traffic policy: a tree of rules whose leaves are endpoints. Pure; any thread.
// Source: "Traffic policy document format" of the Route 53 API.
#ifndef NEARWELL_CORE_ROUTE53_TRAFFIC_DOCUMENT_H
#define NEARWELL_CORE_ROUTE53_TRAFFIC_DOCUMENT_H

#include "base/error.h"
#include "shapes.h"

// Whether every reference leads to a rule or an endpoint, the start too, and no rule leads back to itself.
// type gets the record type, a constant.
bool traffic_document_check(const char *text, const char **type, struct error *error);

#endif
