// SPDX-License-Identifier: MIT
// Hit counters of the sample regional service, one item per client, replicated as a DynamoDB global table
// replicates its items: each region writes locally, the whole item travels, and the last writer wins.
// Hits counted on both sides of a partition do not add up afterwards; DynamoDB's would not either.
// Pure: the time is passed in. One owner, one thread.
#ifndef NEARWELL_CORE_SAMPLE_COUNTERS_H
#define NEARWELL_CORE_SAMPLE_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/time.h"

enum {
    COUNTERS_CLIENTS_MOST = 100000,
    COUNTERS_CLIENT_BYTES_MOST = 256,
    COUNTERS_REGION_BYTES_MOST = 64,
};

struct counter_item {
    const char *client; // UTF-8
    uint64_t hits;
    wall_time written_at; // in the clock of its writer, and after the item that it replaced
    const char *region;   // its writer
    uint64_t sequence;    // of its last change here; each region has its own
};

struct counters;

// Letters, digits, '.', '_' and '-', 1 to 64 of them.
bool counters_region_valid(const char *region);

struct counters *counters_create(const char *region); // a valid one; copied
void counters_destroy(struct counters *counters);     // NULL is fine

enum counters_result {
    COUNTERS_OK,
    COUNTERS_INVALID, // not a client name: empty, too long, not UTF-8
    COUNTERS_FULL,    // a new client, and there are COUNTERS_CLIENTS_MOST
};

// One more hit, written now, or just after the item's time if that is later.
enum counters_result counters_hit(struct counters *counters, const char *client, wall_time now,
                                  uint64_t *hits, struct error *error);

// An item from elsewhere: it wins when its (written_at, region) is greater than the one here; its sequence
// means nothing here.
enum counters_result counters_merge(struct counters *counters, const struct counter_item *item,
                                    struct error *error);

// False when there is none; strings are valid until the next change.
bool counters_get(const struct counters *counters, const char *client, struct counter_item *out);
size_t counters_count(const struct counters *counters);
uint64_t counters_sequence(const struct counters *counters); // of the latest change; 0 before the first

// Items that changed after `since`, oldest change first, each once, at most `most`; returns how many. The
// last one's sequence is the next call's since.
size_t counters_changes(const struct counters *counters, uint64_t since, size_t most,
                        void (*visit)(const struct counter_item *item, void *context), void *context);

#endif
