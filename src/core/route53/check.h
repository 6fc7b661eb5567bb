// SPDX-License-Identifier: MIT
// JSON that is to have a shape. Pure; any thread.
#ifndef NEARWELL_CORE_ROUTE53_CHECK_H
#define NEARWELL_CORE_ROUTE53_CHECK_H

#include <jansson.h>

#include "core/route53/fault.h"
#include "shapes.h"

// InvalidInput that names the place: "Value 'x' at 'changeBatch.changes.1.member.action' ...".
bool shape_check(const struct shape *shape, const json_t *value, struct route53_fault *fault);

// The same without lengths and ranges, which the service's own answers do not keep to: "/hostedzone/" and an
// id are longer than an id may be, and a resource may have no tags.
bool shape_check_kinds(const struct shape *shape, const json_t *value, struct route53_fault *fault);

#endif
