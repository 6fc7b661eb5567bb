// SPDX-License-Identifier: MIT
// LocationDatabases: the areas that databases name become places of the latency table, the state or province
// where it has one, else the country.
#include <stdio.h>
#include <stdlib.h>

#include "context.h"

enum { AREA = 16, NAMED = 64 };

struct resolving {
    struct policy_context *context;
    struct map *numbers; // name of a place to its number + 1
    const char *names[UINT16_MAX];
    uint32_t count;
    char unknown[NAMED]; // countries without a place, of one database: ", XA, XB"
};

static uint32_t number_of(struct resolving *resolving, const char *area)
{
    char key[POLICY_PLACE_KEY];
    const struct place_spec *spec = map_get(resolving->context->places, policy_place_key(area, key));
    if (spec == NULL) {
        return LOCATION_NO_PLACE;
    }
    struct bytes name = bytes_of(spec->place.name);
    uintptr_t known = (uintptr_t)map_get(resolving->numbers, name);
    if (known == 0) {
        if (resolving->count == UINT16_MAX) {
            return LOCATION_NO_PLACE;
        }
        resolving->names[resolving->count] = spec->place.name;
        known = ++resolving->count;
        map_put(resolving->numbers, name, (void *)known); // NOLINT(performance-no-int-to-ptr)
    }
    return (uint32_t)known - 1;
}

static void note_unknown(struct resolving *resolving, const char *country)
{
    size_t len = strlen(resolving->unknown);
    if (country[0] != '\0' && strstr(resolving->unknown, country) == NULL &&
        len + strlen(country) + 3 < sizeof resolving->unknown) {
        snprintf(resolving->unknown + len, sizeof resolving->unknown - len, ", %s", country);
    }
}

static uint32_t resolve(const char *country, const char *subdivision, void *context)
{
    struct resolving *resolving = context;
    char area[AREA];
    uint32_t number = LOCATION_NO_PLACE;
    if (subdivision[0] != '\0') {
        snprintf(area, sizeof area, "%s-%s", country, subdivision);
        number = number_of(resolving, area);
    }
    if (number == LOCATION_NO_PLACE) {
        number = number_of(resolving, country);
    }
    if (number == LOCATION_NO_PLACE) {
        note_unknown(resolving, country);
    }
    return number;
}

static void read_database(struct resolving *resolving, size_t index, struct location_blocks *blocks)
{
    struct policy_context *context = resolving->context;
    const struct policy_options *options = context->options;
    const char *path = policy_path(context, context->name, context->file->location_databases.items[index]);
    struct error error = {0};
    char tail[64];
    snprintf(tail, sizeof tail, "LocationDatabases/%zu", index);
    if (options->read_locations == NULL) {
        REFUSE(context, &context->file->node, tail, "location databases cannot be read from here");
        return;
    }
    resolving->unknown[0] = '\0';
    *blocks = (struct location_blocks){.resolve = resolve, .context = resolving};
    if (!options->read_locations(path, blocks, &error, options->context)) {
        REFUSE(context, &context->file->node, tail, "cannot read the location database: %s", error.text);
    } else if (blocks->skipped > 0) {
        schema_finding(context->reader.diagnostics, DIAGNOSTIC_WARNING, &context->file->node, tail,
                       "%zu networks of '%s' are in no country of the latency table%s%s", blocks->skipped,
                       path, resolving->unknown[0] != '\0' ? ": " : "",
                       resolving->unknown[0] != '\0' ? resolving->unknown + 2 : "");
    }
    policy_add_digest(context, (struct bytes){(const uint8_t *)&blocks->digest, sizeof blocks->digest});
}

static void append(struct policy_client_list *list, const struct location_blocks *blocks, uint8_t source,
                   const char *const *names)
{
    for (size_t i = 0; i < blocks->count; i++) {
        const struct location_block *block = &blocks->items[i];
        list->items[list->count++] = (struct client_spec){block->prefix, names[block->place], source};
    }
}

struct policy_client_list policy_read_location_databases(struct policy_context *context, size_t before)
{
    size_t count = context->file->location_databases.count;
    struct location_blocks blocks[LOCATION_DATABASES_MAX] = {{0}};
    struct resolving *resolving = arena_new(context->reader.arena, struct resolving, 1);
    size_t total = 0;
    resolving->context = context;
    resolving->numbers = map_create();
    for (size_t i = 0; i < count; i++) {
        read_database(resolving, i, &blocks[i]);
        total += blocks[i].count;
    }
    struct policy_client_list list = {
        .items = arena_new(context->reader.arena, struct client_spec, before + total), .count = before};
    for (size_t i = 0; i < count; i++) {
        append(&list, &blocks[i], (uint8_t)(CLIENT_SOURCE_DATABASE + i), resolving->names);
        location_blocks_free(&blocks[i]);
    }
    map_destroy(resolving->numbers);
    return list;
}
