// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"

static wall_time noon(void)
{
    return (wall_time){INT64_C(1414119312106) * 1000000};
}

static struct log_line begun(enum log_level least, wall_time (*clock)(void), enum log_level level)
{
    struct log_line line;
    log_configure(least, clock);
    log_begin(&line, level, "probe_failed");
    return line;
}

static const char *text_of(struct log_line *line)
{
    line->text[line->len] = '\0';
    return line->text;
}

static void test_a_line_begins_with_time_level_and_event(void **state)
{
    (void)state;
    struct log_line line = begun(LOG_LEVEL_INFO, noon, LOG_LEVEL_WARNING);
    assert_string_equal(text_of(&line), "time=2014-10-24T02:55:12.106Z level=warning event=probe_failed");
    line = begun(LOG_LEVEL_INFO, NULL, LOG_LEVEL_ERROR);
    assert_string_equal(text_of(&line), "level=error event=probe_failed");
}

static void test_values_are_quoted_when_they_must_be(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *written;
    } cases[] = {
        {"eu-west-1", "k=eu-west-1"},
        {"", "k=\"\""},
        {"two words", "k=\"two words\""},
        {"a=b", "k=\"a=b\""},
        {"say \"hi\"", "k=\"say \\\"hi\\\"\""},
        {"back\\slash", "k=\"back\\\\slash\""},
        {"x\nlevel=error event=forged", "k=\"x\\nlevel=error event=forged\""},
        {"bell\a", "k=\"bell\\x07\""},
        {"\x1b[31m", "k=\"\\x1b[31m\""},
        {"\x7f", "k=\"\\x7f\""},
        {"M\xc3\xbcnchen", "k=M\xc3\xbcnchen"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct log_line line = begun(LOG_LEVEL_INFO, NULL, LOG_LEVEL_INFO);
        size_t before = line.len;
        log_text(&line, "k", cases[i].value);
        assert_string_equal(text_of(&line) + before + 1, cases[i].written);
    }
}

static void test_each_type_of_value_has_its_form(void **state)
{
    (void)state;
    struct log_line line = begun(LOG_LEVEL_INFO, NULL, LOG_LEVEL_INFO);
    log_number(&line, "least", INT64_MIN);
    log_bool(&line, "up", true);
    log_bool(&line, "down", false);
    log_format(&line, "share", "%d of %d", 3, 18);
    assert_string_equal(text_of(&line), "level=info event=probe_failed least=-9223372036854775808 up=true "
                                        "down=false share=\"3 of 18\"");
}

static void test_a_cut_line_still_parses(void **state)
{
    (void)state;
    char value[5000];
    for (size_t pad = 0; pad < 40; pad++) { // so that the cut falls on every part of a pair and of an escape
        struct log_line line = begun(LOG_LEVEL_INFO, NULL, LOG_LEVEL_INFO);
        memset(value, 'x', sizeof value);
        value[sizeof line.text - 80 + pad] = '\0';
        log_text(&line, "long", value);
        log_text(&line, "next", "\x01\x01\x01\x01\x01\x01\x01");
        log_text(&line, "last", "z z");
        assert_true(line.len < sizeof line.text);
        unsigned quotes = 0;
        for (const char *c = text_of(&line); *c != '\0'; c++) {
            quotes += *c == '"';
        }
        assert_int_equal(quotes % 2, 0);
        const char *next = strstr(line.text, " next=");
        assert_true(next == NULL || next[6] == '"');
        assert_int_not_equal(line.text[line.len - 1], '=');
    }
}

static void test_lines_below_the_threshold_cost_nothing_and_say_nothing(void **state)
{
    (void)state;
    for (enum log_level least = LOG_LEVEL_DEBUG; least <= LOG_LEVEL_ERROR; least++) {
        for (enum log_level level = LOG_LEVEL_DEBUG; level <= LOG_LEVEL_ERROR; level++) {
            struct log_line line = begun(least, NULL, level);
            log_text(&line, "k", "v");
            assert_int_equal(line.wanted, level >= least);
            assert_int_equal(line.len > 0, level >= least);
        }
    }
}

static void test_level_names_are_read(void **state)
{
    (void)state;
    static const char *const names[] = {"debug", "info", "warning", "error"};
    enum log_level level = LOG_LEVEL_DEBUG;
    for (unsigned i = 0; i < 4; i++) {
        assert_true(log_level_parse(names[i], &level));
        assert_int_equal(level, i);
    }
    assert_false(log_level_parse("INFO", &level));
    assert_false(log_level_parse("", &level));
    assert_int_equal(level, LOG_LEVEL_ERROR);
}

// What arrives on stderr while say() runs.
static size_t captured(void (*say)(void), char *out, size_t room)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    int terminal = dup(STDERR_FILENO);
    assert_true(terminal >= 0 && dup2(ends[1], STDERR_FILENO) >= 0);
    close(ends[1]);
    say();
    assert_true(dup2(terminal, STDERR_FILENO) >= 0);
    close(terminal);
    ssize_t len = read(ends[0], out, room - 1);
    assert_true(len >= 0);
    out[len] = '\0';
    assert_int_equal(read(ends[0], out + len, 1), 0);
    close(ends[0]);
    return (size_t)len;
}

static void say_two_of_three(void)
{
    log_configure(LOG_LEVEL_INFO, NULL);
    log_message(LOG_LEVEL_INFO, "ready", "%d sockets", 2);
    log_message(LOG_LEVEL_DEBUG, "detail", "unheard");
    log_message(LOG_LEVEL_ERROR, "failed", "%s", "x");
}

static void test_lines_go_to_stderr_one_a_line(void **state)
{
    (void)state;
    char out[1000];
    captured(say_two_of_three, out, sizeof out);
    assert_string_equal(out,
                        "level=info event=ready message=\"2 sockets\"\nlevel=error event=failed message=x\n");
}

static void say_too_much(void)
{
    struct log_line line = begun(LOG_LEVEL_INFO, NULL, LOG_LEVEL_INFO);
    for (int i = 0; i < 1000; i++) {
        log_number(&line, "number", i);
    }
    log_end(&line);
}

static void test_the_longest_line_ends_with_a_newline(void **state)
{
    (void)state;
    char out[sizeof((struct log_line *)0)->text + 100];
    size_t len = captured(say_too_much, out, sizeof out);
    assert_in_range(len, 4000, 4096);
    assert_int_equal(out[len - 1], '\n');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_line_begins_with_time_level_and_event),
        cmocka_unit_test(test_values_are_quoted_when_they_must_be),
        cmocka_unit_test(test_each_type_of_value_has_its_form),
        cmocka_unit_test(test_a_cut_line_still_parses),
        cmocka_unit_test(test_lines_below_the_threshold_cost_nothing_and_say_nothing),
        cmocka_unit_test(test_level_names_are_read),
        cmocka_unit_test(test_lines_go_to_stderr_one_a_line),
        cmocka_unit_test(test_the_longest_line_ends_with_a_newline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
