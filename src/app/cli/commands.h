// SPDX-License-Identifier: MIT
// The commands. Each gets "nearwell COMMAND" as argv[0] and returns the exit code: 0 success, 1 the operation
// failed, 2 wrong usage or unreadable input.
#ifndef NEARWELL_APP_CLI_COMMANDS_H
#define NEARWELL_APP_CLI_COMMANDS_H

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

int command_region(int argc, char **argv);

#endif
