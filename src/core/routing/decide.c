// SPDX-License-Identifier: MIT
#include "core/routing/decide.h"

#include "policy.h"

// One row per enum routing_policy_id.
static const struct routing_policy *const policies[ROUTING_POLICIES] = {
    [ROUTING_SIMPLE] = &routing_simple,
    [ROUTING_LATENCY] = &routing_latency,
};

const struct client_location *decide_location(struct decide_context *context)
{
    if (!context->located) {
        client_locate(context->view->locator, context->client, &context->location);
        context->located = true;
        if (context->trace != NULL) {
            context->trace->located = true;
            context->trace->location = context->location;
        }
    }
    return &context->location;
}

// Q1 for non-alias records: without a check always healthy, with one as its final status.
static bool healthy(const struct decide_context *context, const struct record_set *record_set)
{
    return record_set->health_check == HEALTH_CHECK_NONE ||
           status_table_healthy(context->view->status, record_set->health_check);
}

static void note(struct decide_context *context, const struct record_group *group,
                 const struct record_set *record_set, enum trace_outcome outcome)
{
    struct trace *trace = context->trace;
    if (trace == NULL) {
        return;
    }
    if (trace->count == TRACE_CANDIDATES_MAX) {
        trace->truncated = true;
        return;
    }
    struct trace_candidate *candidate = &trace->candidates[trace->count++];
    *candidate = (struct trace_candidate){
        .group = group,
        .record_set = record_set,
        .outcome = outcome,
        .checked = record_set->health_check != HEALTH_CHECK_NONE,
        .healthy = healthy(context, record_set),
    };
    if (policies[group->policy]->describe != NULL) {
        policies[group->policy]->describe(context, record_set, candidate);
    }
}

static void note_rest(struct decide_context *context, const struct record_group *group, struct cursor *cursor)
{
    const struct record_set *record_set;
    if (context->trace == NULL) {
        return;
    }
    while ((record_set = policies[group->policy]->next(context, group, cursor)) != NULL) {
        note(context, group, record_set, TRACE_NOT_REACHED);
    }
    for (unsigned i = 0; i < group->member_count; i++) {
        if (!cursor_offered(cursor, i)) {
            note(context, group, &group->members[i], TRACE_NOT_APPLICABLE);
        }
    }
}

static void choose(struct decision *out, const struct record_set *record_set, bool fail_open)
{
    *out = (struct decision){
        .record_sets = {record_set}, .count = 1, .fail_open = fail_open, .ttl = record_set->ttl};
}

// R3: everything was unhealthy, so the policy picks as if all were healthy. The candidates were noted as
// refused; the pick becomes the chosen one.
static void fail_open(struct decide_context *context, const struct record_group *group, struct decision *out)
{
    struct cursor cursor = {{0}};
    const struct record_set *record_set = policies[group->policy]->next(context, group, &cursor);
    if (record_set == NULL) {
        *out = (struct decision){0};
        return;
    }
    choose(out, record_set, true);
    if (context->trace == NULL) {
        return;
    }
    context->trace->fail_open = true;
    for (unsigned i = 0; i < context->trace->count; i++) {
        if (context->trace->candidates[i].record_set == record_set) {
            context->trace->candidates[i].outcome = TRACE_CHOSEN;
        }
    }
}

void decide(struct decide_context *context, const struct record_group *group, struct decision *out)
{
    struct cursor cursor = {{0}};
    const struct record_set *record_set;
    while ((record_set = policies[group->policy]->next(context, group, &cursor)) != NULL) {
        if (healthy(context, record_set)) {
            choose(out, record_set, false);
            note(context, group, record_set, TRACE_CHOSEN);
            note_rest(context, group, &cursor);
            return;
        }
        note(context, group, record_set, TRACE_UNHEALTHY);
    }
    fail_open(context, group, out);
    note_rest(context, group, &cursor);
}
