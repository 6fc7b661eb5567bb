// SPDX-License-Identifier: MIT
#include "resource_builder.h"

#include "base/arena.h"
#include "record_builder.h"

void resource_builder_run(struct model *model, const struct model_spec *spec)
{
    struct resource *resources = arena_new(model->arena, struct resource, spec->resource_count);
    for (uint32_t i = 0; i < spec->resource_count; i++) {
        const struct resource_spec *from = &spec->resources[i];
        struct resource *to = &resources[i];
        to->type = from->type;
        to->healthy = from->healthy || !resource_type_has_health(from->type); // Q3
        for (unsigned k = 0; k < RESOURCE_ADDRESS_TYPES; k++) {
            struct record_set *addresses = &to->addresses[k];
            addresses->ttl = from->addresses[k].ttl;
            addresses->region = REGION_NONE;
            addresses->health_check = HEALTH_CHECK_NONE;
            record_builder_freeze(model->arena, &from->addresses[k], addresses);
        }
    }
    model->resources = resources;
    model->resource_count = spec->resource_count;
}
