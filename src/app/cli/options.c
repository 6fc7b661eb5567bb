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

int option_files(char **files, int count)
{
    static const char schema[] = ".schema.json";
    int left = 0;
    for (int i = 0; i < count; i++) {
        size_t len = strlen(files[i]);
        size_t end = sizeof schema - 1;
        if (len < end || strcmp(files[i] + len - end, schema) != 0) {
            files[left++] = files[i];
        }
    }
    return left;
}
