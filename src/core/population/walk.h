// SPDX-License-Identifier: MIT
// One client through a run: which site it uses when.
#ifndef NEARWELL_CORE_POPULATION_WALK_H
#define NEARWELL_CORE_POPULATION_WALK_H

#include "core/population/client_class.h"

// What Route 53 answers from at on. The first one's at is of no interest.
struct cache_change {
    int64_t at; // ns of mono_time
    uint32_t site;
    uint32_t zero; // no padding: equal changes are equal bytes
    duration ttl;
};

struct cache_timeline {
    struct cache_change *changes;
    unsigned count;
    unsigned room;
};

// When a site is down: from downs[2i] to downs[2i + 1], ascending.
struct cache_outages {
    int64_t *times;
    unsigned count; // of times; an odd one: down to the end
    unsigned room;
};

// When each cache was filled: the time from the start until it expires.
struct walk_phases {
    duration resolver;
    duration cache;
    duration connection;
};

struct walk {
    const struct cache_timeline *timeline;
    const struct cache_outages *outages; // by site
    const struct resolver_kind *resolver;
    const struct client_class *class;
    int64_t start;
    int64_t end;
    // Every stretch of time at one site, in order, without gaps.
    void (*used)(void *context, int64_t from, int64_t until, uint32_t site);
    void *context;
};

void walk_client(const struct walk *walk, const struct walk_phases *phases);

// How long a resolver, or a client that has just asked it, keeps an answer.
duration walk_resolver_keeps(const struct resolver_kind *resolver, duration ttl);

bool outage_at(const struct cache_outages *outages, int64_t at);
int64_t outage_next(const struct cache_outages *outages, int64_t after); // change of up or down; INT64_MAX

#endif
