// SPDX-License-Identifier: MIT
// What went wrong, and where. A fallible function returns bool and fills this on false; outputs stay
// untouched. The first error wins: filling an error that is set already changes nothing.
// A value without pointers: copy it, put it on the stack, forget it.
#ifndef NEARWELL_BASE_ERROR_H
#define NEARWELL_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

struct error {
    bool set;
    char text[512]; // a sentence without a final period, longer ones are cut
};

// Returns false always, so that a caller can `return error_set(...)`. error may be NULL.
bool error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool error_vset(struct error *error, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

// Puts "context: " before the text: the caller's place around the callee's cause. Returns false.
bool error_context(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Says "false always" to compilers and analyzers, so that they know that outputs are set after a success.
static inline bool error_false(bool always_false)
{
    (void)always_false;
    return false;
}
#define error_set(...)     error_false(error_set(__VA_ARGS__))
#define error_vset(...)    error_false(error_vset(__VA_ARGS__))
#define error_context(...) error_false(error_context(__VA_ARGS__))

#endif
