// SPDX-License-Identifier: MIT
#include "answerer.h"

#include <assert.h>

void answerer_init(struct answerer *answerer, const struct dns_server_options *options,
                   const struct publisher *publisher, unsigned worker)
{
    *answerer = (struct answerer){
        .publisher = publisher,
        .listeners = options->listeners,
        .listener_count = options->listener_count,
    };
    random_seed_stream(&answerer->roll, options->seed, worker);
}

static void find_places(struct answerer *answerer)
{
    const struct model *model = answerer->view->model;
    for (size_t i = 0; i < answerer->listener_count; i++) {
        struct bytes name = bytes_of(answerer->listeners[i].place);
        answerer->places[i] = name.len > 0 ? model_find_place(model, name) : PLACE_NONE;
        answerer->vpcs[i] = name.len > 0 ? model_find_vpc(model, name) : NULL;
    }
}

void answerer_begin(struct answerer *answerer)
{
    uint64_t generation = 0;
    answerer->view = publish_current(answerer->publisher, &generation);
    assert(answerer->view != NULL);
    if (generation != answerer->generation) {
        find_places(answerer);
        answerer->generation = generation;
    }
}

size_t answerer_reply(struct answerer *answerer, size_t listener, const struct ip_address *source, bool tcp,
                      const uint8_t *query, size_t len, uint8_t *out, size_t room)
{
    struct answer_origin origin = {*source, answerer->places[listener], answerer->vpcs[listener], tcp};
    return answer(answerer->view, query, len < DNS_QUERY_MAX ? len : DNS_QUERY_MAX, &origin, &answerer->roll,
                  &answerer->counters, out, room);
}

void answerer_lost(struct answerer *answerer)
{
    uint64_t *dropped = &answerer->counters.dropped;
    __atomic_store_n(dropped, *dropped + 1, __ATOMIC_RELAXED);
}
