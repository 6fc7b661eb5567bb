// SPDX-License-Identifier: MIT
#include "core/model/name_index.h"

#include <endian.h>
#include <string.h>

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
    memcpy(out->wire, name->wire, name->len);
    memset(out->wire + name->len, 0, 8);
    // Length bytes are below 'A', so the whole name can be folded without looking at labels (RFC 4343).
    for (size_t i = 0; i < name->len; i += 8) {
        uint64_t word;
        memcpy(&word, out->wire + i, sizeof word);
        word = ascii_lower_word(word);
        memcpy(out->wire + i, &word, sizeof word);
    }
    out->len = name->len;
    unsigned labels = 0;
    for (uint8_t at = 0; out->wire[at] != 0; at = (uint8_t)(at + out->wire[at] + 1)) {
        out->offsets[labels++] = at;
    }
    out->labels = (uint8_t)labels;
    out->offsets[labels] = (uint8_t)(name->len - 1);
    out->hashes[labels] = UINT64_C(0x8a5cd789635d2dff);
    for (unsigned i = labels; i-- > 0;) {
        out->hashes[i] = hash_label(out->hashes[i + 1], out->wire + out->offsets[i]);
    }
}

static const struct name_node *find(const struct name_index *index, const struct hashed_name *name,
                                    unsigned ancestor)
{
    uint64_t hash = name->hashes[ancestor];
    const uint8_t *wire = name->wire + name->offsets[ancestor];
    size_t len = (size_t)(name->len - name->offsets[ancestor]);
    for (uint32_t slot = (uint32_t)hash & index->mask;; slot = (slot + 1) & index->mask) {
        const struct name_slot *found = &index->slots[slot];
        if (found->node == 0) {
            return NULL;
        }
        const struct name_node *node = &index->nodes[found->node - 1];
        if (found->hash == (uint32_t)(hash >> 32) && node->name_len == len &&
            memcmp(node->name, wire, len) == 0) {
            return node;
        }
    }
}

static struct name_lookup found_exact(const struct name_node *node, bool ds)
{
    if (ds && node->parent_side != NULL) {
        node = node->parent_side;
    }
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

const struct name_node *name_index_exact(const struct name_index *index, const struct dns_name *name)
{
    struct hashed_name hashed;
    name_hash(name, &hashed);
    return find(index, &hashed, 0);
}

struct name_lookup name_index_find(const struct name_index *index, const struct dns_name *name, bool ds)
{
    struct hashed_name hashed;
    name_hash(name, &hashed);
    unsigned ancestor = hashed.labels > index->most_labels ? hashed.labels - index->most_labels : 0;
    for (; ancestor <= hashed.labels; ancestor++) {
        const struct name_node *node = find(index, &hashed, ancestor);
        if (node != NULL) {
            return ancestor == 0 ? found_exact(node, ds) : found_encloser(node);
        }
    }
    return (struct name_lookup){NAME_NO_ZONE, NULL};
}
