// SPDX-License-Identifier: MIT
// What the operations of the Route 53 API mean: one call from input to output, as JSON in the service model's
// shapes (integers and booleans typed, timestamps as text, members of URI and query beside those of the
// body). The API server, scenarios and tests make the same calls. Pure; one owner, one thread.
//
// A call changes nothing. One that would change the account leaves an edit: validated, complete, and with the
// model that follows from it. The caller writes the edit down, applies it, publishes the model
// (account_edit_take_model), and answers.
#ifndef NEARWELL_CORE_ROUTE53_CALL_H
#define NEARWELL_CORE_ROUTE53_CALL_H

#include <jansson.h>
#include <stdbool.h>

#include "base/random.h"
#include "base/time.h"
#include "core/account/edit.h"
#include "core/health/fleet.h"
#include "core/route53/fault.h"
#include "core/route53/operations.h"
#include "core/routing/view.h"

struct route53_call_context {
    struct account *account;
    const struct fleet *fleet; // of view's model; NULL: no probe has reported anything
    const struct view *view;   // what DNS answers from now; NULL: TestDNSAnswer cannot be called
    const struct model *model; // of the account as it is, the last that an edit left
    wall_time now;
    bool one_change_at_a_time; // B5: a zone takes no other change while one is PENDING
    struct random *ids;        // for what gets an id; the caller's, seeded as secretly as it likes
};

// False: fault says why, and neither output nor edit is set. The caller owns both; edit is NULL for a call
// that changes nothing. input is an object, and may be changed.
bool route53_call(const struct route53_call_context *context, enum route53_operation operation, json_t *input,
                  json_t **output, struct account_edit **edit, struct route53_fault *fault);

#endif
