// SPDX-License-Identifier: MIT
// Findings about a JSON text: collected with a JSON pointer each, placed and printed at the end as
//   policies/three-regions.json:12:34: error: unknown field 'Regoin'; did you mean 'Region'?
//     12 |   "Regoin": "us-east-1",
//        |   ^~~~~~~~
// One owner, one thread.
#ifndef NEARWELL_CORE_JSON_DIAGNOSTIC_H
#define NEARWELL_CORE_JSON_DIAGNOSTIC_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/bytes.h"

enum diagnostic_level { DIAGNOSTIC_ERROR, DIAGNOSTIC_WARNING };

struct diagnostics;

struct diagnostics *diagnostics_create(void);
void diagnostics_destroy(struct diagnostics *diagnostics); // NULL is fine

// Findings that follow are about this text, which must outlive the diagnostics, until the next call.
// The name is copied. Naming the same text again goes on where it was.
void diagnostics_file(struct diagnostics *diagnostics, const char *name, struct bytes text);
// Hands over a malloc'd text that must live as long as the diagnostics.
void diagnostics_keep(struct diagnostics *diagnostics, char *text);

// pointer: RFC 6901, "" is the whole document. A pointer that ends in "/#key" means the member's key rather
// than its value:
// "/HealthChecks/0/#key/Regoin". At most 1000 findings are kept, more are counted.
void diagnostics_add(struct diagnostics *diagnostics, enum diagnostic_level level, const char *pointer,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));
// For what a parser placed itself: 1-based line and column (bytes); 0 when unknown.
void diagnostics_add_at(struct diagnostics *diagnostics, enum diagnostic_level level, unsigned line,
                        unsigned column, const char *format, ...) __attribute__((format(printf, 5, 6)));

size_t diagnostics_errors(const struct diagnostics *diagnostics);
size_t diagnostics_warnings(const struct diagnostics *diagnostics);

// A finding with its place, for formats of the caller's own. line and column are 0 when unknown.
struct diagnostic {
    enum diagnostic_level level;
    const char *file; // "" when none was named
    unsigned line;
    unsigned column;
    const char *message;
};
// In order of file and place.
void diagnostics_each(const struct diagnostics *diagnostics,
                      void (*visit)(const struct diagnostic *finding, void *context), void *context);

// All findings in order of file and place, and a last line "2 errors, 1 warning" when there are any.
void diagnostics_print(const struct diagnostics *diagnostics, struct buffer *out);
// The first error on one line, "file:line:column: message", for logs and /status; "" when there is none.
void diagnostics_first(const struct diagnostics *diagnostics, struct buffer *out);

#endif
