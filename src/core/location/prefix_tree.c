// SPDX-License-Identifier: MIT
// The blocks of a family cut its address space into ranges, each with one longest match:
//
//   blocks   10.0.0.0/8 -> A              10.1.0.0/16 -> B
//   starts   0         10.0.0.0   10.1.0.0   10.2.0.0   11.0.0.0
//   match    none      A          B          A          none
//
// A lookup is a binary search over the starts; a small index over the leading bits says where to begin. The
// scope follows from the two ends of the range.
#include "core/location/prefix_tree.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

// An address, left-aligned, so that both families count bits from the top.
typedef unsigned __int128 wide;

enum { BUCKET_BITS_MAX = 20, OPEN_MAX = 130 };

struct ranges {
    void *starts; // ascending from 0; the leading start_bits of each, as uint32_t, uint64_t or wide
    uint32_t *values;
    uint8_t *lengths;
    uint32_t *buckets; // for each value of the leading bucket_bits, the range that holds its first address
    uint32_t count;
    uint8_t start_bits;
    uint8_t bucket_bits;
};

struct prefix_tree {
    struct ranges v4;
    struct ranges v6;
};

struct block {
    wide first;
    uint32_t value;
    uint32_t order;
    uint8_t length;
    uint8_t rank;
};

// Ranges under construction.
struct sweep {
    wide *starts;
    uint32_t *values;
    uint8_t *lengths;
    size_t count;
    struct block open[OPEN_MAX]; // the blocks around the present address, outermost first
    size_t depth;
};

static wide wide_of(const struct ip_address *address)
{
    uint64_t high;
    uint64_t low;
    memcpy(&high, address->bytes, sizeof high);
    memcpy(&low, address->bytes + sizeof high, sizeof low);
    return (wide)be64toh(high) << 64 | be64toh(low);
}

static wide block_last(const struct block *block)
{
    return block->length == 128 ? block->first : block->first | ~(wide)0 >> block->length;
}

// --- build ---

static int compare_blocks(const void *left, const void *right)
{
    const struct block *a = left;
    const struct block *b = right;
    if (a->first != b->first) {
        return a->first < b->first ? -1 : 1;
    }
    if (a->length != b->length) {
        return a->length < b->length ? -1 : 1;
    }
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    return a->order < b->order ? -1 : 1;
}

// Sorted, outer blocks before those inside them; of equal prefixes the one that counts comes first.
static struct block *collect(const struct prefix_entry *entries, size_t count, uint8_t family, size_t *found)
{
    struct block *blocks = xmalloc((count + 1) * sizeof *blocks);
    size_t n = 0;
    bool sorted = true; // databases come sorted
    for (size_t i = 0; i < count; i++) {
        const struct prefix_entry *entry = &entries[i];
        assert(entry->value != PREFIX_NO_VALUE);
        if (entry->prefix.address.family == family) {
            blocks[n] = (struct block){wide_of(&entry->prefix.address), entry->value, (uint32_t)i,
                                       entry->prefix.length, entry->rank};
            sorted = sorted && (n == 0 || compare_blocks(&blocks[n - 1], &blocks[n]) < 0);
            n++;
        }
    }
    if (!sorted) {
        qsort(blocks, n, sizeof *blocks, compare_blocks);
    }
    *found = n;
    return blocks;
}

// From start on, block is the longest match.
static void sweep_emit(struct sweep *sweep, wide start, const struct block *block)
{
    if (sweep->count > 0 && sweep->starts[sweep->count - 1] == start) {
        sweep->count--;
    }
    sweep->starts[sweep->count] = start;
    sweep->values[sweep->count] = block->value;
    sweep->lengths[sweep->count] = block->length;
    sweep->count++;
}

static void sweep_open(struct sweep *sweep, const struct block *block)
{
    sweep->open[sweep->depth++] = *block;
    sweep_emit(sweep, block->first, block);
}

static void sweep_close(struct sweep *sweep)
{
    wide last = block_last(&sweep->open[--sweep->depth]);
    if (last != ~(wide)0) {
        sweep_emit(sweep, last + 1, &sweep->open[sweep->depth - 1]);
    }
}

static void sweep_run(struct sweep *sweep, const struct block *blocks, size_t count)
{
    sweep_open(sweep, &(struct block){.value = PREFIX_NO_VALUE, .rank = UINT8_MAX});
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && blocks[i].first == blocks[i - 1].first && blocks[i].length == blocks[i - 1].length) {
            continue;
        }
        while (sweep->depth > 1 && block_last(&sweep->open[sweep->depth - 1]) < blocks[i].first) {
            sweep_close(sweep);
        }
        // Of the blocks around it the innermost has the lowest rank, since each has passed here.
        if (blocks[i].rank <= sweep->open[sweep->depth - 1].rank) {
            sweep_open(sweep, &blocks[i]);
        }
    }
    while (sweep->depth > 1) {
        sweep_close(sweep);
    }
}

// IPv6 tables rarely say more than /64: then half of every start is zeros and can go.
static uint8_t start_bits_for(const struct sweep *sweep, uint8_t family)
{
    if (family == 4) {
        return 32;
    }
    for (size_t i = 0; i < sweep->count; i++) {
        if ((uint64_t)sweep->starts[i] != 0) {
            return 128;
        }
    }
    return 64;
}

static void pack_starts(struct ranges *ranges, wide *starts)
{
    if (ranges->start_bits == 128) {
        ranges->starts = xreallocarray(starts, ranges->count, sizeof *starts);
        return;
    }
    ranges->starts = xmalloc((size_t)ranges->count * ranges->start_bits / 8);
    for (uint32_t i = 0; i < ranges->count; i++) {
        if (ranges->start_bits == 32) {
            ((uint32_t *)ranges->starts)[i] = (uint32_t)(starts[i] >> 96);
        } else {
            ((uint64_t *)ranges->starts)[i] = (uint64_t)(starts[i] >> 64);
        }
    }
    free(starts);
}

// About one bucket for two ranges, and one more bucket at the end to bound the last.
static void fill_buckets(struct ranges *ranges, const wide *starts)
{
    uint8_t bits = 1;
    while (bits < BUCKET_BITS_MAX && (UINT32_C(4) << bits) <= ranges->count) {
        bits++;
    }
    size_t count = (size_t)1 << bits;
    ranges->bucket_bits = bits;
    ranges->buckets = xmalloc((count + 1) * sizeof *ranges->buckets);
    uint32_t range = 0;
    for (size_t i = 0; i < count; i++) {
        while (range + 1 < ranges->count && starts[range + 1] <= (wide)i << (128 - bits)) {
            range++;
        }
        ranges->buckets[i] = range;
    }
    ranges->buckets[count] = ranges->count - 1;
}

static void ranges_build(struct ranges *ranges, const struct prefix_entry *entries, size_t count,
                         uint8_t family)
{
    size_t found;
    struct block *blocks = collect(entries, count, family, &found);
    size_t capacity = 2 * found + 1;
    assert(capacity < UINT32_MAX);
    struct sweep sweep = {
        .starts = xmalloc(capacity * sizeof *sweep.starts),
        .values = xmalloc(capacity * sizeof *sweep.values),
        .lengths = xmalloc(capacity * sizeof *sweep.lengths),
    };
    sweep_run(&sweep, blocks, found);
    free(blocks);
    ranges->count = (uint32_t)sweep.count;
    ranges->start_bits = start_bits_for(&sweep, family);
    ranges->values = xreallocarray(sweep.values, sweep.count, sizeof *sweep.values);
    ranges->lengths = xreallocarray(sweep.lengths, sweep.count, sizeof *sweep.lengths);
    fill_buckets(ranges, sweep.starts);
    pack_starts(ranges, sweep.starts);
}

struct prefix_tree *prefix_tree_create(const struct prefix_entry *entries, size_t count)
{
    struct prefix_tree *tree = xmalloc(sizeof *tree);
    ranges_build(&tree->v4, entries, count, 4);
    ranges_build(&tree->v6, entries, count, 6);
    return tree;
}

static void ranges_free(struct ranges *ranges)
{
    free(ranges->starts);
    free(ranges->values);
    free(ranges->lengths);
    free(ranges->buckets);
}

void prefix_tree_destroy(struct prefix_tree *tree)
{
    if (tree != NULL) {
        ranges_free(&tree->v4);
        ranges_free(&tree->v6);
        free(tree);
    }
}

static size_t ranges_footprint(const struct ranges *ranges)
{
    size_t each = ranges->start_bits / 8 + sizeof *ranges->values + sizeof *ranges->lengths;
    return ranges->count * each + (((size_t)1 << ranges->bucket_bits) + 1) * sizeof *ranges->buckets;
}

size_t prefix_tree_footprint(const struct prefix_tree *tree)
{
    return sizeof *tree + ranges_footprint(&tree->v4) + ranges_footprint(&tree->v6);
}

// --- find ---

// The last of starts[first..first + count - 1] that is not above key, without branches to guess wrong; the
// first of them is not above key.
#define DEFINE_SEARCH(name, type)                                                                            \
    static size_t name(const type *starts, size_t first, size_t count, type key)                             \
    {                                                                                                        \
        const type *base = starts + first;                                                                   \
        while (count > 1) {                                                                                  \
            size_t half = count / 2;                                                                         \
            base = base[half] <= key ? base + half : base;                                                   \
            count -= half;                                                                                   \
        }                                                                                                    \
        return (size_t)(base - starts);                                                                      \
    }
DEFINE_SEARCH(search_32, uint32_t)
DEFINE_SEARCH(search_64, uint64_t)
DEFINE_SEARCH(search_128, wide)

static size_t range_of(const struct ranges *ranges, wide address)
{
    size_t bucket = (size_t)(address >> (128 - ranges->bucket_bits));
    size_t first = ranges->buckets[bucket];
    size_t count = ranges->buckets[bucket + 1] - first + 1;
    switch (ranges->start_bits) {
    case 32:
        return search_32(ranges->starts, first, count, (uint32_t)(address >> 96));
    case 64:
        return search_64(ranges->starts, first, count, (uint64_t)(address >> 64));
    default:
        return search_128(ranges->starts, first, count, address);
    }
}

static wide range_start(const struct ranges *ranges, size_t range)
{
    switch (ranges->start_bits) {
    case 32:
        return (wide)((const uint32_t *)ranges->starts)[range] << 96;
    case 64:
        return (wide)((const uint64_t *)ranges->starts)[range] << 64;
    default:
        return ((const wide *)ranges->starts)[range];
    }
}

// How many leading bits tell two different addresses apart.
static uint8_t bits_to_tell(wide a, wide b)
{
    uint64_t high = (uint64_t)((a ^ b) >> 64);
    uint64_t low = (uint64_t)(a ^ b);
    return (uint8_t)(1 + (high != 0 ? __builtin_clzll(high) : 64 + __builtin_clzll(low)));
}

// The widest block around the address that neither reaches below its range nor above.
static uint8_t scope_of(const struct ranges *ranges, size_t range, wide address)
{
    uint8_t scope = 0;
    if (range > 0) {
        scope = bits_to_tell(address, range_start(ranges, range) - 1);
    }
    if (range + 1 < ranges->count) {
        uint8_t above = bits_to_tell(address, range_start(ranges, range + 1));
        scope = above > scope ? above : scope;
    }
    return scope;
}

struct prefix_match prefix_tree_find(const struct prefix_tree *tree, const struct ip_address *address)
{
    if (address->family == 0) {
        return (struct prefix_match){PREFIX_NO_VALUE, 0, 0};
    }
    const struct ranges *ranges = address->family == 4 ? &tree->v4 : &tree->v6;
    wide key = wide_of(address);
    size_t range = range_of(ranges, key);
    return (struct prefix_match){ranges->values[range], ranges->lengths[range], scope_of(ranges, range, key)};
}
