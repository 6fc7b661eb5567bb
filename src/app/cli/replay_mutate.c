// SPDX-License-Identifier: MIT
#include "replay_mutate.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "commands.h"
#include "core/scenario/replay.h"
#include "io/files/read.h"

enum { FINDINGS_MAX = 16 << 20, DESCRIPTION_MAX = 1024 };

struct source {
    const char *file;
    char *text;
    size_t len;
    char *policy; // which one it begins with
};

enum verdict { NOTICED, UNNOTICED, UNUSABLE };

static struct scenario *read_scenario(const struct source *source, const struct scenario_options *options,
                                      bool tell)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct bytes text = {(const uint8_t *)source->text, source->len};
    struct scenario *scenario = scenario_read(source->file, text, options, diagnostics);
    if (scenario == NULL && tell) {
        struct buffer findings;
        buffer_init(&findings, FINDINGS_MAX);
        diagnostics_print(diagnostics, &findings);
        fputs(buffer_string(&findings), stderr);
        buffer_free(&findings);
    }
    diagnostics_destroy(diagnostics);
    return scenario;
}

// UNUSABLE: the changed policy is refused, so nobody could make this mistake.
static enum verdict try_one(const struct source *source, const struct scenario_options *options,
                            char **description)
{
    struct replay_report report;
    struct scenario *scenario = read_scenario(source, options, false);
    if (scenario == NULL) {
        return UNUSABLE;
    }
    if (*description == NULL) {
        *description = xstrdup(scenario_mutation(scenario));
    }
    replay_run(scenario, NULL, &report);
    enum verdict verdict = report.failed > 0 ? NOTICED : UNNOTICED;
    replay_report_free(&report);
    scenario_destroy(scenario);
    return verdict;
}

struct score {
    size_t mutations;
    size_t noticed;
};

// One change, before all scenarios of the same policy until one fails.
static void try_all(const struct source *sources, size_t count, size_t first,
                    const struct scenario_options *options, struct score *score)
{
    char *description = NULL;
    enum verdict verdict = UNNOTICED;
    for (size_t i = first; i < count && verdict == UNNOTICED; i++) {
        if (strcmp(sources[i].policy, sources[first].policy) == 0) {
            verdict = try_one(&sources[i], options, &description);
        }
    }
    if (verdict != UNUSABLE) {
        score->mutations++;
        score->noticed += verdict == NOTICED;
    }
    if (verdict == UNNOTICED) {
        assert(description != NULL); // a scenario was tried
        printf("%s: nobody noticed: %s\n", sources[first].policy, description);
    }
    free(description);
}

static bool read_sources(char *const *files, size_t count, const struct scenario_options *options,
                         struct source *sources, size_t *mutations)
{
    for (size_t i = 0; i < count; i++) {
        struct error error = {0};
        sources[i].file = files[i];
        if (!read_whole_file(files[i], SCENARIO_TEXT_MAX, &sources[i].text, &sources[i].len, &error)) {
            fprintf(stderr, "nearwell replay: %s\n", error.text);
            return false;
        }
        struct scenario *scenario = read_scenario(&sources[i], options, true);
        if (scenario == NULL) {
            return false;
        }
        sources[i].policy = xstrdup(scenario_policy_path(scenario));
        mutations[i] = scenario_mutations(scenario);
        scenario_destroy(scenario);
    }
    return true;
}

// A policy is changed once, for the first scenario that uses it.
static bool is_first(const struct source *sources, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(sources[i].policy, sources[index].policy) == 0) {
            return false;
        }
    }
    return true;
}

static void mutate_policies(const struct source *sources, size_t count, const size_t *mutations,
                            struct scenario_options *options, struct score *score)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t number = 0; is_first(sources, i) && number < mutations[i]; number++) {
            options->mutation = number;
            try_all(sources, count, i, options, score);
        }
    }
}

int replay_mutate(char *const *files, size_t count, const struct scenario_options *options, uint64_t least)
{
    struct source *sources = xcalloc(count, sizeof *sources);
    size_t *mutations = xcalloc(count, sizeof *mutations);
    struct scenario_options changed = *options;
    struct score score = {0};
    int code = EXIT_USAGE;
    if (read_sources(files, count, options, sources, mutations)) {
        changed.mutated = true;
        mutate_policies(sources, count, mutations, &changed, &score);
        double percent = score.mutations > 0 ? 100.0 * (double)score.noticed / (double)score.mutations : 100;
        printf("%zu of %zu changes of the policies are noticed: %.1f %%\n", score.noticed, score.mutations,
               percent);
        code = percent >= (double)least ? EXIT_OK : EXIT_FAILED;
    }
    for (size_t i = 0; i < count; i++) {
        free(sources[i].text);
        free(sources[i].policy);
    }
    free(sources);
    free(mutations);
    return code;
}
