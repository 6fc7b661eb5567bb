// SPDX-License-Identifier: MIT
#include "fake_origin.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xalloc.h"

struct fake_origin {
    struct fake_step script[FAKE_STEPS_MAX];
    int listener;
    int stop; // eventfd: readable when the thread is to end
    uint16_t port;
    pthread_t thread;
    pthread_mutex_t lock; // of the two below
    unsigned accepted;
    char request[FAKE_REQUEST_TEXT];
};

static uint16_t bind_any_port(int fd, const void *address, socklen_t address_len)
{
    struct sockaddr_storage bound = {.ss_family = AF_UNSPEC};
    socklen_t len = sizeof bound;
    int failed = bind(fd, address, address_len);
    assert(failed == 0);
    failed = getsockname(fd, (struct sockaddr *)&bound, &len);
    assert(failed == 0);
    // The port is at the same place in both.
    struct sockaddr_in *as_v4 = (struct sockaddr_in *)&bound;
    return ntohs(as_v4->sin_port);
}

static uint16_t bind_loopback(int fd, int ipv6)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    return ipv6 ? bind_any_port(fd, &v6, sizeof v6) : bind_any_port(fd, &v4, sizeof v4);
}

// False when the origin is to stop, or after ms (-1: never). True when fd is ready.
static bool wait_for(struct fake_origin *origin, int fd, short what, int ms)
{
    struct pollfd fds[2] = {{.fd = origin->stop, .events = POLLIN}, {.fd = fd, .events = what}};
    int ready;
    do {
        ready = poll(fds, 2, ms);
    } while (ready < 0 && errno == EINTR);
    return ready > 0 && fds[0].revents == 0;
}

static void read_request(struct fake_origin *origin, int fd)
{
    char text[FAKE_REQUEST_TEXT] = "";
    size_t len = 0;
    while (strstr(text, "\r\n\r\n") == NULL && len + 1 < sizeof text && wait_for(origin, fd, POLLIN, -1)) {
        ssize_t got = recv(fd, text + len, sizeof text - 1 - len, 0);
        if (got <= 0) {
            break;
        }
        len += (size_t)got;
        text[len] = '\0';
    }
    pthread_mutex_lock(&origin->lock);
    memcpy(origin->request, text, sizeof text);
    pthread_mutex_unlock(&origin->lock);
}

static void flood(struct fake_origin *origin, int fd, const char *text)
{
    while (wait_for(origin, fd, POLLOUT, -1) && send(fd, text, strlen(text), MSG_NOSIGNAL) > 0) {
    }
}

static void hang(struct fake_origin *origin, int fd)
{
    char sink[512];
    while (wait_for(origin, fd, POLLIN, -1) && recv(fd, sink, sizeof sink, 0) > 0) {
    }
}

static void play(struct fake_origin *origin, int fd)
{
    for (const struct fake_step *step = origin->script; step < origin->script + FAKE_STEPS_MAX; step++) {
        switch (step->kind) {
        case FAKE_REQUEST:
            read_request(origin, fd);
            break;
        case FAKE_SEND:
            send(fd, step->text, step->len > 0 ? step->len : strlen(step->text), MSG_NOSIGNAL);
            break;
        case FAKE_WAIT:
            wait_for(origin, -1, 0, step->ms);
            break;
        case FAKE_FLOOD:
            flood(origin, fd, step->text);
            break;
        case FAKE_HANG:
            hang(origin, fd);
            break;
        case FAKE_RESET:
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
            return;
        case FAKE_CLOSE:
            return;
        }
    }
}

static void *serve(void *context)
{
    struct fake_origin *origin = context;
    while (wait_for(origin, origin->listener, POLLIN, -1)) {
        int fd = accept4(origin->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) {
            continue;
        }
        pthread_mutex_lock(&origin->lock);
        origin->accepted++;
        pthread_mutex_unlock(&origin->lock);
        play(origin, fd);
        close(fd);
    }
    return NULL;
}

struct fake_origin *fake_origin_start(const struct fake_step script[FAKE_STEPS_MAX], int ipv6)
{
    struct fake_origin *origin = xcalloc(1, sizeof *origin);
    memcpy(origin->script, script, sizeof origin->script);
    pthread_mutex_init(&origin->lock, NULL);
    origin->listener = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    origin->stop = eventfd(0, EFD_CLOEXEC);
    assert(origin->listener >= 0 && origin->stop >= 0);
    origin->port = bind_loopback(origin->listener, ipv6);
    listen(origin->listener, 128);
    pthread_create(&origin->thread, NULL, serve, origin);
    return origin;
}

void fake_origin_stop(struct fake_origin *origin)
{
    if (origin == NULL) {
        return;
    }
    uint64_t one = 1;
    ssize_t written = write(origin->stop, &one, sizeof one);
    assert(written == sizeof one);
    pthread_join(origin->thread, NULL);
    close(origin->listener);
    close(origin->stop);
    pthread_mutex_destroy(&origin->lock);
    free(origin);
}

uint16_t fake_origin_port(const struct fake_origin *origin)
{
    return origin->port;
}

unsigned fake_origin_requests(struct fake_origin *origin, char out[FAKE_REQUEST_TEXT])
{
    pthread_mutex_lock(&origin->lock);
    unsigned accepted = origin->accepted;
    memcpy(out, origin->request, FAKE_REQUEST_TEXT);
    pthread_mutex_unlock(&origin->lock);
    return accepted;
}

void fake_refusal_start(struct fake_refusal *refusal)
{
    struct sockaddr_in any = {.sin_family = AF_INET};
    refusal->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert(refusal->fd >= 0);
    refusal->port = bind_any_port(refusal->fd, &any, sizeof any);
}

void fake_refusal_stop(struct fake_refusal *refusal)
{
    close(refusal->fd);
}

void fake_black_hole_start(struct fake_black_hole *hole)
{
    hole->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert(hole->listener >= 0);
    hole->port = bind_loopback(hole->listener, 0);
    listen(hole->listener, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(hole->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (size_t i = 0; i < sizeof hole->waiting / sizeof hole->waiting[0]; i++) {
        hole->waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        assert(hole->waiting[i] >= 0);
        int result = connect(hole->waiting[i], (struct sockaddr *)&address, sizeof address);
        assert(result == 0 || errno == EINPROGRESS);
    }
}

void fake_black_hole_stop(struct fake_black_hole *hole)
{
    for (size_t i = 0; i < sizeof hole->waiting / sizeof hole->waiting[0]; i++) {
        close(hole->waiting[i]);
    }
    close(hole->listener);
}
