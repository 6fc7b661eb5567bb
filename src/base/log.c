// SPDX-License-Identifier: MIT
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum log_level threshold = LOG_LEVEL_INFO;
static wall_time (*now)(void);

static const char *const level_names[] = {"debug", "info", "warning", "error"};

void log_configure(enum log_level least, wall_time (*clock)(void))
{
    threshold = least;
    now = clock;
}

bool log_level_parse(const char *name, enum log_level *out)
{
    for (size_t i = 0; i < sizeof level_names / sizeof level_names[0]; i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *out = (enum log_level)i;
            return true;
        }
    }
    return false;
}

static size_t room(const struct log_line *line)
{
    return sizeof line->text - 1 - line->len; // one byte stays for the newline
}

static void put(struct log_line *line, const char *text, size_t len)
{
    if (len > room(line)) {
        len = room(line);
    }
    memcpy(line->text + line->len, text, len);
    line->len += len;
}

static bool bare(const char *value)
{
    if (*value == '\0') {
        return false;
    }
    for (const char *c = value; *c != '\0'; c++) {
        if ((unsigned char)*c <= ' ' || *c == '"' || *c == '=' || *c == '\\' || *c == 0x7f) {
            return false;
        }
    }
    return true;
}

static void put_quoted(struct log_line *line, const char *value)
{
    put(line, "\"", 1);
    for (const char *c = value; *c != '\0'; c++) {
        unsigned char byte = (unsigned char)*c;
        char escaped[8];
        if (byte == '"' || byte == '\\') {
            snprintf(escaped, sizeof escaped, "\\%c", byte);
        } else if (byte == '\n') {
            snprintf(escaped, sizeof escaped, "\\n");
        } else if (byte < 0x20 || byte == 0x7f) {
            snprintf(escaped, sizeof escaped, "\\x%02x", byte);
        } else {
            snprintf(escaped, sizeof escaped, "%c", byte);
        }
        if (strlen(escaped) + 1 > room(line)) {
            break; // a line that is cut still closes its quotes
        }
        put(line, escaped, strlen(escaped));
    }
    put(line, "\"", 1);
}

void log_text(struct log_line *line, const char *key, const char *value)
{
    if (!line->wanted || strlen(key) + strlen(" =\"\"") > room(line)) {
        return;
    }
    if (line->len > 0) {
        put(line, " ", 1);
    }
    put(line, key, strlen(key));
    put(line, "=", 1);
    if (bare(value)) {
        put(line, value, strlen(value));
    } else {
        put_quoted(line, value);
    }
}

void log_begin(struct log_line *line, enum log_level level, const char *event)
{
    line->wanted = level >= threshold;
    line->len = 0;
    if (now != NULL && line->wanted) {
        char at[WALL_TIME_TEXT];
        wall_time_format(now(), at);
        log_text(line, "time", at);
    }
    log_text(line, "level", level_names[level]);
    log_text(line, "event", event);
}

static void log_vformat(struct log_line *line, const char *key, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

static void log_vformat(struct log_line *line, const char *key, const char *format, va_list arguments)
{
    char value[2048];
    vsnprintf(value, sizeof value, format, arguments);
    log_text(line, key, value);
}

void log_format(struct log_line *line, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    log_vformat(line, key, format, arguments);
    va_end(arguments);
}

void log_number(struct log_line *line, const char *key, int64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", (long long)value);
    log_text(line, key, digits);
}

void log_bool(struct log_line *line, const char *key, bool value)
{
    log_text(line, key, value ? "true" : "false");
}

void log_end(struct log_line *line)
{
    if (!line->wanted) {
        return;
    }
    line->text[line->len++] = '\n';
    // A log that cannot be written must not stop the answering.
    ssize_t written = write(STDERR_FILENO, line->text, line->len);
    (void)written;
}

void log_message(enum log_level level, const char *event, const char *format, ...)
{
    struct log_line line;
    log_begin(&line, level, event);
    va_list arguments;
    va_start(arguments, format);
    log_vformat(&line, "message", format, arguments);
    va_end(arguments);
    log_end(&line);
}
