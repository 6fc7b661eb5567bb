// SPDX-License-Identifier: MIT
#include "core/route53/call.h"

#include <assert.h>

#include "core/account/compile.h"
#include "ops.h"

// NULL: not here yet.
static ops_function *const meanings[ROUTE53_OPERATIONS] = {};

// A model that cannot be compiled: what validation of the operation itself did not find.
static void add_finding(const struct diagnostic *finding, void *context)
{
    route53_fault_add(context, "InvalidChangeBatch", "%s", finding->message);
}

static bool compile(struct call *call, enum route53_operation operation)
{
    struct diagnostics *diagnostics = diagnostics_create();
    bool good = account_edit_compile(call->edit, call->context->model, diagnostics);
    if (!good && operation == ROUTE53_CHANGE_RESOURCE_RECORD_SETS) {
        diagnostics_each(diagnostics, add_finding, call->fault);
    } else if (!good) {
        struct buffer first;
        buffer_init(&first, 4096);
        diagnostics_first(diagnostics, &first);
        REFUSE(call, "InvalidInput", "%s", buffer_string(&first));
        buffer_free(&first);
    }
    diagnostics_destroy(diagnostics);
    return good;
}

bool route53_call(const struct route53_call_context *context, enum route53_operation operation, json_t *input,
                  json_t **output, struct account_edit **edit, struct route53_fault *fault)
{
    assert(operation < ROUTE53_OPERATIONS && json_is_object(input));
    struct call call = {
        .context = context,
        .input = input,
        .output = json_object(),
        .edit = account_edit_create(context->account),
        .fault = fault,
    };
    bool good = meanings[operation] != NULL;
    if (!good) {
        REFUSE(&call, "UnknownOperationException", "nearwell does not have %s yet",
               route53_operation_row(operation)->name);
    }
    good = good && meanings[operation](&call) && compile(&call, operation);
    if (!good) {
        assert(fault->code != NULL);
        account_edit_discard(call.edit);
        json_decref(call.output);
        return false;
    }
    *edit = call.edit;
    if (account_edit_is_empty(call.edit)) {
        account_edit_discard(call.edit);
        *edit = NULL;
    }
    *output = call.output;
    return true;
}
