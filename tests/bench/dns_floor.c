// SPDX-License-Identifier: MIT
// The least that a UDP name server can cost on this machine: one thread that receives a batch, makes each
// query a reply in place with one fixed A record, and sends the batch. It prints its port and runs until it
// is ended.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 32, PACKET_MAX = 1500, HEADER_LEN = 12 };

struct batch {
    struct mmsghdr messages[BATCH];
    struct iovec slices[BATCH];
    struct sockaddr_in from[BATCH];
    uint8_t packets[BATCH][PACKET_MAX];
};

// Owner is the question's, A, IN, 60 s, 192.0.2.1.
static const uint8_t record[] = {0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1};

// The reply's length; 0: not a query.
static size_t reflect(uint8_t *packet, size_t len)
{
    size_t at = HEADER_LEN;
    while (at < len && packet[at] != 0) {
        at += packet[at] + 1U;
    }
    at += 5;
    if (at > len || at + sizeof record > PACKET_MAX) {
        return 0;
    }
    packet[2] = (uint8_t)((packet[2] & 0x79) | 0x84);
    packet[7] = 1;
    packet[11] = 0;
    memcpy(packet + at, record, sizeof record);
    return at + sizeof record;
}

static int bind_any_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    int room = 4 << 20;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) != 0) {
        perror("dns_floor");
        return -1;
    }
    printf("%u\n", ntohs(at.sin_port));
    fflush(stdout);
    return fd;
}

static void reply_to_batch(struct batch *batch, int fd)
{
    for (size_t i = 0; i < BATCH; i++) {
        batch->slices[i] = (struct iovec){batch->packets[i], PACKET_MAX};
        batch->messages[i].msg_hdr = (struct msghdr){
            .msg_name = &batch->from[i],
            .msg_namelen = sizeof batch->from[i],
            .msg_iov = &batch->slices[i],
            .msg_iovlen = 1,
        };
    }
    int count = recvmmsg(fd, batch->messages, BATCH, MSG_WAITFORONE, NULL);
    for (int i = 0; i < count; i++) {
        batch->slices[i].iov_len = reflect(batch->packets[i], batch->messages[i].msg_len);
    }
    for (int sent = 0; sent < count;) {
        int done = sendmmsg(fd, batch->messages + sent, (unsigned)(count - sent), 0);
        sent += done > 0 ? done : 1;
    }
}

int main(void)
{
    static struct batch batch;
    int fd = bind_any_port();
    if (fd < 0) {
        return 1;
    }
    for (;;) {
        reply_to_batch(&batch, fd);
    }
}
