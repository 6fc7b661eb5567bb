// SPDX-License-Identifier: MIT
// Latency routing (LT1-LT6): the region with the lowest round trip from the client's place, then the next
// lowest. In a private zone (LT4) the VPC's own Region, then the closest by distance, whatever the table
// says.
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

// LT4; REGION_NONE: not by distance.
static uint8_t vpc_region(struct decide_context *context)
{
    const struct client_location *location = context->private_zone ? decide_location(context) : NULL;
    return location != NULL && location->evidence == CLIENT_BY_VPC
               ? context->view->model->places[location->place].region
               : REGION_NONE;
}

static double region_km(uint8_t from, uint8_t to)
{
    const struct region *a = region_at(from);
    const struct region *b = region_at(to);
    return great_circle_km(a->latitude, a->longitude, b->latitude, b->longitude);
}

static const struct record_set *next_by_distance(uint8_t from, const struct record_group *group,
                                                 struct cursor *cursor)
{
    int best = -1;
    double best_km = 0;
    for (unsigned i = 0; i < group->member_count; i++) {
        double km = cursor_offered(cursor, i) ? 0 : region_km(from, group->members[i].region);
        if (!cursor_offered(cursor, i) && (best < 0 || km < best_km)) {
            best = (int)i;
            best_km = km;
        }
    }
    return best >= 0 ? cursor_offer(cursor, group, (unsigned)best) : NULL;
}

// R7 by chance: each of the equally near with the same probability.
static int draw_tie(struct decide_context *context, const struct record_group *group,
                    const struct cursor *cursor, const float *ms, int best)
{
    float least = ms[group->members[best].region];
    uint32_t ties = 0;
    for (unsigned i = 0; i < group->member_count; i++) {
        if (!cursor_offered(cursor, i) && ms[group->members[i].region] == least &&
            random_below(context->roll, ++ties) == 0) {
            best = (int)i;
        }
    }
    return best;
}

static const struct record_set *next(struct decide_context *context, const struct record_group *group,
                                     struct cursor *cursor)
{
    uint8_t from = vpc_region(context);
    if (from != REGION_NONE) {
        return next_by_distance(from, group, cursor);
    }
    uint32_t place = decide_location(context)->place;
    const float *ms = latency_row(context->view->latency, place);
    int best = -1;
    for (unsigned i = 0; i < group->member_count; i++) { // in order of SetIdentifier, so ties fall as R7 says
        if (!cursor_offered(cursor, i) &&
            (best < 0 || ms[group->members[i].region] < ms[group->members[best].region])) {
            best = (int)i;
        }
    }
    if (best < 0) {
        return NULL;
    }
    if (context->view->model->simulator.random_ties) {
        best = draw_tie(context, group, cursor, ms, best);
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
    uint8_t from = vpc_region(context);
    if (from != REGION_NONE) {
        candidate->has_region_distance = true;
        candidate->km = (float)region_km(from, record_set->region);
        return;
    }
    candidate->has_latency = true;
    candidate->latency =
        latency_cell(context->view->latency, decide_location(context)->place, record_set->region);
}

const struct routing_policy routing_latency = {.next = next, .describe = describe, .answers = 1};
