// SPDX-License-Identifier: MIT
#include "io/probe/prober.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "io/loop/clock.h"
#include "task.h"

// Of tasks that rest, this many keep their memory for the next probe.
enum { RESTING_MAX = 1024 };

struct task_list {
    struct task *first;
    struct task *last;
};

// Tasks of one waiting list have budgets of one length, so a new deadline belongs at its end, or nearly.
enum waiting { WAIT_HTTP_CONNECT, WAIT_TCP_CONNECT, WAIT_RESPONSE, WAITING_LISTS };

struct prober {
    struct loop *loop;
    struct http_multi *multi;
    struct resolver *resolver;
    struct random random;
    prober_done done;
    prober_certificate certificate; // NULL: nobody wants to know
    void *context;
    struct task_list waiting[WAITING_LISTS]; // in order of deadline
    struct task_list resolving;
    struct task_list failed; // to be reported from the loop
    struct task_list resting;
    size_t resting_count;
    size_t active;
    struct loop_timer *timer;
    mono_time armed; // may be too early, never too late
    struct event *report_failed;
};

static void insert_after(struct task_list *list, struct task *before, struct task *task)
{
    task->list = list;
    task->previous = before;
    task->next = before != NULL ? before->next : list->first;
    *(before != NULL ? &before->next : &list->first) = task;
    *(task->next != NULL ? &task->next->previous : &list->last) = task;
}

static void append(struct task_list *list, struct task *task)
{
    insert_after(list, list->last, task);
}

static void take_out(struct task *task)
{
    *(task->previous != NULL ? &task->previous->next : &task->list->first) = task->next;
    *(task->next != NULL ? &task->next->previous : &task->list->last) = task->previous;
    task->list = NULL;
}

static void wait_for_deadline(struct prober *prober, struct task *task)
{
    enum waiting kind = task->probe.phase != PROBE_CONNECTING  ? WAIT_RESPONSE
                        : task->check.type == HEALTH_CHECK_TCP ? WAIT_TCP_CONNECT
                                                               : WAIT_HTTP_CONNECT;
    struct task_list *list = &prober->waiting[kind];
    struct task *before = list->last;
    while (before != NULL && mono_before(task->probe.deadline, before->probe.deadline)) {
        before = before->previous;
    }
    insert_after(list, before, task);
    if (mono_before(task->probe.deadline, prober->armed)) {
        prober->armed = task->probe.deadline;
        loop_timer_set(prober->timer, mono_add(prober->armed, 1)); // deadlines are inclusive
    }
}

bool task_watches_certificates(const struct task *task)
{
    return task->prober->certificate != NULL;
}

void task_advanced(struct task *task)
{
    if (!probe_done(&task->probe)) {
        take_out(task);
        wait_for_deadline(task->prober, task);
    }
}

static void rest(struct prober *prober, struct task *task)
{
    if (prober->resting_count == RESTING_MAX) {
        http_probe_free(task);
        free(task);
        return;
    }
    append(&prober->resting, task);
    prober->resting_count++;
}

// Reports after the task is at rest, so that the callback may start another probe.
void task_finish(struct task *task, mono_time now)
{
    struct prober *prober = task->prober;
    struct probe_order order = task->order;
    struct observation observation = task->probe.observation;
    if (prober->certificate != NULL && task->tls.shown) {
        prober->certificate(&order, &task->tls.certificate, prober->context);
    }
    task->tls.shown = false;
    take_out(task);
    rest(prober, task);
    prober->active--;
    prober->done(&order, &observation, now, clock_wall(), prober->context);
}

void task_fail_later(struct task *task, enum observation_reason reason)
{
    struct prober *prober = task->prober;
    task->failure = reason;
    if (task->list != NULL) {
        take_out(task);
    }
    append(&prober->failed, task);
    event_active(prober->report_failed, EV_TIMEOUT, 0);
}

static void on_failed(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct prober *prober = context;
    mono_time now = clock_mono();
    // Only those that are there now: a callback may add others, which must not keep us here.
    struct task_list failed = prober->failed;
    prober->failed = (struct task_list){NULL, NULL};
    for (struct task *task = failed.first; task != NULL; task = task->next) {
        task->list = &failed;
    }
    for (struct task *task; (task = failed.first) != NULL;) {
        probe_failed(&task->probe, task->failure, now);
        task_finish(task, now);
    }
}

static void on_deadline(mono_time now, void *context)
{
    struct prober *prober = context;
    mono_time next = MONO_NEVER;
    prober->armed = MONO_NEVER;
    for (unsigned i = 0; i < WAITING_LISTS; i++) {
        struct task *task;
        while ((task = prober->waiting[i].first) != NULL && mono_before(task->probe.deadline, now)) {
            probe_check_deadline(&task->probe, now);
            task->transport->stop(task);
            task_finish(task, now);
        }
    }
    for (unsigned i = 0; i < WAITING_LISTS; i++) {
        if (prober->waiting[i].first != NULL) {
            next = mono_min(next, prober->waiting[i].first->probe.deadline);
        }
    }
    prober->armed = next;
    if (next.ns != MONO_NEVER.ns) {
        loop_timer_set(prober->timer, mono_add(next, 1));
    }
}

struct prober *prober_create(struct loop *loop, struct http_multi *multi, struct resolver *resolver,
                             uint64_t seed, prober_done done, void *context)
{
    struct prober *prober = xcalloc(1, sizeof *prober);
    prober->loop = loop;
    prober->multi = multi;
    prober->resolver = resolver;
    prober->done = done;
    prober->context = context;
    prober->armed = MONO_NEVER;
    random_seed(&prober->random, seed);
    prober->timer = loop_timer_create(loop, on_deadline, prober);
    prober->report_failed = event_new(loop_base(loop), -1, 0, on_failed, prober);
    if (prober->report_failed == NULL) {
        abort(); // out of memory
    }
    return prober;
}

static void free_tasks(struct task_list *list)
{
    for (struct task *task; (task = list->first) != NULL;) {
        if (task->query != NULL) {
            resolver_cancel(task->query);
        } else if (task->transport != NULL && list != &task->prober->failed &&
                   list != &task->prober->resting) {
            task->transport->stop(task);
        }
        take_out(task);
        probe_discard(&task->probe);
        http_probe_free(task);
        free(task);
    }
}

void prober_destroy(struct prober *prober)
{
    if (prober == NULL) {
        return;
    }
    for (unsigned i = 0; i < WAITING_LISTS; i++) {
        free_tasks(&prober->waiting[i]);
    }
    free_tasks(&prober->resolving);
    free_tasks(&prober->failed);
    free_tasks(&prober->resting);
    loop_timer_destroy(prober->timer);
    event_free(prober->report_failed);
    free(prober);
}

static struct task *new_task(struct prober *prober)
{
    struct task *task = prober->resting.first;
    if (task == NULL) {
        task = xcalloc(1, sizeof *task);
        task->prober = prober;
        return task;
    }
    take_out(task);
    prober->resting_count--;
    return task;
}

static const struct transport *transport_of(enum health_check_type type)
{
    switch (type) {
    case HEALTH_CHECK_HTTP:
    case HEALTH_CHECK_HTTPS:
    case HEALTH_CHECK_HTTP_STR_MATCH:
    case HEALTH_CHECK_HTTPS_STR_MATCH:
        return &http_transport;
    case HEALTH_CHECK_TCP:
        return &tcp_transport;
    default:
        return NULL;
    }
}

static void connect_to(struct task *task, const struct ip_address *address, mono_time now)
{
    task->transport = transport_of(task->check.type);
    probe_start(&task->probe, &task->check, address, now);
    if (task->transport == NULL) {
        task_fail_later(task, OBSERVED_INTERNAL);
        return;
    }
    wait_for_deadline(task->prober, task);
    task->transport->start(task);
}

// P16, P17: any of the addresses, each time anew, or the first.
static void on_resolved(const struct ip_address *addresses, size_t count, void *context)
{
    struct task *task = context;
    struct prober *prober = task->prober;
    mono_time now = clock_mono();
    task->query = NULL;
    if (count > 0) {
        take_out(task);
        uint32_t chosen =
            task->check.habits.first_address ? 0 : random_below(&prober->random, (uint32_t)count);
        connect_to(task, &addresses[chosen], now);
        return;
    }
    probe_failed(&task->probe, task_no_sockets() ? OBSERVED_INTERNAL : OBSERVED_DNS_FAILED, now);
    task_finish(task, now);
}

void prober_start(struct prober *prober, const struct probe_order *order, mono_time now)
{
    const struct health_check *check = order->config;
    struct task *task = new_task(prober);
    task->order = *order;
    task->order.config = NULL;
    task->check = (struct health_check){.type = check->type, .port = check->port, .habits = check->habits};
    task->transport = NULL;
    http_probe_describe(task, check);
    prober->active++;
    if (check->ip_address.family != 0) {
        connect_to(task, &check->ip_address, now);
        return;
    }
    static const struct ip_address none = {0};
    const char *name = check->fully_qualified_domain_name;
    probe_start(&task->probe, &task->check, &none, now);
    append(&prober->resolving, task);
    task->query = resolver_lookup(prober->resolver, name != NULL ? name : "", on_resolved, task);
}

void prober_watch_certificates(struct prober *prober, prober_certificate seen)
{
    prober->certificate = seen;
}

size_t prober_active(const struct prober *prober)
{
    return prober->active;
}

struct loop *task_loop(const struct task *task)
{
    return task->prober->loop;
}

struct http_multi *task_multi(const struct task *task)
{
    return task->prober->multi;
}

enum observation_reason task_reason_of_errno(int error, const struct probe *probe)
{
    switch (error) {
    case ECONNREFUSED:
        return OBSERVED_CONNECT_REFUSED;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case EACCES:
    case EPERM:
    case EINVAL:
    case EAFNOSUPPORT:
        return OBSERVED_UNREACHABLE;
    case EADDRNOTAVAIL: // no local port left; or, for IPv6, no local address
        return probe->observation.resolved.family == 6 ? OBSERVED_UNREACHABLE : OBSERVED_INTERNAL;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case EAGAIN:
        return OBSERVED_INTERNAL;
    case ETIMEDOUT:
        return probe->phase == PROBE_CONNECTING ? OBSERVED_CONNECT_TIMEOUT : OBSERVED_CONNECTION_CLOSED;
    default:
        return OBSERVED_CONNECTION_CLOSED;
    }
}

bool task_no_sockets(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return true;
    }
    close(fd);
    return false;
}
