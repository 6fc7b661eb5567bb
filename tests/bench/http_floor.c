// SPDX-License-Identifier: MIT
// The least that an HTTP probe can cost on this machine, each on a connection of its own:
//
//   http_floor PORT TARGETS PER_SECOND SECONDS GROUP_MS
//
// starts what has fallen due every GROUP_MS milliseconds; connect, send, receive, look at the status, close.
// Nothing is parsed, timed or reported. Prints one JSON object with its own CPU time for each probe.
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "bench/http_target.h"

enum { EVENTS = 256 };

struct floor {
    int epoll;
    uint32_t port;
    uint32_t targets;
    uint32_t per_second;
    uint32_t group_ms;
    uint64_t started;
    uint64_t succeeded;
    uint64_t failed;
};

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void watch(const struct floor *floor, int operation, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    epoll_ctl(floor->epoll, operation, fd, &event);
}

static void start(struct floor *floor)
{
    struct sockaddr_in to = http_target((uint32_t)(floor->started % floor->targets), (uint16_t)floor->port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    floor->started++;
    if (fd < 0 || (connect(fd, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS)) {
        floor->failed++;
        if (fd >= 0) {
            close(fd);
        }
        return;
    }
    watch(floor, EPOLL_CTL_ADD, fd, EPOLLOUT);
}

static void send_request(struct floor *floor, int fd)
{
    static const char request[] = "GET /health HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n";
    if (send(fd, request, sizeof request - 1, MSG_NOSIGNAL) < 0) {
        floor->failed++;
        close(fd);
        return;
    }
    watch(floor, EPOLL_CTL_MOD, fd, EPOLLIN);
}

static void receive(struct floor *floor, int fd)
{
    char reply[1024];
    bool success = recv(fd, reply, sizeof reply, 0) >= 12 && memcmp(reply + 9, "200", 3) == 0;
    *(success ? &floor->succeeded : &floor->failed) += 1;
    close(fd);
}

static void wait_for_events(struct floor *floor, double until)
{
    struct epoll_event events[EVENTS];
    double left = until - now_s();
    int count = epoll_wait(floor->epoll, events, EVENTS, left > 0 ? (int)(left * 1e3) + 1 : 0);
    for (int i = 0; i < count; i++) {
        if ((events[i].events & EPOLLOUT) != 0) {
            send_request(floor, events[i].data.fd);
        } else {
            receive(floor, events[i].data.fd);
        }
    }
}

static void run(struct floor *floor, double seconds)
{
    double began = now_s();
    double next = began;
    for (double now = began; now < began + seconds; now = now_s()) {
        if (now >= next) {
            next += floor->group_ms / 1e3;
            while ((double)floor->started < (now - began) * floor->per_second) {
                start(floor);
            }
        }
        wait_for_events(floor, next);
    }
}

static double cpu_us(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

int main(int argc, char **argv)
{
    struct floor floor = {.epoll = epoll_create1(EPOLL_CLOEXEC)};
    uint32_t seconds;
    if (argc != 6 || !bytes_parse_u32(bytes_of(argv[1]), 65535, &floor.port) ||
        !bytes_parse_u32(bytes_of(argv[2]), TARGETS_MAX, &floor.targets) ||
        !bytes_parse_u32(bytes_of(argv[3]), 1000000, &floor.per_second) ||
        !bytes_parse_u32(bytes_of(argv[4]), 3600, &seconds) ||
        !bytes_parse_u32(bytes_of(argv[5]), 1000, &floor.group_ms)) {
        fprintf(stderr, "usage: http_floor PORT TARGETS PER_SECOND SECONDS GROUP_MS\n");
        return 2;
    }
    run(&floor, seconds);
    uint64_t done = floor.succeeded + floor.failed;
    printf("{\"probes\":%" PRIu64 ",\"succeeded\":%" PRIu64 ",\"us_per_probe\":%.2f}\n", done,
           floor.succeeded, done > 0 ? cpu_us() / (double)done : 0);
    return floor.succeeded > 0 ? 0 : 1;
}
