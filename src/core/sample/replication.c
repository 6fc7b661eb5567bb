// SPDX-License-Identifier: MIT
#include "core/sample/replication.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static bool read_item(const json_t *json, size_t index, struct counter_item *out, struct error *error)
{
    const char *client = json_string_value(json_object_get(json, "client"));
    const char *region = json_string_value(json_object_get(json, "region"));
    const json_t *hits = json_object_get(json, "hits");
    const json_t *written_at = json_object_get(json, "written_at");
    if (client == NULL || region == NULL || !json_is_integer(hits) || json_integer_value(hits) < 0 ||
        !json_is_integer(written_at)) {
        return error_set(error, "items[%zu] needs \"client\", \"hits\", \"written_at\" and \"region\"",
                         index);
    }
    *out = (struct counter_item){.client = client,
                                 .hits = (uint64_t)json_integer_value(hits),
                                 .written_at = {json_integer_value(written_at)},
                                 .region = region};
    return true;
}

static bool read_items(const json_t *json, struct replication *out, struct error *error)
{
    const json_t *items = json_object_get(json, "items");
    if (items == NULL) {
        return true;
    }
    if (!json_is_array(items) || json_array_size(items) > REPLICATION_ITEMS_MOST) {
        return error_set(error, "\"items\" must be an array of at most %d items", REPLICATION_ITEMS_MOST);
    }
    out->items = xcalloc(json_array_size(items), sizeof *out->items);
    for (; out->count < json_array_size(items); out->count++) {
        if (!read_item(json_array_get(items, out->count), out->count, &out->items[out->count], error)) {
            return false;
        }
    }
    return true;
}

static bool read_sender(const json_t *json, struct replication_sender *out, struct error *error)
{
    out->from = json_string_value(json_object_get(json, "from"));
    out->instance = json_string_value(json_object_get(json, "instance"));
    out->at = json_string_value(json_object_get(json, "at"));
    out->at = out->at != NULL ? out->at : "";
    if (out->from == NULL || !counters_region_valid(out->from)) {
        return error_set(error, "\"from\" must be the sender's region");
    }
    if (out->instance == NULL || out->instance[0] == '\0' || strlen(out->instance) > REPLICATION_WORD_MOST) {
        return error_set(error, "\"instance\" must identify the sender, in at most %d bytes",
                         REPLICATION_WORD_MOST);
    }
    if (strlen(out->at) > REPLICATION_WORD_MOST) {
        return error_set(error, "\"at\" may have at most %d bytes", REPLICATION_WORD_MOST);
    }
    return true;
}

static bool read_sequence(const json_t *json, struct replication *out, struct error *error)
{
    const json_t *sequence = json_object_get(json, "sequence");
    if (sequence != NULL && (!json_is_integer(sequence) || json_integer_value(sequence) < 0)) {
        return error_set(error, "\"sequence\" must be a count of changes");
    }
    out->sequence = (uint64_t)json_integer_value(sequence);
    out->more = json_is_true(json_object_get(json, "more"));
    return true;
}

bool replication_parse(struct bytes text, struct replication *out, struct error *error)
{
    json_error_t place;
    json_t *json = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &place);
    if (json == NULL) {
        return error_set(error, "not JSON: line %d, column %d: %s", place.line, place.column, place.text);
    }
    struct replication message = {.document = json};
    if (!read_sender(json, &message.sender, error) || !read_sequence(json, &message, error) ||
        !read_items(json, &message, error)) {
        replication_free(&message);
        return false;
    }
    *out = message;
    return true;
}

void replication_free(struct replication *message)
{
    free(message->items);
    json_decref(message->document);
    *message = (struct replication){0};
}

enum counters_result replication_apply(const struct replication *message, struct counters *counters,
                                       struct error *error)
{
    for (size_t i = 0; i < message->count; i++) {
        enum counters_result result = counters_merge(counters, &message->items[i], error);
        if (result != COUNTERS_OK) {
            return result;
        }
    }
    return COUNTERS_OK;
}

struct printing {
    json_t *items;
    const char *writer;
    uint64_t reached;
};

static void print_item(const struct counter_item *item, void *context)
{
    struct printing *printing = context;
    printing->reached = item->sequence;
    if (printing->writer != NULL && strcmp(printing->writer, item->region) != 0) {
        return;
    }
    json_array_append_new(printing->items,
                          json_pack("{s:s, s:I, s:I, s:s}", "client", item->client, "hits",
                                    (json_int_t)item->hits, "written_at", (json_int_t)item->written_at.ns,
                                    "region", item->region));
}

static char *print_and_release(json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    assert(text != NULL); // everything in it was checked to be UTF-8
    json_decref(json);
    return text;
}

static json_t *print_sender(const struct replication_sender *sender)
{
    return json_pack("{s:s, s:s, s:s}", "from", sender->from, "at", sender->at, "instance", sender->instance);
}

char *replication_print(const struct replication_sender *sender, const struct counters *counters,
                        const char *writer, uint64_t since, uint64_t *reached)
{
    struct printing printing = {json_array(), writer, since};
    counters_changes(counters, since, REPLICATION_ITEMS_MOST, print_item, &printing);
    *reached = printing.reached;
    if (writer != NULL && json_array_size(printing.items) == 0) {
        json_decref(printing.items);
        return NULL;
    }
    json_t *json = print_sender(sender);
    json_object_set_new(json, "sequence", json_integer((json_int_t)printing.reached));
    json_object_set_new(json, "more", json_boolean(printing.reached < counters_sequence(counters)));
    json_object_set_new(json, "items", printing.items);
    return print_and_release(json);
}

char *replication_print_answer(const struct replication_sender *sender)
{
    return print_and_release(print_sender(sender));
}

static void print_counter(const struct counter_item *item, void *context)
{
    char at[WALL_TIME_TEXT];
    wall_time_format(item->written_at, at);
    json_object_set_new(context, item->client,
                        json_pack("{s:I, s:s, s:s}", "hits", (json_int_t)item->hits, "written_at", at,
                                  "region", item->region));
}

char *counters_print(const struct counters *counters)
{
    json_t *json = json_object();
    counters_changes(counters, 0, COUNTERS_CLIENTS_MOST, print_counter, json);
    return print_and_release(json);
}
