// SPDX-License-Identifier: MIT
// The state file (--state): rows of a kind, a key and a text, and a journal, in an SQLite database. It knows
// nothing of what they mean. A write is one transaction, on the disk when it returns: after a crash at any
// instant the file holds all of it or none. The file is locked while it is open, for one process at a time.
// One owner, one thread.
#ifndef NEARWELL_IO_STATE_STATE_H
#define NEARWELL_IO_STATE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

enum { STATE_VERSION = 1, STATE_JOURNAL_MAX = 100000 };

struct state;

struct state_row {
    uint32_t kind;
    struct bytes key;
    struct bytes text; // data NULL in a write: the row goes
};

// Opens the file, or makes it. NULL, with the file and the cause: it is no database, another program's, a
// newer nearwell's, locked by another daemon, not to be written, or damaged.
struct state *state_open(const char *path, struct error *error);
void state_close(struct state *state);        // NULL is fine
bool state_is_new(const struct state *state); // it held nothing when it was opened

// Every row, by kind and key. false: damaged; visit has then seen a part. Texts end with a NUL that does not
// count, and are valid during the call.
bool state_read(struct state *state, void (*visit)(const struct state_row *row, void *context), void *context,
                struct error *error);

// Puts and deletes rows and appends to the journal (data NULL: nothing), all of it or nothing. When it fails,
// because the disk is full for example, the file is as it was and may be written again.
bool state_write(struct state *state, const struct state_row *rows, size_t count, struct bytes journal,
                 struct error *error);

// The newest entries of the journal, oldest first. Of more than STATE_JOURNAL_MAX the oldest are forgotten.
bool state_read_journal(struct state *state, size_t most, void (*visit)(struct bytes text, void *context),
                        void *context, struct error *error);

#endif
