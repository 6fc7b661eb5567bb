// SPDX-License-Identifier: MIT
// ClientClasses and Resolvers of a scenario. Runs after the expectations, whose first question the clients
// ask.
#include <string.h>

#include "script.h"

enum { RESOLVERS_MAX = 16 };

static bool usable(const struct class_fields *fields, unsigned field)
{
    return (fields->node.valid & schema_bit(field)) != 0;
}

static void take_place(const struct diagnostic *finding, void *context)
{
    struct script_class *class = context;
    class->line = finding->line;
    class->column = finding->column;
}

static void find_place(const struct scenario *scenario, struct bytes text, struct script_class *class)
{
    struct diagnostics *diagnostics = diagnostics_create();
    diagnostics_file(diagnostics, scenario->name, text);
    schema_finding(diagnostics, DIAGNOSTIC_WARNING, &class->fields->node, "", "here");
    diagnostics_each(diagnostics, take_place, class);
    diagnostics_destroy(diagnostics);
}

static void read_classes(const struct script_reading *reading, struct bytes text)
{
    struct scenario *scenario = reading->scenario;
    const struct schema_objects *from = &scenario->fields->client_classes;
    const struct class_fields *fields = from->items;
    double sum = 0;
    scenario->classes = arena_new(reading->schema.arena, struct script_class, from->count + 1);
    for (size_t i = 0; i < from->count; i++) {
        struct script_class *class = &scenario->classes[scenario->class_count++];
        class->fields = &fields[i];
        class->weighted.share = fields[i].share;
        if (usable(&fields[i], CLASS_CLASS)) {
            class->weighted.class = client_class_at(fields[i].class);
        }
        sum += fields[i].share;
        find_place(scenario, text, class);
    }
    for (uint32_t i = 0; i < scenario->class_count && sum > 0; i++) {
        scenario->classes[i].weighted.share /= sum;
    }
    if (from->count > 0 && sum <= 0) {
        SCRIPT_REFUSE(reading, &scenario->fields->node, "ClientClasses", "one of them needs a Share above 0");
    }
}

static bool has_place(const struct scenario *scenario, const char *name)
{
    const struct model_spec *spec =
        scenario->policy_count > 0 ? policy_spec(scenario->policies[0].policy) : NULL;
    for (uint32_t i = 0; spec != NULL && i < spec->place_count; i++) {
        if (strcmp(spec->places[i].place.name, name) == 0) {
            return spec->places[i].place.people > 0;
        }
    }
    return false;
}

static void read_resolvers(const struct script_reading *reading)
{
    struct scenario *scenario = reading->scenario;
    const struct schema_objects *from = &scenario->fields->resolvers;
    const struct resolver_fields *fields = from->items;
    double sum = 0;
    scenario->resolvers = arena_new(reading->schema.arena, struct script_resolver, from->count + 1);
    for (size_t i = 0; i < from->count; i++) {
        struct script_resolver *resolver = &scenario->resolvers[scenario->resolver_count++];
        resolver->place = fields[i].place;
        resolver->kind = (struct resolver_kind){
            .name = fields[i].name,
            .share = fields[i].share,
            .client_subnet = fields[i].client_subnet,
            .place = RESOLVER_NEARBY,
            .ttl_least = duration_from_seconds(fields[i].ttl_least),
            .ttl_most = duration_from_seconds(fields[i].ttl_most),
            .stale = duration_from_seconds(fields[i].stale),
        };
        sum += fields[i].share;
        if (fields[i].place != NULL && !has_place(scenario, fields[i].place)) {
            SCRIPT_REFUSE(reading, &fields[i].node, "Place",
                          "'%s' is no place with clients in the policy's Population", fields[i].place);
        }
    }
    for (uint32_t i = 0; i < scenario->resolver_count && sum > 0; i++) {
        scenario->resolvers[i].kind.share /= sum;
    }
    if (from->count > 0 && sum <= 0) {
        SCRIPT_REFUSE(reading, &scenario->fields->node, "Resolvers", "one of them needs a Share above 0");
    }
}

void script_read_clients(struct script_reading *reading, struct bytes text)
{
    struct scenario *scenario = reading->scenario;
    if (scenario->fields->client_classes.count > CACHES_CLASSES_MAX ||
        scenario->fields->resolvers.count > RESOLVERS_MAX) {
        SCRIPT_REFUSE(reading, &scenario->fields->node, "", "more than %d ClientClasses or %d Resolvers",
                      CACHES_CLASSES_MAX, RESOLVERS_MAX);
        return;
    }
    read_classes(reading, text);
    read_resolvers(reading);
    if (scenario->class_count > 0 && scenario->question_count == 0) {
        SCRIPT_REFUSE(reading, &scenario->fields->node, "ClientClasses",
                      "clients ask what the first expectation with a question asks, and there is none");
    }
    if (scenario->class_count == 0 && scenario->resolver_count > 0) {
        SCRIPT_REFUSE(reading, &scenario->fields->node, "Resolvers",
                      "resolvers need ClientClasses that ask them");
    }
}
