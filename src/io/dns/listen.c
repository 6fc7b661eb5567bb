// SPDX-License-Identifier: MIT
#include "listen.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    RECEIVE_BUFFER = 4 << 20, // bytes: some milliseconds of the fastest load
    BACKLOG = 1024,
    PORT_TRIES = 50, // pairs of a UDP and a TCP port
};

// How a socket shares its port with the other workers' (SO_REUSEPORT).
enum sharing {
    SHARE_NEVER,
    SHARE_AFTER_BIND, // alone when it is bound, open to others then
    SHARE_FROM_START,
};

struct binding {
    const struct dns_listener *listener;
    int type; // SOCK_DGRAM or SOCK_STREAM
    enum sharing sharing;
    bool six_only;
};

static const struct {
    int number;
    const char *cause;
} causes[] = {
    {EADDRINUSE,
     "address already in use; is another nearwell running? 'ss -lnutp' tells which program has it"},
    {EADDRNOTAVAIL, "no interface of this machine has this address"},
    {EACCES, "permission denied; ports below 1024 need root or CAP_NET_BIND_SERVICE"},
    {EAFNOSUPPORT, "this machine has no IPv6"},
    {EMFILE, "too many open files; raise the limit (ulimit -n) or lower the number of workers"},
};

static bool fail(const struct ip_endpoint *at, int type, int number, struct error *error)
{
    char text[IP_ENDPOINT_TEXT];
    const char *cause = strerror(number);
    ip_endpoint_format(at, text);
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        if (causes[i].number == number) {
            cause = causes[i].cause;
        }
    }
    return error_set(error, "%s (%s): %s", text, type == SOCK_DGRAM ? "UDP" : "TCP", cause);
}

static bool is_wildcard(const struct ip_address *address)
{
    static const uint8_t zero[16];
    return memcmp(address->bytes, zero, sizeof zero) == 0;
}

static bool turn_on(int fd, int level, int option)
{
    int one = 1;
    return setsockopt(fd, level, option, &one, sizeof one) == 0;
}

// What helps and is not needed: failures do not matter.
static void tune_udp(int fd, int family)
{
    int size = RECEIVE_BUFFER;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    }
    // A forged ICMP message must not make us fragment: replies go by the interface's MTU only.
    // NOLINTNEXTLINE(bugprone-branch-clone): two names that happen to be one number
    int discover = family == AF_INET6 ? IPV6_PMTUDISC_OMIT : IP_PMTUDISC_OMIT;
    if (family == AF_INET6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &discover, sizeof discover);
    } else {
        setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &discover, sizeof discover);
    }
}

static bool prepare(int fd, int family, const struct binding *binding)
{
    if (family == AF_INET6 && binding->six_only && !turn_on(fd, IPPROTO_IPV6, IPV6_V6ONLY)) {
        return false;
    }
    if (binding->sharing == SHARE_FROM_START && !turn_on(fd, SOL_SOCKET, SO_REUSEPORT)) {
        return false;
    }
    if (binding->type == SOCK_STREAM) {
        // Connections of an earlier run that are still in TIME_WAIT are no reason to refuse.
        return turn_on(fd, SOL_SOCKET, SO_REUSEADDR) && turn_on(fd, IPPROTO_TCP, TCP_NODELAY);
    }
    tune_udp(fd, family);
    if (!is_wildcard(&binding->listener->at.address)) {
        return true;
    }
    return family == AF_INET6 ? turn_on(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO)
                              : turn_on(fd, IPPROTO_IP, IP_PKTINFO);
}

// -1 with errno. The port is that of at, the rest of it is the listener's.
static int open_socket(const struct binding *binding, const struct ip_endpoint *at)
{
    struct sockaddr_storage address;
    socklen_t len = ip_endpoint_to_sockaddr(at, &address);
    int fd = socket(address.ss_family, binding->type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    if (prepare(fd, address.ss_family, binding) && bind(fd, (struct sockaddr *)&address, len) == 0 &&
        (binding->sharing != SHARE_AFTER_BIND || turn_on(fd, SOL_SOCKET, SO_REUSEPORT)) &&
        (binding->type != SOCK_STREAM || listen(fd, BACKLOG) == 0)) {
        return fd;
    }
    int number = errno;
    close(fd);
    errno = number;
    return -1;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_storage address;
    struct ip_endpoint at = {0};
    socklen_t len = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &len) == 0) {
        ip_endpoint_from_sockaddr((struct sockaddr *)&address, &at);
    }
    return at.port;
}

// One UDP and one TCP socket with one port. at->port 0 becomes the port that the kernel chose.
static bool open_pair(struct binding binding, struct ip_endpoint *at, struct dns_sockets *out,
                      struct error *error)
{
    bool any_port = at->port == 0;
    for (unsigned try = 0;; try++) {
        struct ip_endpoint chosen = *at;
        binding.type = SOCK_DGRAM;
        int udp = open_socket(&binding, &chosen);
        if (udp < 0) {
            return fail(at, SOCK_DGRAM, errno, error);
        }
        chosen.port = port_of(udp);
        binding.type = SOCK_STREAM;
        int tcp = open_socket(&binding, &chosen);
        if (tcp >= 0) {
            *out = (struct dns_sockets){udp, tcp, is_wildcard(&at->address)};
            *at = chosen;
            return true;
        }
        int number = errno;
        close(udp);
        if (!any_port || number != EADDRINUSE || try + 1 == PORT_TRIES) {
            return fail(&chosen, SOCK_STREAM, number, error);
        }
    }
}

static bool same_port(const struct dns_listener *a, const struct dns_listener *b)
{
    return a != b && a->at.port != 0 && a->at.port == b->at.port;
}

// Two of our own sockets meet where one has all addresses of the family.
static bool overlap(const struct dns_listener *a, const struct dns_listener *b)
{
    return same_port(a, b) && a->at.address.family == b->at.address.family &&
           (is_wildcard(&a->at.address) || is_wildcard(&b->at.address));
}

static struct binding plan(const struct dns_server_options *options, size_t listener)
{
    const struct dns_listener *ours = &options->listeners[listener];
    struct binding binding = {ours, 0, options->workers > 1 ? SHARE_AFTER_BIND : SHARE_NEVER, false};
    for (size_t i = 0; i < options->listener_count; i++) {
        const struct dns_listener *other = &options->listeners[i];
        if (same_port(ours, other) && other->at.address.family == 4) {
            binding.six_only = true;
        }
        if (overlap(ours, other) && binding.sharing != SHARE_FROM_START) {
            binding.sharing = i < listener ? SHARE_FROM_START : SHARE_AFTER_BIND;
        }
    }
    return binding;
}

static bool listed_once(const struct dns_server_options *options, struct error *error)
{
    for (size_t i = 0; i < options->listener_count; i++) {
        const struct dns_listener *ours = &options->listeners[i];
        for (size_t j = 0; j < i; j++) {
            const struct dns_listener *other = &options->listeners[j];
            if (same_port(ours, other) && ip_equal(&ours->at.address, &other->at.address)) {
                char text[IP_ENDPOINT_TEXT];
                ip_endpoint_format(&ours->at, text);
                return error_set(error, "%s: listed twice", text);
            }
        }
    }
    return true;
}

static bool open_listener(const struct dns_server_options *options, size_t listener,
                          struct dns_sockets *sockets, struct ip_endpoint *at, struct error *error)
{
    struct binding binding = plan(options, listener);
    *at = options->listeners[listener].at;
    for (unsigned worker = 0; worker < options->workers; worker++) {
        if (!open_pair(binding, at, &sockets[worker * options->listener_count + listener], error)) {
            return false;
        }
        binding.sharing = SHARE_FROM_START;
    }
    return true;
}

bool dns_listen(const struct dns_server_options *options, struct dns_sockets *sockets,
                struct ip_endpoint *bound, struct error *error)
{
    struct ip_endpoint at[DNS_LISTENERS_MAX];
    size_t count = options->listener_count * options->workers;
    if (!listed_once(options, error)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        sockets[i] = (struct dns_sockets){-1, -1, false};
    }
    for (size_t i = 0; i < options->listener_count; i++) {
        if (!open_listener(options, i, sockets, &at[i], error)) {
            dns_listen_close(sockets, count);
            return false;
        }
    }
    memcpy(bound, at, options->listener_count * sizeof at[0]);
    return true;
}

void dns_listen_close(struct dns_sockets *sockets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (sockets[i].udp >= 0) {
            close(sockets[i].udp);
            close(sockets[i].tcp);
        }
        sockets[i].udp = -1;
        sockets[i].tcp = -1;
    }
}
