// SPDX-License-Identifier: MIT
#include "core/json/diagnostic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/xalloc.h"

static void expect_print(const struct diagnostics *diagnostics, const char *wanted)
{
    struct buffer out;
    buffer_init(&out, 1 << 20);
    diagnostics_print(diagnostics, &out);
    assert_string_equal(buffer_string(&out), wanted);
    buffer_free(&out);
}

static void test_findings_quote_the_line_and_mark_the_text(void **state)
{
    (void)state;
    struct diagnostics *diagnostics = diagnostics_create();
    diagnostics_file(diagnostics, "p.json",
                     bytes_of("{\n\t\"Regoin\": \"us-east-1\",\r\n  \"Port\": 0\n}\n"));
    diagnostics_add(diagnostics, DIAGNOSTIC_WARNING, "/Port", "'%s' is odd", "0");
    diagnostics_add(diagnostics, DIAGNOSTIC_ERROR, "/#key/Regoin", "unknown field");
    diagnostics_add(diagnostics, DIAGNOSTIC_ERROR, "", "missing field");
    expect_print(diagnostics, "p.json:1:1: error: missing field\n"
                              "   1 | {\n"
                              "     | ^\n"
                              "p.json:2:2: error: unknown field\n"
                              "   2 |     \"Regoin\": \"us-east-1\",\n"
                              "     |     ^~~~~~~~\n"
                              "p.json:3:11: warning: '0' is odd\n"
                              "   3 |   \"Port\": 0\n"
                              "     |           ^\n"
                              "2 errors, 1 warning\n");
    struct buffer first;
    buffer_init(&first, 1000);
    diagnostics_first(diagnostics, &first);
    assert_string_equal(buffer_string(&first), "p.json:1:1: missing field");
    buffer_free(&first);
    diagnostics_destroy(diagnostics);
}

static void test_files_stand_in_the_order_they_were_named(void **state)
{
    (void)state;
    struct diagnostics *diagnostics = diagnostics_create();
    struct bytes a = bytes_of("[1]");
    diagnostics_file(diagnostics, "a.json", a);
    diagnostics_file(diagnostics, "b.json", bytes_of("[2]"));
    diagnostics_add_at(diagnostics, DIAGNOSTIC_ERROR, 1, 2, "in b");
    diagnostics_add_at(diagnostics, DIAGNOSTIC_ERROR, 0, 0, "somewhere in b");
    diagnostics_file(diagnostics, "a.json", a);
    diagnostics_add(diagnostics, DIAGNOSTIC_ERROR, "/0", "in a");
    expect_print(diagnostics, "a.json:1:2: error: in a\n"
                              "   1 | [1]\n"
                              "     |  ^\n"
                              "b.json: error: somewhere in b\n"
                              "b.json:1:2: error: in b\n"
                              "   1 | [2]\n"
                              "     |  ^\n"
                              "3 errors\n");
    diagnostics_destroy(diagnostics);
}

static void test_long_lines_are_cut_around_the_place(void **state)
{
    (void)state;
    struct buffer text;
    buffer_init(&text, 1 << 16);
    buffer_char(&text, '[');
    for (int i = 0; i < 200; i++) {
        buffer_format(&text, "%d, ", 1000 + i);
    }
    buffer_text(&text, "\"end\"]");
    struct diagnostics *diagnostics = diagnostics_create();
    diagnostics_file(diagnostics, "p.json", bytes_of(buffer_string(&text)));
    diagnostics_add(diagnostics, DIAGNOSTIC_ERROR, "/100", "here");
    expect_print(
        diagnostics,
        "p.json:1:602: error: here\n"
        "   1 | ...93, 1094, 1095, 1096, 1097, 1098, 1099, 1100, 1101, 1102, 1103, 1104, 1105, 1106, 1107, "
        "1108, 1109, ...\n"
        "     |                                            ^~~~\n"
        "1 error\n");
    diagnostics_destroy(diagnostics);
    buffer_free(&text);
}

static void test_what_a_terminal_would_obey_is_not_printed(void **state)
{
    (void)state;
    struct diagnostics *diagnostics = diagnostics_create();
    diagnostics_file(diagnostics, "p.json", bytes_of("[\"\x1b[31m\xff\xc2\x9b\xc3\xa9\", 5]"));
    diagnostics_add(diagnostics, DIAGNOSTIC_ERROR, "/1", "bad \x1b[0m\n name \xc3\xa9");
    expect_print(diagnostics, "p.json:1:16: error: bad ?[0m? name \xc3\xa9\n"
                              "   1 | [\"?[31m???\xc3\xa9\", 5]\n"
                              "     |               ^\n"
                              "1 error\n");
    diagnostics_destroy(diagnostics);
}

static void test_a_thousand_findings_are_kept_and_all_are_counted(void **state)
{
    (void)state;
    struct diagnostics *diagnostics = diagnostics_create();
    diagnostics_file(diagnostics, "p.json", bytes_of("{}"));
    for (int i = 0; i < 1500; i++) {
        diagnostics_add(diagnostics, DIAGNOSTIC_ERROR, "", "finding %d", i);
    }
    assert_int_equal(diagnostics_errors(diagnostics), 1500);
    struct buffer out;
    buffer_init(&out, 1 << 20);
    diagnostics_print(diagnostics, &out);
    assert_non_null(strstr(buffer_string(&out), "finding 999\n"));
    assert_null(strstr(buffer_string(&out), "finding 1000\n"));
    assert_non_null(strstr(buffer_string(&out), "\n1500 errors (the first 1000 are shown)\n"));
    buffer_free(&out);
    diagnostics_destroy(diagnostics);
}

static void test_without_findings_nothing_is_printed(void **state)
{
    (void)state;
    struct diagnostics *diagnostics = diagnostics_create();
    char *text = xstrdup("{}");
    diagnostics_file(diagnostics, "p.json", bytes_of(text));
    diagnostics_keep(diagnostics, text);
    expect_print(diagnostics, "");
    struct buffer first;
    buffer_init(&first, 100);
    diagnostics_add(diagnostics, DIAGNOSTIC_WARNING, "", "only a warning");
    diagnostics_first(diagnostics, &first);
    assert_string_equal(buffer_string(&first), "");
    buffer_free(&first);
    diagnostics_destroy(diagnostics);
    diagnostics_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_findings_quote_the_line_and_mark_the_text),
        cmocka_unit_test(test_files_stand_in_the_order_they_were_named),
        cmocka_unit_test(test_long_lines_are_cut_around_the_place),
        cmocka_unit_test(test_what_a_terminal_would_obey_is_not_printed),
        cmocka_unit_test(test_a_thousand_findings_are_kept_and_all_are_counted),
        cmocka_unit_test(test_without_findings_nothing_is_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
