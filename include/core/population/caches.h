// SPDX-License-Identifier: MIT
// What clients see of a failover through their caches, in virtual time. The caller tells what Route 53
// answers in each place from when on, and when sites work; out comes, for each kind of client, place and
// site: how long requests fail, how long it takes until clients have moved, what it costs them, and what each
// site bears.
//
//   replay:  caches_site() for each region
//            caches_answer() whenever the answer for a place changes  \  in order
//            caches_site_up() whenever a site dies or comes back      /  of time
//            caches_report() at the end
//
//   Route 53 --answer, TTL--> resolver --> the client's own cache --> a connection --> site
//                             phase        phase                      phase
//
// Clients differ by when each of their caches was filled; all such phases are equally likely, and are stepped
// through by the second: exactly while there are at most 4096 (fewer in a long and busy run), else along a
// lattice. A cache that is filled at the moment of a change still gets the old answer. Clients send requests
// all the time. Pure; one owner, one thread.
#ifndef NEARWELL_CORE_POPULATION_CACHES_H
#define NEARWELL_CORE_POPULATION_CACHES_H

#include <jansson.h>

#include "base/buffer.h"
#include "core/location/latency_table.h"
#include "core/population/client_class.h"
#include "core/population/population.h"

enum { CACHES_SCHEMA_VERSION = 1, CACHES_SITES_MAX = 256, CACHES_CLASSES_MAX = 32 };
#define CACHES_NO_SITE UINT32_MAX    // no answer: requests fail
#define CACHES_TICK    DURATION_S(1) // the step of phases; no cache keeps anything for less

struct weighted_class {
    const struct client_class *class;
    double share; // of all clients
};

struct caches_config {
    const struct model *model; // names of places
    const struct population *population;
    const struct latency_table *latency; // NULL: added latency is not told
    unsigned class_count;                // at most CACHES_CLASSES_MAX; 0: all of client_class.h, alike
    const struct weighted_class *classes;
    unsigned resolver_count; // 0: resolver_plain
    const struct resolver_kind *resolvers;
    mono_time start;
};

struct caches;

// Everything is copied: the policy may be replaced on the way. Places and round trips stay those of the
// start.
struct caches *caches_create(const struct caches_config *config);
void caches_destroy(struct caches *caches); // NULL is fine

// The site of that name, made when it is new. region: REGION_NONE when it is no AWS region. capacity: the
// share of all clients that it can bear; INFINITY: any.
uint32_t caches_site(struct caches *caches, const char *name, uint8_t region, double capacity);

// From at on clients in this place (an index in the population) are answered with that site. The first answer
// of a place holds since the start. One that says what the last said is ignored.
void caches_answer(struct caches *caches, uint32_t place, mono_time at, uint32_t site, uint32_t ttl);

// From at on requests to the site succeed, or do not. Sites are up at the start.
void caches_site_up(struct caches *caches, uint32_t site, mono_time at, bool up);

// Runs all clients up to end. The caller's. Members: schema_version, seconds, bucket_seconds;
// classes[]: class, share, failed_seconds (of the average client), added_ms (the average over the run,
// against the answer at the start; null when not told), moves[] (one a change of answers, 256 at most: at,
// share (of this class's clients whose answer changed), seconds_50, seconds_95, seconds_100 (until so many
// have left the old site; null: not by the end)); places[], the worst first: place, share, failed_seconds,
// added_ms; sites[]: site, capacity_percent, peak_percent, peak_at, seconds_over_capacity, load_percent[]
// (one a bucket); failing_percent[].
json_t *caches_report(struct caches *caches, mono_time end);

// The same JSON for people.
void caches_text(const json_t *report, struct buffer *out);

#endif
