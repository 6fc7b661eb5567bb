// SPDX-License-Identifier: MIT
// A scenario's text to a script: the file itself and the policies that it names.
#include "core/scenario/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/dns/rrtype.h"
#include "core/json/text.h"
#include "core/scenario/what_if.h"
#include "script.h"

#define LONGEST DURATION_S(366 * 86400)

enum { POLICY_PATH_TEXT = 8192 };

bool script_time(const struct script_reading *reading, const struct schema_node *node, const char *field,
                 const char *text, duration *out)
{
    duration parsed;
    if (!duration_parse(bytes_of(text), &parsed) || parsed > LONGEST) {
        SCRIPT_REFUSE(reading, node, field,
                      "'%s' is not a time; for example \"90s\", \"1500ms\" or \"1h30m\"", text);
        return false;
    }
    *out = parsed;
    return true;
}

// --- policies ----------------------------------------------------------------------------------------------

static char *copy_text(const struct script_reading *reading, struct bytes text)
{
    char *copy = arena_alloc(reading->schema.arena, text.len + 1, 1);
    memcpy(copy, text.data, text.len);
    return copy;
}

static bool keep_file(const char *path, char **text, size_t *len, struct error *error, void *context)
{
    struct script_reading *reading = context;
    struct scenario *scenario = reading->scenario;
    const struct policy_options *options = &reading->options->policy;
    if (!options->read_file(path, text, len, error, options->context)) {
        return false;
    }
    scenario->files = xreallocarray(scenario->files, scenario->file_count + 1, sizeof *scenario->files);
    scenario->files[scenario->file_count++] =
        (struct script_file){arena_strdup(scenario->arena, path),
                             copy_text(reading, (struct bytes){(const uint8_t *)*text, *len})};
    return true;
}

static bool locate(const char *path, struct location_blocks *blocks, struct error *error, void *context)
{
    const struct script_reading *reading = context;
    const struct policy_options *options = &reading->options->policy;
    return options->read_locations(path, blocks, error, options->context);
}

static uint32_t add_policy(struct script_reading *reading, const char *path, const char *text,
                           struct policy *policy)
{
    struct scenario *scenario = reading->scenario;
    uint32_t index = scenario->policy_count++;
    scenario->policies =
        xreallocarray(scenario->policies, scenario->policy_count, sizeof *scenario->policies);
    scenario->policies[index] = (struct script_policy){path, policy, text};
    return index;
}

static void mutate(const struct script_reading *reading, json_t **tree)
{
    struct buffer description;
    buffer_init(&description, 1024);
    json_t *mutated = what_if_mutate(*tree, reading->options->mutation, &description);
    json_decref(*tree);
    *tree = mutated;
    reading->scenario->mutation = arena_strdup(reading->scenario->arena, buffer_string(&description));
    buffer_free(&description);
}

// The text with the what-ifs in it; NULL when there are none or it is no JSON, which the policy's reader
// tells better.
static char *with_changes(const struct script_reading *reading, struct bytes text)
{
    const char *const *settings = reading->options->settings;
    bool mutated = reading->options->mutated && reading->scenario->policy_count == 0;
    if (settings == NULL && !mutated) {
        return NULL;
    }
    json_t *tree = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
    for (size_t i = 0; tree != NULL && settings != NULL && settings[i] != NULL; i++) {
        what_if_set(tree, settings[i], NULL); // a policy without such a field stays as it is
    }
    if (tree != NULL && mutated) {
        mutate(reading, &tree);
    }
    char *changed = tree != NULL ? json_dumps(tree, JSON_INDENT(2)) : NULL;
    json_decref(tree);
    return changed;
}

static bool read_policy(struct script_reading *reading, const char *name, struct bytes text, uint32_t *out)
{
    struct policy_options options = reading->options->policy;
    char *changed = with_changes(reading, text);
    if (changed != NULL) {
        diagnostics_keep(reading->schema.diagnostics, changed);
        text = bytes_of(changed);
    }
    options.read_file = options.read_file != NULL ? keep_file : NULL;
    options.read_locations = options.read_locations != NULL ? locate : NULL;
    options.context = reading;
    struct policy *policy = policy_read(name, text, &options, reading->schema.diagnostics);
    if (policy != NULL) {
        *out = add_policy(reading, name, copy_text(reading, text), policy);
    }
    return policy != NULL;
}

// The path as seen from where the scenario is.
static const char *path_from(const struct script_reading *reading, const char *file)
{
    const char *slash = strrchr(reading->scenario->name, '/');
    size_t folder = slash != NULL && file[0] != '/' ? (size_t)(slash - reading->scenario->name) + 1 : 0;
    char *path = arena_alloc(reading->schema.arena, folder + strlen(file) + 1, 1);
    memcpy(path, reading->scenario->name, folder);
    memcpy(path + folder, file, strlen(file));
    return path;
}

bool script_load_policy(struct script_reading *reading, const struct schema_node *node, const char *tail,
                        const char *file, uint32_t *out)
{
    const struct policy_options *options = &reading->options->policy;
    const char *path = path_from(reading, file);
    struct error error = {0};
    char *text = NULL;
    size_t len = 0;
    if (options->read_file == NULL) {
        SCRIPT_REFUSE(reading, node, tail,
                      "files cannot be read from here; the policy itself can stand here");
        return false;
    }
    if (!options->read_file(path, &text, &len, &error, options->context)) {
        SCRIPT_REFUSE(reading, node, tail, "cannot read the policy: %s", error.text);
        return false;
    }
    diagnostics_keep(reading->schema.diagnostics, text);
    bool ok = read_policy(reading, path, (struct bytes){(const uint8_t *)text, len}, out);
    if (!ok) {
        SCRIPT_REFUSE(reading, node, tail, "the policy cannot be used");
    }
    return ok;
}

static void load_inline_policy(struct script_reading *reading, json_t *policy)
{
    char *text = json_dumps(policy, JSON_INDENT(2));
    const struct scenario_fields *fields = reading->scenario->fields;
    diagnostics_keep(reading->schema.diagnostics, text);
    struct buffer name;
    buffer_init(&name, POLICY_PATH_TEXT);
    buffer_format(&name, "%s (its Policy)", reading->scenario->name);
    uint32_t ignored;
    if (!read_policy(reading, arena_strdup(reading->schema.arena, buffer_string(&name)), bytes_of(text),
                     &ignored)) {
        SCRIPT_REFUSE(reading, &fields->node, "Policy", "the policy cannot be used");
    }
    buffer_free(&name);
}

// Findings about a policy are in its own text; those that follow are in the scenario's again.
static void back_to(struct script_reading *reading, struct bytes text)
{
    diagnostics_file(reading->schema.diagnostics, reading->scenario->name, text);
}

// --- the file ----------------------------------------------------------------------------------------------

static bool given(const struct scenario_fields *fields, unsigned field)
{
    return (fields->node.valid & schema_bit(field)) != 0;
}

static void read_policy_field(struct script_reading *reading)
{
    const struct scenario_fields *fields = reading->scenario->fields;
    uint32_t ignored;
    if (json_is_string(fields->policy)) {
        script_load_policy(reading, &fields->node, "Policy", json_string_value(fields->policy), &ignored);
    } else if (fields->policy != NULL) {
        load_inline_policy(reading, fields->policy);
    }
}

static void read_seed(struct script_reading *reading)
{
    struct scenario *scenario = reading->scenario;
    const struct scenario_options *options = reading->options;
    scenario->seed_given = options->has_seed || given(scenario->fields, SCENARIO_SEED);
    scenario->seed = options->has_seed ? options->seed : (uint64_t)scenario->fields->seed;
    if (!scenario->seed_given && scenario->policy_count > 0) {
        scenario->seed = policy_spec(scenario->policies[0].policy)->simulator.seed;
    }
}

static void read_start(struct script_reading *reading)
{
    const struct scenario_fields *fields = reading->scenario->fields;
    if (given(fields, SCENARIO_START) &&
        !wall_time_parse(bytes_of(fields->start), &reading->scenario->start)) {
        SCRIPT_REFUSE(reading, &fields->node, "Start", "'%s' is not a time such as 2026-01-01T00:00:00Z",
                      fields->start);
    }
}

static void read_end(struct script_reading *reading)
{
    struct scenario *scenario = reading->scenario;
    duration end = 0;
    bool said = given(scenario->fields, SCENARIO_END) &&
                script_time(reading, &scenario->fields->node, "End", scenario->fields->end, &end);
    for (uint32_t i = 0; !said && i < scenario->event_count; i++) {
        end = scenario->events[i].at.ns > end ? scenario->events[i].at.ns : end;
    }
    scenario->end = (mono_time){end};
}

static void read_sections(struct script_reading *reading, struct bytes text)
{
    read_policy_field(reading);
    back_to(reading, text);
    read_seed(reading);
    read_start(reading);
    script_read_events(reading);
    back_to(reading, text);
    read_end(reading);
    script_read_expectations(reading, text);
    script_read_clients(reading, text);
}

static void check_settings(const struct script_reading *reading)
{
    const char *const *settings = reading->options->settings;
    for (size_t i = 0; settings != NULL && settings[i] != NULL; i++) {
        struct error error = {0};
        if (!what_if_valid(settings[i], &error)) {
            diagnostics_add_at(reading->schema.diagnostics, DIAGNOSTIC_ERROR, 0, 0, "--set %s: %s",
                               settings[i], error.text);
        }
    }
}

struct scenario *scenario_read(const char *name, struct bytes text, const struct scenario_options *options,
                               struct diagnostics *diagnostics)
{
    size_t errors = diagnostics_errors(diagnostics);
    struct scenario *scenario = xcalloc(1, sizeof *scenario);
    scenario->arena = arena_create();
    scenario->name = arena_strdup(scenario->arena, name);
    struct script_reading reading = {{scenario->arena, diagnostics}, scenario, options};
    diagnostics_file(diagnostics, scenario->name, text);
    check_settings(&reading);
    scenario->tree = json_text_parse(text, SCENARIO_DEPTH_MAX, SCENARIO_TEXT_MAX, diagnostics);
    if (scenario->tree != NULL) {
        struct scenario_fields *fields = arena_new(scenario->arena, struct scenario_fields, 1);
        scenario->fields = fields;
        schema_read(&reading.schema, &scenario_schema, scenario->tree, fields);
        read_sections(&reading, text);
    }
    if (diagnostics_errors(diagnostics) > errors) {
        scenario_destroy(scenario);
        return NULL;
    }
    return scenario;
}

bool scenario_recognize(struct bytes text)
{
    static const char *const members[] = {"Description", "Events", "Expectations"}; // of no policy
    bool found = false;
    json_t *json = json_loadb((const char *)text.data, text.len, 0, NULL);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        found = found || json_object_get(json, members[i]) != NULL;
    }
    json_decref(json);
    return found;
}

void scenario_destroy(struct scenario *scenario)
{
    if (scenario == NULL) {
        return;
    }
    for (uint32_t i = 0; i < scenario->policy_count; i++) {
        policy_destroy(scenario->policies[i].policy);
    }
    free(scenario->policies);
    free(scenario->files);
    arena_destroy(scenario->arena);
    json_decref(scenario->tree);
    free(scenario);
}

size_t scenario_event_count(const struct scenario *scenario)
{
    return scenario->event_count;
}

size_t scenario_expectation_count(const struct scenario *scenario)
{
    return scenario->expectation_count;
}

const char *scenario_description(const struct scenario *scenario)
{
    return scenario->fields->description;
}

uint64_t scenario_seed(const struct scenario *scenario)
{
    return scenario->seed;
}

const char *scenario_policy_path(const struct scenario *scenario)
{
    return scenario->policies[0].path;
}

size_t scenario_mutations(const struct scenario *scenario)
{
    json_t *tree = json_loads(scenario->policies[0].text, JSON_REJECT_DUPLICATES, NULL);
    size_t count = what_if_mutations(tree);
    json_decref(tree);
    return count;
}

const char *scenario_mutation(const struct scenario *scenario)
{
    return scenario->mutation != NULL ? scenario->mutation : "";
}
