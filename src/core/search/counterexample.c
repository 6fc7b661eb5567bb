// SPDX-License-Identifier: MIT
#include "core/search/counterexample.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/xalloc.h"
#include "core/dns/rrtype.h"
#include "core/health/check.h"

// Failures begin at FAILS; by the end every check has long noticed.
#define FAILS "1m"
#define END   "10m"
#define LONG  "5m"

enum { TEXT_MAX = 65536 };

struct writing {
    const struct atlas *atlas;
    const struct search_options *options;
    const struct search_finding *finding;
    json_t *events;
    json_t *expectations;
    struct map *hosts; // that are down already
};

// --- events ------------------------------------------------------------------------------------------------

static void take_down(struct writing *writing, const char *host)
{
    if (map_put(writing->hosts, bytes_of(host), writing)) {
        json_array_append_new(writing->events, json_pack("{s:s, s:s, s:{s:s}}", "At", FAILS, "Endpoint", host,
                                                         "Fault", "Kind", "down"));
    }
}

static void take_down_values(struct writing *writing, const struct atlas_leaf *leaf)
{
    uint16_t type = leaf->group->type;
    struct bytes rdata;
    for (size_t at = 0; record_set_next(leaf->record_set, &at, &rdata);) {
        struct buffer text;
        buffer_init(&text, TEXT_MAX);
        dns_rdata_format(type, rdata, &text);
        char *host = xstrdup(buffer_string(&text));
        size_t len = strlen(host);
        if (len > 1 && host[len - 1] == '.') {
            host[len - 1] = '\0';
        }
        if (type == DNS_TYPE_A || type == DNS_TYPE_AAAA || type == DNS_TYPE_CNAME) {
            take_down(writing, host);
        }
        free(host);
        buffer_free(&text);
    }
}

static void take_down_check(struct writing *writing, const struct health_check *check)
{
    if (check->ip_address.family != 0) {
        char text[IP_TEXT];
        ip_format(&check->ip_address, text);
        take_down(writing, text);
    } else if (check->fully_qualified_domain_name != NULL) {
        take_down(writing, check->fully_qualified_domain_name);
    }
}

static void take_down_site(struct writing *writing, uint32_t site)
{
    const struct atlas *atlas = writing->atlas;
    for (uint32_t i = 0; i < atlas->leaf_count; i++) {
        if (atlas->leaves[i].site == site) {
            take_down_values(writing, &atlas->leaves[i]);
        }
    }
    for (uint32_t i = 0; i < atlas->view->model->health_check_count; i++) {
        if (atlas->check_used[i] && atlas->check_sites[i] == UINT64_C(1) << site) {
            take_down_check(writing, &atlas->view->model->health_checks[i]);
        }
    }
}

// Its own failure, as the status that answers see.
static void fail_check(struct writing *writing, uint32_t index)
{
    const struct health_check *check = &writing->atlas->view->model->health_checks[index];
    bool final = check_final(false, check->disabled, check->inverted);
    json_array_append_new(writing->events,
                          json_pack("{s:s, s:s, s:{s:s, s:s}}", "At", FAILS, "HealthCheckId", check->id,
                                    "Override", "Verdict", final ? "healthy" : "unhealthy", "Reason",
                                    "it sees failures"));
}

static void write_events(struct writing *writing)
{
    const struct search_finding *finding = writing->finding;
    json_t *cut_off = json_array();
    for (unsigned i = 0; i < finding->failure_count; i++) {
        const struct failure *failure = &finding->failures[i];
        switch (failure->kind) {
        case FAILURE_SITE:
            take_down_site(writing, failure->index);
            break;
        case FAILURE_CHECK:
        case FAILURE_DRAIN:
            fail_check(writing, failure->index);
            break;
        case FAILURE_PARTITION:
            json_array_append_new(cut_off, json_string(failure_name(writing->atlas, failure)));
            break;
        }
    }
    if (json_array_size(cut_off) > 0) {
        json_array_append_new(writing->events,
                              json_pack("{s:s, s:s, s:{s:s, s:O}}", "At", FAILS, "Endpoint", "*", "Fault",
                                        "Kind", "partition", "CheckerRegions", cut_off));
    }
    json_decref(cut_off);
}

// --- expectations ------------------------------------------------------------------------------------------

static json_t *site_as_answer(const struct atlas *atlas, uint32_t leaf)
{
    const struct atlas_site *site = &atlas->sites[atlas->leaves[leaf].site];
    const char *identifier = atlas->leaves[leaf].record_set->set_identifier;
    return site->region != REGION_NONE ? json_pack("{s:s}", "Region", site->name)
                                       : json_pack("{s:s}", "SetIdentifier", identifier);
}

// That the largest place stays where it is when nothing fails.
static json_t *stays(const struct writing *writing)
{
    const struct atlas *atlas = writing->atlas;
    const struct atlas_root *root = &atlas->roots[writing->finding->root];
    uint32_t count;
    struct search_answer *moved = search_evidence(atlas, writing->finding, &count);
    struct atlas_state *state = atlas_state_create(root);
    struct status_table *status = status_table_create(atlas->view->model->health_check_count, true);
    struct health_effects *effects = health_effects_create(atlas);
    const struct atlas_answer *usual;
    json_t *expectation = NULL;
    health_effects_apply(effects, NULL, 0, status);
    atlas_state_set(state, status);
    if (count > 0 && atlas_answers(state, root->class_of[moved[0].lead], &usual) == 1 &&
        usual->leaf != ATLAS_NO_LEAF) {
        const struct place *place =
            &atlas->view->model->places[atlas->population->shares[moved[0].lead].place];
        expectation = json_pack("{s:s, s:s, s:o}", "At", END, "Client", place->name, "Answer",
                                site_as_answer(atlas, usual->leaf));
    }
    health_effects_destroy(effects);
    free(status);
    atlas_state_destroy(state);
    free(moved);
    return expectation;
}

static void write_expectation(struct writing *writing)
{
    const struct search_finding *finding = writing->finding;
    const char *site = writing->atlas->sites[finding->site].name;
    json_t *expectation = NULL;
    switch (finding->invariant) {
    case SEARCH_DEAD:
        expectation = json_pack("{s:s, s:s}", "Never", "DeadSite", "LongerThan", LONG);
        break;
    case SEARCH_FAIL_OPEN:
        expectation = json_pack("{s:s}", "Never", "FailOpen");
        break;
    case SEARCH_OVERLOAD:
        expectation = json_pack("{s:s, s:{s:{s:f}}}", "At", END, "Share", site, "Most",
                                100 * writing->options->capacities[finding->site]);
        break;
    case SEARCH_MOVED:
        expectation = stays(writing);
        break;
    }
    if (expectation != NULL) {
        json_array_append_new(writing->expectations, expectation);
    }
}

// --- the whole ---------------------------------------------------------------------------------------------

static json_t *describe(const struct writing *writing)
{
    struct buffer text;
    buffer_init(&text, TEXT_MAX);
    buffer_format(&text, "Found by nearwell search: %s", search_invariant_name(writing->finding->invariant));
    for (unsigned i = 0; i < writing->finding->failure_count; i++) {
        const struct failure *failure = &writing->finding->failures[i];
        buffer_format(&text, "%s%s %s", i == 0 ? " after failures of " : ", ",
                      failure_kind_name(failure->kind), failure_name(writing->atlas, failure));
    }
    buffer_text(&text, ". Passes once the policy no longer does that.");
    json_t *json = json_string(buffer_string(&text));
    buffer_free(&text);
    return json;
}

static void set_question(const struct record_group *group, json_t *out)
{
    char name[DNS_NAME_TEXT];
    char type[DNS_TYPE_TEXT];
    struct dns_name wire = {.len = group->node->name_len};
    memcpy(wire.wire, group->node->name, wire.len);
    dns_name_format_plain(&wire, name);
    dns_rrtype_format(group->type, type);
    json_object_set_new(out, "Name", json_string(name));
    json_object_set_new(out, "Type", json_string(type));
}

json_t *search_counterexample(const struct atlas *atlas, const struct search_options *options,
                              const struct search_finding *finding, const char *policy)
{
    struct writing writing = {.atlas = atlas,
                              .options = options,
                              .finding = finding,
                              .events = json_array(),
                              .expectations = json_array(),
                              .hosts = map_create()};
    json_t *scenario = json_object();
    write_events(&writing);
    write_expectation(&writing);
    json_object_set_new(scenario, "Description", describe(&writing));
    json_object_set_new(scenario, "Policy", json_string(policy));
    set_question(atlas->roots[finding->root].group, scenario);
    json_object_set_new(scenario, "End", json_string(END));
    json_object_set_new(scenario, "Events", writing.events);
    json_object_set_new(scenario, "Expectations", writing.expectations);
    map_destroy(writing.hosts);
    return scenario;
}
