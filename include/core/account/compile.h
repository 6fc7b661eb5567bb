// SPDX-License-Identifier: MIT
// From an account to a model: its objects take the place of the policy's own, and go the same way through
// core/policy and core/model, so that the API and files can never mean different things. What only a policy
// says (clients, latency rows, knobs, resources) comes from the policy. One owner, one thread.
#ifndef NEARWELL_CORE_ACCOUNT_COMPILE_H
#define NEARWELL_CORE_ACCOUNT_COMPILE_H

#include "core/account/edit.h"
#include "core/json/diagnostic.h"
#include "core/policy/read.h"

// Validates the account as the edit leaves it, and builds the model that follows. base is the model of the
// account as it is, whose parts serve on; NULL: all are compiled. False: what is wrong is in diagnostics, and
// the edit can only be discarded. An edit that touches nothing that a model holds has no model.
bool account_edit_compile(struct account_edit *edit, const struct model *base,
                          struct diagnostics *diagnostics);

// What core/policy would find wrong with these record sets of a zone, alone among themselves: values,
// routing, what each group of them demands. Not which targets and health checks there are. zone: its object.
bool account_check_record_sets(const struct account_edit *edit, const json_t *zone, const json_t *record_sets,
                               struct diagnostics *diagnostics);

// The same for one health check, which need not be the account's yet.
bool account_check_health_check(const struct account_edit *edit, const json_t *check,
                                struct diagnostics *diagnostics);

// The model of an edit that was compiled; NULL when it has none. The caller owns it. It points into nothing
// of the account.
struct model *account_edit_take_model(struct account_edit *edit);

#endif
