// SPDX-License-Identifier: MIT
#include "core/health/fleet.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "fleet_state.h"

struct fleet *fleet_create(void)
{
    struct fleet *fleet = xcalloc(1, sizeof *fleet);
    fleet->by_id = map_create();
    fleet->metrics = metric_store_create();
    fleet->set_resources = map_create();
    fleet->location_count = 1;
    fleet->locations[0].table = status_table_create(0, true);
    queue_init(&fleet->probes);
    queue_init(&fleet->changes);
    return fleet;
}

void fleet_destroy(struct fleet *fleet)
{
    if (fleet == NULL) {
        return;
    }
    for (uint32_t i = 0; i < fleet->count; i++) {
        fleet_free_check(fleet, fleet->checks[i]);
    }
    fleet_unlink_children(fleet);
    queue_free(&fleet->probes);
    queue_free(&fleet->changes);
    map_destroy(fleet->by_id);
    metric_store_destroy(fleet->metrics);
    fleet_free_resources(fleet);
    free(fleet->resource_news);
    free(fleet->slots);
    free(fleet->free_slots);
    free(fleet->checks);
    for (uint32_t i = 0; i < LOCATIONS_MAX; i++) {
        free(fleet->locations[i].table);
    }
    free(fleet->news);
    free(fleet);
}

static struct checker *probe_of(const struct fleet *fleet, const struct queue_entry *hint)
{
    struct check *check = fleet->slots[hint->payload >> 32];
    uint32_t checker = (uint32_t)hint->payload;
    if (check == NULL || checker >= check->count + check->lingering) {
        return NULL;
    }
    return check->checkers[checker].due.ns == hint->due.ns ? &check->checkers[checker] : NULL;
}

static bool change_due(const struct fleet *fleet, const struct queue_entry *hint)
{
    if (hint->payload == FLEET_RESOURCES) {
        return fleet_resource_due(fleet, hint->due);
    }
    const struct check *check = fleet->slots[hint->payload];
    return check != NULL && fleet_effect_due(fleet, check, hint->due);
}

void fleet_drop_outdated(struct fleet *fleet)
{
    const struct queue_entry *hint;
    struct queue_entry dropped;
    while ((hint = queue_first(&fleet->probes)) != NULL && probe_of(fleet, hint) == NULL) {
        queue_pop(&fleet->probes, &dropped);
    }
    while ((hint = queue_first(&fleet->changes)) != NULL && !change_due(fleet, hint)) {
        queue_pop(&fleet->changes, &dropped);
    }
}

mono_time fleet_next(const struct fleet *fleet)
{
    const struct queue_entry *probe = queue_first(&fleet->probes);
    const struct queue_entry *change = queue_first(&fleet->changes);
    return mono_min(probe != NULL ? probe->due : MONO_NEVER, change != NULL ? change->due : MONO_NEVER);
}

bool fleet_take_due(struct fleet *fleet, mono_time now, struct probe_order *out)
{
    const struct queue_entry *first = queue_first(&fleet->probes);
    if (first == NULL || mono_before(now, first->due)) {
        return false;
    }
    struct queue_entry hint;
    queue_pop(&fleet->probes, &hint);
    struct checker *checker = probe_of(fleet, &hint);
    const struct check *check = fleet->slots[hint.payload >> 32];
    checker->due = MONO_NEVER;
    checker->ticket = ++fleet->last_ticket != 0 ? fleet->last_ticket : ++fleet->last_ticket;
    *out = (struct probe_order){
        .check = check->index,
        .checker = (uint32_t)hint.payload,
        .token = (uint64_t)check->slot << 32 | checker->ticket,
        .config = check->config,
    };
    fleet_drop_outdated(fleet);
    return true;
}

// Where the order's checker is now; false when its result no longer counts.
static bool find_order(const struct fleet *fleet, const struct probe_order *order, struct check **check,
                       uint32_t *checker)
{
    uint64_t slot = order->token >> 32;
    uint32_t ticket = (uint32_t)order->token;
    *check = slot < fleet->slot_count ? fleet->slots[slot] : NULL;
    if (*check == NULL || ticket == 0) {
        return false;
    }
    uint32_t count = (*check)->count + (*check)->lingering;
    *checker = order->checker;
    if (*checker < count && (*check)->checkers[*checker].ticket == ticket) {
        return true;
    }
    for (*checker = 0; *checker < count; ++*checker) {
        if ((*check)->checkers[*checker].ticket == ticket) {
            return true;
        }
    }
    return false;
}

static void record(struct fleet *fleet, struct check *check, uint32_t index,
                   const struct observation *observation, wall_time wall)
{
    struct checker *checker = &check->checkers[index];
    check->probes++;
    if (!checker->observed && index < check->count) {
        check->waiting--;
        fleet->waiting--;
    }
    checker->observed = true;
    checker->last = *observation;
    checker->at = wall;
    if (!observation_success(observation) && observation->reason != OBSERVED_INTERNAL) {
        checker->failed = true;
        checker->last_failure = *observation;
        checker->failed_at = wall;
    }
}

bool fleet_order_checker(const struct fleet *fleet, const struct probe_order *order, uint32_t *check,
                         uint32_t *checker)
{
    struct check *found;
    if (!find_order(fleet, order, &found, checker)) {
        return false;
    }
    *check = found->index;
    return true;
}

// H5: a new checker's first result may be enough.
static uint8_t threshold_for(const struct fleet *fleet, const struct check *check, struct checker *checker)
{
    bool first = checker->fresh && fleet->simulator.first_result_decides;
    checker->fresh = false;
    return first ? 1 : check->active.failure_threshold;
}

bool fleet_observe(struct fleet *fleet, const struct probe_order *order,
                   const struct observation *observation, mono_time now, wall_time wall)
{
    struct check *check;
    uint32_t index;
    fleet_advance(fleet, now, wall);
    if (!find_order(fleet, order, &check, &index)) {
        return false;
    }
    struct checker *checker = &check->checkers[index];
    checker->ticket = 0;
    record(fleet, check, index, observation, wall);
    bool success = observation_success(observation);
    if (observation->reason != OBSERVED_INTERNAL &&
        checker_observe(&checker->verdict, success, threshold_for(fleet, check, checker))) {
        fleet_count_flip(fleet, check, checker->region, success);
        fleet_recount(fleet, check,
                      &(struct happening){"observation", now, wall, observation, checker->region});
    }
    fleet_schedule(fleet, check, index, mono_add(now, check->config->request_interval));
    return true;
}

void fleet_note_certificate(struct fleet *fleet, const struct probe_order *order,
                            const struct certificate *certificate)
{
    struct check *check;
    uint32_t index;
    if (find_order(fleet, order, &check, &index)) {
        free(check->certificate);
        check->certificate = xmemdup(certificate, sizeof *certificate);
    }
}

const struct certificate *fleet_certificate(const struct fleet *fleet, uint32_t check)
{
    return check < fleet->count ? fleet->checks[check]->certificate : NULL;
}

void fleet_advance(struct fleet *fleet, mono_time now, wall_time wall)
{
    const struct queue_entry *first;
    while ((first = queue_first(&fleet->changes)) != NULL && !mono_before(now, first->due)) {
        struct queue_entry hint;
        queue_pop(&fleet->changes, &hint);
        wall_time then = wall_add(wall, -mono_since(now, hint.due));
        struct check *check = hint.payload != FLEET_RESOURCES ? fleet->slots[hint.payload] : NULL;
        if (check != NULL) {
            fleet_take_effect(fleet, check, hint.due, then);
        } else if (hint.payload == FLEET_RESOURCES) {
            fleet_expire_resources(fleet, hint.due, then);
        }
    }
    fleet_drop_outdated(fleet);
}

void fleet_check_state(const struct fleet *fleet, uint32_t index, struct check_state *out)
{
    fleet_check_state_at(fleet, 0, index, out);
}

void fleet_check_state_at(const struct fleet *fleet, uint32_t location, uint32_t index,
                          struct check_state *out)
{
    const struct check *check = fleet->checks[index];
    const struct outlook *outlook = fleet_outlook_of(check, location);
    *out = (struct check_state){
        .healthy = outlook->used,
        .raw = check->active.disabled || outlook->raw,
        .inverted = check->active.inverted,
        .disabled = check->active.disabled,
        .checkers = check->count + check->lingering,
        .reporting = outlook->reporting,
        .checkers_healthy = outlook->healthy,
        .needed = fleet_needed(fleet, check, location),
        .since = outlook->since,
        .probes = check->probes,
    };
}

void fleet_checker_state(const struct fleet *fleet, uint32_t index, uint32_t number,
                         struct checker_state *out)
{
    const struct checker *checker = &fleet->checks[index]->checkers[number];
    *out = (struct checker_state){
        .region = checker->region,
        .healthy = checker->verdict.healthy,
        .observed = checker->observed,
        .against = checker->verdict.against,
        .last = checker->last,
        .at = checker->at,
        .last_failure = checker->last_failure,
        .failed = checker->failed,
        .failed_at = checker->failed_at,
    };
}

bool fleet_first_round_done(const struct fleet *fleet)
{
    return fleet->waiting == 0;
}

const struct status_table *fleet_status(const struct fleet *fleet)
{
    return fleet->locations[0].table;
}

const struct status_table *fleet_status_at(const struct fleet *fleet, uint32_t location)
{
    return fleet->locations[location].table;
}

uint64_t fleet_generation(const struct fleet *fleet)
{
    return fleet->generation;
}

bool fleet_next_change(struct fleet *fleet, struct health_change *out)
{
    if (fleet->news_first == fleet->news_count) {
        return false;
    }
    *out = fleet->news[fleet->news_first++];
    out->check = fleet->slots[out->check]->index;
    return true;
}
