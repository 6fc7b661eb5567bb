// SPDX-License-Identifier: MIT
#include "base/arena.h"
#include "base/map.h"
#include "core/model/parts.h"

uint32_t check_list_find(const struct check_list *list, struct bytes id)
{
    const struct health_check *check = map_get(list->by_id, id);
    return check != NULL ? (uint32_t)(check - list->checks) : HEALTH_CHECK_NONE;
}

static const char *keep(struct arena *arena, const char *text)
{
    return text != NULL ? arena_strdup(arena, text) : NULL;
}

static void freeze(const struct check_list *list, const struct health_check_spec *spec,
                   struct health_check *out)
{
    struct arena *arena = list->part.arena;
    *out = spec->config;
    out->id = keep(arena, spec->config.id);
    out->name = keep(arena, spec->config.name);
    out->caller_reference = keep(arena, spec->config.caller_reference);
    out->resource_path = keep(arena, spec->config.resource_path);
    out->fully_qualified_domain_name = keep(arena, spec->config.fully_qualified_domain_name);
    out->search_string = keep(arena, spec->config.search_string);
    uint32_t *children = arena_new(arena, uint32_t, spec->child_count);
    for (uint32_t i = 0; i < spec->child_count; i++) {
        children[i] = check_list_find(list, bytes_of(spec->child_ids[i]));
    }
    out->children = children;
    out->child_count = (uint16_t)spec->child_count;
    if (spec->config.alarm.settings != NULL) {
        struct alarm_settings *settings = arena_new(arena, struct alarm_settings, 1);
        alarm_settings_copy(arena, spec->config.alarm.settings, settings);
        out->alarm.settings = settings;
        out->alarm.region = keep(arena, spec->config.alarm.region);
        out->alarm.name = keep(arena, spec->config.alarm.name);
    }
}

static void freeze_alarms(struct check_list *list, const struct model_spec *spec)
{
    struct arena *arena = list->part.arena;
    struct alarm *alarms = arena_new(arena, struct alarm, spec->alarm_count);
    for (uint32_t i = 0; i < spec->alarm_count; i++) {
        alarms[i].region = keep(arena, spec->alarms[i].region);
        alarms[i].name = keep(arena, spec->alarms[i].name);
        alarms[i].unsupported = keep(arena, spec->alarms[i].unsupported);
        alarm_settings_copy(arena, &spec->alarms[i].settings, &alarms[i].settings);
    }
    list->alarms = alarms;
    list->alarm_count = spec->alarm_count;
}

static void let_go(const struct part *part)
{
    map_destroy(((const struct check_list *)part)->by_id);
}

const struct check_list *check_list_compile(const struct model_spec *spec)
{
    struct arena *arena = arena_create();
    struct check_list *list = arena_new(arena, struct check_list, 1);
    struct health_check *checks = arena_new(arena, struct health_check, spec->health_check_count);
    list->part = (struct part){.arena = arena, .let_go = let_go, .references = 1};
    list->by_id = map_create();
    list->checks = checks;
    list->count = spec->health_check_count;
    for (uint32_t i = 0; i < list->count; i++) { // children may come after their parents
        map_put(list->by_id, bytes_of(spec->health_checks[i].config.id), &checks[i]);
    }
    for (uint32_t i = 0; i < list->count; i++) {
        freeze(list, &spec->health_checks[i], &checks[i]);
    }
    freeze_alarms(list, spec);
    return list;
}
