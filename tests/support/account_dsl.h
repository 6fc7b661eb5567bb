// SPDX-License-Identifier: MIT
// Accounts in tests: seeded by a policy, changed by calls of the API, written with single quotes.
#ifndef NEARWELL_TESTS_SUPPORT_ACCOUNT_DSL_H
#define NEARWELL_TESTS_SUPPORT_ACCOUNT_DSL_H

#include "core/account/merge.h"
#include "core/route53/call.h"

struct account_dsl {
    struct account *account;
    struct model *model; // of the account as it is
    struct random ids;
    wall_time now;             // 2026-01-02T03:04:05Z at first; ids grow with it
    const struct fleet *fleet; // for the calls; NULL
    const struct view *view;   //
    bool one_change_at_a_time; // for the calls; false
    char *reply;               // of the last call, or its text at a path
};

void account_dsl_open(struct account_dsl *dsl, const char *policy);
void account_dsl_close(struct account_dsl *dsl);

// Merges a changed policy file. The policy is a good one.
void account_dsl_reload(struct account_dsl *dsl, const char *policy, struct account_merge *report);

// Makes the call and, if it is a success, so. The reply is the output, compact and with single quotes, or
// "NoSuchHostedZone: No hosted zone ...". Valid until the next one.
const char *account_dsl_call(struct account_dsl *dsl, const char *operation, const char *input_text);
// The same call's output at a path, "/HostedZone/Id": texts as they are, all else as JSON; "" when there is
// none.
const char *account_dsl_at(struct account_dsl *dsl, const char *path);

// Fails the test unless the reply is this, or begins with it when it ends with "...".
void account_dsl_expect(struct account_dsl *dsl, const char *operation, const char *input,
                        const char *wanted);

// A text in single quotes as a string of an input: its quotes escaped. malloc'd.
char *account_dsl_escape(const char *text);

// All objects, a line each: "1 Z1 com.example. SOA {...}". malloc'd.
char *account_dsl_dump(const struct account_dsl *dsl);

#endif
