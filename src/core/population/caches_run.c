// SPDX-License-Identifier: MIT
// All clients: each class behind each resolver, one walk for each combination of phases.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/xalloc.h"
#include "caches_state.h"

enum { COMBINATIONS_MAX = 4096, COMBINATIONS_LEAST = 100, BUCKETS_MAX = 1440, MOVES_MAX = 256 };

// Steps of walks that a report may take: about a second.
static const double steps_most = 1e7;

struct stretch {
    int64_t from;
    int64_t until;
    uint32_t site;
};

// The walks of one class behind one resolver along one timeline.
struct crowd {
    struct caches *caches;
    struct walk walk;
    struct cache_cell *cell;
    struct cache_class_result *result;
    double clients; // share of all
    double weight;  // of one combination of phases
    struct stretch *stretches;
    size_t count;
    size_t room;
};

// --- what one client does ----------------------------------------------------------------------------------

static void note_stretch(void *context, int64_t from, int64_t until, uint32_t site)
{
    struct crowd *crowd = context;
    if (crowd->count == crowd->room) {
        crowd->room = crowd->room > 0 ? crowd->room * 2 : 64;
        crowd->stretches = xreallocarray(crowd->stretches, crowd->room, sizeof *crowd->stretches);
    }
    crowd->stretches[crowd->count++] = (struct stretch){from, until, site};
}

// The first and the last bucket of a stretch get their parts; those between are whole, and only where they
// begin and end is noted, until finish_buckets.
static void add_to_buckets(const struct caches *caches, double *parts, double *whole, int64_t from,
                           int64_t until, double clients)
{
    int64_t since = from - caches->config.start.ns;
    int64_t to = until - caches->config.start.ns;
    int64_t first = since / caches->bucket;
    int64_t last = to / caches->bucket;
    if (first == last) {
        parts[first] += clients * (double)(to - since);
        return;
    }
    parts[first] += clients * (double)((first + 1) * caches->bucket - since);
    whole[first + 1] += clients;
    whole[last] -= clients;
    parts[last] += clients * (double)(to - last * caches->bucket);
}

static void finish_buckets(const struct caches *caches, double *parts, const double *whole)
{
    double clients = 0;
    for (unsigned i = 0; i < caches->bucket_count; i++) {
        clients += whole[i];
        parts[i] += clients * (double)caches->bucket;
    }
}

static void count_part(struct crowd *crowd, int64_t from, int64_t until, uint32_t site, bool up)
{
    const struct caches *caches = crowd->caches;
    double seconds = duration_seconds(until - from) * crowd->weight;
    double clients = crowd->clients * crowd->weight;
    if (site != CACHES_NO_SITE) {
        size_t row = (size_t)site * caches->bucket_room;
        add_to_buckets(caches, &caches->load[row], &caches->whole_load[row], from, until, clients);
    }
    if (up) {
        crowd->cell->up_time[site] += seconds;
    } else {
        crowd->cell->failed += seconds;
        add_to_buckets(caches, caches->failing, caches->whole_failing, from, until, clients);
    }
}

static void count_stretch(struct crowd *crowd, const struct stretch *stretch)
{
    int64_t from = stretch->from;
    while (from < stretch->until) {
        bool named = stretch->site != CACHES_NO_SITE;
        const struct cache_outages *outages = named ? &crowd->caches->outages[stretch->site] : NULL;
        int64_t turn = named ? outage_next(outages, from) : INT64_MAX;
        int64_t until = turn < stretch->until ? turn : stretch->until;
        count_part(crowd, from, until, stretch->site, named && !outage_at(outages, from));
        from = until;
    }
}

// --- how long it takes to move -----------------------------------------------------------------------------

static struct cache_move *find_move(struct cache_class_result *result, int64_t at)
{
    unsigned i = 0;
    for (unsigned most = result->move_count; i < most;) {
        unsigned middle = i + (most - i) / 2;
        if (result->moves[middle].at < at) {
            i = middle + 1;
        } else {
            most = middle;
        }
    }
    if (i < result->move_count && result->moves[i].at == at) {
        return &result->moves[i];
    }
    if (result->move_count == MOVES_MAX) {
        return NULL;
    }
    result->moves = xreallocarray(result->moves, (size_t)result->move_count + 1, sizeof *result->moves);
    memmove(&result->moves[i + 1], &result->moves[i], (result->move_count - i) * sizeof *result->moves);
    result->moves[i] = (struct cache_move){.at = at};
    result->move_count++;
    return &result->moves[i];
}

static int by_ticks(const void *a, const void *b)
{
    const struct cache_leavers *one = a;
    const struct cache_leavers *other = b;
    if (one->ticks != other->ticks) {
        return one->ticks < other->ticks ? -1 : 1;
    }
    return one->weight < other->weight ? -1 : one->weight > other->weight;
}

void cache_move_sort(struct cache_move *move)
{
    size_t kept = 0;
    if (move->count > 0) {
        qsort(move->leavers, move->count, sizeof *move->leavers, by_ticks);
    }
    for (size_t i = 0; i < move->count; i++) {
        if (kept > 0 && move->leavers[kept - 1].ticks == move->leavers[i].ticks) {
            move->leavers[kept - 1].weight += move->leavers[i].weight;
        } else {
            move->leavers[kept++] = move->leavers[i];
        }
    }
    move->count = kept;
}

// delay is negative for clients that never left.
static void note_move(struct cache_move *move, int64_t delay, double weight)
{
    move->weight += weight;
    if (delay < 0) {
        return;
    }
    if (move->count == move->room) {
        cache_move_sort(move);
        if (2 * move->count >= move->room) {
            move->room = move->room > 0 ? move->room * 2 : 256;
            move->leavers = xreallocarray(move->leavers, move->room, sizeof *move->leavers);
        }
    }
    move->leavers[move->count++] = (struct cache_leavers){(delay + CACHES_TICK - 1) / CACHES_TICK, weight};
}

// From the change until the client is elsewhere, or until its site is right again; -1: neither by the end.
// first: the stretch at the time of the change.
static int64_t time_to_leave(const struct crowd *crowd, unsigned change, size_t first)
{
    const struct cache_change *changes = crowd->walk.timeline->changes;
    int64_t at = changes[change].at;
    uint32_t old = changes[change - 1].site;
    int64_t right_again = INT64_MAX;
    for (unsigned i = change + 1; i < crowd->walk.timeline->count && right_again == INT64_MAX; i++) {
        right_again = changes[i].site == old ? changes[i].at : INT64_MAX;
    }
    for (size_t i = first; i < crowd->count; i++) {
        const struct stretch *stretch = &crowd->stretches[i];
        if (stretch->site != old) {
            int64_t left = stretch->from > at ? stretch->from : at;
            return (left < right_again ? left : right_again) - at;
        }
    }
    return right_again < crowd->walk.end ? right_again - at : -1;
}

static void note_moves(struct crowd *crowd)
{
    const struct cache_change *changes = crowd->walk.timeline->changes;
    size_t first = 0;
    for (unsigned i = 1; i < crowd->walk.timeline->count && changes[i].at < crowd->walk.end; i++) {
        while (crowd->stretches[first].until <= changes[i].at) {
            first++;
        }
        struct cache_move *move =
            changes[i].site != changes[i - 1].site ? find_move(crowd->result, changes[i].at) : NULL;
        if (move != NULL) {
            note_move(move, time_to_leave(crowd, i, first), crowd->clients * crowd->weight);
        }
    }
}

// --- all phases --------------------------------------------------------------------------------------------

// How many ticks each cache can be from expiring; 1 where a phase makes no difference.
struct axes {
    uint64_t resolver;
    uint64_t cache;
    uint64_t connection;
};

static uint64_t ticks_of(duration kept)
{
    return kept == INT64_MAX ? 1 : (uint64_t)((kept + CACHES_TICK - 1) / CACHES_TICK);
}

// What the resolver says at first it has said for long.
static struct axes axes_of(const struct walk *walk)
{
    const struct client_class *class = walk->class;
    duration keeps = walk_resolver_keeps(walk->resolver, walk->timeline->changes[0].ttl);
    struct axes axes = {ticks_of(keeps), 1, 1};
    bool own = class->cache == CLIENT_CACHE_FIXED ||
               (class->cache == CLIENT_CACHE_TTL && class->cache_least >= keeps);
    if (own && class->connection == 0) {
        axes.cache = ticks_of(class->cache_least);
    }
    if (class->connection > 0) {
        axes.connection = ticks_of(class->connection);
    }
    return axes;
}

static duration phase(double part, uint64_t ticks, duration whole)
{
    if (whole == INT64_MAX) {
        return INT64_MAX;
    }
    uint64_t tick = (uint64_t)(part * (double)ticks);
    return (duration)((tick < ticks ? tick : ticks - 1) + 1) * CACHES_TICK;
}

// A client that keeps no answer of its own, or keeps it as long as its resolver, has its resolver's phase.
static struct walk_phases phases_of(const struct walk *walk, const struct axes *axes, double resolver,
                                    double cache, double connection)
{
    const struct client_class *class = walk->class;
    duration keeps = walk_resolver_keeps(walk->resolver, walk->timeline->changes[0].ttl);
    struct walk_phases phases = {.resolver = phase(resolver, axes->resolver, keeps)};
    bool own = class->cache == CLIENT_CACHE_FIXED || axes->cache > 1;
    phases.cache = own ? phase(cache, axes->cache, class->cache_least) : phases.resolver;
    phases.connection = class->connection > 0 ? phase(connection, axes->connection, class->connection) : 0;
    return phases;
}

static void walk_one(struct crowd *crowd, const struct walk_phases *phases)
{
    crowd->count = 0;
    walk_client(&crowd->walk, phases);
    for (size_t i = 0; i < crowd->count; i++) {
        count_stretch(crowd, &crowd->stretches[i]);
    }
    note_moves(crowd);
}

static double fraction(double x)
{
    return x - floor(x);
}

static void walk_all(struct crowd *crowd)
{
    struct axes axes = axes_of(&crowd->walk);
    double all = (double)axes.resolver * (double)axes.cache * (double)axes.connection;
    bool exact = all <= crowd->caches->combinations;
    unsigned count = exact ? (unsigned)all : crowd->caches->combinations;
    crowd->weight = 1.0 / count;
    for (unsigned i = 0; i < count; i++) {
        uint64_t rest = i;
        double resolver = (double)(rest % axes.resolver) / (double)axes.resolver;
        double cache = (double)(rest / axes.resolver % axes.cache) / (double)axes.cache;
        double connection =
            (double)(rest / axes.resolver / axes.cache % axes.connection) / (double)axes.connection;
        if (!exact) { // the golden ratio's and a cubic root's multiples fill a square evenly
            resolver = (i + 0.5) / count;
            cache = fraction(i * 0.7548776662466927);
            connection = fraction(i * 0.5698402909980532);
        }
        struct walk_phases phases =
            phases_of(&crowd->walk, &axes, resolver + 1e-12, cache + 1e-12, connection + 1e-12);
        walk_one(crowd, &phases);
    }
}

// --- all clients -------------------------------------------------------------------------------------------

uint32_t caches_place_seen(const struct caches *caches, unsigned resolver, uint32_t place)
{
    const struct resolver_kind *kind = &caches->resolvers[resolver];
    bool own = kind->client_subnet || kind->place == RESOLVER_NEARBY;
    return caches->same_as[own ? place : kind->place];
}

struct cache_cell *caches_cell(const struct caches *caches, unsigned class_index, unsigned resolver,
                               uint32_t place)
{
    size_t row = (size_t)class_index * caches->config.resolver_count + resolver;
    return &caches->cells[row * caches->place_count + place];
}

static void find_same(struct caches *caches)
{
    struct map *known = map_create();
    uint32_t count = caches->place_count;
    caches->same_as = xcalloc(count, sizeof *caches->same_as);
    for (uint32_t p = 0; p < count; p++) {
        struct cache_timeline *timeline = &caches->timelines[p];
        if (timeline->count == 0) {
            caches_answer(caches, p, caches->config.start, CACHES_NO_SITE, 60);
        }
        struct bytes key = {(const uint8_t *)timeline->changes, timeline->count * sizeof *timeline->changes};
        map_put(known, key, &caches->same_as[p]);
        caches->same_as[p] = (uint32_t)((uint32_t *)map_get(known, key) - caches->same_as);
    }
    map_destroy(known);
}

// In a long and busy run each walk has many steps, so there are fewer walks.
static void choose_combinations(struct caches *caches)
{
    double timelines = 0;
    double events = 1;
    for (uint32_t p = 0; p < caches->place_count; p++) {
        timelines += caches->same_as[p] == p;
        events = fmax(events, 4.0 * caches->timelines[p].count); // caches fill a few times after each
    }
    for (uint32_t site = 0; site < caches->site_count; site++) {
        events += caches->outages[site].count;
    }
    double crowds = timelines * caches->config.class_count * caches->config.resolver_count;
    double walks = steps_most / (crowds * events);
    caches->combinations = walks < COMBINATIONS_LEAST ? COMBINATIONS_LEAST
                           : walks > COMBINATIONS_MAX ? COMBINATIONS_MAX
                                                      : (unsigned)walks;
}

static void run_crowd(struct caches *caches, unsigned c, unsigned r, uint32_t place, double places)
{
    struct crowd crowd = {
        .caches = caches,
        .walk = {.timeline = &caches->timelines[place],
                 .outages = caches->outages,
                 .resolver = &caches->resolvers[r],
                 .class = caches->classes[c].class,
                 .start = caches->config.start.ns,
                 .end = caches->end,
                 .used = note_stretch},
        .cell = caches_cell(caches, c, r, place),
        .result = &caches->results[c],
        .clients = places * caches->resolvers[r].share * caches->classes[c].share,
    };
    crowd.walk.context = &crowd;
    crowd.cell->up_time = xcalloc((size_t)caches->site_count + 1, sizeof *crowd.cell->up_time);
    walk_all(&crowd);
    free(crowd.stretches);
}

static void run_resolver(struct caches *caches, unsigned r)
{
    double *places = xcalloc(caches->place_count, sizeof *places);
    for (uint32_t p = 0; p < caches->place_count; p++) {
        places[caches_place_seen(caches, r, p)] += caches->places[p].share;
    }
    for (uint32_t p = 0; p < caches->place_count; p++) {
        for (unsigned c = 0; places[p] > 0 && c < caches->config.class_count; c++) {
            run_crowd(caches, c, r, p, places[p]);
        }
    }
    free(places);
}

void caches_run(struct caches *caches, int64_t end)
{
    const struct caches_config *config = &caches->config;
    caches_forget(caches);
    caches->end = end > config->start.ns ? end : config->start.ns + CACHES_TICK;
    int64_t ticks = (caches->end - config->start.ns + CACHES_TICK - 1) / CACHES_TICK;
    int64_t step = (ticks + BUCKETS_MAX - 1) / BUCKETS_MAX;
    caches->bucket = (step <= 1 ? 1 : (step + 9) / 10 * 10) * CACHES_TICK; // whole tens are easier to read
    caches->bucket_count = (unsigned)((caches->end - config->start.ns + caches->bucket - 1) / caches->bucket);
    find_same(caches);
    choose_combinations(caches);
    size_t cells = (size_t)config->class_count * config->resolver_count * caches->place_count;
    caches->cells = xcalloc(cells, sizeof *caches->cells);
    caches->results = xcalloc(config->class_count, sizeof *caches->results);
    caches->bucket_room = caches->bucket_count + (size_t)1; // what ends with the last ends in one more
    size_t room = (caches->site_count + (size_t)1) * caches->bucket_room;
    caches->load = xcalloc(room, sizeof *caches->load);
    caches->whole_load = xcalloc(room, sizeof *caches->whole_load);
    caches->failing = xcalloc(caches->bucket_room, sizeof *caches->failing);
    caches->whole_failing = xcalloc(caches->bucket_room, sizeof *caches->whole_failing);
    for (unsigned r = 0; r < config->resolver_count; r++) {
        run_resolver(caches, r);
    }
    for (uint32_t site = 0; site < caches->site_count; site++) {
        size_t row = site * caches->bucket_room;
        finish_buckets(caches, &caches->load[row], &caches->whole_load[row]);
    }
    finish_buckets(caches, caches->failing, caches->whole_failing);
}

void caches_forget(struct caches *caches)
{
    size_t cells = (size_t)caches->config.class_count * caches->config.resolver_count * caches->place_count;
    for (size_t i = 0; caches->cells != NULL && i < cells; i++) {
        free(caches->cells[i].up_time);
    }
    for (unsigned c = 0; caches->results != NULL && c < caches->config.class_count; c++) {
        for (unsigned i = 0; i < caches->results[c].move_count; i++) {
            free(caches->results[c].moves[i].leavers);
        }
        free(caches->results[c].moves);
    }
    free(caches->cells);
    free(caches->results);
    free(caches->same_as);
    free(caches->load);
    free(caches->failing);
    free(caches->whole_load);
    free(caches->whole_failing);
    caches->whole_load = NULL;
    caches->whole_failing = NULL;
    caches->cells = NULL;
    caches->results = NULL;
    caches->same_as = NULL;
    caches->load = NULL;
    caches->failing = NULL;
}
