// SPDX-License-Identifier: MIT
// The Route 53 API of the daemon. Control thread.
#ifndef NEARWELL_APP_DAEMON_ROUTE53_H
#define NEARWELL_APP_DAEMON_ROUTE53_H

#include "core/route53/call.h"
#include "io/http/server.h"

struct daemon;

// One call, from input to output as in core/route53/call.h. What it changes is written down, with who, and on
// its way to DNS on return: there already, unless the policy sets RecordDelaySeconds.
bool daemon_route53_call(struct daemon *daemon, enum route53_operation operation, json_t *input,
                         const char *who, json_t **output, struct route53_fault *fault);

void daemon_route53_open(struct daemon *daemon,
                         uint64_t seed); // the server of the API, with the options' keys
void daemon_route53(struct http_exchange *exchange, void *context); // the route
void daemon_route53_refuse(struct http_exchange *exchange, int status, const char *text, void *context);
void daemon_admin_api(struct http_exchange *exchange, void *context); // faults on request

#endif
