// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/route53/paging.h"

static const struct route53_paging record_sets = {"MaxItems", 100, 300};

// API reference 1.9
static void test_a_page_has_the_asked_size_within_its_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *input;
        unsigned size; // 0: refused
    } cases[] = {
        {"{}", 100},
        {"{\"MaxItems\":\"1\"}", 1},
        {"{\"MaxItems\":\"300\"}", 300},
        {"{\"MaxItems\":\"301\"}", 300},
        {"{\"MaxItems\":\"99999999999999999999999\"}", 300},
        {"{\"MaxItems\":\"007\"}", 7},
        {"{\"MaxItems\":7}", 7},
        {"{\"MaxItems\":\"0\"}", 0},
        {"{\"MaxItems\":\"00\"}", 0},
        {"{\"MaxItems\":0}", 0},
        {"{\"MaxItems\":\"-1\"}", 0},
        {"{\"MaxItems\":\"\"}", 0},
        {"{\"MaxItems\":\"ten\"}", 0},
        {"{\"MaxItems\":\"1.5\"}", 0},
        {"{\"MaxItems\":\" 1\"}", 0},
        {"{\"MaxItems\":true}", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct route53_fault fault = {0};
        json_t *input = json_loads(cases[i].input, 0, NULL);
        unsigned size = 0;
        bool ok = route53_page_size(&record_sets, input, &size, &fault);
        if (ok != (cases[i].size != 0) || size != cases[i].size) {
            fail_msg("%s: %u", cases[i].input, size);
        }
        if (!ok) {
            assert_string_equal(fault.code, "InvalidInput");
        }
        route53_fault_clear(&fault);
        json_decref(input);
    }
}

static void test_a_bad_size_is_named(void **state)
{
    (void)state;
    struct route53_fault fault = {0};
    json_t *input = json_pack("{s:s}", "MaxItems", "ten");
    unsigned size;
    assert_false(route53_page_size(&record_sets, input, &size, &fault));
    assert_string_equal(fault.message,
                        "1 validation error detected: Value 'ten' at 'maxItems' failed to satisfy "
                        "constraint: Member must have value greater than or equal to 1");
    route53_fault_clear(&fault);
    json_decref(input);
}

static void test_the_size_that_counted_is_echoed_as_a_text(void **state)
{
    (void)state;
    json_t *output = json_object();
    route53_page_echo(&record_sets, 300, output);
    assert_string_equal(json_string_value(json_object_get(output, "MaxItems")), "300");
    json_decref(output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_page_has_the_asked_size_within_its_bounds),
        cmocka_unit_test(test_a_bad_size_is_named),
        cmocka_unit_test(test_the_size_that_counted_is_echoed_as_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
