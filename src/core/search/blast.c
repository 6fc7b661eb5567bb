// SPDX-License-Identifier: MIT
#include "core/search/blast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/dns/rrtype.h"

// Sites of both sides in one row, and "no answer" as the last.
struct ground {
    const struct blast_side *sides[2];
    uint32_t site_count; // without the last
    const char **sites;
    uint32_t *site_of[2];  // of each site of a side
    uint32_t *place_after; // of each share of the population before: index after, or UINT32_MAX
    uint32_t left_out;
};

// What one name comes to.
struct blast {
    const struct ground *ground;
    struct atlas_state *states[2];
    const struct atlas_root *roots[2];
    double *shares[2]; // by site: of one place
    struct flow *flows;
    double *load[2]; // by site
    double moved;
    double ms[2]; // of the average client
};

// Clients that go from one site to another: shares, and ms times shares.
struct flow {
    double share;
    double ms[2];
};

// --- matching ----------------------------------------------------------------------------------------------

static uint32_t intern_site(struct ground *ground, const char *name)
{
    for (uint32_t i = 0; i < ground->site_count; i++) {
        if (strcmp(ground->sites[i], name) == 0) {
            return i;
        }
    }
    ground->sites[ground->site_count] = name;
    return ground->site_count++;
}

static void match_sites(struct ground *ground)
{
    ground->sites = xcalloc(2 * ATLAS_SITES_MAX, sizeof *ground->sites);
    for (unsigned side = 0; side < 2; side++) {
        const struct atlas *atlas = ground->sides[side]->atlas;
        ground->site_of[side] = xcalloc(ATLAS_SITES_MAX, sizeof *ground->site_of[side]);
        for (uint32_t i = 0; i < atlas->site_count; i++) {
            ground->site_of[side][i] = intern_site(ground, atlas->sites[i].name);
        }
    }
}

static const char *place_name(const struct atlas *atlas, uint32_t p)
{
    return atlas->view->model->places[atlas->population->shares[p].place].name;
}

// Both populations are in the order of names.
static void match_places(struct ground *ground)
{
    const struct atlas *before = ground->sides[0]->atlas;
    const struct atlas *after = ground->sides[1]->atlas;
    ground->place_after = xcalloc(before->population->count, sizeof *ground->place_after);
    uint32_t q = 0;
    for (uint32_t p = 0; p < before->population->count; p++) {
        const char *name = place_name(before, p);
        while (q < after->population->count && strcmp(place_name(after, q), name) < 0) {
            q++;
        }
        bool same = q < after->population->count && strcmp(place_name(after, q), name) == 0;
        ground->place_after[p] = same ? q : UINT32_MAX;
        ground->left_out += !same;
    }
}

static bool same_name(const struct record_group *a, const struct record_group *b)
{
    return a->type == b->type && a->node->name_len == b->node->name_len &&
           memcmp(a->node->name, b->node->name, a->node->name_len) == 0;
}

static const struct atlas_root *find_root(const struct atlas *atlas, const struct record_group *group)
{
    for (uint32_t i = 0; i < atlas->root_count; i++) {
        if (same_name(atlas->roots[i].group, group)) {
            return &atlas->roots[i];
        }
    }
    return NULL;
}

// --- one place ---------------------------------------------------------------------------------------------

static void answers_of(struct blast *blast, unsigned side, uint32_t p)
{
    const struct ground *ground = blast->ground;
    const struct atlas *atlas = ground->sides[side]->atlas;
    const struct atlas_answer *answers;
    unsigned count = atlas_answers(blast->states[side], blast->roots[side]->class_of[p], &answers);
    memset(blast->shares[side], 0, (ground->site_count + (size_t)1) * sizeof *blast->shares[side]);
    for (unsigned i = 0; i < count; i++) {
        uint32_t site = answers[i].leaf == ATLAS_NO_LEAF
                            ? ground->site_count
                            : ground->site_of[side][atlas->leaves[answers[i].leaf].site];
        blast->shares[side][site] += answers[i].share;
    }
}

static double ms_to(const struct blast *blast, unsigned side, uint32_t p, uint32_t site)
{
    const struct atlas *atlas = blast->ground->sides[side]->atlas;
    uint8_t region =
        site == blast->ground->site_count ? REGION_NONE : region_find(bytes_of(blast->ground->sites[site]));
    return region == REGION_NONE
               ? NAN
               : latency_row(atlas->view->latency, atlas->population->shares[p].place)[region];
}

static double surplus(const struct blast *blast, uint32_t site)
{
    return blast->shares[0][site] - blast->shares[1][site];
}

// What a site has too much goes to those that want, in proportion.
static double flow_between(const struct blast *blast, uint32_t from, uint32_t to, double moved)
{
    if (from == to) {
        return fmin(blast->shares[0][from], blast->shares[1][to]);
    }
    double out = surplus(blast, from);
    double in = -surplus(blast, to);
    return out > 0 && in > 0 ? out * in / moved : 0;
}

static double moved_from(const struct blast *blast)
{
    double moved = 0;
    for (uint32_t i = 0; i <= blast->ground->site_count; i++) {
        moved += fmax(surplus(blast, i), 0);
    }
    return moved;
}

static struct flow *flow_at(const struct blast *blast, uint32_t from, uint32_t to)
{
    return &blast->flows[(size_t)from * (blast->ground->site_count + 1) + to];
}

static void add_flow(struct blast *blast, uint32_t p, uint32_t from, uint32_t to, double share)
{
    double before = ms_to(blast, 0, p, from);
    double after = ms_to(blast, 1, blast->ground->place_after[p], to);
    struct flow *flow = flow_at(blast, from, to);
    flow->share += share;
    flow->ms[0] += share * before;
    flow->ms[1] += share * after;
    blast->ms[0] += share * before;
    blast->ms[1] += share * after;
    blast->load[0][from] += share;
    blast->load[1][to] += share;
    blast->moved += from != to ? share : 0;
}

static void count_place(struct blast *blast, uint32_t p)
{
    double clients = blast->ground->sides[0]->atlas->population->shares[p].share;
    answers_of(blast, 0, p);
    answers_of(blast, 1, blast->ground->place_after[p]);
    double moved = moved_from(blast);
    for (uint32_t from = 0; from <= blast->ground->site_count; from++) {
        for (uint32_t to = 0; to <= blast->ground->site_count; to++) {
            double share = flow_between(blast, from, to, moved);
            if (share > 0) {
                add_flow(blast, p, from, to, clients * share);
            }
        }
    }
}

// --- JSON --------------------------------------------------------------------------------------------------

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *site_json(const struct ground *ground, uint32_t site)
{
    return site < ground->site_count ? json_string(ground->sites[site]) : json_null();
}

static json_t *flow_json(const struct ground *ground, uint32_t from, uint32_t to, const struct flow *flow)
{
    json_t *json = json_object();
    json_object_set_new(json, "from", site_json(ground, from));
    json_object_set_new(json, "to", site_json(ground, to));
    json_object_set_new(json, "percent", json_real(100 * flow->share));
    json_object_set_new(json, "before_ms", number(flow->ms[0] / flow->share));
    json_object_set_new(json, "after_ms", number(flow->ms[1] / flow->share));
    return json;
}

struct ranked {
    double worth;
    uint32_t order; // of two that are worth the same, the first
    json_t *json;
};

static int by_worth(const void *a, const void *b)
{
    const struct ranked *one = a;
    const struct ranked *other = b;
    if (one->worth != other->worth) {
        return one->worth < other->worth ? 1 : -1;
    }
    return one->order < other->order ? -1 : 1;
}

// Takes the JSON of all of them.
static json_t *rank(struct ranked *list, uint32_t count, uint32_t most)
{
    json_t *out = json_array();
    qsort(list, count, sizeof *list, by_worth);
    for (uint32_t i = 0; i < count; i++) {
        if (i < most) {
            json_array_append(out, list[i].json);
        }
        json_decref(list[i].json);
    }
    free(list);
    return out;
}

static json_t *flows_json(const struct blast *blast)
{
    uint32_t sites = blast->ground->site_count + 1;
    struct ranked *list = xcalloc((size_t)sites * sites, sizeof *list);
    uint32_t count = 0;
    for (uint32_t from = 0; from < sites; from++) {
        for (uint32_t to = 0; to < sites; to++) {
            const struct flow *flow = flow_at(blast, from, to);
            if (from != to && flow->share > 0) {
                list[count] = (struct ranked){flow->share, count, flow_json(blast->ground, from, to, flow)};
                count++;
            }
        }
    }
    return rank(list, count, UINT32_MAX);
}

// The largest flow of a place, if it moves at all.
static bool largest_flow(const struct blast *blast, uint32_t p, uint32_t *from, uint32_t *to,
                         struct flow *out)
{
    double clients = blast->ground->sides[0]->atlas->population->shares[p].share;
    double moved = moved_from(blast);
    out->share = 0;
    for (uint32_t i = 0; i <= blast->ground->site_count; i++) {
        for (uint32_t j = 0; j <= blast->ground->site_count; j++) {
            double share = i != j ? clients * flow_between(blast, i, j, moved) : 0;
            if (share > out->share) {
                *from = i;
                *to = j;
                out->share = share;
                out->ms[0] = share * ms_to(blast, 0, p, i);
                out->ms[1] = share * ms_to(blast, 1, blast->ground->place_after[p], j);
            }
        }
    }
    return out->share > 0;
}

static json_t *places_json(struct blast *blast)
{
    const struct atlas *before = blast->ground->sides[0]->atlas;
    struct ranked *list = xcalloc(before->population->count, sizeof *list);
    uint32_t count = 0;
    for (uint32_t p = 0; p < before->population->count; p++) {
        uint32_t from = 0;
        uint32_t to = 0;
        struct flow flow;
        if (blast->ground->place_after[p] == UINT32_MAX) {
            continue;
        }
        answers_of(blast, 0, p);
        answers_of(blast, 1, blast->ground->place_after[p]);
        if (largest_flow(blast, p, &from, &to, &flow)) {
            double cost = flow.ms[1] - flow.ms[0];
            json_t *json = flow_json(blast->ground, from, to, &flow);
            json_object_set_new(json, "place", json_string(place_name(before, p)));
            list[count] = (struct ranked){isfinite(cost) ? cost : flow.share, count, json};
            count++;
        }
    }
    return rank(list, count, BLAST_PLACES_SHOWN);
}

static json_t *capacity_of(const struct atlas *atlas, const char *site)
{
    const struct model *model = atlas->view->model;
    for (uint32_t i = 0; i < model->capacity_count; i++) {
        if (strcmp(model->capacities[i].site, site) == 0) {
            return json_real(model->capacities[i].percent);
        }
    }
    return json_null();
}

static json_t *sites_json(const struct blast *blast)
{
    const struct ground *ground = blast->ground;
    json_t *sites = json_array();
    for (uint32_t i = 0; i <= ground->site_count; i++) {
        if (blast->load[0][i] == 0 && blast->load[1][i] == 0) {
            continue;
        }
        json_t *json = json_object();
        json_object_set_new(json, "site", site_json(ground, i));
        json_object_set_new(json, "before_percent", json_real(100 * blast->load[0][i]));
        json_object_set_new(json, "after_percent", json_real(100 * blast->load[1][i]));
        json_object_set_new(json, "capacity_percent",
                            i < ground->site_count ? capacity_of(ground->sides[1]->atlas, ground->sites[i])
                                                   : json_null());
        json_array_append_new(sites, json);
    }
    return sites;
}

// --- one name ----------------------------------------------------------------------------------------------

static json_t *name_json(const struct record_group *group)
{
    char name[DNS_NAME_TEXT];
    char type[DNS_TYPE_TEXT];
    struct dns_name wire = {.len = group->node->name_len};
    json_t *json = json_object();
    memcpy(wire.wire, group->node->name, wire.len);
    dns_name_format_plain(&wire, name);
    dns_rrtype_format(group->type, type);
    json_object_set_new(json, "name", json_string(name));
    json_object_set_new(json, "type", json_string(type));
    return json;
}

static void open_blast(struct blast *blast)
{
    size_t sites = blast->ground->site_count + (size_t)1;
    blast->flows = xcalloc(sites * sites, sizeof *blast->flows);
    for (unsigned side = 0; side < 2; side++) {
        blast->states[side] = atlas_state_create(blast->roots[side]);
        atlas_state_set(blast->states[side], blast->ground->sides[side]->status);
        blast->shares[side] = xcalloc(sites, sizeof *blast->shares[side]);
        blast->load[side] = xcalloc(sites, sizeof *blast->load[side]);
    }
}

static void close_blast(struct blast *blast)
{
    for (unsigned side = 0; side < 2; side++) {
        atlas_state_destroy(blast->states[side]);
        free(blast->shares[side]);
        free(blast->load[side]);
    }
    free(blast->flows);
}

static json_t *compare(const struct ground *ground, const struct atlas_root *before,
                       const struct atlas_root *after)
{
    struct blast blast = {.ground = ground, .roots = {before, after}};
    const struct population *population = ground->sides[0]->atlas->population;
    json_t *json = name_json(before->group);
    double counted = 0;
    open_blast(&blast);
    for (uint32_t p = 0; p < population->count; p++) {
        if (ground->place_after[p] != UINT32_MAX) {
            count_place(&blast, p);
            counted += population->shares[p].share;
        }
    }
    json_object_set_new(json, "moved_percent", json_real(100 * blast.moved));
    json_object_set_new(json, "before_ms", number(blast.ms[0] / counted));
    json_object_set_new(json, "after_ms", number(blast.ms[1] / counted));
    json_object_set_new(json, "flows", flows_json(&blast));
    json_object_set_new(json, "places", places_json(&blast));
    json_object_set_new(json, "sites", sites_json(&blast));
    close_blast(&blast);
    return json;
}

static void add_single(json_t *names, const struct atlas_root *root, const char *only)
{
    json_t *json = name_json(root->group);
    json_object_set_new(json, "only", json_string(only));
    json_array_append_new(names, json);
}

static json_t *names_json(const struct ground *ground)
{
    const struct atlas *before = ground->sides[0]->atlas;
    const struct atlas *after = ground->sides[1]->atlas;
    json_t *names = json_array();
    for (uint32_t i = 0; i < before->root_count; i++) {
        const struct atlas_root *other = find_root(after, before->roots[i].group);
        if (other == NULL) {
            add_single(names, &before->roots[i], "before");
        } else {
            json_array_append_new(names, compare(ground, &before->roots[i], other));
        }
    }
    for (uint32_t i = 0; i < after->root_count; i++) {
        if (find_root(before, after->roots[i].group) == NULL) {
            add_single(names, &after->roots[i], "after");
        }
    }
    return names;
}

json_t *blast_json(const struct blast_side *before, const struct blast_side *after)
{
    struct ground ground = {.sides = {before, after}};
    match_sites(&ground);
    match_places(&ground);
    uint32_t places = before->atlas->population->count - ground.left_out;
    json_t *report = json_object();
    json_object_set_new(report, "schema_version", json_integer(BLAST_SCHEMA_VERSION));
    json_object_set_new(report, "places", json_integer(places));
    json_object_set_new(report, "places_left_out", json_integer(ground.left_out));
    json_object_set_new(report, "names", names_json(&ground));
    free(ground.sites);
    free(ground.site_of[0]);
    free(ground.site_of[1]);
    free(ground.place_after);
    return report;
}
