// SPDX-License-Identifier: MIT
// What clients were answered, live and in virtual time.
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/xalloc.h"
#include "core/routing/explain.h"
#include "core/scenario/live.h"

void live_sequence_add(struct live_sequence *sequence, mono_time at, char *text)
{
    if (sequence->count > 0 && strcmp(sequence->answers[sequence->count - 1].text, text) == 0) {
        free(text);
        return;
    }
    sequence->answers = xreallocarray(sequence->answers, sequence->count + 1, sizeof *sequence->answers);
    sequence->answers[sequence->count++] = (struct live_answer){at, text};
}

void live_sequence_free(struct live_sequence *sequence)
{
    for (size_t i = 0; i < sequence->count; i++) {
        free(sequence->answers[i].text);
    }
    free(sequence->answers);
    *sequence = (struct live_sequence){NULL, 0};
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

char *live_answer_text(char **values, size_t count)
{
    struct buffer text;
    buffer_init(&text, 1 << 20);
    if (count > 0) {
        qsort(values, count, sizeof *values, by_text);
    }
    for (size_t i = 0; i < count; i++) {
        buffer_format(&text, "%s%s", i > 0 ? " " : "", values[i]);
    }
    char *out = xstrdup(count > 0 ? buffer_string(&text) : "NODATA");
    buffer_free(&text);
    return out;
}

char *live_answer_of(const struct view *view, const struct live_client *client)
{
    struct client asker = {.place = model_find_place(view->model, bytes_of(client->place))};
    struct random roll;
    struct decide_context context = {.view = view, .client = &asker, .roll = &roll};
    struct resolution resolution;
    random_seed(&roll, 1);
    resolve(&context, &client->name, client->type, &resolution);
    if (resolution.kind != RESOLVED_ANSWER) {
        return xstrdup(resolution_kind_name(resolution.kind));
    }
    json_t *all = json_array();
    for (unsigned i = 0; i < resolution.decision.count; i++) {
        json_t *values = explain_values(resolution.group->type, resolution.decision.record_sets[i]);
        json_array_extend(all, values);
        json_decref(values);
    }
    char **values = xcalloc(json_array_size(all) + 1, sizeof *values);
    for (size_t i = 0; i < json_array_size(all); i++) {
        values[i] = xstrdup(json_string_value(json_array_get(all, i)));
    }
    char *text = live_answer_text(values, json_array_size(all));
    for (size_t i = 0; i < json_array_size(all); i++) {
        free(values[i]);
    }
    free(values);
    json_decref(all);
    return text;
}

bool live_sequences_agree(const struct live_sequence *expected, const struct live_sequence *got,
                          duration tolerance, struct buffer *difference)
{
    size_t most = expected->count > got->count ? expected->count : got->count;
    for (size_t i = 0; i < most; i++) {
        const struct live_answer *a = i < expected->count ? &expected->answers[i] : NULL;
        const struct live_answer *b = i < got->count ? &got->answers[i] : NULL;
        if (a == NULL || b == NULL || strcmp(a->text, b->text) != 0) {
            buffer_format(difference, "answer %zu is %s in virtual time, and %s live", i + 1,
                          a != NULL ? a->text : "none", b != NULL ? b->text : "none");
            return false;
        }
        duration apart = mono_since(b->at, a->at);
        if (apart > tolerance || apart < -tolerance) {
            buffer_format(difference, "answer %zu, %s, is %.1f s apart, more than %.1f s", i + 1, a->text,
                          duration_seconds(apart), duration_seconds(tolerance));
            return false;
        }
    }
    return true;
}
