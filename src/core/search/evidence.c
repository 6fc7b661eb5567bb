// SPDX-License-Identifier: MIT
// Who a finding is about, and whether an atlas tells the truth.
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/routing/decide.h"
#include "core/search/search.h"

enum { DRAWS = 8 };

// --- evidence ----------------------------------------------------------------------------------------------

struct scene {
    const struct atlas *atlas;
    const struct search_finding *finding;
    uint64_t dead;
    struct atlas_state *now;
    struct atlas_state *usual;
};

static struct status_table *statuses(const struct atlas *atlas, const struct failure *failures,
                                     unsigned count, uint64_t *dead)
{
    struct status_table *status = status_table_create(atlas->view->model->health_check_count, true);
    struct health_effects *effects = health_effects_create(atlas);
    *dead = health_effects_apply(effects, failures, count, status);
    health_effects_destroy(effects);
    return status;
}

static void open_scene(struct scene *scene, const struct atlas_root *root)
{
    const struct search_finding *finding = scene->finding;
    uint64_t unused;
    struct status_table *usual = statuses(scene->atlas, NULL, 0, &unused);
    struct status_table *now =
        statuses(scene->atlas, finding->failures, finding->failure_count, &scene->dead);
    scene->now = atlas_state_create(root);
    scene->usual = atlas_state_create(root);
    atlas_state_set(scene->now, now);
    atlas_state_set(scene->usual, usual);
    free(now);
    free(usual);
}

static struct atlas_answer likeliest(struct atlas_state *state, uint32_t class_index)
{
    const struct atlas_answer *answers;
    unsigned count = atlas_answers(state, class_index, &answers);
    unsigned best = 0;
    for (unsigned i = 1; i < count; i++) {
        best = answers[i].share > answers[best].share ? i : best;
    }
    return answers[best];
}

static bool concerns(const struct scene *scene, uint32_t class_index, const struct atlas_answer *answer)
{
    const struct atlas_leaf *leaf =
        answer->leaf != ATLAS_NO_LEAF ? &scene->atlas->leaves[answer->leaf] : NULL;
    switch (scene->finding->invariant) {
    case SEARCH_DEAD:
        return leaf != NULL && (scene->dead >> leaf->site & 1) != 0;
    case SEARCH_FAIL_OPEN:
        return answer->fail_open;
    case SEARCH_OVERLOAD:
        return leaf != NULL && leaf->site == scene->finding->site;
    case SEARCH_MOVED:
        return likeliest(scene->usual, class_index).leaf != answer->leaf;
    }
    return false;
}

// The likeliest of the answers that the finding is about; false when there is none.
static bool find_answer(const struct scene *scene, uint32_t class_index, struct atlas_answer *out)
{
    const struct atlas_answer *answers;
    unsigned count = atlas_answers(scene->now, class_index, &answers);
    bool found = false;
    for (unsigned i = 0; i < count; i++) {
        if (concerns(scene, class_index, &answers[i]) && (!found || answers[i].share > out->share)) {
            *out = answers[i];
            found = true;
        }
    }
    return found;
}

static int by_share(const void *a, const void *b)
{
    const struct search_answer *one = a;
    const struct search_answer *other = b;
    if (one->share != other->share) {
        return one->share < other->share ? 1 : -1;
    }
    return one->lead < other->lead ? -1 : one->lead > other->lead;
}

// The most populous place stands for its class.
static void find_places(const struct atlas *atlas, const struct atlas_root *root, uint32_t class_index,
                        struct search_answer *out)
{
    out->lead = root->classes[class_index].lead;
    out->places = 0;
    for (uint32_t p = out->lead; p < atlas->population->count; p++) {
        if (root->class_of[p] == class_index) {
            bool larger = atlas->population->shares[p].share > atlas->population->shares[out->lead].share;
            out->lead = larger ? p : out->lead;
            out->places++;
        }
    }
}

struct search_answer *search_evidence(const struct atlas *atlas, const struct search_finding *finding,
                                      uint32_t *count)
{
    const struct atlas_root *root = &atlas->roots[finding->root];
    struct search_answer *list = xcalloc(root->class_count + (size_t)1, sizeof *list);
    struct scene scene = {.atlas = atlas, .finding = finding};
    open_scene(&scene, root);
    *count = 0;
    for (uint32_t c = 0; c < root->class_count; c++) {
        struct atlas_answer answer = {.leaf = ATLAS_NO_LEAF};
        if (find_answer(&scene, c, &answer)) {
            find_places(atlas, root, c, &list[*count]);
            list[*count].share = root->classes[c].share * answer.share;
            list[*count].leaf = answer.leaf;
            list[*count].fail_open = answer.fail_open;
            ++*count;
        }
    }
    qsort(list, *count, sizeof *list, by_share);
    atlas_state_destroy(scene.now);
    atlas_state_destroy(scene.usual);
    return list;
}

// --- truth -------------------------------------------------------------------------------------------------

// Multivalue answers hold several record sets, and a later one may be by fail-open where the first is not.
static bool is_among(const struct atlas *atlas, const struct atlas_answer *answers, unsigned count,
                     const struct decision *decision)
{
    for (unsigned i = 0; i < count; i++) {
        const struct record_set *record_set =
            answers[i].leaf != ATLAS_NO_LEAF ? atlas->leaves[answers[i].leaf].record_set : NULL;
        const struct record_set *decided = decision->count > 0 ? decision->record_sets[0] : NULL;
        if (record_set == decided && (decision->count > 1 || answers[i].fail_open == decision->fail_open)) {
            return true;
        }
    }
    return false;
}

static bool verify_place(const struct view *view, const struct atlas *atlas, const struct atlas_root *root,
                         struct atlas_state *state, uint32_t p)
{
    const struct atlas_answer *answers;
    unsigned count = atlas_answers(state, root->class_of[p], &answers);
    struct client client = {.place = atlas->population->shares[p].place};
    struct random roll;
    random_seed(&roll, p);
    for (unsigned draw = 0; draw < (root->by_chance ? DRAWS : 1); draw++) {
        struct decide_context context = {.view = view, .client = &client, .roll = &roll};
        struct decision decision;
        decide(&context, root->group, &decision);
        if (!is_among(atlas, answers, count, &decision)) {
            return false;
        }
    }
    return true;
}

bool search_verify(const struct atlas *atlas, const struct atlas_root *root, struct atlas_state *state,
                   const struct status_table *status, struct error *error)
{
    struct view view = *atlas->view;
    view.status = status;
    for (uint32_t p = 0; p < atlas->population->count; p++) {
        if (!verify_place(&view, atlas, root, state, p)) {
            return error_set(error, "for a client in %s the search and the resolver differ",
                             view.model->places[atlas->population->shares[p].place].name);
        }
    }
    return true;
}
