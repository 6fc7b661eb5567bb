// SPDX-License-Identifier: MIT
// The health of AWS resources: as the policy says, or as it is set at run time (Q3).
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "fleet_state.h"

static bool in_effect(const struct fleet *fleet, uint32_t index)
{
    const struct resource_override *set = fleet_resource_override(fleet, index);
    return set != NULL ? set->healthy : fleet->resources[index].healthy;
}

const struct resource_override *fleet_resource_override(const struct fleet *fleet, uint32_t resource)
{
    return resource < fleet->resource_count
               ? map_get(fleet->set_resources, bytes_of(fleet->resources[resource].name))
               : NULL;
}

static void tell(struct fleet *fleet, const struct resource_change *change)
{
    if (fleet->resource_news_first == fleet->resource_news_count) {
        fleet->resource_news_first = fleet->resource_news_count = 0;
    }
    fleet->resource_news =
        xreallocarray(fleet->resource_news, fleet->resource_news_count + 1, sizeof *fleet->resource_news);
    fleet->resource_news[fleet->resource_news_count++] = *change;
}

// All locations see the same.
static void show(struct fleet *fleet, uint32_t slot, bool healthy)
{
    for (uint32_t location = 0; location < fleet->location_count; location++) {
        status_table_set(fleet->locations[location].table, slot, healthy);
    }
}

static void follow(struct fleet *fleet, uint32_t index, const char *cause, mono_time at, wall_time wall)
{
    bool healthy = in_effect(fleet, index);
    uint32_t slot = fleet->count + index;
    if (status_table_healthy(fleet->locations[0].table, slot) != healthy) {
        show(fleet, slot, healthy);
        fleet->generation++;
        tell(fleet, &(struct resource_change){index, healthy, cause, at, wall});
    }
}

static void end_override(struct fleet *fleet, uint32_t index)
{
    free(map_remove(fleet->set_resources, bytes_of(fleet->resources[index].name)));
}

bool fleet_set_resource(struct fleet *fleet, uint32_t index, const struct resource_override *override,
                        mono_time now, wall_time wall)
{
    if (index >= fleet->resource_count || !resource_type_has_health(fleet->resources[index].type)) {
        return false;
    }
    fleet_advance(fleet, now, wall);
    end_override(fleet, index);
    if (override != NULL) {
        map_set(fleet->set_resources, bytes_of(fleet->resources[index].name),
                xmemdup(override, sizeof *override));
        if (override->until.ns != MONO_NEVER.ns) {
            queue_push(&fleet->changes, override->until, FLEET_RESOURCES);
        }
    }
    follow(fleet, index, override != NULL ? "override" : "override ended", now, wall);
    fleet_advance(fleet, now, wall); // one that was over before it began
    return true;
}

static bool over(const struct fleet *fleet, uint32_t index, mono_time now)
{
    const struct resource_override *set = fleet_resource_override(fleet, index);
    return set != NULL && !mono_before(now, set->until);
}

bool fleet_resource_due(const struct fleet *fleet, mono_time now)
{
    for (uint32_t i = 0; i < fleet->resource_count; i++) {
        if (over(fleet, i, now)) {
            return true;
        }
    }
    return false;
}

void fleet_expire_resources(struct fleet *fleet, mono_time now, wall_time wall)
{
    for (uint32_t i = 0; i < fleet->resource_count; i++) {
        if (over(fleet, i, now)) {
            end_override(fleet, i);
            follow(fleet, i, "override ended", now, wall);
        }
    }
}

// --- from one model to the next ----------------------------------------------------------------------------

// What is set stays with the resource's name; what was told of the old model's is forgotten.
void fleet_take_resources(struct fleet *fleet, const struct model *model)
{
    struct map *kept = map_create();
    for (uint32_t i = 0; i < model->resource_count; i++) {
        struct bytes name = bytes_of(model->resources[i].name);
        struct resource_override *set = map_get(fleet->set_resources, name);
        if (set != NULL && resource_type_has_health(model->resources[i].type)) {
            map_put(kept, name, map_remove(fleet->set_resources, name));
        }
    }
    fleet_free_resources(fleet);
    fleet->set_resources = kept;
    fleet->resources = model->resources;
    fleet->resource_count = model->resource_count;
    fleet->resource_news_first = fleet->resource_news_count = 0;
    for (uint32_t i = 0; i < fleet->resource_count; i++) {
        show(fleet, fleet->count + i, in_effect(fleet, i));
    }
}

static void free_value(struct bytes key, void *value, void *context)
{
    (void)key;
    (void)context;
    free(value);
}

void fleet_free_resources(struct fleet *fleet)
{
    map_each(fleet->set_resources, free_value, NULL);
    map_destroy(fleet->set_resources);
    fleet->set_resources = NULL;
}

bool fleet_next_resource_change(struct fleet *fleet, struct resource_change *out)
{
    if (fleet->resource_news_first == fleet->resource_news_count) {
        return false;
    }
    *out = fleet->resource_news[fleet->resource_news_first++];
    return true;
}
