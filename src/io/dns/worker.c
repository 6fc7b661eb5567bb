// SPDX-License-Identifier: MIT
#include "worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "io/loop/clock.h"
#include "tcp.h"
#include "udp.h"

enum {
    EVENTS = 64,
    ACCEPT_PAUSE_MS = 100, // without file descriptors, until the next try
    GRACE_MS = 500,        // for what is under way when the worker has to end
};

// epoll's data: what kind of descriptor, and which.
enum { KIND_SHIFT = 32 };
#define KIND_STOP       (UINT64_C(0) << KIND_SHIFT)
#define KIND_UDP        (UINT64_C(1) << KIND_SHIFT)
#define KIND_LISTENING  (UINT64_C(2) << KIND_SHIFT)
#define KIND_CONNECTION (UINT64_C(3) << KIND_SHIFT)
#define KIND_OF(data)   ((data) >> KIND_SHIFT << KIND_SHIFT)

struct worker {
    unsigned number;
    bool running;
    pthread_t thread;
    size_t listener_count;
    struct dns_sockets sockets[DNS_LISTENERS_MAX];
    int epoll;
    int stop; // eventfd
    bool stopping;
    mono_time accept_again; // MONO_NEVER: listening
    struct udp_batch *udp;
    struct tcp_table *tcp;
    struct answerer answerer;
};

static bool watch(const struct worker *worker, int operation, int fd, uint32_t events, uint64_t data)
{
    struct epoll_event event = {.events = events, .data.u64 = data};
    return epoll_ctl(worker->epoll, operation, fd, &event) == 0;
}

static bool watch_all(struct worker *worker)
{
    bool watched = watch(worker, EPOLL_CTL_ADD, worker->stop, EPOLLIN, KIND_STOP);
    for (size_t i = 0; i < worker->listener_count; i++) {
        watched = watched && watch(worker, EPOLL_CTL_ADD, worker->sockets[i].udp, EPOLLIN, KIND_UDP + i) &&
                  watch(worker, EPOLL_CTL_ADD, worker->sockets[i].tcp, EPOLLIN, KIND_LISTENING + i);
    }
    return watched;
}

struct worker *worker_create(const struct dns_server_options *options, struct publisher *publisher,
                             unsigned number, const struct dns_sockets *sockets, struct error *error)
{
    struct worker *worker = xcalloc(1, sizeof *worker);
    worker->number = number;
    worker->listener_count = options->listener_count;
    memcpy(worker->sockets, sockets, options->listener_count * sizeof *sockets);
    worker->accept_again = MONO_NEVER;
    worker->epoll = epoll_create1(EPOLL_CLOEXEC);
    worker->stop = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (worker->epoll < 0 || worker->stop < 0 || !watch_all(worker)) {
        error_set(error, "cannot set up DNS worker %u: %s", number, strerror(errno));
        worker_destroy(worker);
        return NULL;
    }
    answerer_init(&worker->answerer, options, publisher, number);
    worker->udp = udp_batch_create();
    worker->tcp = tcp_table_create(options, &worker->answerer, worker->epoll, KIND_CONNECTION);
    return worker;
}

static void close_if_open(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
}

void worker_destroy(struct worker *worker)
{
    if (worker == NULL) {
        return;
    }
    udp_batch_destroy(worker->udp);
    tcp_table_destroy(worker->tcp);
    dns_listen_close(worker->sockets, worker->listener_count);
    close_if_open(worker->epoll);
    close_if_open(worker->stop);
    free(worker);
}

static void set_listening(struct worker *worker, bool listening)
{
    for (size_t i = 0; i < worker->listener_count; i++) {
        watch(worker, EPOLL_CTL_MOD, worker->sockets[i].tcp, listening ? EPOLLIN : 0, KIND_LISTENING + i);
    }
}

static void accept_connections(struct worker *worker, size_t listener, mono_time now)
{
    int listening = worker->sockets[listener].tcp;
    if (tcp_accept(worker->tcp, listening, listener, now) == TCP_OUT_OF_DESCRIPTORS) {
        set_listening(worker, false);
        worker->accept_again = mono_add(now, DURATION_MS(ACCEPT_PAUSE_MS));
    }
}

static void serve_udp(struct worker *worker, const struct epoll_event *events, int count)
{
    for (int i = 0; i < count; i++) {
        if (KIND_OF(events[i].data.u64) == KIND_UDP) {
            size_t listener = events[i].data.u64 - KIND_UDP;
            udp_serve(worker->udp, &worker->sockets[listener], listener, &worker->answerer);
        }
    }
}

static void serve_others(struct worker *worker, const struct epoll_event *events, int count, mono_time now)
{
    for (int i = 0; i < count; i++) {
        uint64_t data = events[i].data.u64;
        if (KIND_OF(data) == KIND_LISTENING) {
            accept_connections(worker, data - KIND_LISTENING, now);
        } else if (KIND_OF(data) == KIND_CONNECTION) {
            tcp_serve(worker->tcp, (uint32_t)data, now);
        } else if (KIND_OF(data) == KIND_STOP) {
            worker->stopping = true;
        }
    }
    tcp_expire(worker->tcp, now);
    if (!mono_before(now, worker->accept_again)) {
        worker->accept_again = MONO_NEVER;
        set_listening(worker, true);
    }
}

static mono_time next_deadline(const struct worker *worker)
{
    return mono_min(tcp_next_expiry(worker->tcp), worker->accept_again);
}

// Milliseconds for epoll_wait, rounded up so that the deadline has passed when it returns; -1 is for ever.
static int wait_ms(mono_time deadline, mono_time now)
{
    if (deadline.ns == MONO_NEVER.ns) {
        return -1;
    }
    duration left = mono_since(deadline, now);
    if (left <= 0) {
        return 0;
    }
    duration ms = (left + DURATION_MS(1) - 1) / DURATION_MS(1);
    return ms < INT32_MAX ? (int)ms : INT32_MAX;
}

// UDP comes first and asks no clock: nothing stands between the wake-up and recvmmsg.
static void serve_until_stopped(struct worker *worker)
{
    int timeout = -1;
    while (!worker->stopping) {
        struct epoll_event events[EVENTS];
        publish_reader_offline();
        int count = epoll_wait(worker->epoll, events, EVENTS, timeout);
        publish_reader_online();
        serve_udp(worker, events, count);
        bool udp_only = count == 1 && KIND_OF(events[0].data.u64) == KIND_UDP;
        if (udp_only && timeout < 0) {
            continue;
        }
        mono_time now = clock_mono();
        serve_others(worker, events, count, now);
        timeout = wait_ms(next_deadline(worker), now);
    }
}

// What is in the listener's sockets now is answered, unless more comes faster until the deadline.
static void empty_sockets(struct worker *worker, size_t listener, mono_time deadline)
{
    const struct dns_sockets *sockets = &worker->sockets[listener];
    mono_time now = clock_mono();
    while (udp_serve(worker->udp, sockets, listener, &worker->answerer) && mono_before(now, deadline)) {
        now = clock_mono();
    }
    while (tcp_accept(worker->tcp, sockets->tcp, listener, now) == TCP_ACCEPTED_SOME &&
           mono_before(now, deadline)) {
        now = clock_mono();
    }
}

// Clients have some time to take their replies.
static void finish(struct worker *worker)
{
    mono_time now = clock_mono();
    mono_time deadline = mono_add(now, DURATION_MS(GRACE_MS));
    tcp_drain(worker->tcp, now);
    for (size_t i = 0; i < worker->listener_count; i++) {
        empty_sockets(worker, i, deadline);
    }
    dns_listen_close(worker->sockets, worker->listener_count); // leaves the epoll set with it
    watch(worker, EPOLL_CTL_DEL, worker->stop, 0, 0);
    while (!tcp_is_empty(worker->tcp) && mono_before(now, deadline)) {
        struct epoll_event events[EVENTS];
        publish_reader_offline();
        int count = epoll_wait(worker->epoll, events, EVENTS, wait_ms(deadline, now));
        publish_reader_online();
        now = clock_mono();
        for (int i = 0; i < count; i++) {
            tcp_serve(worker->tcp, (uint32_t)events[i].data.u64, now);
        }
    }
}

static void *run(void *context)
{
    struct worker *worker = context;
    publish_reader_register();
    publish_reader_online();
    serve_until_stopped(worker);
    finish(worker);
    publish_reader_offline();
    publish_reader_unregister();
    return NULL;
}

void worker_start(struct worker *worker)
{
    sigset_t all;
    sigset_t before;
    char name[16];
    sigfillset(&all); // signals are the loop's
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&worker->thread, NULL, run, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed != 0) { // as out of memory is
        log_message(LOG_LEVEL_ERROR, "dns_worker_failed", "cannot start a thread: %s", strerror(failed));
        abort();
    }
    worker->running = true;
    snprintf(name, sizeof name, "dns %u", worker->number);
    pthread_setname_np(worker->thread, name);
}

void worker_stop(struct worker *worker)
{
    uint64_t one = 1;
    ssize_t written = write(worker->stop, &one, sizeof one); // cannot fail: the counter is far from full
    (void)written;
}

void worker_join(struct worker *worker)
{
    if (worker->running) {
        pthread_join(worker->thread, NULL);
        worker->running = false;
    }
}

const struct answer_counters *worker_counters(const struct worker *worker)
{
    return &worker->answerer.counters;
}
