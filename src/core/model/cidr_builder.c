// SPDX-License-Identifier: MIT
#include "cidr_builder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"

static int longest_first(const void *left, const void *right)
{
    const struct cidr_block *a = left;
    const struct cidr_block *b = right;
    if (a->prefix.length != b->prefix.length) {
        return a->prefix.length > b->prefix.length ? -1 : 1;
    }
    return memcmp(&a->prefix.address, &b->prefix.address, sizeof a->prefix.address);
}

static uint32_t number_of(struct map *numbers, const char *name, const char **names, uint32_t *count,
                          struct arena *arena)
{
    void *known = map_get(numbers, bytes_of(name));
    if (known != NULL) {
        return (uint32_t)((uintptr_t)known - 1);
    }
    names[*count] = arena_strdup(arena, name);
    ++*count;
    map_put(numbers, bytes_of(name), (void *)(uintptr_t)*count); // NOLINT(performance-no-int-to-ptr)
    return *count - 1;
}

static void freeze(struct arena *arena, const struct cidr_collection_spec *spec, struct cidr_collection *out)
{
    struct cidr_block *blocks = arena_new(arena, struct cidr_block, spec->block_count);
    const char **names = arena_new(arena, const char *, spec->block_count);
    struct map *numbers = map_create();
    for (uint32_t i = 0; i < spec->block_count; i++) {
        blocks[i].prefix = spec->blocks[i].prefix;
        blocks[i].location = number_of(numbers, spec->blocks[i].location, names, &out->location_count, arena);
    }
    map_destroy(numbers);
    qsort(blocks, spec->block_count, sizeof *blocks, longest_first);
    out->id = arena_strdup(arena, spec->id);
    out->name = arena_strdup(arena, spec->name);
    out->blocks = blocks;
    out->locations = names;
    out->block_count = spec->block_count;
}

const struct collection_list *collection_list_compile(const struct model_spec *spec)
{
    struct arena *arena = arena_create();
    struct collection_list *list = arena_new(arena, struct collection_list, 1);
    struct cidr_collection *collections =
        arena_new(arena, struct cidr_collection, spec->cidr_collection_count);
    for (uint32_t i = 0; i < spec->cidr_collection_count; i++) {
        freeze(arena, &spec->cidr_collections[i], &collections[i]);
    }
    list->part = (struct part){.arena = arena, .references = 1};
    list->collections = collections;
    list->count = spec->cidr_collection_count;
    return list;
}

static uint32_t find_location(const struct cidr_collection *collection, const char *name)
{
    if (strcmp(name, "*") == 0) {
        return CIDR_DEFAULT;
    }
    for (uint32_t i = 0; i < collection->location_count; i++) {
        if (strcmp(collection->locations[i], name) == 0) {
            return i;
        }
    }
    return CIDR_UNKNOWN;
}

void cidr_find(const struct collection_list *list, const char *collection_id, const char *location_name,
               uint16_t *collection, uint32_t *location)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (strcmp(list->collections[i].id, collection_id) == 0) {
            *collection = (uint16_t)i;
            *location = find_location(&list->collections[i], location_name);
            return;
        }
    }
    assert(false); // the spec names a CIDR collection that it lacks
}
