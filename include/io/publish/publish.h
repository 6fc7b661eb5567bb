// SPDX-License-Identifier: MIT
// Hands the control thread's newest view to the DNS workers (liburcu, QSBR) and lets go of the old one after
// a grace period. The control thread never waits for a worker; a worker sees no change inside a batch.
#ifndef NEARWELL_IO_PUBLISH_PUBLISH_H
#define NEARWELL_IO_PUBLISH_PUBLISH_H

#include <stdint.h>

#include "core/routing/view.h"

struct publisher;

// Control thread, which is no reader itself. The view stays the caller's until release is called for it, from
// another thread, once no worker can see it any more.
struct publisher *publisher_create(void (*release)(const struct view *view, void *context), void *context);
void publisher_publish(struct publisher *publisher, const struct view *view);
// After the workers have ended: releases the last view and waits for all releases.
void publisher_destroy(struct publisher *publisher); // NULL is fine

// Worker threads. A thread is offline when it registers, and before it unregisters.
void publish_reader_register(void);
void publish_reader_unregister(void);
void publish_reader_online(void);    // before publish_current
void publish_reader_offline(void);   // before anything that may block
void publish_reader_quiescent(void); // between batches
// The newest view; valid until the thread's next quiescent or offline. NULL before the first publish.
// generation counts publishes, from 1: an address may come back, a generation does not. It may be NULL.
const struct view *publish_current(const struct publisher *publisher, uint64_t *generation);

#endif
