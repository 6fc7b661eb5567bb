// SPDX-License-Identifier: MIT
// Who changed what, when and why. An entry is one compact JSON text, as GET /admin/journal shows it and as a
// state file keeps it:
//   {"at": "2026-11-26T22:00:00.000Z", "who": "jane", "what": "drain", "on": ["eu-west-1"], "why": "kernel
//   update"}
// The journal itself is a ring of the newest entries. One owner, one thread.
#ifndef NEARWELL_CORE_ADMIN_JOURNAL_H
#define NEARWELL_CORE_ADMIN_JOURNAL_H

#include <jansson.h>

#include "base/bytes.h"
#include "base/time.h"

enum { JOURNAL_MOST = 1000, JOURNAL_WHO = 128 };

struct journal_entry {
    wall_time at;
    const char *who;
    const char *what; // the operation: "drain", "ChangeResourceRecordSets", "reload"
    json_t *on;       // ids, names: an array; borrowed
    const char *why;  // NULL: nobody said
};

char *journal_entry_print(const struct journal_entry *entry); // the caller's

struct journal;

struct journal *journal_create(void);
void journal_destroy(struct journal *journal);                // NULL is fine
void journal_add(struct journal *journal, struct bytes text); // copied; beyond JOURNAL_MOST the oldest goes
json_t *journal_json(const struct journal *journal,
                     size_t most); // the newest so many, oldest first; the caller's

#endif
