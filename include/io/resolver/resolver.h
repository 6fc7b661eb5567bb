// SPDX-License-Identifier: MIT
// Names to addresses through c-ares on the loop: IPv4 only, fresh at every call, CNAMEs followed, no cache
// (P16, P17). One loop, one thread.
#ifndef NEARWELL_IO_RESOLVER_RESOLVER_H
#define NEARWELL_IO_RESOLVER_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/ip.h"
#include "io/loop/loop.h"

struct resolver;
struct resolver_query;

// servers: "127.0.0.1:5353,..." or NULL for the system's. timeout_ms is for one look-up in all.
struct resolver *resolver_create(struct loop *loop, const char *servers, int timeout_ms, struct error *error);
void resolver_destroy(struct resolver *resolver); // pending callbacks are not called; NULL is fine

// done is called once, from the loop, never from within this call, with no addresses on any failure.
typedef void (*resolver_done)(const struct ip_address *addresses, size_t count, void *context);
struct resolver_query *resolver_lookup(struct resolver *resolver, const char *name, resolver_done done,
                                       void *context);
void resolver_cancel(struct resolver_query *query); // done is not called

#endif
