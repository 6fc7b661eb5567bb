// SPDX-License-Identifier: MIT
// A binary heap in an array: the children of i are 2i+1 and 2i+2, and no child is earlier than its parent.
#include "base/queue.h"

#include <stdlib.h>

#include "base/xalloc.h"

void queue_init(struct queue *queue)
{
    *queue = (struct queue){0};
}

void queue_free(struct queue *queue)
{
    free(queue->heap);
    queue_init(queue);
}

static bool earlier(const struct queue_entry *a, const struct queue_entry *b)
{
    return a->due.ns != b->due.ns ? a->due.ns < b->due.ns : a->sequence < b->sequence;
}

void queue_push(struct queue *queue, mono_time due, uint64_t payload)
{
    if (queue->count == queue->room) {
        queue->room = queue->room > 0 ? queue->room * 2 : 64;
        queue->heap = xreallocarray(queue->heap, queue->room, sizeof *queue->heap);
    }
    struct queue_entry entry = {due, queue->sequence++, payload};
    size_t hole = queue->count++;
    while (hole > 0 && earlier(&entry, &queue->heap[(hole - 1) / 2])) {
        queue->heap[hole] = queue->heap[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    queue->heap[hole] = entry;
}

const struct queue_entry *queue_first(const struct queue *queue)
{
    return queue->count > 0 ? &queue->heap[0] : NULL;
}

static size_t earliest_child(const struct queue *queue, size_t parent)
{
    size_t child = 2 * parent + 1;
    if (child + 1 < queue->count && earlier(&queue->heap[child + 1], &queue->heap[child])) {
        child++;
    }
    return child;
}

bool queue_pop(struct queue *queue, struct queue_entry *out)
{
    if (queue->count == 0) {
        return false;
    }
    *out = queue->heap[0];
    struct queue_entry last = queue->heap[--queue->count];
    size_t hole = 0;
    while (2 * hole + 1 < queue->count) {
        size_t child = earliest_child(queue, hole);
        if (!earlier(&queue->heap[child], &last)) {
            break;
        }
        queue->heap[hole] = queue->heap[child];
        hole = child;
    }
    if (queue->count > 0) {
        queue->heap[hole] = last;
    }
    return true;
}
