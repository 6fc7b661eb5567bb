// SPDX-License-Identifier: MIT
#include "core/admin/journal.h"

#include <stdlib.h>

#include "base/xalloc.h"

struct journal {
    char *texts[JOURNAL_MOST]; // a ring
    size_t next;               // where the next one goes
    size_t count;
};

char *journal_entry_print(const struct journal_entry *entry)
{
    char at[WALL_TIME_TEXT];
    wall_time_format(entry->at, at);
    json_t *json = json_pack("{s:s, s:s, s:s, s:O, s:s?}", "at", at, "who", entry->who, "what", entry->what,
                             "on", entry->on, "why", entry->why);
    if (json == NULL) { // a word that is not UTF-8 came from a request line
        json = json_pack("{s:s, s:s, s:s, s:O, s:n}", "at", at, "who", "?", "what", entry->what, "on",
                         entry->on, "why");
    }
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    return text;
}

struct journal *journal_create(void)
{
    return xcalloc(1, sizeof(struct journal));
}

void journal_destroy(struct journal *journal)
{
    for (size_t i = 0; journal != NULL && i < JOURNAL_MOST; i++) {
        free(journal->texts[i]);
    }
    free(journal);
}

void journal_add(struct journal *journal, struct bytes text)
{
    free(journal->texts[journal->next]);
    journal->texts[journal->next] = xstrndup((const char *)text.data, text.len);
    journal->next = (journal->next + 1) % JOURNAL_MOST;
    journal->count += journal->count < JOURNAL_MOST;
}

json_t *journal_json(const struct journal *journal, size_t most)
{
    json_t *array = json_array();
    size_t count = most < journal->count ? most : journal->count;
    for (size_t i = count; i > 0; i--) {
        const char *text = journal->texts[(journal->next + JOURNAL_MOST - i) % JOURNAL_MOST];
        json_t *entry = json_loads(text, 0, NULL);
        json_array_append_new(array,
                              entry != NULL ? entry : json_string(text)); // a damaged row, as it stands
    }
    return array;
}
