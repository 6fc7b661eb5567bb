// SPDX-License-Identifier: MIT
// The hash tables under name_index.h, open addressing: folded wire name to node, one for each zone, built by
// zone_builder.c; and folded wire name to zone, one for a model.
//
//   hash(a.example.com) = mix(hash(example.com), "a")   so one pass over a name hashes all its ancestors
#ifndef NEARWELL_CORE_MODEL_NAME_TABLE_H
#define NEARWELL_CORE_MODEL_NAME_TABLE_H

#include "base/arena.h"
#include "core/model/name_index.h"

struct name_slot {
    uint32_t hash; // the upper half of the name's hash
    uint32_t node; // index + 1; 0: empty
};

struct name_index {
    const struct name_node *nodes;
    const struct name_slot *slots; // a power of two, at most half full
    uint32_t mask;
    uint8_t most_labels; // of any node
};

struct zone_slot {
    uint64_t hash;           // of the zone's name, which a look-up in the zone then compares
    const struct zone *zone; // NULL: empty
};

struct zone_index {
    const struct zone_slot *slots; // a power of two, at most half full
    uint32_t mask;
    uint8_t most_labels; // of any zone's name
};

const struct zone_index *zone_index_build(struct arena *arena, const struct zone *const *zones,
                                          uint32_t count);

enum { NAME_LABELS_MAX = 128 };

// A name folded, with the offset and the hash of each of its ancestors: [0] is the name, [labels] the root.
struct hashed_name {
    uint8_t wire[DNS_NAME_MAX + 17]; // room for whole words
    uint8_t len;
    uint8_t labels;
    uint8_t offsets[NAME_LABELS_MAX];
    uint64_t hashes[NAME_LABELS_MAX];
};

void name_hash(const struct dns_name *name, struct hashed_name *out);

#endif
