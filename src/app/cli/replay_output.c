// SPDX-License-Identifier: MIT
#include "replay_output.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/xalloc.h"
#include "core/population/caches.h"

enum { CLIENTS_TEXT_MAX = 1 << 20 };

void replay_lines_add(struct replay_lines *lines, mono_time at, const char *kind, const char *text)
{
    if ((lines->count & (lines->count - 1)) == 0) { // doubles
        size_t room = lines->count == 0 ? 1 : lines->count * 2;
        lines->items = xreallocarray(lines->items, room, sizeof *lines->items);
    }
    lines->items[lines->count++] = (struct replay_line){at, xstrdup(kind), xstrdup(text)};
}

static void free_lines(struct replay_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        free(lines->items[i].kind);
        free(lines->items[i].text);
    }
    free(lines->items);
}

void replay_result_free(struct replay_result *result)
{
    free_lines(&result->lines);
    free_lines(&result->baseline);
    free(result->description);
    free(result->repeat);
    replay_report_free(&result->report);
}

// --- text --------------------------------------------------------------------------------------------------

static void print_line(const char *mark, const struct replay_line *line, FILE *out)
{
    char at[REPLAY_TIME_TEXT];
    replay_time_format(line->at, at);
    fprintf(out, "%s%14s  %-7s %s\n", mark, at, line->kind, line->text);
}

// Every line of a text behind the same margin.
static void print_indented(const char *text, FILE *out)
{
    for (const char *line = text; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        fprintf(out, "      | %.*s\n", (int)len, line);
        line += len + (line[len] == '\n');
    }
}

static void print_failure(const struct replay_result *result, const struct replay_verdict *verdict, FILE *out)
{
    char at[REPLAY_TIME_TEXT];
    replay_time_format(verdict->at, at);
    fprintf(out, "%s:%u:%u: failed at %s\n", result->file, verdict->line, verdict->column, at);
    fprintf(out, "    question  %s\n", verdict->question);
    fprintf(out, "    expected  %s\n", verdict->expected);
    fprintf(out, "    got       %s\n", verdict->got);
    print_indented(verdict->explanation, out);
    fprintf(out, "    again     %s\n", result->repeat);
}

static char *line_key(const struct replay_line *line)
{
    return xasprintf("%lld %s %s", (long long)line->at.ns, line->kind, line->text);
}

static struct map *keys_of(const struct replay_lines *lines)
{
    static int present;
    struct map *keys = map_create();
    for (size_t i = 0; i < lines->count; i++) {
        char *key = line_key(&lines->items[i]);
        map_set(keys, bytes_of(key), &present);
        free(key);
    }
    return keys;
}

static bool among(const struct map *keys, const struct replay_line *line)
{
    char *key = line_key(line);
    bool found = map_get(keys, bytes_of(key)) != NULL;
    free(key);
    return found;
}

// What is in one timeline only, in order of time; what was before comes first.
static void print_difference(const struct replay_lines *before, const struct replay_lines *after, FILE *out)
{
    struct map *old = keys_of(before);
    struct map *new = keys_of(after);
    size_t i = 0;
    size_t j = 0;
    fprintf(out, "  what changes (- as the file is, + with --set):\n");
    while (i < before->count || j < after->count) {
        bool take_old =
            i < before->count && (j == after->count || !mono_before(after->items[j].at, before->items[i].at));
        const struct replay_line *line = take_old ? &before->items[i++] : &after->items[j++];
        if (!among(take_old ? new : old, line)) {
            print_line(take_old ? "  - " : "  + ", line, out);
        }
    }
    map_destroy(old);
    map_destroy(new);
}

static void print_recording(const struct replay_result *result, bool timeline, FILE *out)
{
    const struct recording_report *report = &result->recording;
    char end[REPLAY_TIME_TEXT];
    replay_time_format(report->end, end);
    for (size_t i = 0; !timeline && !result->compared && i < result->lines.count; i++) {
        if (strcmp(result->lines.items[i].kind, "differs") == 0) {
            print_line("", &result->lines.items[i], out);
        }
    }
    fprintf(out, "%s: %s; %s, %llu events, %llu observations, %llu verdicts, %llu answers%s\n", result->file,
            report->differences == 0 ? "the same" : "DIFFERS", end, (unsigned long long)report->events,
            (unsigned long long)report->observations, (unsigned long long)report->verdicts,
            (unsigned long long)report->queries,
            report->cut        ? "; the last line is cut off"
            : report->complete ? ""
                               : "; it has no end");
}

void replay_print_text(const struct replay_result *result, bool timeline, FILE *out)
{
    const struct replay_report *report = &result->report;
    char end[REPLAY_TIME_TEXT];
    replay_time_format(report->end, end);
    for (size_t i = 0; timeline && i < result->lines.count; i++) {
        print_line("", &result->lines.items[i], out);
    }
    if (result->compared) {
        print_difference(&result->baseline, &result->lines, out);
    }
    if (result->is_recording) {
        print_recording(result, timeline, out);
        return;
    }
    for (size_t i = 0; i < report->count; i++) {
        if (!report->verdicts[i].passed) {
            print_failure(result, &report->verdicts[i], out);
        }
    }
    if (result->report.clients != NULL) {
        struct buffer text;
        buffer_init(&text, CLIENTS_TEXT_MAX);
        caches_text(report->clients, &text);
        fputs(buffer_string(&text), out);
        buffer_free(&text);
    }
    fprintf(out, "%s: %s, %zu of %zu expectations hold; %s, %llu probes, %llu health change%s\n",
            result->file, report->failed == 0 ? "ok" : "FAILED", report->count - report->failed,
            report->count, end, (unsigned long long)report->probes,
            (unsigned long long)report->health_changes, report->health_changes == 1 ? "" : "s");
}

// --- TAP ---------------------------------------------------------------------------------------------------

void replay_print_tap(const struct replay_result *results, size_t count, FILE *out)
{
    size_t number = 0;
    for (size_t i = 0; i < count; i++) {
        number += results[i].report.count;
    }
    fprintf(out, "TAP version 13\n1..%zu\n", number);
    number = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < results[i].report.count; j++) {
            const struct replay_verdict *verdict = &results[i].report.verdicts[j];
            fprintf(out, "%s %zu - %s:%u %s\n", verdict->passed ? "ok" : "not ok", ++number, results[i].file,
                    verdict->line, verdict->expected);
            if (!verdict->passed) {
                fprintf(out, "# %s: got %s\n# %s\n", verdict->question, verdict->got, results[i].repeat);
            }
        }
    }
}

// --- JUnit -------------------------------------------------------------------------------------------------

static void print_xml(const char *text, FILE *out)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        const char *entity = c == '<'   ? "&lt;"
                             : c == '>' ? "&gt;"
                             : c == '&' ? "&amp;"
                             : c == '"' ? "&quot;"
                                        : NULL;
        if (entity != NULL) {
            fputs(entity, out);
        } else {
            fputc(c >= 0x20 || c == '\n' || c == '\t' ? c : '?', out); // XML 1.0 section 2.2
        }
    }
}

static void print_attribute(const char *name, const char *value, FILE *out)
{
    fprintf(out, " %s=\"", name);
    print_xml(value, out);
    fputc('"', out);
}

static void print_case(const struct replay_result *result, const struct replay_verdict *verdict, FILE *out)
{
    char *name = xasprintf("line %u: %s", verdict->line, verdict->expected);
    fputs("    <testcase", out);
    print_attribute("classname", result->file, out);
    print_attribute("name", name, out);
    free(name);
    if (verdict->passed) {
        fputs("/>\n", out);
        return;
    }
    fputs(">\n      <failure", out);
    print_attribute("message", verdict->got, out);
    fputc('>', out);
    print_xml(verdict->question, out);
    fputc('\n', out);
    print_xml(verdict->explanation, out);
    print_xml(result->repeat, out);
    fputs("</failure>\n    </testcase>\n", out);
}

void replay_print_junit(const struct replay_result *results, size_t count, FILE *out)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
    for (size_t i = 0; i < count; i++) {
        const struct replay_report *report = &results[i].report;
        fputs("  <testsuite", out);
        print_attribute("name", results[i].file, out);
        fprintf(out, " tests=\"%zu\" failures=\"%zu\">\n", report->count, report->failed);
        for (size_t j = 0; j < report->count; j++) {
            print_case(&results[i], &report->verdicts[j], out);
        }
        fputs("  </testsuite>\n", out);
    }
    fputs("</testsuites>\n", out);
}

// --- JSON --------------------------------------------------------------------------------------------------

static json_t *verdict_json(const struct replay_verdict *verdict)
{
    return json_pack("{s:b, s:i, s:i, s:f, s:s, s:s, s:s, s:s}", "passed", verdict->passed, "line",
                     (int)verdict->line, "column", (int)verdict->column, "at",
                     duration_seconds(verdict->at.ns), "question", verdict->question, "expected",
                     verdict->expected, "got", verdict->got, "explanation", verdict->explanation);
}

static json_t *lines_json(const struct replay_lines *lines)
{
    json_t *list = json_array();
    for (size_t i = 0; i < lines->count; i++) {
        const struct replay_line *line = &lines->items[i];
        json_array_append_new(list, json_pack("{s:f, s:s, s:s}", "at", duration_seconds(line->at.ns), "kind",
                                              line->kind, "text", line->text));
    }
    return list;
}

static json_t *recording_json(const struct replay_result *result)
{
    const struct recording_report *report = &result->recording;
    char digest[24];
    snprintf(digest, sizeof digest, "%016llx", (unsigned long long)report->digest);
    return json_pack("{s:s, s:b, s:b, s:b, s:f, s:I, s:I, s:I, s:I, s:I, s:s}", "file", result->file,
                     "passed", report->differences == 0, "complete", report->complete, "cut", report->cut,
                     "end", duration_seconds(report->end.ns), "events", (json_int_t)report->events,
                     "observations", (json_int_t)report->observations, "verdicts",
                     (json_int_t)report->verdicts, "answers", (json_int_t)report->queries, "differences",
                     (json_int_t)report->differences, "digest", digest);
}

static json_t *scenario_json(const struct replay_result *result)
{
    const struct replay_report *report = &result->report;
    json_t *verdicts = json_array();
    char digest[24];
    snprintf(digest, sizeof digest, "%016llx", (unsigned long long)report->digest);
    for (size_t i = 0; i < report->count; i++) {
        json_array_append_new(verdicts, verdict_json(&report->verdicts[i]));
    }
    return json_pack("{s:s, s:s, s:I, s:b, s:f, s:I, s:I, s:I, s:s, s:s, s:o}", "file", result->file,
                     "description", result->description, "seed", (json_int_t)result->seed, "passed",
                     report->failed == 0, "end", duration_seconds(report->end.ns), "probes",
                     (json_int_t)report->probes, "health_changes", (json_int_t)report->health_changes,
                     "answer_changes", (json_int_t)report->answer_changes, "digest", digest, "repeat",
                     result->repeat, "expectations", verdicts);
}

static json_t *result_json(const struct replay_result *result, bool timeline)
{
    json_t *json = result->is_recording ? recording_json(result) : scenario_json(result);
    if (timeline) {
        json_object_set_new(json, "timeline", lines_json(&result->lines));
    }
    if (result->report.clients != NULL) {
        json_object_set(json, "clients", result->report.clients);
    }
    if (result->compared) {
        json_object_set_new(json, "timeline_without_set", lines_json(&result->baseline));
    }
    return json;
}

json_t *replay_json(const struct replay_result *results, size_t count, bool timeline)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, result_json(&results[i], timeline));
    }
    return json_pack("{s:i, s:o}", "schema_version", 1, "scenarios", list);
}
