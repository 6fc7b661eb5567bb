// SPDX-License-Identifier: MIT
#include "core/sample/counters.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/map.h"
#include "base/xalloc.h"

// Later than any honest clock (the year 2116), and early enough that one nanosecond more always fits.
static const int64_t written_at_most = INT64_C(1) << 62;
static const uint64_t hits_most = UINT64_C(1) << 62;

//   map: client ──► item
//   changes: least recently changed ◄──► ... ◄──► most recently changed, so sequences ascend
struct item {
    TAILQ_ENTRY(item) entry;
    char *client;
    uint64_t hits;
    wall_time written_at;
    char region[COUNTERS_REGION_BYTES_MOST + 1];
    uint64_t sequence;
};

TAILQ_HEAD(item_list, item);

struct counters {
    char *region;
    struct map *map;
    struct item_list changes;
    uint64_t sequence;
};

bool counters_region_valid(const char *region)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t len = strlen(region);
    return len > 0 && len <= COUNTERS_REGION_BYTES_MOST && strspn(region, allowed) == len;
}

struct counters *counters_create(const char *region)
{
    struct counters *counters = xcalloc(1, sizeof *counters);
    counters->region = xstrdup(region);
    counters->map = map_create();
    TAILQ_INIT(&counters->changes);
    return counters;
}

void counters_destroy(struct counters *counters)
{
    if (counters == NULL) {
        return;
    }
    while (!TAILQ_EMPTY(&counters->changes)) {
        struct item *item = TAILQ_FIRST(&counters->changes);
        TAILQ_REMOVE(&counters->changes, item, entry);
        free(item->client);
        free(item);
    }
    map_destroy(counters->map);
    free(counters->region);
    free(counters);
}

static bool is_utf8(const char *text)
{
    json_t *string = json_string(text);
    json_decref(string);
    return string != NULL;
}

static enum counters_result check_client(const char *client, struct error *error)
{
    size_t len = strlen(client);
    if (len > 0 && len <= COUNTERS_CLIENT_BYTES_MOST && is_utf8(client)) {
        return COUNTERS_OK;
    }
    error_set(error, "a client is named by 1 to %d bytes of UTF-8", COUNTERS_CLIENT_BYTES_MOST);
    return COUNTERS_INVALID;
}

// The item of a client, made when there is none yet, or NULL when there is no room for it.
static struct item *item_for(struct counters *counters, const char *client, struct error *error)
{
    struct item *item = map_get(counters->map, bytes_of(client));
    if (item != NULL) {
        return item;
    }
    if (map_count(counters->map) >= COUNTERS_CLIENTS_MOST) {
        error_set(error, "there are %d clients already; no new one is counted", COUNTERS_CLIENTS_MOST);
        return NULL;
    }
    item = xcalloc(1, sizeof *item);
    item->client = xstrdup(client);
    map_put(counters->map, bytes_of(client), item);
    TAILQ_INSERT_TAIL(&counters->changes, item, entry);
    return item;
}

static void write_item(struct counters *counters, struct item *item, uint64_t hits, wall_time at,
                       const char *region)
{
    item->hits = hits;
    item->written_at = at;
    memcpy(item->region, region, strlen(region) + 1);
    item->sequence = ++counters->sequence;
    TAILQ_REMOVE(&counters->changes, item, entry);
    TAILQ_INSERT_TAIL(&counters->changes, item, entry);
}

enum counters_result counters_hit(struct counters *counters, const char *client, wall_time now,
                                  uint64_t *hits, struct error *error)
{
    enum counters_result result = check_client(client, error);
    if (result != COUNTERS_OK) {
        return result;
    }
    struct item *item = item_for(counters, client, error);
    if (item == NULL) {
        return COUNTERS_FULL;
    }
    wall_time at = {now.ns > item->written_at.ns ? now.ns : item->written_at.ns + 1};
    write_item(counters, item, item->hits + 1, at, counters->region);
    *hits = item->hits;
    return COUNTERS_OK;
}

static bool wins(const struct counter_item *item, const struct item *ours)
{
    if (item->written_at.ns != ours->written_at.ns) {
        return item->written_at.ns > ours->written_at.ns;
    }
    return strcmp(item->region, ours->region) > 0; // no region is "", the writer of a new item
}

enum counters_result counters_merge(struct counters *counters, const struct counter_item *item,
                                    struct error *error)
{
    enum counters_result result = check_client(item->client, error);
    if (result != COUNTERS_OK) {
        return result;
    }
    if (!counters_region_valid(item->region) || item->hits > hits_most || item->written_at.ns < 0 ||
        item->written_at.ns > written_at_most) {
        error_set(error, "client '%s': the item's hits, time or region cannot be", item->client);
        return COUNTERS_INVALID;
    }
    struct item *ours = item_for(counters, item->client, error);
    if (ours == NULL) {
        return COUNTERS_FULL;
    }
    if (wins(item, ours)) {
        write_item(counters, ours, item->hits, item->written_at, item->region);
    }
    return COUNTERS_OK;
}

static struct counter_item view_of(const struct item *item)
{
    return (struct counter_item){item->client, item->hits, item->written_at, item->region, item->sequence};
}

bool counters_get(const struct counters *counters, const char *client, struct counter_item *out)
{
    const struct item *item = map_get(counters->map, bytes_of(client));
    if (item == NULL) {
        return false;
    }
    *out = view_of(item);
    return true;
}

size_t counters_count(const struct counters *counters)
{
    return map_count(counters->map);
}

uint64_t counters_sequence(const struct counters *counters)
{
    return counters->sequence;
}

size_t counters_changes(const struct counters *counters, uint64_t since, size_t most,
                        void (*visit)(const struct counter_item *item, void *context), void *context)
{
    const struct item *item = TAILQ_LAST(&counters->changes, item_list);
    const struct item *first = NULL;
    for (; item != NULL && item->sequence > since; item = TAILQ_PREV(item, item_list, entry)) {
        first = item;
    }
    size_t count = 0;
    for (item = first; item != NULL && count < most; item = TAILQ_NEXT(item, entry)) {
        struct counter_item view = view_of(item);
        visit(&view, context);
        count++;
    }
    return count;
}
