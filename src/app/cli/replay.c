// SPDX-License-Identifier: MIT
// nearwell replay: scenarios in virtual time.
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/daemon/embedded.h"
#include "base/xalloc.h"
#include "commands.h"
#include "core/scenario/what_if.h"
#include "io/files/mmdb.h"
#include "io/files/read.h"
#include "io/loop/clock.h"
#include "options.h"
#include "replay_live.h"
#include "replay_mutate.h"
#include "replay_output.h"

static const char help[] =
    "usage: nearwell replay SCENARIO|RECORDING... [options]\n"
    "\n"
    "Carries out scenarios in virtual time, through the core that the daemon runs, and says whether\n"
    "what they expect comes true. The same file and seed give the same result, byte for byte.\n"
    "Of a recording the inputs are carried out again, and verdicts and answers are compared.\n"
    "JSON Schemas (*.schema.json) are left out.\n"
    "\n"
    "  --timeline            what happened: events, health changes with their evidence, answers\n"
    "  --seed N              of all chance, in place of the file's\n"
    "  --set FIELD=VALUE     what if: in every policy, FailureThreshold=5, TTL=30, Inverted=true,\n"
    "                        EvaluateTargetHealth=false, HealthyPercent=50, ...; tells what changes;\n"
    "                        repeatable\n"
    "  --mutate              make each single mistake in the policies (a check dropped, regions swapped, a\n"
    "                        threshold or TTL changed, ...) and tell which of them no scenario notices\n"
    "  --least PERCENT       with --mutate: exit 1 when fewer are noticed (0)\n"
    "  --record FILE         the run of one scenario as a recording\n"
    "  --live                also with a real daemon, sample regions and DNS queries, sped up: are clients\n"
    "                        answered the same? Exit 1 when not\n"
    "  --speed N             of --live (the longest RequestInterval takes half a second)\n"
    "  --tolerance SECONDS   of --live, in real time (one such interval and half a second)\n"
    "  --live-set FIELD=VALUE  as --set, for the daemon of --live alone: is the difference noticed?\n"
    "  --output text|json    (text)\n"
    "  --tap                 Test Anything Protocol on stdout\n"
    "  --junit FILE          JUnit XML beside it\n"
    "  -h, --help\n"
    "\n"
    "exit code: 0 all expectations hold and recordings come out the same, 1 one does not, 2 a file\n"
    "cannot be read or is wrong\n"
    "\n"
    "examples:\n"
    "  nearwell replay scenarios/*.json\n"
    "  nearwell replay --timeline scenarios/story.json\n"
    "  nearwell replay --set FailureThreshold=1 scenarios/story.json\n"
    "  nearwell replay --live scenarios/story.json\n";

enum { SETTINGS_MAX = 32, FINDINGS_MAX = 16 << 20 };

struct arguments {
    bool help;
    bool json;
    bool tap;
    bool timeline;
    bool mutate;
    bool live;
    double speed;
    double tolerance_s;
    const char *live_setting;
    uint64_t least;
    bool has_seed;
    uint64_t seed;
    const char *junit;
    const char *record;
    const char *settings[SETTINGS_MAX + 1];
    size_t setting_count;
    char **files;
    size_t file_count;
};

static bool parse_positive(const char *option, const char *value, double most, double *out,
                           struct error *error)
{
    char *end;
    *out = strtod(value, &end);
    return (*end == '\0' && *out > 0 && *out <= most) ||
           error_set(error, "%s takes a number up to %g, not '%s'", option, most, value);
}

static bool parse_option(int option, const char *value, struct arguments *out, struct error *error)
{
    switch (option) {
    case 't':
        out->timeline = true;
        return true;
    case 's':
        out->has_seed = true;
        return bytes_parse_u64(bytes_of(value), INT64_C(9007199254740991), &out->seed) ||
               error_set(error, "--seed takes a whole number, not '%s'", value);
    case 'S':
        out->settings[out->setting_count++] = value;
        return out->setting_count < SETTINGS_MAX || error_set(error, "--set: more than %d", SETTINGS_MAX - 1);
    case 'o':
        return option_output(value, &out->json, error);
    case 'a':
        out->tap = true;
        return true;
    case 'm':
        out->mutate = true;
        return true;
    case 'L':
        out->live = true;
        return true;
    case 'x':
        return parse_positive("--speed", value, 10000, &out->speed, error);
    case 'T':
        return parse_positive("--tolerance", value, 3600, &out->tolerance_s, error);
    case 'V':
        out->live_setting = value;
        return what_if_valid(value, error);
    case 'l':
        return bytes_parse_u64(bytes_of(value), 100, &out->least) ||
               error_set(error, "--least takes a percentage, not '%s'", value);
    case 'r':
        out->record = value;
        return true;
    case 'j':
        out->junit = value;
        return true;
    case 'h':
        out->help = true;
        return true;
    default:
        return error_set(error, "see nearwell replay --help");
    }
}

static bool parse(int argc, char **argv, struct arguments *out, struct error *error)
{
    static const struct option table[] = {
        {"timeline", no_argument, NULL, 't'},
        {"seed", required_argument, NULL, 's'},
        {"set", required_argument, NULL, 'S'},
        {"output", required_argument, NULL, 'o'},
        {"tap", no_argument, NULL, 'a'},
        {"junit", required_argument, NULL, 'j'},
        {"record", required_argument, NULL, 'r'},
        {"mutate", no_argument, NULL, 'm'},
        {"least", required_argument, NULL, 'l'},
        {"live", no_argument, NULL, 'L'},
        {"speed", required_argument, NULL, 'x'},
        {"tolerance", required_argument, NULL, 'T'},
        {"live-set", required_argument, NULL, 'V'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "h", table, NULL)) != -1) {
        if (!parse_option(option, optarg, out, error)) {
            return false;
        }
    }
    if (out->json && out->tap) {
        return error_set(error, "give either --output json or --tap");
    }
    out->files = argv + optind;
    out->file_count = (size_t)option_files(out->files, argc - optind);
    if (out->record != NULL && (out->file_count != 1 || out->setting_count > 0)) {
        return error_set(error, "--record goes with one SCENARIO and without --set");
    }
    return out->help || out->file_count > 0 ||
           error_set(error, "a SCENARIO is missing; see nearwell replay --help");
}

// --- one scenario ------------------------------------------------------------------------------------------

static bool read_named_file(const char *path, char **text, size_t *len, struct error *error, void *context)
{
    (void)context;
    return read_whole_file(path, POLICY_TEXT_MAX, text, len, error);
}

static bool read_locations(const char *path, struct location_blocks *blocks, struct error *error,
                           void *context)
{
    (void)context;
    return mmdb_read(path, blocks, error);
}

static struct scenario_options options_of(const struct arguments *arguments, bool with_settings)
{
    return (struct scenario_options){
        .policy = {.read_file = read_named_file,
                   .read_locations = read_locations,
                   .default_latency_name = "(built in) latency/aws.json",
                   .default_latency = {(const uint8_t *)embedded_latency_table, embedded_latency_table_size},
                   .default_population_name = "(built in) population/world.json",
                   .default_population = {(const uint8_t *)embedded_population, embedded_population_size},
                   .on_loopback = true},
        .settings = with_settings && arguments->setting_count > 0 ? arguments->settings : NULL,
        .has_seed = arguments->has_seed,
        .seed = arguments->seed,
    };
}

// What one run tells as it goes.
struct telling {
    const char *file;
    struct replay_lines *lines; // NULL: none are kept
    mono_time told;             // when progress was last told
    FILE *record;               // NULL: nobody records
};

static void write_event(const struct recording_event *event, void *context)
{
    const struct telling *telling = context;
    struct buffer line;
    buffer_init(&line, RECORDING_TEXT_MAX);
    recording_encode(event, &line);
    fwrite(line.data, 1, line.len, telling->record);
    buffer_free(&line);
}

static void keep_line(mono_time at, const char *kind, const char *text, void *context)
{
    const struct telling *telling = context;
    if (telling->lines != NULL) {
        replay_lines_add(telling->lines, at, kind, text);
    }
}

// People who wait for more than a second hear of it, once a second.
static void tell_progress(mono_time at, mono_time end, void *context)
{
    struct telling *telling = context;
    mono_time now = clock_mono();
    if (mono_since(now, telling->told) >= DURATION_S(1)) {
        char done[REPLAY_TIME_TEXT];
        char whole[REPLAY_TIME_TEXT];
        replay_time_format(at, done);
        replay_time_format(end, whole);
        fprintf(stderr, "nearwell replay: %s: %s of %s\n", telling->file, done, whole);
        telling->told = now;
    }
}

static struct scenario *read_scenario(const char *file, struct bytes text,
                                      const struct scenario_options *options)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct buffer findings;
    buffer_init(&findings, FINDINGS_MAX);
    struct scenario *scenario = scenario_read(file, text, options, diagnostics);
    diagnostics_print(diagnostics, &findings);
    fputs(buffer_string(&findings), stderr);
    buffer_free(&findings);
    diagnostics_destroy(diagnostics);
    return scenario;
}

static bool written(bool good, const char *path)
{
    if (!good) {
        fprintf(stderr, "nearwell replay: cannot write %s: %s\n", path, strerror(errno));
    }
    return good;
}

// NULL: said why.
static FILE *open_output(const char *path)
{
    FILE *file = fopen(path, "w");
    written(file != NULL, path);
    return file;
}

// record: NULL, or a file's name.
static bool run_once(const char *file, struct bytes text, const struct scenario_options *options,
                     const char *record, struct replay_lines *lines, struct replay_result *result)
{
    struct scenario *scenario = read_scenario(file, text, options);
    struct telling telling = {file, lines, clock_mono(), NULL};
    if (scenario != NULL && record != NULL) {
        telling.record = open_output(record);
    }
    if (scenario == NULL || (record != NULL && telling.record == NULL)) {
        scenario_destroy(scenario);
        return false;
    }
    struct replay_options run = {.line = keep_line,
                                 .progress = tell_progress,
                                 .record = record != NULL ? write_event : NULL,
                                 .context = &telling};
    replay_report_free(&result->report);
    free(result->description);
    replay_run(scenario, &run, &result->report);
    result->description = xstrdup(scenario_description(scenario));
    result->seed = scenario_seed(scenario);
    scenario_destroy(scenario);
    return record == NULL || written(fclose(telling.record) == 0, record);
}

static char *command_to_repeat(const struct arguments *arguments, const struct replay_result *result)
{
    struct buffer text;
    buffer_init(&text, 65536);
    buffer_format(&text, "nearwell replay --timeline --seed %llu", (unsigned long long)result->seed);
    for (size_t i = 0; i < arguments->setting_count; i++) {
        buffer_format(&text, " --set '%s'", arguments->settings[i]);
    }
    buffer_format(&text, " %s", result->file);
    char *copy = xstrdup(buffer_string(&text));
    buffer_free(&text);
    return copy;
}

static bool run_scenario(struct bytes text, const struct arguments *arguments, struct replay_result *result)
{
    struct scenario_options plain = options_of(arguments, false);
    struct scenario_options changed = options_of(arguments, true);
    const char *file = result->file;
    return (!result->compared || run_once(file, text, &plain, NULL, &result->baseline, result)) &&
           run_once(file, text, &changed, arguments->record, &result->lines, result);
}

// --- one recording -----------------------------------------------------------------------------------------

static bool play_once(struct bytes text, const struct scenario_options *options, struct replay_lines *lines,
                      struct replay_result *result)
{
    struct telling telling = {result->file, lines, clock_mono(), NULL};
    struct replay_options tell = {.line = keep_line, .context = &telling};
    struct recording_options play = {
        .policy = options->policy, .settings = options->settings, .replay = &tell};
    struct error error = {0};
    bool ok = recording_replay(text, &play, &result->recording, &error);
    if (!ok) {
        fprintf(stderr, "nearwell replay: %s: %s\n", result->file, error.text);
    }
    return ok;
}

static bool run_recording(struct bytes text, const struct arguments *arguments, struct replay_result *result)
{
    struct scenario_options plain = options_of(arguments, false);
    struct scenario_options changed = options_of(arguments, true);
    result->is_recording = true;
    return (!result->compared || play_once(text, &plain, &result->baseline, result)) &&
           play_once(text, &changed, &result->lines, result);
}

static int replay_file(const char *file, const struct arguments *arguments, struct replay_result *result)
{
    char *content = NULL;
    size_t len = 0;
    struct error error = {0};
    *result = (struct replay_result){.file = file, .compared = arguments->setting_count > 0};
    if (!read_whole_file(file, RECORDING_TEXT_MAX, &content, &len, &error)) {
        fprintf(stderr, "nearwell replay: %s\n", error.text);
        return EXIT_USAGE;
    }
    struct bytes text = {(const uint8_t *)content, len};
    bool ok = recording_recognize(text) ? run_recording(text, arguments, result)
                                        : run_scenario(text, arguments, result);
    free(content);
    if (!ok) {
        return EXIT_USAGE;
    }
    result->repeat = command_to_repeat(arguments, result);
    bool differs = result->recording.differences > 0 && !result->compared;
    return result->report.failed > 0 || differs ? EXIT_FAILED : EXIT_OK;
}

// --- the command -------------------------------------------------------------------------------------------

static bool write_junit(const char *path, const struct replay_result *results, size_t count)
{
    FILE *file = open_output(path);
    if (file == NULL) {
        return false;
    }
    replay_print_junit(results, count, file);
    return written(fclose(file) == 0, path);
}

static void print_results(const struct arguments *arguments, const struct replay_result *results,
                          size_t count)
{
    if (arguments->json) {
        json_t *json = replay_json(results, count, arguments->timeline);
        json_dumpf(json, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
        fputc('\n', stdout);
        json_decref(json);
    } else if (arguments->tap) {
        replay_print_tap(results, count, stdout);
    }
}

static int run_live(const struct arguments *arguments)
{
    const struct live_options options = {.scenario = options_of(arguments, true),
                                         .speed = arguments->speed,
                                         .tolerance_s = arguments->tolerance_s,
                                         .live_setting = arguments->live_setting,
                                         .json = arguments->json};
    int worst = EXIT_OK;
    for (size_t i = 0; i < arguments->file_count; i++) {
        int code = replay_live(arguments->files[i], &options);
        worst = code > worst ? code : worst;
    }
    return worst;
}

int command_replay(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct error error = {0};
    if (!parse(argc, argv, &arguments, &error)) {
        fprintf(stderr, "nearwell replay: %s\n", error.text);
        return EXIT_USAGE;
    }
    if (arguments.help) {
        fputs(help, stdout);
        return EXIT_OK;
    }
    if (arguments.mutate) {
        struct scenario_options options = options_of(&arguments, true);
        return replay_mutate(arguments.files, arguments.file_count, &options, arguments.least);
    }
    if (arguments.live) {
        return run_live(&arguments);
    }
    struct replay_result *results = xcalloc(arguments.file_count, sizeof *results);
    size_t count = 0;
    int worst = EXIT_OK;
    for (size_t i = 0; i < arguments.file_count; i++) {
        int code = replay_file(arguments.files[i], &arguments, &results[count]);
        worst = code > worst ? code : worst;
        if (code == EXIT_USAGE) {
            replay_result_free(&results[count]);
            continue;
        }
        if (!arguments.json && !arguments.tap) {
            replay_print_text(&results[count], arguments.timeline, stdout);
        }
        count++;
    }
    print_results(&arguments, results, count);
    if (arguments.junit != NULL && !write_junit(arguments.junit, results, count)) {
        worst = EXIT_USAGE;
    }
    for (size_t i = 0; i < count; i++) {
        replay_result_free(&results[i]);
    }
    free(results);
    return worst;
}
