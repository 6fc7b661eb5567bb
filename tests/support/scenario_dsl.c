// SPDX-License-Identifier: MIT
#include "support/scenario_dsl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/policy_dsl.h"

enum { TEXT_LIMIT = 16 << 20 };

static bool read_file(const char *path, char **text, size_t *len, struct error *error, void *context)
{
    (void)context;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return error_set(error, "%s: no such file", path);
    }
    fclose(file);
    *text = policy_dsl_file_text(path, len);
    return true;
}

struct scenario_options scenario_dsl_options(void)
{
    static const char latency[] =
        "{\"Default\": \"DE\", \"Regions\": [\"eu-west-1\", \"ap-northeast-1\", \"us-east-1\"], \"Places\": {"
        "\"DE\": {\"Milliseconds\": [25, 230, 90]}, \"JP\": {\"Milliseconds\": [220, 5, 150]}, "
        "\"US\": {\"Milliseconds\": [80, 160, 10]}}}";
    return (struct scenario_options){.policy = {.read_file = read_file,
                                                .default_latency_name = "latency.json",
                                                .default_latency = bytes_of(latency),
                                                .on_loopback = true}};
}

static void keep(mono_time at, const char *kind, const char *text, void *context)
{
    char time[REPLAY_TIME_TEXT];
    replay_time_format(at, time);
    buffer_format(context, "%s %s %s\n", time, kind, text);
}

void scenario_dsl_run_text(struct scenario_dsl *dsl, const char *name, struct bytes text,
                           const struct scenario_options *options)
{
    struct scenario_options plain = scenario_dsl_options();
    struct diagnostics *diagnostics = diagnostics_create();
    *dsl = (struct scenario_dsl){.read = false};
    buffer_init(&dsl->lines, TEXT_LIMIT);
    buffer_init(&dsl->findings, TEXT_LIMIT);
    struct scenario *scenario = scenario_read(name, text, options != NULL ? options : &plain, diagnostics);
    diagnostics_print(diagnostics, &dsl->findings);
    dsl->read = scenario != NULL;
    if (scenario != NULL) {
        struct replay_options run = {.line = keep, .context = &dsl->lines, .steps_most = 1000000};
        replay_run(scenario, &run, &dsl->report);
    }
    scenario_destroy(scenario);
    diagnostics_destroy(diagnostics);
}

void scenario_dsl_run(struct scenario_dsl *dsl, const char *text, const struct scenario_options *options)
{
    char *quoted = policy_dsl_quotes(text);
    scenario_dsl_run_text(dsl, "scenario.json", bytes_of(quoted), options);
    free(quoted);
}

void scenario_dsl_free(struct scenario_dsl *dsl)
{
    replay_report_free(&dsl->report);
    buffer_free(&dsl->lines);
    buffer_free(&dsl->findings);
}

void scenario_dsl_passes(const char *text)
{
    struct scenario_dsl dsl;
    scenario_dsl_run(&dsl, text, NULL);
    if (!dsl.read) {
        fail_msg("%s", buffer_string(&dsl.findings));
    }
    for (size_t i = 0; i < dsl.report.count; i++) {
        const struct replay_verdict *verdict = &dsl.report.verdicts[i];
        if (!verdict->passed) {
            fail_msg("line %u: %s: expected %s, got %s\n%s", verdict->line, verdict->question,
                     verdict->expected, verdict->got, buffer_string(&dsl.lines));
        }
    }
    scenario_dsl_free(&dsl);
}
