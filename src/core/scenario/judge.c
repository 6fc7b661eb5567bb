// SPDX-License-Identifier: MIT
// Do expectations hold? Each is looked at when its own moment comes and whenever something changed while it
// was open.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/location/client_text.h"
#include "core/routing/explain.h"
#include "run.h"

enum { TEXT_MAX = 65536, DRAWS = 256 };
enum never { NEVER_FAIL_OPEN, NEVER_DEAD_SITE, NEVER_OVERLOAD }; // in the order of the field table

// What one look at an expectation comes to.
struct look {
    struct run *run;
    const struct script_expectation *expectation;
    uint32_t number;
    struct buffer question;
    struct buffer got;
    struct buffer explanation;
};

static bool has(const struct look *look, unsigned field)
{
    return (look->expectation->fields->node.valid & schema_bit(field)) != 0;
}

static const struct script_question *question_of(const struct look *look)
{
    return &look->run->scenario->questions[look->expectation->question];
}

// --- one client --------------------------------------------------------------------------------------------

struct asked {
    const char *who;
    struct client client;
    struct resolution resolution;
};

static void seed_roll(const struct look *look, struct random *roll)
{
    random_seed_stream(roll, look->run->world.seed, look->number);
}

static void resolve_for(const struct look *look, struct asked *asked)
{
    const struct script_question *question = question_of(look);
    struct random roll;
    seed_roll(look, &roll);
    resolve(&(struct decide_context){.view = &look->run->world.view, .client = &asked->client, .roll = &roll},
            &question->name, question->type, &asked->resolution);
}

static bool matches_region(const struct decision *decision, const char *region)
{
    uint8_t wanted = region_find(bytes_of(region));
    bool found = decision->entry->region == wanted;
    for (unsigned i = 0; i < decision->count; i++) {
        found = found || decision->record_sets[i]->region == wanted;
    }
    return found && wanted != REGION_NONE;
}

static bool named(const struct record_set *set, const char *identifier)
{
    return set->set_identifier != NULL && strcmp(set->set_identifier, identifier) == 0;
}

static bool matches_identifier(const struct decision *decision, const char *identifier)
{
    bool found = named(decision->entry, identifier);
    for (unsigned i = 0; i < decision->count; i++) {
        found = found || named(decision->record_sets[i], identifier);
    }
    return found;
}

static bool matches_values(const struct resolution *resolution, const struct schema_strings *wanted)
{
    size_t count = 0;
    bool all = true;
    for (unsigned i = 0; i < resolution->decision.count; i++) {
        json_t *values = explain_values(resolution->group->type, resolution->decision.record_sets[i]);
        size_t j;
        const json_t *value;
        json_array_foreach(values, j, value)
        {
            bool found = false;
            for (size_t k = 0; k < wanted->count && !found; k++) {
                found = strcmp(json_string_value(value), wanted->items[k]) == 0;
            }
            all = all && found;
            count++;
        }
        json_decref(values);
    }
    return all && count == wanted->count;
}

static bool matches_answer(const struct look *look, const struct resolution *resolution)
{
    const struct answer_fields *wanted = look->expectation->fields->answer;
    const struct decision *decision = &resolution->decision;
    uint64_t valid = wanted->node.valid;
    if (wanted->rcode != (uint32_t)resolution->kind) { // the field table has the order of the enum
        return false;
    }
    if (resolution->kind != RESOLVED_ANSWER) {
        return true;
    }
    return ((valid & schema_bit(ANSWER_REGION)) == 0 || matches_region(decision, wanted->region)) &&
           ((valid & schema_bit(ANSWER_SET_IDENTIFIER)) == 0 ||
            matches_identifier(decision, wanted->set_identifier)) &&
           ((valid & schema_bit(ANSWER_VALUES)) == 0 || matches_values(resolution, &wanted->values)) &&
           ((valid & schema_bit(ANSWER_FAIL_OPEN)) == 0 || decision->fail_open == wanted->fail_open) &&
           ((valid & schema_bit(ANSWER_TTL)) == 0 || decision->ttl == wanted->ttl);
}

static void explain_for(const struct look *look, const struct asked *asked, struct buffer *out)
{
    const struct script_question *question = question_of(look);
    struct random roll;
    seed_roll(look, &roll);
    json_t *explanation =
        explain(&look->run->world.view, &question->name, question->type, &asked->client, &roll);
    explain_text(explanation, out);
    json_decref(explanation);
}

static bool explained(const struct look *look, const struct asked *asked)
{
    struct buffer text;
    buffer_init(&text, TEXT_MAX);
    explain_for(look, asked, &text);
    bool found = strstr(buffer_string(&text), look->expectation->fields->explanation) != NULL;
    buffer_free(&text);
    return found;
}

static bool look_at_client(struct look *look, struct asked *asked)
{
    const struct script_question *question = question_of(look);
    resolve_for(look, asked);
    bool good = (!has(look, EXPECT_ANSWER) || matches_answer(look, &asked->resolution)) &&
                (!has(look, EXPECT_EXPLANATION) || explained(look, asked));
    if (!good) {
        buffer_format(&look->question, "%s for a client in %s", question->text, asked->who);
        answers_describe(&asked->resolution, &look->got);
        if (asked->resolution.kind == RESOLVED_ANSWER) {
            buffer_format(&look->got, ", TTL %u", asked->resolution.decision.ttl);
        }
        explain_for(look, asked, &look->explanation);
    }
    return good;
}

static bool look_at_text(struct look *look, const char *who)
{
    struct asked asked = {.who = who};
    struct error error = {0};
    if (!client_parse(look->run->world.model, bytes_of(who), &asked.client, &error)) {
        buffer_text(&look->question, question_of(look)->text);
        buffer_text(&look->got, error.text);
        return false;
    }
    return look_at_client(look, &asked);
}

static bool look_at_place(struct look *look, uint32_t place)
{
    struct asked asked = {.who = look->run->world.model->places[place].name, .client = {.place = place}};
    return look_at_client(look, &asked);
}

static bool look_at_clients(struct look *look)
{
    const struct expectation_fields *fields = look->expectation->fields;
    const struct world *world = &look->run->world;
    bool good = true;
    if (has(look, EXPECT_EVERYWHERE) && fields->everywhere) {
        for (uint32_t i = 0; i < world->population->count && good; i++) {
            good = look_at_place(look, world->population->shares[i].place);
        }
    } else if (has(look, EXPECT_CLIENTS)) {
        for (size_t i = 0; i < fields->clients.count && good; i++) {
            good = look_at_text(look, fields->clients.items[i]);
        }
    } else if (has(look, EXPECT_CLIENT)) {
        good = look_at_text(look, fields->client);
    } else {
        good = look_at_place(look, world->model->default_client);
    }
    return good;
}

// --- shares ------------------------------------------------------------------------------------------------

static bool of_site(const struct resolution *resolution, const char *site)
{
    return resolution->kind == RESOLVED_ANSWER &&
           (matches_region(&resolution->decision, site) || matches_identifier(&resolution->decision, site));
}

// Percent of the population that the site answers; where chance decides, of many draws.
static double share_of(const struct look *look, const char *site)
{
    const struct world *world = &look->run->world;
    const struct script_question *question = question_of(look);
    struct random roll;
    double sum = 0;
    seed_roll(look, &roll);
    for (uint32_t i = 0; i < world->population->count; i++) {
        const struct population_share *share = &world->population->shares[i];
        struct client client = {.place = share->place};
        unsigned hits = 0;
        for (unsigned draw = 0; draw < DRAWS; draw++) {
            struct resolution resolution;
            resolve(&(struct decide_context){.view = &world->view, .client = &client, .roll = &roll},
                    &question->name, question->type, &resolution);
            hits += of_site(&resolution, site);
        }
        sum += share->share * hits / DRAWS;
    }
    return 100 * sum;
}

static bool look_at_shares(struct look *look)
{
    const struct schema_objects *wanted = &look->expectation->fields->share;
    const struct share_fields *items = wanted->items;
    bool good = true;
    buffer_text(&look->question, question_of(look)->text);
    for (size_t i = 0; i < wanted->count; i++) {
        double share = share_of(look, items[i].node.key);
        good = good && share >= items[i].least && share <= items[i].most;
        buffer_format(&look->got, "%s%.1f %% in %s", i > 0 ? ", " : "", share, items[i].node.key);
    }
    return good;
}

// --- health ------------------------------------------------------------------------------------------------

static bool look_at_health(struct look *look)
{
    const struct expectation_fields *fields = look->expectation->fields;
    const struct world *world = &look->run->world;
    uint32_t check = model_find_health_check(world->model, bytes_of(fields->health_check_id));
    struct check_state state;
    buffer_format(&look->question, "health check %s", fields->health_check_id);
    if (check == HEALTH_CHECK_NONE) {
        buffer_text(&look->got, "the policy has no such health check");
        return false;
    }
    fleet_check_state(world->fleet, check, &state);
    buffer_format(&look->got, "%s; %u of %u checkers say healthy, %u are needed%s%s",
                  state.healthy ? "Healthy" : "Unhealthy", state.checkers_healthy, state.reporting,
                  state.needed, state.inverted ? "; inverted" : "", state.disabled ? "; disabled" : "");
    return (!has(look, EXPECT_STATUS) || state.healthy == (fields->status == 0)) &&
           (!has(look, EXPECT_CHECKERS_HEALTHY) || state.checkers_healthy == fields->checkers_healthy);
}

// --- never -------------------------------------------------------------------------------------------------

static void tell_place(struct look *look, uint32_t place, const struct answer_label *label)
{
    const struct world *world = &look->run->world;
    struct asked asked = {.client = {.place = world->population->shares[place].place}};
    asked.who = world->model->places[asked.client.place].name;
    buffer_format(&look->question, "%s for a client in %s", question_of(look)->text, asked.who);
    buffer_text(&look->got, label->text);
    explain_for(look, &asked, &look->explanation);
}

static bool look_for_fail_open(struct look *look)
{
    const struct run *run = look->run;
    for (uint32_t i = 0; i < run->world.population->count; i++) {
        const struct answer_label *label = answers_at(run->answers, look->expectation->question, i);
        if (label->fail_open) {
            tell_place(look, i, label);
            return false;
        }
    }
    return true;
}

static struct judged *places_of(const struct look *look)
{
    struct judged *judged = &look->run->judged[look->number];
    uint32_t count = look->run->world.population->count;
    if (judged->places != count) {
        judged->places = count;
        judged->dead_since = xreallocarray(judged->dead_since, count, sizeof *judged->dead_since);
        for (uint32_t i = 0; i < count; i++) {
            judged->dead_since[i] = MONO_NEVER;
        }
    }
    return judged;
}

static bool look_for_dead_sites(struct look *look)
{
    struct run *run = look->run;
    struct judged *judged = places_of(look);
    const struct answer_label *seen = NULL;
    bool dead = false;
    for (uint32_t i = 0; i < judged->places; i++) {
        const struct answer_label *label = answers_at(run->answers, look->expectation->question, i);
        if (label != seen) { // neighbours have the same answer, mostly
            dead = answer_label_dead(label, &run->world);
            seen = label;
        }
        mono_time *since = &judged->dead_since[i];
        *since = !dead ? MONO_NEVER : since->ns == MONO_NEVER.ns ? run->world.now : *since;
        if (dead && mono_since(run->world.now, *since) > look->expectation->longer_than) {
            tell_place(look, i, label);
            buffer_format(&look->got, ", which has not served for %g s",
                          duration_seconds(mono_since(run->world.now, *since)));
            return false;
        }
    }
    return true;
}

static bool look_for_overload(struct look *look)
{
    const struct run *run = look->run;
    const struct model *model = run->world.model;
    for (uint32_t i = 0; i < model->capacity_count; i++) {
        const struct site_capacity *capacity = &model->capacities[i];
        double percent = 0;
        for (uint32_t place = 0; place < run->world.population->count; place++) {
            const struct answer_label *label = answers_at(run->answers, look->expectation->question, place);
            percent += strcmp(label->site, capacity->site) == 0
                           ? 100 * run->world.population->shares[place].share
                           : 0;
        }
        if (percent > capacity->percent) {
            buffer_text(&look->question, question_of(look)->text);
            buffer_format(&look->got, "%s has %.1f %% of all clients, and capacity for %g %%", capacity->site,
                          percent, capacity->percent);
            return false;
        }
    }
    return true;
}

static bool look_for_never(struct look *look)
{
    switch ((enum never)look->expectation->fields->never) {
    case NEVER_FAIL_OPEN:
        return look_for_fail_open(look);
    case NEVER_DEAD_SITE:
        return look_for_dead_sites(look);
    case NEVER_OVERLOAD:
        return look_for_overload(look);
    }
    return false;
}

// --- verdicts ----------------------------------------------------------------------------------------------

static void expect_answer(const struct answer_fields *wanted, struct buffer *out)
{
    uint64_t valid = wanted->node.valid;
    buffer_text(out, "answer");
    if (valid & schema_bit(ANSWER_RCODE)) {
        static const char *const names[] = {"NOERROR", "NODATA", "NXDOMAIN", "REFERRAL", "REFUSED"};
        buffer_format(out, " %s", names[wanted->rcode]);
    }
    if (valid & schema_bit(ANSWER_REGION)) {
        buffer_format(out, " of region %s", wanted->region);
    }
    if (valid & schema_bit(ANSWER_SET_IDENTIFIER)) {
        buffer_format(out, " of %s", wanted->set_identifier);
    }
    for (size_t i = 0; valid & schema_bit(ANSWER_VALUES) && i < wanted->values.count; i++) {
        buffer_format(out, "%s%s", i == 0 ? " " : ", ", wanted->values.items[i]);
    }
    if (valid & schema_bit(ANSWER_FAIL_OPEN)) {
        buffer_format(out, "%s as last resort", wanted->fail_open ? "" : " not");
    }
    if (valid & schema_bit(ANSWER_TTL)) {
        buffer_format(out, ", TTL %lld", (long long)wanted->ttl);
    }
}

static void expect_shares(const struct schema_objects *wanted, struct buffer *out)
{
    const struct share_fields *items = wanted->items;
    for (size_t i = 0; i < wanted->count; i++) {
        buffer_format(out, "%s%g to %g %% in %s", i > 0 ? ", " : "", items[i].least, items[i].most,
                      items[i].node.key);
    }
}

static void expect_never(const struct look *look, struct buffer *out)
{
    static const char *const texts[] = {"never the last resort", "never a dead site",
                                        "never more than capacity"};
    buffer_text(out, texts[look->expectation->fields->never]);
    if (has(look, EXPECT_LONGER_THAN)) {
        buffer_format(out, " for longer than %s", look->expectation->fields->longer_than);
    }
}

static char *expected(const struct look *look)
{
    const struct script_expectation *expectation = look->expectation;
    const struct expectation_fields *fields = expectation->fields;
    struct buffer out;
    buffer_init(&out, TEXT_MAX);
    if (expectation->what & WHAT_ANSWER) {
        expect_answer(fields->answer, &out);
    }
    if (expectation->what & WHAT_EXPLANATION) {
        buffer_format(&out, "%san explanation with \"%s\"", out.len > 0 ? ", " : "", fields->explanation);
    }
    if (expectation->what & WHAT_SHARE) {
        expect_shares(&fields->share, &out);
    }
    if (has(look, EXPECT_STATUS)) {
        buffer_text(&out, fields->status == 0 ? "Healthy" : "Unhealthy");
    }
    if (has(look, EXPECT_CHECKERS_HEALTHY)) {
        buffer_format(&out, "%s%lld checkers say healthy", out.len > 0 ? ", " : "",
                      (long long)fields->checkers_healthy);
    }
    if (expectation->what & WHAT_NEVER) {
        expect_never(look, &out);
    }
    if (expectation->when == WHEN_WITHIN) {
        buffer_format(&out, " within %s after %s", fields->within, fields->after);
    }
    char *text = xstrdup(buffer_string(&out));
    buffer_free(&out);
    return text;
}

static bool look_at(struct look *look)
{
    unsigned what = look->expectation->what;
    return ((what & WHAT_HEALTH) == 0 || look_at_health(look)) &&
           ((what & (WHAT_ANSWER | WHAT_EXPLANATION)) == 0 || look_at_clients(look)) &&
           ((what & WHAT_SHARE) == 0 || look_at_shares(look)) &&
           ((what & WHAT_NEVER) == 0 || look_for_never(look));
}

static void decide_it(struct look *look, bool passed)
{
    struct run *run = look->run;
    const struct script_expectation *expectation = look->expectation;
    char *wanted = expected(look);
    run->judged[look->number].outcome = OUTCOME_DECIDED;
    if (passed) {
        run_line(run, "expect", "ok: %s", wanted);
    } else {
        run_line(run, "expect", "FAILED: %s: expected %s, got %s", buffer_string(&look->question), wanted,
                 buffer_string(&look->got));
    }
    run_verdict(run, passed, expectation->line, expectation->column, xstrdup(buffer_string(&look->question)),
                wanted, xstrdup(passed ? "" : buffer_string(&look->got)),
                xstrdup(passed ? "" : buffer_string(&look->explanation)));
}

static struct look open_look(struct run *run, uint32_t number)
{
    struct look look = {.run = run, .expectation = &run->scenario->expectations[number], .number = number};
    buffer_init(&look.question, TEXT_MAX);
    buffer_init(&look.got, TEXT_MAX);
    buffer_init(&look.explanation, TEXT_MAX);
    return look;
}

static void close_look(struct look *look)
{
    buffer_free(&look->question);
    buffer_free(&look->got);
    buffer_free(&look->explanation);
}

// What may change from one step to the next without any answer having changed.
static bool restless(const struct script_expectation *expectation)
{
    return (expectation->what & WHAT_HEALTH) != 0 ||
           ((expectation->what & WHAT_NEVER) != 0 && expectation->fields->never == NEVER_DEAD_SITE);
}

void run_judge(struct run *run, uint32_t number, bool due)
{
    const struct script_expectation *expectation = &run->scenario->expectations[number];
    mono_time now = run->world.now;
    bool open = !mono_before(now, expectation->from) && !mono_before(expectation->until, now) &&
                run->judged[number].outcome == OUTCOME_PENDING;
    if (!open || !(due || run->changed || restless(expectation))) {
        return;
    }
    struct look look = open_look(run, number);
    bool good = look_at(&look);
    bool last = now.ns == expectation->until.ns;
    if (expectation->when == WHEN_AT || last || good == (expectation->when == WHEN_WITHIN)) {
        decide_it(&look, good);
    }
    close_look(&look);
}

// What had to hold throughout and was never found broken, holds.
void run_judge_rest(struct run *run)
{
    for (uint32_t i = 0; i < run->scenario->expectation_count; i++) {
        if (run->judged[i].outcome == OUTCOME_PENDING) {
            struct look look = open_look(run, i);
            decide_it(&look, run->scenario->expectations[i].when == WHEN_THROUGHOUT);
            close_look(&look);
        }
    }
}
