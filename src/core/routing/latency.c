// SPDX-License-Identifier: MIT
// Latency routing (LT1-LT6): the region with the lowest round trip from the client's place, then the next
// lowest.
#include <string.h>

#include "policy.h"

// LT3: from within China the Beijing region comes first, whatever the latency.
static bool beijing_first(const struct decide_context *context, uint32_t place)
{
    const char *country = context->view->model->places[place].country;
    return country != NULL && strcmp(country, "CN") == 0;
}

static bool is_beijing(uint8_t region)
{
    return strcmp(region_at(region)->code, "cn-north-1") == 0;
}

static const struct record_set *next(struct decide_context *context, const struct record_group *group,
                                     struct cursor *cursor)
{
    uint32_t place = decide_location(context)->place;
    const float *ms = latency_row(context->view->latency, place);
    int best = -1;
    uint32_t ties = 0;
    for (unsigned i = 0; i < group->member_count; i++) { // in order of SetIdentifier, so ties fall as R7 says
        if (cursor_offered(cursor, i)) {
            continue;
        }
        float one = ms[group->members[i].region];
        if (best < 0 || one < ms[group->members[best].region]) {
            best = (int)i;
            ties = 1;
        } else if (one == ms[group->members[best].region] && tie_goes_on(context, &ties)) {
            best = (int)i;
        }
    }
    if (best < 0) {
        return NULL;
    }
    if (beijing_first(context, place)) {
        for (unsigned i = 0; i < group->member_count; i++) {
            if (!cursor_offered(cursor, i) && is_beijing(group->members[i].region)) {
                best = (int)i;
            }
        }
    }
    return cursor_offer(cursor, group, (unsigned)best);
}

static void describe(struct decide_context *context, const struct record_set *record_set,
                     struct trace_candidate *candidate)
{
    candidate->has_latency = true;
    candidate->latency =
        latency_cell(context->view->latency, decide_location(context)->place, record_set->region);
}

const struct routing_policy routing_latency = {.next = next, .describe = describe, .answers = 1};
