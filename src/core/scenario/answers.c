// SPDX-License-Identifier: MIT
#include "answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/xalloc.h"
#include "core/dns/rrtype.h"

enum { TEXT_MAX = 4096, CACHE = 64, MOVES_MAX = 256 };

// A decision seen before under the same model, so that its text need not be made again.
struct known {
    const struct record_set *entry;
    const struct record_set *leaf;
    bool fail_open;
    const struct answer_label *label;
};

struct answers {
    const struct scenario *scenario;
    struct map *labels;                // text to struct answer_label
    const struct answer_label **table; // question by question
    const struct answer_label **before;
    uint32_t places;
    struct ranked {
        double share;
        uint32_t place;
    } * order; // largest share first
    bool asked;
    uint64_t changes; // of the world, when the cache was begun
    struct known known[CACHE];
    unsigned known_count;
};

struct answers *answers_create(const struct scenario *scenario)
{
    struct answers *answers = xcalloc(1, sizeof *answers);
    answers->scenario = scenario;
    answers->labels = map_create();
    return answers;
}

static void free_label(struct bytes key, void *value, void *context)
{
    (void)key;
    (void)context;
    struct answer_label *label = value;
    for (size_t i = 0; i < label->endpoint_count; i++) {
        free(label->endpoints[i].host);
    }
    free(label->endpoints);
    free((char *)(uintptr_t)label->site);
    free(label->text);
    free(label);
}

void answers_destroy(struct answers *answers)
{
    if (answers != NULL) {
        map_each(answers->labels, free_label, NULL);
        map_destroy(answers->labels);
        free(answers->table);
        free(answers->before);
        free(answers->order);
        free(answers);
    }
}

// --- texts -------------------------------------------------------------------------------------------------

static const char *identity(const struct record_set *set)
{
    return set->set_identifier != NULL  ? set->set_identifier
           : set->region != REGION_NONE ? region_at(set->region)->code
                                        : "";
}

static uint16_t type_of(const struct resolution *resolution)
{
    return resolution->group->type; // CNAME, where that answers (D5)
}

static void describe_values(const struct resolution *resolution, struct buffer *out)
{
    const char *separator = "";
    for (unsigned i = 0; i < resolution->decision.count; i++) {
        size_t at = 0;
        struct bytes rdata;
        while (record_set_next(resolution->decision.record_sets[i], &at, &rdata)) {
            buffer_text(out, separator);
            dns_rdata_format(type_of(resolution), rdata, out);
            separator = ", ";
        }
    }
}

void answers_describe(const struct resolution *resolution, struct buffer *out)
{
    if (resolution->kind != RESOLVED_ANSWER) {
        buffer_text(out, resolution_kind_name(resolution->kind));
        return;
    }
    const struct decision *decision = &resolution->decision;
    const char *entry = identity(decision->entry);
    buffer_text(out, entry);
    for (unsigned i = 0; i < decision->count; i++) {
        const char *leaf = identity(decision->record_sets[i]);
        if (decision->record_sets[i] != decision->entry && leaf[0] != '\0') {
            buffer_format(out, "%s%s", i == 0 ? (entry[0] != '\0' ? " > " : "") : ", ", leaf);
        }
    }
    buffer_text(out, out->len > 0 && out->data[out->len - 1] != ' ' ? " (" : "(");
    describe_values(resolution, out);
    buffer_text(out, decision->fail_open ? "), last resort" : ")");
}

// --- labels ------------------------------------------------------------------------------------------------

static uint16_t port_of(const struct model *model, const char *host)
{
    struct ip_address address = {0};
    bool ip = ip_parse(bytes_of(host), &address);
    for (uint32_t i = 0; i < model->health_check_count; i++) {
        const struct health_check *check = &model->health_checks[i];
        const char *name = check->fully_qualified_domain_name;
        if (health_check_type_is_endpoint(check->type) &&
            (ip ? ip_equal(&check->ip_address, &address)
                : check->ip_address.family == 0 && name != NULL && strcmp(name, host) == 0)) {
            return check->port;
        }
    }
    return 0;
}

static void add_endpoint(struct answer_label *label, const struct model *model, uint16_t type,
                         struct bytes rdata)
{
    struct buffer text;
    if (type != DNS_TYPE_A && type != DNS_TYPE_AAAA && type != DNS_TYPE_CNAME) {
        return;
    }
    buffer_init(&text, TEXT_MAX);
    dns_rdata_format(type, rdata, &text);
    char *host = xstrdup(buffer_string(&text));
    buffer_free(&text);
    size_t len = strlen(host);
    if (len > 1 && host[len - 1] == '.') {
        host[len - 1] = '\0';
    }
    size_t index = label->endpoint_count++;
    label->endpoints = xreallocarray(label->endpoints, label->endpoint_count, sizeof *label->endpoints);
    label->endpoints[index] = (struct answer_endpoint){host, port_of(model, host)};
}

static const char *site_of(const struct resolution *resolution)
{
    const struct record_set *entry = resolution->decision.entry;
    return resolution->kind != RESOLVED_ANSWER ? ""
           : entry->region != REGION_NONE      ? region_at(entry->region)->code
                                               : identity(entry);
}

static struct answer_label *make_label(const struct world *world, const struct resolution *resolution,
                                       const char *text)
{
    struct answer_label *label = xcalloc(1, sizeof *label);
    label->text = xstrdup(text);
    label->site = xstrdup(site_of(resolution));
    label->answered = resolution->kind == RESOLVED_ANSWER;
    label->fail_open = resolution->kind == RESOLVED_ANSWER && resolution->decision.fail_open;
    for (unsigned i = 0; resolution->kind == RESOLVED_ANSWER && i < resolution->decision.count; i++) {
        size_t at = 0;
        struct bytes rdata;
        while (record_set_next(resolution->decision.record_sets[i], &at, &rdata)) {
            add_endpoint(label, world->model, type_of(resolution), rdata);
        }
    }
    return label;
}

static const struct answer_label *label_of(struct answers *answers, const struct world *world,
                                           const struct resolution *resolution)
{
    const struct decision *decision = &resolution->decision;
    bool single = resolution->kind == RESOLVED_ANSWER && decision->count == 1;
    for (unsigned i = 0; single && i < answers->known_count; i++) {
        const struct known *known = &answers->known[i];
        if (known->entry == decision->entry && known->leaf == decision->record_sets[0] &&
            known->fail_open == decision->fail_open) {
            return known->label;
        }
    }
    struct buffer text;
    buffer_init(&text, TEXT_MAX);
    answers_describe(resolution, &text);
    struct bytes key = bytes_of(buffer_string(&text));
    struct answer_label *label = map_get(answers->labels, key);
    if (label == NULL) {
        label = make_label(world, resolution, buffer_string(&text));
        map_set(answers->labels, key, label);
    }
    label->ttl = label->answered ? decision->ttl : 0;
    buffer_free(&text);
    if (single && answers->known_count < CACHE) {
        answers->known[answers->known_count++] =
            (struct known){decision->entry, decision->record_sets[0], decision->fail_open, label};
    }
    return label;
}

bool answer_label_dead(const struct answer_label *label, const struct world *world)
{
    for (size_t i = 0; i < label->endpoint_count; i++) {
        if (endpoints_serving(world->endpoints, label->endpoints[i].host, label->endpoints[i].port,
                              world->now)) {
            return false;
        }
    }
    return label->endpoint_count > 0;
}

// --- the table ---------------------------------------------------------------------------------------------

static const struct answer_label *ask(struct answers *answers, const struct world *world, uint32_t question,
                                      uint32_t place)
{
    const struct script_question *asked = &answers->scenario->questions[question];
    const char *name = world->model->places[place].name;
    struct client client = {.place = place};
    struct random roll;
    struct resolution resolution;
    random_seed_stream(&roll, world->seed ^ bytes_hash(bytes_of(asked->text)), bytes_hash(bytes_of(name)));
    resolve(&(struct decide_context){.view = &world->view, .client = &client, .roll = &roll}, &asked->name,
            asked->type, &resolution);
    return label_of(answers, world, &resolution);
}

struct moves {
    struct answers_move items[MOVES_MAX];
    unsigned count;
};

static void add_move(struct moves *moves, const struct script_question *question,
                     const struct answer_label *from, const struct answer_label *to,
                     const struct population_share *share, const char *name)
{
    unsigned i = 0;
    while (i < moves->count && (moves->items[i].from != from || moves->items[i].to != to)) {
        i++;
    }
    if (i == MOVES_MAX) {
        return; // told as far as anyone would read
    }
    struct answers_move *move = &moves->items[i];
    if (i == moves->count) {
        moves->count++;
        *move = (struct answers_move){.question = question, .from = from, .to = to};
    }
    size_t len = strlen(move->names);
    if (len + strlen(name) + sizeof ", ..." < sizeof move->names) {
        snprintf(move->names + len, sizeof move->names - len, "%s%s", len > 0 ? ", " : "", name);
    } else if (strcmp(move->names + len - 3, "...") != 0) {
        snprintf(move->names + len, sizeof move->names - len, "...");
    }
    move->places++;
    move->share += share->share;
}

static int compare_ranks(const void *one, const void *other)
{
    const struct ranked *a = one;
    const struct ranked *b = other;
    return a->share > b->share ? -1 : a->share < b->share ? 1 : (a->place > b->place) - (a->place < b->place);
}

static void order_places(struct answers *answers, const struct world *world)
{
    answers->order = xreallocarray(answers->order, answers->places + 1, sizeof *answers->order);
    for (uint32_t i = 0; i < answers->places; i++) {
        answers->order[i] = (struct ranked){world->population->shares[i].share, i};
    }
    qsort(answers->order, answers->places, sizeof *answers->order, compare_ranks);
}

// A policy may bring other places: then nothing is known of before.
static void make_room(struct answers *answers, const struct world *world)
{
    if (answers->table == NULL || answers->places != world->population->count) {
        size_t count = (size_t)world->population->count * answers->scenario->question_count;
        free(answers->table);
        free(answers->before);
        answers->places = world->population->count;
        answers->table = xcalloc(count + 1, sizeof *answers->table);
        answers->before = xcalloc(count + 1, sizeof *answers->before);
        order_places(answers, world);
        answers->asked = false;
    }
    if (answers->changes != world->changes) {
        answers->changes = world->changes;
        answers->known_count = 0;
    }
}

uint64_t answers_refresh(struct answers *answers, const struct world *world,
                         void (*moved)(const struct answers_move *move, void *context), void *context)
{
    uint64_t changed = 0;
    make_room(answers, world);
    const struct answer_label **kept = answers->before;
    answers->before = answers->table;
    answers->table = kept;
    for (uint32_t question = 0; question < answers->scenario->question_count; question++) {
        struct moves moves = {.count = 0};
        for (uint32_t rank = 0; rank < answers->places; rank++) {
            uint32_t i = answers->order[rank].place;
            const struct population_share *share = &world->population->shares[i];
            size_t at = (size_t)question * answers->places + i;
            answers->table[at] = ask(answers, world, question, share->place);
            if (answers->asked && answers->table[at] != answers->before[at]) {
                add_move(&moves, &answers->scenario->questions[question], answers->before[at],
                         answers->table[at], share, world->model->places[share->place].name);
                changed++;
            }
        }
        for (unsigned i = 0; i < moves.count; i++) {
            moved(&moves.items[i], context);
        }
    }
    answers->asked = true;
    return changed;
}

const struct answer_label *answers_at(const struct answers *answers, uint32_t question, uint32_t place)
{
    return answers->table[(size_t)question * answers->places + place];
}
