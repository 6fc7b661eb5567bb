// SPDX-License-Identifier: MIT
// One function per command; argv[0] is the command's name. Each returns the exit code: 0 success, 1 the
// operation failed, 2 wrong usage or unreadable input.
#ifndef NEARWELL_APP_CLI_COMMANDS_H
#define NEARWELL_APP_CLI_COMMANDS_H

enum {
    EXIT_OK = 0,
    EXIT_FAILED = 1, // the check or the operation failed
    EXIT_USAGE = 2,  // wrong usage or unreadable input
};

int command_blast(int argc, char **argv);
int command_check(int argc, char **argv);
int command_drain(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_journal(int argc, char **argv);
int command_query(int argc, char **argv);
int command_region(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_release(int argc, char **argv);
int command_search(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_status(int argc, char **argv);

#endif
