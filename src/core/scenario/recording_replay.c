// SPDX-License-Identifier: MIT
#include "core/scenario/recording_replay.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/xalloc.h"
#include "core/admin/metric_request.h"
#include "core/admin/override_row.h"
#include "core/scenario/recording.h"
#include "core/scenario/what_if.h"
#include "world.h"

enum { LINE_LIMIT = 8192 };

// What the core came to and the recording has not told yet, or the other way round.
struct verdict {
    char *check;
    const char *cause; // static
    bool healthy;
};

struct playback {
    const struct recording_options *options;
    struct recording_report *report;
    struct arena *arena; // of one line
    struct map *files;   // path to text
    struct world world;
    bool started;
    bool running; // the world is there
    bool seeded;
    uint64_t seed;
    wall_time wall;
    mono_time at;
    struct map *orders;       // "check checker" to struct probe_order, of probes under way
    struct verdict *verdicts; // produced, from first on not yet compared
    size_t verdict_first;
    size_t verdict_count;
};

static void tell(struct playback *playback, const char *kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void tell(struct playback *playback, const char *kind, const char *format, ...)
{
    const struct replay_options *replay = playback->options->replay;
    struct buffer text;
    va_list arguments;
    buffer_init(&text, LINE_LIMIT);
    va_start(arguments, format);
    buffer_vformat(&text, format, arguments);
    va_end(arguments);
    if (strcmp(kind, "event") != 0) {
        uint64_t both[2] = {playback->report->digest, bytes_hash(bytes_of(buffer_string(&text)))};
        playback->report->digest = bytes_hash((struct bytes){(const uint8_t *)both, sizeof both});
    }
    if (replay != NULL && replay->line != NULL) {
        replay->line(playback->at, kind, buffer_string(&text), replay->context);
    }
    buffer_free(&text);
}

static void differ(struct playback *playback, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void differ(struct playback *playback, const char *format, ...)
{
    struct buffer text;
    va_list arguments;
    buffer_init(&text, LINE_LIMIT);
    va_start(arguments, format);
    buffer_vformat(&text, format, arguments);
    va_end(arguments);
    playback->report->differences++;
    tell(playback, "differs", "%s", buffer_string(&text));
    buffer_free(&text);
}

// --- the fleet ---------------------------------------------------------------------------------------------

static void take_verdicts(struct playback *playback)
{
    struct health_change change;
    while (fleet_next_change(playback->world.fleet, &change)) {
        const struct health_check *check = &playback->world.model->health_checks[change.check];
        size_t count = ++playback->verdict_count;
        playback->verdicts = xreallocarray(playback->verdicts, count, sizeof *playback->verdicts);
        playback->verdicts[count - 1] = (struct verdict){xstrdup(check->id), change.cause, change.healthy};
        tell(playback, "health", "%s %s by %s: %u of %u checkers say healthy, %u are needed",
             check->name != NULL ? check->name : check->id, change.healthy ? "healthy" : "UNHEALTHY",
             change.cause, change.checkers_healthy, change.reporting, change.needed);
    }
    playback->world.view.status = fleet_status(playback->world.fleet);
}

static struct bytes order_key(struct playback *playback, uint32_t check, uint32_t checker)
{
    char *key = arena_alloc(playback->arena, 32, 1);
    snprintf(key, 32, "%u %u", check, checker);
    return bytes_of(key);
}

// Probes are taken when an observation asks for one: when each starts leaves no trace in the fleet, only when
// it ends does.
static void take_due(struct playback *playback)
{
    struct world *world = &playback->world;
    struct probe_order order;
    while (fleet_take_due(world->fleet, world->now, &order)) {
        struct bytes key = order_key(playback, order.check, order.checker);
        free(map_get(playback->orders, key));
        map_set(playback->orders, key, xmemdup(&order, sizeof order));
    }
}

// The probe that the observation ends; NULL when none can be under way.
static struct probe_order *find_order(struct playback *playback, uint32_t check, uint32_t checker)
{
    if (check == HEALTH_CHECK_NONE) {
        return NULL;
    }
    take_due(playback);
    return map_remove(playback->orders, order_key(playback, check, checker));
}

static uint32_t find_check(const struct playback *playback, const struct recording_event *event)
{
    return model_find_health_check(playback->world.model, bytes_of(event->check));
}

static void observe(struct playback *playback, const struct recording_event *event)
{
    struct world *world = &playback->world;
    uint32_t check = find_check(playback, event);
    struct probe_order *order = find_order(playback, check, event->checker);
    playback->report->observations++;
    if (order == NULL ||
        !fleet_observe(world->fleet, order, &event->observation, world->now, world_wall(world))) {
        playback->report->ignored++;
        if (playback->options->settings == NULL) {
            differ(playback, "observation of %s by checker %u: no probe was under way", event->check,
                   event->checker);
        }
    }
    free(order);
}

// --- verdicts and answers ----------------------------------------------------------------------------------

static void compare_verdict(struct playback *playback, const struct recording_event *event)
{
    playback->report->verdicts++;
    if (playback->verdict_first == playback->verdict_count) {
        differ(playback, "recorded: %s %s by %s; now: nothing", event->check,
               event->healthy ? "healthy" : "UNHEALTHY", event->cause);
        return;
    }
    struct verdict *verdict = &playback->verdicts[playback->verdict_first++];
    if (strcmp(verdict->check, event->check) != 0 || verdict->healthy != event->healthy ||
        strcmp(verdict->cause, event->cause) != 0) {
        differ(playback, "recorded: %s %s by %s; now: %s %s by %s", event->check,
               event->healthy ? "healthy" : "UNHEALTHY", event->cause, verdict->check,
               verdict->healthy ? "healthy" : "UNHEALTHY", verdict->cause);
    }
}

static void compare_answer(struct playback *playback, const struct recording_event *event)
{
    uint64_t digest = recording_answer_digest(&playback->world.view, event);
    playback->report->queries++;
    tell(playback, "answer", "%s: %016llx", event->name, (unsigned long long)digest);
    if (digest != event->digest) {
        differ(playback, "%s for a client in %s: the answer is another one", event->name,
               event->place[0] != '\0' ? event->place : "a subnet");
    }
}

static void compare_rest(struct playback *playback)
{
    for (; playback->verdict_first < playback->verdict_count; playback->verdict_first++) {
        const struct verdict *verdict = &playback->verdicts[playback->verdict_first];
        differ(playback, "recorded: nothing; now: %s %s by %s", verdict->check,
               verdict->healthy ? "healthy" : "UNHEALTHY", verdict->cause);
    }
}

// --- policies ----------------------------------------------------------------------------------------------

static bool read_recorded(const char *path, char **text, size_t *len, struct error *error, void *context)
{
    const struct playback *playback = context;
    const char *found = map_get(playback->files, bytes_of(path));
    if (found == NULL) {
        return error_set(error, "%s is not in the recording", path);
    }
    *text = xstrdup(found);
    *len = strlen(found);
    return true;
}

static char *policy_text(const struct playback *playback, const char *path, struct error *error)
{
    const char *found = path[0] == '\0' ? "{}" : map_get(playback->files, bytes_of(path));
    const char *const *settings = playback->options->settings;
    if (found == NULL) {
        error_set(error, "the policy %s is not in the recording", path);
        return NULL;
    }
    json_t *tree = settings != NULL ? json_loads(found, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (tree == NULL) {
        return xstrdup(found);
    }
    for (size_t i = 0; settings[i] != NULL; i++) {
        what_if_set(tree, settings[i], NULL); // a policy without such a field stays as it is
    }
    char *text = json_dumps(tree, JSON_COMPACT);
    json_decref(tree);
    return text;
}

static struct policy *read_policy(struct playback *playback, const char *path, struct error *error)
{
    struct policy_options options = playback->options->policy;
    char *text = policy_text(playback, path, error);
    if (text == NULL) {
        return NULL;
    }
    options.read_file = read_recorded;
    options.context = playback;
    struct diagnostics *diagnostics = diagnostics_create();
    struct policy *policy =
        policy_read(path[0] != '\0' ? path : "(no policy)", bytes_of(text), &options, diagnostics);
    if (policy == NULL) {
        struct buffer first;
        buffer_init(&first, 400);
        diagnostics_first(diagnostics, &first);
        error_set(error, "the policy cannot be used: %s", buffer_string(&first));
        buffer_free(&first);
    }
    diagnostics_destroy(diagnostics);
    free(text);
    return policy;
}

static bool set_policy(struct playback *playback, const struct recording_event *event, struct error *error)
{
    struct policy *policy = read_policy(playback, event->path, error);
    if (policy == NULL) {
        return false;
    }
    tell(playback, "event", "policy %s", event->path);
    if (playback->running) {
        return world_set_policy(&playback->world, policy, error);
    }
    struct world_options options = {.with_account = true,
                                    .now = playback->at,
                                    .started = playback->wall,
                                    .seed_given = playback->seeded,
                                    .seed = playback->seed};
    world_init(&playback->world, policy, &options);
    playback->running = true;
    return true;
}

// --- what operators did ------------------------------------------------------------------------------------

static bool set_override(struct playback *playback, const struct recording_event *event, struct error *error)
{
    struct world *world = &playback->world;
    struct override override = {.until = MONO_NEVER};
    uint32_t check = find_check(playback, event);
    if (event->text[0] != '\0' &&
        !override_row_parse(bytes_of(event->text), world->now, world_wall(world), &override)) {
        return error_set(error, "the override of %s cannot be read", event->check);
    }
    tell(playback, "event", "override of %s: %s", event->check,
         event->text[0] != '\0' ? event->text : "ended");
    if (check == HEALTH_CHECK_NONE) {
        differ(playback, "there is no health check %s", event->check);
    } else {
        fleet_set_override(world->fleet, check, &override, world->now, world_wall(world));
    }
    return true;
}

static void set_control(struct playback *playback, const struct recording_event *event)
{
    struct world *world = &playback->world;
    tell(playback, "event", "routing control of %s: %s", event->check, event->healthy ? "On" : "Off");
    fleet_set_routing_control(world->fleet, find_check(playback, event), event->healthy, world->now,
                              world_wall(world));
}

static bool put_metrics(struct playback *playback, const struct recording_event *event, struct error *error)
{
    struct world *world = &playback->world;
    struct metric_batch batch;
    struct buffer problems;
    buffer_init(&problems, LINE_LIMIT);
    bool ok = metric_request_parse("metrics", bytes_of(event->text), world_wall(world), &batch, &problems);
    if (ok) {
        fleet_put_metrics(world->fleet, batch.data, batch.count, world->now, world_wall(world));
        metric_batch_free(&batch);
    } else {
        error_set(error, "the metrics cannot be read: %s", buffer_string(&problems));
    }
    buffer_free(&problems);
    return ok;
}

static bool set_resource(struct playback *playback, const struct recording_event *event, struct error *error)
{
    struct world *world = &playback->world;
    uint32_t index = model_find_resource(world->model, bytes_of(event->path));
    struct override row = {.until = MONO_NEVER};
    bool ends = event->text[0] == '\0';
    if (!ends && !override_row_parse(bytes_of(event->text), world->now, world_wall(world), &row)) {
        return error_set(error, "the health of %s cannot be read", event->path);
    }
    if (index == RESOURCE_NONE) {
        differ(playback, "there is no resource %s", event->path);
        return true;
    }
    struct resource_override override = {.healthy = row.verdict == OVERRIDE_HEALTHY,
                                         .until = row.until,
                                         .until_wall = row.until_wall,
                                         .since = row.since};
    tell(playback, "event", "resource %s: %s", event->path,
         ends               ? "as the policy says"
         : override.healthy ? "healthy"
                            : "unhealthy");
    fleet_set_resource(world->fleet, index, ends ? NULL : &override, world->now, world_wall(world));
    return true;
}

static void set_reports(struct playback *playback, const struct recording_event *event)
{
    struct world *world = &playback->world;
    tell(playback, "event", "reports from %s %s %s", event->check,
         event->healthy ? "reach" : "no longer reach", event->path[0] != '\0' ? event->path : "Route 53");
    uint32_t location = event->path[0] != '\0' ? fleet_find_location(world->fleet, event->path) : 0;
    fleet_set_reports(world->fleet, location, region_find(bytes_of(event->check)), event->healthy, world->now,
                      world_wall(world));
}

static bool call(struct playback *playback, const struct recording_event *event, struct error *error)
{
    struct route53_fault fault = {0};
    json_t *input = json_loads(event->text, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(input)) {
        json_decref(input);
        return error_set(error, "the input of %s is no JSON object", event->path);
    }
    tell(playback, "event", "%s %s", event->path, event->text);
    if (!world_call(&playback->world, event->path, input, &fault)) {
        differ(playback, "%s: recorded as accepted; now: %s", event->path, fault.code);
    }
    route53_fault_clear(&fault);
    json_decref(input);
    return true;
}

// --- lines -------------------------------------------------------------------------------------------------

static bool start(struct playback *playback, const struct recording_event *event, struct error *error)
{
    if (playback->started) {
        return error_set(error, "a second Start");
    }
    playback->started = true;
    playback->wall = event->wall;
    playback->seeded = event->seeded;
    playback->seed = event->seed;
    return true;
}

static void keep_file(struct playback *playback, const struct recording_event *event)
{
    free(map_get(playback->files, bytes_of(event->path)));
    map_set(playback->files, bytes_of(event->path), xstrdup(event->text));
}

static void advance_to(struct playback *playback, mono_time at)
{
    struct world *world = &playback->world;
    world->now = at;
    world_follow_latency(world);
    world_follow_changes(world);
    fleet_advance(world->fleet, world->now, world_wall(world));
    take_verdicts(playback);
}

// Each at its own moment, for which no line was recorded (B4).
static void let_changes_arrive(struct playback *playback, mono_time until)
{
    mono_time next;
    while (!mono_before(until, next = propagation_next(&playback->world.propagation))) {
        advance_to(playback, next);
    }
}

static bool advance(struct playback *playback, const struct recording_event *event, struct error *error)
{
    if (mono_before(event->at, playback->at)) {
        return error_set(error, "time goes back: At %lld comes after %lld", (long long)event->at.ns,
                         (long long)playback->at.ns);
    }
    if (!playback->running && event->kind > RECORDING_POLICY && event->kind != RECORDING_END) {
        return error_set(error, "nothing can happen before the first Policy");
    }
    playback->at = event->at;
    if (playback->running) {
        let_changes_arrive(playback, event->at);
        advance_to(playback, event->at);
    }
    return true;
}

static bool carry_out(struct playback *playback, const struct recording_event *event, struct error *error)
{
    if (playback->started == (event->kind == RECORDING_START) && !playback->started) {
        return error_set(error, "a recording begins with Start");
    }
    if (!advance(playback, event, error)) {
        return false;
    }
    switch ((enum recording_kind)event->kind) {
    case RECORDING_START:
        return start(playback, event, error);
    case RECORDING_FILE:
        keep_file(playback, event);
        return true;
    case RECORDING_POLICY:
        return set_policy(playback, event, error);
    case RECORDING_OBSERVATION:
        observe(playback, event);
        return true;
    case RECORDING_VERDICT:
        compare_verdict(playback, event);
        return true;
    case RECORDING_OVERRIDE:
        return set_override(playback, event, error);
    case RECORDING_CONTROL:
        set_control(playback, event);
        return true;
    case RECORDING_METRICS:
        return put_metrics(playback, event, error);
    case RECORDING_RESOURCE:
        return set_resource(playback, event, error);
    case RECORDING_REPORTS:
        set_reports(playback, event);
        return true;
    case RECORDING_CALL:
        return call(playback, event, error);
    case RECORDING_QUERY:
        compare_answer(playback, event);
        return true;
    case RECORDING_END:
        playback->report->complete = true;
        return true;
    }
    return true;
}

static bool play_line(struct playback *playback, struct bytes line, struct error *error)
{
    struct recording_event event;
    if (playback->report->complete) {
        return error_set(error, "something follows the End");
    }
    arena_destroy(playback->arena);
    playback->arena = arena_create();
    if (!recording_decode(line, &event, playback->arena, error) || !carry_out(playback, &event, error)) {
        return false;
    }
    if (playback->running) {
        take_verdicts(playback);
    }
    playback->report->events++;
    return true;
}

static bool play(struct playback *playback, struct bytes text, struct error *error)
{
    for (size_t number = 1; text.len > 0; number++) {
        const uint8_t *end = memchr(text.data, '\n', text.len);
        if (end == NULL) {
            playback->report->cut = true;
            break;
        }
        size_t len = (size_t)(end - text.data);
        if (!play_line(playback, (struct bytes){text.data, len}, error)) {
            return error_context(error, "line %zu", number);
        }
        text = (struct bytes){end + 1, text.len - len - 1};
    }
    return playback->started || error_set(error, "the recording is empty");
}

static void free_value(struct bytes key, void *value, void *context)
{
    (void)key;
    (void)context;
    free(value);
}

bool recording_recognize(struct bytes text)
{
    uint8_t sum[4];
    size_t len;
    return text.len > 9 && text.data[8] == ' ' && text.data[9] == '{' &&
           bytes_parse_hex((struct bytes){text.data, 8}, sum, sizeof sum, &len);
}

bool recording_replay(struct bytes text, const struct recording_options *options,
                      struct recording_report *report, struct error *error)
{
    *report = (struct recording_report){0};
    struct playback playback = {.options = options,
                                .report = report,
                                .arena = arena_create(),
                                .files = map_create(),
                                .orders = map_create()};
    bool ok = play(&playback, text, error);
    if (ok && report->complete) {
        compare_rest(&playback);
    }
    report->end = playback.at;
    for (size_t i = 0; i < playback.verdict_count; i++) {
        free(playback.verdicts[i].check);
    }
    free(playback.verdicts);
    map_each(playback.files, free_value, NULL);
    map_each(playback.orders, free_value, NULL);
    map_destroy(playback.files);
    map_destroy(playback.orders);
    arena_destroy(playback.arena);
    if (playback.running) {
        world_free(&playback.world);
    }
    return ok;
}
