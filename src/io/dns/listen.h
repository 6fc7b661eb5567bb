// SPDX-License-Identifier: MIT
// Binds the sockets of all workers: for each listener one UDP and one TCP socket a worker, which share the
// port (SO_REUSEPORT). The first of each is bound without sharing, so that a port in use is an error even
// when another nearwell of the same user has it and would share.
#ifndef NEARWELL_IO_DNS_LISTEN_H
#define NEARWELL_IO_DNS_LISTEN_H

#include "io/dns/server.h"

// Non-blocking; -1 when closed.
struct dns_sockets {
    int udp;
    int tcp;       // listening
    bool wildcard; // UDP: each packet carries the address that it was sent to
};

// Fills sockets[worker * listener_count + listener] and bound[listener], or nothing.
bool dns_listen(const struct dns_server_options *options, struct dns_sockets *sockets,
                struct ip_endpoint *bound, struct error *error);
void dns_listen_close(struct dns_sockets *sockets, size_t count);

#endif
