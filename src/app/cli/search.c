// SPDX-License-Identifier: MIT
// nearwell search: which failures together break what a policy promises?
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/daemon/snapshot.h"
#include "base/xalloc.h"
#include "commands.h"
#include "core/search/report.h"
#include "estate.h"
#include "options.h"
#include "save.h"

static const char help[] =
    "usage: nearwell search POLICY [options]\n"
    "\n"
    "Tries every set of failures up to a size, for clients in every place of the policy's Population, and "
    "prints\n"
    "the smallest sets that break one of these:\n"
    "\n"
    "  dead-site   no client is sent to a dead site while another of the same name is alive\n"
    "  fail-open   no answer is by fail-open, which is when health is ignored since nothing is healthy\n"
    "  overload    no site gets more clients than it can bear: --capacity, or Capacities of the policy\n"
    "  moved       no single failure moves more clients than --most-moved, where that is given\n"
    "\n"
    "A site is an AWS region, or what a SetIdentifier names when it is in none. It dies with all its "
    "addresses;\n"
    "the health checks of its records see that. A check can also fail alone, and the checkers of one region "
    "can\n"
    "be cut off from all endpoints.\n"
    "\n"
    "  --fail KINDS          of site, check and partition, with commas between (site,check)\n"
    "  --up-to K             failures at once (2)\n"
    "  --break KINDS         look for these only, with commas between (all of the above)\n"
    "  --capacity SITE=PERCENT\n"
    "                        what a site can bear, of all clients; repeatable\n"
    "  --most-moved PERCENT  of all clients, by a single failure\n"
    "  --name NAME           only this name, which may be a target of aliases\n"
    "  --type TYPE           of --name (A)\n"
    "  --show N              findings of each kind (10)\n"
    "  --most DECISIONS      do not begin more work than this (2000000000)\n"
    "  --verify              hold every single decision to the resolver itself; slow\n"
    "  --save DIR            write each finding shown as a scenario for nearwell replay, which fails until "
    "the\n"
    "                        policy is better\n"
    "  --output text|json    (text)\n"
    "  -h, --help\n"
    "\n"
    "exit code: 0 nothing breaks, 1 something does, 2 wrong usage or input, or too much to do\n"
    "\n"
    "examples:\n"
    "  nearwell search policies/three-regions.json\n"
    "  nearwell search policies/three-regions.json --capacity us-east-1=60 --capacity eu-west-1=70\n"
    "  nearwell search --up-to 3 --save found policies/three-regions.json; nearwell replay found/*.json\n"
    "  nearwell search --fail partition --up-to 8 --output json policies/three-regions.json\n";

enum { CAPACITIES_MAX = 256, UP_TO_MAX = 64, SHOW_MAX = SEARCH_FINDINGS_MAX, TEXT_MAX = 64 << 20 };

static const uint64_t most_decisions = UINT64_C(2000000000);

struct arguments {
    const char *policy;
    const char *name;
    const char *type;
    const char *save;
    struct site_capacity capacities[CAPACITIES_MAX];
    unsigned capacity_count;
    struct search_options options;
    uint32_t show;
    bool json;
    bool help;
};

// --- arguments ---------------------------------------------------------------------------------------------

static const char *kind_name(unsigned i)
{
    return failure_kind_name(i);
}

static const char *invariant_name(unsigned i)
{
    return search_invariant_name(i);
}

// Words with commas between, as bits.
static bool parse_set(const char *option, const char *value, unsigned count, const char *(*name)(unsigned),
                      unsigned *out, struct error *error)
{
    struct bytes rest = bytes_of(value);
    struct bytes word;
    *out = 0;
    while (bytes_split(&rest, ',', &word)) {
        unsigned i = 0;
        while (i < count && !bytes_equal(word, bytes_of(name(i)))) {
            i++;
        }
        if (i == count) {
            return error_set(error, "%s: '%.*s' is none of them; see nearwell search --help", option,
                             (int)word.len, (const char *)word.data);
        }
        *out |= 1U << i;
    }
    return true;
}

static bool parse_percent(const char *option, const char *text, double *out, struct error *error)
{
    char *end;
    double percent = strtod(text, &end);
    if (end == text || strcmp(end, *end == '%' ? "%" : "") != 0 || !(percent >= 0 && percent <= 100000)) {
        return error_set(error, "%s: '%s' is not a percentage", option, text);
    }
    *out = percent;
    return true;
}

static bool parse_capacity(const char *value, struct arguments *out, struct error *error)
{
    const char *sign = strrchr(value, '=');
    struct site_capacity capacity = {0};
    if (sign == NULL || sign == value) {
        return error_set(error, "--capacity: '%s' is not SITE=PERCENT", value);
    }
    if (out->capacity_count == CAPACITIES_MAX) {
        return error_set(error, "--capacity: more than %d", CAPACITIES_MAX);
    }
    if (!parse_percent("--capacity", sign + 1, &capacity.percent, error)) {
        return false;
    }
    capacity.site = xstrndup(value, (size_t)(sign - value));
    out->capacities[out->capacity_count++] = capacity;
    return true;
}

static bool parse_count(const char *option, const char *value, uint64_t least, uint64_t most, uint64_t *out,
                        struct error *error)
{
    if (!bytes_parse_u64(bytes_of(value), most, out) || *out < least) {
        return error_set(error, "%s: '%s' is not a number from %" PRIu64 " to %" PRIu64, option, value, least,
                         most);
    }
    return true;
}

static bool parse_number(int option, const char *value, struct arguments *out, struct error *error)
{
    uint64_t number = 0;
    bool ok;
    switch (option) {
    case 'u':
        ok = parse_count("--up-to", value, 1, UP_TO_MAX, &number, error);
        out->options.up_to = (unsigned)number;
        return ok;
    case 'w':
        ok = parse_count("--show", value, 0, SHOW_MAX, &number, error);
        out->show = (uint32_t)number;
        return ok;
    default:
        return parse_count("--most", value, 1, UINT64_MAX, &out->options.most_decisions, error);
    }
}

static bool parse_option(int option, const char *value, struct arguments *out, struct error *error)
{
    switch (option) {
    case 'f':
        return parse_set("--fail", value, FAILURE_KINDS, kind_name, &out->options.kinds, error);
    case 'b':
        return parse_set("--break", value, SEARCH_INVARIANTS, invariant_name, &out->options.invariants,
                         error);
    case 'c':
        return parse_capacity(value, out, error);
    case 'm':
        return parse_percent("--most-moved", value, &out->options.most_moved, error);
    case 'n':
        out->name = value;
        return true;
    case 't':
        out->type = value;
        return true;
    case 's':
        out->save = value;
        return true;
    case 'v':
        out->options.verify = true;
        return true;
    case 'o':
        return option_output(value, &out->json, error);
    case 'h':
        out->help = true;
        return true;
    case 'u':
    case 'w':
    case 'd':
        return parse_number(option, value, out, error);
    default:
        return error_set(error, "see nearwell search --help");
    }
}

static bool parse(int argc, char **argv, struct arguments *out, struct error *error)
{
    static const struct option table[] = {
        {"fail", required_argument, NULL, 'f'},
        {"up-to", required_argument, NULL, 'u'},
        {"break", required_argument, NULL, 'b'},
        {"capacity", required_argument, NULL, 'c'},
        {"most-moved", required_argument, NULL, 'm'},
        {"name", required_argument, NULL, 'n'},
        {"type", required_argument, NULL, 't'},
        {"show", required_argument, NULL, 'w'},
        {"most", required_argument, NULL, 'd'},
        {"verify", no_argument, NULL, 'v'},

        {"output", required_argument, NULL, 'o'},
        {"save", required_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "h", table, NULL)) != -1) {
        if (!parse_option(option, optarg, out, error)) {
            return false;
        }
    }
    if (out->help) {
        return true;
    }
    if (argc - optind != 1) {
        return error_set(error, "one POLICY; see nearwell search --help");
    }
    out->policy = argv[optind];
    return out->type == NULL || out->name != NULL || error_set(error, "--type goes with --name");
}

// --- the search --------------------------------------------------------------------------------------------

static bool set_capacity(const struct atlas *atlas, const struct site_capacity *capacity, bool must_exist,
                         double *capacities, struct error *error)
{
    uint32_t site = atlas_find_site(atlas, capacity->site);
    if (site < atlas->site_count) {
        capacities[site] = capacity->percent / 100;
    } else if (must_exist) {
        return error_set(error, "--capacity: no site is called '%s'", capacity->site);
    }
    return true;
}

// Those of the policy may be of sites that only other names have.
static bool set_capacities(const struct atlas *atlas, const struct arguments *arguments, double *capacities,
                           struct error *error)
{
    const struct model *model = atlas->view->model;
    for (uint32_t i = 0; i < ATLAS_SITES_MAX; i++) {
        capacities[i] = INFINITY;
    }
    for (uint32_t i = 0; i < model->capacity_count; i++) {
        set_capacity(atlas, &model->capacities[i], false, capacities, NULL);
    }
    for (unsigned i = 0; i < arguments->capacity_count; i++) {
        if (!set_capacity(atlas, &arguments->capacities[i], true, capacities, error)) {
            return false;
        }
    }
    return true;
}

static void show_progress(uint64_t done, uint64_t all, void *context)
{
    unsigned *shown = context;
    unsigned percent = (unsigned)(100 * (double)done / (double)all);
    if (percent > *shown) {
        *shown = percent;
        fprintf(stderr, "\rnearwell search: %u %% of %" PRIu64 " states", percent, all);
    }
}

static int print(const json_t *report, bool as_json)
{
    if (as_json) {
        json_dumpf(report, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
        fputc('\n', stdout);
    } else {
        struct buffer text;
        buffer_init(&text, TEXT_MAX);
        search_text(report, &text);
        fputs(buffer_string(&text), stdout);
        buffer_free(&text);
    }
    bool good = json_array_size(json_object_get(report, "findings")) == 0 &&
                json_integer_value(json_object_get(report, "findings_left_out")) == 0;
    return good ? EXIT_OK : EXIT_FAILED;
}

static bool run(const struct atlas *atlas, struct arguments *arguments, json_t **report, struct error *error)
{
    double capacities[ATLAS_SITES_MAX];
    unsigned shown = 0;
    struct search_result result;
    struct search_options *options = &arguments->options;
    if (!set_capacities(atlas, arguments, capacities, error)) {
        return false;
    }
    options->capacities = capacities;
    if (isatty(STDERR_FILENO)) {
        options->progress = show_progress;
        options->context = &shown;
    }
    bool ok = search_run(atlas, options, &result, error);
    if (shown > 0) {
        fputs("\r\033[K", stderr);
    }
    if (ok) {
        *report = search_json(atlas, options, &result, arguments->show);
        ok = arguments->save == NULL ||
             save_findings(arguments->save, atlas, options, &result, arguments->show, *report, error);
        search_result_free(&result);
    }
    return ok;
}

static bool search(struct arguments *arguments, json_t **report, struct error *error)
{
    struct estate estate;
    if (!estate_load(arguments->policy, arguments->name, arguments->type, &estate, error)) {
        return false;
    }
    bool ok = run(estate.atlas, arguments, report, error);
    estate_free(&estate);
    return ok;
}

int command_search(int argc, char **argv)
{
    struct arguments arguments = {
        .show = 10,
        .options = {.kinds = 1 << FAILURE_SITE | 1 << FAILURE_CHECK,
                    .up_to = 2,
                    .invariants = (1 << SEARCH_INVARIANTS) - 1,
                    .most_moved = 100,
                    .most_decisions = most_decisions},
    };
    struct error error = {0};
    json_t *report = NULL;
    int code = EXIT_USAGE;
    bool parsed = parse(argc, argv, &arguments, &error);
    arguments.options.most_moved /= 100;
    if (parsed && arguments.help) {
        fputs(help, stdout);
        code = EXIT_OK;
    } else if (parsed && search(&arguments, &report, &error)) {
        code = print(report, arguments.json);
    } else {
        fprintf(stderr, "nearwell search: %s\n", error.text);
    }
    json_decref(report);
    for (unsigned i = 0; i < arguments.capacity_count; i++) {
        free((char *)(uintptr_t)arguments.capacities[i].site); // NOLINT: ours
    }
    return code;
}
