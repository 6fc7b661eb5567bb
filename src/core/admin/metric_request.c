// SPDX-License-Identifier: MIT
#include "core/admin/metric_request.h"

#include <stdio.h>
#include <string.h>

#include "core/json/schema.h"
#include "core/json/text.h"

enum { DEPTH_MAX = 8, TEXT_MAX = 4 << 20 };
#define PAST_MAX DURATION_S(14 * 86400)

struct dimension {
    struct schema_node node;
    const char *name;
    const char *value;
};

struct statistics {
    struct schema_node node;
    double samples;
    double sum;
    double minimum;
    double maximum;
};

struct numbers {
    size_t count;
    double *items;
};

struct stamp {
    bool readable;
    wall_time at;
};

struct datum {
    struct schema_node node;
    const char *name;
    struct schema_objects dimensions; // struct dimension
    struct stamp stamp;
    double value;
    struct statistics *statistics;
    struct numbers values;
    struct numbers counts;
};

struct request {
    struct schema_node node;
    const char *space;
    struct schema_objects data; // struct datum
};

enum {
    DATUM_NAME,
    DATUM_DIMENSIONS,
    DATUM_TIMESTAMP,
    DATUM_VALUE,
    DATUM_STATISTICS,
    DATUM_VALUES,
    DATUM_COUNTS
};

// --- field tables ------------------------------------------------------------------------------------------

static void refuse_kind(const struct schema_reader *reader, struct schema_node *node, const char *tail,
                        const char *what, const json_t *value)
{
    char found[SCHEMA_TEXT];
    schema_describe(value, found);
    schema_finding(reader->diagnostics, DIAGNOSTIC_ERROR, node, tail, "%s, not %s", what, found);
}

static void read_numbers(const struct schema_reader *reader, struct schema_node *node,
                         const struct schema_field *field, json_t *value, void *out)
{
    struct numbers *numbers = out;
    char what[80];
    size_t count = json_array_size(value);
    snprintf(what, sizeof what, "%s must be an array of 1 to %d numbers", field->name,
             METRIC_REQUEST_VALUES_MAX);
    if (count == 0 || count > METRIC_REQUEST_VALUES_MAX) {
        refuse_kind(reader, node, field->name, what, value);
        return;
    }
    numbers->items = arena_new(reader->arena, double, count);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(value, i);
        if (!json_is_number(item)) {
            refuse_kind(reader, node, field->name, what, item);
            return;
        }
        numbers->items[i] = json_number_value(item);
    }
    numbers->count = count;
}

static void read_time(const struct schema_reader *reader, struct schema_node *node,
                      const struct schema_field *field, json_t *value, void *out)
{
    struct stamp *stamp = out;
    stamp->readable = true;
    if (json_is_number(value)) {
        stamp->at = (wall_time){duration_from_seconds(json_number_value(value))};
    } else if (!json_is_string(value) || !wall_time_parse(bytes_of(json_string_value(value)), &stamp->at)) {
        stamp->readable = false;
        refuse_kind(reader, node, field->name,
                    "Timestamp must be a time such as \"2026-11-23T10:56:55Z\" or seconds since 1970", value);
    }
}

#define AT(member) .offset = offsetof(struct dimension, member)
static const struct schema_field dimension_fields[] = {
    {"Name", "What it is", SCHEMA_STRING, AT(name), .least = 1, .most = 255, .required = true},
    {"Value", "Which one", SCHEMA_STRING, AT(value), .least = 1, .most = 1024, .required = true},
};
#undef AT
static const struct schema_table dimension_table = {"Dimension", "A dimension of the metric",
                                                    sizeof(struct dimension), dimension_fields,
                                                    sizeof dimension_fields / sizeof dimension_fields[0]};

#define AT(member) .offset = offsetof(struct statistics, member)
static const struct schema_field statistics_fields[] = {
    {"SampleCount", "How many values", SCHEMA_NUMBER, AT(samples), .required = true},
    {"Sum", "Of the values", SCHEMA_NUMBER, AT(sum), .required = true},
    {"Minimum", "Of the values", SCHEMA_NUMBER, AT(minimum), .required = true},
    {"Maximum", "Of the values", SCHEMA_NUMBER, AT(maximum), .required = true},
};
#undef AT
static const struct schema_table statistics_table = {"StatisticValues", "Statistics of several values",
                                                     sizeof(struct statistics), statistics_fields,
                                                     sizeof statistics_fields / sizeof statistics_fields[0]};

#define AT(member) .offset = offsetof(struct datum, member)
static const struct schema_field datum_fields[] = {
    [DATUM_NAME] = {"MetricName", "Which metric", SCHEMA_STRING, AT(name), .least = 1, .most = 255,
                    .required = true},
    [DATUM_DIMENSIONS] = {"Dimensions", "All dimensions, in any order", SCHEMA_OBJECTS, AT(dimensions),
                          .table = &dimension_table},
    [DATUM_TIMESTAMP] = {"Timestamp", "When", SCHEMA_CUSTOM, AT(stamp), .read = read_time},
    [DATUM_VALUE] = {"Value", "One value", SCHEMA_NUMBER, AT(value)},
    [DATUM_STATISTICS] = {"StatisticValues", "Statistics of several values", SCHEMA_OBJECT, AT(statistics),
                          .table = &statistics_table},
    [DATUM_VALUES] = {"Values", "Several values", SCHEMA_CUSTOM, AT(values), .read = read_numbers},
    [DATUM_COUNTS] = {"Counts", "How often each of Values occurred", SCHEMA_CUSTOM, AT(counts),
                      .read = read_numbers},
    {"Unit", "Accepted, not used", .kind = SCHEMA_IGNORED},
    {"StorageResolution", "Accepted, not used", .kind = SCHEMA_IGNORED},
};
#undef AT
static const struct schema_table datum_table = {"MetricDatum", "Data of one metric", sizeof(struct datum),
                                                datum_fields, sizeof datum_fields / sizeof datum_fields[0]};

#define AT(member) .offset = offsetof(struct request, member)
static const struct schema_field request_fields[] = {
    {"Namespace", "Of the metrics", SCHEMA_STRING, AT(space), .least = 1, .most = 255, .required = true},
    {"MetricData", "The data", SCHEMA_OBJECTS, AT(data), .required = true, .table = &datum_table},
    {"StrictEntityValidation", "Accepted, not used", .kind = SCHEMA_IGNORED},
};
#undef AT
static const struct schema_table request_table = {"PutMetricData", "Data of metrics", sizeof(struct request),
                                                  request_fields,
                                                  sizeof request_fields / sizeof request_fields[0]};

// --- what they say -----------------------------------------------------------------------------------------

struct reading {
    const struct schema_reader *reader;
    const char *space;
    wall_time now;
};

#define REFUSE(reading, node, tail, ...)                                                                     \
    schema_finding((reading)->reader->diagnostics, DIAGNOSTIC_ERROR, (node), (tail), __VA_ARGS__)

static bool given(const struct datum *datum, unsigned field)
{
    return datum->node.given & schema_bit(field);
}

static void read_metric(const struct reading *reading, const struct datum *from, struct metric_id *to)
{
    const struct dimension *dimensions = from->dimensions.items;
    size_t count = from->dimensions.count;
    struct metric_dimension *list = arena_new(reading->reader->arena, struct metric_dimension, count);
    if (count > METRIC_DIMENSIONS_MAX) {
        REFUSE(reading, &from->node, "Dimensions", "a metric has at most %d dimensions, not %zu",
               METRIC_DIMENSIONS_MAX, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        list[i] = (struct metric_dimension){dimensions[i].name, dimensions[i].value};
        for (size_t k = 0; k < i && list[i].name != NULL; k++) {
            if (list[k].name != NULL && strcmp(list[k].name, list[i].name) == 0) {
                REFUSE(reading, &dimensions[i].node, "Name", "dimension '%s' is given twice", list[i].name);
            }
        }
    }
    *to = (struct metric_id){reading->space, from->name, list, (uint32_t)count};
}

static void read_values(const struct reading *reading, const struct datum *from, struct metric_datum *to)
{
    if (given(from, DATUM_COUNTS) && from->counts.count != from->values.count) {
        REFUSE(reading, &from->node, "Counts", "Counts must have as many items as Values");
        return;
    }
    for (size_t i = 0; i < from->values.count; i++) {
        double value = from->values.items[i];
        double times = given(from, DATUM_COUNTS) ? from->counts.items[i] : 1;
        if (times <= 0) {
            REFUSE(reading, &from->node, "Counts", "Counts must be above 0, not %g", times);
            return;
        }
        to->minimum = i == 0 || value < to->minimum ? value : to->minimum;
        to->maximum = i == 0 || value > to->maximum ? value : to->maximum;
        to->samples += times;
        to->sum += value * times;
    }
}

static void read_statistics(const struct reading *reading, const struct statistics *from,
                            struct metric_datum *to)
{
    if (from->samples <= 0) {
        REFUSE(reading, &from->node, "SampleCount", "SampleCount must be above 0, not %g", from->samples);
    } else if (from->minimum > from->maximum) {
        REFUSE(reading, &from->node, "Minimum", "Minimum %g is above Maximum %g", from->minimum,
               from->maximum);
    }
    to->samples = from->samples;
    to->sum = from->sum;
    to->minimum = from->minimum;
    to->maximum = from->maximum;
}

static void read_time_of(const struct reading *reading, const struct datum *from, struct metric_datum *to)
{
    to->at = from->stamp.readable ? from->stamp.at : reading->now;
    if (to->at.ns < wall_add(reading->now, -PAST_MAX).ns ||
        to->at.ns > wall_add(reading->now, METRIC_AHEAD).ns) {
        REFUSE(reading, &from->node, "Timestamp",
               "Timestamp must be within two weeks before and two hours after now");
    }
}

static void read_datum(const struct reading *reading, const struct datum *from, struct metric_datum *to)
{
    int ways = given(from, DATUM_VALUE) + given(from, DATUM_VALUES) + given(from, DATUM_STATISTICS);
    read_metric(reading, from, &to->metric);
    read_time_of(reading, from, to);
    if (ways != 1) {
        REFUSE(reading, &from->node, "", "needs one of Value, Values and StatisticValues, not %d", ways);
    } else if (given(from, DATUM_VALUES)) {
        read_values(reading, from, to);
    } else if (from->statistics != NULL) {
        read_statistics(reading, from->statistics, to);
    } else {
        to->samples = 1;
        to->sum = to->minimum = to->maximum = from->value;
    }
}

static void read_request(const struct schema_reader *reader, json_t *json, wall_time now,
                         struct metric_batch *batch)
{
    struct request request = {0};
    schema_read(reader, &request_table, json, &request);
    struct reading reading = {reader, request.space, now};
    struct metric_datum *data = arena_new(reader->arena, struct metric_datum, request.data.count);
    const struct datum *from = request.data.items;
    if (request.data.count > METRIC_REQUEST_DATA_MAX) {
        REFUSE(&reading, &request.node, "MetricData", "MetricData has at most %d items, not %zu",
               METRIC_REQUEST_DATA_MAX, request.data.count);
        return;
    }
    for (size_t i = 0; i < request.data.count; i++) {
        read_datum(&reading, &from[i], &data[i]);
    }
    batch->data = data;
    batch->count = request.data.count;
}

bool metric_request_parse(const char *name, struct bytes text, wall_time now, struct metric_batch *out,
                          struct buffer *problems)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct metric_batch batch = {.arena = arena_create()};
    diagnostics_file(diagnostics, name, text);
    batch.json = json_text_parse(text, DEPTH_MAX, TEXT_MAX, diagnostics);
    if (batch.json != NULL) {
        struct schema_reader reader = {.arena = batch.arena, .diagnostics = diagnostics};
        read_request(&reader, batch.json, now, &batch);
    }
    bool ok = diagnostics_errors(diagnostics) == 0;
    if (ok) {
        *out = batch;
    } else {
        diagnostics_print(diagnostics, problems);
        metric_batch_free(&batch);
    }
    diagnostics_destroy(diagnostics);
    return ok;
}

void metric_batch_free(struct metric_batch *batch)
{
    arena_destroy(batch->arena);
    json_decref(batch->json);
}
