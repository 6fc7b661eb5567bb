// SPDX-License-Identifier: MIT
// What the files of this folder know of an account and of an edit.
#ifndef NEARWELL_CORE_ACCOUNT_STATE_H
#define NEARWELL_CORE_ACCOUNT_STATE_H

#include "core/account/edit.h"
#include "core/policy/read.h"
#include "table.h"

enum { WARM_ZONES_MAX = 16 };
struct warm_zone;

struct account {
    struct table tables[ACCOUNT_KINDS];
    struct policy *policy; // NULL until an edit brings the first
    struct policy_options options;
    struct warm_zone *warm[WARM_ZONES_MAX]; // of zones that were changed last, see warm.h; NULL where free
    size_t next_warm;                       // to give way
};

struct account_edit {
    struct account *account;
    struct table tables[ACCOUNT_KINDS]; // deletes are items too
    struct policy *policy;              // to take the place of the account's; NULL: stays
    bool as_policy;                     // with the edit the account's part of the model is what policy says
    struct model *model;                // what follows; NULL before it is compiled
    bool in_parts;                      // compiled with:
    struct warm_zone **warm;            // of the zones that it changes
    size_t warm_count;
};

bool account_kind_in_model(enum account_kind kind);          // compile.c
bool account_touches_model(const struct account_edit *edit); // compile.c

#endif
