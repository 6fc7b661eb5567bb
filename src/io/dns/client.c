// SPDX-License-Identifier: MIT
#include "io/dns/client.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { UDP_TRIES = 3 };

static bool failed(struct error *error, const struct dns_exchange *exchange, const char *what)
{
    char server[IP_ENDPOINT_TEXT];
    ip_endpoint_format(&exchange->server, server);
    return error_set(error, "%s: %s", server, what);
}

static bool try_udp(int fd, const struct dns_exchange *exchange, const uint8_t *query, size_t query_len,
                    uint8_t *out, size_t room, size_t *len, struct error *error)
{
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    if (send(fd, query, query_len, 0) < 0) {
        return failed(error, exchange, strerror(errno));
    }
    while (poll(&readable, 1, exchange->timeout_ms) > 0) {
        ssize_t got = recv(fd, out, room, 0);
        if (got < 0) {
            return failed(error, exchange, strerror(errno));
        }
        if (got >= 2 && memcmp(out, query, 2) == 0) {
            *len = (size_t)got;
            return true;
        }
    }
    return true; // nothing came: the caller tries again
}

static bool over_udp(int fd, const struct dns_exchange *exchange, const uint8_t *query, size_t query_len,
                     uint8_t *out, size_t room, size_t *len, struct error *error)
{
    size_t got = 0;
    for (int i = 0; i < UDP_TRIES && got == 0; i++) {
        if (!try_udp(fd, exchange, query, query_len, out, room, &got, error)) {
            return false;
        }
    }
    if (got == 0) {
        return failed(error, exchange, "no reply");
    }
    *len = got;
    return true;
}

static bool receive_all(int fd, uint8_t *out, size_t len)
{
    while (len > 0) {
        ssize_t got = recv(fd, out, len, 0);
        if (got <= 0) {
            return false;
        }
        out += got;
        len -= (size_t)got;
    }
    return true;
}

static bool over_tcp(int fd, const struct dns_exchange *exchange, const uint8_t *query, size_t query_len,
                     uint8_t *out, size_t room, size_t *len, struct error *error)
{
    uint8_t prefix[2] = {(uint8_t)(query_len >> 8), (uint8_t)query_len};
    struct timeval timeout = {.tv_sec = exchange->timeout_ms / 1000,
                              .tv_usec = exchange->timeout_ms % 1000 * 1000};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    if (send(fd, prefix, sizeof prefix, MSG_MORE | MSG_NOSIGNAL) != (ssize_t)sizeof prefix ||
        send(fd, query, query_len, MSG_NOSIGNAL) != (ssize_t)query_len ||
        !receive_all(fd, prefix, sizeof prefix)) {
        return failed(error, exchange, errno != 0 ? strerror(errno) : "closed without a reply");
    }
    size_t size = (size_t)prefix[0] << 8 | prefix[1];
    if (size > room || !receive_all(fd, out, size) || size < 2 || memcmp(out, query, 2) != 0) {
        return failed(error, exchange, "a reply that is cut off or not ours");
    }
    *len = size;
    return true;
}

bool dns_exchange(const struct dns_exchange *exchange, const uint8_t *query, size_t query_len, uint8_t *out,
                  size_t room, size_t *len, struct error *error)
{
    struct sockaddr_storage address;
    socklen_t size = ip_endpoint_to_sockaddr(&exchange->server, &address);
    int fd = socket(address.ss_family, (exchange->tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return failed(error, exchange, strerror(errno));
    }
    errno = 0;
    bool ok;
    if (connect(fd, (const struct sockaddr *)&address, size) != 0) {
        ok = failed(error, exchange, strerror(errno));
    } else if (exchange->tcp) {
        ok = over_tcp(fd, exchange, query, query_len, out, room, len, error);
    } else {
        ok = over_udp(fd, exchange, query, query_len, out, room, len, error);
    }
    close(fd);
    return ok;
}
