// SPDX-License-Identifier: MIT
// What an explanation says would make a candidate chosen is applied to random policies, and does.
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/dns/rrtype.h"
#include "core/routing/counterfactual.h"
#include "core/routing/explain.h"
#include "support/random_policy.h"

enum { DRAWS = 400, RESOURCES_MAX = 8 };

struct tally {
    unsigned claims;  // candidates that would be chosen if ...
    unsigned certain; // for certain
    unsigned by_chance;
    unsigned deep; // below an alias
    unsigned nearer;
    unsigned resources; // that ask something of a resource
    unsigned helpless;  // would not be chosen whatever the health
    unsigned missed;    // of these, those that some state of health chooses all the same
    unsigned policies[ROUTING_POLICIES];
};

// The view's statuses, with room for resources behind the checks.
static void widen(struct test_view *view)
{
    uint32_t checks = view->model->health_check_count;
    struct status_table *wide = status_table_create(checks + view->model->resource_count, true);
    for (uint32_t i = 0; i < checks; i++) {
        status_table_set(wide, i, status_table_healthy(view->status, i));
    }
    for (uint32_t i = 0; i < view->model->resource_count; i++) {
        status_table_set(wide, checks + i, view->model->resources[i].healthy);
    }
    free(view->status);
    view->status = wide;
    view->view.status = wide;
}

static void draw(const struct test_view *view, const struct client *client, const struct record_group *group,
                 struct random *roll, struct trace *trace)
{
    struct decision decision;
    *trace = (struct trace){.count = 0};
    struct decide_context context = {.view = &view->view, .client = client, .roll = roll, .trace = trace};
    decide(&context, group, &decision);
}

// The way from the root to a candidate, as record sets; 0: too long.
static unsigned way_of(const struct trace *trace, unsigned index, const struct record_set *way[MEMBERS_MAX])
{
    unsigned len = 0;
    for (;;) {
        way[len++] = trace->candidates[index].record_set;
        if (trace->candidates[index].parent == TRACE_ROOT) {
            return len;
        }
        index = trace->candidates[index].parent;
    }
}

static bool chosen_by(const struct trace *trace, const struct record_set *const *way, unsigned len)
{
    for (unsigned i = 0; i < trace->count; i++) {
        const struct trace_candidate *candidate = &trace->candidates[i];
        const struct record_set *other[MEMBERS_MAX];
        if ((candidate->outcome == TRACE_CHOSEN || candidate->outcome == TRACE_ENTERED) &&
            way_of(trace, i, other) == len && memcmp(other, way, len * sizeof *way) == 0) {
            return true;
        }
    }
    return false;
}

// How often it is chosen in so many draws.
static unsigned count_chosen(const struct test_view *view, const struct random_question *question,
                             const struct record_group *group, const struct record_set *const *way,
                             unsigned len, unsigned draws)
{
    struct random roll;
    struct trace trace;
    unsigned count = 0;
    random_seed(&roll, question->seed);
    for (unsigned i = 0; i < draws; i++) {
        draw(view, &question->client, group, &roll, &trace);
        count += chosen_by(&trace, way, len);
    }
    return count;
}

static void check_claim(struct test_view *view, const struct random_question *question,
                        const struct record_group *group, const struct trace *trace, unsigned index,
                        const struct counterfactual *found, struct tally *tally)
{
    const struct record_set *way[MEMBERS_MAX];
    unsigned len = way_of(trace, index, way);
    struct status_table *before = status_table_copy(view->status);
    for (unsigned i = 0; i < found->count; i++) {
        assert_int_not_equal(status_table_healthy(view->status, found->changes[i].slot),
                             found->changes[i].healthy);
        status_table_set(view->status, found->changes[i].slot, found->changes[i].healthy);
        tally->resources += found->changes[i].slot >= view->model->health_check_count;
    }
    bool certain = found->probability == 1;
    unsigned draws = certain ? 8 : DRAWS;
    double expected = draws * found->probability;
    double seen = count_chosen(view, question, group, way, len, draws);
    assert_in_range(seen * 1000, 0, draws * 1000);
    if (fabs(seen - expected) > (certain ? 0 : 6 * sqrt(expected * (1 - found->probability)) + 4)) {
        fail_msg("chosen %g times of %u, expected %g", seen, draws, expected);
    }
    memcpy(view->status->up, before->up, (view->status->count + 63) / 64 * sizeof before->up[0]);
    free(before);
    tally->claims++;
    tally->certain += certain;
    tally->by_chance += !certain;
    tally->deep += len > 1;
    tally->policies[trace->candidates[index].group->policy]++;
}

// Every state of six checks and the resources that can fail: is there one that chooses it?
static bool ever_chosen(struct test_view *view, const struct random_question *question,
                        const struct record_group *group, const struct record_set *const *way, unsigned len)
{
    struct status_table *before = status_table_copy(view->status);
    bool chosen = false;
    for (uint32_t state = 0; state < UINT32_C(1) << view->status->count && !chosen; state++) {
        for (uint32_t i = 0; i < view->status->count; i++) {
            status_table_set(view->status, i, (state >> i & 1) != 0);
        }
        chosen = count_chosen(view, question, group, way, len, 2) > 0;
    }
    memcpy(view->status->up, before->up, (view->status->count + 63) / 64 * sizeof before->up[0]);
    free(before);
    return chosen;
}

// --- distance ----------------------------------------------------------------------------------------------

// The same view with the region of the candidate so much nearer to where the client is.
static void check_nearer(struct test_view *view, const struct random_question *question,
                         const struct record_group *group, const struct trace *trace, unsigned index,
                         float nearer_by, struct tally *tally)
{
    const struct trace_candidate *candidate = &trace->candidates[index];
    const struct record_set *way[MEMBERS_MAX];
    unsigned len = way_of(trace, index, way);
    for (unsigned i = 1; i < len; i++) { // a region has one distance for all groups
        if (way[i]->region != REGION_NONE) {
            return;
        }
    }
    if (!candidate->has_latency) {
        return;
    }
    float *row = (float *)(uintptr_t)view->model->places[trace->location.place].ms;
    float before = row[candidate->record_set->region];
    const struct latency_table *old = view->view.latency;
    for (int step = 0; step <= 1; step++) { // so much is not enough, a little more is
        row[candidate->record_set->region] = before - nearer_by + (step == 0 ? 0.25F : -0.25F);
        struct latency_table *table = latency_table_create(view->model, (wall_time){0});
        view->view.latency = table;
        unsigned seen = count_chosen(view, question, group, way, len, DRAWS);
        assert_true(step == 0 ? seen == 0 : seen > 0);
        latency_table_destroy(table);
    }
    row[candidate->record_set->region] = before;
    view->view.latency = old;
    tally->nearer++;
}

static void check_question(struct test_view *view, const struct random_question *question, bool exhaustive,
                           struct tally *tally)
{
    const struct record_group *group = random_question_group(view, question);
    struct random roll;
    struct trace trace;
    if (group == NULL) {
        return;
    }
    random_seed(&roll, question->seed);
    draw(view, &question->client, group, &roll, &trace);
    for (unsigned i = 0; i < trace.count; i++) {
        const struct record_set *way[MEMBERS_MAX];
        struct counterfactual found;
        enum trace_outcome outcome = trace.candidates[i].outcome;
        bool chosen = outcome == TRACE_CHOSEN || outcome == TRACE_ENTERED;
        counterfactual_find(&view->view, &question->client, &trace, i, &found);
        if (found.possible) {
            check_claim(view, question, group, &trace, i, &found, tally);
        } else if (!chosen && outcome != TRACE_NOT_APPLICABLE) {
            tally->helpless++;
            tally->missed += exhaustive && ever_chosen(view, question, group, way, way_of(&trace, i, way));
        }
        if (found.nearer) {
            check_nearer(view, question, group, &trace, i, found.nearer_by, tally);
        }
    }
}

static void for_random_questions(uint64_t policies, bool exhaustive, struct tally *tally)
{
    for (uint64_t seed = 1; seed <= policies; seed++) {
        struct random random;
        random_seed_stream(&random, seed, 2);
        struct random_policy *policy = random_policy_create(seed);
        if (seed % 4 == 0) {
            random_policy_break_ties_by_chance(policy);
        }
        struct test_view *view = random_policy_view(policy);
        for (unsigned i = 0; i < 6; i++) {
            struct random_question question = random_question_make(&random);
            random_question_set_health(view, &question);
            widen(view);
            check_question(view, &question, exhaustive, tally);
        }
        test_view_destroy(view);
        free(policy);
    }
}

// R1-R3, W1-W4, M1, T6-T8, Q3, LT1, LT3, X1
static void test_what_would_make_a_candidate_chosen_does_in_random_policies(void **state)
{
    (void)state;
    struct tally tally = {0};
    for_random_questions(600, false, &tally);
    print_message(
        "%u claims: %u certain, %u left to chance, %u below aliases, %u of resources; %u by distance; "
        "%u helpless\n",
        tally.claims, tally.certain, tally.by_chance, tally.deep, tally.resources, tally.nearer,
        tally.helpless);
    assert_true(tally.claims > 4000 && tally.by_chance > 800 && tally.deep > 1000 && tally.resources > 100);
    assert_true(tally.nearer > 100);
    for (unsigned policy = 0; policy < ROUTING_POLICIES; policy++) {
        assert_true(policy == ROUTING_SIMPLE || tally.policies[policy] > 100);
    }
}

// Some are chosen by fail-open only, unhealthy as they are (R3), and where many records share few checks some
// way may be missed; more than a few would be an error.
static void test_hardly_any_candidate_is_called_helpless_that_is_not(void **state)
{
    (void)state;
    struct tally tally = {0};
    for_random_questions(60, true, &tally);
    print_message("%u helpless, %u of them wrongly\n", tally.helpless, tally.missed);
    assert_true(tally.helpless > 100);
    assert_true(tally.missed * 100 <= tally.helpless * 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_would_make_a_candidate_chosen_does_in_random_policies),
        cmocka_unit_test(test_hardly_any_candidate_is_called_helpless_that_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
