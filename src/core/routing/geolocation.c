// SPDX-License-Identifier: MIT
// Geolocation routing (G1-G8): the smallest area around the client, then the next larger ones, then the
// default. In a private zone (G8) the smallest area around the VPC's Region, then the default at once.
#include <string.h>

#include "policy.h"

// G4, E7: an address in no block is nowhere, and so is a subnet, whatever is known of the resolver.
static bool unmapped(struct decide_context *context, const struct client_location *location)
{
    bool by_subnet = context->client->has_subnet && !context->private_zone; // E3
    bool nowhere =
        location->evidence == CLIENT_BY_DEFAULT ||
        (by_subnet && location->evidence != CLIENT_BY_SUBNET && location->evidence != CLIENT_BY_PLACE);
    nowhere = nowhere && !context->view->model->simulator.unmapped_located;
    if (context->trace != NULL) {
        context->trace->nowhere |= nowhere;
    }
    return nowhere;
}

static const struct record_set *offer_area(const struct record_group *group, const struct geo_area *area,
                                           struct cursor *cursor)
{
    for (unsigned i = 0; i < group->member_count; i++) {
        if (!cursor_offered(cursor, i) && memcmp(&group->members[i].routing.area, area, sizeof *area) == 0) {
            return cursor_offer(cursor, group, i);
        }
    }
    return NULL;
}

static const struct record_set *next(struct decide_context *context, const struct record_group *group,
                                     struct cursor *cursor)
{
    static const struct geo_area anywhere = {.kind = GEO_DEFAULT};
    const struct client_location *location = decide_location(context);
    const struct place *place = &context->view->model->places[location->place];
    const struct record_set *found = NULL;
    bool only_default = unmapped(context, location) || (context->private_zone && !cursor_fresh(cursor));
    unsigned areas = only_default ? 0 : 3;
    for (unsigned i = 0; found == NULL && i < areas; i++) {
        if (place->areas[i].kind != GEO_DEFAULT) {
            found = offer_area(group, &place->areas[i], cursor);
        }
    }
    return found != NULL ? found : offer_area(group, &anywhere, cursor);
}

static void describe(struct decide_context *context, const struct record_set *record_set,
                     struct trace_candidate *candidate)
{
    (void)context;
    candidate->has_area = true;
    candidate->area = record_set->routing.area;
}

const struct routing_policy routing_geolocation = {.next = next, .describe = describe, .answers = 1};
