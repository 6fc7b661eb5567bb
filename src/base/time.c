// SPDX-License-Identifier: MIT
#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

static int64_t add(int64_t a, int64_t b)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum)) {
        return b > 0 ? INT64_MAX : INT64_MIN;
    }
    return sum;
}

mono_time mono_add(mono_time at, duration by)
{
    return (mono_time){add(at.ns, by)};
}

wall_time wall_add(wall_time at, duration by)
{
    return (wall_time){add(at.ns, by)};
}

duration duration_from_seconds(double seconds)
{
    double ns = seconds * 1e9;
    if (isnan(ns)) {
        return 0;
    }
    if (ns >= 9.2e18) {
        return INT64_MAX;
    }
    return ns <= -9.2e18 ? INT64_MIN : (duration)llround(ns);
}

double duration_seconds(duration d)
{
    return (double)d / 1e9;
}

static const struct {
    const char *name;
    duration length;
} units[] = {
    {"ms", DURATION_MS(1)},  {"s", DURATION_S(1)},     {"m", DURATION_S(60)},
    {"h", DURATION_S(3600)}, {"d", DURATION_S(86400)},
};

static bool unit_length(struct bytes name, duration *length)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (bytes_equal(name, bytes_of(units[i].name))) {
            *length = units[i].length;
            return true;
        }
    }
    return false;
}

static size_t span(struct bytes text, size_t from, bool digits)
{
    size_t end = from;
    while (end < text.len && (text.data[end] >= '0' && text.data[end] <= '9') == digits) {
        end++;
    }
    return end;
}

bool duration_parse(struct bytes text, duration *out)
{
    static const duration most = DURATION_S(INT64_C(100) * 366 * 86400);
    duration total = 0;
    duration previous = INT64_MAX;
    size_t at = 0;
    if (text.len == 0) {
        return false;
    }
    while (at < text.len) {
        size_t digits_end = span(text, at, true);
        size_t unit_end = span(text, digits_end, false);
        uint64_t count;
        duration length;
        duration part;
        if (!bytes_parse_u64((struct bytes){text.data + at, digits_end - at}, UINT32_MAX, &count) ||
            !unit_length((struct bytes){text.data + digits_end, unit_end - digits_end}, &length) ||
            length >= previous || // "30m1h" and "1s1s" are slips, not durations
            __builtin_mul_overflow((duration)count, length, &part) || part > most - total) {
            return false;
        }
        total += part;
        previous = length;
        at = unit_end;
    }
    *out = total;
    return true;
}

void wall_time_format(wall_time at, char out[WALL_TIME_TEXT])
{
    int64_t ms = at.ns / 1000000;
    time_t seconds = (time_t)(ms / 1000);
    int rest = (int)(ms % 1000);
    if (rest < 0) {
        rest += 1000;
        seconds--;
    }
    struct tm tm;
    gmtime_r(&seconds, &tm);
    char date[24];
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out, WALL_TIME_TEXT, "%s.%03dZ", date, rest);
}
