// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "core/health/fleet.h"
#include "core/search/search.h"
#include "support/model_dsl.h"

enum { ALL = (1 << SEARCH_INVARIANTS) - 1, EVERYTHING = (1 << FAILURE_KINDS) - 1 };
enum { SITES = 1 << FAILURE_SITE, CHECKS = 1 << FAILURE_CHECK, PARTITIONS = 1 << FAILURE_PARTITION };

// Three places of the same weight, each nearest to a region of its own.
#define PLACES                                                                                               \
    "place US us-east-1=10 eu-west-1=80 ap-northeast-1=160\n"                                                \
    "place DE us-east-1=90 eu-west-1=25 ap-northeast-1=230\n"                                                \
    "place JP us-east-1=150 eu-west-1=210 ap-northeast-1=5\n"
#define US "latency api.example.com. A 60 us-east-1 192.0.2.1"
#define EU "latency api.example.com. A 60 eu-west-1 192.0.2.2"
#define AP "latency api.example.com. A 60 ap-northeast-1 192.0.2.3"

struct searched {
    struct test_view *view;
    struct population *population;
    struct atlas *atlas;
    double capacities[ATLAS_SITES_MAX];
    struct search_options options;
    struct search_result result;
    struct error error;
};

static void open_policy(struct searched *searched, const char *text)
{
    *searched = (struct searched){.view = test_view_create(text)};
    searched->population = population_create(searched->view->model);
    searched->atlas = atlas_create(&searched->view->view, searched->population, NULL, NULL);
    assert_non_null(searched->atlas);
    for (unsigned i = 0; i < ATLAS_SITES_MAX; i++) {
        searched->capacities[i] = INFINITY;
    }
    searched->options = (struct search_options){.kinds = SITES | CHECKS,
                                                .up_to = 3,
                                                .invariants = ALL,
                                                .capacities = searched->capacities,
                                                .most_moved = 1,
                                                .most_decisions = 1000000,
                                                .verify = true};
}

static void close_policy(struct searched *searched)
{
    search_result_free(&searched->result);
    atlas_destroy(searched->atlas);
    population_destroy(searched->population);
    test_view_destroy(searched->view);
}

// "fail-open: us-east-1 eu-west-1\n..." in the order of the findings.
static void run(struct searched *searched, const char *wanted)
{
    struct buffer text;
    buffer_init(&text, 1 << 16);
    assert_true(search_run(searched->atlas, &searched->options, &searched->result, &searched->error));
    for (uint32_t i = 0; i < searched->result.finding_count; i++) {
        const struct search_finding *finding = &searched->result.findings[i];
        buffer_format(&text, "%s:", search_invariant_name(finding->invariant));
        for (unsigned f = 0; f < finding->failure_count; f++) {
            buffer_format(&text, " %s", failure_name(searched->atlas, &finding->failures[f]));
        }
        buffer_char(&text, '\n');
    }
    assert_string_equal(buffer_string(&text), wanted);
    buffer_free(&text);
}

// R3: and nothing else is wrong with it.
static void test_three_good_regions_fail_open_only_when_all_are_gone(void **state)
{
    (void)state;
    struct searched searched;
    open_policy(&searched,
                "zone Z1 example.com.\n" US " e\n" EU " w\n" AP " n\ncheck e\ncheck w\ncheck n\n" PLACES);
    searched.options.kinds = SITES;
    run(&searched, "fail-open: ap-northeast-1 eu-west-1 us-east-1\n");
    assert_int_equal(searched.result.states, 8);
    assert_int_equal(searched.result.decisions, 24);
    assert_int_equal(searched.result.broken[SEARCH_FAIL_OPEN], 1);
    assert_true(fabs(searched.result.findings[0].share - 1) < 1e-9);
    close_policy(&searched);
}

// R4: a member without a check is taken, dead or not.
static void test_a_region_without_a_check_sends_clients_to_the_dead(void **state)
{
    (void)state;
    struct searched searched;
    open_policy(&searched, "zone Z1 example.com.\n" US "\n" EU " w\n" AP " n\ncheck w\ncheck n\n" PLACES);
    searched.options.kinds = SITES;
    run(&searched, "dead-site: us-east-1\n");
    assert_true(fabs(searched.result.findings[0].share - 1.0 / 3) < 1e-9);
    uint32_t count;
    struct search_answer *answers = search_evidence(searched.atlas, &searched.result.findings[0], &count);
    assert_int_equal(count, 1);
    uint32_t place = searched.population->shares[answers[0].lead].place;
    assert_string_equal(searched.view->model->places[place].name, "US");
    assert_string_equal(searched.atlas->sites[searched.atlas->leaves[answers[0].leaf].site].name,
                        "us-east-1");
    free(answers);
    close_policy(&searched);
}

// S3: a region that is drained by an inversion is healthy again the moment it dies.
static void test_an_inverted_check_is_the_double_negative(void **state)
{
    (void)state;
    struct searched searched;
    open_policy(&searched, "zone Z1 example.com.\n" US " e\n" EU " w\n" AP
                           " n\ncheck e inverted\ncheck w\ncheck n\n" PLACES);
    searched.options.kinds = SITES;
    searched.options.up_to = 1;
    run(&searched, "dead-site: us-east-1\n");
    close_policy(&searched);
}

static void test_a_single_failed_check_at_live_regions_is_no_harm(void **state)
{
    (void)state;
    struct searched searched;
    open_policy(&searched, "zone Z1 example.com.\n" US " e\n" EU " w\ncheck e\ncheck w\n" PLACES);
    searched.options.kinds = CHECKS;
    run(&searched, "fail-open: e w\n");
    close_policy(&searched);
}

static void test_what_the_others_cannot_bear_is_found_with_the_fewest_failures(void **state)
{
    (void)state;
    struct searched searched;
    open_policy(&searched,
                "zone Z1 example.com.\n" US " e\n" EU " w\n" AP " n\ncheck e\ncheck w\ncheck n\n" PLACES);
    searched.options.kinds = SITES;
    searched.options.invariants = 1 << SEARCH_OVERLOAD;
    searched.capacities[atlas_find_site(searched.atlas, "us-east-1")] = 0.5; // a third is its own
    searched.capacities[atlas_find_site(searched.atlas, "ap-northeast-1")] = 0.9;
    run(&searched, "overload: ap-northeast-1\n"      // JP goes to us-east-1
                   "overload: eu-west-1\n"           // and so does DE
                   "overload: eu-west-1 us-east-1\n" // all three places in ap-northeast-1
    );
    assert_int_equal(searched.result.findings[0].site, atlas_find_site(searched.atlas, "us-east-1"));
    assert_true(fabs(searched.result.findings[0].share - 2.0 / 3) < 1e-9);
    close_policy(&searched);
}

static void test_a_failure_of_nothing_is_a_finding_when_all_is_up_and_too_much(void **state)
{
    (void)state;
    struct searched searched;
    open_policy(&searched,
                "zone Z1 example.com.\n" US " e\n" EU " w\n" AP " n\ncheck e\ncheck w\ncheck n\n" PLACES);
    searched.options.invariants = 1 << SEARCH_OVERLOAD;
    searched.capacities[atlas_find_site(searched.atlas, "eu-west-1")] = 0.3;
    run(&searched, "overload:\n");
    assert_int_equal(searched.result.findings[0].failure_count, 0);
    close_policy(&searched);
}

static void test_one_failure_that_moves_too_many_is_found(void **state)
{
    (void)state;
    struct searched searched;
    open_policy(&searched, "zone Z1 example.com.\n" US " e\n" EU " w\ncheck e\ncheck w\n" PLACES);
    searched.options.kinds = SITES;
    searched.options.up_to = 1;
    searched.options.most_moved = 0.5;
    run(&searched, "moved: us-east-1\n"); // US and JP
    assert_true(fabs(searched.result.findings[0].share - 2.0 / 3) < 1e-9);
    close_policy(&searched);
}

// W1: of three clients in ten, one in ten cannot stay.
static void test_a_moved_share_of_a_weighted_group_is_what_its_distributions_differ_by(void **state)
{
    (void)state;
    struct searched searched;
    open_policy(&searched, "zone Z1 example.com.\n"
                           "weighted api.example.com. A 60 a:7 192.0.2.1 a\n"
                           "weighted api.example.com. A 60 b:2 192.0.2.2 b\n"
                           "weighted api.example.com. A 60 c:1 192.0.2.3 c\n"
                           "check a\ncheck b\ncheck c\n" PLACES);
    searched.options.kinds = SITES;
    searched.options.up_to = 1;
    searched.options.invariants = 1 << SEARCH_MOVED;
    searched.options.most_moved = 0.15;
    run(&searched, "moved: a:7\nmoved: b:2\n");
    assert_true(fabs(searched.result.findings[0].share - 0.7) < 1e-9);
    assert_true(fabs(searched.result.findings[1].share - 0.2) < 1e-9);
    close_policy(&searched);
}

// A1: 2 of 16 checkers are not more than 18 %, 4 are. Every check is unhealthy then, so all clients stay.
static void test_seven_of_eight_checker_regions_cut_off_make_all_unhealthy(void **state)
{
    (void)state;
    struct searched searched;
    open_policy(&searched, "zone Z1 example.com.\n" US " e\n" EU " w\ncheck e\ncheck w\n" PLACES);
    searched.options.kinds = PARTITIONS;
    searched.options.up_to = 8;
    assert_true(search_run(searched.atlas, &searched.options, &searched.result, &searched.error));
    assert_int_equal(searched.result.finding_count, 1); // whichever region is left, it comes to the same
    assert_int_equal(searched.result.findings[0].failure_count, 7);
    assert_int_equal(searched.result.broken[SEARCH_FAIL_OPEN], 9);
    close_policy(&searched);
}

static void test_too_many_states_are_refused_before_the_first(void **state)
{
    (void)state;
    struct searched searched;
    open_policy(&searched, "zone Z1 example.com.\n" US " e\n" EU " w\ncheck e\ncheck w\n" PLACES);
    searched.options.most_decisions = 20;
    assert_false(search_run(searched.atlas, &searched.options, &searched.result, &searched.error));
    assert_string_equal(searched.error.text,
                        "4 things can fail; up to 3 of them at once are 15 states, and with 3 "
                        "places and 1 names 45 decisions, more than 20");
    close_policy(&searched);
}

// --- statuses, against the fleet that the daemon runs ------------------------------------------------------

static bool probe_succeeds(const struct atlas *atlas, const struct failure *failures, unsigned count,
                           const struct fleet *fleet, const struct probe_order *order)
{
    struct checker_state checker;
    uint64_t dead = 0;
    fleet_checker_state(fleet, order->check, order->checker, &checker);
    for (unsigned i = 0; i < count; i++) {
        const struct failure *failure = &failures[i];
        if ((failure->kind == FAILURE_CHECK && failure->index == order->check) ||
            (failure->kind == FAILURE_PARTITION && checker_region_at(failure->index) == checker.region)) {
            return false;
        }
        dead |= failure->kind == FAILURE_SITE ? UINT64_C(1) << failure->index : 0;
    }
    return (atlas->check_sites[order->check] & dead) == 0;
}

static struct status_table *statuses_by_probing(const struct atlas *atlas, const struct failure *failures,
                                                unsigned count)
{
    struct fleet *fleet = fleet_create();
    mono_time now = {0};
    wall_time wall = {0};
    fleet_apply(fleet, atlas->view->model, now, wall);
    while ((now = fleet_next(fleet)).ns < DURATION_S(300)) {
        struct probe_order order;
        fleet_advance(fleet, now, wall);
        while (fleet_take_due(fleet, now, &order)) {
            struct observation observation = {.reason = probe_succeeds(atlas, failures, count, fleet, &order)
                                                            ? OBSERVED_SUCCESS
                                                            : OBSERVED_CONNECT_REFUSED};
            fleet_observe(fleet, &order, &observation, now, wall);
        }
    }
    struct status_table *status = status_table_copy(fleet_status(fleet));
    fleet_destroy(fleet);
    return status;
}

// V1, A1, S3: what is worked out at once is what the fleet comes to after three intervals.
static void test_statuses_after_failures_are_those_that_probing_comes_to(void **state)
{
    (void)state;
    struct searched searched;
    open_policy(&searched, "zone Z1 example.com.\n" US " e\n" EU " w\n" AP
                           " n\ncheck e inverted\ncheck w\ncheck n disabled\n" PLACES);
    uint32_t count;
    struct failure *list = failures_list(searched.atlas, EVERYTHING, &count);
    struct health_effects *effects = health_effects_create(searched.atlas);
    struct status_table *status = status_table_create(3, true);
    struct random random;
    random_seed(&random, 5);
    assert_int_equal(count, 3 + 3 + 8);
    for (unsigned round = 0; round < 60; round++) {
        struct failure picked[14];
        unsigned size = 0;
        for (uint32_t i = 0; i < count; i++) {
            if (random_below(&random, 100) < 20 + round) {
                picked[size++] = list[i];
            }
        }
        health_effects_apply(effects, picked, size, status);
        struct status_table *probed = statuses_by_probing(searched.atlas, picked, size);
        assert_memory_equal(status->up, probed->up, sizeof status->up[0]);
        free(probed);
    }
    free(status);
    free(list);
    health_effects_destroy(effects);
    close_policy(&searched);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_good_regions_fail_open_only_when_all_are_gone),
        cmocka_unit_test(test_a_region_without_a_check_sends_clients_to_the_dead),
        cmocka_unit_test(test_an_inverted_check_is_the_double_negative),
        cmocka_unit_test(test_a_single_failed_check_at_live_regions_is_no_harm),
        cmocka_unit_test(test_what_the_others_cannot_bear_is_found_with_the_fewest_failures),
        cmocka_unit_test(test_a_failure_of_nothing_is_a_finding_when_all_is_up_and_too_much),
        cmocka_unit_test(test_one_failure_that_moves_too_many_is_found),
        cmocka_unit_test(test_a_moved_share_of_a_weighted_group_is_what_its_distributions_differ_by),
        cmocka_unit_test(test_seven_of_eight_checker_regions_cut_off_make_all_unhealthy),
        cmocka_unit_test(test_too_many_states_are_refused_before_the_first),
        cmocka_unit_test(test_statuses_after_failures_are_those_that_probing_comes_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
