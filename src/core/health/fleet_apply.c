// SPDX-License-Identifier: MIT
// From one model to the next: checks are matched by id and keep what the change leaves untouched (H14).
#include <assert.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "fleet_state.h"

void fleet_free_check(struct fleet *fleet, struct check *check)
{
    fleet_free_watch(fleet, check);
    fleet_clear_delays(fleet, check);
    free(check->others);
    free(check->checkers);
    free(check->leaves);
    free(check->override);
    free(check->certificate);
    free(check);
}

static uint32_t take_slot(struct fleet *fleet)
{
    if (fleet->free_count > 0) {
        return fleet->free_slots[--fleet->free_count];
    }
    if (fleet->slot_count == fleet->slot_room) {
        fleet->slot_room = fleet->slot_room > 0 ? fleet->slot_room * 2 : 16;
        fleet->slots = xreallocarray(fleet->slots, fleet->slot_room, sizeof *fleet->slots);
        fleet->free_slots = xreallocarray(fleet->free_slots, fleet->slot_room, sizeof *fleet->free_slots);
    }
    return fleet->slot_count++;
}

// H4, H5: healthy, or unhealthy when inverted, until observations say otherwise. A calculated check has its
// children's statuses from the start.
static struct check *add_check(struct fleet *fleet, const struct health_check *config,
                               struct override *override, const struct happening *happening)
{
    struct check *check = xcalloc(1, sizeof *check);
    check->slot = take_slot(fleet);
    fleet->slots[check->slot] = check;
    check->config = config;
    check->first = (struct outlook){.raw = true, .since = happening->wall};
    check->override = override;
    fleet_fit_outlooks(fleet, check, 0);
    check->wanted = check->active = fleet_settings(check);
    fleet_fit_checkers(fleet, check, happening->at);
    if (config->type == HEALTH_CHECK_CLOUDWATCH_METRIC) {
        fleet_follow_alarm(fleet, check);
        fleet_read_metric(fleet, check, happening->at, happening->wall);
    }
    for (uint32_t location = 0; location < fleet->location_count; location++) {
        struct outlook *outlook = fleet_outlook(check, location);
        if (fleet_is_calculated(check)) {
            fleet_count_children(fleet, check, location);
        }
        outlook->final = check_final(outlook->raw, check->active.disabled, check->active.inverted);
        outlook->arrived = outlook->used = outlook->final;
    }
    map_set(fleet->by_id, bytes_of(config->id), check);
    return check;
}

static void remove_check(struct fleet *fleet, struct check *check)
{
    // The map has its successor when the type of the check changed.
    if (map_get(fleet->by_id, bytes_of(check->config->id)) == check) {
        map_remove(fleet->by_id, bytes_of(check->config->id));
    }
    fleet_forget_news(fleet, check->slot);
    fleet->waiting -= check->waiting;
    fleet->slots[check->slot] = NULL;
    fleet->free_slots[fleet->free_count++] = check->slot;
    fleet_free_check(fleet, check);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_endpoint(const struct health_check *a, const struct health_check *b)
{
    return ip_equal(&a->ip_address, &b->ip_address) && a->port == b->port &&
           same_text(a->fully_qualified_domain_name, b->fully_qualified_domain_name) &&
           same_text(a->resource_path, b->resource_path) && same_text(a->search_string, b->search_string) &&
           a->enable_sni == b->enable_sni;
}

// H14. A probe that was under way would have been due, so its checker asks the new endpoint at once.
static void follow_endpoint(struct fleet *fleet, struct check *check, mono_time now)
{
    free(check->certificate);
    check->certificate = NULL;
    for (uint32_t i = 0; i < check->count + check->lingering; i++) {
        struct checker *checker = &check->checkers[i];
        checker->verdict.against = 0;
        if (checker->ticket != 0) {
            checker->ticket = 0;
            fleet_schedule(fleet, check, i, now);
        }
    }
    if (fleet->simulator.updates_reseed && !check->active.disabled) {
        fleet_reseed(fleet, check, now);
    }
}

// Another interval means other phases. Probes under way go on.
static void follow_interval(struct fleet *fleet, struct check *check, mono_time now)
{
    for (uint32_t i = 0; i < check->count + check->lingering; i++) {
        check->checkers[i].due = MONO_NEVER;
    }
    fleet_start_checkers(fleet, check, now);
}

static bool same_shape(const struct simulator_settings *a, const struct simulator_settings *b)
{
    return a->checkers == b->checkers && a->checkers_per_region == b->checkers_per_region;
}

// Its children may be others now, or have changed with this model, or stand at other indices.
static void follow_children(struct fleet *fleet, struct check *check, const struct health_check *old,
                            const struct happening *happening)
{
    const struct health_check *config = check->config;
    bool same = old->health_threshold == config->health_threshold && old->child_count == config->child_count;
    struct happening counted = *happening;
    counted.cause = same ? "child" : "policy";
    fleet_recount(fleet, check, &counted);
}

static void update_check(struct fleet *fleet, struct check *check, const struct health_check *config,
                         const struct simulator_settings *before, const struct happening *happening)
{
    const struct health_check *old = check->config;
    check->config = config;
    bool refitted = false;
    if (!same_endpoint(old, config)) {
        follow_endpoint(fleet, check, happening->at);
        refitted = fleet->simulator.updates_reseed;
    }
    if (old->request_interval != config->request_interval) {
        follow_interval(fleet, check, happening->at);
    }
    if (old->regions != config->regions || !same_shape(before, &fleet->simulator)) {
        refitted |= fleet_fit_checkers(fleet, check, happening->at);
    }
    if (!fleet_same_locations(before, &fleet->simulator) && check->count > 0) {
        fleet_count_verdicts(fleet, check);
        refitted = true;
    }
    if (refitted || before->healthy_percent != fleet->simulator.healthy_percent) {
        struct happening policy = *happening;
        policy.cause = "policy";
        fleet_recount(fleet, check, &policy);
    }
    if (fleet_is_calculated(check)) {
        follow_children(fleet, check, old, happening);
    }
    if (check->watch != NULL) {
        struct happening policy = *happening;
        policy.cause = "policy";
        fleet_follow_alarm(fleet, check);
        fleet_recount(fleet, check, &policy);
    }
    struct settings settings = fleet_settings(check);
    fleet_want(fleet, check, &settings, happening);
}

// What the fleet was before this model.
struct previous {
    struct simulator_settings simulator;
    struct check **checks;
    uint32_t count;
    uint32_t location_count;
    struct status_table *tables[LOCATIONS_MAX];
};

static void place(struct fleet *fleet, struct check *check, uint32_t index)
{
    assert(check->round != fleet->round); // ids of a model are unique
    check->round = fleet->round;
    check->index = index;
    fleet->checks[index] = check;
}

// Type is frozen in Route 53: another type under the same id is another check. The operator's word stays.
static void replace_check(struct fleet *fleet, struct check *old, const struct health_check *config,
                          uint32_t index, const struct happening *happening)
{
    struct happening policy = *happening;
    policy.cause = "policy";
    struct check *check = add_check(fleet, config, old->override, happening);
    old->override = NULL;
    for (uint32_t location = 0; location < fleet->location_count; location++) {
        fleet_outlook(check, location)->used = fleet_outlook(old, location)->used;
        fleet_outlook(check, location)->since = fleet_outlook(old, location)->since;
    }
    place(fleet, check, index);
    if (check->override != NULL && check->override->until.ns != MONO_NEVER.ns) {
        queue_push(&fleet->changes, check->override->until, check->slot);
    }
    fleet_use(fleet, check, &policy);
}

static void adopt(struct fleet *fleet, const struct health_check *config, uint32_t index,
                  const struct previous *previous, const struct happening *happening)
{
    struct check *known = map_get(fleet->by_id, bytes_of(config->id));
    if (known == NULL) {
        place(fleet, add_check(fleet, config, NULL, happening), index);
    } else if (known->config->type != config->type) {
        replace_check(fleet, known, config, index, happening);
    } else {
        place(fleet, known, index);
        update_check(fleet, known, config, &previous->simulator, happening);
    }
}

// Children first, wherever they stand: a calculated check counts them as they are in this model.
static void adopt_all(struct fleet *fleet, const struct model *model, const struct previous *previous,
                      const struct happening *happening)
{
    for (unsigned calculated = 0; calculated < 2; calculated++) {
        for (uint32_t i = 0; i < fleet->count; i++) {
            const struct health_check *config = &model->health_checks[i];
            if ((config->type == HEALTH_CHECK_CALCULATED) == calculated) {
                adopt(fleet, config, i, previous, happening);
            }
        }
    }
}

static void begin_tables(struct fleet *fleet, const struct model *model, struct previous *previous)
{
    for (uint32_t i = 0; i < LOCATIONS_MAX; i++) {
        previous->tables[i] = fleet->locations[i].table;
        fleet->locations[i].table =
            i < fleet->location_count
                ? status_table_create(model->health_check_count + model->resource_count, false)
                : NULL;
    }
}

static void fill_tables(struct fleet *fleet, const struct model *model, struct previous *previous)
{
    bool same = fleet->location_count == previous->location_count;
    for (uint32_t location = 0; location < fleet->location_count; location++) {
        for (uint32_t i = 0; i < fleet->count; i++) {
            status_table_set(fleet->locations[location].table, i,
                             fleet_outlook(fleet->checks[i], location)->used);
        }
    }
    fleet_take_resources(fleet, model);
    for (uint32_t i = 0; i < LOCATIONS_MAX; i++) {
        same = same && (i >= fleet->location_count ||
                        status_table_equal(fleet->locations[i].table, previous->tables[i]));
        free(previous->tables[i]);
    }
    fleet->generation += !same;
}

void fleet_apply(struct fleet *fleet, const struct model *model, mono_time now, wall_time wall)
{
    fleet_advance(fleet, now, wall);
    struct previous previous = {fleet->simulator, fleet->checks, fleet->count, fleet->location_count, {NULL}};
    struct happening happening = {NULL, now, wall, NULL, REGION_NONE};
    fleet_take_locations(fleet, model);
    begin_tables(fleet, model, &previous);
    fleet->simulator = model->simulator;
    fleet->round++;
    fleet->count = model->health_check_count;
    fleet->checks = xcalloc((size_t)fleet->count + 1, sizeof(struct check *));
    fleet_unlink_children(fleet);
    for (uint32_t i = 0; i < previous.count; i++) {
        fleet_fit_outlooks(fleet, previous.checks[i], previous.location_count);
    }
    adopt_all(fleet, model, &previous, &happening);
    fleet_link_children(fleet);
    for (uint32_t i = 0; i < previous.count; i++) {
        if (previous.checks[i]->round != fleet->round) {
            remove_check(fleet, previous.checks[i]);
        }
    }
    fill_tables(fleet, model, &previous);
    free(previous.checks);
    fleet_drop_outdated(fleet);
}
