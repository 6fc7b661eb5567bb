// SPDX-License-Identifier: MIT
// A new policy comes into force whole or not at all.
#include <malloc.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "core/account/compile.h"
#include "core/account/merge.h"
#include "core/location/client_text.h"
#include "internal.h"

bool daemon_on_loopback(const struct daemon_options *options)
{
    for (size_t i = 0; i < options->dns_count; i++) {
        if (!ip_is_loopback(&options->dns[i].at.address)) {
            return false;
        }
    }
    return ip_is_loopback(&options->http.address);
}

// The places (not VPCs) that --dns ADDR:PORT=PLACE names must exist in the policy's latency table.
static bool listener_places_known(const struct daemon_options *options, const struct model *model,
                                  struct error *error)
{
    for (size_t i = 0; i < options->dns_count; i++) {
        const char *place = options->dns[i].place;
        struct client client;
        if (place[0] == '\0' || client_text_is_vpc(bytes_of(place))) { // a VPC's zones may come later
            continue;
        }
        if (!client_parse(model, bytes_of(place), &client, error)) {
            return error_context(error, "--dns");
        }
        if (client.place == PLACE_NONE) {
            return error_set(error, "--dns: '%s' is an address, not a place of the latency table", place);
        }
    }
    return true;
}

static void refuse(struct daemon *daemon, const char *problems, const char *first_problem, bool first)
{
    fputs(problems, stderr);
    free(daemon->reload_error);
    daemon->reload_error = xstrdup(first_problem);
    daemon->reload_failed = daemon_clock_wall(&daemon->clock);
    if (!first) {
        log_message(LOG_LEVEL_ERROR, "policy_refused", "%s; the old policy stays in force", first_problem);
    }
}

static void take_model(struct daemon *daemon, struct model *model, bool other_checks, mono_time now)
{
    struct snapshot *old = daemon->current;
    daemon->current = snapshot_create(model, old);
    if (other_checks) {
        fleet_apply(daemon->fleet, model, now, daemon_clock_wall(&daemon->clock));
    }
    daemon->view_generation = fleet_generation(daemon->fleet);
    daemon_follow_latency(daemon);
    daemon_publish(daemon); // before the old snapshot goes: the fleet and the workers now read the new one
    snapshot_release(old);
}

void daemon_take_model(struct daemon *daemon, struct model *model, mono_time now)
{
    const struct model *old = daemon->current->model;
    take_model(daemon, model,
               old->check_list != model->check_list || old->resource_list != model->resource_list, now);
}

static void put_in_force(struct daemon *daemon, struct model *model)
{
    propagation_clear(&daemon->propagation); // the model has it all
    daemon->policy_loaded = daemon_clock_wall(&daemon->clock);
    daemon->policy_generation++;
    free(daemon->reload_error);
    daemon->reload_error = NULL;
    mono_time now = daemon_clock_mono(&daemon->clock);
    record_policy(daemon, now);
    take_model(daemon, model, true, now);
    record_answers(daemon);
    struct log_line line;
    log_begin(&line, LOG_LEVEL_INFO, "policy_loaded");
    log_text(&line, "source", model->source != NULL ? model->source : "(none)");
    log_number(&line, "generation", (int64_t)daemon->policy_generation);
    log_number(&line, "hosted_zones", model->zone_count);
    log_number(&line, "record_sets", model->record_set_count);
    log_number(&line, "health_checks", model->health_check_count);
    log_end(&line);
}

// What the API made of an object is overridden, since the file now says something else than before.
static void tell_conflict(const struct account_object *object, void *context)
{
    static const char *const kinds[] = {
        [ACCOUNT_ZONE] = "hosted zone",
        [ACCOUNT_RECORD_SET] = "record set",
        [ACCOUNT_HEALTH_CHECK] = "health check",
        [ACCOUNT_CIDR_COLLECTION] = "CIDR collection",
        [ACCOUNT_TAGS] = "tags",
    };
    json_t *conflicts = context;
    const char *kind = object->kind <= ACCOUNT_TAGS ? kinds[object->kind] : "object";
    log_message(LOG_LEVEL_WARNING, "policy_overrides_api", "%s %.*s: the file changed it too", kind,
                (int)object->key.len, (const char *)object->key.data);
    json_array_append_new(
        conflicts, json_sprintf("%s %.*s", kind, (int)object->key.len, (const char *)object->key.data));
}

static bool write_down(struct daemon *daemon, const struct account_edit *edit,
                       const struct account_merge *merge, json_t *conflicts, bool first, struct error *error)
{
    bool news = merge->added + merge->changed + merge->removed > 0;
    char *why =
        xasprintf("%zu added, %zu changed, %zu removed, %zu kept as the API made them, %zu overridden",
                  merge->added, merge->changed, merge->removed, merge->kept, merge->conflicts);
    const char *path = daemon->options->policy;
    json_array_insert_new(conflicts, 0, json_string(path != NULL ? path : "(none)"));
    struct durable_change change = {.who = "nearwell",
                                    .what = !news   ? NULL
                                            : first ? "load"
                                                    : "reload",
                                    .on = conflicts,
                                    .why = why};
    bool ok = durable_write_edit(daemon, edit, &change, error);
    free(why);
    return ok;
}

// Takes the policy.
static struct account_edit *stage(struct daemon *daemon, struct policy *policy, struct account_merge *merge)
{
    struct account_edit *edit = account_edit_create(daemon->account);
    if (daemon->options->policy != NULL) {
        account_edit_merge(edit, policy, merge);
    } else {
        account_edit_take_policy(edit, policy);
    }
    return edit;
}

// The model of the account as the policy leaves it, written down and applied; NULL when something is wrong.
// Takes the policy.
static struct model *merge_policy(struct daemon *daemon, struct policy *policy, bool first,
                                  struct buffer *problems, struct buffer *first_problem)
{
    struct diagnostics *diagnostics = diagnostics_create();
    json_t *conflicts = json_array();
    struct account_merge merge = {.conflict = tell_conflict, .context = conflicts};
    struct error error = {0};
    struct account_edit *edit = stage(daemon, policy, &merge);
    struct model *model =
        account_edit_compile(edit, NULL, diagnostics) ? account_edit_take_model(edit) : NULL;
    if (model == NULL) {
        diagnostics_print(diagnostics, problems);
        diagnostics_first(diagnostics, first_problem);
    } else if (!listener_places_known(daemon->options, model, &error) ||
               !write_down(daemon, edit, &merge, conflicts, first, &error)) {
        buffer_format(problems, "nearwell: %s\n", error.text);
        buffer_text(first_problem, error.text);
        model_destroy(model);
        model = NULL;
    }
    if (model != NULL) {
        account_apply(edit);
    } else {
        account_edit_discard(edit);
    }
    json_decref(conflicts);
    diagnostics_destroy(diagnostics);
    return model;
}

// Where nothing but the policy decides, answers need not wait until the account has it: daemon_settle. Takes
// the policy.
static struct model *first_policy(struct daemon *daemon, struct policy *policy, struct buffer *problems,
                                  struct buffer *first_problem)
{
    struct error error = {0};
    struct model *model = model_build(policy_spec(policy));
    if (!listener_places_known(daemon->options, model, &error)) {
        buffer_format(problems, "nearwell: %s\n", error.text);
        buffer_text(first_problem, error.text);
        model_destroy(model);
        policy_destroy(policy);
        return NULL;
    }
    daemon->unmerged = policy;
    return model;
}

bool daemon_load_policy(struct daemon *daemon, bool first)
{
    struct buffer problems;
    struct buffer first_problem;
    buffer_init(&problems, 1 << 20);
    buffer_init(&first_problem, 4096);
    const struct snapshot_reader reader = {
        .on_loopback = daemon_on_loopback(daemon->options), .note = record_file, .context = daemon};
    struct policy *policy = snapshot_read(daemon->options->policy, &reader, &problems, &first_problem);
    struct model *model = NULL;
    if (policy != NULL && first && daemon->state == NULL) {
        model = first_policy(daemon, policy, &problems, &first_problem);
    } else if (policy != NULL) {
        model = merge_policy(daemon, policy, first, &problems, &first_problem);
    }
    if (model != NULL) {
        put_in_force(daemon, model);
    } else {
        refuse(daemon, buffer_string(&problems), buffer_string(&first_problem), first);
    }
    buffer_free(&problems);
    buffer_free(&first_problem);
    return model != NULL;
}

// What has been in force since the start becomes the account's. Without a state file this cannot fail.
static void seed_account(struct daemon *daemon)
{
    json_t *conflicts = json_array();
    struct account_merge merge = {0};
    struct error error = {0};
    struct account_edit *edit = stage(daemon, daemon->unmerged, &merge);
    daemon->unmerged = NULL;
    write_down(daemon, edit, &merge, conflicts, true, &error);
    account_apply(edit);
    json_decref(conflicts);
}

void daemon_settle(struct daemon *daemon)
{
    if (daemon->unmerged != NULL) {
        seed_account(daemon);
    }
    account_tidy(daemon->account);
    malloc_trim(0); // a parsed policy is several times its model, and in pieces that malloc would keep
}
