// SPDX-License-Identifier: MIT
// All clients: each class behind each resolver, one walk for each combination of phases.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/xalloc.h"
#include "caches_state.h"

enum { COMBINATIONS_MAX = 4096, BUCKETS_MAX = 1440, MOVES_MAX = 256 };

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

static void add_to_buckets(const struct caches *caches, double *buckets, int64_t from, int64_t until,
                           double clients)
{
    while (from < until) {
        int64_t bucket = (from - caches->config.start.ns) / caches->bucket;
        int64_t end = caches->config.start.ns + (bucket + 1) * caches->bucket;
        end = end < until ? end : until;
        buckets[bucket] += clients * (double)(end - from);
        from = end;
    }
}

static void count_part(struct crowd *crowd, int64_t from, int64_t until, uint32_t site, bool up)
{
    const struct caches *caches = crowd->caches;
    double seconds = duration_seconds(until - from) * crowd->weight;
    double clients = crowd->clients * crowd->weight;
    if (site != CACHES_NO_SITE) {
        add_to_buckets(caches, &caches->load[(size_t)site * caches->bucket_count], from, until, clients);
    }
    if (up) {
        crowd->cell->up_time[site] += seconds;
    } else {
        crowd->cell->failed += seconds;
        add_to_buckets(caches, caches->failing, from, until, clients);
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
    while (i < result->move_count && result->moves[i].at < at) {
        i++;
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

static void note_move(struct cache_move *move, int64_t delay, double weight)
{
    move->weight += weight;
    if (delay < 0) {
        move->never += weight;
        return;
    }
    size_t ticks = (size_t)((delay + CACHES_TICK - 1) / CACHES_TICK);
    if (ticks >= move->room) {
        size_t room = move->room * 2 > ticks + 1 ? move->room * 2 : ticks + 64;
        move->after = xreallocarray(move->after, room, sizeof *move->after);
        memset(move->after + move->room, 0, (room - move->room) * sizeof *move->after);
        move->room = room;
    }
    move->after[ticks] += weight;
}

// From the change until the client is elsewhere, or until its site is right again; -1: neither by the end.
static int64_t time_to_leave(const struct crowd *crowd, unsigned change)
{
    const struct cache_change *changes = crowd->walk.timeline->changes;
    int64_t at = changes[change].at;
    uint32_t old = changes[change - 1].site;
    int64_t right_again = INT64_MAX;
    for (unsigned i = change + 1; i < crowd->walk.timeline->count && right_again == INT64_MAX; i++) {
        right_again = changes[i].site == old ? changes[i].at : INT64_MAX;
    }
    for (size_t i = 0; i < crowd->count; i++) {
        const struct stretch *stretch = &crowd->stretches[i];
        if (stretch->until > at && stretch->site != old) {
            int64_t left = stretch->from > at ? stretch->from : at;
            return (left < right_again ? left : right_again) - at;
        }
    }
    return right_again < crowd->walk.end ? right_again - at : -1;
}

static void note_moves(struct crowd *crowd)
{
    const struct cache_timeline *timeline = crowd->walk.timeline;
    for (unsigned i = 1; i < timeline->count && timeline->changes[i].at < crowd->walk.end; i++) {
        struct cache_move *move = timeline->changes[i].site != timeline->changes[i - 1].site
                                      ? find_move(crowd->result, timeline->changes[i].at)
                                      : NULL;
        if (move != NULL) {
            note_move(move, time_to_leave(crowd, i), crowd->clients * crowd->weight);
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
    bool exact = all <= COMBINATIONS_MAX;
    unsigned count = exact ? (unsigned)all : COMBINATIONS_MAX;
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
    size_t cells = (size_t)config->class_count * config->resolver_count * caches->place_count;
    caches->cells = xcalloc(cells, sizeof *caches->cells);
    caches->results = xcalloc(config->class_count, sizeof *caches->results);
    caches->load = xcalloc(((size_t)caches->site_count + 1) * caches->bucket_count, sizeof *caches->load);
    caches->failing = xcalloc(caches->bucket_count, sizeof *caches->failing);
    for (unsigned r = 0; r < config->resolver_count; r++) {
        run_resolver(caches, r);
    }
}

void caches_forget(struct caches *caches)
{
    size_t cells = (size_t)caches->config.class_count * caches->config.resolver_count * caches->place_count;
    for (size_t i = 0; caches->cells != NULL && i < cells; i++) {
        free(caches->cells[i].up_time);
    }
    for (unsigned c = 0; caches->results != NULL && c < caches->config.class_count; c++) {
        for (unsigned i = 0; i < caches->results[c].move_count; i++) {
            free(caches->results[c].moves[i].after);
        }
        free(caches->results[c].moves);
    }
    free(caches->cells);
    free(caches->results);
    free(caches->same_as);
    free(caches->load);
    free(caches->failing);
    caches->cells = NULL;
    caches->results = NULL;
    caches->same_as = NULL;
    caches->load = NULL;
    caches->failing = NULL;
}
