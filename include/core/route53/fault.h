// SPDX-License-Identifier: MIT
// Why a call of the Route 53 API failed: what the error document says. One owner, who starts with {0} and
// clears it; functions that get a pointer only fill it. The first fault wins, as with struct error.
// Source: API reference 1.4 and 1.5.
#ifndef NEARWELL_CORE_ROUTE53_FAULT_H
#define NEARWELL_CORE_ROUTE53_FAULT_H

#include <stdbool.h>

struct route53_fault {
    const char *code; // "NoSuchHostedZone", from the table; NULL: none so far
    int status;       // of HTTP
    char *message;    // owned
};

// code is one of the table (an assertion). Returns false always, so that a caller can `return
// route53_fault_set(...)`.
bool route53_fault_set(struct route53_fault *fault, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// For a code that lists problems, InvalidChangeBatch first of all: the message is "[one, two]", and every
// call adds to it. Dropped when another code was set before, or the message is at its limit of 256 KiB.
bool route53_fault_add(struct route53_fault *fault, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// InvalidInput with the text of a constraint of the model: "1 validation error detected: Value 'ten' at
// 'maxItems' failed to satisfy constraint: ...". value NULL prints null; member is as in the model,
// "MaxItems".
bool route53_fault_constraint(struct route53_fault *fault, const char *value, const char *member,
                              const char *constraint);

void route53_fault_clear(struct route53_fault *fault);

// The HTTP status of a code of the table; 0 for others.
int route53_fault_status(const char *code);

// "Sender" for what the caller did wrong, "Receiver" for 5xx.
const char *route53_fault_type(const struct route53_fault *fault);

// Says "false always" to compilers and analyzers, so that they know that outputs are set after a success.
static inline bool route53_fault_false(bool always_false)
{
    (void)always_false;
    return false;
}
#define route53_fault_set(...)        route53_fault_false(route53_fault_set(__VA_ARGS__))
#define route53_fault_add(...)        route53_fault_false(route53_fault_add(__VA_ARGS__))
#define route53_fault_constraint(...) route53_fault_false(route53_fault_constraint(__VA_ARGS__))

#endif
