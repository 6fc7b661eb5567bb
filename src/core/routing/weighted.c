// SPDX-License-Identifier: MIT
// Weighted routing (W1-W5): a draw without replacement among the nonzero weights, then among the zero ones.
#include "policy.h"

static uint32_t weight_left(const struct record_group *group, const struct cursor *cursor,
                            uint32_t *members_left)
{
    uint32_t weight = 0;
    *members_left = 0;
    for (unsigned i = 0; i < group->member_count; i++) {
        if (!cursor_offered(cursor, i)) {
            weight += group->members[i].routing.weight;
            ++*members_left;
        }
    }
    return weight;
}

// Once no weight is left every member that remains counts alike: W2, W3.
static const struct record_set *next(struct decide_context *context, const struct record_group *group,
                                     struct cursor *cursor)
{
    uint32_t members;
    uint32_t weight = weight_left(group, cursor, &members);
    if (members == 0) {
        return NULL;
    }
    uint32_t draw = random_below(context->roll, weight > 0 ? weight : members);
    if (context->trace != NULL) {
        context->trace->draw = draw;
        context->trace->draw_of = weight > 0 ? weight : members;
    }
    unsigned i = 0;
    for (;; i++) {
        uint32_t share = cursor_offered(cursor, i) ? 0 : weight > 0 ? group->members[i].routing.weight : 1;
        if (draw < share) {
            return cursor_offer(cursor, group, i);
        }
        draw -= share;
    }
}

static void describe(struct decide_context *context, const struct record_set *record_set,
                     struct trace_candidate *candidate)
{
    (void)context;
    candidate->has_weight = true;
    candidate->weight = record_set->routing.weight;
}

const struct routing_policy routing_weighted = {.next = next, .describe = describe, .answers = 1};
