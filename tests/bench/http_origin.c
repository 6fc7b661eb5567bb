// SPDX-License-Identifier: MIT
// An HTTP server that costs as little as possible: http_origin COUNT listens on one port of COUNT loopback
// addresses, prints the port, and answers each connection's first bytes with 200 and closes it.
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "bench/http_target.h"

enum { EVENTS = 256, BACKLOG = 4096 };
#define LISTENING (UINT64_C(1) << 32)

static bool watch(int epoll, int fd, uint64_t kind)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = kind | (uint32_t)fd};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool listen_on(int epoll, uint32_t i, uint16_t *port)
{
    struct sockaddr_in at = http_target(i, *port);
    socklen_t len = sizeof at;
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) != 0) {
        return false;
    }
    *port = ntohs(at.sin_port);
    return watch(epoll, fd, LISTENING);
}

static void take_connections(int epoll, int listening)
{
    int fd;
    while ((fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (!watch(epoll, fd, 0)) {
            close(fd);
        }
    }
}

static void reply(int fd)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    char request[4096];
    if (recv(fd, request, sizeof request, 0) > 0) {
        (void)!send(fd, text, sizeof text - 1, MSG_NOSIGNAL);
    }
    close(fd);
}

int main(int argc, char **argv)
{
    uint32_t count;
    uint16_t port = 0;
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (argc != 2 || !bytes_parse_u32(bytes_of(argv[1]), TARGETS_MAX, &count)) {
        fprintf(stderr, "usage: http_origin COUNT\n");
        return 2;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!listen_on(epoll, i, &port)) {
            perror("http_origin");
            return 1;
        }
    }
    printf("%u\n", port);
    fflush(stdout);
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int fd = (int)(uint32_t)events[i].data.u64;
            if ((events[i].data.u64 & LISTENING) != 0) {
                take_connections(epoll, fd);
            } else {
                reply(fd);
            }
        }
    }
}
