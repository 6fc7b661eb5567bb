// SPDX-License-Identifier: MIT
#include "core/search/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "atlas_state.h"
#include "base/xalloc.h"
#include "core/dns/rrtype.h"

enum { ANSWERS_SHOWN = 5, EXPLAINED_CHECKS_MAX = 64 };

static void set_count(json_t *out, const char *key, uint64_t count)
{
    json_object_set_new(out, key, json_integer((json_int_t)count));
}

static const char *group_name(const struct record_group *group, char out[DNS_NAME_TEXT])
{
    struct dns_name name = {.len = group->node->name_len};
    memcpy(name.wire, group->node->name, name.len);
    dns_name_format_plain(&name, out);
    return out;
}

// --- one finding -------------------------------------------------------------------------------------------

// What people call a check.
static void set_label(const struct atlas *atlas, const struct failure *failure, json_t *out)
{
    const char *label =
        failure->kind == FAILURE_CHECK ? atlas->view->model->health_checks[failure->index].name : NULL;
    if (label != NULL) {
        json_object_set_new(out, "label", json_string(label));
    }
}

static json_t *failures_json(const struct atlas *atlas, const struct search_finding *finding)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < finding->failure_count; i++) {
        json_t *json = json_object();
        json_object_set_new(json, "kind", json_string(failure_kind_name(finding->failures[i].kind)));
        json_object_set_new(json, "name", json_string(failure_name(atlas, &finding->failures[i])));
        set_label(atlas, &finding->failures[i], json);
        json_array_append_new(list, json);
    }
    return list;
}

static json_t *answers_json(const struct atlas *atlas, const struct search_answer *answers, uint32_t count)
{
    const struct population *population = atlas->population;
    json_t *list = json_array();
    for (uint32_t i = 0; i < count && i < ANSWERS_SHOWN; i++) {
        const struct place *place = &atlas->view->model->places[population->shares[answers[i].lead].place];
        json_t *json = json_object();
        json_object_set_new(json, "place", json_string(place->name));
        set_count(json, "places", answers[i].places);
        json_object_set_new(json, "percent", json_real(100 * answers[i].share));
        json_object_set_new(json, "site",
                            answers[i].leaf != ATLAS_NO_LEAF
                                ? json_string(atlas->sites[atlas->leaves[answers[i].leaf].site].name)
                                : json_null());
        json_object_set_new(json, "fail_open", json_boolean(answers[i].fail_open));
        json_array_append_new(list, json);
    }
    return list;
}

// The checks that the answers of a name depend on, each once.
static uint32_t *checks_of(const struct atlas *atlas, const struct atlas_root *root, uint32_t *count)
{
    uint32_t checks = atlas->view->model->health_check_count;
    uint32_t *list = xcalloc(checks + (size_t)1, sizeof *list);
    uint8_t *seen = xcalloc(checks + (size_t)1, sizeof *seen);
    *count = 0;
    for (uint32_t n = 0; n < root->node_count; n++) {
        for (unsigned i = 0; i < root->nodes[n].member_count; i++) {
            uint32_t check = root->nodes[n].members[i].check;
            if (check < checks && seen[check]++ == 0) {
                list[(*count)++] = check;
            }
        }
    }
    free(seen);
    return list;
}

// explain begins with every check as the policy has it, and can only take more of them down.
static bool can_explain(const struct model *model, const struct status_table *status, const uint32_t *checks,
                        uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (model->health_checks[checks[i]].inverted && status_table_healthy(status, checks[i])) {
            return false;
        }
    }
    return model->source != NULL && count <= EXPLAINED_CHECKS_MAX;
}

static void set_explain(const struct atlas *atlas, const struct search_finding *finding,
                        const json_t *unhealthy, const struct search_answer *first, json_t *out)
{
    const struct model *model = atlas->view->model;
    const struct record_group *group = atlas->roots[finding->root].group;
    char name[DNS_NAME_TEXT];
    char type[DNS_TYPE_TEXT];
    size_t i;
    json_t *id;
    struct buffer command;
    dns_rrtype_format(group->type, type);
    buffer_init(&command, 65536);
    buffer_format(&command, "nearwell explain --policy %s %s %s --client %s", model->source,
                  group_name(group, name), type,
                  model->places[atlas->population->shares[first->lead].place].name);
    json_array_foreach(unhealthy, i, id)
    {
        buffer_format(&command, " --unhealthy %s", json_string_value(id));
    }
    json_object_set_new(out, "explain", json_string(buffer_string(&command)));
    buffer_free(&command);
}

static void set_statuses(const struct atlas *atlas, const struct search_finding *finding,
                         const struct search_answer *first, json_t *out)
{
    const struct model *model = atlas->view->model;
    struct health_effects *effects = health_effects_create(atlas);
    struct status_table *status = status_table_create(model->health_check_count, true);
    uint32_t count;
    uint32_t *checks = checks_of(atlas, &atlas->roots[finding->root], &count);
    json_t *unhealthy = json_array();
    health_effects_apply(effects, finding->failures, finding->failure_count, status);
    for (uint32_t i = 0; i < count; i++) {
        if (!status_table_healthy(status, checks[i])) {
            json_array_append_new(unhealthy, json_string(model->health_checks[checks[i]].id));
        }
    }
    json_object_set_new(out, "unhealthy", unhealthy);
    if (first != NULL && can_explain(model, status, checks, count)) {
        set_explain(atlas, finding, unhealthy, first, out);
    }
    free(checks);
    free(status);
    health_effects_destroy(effects);
}

static json_t *finding_json(const struct atlas *atlas, const struct search_options *options,
                            const struct search_finding *finding)
{
    const struct record_group *group = atlas->roots[finding->root].group;
    char name[DNS_NAME_TEXT];
    char type[DNS_TYPE_TEXT];
    uint32_t count;
    struct search_answer *answers = search_evidence(atlas, finding, &count);
    json_t *json = json_object();
    dns_rrtype_format(group->type, type);
    json_object_set_new(json, "invariant", json_string(search_invariant_name(finding->invariant)));
    json_object_set_new(json, "name", json_string(group_name(group, name)));
    json_object_set_new(json, "type", json_string(type));
    json_object_set_new(json, "failures", failures_json(atlas, finding));
    json_object_set_new(json, "percent", json_real(100 * finding->share));
    if (finding->invariant == SEARCH_OVERLOAD) {
        json_object_set_new(json, "site", json_string(atlas->sites[finding->site].name));
        json_object_set_new(json, "capacity_percent", json_real(100 * options->capacities[finding->site]));
    }
    json_object_set_new(json, "answers", answers_json(atlas, answers, count));
    set_statuses(atlas, finding, count > 0 ? &answers[0] : NULL, json);
    free(answers);
    return json;
}

// --- all of it ---------------------------------------------------------------------------------------------

static json_t *sites_json(const struct atlas *atlas)
{
    json_t *sites = json_array();
    for (uint32_t i = 0; i < atlas->site_count; i++) {
        json_array_append_new(sites, json_string(atlas->sites[i].name));
    }
    return sites;
}

static json_t *broken_json(const struct search_options *options, const struct search_result *result)
{
    json_t *broken = json_object();
    for (unsigned i = 0; i < SEARCH_INVARIANTS; i++) {
        if (options->invariants >> i & 1) {
            set_count(broken, search_invariant_name(i), result->broken[i]);
        }
    }
    return broken;
}

static uint64_t checks_used(const struct atlas *atlas)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < atlas->view->model->health_check_count; i++) {
        count += atlas->check_used[i];
    }
    return count;
}

json_t *search_json(const struct atlas *atlas, const struct search_options *options,
                    const struct search_result *result, unsigned show)
{
    const char *source = atlas->view->model->source;
    unsigned shown[SEARCH_INVARIANTS] = {0};
    uint64_t left_out = 0;
    json_t *findings = json_array();
    json_t *report = json_object();
    for (uint32_t i = 0; i < result->finding_count; i++) {
        const struct search_finding *finding = &result->findings[i];
        if (shown[finding->invariant]++ < show) {
            json_array_append_new(findings, finding_json(atlas, options, finding));
        } else {
            left_out++;
        }
    }
    set_count(report, "schema_version", SEARCH_SCHEMA_VERSION);
    json_object_set_new(report, "policy", source != NULL ? json_string(source) : json_null());
    json_object_set_new(report, "sites", sites_json(atlas));
    set_count(report, "checks", checks_used(atlas));
    set_count(report, "places", atlas->population->count);
    set_count(report, "names", atlas->root_count);
    set_count(report, "failures", result->failure_count);
    set_count(report, "up_to", options->up_to);
    set_count(report, "states", result->states);
    set_count(report, "decisions", result->decisions);
    json_object_set_new(report, "broken", broken_json(options, result));
    json_object_set_new(report, "findings", findings);
    set_count(report, "findings_left_out", left_out);
    return report;
}

// --- for people --------------------------------------------------------------------------------------------

static json_int_t integer(const json_t *json, const char *key)
{
    return json_integer_value(json_object_get(json, key));
}

static const char *string(const json_t *json, const char *key)
{
    return json_string_value(json_object_get(json, key));
}

static double real(const json_t *json, const char *key)
{
    return json_number_value(json_object_get(json, key));
}

static void print_count(struct buffer *out, const char *before, json_int_t count, const char *one,
                        const char *many)
{
    buffer_format(out, "%s%" JSON_INTEGER_FORMAT " %s", before, count, count == 1 ? one : many);
}

static const struct {
    const char *before;
    const char *after;
} kind_texts[FAILURE_KINDS] = {{"site ", " dies"}, {"check ", " fails"}, {"checkers in ", " are cut off"}};

static void print_failures(const json_t *failures, struct buffer *out)
{
    size_t i;
    json_t *failure;
    if (json_array_size(failures) == 0) {
        buffer_text(out, "nothing fails");
    }
    json_array_foreach(failures, i, failure)
    {
        const char *kind = string(failure, "kind");
        const char *label = string(failure, "label");
        const char *name = label != NULL ? label : string(failure, "name");
        buffer_text(out, i > 0 ? ", " : "");
        for (unsigned k = 0; k < FAILURE_KINDS; k++) {
            if (strcmp(kind, failure_kind_name(k)) == 0) {
                buffer_format(out, "%s%s%s", kind_texts[k].before, name, kind_texts[k].after);
            }
        }
    }
}

static void print_answers(const json_t *answers, struct buffer *out)
{
    size_t i;
    json_t *answer;
    json_array_foreach(answers, i, answer)
    {
        const char *site = string(answer, "site");
        json_int_t others = integer(answer, "places") - 1;
        buffer_format(out, "%s%s", i > 0 ? "; " : "", string(answer, "place"));
        if (others > 0) {
            print_count(out, " and ", others, "place like it", "places like it");
        }
        buffer_format(out, ", %.1f %%: %s%s", real(answer, "percent"), site != NULL ? site : "nothing",
                      json_is_true(json_object_get(answer, "fail_open")) ? " by fail-open" : "");
    }
}

static void print_effect(const json_t *finding, struct buffer *out)
{
    const char *invariant = string(finding, "invariant");
    double percent = real(finding, "percent");
    buffer_format(out, "     %s %s: ", string(finding, "name"), string(finding, "type"));
    if (strcmp(invariant, "dead-site") == 0) {
        buffer_format(out, "%.1f %% of clients are sent to what is dead", percent);
    } else if (strcmp(invariant, "fail-open") == 0) {
        buffer_format(out, "%.1f %% of clients are answered by fail-open", percent);
    } else if (strcmp(invariant, "overload") == 0) {
        buffer_format(out, "%s gets %.1f %% of clients and can bear %.1f %%", string(finding, "site"),
                      percent, real(finding, "capacity_percent"));
    } else {
        buffer_format(out, "%.1f %% of clients move", percent);
    }
    buffer_char(out, '\n');
}

static void print_finding(const json_t *finding, unsigned number, struct buffer *out)
{
    const json_t *answers = json_object_get(finding, "answers");
    const char *command = string(finding, "explain");
    const char *saved = string(finding, "saved");
    buffer_format(out, "%4u. ", number);
    print_failures(json_object_get(finding, "failures"), out);
    buffer_char(out, '\n');
    print_effect(finding, out);
    if (json_array_size(answers) > 0) {
        buffer_text(out, "     ");
        print_answers(answers, out);
        buffer_char(out, '\n');
    }
    if (command != NULL) {
        buffer_format(out, "     %s\n", command);
    }
    if (saved != NULL) {
        buffer_format(out, "     nearwell replay %s\n", saved);
    }
}

static void print_broken(const json_t *report, const char *invariant, json_int_t states, struct buffer *out)
{
    size_t i;
    json_t *finding;
    unsigned number = 0;
    print_count(out, invariant, states, "state; the smallest:", "states; the smallest:");
    buffer_char(out, '\n');
    json_array_foreach(json_object_get(report, "findings"), i, finding)
    {
        if (strncmp(string(finding, "invariant"), invariant, strlen(string(finding, "invariant"))) == 0) {
            print_finding(finding, ++number, out);
        }
    }
}

void search_text(const json_t *report, struct buffer *out)
{
    const char *invariant;
    json_t *states;
    bool good = true;
    buffer_text(out, string(report, "policy") != NULL ? string(report, "policy") : "the policy");
    print_count(out, ": ", (json_int_t)json_array_size(json_object_get(report, "sites")), "site", "sites");
    print_count(out, ", ", integer(report, "checks"), "health check", "health checks");
    print_count(out, ", ", integer(report, "places"), "place", "places");
    print_count(out, ", ", integer(report, "names"), "name", "names");
    buffer_format(out, "\nup to %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " failures at once",
                  integer(report, "up_to"), integer(report, "failures"));
    print_count(out, ": ", integer(report, "states"), "state", "states");
    print_count(out, ", ", integer(report, "decisions"), "decision\n", "decisions\n");
    json_object_foreach(json_object_get(report, "broken"), invariant, states)
    {
        char before[64];
        snprintf(before, sizeof before, "%s: ", invariant);
        if (json_integer_value(states) > 0) {
            good = false;
            buffer_char(out, '\n');
            print_broken(report, before, json_integer_value(states), out);
        }
    }
    if (integer(report, "findings_left_out") > 0) {
        print_count(out, "\n", integer(report, "findings_left_out"), "finding more; see --show\n",
                    "findings more; see --show\n");
    }
    if (good) {
        buffer_text(out, "nothing breaks\n");
    }
}
