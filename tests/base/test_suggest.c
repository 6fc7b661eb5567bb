// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/suggest.h"

static void test_the_nearest_word_is_suggested_if_it_is_near(void **state)
{
    (void)state;
    static const char *const words[] = {"serve", "check", "explain", "query", "replay", "region", NULL};
    static const struct {
        const char *word;
        const char *nearest;
    } cases[] = {
        {"srve", "serve"},     {"sevre", "serve"},     {"Serve", "serve"},     {"regoin", "region"},
        {"regions", "region"}, {"expalin", "explain"}, {"explani", "explain"}, {"serve", "serve"},
        {"chekc", "check"},    {"rply", NULL},         {"banana", NULL},       {"", NULL},
        {"x", NULL},           {"queue", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *nearest = suggest_nearest(cases[i].word, words);
        if (cases[i].nearest == NULL) {
            assert_null(nearest);
        } else {
            assert_non_null(nearest);
            assert_string_equal(nearest, cases[i].nearest);
        }
    }
}

static void test_long_words_and_empty_lists_suggest_nothing(void **state)
{
    (void)state;
    char word[200];
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    const char *const same[] = {word, NULL};
    const char *const none[] = {NULL};
    assert_null(suggest_nearest(word, same));
    assert_null(suggest_nearest("aaaaaa", same));
    assert_null(suggest_nearest("serve", none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_nearest_word_is_suggested_if_it_is_near),
        cmocka_unit_test(test_long_words_and_empty_lists_suggest_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
