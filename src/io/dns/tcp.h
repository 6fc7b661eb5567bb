// SPDX-License-Identifier: MIT
// Queries over TCP (RFC 7766): each with its length before it, several on one connection, answered in order
// and one at a time. While replies wait for a slow client nothing more is read from it. All memory is
// allocated at the start. One thread.
#ifndef NEARWELL_IO_DNS_TCP_H
#define NEARWELL_IO_DNS_TCP_H

#include "answerer.h"
#include "base/time.h"

struct tcp_table;

// Connections are registered with epoll, data.u64 being tag + their index.
struct tcp_table *tcp_table_create(const struct dns_server_options *options, struct answerer *answerer,
                                   int epoll, uint64_t tag);
void tcp_table_destroy(struct tcp_table *table); // closes all; NULL is fine

enum tcp_accepted {
    TCP_ACCEPTED_ALL,
    TCP_ACCEPTED_SOME,     // others' turn first; epoll will tell again
    TCP_OUT_OF_DESCRIPTORS // although an old connection was closed: epoll would tell again and again
};
// The listening socket has connections waiting.
enum tcp_accepted tcp_accept(struct tcp_table *table, int listening, size_t listener, mono_time now);
// epoll has something to say about a connection. The thread is online.
void tcp_serve(struct tcp_table *table, uint32_t connection, mono_time now);
void tcp_expire(struct tcp_table *table, mono_time now);
mono_time tcp_next_expiry(const struct tcp_table *table); // MONO_NEVER without connections

// From now on connections are closed as soon as what they sent is answered and taken.
void tcp_drain(struct tcp_table *table, mono_time now);
bool tcp_is_empty(const struct tcp_table *table);

#endif
