// SPDX-License-Identifier: MIT
// Demands on the health of checks and resources are collected along the way from the root to the candidate;
// two that contradict each other end it:
//
//   root group      members before ours: fail       ours: its check healthy
//     target group  members before ours: fail       ours: its check healthy
//       ...         members before it:   fail       the candidate: healthy, and something below it too
//
// What fails by its check is asked no more; an alias without one fails when everything below it does. There
// may be several ways to meet demands that get into each other's way, so a few are tried. Each is walked once
// more with all demands met, and only what holds then is told.
#include "counterfactual.h"

#include <string.h>

#include "core/routing/decide.h"

enum { DEPTH_MAX = 32, DEMANDS_MAX = 512, SKIP_MAX = 6 }; // T5

struct demands {
    unsigned count;
    bool overflow;
    struct counterfactual_change list[DEMANDS_MAX];
};

struct search {
    const struct view *view;
    const struct client *client;
    const struct trace *trace;
    unsigned skip;      // so many ways to have something healthy below are passed over
    bool targets_first; // aliases fail by their targets rather than by their checks
};

static uint32_t resource_slot(const struct search *search, const struct resource *resource)
{
    return search->view->model->health_check_count + (uint32_t)(resource - search->view->model->resources);
}

static bool healthy_now(const struct search *search, uint32_t slot)
{
    const struct model *model = search->view->model;
    return slot < model->health_check_count
               ? status_table_healthy(search->view->status, slot)
               : view_resource_healthy(search->view, &model->resources[slot - model->health_check_count]);
}

static bool healthy_then(const struct search *search, const struct demands *demands, uint32_t slot)
{
    for (unsigned i = 0; i < demands->count; i++) {
        if (demands->list[i].slot == slot) {
            return demands->list[i].healthy;
        }
    }
    return healthy_now(search, slot);
}

// False: something else demands the opposite.
static bool demand(struct demands *demands, uint32_t slot, bool healthy)
{
    for (unsigned i = 0; i < demands->count; i++) {
        if (demands->list[i].slot == slot) {
            return demands->list[i].healthy == healthy;
        }
    }
    if (demands->count == DEMANDS_MAX) {
        demands->overflow = true;
        return false;
    }
    demands->list[demands->count++] = (struct counterfactual_change){slot, healthy};
    return true;
}

// The members of a group that this client may be offered, most wanted first.
static unsigned applicable(const struct search *search, const struct record_group *group,
                           uint8_t order[MEMBERS_MAX])
{
    struct random any;
    random_seed(&any, 1);
    struct decide_context context = {.view = search->view, .client = search->client, .roll = &any};
    return decide_order(&context, group, order);
}

static bool has_check(const struct record_set *member)
{
    return member->health_check != HEALTH_CHECK_NONE;
}

// H10: its check was deleted, and that counts as unhealthy for good.
static bool is_lost(const struct search *search, const struct record_set *member)
{
    return member->dangling_check && search->view->model->simulator.dangling_checks_unhealthy;
}

static bool evaluates(const struct record_set *member)
{
    return member->alias != NULL && member->alias->evaluate_target_health;
}

// --- one member, and what is below it ----------------------------------------------------------------------

static bool usable(const struct search *search, const struct demands *demands,
                   const struct record_set *member, unsigned depth)
{
    uint8_t order[MEMBERS_MAX];
    if (is_lost(search, member) ||
        (has_check(member) && !healthy_then(search, demands, member->health_check))) {
        return false;
    }
    if (!evaluates(member)) {
        return true;
    }
    const struct alias_target *alias = member->alias;
    if (alias->resource != NULL) {
        return healthy_then(search, demands, resource_slot(search, alias->resource));
    }
    unsigned count = alias->group != NULL && depth < DEPTH_MAX ? applicable(search, alias->group, order) : 0;
    for (unsigned i = 0; i < count; i++) {
        if (usable(search, demands, &alias->group->members[order[i]], depth + 1)) {
            return true;
        }
    }
    return false;
}

// Q1 the other way round: what makes this member unhealthy.
static bool fail(const struct search *search, struct demands *demands, const struct record_set *member,
                 unsigned depth);

static bool fail_target(const struct search *search, struct demands *demands,
                        const struct alias_target *alias, unsigned depth)
{
    uint8_t order[MEMBERS_MAX];
    if (alias->resource != NULL) {
        return resource_type_has_health(alias->resource->type) &&
               demand(demands, resource_slot(search, alias->resource), false);
    }
    unsigned count = alias->group != NULL && depth < DEPTH_MAX ? applicable(search, alias->group, order) : 0;
    for (unsigned i = 0; i < count; i++) {
        if (!fail(search, demands, &alias->group->members[order[i]], depth + 1)) {
            return false;
        }
    }
    return true;
}

static bool fail(const struct search *search, struct demands *demands, const struct record_set *member,
                 unsigned depth)
{
    bool target_tried = search->targets_first && evaluates(member);
    unsigned before = demands->count;
    if (is_lost(search, member) || (target_tried && fail_target(search, demands, member->alias, depth))) {
        return true;
    }
    demands->count = before;
    if (has_check(member) && demand(demands, member->health_check, false)) {
        return true;
    }
    return !target_tried && evaluates(member) && fail_target(search, demands, member->alias, depth);
}

static bool revive(struct search *search, struct demands *demands, const struct record_set *member,
                   unsigned depth)
{
    uint8_t order[MEMBERS_MAX];
    if (is_lost(search, member) || (has_check(member) && !demand(demands, member->health_check, true))) {
        return false;
    }
    if (!evaluates(member)) {
        return true;
    }
    const struct alias_target *alias = member->alias;
    if (alias->resource != NULL) {
        return !resource_type_has_health(alias->resource->type) ||
               demand(demands, resource_slot(search, alias->resource), true);
    }
    unsigned count = alias->group != NULL && depth < DEPTH_MAX ? applicable(search, alias->group, order) : 0;
    for (unsigned i = 0; i < count; i++) {
        unsigned before = demands->count;
        if (revive(search, demands, &alias->group->members[order[i]], depth + 1)) {
            if (search->skip == 0) {
                return true;
            }
            search->skip--;
        }
        demands->count = before;
    }
    return false;
}

// --- one step of the way -----------------------------------------------------------------------------------

static const struct trace_candidate *candidate_at(const struct search *search, unsigned index)
{
    return &search->trace->candidates[index];
}

static bool ties(const struct trace_candidate *a, const struct trace_candidate *b)
{
    return (a->has_latency && b->has_latency && a->latency.ms == b->latency.ms) ||
           (a->has_distance && b->has_distance && a->biased_km == b->biased_km);
}

// Whether another member of the same group has its turn before this one.
static bool comes_before(const struct search *search, unsigned other, unsigned index)
{
    const struct trace_candidate *a = candidate_at(search, other);
    const struct trace_candidate *b = candidate_at(search, index);
    if (a->parent != b->parent || other == index || a->outcome == TRACE_NOT_APPLICABLE) {
        return false;
    }
    switch (b->group->policy) {
    case ROUTING_WEIGHTED: // W3
        return a->weight > 0 && b->weight == 0;
    case ROUTING_MULTIVALUE:
    case ROUTING_SIMPLE:
        return false;
    default:
        return other < index || (search->view->model->simulator.random_ties && ties(a, b)); // R7
    }
}

static bool make_way(const struct search *search, struct demands *demands, unsigned index)
{
    for (unsigned i = 0; i < search->trace->count; i++) {
        if (comes_before(search, i, index) &&
            !fail(search, demands, candidate_at(search, i)->record_set, 0)) {
            return false;
        }
    }
    return true;
}

// How likely a draw among the usable members of its group is to fall on this one; 0: another has its turn
// first.
static double likelihood(const struct search *search, const struct demands *demands, unsigned index)
{
    const struct trace_candidate *ours = candidate_at(search, index);
    double weight = 0;
    double all = 0;
    double count = 0;
    for (unsigned i = 0; i < search->trace->count; i++) {
        const struct trace_candidate *other = candidate_at(search, i);
        if (other->parent != ours->parent || !usable(search, demands, other->record_set, 0)) {
            continue;
        }
        if (comes_before(search, i, index)) {
            return 0;
        }
        weight += i == index ? other->weight : 0;
        all += other->weight;
        count++;
    }
    switch (ours->group->policy) {
    case ROUTING_WEIGHTED: // W1-W4
        return all > 0 ? weight / all : 1 / count;
    case ROUTING_MULTIVALUE: // M1
        return count > DECISION_RECORD_SETS_MAX ? DECISION_RECORD_SETS_MAX / count : 1;
    default:
        return 1;
    }
}

// --- the way -----------------------------------------------------------------------------------------------

static bool meet(struct search *search, struct demands *demands, unsigned index)
{
    const struct trace_candidate *candidate = candidate_at(search, index);
    if (!revive(search, demands, candidate->record_set, 0) || !make_way(search, demands, index)) {
        return false;
    }
    while (candidate->parent != TRACE_ROOT) {
        index = candidate->parent;
        candidate = candidate_at(search, index);
        if ((has_check(candidate->record_set) &&
             !demand(demands, candidate->record_set->health_check, true)) ||
            !make_way(search, demands, index)) {
            return false;
        }
    }
    return true;
}

// All of it once more, as things would be then.
static double verify(const struct search *search, const struct demands *demands, unsigned index)
{
    double probability = 1;
    for (;;) {
        const struct trace_candidate *candidate = candidate_at(search, index);
        if (!usable(search, demands, candidate->record_set, 0)) {
            return 0;
        }
        probability *= likelihood(search, demands, index);
        if (candidate->parent == TRACE_ROOT) {
            return probability;
        }
        index = candidate->parent;
    }
}

static void tell(const struct search *search, const struct demands *demands, struct counterfactual *out)
{
    for (unsigned i = 0; i < demands->count; i++) {
        const struct counterfactual_change *change = &demands->list[i];
        if (healthy_now(search, change->slot) == change->healthy) {
            continue;
        }
        if (out->count == COUNTERFACTUAL_CHANGES_MAX) {
            out->possible = false;
            return;
        }
        out->changes[out->count++] = *change;
    }
}

// --- distance ----------------------------------------------------------------------------------------------

// LT3: what puts Beijing first in China is not its latency.
static bool chosen_by_country(const struct search *search, const struct trace_candidate *candidate)
{
    const char *country = search->view->model->places[search->trace->location.place].country;
    return candidate->has_latency && country != NULL && strcmp(country, "CN") == 0 &&
           strcmp(region_at(candidate->record_set->region)->code, "cn-north-1") == 0;
}

// Whether the walk went all the way to its group, and stayed there.
static bool reached(const struct search *search, unsigned index)
{
    unsigned parent = candidate_at(search, index)->parent;
    return parent == TRACE_ROOT ||
           (candidate_at(search, parent)->outcome == TRACE_ENTERED && reached(search, parent));
}

static void find_nearer(const struct search *search, unsigned index, struct counterfactual *out)
{
    static const struct demands none = {.count = 0};
    const struct trace_candidate *ours = candidate_at(search, index);
    if (!(ours->has_latency || ours->has_distance) || search->trace->fail_open || !reached(search, index) ||
        !usable(search, &none, ours->record_set, 0)) {
        return;
    }
    for (unsigned i = 0; i < index; i++) {
        const struct trace_candidate *winner = candidate_at(search, i);
        if (winner->parent == ours->parent &&
            (winner->outcome == TRACE_CHOSEN || winner->outcome == TRACE_ENTERED) &&
            !chosen_by_country(search, winner)) {
            out->nearer = true;
            out->nearer_by = ours->has_latency ? ours->latency.ms - winner->latency.ms
                                               : ours->biased_km - winner->biased_km;
        }
    }
}

void counterfactual_find(const struct view *view, const struct client *client, const struct trace *trace,
                         unsigned index, struct counterfactual *out)
{
    struct search search = {.view = view, .client = client, .trace = trace};
    struct demands demands = {.count = 0};
    enum trace_outcome outcome = trace->candidates[index].outcome;
    *out = (struct counterfactual){.possible = false};
    if (outcome == TRACE_NOT_APPLICABLE || trace->truncated) {
        return;
    }
    bool chosen = outcome == TRACE_CHOSEN || outcome == TRACE_ENTERED;
    for (unsigned attempt = 0; attempt < 2 * SKIP_MAX && !out->possible; attempt++) {
        demands.count = 0;
        demands.overflow = false;
        search.skip = attempt / 2;
        search.targets_first = attempt % 2 == 1;
        if (chosen || meet(&search, &demands, index)) {
            out->probability = verify(&search, &demands, index);
            out->possible = out->probability > 0 && !demands.overflow;
        }
    }
    if (out->possible) {
        tell(&search, &demands, out);
    }
    if (!chosen) {
        find_nearer(&search, index, out);
    }
}
