// SPDX-License-Identifier: MIT
#include "options.h"

#include <string.h>

bool option_output(const char *value, bool *json, struct error *error)
{
    if (strcmp(value, "json") != 0 && strcmp(value, "text") != 0) {
        return error_set(error, "--output: '%s' is not text or json", value);
    }
    *json = strcmp(value, "json") == 0;
    return true;
}

bool option_question(const char *command, int argc, char **argv, int first, struct option_question *out,
                     struct error *error)
{
    if (first >= argc || argc - first > 2) {
        return error_set(error, "one NAME and at most one TYPE; see nearwell %s --help", command);
    }
    out->name = argv[first];
    out->type = first + 1 < argc ? argv[first + 1] : "A";
    return true;
}
