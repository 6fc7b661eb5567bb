// SPDX-License-Identifier: MIT
// Objects of one kind in byte order of their keys: an array of pointers, each to one allocation with key and
// text, since an account may have a million of them.
#ifndef NEARWELL_CORE_ACCOUNT_TABLE_H
#define NEARWELL_CORE_ACCOUNT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum { ACCOUNT_KEY_MAX = UINT16_MAX };

struct table_item {
    uint32_t text_len; // TABLE_DELETED: the item says that there is none
    uint16_t key_len;
    char bytes[]; // key, NUL, text, NUL
};
#define TABLE_DELETED UINT32_MAX

struct table {
    struct table_item **items;
    size_t count;
    size_t room;
    size_t footprint; // of the items
};

// text.data NULL: a deleted one.
struct table_item *table_item_create(struct bytes key, struct bytes text);

static inline struct bytes table_item_key(const struct table_item *item)
{
    return (struct bytes){(const uint8_t *)item->bytes, item->key_len};
}

static inline struct bytes table_item_text(const struct table_item *item)
{
    if (item->text_len == TABLE_DELETED) {
        return (struct bytes){NULL, 0};
    }
    return (struct bytes){(const uint8_t *)item->bytes + item->key_len + 1, item->text_len};
}

int table_compare(struct bytes a, struct bytes b);

void table_free(struct table *table); // leaves it empty and usable
// The first item whose key is not less.
size_t table_lower_bound(const struct table *table, struct bytes key);
struct table_item *table_find(const struct table *table, struct bytes key); // NULL
// Takes the item, in place of one of the same key.
void table_set(struct table *table, struct table_item *item);
// For many at once: takes items in any order, then table_sort. Of one key the last one stays.
void table_append(struct table *table, struct table_item *item);
void table_sort(struct table *table);
// Takes all items of changes, which is left empty; deleted ones end their namesakes.
void table_merge(struct table *table, struct table *changes);

#endif
