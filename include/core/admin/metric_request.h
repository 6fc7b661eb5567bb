// SPDX-License-Identifier: MIT
// POST /admin/metrics and the lines of a file of metric data: what CloudWatch's PutMetricData takes, as JSON:
//   {"Namespace": "App", "MetricData": [{"MetricName": "Errors", "Dimensions": [{"Name": "Region", "Value":
//    "eu-west-1"}], "Timestamp": "2026-11-23T10:56:55Z", "Value": 90}]}
// In place of Value either StatisticValues {SampleCount, Sum, Minimum, Maximum} or Values with Counts.
// Without a Timestamp it is now. Pure; any thread.
#ifndef NEARWELL_CORE_ADMIN_METRIC_REQUEST_H
#define NEARWELL_CORE_ADMIN_METRIC_REQUEST_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/bytes.h"
#include "core/health/metric.h"

enum { METRIC_REQUEST_DATA_MAX = 1000, METRIC_REQUEST_VALUES_MAX = 150 }; // as CloudWatch

struct metric_batch {
    const struct metric_datum *data;
    size_t count;
    struct arena *arena; // all of it, with json
    json_t *json;
};

// False: problems says all that is wrong, on lines of their own that begin with name, and out needs no free.
// A Timestamp must be within two weeks before and two hours after now, as in CloudWatch.
bool metric_request_parse(const char *name, struct bytes text, wall_time now, struct metric_batch *out,
                          struct buffer *problems);
void metric_batch_free(struct metric_batch *batch);

#endif
