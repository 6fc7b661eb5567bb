// SPDX-License-Identifier: MIT
// What models share: frozen when compiled, counted, freed with the last reference. Part of every such struct,
// as its first member. Any thread.
#ifndef NEARWELL_CORE_MODEL_PART_H
#define NEARWELL_CORE_MODEL_PART_H

struct arena;

struct part {
    struct arena *arena;                     // the struct itself is in it, with what it points to
    void (*let_go)(const struct part *part); // of what is not in the arena; NULL when there is nothing
    unsigned references;                     // atomic
};

void part_hold(const struct part *part);
void part_release(const struct part *part);

#endif
