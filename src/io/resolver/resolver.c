// SPDX-License-Identifier: MIT
// c-ares tells which sockets it wants watched and when it wants to be woken; its callbacks can come at once,
// late, or after we gave up. A query therefore lives until c-ares has called back and is in one of these
// states:
//
//   PENDING --callback--> READY --next turn of the loop--> reported
//      \--our own deadline, cancel--> ABANDONED --callback--> gone
#include "io/resolver/resolver.h"

#include <ares.h>
#include <event2/event.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "io/loop/clock.h"

enum { ADDRESSES_MAX = 256 };

enum query_state { PENDING, READY, ABANDONED };

struct resolver_query {
    struct resolver *resolver;
    struct resolver_query *previous;
    struct resolver_query *next;
    enum query_state state;
    mono_time deadline;
    resolver_done done;
    void *context;
    struct ip_address *addresses;
    size_t count;
};

struct watch {
    struct watch *next;
    struct resolver *resolver;
    struct event *event;
    ares_socket_t fd;
};

struct list {
    struct resolver_query *first;
    struct resolver_query *last;
};

struct resolver {
    struct loop *loop;
    ares_channel channel;
    duration timeout;
    struct loop_timer *timer; // what c-ares wants, the first deadline, and ready queries
    struct watch *watches;
    struct list pending; // in order of deadline
    struct list ready;
};

static void list_add(struct list *list, struct resolver_query *query)
{
    query->previous = list->last;
    query->next = NULL;
    if (list->last != NULL) {
        list->last->next = query;
    } else {
        list->first = query;
    }
    list->last = query;
}

static void list_remove(struct list *list, struct resolver_query *query)
{
    *(query->previous != NULL ? &query->previous->next : &list->first) = query->next;
    *(query->next != NULL ? &query->next->previous : &list->last) = query->previous;
}

static void query_free(struct resolver_query *query)
{
    free(query->addresses);
    free(query);
}

static void arm_timer(struct resolver *resolver)
{
    mono_time due = MONO_NEVER;
    if (resolver->ready.first != NULL) {
        due.ns = 0;
    }
    struct timeval wait;
    if (ares_timeout(resolver->channel, NULL, &wait) != NULL) {
        duration length = DURATION_S(wait.tv_sec) + (duration)wait.tv_usec * 1000;
        due = mono_min(due, mono_add(clock_mono(), length));
    }
    if (resolver->pending.first != NULL) {
        due = mono_min(due, resolver->pending.first->deadline);
    }
    if (due.ns == MONO_NEVER.ns) {
        loop_timer_clear(resolver->timer);
    } else {
        loop_timer_set(resolver->timer, due);
    }
}

// Callbacks may start, cancel and destroy nothing but queries; the resolver stays.
static void report_ready(struct resolver *resolver)
{
    struct resolver_query *query;
    while ((query = resolver->ready.first) != NULL) {
        list_remove(&resolver->ready, query);
        query->done(query->addresses, query->count, query->context);
        query_free(query);
    }
}

static void give_up(struct resolver *resolver, mono_time now)
{
    struct resolver_query *query;
    while ((query = resolver->pending.first) != NULL && !mono_before(now, query->deadline)) {
        list_remove(&resolver->pending, query);
        query->state = ABANDONED;
        query->done(NULL, 0, query->context);
    }
}

static void on_timer(mono_time now, void *context)
{
    struct resolver *resolver = context;
    ares_process_fd(resolver->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    report_ready(resolver);
    give_up(resolver, now);
    arm_timer(resolver);
}

static void on_socket(evutil_socket_t fd, short what, void *context)
{
    struct resolver *resolver = context;
    ares_process_fd(resolver->channel, what & EV_READ ? fd : ARES_SOCKET_BAD,
                    what & EV_WRITE ? fd : ARES_SOCKET_BAD);
    report_ready(resolver);
    arm_timer(resolver);
}

static void unwatch(struct resolver *resolver, ares_socket_t fd)
{
    for (struct watch **at = &resolver->watches; *at != NULL; at = &(*at)->next) {
        struct watch *watch = *at;
        if (watch->fd == fd) {
            *at = watch->next;
            event_free(watch->event);
            free(watch);
            return;
        }
    }
}

static void on_socket_state(void *context, ares_socket_t fd, int readable, int writable)
{
    struct resolver *resolver = context;
    unwatch(resolver, fd);
    if (!readable && !writable) {
        return;
    }
    struct watch *watch = xcalloc(1, sizeof *watch);
    int kind = EV_PERSIST | (readable ? EV_READ : 0) | (writable ? EV_WRITE : 0);
    watch->fd = fd;
    watch->event = event_new(loop_base(resolver->loop), fd, (short)kind, on_socket, resolver);
    if (watch->event == NULL || event_add(watch->event, NULL) != 0) {
        abort(); // out of memory
    }
    watch->next = resolver->watches;
    resolver->watches = watch;
}

static bool open_channel(struct resolver *resolver, const char *servers, int timeout_ms, struct error *error)
{
    // A name is taken as it stands, without search domains. Two tries, and the second may take twice as long
    // as the first.
    struct ares_options options = {
        .flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
        .timeout = timeout_ms >= 3 ? timeout_ms / 3 : 1,
        .tries = 2,
        .domains = NULL,
        .ndomains = 0,
        .sock_state_cb = on_socket_state,
        .sock_state_cb_data = resolver,
    };
    int result = ares_init_options(&resolver->channel, &options,
                                   ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_DOMAINS |
                                       ARES_OPT_SOCK_STATE_CB);
    if (result != ARES_SUCCESS) {
        return error_set(error, "cannot start the resolver: %s", ares_strerror(result));
    }
    result = servers != NULL ? ares_set_servers_ports_csv(resolver->channel, servers) : ARES_SUCCESS;
    if (result != ARES_SUCCESS) {
        ares_destroy(resolver->channel);
        return error_set(error, "'%s' is not a list of name servers: %s", servers, ares_strerror(result));
    }
    return true;
}

struct resolver *resolver_create(struct loop *loop, const char *servers, int timeout_ms, struct error *error)
{
    struct resolver *resolver = xcalloc(1, sizeof *resolver);
    resolver->loop = loop;
    resolver->timeout = DURATION_MS(timeout_ms);
    if (!open_channel(resolver, servers, timeout_ms, error)) {
        free(resolver);
        return NULL;
    }
    resolver->timer = loop_timer_create(loop, on_timer, resolver);
    return resolver;
}

void resolver_destroy(struct resolver *resolver)
{
    if (resolver == NULL) {
        return;
    }
    struct resolver_query *query;
    while ((query = resolver->ready.first) != NULL) {
        list_remove(&resolver->ready, query);
        query_free(query);
    }
    while ((query = resolver->pending.first) != NULL) {
        resolver_cancel(query);
    }
    ares_destroy(resolver->channel); // calls back for each query, and so frees it
    loop_timer_destroy(resolver->timer);
    free(resolver);
}

static void take_addresses(struct resolver_query *query, const struct ares_addrinfo *result)
{
    query->addresses = xcalloc(ADDRESSES_MAX, sizeof *query->addresses);
    for (const struct ares_addrinfo_node *node = result->nodes; node != NULL; node = node->ai_next) {
        struct ip_endpoint endpoint;
        if (query->count < ADDRESSES_MAX && node->ai_family == AF_INET &&
            ip_endpoint_from_sockaddr(node->ai_addr, &endpoint)) {
            query->addresses[query->count++] = endpoint.address;
        }
    }
}

static void on_result(void *context, int status, int timeouts, struct ares_addrinfo *result)
{
    (void)timeouts;
    struct resolver_query *query = context;
    if (query->state == ABANDONED) {
        query_free(query);
    } else {
        if (status == ARES_SUCCESS && result != NULL) {
            take_addresses(query, result);
        }
        list_remove(&query->resolver->pending, query);
        list_add(&query->resolver->ready, query);
        query->state = READY;
    }
    if (result != NULL) {
        ares_freeaddrinfo(result);
    }
}

struct resolver_query *resolver_lookup(struct resolver *resolver, const char *name, resolver_done done,
                                       void *context)
{
    struct resolver_query *query = xcalloc(1, sizeof *query);
    query->resolver = resolver;
    query->done = done;
    query->context = context;
    query->deadline = mono_add(clock_mono(), resolver->timeout);
    list_add(&resolver->pending, query);
    struct ares_addrinfo_hints hints = {.ai_family = AF_INET, .ai_flags = ARES_AI_NOSORT};
    ares_getaddrinfo(resolver->channel, name, NULL, &hints, on_result, query);
    arm_timer(resolver);
    return query;
}

void resolver_cancel(struct resolver_query *query)
{
    if (query->state == READY) {
        list_remove(&query->resolver->ready, query);
        query_free(query);
        return;
    }
    list_remove(&query->resolver->pending, query);
    query->state = ABANDONED;
}
