// SPDX-License-Identifier: MIT
// nearwell journal: who changed what on a running daemon, when and why.
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "commands.h"
#include "core/admin/journal.h"
#include "options.h"
#include "remote.h"

static const char help[] = "usage: nearwell journal [--most N] [options]\n"
                           "\n"
                           "Who changed what on a running daemon, when and why, oldest first. The daemon "
                           "keeps the newest 1000 changes,\n"
                           "and with --state remembers them when it starts again.\n"
                           "\n"
                           "  --most N              only the newest N\n"
                           "  --server URL          the daemon (" REMOTE_DEFAULT_URL ")\n"
                           "  --output text|json    (text)\n"
                           "  -h, --help\n"
                           "\n"
                           "exit code: 0 shown, 1 no daemon there, 2 wrong usage\n"
                           "\n"
                           "examples:\n"
                           "  nearwell journal --most 20\n";

struct arguments {
    uint32_t most; // 0: all
    struct remote remote;
    bool json;
    bool help;
};

static bool parse(int argc, char **argv, struct arguments *out, struct error *error)
{
    static const struct option table[] = {
        {"most", required_argument, NULL, 'm'},
        {"server", required_argument, NULL, 's'},
        {"output", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "h", table, NULL)) != -1) {
        switch (option) {
        case 'm':
            if (!bytes_parse_u32(bytes_of(optarg), JOURNAL_MOST, &out->most) || out->most == 0) {
                return error_set(error, "--most: '%s' is not a number from 1 to %d", optarg, JOURNAL_MOST);
            }
            break;
        case 's':
            out->remote.url = optarg;
            break;
        case 'o':
            if (!option_output(optarg, &out->json, error)) {
                return false;
            }
            break;
        case 'h':
            out->help = true;
            break;
        default:
            return error_set(error, "see nearwell journal --help");
        }
    }
    return optind == argc || error_set(error, "unexpected '%s'; see nearwell journal --help", argv[optind]);
}

static bool ask(const struct arguments *arguments, json_t **out, struct error *error)
{
    struct buffer path;
    buffer_init(&path, 1024);
    buffer_text(&path, "/admin/journal");
    if (arguments->most > 0) {
        buffer_format(&path, "?most=%u", arguments->most);
    }
    bool ok = remote_ask(&arguments->remote, "GET", buffer_string(&path), NULL, out, error);
    buffer_free(&path);
    return ok;
}

static void print_text(const json_t *journal)
{
    size_t i;
    json_t *entry;
    json_array_foreach(json_object_get(journal, "journal"), i, entry)
    {
        size_t j;
        json_t *on;
        const char *why = remote_text(entry, "why");
        printf("%s  %s  %s", remote_text(entry, "at"), remote_text(entry, "who"), remote_text(entry, "what"));
        json_array_foreach(json_object_get(entry, "on"), j, on)
        {
            printf(" %s", json_string_value(on));
        }
        printf("%s%s\n", *why != '\0' ? ": " : "", why);
    }
}

int command_journal(int argc, char **argv)
{
    struct arguments arguments = {.remote.url = REMOTE_DEFAULT_URL};
    struct error error = {0};
    json_t *journal = NULL;
    int code = EXIT_OK;
    if (!parse(argc, argv, &arguments, &error)) {
        code = EXIT_USAGE;
    } else if (arguments.help) {
        fputs(help, stdout);
    } else if (!ask(&arguments, &journal, &error)) {
        code = EXIT_FAILED;
    } else if (arguments.json) {
        json_dumpf(journal, stdout, JSON_INDENT(2));
        fputc('\n', stdout);
    } else {
        print_text(journal);
    }
    if (code != EXIT_OK) {
        fprintf(stderr, "nearwell journal: %s\n", error.text);
    }
    json_decref(journal);
    return code;
}
