// SPDX-License-Identifier: MIT
#include "core/model/model.h"

#include <strings.h>

#include "base/arena.h"

void model_destroy(struct model *model)
{
    if (model != NULL) {
        arena_destroy(model->arena); // the model itself is in it
    }
}

size_t model_footprint(const struct model *model)
{
    return arena_footprint(model->arena);
}

uint32_t model_find_health_check(const struct model *model, struct bytes id)
{
    for (uint32_t i = 0; i < model->health_check_count; i++) {
        if (bytes_equal(bytes_of(model->health_checks[i].id), id)) {
            return i;
        }
    }
    return HEALTH_CHECK_NONE;
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

const struct record_group *name_node_group(const struct name_node *node, uint16_t type)
{
    for (uint16_t i = 0; i < node->group_count; i++) { // a node has few types
        if (node->groups[i].type == type) {
            return &node->groups[i];
        }
    }
    return NULL;
}

const char *routing_policy_name(enum routing_policy_id policy)
{
    static const char *const names[ROUTING_POLICIES] = {
        "simple", "weighted", "latency", "failover", "geolocation", "geoproximity", "multivalue", "IP-based",
    };
    return names[policy];
}
