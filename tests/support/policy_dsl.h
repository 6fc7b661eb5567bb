// SPDX-License-Identifier: MIT
// Policies in tests: written with single quotes, other files in memory.
#ifndef NEARWELL_TESTS_SUPPORT_POLICY_DSL_H
#define NEARWELL_TESTS_SUPPORT_POLICY_DSL_H

#include "core/policy/read.h"

struct policy_dsl_file {
    const char *path;
    const char *text; // single quotes stand for double ones
};

struct policy_dsl {
    char *text;
    struct policy *policy; // NULL when there were errors
    struct diagnostics *diagnostics;
    struct buffer printed; // all findings
    size_t errors;
    size_t warnings;
};

// Reads "policy.json" with this text. files ends with a NULL path, or is NULL. The default latency table is
// policy_dsl_latency unless options say otherwise; options may be NULL.
void policy_dsl_read(struct policy_dsl *dsl, const char *text, const struct policy_dsl_file *files,
                     const struct policy_options *options);
void policy_dsl_read_named(struct policy_dsl *dsl, const char *name, const char *text,
                           const struct policy_dsl_file *files, const struct policy_options *options);
void policy_dsl_free(struct policy_dsl *dsl);

// malloc'd copy with double quotes.
char *policy_dsl_quotes(const char *text);
// malloc'd text of a file of the checkout; aborts when there is none.
char *policy_dsl_file_text(const char *path, size_t *len);

extern const char policy_dsl_latency[]; // places DE, JP, default; single quotes

#endif
