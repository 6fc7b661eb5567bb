// SPDX-License-Identifier: MIT
#include "core/model/model.h"

#include <strings.h>

#include "base/arena.h"
#include "core/dns/rrtype.h"
#include "core/model/parts.h"

void model_destroy(struct model *model)
{
    if (model == NULL) {
        return;
    }
    for (uint32_t i = 0; i < model->zone_count; i++) {
        part_release(&model->zones[i]->part);
    }
    part_release(&model->check_list->part);
    part_release(&model->place_list->part);
    part_release(&model->collection_list->part);
    part_release(&model->resource_list->part);
    arena_destroy(model->arena); // the model itself is in it
}

size_t model_footprint(const struct model *model)
{
    size_t size = arena_footprint(model->arena) + arena_footprint(model->check_list->part.arena) +
                  arena_footprint(model->place_list->part.arena) +
                  arena_footprint(model->collection_list->part.arena) +
                  arena_footprint(model->resource_list->part.arena);
    for (uint32_t i = 0; i < model->zone_count; i++) {
        size += arena_footprint(model->zones[i]->part.arena);
    }
    return size;
}

uint32_t model_find_health_check(const struct model *model, struct bytes id)
{
    return check_list_find(model->check_list, id);
}

const struct alarm *model_find_alarm(const struct model *model, const char *region, const char *name)
{
    for (uint32_t i = 0; i < model->alarm_count; i++) {
        if (strcmp(model->alarms[i].region, region) == 0 && strcmp(model->alarms[i].name, name) == 0) {
            return &model->alarms[i];
        }
    }
    return NULL;
}

uint32_t model_find_resource(const struct model *model, struct bytes name)
{
    static const char prefix[] = "dualstack.";
    size_t skip = sizeof prefix - 1;
    if (name.len > skip && strncasecmp((const char *)name.data, prefix, skip) == 0) {
        name = (struct bytes){name.data + skip, name.len - skip};
    }
    name.len -= name.len > 1 && name.data[name.len - 1] == '.';
    for (uint32_t i = 0; i < model->resource_count; i++) {
        const char *candidate = model->resources[i].name;
        if (strlen(candidate) == name.len && strncasecmp(candidate, (const char *)name.data, name.len) == 0) {
            return i;
        }
    }
    return RESOURCE_NONE;
}

uint32_t model_find_place(const struct model *model, struct bytes name)
{
    for (uint32_t i = 0; i < model->place_count; i++) {
        const char *candidate = model->places[i].name;
        if (strlen(candidate) == name.len && strncasecmp(candidate, (const char *)name.data, name.len) == 0) {
            return i;
        }
    }
    return PLACE_NONE;
}

const struct vpc *model_find_vpc(const struct model *model, struct bytes id)
{
    for (uint32_t i = 0; i < model->vpc_count; i++) {
        if (bytes_equal(bytes_of(model->vpcs[i].id), id)) {
            return &model->vpcs[i];
        }
    }
    return NULL;
}

const struct record_group *name_node_group(const struct name_node *node, uint16_t type)
{
    for (uint16_t i = 0; i < node->group_count; i++) { // a node has few types
        if (node->groups[i].type == type) {
            return &node->groups[i];
        }
    }
    return NULL;
}

const struct record_set *resource_addresses(const struct resource *resource, uint16_t type)
{
    const struct record_set *addresses = type == DNS_TYPE_A      ? &resource->addresses[0]
                                         : type == DNS_TYPE_AAAA ? &resource->addresses[1]
                                                                 : NULL;
    return addresses != NULL && addresses->record_count > 0 ? addresses : NULL;
}

const char *routing_policy_name(enum routing_policy_id policy)
{
    static const char *const names[ROUTING_POLICIES] = {
        "simple", "weighted", "latency", "failover", "geolocation", "geoproximity", "multivalue", "IP-based",
    };
    return names[policy];
}
