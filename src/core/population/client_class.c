// SPDX-License-Identifier: MIT
#include "core/population/client_class.h"

#include <stddef.h>
#include <string.h>

#define FOR_GOOD INT64_MAX

static const struct client_class classes[CLIENT_CLASSES] = {
    {
        .name = "browser",
        .help = "Chromium with its own resolver: the TTL, but at least a minute",
        .source = "textslashplain.com, Chromium's DNS Cache, 2022-03-31",
        .cache = CLIENT_CACHE_TTL,
        .cache_least = DURATION_S(60),
        .cache_most = FOR_GOOD,
    },
    {
        .name = "glibc",
        .help = "getaddrinfo() for each connection: keeps nothing",
        .source = "jvns.ca, Some things about getaddrinfo that surprised me, 2022-02-23",
        .cache = CLIENT_CACHE_NONE,
    },
    {
        .name = "go",
        .help = "net/http: keeps no names, and connections as long as they are in use (IdleConnTimeout 90 s)",
        .source = "go.googlesource.com, net/http/transport.go, DefaultTransport",
        .cache = CLIENT_CACHE_NONE,
        .connection = FOR_GOOD,
    },
    {
        .name = "jvm",
        .help = "Java without a security manager: 30 s, whatever the TTL",
        .source = "java.security, networkaddress.cache.ttl; AWS SDK for Java 2.x, Set the JVM TTL for DNS "
                  "name lookups",
        .cache = CLIENT_CACHE_FIXED,
        .cache_least = DURATION_S(30),
    },
    {
        .name = "jvm-forever",
        .help = "Java with a security manager, or networkaddress.cache.ttl=-1: until it is restarted",
        .source = "java.security, networkaddress.cache.ttl; AWS SDK for Java 2.x, Set the JVM TTL for DNS "
                  "name lookups",
        .cache = CLIENT_CACHE_FIXED,
        .cache_least = FOR_GOOD,
    },
    {
        .name = "grpc",
        .help = "looks up again only when a connection fails, and at most every 30 s",
        .source =
            "grpc/grpc pull request 19661; pkg.go.dev, grpc/internal/resolver/dns, MinResolutionInterval",
        .cache = CLIENT_CACHE_FIXED,
        .cache_least = DURATION_S(30),
        .connection = FOR_GOOD,
    },
    {
        .name = "pool",
        .help = "a pool that keeps each connection for half an hour, as HikariCP does (maxLifetime)",
        .source = "HikariCP, maxLifetime 1800000 ms",
        .cache = CLIENT_CACHE_NONE,
        .connection = DURATION_S(1800),
    },
};

const struct resolver_kind resolver_plain = {
    .name = "resolver", .share = 1, .place = RESOLVER_NEARBY, .ttl_most = FOR_GOOD};

const struct client_class *client_class_at(unsigned i)
{
    return &classes[i];
}

const struct client_class *client_class_find(const char *name)
{
    for (unsigned i = 0; i < CLIENT_CLASSES; i++) {
        if (strcmp(classes[i].name, name) == 0) {
            return &classes[i];
        }
    }
    return NULL;
}

const char *const *client_class_names(void)
{
    static const char *const names[] = {"browser", "glibc", "go", "jvm", "jvm-forever", "grpc", "pool", NULL};
    return names;
}
