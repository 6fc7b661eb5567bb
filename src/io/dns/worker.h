// SPDX-License-Identifier: MIT
// One thread that serves its own sockets. Created, started, stopped and destroyed by the control thread.
#ifndef NEARWELL_IO_DNS_WORKER_H
#define NEARWELL_IO_DNS_WORKER_H

#include "listen.h"

struct worker;

// sockets: one per listener; they become the worker's, on failure too. options must outlive it.
struct worker *worker_create(const struct dns_server_options *options, struct publisher *publisher,
                             unsigned number, const struct dns_sockets *sockets, struct error *error);
void worker_destroy(struct worker *worker); // after worker_join; NULL is fine
void worker_start(struct worker *worker);
void worker_stop(struct worker *worker); // returns at once
void worker_join(struct worker *worker);
const struct answer_counters *worker_counters(const struct worker *worker); // read with relaxed atomics

#endif
