// SPDX-License-Identifier: MIT
// nearwell status: what a running daemon sees and answers, as two tables.
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "commands.h"
#include "options.h"
#include "remote.h"

static const char help[] = "usage: nearwell status [--name NAME] [--type TYPE] [--place PLACE] [options]\n"
                           "\n"
                           "What a running daemon sees and answers: its health checks with what operators "
                           "imposed on them, and where\n"
                           "each routed name leads, from which places.\n"
                           "\n"
                           "  --name, --type, --place   only these answers\n"
                           "  --server URL              the daemon (" REMOTE_DEFAULT_URL ")\n"
                           "  --output text|json        (text); json is /status as it stands\n"
                           "  -h, --help\n"
                           "\n"
                           "exit code: 0 shown, 1 no daemon there, 2 wrong usage\n"
                           "\n"
                           "examples:\n"
                           "  nearwell status\n"
                           "  nearwell status --name api.example.com --place DE --output json\n";

// What each row of answers shows of its places, the rest is a number.
enum { PLACES_SHOWN = 6 };

struct arguments {
    const char *name;
    const char *type;
    const char *place;
    struct remote remote;
    bool json;
    bool help;
};

static bool parse(int argc, char **argv, struct arguments *out, struct error *error)
{
    static const struct option table[] = {
        {"name", required_argument, NULL, 'n'},
        {"type", required_argument, NULL, 'k'},
        {"place", required_argument, NULL, 'p'},
        {"server", required_argument, NULL, 's'},
        {"output", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "h", table, NULL)) != -1) {
        const char **text = option == 'n'   ? &out->name
                            : option == 'k' ? &out->type
                            : option == 'p' ? &out->place
                            : option == 's' ? &out->remote.url
                                            : NULL;
        if (text != NULL) {
            *text = optarg;
        } else if (option == 'h') {
            out->help = true;
        } else if (option != 'o') {
            return error_set(error, "see nearwell status --help");
        } else if (!option_output(optarg, &out->json, error)) {
            return false;
        }
    }
    return optind == argc || error_set(error, "unexpected '%s'; see nearwell status --help", argv[optind]);
}

static void append_parameter(struct buffer *path, const char *name, const char *value)
{
    if (value != NULL) {
        buffer_format(path, "%c%s=", strchr(buffer_string(path), '?') != NULL ? '&' : '?', name);
        remote_escape(path, value);
    }
}

// --- health checks

static void print_override(const json_t *override)
{
    if (!json_is_object(override)) {
        return;
    }
    bool inverted = json_is_true(json_object_get(override, "Inverted"));
    bool disabled = json_is_true(json_object_get(override, "Disabled"));
    const char *verdict = remote_text(override, "Verdict");
    const char *until = remote_text(override, "until");
    const char *reason = remote_text(override, "Reason");
    printf("  %s%s%s%s%s",
           inverted && disabled ? "drained"
           : inverted           ? "inverted"
           : disabled           ? "disabled"
                                : "declared ",
           !inverted && !disabled ? verdict : "", *until != '\0' ? " until " : "", until,
           *reason != '\0' ? ": " : "");
    fputs(reason, stdout);
}

static void print_check(const json_t *check, int name_width)
{
    const json_t *checkers = json_object_get(check, "checkers");
    char share[32];
    snprintf(share, sizeof share, "%lld/%lld", json_integer_value(json_object_get(checkers, "healthy")),
             json_integer_value(json_object_get(checkers, "total")));
    printf("  %-36s  %-*s  %-9s  %8s  %-24s", remote_text(check, "id"), name_width,
           remote_text(check, "name"), remote_text(check, "status"), share, remote_text(check, "since"));
    print_override(json_object_get(check, "override"));
    putchar('\n');
}

static void print_checks(const json_t *checks)
{
    size_t i;
    json_t *check;
    int width = 4;
    json_array_foreach(checks, i, check)
    {
        int len = (int)strlen(remote_text(check, "name"));
        width = len > width ? len : width;
    }
    printf("\n  %-36s  %-*s  %-9s  %8s  %s\n", "health check", width, "name", "status", "checkers", "since");
    json_array_foreach(checks, i, check)
    {
        print_check(check, width);
    }
}

// --- answers

// Where an answer leads, the place left out: answers that agree in it are one row.
static void lead(const json_t *answer, struct buffer *out)
{
    size_t i;
    json_t *value;
    const char *identifier = remote_text(answer, "set_identifier");
    buffer_clear(out);
    buffer_format(out, "  %-28s  %-5s  %-18s ", remote_text(answer, "name"), remote_text(answer, "type"),
                  *identifier != '\0' ? identifier : "-");
    json_array_foreach(json_object_get(answer, "values"), i, value)
    {
        buffer_format(out, " %s", json_string_value(value));
    }
    buffer_text(out, json_array_size(json_object_get(answer, "values")) == 0 ? " (nothing)" : "");
    buffer_text(out, json_is_true(json_object_get(answer, "fail_open")) ? " by fail-open" : "");
    buffer_text(out, json_is_true(json_object_get(answer, "by_chance")) ? " by chance" : "");
}

// One row: all answers from first on that lead to the same. Those told are marked, so that each is told once.
static void print_row(const json_t *answers, size_t first, bool *told)
{
    struct buffer row;
    struct buffer other;
    unsigned places = 0;
    buffer_init(&row, 1 << 20);
    buffer_init(&other, 1 << 20);
    lead(json_array_get(answers, first), &row);
    printf("%s  from", buffer_string(&row));
    for (size_t i = first; i < json_array_size(answers); i++) {
        const json_t *answer = json_array_get(answers, i);
        if (told[i]) {
            continue;
        }
        lead(answer, &other);
        if (strcmp(buffer_string(&row), buffer_string(&other)) == 0) {
            told[i] = true;
            if (places++ < PLACES_SHOWN) {
                printf(" %s", remote_text(answer, "place"));
            }
        }
    }
    if (places > PLACES_SHOWN) {
        printf(" and %u more", places - PLACES_SHOWN);
    }
    putchar('\n');
    buffer_free(&row);
    buffer_free(&other);
}

static void print_answers(const json_t *answers, bool narrowed)
{
    size_t count = json_array_size(answers);
    bool *told = xcalloc(count + 1, sizeof *told);
    printf("\n  %-28s  %-5s  %-18s  %s\n", "answer", "type", "goes to", "values, and the places");
    for (size_t i = 0; i < count; i++) {
        if (!told[i]) {
            print_row(answers, i, told);
        }
    }
    if (count == 0) {
        printf("  none%s\n",
               narrowed ? " by this --name, --type and --place" : "; no name has a routing policy");
    }
    free(told);
}

static void print_text(const struct arguments *arguments, const json_t *status)
{
    const json_t *policy = json_object_get(status, "policy");
    const json_t *error = json_object_get(policy, "error");
    const char *source = remote_text(policy, "source");
    printf("nearwell %s at %s, %s, %s, now %s\n", remote_text(status, "version"), arguments->remote.url,
           json_is_true(json_object_get(status, "ready")) ? "ready" : "not ready yet",
           *source != '\0' ? source : "no policy file", remote_text(status, "now"));
    if (json_is_object(error)) {
        printf("the last reload failed at %s: %s\n", remote_text(error, "at"), remote_text(error, "message"));
    }
    print_checks(json_object_get(status, "health_checks"));
    print_answers(json_object_get(status, "answers"),
                  arguments->name != NULL || arguments->type != NULL || arguments->place != NULL);
    if (json_is_true(json_object_get(status, "answers_truncated"))) {
        puts("  and more; --name, --type and --place narrow it");
    }
}

static bool ask(const struct arguments *arguments, json_t **out, struct error *error)
{
    struct buffer path;
    buffer_init(&path, 16384);
    buffer_text(&path, "/status");
    append_parameter(&path, "name", arguments->name);
    append_parameter(&path, "type", arguments->type);
    append_parameter(&path, "place", arguments->place);
    bool ok = remote_ask(&arguments->remote, "GET", buffer_string(&path), NULL, out, error);
    buffer_free(&path);
    return ok;
}

int command_status(int argc, char **argv)
{
    struct arguments arguments = {.remote.url = REMOTE_DEFAULT_URL};
    struct error error = {0};
    json_t *status = NULL;
    int code = EXIT_OK;
    if (!parse(argc, argv, &arguments, &error)) {
        code = EXIT_USAGE;
    } else if (arguments.help) {
        fputs(help, stdout);
    } else if (!ask(&arguments, &status, &error)) {
        code = EXIT_FAILED;
    } else if (arguments.json) {
        json_dumpf(status, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
        fputc('\n', stdout);
    } else {
        print_text(&arguments, status);
    }
    if (code != EXIT_OK) {
        fprintf(stderr, "nearwell status: %s\n", error.text);
    }
    json_decref(status);
    return code;
}
