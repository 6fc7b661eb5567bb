// SPDX-License-Identifier: MIT
// Every answer of an atlas is decide()'s: over random policies with all health states, against decide()
// itself and against the second evaluator, which also knows probabilities.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/search/atlas.h"
#include "support/random_policy.h"
#include "support/slow_evaluator.h"

enum { POLICIES = 60, STATES = 64, DRAWS = 8 };

// All places with a row of their own: the second evaluator knows no fallbacks.
static struct population *everywhere(const struct model *model)
{
    struct population *population = xcalloc(1, sizeof *population);
    population->shares = xcalloc(model->place_count, sizeof *population->shares);
    for (uint32_t i = 0; i < model->place_count; i++) {
        if (model->places[i].ms != NULL) {
            population->shares[population->count++] = (struct population_share){i, 1};
        }
    }
    return population;
}

// One question of one state to both.
struct comparison {
    const struct test_view *view;
    const struct atlas *atlas;
    const struct record_group *group;
    struct client client;
    const struct atlas_answer *answers;
    unsigned count;
    struct slow_distribution slow;
    unsigned compared;
    unsigned by_chance;
    unsigned fail_open;
};

static const struct record_set *record_set_of(const struct comparison *comparison,
                                              const struct atlas_answer *answer)
{
    return answer->leaf == ATLAS_NO_LEAF ? NULL : comparison->atlas->leaves[answer->leaf].record_set;
}

// Multivalue answers come in any order, and whether a later record set is by fail-open is not the first's.
static bool several_at_once(const struct slow_distribution *slow)
{
    for (size_t i = 0; i < slow->count; i++) {
        if (slow->outcomes[i].count > 1) {
            return true;
        }
    }
    return false;
}

static void compare_with_decide(struct comparison *comparison, bool several)
{
    struct random roll;
    random_seed(&roll, 7);
    for (unsigned draw = 0; draw < (comparison->count == 1 ? 1 : DRAWS); draw++) {
        struct decide_context context = {
            .view = &comparison->view->view, .client = &comparison->client, .roll = &roll};
        struct decision decision;
        bool found = false;
        decide(&context, comparison->group, &decision);
        const struct record_set *first = decision.count > 0 ? decision.record_sets[0] : NULL;
        for (unsigned i = 0; i < comparison->count; i++) {
            const struct atlas_answer *answer = &comparison->answers[i];
            found |= record_set_of(comparison, answer) == first &&
                     (several || answer->fail_open == decision.fail_open);
        }
        assert_true(found);
    }
}

// P(first is this record set): an outcome's record sets are alike likely to be the first.
static void compare_with_slow(struct comparison *comparison)
{
    slow_decide(&comparison->view->view, &comparison->client, comparison->group, &comparison->slow);
    bool several = several_at_once(&comparison->slow);
    compare_with_decide(comparison, several);
    for (unsigned i = 0; i < comparison->count && !several; i++) {
        const struct atlas_answer *answer = &comparison->answers[i];
        const struct record_set *set = record_set_of(comparison, answer);
        const struct slow_outcome *outcome =
            slow_find(&comparison->slow, &set, set != NULL ? 1 : 0, answer->fail_open);
        assert_non_null(outcome);
        assert_true(fabs(outcome->probability - answer->share) < 1e-9);
    }
    if (!several) {
        assert_int_equal(comparison->slow.count, comparison->count);
    }
}

static void compare_root(struct comparison *comparison, const struct atlas_root *root,
                         struct atlas_state *state)
{
    const struct population *population = comparison->atlas->population;
    for (uint32_t p = 0; p < population->count; p++) {
        comparison->client = (struct client){.place = population->shares[p].place};
        comparison->count = atlas_answers(state, root->class_of[p], &comparison->answers);
        compare_with_slow(comparison);
        if (!root->by_chance) {
            struct atlas_answer one = atlas_answer(state, root->class_of[p]);
            assert_int_equal(comparison->count, 1);
            assert_int_equal(one.leaf, comparison->answers[0].leaf);
            assert_int_equal(one.fail_open, comparison->answers[0].fail_open);
        }
        comparison->compared++;
        comparison->by_chance += comparison->count > 1;
        comparison->fail_open += comparison->answers[0].fail_open;
    }
}

static void compare_policy(struct comparison *total, uint64_t seed)
{
    struct random_policy *policy = random_policy_create(seed);
    struct test_view *view = random_policy_view(policy);
    struct population *population = everywhere(view->model);
    for (unsigned g = 0; g < 6; g++) {
        struct random_question question = {.group = g};
        total->view = view;
        total->group = random_question_group(view, &question);
        struct atlas *atlas =
            total->group != NULL ? atlas_create(&view->view, population, total->group, NULL) : NULL;
        if (atlas == NULL) {
            continue;
        }
        struct atlas_state *state = atlas_state_create(&atlas->roots[0]);
        for (question.down = 0; question.down < STATES; question.down++) {
            random_question_set_health(view, &question);
            atlas_state_set(state, view->status);
            total->atlas = atlas;
            compare_root(total, &atlas->roots[0], state);
        }
        atlas_state_destroy(state);
        atlas_destroy(atlas);
    }
    population_destroy(population);
    test_view_destroy(view);
    free(policy);
}

// R1 to R4, T6, T7, T10, W1 to W3, M1: whatever decide() does.
static void test_every_answer_of_random_policies_is_the_decision(void **state)
{
    (void)state;
    struct comparison total = {0};
    for (uint64_t seed = 1; seed <= POLICIES; seed++) {
        compare_policy(&total, seed);
    }
    slow_distribution_free(&total.slow);
    assert_true(total.compared > 50000);
    assert_true(total.by_chance > total.compared / 20);
    assert_true(total.fail_open > total.compared / 20);
}

#define THREE_REGIONS                                                                                        \
    "zone Z1 example.com.\n"                                                                                 \
    "latency api.example.com. A 60 us-east-1 192.0.2.1 hc-us\n"                                              \
    "latency api.example.com. A 60 eu-west-1 192.0.2.2 hc-eu\n"                                              \
    "latency api.example.com. A 60 ap-northeast-1 192.0.2.3 hc-ap\n"                                         \
    "check hc-us\ncheck hc-eu\ncheck hc-ap\n"                                                                \
    "place US us-east-1=10 eu-west-1=80 ap-northeast-1=160\n"                                                \
    "place CU us-east-1=30 eu-west-1=90 ap-northeast-1=170\n"                                                \
    "place DE us-east-1=90 eu-west-1=25 ap-northeast-1=230\n"

static void test_places_with_one_order_are_one_class(void **state)
{
    (void)state;
    struct test_view *view = test_view_create(THREE_REGIONS);
    struct population *population = population_create(view->model);
    struct atlas *atlas = atlas_create(&view->view, population, NULL, NULL);
    assert_int_equal(population->count, 3); // CU, DE, US
    assert_int_equal(atlas->root_count, 1);
    assert_int_equal(atlas->roots[0].class_count, 2);
    assert_int_equal(atlas->roots[0].class_of[0], atlas->roots[0].class_of[2]);
    assert_true(fabs(atlas->roots[0].classes[atlas->roots[0].class_of[0]].share - 2.0 / 3) < 1e-12);
    atlas_destroy(atlas);
    population_destroy(population);
    test_view_destroy(view);
}

static const char *site_of_leaf(const struct atlas *atlas, const char *value)
{
    struct ip_address address;
    assert_true(ip_parse(bytes_of(value), &address));
    for (uint32_t i = 0; i < atlas->leaf_count; i++) {
        struct bytes rdata;
        size_t at = 0;
        if (record_set_next(atlas->leaves[i].record_set, &at, &rdata) &&
            memcmp(rdata.data, address.bytes, rdata.len) == 0) {
            return atlas->sites[atlas->leaves[i].site].name;
        }
    }
    fail_msg("no leaf answers %s", value);
    return NULL;
}

static void test_a_site_is_the_region_above_or_of_the_same_address_or_the_identifier(void **state)
{
    (void)state;
    struct test_view *view =
        test_view_create("zone Z1 example.com.\n"
                         "weighted us.example.com. A 60 a:10 192.0.2.1 hc-us\n"
                         "weighted us.example.com. A 60 b:10 192.0.2.2\n"
                         "latency api.example.com. A 60 us-east-1 alias=us.example.com. hc-r\n"
                         "latency api.example.com. A 60 eu-west-1 192.0.2.3\n"
                         "weighted www.example.com. A 60 old:10 192.0.2.3 hc-eu\n"
                         "weighted www.example.com. A 60 new:10 192.0.2.4\n"
                         "multi m.example.com. A 60 ap-south-1 192.0.2.5\n"
                         "check hc-us\ncheck hc-eu\ncheck hc-r\n"
                         "place US us-east-1=10 eu-west-1=80\n");
    struct population *population = population_create(view->model);
    struct atlas *atlas = atlas_create(&view->view, population, NULL, NULL);
    assert_int_equal(atlas->root_count, 3); // us.example.com is an alias's target
    assert_string_equal(site_of_leaf(atlas, "192.0.2.1"), "us-east-1");
    assert_string_equal(site_of_leaf(atlas, "192.0.2.2"), "us-east-1");
    assert_string_equal(site_of_leaf(atlas, "192.0.2.3"), "eu-west-1");
    assert_string_equal(site_of_leaf(atlas, "192.0.2.4"), "new:10");
    assert_string_equal(site_of_leaf(atlas, "192.0.2.5"), "ap-south-1");
    uint64_t us = UINT64_C(1) << atlas_find_site(atlas, "us-east-1");
    uint64_t eu = UINT64_C(1) << atlas_find_site(atlas, "eu-west-1");
    assert_true(atlas->check_sites[model_find_health_check(view->model, bytes_of("hc-us"))] == us);
    assert_true(atlas->check_sites[model_find_health_check(view->model, bytes_of("hc-r"))] == us);
    assert_true(atlas->check_sites[model_find_health_check(view->model, bytes_of("hc-eu"))] == eu);
    atlas_destroy(atlas);
    population_destroy(population);
    test_view_destroy(view);
}

static void test_without_routing_there_is_nothing_to_search(void **state)
{
    (void)state;
    struct test_view *view = test_view_create("zone Z1 example.com.\nrecord www.example.com. A 60 192.0.2.1\n"
                                              "place US us-east-1=10\n");
    struct population *population = population_create(view->model);
    struct error error = {0};
    assert_null(atlas_create(&view->view, population, NULL, &error));
    assert_string_equal(error.text,
                        "no record set has a routing policy, so every client gets the same answer");
    population_destroy(population);
    test_view_destroy(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_answer_of_random_policies_is_the_decision),
        cmocka_unit_test(test_places_with_one_order_are_one_class),
        cmocka_unit_test(test_a_site_is_the_region_above_or_of_the_same_address_or_the_identifier),
        cmocka_unit_test(test_without_routing_there_is_nothing_to_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
