// SPDX-License-Identifier: MIT
#include "base/map.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>

#include "base/xalloc.h"

static uint64_t sip(const void *data, size_t len);

#define HASH_FUNCTION(key, len, hash) ((hash) = (unsigned)sip((key), (len)))
#define uthash_fatal(message)         abort()
#include <uthash.h>

struct entry {
    void *value;
    UT_hash_handle hh;
    size_t len;
    uint8_t key[];
};

struct map {
    struct entry *entries;
};

// SipHash-1-3 (Aumasson and Bernstein), keyed with the 16 random bytes that the kernel gives each process.
static inline uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static inline void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

static uint64_t sip(const void *data, size_t len)
{
    uint64_t key[2] = {0, 0};
    const void *random = (const void *)getauxval(AT_RANDOM);
    if (random != NULL) {
        memcpy(key, random, sizeof key);
    }
    uint64_t v[4] = {key[0] ^ UINT64_C(0x736f6d6570736575), key[1] ^ UINT64_C(0x646f72616e646f6d),
                     key[0] ^ UINT64_C(0x6c7967656e657261), key[1] ^ UINT64_C(0x7465646279746573)};
    const uint8_t *bytes = data;
    size_t left = len;
    for (; left >= 8; left -= 8, bytes += 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    uint64_t last = (uint64_t)len << 56;
    for (size_t i = 0; i < left; i++) {
        last |= (uint64_t)bytes[i] << (8 * i);
    }
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++) {
        sip_round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

struct map *map_create(void)
{
    return xcalloc(1, sizeof(struct map));
}

void map_destroy(struct map *map)
{
    if (map == NULL) {
        return;
    }
    struct entry *entry = map->entries;
    HASH_CLEAR(hh, map->entries); // frees the table; the entries stay linked
    while (entry != NULL) {
        struct entry *next = entry->hh.next;
        free(entry);
        entry = next;
    }
    free(map);
}

static struct entry *find(const struct map *map, struct bytes key)
{
    struct entry *entry;
    const uint8_t *data = key.len > 0 ? key.data : (const uint8_t *)""; // memcmp takes no NULL
    HASH_FIND(hh, map->entries, data, key.len, entry);
    return entry;
}

void *map_get(const struct map *map, struct bytes key)
{
    struct entry *entry = find(map, key);
    return entry != NULL ? entry->value : NULL;
}

static void add(struct map *map, struct bytes key, void *value)
{
    struct entry *entry = xmalloc(sizeof *entry + key.len);
    entry->value = value;
    entry->len = key.len;
    if (key.len > 0) {
        memcpy(entry->key, key.data, key.len);
    }
    HASH_ADD_KEYPTR(hh, map->entries, entry->key, entry->len, entry);
}

bool map_put(struct map *map, struct bytes key, void *value)
{
    if (find(map, key) != NULL) {
        return false;
    }
    add(map, key, value);
    return true;
}

void map_set(struct map *map, struct bytes key, void *value)
{
    struct entry *entry = find(map, key);
    if (entry != NULL) {
        entry->value = value;
    } else {
        add(map, key, value);
    }
}

void *map_remove(struct map *map, struct bytes key)
{
    struct entry *entry = find(map, key);
    if (entry == NULL) {
        return NULL;
    }
    void *value = entry->value;
    HASH_DEL(map->entries, entry);
    free(entry);
    return value;
}

size_t map_count(const struct map *map)
{
    return HASH_COUNT(map->entries);
}

void map_each(const struct map *map, void (*visit)(struct bytes key, void *value, void *context),
              void *context)
{
    for (struct entry *entry = map->entries; entry != NULL; entry = entry->hh.next) {
        visit((struct bytes){entry->key, entry->len}, entry->value, context);
    }
}
