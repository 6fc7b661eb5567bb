// SPDX-License-Identifier: MIT
#include "core/json/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_bad_texts_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t len; // 0: up to the NUL
        const char *finding;
    } cases[] = {
        {"", 0, "t:1:1: the text is empty; an empty object is {}"},
        {"\xef\xbb\xbf{}", 0,
         "t:1:1: the text starts with a byte order mark (EF BB BF); save it as UTF-8 without one"},
        {"\xff\xfe{\0}\0", 6, "t:1:1: the text is UTF-16; save it as UTF-8"},
        {"\x1f\x8b\x08", 0, "t:1:1: the text is compressed (gzip)"},
        {"{\n \"a\0\": 1}", 10, "t:2:4: the text holds a NUL byte"},
        {"{\"a\": [[[[]]]]}", 0, "t:1:10: objects and arrays are nested too deeply here"},
        {"{\"a\": 1,\n \"a\": 2}", 0, "t:2:2: not valid JSON: duplicate object key near '\"a\"'"},
        {"{\"a\": {\"b\": 1, \"b\": 2}}", 0, "t:1:16: not valid JSON: duplicate object key near '\"b\"'"},
        {"{\"a\": 1,}", 0,
         "t:1:9: not valid JSON: string or '}' expected near '}'; the comma before it is one too many"},
        {"{\"a\": [1, ]}", 0,
         "t:1:11: not valid JSON: unexpected token near ']'; the comma before it is one too many"},
        {"{'a': 1}", 0,
         "t:1:2: not valid JSON: string or '}' expected near '''; strings stand in double quotes"},
        {"{\n# no\n}", 0, "t:2:1: not valid JSON: string or '}' expected near '#'; JSON has no comments"},
        {"{\"a\": 1", 0, "t:1:8: the text ends too early: something is not closed"},
        {"{\"a\": \"x", 0, "t:1:9: the text ends too early: something is not closed"},
        {"{\"a\": truth}", 0, "t:1:7: not valid JSON: invalid token near 'truth'"},
        {"{\"a\": 01}", 0, "t:1:7: not valid JSON: invalid token near '0'"},
        {"{\"a\": 1} x", 0, "t:1:10: not valid JSON: end of file expected near 'x'"},
        {"{\"a\":\n  [1\n\t 2]}", 0, "t:3:3: not valid JSON: ']' expected near '2'"},
        {"{\n  \"a\": \"x\n  y\"}", 0, "t:2:8: not valid JSON: unexpected newline near '\"x'"},
        {"[]", 0, "t:1:1: the outermost value must be an object, not an array"},
        {"5", 0, "t:1:1: not valid JSON: '[' or '{' expected near '5'"},
        {"{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\": 1}", 0,
         "t: the text has 71 bytes; at most 64 are read"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bytes text = bytes_of(cases[i].text);
        text.len = cases[i].len > 0 ? cases[i].len : text.len;
        struct diagnostics *diagnostics = diagnostics_create();
        struct buffer first;
        buffer_init(&first, 4096);
        diagnostics_file(diagnostics, "t", text);
        assert_null(json_text_parse(text, 4, 64, diagnostics));
        diagnostics_first(diagnostics, &first);
        assert_string_equal(buffer_string(&first), cases[i].finding);
        assert_int_equal(diagnostics_errors(diagnostics), 1);
        buffer_free(&first);
        diagnostics_destroy(diagnostics);
    }
}

static void test_bytes_that_are_not_utf8_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"{\"a\": \"\xff\"}", "{\"\xc0\x80\": 1}", "{\"a\": \"\xed\xa0\x80\"}",
                                        "{\"a\": \"\\ud800\"}"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct diagnostics *diagnostics = diagnostics_create();
        diagnostics_file(diagnostics, "t", bytes_of(cases[i]));
        assert_null(json_text_parse(bytes_of(cases[i]), 4, 64, diagnostics));
        assert_int_equal(diagnostics_errors(diagnostics), 1);
        diagnostics_destroy(diagnostics);
    }
}

static void test_a_good_text_is_a_tree_without_findings(void **state)
{
    (void)state;
    struct diagnostics *diagnostics = diagnostics_create();
    const char *text = " {\"a\": [[[]]], \"b\": \"\xc3\xa9\"}\n";
    diagnostics_file(diagnostics, "t", bytes_of(text));
    json_t *tree = json_text_parse(bytes_of(text), 4, 64, diagnostics);
    assert_non_null(tree);
    assert_int_equal(json_object_size(tree), 2);
    assert_int_equal(diagnostics_errors(diagnostics), 0);
    json_decref(tree);
    diagnostics_destroy(diagnostics);
}

// Of any size, so that lines end anywhere in what the parser is given at a time.
static void test_indentation_changes_nothing(void **state)
{
    (void)state;
    json_t *list = json_array();
    for (int i = 0; i < 300; i++) {
        json_array_append_new(list, json_pack("{s:i,s:s,s:[]}", "a  b", i, "c", "\n  d\\\"\t e  ", "f"));
    }
    json_t *tree = json_pack("{s:o}", "list", list);
    for (size_t indent = 0; indent < 32; indent++) {
        struct diagnostics *diagnostics = diagnostics_create();
        char *text = json_dumps(tree, indent > 0 ? JSON_INDENT(indent) : JSON_COMPACT);
        for (char *c = text; indent % 2 == 1 && *c != '\0'; c++) {
            *c = *c == '\n' ? '\r' : *c; // white space, which no line ends with
        }
        diagnostics_file(diagnostics, "t", bytes_of(text));
        json_t *read = json_text_parse(bytes_of(text), 4, 1 << 20, diagnostics);
        assert_true(json_equal(read, tree));
        json_decref(read);
        diagnostics_destroy(diagnostics);
        free(text);
    }
    json_decref(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_texts_are_refused_with_their_place),
        cmocka_unit_test(test_bytes_that_are_not_utf8_are_refused),
        cmocka_unit_test(test_a_good_text_is_a_tree_without_findings),
        cmocka_unit_test(test_indentation_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
