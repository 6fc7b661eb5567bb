// SPDX-License-Identifier: MIT
// Population and Capacities.
#include <stdio.h>

#include "context.h"

enum { CAPACITIES_MAX = 256 };

static const double weight_max = 1e12, percent_max = 100000;

// The number at a member of a section's object; false: reported.
static bool read_number(struct policy_context *context, const struct schema_node *node, const char *tail,
                        const json_t *value, double most, double *out)
{
    *out = json_number_value(value);
    if (json_is_number(value) && *out >= 0 && *out <= most) {
        return true;
    }
    char found[SCHEMA_TEXT];
    schema_describe(value, found);
    REFUSE(context, node, tail, "a number from 0 to %.0f is wanted, not %s", most, found);
    return false;
}

// JSON pointers escape "~" and "/".
static const char *member_tail(struct policy_context *context, const char *section, const char *key)
{
    struct buffer tail;
    buffer_init(&tail, POLICY_PATH_MAX);
    buffer_format(&tail, "%s/", section);
    for (; *key != '\0'; key++) {
        char plain[] = {*key, '\0'};
        buffer_text(&tail, *key == '~' ? "~0" : *key == '/' ? "~1" : plain);
    }
    const char *kept = arena_strdup(context->reader.arena, buffer_string(&tail));
    buffer_free(&tail);
    return kept;
}

static void refuse_place(struct policy_context *context, const struct schema_node *node, const char *tail,
                         const char *name)
{
    char hint[POLICY_HINT];
    if (context->places_missing) {
        return;
    }
    if (!policy_place_unknown(context, name, hint)) { // an AWS region, which has no row of its own
        hint[0] = '\0';
    }
    REFUSE(context, node, tail, "place '%s' is not in the latency table%s", name, hint);
}

// built_in: it counts the places that the latency table has, which may be others.
static void weigh_places(struct policy_context *context, const struct population_text *text, bool built_in)
{
    const char *name;
    json_t *value;
    double sum = 0;
    if (text->places == NULL) {
        return;
    }
    json_object_foreach(text->places, name, value)
    {
        const char *tail = member_tail(context, "Places", name);
        char key[POLICY_PLACE_KEY];
        struct place_spec *spec = map_get(context->places, policy_place_key(name, key));
        double weight;
        if (spec == NULL && !built_in) {
            refuse_place(context, &text->node, tail, name);
        }
        if (read_number(context, &text->node, tail, value, weight_max, &weight)) {
            sum += weight;
            if (spec != NULL) {
                spec->place.people = weight;
            }
        }
    }
    if (sum <= 0 && !built_in) {
        REFUSE(context, &text->node, "Places", "nobody is anywhere: one place needs a number above 0");
    }
}

static void weigh_from_text(struct policy_context *context, const char *path, struct bytes text,
                            bool built_in)
{
    diagnostics_file(context->reader.diagnostics, path, text);
    json_t *tree = policy_parse(context, text);
    if (tree != NULL) {
        struct population_text *population = arena_new(context->reader.arena, struct population_text, 1);
        schema_read(&context->reader, &policy_population_schema, tree, population);
        weigh_places(context, population, built_in);
    }
}

void policy_read_population(struct policy_context *context)
{
    const struct policy_population *from = &context->file->population;
    struct bytes text = context->options->default_population;
    if (from->table != NULL) {
        weigh_places(context, from->table, false);
    } else if (from->file != NULL) {
        const char *path = policy_path(context, context->name, from->file);
        if (policy_read_text(context, &context->file->node, "Population", path, "population", &text)) {
            policy_add_digest(context, text);
            weigh_from_text(context, path, text, false);
        }
    } else if (text.len > 0) {
        weigh_from_text(context, context->options->default_population_name, text, true);
    }
    diagnostics_file(context->reader.diagnostics, context->name, context->text);
}

void policy_read_capacities(struct policy_context *context)
{
    json_t *from = context->file->capacities;
    size_t count = from != NULL ? json_object_size(from) : 0;
    const char *site;
    json_t *value;
    if (count > CAPACITIES_MAX) {
        REFUSE(context, &context->file->node, "Capacities", "more than %d sites", CAPACITIES_MAX);
        return;
    }
    struct site_capacity *capacities = arena_new(context->reader.arena, struct site_capacity, count);
    context->spec->capacities = capacities;
    context->spec->capacity_count = (uint32_t)count;
    json_object_foreach(from, site, value)
    {
        const char *tail = member_tail(context, "Capacities", site);
        capacities->site = site;
        read_number(context, &context->file->node, tail, value, percent_max, &capacities->percent);
        capacities++;
    }
}
