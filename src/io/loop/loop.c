// SPDX-License-Identifier: MIT
#include "io/loop/loop.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "io/loop/clock.h"

struct loop {
    struct event_base *base;
    bool stopped;
};

struct loop_timer {
    struct event *event;
    mono_time due;
    void (*fire)(mono_time now, void *context);
    void *context;
};

struct loop_signal {
    struct event *event;
    struct event *told; // becomes active once, however often the signal came
    int number;
    void (*caught)(int signal_number, void *context);
    void *context;
};

// Without an event base or event there is nothing to run; libevent fails here only when the machine is out
// of memory or descriptors.
static void *must(void *made)
{
    if (made == NULL) {
        fprintf(stderr, "nearwell: no resources for the event loop\n");
        abort();
    }
    return made;
}

struct loop *loop_create(void)
{
    // A peer that hangs up is an error of one write, not the end of the process.
    signal(SIGPIPE, SIG_IGN);
    struct event_config *config = must(event_config_new());
    event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    // Changes of interest between two waits become one system call; no descriptor here is ever dup'ed.
    event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
    struct loop *loop = xcalloc(1, sizeof *loop);
    loop->base = must(event_base_new_with_config(config));
    event_config_free(config);
    return loop;
}

void loop_destroy(struct loop *loop)
{
    if (loop == NULL) {
        return;
    }
    event_base_free(loop->base);
    free(loop);
}

void loop_run(struct loop *loop)
{
    // libevent forgets a break that comes before the loop starts; we do not.
    if (!loop->stopped) {
        event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
    }
    loop->stopped = false;
}

void loop_stop(struct loop *loop)
{
    loop->stopped = true;
    event_base_loopbreak(loop->base);
}

struct event_base *loop_base(struct loop *loop)
{
    return loop->base;
}

// Rounded up to libevent's microseconds, so that rounding never makes a timer early.
static void arm(struct loop_timer *timer, mono_time now)
{
    int64_t wait_us = mono_before(now, timer->due) ? (mono_since(timer->due, now) + 999) / 1000 : 0;
    const int64_t most_us = INT64_C(86400) * 1000000; // on_timer arms again for what lies further ahead
    if (wait_us > most_us) {
        wait_us = most_us;
    }
    struct timeval wait = {.tv_sec = wait_us / 1000000, .tv_usec = wait_us % 1000000};
    event_add(timer->event, &wait);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct loop_timer *timer = context;
    mono_time now = clock_mono();
    // libevent counts from the time it cached when it woke up, which can be a little in the past.
    if (mono_before(now, timer->due)) {
        arm(timer, now);
        return;
    }
    timer->fire(now, timer->context); // may destroy the timer
}

struct loop_timer *loop_timer_create(struct loop *loop, void (*fire)(mono_time now, void *context),
                                     void *context)
{
    struct loop_timer *timer = xcalloc(1, sizeof *timer);
    timer->fire = fire;
    timer->context = context;
    timer->event = must(event_new(loop->base, -1, 0, on_timer, timer));
    return timer;
}

void loop_timer_destroy(struct loop_timer *timer)
{
    if (timer == NULL) {
        return;
    }
    event_free(timer->event);
    free(timer);
}

void loop_timer_set(struct loop_timer *timer, mono_time due)
{
    timer->due = due;
    arm(timer, clock_mono());
}

void loop_timer_clear(struct loop_timer *timer)
{
    event_del(timer->event);
}

// libevent calls this as often as the signal came.
static void on_signal(evutil_socket_t number, short what, void *context)
{
    (void)number;
    (void)what;
    struct loop_signal *handler = context;
    event_active(handler->told, EV_TIMEOUT, 1);
}

static void on_told(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct loop_signal *handler = context;
    handler->caught(handler->number, handler->context);
}

struct loop_signal *loop_signal_create(struct loop *loop, int signal_number,
                                       void (*caught)(int signal_number, void *context), void *context)
{
    struct loop_signal *handler = xcalloc(1, sizeof *handler);
    handler->caught = caught;
    handler->context = context;
    handler->number = signal_number;
    handler->told = must(event_new(loop->base, -1, 0, on_told, handler));
    handler->event = must(evsignal_new(loop->base, signal_number, on_signal, handler));
    event_add(handler->event, NULL);
    return handler;
}

void loop_signal_destroy(struct loop_signal *handler)
{
    if (handler == NULL) {
        return;
    }
    event_free(handler->event);
    event_free(handler->told);
    free(handler);
}
