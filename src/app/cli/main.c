// SPDX-License-Identifier: MIT
// nearwell COMMAND: the table of commands.
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "commands.h"

static const struct {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"serve", "the daemon: probes, decides, answers DNS, shows its state", command_serve},
    {"check", "are these policies good?", command_check},
    {"explain", "the answer to one question, and why", command_explain},
    {"status", "what a running daemon sees and answers", command_status},
    {"drain", "takes clients away from a region or a health check for a time", command_drain},
    {"journal", "who changed what on a running daemon, when and why", command_journal},
    {"release", "ends a drain", command_release},
    {"region", "a sample regional service, with replicated hit counters and faults", command_region},
    {"search", "which failures together break what a policy promises?", command_search},
    {"blast", "how many clients a drain or a new policy moves, and what it costs them", command_blast},
    {"query", "ask a DNS server, on behalf of a client elsewhere", command_query},
    {"replay", "scenarios in virtual time: does what they expect come true?", command_replay},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *out)
{
    fputs("usage: nearwell COMMAND [options]\n"
          "\n"
          "Which is the nearest healthy region for this client, right now? The answer of Amazon Route 53, on "
          "your\n"
          "own machine.\n"
          "\n",
          out);
    for (unsigned i = 0; i < COMMANDS; i++) {
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    }
    fputs("\n"
          "nearwell COMMAND --help tells more, with examples. --version prints the version.\n"
          "\n"
          "examples:\n"
          "  nearwell serve --policy policies/three-regions.json\n"
          "  nearwell explain --policy policies/three-regions.json api.example.com --client JP\n",
          out);
}

static int unknown(const char *word)
{
    const char *names[COMMANDS + 1] = {NULL};
    for (unsigned i = 0; i < COMMANDS; i++) {
        names[i] = commands[i].name;
    }
    const char *nearest = suggest_nearest(word, names);
    fprintf(stderr, "nearwell: there is no command '%s'%s%s%s; see nearwell --help\n", word,
            nearest != NULL ? ", did you mean '" : "", nearest != NULL ? nearest : "",
            nearest != NULL ? "'?" : "");
    return 2;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return 2;
    }
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(word, "--version") == 0) {
        puts("nearwell " NEARWELL_VERSION);
        return 0;
    }
    for (unsigned i = 0; i < COMMANDS; i++) {
        if (strcmp(word, commands[i].name) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    return unknown(word);
}
