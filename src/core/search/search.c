// SPDX-License-Identifier: MIT
#include "core/search/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { PROGRESS_EVERY = 1024 };

static const double hardly_anyone = 1e-9; // shares are sums of many fractions

// One set of failures, as combination numbers i < j < ... into the list.
struct search {
    const struct atlas *atlas;
    const struct search_options *options;
    struct search_result *result;
    struct failure *list;
    uint32_t list_count;
    unsigned size;            // of the sets now
    uint32_t *picked;         // size numbers, ascending
    struct failure *failures; // the same, picked
    struct health_effects *effects;
    struct status_table *status;
    uint64_t dead;               // sites, in the state at hand
    struct atlas_state **states; // one for each root
    double load[ATLAS_SITES_MAX];
    struct status_table *usual; // of nothing failed
    uint64_t planned;           // states
};

// What one state comes to at one root.
struct outcome {
    double dead;
    double fail_open;
};

const char *search_invariant_name(enum search_invariant invariant)
{
    static const char *const names[SEARCH_INVARIANTS] = {"dead-site", "fail-open", "overload", "moved"};
    return names[invariant];
}

static bool asked(const struct search *search, enum search_invariant invariant)
{
    return (search->options->invariants >> invariant & 1) != 0;
}

// --- one state ---------------------------------------------------------------------------------------------

static void count_answer(struct search *search, const struct atlas_answer *answer, double share,
                         struct outcome *outcome)
{
    if (answer->leaf != ATLAS_NO_LEAF) {
        uint8_t site = search->atlas->leaves[answer->leaf].site;
        search->load[site] += share;
        outcome->dead += (search->dead >> site & 1) != 0 ? share : 0;
    }
    outcome->fail_open += answer->fail_open ? share : 0;
}

static void answer_root(struct search *search, uint32_t r, struct outcome *outcome)
{
    const struct atlas_root *root = &search->atlas->roots[r];
    struct atlas_state *state = search->states[r];
    memset(search->load, 0, search->atlas->site_count * sizeof *search->load);
    atlas_state_set(state, search->status);
    for (uint32_t c = 0; c < root->class_count; c++) {
        if (!root->by_chance) {
            struct atlas_answer answer = atlas_answer(state, c);
            count_answer(search, &answer, root->classes[c].share, outcome);
            continue;
        }
        const struct atlas_answer *answers;
        unsigned count = atlas_answers(state, c, &answers);
        for (unsigned i = 0; i < count; i++) {
            count_answer(search, &answers[i], root->classes[c].share * answers[i].share, outcome);
        }
    }
}

// The share of clients whose leaf is another than usual: what two distributions do not have in common.
static double moved_in(const struct atlas_answer *usual, unsigned usual_count, const struct atlas_answer *now,
                       unsigned now_count)
{
    double common = 0;
    for (unsigned i = 0; i < usual_count; i++) {
        double before = 0;
        double after = 0;
        bool first = true;
        for (unsigned j = 0; j < usual_count; j++) {
            first &= j >= i || usual[j].leaf != usual[i].leaf;
            before += usual[j].leaf == usual[i].leaf ? usual[j].share : 0;
        }
        for (unsigned j = 0; j < now_count; j++) {
            after += now[j].leaf == usual[i].leaf ? now[j].share : 0;
        }
        common += first ? fmin(before, after) : 0;
    }
    return 1 - common;
}

static double moved_at(struct search *search, uint32_t r)
{
    const struct atlas_root *root = &search->atlas->roots[r];
    struct atlas_state *before = atlas_state_create(root);
    double moved = 0;
    atlas_state_set(before, search->usual);
    for (uint32_t c = 0; c < root->class_count; c++) {
        const struct atlas_answer *usual;
        const struct atlas_answer *now;
        unsigned usual_count = atlas_answers(before, c, &usual);
        unsigned now_count = atlas_answers(search->states[r], c, &now);
        moved += root->classes[c].share * moved_in(usual, usual_count, now, now_count);
    }
    atlas_state_destroy(before);
    return moved;
}

// --- findings ----------------------------------------------------------------------------------------------

static bool same_failure(const struct failure *a, const struct failure *b)
{
    return a->kind == b->kind && a->index == b->index;
}

// Both are in the order of the list.
static bool contains(const struct failure *set, unsigned count, const struct search_finding *part)
{
    unsigned found = 0;
    for (unsigned i = 0; i < count && found < part->failure_count; i++) {
        found += same_failure(&set[i], &part->failures[found]);
    }
    return found == part->failure_count;
}

// Which sites are dead makes a difference only to who is sent there.
static uint64_t digest_of(const struct search *search, enum search_invariant invariant)
{
    size_t words = ((size_t)search->status->count + 63) / 64;
    uint64_t parts[] = {
        bytes_hash((struct bytes){(const uint8_t *)search->status->up, words * sizeof(uint64_t)}),
        invariant == SEARCH_DEAD ? search->dead : 0,
    };
    return bytes_hash((struct bytes){(const uint8_t *)parts, sizeof parts});
}

static void report(struct search *search, enum search_invariant invariant, uint32_t root, uint32_t site,
                   double share)
{
    struct search_result *result = search->result;
    uint64_t digest = digest_of(search, invariant);
    for (uint32_t i = 0; i < result->finding_count; i++) {
        const struct search_finding *known = &result->findings[i];
        if (known->invariant == invariant && known->root == root && known->site == site &&
            (contains(search->failures, search->size, known) || known->digest == digest)) {
            return;
        }
    }
    if (result->finding_count == SEARCH_FINDINGS_MAX) {
        result->more = true;
        return;
    }
    size_t size = search->size * sizeof *search->failures;
    result->findings[result->finding_count++] = (struct search_finding){
        .invariant = invariant,
        .root = root,
        .site = site,
        .failure_count = search->size,
        .failures = xmemdup(search->failures, size > 0 ? size : 1),
        .digest = digest,
        .share = share,
    };
}

static bool judge_load(struct search *search, uint32_t r)
{
    bool broken = false;
    for (uint32_t site = 0; asked(search, SEARCH_OVERLOAD) && site < search->atlas->site_count; site++) {
        if (search->load[site] > search->options->capacities[site] + hardly_anyone) {
            report(search, SEARCH_OVERLOAD, r, site, search->load[site]);
            broken = true;
        }
    }
    return broken;
}

static bool judge(struct search *search, enum search_invariant invariant, uint32_t r, double share,
                  double most)
{
    bool broken = asked(search, invariant) && share > most + hardly_anyone;
    if (broken) {
        report(search, invariant, r, 0, share);
    }
    return broken;
}

static bool judge_root(struct search *search, uint32_t r, bool broken[SEARCH_INVARIANTS], struct error *error)
{
    const struct atlas_root *root = &search->atlas->roots[r];
    struct outcome outcome = {0};
    answer_root(search, r, &outcome);
    if (search->options->verify &&
        !search_verify(search->atlas, root, search->states[r], search->status, error)) {
        return false;
    }
    bool some_alive = (root->sites & ~search->dead) != 0;
    broken[SEARCH_DEAD] |= some_alive && judge(search, SEARCH_DEAD, r, outcome.dead, 0);
    broken[SEARCH_FAIL_OPEN] |= judge(search, SEARCH_FAIL_OPEN, r, outcome.fail_open, 0);
    broken[SEARCH_OVERLOAD] |= judge_load(search, r);
    if (asked(search, SEARCH_MOVED) && search->size == 1) {
        double moved = moved_at(search, r);
        broken[SEARCH_MOVED] |= judge(search, SEARCH_MOVED, r, moved, search->options->most_moved);
    }
    return true;
}

static bool judge_state(struct search *search, struct error *error)
{
    bool broken[SEARCH_INVARIANTS] = {false};
    for (unsigned i = 0; i < search->size; i++) {
        search->failures[i] = search->list[search->picked[i]];
    }
    search->dead = health_effects_apply(search->effects, search->failures, search->size, search->status);
    for (uint32_t r = 0; r < search->atlas->root_count; r++) {
        if (!judge_root(search, r, broken, error)) {
            return false;
        }
    }
    for (unsigned i = 0; i < SEARCH_INVARIANTS; i++) {
        search->result->broken[i] += broken[i];
    }
    search->result->states++;
    if (search->options->progress != NULL && search->result->states % PROGRESS_EVERY == 0) {
        search->options->progress(search->result->states, search->planned, search->options->context);
    }
    return true;
}

// --- all states --------------------------------------------------------------------------------------------

// The next combination in lexical order; false after the last.
static bool next_set(struct search *search)
{
    for (unsigned i = search->size; i-- > 0;) {
        if (search->picked[i] < search->list_count - search->size + i) {
            search->picked[i]++;
            for (unsigned j = i + 1; j < search->size; j++) {
                search->picked[j] = search->picked[j - 1] + 1;
            }
            return true;
        }
    }
    return false;
}

static bool judge_sets(struct search *search, struct error *error)
{
    for (unsigned i = 0; i < search->size; i++) {
        search->picked[i] = i;
    }
    do {
        if (!judge_state(search, error)) {
            return false;
        }
    } while (next_set(search));
    return true;
}

// Sets of at most up_to of count, as a number that may be too large to hold: saturates.
static double count_sets(uint32_t count, unsigned up_to)
{
    double sum = 0;
    double sets = 1;
    for (unsigned size = 0; size <= up_to && size <= count; size++) {
        sum += sets;
        sets = sets * (count - size) / (size + 1);
    }
    return sum;
}

static bool plan(struct search *search, struct error *error)
{
    const struct atlas *atlas = search->atlas;
    double sets = count_sets(search->list_count, search->options->up_to);
    double decisions = sets * atlas->population->count * atlas->root_count;
    if (decisions > (double)search->options->most_decisions) {
        return error_set(
            error,
            "%u things can fail; up to %u of them at once are %.3g states, and with %u places and "
            "%u names %.3g decisions, more than %.3g",
            search->list_count, search->options->up_to, sets, atlas->population->count, atlas->root_count,
            decisions, (double)search->options->most_decisions);
    }
    search->planned = (uint64_t)(sets + 0.5);
    return true;
}

static void open_search(struct search *search)
{
    const struct atlas *atlas = search->atlas;
    uint32_t checks = atlas->view->model->health_check_count;
    search->list = failures_list(atlas, search->options->kinds, &search->list_count);
    search->picked = xcalloc(search->list_count + (size_t)1, sizeof *search->picked);
    search->failures = xcalloc(search->list_count + (size_t)1, sizeof *search->failures);
    search->effects = health_effects_create(atlas);
    search->status = status_table_create(checks, true);
    search->usual = status_table_create(checks, true);
    health_effects_apply(search->effects, NULL, 0, search->usual);
    search->states = xcalloc(atlas->root_count, sizeof(struct atlas_state *));
    for (uint32_t r = 0; r < atlas->root_count; r++) {
        search->states[r] = atlas_state_create(&atlas->roots[r]);
    }
}

static void close_search(struct search *search)
{
    for (uint32_t r = 0; r < search->atlas->root_count; r++) {
        atlas_state_destroy(search->states[r]);
    }
    free(search->states);
    free(search->status);
    free(search->usual);
    health_effects_destroy(search->effects);
    free(search->failures);
    free(search->picked);
    free(search->list);
}

bool search_run(const struct atlas *atlas, const struct search_options *options, struct search_result *out,
                struct error *error)
{
    struct search_result result = {.findings = xcalloc(SEARCH_FINDINGS_MAX, sizeof *result.findings)};
    struct search search = {.atlas = atlas, .options = options, .result = &result};
    open_search(&search);
    bool ok = plan(&search, error);
    for (; ok && search.size <= options->up_to && search.size <= search.list_count; search.size++) {
        ok = judge_sets(&search, error);
    }
    result.failure_count = search.list_count;
    result.decisions = result.states * atlas->population->count * atlas->root_count;
    close_search(&search);
    if (!ok) {
        search_result_free(&result);
        return false;
    }
    *out = result;
    return true;
}

void search_result_free(struct search_result *result)
{
    for (uint32_t i = 0; i < result->finding_count; i++) {
        free(result->findings[i].failures);
    }
    free(result->findings);
    *result = (struct search_result){0};
}
