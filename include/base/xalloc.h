// SPDX-License-Identifier: MIT
// Allocation that never returns NULL: out of memory aborts the process. Input sizes are bounded before
// anything is allocated for them, so running out is a bug or a starved machine, never a bad request.
// Any thread. The caller owns the result and frees it with free().
#ifndef NEARWELL_BASE_XALLOC_H
#define NEARWELL_BASE_XALLOC_H

#include <stddef.h>

void *xmalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *xcalloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull)); // aborts on overflow
void *xreallocarray(void *old, size_t count, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *text) __attribute__((malloc, returns_nonnull));
char *xstrndup(const char *text, size_t len) __attribute__((malloc, returns_nonnull));
void *xmemdup(const void *data, size_t size) __attribute__((malloc, returns_nonnull));
char *xasprintf(const char *format, ...) __attribute__((malloc, returns_nonnull, format(printf, 1, 2)));

#endif
