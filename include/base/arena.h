// SPDX-License-Identifier: MIT
// Bump allocation: many small objects, freed in one call. One owner, one thread until frozen; what was
// allocated may then be read by any thread. Never returns NULL (see xalloc.h).
#ifndef NEARWELL_BASE_ARENA_H
#define NEARWELL_BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena *arena); // NULL is fine

// align is a power of two. Memory is zeroed.
void *arena_alloc(struct arena *arena, size_t size, size_t align) __attribute__((returns_nonnull));
void *arena_memdup(struct arena *arena, const void *data, size_t size, size_t align)
    __attribute__((returns_nonnull));
char *arena_strdup(struct arena *arena, const char *text) __attribute__((returns_nonnull));

// Bytes handed out plus what the blocks waste: what the arena costs.
size_t arena_footprint(const struct arena *arena);

#define arena_new(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (count), _Alignof(type)))

#endif
