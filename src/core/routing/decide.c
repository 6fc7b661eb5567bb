// SPDX-License-Identifier: MIT
// The pair of section 7.1: try_group is strict and backs out of branches without anything healthy;
// force_group adds fail-open. They call each other down the aliases:
//
//   force(root) -> try(root) -> candidate refused by its check, or alias
//                                 ETH=true:  try(target), next candidate when that fails (T6)
//                                 ETH=false: force(target): the branch must answer (T7)
//                                 AWS resource: ETH=true and unhealthy, next candidate (Q3); else it answers
//               -> nothing healthy: the policy's first choice, force(target) below it (R3, T10)
#include "core/routing/decide.h"

#include "policy.h"

enum { DEPTH_MAX = 32 }; // T5; cycles never get this far, policies with one are refused

enum outcome { FAILED, ANSWERED, NO_ANSWER };

// One row per enum routing_policy_id.
static const struct routing_policy *const policies[ROUTING_POLICIES] = {
    [ROUTING_SIMPLE] = &routing_simple,           [ROUTING_WEIGHTED] = &routing_weighted,
    [ROUTING_LATENCY] = &routing_latency,         [ROUTING_FAILOVER] = &routing_failover,
    [ROUTING_GEOLOCATION] = &routing_geolocation, [ROUTING_GEOPROXIMITY] = &routing_geoproximity,
    [ROUTING_MULTIVALUE] = &routing_multivalue,   [ROUTING_CIDR] = &routing_cidr,
};

const struct vpc *decide_vpc(const struct view *view, const struct client *client)
{
    if (client->place != PLACE_NONE) {
        return NULL;
    }
    if (client->vpc != NULL) {
        return client->vpc;
    }
    uint32_t found = client_find_vpc(view->locator, &client->source);
    return found != VPC_NONE ? &view->model->vpcs[found] : NULL;
}

static void locate_in_vpc(struct decide_context *context)
{
    struct client_location *location = &context->location;
    const struct vpc *vpc = decide_vpc(context->view, context->client);
    if (vpc != NULL && (context->private_zone || location->evidence != CLIENT_BY_SUBNET)) {
        uint8_t scope = context->private_zone ? 0 : location->scope;
        *location = (struct client_location){.place = vpc->place, .evidence = CLIENT_BY_VPC, .scope = scope};
    }
}

const struct client_location *decide_location(struct decide_context *context)
{
    if (!context->located) {
        client_locate(context->view->locator, context->client, &context->location);
        if (context->view->model->vpc_count > 0) {
            locate_in_vpc(context);
        }
        context->located = true;
        if (context->trace != NULL) {
            context->trace->located = true;
            context->trace->location = context->location;
        }
    }
    return &context->location;
}

// The check's part of Q1: without one always healthy, with one as its final status.
static bool check_healthy(const struct decide_context *context, const struct record_set *record_set)
{
    if (record_set->health_check == HEALTH_CHECK_NONE) { // H10: also one that is gone
        return !record_set->dangling_check || !context->view->model->simulator.dangling_checks_unhealthy;
    }
    return status_table_healthy(context->view->status, record_set->health_check);
}

// --- the trace

static struct trace_candidate *note(struct decide_context *context, const struct record_group *group,
                                    const struct record_set *record_set, unsigned depth,
                                    enum trace_outcome outcome)
{
    struct trace *trace = context->trace;
    if (trace == NULL) {
        return NULL;
    }
    if (trace->count == TRACE_CANDIDATES_MAX) {
        trace->truncated = true;
        return NULL;
    }
    struct trace_candidate *candidate = &trace->candidates[trace->count++];
    *candidate = (struct trace_candidate){
        .group = group,
        .record_set = record_set,
        .outcome = outcome,
        .depth = (uint8_t)depth,
        .parent = trace->inside ? trace->parent : TRACE_ROOT,
        .checked = record_set->health_check != HEALTH_CHECK_NONE,
        .healthy = check_healthy(context, record_set),
    };
    if (policies[group->policy]->describe != NULL) {
        policies[group->policy]->describe(context, record_set, candidate);
    }
    return candidate;
}

// Weighted routing: what was drawn when the candidate's turn came.
static void note_draw(struct decide_context *context, struct trace_candidate *candidate)
{
    if (candidate != NULL && candidate->group->policy == ROUTING_WEIGHTED) {
        candidate->draw = context->trace->draw;
        candidate->draw_of = context->trace->draw_of;
    }
}

// What is noted until leave is below this candidate.
struct stay {
    bool inside;
    uint16_t parent;
};

static struct stay enter(struct decide_context *context, const struct trace_candidate *candidate)
{
    struct trace *trace = context->trace;
    if (trace == NULL) {
        return (struct stay){false, TRACE_ROOT};
    }
    struct stay before = {trace->inside, trace->parent};
    if (candidate != NULL) {
        trace->inside = true;
        trace->parent = (uint16_t)(candidate - trace->candidates);
    }
    return before;
}

static void leave(struct decide_context *context, struct stay before)
{
    if (context->trace != NULL) {
        context->trace->inside = before.inside;
        context->trace->parent = before.parent;
    }
}

static void set_outcome(struct trace_candidate *candidate, enum trace_outcome outcome)
{
    if (candidate != NULL) {
        candidate->outcome = outcome;
    }
}

static void note_rest(struct decide_context *context, const struct record_group *group, struct cursor *cursor,
                      unsigned depth)
{
    const struct record_set *record_set;
    if (context->trace == NULL) {
        return;
    }
    while ((record_set = policies[group->policy]->next(context, group, cursor)) != NULL) {
        note(context, group, record_set, depth, TRACE_NOT_REACHED);
    }
    for (unsigned i = 0; i < group->member_count; i++) {
        if (!cursor_offered(cursor, i)) {
            note(context, group, &group->members[i], depth, TRACE_NOT_APPLICABLE);
        }
    }
}

// --- the walk

static enum outcome try_group(struct decide_context *context, const struct record_group *group,
                              unsigned depth, struct decision *out);
static enum outcome force_group(struct decide_context *context, const struct record_group *group,
                                unsigned depth, struct decision *out);

static void add(struct decision *out, const struct record_set *record_set)
{
    if (out->count == 0 || record_set->ttl < out->ttl) {
        out->ttl = record_set->ttl; // RFC 2181 section 5.2: the smallest of a set
    }
    out->record_sets[out->count++] = record_set;
}

// T2: the resource's own addresses; one without any of the alias's type is no reason to go elsewhere.
static enum outcome take_resource(const struct alias_target *alias, struct decision *out)
{
    if (alias->addresses == NULL) {
        return NO_ANSWER;
    }
    add(out, alias->addresses);
    return ANSWERED;
}

static enum outcome try_alias(struct decide_context *context, const struct alias_target *alias,
                              unsigned depth, struct decision *out)
{
    if (alias->resource != NULL) {
        bool refused =
            alias->evaluate_target_health && !view_resource_healthy(context->view, alias->resource); // Q3
        return refused ? FAILED : take_resource(alias, out);
    }
    if (alias->group == NULL || depth == DEPTH_MAX) {
        return alias->evaluate_target_health ? FAILED : NO_ANSWER; // T5
    }
    return alias->evaluate_target_health ? try_group(context, alias->group, depth + 1, out)
                                         : force_group(context, alias->group, depth + 1, out);
}

static void remember_entry(struct decision *out, const struct record_set *record_set, unsigned depth)
{
    if (depth == 0) {
        out->entry = record_set;
    }
}

// Takes the candidate, or says that the next one has its turn.
static enum outcome try_candidate(struct decide_context *context, const struct record_group *group,
                                  const struct record_set *record_set, unsigned depth, struct decision *out)
{
    if (!check_healthy(context, record_set)) {
        note_draw(context, note(context, group, record_set, depth, TRACE_UNHEALTHY));
        return FAILED;
    }
    if (record_set->alias == NULL) {
        note_draw(context, note(context, group, record_set, depth, TRACE_CHOSEN));
        remember_entry(out, record_set, depth);
        add(out, record_set);
        return ANSWERED;
    }
    remember_entry(out, record_set, depth);
    struct trace_candidate *candidate = note(context, group, record_set, depth, TRACE_ENTERED);
    note_draw(context, candidate);
    struct stay before = enter(context, candidate);
    enum outcome outcome = try_alias(context, record_set->alias, depth, out);
    leave(context, before);
    if (outcome == FAILED) {
        set_outcome(candidate, TRACE_BACKED_OUT);
    } else if (record_set->alias->resource != NULL) {
        set_outcome(candidate, TRACE_CHOSEN);
    }
    return outcome;
}

static enum outcome try_group(struct decide_context *context, const struct record_group *group,
                              unsigned depth, struct decision *out)
{
    const struct routing_policy *policy = policies[group->policy];
    const struct record_set *record_set;
    struct cursor cursor = {{0}};
    enum outcome outcome = FAILED;
    unsigned taken = 0;
    while (taken < policy->answers && (record_set = policy->next(context, group, &cursor)) != NULL) {
        enum outcome one = try_candidate(context, group, record_set, depth, out);
        if (one != FAILED) {
            outcome = one;
            taken++;
        }
    }
    note_rest(context, group, &cursor, depth);
    return outcome;
}

// What the strict walk saw below this group is of no more interest: the forced one goes there again.
static void forget_below(struct trace *trace, unsigned from, unsigned depth)
{
    unsigned kept = from;
    for (unsigned i = from; trace != NULL && i < trace->count; i++) {
        if (trace->candidates[i].depth <= depth) {
            trace->candidates[kept++] = trace->candidates[i];
        }
    }
    if (trace != NULL) {
        trace->count = kept;
    }
}

// The refused candidates were noted; the one that fail-open picks becomes the chosen one.
static struct trace_candidate *renote(struct decide_context *context, const struct record_set *record_set,
                                      enum trace_outcome outcome)
{
    if (context->trace == NULL) {
        return NULL;
    }
    context->trace->fail_open = true;
    for (unsigned i = context->trace->count; i-- > 0;) {
        struct trace_candidate *candidate = &context->trace->candidates[i];
        if (candidate->record_set == record_set) {
            candidate->outcome = outcome;
            note_draw(context, candidate);
            return candidate;
        }
    }
    return NULL;
}

// R3: the policy's choice, health ignored.
static enum outcome fail_open(struct decide_context *context, const struct record_group *group,
                              unsigned depth, struct decision *out)
{
    const struct routing_policy *policy = policies[group->policy];
    const struct record_set *record_set;
    struct cursor cursor = {{0}};
    enum outcome outcome = NO_ANSWER;
    for (unsigned i = 0; i < policy->answers && (record_set = policy->next(context, group, &cursor)) != NULL;
         i++) {
        out->fail_open = true;
        remember_entry(out, record_set, depth);
        if (record_set->alias == NULL) {
            add(out, record_set);
            renote(context, record_set, TRACE_CHOSEN);
            outcome = ANSWERED;
        } else if (record_set->alias->resource != NULL) {
            renote(context, record_set, TRACE_CHOSEN);
            outcome = take_resource(record_set->alias, out);
        } else if (record_set->alias->group != NULL && depth < DEPTH_MAX) {
            struct stay before = enter(context, renote(context, record_set, TRACE_ENTERED));
            outcome = force_group(context, record_set->alias->group, depth + 1, out);
            leave(context, before);
        }
    }
    return outcome;
}

static enum outcome force_group(struct decide_context *context, const struct record_group *group,
                                unsigned depth, struct decision *out)
{
    unsigned mark = context->trace != NULL ? context->trace->count : 0;
    enum outcome outcome = try_group(context, group, depth, out);
    if (outcome != FAILED) {
        return outcome;
    }
    forget_below(context->trace, mark, depth);
    return fail_open(context, group, depth, out);
}

// E3: the same client may be elsewhere for another zone.
static void enter_zone(struct decide_context *context, const struct zone *zone)
{
    if (zone->private_zone != context->private_zone) {
        context->private_zone = zone->private_zone;
        context->located = false;
    }
}

void decide(struct decide_context *context, const struct record_group *group, struct decision *out)
{
    enter_zone(context, group->node->zone);
    *out = (struct decision){0};
    force_group(context, group, 0, out);
}

unsigned decide_order(struct decide_context *context, const struct record_group *group,
                      uint8_t order[MEMBERS_MAX])
{
    const struct record_set *record_set;
    struct cursor cursor = {{0}};
    unsigned count = 0;
    enter_zone(context, group->node->zone);
    while ((record_set = policies[group->policy]->next(context, group, &cursor)) != NULL) {
        order[count++] = (uint8_t)(record_set - group->members);
    }
    return count;
}
