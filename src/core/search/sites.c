// SPDX-License-Identifier: MIT
// First each leaf and each check gets the name of its site, walking down from the roots; then leaves that
// answer with the same values are brought together; then names become numbers.
#include "sites.h"

#include <stdlib.h>
#include <string.h>

#include "atlas_state.h"
#include "base/map.h"
#include "base/xalloc.h"

struct finding {
    struct atlas *atlas;
    const struct atlas_root *root;
    const char **leaf_names; // NULL: not known yet
    struct map *by_values;   // first value of a leaf to the name of an AWS region
};

// --- names -------------------------------------------------------------------------------------------------

static bool is_region(const char *name)
{
    return name != NULL && region_find(bytes_of(name)) != REGION_NONE;
}

static bool same_degrees(float a, float b)
{
    return a - b < 0.001F && b - a < 0.001F;
}

// The region that a geoproximity record set named when it was read, by its coordinates.
static const char *region_near(const struct geo_position *position)
{
    for (uint8_t i = 0; i < REGION_COUNT; i++) {
        const struct region *region = region_at(i);
        if (same_degrees(region->latitude, position->latitude) &&
            same_degrees(region->longitude, position->longitude)) {
            return region->code;
        }
    }
    return NULL;
}

// What a record set says of where it leads: a region or NULL.
static const char *named_region(const struct record_group *group, const struct record_set *record_set)
{
    if (record_set->region != REGION_NONE) {
        return region_at(record_set->region)->code;
    }
    if (group->policy == ROUTING_GEOPROXIMITY && region_near(record_set->routing.position) != NULL) {
        return region_near(record_set->routing.position);
    }
    return is_region(record_set->set_identifier) ? record_set->set_identifier : NULL;
}

static struct bytes values_of(const struct record_set *record_set)
{
    size_t at = 0;
    struct bytes rdata = {0};
    record_set_next(record_set, &at, &rdata);
    return rdata;
}

static bool is_better(const char *name, const char *than)
{
    return than == NULL || (is_region(name) && !is_region(than));
}

static void name_leaf(struct finding *finding, uint32_t leaf, const char *name)
{
    if (name == NULL || !is_better(name, finding->leaf_names[leaf])) {
        return;
    }
    finding->leaf_names[leaf] = name;
    struct bytes values = values_of(finding->atlas->leaves[leaf].record_set);
    if (is_region(name) && values.len > 0) {
        map_put(finding->by_values, values, (void *)(uintptr_t)name); // NOLINT: read as const char * only
    }
}

// region and identifier are those of the nearest alias above; NULL: none.
static void name_below(struct finding *finding, uint32_t n, const char *region, const char *identifier)
{
    const struct atlas_node *node = &finding->root->nodes[n];
    for (unsigned i = 0; i < node->member_count; i++) {
        const struct record_set *record_set = &node->group->members[i];
        const char *named = named_region(node->group, record_set);
        const char *near = named != NULL ? named : region;
        const char *own = record_set->set_identifier != NULL ? record_set->set_identifier : identifier;
        if (node->members[i].target == TARGET_LEAF) {
            name_leaf(finding, node->members[i].leaf, near != NULL ? near : own);
        } else if (node->members[i].target == TARGET_NODE) {
            name_below(finding, node->members[i].node, near, own);
        }
    }
}

// --- numbers -----------------------------------------------------------------------------------------------

static const char *owner_name(struct atlas *atlas, const struct record_group *group)
{
    struct dns_name name = {.len = group->node->name_len};
    char text[DNS_NAME_TEXT];
    memcpy(name.wire, group->node->name, name.len);
    dns_name_format(&name, text);
    return arena_strdup(atlas->arena, text);
}

static bool number_site(struct atlas *atlas, const char *name, uint8_t *out, struct error *error)
{
    uint32_t site = atlas_find_site(atlas, name);
    if (site == ATLAS_SITES_MAX) {
        return error_set(error,
                         "there are more than %d sites (regions, or SetIdentifiers of what is in none)",
                         ATLAS_SITES_MAX);
    }
    if (site == atlas->site_count) {
        atlas->sites[atlas->site_count++] = (struct atlas_site){name, region_find(bytes_of(name))};
    }
    *out = (uint8_t)site;
    return true;
}

static bool number_leaves(struct finding *finding, struct error *error)
{
    struct atlas *atlas = finding->atlas;
    for (uint32_t i = 0; i < atlas->leaf_count; i++) {
        struct atlas_leaf *leaf = &atlas->leaves[i];
        struct bytes values = values_of(leaf->record_set);
        const char *name = finding->leaf_names[i];
        const char *same = values.len > 0 ? map_get(finding->by_values, values) : NULL;
        name = name == NULL || (same != NULL && !is_region(name)) ? same : name;
        name = name != NULL ? name : owner_name(atlas, leaf->group);
        if (!number_site(atlas, name, &leaf->site, error)) {
            return false;
        }
    }
    return true;
}

// --- checks ------------------------------------------------------------------------------------------------

static uint64_t sites_below(const struct atlas *atlas, const struct atlas_root *root, uint32_t n)
{
    uint64_t sites = 0;
    for (unsigned i = 0; i < root->nodes[n].member_count; i++) {
        const struct atlas_member *member = &root->nodes[n].members[i];
        if (member->target == TARGET_LEAF) {
            sites |= UINT64_C(1) << atlas->leaves[member->leaf].site;
        } else if (member->target == TARGET_NODE) {
            sites |= sites_below(atlas, root, member->node);
        }
    }
    return sites;
}

static uint64_t sites_of(const struct atlas *atlas, const struct atlas_root *root,
                         const struct atlas_node *node, unsigned number)
{
    const struct atlas_member *member = &node->members[number];
    const char *region = named_region(node->group, &node->group->members[number]);
    uint32_t site = region != NULL ? atlas_find_site(atlas, region) : atlas->site_count;
    if (member->target == TARGET_LEAF) {
        return UINT64_C(1) << atlas->leaves[member->leaf].site;
    }
    if (site < atlas->site_count) {
        return UINT64_C(1) << site;
    }
    return member->target == TARGET_NODE ? sites_below(atlas, root, member->node) : 0;
}

// What probes an address that a leaf answers with stands there, whoever else uses it.
static uint64_t sites_by_address(const struct atlas *atlas, const struct health_check *check)
{
    uint64_t sites = 0;
    struct bytes wanted = {check->ip_address.bytes, check->ip_address.family == 4 ? 4 : 16};
    for (uint32_t i = 0; i < atlas->leaf_count && check->ip_address.family != 0; i++) {
        struct bytes rdata;
        for (size_t at = 0; record_set_next(atlas->leaves[i].record_set, &at, &rdata);) {
            if (bytes_equal(rdata, wanted)) {
                sites |= UINT64_C(1) << atlas->leaves[i].site;
            }
        }
    }
    return sites;
}

static void use_check(struct atlas *atlas, uint32_t check)
{
    const struct model *model = atlas->view->model;
    if (check >= model->health_check_count) {
        return;
    }
    atlas->check_used[check] = 1;
    for (unsigned i = 0; i < model->health_checks[check].child_count; i++) {
        uint32_t child = model->health_checks[check].children[i]; // never calculated itself (S8)
        if (child < model->health_check_count) {
            atlas->check_used[child] = 1;
        }
    }
}

static void find_checks(struct atlas *atlas, const struct atlas_root *root)
{
    for (uint32_t n = 0; n < root->node_count; n++) {
        const struct atlas_node *node = &root->nodes[n];
        for (unsigned i = 0; i < node->member_count; i++) {
            uint32_t check = node->members[i].check;
            use_check(atlas, check);
            if (check < atlas->view->model->health_check_count) {
                atlas->check_sites[check] |= sites_of(atlas, root, node, i);
            }
        }
    }
}

static void place_checks(struct atlas *atlas)
{
    const struct model *model = atlas->view->model;
    atlas->check_sites = xcalloc(model->health_check_count + (size_t)1, sizeof *atlas->check_sites);
    atlas->check_used = xcalloc(model->health_check_count + (size_t)1, sizeof *atlas->check_used);
    for (uint32_t i = 0; i < atlas->root_count; i++) {
        find_checks(atlas, &atlas->roots[i]);
    }
    for (uint32_t i = 0; i < model->health_check_count; i++) {
        uint64_t by_address = sites_by_address(atlas, &model->health_checks[i]);
        if (!health_check_type_is_endpoint(model->health_checks[i].type)) {
            atlas->check_sites[i] = 0;
        } else if (by_address != 0) {
            atlas->check_sites[i] = by_address;
        }
    }
}

bool sites_find(struct atlas *atlas, struct error *error)
{
    struct finding finding = {
        .atlas = atlas,
        .leaf_names = xcalloc(atlas->leaf_count + (size_t)1, sizeof *finding.leaf_names),
        .by_values = map_create(),
    };
    atlas->sites = xcalloc(ATLAS_SITES_MAX, sizeof *atlas->sites);
    for (uint32_t i = 0; i < atlas->root_count; i++) {
        finding.root = &atlas->roots[i];
        name_below(&finding, finding.root->node_count - 1, NULL, NULL);
    }
    bool ok = number_leaves(&finding, error);
    if (ok) {
        place_checks(atlas);
        for (uint32_t i = 0; i < atlas->root_count; i++) {
            atlas->roots[i].sites = sites_below(atlas, &atlas->roots[i], atlas->roots[i].node_count - 1);
        }
    }
    free(finding.leaf_names);
    map_destroy(finding.by_values);
    return ok;
}
