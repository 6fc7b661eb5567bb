// SPDX-License-Identifier: MIT
// How programs keep what DNS told them: a table of kinds of clients, and what resolvers do in between. The
// numbers are defaults of the software named, each with its source. Values; any thread.
#ifndef NEARWELL_CORE_POPULATION_CLIENT_CLASS_H
#define NEARWELL_CORE_POPULATION_CLIENT_CLASS_H

#include <stdint.h>

#include "base/time.h"

enum client_cache {
    CLIENT_CACHE_NONE,  // the resolver is asked each time
    CLIENT_CACHE_TTL,   // as long as the answer says, within cache_least and cache_most
    CLIENT_CACHE_FIXED, // cache_least, whatever the answer says; INT64_MAX: for good
};

struct client_class {
    const char *name; // "jvm"
    const char *help;
    const char *source; // of the numbers
    enum client_cache cache;
    duration cache_least;
    duration cache_most;
    // How long a connection is used before the name is looked up again. 0: each request has its own;
    // INT64_MAX: as long as it works. One that fails is replaced at once in any case.
    duration connection;
};

enum { CLIENT_CLASSES = 7 };
const struct client_class *client_class_at(unsigned i);         // i < CLIENT_CLASSES
const struct client_class *client_class_find(const char *name); // NULL when there is none
const char *const *client_class_names(void);                    // NULL-terminated

// A resolver between clients and Route 53. It has many clients, so that it asks again the moment an answer
// expires.
struct resolver_kind {
    const char *name;
    double share;       // of the clients of every place
    bool client_subnet; // Route 53 decides by the client's place, else by the resolver's
    uint32_t place;     // where it is, an index in the population; RESOLVER_NEARBY: where its clients are
    duration ttl_least;
    duration ttl_most;
    duration stale; // how much longer an answer is served while it is refreshed (RFC 8767)
};
#define RESOLVER_NEARBY UINT32_MAX

// Nearby, and as the answer says.
extern const struct resolver_kind resolver_plain;

#endif
