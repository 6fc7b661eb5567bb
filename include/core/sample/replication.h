// SPDX-License-Identifier: MIT
// What regions tell each other, in both directions and as answer, as JSON:
//   {"from":"us-east-1","at":"127.0.0.1:8080","instance":"9f...","sequence":12,"more":false,
//    "items":[{"client":"a","hits":3,"written_at":1700000000000000000,"region":"us-east-1"}]}
// instance is new with each start of a region, so that a peer sees that it has to tell everything again.
// sequence is how far the items reach in the sender's changes; more: there are later ones. Pure; any thread.
#ifndef NEARWELL_CORE_SAMPLE_REPLICATION_H
#define NEARWELL_CORE_SAMPLE_REPLICATION_H

#include "base/bytes.h"
#include "core/sample/counters.h"

enum {
    REPLICATION_ITEMS_MOST = 500, // in one message; the largest possible one stays below 1 MiB
    REPLICATION_WORD_MOST = 128,  // bytes of at and of instance
};

struct replication_sender {
    const char *from;
    const char *at; // where it listens, as people write it; "" when unknown
    const char *instance;
};

struct replication {
    struct replication_sender sender;
    uint64_t sequence;
    bool more;
    size_t count;
    struct counter_item *items;
    void *document; // owns the strings
};

// Only the sender is required.
bool replication_parse(struct bytes text, struct replication *out, struct error *error);
void replication_free(struct replication *message);

// All of it is merged, or the first item that cannot be is the error.
enum counters_result replication_apply(const struct replication *message, struct counters *counters,
                                       struct error *error);

// The changes after since that writer made (NULL: all), as far as one message goes: reached gets its
// sequence. NULL when none of them is the writer's; otherwise the text is malloc'd.
char *replication_print(const struct replication_sender *sender, const struct counters *counters,
                        const char *writer, uint64_t since, uint64_t *reached);
// The answer to a message: no items.
char *replication_print_answer(const struct replication_sender *sender);

// {"client":{"hits":3,"written_at":"2026-11-23T10:56:55.123Z","region":"us-east-1"}}; malloc'd.
char *counters_print(const struct counters *counters);

#endif
