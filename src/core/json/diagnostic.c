// SPDX-License-Identifier: MIT
#include "core/json/diagnostic.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "excerpt.h"
#include "position.h"

enum { KEPT_MAX = 1000, MESSAGE_MAX = 1024 };
#define NO_FILE SIZE_MAX

struct file {
    char *name;
    struct bytes text;
};

struct finding {
    enum diagnostic_level level;
    size_t file;
    char *pointer; // NULL: line and column are given
    unsigned line;
    unsigned column;
    char *message;
};

struct diagnostics {
    struct file *files;
    size_t file_count;
    size_t current; // file of the findings that follow
    struct finding findings[KEPT_MAX];
    size_t kept;
    size_t counts[2]; // by level
    char **texts;
    size_t text_count;
};

// A finding with its place, made only to print it.
struct placed {
    const struct finding *finding;
    struct json_span span;
    size_t line_start;
    unsigned line;
    unsigned column;
};

struct diagnostics *diagnostics_create(void)
{
    struct diagnostics *diagnostics = xcalloc(1, sizeof *diagnostics);
    diagnostics->current = NO_FILE;
    return diagnostics;
}

void diagnostics_destroy(struct diagnostics *diagnostics)
{
    if (diagnostics == NULL) {
        return;
    }
    for (size_t i = 0; i < diagnostics->kept; i++) {
        free(diagnostics->findings[i].pointer);
        free(diagnostics->findings[i].message);
    }
    for (size_t i = 0; i < diagnostics->file_count; i++) {
        free(diagnostics->files[i].name);
    }
    for (size_t i = 0; i < diagnostics->text_count; i++) {
        free(diagnostics->texts[i]);
    }
    free(diagnostics->files);
    free(diagnostics->texts);
    free(diagnostics);
}

void diagnostics_file(struct diagnostics *diagnostics, const char *name, struct bytes text)
{
    for (size_t i = 0; i < diagnostics->file_count; i++) {
        const struct file *file = &diagnostics->files[i];
        if (file->text.data == text.data && file->text.len == text.len && strcmp(file->name, name) == 0) {
            diagnostics->current = i;
            return;
        }
    }
    size_t count = diagnostics->file_count + 1;
    diagnostics->files = xreallocarray(diagnostics->files, count, sizeof *diagnostics->files);
    diagnostics->files[count - 1] = (struct file){xstrdup(name), text};
    diagnostics->current = count - 1;
    diagnostics->file_count = count;
}

void diagnostics_keep(struct diagnostics *diagnostics, char *text)
{
    size_t count = diagnostics->text_count + 1;
    diagnostics->texts = xreallocarray(diagnostics->texts, count, sizeof *diagnostics->texts);
    diagnostics->texts[count - 1] = text;
    diagnostics->text_count = count;
}

// Messages quote names from files of strangers: what would move a terminal's cursor is replaced.
static char *message_of(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));
static char *message_of(const char *format, va_list arguments)
{
    char text[MESSAGE_MAX];
    int len = vsnprintf(text, sizeof text, format, arguments);
    if (len >= (int)sizeof text) {
        size_t cut = sizeof text - 4;
        while (cut > 0 && ((uint8_t)text[cut] & 0xc0) == 0x80) {
            cut--;
        }
        memcpy(text + cut, "...", 4);
    }
    for (char *c = text; *c != '\0'; c++) {
        if ((uint8_t)*c < 0x20 || *c == 0x7f) {
            *c = '?';
        }
    }
    return xstrdup(len < 0 ? format : text);
}

static struct finding *next_finding(struct diagnostics *diagnostics, enum diagnostic_level level)
{
    diagnostics->counts[level]++;
    if (diagnostics->kept == KEPT_MAX) {
        return NULL;
    }
    struct finding *finding = &diagnostics->findings[diagnostics->kept++];
    finding->level = level;
    finding->file = diagnostics->current;
    return finding;
}

void diagnostics_add(struct diagnostics *diagnostics, enum diagnostic_level level, const char *pointer,
                     const char *format, ...)
{
    struct finding *finding = next_finding(diagnostics, level);
    if (finding != NULL) {
        va_list arguments;
        va_start(arguments, format);
        finding->message = message_of(format, arguments);
        va_end(arguments);
        finding->pointer = xstrdup(pointer);
    }
}

void diagnostics_add_at(struct diagnostics *diagnostics, enum diagnostic_level level, unsigned line,
                        unsigned column, const char *format, ...)
{
    struct finding *finding = next_finding(diagnostics, level);
    if (finding != NULL) {
        va_list arguments;
        va_start(arguments, format);
        finding->message = message_of(format, arguments);
        va_end(arguments);
        finding->line = line;
        finding->column = column;
    }
}

size_t diagnostics_errors(const struct diagnostics *diagnostics)
{
    return diagnostics->counts[DIAGNOSTIC_ERROR];
}

size_t diagnostics_warnings(const struct diagnostics *diagnostics)
{
    return diagnostics->counts[DIAGNOSTIC_WARNING];
}

// --- placing -----------------------------------------------------------------------------------------------

static struct bytes text_of(const struct diagnostics *diagnostics, const struct finding *finding)
{
    return finding->file == NO_FILE ? (struct bytes){NULL, 0} : diagnostics->files[finding->file].text;
}

static size_t offset_of_line(struct bytes text, unsigned line)
{
    size_t at = 0;
    for (unsigned i = 1; i < line && at < text.len; i++) {
        const uint8_t *end = memchr(text.data + at, '\n', text.len - at);
        at = end != NULL ? (size_t)(end - text.data) + 1 : text.len;
    }
    return at;
}

// One pass over the text for all findings of a file that carry a pointer.
static void place_pointers(const struct diagnostics *diagnostics, size_t file, struct placed *placed)
{
    const char *pointers[KEPT_MAX];
    struct json_span spans[KEPT_MAX];
    size_t of[KEPT_MAX];
    size_t count = 0;
    for (size_t i = 0; i < diagnostics->kept; i++) {
        const struct finding *finding = &diagnostics->findings[i];
        if (finding->file == file && finding->pointer != NULL) {
            pointers[count] = finding->pointer;
            of[count++] = i;
        }
    }
    if (count > 0) {
        json_position_find(diagnostics->files[file].text, pointers, count, spans);
    }
    for (size_t i = 0; i < count; i++) {
        placed[of[i]].span = spans[i];
    }
}

static int compare_places(const void *a, const void *b)
{
    const struct placed *x = a;
    const struct placed *y = b;
    if (x->finding->file != y->finding->file) {
        return x->finding->file < y->finding->file ? -1 : 1;
    }
    if (x->span.offset != y->span.offset) {
        return x->span.offset < y->span.offset ? -1 : 1;
    }
    return (x->finding > y->finding) - (x->finding < y->finding); // as they came
}

// Findings are in order of offset, so the newlines of each text are counted once.
static void count_lines(const struct diagnostics *diagnostics, struct placed *placed)
{
    size_t line_start = 0;
    unsigned line = 1;
    for (size_t i = 0; i < diagnostics->kept; i++) {
        const struct finding *finding = placed[i].finding;
        struct bytes text = text_of(diagnostics, finding);
        if (i == 0 || finding->file != placed[i - 1].finding->file) {
            line_start = 0;
            line = 1;
        }
        size_t at = placed[i].span.offset < text.len ? placed[i].span.offset : text.len;
        const uint8_t *end;
        while (line_start < at && (end = memchr(text.data + line_start, '\n', at - line_start)) != NULL) {
            line_start = (size_t)(end - text.data) + 1;
            line++;
        }
        bool unknown = finding->file == NO_FILE || (finding->pointer == NULL && finding->line == 0);
        placed[i].span.offset = at;
        placed[i].line_start = line_start;
        placed[i].line = unknown ? 0 : line;
        placed[i].column = unknown ? 0 : (unsigned)(at - line_start) + 1;
    }
}

static struct placed *place_all(const struct diagnostics *diagnostics)
{
    struct placed *placed = xcalloc(diagnostics->kept + 1, sizeof *placed);
    for (size_t i = 0; i < diagnostics->kept; i++) {
        const struct finding *finding = &diagnostics->findings[i];
        placed[i].finding = finding;
        if (finding->pointer == NULL && finding->line > 0) {
            struct bytes text = text_of(diagnostics, finding);
            unsigned before = finding->column > 0 ? finding->column - 1 : 0;
            placed[i].span = (struct json_span){offset_of_line(text, finding->line) + before, 1};
        }
    }
    for (size_t i = 0; i < diagnostics->file_count; i++) {
        place_pointers(diagnostics, i, placed);
    }
    qsort(placed, diagnostics->kept, sizeof *placed, compare_places);
    count_lines(diagnostics, placed);
    return placed;
}

// --- printing ----------------------------------------------------------------------------------------------

static const char *file_name(const struct diagnostics *diagnostics, const struct placed *placed)
{
    return placed->finding->file == NO_FILE ? "" : diagnostics->files[placed->finding->file].name;
}

static void print_place(const struct diagnostics *diagnostics, const struct placed *placed,
                        struct buffer *out)
{
    if (placed->finding->file == NO_FILE) {
        return;
    }
    buffer_text(out, file_name(diagnostics, placed));
    if (placed->line > 0) {
        buffer_format(out, ":%u:%u", placed->line, placed->column);
    }
    buffer_text(out, ": ");
}

static void print_counts(const struct diagnostics *diagnostics, struct buffer *out)
{
    size_t errors = diagnostics->counts[DIAGNOSTIC_ERROR];
    size_t warnings = diagnostics->counts[DIAGNOSTIC_WARNING];
    if (errors > 0) {
        buffer_format(out, "%zu error%s", errors, errors == 1 ? "" : "s");
    }
    if (warnings > 0) {
        buffer_format(out, "%s%zu warning%s", errors > 0 ? ", " : "", warnings, warnings == 1 ? "" : "s");
    }
    if (errors + warnings > diagnostics->kept) {
        buffer_format(out, " (the first %zu are shown)", diagnostics->kept);
    }
    if (errors + warnings > 0) {
        buffer_char(out, '\n');
    }
}

void diagnostics_each(const struct diagnostics *diagnostics,
                      void (*visit)(const struct diagnostic *finding, void *context), void *context)
{
    struct placed *placed = place_all(diagnostics);
    for (size_t i = 0; i < diagnostics->kept; i++) {
        struct diagnostic finding = {placed[i].finding->level, file_name(diagnostics, &placed[i]),
                                     placed[i].line, placed[i].column, placed[i].finding->message};
        visit(&finding, context);
    }
    free(placed);
}

void diagnostics_print(const struct diagnostics *diagnostics, struct buffer *out)
{
    static const char *const levels[] = {"error", "warning"};
    struct placed *placed = place_all(diagnostics);
    for (size_t i = 0; i < diagnostics->kept; i++) {
        const struct finding *finding = placed[i].finding;
        print_place(diagnostics, &placed[i], out);
        buffer_format(out, "%s: %s\n", levels[finding->level], finding->message);
        if (placed[i].line > 0) {
            excerpt_print(text_of(diagnostics, finding), placed[i].line_start, placed[i].span, placed[i].line,
                          out);
        }
    }
    free(placed);
    print_counts(diagnostics, out);
}

void diagnostics_first(const struct diagnostics *diagnostics, struct buffer *out)
{
    struct placed *placed = place_all(diagnostics);
    for (size_t i = 0; i < diagnostics->kept; i++) {
        if (placed[i].finding->level == DIAGNOSTIC_ERROR) {
            print_place(diagnostics, &placed[i], out);
            buffer_text(out, placed[i].finding->message);
            break;
        }
    }
    free(placed);
}
