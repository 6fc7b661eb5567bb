// SPDX-License-Identifier: MIT
// nearwell drain takes clients away from a region or a check; nearwell release ends that.
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "commands.h"
#include "options.h"
#include "remote.h"

static const char drain_help[] =
    "usage: nearwell drain REGION|CHECK [--for TIME] [--reason TEXT] [options]\n"
    "\n"
    "Takes clients away: pins all health checks that latency records of REGION have, or one CHECK (its id "
    "or\n"
    "name), unhealthy, whatever the endpoint does (Disabled and Inverted). Ends by itself after TIME, or "
    "with\n"
    "nearwell release. Where nothing else is healthy, clients are still answered.\n"
    "\n"
    "  --for TIME            90s, 10m, 2h; without it until released\n"
    "  --reason TEXT         why, for those who find it\n"
    "  --dry-run             show which checks it would be; change nothing\n"
    "  --server URL          the daemon (" REMOTE_DEFAULT_URL ")\n"
    "  --token-file FILE     what the daemon got with --admin-token-file\n"
    "  --output text|json    (text)\n"
    "  -h, --help\n"
    "\n"
    "exit code: 0 done, 1 refused or no daemon there, 2 wrong usage\n"
    "\n"
    "examples:\n"
    "  nearwell drain eu-west-1 --for 2h --reason 'kernel update'\n"
    "  nearwell drain 'eu-west-1 /health' --dry-run\n";

static const char release_help[] =
    "usage: nearwell release REGION|CHECK [options]\n"
    "\n"
    "Ends what operators imposed on the health checks that latency records of REGION have, or on one CHECK "
    "(its\n"
    "id or name): a drain, or anything else that POST /admin/health-checks/ID did.\n"
    "\n"
    "  --dry-run             show which checks it would be; change nothing\n"
    "  --server URL          the daemon (" REMOTE_DEFAULT_URL ")\n"
    "  --token-file FILE     what the daemon got with --admin-token-file\n"
    "  --output text|json    (text)\n"
    "  -h, --help\n"
    "\n"
    "exit code: 0 done, 1 nothing was imposed, or no daemon there, 2 wrong usage\n"
    "\n"
    "examples:\n"
    "  nearwell release eu-west-1\n";

struct arguments {
    bool release;
    const char *target;
    const char *duration;
    const char *reason;
    struct remote remote;
    bool dry_run;
    bool json;
    bool help;
};

static const char *command_name(const struct arguments *arguments)
{
    return arguments->release ? "release" : "drain";
}

static bool set_duration(const char *value, struct arguments *out, struct error *error)
{
    duration length;
    if (!duration_parse(bytes_of(value), &length) || length == 0) {
        return error_set(error, "--for: '%s' is not a duration; for example 90s, 10m or 2h", value);
    }
    out->duration = value;
    return true;
}

static bool parse_option(int option, const char *value, struct arguments *out, struct error *error)
{
    switch (option) {
    case 'f':
        return set_duration(value, out, error);
    case 'r':
        out->reason = value;
        return true;
    case 'n':
        out->dry_run = true;
        return true;
    case 's':
        out->remote.url = value;
        return true;
    case 't':
        return remote_read_token(&out->remote, value, error);
    case 'o':
        return option_output(value, &out->json, error);
    case 'h':
        out->help = true;
        return true;
    default:
        return error_set(error, "see nearwell %s --help", command_name(out));
    }
}

static bool parse(int argc, char **argv, struct arguments *out, struct error *error)
{
    static const struct option table[] = {
        {"dry-run", no_argument, NULL, 'n'},
        {"server", required_argument, NULL, 's'},
        {"token-file", required_argument, NULL, 't'},
        {"output", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},
        {"for", required_argument, NULL, 'f'},
        {"reason", required_argument, NULL, 'r'},
        {NULL, 0, NULL, 0},
    };
    static const struct option release_table[] = {
        {"dry-run", no_argument, NULL, 'n'},
        {"server", required_argument, NULL, 's'},
        {"token-file", required_argument, NULL, 't'},
        {"output", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "h", out->release ? release_table : table, NULL)) != -1) {
        if (!parse_option(option, optarg, out, error)) {
            return false;
        }
    }
    if (out->help) {
        return true;
    }
    if (argc - optind != 1) {
        return error_set(error, "one REGION or CHECK; see nearwell %s --help", command_name(out));
    }
    out->target = argv[optind];
    return true;
}

static bool ask(const struct arguments *arguments, json_t **out, struct error *error)
{
    struct buffer path;
    const char *method = arguments->dry_run ? "GET" : arguments->release ? "DELETE" : "POST";
    json_t *body = strcmp(method, "POST") == 0
                       ? json_pack("{s:s*, s:s*}", "For", arguments->duration, "Reason", arguments->reason)
                       : NULL;
    buffer_init(&path, 16384);
    buffer_text(&path, "/admin/drains/");
    remote_escape(&path, arguments->target);
    bool ok = remote_ask(&arguments->remote, method, buffer_string(&path), body, out, error);
    json_decref(body);
    buffer_free(&path);
    return ok;
}

static void print_heading(const struct arguments *arguments, const json_t *checks)
{
    const json_t *override = json_object_get(json_array_get(checks, 0), "override");
    const char *until = remote_text(override, "until");
    const char *reason = remote_text(override, "Reason");
    if (arguments->dry_run) {
        printf("%s %s would %s\n", command_name(arguments), arguments->target,
               arguments->release ? "end what is imposed on" : "pin unhealthy");
    } else if (arguments->release) {
        printf("released %s\n", arguments->target);
    } else {
        printf("drained %s until %s%s%s\n", arguments->target, *until != '\0' ? until : "it is released",
               *reason != '\0' ? ": " : "", reason);
    }
}

static void print_text(const struct arguments *arguments, const json_t *answer)
{
    size_t i;
    json_t *item;
    const json_t *checks = json_object_get(answer, "health_checks");
    print_heading(arguments, checks);
    json_array_foreach(checks, i, item)
    {
        printf("  %-9s  %s%s%s\n", remote_text(item, "status"), remote_text(item, "id"),
               *remote_text(item, "name") != '\0' ? "  " : "", remote_text(item, "name"));
    }
    json_array_foreach(json_object_get(answer, "uncovered"), i, item)
    {
        printf("  stays      %s %s: its latency record of %s has no health check\n",
               remote_text(item, "name"), remote_text(item, "type"), arguments->target);
    }
}

static int run(int argc, char **argv, struct arguments *arguments)
{
    struct error error = {0};
    json_t *answer = NULL;
    int code = EXIT_OK;
    if (!parse(argc, argv, arguments, &error)) {
        code = EXIT_USAGE;
    } else if (arguments->help) {
        fputs(arguments->release ? release_help : drain_help, stdout);
    } else if (!ask(arguments, &answer, &error)) {
        code = EXIT_FAILED;
    } else if (arguments->json) {
        json_dumpf(answer, stdout, JSON_INDENT(2));
        fputc('\n', stdout);
    } else {
        print_text(arguments, answer);
    }
    if (code != EXIT_OK) {
        fprintf(stderr, "nearwell %s: %s\n", command_name(arguments), error.text);
    }
    json_decref(answer);
    remote_free(&arguments->remote);
    return code;
}

int command_drain(int argc, char **argv)
{
    struct arguments arguments = {.remote.url = REMOTE_DEFAULT_URL};
    return run(argc, argv, &arguments);
}

int command_release(int argc, char **argv)
{
    struct arguments arguments = {.release = true, .remote.url = REMOTE_DEFAULT_URL};
    return run(argc, argv, &arguments);
}
