// SPDX-License-Identifier: MIT
// A queue of things to come, earliest first; entries of the same time leave in the order they came, so a
// run is the same every time. Entries carry a number of the owner's choice and cannot be removed: the owner
// skips those that no longer mean anything. One owner, one thread.
#ifndef NEARWELL_BASE_QUEUE_H
#define NEARWELL_BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

struct queue_entry {
    mono_time due;
    uint64_t sequence; // set by queue_push
    uint64_t payload;
};

struct queue {
    struct queue_entry *heap;
    size_t count;
    size_t room;
    uint64_t sequence;
};

void queue_init(struct queue *queue);
void queue_free(struct queue *queue); // leaves it empty and usable
void queue_push(struct queue *queue, mono_time due, uint64_t payload);
const struct queue_entry *queue_first(const struct queue *queue); // NULL when empty; valid until a change
bool queue_pop(struct queue *queue, struct queue_entry *out);     // false when empty

#endif
