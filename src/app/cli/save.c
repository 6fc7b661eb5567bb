// SPDX-License-Identifier: MIT
#include "save.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/xalloc.h"
#include "core/search/counterexample.h"

enum { PATH_TEXT_MAX = 65536 };

// Up to where the two paths part, and down again. folder ends with a slash.
static char *relative(const char *folder, const char *file)
{
    size_t shared = 0;
    struct buffer path;
    buffer_init(&path, PATH_TEXT_MAX);
    for (size_t i = 0; folder[i] == file[i] && folder[i] != '\0'; i++) {
        shared = folder[i] == '/' ? i + 1 : shared;
    }
    for (const char *c = folder + shared; *c != '\0'; c++) {
        buffer_text(&path, *c == '/' ? "../" : "");
    }
    buffer_text(&path, file + shared);
    char *copy = xstrdup(buffer_string(&path));
    buffer_free(&path);
    return copy;
}

// The policy as files in the folder name it; NULL when one of them is not there.
static char *path_from(const char *folder, const char *policy, struct error *error)
{
    char *from = realpath(folder, NULL);
    char *to = from != NULL ? realpath(policy, NULL) : NULL;
    char *path = NULL;
    if (to == NULL) {
        error_set(error, "%s: %s", from == NULL ? folder : policy, strerror(errno));
    } else {
        char *with_slash = xasprintf("%s/", from);
        path = relative(with_slash, to);
        free(with_slash);
    }
    free(from);
    free(to);
    return path;
}

static bool write_file(const char *path, const json_t *json, struct error *error)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        return error_set(error, "cannot write %s: %s", path, strerror(errno));
    }
    bool good =
        json_dumpf(json, file, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) == 0 && fputc('\n', file) != EOF;
    good = fclose(file) == 0 && good;
    return good || error_set(error, "cannot write %s: %s", path, strerror(errno));
}

static bool save_one(const char *folder, unsigned number, const struct search_finding *finding,
                     json_t *scenario, json_t *told, struct error *error)
{
    char *path = xasprintf("%s/%s-%u.json", folder, search_invariant_name(finding->invariant), number);
    bool ok = write_file(path, scenario, error);
    if (ok) {
        json_object_set_new(told, "saved", json_string(path));
    }
    free(path);
    return ok;
}

bool save_findings(const char *folder, const struct atlas *atlas, const struct search_options *options,
                   const struct search_result *result, unsigned show, json_t *report, struct error *error)
{
    unsigned saved[SEARCH_INVARIANTS] = {0};
    size_t told = 0;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        return error_set(error, "cannot make %s: %s", folder, strerror(errno));
    }
    char *policy = path_from(folder, atlas->view->model->source, error);
    bool ok = policy != NULL;
    for (uint32_t i = 0; ok && i < result->finding_count; i++) {
        const struct search_finding *finding = &result->findings[i];
        if (saved[finding->invariant]++ < show) {
            json_t *scenario = search_counterexample(atlas, options, finding, policy);
            json_t *json = json_array_get(json_object_get(report, "findings"), told++);
            ok = save_one(folder, saved[finding->invariant], finding, scenario, json, error);
            json_decref(scenario);
        }
    }
    free(policy);
    return ok;
}
