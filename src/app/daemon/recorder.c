// SPDX-License-Identifier: MIT
#include "recorder.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "core/admin/override_row.h"
#include "internal.h"
#include "io/files/append.h"

// A day of three checks with 16 checkers each is 30 MB.
#define FILE_MOST (UINT64_C(1) << 30)
enum { LINE_MOST = POLICY_TEXT_MAX, NAMES_SAMPLED = 32, PLACES_SAMPLED = 8 };

static void record_at(struct daemon *daemon, struct recording_event event, mono_time now)
{
    struct recorder *recorder = &daemon->recorder;
    struct error error = {0};
    struct buffer line;
    if (recorder->file == NULL) {
        return;
    }
    recorder->last = mono_before(now, recorder->last) ? recorder->last : now;
    event.at = (mono_time){mono_since(recorder->last, recorder->started)};
    buffer_init(&line, LINE_MOST);
    recording_encode(&event, &line);
    if (!append_file_write(recorder->file, (struct bytes){(const uint8_t *)buffer_string(&line), line.len},
                           &error)) {
        log_message(LOG_LEVEL_ERROR, "recording_ended", "%s", error.text);
        append_file_close(recorder->file);
        recorder->file = NULL;
    }
    buffer_free(&line);
}

static void record(struct daemon *daemon, const struct recording_event *event)
{
    record_at(daemon, *event, daemon_clock_mono(&daemon->clock));
}

bool recorder_open(struct daemon *daemon, uint64_t seed, struct error *error)
{
    const char *path = daemon->options->record;
    struct recorder *recorder = &daemon->recorder;
    if (path == NULL) {
        return true;
    }
    if (daemon->state != NULL && !state_is_new(daemon->state)) {
        return error_set(error,
                         "--record needs a new --state FILE or none: a recording begins with what the policy "
                         "says");
    }
    recorder->file = append_file_create(path, FILE_MOST, error);
    if (recorder->file == NULL) {
        return error_context(error, "--record");
    }
    recorder->started = recorder->last = daemon_clock_mono(&daemon->clock);
    record(daemon, &(struct recording_event){.kind = RECORDING_START,
                                             .version = RECORDING_VERSION,
                                             .wall = daemon_clock_wall(&daemon->clock),
                                             .program = NEARWELL_VERSION,
                                             .seed = seed});
    return true;
}

void recorder_close(struct daemon *daemon, const char *why)
{
    record(daemon, &(struct recording_event){.kind = RECORDING_END, .text = why});
    append_file_close(daemon->recorder.file);
    daemon->recorder.file = NULL;
}

bool recorder_on(const struct daemon *daemon)
{
    return daemon->recorder.file != NULL;
}

void record_file(const char *path, struct bytes text, void *context)
{
    if (recorder_on(context)) {
        char *copy = xstrndup((const char *)text.data, text.len);
        record(context, &(struct recording_event){.kind = RECORDING_FILE, .path = path, .text = copy});
        free(copy);
    }
}

void record_policy(struct daemon *daemon, mono_time now)
{
    const char *path = daemon->options->policy;
    record_at(daemon, (struct recording_event){.kind = RECORDING_POLICY, .path = path != NULL ? path : ""},
              now);
}

void record_observation(struct daemon *daemon, const struct health_check *check, uint32_t checker,
                        const struct observation *observation, mono_time now)
{
    record_at(daemon,
              (struct recording_event){.kind = RECORDING_OBSERVATION,
                                       .check = check->id,
                                       .checker = checker,
                                       .observation = *observation},
              now);
}

void record_verdict(struct daemon *daemon, const struct health_change *change)
{
    record(daemon, &(struct recording_event){.kind = RECORDING_VERDICT,
                                             .check = daemon->current->model->health_checks[change->check].id,
                                             .healthy = change->healthy,
                                             .cause = change->cause});
}

void record_override(struct daemon *daemon, const char *check, const struct override *override, mono_time now)
{
    if (recorder_on(daemon)) {
        char *text = override != NULL ? override_row_print(override) : xstrdup("");
        record_at(daemon, (struct recording_event){.kind = RECORDING_OVERRIDE, .check = check, .text = text},
                  now);
        free(text);
    }
}

void record_control(struct daemon *daemon, const char *check, bool on, mono_time now)
{
    record_at(daemon, (struct recording_event){.kind = RECORDING_CONTROL, .check = check, .healthy = on},
              now);
}

void record_resource(struct daemon *daemon, const char *name, const struct resource_override *override,
                     mono_time now)
{
    if (recorder_on(daemon)) {
        char *text;
        durable_resource_row(name, override, &text);
        record_at(daemon,
                  (struct recording_event){
                      .kind = RECORDING_RESOURCE, .path = name, .text = text != NULL ? text : ""},
                  now);
        free(text);
    }
}

void record_metrics(struct daemon *daemon, struct bytes text, mono_time now)
{
    if (recorder_on(daemon)) {
        char *copy = xstrndup((const char *)text.data, text.len);
        record_at(daemon, (struct recording_event){.kind = RECORDING_METRICS, .text = copy}, now);
        free(copy);
    }
}

void record_call(struct daemon *daemon, const char *operation, const char *input, mono_time now)
{
    record_at(daemon, (struct recording_event){.kind = RECORDING_CALL, .path = operation, .text = input},
              now);
}

static void record_answer(struct daemon *daemon, const struct record_group *group, const char *place)
{
    char name[DNS_NAME_TEXT];
    struct dns_name wire = {.len = group->node->name_len};
    memcpy(wire.wire, group->node->name, wire.len);
    dns_name_format(&wire, name);
    struct recording_event query = {.kind = RECORDING_QUERY,
                                    .name = name,
                                    .type = group->type,
                                    .place = place,
                                    .seed = daemon->view_generation};
    query.digest = recording_answer_digest(daemon->view, &query);
    record(daemon, &query);
}

void record_answers(struct daemon *daemon)
{
    const struct model *model = daemon->current->model;
    const char *places[PLACES_SAMPLED] = {model->places[model->default_client].name};
    unsigned count = 1;
    for (uint32_t i = 0; i < model->client_prefix_count && count < PLACES_SAMPLED; i++) {
        bool known = model->client_prefixes[i].source != CLIENT_SOURCE_POLICY;
        const char *name = model->places[model->client_prefixes[i].place].name;
        for (unsigned j = 0; j < count; j++) {
            known = known || strcmp(places[j], name) == 0;
        }
        if (!known) {
            places[count++] = name;
        }
    }
    bool settled = model->simulator.record_delay == 0; // a replay's changes are there at once
    for (uint32_t g = 0; settled && recorder_on(daemon) && g < model->routed_group_count && g < NAMES_SAMPLED;
         g++) {
        for (unsigned j = 0; j < count; j++) {
            record_answer(daemon, model->routed_groups[g], places[j]);
        }
    }
}
