// SPDX-License-Identifier: MIT
#include "io/dns/server.h"

#include <assert.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "worker.h"

struct dns_server {
    struct dns_server_options options; // listeners are a copy
    struct dns_listener *listeners;
    struct worker *workers[DNS_WORKERS_MAX];
};

static bool create_workers(struct dns_server *server, struct publisher *publisher, struct ip_endpoint *bound,
                           struct error *error)
{
    size_t listeners = server->options.listener_count;
    struct ip_endpoint at[DNS_LISTENERS_MAX];
    struct dns_sockets *sockets = xcalloc(server->options.workers * listeners, sizeof *sockets);
    bool created = dns_listen(&server->options, sockets, at, error);
    for (unsigned i = 0; created && i < server->options.workers; i++) {
        server->workers[i] = worker_create(&server->options, publisher, i, &sockets[i * listeners], error);
        if (server->workers[i] == NULL) {
            dns_listen_close(&sockets[(i + 1) * listeners], (server->options.workers - i - 1) * listeners);
            created = false;
        }
    }
    for (size_t i = 0; created && i < listeners; i++) {
        bound[i] = at[i];
    }
    free(sockets);
    return created;
}

struct dns_server *dns_server_create(const struct dns_server_options *options, struct publisher *publisher,
                                     struct ip_endpoint *bound, struct error *error)
{
    assert(options->listener_count <= DNS_LISTENERS_MAX);
    assert(options->workers > 0 && options->workers <= DNS_WORKERS_MAX);
    struct dns_server *server = xcalloc(1, sizeof *server);
    server->options = *options;
    server->listeners = xcalloc(options->listener_count + 1, sizeof *server->listeners);
    for (size_t i = 0; i < options->listener_count; i++) {
        server->listeners[i] = options->listeners[i];
    }
    server->options.listeners = server->listeners;
    if (!create_workers(server, publisher, bound, error)) {
        dns_server_destroy(server);
        return NULL;
    }
    return server;
}

void dns_server_start(struct dns_server *server)
{
    for (unsigned i = 0; i < server->options.workers; i++) {
        worker_start(server->workers[i]);
    }
}

void dns_server_stop(struct dns_server *server)
{
    for (unsigned i = 0; i < server->options.workers && server->workers[i] != NULL; i++) {
        worker_stop(server->workers[i]);
    }
    for (unsigned i = 0; i < server->options.workers && server->workers[i] != NULL; i++) {
        worker_join(server->workers[i]);
    }
}

void dns_server_destroy(struct dns_server *server)
{
    if (server == NULL) {
        return;
    }
    dns_server_stop(server);
    for (unsigned i = 0; i < server->options.workers; i++) {
        worker_destroy(server->workers[i]);
    }
    free(server->listeners);
    free(server);
}

static void add(uint64_t *sum, const uint64_t *counter)
{
    *sum += __atomic_load_n(counter, __ATOMIC_RELAXED);
}

void dns_server_counters(const struct dns_server *server, struct answer_counters *out)
{
    struct answer_counters sum = {0};
    for (unsigned i = 0; i < server->options.workers; i++) {
        const struct answer_counters *counters = worker_counters(server->workers[i]);
        add(&sum.queries, &counters->queries);
        add(&sum.dropped, &counters->dropped);
        add(&sum.truncated, &counters->truncated);
        add(&sum.fail_open, &counters->fail_open);
        add(&sum.client_subnet, &counters->client_subnet);
        for (unsigned rcode = 0; rcode < 16; rcode++) {
            add(&sum.rcodes[rcode], &counters->rcodes[rcode]);
        }
    }
    *out = sum;
}
