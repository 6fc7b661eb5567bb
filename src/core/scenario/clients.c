// SPDX-License-Identifier: MIT
#include "clients.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/xalloc.h"
#include "core/population/caches.h"

enum { NEGATIVE_TTL = 900, QUESTION = 0 }; // D8: of Route 53's own SOA

// A site, by an answer that leads to it.
struct known_answer {
    const struct answer_label *label;
    uint32_t site; // CACHES_NO_SITE: it leads nowhere
};

struct clients {
    const struct scenario *scenario;
    struct caches *caches;
    struct map *places; // by name, to an element of names
    const char **names; // of the places at the start, owned
    uint32_t place_count;
    uint32_t *place_of; // of each share of the population in force; UINT32_MAX: not known at the start
    uint64_t changes;   // of the world, when place_of was made
    struct known_answer *known;
    size_t known_count;
    uint32_t site_count;
};

// --- places ------------------------------------------------------------------------------------------------

static void learn_places(struct clients *clients, const struct world *world)
{
    const struct population *population = world->population;
    clients->place_count = population->count;
    clients->names = xcalloc(population->count, sizeof *clients->names);
    for (uint32_t i = 0; i < population->count; i++) {
        clients->names[i] = xstrdup(world->model->places[population->shares[i].place].name);
        map_set(clients->places, bytes_of(clients->names[i]), &clients->names[i]);
    }
}

static uint32_t find_place(const struct clients *clients, const char *name)
{
    const char **found = map_get(clients->places, bytes_of(name));
    return found != NULL ? (uint32_t)(found - clients->names) : UINT32_MAX;
}

static void match_places(struct clients *clients, const struct world *world)
{
    const struct population *population = world->population;
    clients->changes = world->changes;
    free(clients->place_of);
    clients->place_of = xcalloc(population->count, sizeof *clients->place_of);
    for (uint32_t i = 0; i < population->count; i++) {
        clients->place_of[i] = find_place(clients, world->model->places[population->shares[i].place].name);
    }
}

// --- life --------------------------------------------------------------------------------------------------

struct clients *clients_create(const struct scenario *scenario, const struct world *world)
{
    if (scenario->class_count == 0) {
        return NULL;
    }
    struct clients *clients = xcalloc(1, sizeof *clients);
    struct weighted_class *classes = xcalloc(scenario->class_count, sizeof *classes);
    struct resolver_kind *resolvers = xcalloc(scenario->resolver_count + (size_t)1, sizeof *resolvers);
    clients->scenario = scenario;
    clients->places = map_create();
    learn_places(clients, world);
    match_places(clients, world);
    for (uint32_t i = 0; i < scenario->class_count; i++) {
        classes[i] = scenario->classes[i].weighted;
    }
    for (uint32_t i = 0; i < scenario->resolver_count; i++) {
        const char *place = scenario->resolvers[i].place;
        resolvers[i] = scenario->resolvers[i].kind;
        resolvers[i].place = place != NULL ? find_place(clients, place) : RESOLVER_NEARBY;
    }
    clients->caches = caches_create(&(struct caches_config){
        .model = world->model,
        .population = world->population,
        .latency = world->latency,
        .class_count = scenario->class_count,
        .classes = classes,
        .resolver_count = scenario->resolver_count,
        .resolvers = resolvers,
        .start = world->now,
    });
    free(classes);
    free(resolvers);
    return clients;
}

void clients_destroy(struct clients *clients)
{
    if (clients == NULL) {
        return;
    }
    for (uint32_t i = 0; i < clients->place_count; i++) {
        free((char *)(uintptr_t)clients->names[i]);
    }
    free(clients->names);
    free(clients->place_of);
    free(clients->known);
    map_destroy(clients->places);
    caches_destroy(clients->caches);
    free(clients);
}

// --- what happens ------------------------------------------------------------------------------------------

static double capacity_of(const struct world *world, const char *site)
{
    for (uint32_t i = 0; i < world->model->capacity_count; i++) {
        if (strcmp(world->model->capacities[i].site, site) == 0) {
            return world->model->capacities[i].percent / 100;
        }
    }
    return INFINITY;
}

// Answers without a site of their own go by what they say.
static uint32_t make_site(struct clients *clients, const struct answer_label *label,
                          const struct world *world)
{
    if (!label->answered) {
        return CACHES_NO_SITE;
    }
    const char *name = label->site[0] != '\0' ? label->site : label->text;
    name = clients->site_count < CACHES_SITES_MAX - 1 ? name : "others";
    uint32_t site = caches_site(clients->caches, name, region_find(bytes_of(name)), capacity_of(world, name));
    clients->site_count = site >= clients->site_count ? site + 1 : clients->site_count;
    return site;
}

static uint32_t site_of(struct clients *clients, const struct answer_label *label, const struct world *world)
{
    for (size_t i = 0; i < clients->known_count; i++) {
        if (clients->known[i].label == label) {
            return clients->known[i].site;
        }
    }
    clients->known = xreallocarray(clients->known, clients->known_count + 1, sizeof *clients->known);
    clients->known[clients->known_count] = (struct known_answer){label, make_site(clients, label, world)};
    return clients->known[clients->known_count++].site;
}

static void hear_answers(struct clients *clients, const struct answers *answers, const struct world *world)
{
    if (clients->changes != world->changes) {
        match_places(clients, world);
    }
    for (uint32_t i = 0; i < world->population->count; i++) {
        const struct answer_label *label = answers_at(answers, QUESTION, i);
        if (clients->place_of[i] != UINT32_MAX) {
            caches_answer(clients->caches, clients->place_of[i], world->now, site_of(clients, label, world),
                          label->answered ? label->ttl : NEGATIVE_TTL);
        }
    }
}

// A site works as long as one of the answers that lead to it does.
static void look_at_sites(struct clients *clients, const struct world *world)
{
    bool up[CACHES_SITES_MAX] = {false};
    for (size_t i = 0; i < clients->known_count; i++) {
        if (clients->known[i].site != CACHES_NO_SITE) {
            up[clients->known[i].site] |= !answer_label_dead(clients->known[i].label, world);
        }
    }
    for (uint32_t site = 0; site < clients->site_count; site++) {
        caches_site_up(clients->caches, site, world->now, up[site]);
    }
}

void clients_step(struct clients *clients, const struct answers *answers, const struct world *world,
                  bool changed)
{
    if (changed) {
        hear_answers(clients, answers, world);
    }
    look_at_sites(clients, world);
}

// --- what came of it ---------------------------------------------------------------------------------------

static double failed_seconds(const json_t *class)
{
    return json_number_value(json_object_get(class, "failed_seconds"));
}

// INFINITY when some never moved.
static double slowest_move(const json_t *class)
{
    size_t i;
    json_t *move;
    double slowest = 0;
    json_array_foreach(json_object_get(class, "moves"), i, move)
    {
        const json_t *all = json_object_get(move, "seconds_100");
        slowest = fmax(slowest, json_is_null(all) ? INFINITY : json_number_value(all));
    }
    return slowest;
}

static void judge(struct run *run, const struct script_class *class, bool passed, const char *what,
                  double limit, double got)
{
    char *question = xasprintf("clients of class %s", class->weighted.class->name);
    char *expected = xasprintf("%s %.1f s", what, limit);
    char *found = isfinite(got) ? xasprintf("%.1f s", got) : xstrdup("some never are");
    run_line(run, "expect", "%s: %s: %s%s%s", passed ? "ok" : "FAILED", question, expected,
             passed ? "" : ", got ", passed ? "" : found);
    run_verdict(run, passed, class->line, class->column, question, expected, found, xstrdup(""));
}

static void judge_class(struct run *run, const struct script_class *class, const json_t *result)
{
    const struct class_fields *fields = class->fields;
    double failed = failed_seconds(result);
    double moved = slowest_move(result);
    if (fields->node.valid & schema_bit(CLASS_FAILED_SECONDS_MOST)) {
        judge(run, class, failed <= fields->failed_most, "requests fail on average for at most",
              fields->failed_most, failed);
    }
    if (fields->node.valid & schema_bit(CLASS_FAILED_SECONDS_LEAST)) {
        judge(run, class, failed >= fields->failed_least, "requests fail on average for at least",
              fields->failed_least, failed);
    }
    if (fields->node.valid & schema_bit(CLASS_MOVED_SECONDS_MOST)) {
        judge(run, class, moved <= fields->moved_most, "all are elsewhere after at most", fields->moved_most,
              moved);
    }
}

json_t *clients_finish(struct clients *clients, struct run *run)
{
    json_t *report = caches_report(clients->caches, run->world.now);
    const json_t *classes = json_object_get(report, "classes");
    for (uint32_t i = 0; i < clients->scenario->class_count; i++) {
        const json_t *result = json_array_get(classes, i);
        run_line(run, "clients", "%s: requests fail for %.1f s on average",
                 json_string_value(json_object_get(result, "class")), failed_seconds(result));
        judge_class(run, &clients->scenario->classes[i], result);
    }
    return report;
}
