// SPDX-License-Identifier: MIT
// String to pointer. The hash is keyed, so that names a stranger chose cannot be made to collide. Keys are
// copied; values stay the caller's. One owner, one thread.
#ifndef NEARWELL_BASE_MAP_H
#define NEARWELL_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

struct map;

struct map *map_create(void);
void map_destroy(struct map *map); // NULL is fine; values are not freed

void *map_get(const struct map *map, struct bytes key);       // NULL when absent
bool map_put(struct map *map, struct bytes key, void *value); // false, and no change, when present
void map_set(struct map *map, struct bytes key, void *value); // replaces
void *map_remove(struct map *map, struct bytes key);          // the value, NULL when absent
size_t map_count(const struct map *map);

// In order of insertion. The callback must not change the map.
void map_each(const struct map *map, void (*visit)(struct bytes key, void *value, void *context),
              void *context);

#endif
