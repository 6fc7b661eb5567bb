// SPDX-License-Identifier: MIT
#include "support/policy_dsl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

const char policy_dsl_latency[] =
    "{'Default': 'default', 'Regions': ['us-east-1', 'eu-west-1'], 'Places': {"
    "'default': {'Milliseconds': [100, 100]}, 'DE': {'Milliseconds': [90.5, 25]}, "
    "'JP': {'Milliseconds': [150, 220]}}}";

char *policy_dsl_quotes(const char *text)
{
    char *copy = xstrdup(text);
    for (char *c = copy; *c != '\0'; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    return copy;
}

char *policy_dsl_file_text(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        abort();
    }
    struct buffer text;
    buffer_init(&text, 64 << 20);
    char block[4096];
    for (size_t got; (got = fread(block, 1, sizeof block, file)) > 0;) {
        buffer_append(&text, block, got);
    }
    fclose(file);
    *len = text.len;
    return text.data != NULL ? text.data : xstrdup("");
}

static bool read_from_memory(const char *path, char **text, size_t *len, struct error *error, void *context)
{
    const struct policy_dsl_file *file = context;
    for (; file != NULL && file->path != NULL; file++) {
        if (strcmp(file->path, path) == 0) {
            *text = policy_dsl_quotes(file->text);
            *len = strlen(*text);
            return true;
        }
    }
    return error_set(error, "%s: No such file or directory", path);
}

void policy_dsl_read(struct policy_dsl *dsl, const char *text, const struct policy_dsl_file *files,
                     const struct policy_options *options)
{
    policy_dsl_read_named(dsl, "policy.json", text, files, options);
}

void policy_dsl_read_named(struct policy_dsl *dsl, const char *name, const char *text,
                           const struct policy_dsl_file *files, const struct policy_options *options)
{
    char *latency = policy_dsl_quotes(policy_dsl_latency);
    struct policy_options with = options != NULL ? *options : (struct policy_options){0};
    if (files != NULL) {
        with.read_file = read_from_memory;
        with.context = (void *)(uintptr_t)files; // NOLINT(performance-no-int-to-ptr): read only
    }
    if (with.default_latency.len == 0) {
        with.default_latency_name = "built-in.json";
        with.default_latency = bytes_of(latency);
    }
    *dsl = (struct policy_dsl){.text = policy_dsl_quotes(text), .diagnostics = diagnostics_create()};
    dsl->policy = policy_read(name, bytes_of(dsl->text), &with, dsl->diagnostics);
    diagnostics_keep(dsl->diagnostics, latency);
    buffer_init(&dsl->printed, 16 << 20);
    diagnostics_print(dsl->diagnostics, &dsl->printed);
    dsl->errors = diagnostics_errors(dsl->diagnostics);
    dsl->warnings = diagnostics_warnings(dsl->diagnostics);
}

void policy_dsl_free(struct policy_dsl *dsl)
{
    policy_destroy(dsl->policy);
    diagnostics_destroy(dsl->diagnostics);
    buffer_free(&dsl->printed);
    free(dsl->text);
}
