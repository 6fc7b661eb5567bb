// SPDX-License-Identifier: MIT
// Geoproximity routing (X1-X5): the smallest great-circle distance after its bias, then the next smallest.
#include "policy.h"

// X5: a client whose position is unknown counts as being in us-east-1.
static const struct place *position_of(struct decide_context *context)
{
    const struct model *model = context->view->model;
    const struct place *place = &model->places[decide_location(context)->place];
    if (place->located) {
        return place;
    }
    for (uint32_t i = 0; i < model->place_count; i++) {
        if (model->places[i].region == 0) { // us-east-1 is the first of the table
            return &model->places[i];
        }
    }
    return place;
}

static double biased_km(const struct place *from, const struct geo_position *to)
{
    double km = great_circle_km(from->latitude, from->longitude, to->latitude, to->longitude);
    return to->bias >= 0 ? km * (100 - to->bias) / 100 : km * 100 / (100 + to->bias);
}

static const struct record_set *next(struct decide_context *context, const struct record_group *group,
                                     struct cursor *cursor)
{
    const struct place *from = position_of(context);
    int best = -1;
    double best_km = 0;
    uint32_t ties = 0;
    for (unsigned i = 0; i < group->member_count; i++) {
        if (cursor_offered(cursor, i)) {
            continue;
        }
        double km = biased_km(from, group->members[i].routing.position);
        if (best < 0 || km < best_km) {
            best = (int)i;
            best_km = km;
            ties = 1;
        } else if (km == best_km && context->view->model->simulator.random_ties &&
                   random_below(context->roll, ++ties) == 0) { // R7 by chance
            best = (int)i;
        }
    }
    return best >= 0 ? cursor_offer(cursor, group, (unsigned)best) : NULL;
}

static void describe(struct decide_context *context, const struct record_set *record_set,
                     struct trace_candidate *candidate)
{
    const struct place *from = position_of(context);
    const struct geo_position *to = record_set->routing.position;
    candidate->has_distance = true;
    candidate->km = (float)great_circle_km(from->latitude, from->longitude, to->latitude, to->longitude);
    candidate->biased_km = (float)biased_km(from, to);
    candidate->bias = to->bias;
}

const struct routing_policy routing_geoproximity = {.next = next, .describe = describe, .answers = 1};
