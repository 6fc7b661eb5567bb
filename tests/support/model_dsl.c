// SPDX-License-Identifier: MIT
#include "support/model_dsl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/xalloc.h"
#include "core/dns/rrtype.h"
#include "core/model/builder.h"

enum { ZONES = 8, SETS = 400, CHECKS = 64, PLACES = 64, CLIENTS = 64, WORDS = 48 };

struct spec_dsl {
    struct arena *arena;
    struct zone_spec zones[ZONES];
    struct record_set_spec sets[ZONES][SETS];
    struct health_check_spec checks[CHECKS];
    struct place_spec places[PLACES];
    struct client_spec clients[CLIENTS];
    struct resource_spec resources[CLIENTS];
    struct vpc_spec vpcs[CLIENTS];
    struct cidr_block_spec blocks[CLIENTS];
    struct cidr_collection_spec collection;
    struct model_spec spec;
};

static void wrong(const char *what, const char *word)
{
    fprintf(stderr, "model_dsl: %s: %s\n", what, word);
    abort();
}

static struct dns_name name_of(const char *text)
{
    struct dns_name name;
    struct error error = {0};
    if (!dns_name_parse(bytes_of(text), &name, &error)) {
        wrong(error.text, text);
    }
    dns_name_fold(&name);
    return name;
}

static uint32_t find_resource(const struct spec_dsl *dsl, const struct dns_name *name)
{
    for (uint32_t i = 0; i < dsl->spec.resource_count; i++) {
        if (dns_name_equal(&dsl->resources[i].name, name)) {
            return i;
        }
    }
    return RESOURCE_NONE;
}

static const struct resource_record_spec *value_of(struct spec_dsl *dsl, uint16_t type, const char *text,
                                                   const struct record_set_spec *before)
{
    static uint8_t rdata[DNS_RDATA_MAX];
    size_t len;
    struct error error = {0};
    if (!dns_rdata_parse(type, bytes_of(text), rdata, &len, &error)) {
        wrong(error.text, text);
    }
    struct resource_record_spec *records =
        arena_new(dsl->arena, struct resource_record_spec, before->record_count + 1);
    if (before->record_count > 0) {
        memcpy(records, before->records, before->record_count * sizeof *records);
    }
    records[before->record_count].rdata = arena_memdup(dsl->arena, rdata, len, 1);
    records[before->record_count].rdata_len = (uint32_t)len;
    return records;
}

// "alias=NAME" is an alias that evaluates its target's health, "blind=NAME" one that does not.
static const struct alias_spec *alias_of(struct spec_dsl *dsl, const char *value)
{
    static const struct {
        const char *word;
        bool blind;
        bool resource;
    } kinds[] = {{"alias=", false, false},
                 {"blind=", true, false},
                 {"resource=", false, true},
                 {"blindresource=", true, true}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t len = strlen(kinds[i].word);
        if (strncmp(value, kinds[i].word, len) != 0) {
            continue;
        }
        struct alias_spec *alias = arena_new(dsl->arena, struct alias_spec, 1);
        alias->hosted_zone_id = dsl->zones[dsl->spec.zone_count - 1].id;
        alias->target = name_of(value + len);
        alias->evaluate_target_health = !kinds[i].blind;
        alias->resource = kinds[i].resource ? find_resource(dsl, &alias->target) : RESOURCE_NONE;
        if (kinds[i].resource && alias->resource == RESOURCE_NONE) {
            wrong("resource", value);
        }
        return alias;
    }
    return NULL;
}

// What the words of a line say of one record set, beside its value.
static struct record_set_spec set_of(char **w)
{
    struct record_set_spec set = {
        .name = name_of(w[1]), .ttl = (uint32_t)strtoul(w[3], NULL, 10), .region = REGION_NONE};
    if (!dns_rrtype_parse(bytes_of(w[2]), &set.type)) {
        wrong("type", w[2]);
    }
    return set;
}

static void add_set(struct spec_dsl *dsl, struct record_set_spec set, const char *value, const char *check)
{
    struct zone_spec *zone = &dsl->zones[dsl->spec.zone_count - 1];
    struct record_set_spec *sets = dsl->sets[dsl->spec.zone_count - 1];
    if (check != NULL && strcmp(check, "-") != 0) {
        set.health_check_id = arena_strdup(dsl->arena, check);
    }
    set.alias = alias_of(dsl, value);
    struct record_set_spec *last = zone->record_set_count > 0 ? &sets[zone->record_set_count - 1] : NULL;
    bool same = last != NULL && last->type == set.type && dns_name_equal(&last->name, &set.name) &&
                (set.set_identifier == NULL
                     ? last->set_identifier == NULL
                     : last->set_identifier != NULL && strcmp(last->set_identifier, set.set_identifier) == 0);
    if (!same) {
        last = &sets[zone->record_set_count++];
        *last = set;
    }
    if (set.alias == NULL) {
        last->records = value_of(dsl, set.type, value, last);
        last->record_count++;
    }
}

static void set_area(struct record_set_spec *set, const char *text)
{
    if (strcmp(text, "*") == 0) {
        set->area = (struct geo_area){.kind = GEO_DEFAULT};
    } else if (strncmp(text, "continent:", 10) == 0) {
        set->area.kind = GEO_CONTINENT;
        memcpy(set->area.codes, text + 10, 2);
    } else {
        set->area.kind = text[2] == '-' ? GEO_SUBDIVISION : GEO_COUNTRY;
        memcpy(set->area.codes, text, 2);
        memcpy(set->area.codes + 2, text[2] == '-' ? text + 3 : "\0\0", 2);
    }
}

static void set_position(struct record_set_spec *set, const char *text)
{
    char *end;
    set->position.latitude = strtof(text, &end);
    set->position.longitude = strtof(end + 1, &end);
    set->position.bias = (int8_t)strtol(end + 1, NULL, 10);
}

static void read_set(struct spec_dsl *dsl, char **w)
{
    struct record_set_spec set = set_of(w);
    if (strcmp(w[0], "record") == 0) {
        add_set(dsl, set, w[4], w[5]);
        return;
    }
    set.set_identifier = arena_strdup(dsl->arena, w[4]);
    if (strcmp(w[0], "latency") == 0) {
        set.policy = ROUTING_LATENCY;
        set.region = region_find(bytes_of(w[4]));
    } else if (strcmp(w[0], "weighted") == 0) {
        set.policy = ROUTING_WEIGHTED;
        set.weight = (uint8_t)strtoul(strchr(w[4], ':') + 1, NULL, 10);
    } else if (strcmp(w[0], "failover") == 0) {
        set.policy = ROUTING_FAILOVER;
        set.secondary = strcmp(w[4], "secondary") == 0;
    } else if (strcmp(w[0], "geo") == 0) {
        set.policy = ROUTING_GEOLOCATION;
        set_area(&set, w[4]);
    } else if (strcmp(w[0], "near") == 0) {
        set.policy = ROUTING_GEOPROXIMITY;
        set_position(&set, strchr(w[4], ':') + 1);
    } else if (strcmp(w[0], "multi") == 0) {
        set.policy = ROUTING_MULTIVALUE;
    } else if (strcmp(w[0], "cidr") == 0) {
        set.policy = ROUTING_CIDR;
        set.cidr_collection = dsl->collection.id;
        set.cidr_location = set.set_identifier;
    }
    add_set(dsl, set, w[5], w[6]);
}

static bool is_set(const char *word)
{
    static const char *const words[] = {"record", "latency", "weighted", "failover",
                                        "geo",    "near",    "multi",    "cidr"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void add_block(struct spec_dsl *dsl, const char *location, const char *cidr)
{
    struct cidr_block_spec *block = &dsl->blocks[dsl->collection.block_count++];
    struct error error = {0};
    block->location = arena_strdup(dsl->arena, location);
    if (!ip_prefix_parse(bytes_of(cidr), &block->prefix, &error)) {
        wrong(error.text, cidr);
    }
}

static void add_resource(struct spec_dsl *dsl, char **w)
{
    struct dns_name name = name_of(w[1]);
    uint32_t index = find_resource(dsl, &name);
    if (index == RESOURCE_NONE) {
        index = dsl->spec.resource_count++;
        dsl->resources[index] = (struct resource_spec){
            .type = RESOURCE_ELB, .healthy = true, .name = name, .hosted_zone_id = "ZELB"};
    }
    struct resource_spec *resource = &dsl->resources[index];
    struct record_set_spec *addresses = &resource->addresses[strcmp(w[2], "AAAA") == 0];
    if (!dns_rrtype_parse(bytes_of(w[2]), &addresses->type)) {
        wrong("type", w[2]);
    }
    addresses->ttl = (uint32_t)strtoul(w[3], NULL, 10);
    addresses->records = value_of(dsl, addresses->type, w[4], addresses);
    addresses->record_count++;
    resource->healthy &= w[5] == NULL || strcmp(w[5], "unhealthy") != 0;
}

// continent=EU, country=US, state=WA, at=47.6,-122.3
static bool place_attribute(struct spec_dsl *dsl, const char *word, struct place *place)
{
    if (strncmp(word, "continent=", 10) == 0) {
        place->continent = arena_strdup(dsl->arena, word + 10);
    } else if (strncmp(word, "country=", 8) == 0) {
        place->country = arena_strdup(dsl->arena, word + 8);
    } else if (strncmp(word, "state=", 6) == 0) {
        place->subdivision = arena_strdup(dsl->arena, word + 6);
    } else if (strncmp(word, "at=", 3) == 0) {
        char *end;
        place->located = true;
        place->latitude = strtof(word + 3, &end);
        place->longitude = strtof(end + 1, NULL);
    } else {
        return false;
    }
    return true;
}

static void add_place(struct spec_dsl *dsl, char **words, int count)
{
    float *ms = arena_new(dsl->arena, float, REGION_COUNT);
    for (int i = 0; i < REGION_COUNT; i++) {
        ms[i] = NAN;
    }
    struct place place = {
        .name = arena_strdup(dsl->arena, words[1]), .region = REGION_NONE, .ms = ms, .source = "test"};
    if (strlen(place.name) == 2) {
        place.country = place.name;
    }
    for (int i = 2; i < count; i++) {
        if (place_attribute(dsl, words[i], &place)) {
            continue;
        }
        char *equals = strchr(words[i], '=');
        uint8_t region = equals != NULL
                             ? region_find((struct bytes){(uint8_t *)words[i], (size_t)(equals - words[i])})
                             : REGION_NONE;
        if (region == REGION_NONE) {
            wrong("region=ms", words[i]);
        }
        ms[region] = strtof(equals + 1, NULL);
    }
    dsl->places[dsl->spec.place_count++].place = place;
}

static void add_check(struct spec_dsl *dsl, char **words, int count)
{
    struct health_check config = {
        .id = arena_strdup(dsl->arena, words[1]),
        .version = 1,
        .type = HEALTH_CHECK_HTTP,
        .ip_address = {4, {127, 0, 0, 1}},
        .port = 80,
        .resource_path = "/health",
        .request_interval = DURATION_S(30),
        .failure_threshold = 3,
        .regions = 0xff,
    };
    for (int i = 2; i < count; i++) {
        config.inverted |= strcmp(words[i], "inverted") == 0;
        config.disabled |= strcmp(words[i], "disabled") == 0;
    }
    dsl->checks[dsl->spec.health_check_count++].config = config;
}

// Knobs of a byte: numbers and switches.
#define KNOB(name, member)                                                                                   \
    {                                                                                                        \
        name, offsetof(struct simulator_settings, member)                                                    \
    }
static const struct {
    const char *name;
    size_t offset;
} byte_knobs[] = {
    KNOB("dangling-unhealthy", dangling_checks_unhealthy),
    KNOB("ecs4", ecs_scope_v4),
    KNOB("ecs6", ecs_scope_v6),
    KNOB("chasing", cname_chasing),
    KNOB("minimal-any", minimal_any),
    KNOB("unmapped-located", unmapped_located),
    KNOB("coarse-unmapped", coarse_unmapped),
    KNOB("cidr-straight-default", cidr_straight_default),
    KNOB("random-ties", random_ties),
    KNOB("fold-replies", fold_replies),
    KNOB("no-match", no_match),
    KNOB("unknown-zone", unknown_zone_rcode),
};
#undef KNOB

static void add_knob(struct spec_dsl *dsl, const char *name, const char *value)
{
    uint8_t number = (uint8_t)strtoul(value, NULL, 10);
    if (strcmp(name, "config-delay") == 0) {
        dsl->spec.simulator.health_check_config_delay = DURATION_S(number);
        return;
    }
    if (strcmp(name, "aggregation-delay") == 0) {
        dsl->spec.simulator.aggregation_delay = DURATION_S(number);
        return;
    }
    for (size_t i = 0; i < sizeof byte_knobs / sizeof byte_knobs[0]; i++) {
        if (strcmp(name, byte_knobs[i].name) == 0) {
            memcpy((char *)&dsl->spec.simulator + byte_knobs[i].offset, &number, 1);
            return;
        }
    }
    wrong("knob", name);
}

static void add_client(struct spec_dsl *dsl, const char *cidr, const char *place)
{
    struct client_spec *client = &dsl->clients[dsl->spec.client_count++];
    struct error error = {0};
    *client = (struct client_spec){.place = arena_strdup(dsl->arena, place), .source = CLIENT_SOURCE_POLICY};
    if (!ip_prefix_parse(bytes_of(cidr), &client->prefix, &error)) {
        wrong(error.text, cidr);
    }
}

// Words are separated by spaces; a value with spaces stands between bars: |10 mail.example.com.|
static int split(char *line, char **words)
{
    int count = 0;
    for (char *at = line; *at != '\0' && count < WORDS;) {
        while (*at == ' ') {
            at++;
        }
        if (*at == '\0') {
            break;
        }
        char end = *at == '|' ? '|' : ' ';
        at += end == '|';
        words[count++] = at;
        while (*at != '\0' && *at != end) {
            at++;
        }
        if (*at != '\0') {
            *at++ = '\0';
        }
    }
    return count;
}

static struct vpc_spec vpc_of(struct spec_dsl *dsl, const char *id, size_t len, const char *region)
{
    char *copy = arena_alloc(dsl->arena, len + 1, 1);
    memcpy(copy, id, len);
    struct vpc_spec vpc = {.id = copy, .region = region_find(bytes_of(region))};
    if (vpc.region == REGION_NONE) {
        wrong("region", region);
    }
    return vpc;
}

static void add_zone(struct spec_dsl *dsl, char **w, int count)
{
    uint32_t i = dsl->spec.zone_count++;
    struct vpc_spec *vpcs = arena_new(dsl->arena, struct vpc_spec, (size_t)count);
    struct zone_spec *zone = &dsl->zones[i];
    *zone = (struct zone_spec){.id = arena_strdup(dsl->arena, w[1]),
                               .name = name_of(w[2]),
                               .private_zone = count > 3,
                               .vpcs = vpcs,
                               .record_sets = dsl->sets[i]};
    for (int k = 3; k < count; k++) {
        const char *region = strchr(w[k], '=');
        if (region != NULL) {
            vpcs[zone->vpc_count++] = vpc_of(dsl, w[k], (size_t)(region - w[k]), region + 1);
        } else if (strcmp(w[k], "private") != 0) {
            wrong("zone", w[k]);
        }
    }
}

static void add_vpc(struct spec_dsl *dsl, char **w)
{
    struct vpc_spec *vpc = &dsl->vpcs[dsl->spec.vpc_count++];
    struct ip_prefix *block = arena_new(dsl->arena, struct ip_prefix, 1);
    struct error error = {0};
    *vpc = vpc_of(dsl, w[1], strlen(w[1]), w[2]);
    if (!ip_prefix_parse(bytes_of(w[3]), block, &error)) {
        wrong(error.text, w[3]);
    }
    vpc->blocks = block;
    vpc->block_count = 1;
}

static void read_line(struct spec_dsl *dsl, char *line)
{
    char *w[WORDS] = {NULL};
    int count = split(line, w);
    if (count == 0) {
        return;
    }
    if (strcmp(w[0], "zone") == 0) {
        add_zone(dsl, w, count);
    } else if (strcmp(w[0], "vpc") == 0) {
        add_vpc(dsl, w);
    } else if (is_set(w[0])) {
        read_set(dsl, w);
    } else if (strcmp(w[0], "resource") == 0) {
        add_resource(dsl, w);
    } else if (strcmp(w[0], "block") == 0) {
        add_block(dsl, w[1], w[2]);
    } else if (strcmp(w[0], "check") == 0) {
        add_check(dsl, w, count);
    } else if (strcmp(w[0], "place") == 0) {
        add_place(dsl, w, count);
    } else if (strcmp(w[0], "client") == 0) {
        add_client(dsl, w[1], w[2]);
    } else if (strcmp(w[0], "default") == 0) {
        dsl->spec.default_client = arena_strdup(dsl->arena, w[1]);
    } else if (strcmp(w[0], "knob") == 0) {
        add_knob(dsl, w[1], w[2]);
    } else {
        wrong("line", w[0]);
    }
}

struct spec_dsl *spec_dsl_create(const char *text)
{
    struct spec_dsl *dsl = xcalloc(1, sizeof *dsl);
    char *copy = xstrdup(text);
    char *rest = copy;
    dsl->arena = arena_create();
    dsl->collection.id = dsl->collection.name = "test";
    dsl->spec.simulator = simulator_defaults;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        read_line(dsl, line);
    }
    dsl->spec.zones = dsl->zones;
    dsl->spec.health_checks = dsl->checks;
    dsl->spec.resources = dsl->resources;
    dsl->spec.places = dsl->places;
    dsl->spec.clients = dsl->clients;
    dsl->spec.vpcs = dsl->vpcs;
    dsl->collection.blocks = dsl->blocks;
    dsl->spec.cidr_collections = &dsl->collection;
    dsl->spec.cidr_collection_count = 1;
    free(copy);
    return dsl;
}

const struct model_spec *spec_dsl_spec(const struct spec_dsl *dsl)
{
    return &dsl->spec;
}

void spec_dsl_destroy(struct spec_dsl *dsl)
{
    arena_destroy(dsl->arena);
    free(dsl);
}

struct model *model_dsl(const char *text)
{
    struct spec_dsl *dsl = spec_dsl_create(text);
    struct model *model = model_build(&dsl->spec);
    spec_dsl_destroy(dsl);
    return model;
}

struct test_view *test_view_create(const char *text)
{
    struct test_view *view = xcalloc(1, sizeof *view);
    view->model = model_dsl(text);
    view->locator = locator_create(view->model);
    view->latency = latency_table_create(view->model, (wall_time){0});
    view->status = status_table_create(view->model->health_check_count, true);
    for (uint32_t i = 0; i < view->model->health_check_count; i++) {
        status_table_set(view->status, i, !view->model->health_checks[i].inverted);
    }
    view->view = (struct view){
        .model = view->model, .locator = view->locator, .latency = view->latency, .status = view->status};
    return view;
}

void test_view_destroy(struct test_view *view)
{
    free(view->status);
    latency_table_destroy(view->latency);
    locator_destroy(view->locator);
    model_destroy(view->model);
    free(view);
}

void test_view_set(struct test_view *view, const char *check, bool healthy)
{
    uint32_t index = model_find_health_check(view->model, bytes_of(check));
    if (index == HEALTH_CHECK_NONE) {
        wrong("check", check);
    }
    status_table_set(view->status, index, healthy);
}
