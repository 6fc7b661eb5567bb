// SPDX-License-Identifier: MIT
// nearwell COMMAND: the table of commands.
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "commands.h"

static const struct command {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"region", "run a sample regional service whose counters replicate to its peers", command_region},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *out)
{
    fprintf(out,
            "nearwell answers one question as Amazon Route 53 would: which is the nearest healthy region for "
            "this client?\n"
            "\n"
            "Usage: nearwell COMMAND [OPTION...]\n"
            "\n"
            "Commands:\n");
    for (size_t i = 0; i < COMMANDS; i++) {
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    }
    fprintf(out, "\n"
                 "  -h, --help     this text; nearwell COMMAND --help tells more\n"
                 "      --version  the version\n");
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

static int unknown_command(const char *name)
{
    const char *names[COMMANDS + 1] = {NULL};
    for (size_t i = 0; i < COMMANDS; i++) {
        names[i] = commands[i].name;
    }
    const char *nearest = suggest_nearest(name, names);
    fprintf(stderr, "nearwell: unknown command '%s'", name);
    if (nearest != NULL) {
        fprintf(stderr, "; did you mean '%s'?", nearest);
    }
    fprintf(stderr, "\nTry 'nearwell --help'.\n");
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0) {
        print_help(stdout);
        return EXIT_OK;
    }
    if (strcmp(word, "--version") == 0) {
        printf("nearwell %s\n", NEARWELL_VERSION);
        return EXIT_OK;
    }
    const struct command *command = find(word);
    if (command == NULL) {
        return unknown_command(word);
    }
    // getopt begins its complaints with argv[0].
    char name[64];
    snprintf(name, sizeof name, "nearwell %s", command->name);
    argv[1] = name;
    return command->run(argc - 1, argv + 1);
}
