// SPDX-License-Identifier: MIT
// What caches.c gathers and caches_report.c tells.
#ifndef NEARWELL_CORE_POPULATION_CACHES_STATE_H
#define NEARWELL_CORE_POPULATION_CACHES_STATE_H

#include "core/population/caches.h"
#include "walk.h"

struct cache_site {
    char *name;
    uint8_t region;
    double capacity;
};

// So many clients left after so many ticks.
struct cache_leavers {
    int64_t ticks;
    double weight;
};

// How long the clients of a class took to leave a site after a change of answers. Those who had not by the
// end are in weight only.
struct cache_move {
    int64_t at;
    double weight; // of all clients: those whose answer changed
    struct cache_leavers *leavers;
    size_t count;
    size_t room;
};

struct cache_class_result {
    struct cache_move *moves; // by at
    unsigned move_count;
};

// Of the average client of one class, resolver and timeline, over the run.
struct cache_cell {
    double failed;   // seconds
    double *up_time; // seconds of working requests, by site
};

// Who is where, and how far sites are: as it was at the start.
struct cache_place {
    char *name;
    double share;
    bool measured; // ms is known
    float ms[REGION_COUNT];
};

struct caches {
    struct caches_config config; // its classes and resolvers are ours, its pointers to the policy are gone
    uint32_t place_count;
    struct cache_place *places;
    struct weighted_class classes[CACHES_CLASSES_MAX];
    struct resolver_kind *resolvers;
    struct cache_site *sites;
    struct cache_outages *outages; // by site
    uint32_t site_count;
    struct cache_timeline *timelines; // by place
    // made by caches_run
    int64_t end;
    uint32_t *same_as;                  // of each place: the first place with the same timeline
    struct cache_cell *cells;           // by class, resolver and place (those of same_as only)
    struct cache_class_result *results; // by class
    unsigned combinations;              // of phases that are walked, at most
    int64_t bucket;                     // ns
    unsigned bucket_count;
    size_t bucket_room;
    double *load;       // by site and bucket: share of all clients * ns
    double *whole_load; // of buckets that are whole: how many more clients than the bucket before
    double *failing;    // by bucket
    double *whole_failing;
};

struct cache_cell *caches_cell(const struct caches *caches, unsigned class_index, unsigned resolver,
                               uint32_t place);
// The place whose answers the clients of this place get through that resolver.
uint32_t caches_place_seen(const struct caches *caches, unsigned resolver, uint32_t place);

void cache_move_sort(struct cache_move *move); // leavers by ticks, each number of ticks once

void caches_run(struct caches *caches, int64_t end);
void caches_forget(struct caches *caches); // what caches_run made

#endif
