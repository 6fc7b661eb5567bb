// SPDX-License-Identifier: MIT
// One logfmt line per event: time=... level=info event=health_check_changed id=... reason="..."
// Lines go to stderr in one write each, so lines of several threads never mix. Any thread may log; the
// hot path does not. Values are quoted and escaped; a line is cut at 4 KiB.
#ifndef NEARWELL_BASE_LOG_H
#define NEARWELL_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

struct log_line {
    bool wanted;
    size_t len;
    char text[4096];
};

// Before threads start. The clock gives the time of each line; without one lines carry no time.
void log_configure(enum log_level least, wall_time (*clock)(void));
bool log_level_parse(const char *name, enum log_level *out); // debug, info, warning, error

void log_begin(struct log_line *line, enum log_level level, const char *event);
void log_text(struct log_line *line, const char *key, const char *value);
void log_format(struct log_line *line, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void log_number(struct log_line *line, const char *key, int64_t value);
void log_bool(struct log_line *line, const char *key, bool value);
void log_end(struct log_line *line);

// The whole line at once, for events with one thing to say: event=... message="..."
void log_message(enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
