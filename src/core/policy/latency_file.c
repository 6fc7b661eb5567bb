// SPDX-License-Identifier: MIT
// The latency table: the policy's own, a file, or the built-in one, each perhaps laid over another that it
// extends, row by row and cell by cell.
//
//   three-regions.json --LatencyTable--> latency/lab.json --Extends--> latency/aws.json
//                                        cells here win                cells here fill the rest
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"
#include "context.h"

enum { CHAIN_MAX = 8, PLACE_NAME_MAX = POLICY_PLACE_KEY - 1, MS_MAX = 60000 };

struct row {
    struct place_spec spec; // first: context->places holds pointers to it
    float ms[REGION_COUNT];
    const struct source *written_by; // the last
};

struct prefix {
    struct client_spec spec;
    const struct source *written_by;
};

// One text of the chain.
struct source {
    const struct source *named_by; // whose Extends named this one; NULL: the policy did
    const char *path;              // as findings name it
    const char *label;             // for people
    struct bytes text;
    unsigned depth;
};

// A version of some text of the chain.
struct version {
    struct latency_version_spec spec;
    const struct source *written_by;
    struct version *next; // the one read before
};

struct loading {
    struct policy_context *context;
    struct map *prefixes;     // by policy_prefix_key
    struct version *versions; // the last read first
    size_t version_count;
    struct buffer about; // for people: where the rows came from
};

static void load_file(struct loading *loading, const struct schema_node *node, const char *tail,
                      const char *name, const struct source *named_by);

// --- rows --------------------------------------------------------------------------------------------------

static struct row *find_row(struct loading *loading, const struct latency_place *from)
{
    struct policy_context *context = loading->context;
    char key[POLICY_PLACE_KEY];
    struct bytes folded = policy_place_key(from->node.key, key);
    struct row *row = map_get(context->places, folded);
    if (row == NULL) {
        row = arena_new(context->reader.arena, struct row, 1);
        row->spec.place.name = from->node.key;
        row->spec.place.region = region_find(folded);
        for (unsigned i = 0; i < REGION_COUNT; i++) {
            row->ms[i] = NAN;
        }
        map_put(context->places, folded, row);
    }
    return row;
}

// "DE", "US-CA" and "continent:EU" say where they are by their names.
static void locate_by_name(struct policy_context *context, struct place *place)
{
    const char *name = place->name;
    size_t len = strlen(name);
    bool country = len >= 2 && name[0] >= 'A' && name[0] <= 'Z' && name[1] >= 'A' && name[1] <= 'Z' &&
                   (len == 2 || name[2] == '-');
    char *two = arena_new(context->reader.arena, char, 3);
    if (strncmp(name, "continent:", 10) == 0 && place->continent == NULL) {
        place->continent = name + 10;
    } else if (country) {
        memcpy(two, name, 2);
        place->country = place->country != NULL ? place->country : two;
        if (len > 3 && place->subdivision == NULL) {
            place->subdivision = name + 3;
        }
    }
}

static bool readable(const struct latency_place *place, unsigned field)
{
    return place->node.valid & schema_bit(field);
}

static void describe_place(struct policy_context *context, const struct latency_place *from, struct place *to)
{
    to->label = from->label != NULL ? from->label : to->label;
    to->country = from->country != NULL ? from->country : to->country;
    to->subdivision = from->subdivision != NULL ? from->subdivision : to->subdivision;
    to->continent = from->continent != NULL ? from->continent : to->continent;
    to->source = from->source != NULL ? from->source : to->source;
    if (readable(from, PLACE_LATITUDE) && readable(from, PLACE_LONGITUDE)) {
        to->located = true;
        to->latitude = (float)from->latitude;
        to->longitude = (float)from->longitude;
    } else if (readable(from, PLACE_LATITUDE) != readable(from, PLACE_LONGITUDE)) {
        REFUSE(context, &from->node, "", "Latitude and Longitude go together");
    }
    locate_by_name(context, to);
}

static void read_cell(struct loading *loading, const struct latency_place *from, struct row *row,
                      uint8_t region, const char *column, const json_t *value)
{
    double ms = json_number_value(value);
    if (json_is_null(value)) {
        return;
    }
    if (!json_is_number(value) || !(ms >= 0 && ms <= MS_MAX)) {
        char tail[64];
        char found[SCHEMA_TEXT];
        snprintf(tail, sizeof tail, "Milliseconds/%s", column);
        schema_describe(value, found);
        REFUSE(loading->context, &from->node, tail, "a round trip is from 0 to %d ms, not %s", MS_MAX, found);
        return;
    }
    row->ms[region] = (float)ms;
    row->spec.place.ms = row->ms;
}

static void read_row_array(struct loading *loading, const struct latency_text *table,
                           const struct latency_place *from, struct row *row)
{
    size_t count = json_array_size(from->milliseconds);
    if (table->regions.count == 0) {
        REFUSE(loading->context, &from->node, "Milliseconds",
               "an array needs Regions, which says whose round trips these are");
        return;
    }
    if (count != table->regions.count) {
        REFUSE(loading->context, &from->node, "Milliseconds",
               "Milliseconds has %zu values, but Regions has %zu", count, table->regions.count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        char column[24];
        snprintf(column, sizeof column, "%zu", i);
        read_cell(loading, from, row, region_find(bytes_of(table->regions.items[i])), column,
                  json_array_get(from->milliseconds, i));
    }
}

static void read_row_object(struct loading *loading, const struct latency_place *from, struct row *row)
{
    const char *code;
    json_t *value;
    json_object_foreach(from->milliseconds, code, value)
    {
        uint8_t region = region_find(bytes_of(code));
        if (region != REGION_NONE) {
            read_cell(loading, from, row, region, code, value);
            continue;
        }
        char hint[POLICY_HINT];
        policy_hint(loading->context, code, region_codes(), hint);
        REFUSE(loading->context, &from->node, "Milliseconds", "unknown region '%s'%s", code, hint);
    }
}

static void read_place(struct loading *loading, const struct source *source, const struct latency_text *table,
                       const struct latency_place *from)
{
    struct policy_context *context = loading->context;
    size_t len = strlen(from->node.key);
    if (len == 0 || len > PLACE_NAME_MAX) {
        REFUSE(context, &from->node, "", "a place's name has 1 to %d bytes", PLACE_NAME_MAX);
        return;
    }
    struct row *row = find_row(loading, from);
    if (row->written_by == source) {
        REFUSE(context, &from->node, "", "place '%s' is here already, as '%s'", from->node.key,
               row->spec.place.name);
        return;
    }
    row->written_by = source;
    describe_place(context, from, &row->spec.place);
    if (json_is_array(from->milliseconds)) {
        read_row_array(loading, table, from, row);
    } else if (from->milliseconds != NULL) {
        read_row_object(loading, from, row);
    }
}

static void check_columns(struct policy_context *context, const struct latency_text *table)
{
    bool seen[REGION_COUNT] = {false};
    for (size_t i = 0; i < table->regions.count; i++) {
        uint8_t region = region_find(bytes_of(table->regions.items[i]));
        if (seen[region]) {
            char tail[32];
            snprintf(tail, sizeof tail, "Regions/%zu", i);
            REFUSE(context, &table->node, tail, "Regions names '%s' twice", table->regions.items[i]);
        }
        seen[region] = true;
    }
}

// --- prefixes ----------------------------------------------------------------------------------------------

static void read_prefix(struct loading *loading, const struct source *source,
                        const struct policy_prefix *from)
{
    struct policy_context *context = loading->context;
    struct error error = {0};
    struct ip_prefix parsed;
    char hint[POLICY_HINT];
    if (from->place != NULL && policy_place_unknown(context, from->place, hint)) {
        REFUSE(context, &from->node, "Place", "place '%s' is neither among Places nor an AWS region%s",
               from->place, hint);
    }
    if (from->place == NULL || from->cidr == NULL) {
        return;
    }
    if (!ip_prefix_parse(bytes_of(from->cidr), &parsed, &error)) {
        REFUSE(context, &from->node, "Cidr", "%s", error.text);
        return;
    }
    uint8_t key[POLICY_PREFIX_KEY];
    struct bytes folded = policy_prefix_key(&parsed, key);
    struct prefix *prefix = map_get(loading->prefixes, folded);
    if (prefix == NULL) {
        prefix = arena_new(context->reader.arena, struct prefix, 1);
        map_put(loading->prefixes, folded, prefix);
    } else if (prefix->written_by == source && strcmp(prefix->spec.place, from->place) != 0) {
        REFUSE(context, &from->node, "Cidr", "'%s' is given twice, in '%s' and in '%s'", from->cidr,
               prefix->spec.place, from->place);
    }
    prefix->spec.prefix = parsed;
    prefix->spec.place = from->place;
    prefix->spec.source = CLIENT_SOURCE_TABLE;
    prefix->written_by = source;
}

// --- versions ----------------------------------------------------------------------------------------------

static void read_version_place(struct loading *loading, const struct latency_text *table,
                               const struct latency_place *from, struct latency_change_spec *to)
{
    struct policy_context *context = loading->context;
    char hint[POLICY_HINT];
    struct row *row = arena_new(context->reader.arena, struct row, 1);
    for (unsigned i = 0; i < REGION_COUNT; i++) {
        row->ms[i] = NAN;
    }
    *to = (struct latency_change_spec){from->node.key, row->ms};
    if (policy_place_unknown(context, from->node.key, hint)) {
        REFUSE(context, &from->node, "", "place '%s' is neither among Places nor an AWS region%s",
               from->node.key, hint);
    } else if (json_is_array(from->milliseconds)) {
        read_row_array(loading, table, from, row);
    } else if (from->milliseconds != NULL) {
        read_row_object(loading, from, row);
    }
}

static void read_version(struct loading *loading, const struct source *source,
                         const struct latency_text *table, const struct latency_version_text *from)
{
    struct policy_context *context = loading->context;
    struct arena *arena = context->reader.arena;
    struct version *version = arena_new(arena, struct version, 1);
    struct latency_change_spec *changes = arena_new(arena, struct latency_change_spec, from->places.count);
    const struct latency_place *places = from->places.items;
    for (size_t i = 0; i < from->places.count; i++) {
        read_version_place(loading, table, &places[i], &changes[i]);
    }
    version->spec.changes = changes;
    version->spec.change_count = (uint32_t)from->places.count;
    if (from->valid_from == NULL) {
        return;
    }
    if (!wall_time_parse(bytes_of(from->valid_from), &version->spec.valid_from)) {
        REFUSE(context, &from->node, "ValidFrom",
               "'%s' is not a time of the years 1970 to 2199 such as 2026-03-01T00:00:00Z", from->valid_from);
        return;
    }
    for (const struct version *other = loading->versions; other != NULL; other = other->next) {
        if (other->written_by == source && other->spec.valid_from.ns == version->spec.valid_from.ns) {
            REFUSE(context, &from->node, "ValidFrom", "another version is valid from '%s' already",
                   from->valid_from);
            break;
        }
    }
    version->written_by = source;
    version->next = loading->versions;
    loading->versions = version;
    loading->version_count++;
}

// --- tables ------------------------------------------------------------------------------------------------

static void read_default_row(struct loading *loading, const struct latency_text *table)
{
    struct policy_context *context = loading->context;
    char key[POLICY_PLACE_KEY];
    if (table->default_place == NULL) {
        return;
    }
    if (!context->places_missing &&
        map_get(context->places, policy_place_key(table->default_place, key)) == NULL) {
        char hint[POLICY_HINT];
        hint[0] = '\0';
        policy_place_unknown(context, table->default_place, hint);
        REFUSE(context, &table->node, "Default", "place '%s' is not among Places%s", table->default_place,
               hint);
        return;
    }
    context->spec->fallback_place = table->default_place;
}

static void lay_table(struct loading *loading, const struct latency_text *table, const struct source *source)
{
    struct policy_context *context = loading->context;
    buffer_format(&loading->about, "%s%s", loading->about.len > 0 ? ", extending " : "", source->label);
    if (table->extends != NULL) {
        load_file(loading, &table->node, "Extends", table->extends, source);
        diagnostics_file(context->reader.diagnostics, source->path, source->text);
    }
    check_columns(context, table);
    const struct latency_place *places = table->places.items;
    for (size_t i = 0; i < table->places.count; i++) {
        read_place(loading, source, table, &places[i]);
    }
    const struct policy_prefix *prefixes = table->prefixes.items;
    for (size_t i = 0; i < table->prefixes.count; i++) {
        read_prefix(loading, source, &prefixes[i]);
    }
    read_default_row(loading, table);
    const struct latency_version_text *versions = table->versions.items;
    for (size_t i = 0; i < table->versions.count; i++) {
        read_version(loading, source, table, &versions[i]);
    }
}

static void load_text(struct loading *loading, const struct source *source)
{
    struct policy_context *context = loading->context;
    diagnostics_file(context->reader.diagnostics, source->path, source->text);
    policy_add_digest(context, source->text);
    json_t *tree = policy_parse(context, source->text);
    if (tree != NULL) {
        struct latency_text *table = arena_new(context->reader.arena, struct latency_text, 1);
        schema_read(&context->reader, &policy_latency_schema, tree, table);
        lay_table(loading, table, source);
    } else {
        context->places_missing = true;
    }
}

static bool check_chain(struct loading *loading, const struct schema_node *node, const char *tail,
                        const struct source *named_by, const char *path)
{
    for (const struct source *source = named_by; source != NULL; source = source->named_by) {
        if (strcmp(source->path, path) == 0) {
            REFUSE(loading->context, node, tail, "'%s' extends itself, directly or through others", path);
            return false;
        }
    }
    if (named_by != NULL && named_by->depth + 1 >= CHAIN_MAX) {
        REFUSE(loading->context, node, tail, "a latency table can stand on at most %d others", CHAIN_MAX - 1);
        return false;
    }
    return true;
}

static void load_file(struct loading *loading, const struct schema_node *node, const char *tail,
                      const char *name, const struct source *named_by)
{
    struct policy_context *context = loading->context;
    const char *path = policy_path(context, named_by != NULL ? named_by->path : context->name, name);
    struct bytes text;
    if (!check_chain(loading, node, tail, named_by, path) ||
        !policy_read_text(context, node, tail, path, "table", &text)) {
        context->places_missing = true;
        return;
    }
    struct source *source = arena_new(context->reader.arena, struct source, 1);
    *source = (struct source){.named_by = named_by,
                              .path = path,
                              .label = path,
                              .text = text,
                              .depth = named_by != NULL ? named_by->depth + 1 : 0};
    load_text(loading, source);
}

// --- the result --------------------------------------------------------------------------------------------

struct collecting {
    struct place_spec *places;
    struct client_spec *clients;
    uint32_t count;
};

static void collect_place(struct bytes key, void *value, void *context)
{
    (void)key;
    struct collecting *collecting = context;
    collecting->places[collecting->count++] = ((const struct row *)value)->spec;
}

static void collect_prefix(struct bytes key, void *value, void *context)
{
    (void)key;
    struct collecting *collecting = context;
    collecting->clients[collecting->count++] = ((const struct prefix *)value)->spec;
}

// By time; of one time as they stand on each other.
static void collect_versions(struct loading *loading)
{
    struct model_spec *spec = loading->context->spec;
    struct latency_version_spec *versions =
        arena_new(loading->context->reader.arena, struct latency_version_spec, loading->version_count);
    size_t count = 0;
    for (const struct version *version = loading->versions; version != NULL; version = version->next) {
        size_t at = count++;
        while (at > 0 && versions[at - 1].valid_from.ns >= version->spec.valid_from.ns) {
            versions[at] = versions[at - 1];
            at--;
        }
        versions[at] = version->spec;
    }
    spec->latency_versions = versions;
    spec->latency_version_count = (uint32_t)count;
}

static void collect(struct loading *loading)
{
    struct policy_context *context = loading->context;
    struct model_spec *spec = context->spec;
    struct arena *arena = context->reader.arena;
    struct collecting places = {.places = arena_new(arena, struct place_spec, map_count(context->places))};
    map_each(context->places, collect_place, &places);
    spec->places = places.places;
    spec->place_count = places.count;
    struct collecting prefixes = {.clients =
                                      arena_new(arena, struct client_spec, map_count(loading->prefixes))};
    map_each(loading->prefixes, collect_prefix, &prefixes);
    collect_versions(loading);
    spec->clients = prefixes.clients;
    spec->client_count = prefixes.count;
    spec->latency_source =
        loading->about.len > 0 ? arena_strdup(arena, buffer_string(&loading->about)) : NULL;
}

void policy_read_latency(struct policy_context *context)
{
    const struct policy_latency *latency = &context->file->latency;
    struct loading loading = {.context = context, .prefixes = map_create()};
    buffer_init(&loading.about, POLICY_PATH_MAX);
    const char *built_in = context->options->default_latency_name;
    built_in = built_in != NULL ? built_in : "built-in latency table";
    struct source inline_source = {NULL, context->name, "the policy's own", context->text, 0};
    struct source default_source = {NULL, built_in, built_in, context->options->default_latency, 0};
    if (latency->table != NULL) {
        lay_table(&loading, latency->table, &inline_source);
    } else if (latency->file != NULL) {
        load_file(&loading, &context->file->node, "LatencyTable", latency->file, NULL);
    } else if (default_source.text.len > 0) {
        load_text(&loading, &default_source);
    }
    diagnostics_file(context->reader.diagnostics, context->name, context->text);
    policy_read_population(context);
    collect(&loading);
    buffer_free(&loading.about);
    map_destroy(loading.prefixes);
}
