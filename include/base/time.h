// SPDX-License-Identifier: MIT
// Two kinds of time that do not mix, and durations. Pure arithmetic: nothing here reads a clock.
//   mono_time  nanoseconds on a clock that never jumps; only differences mean anything
//   wall_time  nanoseconds since 1970-01-01T00:00:00Z, for people and for formats
//   duration   signed nanoseconds
#ifndef NEARWELL_BASE_TIME_H
#define NEARWELL_BASE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

typedef struct {
    int64_t ns;
} mono_time;

typedef struct {
    int64_t ns;
} wall_time;

typedef int64_t duration;

#define DURATION_MS(n) ((duration)(n)*INT64_C(1000000))
#define DURATION_S(n)  ((duration)(n)*INT64_C(1000000000))
#define MONO_NEVER     ((mono_time){INT64_MAX})

// Saturates at the ends instead of wrapping.
mono_time mono_add(mono_time at, duration by);
wall_time wall_add(wall_time at, duration by);

static inline duration mono_since(mono_time later, mono_time earlier)
{
    return later.ns - earlier.ns;
}

static inline bool mono_before(mono_time a, mono_time b)
{
    return a.ns < b.ns;
}

static inline mono_time mono_min(mono_time a, mono_time b)
{
    return a.ns < b.ns ? a : b;
}

duration duration_from_seconds(double seconds); // saturates; NaN is 0
double duration_seconds(duration d);

// "1500ms", "90s", "2m", "2h", "7d", "1h30m"; a bare number is refused. At most 100 years.
bool duration_parse(struct bytes text, duration *out);

// RFC 3339 in UTC with milliseconds: 2026-11-23T10:56:55.123Z
enum { WALL_TIME_TEXT = 32 };
void wall_time_format(wall_time at, char out[WALL_TIME_TEXT]);

// RFC 3339 section 5.6, of the years 1970 to 2199: with or without a fraction of up to nine digits, in UTC
// ("Z") or at an offset ("+02:00"). A leap second is the second after it.
bool wall_time_parse(struct bytes text, wall_time *out);

#endif
