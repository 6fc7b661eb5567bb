// SPDX-License-Identifier: MIT
// A load generator for one UDP name server on loopback:
//
//   dns_load PORT QUERIES SECONDS [IN_FLIGHT]
//
// keeps IN_FLIGHT queries under way over a few sockets, so that the server is never without work, and never
// sleeps, so that the server's replies wake nobody. Queries of one length leave in one call, as segments of
// one send. Every reply is matched with its query; what is missing after a while counts as lost. Prints one
// JSON object.
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/bytes.h"
#include "support/query_list.h"

enum { SOCKETS = 4, BATCH = 32, REPLY_MAX = 2048, LOST_MS = 1000, IDS = 65536 };

struct channel {
    int fd;
    uint16_t next_id;
    uint16_t segment; // bytes, what the socket is set to
    uint32_t in_flight;
    uint64_t pending[IDS / 64]; // bit per id
};

struct load {
    struct query_list list;
    size_t next;
    uint32_t in_flight_most;
    struct channel channels[SOCKETS];
    struct mmsghdr messages[BATCH];
    struct iovec slices[BATCH];
    uint8_t replies[BATCH][REPLY_MAX];
    uint64_t sent;
    uint64_t answered;
    uint64_t lost;
    uint64_t strange;
    uint64_t with_records;
    uint64_t rcodes[16];
};

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void connect_all(struct load *load, uint16_t port)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int room = 4 << 20;
    for (size_t i = 0; i < SOCKETS; i++) {
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
            perror("dns_load");
            exit(1);
        }
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
        load->channels[i].fd = fd;
    }
    for (size_t i = 0; i < BATCH; i++) {
        load->slices[i] = (struct iovec){load->replies[i], REPLY_MAX};
        load->messages[i].msg_hdr = (struct msghdr){.msg_iov = &load->slices[i], .msg_iovlen = 1};
    }
}

static void set_segment(struct channel *channel, uint16_t len)
{
    int segment = len;
    if (channel->segment != len) {
        setsockopt(channel->fd, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof segment);
        channel->segment = len;
    }
}

static void send_batch(struct load *load, struct channel *channel)
{
    uint8_t gathered[BATCH * LISTED_QUERY_MAX];
    size_t len = 0;
    uint16_t each = load->list.queries[load->next].len;
    uint16_t first = channel->next_id;
    unsigned count = 0;
    size_t next = load->next;
    for (; count < BATCH && load->list.queries[next].len == each; count++) {
        uint16_t id = (uint16_t)(first + count);
        memcpy(gathered + len, load->list.queries[next].bytes, each);
        gathered[len] = (uint8_t)(id >> 8);
        gathered[len + 1] = (uint8_t)id;
        len += each;
        next = next + 1 < load->list.count ? next + 1 : 0;
    }
    set_segment(channel, each);
    if (send(channel->fd, gathered, len, 0) != (ssize_t)len) {
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        uint16_t id = (uint16_t)(first + i);
        channel->pending[id / 64] |= UINT64_C(1) << (id % 64);
    }
    channel->next_id = (uint16_t)(first + count);
    channel->in_flight += count;
    load->next = next;
    load->sent += count;
}

static void take_reply(struct load *load, struct channel *channel, const uint8_t *reply, size_t len)
{
    uint16_t id = (uint16_t)(reply[0] << 8 | reply[1]);
    uint64_t bit = UINT64_C(1) << (id % 64);
    if (len < 12 || (reply[2] & 0x80) == 0 || (channel->pending[id / 64] & bit) == 0) {
        load->strange++;
        return;
    }
    channel->pending[id / 64] &= ~bit;
    channel->in_flight--;
    load->answered++;
    load->rcodes[reply[3] & 0xf]++;
    load->with_records += (reply[6] | reply[7]) != 0;
}

static bool receive_batch(struct load *load, struct channel *channel)
{
    int count = recvmmsg(channel->fd, load->messages, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) {
        take_reply(load, channel, load->replies[i], load->messages[i].msg_len);
    }
    return count > 0;
}

static void give_up(struct load *load)
{
    for (size_t i = 0; i < SOCKETS; i++) {
        load->lost += load->channels[i].in_flight;
        load->channels[i].in_flight = 0;
        memset(load->channels[i].pending, 0, sizeof load->channels[i].pending);
    }
}

static void run_until(struct load *load, double until, bool sending)
{
    double heard = now_s();
    for (double now = heard; now < until; now = now_s()) {
        bool any = false;
        uint32_t in_flight = 0;
        for (size_t i = 0; i < SOCKETS; i++) {
            struct channel *channel = &load->channels[i];
            any |= receive_batch(load, channel);
            if (sending && channel->in_flight + BATCH <= load->in_flight_most / SOCKETS) {
                send_batch(load, channel);
            }
            in_flight += channel->in_flight;
        }
        if (in_flight == 0) {
            return;
        }
        if (any) {
            heard = now;
        } else if (now - heard > LOST_MS / 1e3) {
            give_up(load);
            heard = now;
        }
    }
}

static void print(const struct load *load, double seconds)
{
    printf("{\"sent\":%" PRIu64 ",\"answered\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"strange\":%" PRIu64
           ",\"with_records\":%" PRIu64 ",\"seconds\":%.3f,\"rcodes\":[",
           load->sent, load->answered, load->lost, load->strange, load->with_records, seconds);
    for (size_t i = 0; i < 16; i++) {
        printf("%s%" PRIu64, i > 0 ? "," : "", load->rcodes[i]);
    }
    printf("]}\n");
}

int main(int argc, char **argv)
{
    static struct load load;
    uint32_t port = 0;
    double seconds = argc > 3 ? strtod(argv[3], NULL) : 0;
    load.in_flight_most = 256;
    if (argc < 4 || !bytes_parse_u32(bytes_of(argv[1]), 65535, &port) || seconds <= 0 ||
        (argc > 4 && !bytes_parse_u32(bytes_of(argv[4]), 32768, &load.in_flight_most)) ||
        load.in_flight_most < SOCKETS * BATCH) {
        fprintf(stderr, "usage: dns_load PORT QUERIES SECONDS [IN_FLIGHT, at least %d]\n", SOCKETS * BATCH);
        return 2;
    }
    query_list_read(&load.list, argv[2]);
    connect_all(&load, (uint16_t)port);
    double started = now_s();
    run_until(&load, started + seconds, true);
    double ended = now_s();
    run_until(&load, ended + LOST_MS / 1e3, false);
    give_up(&load);
    print(&load, ended - started);
    query_list_free(&load.list);
    return load.answered > 0 ? 0 : 1;
}
