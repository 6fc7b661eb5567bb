// SPDX-License-Identifier: MIT
// nearwell blast: whom does a drain, or another policy, move?
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/xalloc.h"
#include "commands.h"
#include "core/search/blast.h"
#include "core/search/failures.h"
#include "estate.h"
#include "options.h"

static const char help[] = "usage: nearwell blast POLICY --drain WHO [options]\n"
                           "       nearwell blast OLD NEW [options]\n"
                           "\n"
                           "How many of the clients in the policy's Population move, from where to where, "
                           "and what it costs them in\n"
                           "milliseconds by the latency table, when a region is drained or another policy "
                           "takes over. All health checks\n"
                           "see what they should.\n"
                           "\n"
                           "  --drain WHO           an AWS region (or another site), whose checks are pinned "
                           "unhealthy, or the id or\n"
                           "                        name of one health check; repeatable\n"
                           "  --name NAME           only this name, which may be a target of aliases\n"
                           "  --type TYPE           of --name (A)\n"
                           "  --output text|json    (text)\n"
                           "  -h, --help\n"
                           "\n"
                           "exit code: 0, 2 wrong usage or input\n"
                           "\n"
                           "examples:\n"
                           "  nearwell blast policies/three-regions.json --drain us-east-1\n"
                           "  nearwell blast policies/three-regions.json proposed.json --output json | jq "
                           "'.names[].moved_percent'\n";

enum { DRAINS_MAX = 64, TEXT_MAX = 64 << 20, CANDIDATES = ATLAS_SITES_MAX };

struct arguments {
    const char *policies[2];
    unsigned policy_count;
    const char *drains[DRAINS_MAX];
    unsigned drain_count;
    const char *name;
    const char *type;
    bool json;
    bool help;
};

static bool parse_option(int option, const char *value, struct arguments *out, struct error *error)
{
    switch (option) {
    case 'd':
        if (out->drain_count == DRAINS_MAX) {
            return error_set(error, "--drain: more than %d", DRAINS_MAX);
        }
        out->drains[out->drain_count++] = value;
        return true;
    case 'n':
        out->name = value;
        return true;
    case 't':
        out->type = value;
        return true;
    case 'o':
        return option_output(value, &out->json, error);
    case 'h':
        out->help = true;
        return true;
    default:
        return error_set(error, "see nearwell blast --help");
    }
}

static bool parse(int argc, char **argv, struct arguments *out, struct error *error)
{
    static const struct option table[] = {
        {"drain", required_argument, NULL, 'd'}, {"name", required_argument, NULL, 'n'},
        {"type", required_argument, NULL, 't'},  {"output", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "h", table, NULL)) != -1) {
        if (!parse_option(option, optarg, out, error)) {
            return false;
        }
    }
    while (!out->help && optind < argc && out->policy_count < 2) {
        out->policies[out->policy_count++] = argv[optind++];
    }
    if (out->help) {
        return true;
    }
    if (out->policy_count == 0 || optind < argc || (out->policy_count == 2) == (out->drain_count > 0)) {
        return error_set(error, "either one POLICY and --drain, or OLD and NEW; see nearwell blast --help");
    }
    return out->type == NULL || out->name != NULL || error_set(error, "--type goes with --name");
}

// --- drains ------------------------------------------------------------------------------------------------

struct drain {
    struct failure *pins;
    unsigned count;
};

static void pin(struct drain *drain, uint32_t check)
{
    drain->pins[drain->count++] = (struct failure){FAILURE_DRAIN, check};
}

static bool pin_site(const struct atlas *atlas, uint32_t site, struct drain *drain)
{
    unsigned before = drain->count;
    for (uint32_t i = 0; i < atlas->view->model->health_check_count; i++) {
        if (atlas->check_used[i] && atlas->check_sites[i] == UINT64_C(1) << site) {
            pin(drain, i);
        }
    }
    return drain->count > before;
}

static bool pin_check(const struct model *model, const char *who, struct drain *drain)
{
    for (uint32_t i = 0; i < model->health_check_count; i++) {
        const struct health_check *check = &model->health_checks[i];
        if (strcmp(check->id, who) == 0 || (check->name != NULL && strcmp(check->name, who) == 0)) {
            pin(drain, i);
            return true;
        }
    }
    return false;
}

static bool unknown(const struct atlas *atlas, const char *who, struct error *error)
{
    const char *names[CANDIDATES + 1] = {NULL};
    for (uint32_t i = 0; i < atlas->site_count; i++) {
        names[i] = atlas->sites[i].name;
    }
    const char *nearest = suggest_nearest(who, names);
    return error_set(error, "--drain: no region, site or health check is called '%s'%s%s%s", who,
                     nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                     nearest != NULL ? "'?" : "");
}

static bool drain_one(const struct atlas *atlas, const char *who, struct drain *drain, struct error *error)
{
    uint32_t site = atlas_find_site(atlas, who);
    if (site == atlas->site_count) {
        return pin_check(atlas->view->model, who, drain) || unknown(atlas, who, error);
    }
    return pin_site(atlas, site, drain) ||
           error_set(error, "--drain: nothing in %s has a health check, so it cannot be drained", who);
}

static bool drain_all(const struct atlas *atlas, const struct arguments *arguments,
                      struct status_table *status, struct error *error)
{
    size_t checks = atlas->view->model->health_check_count + (size_t)1;
    struct drain drain = {.pins = xcalloc(checks * (arguments->drain_count + (size_t)1), sizeof *drain.pins)};
    struct health_effects *effects = health_effects_create(atlas);
    bool ok = true;
    for (unsigned i = 0; ok && i < arguments->drain_count; i++) {
        ok = drain_one(atlas, arguments->drains[i], &drain, error);
    }
    health_effects_apply(effects, drain.pins, drain.count, status);
    health_effects_destroy(effects);
    free(drain.pins);
    return ok;
}

// --- the comparison ----------------------------------------------------------------------------------------

static struct status_table *usual(const struct atlas *atlas)
{
    struct status_table *status = status_table_create(atlas->view->model->health_check_count, true);
    struct health_effects *effects = health_effects_create(atlas);
    health_effects_apply(effects, NULL, 0, status);
    health_effects_destroy(effects);
    return status;
}

static bool compare(const struct arguments *arguments, const struct estate *before,
                    const struct estate *after, json_t **report, struct error *error)
{
    struct blast_side sides[2];
    struct status_table *old = usual(before->atlas);
    struct status_table *new = usual(after->atlas);
    bool ok = arguments->drain_count == 0 || drain_all(after->atlas, arguments, new, error);
    sides[0] = (struct blast_side){before->atlas, old};
    sides[1] = (struct blast_side){after->atlas, new};
    if (ok) {
        *report = blast_json(&sides[0], &sides[1]);
    }
    free(old);
    free(new);
    return ok;
}

static bool blast(const struct arguments *arguments, json_t **report, struct error *error)
{
    struct estate estates[2] = {{0}};
    bool ok = true;
    for (unsigned i = 0; ok && i < arguments->policy_count; i++) {
        ok = estate_load(arguments->policies[i], arguments->name, arguments->type, &estates[i], error);
    }
    ok = ok && compare(arguments, &estates[0], &estates[arguments->policy_count - 1], report, error);
    estate_free(&estates[0]);
    estate_free(&estates[1]);
    return ok;
}

static void print(const json_t *report, bool as_json)
{
    if (as_json) {
        json_dumpf(report, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
        fputc('\n', stdout);
        return;
    }
    struct buffer text;
    buffer_init(&text, TEXT_MAX);
    blast_text(report, &text);
    fputs(buffer_string(&text), stdout);
    buffer_free(&text);
}

int command_blast(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct error error = {0};
    json_t *report = NULL;
    bool ok = parse(argc, argv, &arguments, &error);
    if (ok && arguments.help) {
        fputs(help, stdout);
        return EXIT_OK;
    }
    if (!ok || !blast(&arguments, &report, &error)) {
        fprintf(stderr, "nearwell blast: %s\n", error.text);
        return EXIT_USAGE;
    }
    print(report, arguments.json);
    json_decref(report);
    return EXIT_OK;
}
