// SPDX-License-Identifier: MIT
#include "udp.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/xalloc.h"

enum {
    BATCH = 32,
    REPLY_MAX = 4096, // D1
    // A page apart all buffers would meet in the same few lines of the processor's first cache.
    SPACING = 4096 + 192,
    ROUNDS = 64,        // batches from one socket before the others have their turn
    WRITABLE_WAIT = 5,  // ms that a full send buffer may hold up the worker
    RECEIVE_ERRORS = 16 // reports of unreachable clients in a row; the rest waits for the next turn
};

struct udp_batch {
    struct mmsghdr received[BATCH];
    struct mmsghdr replies[BATCH];
    struct iovec in_slices[BATCH];
    struct iovec out_slices[BATCH];
    struct sockaddr_storage from[BATCH];
    // The address that was asked, which is the one to answer from.
    _Alignas(struct cmsghdr) uint8_t control[BATCH][CMSG_SPACE(sizeof(struct in6_pktinfo))];
    uint8_t in[BATCH][SPACING];
    uint8_t out[BATCH][SPACING];
};

_Static_assert((int)DNS_QUERY_MAX <= (int)SPACING && (int)REPLY_MAX <= (int)SPACING, "room for a packet");

static void rearm(struct udp_batch *batch, size_t i)
{
    struct msghdr *header = &batch->received[i].msg_hdr;
    header->msg_namelen = sizeof batch->from[i];
    header->msg_control = batch->control[i];
    header->msg_controllen = sizeof batch->control[i];
}

struct udp_batch *udp_batch_create(void)
{
    struct udp_batch *batch = xcalloc(1, sizeof *batch);
    for (size_t i = 0; i < BATCH; i++) {
        batch->in_slices[i] = (struct iovec){batch->in[i], DNS_QUERY_MAX};
        batch->received[i].msg_hdr.msg_name = &batch->from[i];
        batch->received[i].msg_hdr.msg_iov = &batch->in_slices[i];
        batch->received[i].msg_hdr.msg_iovlen = 1;
        batch->replies[i].msg_hdr.msg_iov = &batch->out_slices[i];
        batch->replies[i].msg_hdr.msg_iovlen = 1;
        rearm(batch, i);
    }
    return batch;
}

void udp_batch_destroy(struct udp_batch *batch)
{
    free(batch);
}

// Packets, 0 when there are none now. EINTR and what ICMP said about earlier replies end nothing.
static unsigned receive(struct udp_batch *batch, int fd)
{
    for (unsigned errors = 0; errors < RECEIVE_ERRORS; errors++) {
        int count = recvmmsg(fd, batch->received, BATCH, 0, NULL);
        if (count > 0) {
            return (unsigned)count;
        }
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return 0;
        }
    }
    return 0;
}

// The reply leaves from the address in control; which interface is for the routing table to say.
static void clear_interface(struct msghdr *header)
{
    for (struct cmsghdr *item = CMSG_FIRSTHDR(header); item != NULL; item = CMSG_NXTHDR(header, item)) {
        int zero = 0;
        if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO) {
            memcpy(CMSG_DATA(item) + offsetof(struct in_pktinfo, ipi_ifindex), &zero, sizeof zero);
        }
        if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO) {
            memcpy(CMSG_DATA(item) + offsetof(struct in6_pktinfo, ipi6_ifindex), &zero, sizeof zero);
        }
    }
}

static void address_reply(struct udp_batch *batch, size_t query, size_t reply, size_t len, bool wildcard)
{
    struct msghdr *from = &batch->received[query].msg_hdr;
    struct msghdr *to = &batch->replies[reply].msg_hdr;
    batch->out_slices[reply] = (struct iovec){batch->out[query], len};
    to->msg_name = from->msg_name;
    to->msg_namelen = from->msg_namelen;
    to->msg_control = NULL;
    to->msg_controllen = 0;
    if (wildcard && (from->msg_flags & MSG_CTRUNC) == 0) {
        clear_interface(from);
        to->msg_control = from->msg_control;
        to->msg_controllen = from->msg_controllen;
    }
}

static unsigned reply_to_all(struct udp_batch *batch, unsigned count, size_t listener, bool wildcard,
                             struct answerer *answerer)
{
    unsigned replies = 0;
    for (unsigned i = 0; i < count; i++) {
        struct ip_endpoint from;
        if (!ip_endpoint_from_sockaddr((struct sockaddr *)&batch->from[i], &from)) {
            continue;
        }
        size_t len = answerer_reply(answerer, listener, &from.address, false, batch->in[i],
                                    batch->received[i].msg_len, batch->out[i], REPLY_MAX);
        if (len > 0) {
            address_reply(batch, i, replies++, len, wildcard);
        }
    }
    return replies;
}

// The replies are written, so the view is no longer needed, and a wait holds up nobody else.
static bool wait_until_writable(int fd)
{
    struct pollfd writable = {fd, POLLOUT, 0};
    publish_reader_offline();
    int ready = poll(&writable, 1, WRITABLE_WAIT);
    publish_reader_online();
    return ready > 0;
}

// A reply that cannot be sent is lost, as it would be on the way: the client asks again.
static void send_all(struct udp_batch *batch, int fd, unsigned count, struct answerer *answerer)
{
    bool waited = false;
    for (unsigned sent = 0; sent < count;) {
        int done = sendmmsg(fd, batch->replies + sent, count - sent, 0);
        if (done > 0) {
            sent += (unsigned)done;
        } else if (errno == EINTR) {
            continue;
        } else if ((errno == EAGAIN || errno == EWOULDBLOCK) && !waited) {
            waited = true;
            wait_until_writable(fd);
        } else { // sendmmsg fails for the first one only: that client's route, size or port
            answerer_lost(answerer);
            sent++;
        }
    }
}

bool udp_serve(struct udp_batch *batch, const struct dns_sockets *sockets, size_t listener,
               struct answerer *answerer)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned count = receive(batch, sockets->udp);
        if (count == 0) {
            return false;
        }
        answerer_begin(answerer); // after recvmmsg: who asks after a publish is answered from its view
        unsigned replies = reply_to_all(batch, count, listener, sockets->wildcard, answerer);
        send_all(batch, sockets->udp, replies, answerer);
        publish_reader_quiescent();
        for (unsigned i = 0; i < count; i++) {
            rearm(batch, i);
        }
        if (count < BATCH) {
            return false;
        }
    }
    return true;
}
