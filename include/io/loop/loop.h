// SPDX-License-Identifier: MIT
// The control thread's event loop: libevent's base, one-shot timers on monotonic time, signals.
// Everything here belongs to the thread that runs the loop.
#ifndef NEARWELL_IO_LOOP_LOOP_H
#define NEARWELL_IO_LOOP_LOOP_H

#include "base/time.h"

struct event_base; // libevent's
struct loop;
struct loop_timer;
struct loop_signal;

struct loop *loop_create(void);
void loop_destroy(struct loop *loop); // timers and signals are destroyed by their owners first
void loop_run(struct loop *loop);     // returns after loop_stop
void loop_stop(struct loop *loop);    // ends loop_run after the current callback
struct event_base *loop_base(struct loop *loop);

// A timer fires once per loop_timer_set, at or after due, never before; setting it again moves it.
struct loop_timer *loop_timer_create(struct loop *loop, void (*fire)(mono_time now, void *context),
                                     void *context);
void loop_timer_destroy(struct loop_timer *timer); // NULL is fine
void loop_timer_set(struct loop_timer *timer, mono_time due);
void loop_timer_clear(struct loop_timer *timer);

// Called in the loop, not in signal context. Signals that come before the loop gets to them count as one.
struct loop_signal *loop_signal_create(struct loop *loop, int signal_number,
                                       void (*caught)(int signal_number, void *context), void *context);
void loop_signal_destroy(struct loop_signal *handler); // NULL is fine

#endif
