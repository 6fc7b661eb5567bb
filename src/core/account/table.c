// SPDX-License-Identifier: MIT
#include "table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { MALLOC_OVERHEAD = 8 };

static size_t size_of(const struct table_item *item)
{
    size_t text = item->text_len == TABLE_DELETED ? 0 : (size_t)item->text_len + 1;
    return sizeof *item + item->key_len + 1 + text;
}

struct table_item *table_item_create(struct bytes key, struct bytes text)
{
    assert(key.len <= ACCOUNT_KEY_MAX && text.len < TABLE_DELETED);
    size_t text_size = text.data != NULL ? text.len + 1 : 0;
    struct table_item *item = xmalloc(sizeof *item + key.len + 1 + text_size);
    item->key_len = (uint16_t)key.len;
    item->text_len = text.data != NULL ? (uint32_t)text.len : TABLE_DELETED;
    memcpy(item->bytes, key.data, key.len);
    item->bytes[key.len] = '\0';
    if (text.data != NULL) {
        memcpy(item->bytes + key.len + 1, text.data, text.len);
        item->bytes[key.len + 1 + text.len] = '\0';
    }
    return item;
}

int table_compare(struct bytes a, struct bytes b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = memcmp(a.data, b.data, shorter);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

void table_free(struct table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->items[i]);
    }
    free(table->items);
    *table = (struct table){0};
}

size_t table_lower_bound(const struct table *table, struct bytes key)
{
    size_t low = 0;
    size_t high = table->count;
    assert(table->items != NULL || high == 0);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table_compare(table_item_key(table->items[middle]), key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_at(const struct table *table, size_t at, struct bytes key)
{
    return at < table->count && table_compare(table_item_key(table->items[at]), key) == 0;
}

struct table_item *table_find(const struct table *table, struct bytes key)
{
    size_t at = table_lower_bound(table, key);
    return is_at(table, at, key) ? table->items[at] : NULL;
}

static void count_in(struct table *table, const struct table_item *item)
{
    table->footprint += size_of(item) + MALLOC_OVERHEAD;
}

static void count_out(struct table *table, struct table_item *item)
{
    table->footprint -= size_of(item) + MALLOC_OVERHEAD;
    free(item);
}

static void make_room(struct table *table)
{
    if (table->count == table->room) {
        table->room = table->room + table->room / 2 + 8;
        table->items = xreallocarray(table->items, table->room, sizeof(struct table_item *));
    }
}

void table_set(struct table *table, struct table_item *item)
{
    struct bytes key = table_item_key(item);
    bool last = table->count == 0 || table_compare(table_item_key(table->items[table->count - 1]), key) < 0;
    size_t at = last ? table->count : table_lower_bound(table, key);
    count_in(table, item);
    if (is_at(table, at, key)) {
        count_out(table, table->items[at]);
        table->items[at] = item;
        return;
    }
    make_room(table);
    memmove(&table->items[at + 1], &table->items[at], (table->count - at) * sizeof(struct table_item *));
    table->items[at] = item;
    table->count++;
}

void table_append(struct table *table, struct table_item *item)
{
    count_in(table, item);
    make_room(table);
    table->items[table->count++] = item;
}

static int compare_items(const void *a, const void *b)
{
    const struct table_item *const *x = a;
    const struct table_item *const *y = b;
    return table_compare(table_item_key(*x), table_item_key(*y));
}

static bool is_sorted(const struct table *table)
{
    for (size_t i = 1; i < table->count; i++) {
        if (compare_items(&table->items[i - 1], &table->items[i]) >= 0) {
            return false;
        }
    }
    return true;
}

void table_sort(struct table *table)
{
    if (is_sorted(table)) {
        return;
    }
    qsort(table->items, table->count, sizeof(struct table_item *), compare_items); // glibc's is stable
    size_t kept = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (kept > 0 && compare_items(&table->items[kept - 1], &table->items[i]) == 0) {
            count_out(table, table->items[--kept]);
        }
        table->items[kept++] = table->items[i];
    }
    table->count = kept;
}

static void take(struct table *out, const struct table *from, size_t *next, struct table_item *replaced)
{
    struct table_item *item = from->items[(*next)++];
    if (replaced != NULL) {
        count_out(out, replaced);
    }
    if (item->text_len == TABLE_DELETED) {
        free(item);
        return;
    }
    count_in(out, item);
    out->items[out->count++] = item;
}

static void append_all(struct table *out, struct table_item *const *items, size_t count)
{
    if (count > 0) { // an empty table has no array
        memcpy(&out->items[out->count], items, count * sizeof(struct table_item *));
        out->count += count;
    }
}

// An empty table has no array, so there is nothing to count from.
static struct table_item **items_from(const struct table *table, size_t first)
{
    return table->items != NULL ? table->items + first : NULL;
}

// One pass over both: a batch costs one copy of the pointers, however many items it inserts.
static void merge_all(struct table *table, struct table *changes)
{
    struct table merged = {.room = table->count + changes->count, .footprint = table->footprint};
    merged.items = xmalloc(merged.room * sizeof(struct table_item *));
    size_t held = 0;
    size_t next = 0;
    while (next < changes->count) {
        struct bytes key = table_item_key(changes->items[next]);
        size_t until =
            held + table_lower_bound(&(struct table){items_from(table, held), table->count - held}, key);
        append_all(&merged, items_from(table, held), until - held);
        held = until;
        bool present = is_at(table, held, key);
        take(&merged, changes, &next, present ? table->items[held] : NULL);
        held += present;
    }
    append_all(&merged, items_from(table, held), table->count - held);
    free(table->items);
    *table = merged;
}

static bool replaces_only(const struct table *table, const struct table *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        if (changes->items[i]->text_len == TABLE_DELETED ||
            table_find(table, table_item_key(changes->items[i])) == NULL) {
            return false;
        }
    }
    return true;
}

void table_merge(struct table *table, struct table *changes)
{
    if (replaces_only(table, changes)) {
        for (size_t i = 0; i < changes->count; i++) {
            table_set(table, changes->items[i]);
        }
    } else {
        merge_all(table, changes);
    }
    free(changes->items);
    *changes = (struct table){0};
}
