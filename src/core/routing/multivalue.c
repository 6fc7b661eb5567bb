// SPDX-License-Identifier: MIT
// Multivalue answer routing (M1-M3): up to eight healthy members, drawn without replacement.
#include "policy.h"

static const struct record_set *next(struct decide_context *context, const struct record_group *group,
                                     struct cursor *cursor)
{
    uint32_t left = 0;
    for (unsigned i = 0; i < group->member_count; i++) {
        left += !cursor_offered(cursor, i);
    }
    if (left == 0) {
        return NULL;
    }
    uint32_t draw = random_below(context->roll, left);
    for (unsigned i = 0;; i++) {
        if (!cursor_offered(cursor, i) && draw-- == 0) {
            return cursor_offer(cursor, group, i);
        }
    }
}

const struct routing_policy routing_multivalue = {.next = next, .answers = DECISION_RECORD_SETS_MAX};
