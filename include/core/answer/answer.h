// SPDX-License-Identifier: MIT
// Query bytes and a view to response bytes: the whole hot path, for UDP, TCP, replay, fuzzers and benches
// alike. Pure: no allocation, lock, log, clock. Rules D1-D24, E1-E9; RFC 1034, 1035, 2308, 4592, 6891, 7871.
#ifndef NEARWELL_CORE_ANSWER_ANSWER_H
#define NEARWELL_CORE_ANSWER_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/random.h"
#include "core/routing/view.h"

enum { ANSWER_MAX = 65535 };

// Counters of one worker: written by its thread only, read by any (relaxed atomics at the reader).
struct answer_counters {
    uint64_t queries;       // everything received
    uint64_t dropped;       // not worth a reply: short, or a response itself
    uint64_t truncated;     // TC set
    uint64_t fail_open;     // answered although everything was unhealthy (R3)
    uint64_t client_subnet; // queries with an ECS option
    uint64_t rcodes[16];    // of the replies; 16 and above count as 15
};

struct answer_origin {
    struct ip_address source;
    uint32_t place;        // PLACE_NONE, or what the socket stands for (--dns ADDR:PORT=PLACE)
    const struct vpc *vpc; // the same for a VPC; NULL: by source
    bool tcp;              // no size limit but room (D1)
};

// Returns the length of the reply in out, 0 when nothing may be sent. room is at least 512; over TCP give
// ANSWER_MAX. query and out must not overlap.
size_t answer(const struct view *view, const uint8_t *query, size_t len, const struct answer_origin *origin,
              struct random *roll, struct answer_counters *counters, uint8_t *out, size_t room);

#endif
