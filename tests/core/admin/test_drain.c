// SPDX-License-Identifier: MIT
// Which checks a word of an operator means.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/admin/drain.h"
#include "support/model_dsl.h"

static const char account[] = "zone Z1 example.com.\n"
                              "check b\n"
                              "check a\n"
                              "check c\n"
                              "latency api.example.com. A 60 eu-west-1 192.0.2.1 c\n"
                              "latency api.example.com. A 60 us-east-1 192.0.2.2 b\n"
                              "latency api.example.com. AAAA 60 eu-west-1 2001:db8::1 a\n"
                              "latency www.example.com. A 60 eu-west-1 192.0.2.3 c\n"
                              "latency old.example.com. A 60 eu-west-1 192.0.2.4 -\n"
                              "latency old.example.com. A 60 eu-west-2 192.0.2.4 -\n"
                              "weighted set.example.com. A 60 eu-west-1:1 192.0.2.5 b\n"
                              "place DE us-east-1=90 eu-west-1=24\n";

static void test_a_region_is_the_checks_of_its_latency_records_each_once(void **state)
{
    (void)state;
    struct model *model = model_dsl(account);
    struct drain_target target;
    assert_true(drain_target_find(model, "eu-west-1", &target, NULL));
    assert_int_equal(target.count, 2);
    assert_string_equal(model->health_checks[target.checks[0]].id, "a");
    assert_string_equal(model->health_checks[target.checks[1]].id, "c");
    assert_int_equal(target.uncovered_count, 1);
    assert_int_equal(target.uncovered[0]->members[0].region, target.region);
    drain_target_free(&target);
    model_destroy(model);
}

static void test_a_word_that_is_no_region_is_a_check(void **state)
{
    (void)state;
    struct model *model = model_dsl(account);
    struct drain_target target;
    assert_true(drain_target_find(model, "b", &target, NULL));
    assert_int_equal(target.count, 1);
    assert_int_equal(target.region, REGION_NONE);
    assert_int_equal(target.uncovered_count, 0);
    drain_target_free(&target);
    model_destroy(model);
}

static void test_what_cannot_be_drained_says_why(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        const char *why;
    } cases[] = {
        {"mars", "'mars' is neither an AWS region nor the id or name of a health check"},
        {"eu-wst-2", "'eu-wst-2' is neither an AWS region nor the id or name of a health check; did you mean "
                     "'eu-west-2'?"},
        {"sa-east-1", "no latency record of sa-east-1 has a health check"},
        {"eu-west-2",
         "no latency record of eu-west-2 has a health check, and only health checks take clients elsewhere"},
    };
    struct model *model = model_dsl(account);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct drain_target target;
        struct error error = {0};
        assert_false(drain_target_find(model, cases[i].word, &target, &error));
        assert_string_equal(error.text, cases[i].why);
    }
    model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_region_is_the_checks_of_its_latency_records_each_once),
        cmocka_unit_test(test_a_word_that_is_no_region_is_a_check),
        cmocka_unit_test(test_what_cannot_be_drained_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
