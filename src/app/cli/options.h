// SPDX-License-Identifier: MIT
// What several commands' options have in common.
#ifndef NEARWELL_APP_CLI_OPTIONS_H
#define NEARWELL_APP_CLI_OPTIONS_H

#include <stdbool.h>

#include "base/error.h"

// --output text|json
bool option_output(const char *value, bool *json, struct error *error);

// NAME [TYPE] where getopt_long stopped; type stays "A" when none is given.
struct option_question {
    const char *name;
    const char *type;
};
bool option_question(const char *command, int argc, char **argv, int first, struct option_question *out,
                     struct error *error);

// What scenarios/*.json means: all but the JSON Schemas, *.schema.json, that editors find there. Takes these
// out of the list and says how many files are left.
int option_files(char **files, int count);

#endif
