// SPDX-License-Identifier: MIT
// A change of an account, staged as a whole: puts and deletes, read through as if they were made already.
// The order of things: stage, compile (compile.h) where the model changes, persist what account_edit_each
// names, then account_apply, which cannot fail. An edit is of the state in which the account was when it was
// created, so no other may be applied in between. One owner, one thread.
#ifndef NEARWELL_CORE_ACCOUNT_EDIT_H
#define NEARWELL_CORE_ACCOUNT_EDIT_H

#include "core/account/account.h"

struct account_edit;

struct account_edit *account_edit_create(struct account *account); // which must outlive it
void account_edit_discard(struct account_edit *edit);              // NULL is fine

// key and text are copied; keys have no NUL byte.
void account_edit_put(struct account_edit *edit, enum account_kind kind, struct bytes key, struct bytes text);
void account_edit_delete(struct account_edit *edit, enum account_kind kind, struct bytes key);
bool account_edit_is_empty(const struct account_edit *edit);
bool account_edit_changes(const struct account_edit *edit, enum account_kind kind); // any object of it

// What the edit changes, by kind and key; text.data is NULL for a delete.
void account_edit_each(const struct account_edit *edit,
                       void (*visit)(const struct account_object *object, void *context), void *context);

// Makes it so. The edit is gone afterwards.
void account_apply(struct account_edit *edit);

// --- reading, staged changes included ----------------------------------------------------------------------

bool account_find(const struct account_edit *edit, enum account_kind kind, struct bytes key,
                  struct account_object *out);

// Objects of a kind in byte order of their keys, from the first that is not less than from. Staging changes
// ends the use of a cursor.
struct account_cursor {
    const struct account_edit *edit;
    enum account_kind kind;
    size_t held;   // next of the account's
    size_t staged; // next of the edit's
};
void account_seek(struct account_cursor *cursor, const struct account_edit *edit, enum account_kind kind,
                  struct bytes from);
bool account_next(struct account_cursor *cursor, struct account_object *out); // false at the end

// How many keys begin with prefix.
size_t account_count_prefix(const struct account_edit *edit, enum account_kind kind, struct bytes prefix);

#endif
