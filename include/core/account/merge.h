// SPDX-License-Identifier: MIT
// A policy file as the seed of an account, and as one of two writers of it later on. Of every object the
// account keeps what the file last said (a digest, ACCOUNT_BASE); what has become of it since is the API's.
//
//   the file says                     then the object
//   the same as last time             stays what the API made of it, gone included
//   something else, or it is new      follows the file
//   no longer anything                goes
//
// The record sets of a zone that goes, go with it. A check of the file copies its alarm (alarm_copy.h) when
// the file first names it, and when it names another alarm or another HealthCheckVersion than last time; the
// alarm itself may change without it (S10). One owner, one thread.
#ifndef NEARWELL_CORE_ACCOUNT_MERGE_H
#define NEARWELL_CORE_ACCOUNT_MERGE_H

#include "core/account/edit.h"
#include "core/policy/read.h"

struct account_merge {
    size_t added; // by the file
    size_t changed;
    size_t removed;
    size_t kept; // objects of the file that stay what the API made of them
    // Changes of the API that the file overrode: kind and key of each; for the log and the journal. NULL:
    // only counted.
    void (*conflict)(const struct account_object *object, void *context);
    void *context;
    size_t conflicts;
};

// Stages what the file changes. The edit takes the policy, whose other sections are the account's once the
// edit is applied. merge: {0} or with a callback.
void account_edit_merge(struct account_edit *edit, struct policy *policy, struct account_merge *merge);
// No file, as opposed to an empty one: the policy's other sections are taken, all objects stay.
void account_edit_take_policy(struct account_edit *edit, struct policy *policy);

#endif
