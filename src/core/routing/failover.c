// SPDX-License-Identifier: MIT
// Failover routing (O1, O2): PRIMARY, then SECONDARY.
#include "policy.h"

static const struct record_set *next(struct decide_context *context, const struct record_group *group,
                                     struct cursor *cursor)
{
    (void)context;
    for (int secondary = 0; secondary <= 1; secondary++) {
        for (unsigned i = 0; i < group->member_count; i++) {
            if (!cursor_offered(cursor, i) && group->members[i].routing.secondary == (secondary != 0)) {
                return cursor_offer(cursor, group, i);
            }
        }
    }
    return NULL;
}

const struct routing_policy routing_failover = {.next = next, .answers = 1};
