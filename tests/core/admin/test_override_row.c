// SPDX-License-Identifier: MIT
// What is imposed on a check, to text and back.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/admin/override_row.h"

static const mono_time now = {INT64_C(5000000000)};
static const wall_time wall = {INT64_C(1795730000000000000)};

static bool again(const struct override *override, mono_time later, wall_time then, struct override *out)
{
    char *text = override_row_print(override);
    bool ok = override_row_parse(bytes_of(text), later, then, out);
    free(text);
    return ok;
}

static void test_an_override_comes_back_as_it_was(void **state)
{
    (void)state;
    const struct override cases[] = {
        {.has_inverted = true,
         .inverted = true,
         .has_disabled = true,
         .disabled = true,
         .until = MONO_NEVER,
         .since = wall,
         .reason = "kernel \"update\""},
        {.has_inverted = true, .inverted = false, .until = MONO_NEVER, .since = wall},
        {.verdict = OVERRIDE_UNHEALTHY, .until = MONO_NEVER, .since = wall},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct override back;
        assert_true(again(&cases[i], now, wall, &back));
        assert_int_equal(back.has_inverted, cases[i].has_inverted);
        assert_int_equal(back.inverted, cases[i].inverted);
        assert_int_equal(back.has_disabled, cases[i].has_disabled);
        assert_int_equal(back.disabled, cases[i].disabled);
        assert_int_equal(back.verdict, cases[i].verdict);
        assert_int_equal(back.since.ns, cases[i].since.ns);
        assert_int_equal(back.until.ns, INT64_MAX);
        assert_string_equal(back.reason, cases[i].reason);
    }
}

static void test_what_is_left_of_its_time_is_by_the_wall(void **state)
{
    (void)state;
    struct override drill = {.verdict = OVERRIDE_UNHEALTHY,
                             .until = mono_add(now, DURATION_S(60)),
                             .until_wall = wall_add(wall, DURATION_S(60))};
    struct override back;
    const mono_time other_boot = {7};
    assert_true(again(&drill, other_boot, wall_add(wall, DURATION_S(45)), &back));
    assert_int_equal(back.until.ns, 7 + DURATION_S(15));
    assert_int_equal(back.until_wall.ns, drill.until_wall.ns);
    assert_false(again(&drill, other_boot, wall_add(wall, DURATION_S(60)), &back));
}

static void test_a_journal_names_what_was_imposed(void **state)
{
    (void)state;
    static const struct {
        struct override override;
        const char *subjects;
    } cases[] = {
        {{.has_inverted = true, .inverted = true, .until = MONO_NEVER}, "[\"Inverted true\"]"},
        {{.has_inverted = true,
          .has_disabled = true,
          .disabled = true,
          .until_wall = {INT64_C(1795730000000000000)}},
         "[\"Inverted false\",\"Disabled true\",\"until 2026-11-26T21:53:20.000Z\"]"},
        {{.verdict = OVERRIDE_HEALTHY}, "[\"Verdict healthy\"]"},
        {{.until_wall = {INT64_C(1795730000000000000)}, .reason = "drill"}, "[]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *subjects = override_subjects(&cases[i].override);
        char *text = json_dumps(subjects, JSON_COMPACT);
        assert_string_equal(text, cases[i].subjects);
        free(text);
        json_decref(subjects);
    }
}

static void test_other_texts_are_no_override(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "{}",
        "[]",
        "{\"Verdict\":3,\"Reason\":\"\",\"Since\":1,\"Until\":0}",
        "{\"Verdict\":1,\"Reason\":7,\"Since\":1,\"Until\":0}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct override back;
        assert_false(override_row_parse(bytes_of(texts[i]), now, wall, &back));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_override_comes_back_as_it_was),
        cmocka_unit_test(test_what_is_left_of_its_time_is_by_the_wall),
        cmocka_unit_test(test_a_journal_names_what_was_imposed),
        cmocka_unit_test(test_other_texts_are_no_override),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
