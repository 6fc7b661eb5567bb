// SPDX-License-Identifier: MIT
// Queries over UDP in batches: one recvmmsg, the answers, one sendmmsg. All memory is allocated at the
// start. One thread.
#ifndef NEARWELL_IO_DNS_UDP_H
#define NEARWELL_IO_DNS_UDP_H

#include "answerer.h"
#include "listen.h"

struct udp_batch;

struct udp_batch *udp_batch_create(void);
void udp_batch_destroy(struct udp_batch *batch); // NULL is fine

// Answers what is in the socket's buffer, up to a bound that lets other sockets have their turn. False when
// the buffer was found empty. The thread is online; it has been quiescent when this returns.
bool udp_serve(struct udp_batch *batch, const struct dns_sockets *sockets, size_t listener,
               struct answerer *answerer);

#endif
