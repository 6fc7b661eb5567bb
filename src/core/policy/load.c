// SPDX-License-Identifier: MIT
#include "core/policy/load.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "context.h"
#include "core/policy/read.h"

struct policy {
    struct arena *arena;
    struct arena *objects; // what the API can change; NULL once forgotten
    struct model_spec spec;
    json_t **trees; // specs borrow their strings
    size_t tree_count;
};

// What the API can change, and what that depends on; the latter outlives the former (policy_forget_objects).
static void read_objects(struct policy_context *context, struct policy *policy, json_t *tree)
{
    context->reader.arena = policy->objects;
    struct policy_file *file = arena_new(context->reader.arena, struct policy_file, 1);
    context->file = file;
    schema_read(&context->reader, &policy_schema, tree, file);
    policy_read_simulator(context);
    context->reader.arena = policy->arena;
    policy_read_alarms(context);
    context->reader.arena = policy->objects;
    policy_read_health_checks(context);
    policy_read_cidr_collections(context);
    context->reader.arena = policy->arena;
    policy_read_resources(context);
    policy_read_vpcs(context);
    context->reader.arena = policy->objects;
    policy_read_zones(context);
    policy_check_aliases(context);
    context->reader.arena = policy->arena;
}

// What only a policy says; and warnings when all is well.
static void read_rest(struct policy_context *context, size_t errors_before)
{
    policy_read_latency(context);
    policy_read_clients(context);
    policy_read_capacities(context);
    if (context->options->trap_warnings && diagnostics_errors(context->reader.diagnostics) == errors_before) {
        policy_warn_of_traps(context);
        policy_warn_of_check_traps(context);
    }
}

static void open_context(struct policy_context *context)
{
    context->health_checks = map_create();
    context->alarms = map_create();
    context->cidr_collections = map_create();
    context->resources = map_create();
    context->places = map_create();
    context->vpcs = map_create();
    context->vpc_zones = map_create();
}

static void close_context(struct policy_context *context, struct policy *policy)
{
    map_destroy(context->health_checks);
    map_destroy(context->alarms);
    map_destroy(context->cidr_collections);
    map_destroy(context->resources);
    map_destroy(context->places);
    map_destroy(context->vpcs);
    map_destroy(context->vpc_zones);
    policy->trees = context->trees;
    policy->tree_count = context->tree_count;
}

struct policy *policy_read(const char *name, struct bytes text, const struct policy_options *options,
                           struct diagnostics *diagnostics)
{
    size_t errors_before = diagnostics_errors(diagnostics);
    struct policy *policy = xcalloc(1, sizeof *policy);
    policy->arena = arena_create();
    policy->objects = arena_create();
    policy->spec.source = name != NULL ? arena_strdup(policy->arena, name) : NULL;
    struct policy_context context = {
        .reader = {policy->arena, diagnostics},
        .options = options,
        .name = name != NULL ? policy->spec.source : "(no file)",
        .text = text,
        .spec = &policy->spec,
    };
    open_context(&context);
    diagnostics_file(diagnostics, context.name, text);
    policy_add_digest(&context, text);
    json_t *tree = policy_parse(&context, text);
    if (tree != NULL) {
        read_objects(&context, policy, tree);
        read_rest(&context, errors_before);
    }
    close_context(&context, policy);
    if (diagnostics_errors(diagnostics) > errors_before) {
        policy_destroy(policy);
        return NULL;
    }
    return policy;
}

struct policy *policy_read_over(const struct policy *base, const json_t *sections,
                                const struct policy_options *options, struct diagnostics *diagnostics)
{
    size_t errors_before = diagnostics_errors(diagnostics);
    struct policy *policy = xcalloc(1, sizeof *policy);
    policy->arena = arena_create();
    policy->objects = arena_create();
    policy->spec = base->spec;
    struct policy_context context = {
        .reader = {policy->arena, diagnostics},
        .options = options,
        .name = base->spec.source != NULL ? base->spec.source : "(no file)",
        .spec = &policy->spec,
    };
    open_context(&context);
    json_t *tree = json_copy(base->trees[0]);
    json_object_update(tree, (json_t *)(uintptr_t)sections); // NOLINT(performance-no-int-to-ptr): read only
    policy_keep_tree(&context, tree);
    read_objects(&context, policy, tree);
    close_context(&context, policy);
    if (diagnostics_errors(diagnostics) > errors_before) {
        policy_destroy(policy);
        return NULL;
    }
    return policy;
}

void policy_forget_objects(struct policy *policy)
{
    static const char *const sections[] = {"HostedZones", "HealthChecks", "CidrCollections"};
    struct model_spec *spec = &policy->spec;
    spec->zone_count = spec->health_check_count = spec->cidr_collection_count = 0;
    spec->zones = NULL;
    spec->health_checks = NULL;
    spec->cidr_collections = NULL;
    arena_destroy(policy->objects);
    policy->objects = NULL;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        json_object_del(policy->trees[0], sections[i]);
    }
}

json_t *policy_tree(const struct policy *policy)
{
    return policy->trees[0];
}

void policy_destroy(struct policy *policy)
{
    if (policy == NULL) {
        return;
    }
    // The few large blocks first: freed behind many small ones they would make malloc tidy all of those up.
    arena_destroy(policy->objects);
    arena_destroy(policy->arena);
    for (size_t i = 0; i < policy->tree_count; i++) {
        json_decref(policy->trees[i]);
    }
    free(policy->trees);
    free(policy);
}

const struct model_spec *policy_spec(const struct policy *policy)
{
    return &policy->spec;
}

struct model *policy_load(const char *name, struct bytes text, const struct policy_options *options,
                          struct diagnostics *diagnostics)
{
    struct policy *policy = policy_read(name, text, options, diagnostics);
    if (policy == NULL) {
        return NULL;
    }
    struct model *model = model_build(&policy->spec);
    policy_destroy(policy);
    return model;
}
