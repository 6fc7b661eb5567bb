// SPDX-License-Identifier: MIT
#include "core/model/name_index.h"

#include <endian.h>
#include <string.h>

#include "core/dns/rrtype.h"
#include "name_table.h"

// Both halves of the product: the lower one alone would not carry a difference in the last characters of a
// label down to the bits that choose the slot.
static uint64_t mix(uint64_t hash, uint64_t word)
{
    unsigned __int128 product = (unsigned __int128)(hash ^ word) * UINT64_C(0x9fb21c651e98df25);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

// The label with its length byte, eight bytes at a time; the words may run into the next label, which is cut
// off.
static uint64_t hash_label(uint64_t hash, const uint8_t *label)
{
    size_t len = (size_t)label[0] + 1;
    uint64_t word;
    while (len > 8) {
        memcpy(&word, label, 8);
        hash = mix(hash, word);
        label += 8;
        len -= 8;
    }
    memcpy(&word, label, 8);
    return mix(hash, le64toh(word) & UINT64_MAX >> (64 - 8 * len));
}

void name_hash(const struct dns_name *name, struct hashed_name *out)
{
    // Length bytes are below 'A', so the whole name can be folded without looking at labels (RFC 4343).
    size_t at = 0;
    for (; at + 8 <= name->len; at += 8) {
        uint64_t word;
        memcpy(&word, name->wire + at, sizeof word);
        word = ascii_lower_word(word);
        memcpy(out->wire + at, &word, sizeof word);
    }
    uint64_t rest = 0;
    memcpy(&rest, name->wire + at, name->len - at);
    rest = ascii_lower_word(rest);
    memcpy(out->wire + at, &rest, sizeof rest);
    memset(out->wire + at + 8, 0, 8);
    out->len = name->len;
    unsigned labels = 0;
    uint8_t len;
    for (unsigned offset = 0; (len = out->wire[offset]) != 0; offset += len + 1U) {
        out->offsets[labels++] = (uint8_t)offset;
    }
    out->labels = (uint8_t)labels;
    out->offsets[labels] = (uint8_t)(name->len - 1);
    uint64_t hash = UINT64_C(0x8a5cd789635d2dff);
    out->hashes[labels] = hash;
    while (labels-- > 0) {
        hash = hash_label(hash, out->wire + out->offsets[labels]);
        out->hashes[labels] = hash;
    }
}

static inline const struct name_node *find(const struct name_index *index, const struct hashed_name *name,
                                           unsigned ancestor)
{
    uint64_t hash = name->hashes[ancestor];
    const struct name_slot *slots = index->slots;
    for (uint32_t at = (uint32_t)hash & index->mask; slots[at].node != 0; at = (at + 1) & index->mask) {
        if (slots[at].hash != (uint32_t)(hash >> 32)) {
            continue;
        }
        const struct name_node *node = &index->nodes[slots[at].node - 1];
        unsigned offset = name->offsets[ancestor];
        if (node->name_len == name->len - offset &&
            memcmp(node->name, name->wire + offset, node->name_len) == 0) {
            return node;
        }
    }
    return NULL;
}

static struct name_lookup found_exact(const struct name_node *node, bool ds)
{
    if (node->delegation != NULL && !(ds && node->delegation == node)) {
        return (struct name_lookup){NAME_DELEGATED, node->delegation};
    }
    return (struct name_lookup){NAME_EXACT, node};
}

static struct name_lookup found_encloser(const struct name_node *encloser)
{
    if (encloser->delegation != NULL) {
        return (struct name_lookup){NAME_DELEGATED, encloser->delegation};
    }
    if (encloser->wildcard != NULL) {
        return (struct name_lookup){NAME_WILDCARD, encloser->wildcard};
    }
    return (struct name_lookup){NAME_ABSENT, encloser};
}

static inline struct name_lookup find_in_zone(const struct zone *zone, const struct hashed_name *name,
                                              bool ds)
{
    const struct name_index *index = zone->names;
    unsigned ancestor = name->labels > index->most_labels ? name->labels - index->most_labels : 0;
    for (; ancestor <= name->labels; ancestor++) {
        const struct name_node *node = find(index, name, ancestor);
        if (node != NULL) {
            return ancestor == 0 ? found_exact(node, ds) : found_encloser(node);
        }
    }
    return (struct name_lookup){NAME_NO_ZONE, NULL};
}

// --- zones

const struct zone_index *zone_index_build(struct arena *arena, const struct zone *const *zones,
                                          uint32_t count)
{
    struct zone_index *index = arena_new(arena, struct zone_index, 1);
    uint32_t size = 4;
    while (size < 2 * count) {
        size *= 2;
    }
    struct zone_slot *slots = arena_new(arena, struct zone_slot, size);
    for (uint32_t i = 0; i < count; i++) {
        struct hashed_name hashed;
        name_hash(&zones[i]->name, &hashed);
        uint32_t at = (uint32_t)hashed.hashes[0] & (size - 1);
        while (slots[at].zone != NULL) {
            at = (at + 1) & (size - 1);
        }
        slots[at] = (struct zone_slot){hashed.hashes[0], zones[i]};
        index->most_labels = hashed.labels > index->most_labels ? (uint8_t)hashed.labels : index->most_labels;
    }
    index->slots = slots;
    index->mask = size - 1;
    return index;
}

static const struct zone_slot *slot_of(const struct zone_index *index, uint64_t hash)
{
    return &index->slots[hash & index->mask];
}

static const struct zone_slot *slot_after(const struct zone_index *index, const struct zone_slot *slot)
{
    return &index->slots[(size_t)(slot + 1 - index->slots) & index->mask];
}

static unsigned first_ancestor(const struct zone_index *index, const struct hashed_name *name, unsigned least)
{
    unsigned first = name->labels > index->most_labels ? name->labels - index->most_labels : 0;
    return first > least ? first : least;
}

// The parent's side of a cut between two of our zones: what the next zone above has at the name of this one.
static const struct name_node *parent_side(const struct zone_index *index, const struct hashed_name *hashed,
                                           const struct dns_name *name)
{
    for (unsigned ancestor = first_ancestor(index, hashed, 1); ancestor <= hashed->labels; ancestor++) {
        for (const struct zone_slot *slot = slot_of(index, hashed->hashes[ancestor]); slot->zone != NULL;
             slot = slot_after(index, slot)) {
            if (slot->hash == hashed->hashes[ancestor] && dns_name_within(name, &slot->zone->name)) {
                const struct name_node *node = find(slot->zone->names, hashed, 0);
                bool has = node != NULL && (name_node_group(node, DNS_TYPE_DS) != NULL ||
                                            name_node_group(node, DNS_TYPE_NS) != NULL);
                return has ? node : NULL;
            }
        }
    }
    return NULL;
}

// Only hashes of zones are compared; if the same is a zone of another name's, no node in it has the name.
static inline struct name_lookup find_in_zones(const struct zone_index *index,
                                               const struct hashed_name *hashed, const struct dns_name *name,
                                               bool ds)
{
    for (unsigned ancestor = first_ancestor(index, hashed, 0); ancestor <= hashed->labels; ancestor++) {
        for (const struct zone_slot *slot = slot_of(index, hashed->hashes[ancestor]); slot->zone != NULL;
             slot = slot_after(index, slot)) {
            if (slot->hash != hashed->hashes[ancestor]) {
                continue;
            }
            struct name_lookup found = find_in_zone(slot->zone, hashed, ds);
            if (ds && found.node == slot->zone->apex && found.match == NAME_EXACT) {
                const struct name_node *above = parent_side(index, hashed, name);
                return above != NULL ? found_exact(above, true) : found;
            }
            if (found.match != NAME_NO_ZONE) {
                return found;
            }
        }
    }
    return (struct name_lookup){NAME_NO_ZONE, NULL};
}

struct name_lookup model_find_name(const struct model *model, const struct vpc *vpc,
                                   const struct dns_name *name, bool ds)
{
    struct hashed_name hashed;
    struct name_lookup found;
    name_hash(name, &hashed);
    const struct zone_index *index = vpc != NULL && vpc->zones != NULL ? vpc->zones : model->zone_index;
    while (found = find_in_zones(index, &hashed, name, ds),
           found.match == NAME_NO_ZONE && index != model->zone_index) {
        index = model->zone_index; // D21: no private zone is around the name
    }
    return found;
}

struct name_lookup zone_find_name(const struct zone *zone, const struct dns_name *name, bool ds)
{
    struct hashed_name hashed;
    name_hash(name, &hashed);
    return find_in_zone(zone, &hashed, ds);
}

const struct name_node *zone_find_node(const struct zone *zone, const struct dns_name *name)
{
    struct hashed_name hashed;
    name_hash(name, &hashed);
    return find(zone->names, &hashed, 0);
}
