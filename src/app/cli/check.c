// SPDX-License-Identifier: MIT
// nearwell check: are these policies good?
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/daemon/embedded.h"
#include "commands.h"
#include "core/policy/read.h"
#include "core/policy/request_rates.h"
#include "core/scenario/scenario.h"
#include "io/files/mmdb.h"
#include "io/files/read.h"
#include "options.h"

static const char help[] =
    "usage: nearwell check FILE... [--output text|json]\n"
    "\n"
    "Validates policies and scenarios without a daemon or a network. Findings are on stdout, each with its "
    "place:\n"
    "FILE:LINE:COLUMN: error: ... Warnings tell what nearwell accepts and AWS would refuse, and\n"
    "what both accept but is hardly ever meant. For a good file it also tells how many requests a\n"
    "second the health checks will send to each endpoint, at most. JSON Schemas (*.schema.json) are left "
    "out.\n"
    "\n"
    "  --output text|json    (text)\n"
    "  -h, --help\n"
    "\n"
    "exit code: 0 all files are good, 1 one has an error, 2 one cannot be read, or wrong usage\n"
    "\n"
    "examples:\n"
    "  nearwell check policies/three-regions.json scenarios/story.json\n"
    "  nearwell check --output json policies/*.json | jq '.files[].findings[].message'\n";

enum { FINDINGS_TEXT_MAX = 16 << 20 };

// What there is to say about one file.
struct report {
    const char *path;
    struct diagnostics *diagnostics;
    const struct model_spec *spec;   // NULL when there are errors, or it is a scenario
    const struct scenario *scenario; // the other way round
};

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

// --- text --------------------------------------------------------------------------------------------------

static void print_count(const char *separator, size_t count, const char *one, const char *many)
{
    printf("%s%zu %s", separator, count, count == 1 ? one : many);
}

static size_t record_set_count(const struct model_spec *spec)
{
    size_t count = 0;
    for (uint32_t i = 0; i < spec->zone_count; i++) {
        count += spec->zones[i].record_set_count;
    }
    return count;
}

static bool of_policy(uint8_t source)
{
    return source == CLIENT_SOURCE_POLICY || source == CLIENT_SOURCE_FILE;
}

static bool of_databases(uint8_t source)
{
    return source >= CLIENT_SOURCE_DATABASE;
}

static size_t client_count(const struct model_spec *spec, bool (*counts)(uint8_t source))
{
    size_t count = 0;
    for (uint32_t i = 0; i < spec->client_count; i++) {
        count += counts(spec->clients[i].source);
    }
    return count;
}

// P1, P2: what operators of an endpoint want to know beforehand.
static void print_rates(const struct model_spec *spec)
{
    size_t count;
    struct request_rate *rates = request_rates(spec, &count);
    int width = 0;
    for (size_t i = 0; i < count; i++) {
        int len = (int)strlen(rates[i].endpoint);
        width = len > width ? len : width;
    }
    if (count > 0) {
        puts("requests of health checks, at most:");
    }
    for (size_t i = 0; i < count; i++) {
        printf("  %-*s  %.2f/s", width, rates[i].endpoint, rates[i].per_second);
        print_count(" by ", rates[i].checks, "check", "checks");
        putchar('\n');
    }
    free(rates);
}

static void print_text(const struct report *report)
{
    struct buffer findings;
    buffer_init(&findings, FINDINGS_TEXT_MAX);
    diagnostics_print(report->diagnostics, &findings);
    fputs(buffer_string(&findings), stdout);
    buffer_free(&findings);
    const struct model_spec *spec = report->spec;
    if (spec != NULL) {
        printf("%s: ok", report->path);
        print_count(", ", spec->zone_count, "zone", "zones");
        print_count(", ", record_set_count(spec), "record set", "record sets");
        print_count(", ", spec->health_check_count, "health check", "health checks");
        print_count(", ", client_count(spec, of_policy), "client prefix", "client prefixes");
        if (client_count(spec, of_databases) > 0) {
            print_count(", ", client_count(spec, of_databases), "located network", "located networks");
        }
        putchar('\n');
        print_rates(spec);
    }
    if (report->scenario != NULL) {
        printf("%s: ok", report->path);
        print_count(", ", scenario_event_count(report->scenario), "event", "events");
        print_count(", ", scenario_expectation_count(report->scenario), "expectation", "expectations");
        putchar('\n');
    }
}

// --- JSON --------------------------------------------------------------------------------------------------

// Names of files may hold any byte; JSON may not.
static json_t *json_text(const char *text)
{
    json_t *value = json_string(text);
    if (value != NULL) {
        return value;
    }
    struct buffer ascii;
    buffer_init(&ascii, FINDINGS_TEXT_MAX);
    for (; *text != '\0'; text++) {
        buffer_char(&ascii, (unsigned char)*text < 0x80 ? *text : '?');
    }
    value = json_string(buffer_string(&ascii));
    buffer_free(&ascii);
    return value;
}

static void add_finding(const struct diagnostic *finding, void *context)
{
    json_t *json = json_object();
    json_object_set_new(json, "level", json_string(finding->level == DIAGNOSTIC_ERROR ? "error" : "warning"));
    json_object_set_new(json, "file", json_text(finding->file));
    json_object_set_new(json, "line", json_integer(finding->line));
    json_object_set_new(json, "column", json_integer(finding->column));
    json_object_set_new(json, "message", json_text(finding->message));
    json_array_append_new(context, json);
}

static json_t *rates_json(const struct model_spec *spec)
{
    size_t count;
    struct request_rate *rates = request_rates(spec, &count);
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *json = json_object();
        json_object_set_new(json, "endpoint", json_text(rates[i].endpoint));
        json_object_set_new(json, "requests_per_second_at_most", json_real(rates[i].per_second));
        json_object_set_new(json, "health_checks", json_integer(rates[i].checks));
        json_array_append_new(array, json);
    }
    free(rates);
    return array;
}

static void add_report(const struct report *report, json_t *files)
{
    json_t *findings = json_array();
    json_t *json = json_object();
    const struct model_spec *spec = report->spec;
    diagnostics_each(report->diagnostics, add_finding, findings);
    json_object_set_new(json, "file", json_text(report->path));
    json_object_set_new(json, "ok", json_boolean(spec != NULL || report->scenario != NULL));
    json_object_set_new(json, "errors", json_integer((json_int_t)diagnostics_errors(report->diagnostics)));
    json_object_set_new(json, "warnings",
                        json_integer((json_int_t)diagnostics_warnings(report->diagnostics)));
    if (report->scenario != NULL) {
        json_object_set_new(json, "events", json_integer((json_int_t)scenario_event_count(report->scenario)));
        json_object_set_new(json, "expectations",
                            json_integer((json_int_t)scenario_expectation_count(report->scenario)));
    }
    if (spec != NULL) {
        json_object_set_new(json, "zones", json_integer(spec->zone_count));
        json_object_set_new(json, "record_sets", json_integer((json_int_t)record_set_count(spec)));
        json_object_set_new(json, "health_checks", json_integer(spec->health_check_count));
        json_object_set_new(json, "client_prefixes", json_integer((json_int_t)client_count(spec, of_policy)));
        json_object_set_new(json, "located_networks",
                            json_integer((json_int_t)client_count(spec, of_databases)));
        json_object_set_new(json, "endpoints", rates_json(spec));
    }
    json_object_set_new(json, "findings", findings);
    json_array_append_new(files, json);
}

static void print_json(json_t *files)
{
    json_t *json = json_object();
    json_object_set_new(json, "schema_version", json_integer(1));
    json_object_set(json, "files", files);
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
}

// --- the command -------------------------------------------------------------------------------------------

// files: NULL for text.
static void tell(const struct report *report, json_t *files)
{
    if (files != NULL) {
        add_report(report, files);
    } else {
        print_text(report);
    }
}

static bool check_policy(struct report *report, struct bytes text, const struct policy_options *options,
                         json_t *files)
{
    struct policy *policy = policy_read(report->path, text, options, report->diagnostics);
    report->spec = policy != NULL ? policy_spec(policy) : NULL;
    tell(report, files);
    policy_destroy(policy);
    return policy != NULL;
}

// What AWS would refuse is told of the policy itself, not of every scenario that uses it.
static bool check_scenario(struct report *report, struct bytes text, const struct policy_options *options,
                           json_t *files)
{
    struct scenario_options reading = {.policy = *options};
    reading.policy.aws_warnings = false;
    reading.policy.trap_warnings = false;
    struct scenario *scenario = scenario_read(report->path, text, &reading, report->diagnostics);
    report->scenario = scenario;
    tell(report, files);
    scenario_destroy(scenario);
    return scenario != NULL;
}

static int check_file(const char *path, json_t *files)
{
    char *text;
    size_t len;
    struct error error = {0};
    if (!read_whole_file(path, POLICY_TEXT_MAX, &text, &len, &error)) {
        fprintf(stderr, "nearwell check: %s\n", error.text);
        return EXIT_USAGE;
    }
    struct policy_options options = {
        .read_file = read_named_file,
        .read_locations = read_locations,
        .default_latency_name = "(built in) latency/aws.json",
        .default_latency = {(const uint8_t *)embedded_latency_table, embedded_latency_table_size},
        .default_population_name = "(built in) population/world.json",
        .default_population = {(const uint8_t *)embedded_population, embedded_population_size},
        .on_loopback = true,
        .aws_warnings = true,
        .trap_warnings = true,
    };
    struct report report = {.path = path, .diagnostics = diagnostics_create()};
    struct bytes content = {(const uint8_t *)text, len};
    bool good = scenario_recognize(content) ? check_scenario(&report, content, &options, files)
                                            : check_policy(&report, content, &options, files);
    diagnostics_destroy(report.diagnostics);
    free(text);
    return good ? EXIT_OK : EXIT_FAILED;
}

struct arguments {
    bool help;
    bool json;
    char **files;
    int file_count;
};

static bool parse(int argc, char **argv, struct arguments *out, struct error *error)
{
    static const struct option table[] = {
        {"output", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "h", table, NULL)) != -1) {
        if (option == 'o') {
            if (!option_output(optarg, &out->json, error)) {
                return false;
            }
        } else if (option == 'h') {
            out->help = true;
        } else {
            return error_set(error, "see nearwell check --help");
        }
    }
    out->files = argv + optind;
    out->file_count = option_files(out->files, argc - optind);
    return out->help || out->file_count > 0 ||
           error_set(error, "a FILE is missing; see nearwell check --help");
}

int command_check(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct error error = {0};
    if (!parse(argc, argv, &arguments, &error)) {
        fprintf(stderr, "nearwell check: %s\n", error.text);
        return EXIT_USAGE;
    }
    if (arguments.help) {
        fputs(help, stdout);
        return EXIT_OK;
    }
    json_t *files = arguments.json ? json_array() : NULL;
    int worst = EXIT_OK;
    for (int i = 0; i < arguments.file_count; i++) {
        int code = check_file(arguments.files[i], files);
        worst = code > worst ? code : worst;
    }
    if (files != NULL) {
        print_json(files);
        json_decref(files);
    }
    return worst;
}
