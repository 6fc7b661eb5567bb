// SPDX-License-Identifier: MIT
#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
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

// --- reading -----------------------------------------------------------------------------------------------

static bool take_digits(struct bytes *text, unsigned count, int *out)
{
    int number = 0;
    if (text->len < count) {
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        uint8_t c = text->data[i];
        if (c < '0' || c > '9') {
            return false;
        }
        number = number * 10 + (c - '0');
    }
    *text = (struct bytes){text->data + count, text->len - count};
    *out = number;
    return true;
}

// One of these characters, in either case.
static bool take_char(struct bytes *text, const char *wanted, char *out)
{
    char c = text->len > 0 ? (char)text->data[0] : '\0';
    if (c == '\0' || strchr(wanted, c) == NULL) {
        return false;
    }
    *text = (struct bytes){text->data + 1, text->len - 1};
    *out = c;
    return true;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

static bool take_date(struct bytes *text, int64_t *days)
{
    char dash;
    int year;
    int month;
    int day;
    if (!take_digits(text, 4, &year) || !take_char(text, "-", &dash) || !take_digits(text, 2, &month) ||
        !take_char(text, "-", &dash) || !take_digits(text, 2, &day) || year < 1970 || year > 2199 ||
        month < 1 || month > 12 || day < 1 || day > days_of(year, month)) {
        return false;
    }
    *days = day - 1;
    for (int m = 1; m < month; m++) {
        *days += days_of(year, m);
    }
    for (int y = 1970; y < year; y++) {
        *days += 337 + days_of(y, 2);
    }
    return true;
}

static bool take_fraction(struct bytes *text, int64_t *ns)
{
    int64_t unit = 100000000;
    char c;
    int digit;
    *ns = 0;
    if (!take_char(text, ".", &c)) {
        return true;
    }
    for (; take_digits(text, 1, &digit); unit /= 10) {
        if (unit == 0) {
            return false;
        }
        *ns += digit * unit;
    }
    return unit < 100000000;
}

static bool take_offset(struct bytes *text, int64_t *seconds)
{
    char c;
    int hours;
    int minutes;
    *seconds = 0;
    if (take_char(text, "Zz", &c)) {
        return true;
    }
    if (!take_char(text, "+-", &c)) {
        return false;
    }
    char sign = c;
    if (!take_digits(text, 2, &hours) || !take_char(text, ":", &c) || !take_digits(text, 2, &minutes) ||
        hours > 23 || minutes > 59) {
        return false;
    }
    *seconds = (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
    return true;
}

bool wall_time_parse(struct bytes text, wall_time *out)
{
    int64_t days;
    int64_t ns;
    int64_t offset;
    char c;
    int hour;
    int minute;
    int second;
    if (!take_date(&text, &days) || !take_char(&text, "Tt ", &c) || !take_digits(&text, 2, &hour) ||
        !take_char(&text, ":", &c) || !take_digits(&text, 2, &minute) || !take_char(&text, ":", &c) ||
        !take_digits(&text, 2, &second) || !take_fraction(&text, &ns) || !take_offset(&text, &offset) ||
        text.len > 0 || hour > 23 || minute > 59 || second > 60) {
        return false;
    }
    int64_t seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset;
    *out = (wall_time){seconds * 1000000000 + ns};
    return true;
}
