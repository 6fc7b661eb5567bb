// SPDX-License-Identifier: MIT
// Population and Capacities of a policy, and the built-in population.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/population/population.h"
#include "support/policy_dsl.h"

static void test_what_is_wrong_with_populations_and_capacities(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *finding;
    } cases[] = {
        {"{'Population': 7}",
         "1:16: error: Population must be a file's name or a population, not the number 7"},
        {"{'Population': {}}", "error: missing field 'Places'"},
        {"{'Population': {'Places': []}}", "1:27: error: Places must be an object of numbers, not an array"},
        {"{'Population': {'Places': {}}}", "nobody is anywhere"},
        {"{'Population': {'Places': {'DE': 0}}}", "nobody is anywhere"},
        {"{'Population': {'Places': {'DE': -1, 'JP': 1}}}",
         "1:34: error: a number from 0 to 1000000000000 is wanted, not the number -1"},
        {"{'Population': {'Places': {'DE': 'many', 'JP': 1}}}", "is wanted, not the string 'many'"},
        {"{'Population': {'Places': {'DD': 1}}}",
         "1:34: error: place 'DD' is not in the latency table; did you mean 'DE'?"},
        {"{'Population': {'Places': {'us-west-2': 1}}}", "place 'us-west-2' is not in the latency table"},
        {"{'Population': 'absent.json'}",
         "1:16: error: cannot read the population: absent.json: No such file"},
        {"{'Population': 'bad.json'}", "bad.json:1:19: error: place 'XX' is not in the latency table"},
        {"{'Capacities': {'us-east-1': -5}}", "1:30: error: a number from 0 to 100000 is wanted"},
        {"{'Capacities': ['us-east-1']}", "Capacities must be an object of numbers, not an array"},
    };
    static const struct policy_dsl_file files[] = {{"bad.json", "{'Places': {'XX': 1}}"}, {NULL, NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct policy_dsl dsl;
        policy_dsl_read(&dsl, cases[i].text, files, NULL);
        if (dsl.policy != NULL || strstr(buffer_string(&dsl.printed), cases[i].finding) == NULL) {
            print_message("%s\n%s", cases[i].text, buffer_string(&dsl.printed));
        }
        assert_null(dsl.policy);
        assert_non_null(strstr(buffer_string(&dsl.printed), cases[i].finding));
        policy_dsl_free(&dsl);
    }
}

static struct model *load(const char *text, const struct policy_dsl_file *files,
                          const struct policy_options *options)
{
    struct policy_dsl dsl;
    policy_dsl_read(&dsl, text, files, options);
    assert_string_equal(buffer_string(&dsl.printed), "");
    struct model *model = model_build(policy_spec(dsl.policy));
    policy_dsl_free(&dsl);
    return model;
}

static double share_of(const struct population *population, const struct model *model, const char *name)
{
    uint32_t place = model_find_place(model, bytes_of(name));
    for (uint32_t i = 0; i < population->count; i++) {
        if (population->shares[i].place == place) {
            return population->shares[i].share;
        }
    }
    return 0;
}

static void test_a_population_is_shares_of_its_sum(void **state)
{
    (void)state;
    static const struct policy_dsl_file files[] = {{"world.json", "{'Places': {'de': 30, 'JP': 10}}"},
                                                   {NULL, NULL}};
    static const char *const policies[] = {
        "{'Population': {'Comment': 'ours', 'Places': {'DE': 3, 'JP': 1, 'default': 0}}}",
        "{'Population': 'world.json'}",
    };
    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        struct model *model = load(policies[i], files, NULL);
        struct population *population = population_create(model);
        assert_true(population->counted);
        assert_int_equal(population->count, 2);
        assert_string_equal(model->places[population->shares[0].place].name, "DE");
        assert_true(share_of(population, model, "DE") == 0.75);
        assert_true(share_of(population, model, "JP") == 0.25);
        population_destroy(population);
        model_destroy(model);
    }
}

static void test_the_built_in_population_counts_only_places_that_the_table_has(void **state)
{
    (void)state;
    struct policy_options options = {.default_population_name = "world",
                                     .default_population = bytes_of("{\"Places\": {\"DE\": 8, \"FR\": 9}}")};
    struct model *model = load("{}", NULL, &options);
    struct population *population = population_create(model);
    assert_true(population->counted);
    assert_int_equal(population->count, 1);
    assert_true(share_of(population, model, "DE") == 1);
    population_destroy(population);
    model_destroy(model);
}

// Neither the default row nor the regions, which every model has.
static void test_without_a_population_every_place_counts_alike(void **state)
{
    (void)state;
    struct model *model = load("{}", NULL, NULL);
    struct population *population = population_create(model);
    assert_false(population->counted);
    assert_int_equal(population->count, 2);
    assert_true(share_of(population, model, "JP") == 0.5);
    population_destroy(population);
    model_destroy(model);
}

static void test_capacities_are_kept_by_site(void **state)
{
    (void)state;
    struct model *model = load("{'Capacities': {'us-east-1': 60, 'a/b~c': 12.5}}", NULL, NULL);
    assert_int_equal(model->capacity_count, 2);
    assert_string_equal(model->capacities[0].site, "us-east-1");
    assert_true(model->capacities[0].percent == 60);
    assert_string_equal(model->capacities[1].site, "a/b~c");
    assert_true(model->capacities[1].percent == 12.5);
    model_destroy(model);
}

// Every place of policies/population/world.json is one of the default latency table, and no country is
// counted beside its states.
static void test_the_worlds_population_fits_the_default_latency_table(void **state)
{
    (void)state;
    size_t latency_len;
    size_t world_len;
    char *latency = policy_dsl_file_text("policies/latency/aws.json", &latency_len);
    char *world = policy_dsl_file_text("policies/population/world.json", &world_len);
    struct policy_options options = {
        .default_latency_name = "policies/latency/aws.json",
        .default_latency = {(const uint8_t *)latency, latency_len},
        .default_population_name = "policies/population/world.json",
        .default_population = {(const uint8_t *)world, world_len},
    };
    struct model *model = load("{}", NULL, &options);
    struct population *population = population_create(model);
    double sum = 0;
    for (uint32_t i = 0; i < population->count; i++) {
        sum += population->shares[i].share;
    }
    assert_int_equal(population->count, 308);
    assert_true(sum > 0.999999 && sum < 1.000001);
    assert_true(share_of(population, model, "CN") > 0.1);
    assert_true(share_of(population, model, "US-CA") > 0.01);
    assert_true(share_of(population, model, "US") == 0 && share_of(population, model, "CA") == 0);
    population_destroy(population);
    model_destroy(model);
    free(latency);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_wrong_with_populations_and_capacities),
        cmocka_unit_test(test_a_population_is_shares_of_its_sum),
        cmocka_unit_test(test_the_built_in_population_counts_only_places_that_the_table_has),
        cmocka_unit_test(test_without_a_population_every_place_counts_alike),
        cmocka_unit_test(test_capacities_are_kept_by_site),
        cmocka_unit_test(test_the_worlds_population_fits_the_default_latency_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
