// SPDX-License-Identifier: MIT
#include "core/account/edit.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "state.h"
#include "warm.h"

struct account_edit *account_edit_create(struct account *account)
{
    struct account_edit *edit = xcalloc(1, sizeof *edit);
    edit->account = account;
    return edit;
}

void account_edit_discard(struct account_edit *edit)
{
    if (edit == NULL) {
        return;
    }
    for (unsigned kind = 0; kind < ACCOUNT_KINDS; kind++) {
        table_free(&edit->tables[kind]);
    }
    for (size_t i = 0; i < edit->warm_count; i++) {
        warm_zone_discard(edit->warm[i]);
    }
    free(edit->warm);
    policy_destroy(edit->policy);
    model_destroy(edit->model);
    free(edit);
}

void account_edit_put(struct account_edit *edit, enum account_kind kind, struct bytes key, struct bytes text)
{
    edit->as_policy = false;
    table_set(&edit->tables[kind], table_item_create(key, text));
}

void account_edit_delete(struct account_edit *edit, enum account_kind kind, struct bytes key)
{
    edit->as_policy = false;
    table_set(&edit->tables[kind], table_item_create(key, (struct bytes){NULL, 0}));
}

bool account_edit_changes(const struct account_edit *edit, enum account_kind kind)
{
    return edit->tables[kind].count > 0;
}

bool account_edit_is_empty(const struct account_edit *edit)
{
    if (edit->policy != NULL) {
        return false;
    }
    for (unsigned kind = 0; kind < ACCOUNT_KINDS; kind++) {
        if (account_edit_changes(edit, (enum account_kind)kind)) {
            return false;
        }
    }
    return true;
}

void account_edit_each(const struct account_edit *edit,
                       void (*visit)(const struct account_object *object, void *context), void *context)
{
    for (unsigned kind = 0; kind < ACCOUNT_KINDS; kind++) {
        const struct table *table = &edit->tables[kind];
        for (size_t i = 0; i < table->count; i++) {
            const struct table_item *item = table->items[i];
            struct account_object object = {kind, table_item_key(item), table_item_text(item)};
            visit(&object, context);
        }
    }
}

static void apply_warm_zones(struct account_edit *edit)
{
    const struct table *zones = &edit->tables[ACCOUNT_ZONE];
    if (!edit->in_parts && account_touches_model(edit)) {
        warm_zone_forget(edit->account, NULL);
        return;
    }
    for (size_t i = 0; i < zones->count; i++) {
        if (zones->items[i]->text_len == TABLE_DELETED) {
            warm_zone_forget(edit->account, zones->items[i]->bytes);
        }
    }
    for (size_t i = 0; edit->in_parts && i < edit->warm_count; i++) {
        warm_zone_keep(edit->account, edit->warm[i]);
        edit->warm[i] = NULL;
    }
}

void account_apply(struct account_edit *edit)
{
    apply_warm_zones(edit);
    for (unsigned kind = 0; kind < ACCOUNT_KINDS; kind++) {
        if (edit->tables[kind].count > 0) {
            table_merge(&edit->account->tables[kind], &edit->tables[kind]);
        }
    }
    if (edit->policy != NULL) {
        policy_destroy(edit->account->policy);
        edit->account->policy = edit->policy;
        edit->policy = NULL;
    }
    account_edit_discard(edit);
}

// --- reading -----------------------------------------------------------------------------------------------

static bool hand_out(enum account_kind kind, const struct table_item *item, struct account_object *out)
{
    if (item == NULL || item->text_len == TABLE_DELETED) {
        return false;
    }
    *out = (struct account_object){kind, table_item_key(item), table_item_text(item)};
    return true;
}

bool account_find(const struct account_edit *edit, enum account_kind kind, struct bytes key,
                  struct account_object *out)
{
    const struct table_item *item = table_find(&edit->tables[kind], key);
    return hand_out(kind, item != NULL ? item : table_find(&edit->account->tables[kind], key), out);
}

void account_seek(struct account_cursor *cursor, const struct account_edit *edit, enum account_kind kind,
                  struct bytes from)
{
    *cursor = (struct account_cursor){
        .edit = edit,
        .kind = kind,
        .held = table_lower_bound(&edit->account->tables[kind], from),
        .staged = table_lower_bound(&edit->tables[kind], from),
    };
}

// The lesser of the two next items; of one key the staged one counts.
static const struct table_item *advance(struct account_cursor *cursor)
{
    const struct table *held = &cursor->edit->account->tables[cursor->kind];
    const struct table *staged = &cursor->edit->tables[cursor->kind];
    if (cursor->held >= held->count && cursor->staged >= staged->count) {
        return NULL;
    }
    if (cursor->staged >= staged->count) {
        return held->items[cursor->held++];
    }
    if (cursor->held < held->count) {
        int order = table_compare(table_item_key(held->items[cursor->held]),
                                  table_item_key(staged->items[cursor->staged]));
        if (order < 0) {
            return held->items[cursor->held++];
        }
        cursor->held += order == 0;
    }
    return staged->items[cursor->staged++];
}

bool account_next(struct account_cursor *cursor, struct account_object *out)
{
    const struct table_item *item = advance(cursor);
    while (item != NULL && !hand_out(cursor->kind, item, out)) {
        item = advance(cursor);
    }
    return item != NULL;
}

static bool begins_with(struct bytes key, struct bytes prefix)
{
    return key.len >= prefix.len && memcmp(key.data, prefix.data, prefix.len) == 0;
}

// The end of the run of keys with this prefix that begins at first.
static size_t end_of(const struct table *table, size_t first, struct bytes prefix)
{
    size_t low = first;
    size_t high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (begins_with(table_item_key(table->items[middle]), prefix)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t account_count_prefix(const struct account_edit *edit, enum account_kind kind, struct bytes prefix)
{
    const struct table *held = &edit->account->tables[kind];
    const struct table *staged = &edit->tables[kind];
    size_t first = table_lower_bound(held, prefix);
    size_t count = end_of(held, first, prefix) - first;
    size_t at = table_lower_bound(staged, prefix);
    for (size_t end = end_of(staged, at, prefix); at < end; at++) {
        const struct table_item *item = staged->items[at];
        bool present = table_find(held, table_item_key(item)) != NULL;
        bool stays = item->text_len != TABLE_DELETED;
        count = count + (stays && !present) - (!stays && present);
    }
    return count;
}
