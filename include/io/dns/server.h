// SPDX-License-Identifier: MIT
// The DNS sockets and the threads that serve them: each worker has a UDP and a TCP socket per address
// (SO_REUSEPORT) and calls answer() on the newest view. Created, started and destroyed by the control thread.
#ifndef NEARWELL_IO_DNS_SERVER_H
#define NEARWELL_IO_DNS_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/ip.h"
#include "core/answer/answer.h"
#include "io/publish/publish.h"

enum { DNS_LISTENERS_MAX = 64, DNS_WORKERS_MAX = 64 };

struct dns_listener {
    struct ip_endpoint at;
    char place[64]; // "" : by subnet and source address; else every client of this socket is there, or in
                    // this VPC; a VPC that the model lacks counts as none
};

struct dns_server_options {
    const struct dns_listener *listeners;
    size_t listener_count;
    unsigned workers;         // at least 1
    uint64_t seed;            // workers draw from streams of their own
    unsigned tcp_connections; // per worker, at least 1; the one idle longest goes when a new one comes
    unsigned tcp_idle_ms;     // without a finished query, or with replies that the client does not take
};

struct dns_server;

// Binds everything or nothing. bound has room for listener_count endpoints: with the ports that the kernel
// chose. A port of 0 gets the same number for UDP and TCP. [::] takes IPv4 too, unless an IPv4 listener has
// the same port. A port that another program has is an error, another nearwell included.
struct dns_server *dns_server_create(const struct dns_server_options *options, struct publisher *publisher,
                                     struct ip_endpoint *bound, struct error *error);
void dns_server_start(struct dns_server *server); // after the first view was published
// Ends the workers: no new queries are taken, what was received is answered.
void dns_server_stop(struct dns_server *server);
void dns_server_destroy(struct dns_server *server); // stops first; NULL is fine

// Sum over the workers; any thread. dropped counts replies that a full socket did not take, too.
void dns_server_counters(const struct dns_server *server, struct answer_counters *out);

#endif
