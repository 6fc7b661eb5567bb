// SPDX-License-Identifier: MIT
// IP-based routing (I1-I5): the locations of the blocks that cover the client's network, longest block first,
// then "*".
#include "policy.h"

// E1, E2, I3: the subnet as far as it was told, else the source address whole. Places have no network, nor
// have those who ask a private zone: all that is known of them is the Region (E3).
static bool network_of(const struct decide_context *context, struct ip_prefix *out)
{
    const struct client *client = context->client;
    if (client->place != PLACE_NONE || context->private_zone) {
        return false;
    }
    *out = client->has_subnet ? client->subnet : ip_prefix_of(&client->source, ip_bits(&client->source));
    return out->address.family != 0;
}

// I2: a block that is shorter or equal, and covers.
static bool covers(const struct ip_prefix *block, const struct ip_prefix *network)
{
    return block->length <= network->length && ip_prefix_contains(block, &network->address);
}

static const struct record_set *offer_location(const struct record_group *group, uint32_t location,
                                               struct cursor *cursor)
{
    for (unsigned i = 0; i < group->member_count; i++) {
        if (!cursor_offered(cursor, i) && group->members[i].routing.cidr.location == location) {
            return cursor_offer(cursor, group, i);
        }
    }
    return NULL;
}

static const struct record_set *next(struct decide_context *context, const struct record_group *group,
                                     struct cursor *cursor)
{
    const struct cidr_collection *collection =
        &context->view->model->cidr_collections[group->members[0].routing.cidr.collection];
    struct ip_prefix network;
    decide_location(context); // R6: the answer depends on it
    bool straight = context->view->model->simulator.cidr_straight_default && !cursor_fresh(cursor); // I4
    if (network_of(context, &network) && !straight) {
        for (uint32_t i = 0; i < collection->block_count; i++) {
            if (covers(&collection->blocks[i].prefix, &network)) {
                const struct record_set *found =
                    offer_location(group, collection->blocks[i].location, cursor);
                if (found != NULL) {
                    return found;
                }
            }
        }
    }
    return offer_location(group, CIDR_DEFAULT, cursor);
}

const struct routing_policy routing_cidr = {.next = next, .answers = 1};
