// SPDX-License-Identifier: MIT
//
//   arena -> [block: header | used ....... | free ]
//            [block: header | used ............... ]   older blocks, full
//
#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

struct block {
    struct block *older;
    size_t used;
    size_t size;
    _Alignas(max_align_t) unsigned char data[];
};

struct arena {
    struct block *newest;
    size_t next_size;
    size_t footprint;
};

struct arena *arena_create(void)
{
    struct arena *arena = xcalloc(1, sizeof *arena);
    arena->next_size = FIRST_BLOCK;
    return arena;
}

void arena_destroy(struct arena *arena)
{
    if (arena == NULL) {
        return;
    }
    for (struct block *block = arena->newest; block != NULL;) {
        struct block *older = block->older;
        free(block);
        block = older;
    }
    free(arena);
}

static void add_block(struct arena *arena, size_t at_least)
{
    size_t size = arena->next_size > at_least ? arena->next_size : at_least;
    assert(size <= SIZE_MAX - sizeof(struct block));
    struct block *block = xcalloc(1, sizeof *block + size);
    block->older = arena->newest;
    block->size = size;
    arena->newest = block;
    arena->footprint += sizeof *block + size;
    if (arena->next_size < LARGEST_BLOCK) {
        arena->next_size *= 2;
    }
}

void *arena_alloc(struct arena *arena, size_t size, size_t align)
{
    assert(align > 0 && (align & (align - 1)) == 0 && align <= _Alignof(max_align_t));
    struct block *block = arena->newest;
    size_t start = block != NULL ? (block->used + align - 1) & ~(align - 1) : 0;
    if (block == NULL || start > block->size || size > block->size - start) {
        add_block(arena, size);
        block = arena->newest;
        start = 0;
    }
    block->used = start + size;
    return block->data + start;
}

void *arena_memdup(struct arena *arena, const void *data, size_t size, size_t align)
{
    void *copy = arena_alloc(arena, size, align);
    if (size > 0) {
        memcpy(copy, data, size);
    }
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_memdup(arena, text, strlen(text) + 1, 1);
}

size_t arena_footprint(const struct arena *arena)
{
    return sizeof *arena + arena->footprint;
}
