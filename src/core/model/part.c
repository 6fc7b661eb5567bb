// SPDX-License-Identifier: MIT
#include "core/model/part.h"

#include <stdint.h>

#include "base/arena.h"

// The count is the one thing of a frozen part that changes.
static unsigned *count_of(const struct part *part)
{
    return (unsigned *)(uintptr_t)&part->references;
}

void part_hold(const struct part *part)
{
    __atomic_add_fetch(count_of(part), 1, __ATOMIC_RELAXED);
}

void part_release(const struct part *part)
{
    if (__atomic_sub_fetch(count_of(part), 1, __ATOMIC_ACQ_REL) > 0) {
        return;
    }
    if (part->let_go != NULL) {
        part->let_go(part);
    }
    arena_destroy(part->arena); // the part itself is in it
}
