// SPDX-License-Identifier: MIT
#include "app/daemon/snapshot.h"

#include <stddef.h>
#include <stdlib.h>

#include "app/daemon/embedded.h"
#include "base/xalloc.h"
#include "core/policy/read.h"
#include "io/files/mmdb.h"
#include "io/files/read.h"
#include "io/loop/clock.h"

struct held_view {
    struct view view;
    struct snapshot *snapshot;
    struct status_table *status;
};

static bool read_policy_file(const char *path, char **text, size_t *len, struct error *error, void *context)
{
    const struct snapshot_reader *reader = context;
    bool ok = read_whole_file(path, POLICY_TEXT_MAX, text, len, error);
    if (ok && reader->note != NULL) {
        reader->note(path, (struct bytes){(const uint8_t *)*text, *len}, reader->context);
    }
    return ok;
}

static bool read_locations(const char *path, struct location_blocks *blocks, struct error *error,
                           void *context)
{
    (void)context;
    return mmdb_read(path, blocks, error);
}

// Where clients are and how far from everywhere: made of a model's place list, shared as that is.
struct geography {
    struct locator *locator;
    struct latency_table **tables;   // by how many versions are in force; NULL where none was needed yet
    const struct place_list *places; // held: the tables read it
    unsigned references;             // atomic
};

// Control thread. Tables stay as long as the geography: views still have them.
static const struct latency_table *table_at(struct geography *geography, const struct model *model,
                                            wall_time at)
{
    uint32_t version = latency_versions_at(model, at);
    if (geography->tables[version] == NULL) {
        geography->tables[version] = latency_table_create(model, at);
    }
    return geography->tables[version];
}

static struct geography *survey(const struct model *model)
{
    struct geography *geography = xcalloc(1, sizeof *geography);
    part_hold(&model->place_list->part);
    geography->places = model->place_list;
    geography->locator = locator_create(model);
    geography->tables = xcalloc(model->latency_version_count + (size_t)1, sizeof *geography->tables);
    geography->references = 1;
    return geography;
}

static void release_geography(struct geography *geography)
{
    if (__atomic_sub_fetch(&geography->references, 1, __ATOMIC_ACQ_REL) == 0) {
        for (uint32_t i = 0; i <= geography->places->version_count; i++) {
            latency_table_destroy(geography->tables[i]);
        }
        free(geography->tables);
        locator_destroy(geography->locator);
        part_release(&geography->places->part);
        free(geography);
    }
}

struct snapshot *snapshot_create(struct model *model, const struct snapshot *base)
{
    struct snapshot *snapshot = xcalloc(1, sizeof *snapshot);
    snapshot->model = model;
    if (base != NULL && base->model->place_list == model->place_list &&
        base->model->simulator.coarse_unmapped == model->simulator.coarse_unmapped) { // E8
        __atomic_add_fetch(&base->geography->references, 1, __ATOMIC_RELAXED);
        snapshot->geography = base->geography;
    } else {
        snapshot->geography = survey(model);
    }
    snapshot->locator = snapshot->geography->locator;
    snapshot->latency = table_at(snapshot->geography, model, clock_wall());
    snapshot->references = 1;
    return snapshot;
}

struct policy *snapshot_read(const char *path, const struct snapshot_reader *reader, struct buffer *problems,
                             struct buffer *first_problem)
{
    char *text = NULL;
    size_t len = 0;
    struct error error = {0};
    struct snapshot_reader files = *reader;
    if (path == NULL) {
        text = xstrdup("{}");
        len = 2;
    } else if (!read_policy_file(path, &text, &len, &error, &files)) {
        buffer_format(problems, "%s\n", error.text);
        buffer_text(first_problem, error.text);
        return NULL;
    }
    struct policy_options options = {
        .read_file = read_policy_file,
        .read_locations = read_locations,
        .context = &files,
        .default_latency_name = "(built in) latency/aws.json",
        .default_latency = {(const uint8_t *)embedded_latency_table, embedded_latency_table_size},
        .default_population_name = "(built in) population/world.json",
        .default_population = {(const uint8_t *)embedded_population, embedded_population_size},
        .on_loopback = reader->on_loopback,
        .aws_warnings = reader->aws_warnings,
    };
    struct diagnostics *diagnostics = diagnostics_create();
    struct policy *policy =
        policy_read(path, (struct bytes){(const uint8_t *)text, len}, &options, diagnostics);
    diagnostics_print(diagnostics, problems);
    diagnostics_first(diagnostics, first_problem);
    diagnostics_destroy(diagnostics);
    free(text);
    return policy;
}

bool snapshot_move(struct snapshot *snapshot, wall_time at)
{
    const struct latency_table *before = snapshot->latency;
    snapshot->latency = table_at(snapshot->geography, snapshot->model, at);
    return snapshot->latency != before;
}

struct snapshot *snapshot_load(const char *path, bool on_loopback, bool aws_warnings, struct buffer *problems,
                               struct buffer *first_problem)
{
    const struct snapshot_reader reader = {.on_loopback = on_loopback, .aws_warnings = aws_warnings};
    struct policy *policy = snapshot_read(path, &reader, problems, first_problem);
    if (policy == NULL) {
        return NULL;
    }
    struct snapshot *snapshot = snapshot_create(model_build(policy_spec(policy)), NULL);
    snapshot->parsed = policy;
    return snapshot;
}

void snapshot_hold(struct snapshot *snapshot)
{
    __atomic_add_fetch(&snapshot->references, 1, __ATOMIC_RELAXED);
}

void snapshot_release(struct snapshot *snapshot)
{
    if (snapshot == NULL || __atomic_sub_fetch(&snapshot->references, 1, __ATOMIC_ACQ_REL) > 0) {
        return;
    }
    release_geography(snapshot->geography);
    model_destroy(snapshot->model);
    policy_destroy(snapshot->parsed);
    free(snapshot);
}

const struct view *snapshot_view_create(struct snapshot *snapshot, const struct status_table *status)
{
    struct held_view *held = xcalloc(1, sizeof *held);
    snapshot_hold(snapshot);
    held->snapshot = snapshot;
    held->status = status_table_copy(status);
    held->view = (struct view){
        .model = snapshot->model,
        .locator = snapshot->locator,
        .latency = snapshot->latency,
        .status = held->status,
    };
    return &held->view;
}

void snapshot_view_destroy(const struct view *view)
{
    struct held_view *held = (struct held_view *)(uintptr_t)view; // the view is its first member
    snapshot_release(held->snapshot);
    free(held->status);
    free(held);
}
