// SPDX-License-Identifier: MIT
#include <string.h>

#include "base/arena.h"
#include "core/model/parts.h"
#include "record_builder.h"

static void freeze(struct arena *arena, const struct resource_spec *from, struct resource *to)
{
    char name[DNS_NAME_TEXT];
    dns_name_format_plain(&from->name, name);
    size_t len = strlen(name);
    if (len > 1 && name[len - 1] == '.') {
        name[len - 1] = '\0';
    }
    to->type = from->type;
    to->name = arena_strdup(arena, name);
    to->hosted_zone_id = from->hosted_zone_id != NULL ? arena_strdup(arena, from->hosted_zone_id) : NULL;
    to->healthy = from->healthy || !resource_type_has_health(from->type); // Q3
    for (unsigned k = 0; k < RESOURCE_ADDRESS_TYPES; k++) {
        struct record_set *addresses = &to->addresses[k];
        addresses->ttl = from->addresses[k].ttl;
        addresses->region = REGION_NONE;
        addresses->health_check = HEALTH_CHECK_NONE;
        record_builder_freeze(arena, &from->addresses[k], addresses);
    }
}

const struct resource_list *resource_list_compile(const struct model_spec *spec)
{
    struct arena *arena = arena_create();
    struct resource_list *list = arena_new(arena, struct resource_list, 1);
    struct resource *resources = arena_new(arena, struct resource, spec->resource_count);
    for (uint32_t i = 0; i < spec->resource_count; i++) {
        freeze(arena, &spec->resources[i], &resources[i]);
    }
    list->part = (struct part){.arena = arena, .references = 1};
    list->resources = resources;
    list->count = spec->resource_count;
    return list;
}
