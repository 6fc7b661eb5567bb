// SPDX-License-Identifier: MIT
// What happened, as the caller tells it, and the life of it.
#include "core/population/caches.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "caches_state.h"

static void choose_classes(struct caches *caches, const struct caches_config *config)
{
    assert(config->class_count <= CACHES_CLASSES_MAX);
    caches->config.class_count = config->class_count > 0 ? config->class_count : CLIENT_CLASSES;
    caches->config.classes = caches->classes;
    for (unsigned i = 0; i < caches->config.class_count; i++) {
        caches->classes[i] = config->class_count > 0
                                 ? config->classes[i]
                                 : (struct weighted_class){client_class_at(i), 1.0 / CLIENT_CLASSES};
    }
}

static void choose_resolvers(struct caches *caches, const struct caches_config *config)
{
    const struct resolver_kind *from = config->resolver_count > 0 ? config->resolvers : &resolver_plain;
    caches->config.resolver_count = config->resolver_count > 0 ? config->resolver_count : 1;
    caches->resolvers = xmemdup(from, caches->config.resolver_count * sizeof *from);
    caches->config.resolvers = caches->resolvers;
}

static void copy_places(struct caches *caches, const struct caches_config *config)
{
    caches->place_count = config->population->count;
    caches->places = xcalloc(caches->place_count, sizeof *caches->places);
    for (uint32_t i = 0; i < caches->place_count; i++) {
        const struct population_share *share = &config->population->shares[i];
        struct cache_place *place = &caches->places[i];
        place->name = xstrdup(config->model->places[share->place].name);
        place->share = share->share;
        place->measured = config->latency != NULL;
        if (place->measured) {
            memcpy(place->ms, latency_row(config->latency, share->place), sizeof place->ms);
        }
    }
}

struct caches *caches_create(const struct caches_config *config)
{
    struct caches *caches = xcalloc(1, sizeof *caches);
    caches->config.start = config->start;
    copy_places(caches, config);
    choose_classes(caches, config);
    choose_resolvers(caches, config);
    caches->timelines = xcalloc(caches->place_count, sizeof *caches->timelines);
    return caches;
}

void caches_destroy(struct caches *caches)
{
    if (caches == NULL) {
        return;
    }
    caches_forget(caches);
    for (uint32_t i = 0; i < caches->site_count; i++) {
        free(caches->sites[i].name);
        free(caches->outages[i].times);
    }
    for (uint32_t i = 0; i < caches->place_count; i++) {
        free(caches->timelines[i].changes);
        free(caches->places[i].name);
    }
    free(caches->places);
    free(caches->sites);
    free(caches->outages);
    free(caches->timelines);
    free(caches->resolvers);
    free(caches);
}

uint32_t caches_site(struct caches *caches, const char *name, uint8_t region, double capacity)
{
    for (uint32_t i = 0; i < caches->site_count; i++) {
        if (strcmp(caches->sites[i].name, name) == 0) {
            return i;
        }
    }
    assert(caches->site_count < CACHES_SITES_MAX);
    size_t count = (size_t)caches->site_count + 1;
    caches->sites = xreallocarray(caches->sites, count, sizeof *caches->sites);
    caches->outages = xreallocarray(caches->outages, count, sizeof *caches->outages);
    caches->sites[caches->site_count] = (struct cache_site){xstrdup(name), region, capacity};
    caches->outages[caches->site_count] = (struct cache_outages){0};
    return caches->site_count++;
}

void caches_answer(struct caches *caches, uint32_t place, mono_time at, uint32_t site, uint32_t ttl)
{
    assert(place < caches->place_count);
    assert(site < caches->site_count || site == CACHES_NO_SITE);
    struct cache_timeline *timeline = &caches->timelines[place];
    const struct cache_change *last = timeline->count > 0 ? &timeline->changes[timeline->count - 1] : NULL;
    struct cache_change change = {at.ns, site, 0, DURATION_S((duration)ttl)};
    assert(last == NULL || at.ns >= last->at);
    if (last != NULL && last->site == site && last->ttl == change.ttl) {
        return;
    }
    if (timeline->count == timeline->room) {
        timeline->room = timeline->room > 0 ? timeline->room * 2 : 4;
        timeline->changes = xreallocarray(timeline->changes, timeline->room, sizeof *timeline->changes);
    }
    timeline->changes[timeline->count++] = change;
}

void caches_site_up(struct caches *caches, uint32_t site, mono_time at, bool up)
{
    assert(site < caches->site_count);
    struct cache_outages *outages = &caches->outages[site];
    if ((outages->count % 2 == 0) == up) {
        return;
    }
    if (outages->count == outages->room) {
        outages->room = outages->room > 0 ? outages->room * 2 : 4;
        outages->times = xreallocarray(outages->times, outages->room, sizeof *outages->times);
    }
    outages->times[outages->count++] = at.ns;
}
