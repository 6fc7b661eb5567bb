// SPDX-License-Identifier: MIT
#include "core/admin/clock_request.h"

#include <stddef.h>

#include "base/arena.h"
#include "core/json/schema.h"
#include "core/json/text.h"

enum { DEPTH_MAX = 4, TEXT_MAX = 4096 };
#define ADVANCE_MOST DURATION_S(31 * 86400)

struct request {
    struct schema_node node;
    const char *advance;
};

static const struct schema_field fields[] = {
    {"Advance", "How far time moves: 90s, 10m, 2h", SCHEMA_STRING, true,
     .offset = offsetof(struct request, advance), .least = 1, .most = 32},
};

static const struct schema_table table = {"Clock", "Moves a manual clock", sizeof(struct request), fields,
                                          sizeof fields / sizeof fields[0]};

bool clock_request_parse(struct bytes text, duration *out, struct buffer *problems)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct schema_reader reader = {.arena = arena_create(), .diagnostics = diagnostics};
    struct request request = {0};
    duration by = 0;
    diagnostics_file(diagnostics, "request", text);
    json_t *json = json_text_parse(text, DEPTH_MAX, TEXT_MAX, diagnostics);
    if (json != NULL) {
        schema_read(&reader, &table, json, &request);
        if ((request.node.valid & schema_bit(0)) != 0 &&
            (!duration_parse(bytes_of(request.advance), &by) || by > ADVANCE_MOST)) {
            schema_finding(
                diagnostics, DIAGNOSTIC_ERROR, &request.node, "Advance",
                "'%s' is not a duration of at most 31 days; for example \"90s\", \"10m\" or \"2h\"",
                request.advance);
        }
    }
    bool ok = diagnostics_errors(diagnostics) == 0;
    if (ok) {
        *out = by;
    } else {
        diagnostics_print(diagnostics, problems);
    }
    json_decref(json);
    arena_destroy(reader.arena);
    diagnostics_destroy(diagnostics);
    return ok;
}
