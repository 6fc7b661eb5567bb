// SPDX-License-Identifier: MIT
// Metrics as CloudWatch keeps them, and what an alarm's settings make of one (S9, S11; dev guide: "How Route
// 53 determines the status of health checks that monitor CloudWatch alarms"). Data is kept by the minute for
// a week, so that settings copied anew find what came before. Pure; one owner, one thread.
//
//   store -> series[] by metric -> buckets[] by minute: samples, sum, minimum, maximum
//
// Bounded: so many metrics that nothing watches, so many minutes in all. What is later, earlier or out of
// order finds its minute; what is older than a week or more than two hours ahead does not count.
#ifndef NEARWELL_CORE_HEALTH_METRIC_H
#define NEARWELL_CORE_HEALTH_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"
#include "core/model/alarm.h"

enum { METRIC_UNWATCHED_MAX = 1024, METRIC_MINUTES_MAX = 1 << 20 };
#define METRIC_KEPT  DURATION_S(7 * 86400)
#define METRIC_AHEAD DURATION_S(2 * 3600)

// One value, or the statistics of several, of one moment.
struct metric_datum {
    struct metric_id metric;
    wall_time at;
    double samples; // above 0
    double sum;
    double minimum;
    double maximum;
};

struct metric_store;
struct metric_series;

struct metric_store *metric_store_create(void);
void metric_store_destroy(struct metric_store *store); // NULL is fine

// False: it does not count, or there is no room for it.
bool metric_store_add(struct metric_store *store, const struct metric_datum *datum, wall_time now);

// The series of a metric, there until unwatched, whether it has data or not.
struct metric_series *metric_store_watch(struct metric_store *store, const struct metric_id *metric);
void metric_store_unwatch(struct metric_store *store, struct metric_series *series);
uint64_t metric_series_version(const struct metric_series *series); // grows with every datum

enum metric_evaluation { METRIC_OK, METRIC_ALARM, METRIC_INSUFFICIENT };
const char *metric_evaluation_name(enum metric_evaluation evaluation); // "OK", "ALARM", "INSUFFICIENT_DATA"

// The last EvaluationPeriods periods that are complete.
struct metric_reading {
    enum metric_evaluation evaluation;
    uint32_t present; // have data
    uint32_t breaching;
    double value;       // the statistic of the latest that has data; valid when present > 0
    wall_time value_at; // that period's end
};

// S11: all present and breaching is ALARM, one present and not breaching OK, anything else not enough data.
// A period is complete when delay has passed since its end; periods begin at multiples of their length since
// 1970. missing: what periods without data count as; MISSING_DATA_IGNORE is the caller's to carry out.
void metric_evaluate(const struct metric_series *series, const struct alarm_settings *settings,
                     duration delay, enum missing_data missing, wall_time now, struct metric_reading *out);

// When the next period is complete: after now.
wall_time metric_next(const struct alarm_settings *settings, duration delay, wall_time now);

#endif
