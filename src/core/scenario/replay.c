// SPDX-License-Identifier: MIT
#include "core/scenario/replay.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "clients.h"
#include "core/health/check.h"
#include "run.h"

enum { LINE_MAX_BYTES = 8192 };

void replay_time_format(mono_time at, char out[REPLAY_TIME_TEXT])
{
    long long ms = at.ns / 1000000;
    snprintf(out, REPLAY_TIME_TEXT, "%lld:%02lld:%02lld.%03lld", ms / 3600000, ms / 60000 % 60,
             ms / 1000 % 60, ms % 1000);
}

// --- what is recorded --------------------------------------------------------------------------------------

void run_record(struct run *run, struct recording_event event)
{
    event.at = run->world.now;
    if (run->options->record != NULL) {
        run->options->record(&event, run->options->context);
    }
}

void run_record_policy(struct run *run, const struct script_policy *policy)
{
    for (uint32_t i = 0; i < run->scenario->file_count; i++) {
        const struct script_file *file = &run->scenario->files[i];
        run_record(run,
                   (struct recording_event){.kind = RECORDING_FILE, .path = file->path, .text = file->text});
    }
    run_record(run,
               (struct recording_event){.kind = RECORDING_FILE, .path = policy->path, .text = policy->text});
    run_record(run, (struct recording_event){.kind = RECORDING_POLICY, .path = policy->path});
}

// Some answers of each question, after everything that changed any.
static void record_answers(struct run *run)
{
    enum { SAMPLES = 3 };
    const struct world *world = &run->world;
    uint32_t count = world->population->count;
    for (uint32_t i = 0; i < run->scenario->question_count && world->shift_count == 0; i++) {
        char name[DNS_NAME_TEXT];
        dns_name_format_plain(&run->scenario->questions[i].name, name);
        for (uint32_t sample = 0; sample < SAMPLES; sample++) {
            uint32_t place = world->population->shares[(uint64_t)sample * (count - 1) / (SAMPLES - 1)].place;
            struct recording_event query = {.kind = RECORDING_QUERY,
                                            .name = name,
                                            .type = run->scenario->questions[i].type,
                                            .place = world->model->places[place].name,
                                            .seed = run->report->steps + sample};
            query.digest = recording_answer_digest(&world->view, &query);
            run_record(run, query);
        }
    }
}

// --- what is told ------------------------------------------------------------------------------------------

static void digest(struct run *run, const char *text)
{
    uint64_t both[2] = {run->report->digest, bytes_hash(bytes_of(text)) ^ (uint64_t)run->world.now.ns};
    run->report->digest = bytes_hash((struct bytes){(const uint8_t *)both, sizeof both});
}

void run_line(struct run *run, const char *kind, const char *format, ...)
{
    struct buffer text;
    va_list arguments;
    buffer_init(&text, LINE_MAX_BYTES);
    va_start(arguments, format);
    buffer_vformat(&text, format, arguments);
    va_end(arguments);
    digest(run, buffer_string(&text));
    if (run->options->line != NULL) {
        run->options->line(run->world.now, kind, buffer_string(&text), run->options->context);
    }
    buffer_free(&text);
}

void run_verdict(struct run *run, bool passed, unsigned line, unsigned column, char *question, char *expected,
                 char *got, char *explanation)
{
    struct replay_report *report = run->report;
    report->verdicts = xreallocarray(report->verdicts, report->count + 1, sizeof *report->verdicts);
    report->verdicts[report->count++] =
        (struct replay_verdict){passed, line, column, run->world.now, question, expected, got, explanation};
    report->failed += !passed;
    digest(run, got);
}

static void tell_move(const struct answers_move *move, void *context)
{
    struct run *run = context;
    run_line(run, "answer", "%s: %s -> %s in %u %s, %.1f %% of clients (%s)", move->question->text,
             move->from->text, move->to->text, move->places, move->places == 1 ? "place" : "places",
             100 * move->share, move->names);
}

static void tell_health(struct run *run, const struct health_change *change)
{
    const struct health_check *check = &run->world.model->health_checks[change->check];
    char evidence[OBSERVATION_TEXT] = "";
    const char *region = "";
    if (strcmp(change->cause, "observation") == 0) {
        observation_format(&change->evidence, evidence);
        region =
            change->evidence_region != REGION_NONE ? region_at(change->evidence_region)->code : "a checker";
    }
    const char *location = fleet_location_count(run->world.fleet) > 1
                               ? fleet_location_name(run->world.fleet, change->location)
                               : "";
    run_line(run, "health", "%s %s by %s%s%s: %u of %u checkers say healthy, %u are needed%s%s%s%s",
             check->name != NULL ? check->name : check->id, change->healthy ? "healthy" : "UNHEALTHY",
             change->cause, location[0] != '\0' ? " at " : "", location, change->checkers_healthy,
             change->reporting, change->needed, region[0] != '\0' ? "; last, " : "", region,
             region[0] != '\0' ? ": " : "", evidence);
}

// --- one step ----------------------------------------------------------------------------------------------

// What is due now, by the order in which it was put in. JUDGE moments only make the clock stop here.
static bool carry_out_moments(struct run *run)
{
    const struct queue_entry *first;
    struct queue_entry entry;
    bool judging = false;
    while ((first = queue_first(&run->moments)) != NULL && !mono_before(run->world.now, first->due) &&
           queue_pop(&run->moments, &entry)) {
        uint32_t index = (uint32_t)entry.payload;
        switch ((enum moment)(entry.payload >> 32)) {
        case MOMENT_BEGIN:
            run_begin(run, index);
            break;
        case MOMENT_END:
            run_end(run, index);
            break;
        case MOMENT_JUDGE:
            judging = true;
            break;
        }
    }
    return judging;
}

static void take_changes(struct run *run, uint64_t generation, uint64_t changes)
{
    struct health_change change;
    while (fleet_next_change(run->world.fleet, &change)) {
        tell_health(run, &change);
        run_record(run, (struct recording_event){.kind = RECORDING_VERDICT,
                                                 .check = run->world.model->health_checks[change.check].id,
                                                 .healthy = change.healthy,
                                                 .cause = change.cause});
        run->report->health_changes++;
    }
    struct resource_change resource;
    while (fleet_next_resource_change(run->world.fleet, &resource)) {
        run->touched = true; // the event told it
    }
    run->changed =
        run->touched || generation != fleet_generation(run->world.fleet) || changes != run->world.changes;
    run->world.view.status = fleet_status(run->world.fleet);
    if (run->changed) {
        run->report->answer_changes += answers_refresh(run->answers, &run->world, tell_move, run);
        if (run->options->record != NULL) {
            record_answers(run);
        }
        if (run->options->look != NULL) {
            run->options->look(run->world.now, &run->world.view, run->options->context);
        }
    }
    if (run->clients != NULL) {
        clients_step(run->clients, run->answers, &run->world, run->changed);
    }
}

static void step(struct run *run, uint64_t *generation, uint64_t *changes)
{
    run->touched = false;
    bool judging = carry_out_moments(run);
    scripted_prober_step(run->world.prober, run->world.now, world_wall(&run->world));
    take_changes(run, *generation, *changes);
    *generation = fleet_generation(run->world.fleet);
    *changes = run->world.changes;
    for (uint32_t i = 0; i < run->scenario->expectation_count; i++) {
        run_judge(run, i, judging);
    }
}

// --- the whole ---------------------------------------------------------------------------------------------

static void note_probe(const struct probe_order *order, const struct observation *observation, bool taken,
                       void *context)
{
    struct run *run = context;
    run->report->probes++;
    if (taken && run->options->record != NULL) {
        run_record(run, (struct recording_event){.kind = RECORDING_OBSERVATION,
                                                 .check = run->world.model->health_checks[order->check].id,
                                                 .checker = order->checker,
                                                 .observation = *observation});
    }
}

static void plan(struct run *run)
{
    const struct scenario *scenario = run->scenario;
    for (uint32_t i = 0; i < scenario->event_count; i++) {
        const struct script_event *event = &scenario->events[i];
        struct occurrence *occurrence = &run->occurrences[i];
        occurrence->left = event->times;
        random_seed_stream(&occurrence->chance, scenario->seed, i);
        if (event->by_chance) {
            run_chance(run, i, event->at);
        } else {
            run_at(run, event->at, MOMENT_BEGIN, i);
        }
    }
    for (uint32_t i = 0; i < scenario->expectation_count; i++) {
        const struct script_expectation *expectation = &scenario->expectations[i];
        run_at(run, expectation->from, MOMENT_JUDGE, i);
        if (expectation->until.ns != expectation->from.ns && expectation->until.ns != INT64_MAX) {
            run_at(run, expectation->until, MOMENT_JUDGE, i);
        }
    }
}

static bool needs_account(const struct scenario *scenario)
{
    bool needs = false;
    for (uint32_t i = 0; i < scenario->event_count; i++) {
        needs = needs || scenario->events[i].kind == EVENT_KIND_CALL;
    }
    return needs;
}

static void begin(struct run *run)
{
    struct scenario *scenario = run->scenario;
    struct world_options options = {
        .started = scenario->start,
        .seed_given = scenario->seed_given,
        .seed = scenario->seed,
        .with_account = needs_account(scenario),
        .prober = {.spread = scenario->fields->phases == 0, .observed = note_probe, .context = run},
    };
    struct script_policy *policy = &scenario->policies[0];
    world_init(&run->world, policy->policy, &options);
    policy->policy = NULL;
    run_record(run, (struct recording_event){.kind = RECORDING_START,
                                             .version = RECORDING_VERSION,
                                             .wall = run->world.started,
                                             .program = "replay",
                                             .seeded = scenario->seed_given,
                                             .seed = scenario->seed});
    run_record_policy(run, policy);
    run->answers = answers_create(scenario);
    run->clients = clients_create(scenario, &run->world);
    run->occurrences = xcalloc(scenario->event_count + 1, sizeof *run->occurrences);
    run->judged = xcalloc(scenario->expectation_count + 1, sizeof *run->judged);
    queue_init(&run->moments);
    plan(run);
    run_line(run, "event", "start: policy %s, seed %llu, %u health checks", policy->path,
             (unsigned long long)scenario->seed, run->world.model->health_check_count);
}

static void report_progress(const struct run *run, int *percent)
{
    mono_time end = run->scenario->end;
    int now = end.ns > 0 ? (int)(100 * ((double)run->world.now.ns / (double)end.ns)) : 100;
    if (run->options->progress != NULL && now > *percent) {
        *percent = now;
        run->options->progress(run->world.now, end, run->options->context);
    }
}

// LT2
static void follow_latency(struct run *run)
{
    char from[WALL_TIME_TEXT];
    wall_time valid_from;
    if (world_follow_latency(&run->world) && latency_table_valid_from(run->world.latency, &valid_from)) {
        wall_time_format(valid_from, from);
        run_line(run, "event", "latency: the version of %s is in force", from);
    }
}

// B4
static void follow_changes(struct run *run)
{
    if (world_follow_changes(&run->world)) {
        run_line(run, "event", "changes of records have reached DNS");
    }
}

static void drive(struct run *run)
{
    mono_time end = run->scenario->end;
    uint64_t generation = UINT64_MAX; // differs: the first answers are asked at once
    uint64_t changes = 0;
    int percent = 0;
    step(run, &generation, &changes);
    for (;;) {
        const struct queue_entry *first = queue_first(&run->moments);
        mono_time next = scripted_prober_next(run->world.prober);
        next = first != NULL ? mono_min(next, first->due) : next;
        next = mono_min(next, run->world.latency_due);
        next = mono_min(next, propagation_next(&run->world.propagation));
        if (mono_before(end, next) ||
            (run->options->steps_most > 0 && run->report->steps >= run->options->steps_most)) {
            run->report->cut_short = !mono_before(end, next);
            break;
        }
        run->world.now = mono_before(next, run->world.now) ? run->world.now : next;
        follow_latency(run);
        follow_changes(run);
        run->report->steps++;
        step(run, &generation, &changes);
        report_progress(run, &percent);
    }
    if (!run->report->cut_short) {
        run->world.now = end;
    }
}

static void end(struct run *run)
{
    for (uint32_t i = 0; i < run->scenario->expectation_count; i++) {
        free(run->judged[i].dead_since);
    }
    free(run->judged);
    free(run->occurrences);
    queue_free(&run->moments);
    clients_destroy(run->clients);
    answers_destroy(run->answers);
    world_free(&run->world);
}

void replay_run(struct scenario *scenario, const struct replay_options *options, struct replay_report *out)
{
    static const struct replay_options nothing = {0};
    struct run run = {.scenario = scenario, .options = options != NULL ? options : &nothing, .report = out};
    *out = (struct replay_report){0};
    begin(&run);
    drive(&run);
    run_judge_rest(&run);
    if (run.clients != NULL) {
        out->clients = clients_finish(run.clients, &run);
    }
    out->end = run.world.now;
    run_record(&run, (struct recording_event){.kind = RECORDING_END, .text = "end of the scenario"});
    run_line(&run, "event", "end");
    end(&run);
}

void replay_report_free(struct replay_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        free(report->verdicts[i].question);
        free(report->verdicts[i].expected);
        free(report->verdicts[i].got);
        free(report->verdicts[i].explanation);
    }
    free(report->verdicts);
    json_decref(report->clients);
    *report = (struct replay_report){0};
}
