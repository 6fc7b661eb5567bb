// SPDX-License-Identifier: MIT
#include "estate.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/dns/rrtype.h"
#include "core/health/check.h"
#include "core/routing/resolve.h"

enum { TEXT_MAX = 16 << 20 };

static bool load_policy(const char *path, struct estate *out, struct error *error)
{
    struct buffer problems;
    struct buffer first;
    buffer_init(&problems, TEXT_MAX);
    buffer_init(&first, 4096);
    out->snapshot = snapshot_load(path, true, false, &problems, &first);
    if (out->snapshot == NULL) {
        fputs(buffer_string(&problems), stderr);
        error_set(error, "%s cannot be used", path);
    }
    buffer_free(&problems);
    buffer_free(&first);
    return out->snapshot != NULL;
}

static void look(struct estate *estate)
{
    const struct model *model = estate->snapshot->model;
    estate->status = status_table_create(model->health_check_count, true);
    for (uint32_t i = 0; i < model->health_check_count; i++) {
        status_table_set(estate->status, i, check_final(true, false, model->health_checks[i].inverted));
    }
    estate->view = (struct view){.model = model,
                                 .locator = estate->snapshot->locator,
                                 .latency = estate->snapshot->latency,
                                 .status = estate->status};
    estate->population = population_create(model);
}

static bool find_group(const struct estate *estate, const char *name_text, const char *type_text,
                       const struct record_group **out, struct error *error)
{
    struct dns_name name;
    uint16_t type = DNS_TYPE_A;
    struct resolution resolution;
    struct client client = {.place = estate->view.model->default_client};
    struct random roll;
    random_seed(&roll, 1);
    struct decide_context context = {.view = &estate->view, .client = &client, .roll = &roll};
    if (!dns_name_parse(bytes_of(name_text), &name, error)) {
        return false;
    }
    if (type_text != NULL && !dns_rrtype_parse(bytes_of(type_text), &type)) {
        return error_set(error, "'%s' is not a record type", type_text);
    }
    resolve_name(&context, &name, type, &resolution);
    *out = resolution.kind == RESOLVED_ANSWER ? name_node_group(resolution.node, type) : NULL;
    return *out != NULL || error_set(error, "the policy has no '%s' of type %s", name_text,
                                     type_text != NULL ? type_text : "A");
}

bool estate_load(const char *path, const char *name, const char *type, struct estate *out,
                 struct error *error)
{
    const struct record_group *group = NULL;
    *out = (struct estate){0};
    if (!load_policy(path, out, error)) {
        return false;
    }
    look(out);
    if (name == NULL || find_group(out, name, type, &group, error)) {
        out->atlas = atlas_create(&out->view, out->population, group, error);
    }
    if (out->atlas == NULL) {
        error_context(error, "%s", path);
        estate_free(out);
        return false;
    }
    return true;
}

void estate_free(struct estate *estate)
{
    atlas_destroy(estate->atlas);
    population_destroy(estate->population);
    free(estate->status);
    snapshot_release(estate->snapshot);
    *estate = (struct estate){0};
}
