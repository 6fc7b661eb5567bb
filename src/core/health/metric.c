// SPDX-License-Identifier: MIT
#include "core/health/metric.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/map.h"
#include "base/xalloc.h"

enum { KEY_MAX = 1 << 16 };
#define MINUTE DURATION_S(60)

struct bucket {
    int64_t minute; // since 1970
    double samples;
    double sum;
    double minimum;
    double maximum;
};

struct metric_series {
    char *key;
    size_t key_len;
    struct bucket *buckets; // ascending
    size_t count;
    size_t room;
    uint64_t version;
    unsigned watchers;
};

struct metric_store {
    struct map *by_key;
    struct metric_series **series;
    size_t count;
    size_t room;
    size_t unwatched;
    size_t minutes; // buckets in all
};

struct metric_store *metric_store_create(void)
{
    struct metric_store *store = xcalloc(1, sizeof *store);
    store->by_key = map_create();
    return store;
}

static void free_series(struct metric_series *series)
{
    free(series->key);
    free(series->buckets);
    free(series);
}

void metric_store_destroy(struct metric_store *store)
{
    if (store == NULL) {
        return;
    }
    for (size_t i = 0; i < store->count; i++) {
        free_series(store->series[i]);
    }
    free(store->series);
    map_destroy(store->by_key);
    free(store);
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

// --- which series ------------------------------------------------------------------------------------------

static void append_text(struct buffer *key, const char *text)
{
    buffer_append(key, text, strlen(text) + 1);
}

static int compare_dimensions(const void *a, const void *b)
{
    const struct metric_dimension *const *left = a;
    const struct metric_dimension *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

// Strings and their ends; dimensions in order of their names, for any order means the same.
static struct bytes make_key(const struct metric_id *metric, struct buffer *key)
{
    const struct metric_dimension *sorted[METRIC_DIMENSIONS_MAX];
    for (uint32_t i = 0; i < metric->dimension_count; i++) {
        sorted[i] = &metric->dimensions[i];
    }
    if (metric->dimension_count > 1) {
        qsort(sorted, metric->dimension_count, sizeof(struct metric_dimension *), compare_dimensions);
    }
    buffer_init(key, KEY_MAX);
    append_text(key, metric->space);
    append_text(key, metric->name);
    for (uint32_t i = 0; i < metric->dimension_count; i++) {
        append_text(key, sorted[i]->name);
        append_text(key, sorted[i]->value);
    }
    return (struct bytes){(const uint8_t *)key->data, key->len};
}

static struct metric_series *add_series(struct metric_store *store, struct bytes key)
{
    struct metric_series *series = xcalloc(1, sizeof *series);
    series->key = xmemdup(key.data, key.len);
    series->key_len = key.len;
    if (store->count == store->room) {
        store->room = store->room > 0 ? store->room * 2 : 16;
        store->series = xreallocarray(store->series, store->room, sizeof(struct metric_series *));
    }
    store->series[store->count++] = series;
    store->unwatched++;
    map_put(store->by_key, key, series);
    return series;
}

static void remove_series(struct metric_store *store, size_t at)
{
    struct metric_series *series = store->series[at];
    map_remove(store->by_key, (struct bytes){(const uint8_t *)series->key, series->key_len});
    store->minutes -= series->count;
    store->unwatched--;
    store->series[at] = store->series[--store->count];
    free_series(series);
}

static int64_t newest(const struct metric_series *series)
{
    return series->count > 0 ? series->buckets[series->count - 1].minute : INT64_MIN;
}

// Lets go of the metric that nothing watches and that has been silent the longest.
static void make_room(struct metric_store *store)
{
    size_t silent = store->count;
    for (size_t i = 0; store->unwatched >= METRIC_UNWATCHED_MAX && i < store->count; i++) {
        if (store->series[i]->watchers == 0 &&
            (silent == store->count || newest(store->series[i]) < newest(store->series[silent]))) {
            silent = i;
        }
    }
    if (silent < store->count) {
        remove_series(store, silent);
    }
}

static struct metric_series *find_series(struct metric_store *store, const struct metric_id *metric)
{
    struct buffer buffer;
    struct bytes key = make_key(metric, &buffer);
    struct metric_series *series = map_get(store->by_key, key);
    if (series == NULL) {
        make_room(store);
        series = add_series(store, key);
    }
    buffer_free(&buffer);
    return series;
}

struct metric_series *metric_store_watch(struct metric_store *store, const struct metric_id *metric)
{
    struct metric_series *series = find_series(store, metric);
    store->unwatched -= series->watchers == 0;
    series->watchers++;
    return series;
}

void metric_store_unwatch(struct metric_store *store, struct metric_series *series)
{
    series->watchers--;
    store->unwatched += series->watchers == 0;
}

uint64_t metric_series_version(const struct metric_series *series)
{
    return series->version;
}

// --- data --------------------------------------------------------------------------------------------------

// The first bucket of this minute or later; count when there is none. Most data is the newest.
static size_t find_bucket(const struct metric_series *series, int64_t minute)
{
    size_t low = 0;
    size_t high = series->count;
    if (high > 0 && series->buckets[high - 1].minute < minute) {
        return high;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (series->buckets[middle].minute < minute) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void drop_oldest(struct metric_store *store, struct metric_series *series, size_t count)
{
    if (count == 0) {
        return;
    }
    memmove(series->buckets, series->buckets + count, (series->count - count) * sizeof *series->buckets);
    series->count -= count;
    store->minutes -= count;
}

static void insert(struct metric_store *store, struct metric_series *series, size_t at,
                   const struct bucket *bucket)
{
    if (series->count == series->room) {
        series->room = series->room > 0 ? series->room * 2 : 8;
        series->buckets = xreallocarray(series->buckets, series->room, sizeof *series->buckets);
    }
    memmove(series->buckets + at + 1, series->buckets + at, (series->count - at) * sizeof *series->buckets);
    series->buckets[at] = *bucket;
    series->count++;
    store->minutes++;
}

static void merge(struct bucket *into, const struct bucket *more)
{
    into->samples += more->samples;
    into->sum += more->sum;
    into->minimum = more->minimum < into->minimum ? more->minimum : into->minimum;
    into->maximum = more->maximum > into->maximum ? more->maximum : into->maximum;
}

bool metric_store_add(struct metric_store *store, const struct metric_datum *datum, wall_time now)
{
    wall_time oldest = wall_add(now, -METRIC_KEPT);
    if (datum->at.ns < oldest.ns || datum->at.ns > wall_add(now, METRIC_AHEAD).ns) {
        return false;
    }
    struct metric_series *series = find_series(store, &datum->metric);
    struct bucket bucket = {floor_divide(datum->at.ns, MINUTE), datum->samples, datum->sum, datum->minimum,
                            datum->maximum};
    drop_oldest(store, series, find_bucket(series, floor_divide(oldest.ns, MINUTE)));
    size_t at = find_bucket(series, bucket.minute);
    if (at < series->count && series->buckets[at].minute == bucket.minute) {
        merge(&series->buckets[at], &bucket);
    } else {
        if (store->minutes >= METRIC_MINUTES_MAX) {
            if (at == 0) {
                return false; // the oldest of its series, or the first
            }
            drop_oldest(store, series, 1);
            at--;
        }
        insert(store, series, at, &bucket);
    }
    series->version++;
    return true;
}

// --- what an alarm makes of it -----------------------------------------------------------------------------

const char *metric_evaluation_name(enum metric_evaluation evaluation)
{
    static const char *const names[] = {
        [METRIC_OK] = "OK", [METRIC_ALARM] = "ALARM", [METRIC_INSUFFICIENT] = "INSUFFICIENT_DATA"};
    return names[evaluation];
}

static double statistic(const struct bucket *bucket, enum metric_statistic which)
{
    switch (which) {
    case METRIC_MINIMUM:
        return bucket->minimum;
    case METRIC_MAXIMUM:
        return bucket->maximum;
    case METRIC_SUM:
        return bucket->sum;
    case METRIC_SAMPLE_COUNT:
        return bucket->samples;
    case METRIC_AVERAGE:
    default:
        return bucket->sum / bucket->samples;
    }
}

static bool breaches(double value, enum metric_comparison comparison, double threshold)
{
    switch (comparison) {
    case METRIC_GREATER_OR_EQUAL:
        return value >= threshold;
    case METRIC_GREATER:
        return value > threshold;
    case METRIC_LESS:
        return value < threshold;
    case METRIC_LESS_OR_EQUAL:
    default:
        return value <= threshold;
    }
}

// The first period that is not complete, counted since 1970.
static int64_t current_period(const struct alarm_settings *settings, duration delay, wall_time now)
{
    return floor_divide(wall_add(now, -delay).ns, DURATION_S(settings->period));
}

static enum metric_evaluation judge(const struct metric_reading *reading, uint32_t periods,
                                    enum missing_data missing)
{
    uint32_t absent = periods - reading->present;
    uint32_t present = reading->present;
    uint32_t breaching = reading->breaching;
    if (missing == MISSING_DATA_BREACHING || missing == MISSING_DATA_NOT_BREACHING) {
        present += absent;
        breaching += missing == MISSING_DATA_BREACHING ? absent : 0;
    }
    return breaching < present ? METRIC_OK : present == periods ? METRIC_ALARM : METRIC_INSUFFICIENT;
}

void metric_evaluate(const struct metric_series *series, const struct alarm_settings *settings,
                     duration delay, enum missing_data missing, wall_time now, struct metric_reading *out)
{
    int64_t minutes = settings->period / 60;
    int64_t end = current_period(settings, delay, now);
    size_t at = find_bucket(series, (end - settings->evaluation_periods) * minutes);
    *out = (struct metric_reading){0};
    while (at < series->count && series->buckets[at].minute < end * minutes) {
        struct bucket whole = series->buckets[at++];
        int64_t period = floor_divide(whole.minute, minutes);
        while (at < series->count && series->buckets[at].minute < (period + 1) * minutes) {
            merge(&whole, &series->buckets[at++]);
        }
        out->value = statistic(&whole, settings->statistic);
        out->value_at = (wall_time){(period + 1) * DURATION_S(settings->period)};
        out->present++;
        out->breaching += breaches(out->value, settings->comparison, settings->threshold);
    }
    out->evaluation = judge(out, settings->evaluation_periods, missing);
}

wall_time metric_next(const struct alarm_settings *settings, duration delay, wall_time now)
{
    int64_t end = (current_period(settings, delay, now) + 1) * DURATION_S(settings->period);
    return wall_add((wall_time){end}, delay);
}
