// SPDX-License-Identifier: MIT
// Files that grow by whole lines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "io/files/append.h"
#include "io/files/read.h"

struct fixture {
    char folder[64];
    char path[96];
};

static int setup(void **state)
{
    static struct fixture fixture;
    snprintf(fixture.folder, sizeof fixture.folder, "/tmp/nearwell-append-XXXXXX");
    if (mkdtemp(fixture.folder) == NULL) {
        return -1;
    }
    snprintf(fixture.path, sizeof fixture.path, "%s/recording", fixture.folder);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    unlink(fixture->path);
    return rmdir(fixture->folder);
}

static void assert_content(const struct fixture *fixture, const char *expected)
{
    char *text;
    size_t len;
    assert_true(read_whole_file(fixture->path, 1 << 20, &text, &len, NULL));
    assert_string_equal(text, expected);
    free(text);
}

static void test_lines_are_there_at_once(void **state)
{
    struct fixture *fixture = *state;
    struct append_file *file = append_file_create(fixture->path, 1000, NULL);
    assert_true(append_file_write(file, bytes_of("one\n"), NULL));
    assert_content(fixture, "one\n");
    assert_true(append_file_write(file, bytes_of("two\n"), NULL));
    assert_content(fixture, "one\ntwo\n");
    append_file_close(file);
}

static void test_nothing_is_overwritten(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    append_file_close(append_file_create(fixture->path, 1000, NULL));
    assert_null(append_file_create(fixture->path, 1000, &error));
    assert_non_null(strstr(error.text, "/recording: File exists"));
}

static void test_the_bound_is_kept_by_whole_lines(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    struct append_file *file = append_file_create(fixture->path, 10, NULL);
    assert_true(append_file_write(file, bytes_of("12345\n"), NULL));
    assert_false(append_file_write(file, bytes_of("6789\n"), &error));
    assert_non_null(strstr(error.text, "has reached 10 bytes, its bound"));
    assert_true(append_file_write(file, bytes_of("678\n"), NULL));
    assert_content(fixture, "12345\n678\n");
    append_file_close(file);
}

static void test_a_full_disk_leaves_whole_lines(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    struct rlimit before;
    struct append_file *file = append_file_create(fixture->path, 1000, NULL);
    assert_true(append_file_write(file, bytes_of("first line\n"), NULL));
    getrlimit(RLIMIT_FSIZE, &before);
    struct rlimit full = {15, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &full);
    bool written = append_file_write(file, bytes_of("second line\n"), &error);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_false(written);
    assert_non_null(strstr(error.text, "/recording: File too large"));
    assert_content(fixture, "first line\n");
    append_file_close(file);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_lines_are_there_at_once),
        TEST(test_nothing_is_overwritten),
        TEST(test_the_bound_is_kept_by_whole_lines),
        TEST(test_a_full_disk_leaves_whole_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
