// SPDX-License-Identifier: MIT
#include "fake_dns.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xalloc.h"

enum { PACKET = 512, HEADER = 12 };

struct fake_dns {
    const struct fake_name *names;
    int fd;
    int stop;
    char server[32];
    pthread_t thread;
    atomic_uint queries;
    atomic_uint other_queries;
};

struct packet {
    uint8_t bytes[PACKET];
    size_t len;
};

static void put(struct packet *packet, const void *data, size_t len)
{
    assert(packet->len + len <= PACKET);
    memcpy(packet->bytes + packet->len, data, len);
    packet->len += len;
}

static void put_u16(struct packet *packet, unsigned value)
{
    put(packet, (uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

static void put_name(struct packet *packet, const char *name)
{
    while (*name != '\0') {
        size_t len = strcspn(name, ".");
        put(packet, &(uint8_t){(uint8_t)len}, 1);
        put(packet, name, len);
        name += len + (name[len] == '.');
    }
    put(packet, "", 1);
}

static void put_record_head(struct packet *packet, const char *owner, unsigned type)
{
    put_name(packet, owner);
    put_u16(packet, type);
    put_u16(packet, 1);
    put_u16(packet, 0);
    put_u16(packet, 60);
}

static const struct fake_name *find(const struct fake_dns *dns, const char *name)
{
    static const struct fake_name unknown = {.rcode = 3};
    for (const struct fake_name *entry = dns->names; entry->name != NULL; entry++) {
        if (strcasecmp(entry->name, name) == 0) {
            return entry;
        }
    }
    return &unknown;
}

static size_t read_name(const struct packet *query, char out[256])
{
    size_t at = HEADER;
    size_t len = 0;
    while (at < query->len && query->bytes[at] != 0) {
        size_t label = query->bytes[at];
        assert(at + label < query->len && len + label + 2 < 256);
        memcpy(out + len, query->bytes + at + 1, label);
        len += label;
        out[len++] = '.';
        at += label + 1;
    }
    out[len > 0 ? len - 1 : 0] = '\0';
    return at + 1;
}

static bool answer(struct fake_dns *dns, const struct packet *query, struct packet *reply)
{
    char name[256];
    size_t type_at = read_name(query, name);
    unsigned type = (unsigned)query->bytes[type_at] << 8 | query->bytes[type_at + 1];
    const struct fake_name *entry = find(dns, name);
    atomic_fetch_add(type == 1 ? &dns->queries : &dns->other_queries, 1);
    if (entry->silent) {
        return false;
    }
    unsigned addresses = 0;
    while (type == 1 && addresses < 4 && entry->addresses[addresses] != NULL) {
        addresses++;
    }
    put(reply, query->bytes, 2);
    put_u16(reply, 0x8180u | (unsigned)entry->rcode);
    put_u16(reply, 1);
    put_u16(reply, addresses + (entry->cname != NULL));
    put_u16(reply, 0);
    put_u16(reply, 0);
    put(reply, query->bytes + HEADER, type_at + 4 - HEADER);
    if (entry->cname != NULL) {
        put_record_head(reply, name, 5);
        put_u16(reply, (unsigned)strlen(entry->cname) + 2);
        put_name(reply, entry->cname);
    }
    for (unsigned i = 0; i < addresses; i++) {
        struct in_addr address;
        inet_pton(AF_INET, entry->addresses[i], &address);
        put_record_head(reply, entry->cname != NULL ? entry->cname : name, 1);
        put_u16(reply, 4);
        put(reply, &address, 4);
    }
    return true;
}

static void *serve(void *context)
{
    struct fake_dns *dns = context;
    for (;;) {
        struct pollfd fds[2] = {{.fd = dns->stop, .events = POLLIN}, {.fd = dns->fd, .events = POLLIN}};
        if (poll(fds, 2, -1) < 0 && errno == EINTR) {
            continue;
        }
        if (fds[0].revents != 0) {
            return NULL;
        }
        struct sockaddr_storage from;
        socklen_t from_len = sizeof from;
        struct packet query = {0};
        struct packet reply = {0};
        ssize_t got =
            recvfrom(dns->fd, query.bytes, sizeof query.bytes, 0, (struct sockaddr *)&from, &from_len);
        query.len = got > 0 ? (size_t)got : 0;
        if (query.len > HEADER && answer(dns, &query, &reply)) {
            sendto(dns->fd, reply.bytes, reply.len, 0, (struct sockaddr *)&from, from_len);
        }
    }
}

struct fake_dns *fake_dns_start(const struct fake_name *names)
{
    struct fake_dns *dns = xcalloc(1, sizeof *dns);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    dns->names = names;
    dns->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    dns->stop = eventfd(0, EFD_CLOEXEC);
    int failed = bind(dns->fd, (struct sockaddr *)&address, sizeof address);
    assert(failed == 0);
    failed = getsockname(dns->fd, (struct sockaddr *)&address, &len);
    assert(failed == 0);
    snprintf(dns->server, sizeof dns->server, "127.0.0.1:%u", ntohs(address.sin_port));
    pthread_create(&dns->thread, NULL, serve, dns);
    return dns;
}

void fake_dns_stop(struct fake_dns *dns)
{
    uint64_t one = 1;
    ssize_t written = write(dns->stop, &one, sizeof one);
    assert(written == sizeof one);
    pthread_join(dns->thread, NULL);
    close(dns->fd);
    close(dns->stop);
    free(dns);
}

const char *fake_dns_server(const struct fake_dns *dns)
{
    return dns->server;
}

unsigned fake_dns_queries(struct fake_dns *dns)
{
    return atomic_load(&dns->queries);
}

unsigned fake_dns_other_queries(struct fake_dns *dns)
{
    return atomic_load(&dns->other_queries);
}
