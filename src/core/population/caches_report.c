// SPDX-License-Identifier: MIT
// What the walks come to, as JSON and for people.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "caches_state.h"

enum { WORST_PLACES = 20 };

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static double since_start(const struct caches *caches, int64_t at)
{
    return duration_seconds(at - caches->config.start.ns);
}

// --- classes and places ------------------------------------------------------------------------------------

struct sum {
    double failed; // seconds, of the average client
    double up;     // seconds
    double added;  // ms * seconds; NAN: not known
};

static double ms_between(const struct caches *caches, uint32_t place, uint32_t site)
{
    uint8_t region = site == CACHES_NO_SITE ? REGION_NONE : caches->sites[site].region;
    return caches->places[place].measured && region != REGION_NONE ? caches->places[place].ms[region] : NAN;
}

static void add_cell(const struct caches *caches, unsigned c, unsigned r, uint32_t place, double weight,
                     struct sum *sum)
{
    uint32_t seen = caches_place_seen(caches, r, place);
    const struct cache_cell *cell = caches_cell(caches, c, r, seen);
    double usual = ms_between(caches, place, caches->timelines[seen].changes[0].site);
    sum->failed += weight * cell->failed;
    for (uint32_t site = 0; site < caches->site_count; site++) {
        if (cell->up_time[site] > 0) {
            sum->up += weight * cell->up_time[site];
            sum->added += weight * cell->up_time[site] * (ms_between(caches, place, site) - usual);
        }
    }
}

static struct sum sum_of_class(const struct caches *caches, unsigned c)
{
    struct sum sum = {0};
    for (uint32_t p = 0; p < caches->place_count; p++) {
        for (unsigned r = 0; r < caches->config.resolver_count; r++) {
            double weight = caches->places[p].share * caches->resolvers[r].share;
            add_cell(caches, c, r, p, weight, &sum);
        }
    }
    return sum;
}

static struct sum sum_of_place(const struct caches *caches, uint32_t place)
{
    struct sum sum = {0};
    for (unsigned c = 0; c < caches->config.class_count; c++) {
        for (unsigned r = 0; r < caches->config.resolver_count; r++) {
            add_cell(caches, c, r, place, caches->classes[c].share * caches->resolvers[r].share, &sum);
        }
    }
    return sum;
}

static void set_sum(json_t *out, const struct sum *sum)
{
    json_object_set_new(out, "failed_seconds", json_real(sum->failed));
    json_object_set_new(out, "added_ms", sum->up > 0 ? number(sum->added / sum->up) : json_null());
}

// The first tick by which so many have left.
static json_t *quantile(const struct cache_move *move, double part)
{
    double left = 0;
    for (size_t i = 0; i < move->count; i++) {
        left += move->leavers[i].weight;
        if (left >= move->weight * part - move->weight * 1e-9) {
            return json_integer(move->leavers[i].ticks);
        }
    }
    return json_null();
}

static json_t *moves_json(const struct caches *caches, unsigned c)
{
    json_t *moves = json_array();
    for (unsigned i = 0; i < caches->results[c].move_count; i++) {
        struct cache_move *move = &caches->results[c].moves[i];
        cache_move_sort(move);
        json_t *json = json_object();
        json_object_set_new(json, "at", json_real(since_start(caches, move->at)));
        json_object_set_new(json, "share", json_real(move->weight / caches->classes[c].share));
        json_object_set_new(json, "seconds_50", quantile(move, 0.5));
        json_object_set_new(json, "seconds_95", quantile(move, 0.95));
        json_object_set_new(json, "seconds_100", quantile(move, 1));
        json_array_append_new(moves, json);
    }
    return moves;
}

static json_t *classes_json(const struct caches *caches)
{
    json_t *classes = json_array();
    for (unsigned c = 0; c < caches->config.class_count; c++) {
        struct sum sum = sum_of_class(caches, c);
        json_t *json = json_object();
        json_object_set_new(json, "class", json_string(caches->classes[c].class->name));
        json_object_set_new(json, "share", json_real(caches->classes[c].share));
        set_sum(json, &sum);
        json_object_set_new(json, "moves",
                            caches->classes[c].share > 0 ? moves_json(caches, c) : json_array());
        json_array_append_new(classes, json);
    }
    return classes;
}

struct place_sum {
    uint32_t place;
    double share;
    struct sum sum;
};

static int by_harm(const void *a, const void *b)
{
    const struct place_sum *one = a;
    const struct place_sum *other = b;
    double harm = one->share * one->sum.failed;
    double other_harm = other->share * other->sum.failed;
    if (harm != other_harm) {
        return harm < other_harm ? 1 : -1;
    }
    return one->place < other->place ? -1 : one->place > other->place;
}

static json_t *places_json(const struct caches *caches)
{
    struct place_sum *sums = xcalloc(caches->place_count, sizeof *sums);
    json_t *places = json_array();
    for (uint32_t p = 0; p < caches->place_count; p++) {
        sums[p] = (struct place_sum){p, caches->places[p].share, sum_of_place(caches, p)};
    }
    qsort(sums, caches->place_count, sizeof *sums, by_harm);
    for (uint32_t i = 0; i < caches->place_count && i < WORST_PLACES; i++) {
        json_t *json = json_object();
        json_object_set_new(json, "place", json_string(caches->places[sums[i].place].name));
        json_object_set_new(json, "share", json_real(sums[i].share));
        set_sum(json, &sums[i].sum);
        json_array_append_new(places, json);
    }
    free(sums);
    return places;
}

// --- sites -------------------------------------------------------------------------------------------------

// The last bucket may be cut short by the end.
static double bucket_length(const struct caches *caches, unsigned bucket)
{
    int64_t from = caches->config.start.ns + (int64_t)bucket * caches->bucket;
    int64_t left = caches->end - from;
    return (double)(left < caches->bucket ? left : caches->bucket);
}

static json_t *site_json(const struct caches *caches, uint32_t s)
{
    const struct cache_site *site = &caches->sites[s];
    const double *load = &caches->load[s * caches->bucket_room];
    json_t *json = json_object();
    json_t *percents = json_array();
    double peak = 0;
    double over = 0;
    unsigned peak_at = 0;
    for (unsigned i = 0; i < caches->bucket_count; i++) {
        double share = load[i] / bucket_length(caches, i);
        json_array_append_new(percents, json_real(100 * share));
        over += share > site->capacity + 1e-9 ? bucket_length(caches, i) : 0;
        if (share > peak + 1e-9) {
            peak = share;
            peak_at = i;
        }
    }
    json_object_set_new(json, "site", json_string(site->name));
    json_object_set_new(json, "capacity_percent", number(100 * site->capacity));
    json_object_set_new(json, "peak_percent", json_real(100 * peak));
    json_object_set_new(json, "peak_at", json_real(duration_seconds(peak_at * caches->bucket)));
    json_object_set_new(json, "seconds_over_capacity", json_real(over / 1e9));
    json_object_set_new(json, "load_percent", percents);
    return json;
}

json_t *caches_report(struct caches *caches, mono_time end)
{
    json_t *report = json_object();
    json_t *sites = json_array();
    json_t *failing = json_array();
    caches_run(caches, end.ns);
    for (uint32_t s = 0; s < caches->site_count; s++) {
        json_array_append_new(sites, site_json(caches, s));
    }
    for (unsigned i = 0; i < caches->bucket_count; i++) {
        json_array_append_new(failing, json_real(100 * caches->failing[i] / bucket_length(caches, i)));
    }
    json_object_set_new(report, "schema_version", json_integer(CACHES_SCHEMA_VERSION));
    json_object_set_new(report, "seconds", json_real(since_start(caches, caches->end)));
    json_object_set_new(report, "bucket_seconds", json_real(duration_seconds(caches->bucket)));
    json_object_set_new(report, "classes", classes_json(caches));
    json_object_set_new(report, "places", places_json(caches));
    json_object_set_new(report, "sites", sites);
    json_object_set_new(report, "failing_percent", failing);
    return report;
}

// --- for people --------------------------------------------------------------------------------------------

static double real(const json_t *json, const char *key)
{
    return json_number_value(json_object_get(json, key));
}

static void print_seconds(const json_t *move, const char *key, struct buffer *out)
{
    const json_t *value = json_object_get(move, key);
    if (json_is_null(value)) {
        buffer_format(out, " %8s", "never");
    } else {
        buffer_format(out, " %6.0f s", json_number_value(value));
    }
}

static void print_added(const json_t *json, struct buffer *out)
{
    const json_t *added = json_object_get(json, "added_ms");
    if (json_is_null(added)) {
        buffer_format(out, " %8s", "-");
    } else {
        buffer_format(out, " %+8.1f", json_number_value(added));
    }
}

static void print_class(const json_t *class, struct buffer *out)
{
    size_t i;
    json_t *move;
    buffer_format(out, "  %-12s %9.1f s", json_string_value(json_object_get(class, "class")),
                  real(class, "failed_seconds"));
    print_added(class, out);
    json_array_foreach(json_object_get(class, "moves"), i, move)
    {
        if (i > 0) {
            buffer_format(out, "\n  %-12s %11s %8s", "", "", "");
        }
        buffer_format(out, "  %7.0f s %5.1f %%", real(move, "at"), 100 * real(move, "share"));
        print_seconds(move, "seconds_50", out);
        print_seconds(move, "seconds_95", out);
        print_seconds(move, "seconds_100", out);
    }
    buffer_char(out, '\n');
}

static void print_site(const json_t *site, struct buffer *out)
{
    const json_t *capacity = json_object_get(site, "capacity_percent");
    buffer_format(out, "  %-20s %5.1f %% at %.0f s", json_string_value(json_object_get(site, "site")),
                  real(site, "peak_percent"), real(site, "peak_at"));
    if (!json_is_null(capacity)) {
        buffer_format(out, ", of %.1f %%: over it for %.0f s", json_number_value(capacity),
                      real(site, "seconds_over_capacity"));
    }
    buffer_char(out, '\n');
}

void caches_text(const json_t *report, struct buffer *out)
{
    size_t i;
    json_t *item;
    buffer_format(out, "clients through their caches, %.0f s:\n", real(report, "seconds"));
    buffer_format(out, "  %-12s %11s %8s  %9s %7s %8s %8s %8s\n", "class", "failing", "added ms", "change at",
                  "moves", "50 % by", "95 % by", "all by");
    json_array_foreach(json_object_get(report, "classes"), i, item)
    {
        print_class(item, out);
    }
    buffer_text(out, "most of a site's load:\n");
    json_array_foreach(json_object_get(report, "sites"), i, item)
    {
        print_site(item, out);
    }
}
