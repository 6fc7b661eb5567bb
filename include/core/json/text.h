// SPDX-License-Identifier: MIT
// JSON text to a jansson tree, within limits and with findings that have a place. Duplicate keys, NUL bytes,
// bytes that are not UTF-8 and nesting beyond a limit are refused. Pure; any thread.
#ifndef NEARWELL_CORE_JSON_TEXT_H
#define NEARWELL_CORE_JSON_TEXT_H

#include <jansson.h>

#include "base/bytes.h"
#include "core/json/diagnostic.h"

// NULL after one error about the current file of diagnostics, whose text this must be. The caller owns the
// tree: an object, for anything else is refused.
json_t *json_text_parse(struct bytes text, unsigned depth_max, size_t size_max,
                        struct diagnostics *diagnostics);

#endif
