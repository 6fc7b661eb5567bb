// SPDX-License-Identifier: MIT
// What a search says, as text, and the scenario that is made of a finding.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "core/search/counterexample.h"
#include "core/search/report.h"
#include "support/model_dsl.h"

#define POLICY                                                                                               \
    "zone Z1 example.com.\n"                                                                                 \
    "latency api.example.com. A 60 us-east-1 192.0.2.1\n"                                                    \
    "latency api.example.com. A 60 eu-west-1 192.0.2.2 w\n"                                                  \
    "check w\n"                                                                                              \
    "place US us-east-1=10 eu-west-1=80\nplace CU us-east-1=20 eu-west-1=90\n"                               \
    "place DE us-east-1=90 eu-west-1=25\n"

struct searched {
    struct test_view *view;
    struct population *population;
    struct atlas *atlas;
    double capacities[ATLAS_SITES_MAX];
    struct search_options options;
    struct search_result result;
};

static void begin(struct searched *searched)
{
    searched->view = test_view_create(POLICY);
    searched->population = population_create(searched->view->model);
    searched->atlas = atlas_create(&searched->view->view, searched->population, NULL, NULL);
    for (unsigned i = 0; i < ATLAS_SITES_MAX; i++) {
        searched->capacities[i] = INFINITY;
    }
    searched->capacities[atlas_find_site(searched->atlas, "us-east-1")] = 0.9;
    searched->options = (struct search_options){.kinds = 1 << FAILURE_SITE | 1 << FAILURE_CHECK,
                                                .up_to = 1,
                                                .invariants = (1 << SEARCH_INVARIANTS) - 1,
                                                .capacities = searched->capacities,
                                                .most_moved = 1,
                                                .most_decisions = 1000};
    assert_true(search_run(searched->atlas, &searched->options, &searched->result, NULL));
}

static void end(struct searched *searched)
{
    search_result_free(&searched->result);
    atlas_destroy(searched->atlas);
    population_destroy(searched->population);
    test_view_destroy(searched->view);
}

// A dead site without a check, and one site that gets all.
static void test_findings_are_told_by_what_they_break(void **state)
{
    (void)state;
    struct searched searched;
    struct buffer text;
    buffer_init(&text, 65536);
    begin(&searched);
    json_t *report = search_json(searched.atlas, &searched.options, &searched.result, 10);
    search_text(report, &text);
    assert_string_equal(buffer_string(&text),
                        "the policy: 2 sites, 1 health check, 3 places, 1 name\n"
                        "up to 1 of 3 failures at once: 4 states, 12 decisions\n"
                        "\n"
                        "dead-site: 1 state; the smallest:\n"
                        "   1. site us-east-1 dies\n"
                        "     api.example.com. A: 66.7 % of clients are sent to what is dead\n"
                        "     CU and 1 place like it, 66.7 %: us-east-1\n"
                        "\n"
                        "overload: 2 states; the smallest:\n"
                        "   1. site eu-west-1 dies\n"
                        "     api.example.com. A: us-east-1 gets 100.0 % of clients and can bear 90.0 %\n"
                        "     CU and 1 place like it, 66.7 %: us-east-1; DE, 33.3 %: us-east-1\n");
    buffer_free(&text);
    json_decref(report);
    end(&searched);
}

static void test_findings_beyond_what_is_shown_are_counted(void **state)
{
    (void)state;
    struct searched searched;
    begin(&searched);
    json_t *report = search_json(searched.atlas, &searched.options, &searched.result, 0);
    assert_int_equal(json_array_size(json_object_get(report, "findings")), 0);
    assert_int_equal(json_integer_value(json_object_get(report, "findings_left_out")), 2);
    json_decref(report);
    end(&searched);
}

static void test_a_finding_is_a_scenario_that_expects_the_opposite(void **state)
{
    (void)state;
    struct searched searched;
    begin(&searched);
    json_t *dead =
        search_counterexample(searched.atlas, &searched.options, &searched.result.findings[1], "p.json");
    char *text = json_dumps(json_object_get(dead, "Events"), JSON_SORT_KEYS);
    assert_string_equal(text,
                        "[{\"At\": \"1m\", \"Endpoint\": \"192.0.2.1\", \"Fault\": {\"Kind\": \"down\"}}]");
    free(text);
    text = json_dumps(json_object_get(dead, "Expectations"), JSON_SORT_KEYS);
    assert_string_equal(text, "[{\"LongerThan\": \"5m\", \"Never\": \"DeadSite\"}]");
    free(text);
    json_decref(dead);
    end(&searched);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_findings_are_told_by_what_they_break),
        cmocka_unit_test(test_findings_beyond_what_is_shown_are_counted),
        cmocka_unit_test(test_a_finding_is_a_scenario_that_expects_the_opposite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
