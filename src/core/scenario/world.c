// SPDX-License-Identifier: MIT
#include "world.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/account/compile.h"
#include "core/account/merge.h"
#include "core/dns/rrtype.h"

// 2026-01-01T00:00:00Z: when nobody says otherwise.
#define STARTED INT64_C(1767225600000000000)

// --- models ------------------------------------------------------------------------------------------------

static bool concerns(const struct world_shift *shift, const struct place *place, uint8_t region)
{
    return (shift->place == NULL || strcmp(shift->place, place->name) == 0) &&
           (shift->region == NULL || strcmp(shift->region, region_at(region)->code) == 0);
}

static void shift_row(const struct world *world, const struct place *place, float *row)
{
    for (size_t i = 0; i < world->shift_count; i++) {
        const struct world_shift *shift = &world->shifts[i];
        for (uint8_t region = 0; region < REGION_COUNT; region++) {
            if (concerns(shift, place, region)) {
                row[region] = (float)fmax(0, (double)row[region] * shift->factor + shift->milliseconds);
            }
        }
    }
}

// A table of its own, over a copy of the model with other rows; everything else is shared.
static void make_latency(struct world *world)
{
    struct model *model = world->model;
    latency_table_destroy(world->latency);
    free(world->places);
    free(world->rows);
    world->places = NULL;
    world->rows = NULL;
    world->latency = latency_table_create(model, world_wall(world));
    wall_time next;
    world->latency_due = latency_next_version(model, world_wall(world), &next)
                             ? mono_add(world->now, next.ns - world_wall(world).ns)
                             : MONO_NEVER;
    if (world->shift_count > 0) {
        world->places = xmemdup(model->places, model->place_count * sizeof *world->places);
        world->rows = xcalloc((size_t)model->place_count * REGION_COUNT, sizeof *world->rows);
        for (uint32_t i = 0; i < model->place_count; i++) {
            float *row = world->rows + (size_t)i * REGION_COUNT;
            memcpy(row, latency_row(world->latency, i), REGION_COUNT * sizeof *row);
            shift_row(world, &model->places[i], row);
            world->places[i].ms = row;
        }
        *world->shifted = *model;
        world->shifted->places = world->places;
        world->shifted->latency_version_count = 0; // the rows have them in
        latency_table_destroy(world->latency);
        world->latency = latency_table_create(world->shifted, world_wall(world));
    }
    world->view.latency = world->latency;
    world->changes++;
}

static void replace_model(struct world *world, struct model *model)
{
    struct model *old = world->model;
    struct locator *locator = world->locator;
    if (world->seed_given) {
        model->simulator.seed = world->seed;
    }
    fleet_apply(world->fleet, model, world->now, world_wall(world));
    population_destroy(world->population);
    world->model = model;
    world->locator = locator_create(model);
    world->population = population_create(model);
    world->view = (struct view){.model = model, .locator = world->locator};
    make_latency(world);
    locator_destroy(locator);
    model_destroy(old);
}

static struct account *account_of_nothing(void)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct policy_options options = {.on_loopback = true};
    struct policy *policy = policy_read("(nothing)", bytes_of("{}"), &options, diagnostics);
    assert(policy != NULL);
    diagnostics_destroy(diagnostics);
    return account_create(policy, true);
}

// The policy's objects become the account's, but where calls have changed those that it leaves alone.
static bool merge(struct world *world, struct policy *policy, struct error *error)
{
    struct diagnostics *diagnostics = diagnostics_create();
    struct account_edit *edit = account_edit_create(world->account);
    struct account_merge report = {0};
    struct model *base = model_build(policy_spec(policy));
    account_edit_merge(edit, policy, &report);
    bool ok = account_edit_compile(edit, base, diagnostics);
    if (ok) {
        struct model *model = account_edit_take_model(edit);
        account_apply(edit);
        propagation_clear(&world->propagation); // the model has it all
        replace_model(world, model != NULL ? model : base);
        base = model != NULL ? base : NULL;
    } else {
        struct buffer first;
        buffer_init(&first, 512);
        diagnostics_first(diagnostics, &first);
        error_set(error, "%s", buffer_string(&first));
        buffer_free(&first);
        account_edit_discard(edit);
    }
    model_destroy(base);
    diagnostics_destroy(diagnostics);
    return ok;
}

bool world_set_policy(struct world *world, struct policy *policy, struct error *error)
{
    if (world->account != NULL) {
        return merge(world, policy, error);
    }
    struct model *model = model_build(policy_spec(policy));
    policy_destroy(policy);
    replace_model(world, model);
    return true;
}

void world_init(struct world *world, struct policy *policy, const struct world_options *options)
{
    struct error error = {0};
    *world = (struct world){
        .now = options->now,
        .started = {options->started.ns != 0 ? options->started.ns : STARTED},
        .seed_given = options->seed_given,
        .seed = options->seed,
        .fleet = fleet_create(),
        .endpoints = endpoints_create(),
        .shifted = xcalloc(1, sizeof(struct model)),
    };
    random_seed(&world->ids, options->seed);
    world->account = options->with_account ? account_of_nothing() : NULL;
    world->prober = scripted_prober_create(world->fleet, world->endpoints, &options->prober);
    bool ok = world_set_policy(world, policy, &error);
    assert(ok); // the policy was read, so it can be built
}

void world_free(struct world *world)
{
    scripted_prober_destroy(world->prober);
    endpoints_destroy(world->endpoints);
    fleet_destroy(world->fleet);
    population_destroy(world->population);
    latency_table_destroy(world->latency);
    locator_destroy(world->locator);
    propagation_clear(&world->propagation);
    model_destroy(world->model);
    account_destroy(world->account);
    free(world->shifted);
    free(world->places);
    free(world->rows);
    free(world->shifts);
}

// --- changes -----------------------------------------------------------------------------------------------

static bool admit(struct world *world, struct route53_fault *fault)
{
    if (world->control_plane_out) {
        return route53_fault_set(fault, "ServiceUnavailable", "the control plane, in us-east-1, is out");
    }
    enum api_fault asked = api_faults_admit(&world->api_faults, world->now);
    if (asked != API_FAULT_NONE) { // Drop is no code of the API's, so it is not set as one
        *fault = (struct route53_fault){.code = api_fault_code(asked),
                                        .message = xstrdup(api_fault_message(asked))};
        return false;
    }
    return true;
}

bool world_call(struct world *world, const char *operation, const json_t *input, struct route53_fault *fault)
{
    enum route53_operation number = route53_operation_find(bytes_of(operation));
    if (!admit(world, fault)) {
        return false;
    }
    if (number == ROUTE53_OPERATIONS) {
        return route53_fault_set(fault, "UnknownOperationException", "there is no operation %s", operation);
    }
    struct route53_call_context context = {
        .account = world->account,
        .fleet = world->fleet,
        .view = &world->view,
        .model = propagation_latest(&world->propagation, world->model),
        .now = world_wall(world),
        .one_change_at_a_time = world->api_faults.one_change_at_a_time,
        .ids = &world->ids,
    };
    json_t *copy = json_deep_copy(input);
    json_t *output = NULL;
    struct account_edit *edit = NULL;
    bool ok = route53_call(&context, number, copy, &output, &edit, fault);
    if (edit != NULL) {
        struct model *model = account_edit_take_model(edit);
        bool delayed = account_edit_changes(edit, ACCOUNT_CHANGE);
        account_apply(edit);
        if (model != NULL) {
            model = propagation_submit(&world->propagation, world->model, model, delayed, world->now);
        }
        if (model != NULL) {
            replace_model(world, model);
        }
    }
    json_decref(output);
    json_decref(copy);
    return ok;
}

bool world_follow_changes(struct world *world)
{
    struct model *model;
    bool any = false;
    while ((model = propagation_arrive(&world->propagation, world->now)) != NULL) {
        replace_model(world, model);
        any = true;
    }
    return any;
}

bool world_follow_latency(struct world *world)
{
    if (mono_before(world->now, world->latency_due)) {
        return false;
    }
    make_latency(world);
    return true;
}

void world_add_shift(struct world *world, const struct world_shift *shift)
{
    world->shifts = xreallocarray(world->shifts, world->shift_count + 1, sizeof *world->shifts);
    world->shifts[world->shift_count++] = *shift;
    make_latency(world);
}

void world_remove_shift(struct world *world, uint32_t event)
{
    size_t kept = 0;
    for (size_t i = 0; i < world->shift_count; i++) {
        if (world->shifts[i].event != event) {
            world->shifts[kept++] = world->shifts[i];
        }
    }
    world->shift_count = kept;
    make_latency(world);
}

// --- sites -------------------------------------------------------------------------------------------------

struct site_walk {
    const struct world *world;
    void (*visit)(const char *key, void *context);
    void *context;
    size_t count;
    unsigned depth;
};

static void visit(struct site_walk *walk, const char *key)
{
    walk->visit(key, walk->context);
    walk->count++;
}

static void visit_value(struct site_walk *walk, uint16_t type, struct bytes rdata)
{
    struct buffer text;
    char key[ENDPOINT_KEY];
    buffer_init(&text, 1024);
    dns_rdata_format(type, rdata, &text);
    struct bytes host = {(const uint8_t *)buffer_string(&text), text.len};
    host.len -= host.len > 1 && host.data[host.len - 1] == '.';
    bool address = type == DNS_TYPE_A || type == DNS_TYPE_AAAA || type == DNS_TYPE_CNAME;
    if (address && endpoint_key_parse(host, key, NULL)) {
        visit(walk, key);
    }
    buffer_free(&text);
}

static void visit_check(struct site_walk *walk, uint32_t index)
{
    const struct model *model = walk->world->model;
    if (index < model->health_check_count &&
        health_check_type_is_endpoint(model->health_checks[index].type)) {
        char key[ENDPOINT_KEY];
        endpoint_key_of(&model->health_checks[index], key);
        visit(walk, key);
    }
}

static void visit_record_set(struct site_walk *walk, const struct record_group *group,
                             const struct record_set *set)
{
    enum { DEPTH_MAX = 32 }; // T5
    visit_check(walk, set->health_check);
    const struct record_group *target = set->alias != NULL ? set->alias->group : NULL;
    for (uint16_t i = 0; target != NULL && walk->depth < DEPTH_MAX && i < target->member_count; i++) {
        walk->depth++;
        visit_record_set(walk, target, &target->members[i]);
        walk->depth--;
    }
    size_t at = 0;
    struct bytes rdata;
    const struct record_set *values = set->alias != NULL ? set->alias->addresses : set;
    while (values != NULL && record_set_next(values, &at, &rdata)) {
        visit_value(walk, group->type, rdata);
    }
}

static bool of_site(const struct record_set *set, const char *site)
{
    return (set->region != REGION_NONE && strcmp(region_at(set->region)->code, site) == 0) ||
           (set->set_identifier != NULL && strcmp(set->set_identifier, site) == 0);
}

size_t world_each_endpoint(const struct world *world, const char *site,
                           void (*each)(const char *key, void *context), void *context)
{
    struct site_walk walk = {.world = world, .visit = each, .context = context};
    for (uint32_t i = 0; i < world->model->routed_group_count; i++) {
        const struct record_group *group = world->model->routed_groups[i];
        for (uint16_t member = 0; member < group->member_count; member++) {
            if (of_site(&group->members[member], site)) {
                visit_record_set(&walk, group, &group->members[member]);
            }
        }
    }
    return walk.count;
}
