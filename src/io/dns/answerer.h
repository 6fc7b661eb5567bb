// SPDX-License-Identifier: MIT
// What a worker needs to turn a query into a reply: the newest view, the places and VPCs its sockets stand
// for, its stream of chance and its counters. One thread.
#ifndef NEARWELL_IO_DNS_ANSWERER_H
#define NEARWELL_IO_DNS_ANSWERER_H

#include "io/dns/server.h"

enum {
    DNS_QUERY_MAX = 4096, // bytes of a query that are looked at; what is cut is no well-formed query
};

struct answerer {
    const struct publisher *publisher;
    const struct dns_listener *listeners;
    size_t listener_count;
    const struct view *view;                   // of this batch
    uint64_t generation;                       // of the view that these are from, by listener:
    uint32_t places[DNS_LISTENERS_MAX];        // or PLACE_NONE
    const struct vpc *vpcs[DNS_LISTENERS_MAX]; // or NULL
    struct random roll;
    char apart[64]; // the counters have cache lines to themselves
    struct answer_counters counters;
    char from_the_next[64];
};

void answerer_init(struct answerer *answerer, const struct dns_server_options *options,
                   const struct publisher *publisher, unsigned worker);

// Before each batch, in a thread that is online: the newest view.
void answerer_begin(struct answerer *answerer);

// 0 when nothing may be sent. Longer queries are cut to DNS_QUERY_MAX.
size_t answerer_reply(struct answerer *answerer, size_t listener, const struct ip_address *source, bool tcp,
                      const uint8_t *query, size_t len, uint8_t *out, size_t room);

// A reply that could not be sent.
void answerer_lost(struct answerer *answerer);

#endif
