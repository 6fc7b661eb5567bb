// SPDX-License-Identifier: MIT
// What the files of this folder know of an account and of an edit.
#ifndef NEARWELL_CORE_ACCOUNT_STATE_H
#define NEARWELL_CORE_ACCOUNT_STATE_H

#include "core/account/edit.h"
#include "core/policy/read.h"
#include "table.h"

struct account {
    struct table tables[ACCOUNT_KINDS];
    struct policy *policy; // never NULL
    struct policy_options options;
};

struct account_edit {
    struct account *account;
    struct table tables[ACCOUNT_KINDS]; // deletes are items too
    struct policy *policy;              // to take the place of the account's; NULL: stays
    struct model *model;                // what follows; NULL before it is compiled
};

#endif
