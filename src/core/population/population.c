// SPDX-License-Identifier: MIT
#include "core/population/population.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static bool everywhere(const struct model *model, uint32_t place)
{
    (void)model;
    (void)place;
    return true;
}

static bool has_people(const struct model *model, uint32_t place)
{
    return model->places[place].people > 0;
}

static bool is_plain(const struct model *model, uint32_t place)
{
    const struct place *at = &model->places[place];
    return at->region == REGION_NONE && place != model->fallback_place &&
           strncmp(at->name, "continent:", 10) != 0;
}

static uint32_t count_places(const struct model *model, bool (*counts)(const struct model *, uint32_t))
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < model->place_count; i++) {
        count += counts(model, i);
    }
    return count;
}

struct named_share {
    const char *name;
    struct population_share share;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct named_share *)a)->name, ((const struct named_share *)b)->name);
}

static void fill(struct population *population, const struct model *model,
                 bool (*counts)(const struct model *, uint32_t))
{
    struct named_share *named = xcalloc(population->count, sizeof *named);
    uint32_t count = 0;
    double sum = 0;
    for (uint32_t i = 0; i < model->place_count; i++) {
        if (counts(model, i)) {
            double people = population->counted ? model->places[i].people : 1;
            named[count++] = (struct named_share){model->places[i].name, {i, people}};
            sum += people;
        }
    }
    qsort(named, count, sizeof *named, by_name);
    for (uint32_t i = 0; i < count; i++) {
        population->shares[i] = (struct population_share){named[i].share.place, named[i].share.share / sum};
    }
    free(named);
}

struct population *population_create(const struct model *model)
{
    struct population *population = xcalloc(1, sizeof *population);
    bool (*counts)(const struct model *, uint32_t) = has_people;
    population->counted = count_places(model, has_people) > 0;
    if (!population->counted) {
        counts = count_places(model, is_plain) > 0 ? is_plain : everywhere;
    }
    population->count = count_places(model, counts);
    population->shares = xcalloc(population->count, sizeof *population->shares);
    fill(population, model, counts);
    return population;
}

void population_destroy(struct population *population)
{
    if (population != NULL) {
        free(population->shares);
        free(population);
    }
}
